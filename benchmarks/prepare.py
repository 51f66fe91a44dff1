"""How long a table of contingencies takes, and how near its changed roadmaps come to what is proved the best.

    python benchmarks/prepare.py [--case us-dprk-2019] [--compare 5]

Plans the case, prepares for every event, and prints seconds of wall-clock and CPU time, the number of events and of changed
roadmaps. With `--compare N` the changed roadmaps of N of the events, spread evenly, are planned to the end as well (`plan`, one
minute each at most): the geometric mean of the gains of what the local search found, as a share of the planner's.
"""

from __future__ import annotations

import argparse
import math
import time

from detente.case.load import load
from detente.plan.certificate import Certificate
from detente.plan.delayed import delayed
from detente.plan.roadmap import Roadmap
from detente.plan.solve import plan
from detente.prepare.prepare import prepare
from detente.prepare.repair import repair
from detente.prepare.situation import situation


def main() -> None:
    parser = argparse.ArgumentParser(description="Time a table of contingencies.")
    parser.add_argument("--case", default="us-dprk-2019")
    parser.add_argument("--compare", type=int, default=5)
    asked = parser.parse_args()
    case = load(asked.case)
    roadmap = plan(case, reasons=False).roadmap
    prepare(case, roadmap, only=["government"])  # imports are not counted
    wall, cpu = time.perf_counter(), time.process_time()
    found = prepare(case, roadmap)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    tried = [c for c in found.contingencies if c.answers["repair"].holds is not None]
    events = len(found.contingencies)
    print(f"{asked.case}: {events} events, {len(tried)} changed roadmaps tried, {wall:.1f} s, {cpu:.1f} s of CPU")
    held = [c for c in tried if c.answers["repair"].holds]
    for c in held[:: max(1, len(held) // asked.compare)] if asked.compare else ():
        at = situation(case, roadmap, c.event)
        left, s = at.left(), at.state.phase
        due = {m: None if e is None else max(e - s, 0) for m, e in at.due}
        start = delayed(left, {m.id: -1 if m.in_force else due.get(m.id) for m in left.measures})
        ours = repair(left, "nash", (start, Roadmap.empty(left).entry))
        best = plan(left, reasons=False)
        share = _mean(ours.certificate) / _mean(best.certificate) if ours.certificate else math.nan
        print(
            f"{c.event.event} {'+'.join(c.event.parties)} {c.event.phase}: {100 * share:.2f} % of the planner's ({best.status})"
        )


def _mean(certificate: Certificate) -> float:
    gains = [float(x) for x in certificate.gain.values()]
    return math.prod(max(g, 0.0) for g in gains) ** (1 / len(gains))


if __name__ == "__main__":
    main()
