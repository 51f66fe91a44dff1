"""Who did what, and when: logins, refusals and changes, in the order in which they came. Nothing here is ever changed."""

from __future__ import annotations

import secrets
from contextvars import ContextVar

from detente.serve.store.database import Database, now

__all__ = ["FROM", "Audit"]

FROM: ContextVar[str] = ContextVar("FROM", default="")
"""From where the request comes that is under way."""

_LONGEST = 300


class Audit:
    """The log of a workbench."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def note(self, who: str, what: str, about: str = "") -> None:
        """Add an entry. what : a word, such as "login" or "save"; about : of what."""
        with self.database.transaction() as at:
            bounded = {"who": _bounded(who), "about": _bounded(about), "address": _bounded(FROM.get())}
            at.insert("audit", id=secrets.token_hex(8), at=now(), what=what, **bounded)

    def newest(self, count: int = 200, *, before: str | None = None) -> list[dict[str, str]]:
        """The newest entries, the newest first; before : of those that came before the entry of this id. Raises as
        `Database.newest`."""
        return self.database.newest("id, at, who, what, about, address from audit", count=count, before=before)


def _bounded(text: str) -> str:
    """What a stranger sent, as text that every database can hold."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")[:_LONGEST]
