"""The roadmap that a team works on, one a case: every move is a version of it, which can be undone.

Two people who move at once do not overwrite each other: a move is put in as version r + 1 only if r is still the newest (the
primary key refuses a second r + 1), and else tried again on what then stands.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from detente.errors import InputError
from detente.serve.folder import digest_of
from detente.serve.store.database import Database, now
from detente.serve.store.versions import OutdatedError, Version, stacks

__all__ = ["Drafts", "Entry"]

Entry = Mapping[str, int | None]

_COLUMNS = "path, revision, kind, shown, author, at, reason, digest, content"


class Drafts:
    """The drafts of a workbench; a version's `path` is the case, its content the phases by measure as JSON."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def newest(self, slug: str) -> Version | None:
        """The newest version; None: there is no draft."""
        row = self.database.row(f"select {_COLUMNS} from drafts where path = ? order by revision desc limit 1", slug)
        return None if row is None else Version(**row)

    def history(self, slug: str) -> list[Version]:
        """All versions, the oldest first."""
        return [
            Version(**row)
            for row in self.database.rows(f"select {_COLUMNS} from drafts where path = ? order by revision", slug)
        ]

    def save(
        self, slug: str, entry: Entry, *, base: int, author: str, reason: str, kind: str = "edit", shown: int | None = None
    ) -> Version:
        """Make this the newest version.

        base : the newest revision that the change was made to; 0: none.

        Raises
        ------
        OutdatedError
            If another one is the newest by now; nothing is changed.
        """
        content = json.dumps(dict(entry), sort_keys=True)
        made = Version(slug, base + 1, kind, shown, author, now(), reason[:500], digest_of(content), content)
        with self.database.transaction() as at:
            added = at.run(
                f"insert into drafts ({_COLUMNS}) select ?, ?, ?, ?, ?, ?, ?, ?, ? where not exists"
                " (select 1 from drafts where path = ? and revision > ?) on conflict do nothing",
                *(slug, made.revision, kind, shown, author, made.at, made.reason, made.digest, content, slug, base),
            )
        if not added:
            raise OutdatedError(f"{slug}: somebody has moved a step meanwhile (load the page anew)", source=slug)
        return made

    def steps(self, slug: str) -> tuple[int | None, int | None]:
        """The revisions that an undo and a redo would show; None: there is none."""
        undone, redone = stacks(self.history(slug))
        return (undone[-1] if undone else None), (redone[-1] if redone else None)

    def step(self, slug: str, kind: str, *, base: int, author: str) -> Version:
        """Undo or redo.

        Raises
        ------
        InputError
            If there is nothing to undo or redo, or the draft has been changed since.
        """
        to = self.steps(slug)[kind == "redo"]
        if to is None:
            raise InputError(f"{slug}: there is nothing to {kind}", source=slug)
        shown = next(v for v in self.history(slug) if v.revision == to)
        entry = json.loads(shown.content or "{}")
        return self.save(slug, entry, base=base, author=author, reason=f"as it was in revision {to}", kind=kind, shown=to)
