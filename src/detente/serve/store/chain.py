"""Versions in a row, 1, 2, 3, ...: of a file, whose path ends in ``.yaml``, and of what a team drafts for a case, by its slug.

Version r + 1 is put in *if r is still the newest*: one statement that compares and sets, and the primary key refuses a second
r + 1. So two people who save at once do not overwrite each other.

Undo makes a new version with the content before the last change that is not undone; redo takes the last undo back, until
another change is made. So what was undone can be seen, and comes back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from detente.errors import InputError
from detente.serve.store.database import LARGEST, Database, NotThereError, Transaction

__all__ = ["Chain", "OutdatedError", "Version"]


@dataclass(frozen=True)
class Version:
    """One state of a file, or of a draft.

    Parameters
    ----------
    revision : int
        1 or more.
    kind : str
        "new", "edit", "merge", "outside", "undo", "redo", "restore" or "delete".
    shown : int or None
        Of an undo, redo or restore: the revision whose content it has.
    at : str
        ISO 8601 in UTC.
    digest : str
        SHA-256 of the content; empty where the file was removed.
    content : str or None
        None: the file was removed.
    """

    path: str
    revision: int
    kind: str
    shown: int | None
    author: str
    at: str
    reason: str
    digest: str
    content: str | None

    def to_dict(self, *, content: bool = False) -> dict[str, object]:
        """As JSON; content : with the text."""
        return {name: value for name, value in self.__dict__.items() if content or name != "content"}


_COLUMNS = ", ".join(f.name for f in fields(Version))


class OutdatedError(InputError):
    """A step from a version that is no longer the newest."""


class Chain:
    """The versions in a database, whatever they are of."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def head(self, path: str) -> Version | None:
        """The newest version; None: there never was one."""
        row = self.database.row(f"select {_COLUMNS} from versions where path = ? order by revision desc limit 1", path)
        return None if row is None else Version(**row)

    def at(self, path: str, revision: int) -> Version:
        """One version.

        Raises
        ------
        NotThereError
            If there is none of this number.
        """
        row = self.database.row(f"select {_COLUMNS} from versions where path = ? and revision = ?", path, revision)
        if row is None:
            raise NotThereError(f"{path}: there is no revision {revision}", source=path)
        return Version(**row)

    def history(self, path: str, *, count: int = LARGEST, before: int = LARGEST) -> list[Version]:
        """The versions, the oldest first, their content left out; count : the newest of them, as many as this; before : of
        those before this revision."""
        bare = _COLUMNS.replace(", content", ", null as content")
        sql = f"select {bare} from versions where path = ? and revision < ? order by revision desc limit ?"
        return [Version(**row) for row in reversed(self.database.rows(sql, path, before, count))]

    def steps(self, path: str) -> tuple[int | None, int | None]:
        """The revisions whose content an undo and a redo would show; None: there is none."""
        sql = "select revision, kind, shown from versions where path = ? order by revision"
        undone, redone = _stacks(self.database.rows(sql, path))
        return (undone[-1] if undone else None), (redone[-1] if redone else None)

    def target(self, path: str, kind: str) -> Version:
        """The version whose content an undo or a redo would show.

        Raises
        ------
        OutdatedError
            If there is nothing to undo or redo, by now.
        NotThereError
            If there is no version at all.
        """
        if self.head(path) is None:
            raise NotThereError(f"{path}: there is no version of it", source=path)
        revision = self.steps(path)[kind == "redo"]
        if revision is None:
            raise OutdatedError(f"{path}: there is nothing to {kind}", source=path)
        return self.at(path, revision)

    @staticmethod
    def append(at: Transaction, made: Version) -> bool:
        """Put a version in if the one before it is still the newest; whether it was."""
        values = made.__dict__.values()
        sql = (
            f"insert into versions ({_COLUMNS}) select {', '.join('?' * len(values))}"
            " where (select coalesce(max(revision), 0) from versions where path = ?) = ? on conflict do nothing"
        )
        return at.run(sql, *values, made.path, made.revision - 1) == 1


def _stacks(history: Iterable[Mapping[str, Any]]) -> tuple[list[int], list[int]]:
    """The revisions that undo would go back to, and those that redo would; each the next one last."""
    undone, redone = list[int](), list[int]()
    state: int | None = None
    for version in history:
        if version["kind"] == "undo":
            redone.append(state or 0)
            undone.pop()
        elif version["kind"] == "redo":
            undone.append(state or 0)
            redone.pop()
        else:
            if state is not None:
                undone.append(state)
            redone.clear()
        state = version["revision"] if version["shown"] is None or version["kind"] == "restore" else version["shown"]
    return undone, redone
