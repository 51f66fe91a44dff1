"""The workspace: a folder that holds the record, to which things are only ever added.

    WORKSPACE/
      record.json                  the record's id, and the head of its chain (`detente.record.chain`)
      chain.jsonl                  an entry for everything that was added or retracted, each tied to the one before it
      events/FILE.parquet          one part for every file that was imported
      events/FILE.rejected.csv     the rows of it that were put aside: line, reason, text
      commitments/..., indicators/...

A part is written under a temporary name, flushed to the disk and renamed; its entry follows, and then the head, in one step:
whenever the process is killed, the part is there as a whole or not at all. One process at a time adds, others wait for it; any
number may read meanwhile. What is read is first held against the hash in its entry (`detente.record.seals`).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from detente.base.database import Database, literal_path
from detente.base.frozen import Frozen
from detente.base.lock import WAIT, locked
from detente.errors import OutputError, RecordError
from detente.record.chain import VERSION, Chain, real, version
from detente.record.codes.actors import Actors
from detente.record.entries import Added
from detente.record.resolve import resolve
from detente.record.schema import DEFAULT, TABLES
from detente.record.seals import digest, digests
from detente.record.sensible import sensible
from detente.record.spill import clear, spilling
from detente.record.views import rows_of

__all__ = ["Part", "Workspace", "database", "readable", "record", "whole"]

_MEMORY = "1200MB"
_MOST_ROWS = 1 << 31


@dataclass(frozen=True)
class Part(Frozen):
    """One addition to a table. number : of its entry, made : when. `about` says where it is from and how many rows it has.

    without : the numbers, from 1, of rows that are retracted.
    """

    table: str
    key: str
    path: Path
    about: Mapping[str, Any]
    number: int
    made: str
    sha256: str
    without: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Workspace:
    """A record on disk. actors : with whom its events are read (`detente.record.resolve`); none: as they were imported."""

    path: Path
    actors: Actors = field(default_factory=Actors)

    @classmethod
    def open(cls, path: str | Path = DEFAULT) -> Workspace:
        """The record in a folder.

        Raises
        ------
        RecordError
            If there is none, or one that another version has written.
        """
        readable(path)
        found = version(Path(path))
        if found is None:
            hint = "name its folder with --workspace, or begin one with `detente record import` or `detente record start`"
            raise RecordError(f"{path}: there is no record in this folder ({hint})", source=str(path))
        if found == 1:
            command = f"detente record migrate --workspace {path}"
            message = f"{path}: a record of version 1, without a chain (`{command}` brings it to version 2)"
            raise RecordError(message, source=str(path))
        if found != VERSION:
            told = f"a record of version {found!r:.40}; this Détente reads version {VERSION}"
            raise RecordError(f"{path}: {told} (install the newer one)", source=str(path))
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
        if os.path.lexists(folder / "record.json"):
            return cls.open(folder)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            others = [e.name for e in folder.iterdir() if e.name != ".lock" and not e.name.startswith(".record.json.")]
            if others and not os.path.lexists(folder / "record.json"):  # or somebody was quicker
                message = f"{folder}: holds other things and no record (choose an empty or a new folder)"
                raise RecordError(message, source=str(folder))
            with locked(folder / ".lock"):
                if not os.path.lexists(folder / "record.json"):
                    Chain.begin(folder)
        except OSError as err:
            message = f"{folder}: cannot be written: {err.strerror} (choose another place)"
            raise OutputError(message, source=str(folder)) from None
        return cls(folder)

    def read_with(self, actors: Actors) -> Workspace:
        """The same record, its events read with a set of actors."""
        return replace(self, actors=actors)

    def chain(self) -> Chain:
        """Everything that was ever added.

        Raises
        ------
        RecordError
            If it is not as it was written.
        """
        return Chain.read(self.path)

    def parts(self, table: str) -> tuple[Part, ...]:
        """The parts of a table that count, in the order in which they were added.

        Raises
        ------
        RecordError
            If the chain is not as it was written, or the folder of the table holds a part that no entry names.
        """
        folder = self.path / table
        real(folder)
        chain, strangers = self._strangers(folder)
        if strangers:  # or they are what a killed process has left, and are being cleared away just now
            chain, again = self._strangers(folder)
            strangers &= again
        if strange := sorted(strangers):
            message = f"{folder / strange[0]}: no entry of this record names this part"
            more = f", nor {len(strange) - 1} more" if strange[1:] else ""
            raise RecordError(f"{message}{more} (move it out of the folder; to add it, import what it was made from)")
        return tuple(part for part in live_parts(chain) if part.table == table)

    def _strangers(self, folder: Path) -> tuple[Chain, set[str]]:
        """The chain, and the files of a table that no entry names."""
        files = {path.name for path in folder.glob("*.parquet")}
        chain = self.chain()  # after the files: what is added meanwhile is no stranger
        entries = (e for e in (*chain.entries, *chain.behind) if isinstance(e, Added) and e.table == folder.name)
        return chain, files - {f"{e.file}.parquet" for e in entries}

    def sound(self, parts: Sequence[Part]) -> None:
        """Hold parts against their entries.

        Raises
        ------
        RecordError
            That names every part that is not as it was added; nothing is to be computed from it.
        """
        if faults := damages(self.path, parts):
            raise RecordError("\n".join(faults), source=str(self.path))

    @contextlib.contextmanager
    def adding(self, wait: float = WAIT) -> Iterator[None]:
        """Hold the record while something is added; whoever else wants to, waits. wait : for how many seconds.

        Raises
        ------
        OutputError
            If another has it for longer than that.
        """
        with locked(self.path / ".lock", wait=wait):
            chain = self.chain()
            named = {(e.table, e.file) for e in chain.entries if isinstance(e, Added)}
            for left in chain.behind:  # by a process that was killed
                if (left.table, left.file) not in named:
                    for kind in ("parquet", "rejected.csv"):
                        (self.path / left.table / f"{left.file}.{kind}").unlink(missing_ok=True)
            shutil.rmtree(self.path / ".spill", ignore_errors=True)
            clear(self.path)
            for table in TABLES:
                real(self.path / table)
                for temporary in (*(self.path / table).glob(".*.tmp"), *(self.path / table).glob(".*.tmp.aside")):
                    temporary.unlink(missing_ok=True)
            yield

    def add(self, table: str, key: str, write: Callable[[Path], Mapping[str, Any]], heals: Part | None = None) -> Part:
        """Add a part; call within `adding`. Nothing of it is seen before it is complete.

        write : fills the file it is given, and where rows are put aside another of that name with `.aside` behind it, and
        returns the description. heals : the addition that it takes the place of, for being damaged.
        """
        import duckdb

        chain, folder = self.chain(), self.path / table
        taken = {entry.file for entry in chain.entries if isinstance(entry, Added) and entry.table == table}
        file = f"{key}-r{len(chain.entries) + 1}" if key in taken else key
        target, temporary = folder / f"{file}.parquet", folder / f".{file}.tmp"
        aside = temporary.with_name(f"{temporary.name}.aside")
        try:
            folder.mkdir(exist_ok=True)
            about = dict(write(temporary))
            _flush(temporary)
            sealed = digest(temporary)
            if heals is not None and sealed == heals.sha256:  # as it was: nothing new happens to the record
                _moved(temporary, aside, heals.path)
                return heals
            entry = {
                "kind": "added",
                "table": table,
                "key": key,
                "file": file,
                "sha256": sealed,
                "bytes": temporary.stat().st_size,
                "aside": digest(aside) if aside.exists() else None,
                "replaces": heals.number if heals else None,
                "about": about,
            }
            chain = chain.append({name: value for name, value in entry.items() if value is not None})
            _moved(temporary, aside, target)
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
                aside.unlink(missing_ok=True)
        chain.commit()
        return live_parts(chain)[-1]

    def append(self, table: str, rows: Sequence[Mapping[str, Any]], about: Mapping[str, Any], *, once: bool = True) -> int:
        """Add rows to a table; how many were added.

        once : not if the very same rows were added before and count; where their part is damaged, it is healed.
        """
        columns, key = TABLES[table], content_key(table, rows)
        content = [[row.get(name) for name in columns] for row in rows]
        held = next((part for part in self.parts(table) if part.key == key), None) if once else None
        if not rows or (held and not damages(self.path, [held])):
            return 0

        def write(path: Path) -> Mapping[str, Any]:
            with database(self.path) as base:
                base.execute(f"create table t ({', '.join(f'{n} {t}' for n, t in columns.items())})")
                base.executemany(f"insert into t values ({', '.join('?' * len(columns))})", content)
                base.execute("copy t to ? (format parquet)", [str(path.absolute())])
            counts = {"read": len(content), "added": len(content), "known": 0, "rejected": {}}
            return {**counts, **about, "rows": len(content)}

        self.add(table, key, write, heals=held)
        return 0 if held else len(content)

    @contextlib.contextmanager
    def connect(self, formats: Sequence[str] = ()) -> Iterator[Database]:
        """A database in which the tables of the record are views, empty where nothing was added yet.

        Beside each, a second view (`events_sourced`) says of each row where it is from: `part` (the key of its part), `format`,
        `file` (the file that was imported) and `line` (1-based). formats : only events of these; empty: of all.

        Raises
        ------
        RecordError
            If the record has no events of a format that is asked for, or is not as it was written.
        """
        held = {name: tuple(part for part in self.parts(name) if part.about["rows"]) for name in TABLES}
        if formats:
            held["events"] = tuple(self._of(held["events"], formats))
        used = [part for parts in held.values() for part in parts]
        self.sound(used)
        with database(self.path) as base, whole(used):
            counted(base, used)
            for table, columns in TABLES.items():
                sensible(base, table, held[table])
                base.execute(f"create view {table} as {rows_of(base, columns, held[table])}")
                base.execute(f"create view {table}_sourced as {rows_of(base, columns, held[table], origin=True)}")
            resolve(base, ("events", "events_sourced"), self.actors)
            yield base

    def events(self, formats: Sequence[str] = ()) -> tuple[Part, ...]:
        """The parts with events of some formats, held against their entries; empty: of all. For other engines than ours.

        Raises
        ------
        RecordError
            If the record has no events of a format that is asked for, is not as it was written, or a part has rows that are
            retracted, which other engines cannot leave out.
        """
        parts = [part for part in self.parts("events") if part.about["rows"]]
        found = tuple(self._of(parts, formats) if formats else parts)
        self.sound(found)
        if thinned := next((part for part in found if part.without), None):
            message = f"{self.path}: rows of entry {thinned.number} are retracted, which only the engine duckdb leaves out"
            raise RecordError(f"{message} (ask without --engine)", source=str(self.path))
        with database(self.path) as base, whole(found):
            counted(base, found)
            sensible(base, "events", found)
        return found

    def _of(self, parts: Sequence[Part], formats: Sequence[str]) -> list[Part]:
        known = sorted({part.about.get("format", "") for part in parts})
        for name in formats:
            if name not in known:
                there = ", ".join(known) or "no events at all"
                raise RecordError(f"{name}: the record has no events of this format (it has: {there})", source=str(self.path))
        return [part for part in parts if part.about.get("format", "") in formats]


def live_parts(chain: Chain) -> list[Part]:
    """The additions that count, in their order."""
    void, without = taken_back(chain)
    return [
        Part(
            entry.table,
            entry.key,
            chain.folder / entry.table / f"{entry.file}.parquet",
            entry.about.model_dump(exclude_unset=True),
            entry.number,
            entry.made,
            entry.sha256,
            frozenset(without.get(entry.number, ())),
        )
        for entry in chain.entries
        if isinstance(entry, Added) and entry.number not in void
    ]


def taken_back(chain: Chain) -> tuple[set[int], dict[int, set[int]]]:
    """The entries that count no more, and of others the rows: replaced, or retracted by an entry that counts itself."""
    void = set[int]()
    without: dict[int, set[int]] = {}
    for entry in reversed(chain.entries):
        if isinstance(entry, Added):
            void |= {entry.replaces} if entry.replaces else set()
        elif entry.number not in void:
            for number, _, row in (reference.partition(".") for reference in entry.of):
                if row:
                    without.setdefault(int(number), set()).add(int(row))
                else:
                    void.add(int(number))
    return void, without


def damages(folder: Path, parts: Sequence[Part]) -> list[str]:
    """What is wrong with the files of some parts, each in a sentence with what to do."""
    found = digests(folder, [part.path for part in parts])
    out = []
    for part in parts:
        source = part.about.get("file")
        heal = f"restore it from a copy, import {source} again" if source else "restore it from a copy"
        hint = f"{heal}, or {_retract(part)}"
        if part.path not in found:
            out.append(f"{part.path}: is missing or no file, though entry {part.number} names it ({hint})")
        elif found[part.path] != part.sha256:
            out.append(f"{part.path}: is not as entry {part.number} added it; nothing is computed from it ({hint})")
        elif part.about["rows"] > _MOST_ROWS:
            out.append(f"{part.path}: entry {part.number} says that it has {part.about['rows']:,} rows ({hint})")
    return out


@contextlib.contextmanager
def whole(parts: Sequence[Part]) -> Iterator[None]:
    """Where a query of parts fails, look which of them is none, though it is as its entry says: somebody made it so.

    Raises
    ------
    RecordError
        That names the part.
    """
    import duckdb

    try:
        yield
    except duckdb.InterruptException:
        raise
    except (duckdb.Error, ValueError, OverflowError):  # no date of Python, for instance
        for part in parts:
            try:
                with Database(files=[part.path], memory=_MEMORY) as base:
                    counted(base, [part])
                    columns = ", ".join(_written(part))
                    source = f"read_parquet({base.let(literal_path(part.path))})"
                    base.execute(f"select bit_xor(hash({columns})) from {source}")
                    sensible(base, part.table, [part])
            except duckdb.Error as err:
                reason = str(err).splitlines()[0]
                message = f"{part.path}: entry {part.number} is no part of a record: {reason} ({_retract(part)})"
                raise RecordError(message, source=str(part.path)) from None
        raise


def counted(base: Database, parts: Sequence[Part]) -> None:
    """Hold the number of rows in the files of parts against what their entries say.

    Raises
    ------
    RecordError
    """
    paths = base.let([literal_path(part.path) for part in parts])
    query = f"select file_name, num_rows from parquet_file_metadata({paths})"
    rows = dict(base.execute(query).fetchall()) if parts else {}
    for part in parts:
        got = rows[str(part.path.absolute())]
        if got != part.about["rows"]:
            message = f"{part.path}: has {got:,} rows, and entry {part.number} says {part.about['rows']:,} ({_retract(part)})"
            raise RecordError(message, source=str(part.path))


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


def content_key(table: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """What stands for rows of a table, whenever they were entered."""
    names = [name for name in TABLES[table] if name != "recorded"]
    text = json.dumps([table, [[row.get(name) for name in names] for row in rows]], ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8", errors="backslashreplace")).hexdigest()[:24]


@contextlib.contextmanager
def database(folder: Path) -> Iterator[Database]:
    """An empty database that reaches the files of a record and nothing else."""
    with spilling(folder) as place, Database(folders=[folder], memory=_MEMORY, spill=place) as base:
        yield base


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


def _retract(part: Part) -> str:
    return f"give it up with `detente record retract {part.number}`"


def _moved(temporary: Path, aside: Path, target: Path) -> None:
    """Give a part and what was put aside their names."""
    if aside.exists():
        aside.replace(target.with_suffix(".rejected.csv"))
    temporary.replace(target)


def _written(part: Part) -> list[str]:
    """The columns that a part has in its file."""
    constants = part.about.get("constants", {})
    return [f"{name}::{kind}" for name, kind in TABLES[part.table].items() if name not in constants]


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
