"""What has come of a file so far: NAME.part in the folder, a regular file of its own.

Nothing is written through a link that stands in its place, or into a device or a pipe: a folder may come from somebody else.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Literal

from detente.errors import OutputError

__all__ = ["begin_with", "give_up", "size", "written"]

_WRITE = os.O_WRONLY | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_FLAGS = {"ab": _WRITE | os.O_APPEND, "wb": _WRITE | os.O_TRUNC}


def size(part: Path) -> int:
    """Its bytes; 0 if there is none.

    Raises
    ------
    OutputError
        If something else stands in its place.
    """
    try:
        found = part.lstat()
    except FileNotFoundError:
        return 0
    if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
        raise _no_part(part)
    return found.st_size


def give_up(part: Path) -> None:
    """Begin anew the next time."""
    part.unlink(missing_ok=True)


@contextlib.contextmanager
def written(part: Path, mode: Literal["ab", "wb"]) -> Iterator[IO[bytes]]:
    """The part, opened; on the disk afterwards, whatever happens.

    Raises
    ------
    OutputError
        If it cannot be written, or something else stands in its place.
    """
    size(part)
    try:
        with os.fdopen(os.open(part, _FLAGS[mode], 0o666), mode) as file:
            try:
                yield file
            finally:
                file.flush()
                os.fsync(file.fileno())
    except OSError as err:
        if err.errno == errno.ELOOP:
            raise _no_part(part) from None
        hint = "make room, and run it again: it goes on from here" if err.errno == errno.ENOSPC else "choose another place"
        raise OutputError(f"{part}: cannot be written: {err.strerror} ({hint})", source=str(part)) from None


def begin_with(part: Path, path: Path) -> None:
    """Let the part be a copy of a file."""
    with path.open("rb") as source, written(part, "wb") as target:
        shutil.copyfileobj(source, target, 1 << 20)


def _no_part(part: Path) -> OutputError:
    message = f"{part}: is a link or no file, and nothing is written through it (remove it, or choose another place)"
    return OutputError(message, source=str(part))
