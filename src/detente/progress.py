"""A progress line on standard error for searches that take long; silent where nobody watches."""

from __future__ import annotations

import math
import sys

from detente.solver.linear import Progress

__all__ = ["progress_line"]

_AFTER = 2.0  # seconds of silence: most searches are over by then


def progress_line() -> Progress | None:
    """A callback for `plan` and `diagnose`; None where standard error is no terminal."""
    if not sys.stderr.isatty():
        return None
    last = 0.0

    def report(seconds: float, value: float, bound: float) -> None:
        nonlocal last
        if seconds < _AFTER or seconds - last < 0.5:
            return
        last = seconds
        best = "no roadmap yet" if not math.isfinite(value) else f"best {value:.4g}"
        limit = "" if not math.isfinite(bound) else f", none above {bound:.4g}"
        print(f"\r\x1b[Ksearching, {seconds:.0f} s: {best}{limit}", end="", file=sys.stderr, flush=True)

    return report
