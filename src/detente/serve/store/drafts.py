"""The roadmap that a team works on, one a case: every move is a version of it, which can be undone."""

from __future__ import annotations

import json
from collections.abc import Mapping

from detente.serve.folder import digest_of
from detente.serve.store.chain import Chain, OutdatedError, Version
from detente.serve.store.database import now

__all__ = ["Drafts", "Entry"]

Entry = Mapping[str, int | None]


class Drafts(Chain):
    """The drafts of a workbench; a version's `path` is the slug of the case, its content the phases by measure as JSON."""

    newest = Chain.head

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
            added = self.append(at, made)
        if not added:
            raise OutdatedError(f"{slug}: somebody has moved a step meanwhile (load the page anew)", source=slug)
        return made

    def step(self, slug: str, kind: str, *, base: int, author: str) -> Version:
        """Undo or redo.

        Raises
        ------
        OutdatedError
            If there is nothing to undo or redo, or the draft has been changed since.
        NotThereError
            If there is no draft.
        """
        to = self.target(slug, kind)
        entry = json.loads(to.content or "{}")
        reason = f"as it was in revision {to.revision}"
        return self.save(slug, entry, base=base, author=author, reason=reason, kind=kind, shown=to.revision)
