"""Writing a file so that a killed process leaves the old state or the new one, never half of it."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from detente.errors import OutputError

__all__ = ["write_atomic"]


def write_atomic(path: str | Path, text: str | bytes, *, mode: int | None = None) -> None:
    """Write a temporary file beside `path`, flush it to the disk, and rename it into place.

    mode : who may read and write it; None: as the file that is there, or as the system has it for a new one.

    An existing file keeps its mode; behind a symbolic link the target is replaced and the link stays. What is no regular file
    (a pipe, ``/dev/stdout``) is written to directly.

    Raises
    ------
    OutputError
        If the place cannot be written to.
    """
    content = text.encode("utf-8") if isinstance(text, str) else text
    try:
        target = Path(path).resolve()
        if target.exists() and not target.is_file() and not target.is_dir():
            target.write_bytes(content)
        else:
            _replace(target, content, mode)
    except OSError as err:
        hint = "create the folder first" if isinstance(err, FileNotFoundError) else "choose another place"
        reason = err.strerror or type(err).__name__
        raise OutputError(f"{path}: cannot be written: {reason} ({hint})", source=str(path)) from err


def _replace(target: Path, content: bytes, mode: int | None) -> None:
    if target.is_dir():
        raise IsADirectoryError(21, "it is a folder")
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:100]}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(_mode(target) if mode is None else mode)
        Path(name).replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
    with contextlib.suppress(OSError):  # some file systems cannot flush a folder
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _mode(target: Path) -> int:
    if target.exists():
        return target.stat().st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
