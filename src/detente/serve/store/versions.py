"""Every change of a file as a version, with its author, time and reason; and what happens when two people change it at once.

A file has revisions 1, 2, 3, ... (`chain`). Whoever saves says which revision he began from (`base`). If another save was
quicker, the two changes are merged where they touch different entries (`merge`), and the merged text is checked and saved in
the same way; if not, the text that came second is kept whole as an *aside*, the newest version stays, and both are shown.
Nothing is overwritten that the one who overwrites has not seen.

The database is written first and the file after it. `documents.written` is the digest of what was last written to disk, so that
three digests (of the file, of what was written, of the newest version) tell at any later moment what has happened:

    file = newest                        all is well
    file = written, newer version        killed between the two: the newest version is written out
    file is neither                      changed outside: becomes a version by "outside", from the version that was written,
                                         and is merged, or kept aside, like any other second save

Every file is looked at before it is saved and whenever the folder is looked at, so that both ways of changing a case go on side
by side.
"""

from __future__ import annotations

import json
import secrets
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from detente.base.legible import steering
from detente.errors import InputError
from detente.serve.folder import Folder, digest_of, is_case
from detente.serve.store import editing
from detente.serve.store.chain import Chain, OutdatedError, Version
from detente.serve.store.database import LARGEST, Database, NotThereError, now

__all__ = ["OUTSIDE", "Aside", "ConflictError", "OutdatedError", "Version", "Versions"]

OUTSIDE = "outside"
"""The author of changes that were not made here."""


@dataclass(frozen=True)
class Aside:
    """A text that conflicted, kept whole: from which revision it began, which stood there, and where the two disagree.

    settled : how it was settled, "taken" or "dropped"; None while it is open.
    """

    id: str
    path: str
    base: int
    head: int
    author: str
    at: str
    reason: str
    content: str | None
    at_paths: tuple[str, ...]
    settled: str | None

    def to_dict(self) -> dict[str, object]:
        return {**self.__dict__, "at_paths": list(self.at_paths)}


class ConflictError(InputError):
    """Two changes touch the same entries. aside : the one that came second; head : the version that stands."""

    def __init__(self, aside: Aside, head: Version) -> None:
        self.aside, self.head = aside, head
        where = ", ".join(aside.at_paths)
        super().__init__(
            f"{aside.path}: {head.author} has changed the same entries since revision {aside.base}: {where}"
            " (nothing is lost: your text is kept beside it; compare the two and take one, or write a third)",
            source=aside.path,
        )


