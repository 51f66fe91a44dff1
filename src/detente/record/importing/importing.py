"""Importing files of events: from files in some format to parts of the record.

**What is counted.** `read` are the records of a file. Each is *added*, or *known* (it is in the record already), or
*rejected* for a reason; `read = added + known + rejected`. Rejected records are written aside with line, reason and text.

**When an event is known.** Where the format numbers its events (GDELT, UCDP, ACLED), by that number: a number that comes
twice in one file is the same event. Where it does not, by its content, as many times as it is there: a file in which the same
line stands twice has two events, and imported again adds none; a longer edition of the same file adds the new lines.

**What fails** takes nothing else with it: the other files and members of archives are added, and the error that is raised in
the end (`PartlyImportedError`) says what became of them.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from detente.base.bounds import name_of, spooled
from detente.errors import InputError, OutputError, RecordError
from detente.record.codes.actors import Actors
from detente.record.entries import Retracted
from detente.record.formats.format import Format
from detente.record.formats.mapped import ColumnMap
from detente.record.formats.recognise import FORMATS, NoFormatError, Shape, objections, shape_of
from detente.record.importing.part import write_part
from detente.record.importing.result import FileImport, Imported, PartlyImportedError
from detente.record.reading.json import is_json, json_shape
from detente.record.reading.opened import Opened, PassedOver, first_lines, opened, unwritable
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

    @property
    def guessed(self) -> bool:
        return len(self.formats) > 1

    def key(self, file: Opened, used: Format) -> str:
        """The key of a part: its content and how it was read."""
        how = json.dumps([used.name, self.ontology or "", repr(self.column_map), self.actors.content])
        return f"{file.digest[:32]}-{hashlib.sha256(how.encode()).hexdigest()[:8]}"


def import_files(
    workspace: Workspace | str | Path,
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
    workspace : Workspace, str or Path
        Of a folder in which there is no record, one is begun there once a file can be read.
    paths : sequence of str or Path
        Plain, or packed as .gz, .bz2, .xz or .zip; ``-`` for standard input. Pipes are read, too.
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
    PartlyImportedError
        The same, where other files or members of an archive could be read: they are added.
    OutputError
        If the record cannot be written to.
    """
    known = actors if isinstance(actors, Actors) else Actors.of(actors or {})
    way = _Way(_formats(format, column_map), column_map, _ontology(ontology), known)
    with contextlib.ExitStack() as kept:
        files = [(_name(path), kept.enter_context(_readable(path))) for path in paths]
        _look(files, way)
        if not isinstance(workspace, Workspace):
            workspace = Workspace.create(workspace)
        kept.enter_context(workspace.adding())
        spill = workspace.path / ".spill"
        shutil.rmtree(spill, ignore_errors=True)  # what a killed import has left
        try:
            spill.mkdir()
        except OSError as err:
            raise unwritable(spill, err) from None
        kept.callback(shutil.rmtree, spill, ignore_errors=True)
        return _all(workspace, files, way, spill, progress)


def _name(path: str | Path) -> str:
    """What a file is called: by its last name, but for what has none of its own."""
    return name_of(path) if _flows(path) else Path(path).name


def _flows(path: str | Path) -> bool:
    """Whether something comes through a pipe, and can be read once only."""
    try:
        return path == "-" or Path(path).is_fifo()
    except (OSError, ValueError):
        return False  # there can be no such file, which is told where it is opened


@contextlib.contextmanager
def _readable(path: str | Path) -> Iterator[Path]:
    """A file that can be read twice: what comes through a pipe is kept for as long."""
    if _flows(path):
        with spooled(path, error=RecordError) as file:
            yield file
    else:
        yield Path(path)


