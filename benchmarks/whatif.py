"""What is claimed about the speed of a change to a roadmap, to be run by anyone: python benchmarks/whatif.py

The roadmap at the likely values is planned once. Then each of its steps is moved by one phase, and every place of each step is
tried, warm: the case is loaded, its tables are made, and the kernels are compiled. Beside them stands a plan around a pin: the
seconds until its first roadmap.

Exit code: 0 where every target is met, 1 where one is not, 2 for arguments that mean nothing.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial

import detente as dt
from detente.errors import DetenteError
from detente.plan.whatif import places, whatif

CHANGE, PLACES, FIRST = 0.3, 2.0, 5.0  # seconds: of the median change, of the slowest table of places, until a first roadmap


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("case", nargs="?", default="us-dprk-2019", help="a bundled case, or the path of a case file")
    parser.add_argument("--steps", type=int, default=8, help="of how many steps every place is tried")
    options = parser.parse_args(argv)
    try:
        case = dt.load(options.case)
    except DetenteError as err:
        parser.error(str(err))
    roadmap = dt.plan(case, likely=True, reasons=False).roadmap
    steps = {m: t for m, t in roadmap.entry.items() if t is not None and t >= 0}
    if not steps or options.steps < 1:
        parser.error(f"{case.case}: wanted a roadmap with steps, and 1 or more of them to try")
    last = roadmap.phases - 1
    whatif(case, roadmap, move={next(iter(steps)): None})  # to warm up
    changes = [_seconds(partial(whatif, case, roadmap, move={m: min(t + 1, last)})) for m, t in steps.items()]
    tables = [_seconds(partial(places, case, roadmap, m)) for m in list(steps)[: options.steps]]
    first = _first(case, dict([steps.popitem()]))
    machine = f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end"
    print(f"{case.case}: {len(changes)} steps, {roadmap.phases} phases; {machine}")
    met = True
    for name, figure, target in (
        ("a change, median", statistics.median(changes), CHANGE),
        ("a change, slowest", max(changes), math.inf),
        ("every place of a step, slowest", max(tables), PLACES),
        ("a plan around a pin, first roadmap", first, FIRST),
    ):
        met &= figure < target
        print(f"{name:36} {figure:7.3f} s" + (f"   target {target:g} s" if math.isfinite(target) else ""))
    return 0 if met else 1


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _first(case: dt.Case, pin: dict[str, int]) -> float:
    """Seconds until the plan around a pin has a roadmap; of all of it, where it told of none before the end."""
    seen: list[float] = []

    def progress(seconds: float, value: float, bound: float) -> None:
        del bound
        if math.isfinite(value):
            seen.append(seconds)

    took = _seconds(lambda: dt.plan(case, likely=True, reasons=False, pin=pin, time_limit=30, progress=progress))
    return min([*seen, took])


if __name__ == "__main__":
    sys.exit(main())
