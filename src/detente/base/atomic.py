"""Writing a file so that a killed process leaves the old state or the new one, never half of it.

What a killed process leaves beside the file is a temporary one that nobody holds any more; whoever writes the file next removes
it. Whoever is at it holds his own by a lock of the system, which ends with the process.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from detente.errors import OutputError

try:
    import fcntl
except ImportError:  # Windows: what a killed process has left stays
    fcntl = None  # type: ignore[assignment]

__all__ = ["write_atomic"]

_SUFFIX = ".detente.tmp"


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
        raise OutputError(f"{path or repr(path)}: cannot be written: {reason} ({hint})", source=str(path)) from err


def _replace(target: Path, content: bytes, mode: int | None) -> None:
    if target.is_dir():
        raise IsADirectoryError(21, "it is a folder")
    prefix = f".{target.name[:50]}."
    _clear(target.parent, prefix)
    handle, temporary = _new(target.parent, prefix)
    held = os.dup(handle) if fcntl else None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(_mode(target) if mode is None else mode)
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    finally:
        if held is not None:
            os.close(held)
    with contextlib.suppress(OSError):  # some file systems cannot flush a folder
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _new(folder: Path, prefix: str) -> tuple[int, Path]:
    """A temporary file, open and held."""
    while True:
        handle, name = tempfile.mkstemp(dir=folder, prefix=prefix, suffix=_SUFFIX)
        if fcntl:
            with contextlib.suppress(OSError):  # some file systems have no locks
                fcntl.flock(handle, fcntl.LOCK_EX)
        if os.path.lexists(name):
            return handle, Path(name)
        os.close(handle)  # somebody took it for a leftover before it was held


def _clear(folder: Path, prefix: str) -> None:
    """Remove temporary files that nobody holds."""
    if not fcntl:
        return
    with os.scandir(folder) as entries:
        left = [entry.path for entry in entries if entry.name.startswith(prefix) and entry.name.endswith(_SUFFIX)]
    for path in left:
        with contextlib.suppress(OSError):
            handle = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                Path(path).unlink()
            finally:
                os.close(handle)


def _mode(target: Path) -> int:
    if target.exists():
        return target.stat().st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
