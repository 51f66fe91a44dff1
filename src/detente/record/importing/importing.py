"""Importing files of events: from files in some format to parts of the record.

**What is counted.** `read` are the records of a file. Each is *added*, or *known* (it is in the record already), or
*rejected* for a reason; `read = added + known + rejected`. Rejected records are written aside with line, reason and text.

**When an event is known.** Where the format numbers its events (GDELT, UCDP, ACLED), by that number: a number that comes
twice in one file is the same event. Where it does not, by its content, as many times as it is there: a file in which the same
line stands twice has two events, and imported again adds none; a longer edition of the same file adds the new lines.
"""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from detente.errors import RecordError
from detente.record.codes.actors import Actors
from detente.record.entries import Retracted
from detente.record.formats.format import Format
from detente.record.formats.mapped import ColumnMap
from detente.record.formats.plover import PLOVER
from detente.record.formats.recognise import FORMATS, Shape, shape_of
from detente.record.importing.part import write_part
from detente.record.importing.result import FileImport, Imported
from detente.record.reading.json import is_json
from detente.record.reading.opened import Opened, first_lines, opened, unwritable
from detente.record.resolve import sides
from detente.record.schema import EVENTS
from detente.record.views import rows_of
from detente.record.workspace import Part, Workspace, damages, database, readable

__all__ = ["import_files"]


@dataclass(frozen=True)
class _Way:
    """How the files of one call are read."""

    formats: tuple[Format, ...]
    column_map: ColumnMap | None
    ontology: str | None
    actors: Actors = field(default_factory=Actors)

    def key(self, file: Opened, used: Format) -> str:
        """The key of a part: its content and how it was read."""
        how = json.dumps([used.name, self.ontology or "", repr(self.column_map), self.actors.content])
        return f"{file.digest[:32]}-{hashlib.sha256(how.encode()).hexdigest()[:8]}"


def import_files(
    workspace: Workspace,
    paths: Sequence[str | Path],
    *,
    format: str | None = None,
    column_map: ColumnMap | None = None,
    actors: Actors | Mapping[str, str] | None = None,
    ontology: str | None = None,
    progress: Callable[[str], None] | None = None,
) -> Imported:
    """Add files of events to a record, one after the other; each is added as a whole or not at all.

    Parameters
    ----------
    workspace : Workspace
    paths : sequence of str or Path
        Plain, or packed as .gz, .bz2, .xz or .zip.
    format : str, optional
        A name of `FORMATS`, or ``csv`` with `column_map`; None: recognised from each file.
    column_map : ColumnMap, optional
        What the columns of a table of another form are.
    actors : Actors or mapping, optional
        Who the actors are (`detente.record.codes.actors`), or the code by name. It goes before what the format knows; a
        dictionary fills in what it does not.
    ontology : {"cameo", "weis"}, optional
        For KEDS tables: whose codes they are; None: told from the codes.
    progress : callable, optional
        Told the name of each file before it is read.

    Raises
    ------
    RecordError
        If a file cannot be read or its format is unknown. Plain files are all looked at before the first is added.
    OutputError
        If the record cannot be written to. Files that were done before stay added.
    """
    known = actors if isinstance(actors, Actors) else Actors.of(actors or {})
    way = _Way(_formats(format, column_map), column_map, _ontology(ontology), known)
    _look(paths, way)
    done: list[FileImport] = []
    with workspace.adding():
        spill = workspace.path / ".spill"
        shutil.rmtree(spill, ignore_errors=True)  # what a killed import has left
        try:
            spill.mkdir()
        except OSError as err:
            raise unwritable(spill, err) from None
        try:
            for path in paths:
                if progress:
                    progress(Path(path).name)
                with opened(Path(path), spill) as members:
                    done.extend(_import(workspace, member, way, spill) for member in members)
        finally:
            shutil.rmtree(spill, ignore_errors=True)
    return Imported(tuple(done))


