"""What a command costs in a process of its own, all that it imports included."""

from __future__ import annotations

import resource
import subprocess
import time
from collections.abc import Sequence
from typing import Any

__all__ = ["timed"]


def timed(command: Sequence[str], **how: Any) -> tuple[float, float, subprocess.CompletedProcess[str]]:
    """Seconds of the processor, seconds by the wall, and what came of it. how : as for `subprocess.run`."""

    def processor() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    before, began = processor(), time.perf_counter()
    done = subprocess.run(command, text=True, capture_output=True, **how)
    return processor() - before, time.perf_counter() - began, done
