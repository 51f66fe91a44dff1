"""Whether the files of a record are as they were added: their SHA-256 against the entries that name them.

Hashing reads a file whole. So that a question to a large record does not cost that each time, the hash is kept, for as long as
the file has the same length, times of change, and number on the disk (inode). It is kept where this user keeps such things, not
in the record, which may have come from anybody; the file has no name in it, only hashes. `detente record check` reads all anew.

The system itself notes each change of a file as its `ctime`, which no program can set back. What this does not see: a change of
the bytes on the disk without the system's knowledge, and one that is made while a question is being answered.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from detente.base.atomic import write_atomic
from detente.errors import OutputError, RecordError

__all__ = ["digest", "digests"]

_CHUNK = 1 << 22
_SMALL = 1 << 16  # bytes: sooner hashed than looked up


def digests(folder: Path, files: Iterable[Path], *, anew: bool = False) -> Mapping[Path, str]:
    """The SHA-256 of files of a record, in hexadecimal; of those that are there and are files.

    folder : the record's. anew : read all, whatever is kept.
    """
    kept = _Kept(folder)
    found: dict[Path, str] = {}
    waiting: dict[Path, list[int]] = {}
    for path in files:
        with contextlib.suppress(OSError):
            state = path.lstat()
            if not stat.S_ISREG(state.st_mode):
                continue
            seen = [state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino, state.st_dev]
            known = None if anew else kept.get(path, seen)
            if known:
                found[path] = known
            else:
                waiting[path] = seen
    if waiting:
        with ThreadPoolExecutor(min(len(waiting), os.cpu_count() or 1)) as threads:
            hashed = zip(waiting, threads.map(_digest_or_none, waiting), strict=True)
            found.update({path: value for path, value in hashed if value})
        if large := {path: seen for path, seen in waiting.items() if seen[0] > _SMALL and path in found}:
            kept.save({path: [*seen, found[path]] for path, seen in large.items()})
    return found


def digest(path: Path) -> str:
    """The SHA-256 of one file, in hexadecimal.

    Raises
    ------
    RecordError
        If it cannot be read.
    """
    total = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                total.update(chunk)
    except OSError as err:
        raise RecordError(f"{path}: cannot be read: {err.strerror or err}", source=str(path)) from None
    return total.hexdigest()


def _digest_or_none(path: Path) -> str | None:
    try:
        return digest(path)
    except RecordError:
        return None


class _Kept:
    """The hashes of one record that are kept, by the hash of the file's path."""

    def __init__(self, folder: Path) -> None:
        from platformdirs import user_cache_path

        self._file: Path | None = None
        self._entries: dict[str, list[object]] = {}
        with contextlib.suppress(OSError, RuntimeError, ValueError, RecursionError):
            self._file = user_cache_path("detente", appauthor=False) / f"record-{_named(folder)[:32]}.json"
            found = json.loads(self._file.read_bytes())
            self._entries = found if isinstance(found, dict) else {}

    def get(self, path: Path, seen: list[int]) -> str | None:
        entry = self._entries.get(_named(path))
        return str(entry[-1]) if isinstance(entry, list) and entry[:-1] == seen else None

    def save(self, more: Mapping[Path, list[object]]) -> None:
        """Keep these too; where nothing can be kept, they are hashed again next time."""
        self._entries |= {_named(path): entry for path, entry in more.items()}
        with contextlib.suppress(OSError, OutputError):
            if self._file is not None:
                self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                write_atomic(self._file, json.dumps(self._entries))


def _named(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path.absolute())).hexdigest()