class Versions(Chain):
    """The versions of the files of a folder.

    check : raises InputError where a text is none that may be saved, given its path and the text. change, merge : as those of
    `editing`, perhaps in another process.

    `unreadable` : files that `notice` could not read, and why.
    """

    def __init__(
        self,
        database: Database,
        folder: Folder,
        check: Callable[[str, str], object] = editing.check,
        change: Callable[[str, str, Mapping[str, object]], str] = editing.change,
        merge: Callable[[str | None, str | None, str | None, str], tuple[str | None, tuple[str, ...]]] = editing.merge,
    ) -> None:
        super().__init__(database)
        self.folder = folder
        self.check, self._change, self._merged = check, change, merge
        self._busy = threading.Lock()  # reading texts holds up everybody: one save at a time
        self.unreadable: dict[str, str] = {}
        self._locks: defaultdict[str, threading.RLock] = defaultdict(threading.RLock)
        self._settled: dict[str, tuple[int, ...]] = {}  # files that were as they are kept, with their signature then

    def paths(self) -> list[str]:
        """The files that stand, in order."""
        return [row["path"] for row in self.database.rows("select path from documents where digest <> '' order by path")]

    def removed(self) -> list[str]:
        """The files that were removed, in order; their versions are kept."""
        return [row["path"] for row in self.database.rows("select path from documents where digest = '' order by path")]

    def save(self, path: str, text: str | None, *, base: int, author: str, reason: str, kind: str = "edit") -> Version:
        """Save a change, and write the file.

        Parameters
        ----------
        text : the whole new text; None: the file is removed.
        base : the revision that the change was begun from; 0: there was none.

        Returns
        -------
        Version
            The newest version: this change, or this and others' merged; the one that stood there if nothing has changed.

        Raises
        ------
        ConflictError
            If it touches what has been changed since; both are kept.
        InputError
            If the text may not be saved, with every fault.
        """
        if steering(reason):
            raise InputError(f"reason: holds {steering(reason)}, wanted text that can be shown", source=path)
        if text is not None:
            with self._busy:
                self.check(path, text)
        with self._locks[path], self._busy:
            self._settled.pop(path, None)
            self._notice(path)
            made = self._save(path, text, base=base, author=author, reason=reason, kind=kind)
            self._publish(path)
            return made

    def change(self, begun: Version, entries: Mapping[str, object], *, author: str, reason: str) -> Version:
        """Save another value of some entries, by their paths, in the text of a version, its comments and layout kept.

        Raises as `save`; CaseError besides, if a path leads nowhere.
        """
        with self._busy:
            made = self._change(begun.path, begun.content or "", entries)
        return self.save(begun.path, made, base=begun.revision, author=author, reason=reason)

    def undo(self, path: str, *, base: int, author: str) -> Version:
        """Go back behind the last change that is not undone; base : the newest revision that the person has seen.

        Raises
        ------
        OutdatedError
            If the file has been changed since.
        InputError
            If there is nothing to undo.
        """
        return self._step(path, base, author, "undo")

    def redo(self, path: str, *, base: int, author: str) -> Version:
        """Take the last undo back. Raises as `undo`."""
        return self._step(path, base, author, "redo")

    def restore(self, path: str, revision: int, *, base: int, author: str, reason: str = "") -> Version:
        """Make an older version the newest. Raises as `undo`."""
        older = self.at(path, revision)
        return self._set(path, older, base, author, "restore", reason or f"as it was in revision {revision}")

    def notice(self) -> list[Version]:
        """Look at every file: take in what was changed outside, write out what a killed process has left; what was taken in."""
        taken = []
        for path in sorted({*self.folder.names(), *self.paths()}):
            try:
                found = self._look(path)
                self.unreadable.pop(path, None)
            except InputError as err:
                self.unreadable[path] = str(err).removeprefix(f"{path}: ")
                continue
            if found is not None:
                taken.append(found)
        return taken

    def newest(self, path: str) -> Version | None:
        """The newest version, once what was changed outside is taken in; None: there never was such a file.

        Raises
        ------
        InputError
            If what stands there cannot be read.
        """
        self._look(path)
        return self.head(path)

    def asides(self, path: str, *, count: int = LARGEST, before: str | None = None) -> list[Aside]:
        """The texts that conflicted and are not settled, the newest first; before : of those that came before the one of this
        id. Raises as `Database.newest`."""
        return [
            _aside(row) for row in self.database.newest("* from asides", count=count, before=before, path=path, settled=None)
        ]

    def conflicts(self, path: str) -> int:
        """How many texts are kept aside and not settled."""
        row = self.database.row("select count(*) as n from asides where path = ? and settled is null", path)
        return int(row["n"]) if row else 0

    def aside(self, id: str) -> Aside:
        """One of them, settled or not.

        Raises
        ------
        NotThereError
            If there is none.
        """
        row = self.database.row("select * from asides where id = ?", id)
        if row is None:
            raise NotThereError(f"there is no text {id[:40]!r} kept aside", source="asides")
        return _aside(row)

    def settle(self, id: str, how: str) -> None:
        """Note how a conflict was settled: "taken" or "dropped"; the text stays in the database either way."""
        with self.database.transaction() as at:
            at.run("update asides set settled = ? where id = ? and settled is null", how, id)

    def _look(self, path: str) -> Version | None:
        """Bring a file and its versions together, unless both are as they were; the version that it became, if it did."""
        lock = self._locks[path]
        if not lock.acquire(blocking=False):  # whoever holds it is saving, and looks first: nobody who reads waits for that
            return None
        try:
            before = self.folder.signature(path)
            if before is not None and self._settled.get(path) == before:
                return None
            found = self._notice(path)
            self._publish(path)
            if before is not None and self.folder.signature(path) == before:
                self._settled[path] = before
            return found
        finally:
            lock.release()

    def _save(self, path: str, text: str | None, *, base: int, author: str, reason: str, kind: str) -> Version:
        """Compare and set until it is in, without touching the file."""
        while True:
            head = self.head(path)
            stands = head.revision if head else 0
            content, what = text, kind
            if head is not None and head.digest == digest_of(text):
                return head
            if base != stands:
                found = self._merge(path, head, text, base, author, reason)
                if found == (head.content if head else None):
                    assert head is not None
                    return head
                content, what = found, "merge" if kind in ("edit", "outside") else kind
            made = Version(path, stands + 1, what, None, author, now(), reason, digest_of(content), content)
            if self._put(made):
                return made

    def _merge(self, path: str, head: Version | None, text: str | None, base: int, author: str, reason: str) -> str | None:
        """The text with what has changed since `base`; what conflicts is kept aside."""
        if not 0 <= base <= (head.revision if head else 0):
            raise InputError(f"{path}: there is no revision {base} to begin from (load the page anew)", source=path)
        begun = self.at(path, base).content if base else None
        stands = head.content if head else None
        together, at_paths = self._merged(begun, stands, text, path)
        if together is not None:
            try:
                self.check(path, together)
            except InputError:  # each change alone makes a case, both together do not
                at_paths = ("both changes together make no case",)
        if at_paths:
            assert head is not None
            rows = self.database.newest("* from asides", path=path, settled=None, base=base, author=author)
            same = next((_aside(row) for row in rows if row["content"] == text), None)
            kept = same or self._keep(path, base, head.revision, author, reason, text, at_paths)
            raise ConflictError(kept, head)
        return together

    def _keep(
        self, path: str, base: int, head: int, author: str, reason: str, text: str | None, at_paths: tuple[str, ...]
    ) -> Aside:
        kept = Aside(secrets.token_hex(8), path, base, head, author, now(), reason, text, at_paths, None)
        with self.database.transaction() as at:
            at.insert("asides", **{**kept.__dict__, "at_paths": json.dumps(at_paths)})
        return kept

    def _put(self, made: Version, *, written: str | None = None) -> bool:
        """Put a version in if the one before it is still the newest; whether it was. written : its digest on disk, if it is
        there already."""
        with self.database.transaction() as at:
            if not self.append(at, made):
                return False
            at.run(
                "insert into documents (path, revision, digest, written) values (?, ?, ?, ?) on conflict (path) do update"
                " set revision = excluded.revision, digest = excluded.digest",
                *(made.path, made.revision, made.digest, written or ""),
            )
        return True

    def _step(self, path: str, base: int, author: str, kind: str) -> Version:
        older = self.target(path, kind)
        return self._set(path, older, base, author, kind, f"as it was in revision {older.revision}")

    def _set(self, path: str, older: Version, base: int, author: str, kind: str, reason: str) -> Version:
        with self._locks[path]:
            self._settled.pop(path, None)
            self._notice(path)
            made = Version(path, base + 1, kind, older.revision, author, now(), reason, older.digest, older.content)
            if not base or not self._put(made):
                raise OutdatedError(
                    f"{path}: has been changed since revision {base} (load the page anew, and look)", source=path
                )
            self._publish(path)
            return made

    def _notice(self, path: str) -> Version | None:
        """Take in what was changed outside; the version that it became."""
        text = self.folder.read(path)
        found = digest_of(text)
        row = self.database.row("select digest, written from documents where path = ?", path)
        if row is None:
            if text is None or not is_case(text):
                return None
            made = Version(path, 1, "new", None, OUTSIDE, now(), "found in the folder", found, text)
            self._put(made, written=found)
            return made
        if found == row["written"]:
            return None
        if found == row["digest"]:
            self._written(path, found)
            return None
        sql = "select max(revision) as revision from versions where path = ? and digest = ?"
        known = self.database.row(sql, path, row["written"])
        base = int(known["revision"] or 0) if known else 0
        kind, reason = ("outside", "changed outside") if text is not None else ("delete", "removed outside")
        try:
            made = self._save(path, text, base=base, author=OUTSIDE, reason=reason, kind=kind)
        except ConflictError:
            self._written(path, found)  # it is kept aside: the newest version may take its place
            return None
        self._written(path, found)
        return made

    def _publish(self, path: str) -> None:
        """Write the newest version to its file, unless it is there; what was changed outside meanwhile is taken in first."""
        while True:
            row = self.database.row("select digest, written from documents where path = ?", path)
            if row is None or row["digest"] == row["written"]:
                return
            if digest_of(self.folder.read(path)) not in (row["written"], row["digest"]):
                self._notice(path)
                continue
            head = self.head(path)
            assert head is not None
            self.folder.write(path, head.content)
            self._written(path, head.digest)

    def _written(self, path: str, digest: str) -> None:
        with self.database.transaction() as at:
            at.run("update documents set written = ? where path = ?", digest, path)


def _aside(row: dict[str, Any]) -> Aside:
    return Aside(**{**row, "at_paths": tuple(json.loads(row["at_paths"]))})
