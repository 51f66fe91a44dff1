"""The workspace: a folder that holds the record, to which things are only ever added.

    WORKSPACE/
      record.json                  says that this folder is a record, and of which version
      events/KEY.parquet           one part for every file that was imported
      events/KEY.json              what the part holds and where it is from; written last: a part without it does not exist
      events/KEY.rejected.csv      the rows that were put aside: line, reason, text
      commitments/..., indicators/...

KEY begins with the hash (SHA-256) of what was added, so that the same content is never added twice. A part is written under a
temporary name, flushed to the disk and renamed, and its description after it: whenever the process is killed, the part is there
as a whole or not at all. One process at a time may add (a lock that the system releases when the process dies); any number may
read meanwhile.
"""

from __future__ import annotations

import contextlib
import fcntl
import glob
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.case.atomic import write_atomic
from detente.errors import OutputError, RecordError
from detente.record.schema import TABLES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = [
    "DEFAULT",
    "Part",
    "Workspace",
    "columns_of",
    "database",
    "exactly",
    "quoted",
    "readable",
    "record",
    "rows_of",
    "whole",
]

DEFAULT = "detente-record"  # in the current folder
_VERSION = 1
_MEMORY = "1200MB"
_EVERY = {"format", "ontology", "dates", "ids", "file", "read", "rejected"}


@dataclass(frozen=True)
class Part:
    """One addition to a table. `about` says where it is from and how many rows it has."""

    table: str
    key: str
    path: Path
    about: Mapping[str, Any]