def _all(
    workspace: Workspace,
    files: Sequence[tuple[str, Path]],
    way: _Way,
    spill: Path,
    progress: Callable[[str], None] | None,
) -> Imported:
    """Add all files that can be read."""
    done: list[FileImport] = []
    passed_over: dict[str, str] = {}
    wrong: list[InputError] = []
    for name, path in files:
        if progress:
            progress(name)
        refused: dict[str, RecordError] = {}
        before = len(done)
        try:
            with opened(path, spill, name) as members:
                for member in members:
                    if isinstance(member, PassedOver):
                        if member.broken:
                            wrong.append(RecordError(f"{member.name}: {member.reason}", source=member.name))
                        else:
                            passed_over[member.name] = member.reason
                        continue
                    try:
                        done.append(_import(workspace, member, way, spill))
                    except RecordError as err:
                        if not member.among:
                            raise
                        refused[member.name] = err
        except OutputError as err:
            wrong.append(err)
            break
        except RecordError as err:
            wrong.append(err)
        if len(done) > before:  # a codebook among the data
            passed_over |= {name: err.seen for name, err in refused.items() if isinstance(err, NoFormatError)}
            wrong += [err for err in refused.values() if not isinstance(err, NoFormatError)]
        else:
            wrong += refused.values()
    found = Imported(tuple(done), passed_over)
    if not (done or passed_over or wrong):
        names = ", ".join(name for name, _ in files)
        wrong.append(NoFormatError(f"{names}: has no file in it (is the download complete?)", source=names, seen="it is empty"))
    if not wrong:
        return found
    if done:
        raise PartlyImportedError(wrong, found)
    if len(wrong) == 1:
        raise wrong[0]
    raise RecordError("\n".join(map(str, wrong)), source=wrong[0].source)


def _import(workspace: Workspace, file: Opened, way: _Way, spill: Path) -> FileImport:
    shape = _shape(file.name, file.path, way)
    used = shape.format
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
    result = found[0]
    notes = (*file.notes, *shape.notes, *result.notes)
    if way.guessed and result.read and not (result.added or result.known):
        notes = (*notes, f"its columns are those of {used.title}, but not one record fits: it may be in another form")
    return replace(result, aside=place if result.rejected else "", notes=notes)


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
            raise RecordError(f"--format {name}: a mapping file is for --format csv (leave --map out, or write --format csv)")
        return (column_map.format,)
    if name is None:
        return tuple(FORMATS.values())
    if name == "csv":
        raise RecordError("--format csv: a mapping file is wanted that says what the columns are (add --map FILE)")
    if name not in FORMATS:
        known = ", ".join(sorted([*FORMATS, "csv"]))
        raise RecordError(f"--format {name}: there is no such format (known: {known})")
    return (FORMATS[name],)


def _ontology(name: str | None) -> str | None:
    if name not in (None, "cameo", "weis"):
        raise RecordError(f"--ontology {name}: a KEDS table has codes of cameo or weis (write one of the two)")
    return name


def _look(files: Sequence[tuple[str, Path]], way: _Way) -> None:
    """Look at every plain file before any is added, so that a mistake in the last is told before the first is in."""
    wrong: list[RecordError] = []
    for name, path in files:
        called = str(path) if path.name == name else name
        try:
            readable(path)
            if first_lines(path) is not None:
                _shape(called, path, way)
        except RecordError as err:
            wrong.append(err)
    if len(wrong) == 1 == len(files):
        raise wrong[0]
    if wrong:
        raise RecordError("\n".join([*map(str, wrong), "nothing was added"]), source=wrong[0].source)


def _shape(name: str, path: Path, way: _Way) -> Shape:
    """A file's shape."""
    lines = first_lines(path)
    if lines is None:
        seen = "it is packed once more"
        message = f"{name}: is packed within what it was packed in (unpack it, and import what is in it)"
        raise NoFormatError(message, source=name, seen=seen)
    if not lines:
        raise NoFormatError(f"{name}: has no line in it (is the download complete?)", source=name, seen="no line of text in it")
    if is_json(lines[0]) and not way.column_map:
        return json_shape(path, way.formats, name)
    shape = shape_of(lines, way.formats, way.column_map.delimiter if way.column_map else "", source=name)
    if shape:
        return shape
    seen = "it is no text" if "\0" in lines[0] else f"its first line is {lines[0][:80]!r}"
    if way.column_map:
        cells = [cell.strip() for cell in next(iter(csv.reader([lines[0]], delimiter=way.column_map.delimiter or ",")), [])]
        missing = ", ".join(column for column in way.column_map.columns.values() if column not in cells)
        raise NoFormatError(
            f"{name}: has not the columns {missing} that the mapping file names ({seen})", source=name, seen=seen
        )
    titles = ", ".join(known.title for known in way.formats)
    raise NoFormatError(
        f"{name}: is not in the form of {titles}: {seen} (say what the columns are with --format csv --map FILE)",
        source=name,
        faults=objections(lines, way.formats),
        seen=f"in no known form, {seen}",
    )
