"""Who asks, and what each role may do.

read    see everything
edit    and change it: cases, record, jobs
admin   and who may come in
party   see its own pages under /mine/ and nothing else; `scope` says of which case which party: ``CASE/PARTY``

What a role may reach is decided by the path and the method alone, before any route is looked up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256

from detente.base.wording import ID

__all__ = ["ROLES", "Person", "is_scope", "may", "plain_name"]

ROLES = ("read", "edit", "admin", "party")
_READING = frozenset({"GET", "HEAD"})
_EVERYBODY = re.compile(r"/static/[^/]+|/brief\.css|/logout|/api/session")
_ADMIN = re.compile(r"(/api)?/admin(/.*)?", re.DOTALL)
_MINE = re.compile(r"(/api)?/mine(/.*)?", re.DOTALL)
_PLAIN = re.compile(r"[a-z0-9]{1,40}")
_SCOPE = re.compile(f"{ID[1:-1]}/{ID[1:-1]}")


@dataclass(frozen=True)
class Person:
    """Somebody who has come in. scope : of the role *party* ``CASE/PARTY``, else empty."""

    name: str
    role: str
    scope: str = ""

    @property
    def edits(self) -> bool:
        """Whether this person may change anything."""
        return self.role in ("edit", "admin")


def may(person: Person, method: str, path: str) -> bool:
    """Whether this person may ask for this path by this method."""
    if _EVERYBODY.fullmatch(path):
        return True
    if person.role == "party":
        return method in _READING and (path == "/" or _MINE.fullmatch(path) is not None)
    if _ADMIN.fullmatch(path):
        return person.role == "admin"
    return person.edits or (person.role == "read" and method in _READING)


def plain_name(name: str) -> str:
    """A name that a file can have, another one for every name: small letters and digits stay as they are, of all others a mark
    tells them apart."""
    if _PLAIN.fullmatch(name):
        return name
    near = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].strip("-") or "somebody"
    return f"{near}-{sha256(name.encode('utf-8', 'replace')).hexdigest()[:8]}"


def is_scope(text: str) -> bool:
    """Whether a text names a party of a case, as ``CASE/PARTY``."""
    return _SCOPE.fullmatch(text) is not None