@dataclass(frozen=True)
class Workspace:
    """A record on disk."""

    path: Path

    @classmethod
    def open(cls, path: str | Path = DEFAULT) -> Workspace:
        """The record in a folder.

        Raises
        ------
        RecordError
            If there is none, or one that a later version has written.
        """
        readable(path)
        mark = Path(path) / "record.json"
        try:
            version = json.loads(mark.read_text(encoding="utf-8"))["version"]
        except FileNotFoundError:
            hint = "name its folder with --workspace, or begin one with `detente record import` or `detente record start`"
            raise RecordError(f"{path}: there is no record in this folder ({hint})", source=str(path)) from None
        except (OSError, ValueError, KeyError, TypeError) as err:
            raise RecordError(f"{mark}: cannot be read: {err} (is the folder a record?)", source=str(mark)) from None
        if version != _VERSION:
            message = f"{mark}: a record of version {version!r}; this Détente reads version {_VERSION} (install the newer one)"
            raise RecordError(message, source=str(mark))
        return cls(Path(path))

    @classmethod
    def create(cls, path: str | Path = DEFAULT) -> Workspace:
        """The record in a folder, begun if there is none. A folder that holds other things is left alone.

        Raises
        ------
        RecordError
            If the folder holds something else.
        OutputError
            If it cannot be written to.
        """
        readable(path)
        folder = Path(path)
        if (folder / "record.json").exists():
            return cls.open(folder)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if any(entry.name != ".lock" and not entry.name.startswith(".record.json.") for entry in folder.iterdir()):
                message = f"{folder}: holds other things and no record (choose an empty or a new folder)"
                raise RecordError(message, source=str(folder))
        except OSError as err:
            message = f"{folder}: cannot be written: {err.strerror} (choose another place)"
            raise OutputError(message, source=str(folder)) from None
        write_atomic(folder / "record.json", json.dumps({"version": _VERSION}) + "\n")
        return cls(folder)

    def parts(self, table: str) -> tuple[Part, ...]:
        """The parts of a table, by key."""
        found = []
        for path in sorted((self.path / table).glob("*.json")):
            part = path.with_suffix(".parquet")
            try:
                about = json.loads(path.read_text(encoding="utf-8"))
                if not isinstance(about, dict) or not isinstance(about.get("rows"), int):
                    raise ValueError("it does not say what the part holds")
                if table == "events" and not about.keys() >= _EVERY:
                    raise ValueError(f"it does not say {', '.join(sorted(_EVERY - about.keys()))}")
            except (OSError, ValueError) as err:
                raise RecordError(f"{path}: cannot be read: {err} (restore it from a copy)", source=str(path)) from None
            if not part.exists():
                raise RecordError(f"{part}: is missing, though {path.name} names it (restore it from a copy)", source=str(part))
            found.append(Part(table, path.stem, part, about))
        return tuple(found)

    @contextlib.contextmanager
    def adding(self) -> Iterator[None]:
        """Hold the record while something is added: nobody else may add meanwhile."""
        try:
            file = (self.path / ".lock").open("a")
        except OSError as err:
            message = f"{self.path}: cannot be written: {err.strerror} (choose another place)"
            raise OutputError(message, source=str(self.path)) from None
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                message = f"{self.path}: another process is adding to this record (try again when it is done)"
                raise RecordError(message, source=str(self.path)) from None
            for left in self.path.glob("*/.*.tmp"):  # by a process that was killed
                left.unlink(missing_ok=True)
            yield

    def add(self, table: str, key: str, write: Callable[[Path], Mapping[str, Any]]) -> Part:
        """Add a part. `write` fills the file it is given and returns the description; call within `adding`.

        Nothing of the part is seen before it is complete. A part that is there already is an error of the caller.
        """
        folder = self.path / table
        target = folder / f"{key}.parquet"
        temporary = folder / f".{key}.tmp"
        import duckdb

        try:
            folder.mkdir(exist_ok=True)
            about = write(temporary)
            _flush(temporary)
            temporary.replace(target)
        except OSError as err:
            message = f"{target}: cannot be written: {err.strerror or err} (free some space, or choose another place)"
            raise OutputError(message, source=str(target)) from None
        except (duckdb.IOException, duckdb.OutOfMemoryException) as err:
            reason = str(err).splitlines()[0].removeprefix("IO Error: ")
            message = f"{target}: cannot be written: {reason} (free some space, or choose another place)"
            raise OutputError(message, source=str(target)) from None
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
        write_atomic(folder / f"{key}.json", json.dumps(dict(about), ensure_ascii=False, indent=1) + "\n")
        return Part(table, key, target, about)

    def append(self, table: str, rows: Sequence[Mapping[str, Any]], about: Mapping[str, Any]) -> int:
        """Add rows to a table, unless the very same rows were added before; how many were added."""
        columns = TABLES[table]
        content = [[row.get(name) for name in columns] for row in rows]
        text = json.dumps([table, content], ensure_ascii=False, default=str)
        key = hashlib.sha256(text.encode("utf-8")).hexdigest()[:24]
        if not rows or any(part.key == key for part in self.parts(table)):
            return 0

        def write(path: Path) -> Mapping[str, Any]:
            with database(_MEMORY, self.path / ".spill" / "append") as connection:
                connection.execute(f"create table t ({', '.join(f'{n} {t}' for n, t in columns.items())})")
                connection.executemany(f"insert into t values ({', '.join('?' * len(columns))})", content)
                connection.execute(f"copy t to {quoted(path)} (format parquet)")
            counts = {"read": len(content), "added": len(content), "known": 0, "rejected": {}}
            return {**counts, **about, "rows": len(content)}

        self.add(table, key, write)
        return len(content)

    def connect(self, formats: Sequence[str] = ()) -> DuckDBPyConnection:
        """A connection to duckdb in which the tables of the record are views, empty where nothing was added yet.

        Beside each, a second view (`events_sourced`) says of each row where it is from: `part` (the key of its part), `format`,
        `file` (the file that was imported) and `line` (1-based). formats : only events of these; empty: of all.

        Raises
        ------
        RecordError
            If the record has no events of a format that is asked for.
        """
        connection = database(_MEMORY, self.path / ".spill" / "query")
        for table, columns in TABLES.items():
            parts = [part for part in self.parts(table) if part.about["rows"]]
            if table == "events" and formats:
                parts = self._of(parts, formats)
            with whole(parts):
                connection.execute(f"create view {table} as {rows_of(columns, parts)}")
                connection.execute(f"create view {table}_sourced as {rows_of(columns, parts, origin=True)}")
        return connection

    def events(self, formats: Sequence[str] = ()) -> tuple[Part, ...]:
        """The parts with events of some formats; empty: of all.

        Raises
        ------
        RecordError
            If the record has no events of a format that is asked for.
        """
        parts = [part for part in self.parts("events") if part.about["rows"]]
        return tuple(self._of(parts, formats) if formats else parts)

    def _of(self, parts: Sequence[Part], formats: Sequence[str]) -> list[Part]:
        known = sorted({part.about.get("format", "") for part in parts})
        for name in formats:
            if name not in known:
                there = ", ".join(known) or "no events at all"
                raise RecordError(f"{name}: the record has no events of this format (it has: {there})", source=str(self.path))
        return [part for part in parts if part.about.get("format", "") in formats]


