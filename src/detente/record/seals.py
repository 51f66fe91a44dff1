"""Whether the files of a record are as they were added: their SHA-256 against the entries that name them.

Hashing reads a file whole. So that a question to a large record does not cost that each time, the hash is kept, for as long as
the file has the same length, times of change, and number on the disk (inode). It is kept in the cache of this user
(`base.cache`), not in the record, which may have come from anybody; the file has no name in it, only hashes. `detente record
check` reads all anew.

The system itself notes each change of a file as its `ctime`, which no program can set back. What this does not see: a change of
the bytes on the disk without the system's knowledge, and one that is made while a question is being answered.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from detente.base.cache import recall, remember
from detente.errors import RecordError

__all__ = ["digest", "digests"]

_CHUNK = 1 << 22
_SMALL = 1 << 16  # bytes: sooner hashed than looked up
_KIND = "records"


def digests(folder: Path, files: Iterable[Path], *, anew: bool = False) -> Mapping[Path, str]:
    """The SHA-256 of files of a record, in hexadecimal; of those that are there and are files.

    folder : the record's. anew : read all, whatever is kept.
    """
    entries = recall(_KIND, _named(folder))
    kept = entries if isinstance(entries, dict) else {}
    found: dict[Path, str] = {}
    waiting: dict[Path, list[int]] = {}
    for path in files:
        with contextlib.suppress(OSError):
            state = path.lstat()
            if not stat.S_ISREG(state.st_mode):
                continue
            seen = [state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino, state.st_dev]
            entry = None if anew else kept.get(_named(path))
            if isinstance(entry, list) and entry[:-1] == seen:
                found[path] = str(entry[-1])
            else:
                waiting[path] = seen
    if waiting:
        with ThreadPoolExecutor(min(len(waiting), os.cpu_count() or 1)) as threads:
            hashed = zip(waiting, threads.map(_digest_or_none, waiting), strict=True)
            found.update({path: value for path, value in hashed if value})
        large = {path: seen for path, seen in waiting.items() if seen[0] > _SMALL and path in found}
        if large:
            remember(_KIND, _named(folder), kept | {_named(path): [*seen, found[path]] for path, seen in large.items()})
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


def _named(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path.absolute())).hexdigest()
