"""What is claimed about the speed of plays, to be run by anyone: python benchmarks/assess.py

A roadmap of 25 measures over 24 phases with every kind of risk is played 250,000, 500,000 and 1,000,000 times on one core,
once the kernel has been compiled (that takes half a minute, once an installation), with everything that is summed up of it.
Beside it, in the same run, the plain Python version from the tests, for a few plays, and the ratio of the two; where these
disagree, that is a failure, whatever the speed.

Then a million plays in each of which every uncertain value is drawn.

Exit code: 0 where a million plays take less than 10 s, with draws less than 15 s, and the time is linear in the runs (to within
a quarter), 1 where not.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from detente.assess.layout import world_of
from detente.assess.profile import load_profile
from detente.assess.records import played
from detente.assess.run import run
from detente.assess.strategies import chosen
from detente.assess.tally import Frame
from detente.case.case import Case
from detente.case.draws.draw import uncertainty
from detente.case.load import load
from detente.plan.solve import plan

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

SECONDS, DRAWN_SECONDS = 10.0, 15.0
MEASURES, PHASES = 25, 24


def drawn(seed: int) -> Case:
    """Two parties, gifts worth 1.4 to 2.2 of their cost, lags 1 to 3, two shocks, an election, steps that fail or come late."""
    r = random.Random(seed)
    ids = [f"m{n:02d}" for n in range(MEASURES)]
    measures: dict[str, Any] = {}
    for n, m in enumerate(ids):
        i, j, cost = "ab"[n % 2], "ba"[n % 2], round(r.uniform(0.3, 1), 2)
        value = {i: -cost, j: round(cost * r.uniform(1.4, 2.2), 2)}
        share, lag = round(r.uniform(0, 0.5), 2), r.randint(1, 3)
        measures[m] = {"title": m, "by": i, "kind": "other", "value": value, "irreversible": share, "lag": lag, "signal": 1.1}
        if n >= 2 and r.random() < 0.4:
            measures[m]["requires"] = [ids[n - 2]]
    party = {"discount": 0.97, "stalemate": -0.1, "breakdown": 5}
    return load(
        {
            "case": "drawn",
            "title": "Drawn",
            "as_of": "2020-01-01",
            "phases": {"length": "1 month", "count": PHASES},
            "parties": {i: {"name": i, **party, "trust": {j: 0.4}} for i, j in ("ab", "ba")},
            "measures": measures,
            "risks": [
                {"id": "s1", "kind": "shock", "by": "a", "chance": 0.03, "ratio": 0.6},
                {"id": "s2", "kind": "shock", "by": "b", "chance": 0.03, "ratio": 0.6},
                {"id": "vote", "kind": "government", "party": "a", "at": 12, "chance": 0.4, "value": {"m00": -1.5}},
                {"id": "red-tape", "kind": "performance", "on": ids[::5], "fails": 0.1, "late": [0, 1, 3]},
            ],
        }
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Time the plays of a roadmap.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=1_000_000)
    parser.add_argument("--plain", type=int, default=200, help="plays of the plain version")
    asked = parser.parse_args(arguments)
    from plainplay import Play

    case, profile = drawn(asked.seed), load_profile()
    it = case.instance
    roadmap = plan(case, reasons=False, time_limit=60, gap=0.01).roadmap
    (strategy,) = chosen(case, ["plan"], roadmap, profile)
    world, script = world_of(case, profile), strategy.script(it, profile)
    frame = Frame(np.ones(2), ())
    run(world, [script], frame, 10, 0)  # compiled, or read from the cache
    load_now = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    print(f"{MEASURES} measures, {PHASES} phases, one core, {platform.machine()}, load at the start {load_now:.1f}")
    times = {}
    for runs in (asked.runs // 4, asked.runs // 2, asked.runs):
        wall, cpu = time.perf_counter(), time.process_time()
        run(world, [script], frame, runs, 0)
        times[runs] = time.process_time() - cpu
        wall = time.perf_counter() - wall
        print(f"{runs:>9,} plays: {wall:6.2f} s, {times[runs]:6.2f} s of CPU, {times[runs] / runs * 1e6:.2f} µs each")
    known = uncertainty(case)
    with_draws = world_of(case, profile, quantities=known.quantities)
    run(with_draws, [script], frame, 10, 0, uncertain=known)
    cpu = time.process_time()
    run(with_draws, [script], frame, asked.runs, 0, uncertain=known)
    drawn_cpu = time.process_time() - cpu
    each = drawn_cpu / asked.runs * 1e6
    print(
        f"{asked.runs:>9,} plays, {len(known.quantities)} values drawn in each: {drawn_cpu:6.2f} s of CPU, {each:.2f} µs each"
    )
    wall = time.process_time()
    plain = [Play(case, profile, strategy.entry, script.tolerate, None, None, 0, n).played() for n in range(asked.plain)]
    each = (time.process_time() - wall) / asked.plain
    here = played(world, script, 0, 0, asked.plain)
    agree = np.allclose(here.value, [[p.total[i] for i in p.ps] for p in plain], rtol=1e-9)
    ratio = each / (times[asked.runs] / asked.runs)
    print(
        f"plain Python: {each * 1e6:,.0f} µs each, {ratio:,.0f} times as long; {'the same values' if agree else 'OTHER VALUES'}"
    )
    linear = times[asked.runs] < 1.25 * 4 * times[asked.runs // 4]
    fast = times[asked.runs] * 1_000_000 / asked.runs < SECONDS
    drawn_fast = drawn_cpu * 1_000_000 / asked.runs < DRAWN_SECONDS
    print(f"a million under {SECONDS:g} s: {'yes' if fast else 'no'}; linear: {'yes' if linear else 'no'}")
    print(f"a million with draws under {DRAWN_SECONDS:g} s: {'yes' if drawn_fast else 'no'}")
    return 0 if fast and drawn_fast and linear and agree else 1


if __name__ == "__main__":
    sys.exit(main())
