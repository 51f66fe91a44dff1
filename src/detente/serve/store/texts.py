"""Texts that a team reads for a case, kept as they were read, and what it decided on the claims in them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from detente.serve.folder import digest_of
from detente.serve.store.database import LARGEST, Database, now

__all__ = ["DECISIONS", "Kept", "Texts"]

DECISIONS = ("accepted", "struck")


@dataclass(frozen=True)
class Kept:
    """A text. name : of the file that it came in; content : its characters, as `detente read` sees them."""

    id: str
    slug: str
    name: str
    digest: str
    content: str
    author: str
    at: str


class Texts:
    """The texts of a workbench."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def keep(self, slug: str, name: str, content: str, *, author: str) -> Kept:
        """Keep a text for a case; the same text twice is one."""
        digest = digest_of(content)
        row = self.database.row("select * from texts where slug = ? and digest = ?", slug, digest)
        if row is not None:
            return Kept(**row)
        made = Kept(secrets.token_hex(8), slug, name, digest, content, author, now())
        with self.database.transaction() as at:
            at.insert("texts", **made.__dict__)
        return made

    def of(self, slug: str, *, count: int = LARGEST, before: str | None = None) -> list[dict[str, Any]]:
        """The texts of a case, the newest first, with how many `characters` each has in place of its content; before : of those
        that came before the text of this id. Raises as `Database.newest`."""
        columns = "id, name, author, at, length(content) as characters"
        return self.database.newest(f"{columns} from texts", count=count, before=before, slug=slug)

    def text(self, slug: str, id: str) -> Kept | None:
        """One of them; None: there is none."""
        row = self.database.row("select * from texts where slug = ? and id = ?", slug, id)
        return None if row is None else Kept(**row)

    def decide(self, text: str, claim: str, decision: str, *, author: str) -> None:
        """Note a decision in place of the one before; one of `DECISIONS`, or empty: undecided."""
        with self.database.transaction() as at:
            at.run("delete from decisions where text = ? and claim = ?", text, claim)
            if decision:
                at.insert("decisions", text=text, claim=claim, decision=decision, author=author, at=now())

    def decisions(self, text: str) -> dict[str, str]:
        """What was decided, by claim."""
        return {r["claim"]: r["decision"] for r in self.database.rows("select * from decisions where text = ?", text)}
