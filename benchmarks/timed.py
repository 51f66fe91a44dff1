"""A command in a process of its own, and what it takes."""

from __future__ import annotations

import resource
import subprocess
import time
from collections.abc import Sequence
from typing import Any

__all__ = ["timed"]


def timed(command: Sequence[str], **options: Any) -> tuple[float, float, subprocess.CompletedProcess[Any]]:
    """Seconds of the processor, those on the clock, and how it ended. options : of `subprocess.run`."""

    def spent() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    before, began = spent(), time.perf_counter()
    done = subprocess.run(command, **options)
    return spent() - before, time.perf_counter() - began, done
