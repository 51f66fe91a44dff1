"""One writer at a time: a lock on a file, which whoever comes later waits for, up to a stated time.

Ten people who add to one folder at once all land, one after the other. The system gives the lock back when its process ends,
however it ends; the file of the lock stays, and means nothing by itself. Where somebody holds it for longer than anyone should
wait, the message says so, and by which process, where the system tells.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from detente.errors import InputError, OutputError

__all__ = ["WAIT", "locked"]

WAIT = 30.0
"""How long a writer waits for another, in seconds."""


@contextlib.contextmanager
def locked(path: str | Path, *, wait: float = WAIT, error: type[InputError] = OutputError) -> Iterator[None]:
    """Hold the lock of a file, which is created beside what it guards; Ctrl-C ends the waiting.

    Parameters
    ----------
    path : the file of the lock, such as ``FOLDER/.lock``; never the file that is written.
    wait : seconds, 0 or more; 0: it is free now, or it is an error.

    Raises
    ------
    OutputError
        Or `error`, if another holds it for longer than that, or if it cannot be created.
    """
    from filelock import FileLock, Timeout

    folder = Path(path).parent
    if Path(path).is_symlink():  # it would be opened where it leads to
        raise error(f"{path}: is a link, wanted a file or nothing (remove it)", source=str(folder))
    lock = FileLock(path)
    try:
        folder.stat()  # or the lock would create it
        lock.acquire(timeout=wait)
    except Timeout:
        raise error(
            f"{folder}: {_holder(Path(path))} is writing here and was not done after {wait:g} s"
            " (try again when it has ended; its lock ends with it)",
            source=str(folder),
        ) from None
    except (OSError, NotImplementedError, ValueError) as err:
        hint = "create the folder first" if isinstance(err, FileNotFoundError) else "choose another place"
        reason = getattr(err, "strerror", None) or str(err)
        raise error(f"{folder}: cannot be written to: {reason} ({hint})", source=str(folder)) from None
    try:
        yield
    finally:
        lock.release()


def _holder(path: Path) -> str:
    """Who holds the lock of a file, as Linux lists it."""
    with contextlib.suppress(OSError, ValueError):
        inode = path.stat().st_ino
        for line in Path("/proc/locks").read_text(encoding="ascii").splitlines():
            entry = line.split()  # number, kind, mode, access, process, device:inode, ...
            if len(entry) > 5 and entry[1] == "FLOCK" and entry[5].endswith(f":{inode}") and int(entry[4]) > 0:
                return f"another process ({entry[4]})"
    return "another process"
