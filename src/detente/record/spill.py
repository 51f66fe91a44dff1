"""Where a query of a record puts what is too much for the memory: a hidden folder in the record, one for each process.

Two processes may not share one (older editions of duckdb take each other's files for theirs, and crash). It is gone when the
query has ended. What a killed process has left is removed by whoever adds to the record next, once that process is gone.
"""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

__all__ = ["clear", "spilling"]

_START = ".spill-"
_NUMBERS = count()


@contextlib.contextmanager
def spilling(folder: Path) -> Iterator[Path]:
    """A folder of this process's own, which duckdb makes if it needs it."""
    place = folder / f"{_START}{platform.node()}-{os.getpid()}-{next(_NUMBERS)}"
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def clear(folder: Path) -> None:
    """Remove what killed processes of this machine have left."""
    for place in folder.glob(f"{_START}*"):
        machine, _, rest = place.name.removeprefix(_START).rpartition("-")[0].rpartition("-")
        if machine == platform.node() and rest.isdecimal() and not _runs(int(rest)):
            shutil.rmtree(place, ignore_errors=True)


def _runs(process: int) -> bool:
    """Whether there is such a process; where the system cannot be asked, there is."""
    if os.name == "posix":
        try:
            os.kill(process, 0)
        except (ProcessLookupError, OverflowError):
            return False
        except OSError:
            pass
    return True
