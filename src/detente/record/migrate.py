"""From a record of version 1 to one of version 2: the folder is copied first, and then gets its chain.

Version 1 had no chain: a description (JSON) beside each part, and an order only by the clock. The entries are made in that
order, each with the hash that its part has now: what was changed before cannot be told any more. A record of version 1 may have
come from anybody, so each description is held against the same strict form as an entry. Rows of events with days that no record
can hold (`detente.base.dates`) are retracted.

Nothing of the chain counts before its head is written, in one step: a migration that is killed leaves the old record or the
new one, and can be run again: a copy that is whole is not made twice.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from pathlib import Path

from pydantic import ValidationError

from detente.base.bounds import read_bytes
from detente.base.database import literal_path
from detente.base.dates import span
from detente.base.lock import locked
from detente.base.plain import told
from detente.errors import OutputError, RecordError
from detente.record.chain import VERSION, Chain, real, version
from detente.record.entries import About, Added, first_fault
from detente.record.schema import TABLES
from detente.record.seals import digest
from detente.record.workspace import Part, counted, database, live_parts, whole

__all__ = ["Migrated", "migrate"]

_NOT_COPIED = (".lock", ".spill*", ".record.json.*", "chain.jsonl")  # what is no part of a record of version 1
_A_TIME = 100_000
"""How many rows one entry takes back: no entry grows without bound."""

_BECAUSE = "a date that no record can hold, found on migrating from version 1"


@dataclass(frozen=True)
class Migrated:
    """A record that is of version 2 now. copy : the folder as it was; None: it was of version 2 already.

    parts : how many there are. retracted : rows that were retracted for their dates.
    """

    workspace: str
    copy: str | None
    parts: int
    retracted: int

    def to_dict(self) -> dict[str, object]:
        return told(self)


def migrate(path: str | Path, copy: str | Path | None = None) -> Migrated:
    """Bring a record to version 2.

    Parameters
    ----------
    copy : where the folder is copied to first; None: beside it, with ``-version-1`` behind its name.

    Raises
    ------
    RecordError
        If there is no record of version 1 or 2 in the folder, or it is broken: then nothing is changed.
    OutputError
        If it cannot be copied or written.
    """
    folder = Path(path)
    found = version(folder)
    if found not in (1, VERSION):
        what = "there is no record in this folder" if found is None else f"a record of version {found!r:.40}"
        raise RecordError(f"{path}: {what} (wanted one of version 1)", source=str(path))
    target = Path(copy) if copy is not None else folder.absolute().with_name(f"{folder.absolute().name}-version-1")
    with locked(folder / ".lock"):
        if version(folder) == VERSION:  # also where another process was quicker
            chain = Chain.read(folder)
            _clear(folder / entry.table / f"{entry.file}.json" for entry in chain.entries if isinstance(entry, Added))
            return Migrated(str(path), None, len(live_parts(chain)), 0)
        parts = _parts(folder)
        rows = _undatable(folder, parts)
        _copied(folder, target)
        chain = Chain.new(folder)
        for part in parts:
            entry = {"kind": "added", "table": part.table, "key": part.key, "file": part.key, "sha256": part.sha256}
            chain = chain.append({**entry, "bytes": part.path.stat().st_size, **_put_aside(part), "about": dict(part.about)})
        for start in range(0, len(rows), _A_TIME):
            chain = chain.append({"kind": "retracted", "of": rows[start : start + _A_TIME], "because": _BECAUSE})
        chain.commit()
        _clear(part.path.with_suffix(".json") for part in parts)
    return Migrated(str(path), str(target), len(parts), len(rows))


def _parts(folder: Path) -> list[Part]:
    """The parts of a record of version 1 in the order of the clock, numbered, each with the hash that it has now."""
    faults: list[str] = []
    found: list[tuple[str, str, Path, About]] = []
    for table in TABLES:
        real(folder / table)
        for path in sorted((folder / table).glob("*.json")):
            for file in (path, path.with_suffix(".parquet")):
                real(file)
            try:
                about = About.model_validate_json(read_bytes(path, error=RecordError))
            except ValidationError as err:
                faults.append(f"{path}: is no description of a part: {first_fault(err)}")
            except RecordError as err:
                faults.append(str(err))
            else:
                if not path.with_suffix(".parquet").is_file():
                    faults.append(f"{path.with_suffix('.parquet')}: is missing, though {path.name} names it")
                found.append((about.imported or "", table, path, about))
    if faults:
        message = f"{folder}: cannot be migrated; nothing was changed (restore what is broken from a copy, or move it away)"
        raise RecordError("\n".join([message, *faults]), source=str(folder))
    parts = [
        Part(table, path.stem, path.with_suffix(".parquet"), about.model_dump(mode="json", exclude_unset=True), 0, when, "")
        for when, table, path, about in found
    ]
    times = _times(folder, [part for part in parts if not part.made])
    parts.sort(key=lambda part: (part.made or times[part.path], part.key))
    return [replace(part, number=n, sha256=digest(part.path)) for n, part in enumerate(parts, 1)]


def _times(folder: Path, parts: Sequence[Part]) -> dict[Path, str]:
    """When the entries of parts without a time of their own were made, by the clock of the time."""
    found = {}
    with database(folder) as base, whole(parts):
        for part in parts:
            column = "max(recorded)" if part.table == "commitments" else "null"
            row = base.execute(f"select {column} from read_parquet({base.let(literal_path(part.path))})").fetchone()
            found[part.path] = row[0].isoformat() if row and row[0] else ""
    return found


def _undatable(folder: Path, parts: Sequence[Part]) -> list[str]:
    """The rows of events whose days no record can hold, by the number of their part and their own."""
    first, last = span()
    rows = []
    with database(folder) as base, whole(parts):
        counted(base, parts)
        for part in parts:
            if part.table == "events" and "date" not in part.about.get("constants", {}):
                source = f"read_parquet({base.let(literal_path(part.path))}, file_row_number = true)"
                query = f"select file_row_number + 1 from {source} where date::date not between ? and ? order by 1"
                rows += [f"{part.number}.{row}" for (row,) in base.execute(query, [first, last]).fetchall()]
    return rows


def _put_aside(part: Part) -> dict[str, str]:
    aside = part.path.with_suffix(".rejected.csv")
    real(aside)
    return {"aside": digest(aside)} if aside.is_file() else {}


def _clear(files: Iterable[Path]) -> None:
    """Remove the descriptions of version 1, which mean nothing any more."""
    for file in files:
        with suppress(OSError):
            file.unlink(missing_ok=True)


def _copied(folder: Path, target: Path) -> None:
    """The folder once more, whole or not at all; a copy of it that is there already serves."""
    if os.path.lexists(target):
        if not target.is_symlink() and _files(target) == _files(folder):
            return
        raise OutputError(f"{target}: is there already (name another place with --copy)", source=str(target))
    begun = target.with_name(f".{target.name}.tmp")
    try:
        shutil.rmtree(begun, ignore_errors=True)
        shutil.copytree(folder, begun, symlinks=True, ignore=shutil.ignore_patterns(*_NOT_COPIED))
        begun.replace(target)
    except (OSError, shutil.Error) as err:
        shutil.rmtree(begun, ignore_errors=True)
        message = f"{target}: cannot be written: {err} (free some space, or name another place with --copy)"
        raise OutputError(message, source=str(target)) from None


def _files(folder: Path) -> dict[str, str]:
    """The files of a record of version 1, each with its hash."""
    every = (path for path in folder.rglob("*") if path.is_file() or path.is_symlink())
    names = {path.relative_to(folder).as_posix(): path for path in every}
    mine = {name: path for name, path in names.items() if not any(fnmatch(name.partition("/")[0], p) for p in _NOT_COPIED)}
    return {name: path.readlink().as_posix() if path.is_symlink() else digest(path) for name, path in mine.items()}