@contextlib.contextmanager
def whole(parts: Sequence[Part]) -> Iterator[None]:
    """Where a query of parts fails, look whether one of them is damaged.

    Raises
    ------
    RecordError
        That names the part.
    """
    import duckdb

    try:
        yield
    except duckdb.Error:
        for part in parts:
            try:
                duckdb.execute(f"select 1 from read_parquet({exactly(part.path)}) limit 0")
            except duckdb.Error as err:
                message = f"{part.path}: cannot be read: {str(err).splitlines()[0]} (restore it from a copy)"
                raise RecordError(message, source=str(part.path)) from None
        raise


def record(path: str | Path = DEFAULT, *, create: bool = False) -> Workspace:
    """The record in a folder. create : begin one where there is none.

    Raises
    ------
    RecordError
        If there is none, or the folder holds something else.
    OutputError
        If it is to be begun and cannot be written to.
    """
    return Workspace.create(path) if create else Workspace.open(path)


def columns_of(constants: Mapping[str, str | None], columns: Mapping[str, str] = TABLES["events"]) -> str:
    """The columns of a table in their order, those that are not written for having one value in every row (or none) put in."""
    return ", ".join(
        f"{'null' if constants[name] is None else quoted(constants[name])}::{kind} as {name}" if name in constants else name
        for name, kind in columns.items()
    )


def rows_of(columns: Mapping[str, str], parts: Sequence[Part], origin: bool = False) -> str:
    """The query that reads the rows of some parts. origin : with where each is from."""
    empty = ", ".join(f"null::{kind} as {name}" for name, kind in columns.items())
    nowhere = ", null::varchar as part, null::varchar as format, null::varchar as file, null::bigint as line"
    pieces = [] if parts else [f"select {empty}{nowhere if origin else ''} where false"]
    alike: dict[tuple[bool, str], list[Part]] = {}
    for part in parts:
        kind = (origin and bool(part.about.get("lines")), json.dumps(part.about.get("constants", {}), sort_keys=True))
        alike.setdefault(kind, []).append(part)
    for (lined, constants), group in alike.items():
        names = columns_of(json.loads(constants), columns)
        paths = ", ".join(exactly(part.path) for part in group)
        if not origin:
            pieces.append(f"select {names} from read_parquet([{paths}])")
            continue
        facts = ", ".join(_facts(part) for part in group)
        line = "e.line" if lined else "e.file_row_number + p.first_line"
        pieces.append(
            f"select {names}, p.part, p.format, p.file, {line} as line"
            f" from read_parquet([{paths}], file_row_number = true, filename = true) e"
            f" join (values {facts}) p(path, part, format, file, first_line) on p.path = e.filename"
        )
    return " union all ".join(pieces)


def _facts(part: Part) -> str:
    about = part.about
    texts = (part.path, part.key, about.get("format", ""), about.get("file", ""))
    return f"({', '.join(map(quoted, texts))}, {about.get('first_line', 'null::bigint')})"


def database(memory: str, spill: Path) -> DuckDBPyConnection:
    """An empty database that keeps within `memory` and puts what is too much into the folder `spill`.

    It draws no progress bar: that would stand in the midst of an answer.
    """
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"set memory_limit = '{memory}'; set temp_directory = {quoted(spill)}; set enable_progress_bar = false")
    return connection


def quoted(value: object) -> str:
    """A value as an SQL string."""
    return "'" + str(value).replace("'", "''") + "'"


def exactly(path: Path) -> str:
    """A path as an SQL string for reading: nothing in it is taken for a pattern of names."""
    return quoted(glob.escape(str(path)))


def readable(path: str | Path) -> None:
    """Refuse a path whose name is no text: neither a query nor JSON could name it.

    Raises
    ------
    RecordError
    """
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        raise RecordError(f"{path}: its name has bytes that are no text (rename it)", source=str(path)) from None


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
