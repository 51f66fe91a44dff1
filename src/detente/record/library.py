"""The bundled records: what happened before the date of a bundled case, tabulated from public facts.

    record/library/SLUG/events.csv         one act a line; what two parties did together stands once for each of them
    record/library/SLUG/indicators.csv     counts by month and the like
    record/library/SLUG/commitments.csv    what was promised, and how far it was done

Each file has the columns of its table in `detente.record.schema`, in an order of its own; a column that a file leaves out is
empty. Every line names its source. The codes of the events are CAMEO's, their intensities Goldstein's; an event that cannot be
rated fairly (a release and a death in one) has neither, and stands in no sum.
"""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from detente.base.frozen import Frozen
from detente.base.plain import told
from detente.errors import RecordError
from detente.record.schema import DEFAULT, TABLES
from detente.record.workspace import Workspace

__all__ = ["Started", "bundled_record", "records", "rows", "start"]


@dataclass(frozen=True)
class Started(Frozen):
    """A bundled record in a workspace. `added`, `known`: rows by table that were added, or had been there before."""

    case: str
    workspace: Path
    added: Mapping[str, int]
    known: Mapping[str, int]

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        added : by table (`events`, `commitments`, `indicators`), how many rows were added
        """
        return told(self)


def records() -> tuple[str, ...]:
    """The slugs of the cases that have a bundled record, in alphabetical order."""
    return tuple(sorted(folder.name for folder in _shelf().iterdir() if folder.is_dir() and (folder / "events.csv").is_file()))


def rows(slug: str, table: str) -> tuple[dict[str, str | None], ...]:
    """The lines of a table of a bundled record, column by column as text; empty: None. No lines where it has no such table."""
    file = _folder(slug) / f"{table}.csv"
    if not file.is_file():
        return ()
    reader = csv.DictReader(io.StringIO(file.read_text(encoding="utf-8")))
    return tuple({name: value or None for name, value in line.items()} for line in reader)


def start(slug: str, path: str | Path = DEFAULT) -> Started:
    """Put a bundled record into a workspace, begun if there is none. Twice the same adds nothing.

    Raises
    ------
    RecordError
        If the case has no bundled record, the folder holds something else, or another process is adding to it.
    OutputError
        If the folder cannot be written to.
    """
    _folder(slug)
    workspace = Workspace.create(path)
    added, known = {}, {}
    with workspace.adding():
        for table in TABLES:
            lines = rows(slug, table)
            about: dict[str, object] = {"file": f"{slug}/{table}.csv", "first_line": 2, "format": "bundled", "case": slug}
            if table == "events":
                days = [line["date"] or "" for line in lines]
                about |= {"ontology": "cameo", "dates": [min(days), max(days)], "ids": None, "read": len(lines), "rejected": {}}
            added[table] = workspace.append(table, lines, about)
            known[table] = len(lines) - added[table]
    return Started(slug, workspace.path, added, known)


@contextlib.contextmanager
def bundled_record(slug: str) -> Iterator[Workspace]:
    """A bundled record as a workspace that is gone afterwards.

    Raises
    ------
    RecordError
        If the case has no bundled record.
    """
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="detente-") as folder:
        yield Workspace.open(start(slug, Path(folder) / "record").workspace)


def _folder(slug: str) -> Traversable:
    if slug not in records():
        known = ", ".join(records())
        raise RecordError(f"{slug}: has no bundled record (these have one: {known}; or begin one with `detente record import`)")
    return _shelf() / slug


def _shelf() -> Traversable:
    return resources.files("detente.record") / "library"