def _import(workspace: Workspace, file: Opened, way: _Way, spill: Path) -> FileImport:
    shape = _shape(file.name, first_lines(file.path), way)
    used = shape.format if shape else PLOVER
    key = way.key(file, used)
    held = next((part for part in reversed(workspace.parts("events")) if part.key == key), None)
    broken = held if held and damages(workspace.path, [held]) else None
    if held and not broken and not (held.about.get("known") and _retracted_since(workspace, held)):
        return _as_before(workspace, file, held)
    found: list[FileImport] = []

    def write(path: Path) -> Mapping[str, Any]:
        about, result = write_part(workspace, file, shape, used, way.ontology, way.actors, spill, path, broken)
        if held and not broken and not about["rows"]:
            raise _NothingNewError(held)
        found.append(result)
        return about

    try:
        part = workspace.add("events", key, write, heals=broken)
    except _NothingNewError as err:
        return _as_before(workspace, file, err.held)
    if broken:
        return replace(_as_before(workspace, file, part), healed=True)
    place = part.path.with_suffix(".rejected.csv").relative_to(workspace.path).as_posix()
    return replace(found[0], aside=place if found[0].rejected else "")


class _NothingNewError(Exception):
    """All rows of a file that was imported before are in the record still."""

    def __init__(self, held: Part) -> None:
        self.held = held
        super().__init__()


def _as_before(workspace: Workspace, file: Opened, held: Part) -> FileImport:
    """What became of a file that was imported before."""
    was = {"format": "", "ontology": None, "read": 0, "rejected": {}, **held.about}  # a received record may leave them out
    known = max(0, was["read"] - sum(was["rejected"].values()))
    with database(workspace.path) as base:
        base.execute(f"create view events as {rows_of(base, EVENTS, [held])}")
        found = sides(base, "events")
    return FileImport(file.name, was["format"], was["ontology"], was["read"], 0, known, was["rejected"], sides=found)


def _retracted_since(workspace: Workspace, held: Part) -> bool:
    """Whether something was retracted after a part was added: rows that it left out as known may be gone since."""
    return any(isinstance(entry, Retracted) for entry in workspace.chain().entries[held.number :])


def _formats(name: str | None, column_map: ColumnMap | None) -> tuple[Format, ...]:
    if column_map:
        if name not in (None, "csv"):
            raise RecordError(f"--as {name}: a mapping file is for --as csv (leave --map out, or write --as csv)")
        return (column_map.format,)
    if name is None:
        return tuple(FORMATS.values())
    if name == "csv":
        raise RecordError("--as csv: a mapping file is wanted that says what the columns are (add --map FILE)")
    if name not in FORMATS:
        known = ", ".join(sorted([*FORMATS, "csv"]))
        raise RecordError(f"--as {name}: there is no such format (known: {known})")
    return (FORMATS[name],)


def _ontology(name: str | None) -> str | None:
    if name not in (None, "cameo", "weis"):
        raise RecordError(f"--ontology {name}: a KEDS table has codes of cameo or weis (write one of the two)")
    return name


def _look(paths: Sequence[str | Path], way: _Way) -> None:
    """Look at every plain file before any is added, so that a mistake in the last is told before the first is in."""
    wrong = []
    for path in paths:
        try:
            readable(path)
            lines = first_lines(Path(path))
            if lines is not None:
                _shape(str(path), lines, way)
        except RecordError as err:
            wrong.append(str(err))
    if wrong:
        raise RecordError("\n".join([*wrong, *(["nothing was added"] if len(paths) > 1 else [])]), source=str(paths[0]))


def _shape(name: str, lines: Sequence[str] | None, way: _Way) -> Shape | None:
    """A file's shape; None: JSON records."""
    if not lines:
        raise RecordError(f"{name}: has no line in it (is the download complete?)", source=name)
    if is_json(lines[0]) and PLOVER in way.formats:
        return None
    shape = shape_of(lines, way.formats, way.column_map.delimiter if way.column_map else "")
    if shape:
        return shape
    seen = f"its first line is {lines[0][:80]!r}"
    if way.column_map:
        cells = [cell.strip() for cell in next(iter(csv.reader([lines[0]], delimiter=way.column_map.delimiter or ",")), [])]
        missing = ", ".join(column for column in way.column_map.columns.values() if column not in cells)
        raise RecordError(f"{name}: has not the columns {missing} that the mapping file names ({seen})", source=name)
    titles = ", ".join(known.title for known in way.formats)
    hint = "name the format with --as, or say what the columns are with --as csv --map FILE"
    raise RecordError(f"{name}: is not in the form of {titles}: {seen} ({hint})", source=name)
