"""Greedy pair-adding: what a mediator does by hand. A start for the search where trust is scarce, and a rival to measure it by.

1. Start with what everybody does alone.
2. A candidate is one measure, or two without a common actor, from some phase on, each with whatever it still needs.
3. Add the candidate and phase that raise the objective most among those that keep every row. Stop when none raises it.

Adding one measure at a time alone would never start ("you first"), hence the pairs. The rule ends 2 to 30% below the best, but
where trust is scarce and three parties or more act it finds a first roadmap long before branching on whole numbers does
(benchmarks/plan.py). It is a walk whose policy offers single measures and pairs from outside alone, the best of all first.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from detente.case.instance import Instance
from detente.plan.certificate import certify
from detente.plan.roadmap import Roadmap
from detente.plan.walk.walk import Climber, Policy

__all__ = ["Grown", "grow"]

_MARGINS = (-1e-9, 1e-7)  # of a party's largest value: the slack that rows must have; more where rounding decided


@dataclass(frozen=True)
class Grown:
    """Where the greedy rule ended. holds: by the exact certificate; finished: not stopped by the limit."""

    roadmap: Roadmap
    holds: bool
    additions: int
    finished: bool


def grow(instance: Instance, objective: str = "nash", *, seconds: float, trust: bool = True, red_lines: bool = True) -> Grown:
    """Add candidates until none raises the objective, or the seconds are over.

    objective : "nash", "sum" or "min", of the gains of the touched parties, of which there is at least one. No
    step at all is where it ends where none helps.
    trust, red_lines : keep these rows, too.
    """
    deadline = time.monotonic() + seconds
    climber = Climber(instance, objective, trust=trust, red_lines=red_lines)
    empty = Roadmap.empty(instance)
    for margin in _MARGINS:
        policy = Policy(margin=margin, steps=1, bumps=0, only=1)
        roadmap, additions = empty, -1
        before: Roadmap | None = None
        while roadmap != before and time.monotonic() < deadline:
            before, additions = roadmap, additions + 1
            roadmap = climber.walk(roadmap, policy=policy).roadmap
        if certify(instance, roadmap, trust=trust, red_lines=red_lines).holds:
            return Grown(roadmap, True, additions, roadmap == before)
    holds = certify(instance, empty, trust=trust, red_lines=red_lines).holds
    return Grown(empty, holds, 0, time.monotonic() < deadline)
