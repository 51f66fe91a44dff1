"""Who is who: the address that is opened once, sessions, accounts.

On this machine's own addresses (127.0.0.1, ::1) whoever has the address with its token comes in, once; from then on a cookie
stands for him. On any other address, or behind a proxy, there are accounts with a password, hashed by argon2.

A token is 256 random bits; the database keeps only its SHA-256, so that nobody can come in with what the database holds. The
token against forged requests is derived from that of the session: HMAC-SHA-256 of a fixed word, so that it needs no place.
"""

from __future__ import annotations

import datetime
import hmac
import secrets
import threading
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from detente.errors import InputError
from detente.serve.access.person import ROLES, Person, is_scope
from detente.serve.store.audit import Audit
from detente.serve.store.database import Database, NotThereError, now

__all__ = ["LASTS", "LONGEST", "Access", "csrf_of"]

LASTS = datetime.timedelta(hours=12)
"""How long a session lasts, from its beginning."""

SHORTEST = 12
"""Characters of a password, at least (NIST SP 800-63B asks for 8, and for 15 where it stands alone)."""

LONGEST = 1_000
_NOBODYS = ("outside", "local", "command line")


def csrf_of(session: str) -> str:
    """The token that a change has to bring, of the session with this token."""
    return hmac.new(session.encode("ascii", "replace"), b"csrf", sha256).hexdigest()


@dataclass
class Access:
    """Sessions and accounts.

    local : whether there are no accounts, and one person by the name of `local_name`. hasher : of passwords; argon2id with the
    parameters that its library recommends.
    """

    database: Database
    audit: Audit
    local: bool
    local_name: str = "local"
    hasher: PasswordHasher = field(default_factory=PasswordHasher)
    _links: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _hashing: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(2))  # 64 MiB each

    def link(self) -> str:
        """A token for an address that can be opened once."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._links.add(_digest(token))
        return token

    def opened(self, token: str) -> str | None:
        """The token of a new session for an address that has been opened; None: it is unknown or used."""
        with self._lock:
            known = _digest(token) in self._links
            self._links.discard(_digest(token))
        return self.begin(Person(self.local_name, "admin")) if known and self.local else None

    def begin(self, person: Person) -> str:
        """Begin a session; its token."""
        token = secrets.token_urlsafe(32)
        ends = (datetime.datetime.now(datetime.UTC) + LASTS).isoformat(timespec="microseconds")
        with self.database.transaction() as at:
            at.run("delete from sessions where ends < ?", now())
            at.insert("sessions", digest=_digest(token), at=now(), ends=ends, **person.__dict__)
        return token

    def person(self, session: str) -> Person | None:
        """Who stands behind a session; None: it is unknown or over."""
        row = self.database.row("select name, role, scope from sessions where digest = ? and ends > ?", _digest(session), now())
        if row is None or (self.local and row["name"] != self.local_name):
            return None
        if self.local:
            return Person(**row)
        # what the account is now decides, not what it was when the session began
        account = self.database.row("select name, role, scope from accounts where name = ?", row["name"])
        return None if account is None else Person(**account)

    def end(self, session: str) -> None:
        """End a session."""
        with self.database.transaction() as at:
            at.run("delete from sessions where digest = ?", _digest(session))

    def login(self, name: str, password: str) -> Person | None:
        """Who has this name and password; None: nobody. Takes as long for a name that there is not."""
        if not name.isprintable():
            return None
        row = self.database.row("select name, role, scope, password from accounts where name = ?", name[:100])
        try:
            with self._hashing:
                self.hasher.verify(row["password"] if row else self._nobodys, password[:LONGEST])
        except (VerificationError, InvalidHashError):
            return None
        return None if row is None else Person(row["name"], row["role"], row["scope"])

    @cached_property
    def _nobodys(self) -> str:
        """The hash of a password that nobody has."""
        return self.hasher.hash(secrets.token_urlsafe(32))

    def accounts(self) -> list[dict[str, str]]:
        """The accounts: name, role, scope, and when they were made or changed."""
        return self.database.rows("select name, role, scope, at from accounts order by name")

    def check_account(self, name: str, role: str, scope: str) -> None:
        """That an account may have this name, role and scope.

        Raises
        ------
        InputError
            With all that is wrong.
        """
        wrong = []
        if not name.strip() or len(name) > 100 or not name.isprintable() or name in _NOBODYS:
            wrong.append(
                f"got the name {name[:100]!r}, wanted 1 to 100 printable characters, and none of {', '.join(_NOBODYS)}"
            )
        if role not in ROLES:
            wrong.append(f"got the role {role[:40]!r}, wanted one of {', '.join(ROLES)}")
        if (role == "party") != bool(scope) or (scope and not is_scope(scope)):
            wrong.append(f"got the scope {scope[:100]!r}, wanted CASE/PARTY with the role party, and none with another")
        if wrong:
            raise InputError("\n".join(f"account: {w}" for w in wrong), source="account")

    def set_account(self, name: str, password: str, role: str, scope: str = "") -> None:
        """Make an account, or give it another password and role; its sessions end.

        Raises
        ------
        InputError
            As `check_account`, or if the password is too short or too long.
        """
        self.check_account(name, role, scope)
        if not SHORTEST <= len(password) <= LONGEST:
            raise InputError(
                f"account: got a password of {len(password)} characters, wanted {SHORTEST} to {LONGEST:,}", source="account"
            )
        with self._hashing:
            hashed = self.hasher.hash(password)
        with self.database.transaction() as at:
            at.run(
                "insert into accounts (name, role, scope, password, at) values (?, ?, ?, ?, ?) on conflict (name) do update"
                " set role = excluded.role, scope = excluded.scope, password = excluded.password, at = excluded.at",
                *(name, role, scope, hashed, now()),
            )
            at.run("delete from sessions where name = ?", name)

    def remove_account(self, name: str) -> None:
        """Remove an account; its sessions end.

        Raises
        ------
        NotThereError
            If there is none of this name.
        """
        with self.database.transaction() as at:
            at.run("delete from sessions where name = ?", name)
            if not at.run("delete from accounts where name = ?", name):
                raise NotThereError(f"account: there is none of the name {name[:100]!r}", source="account")


def _digest(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()
