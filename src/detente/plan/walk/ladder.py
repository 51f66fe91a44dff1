"""A roadmap where trust is scarce: down a ladder of trust, then to and fro.

1. Down. Start with what everybody does alone and with much more trust than there is, all odds multiplied by `TOP`. Climb there,
   multiply the odds by less, mend and climb, and so on down to the stated trust. Ladders with rungs at several ratios and
   policies end at different roadmaps. Where nothing mends one, measures leave until it holds.
2. To and fro (strategic oscillation, Glover 1989). Take the best to more trust or to less, walk there, come back and walk
   again. If that ends at a better one, go on from it; until nothing is better.

The work is counted, nothing is drawn at random. The time limit is looked at between walks; where it ends the search, the best
so far is what there is, and the effort says that it struck.
"""

from __future__ import annotations

import math

from detente.case.instance import Instance
from detente.plan.certificate import certify
from detente.plan.roadmap import Roadmap
from detente.plan.walk.walk import Climber, Policy, Walk
from detente.solver.effort import Effort

__all__ = ["descended"]

_TOP = 256.0  # times the stated odds
_RATIOS = (4.0, 3.0, 2.5, 2.0)  # of the odds of two rungs
_POLICIES = (Policy(), Policy(weigh=0.1))
_TO = (0.25, 0.5, 0.7, 0.85, 1.2, 1.4, 2.0, 4.0, 16.0)  # factors of the odds
_ROUNDS = 6  # of step 2
_BUDGET = 2e9  # of work (`Climber`)
_MARGIN = 1e-7  # slack to ask for where rounding decided


def descended(
    instance: Instance, objective: str, effort: Effort, *, trust: bool = True, red_lines: bool = True
) -> Roadmap | None:
    """The best roadmap of both steps, which holds and helps by its certificate, kept with the instance; None where none was
    found.

    effort : whose time limit ends it. trust, red_lines : keep these rows, too.
    """
    known: dict[object, Roadmap | None] = vars(instance).setdefault("_descended", {})
    asked = objective, trust, red_lines
    if asked in known:
        return known[asked]
    found = _descended(instance, objective, effort, trust, red_lines)
    if not effort.over():
        known[asked] = found
    return found


def _descended(instance: Instance, objective: str, effort: Effort, trust: bool, red_lines: bool) -> Roadmap | None:
    climber = Climber(instance, objective, trust=trust, red_lines=red_lines, budget=_BUDGET)
    ends = [end for ratio in _RATIOS for policy in _POLICIES if (end := _down(climber, ratio, policy, effort)).holds]
    best = max(ends, key=lambda end: end.worth, default=None)
    if best is None:
        return None
    for _ in range(_ROUNDS):
        before = best
        for factor in _TO:
            for policy in _POLICIES if not effort.over() else ():
                there = climber.walk(best.roadmap, factor, policy)
                back = climber.walk(there.roadmap, 1.0, policy)
                best = max(best, back, key=lambda end: (end.holds, end.worth))
        if best is before:
            break
    for roadmap in (best.roadmap, climber.walk(best.roadmap, 1.0, Policy(margin=_MARGIN)).roadmap):
        certificate = certify(instance, roadmap, trust=trust, red_lines=red_lines)
        if certificate.holds and certificate.helps:
            return roadmap
    return None


def _down(climber: Climber, ratio: float, policy: Policy, effort: Effort) -> Walk:
    """Step 1 with rungs at about a ratio of the odds. Where the time is over: a walk that does not hold."""
    nowhere = Walk(Roadmap.empty(climber.instance), -math.inf, False, math.inf, 0)
    if effort.over():
        return nowhere
    rungs = math.ceil(math.log(_TOP) / math.log(ratio))
    end = climber.walk(Roadmap.empty(climber.instance), _TOP, policy)
    for rung in range(1, rungs + 1):
        if effort.over():
            return nowhere
        factor, above = _TOP ** (1 - rung / rungs), end.roadmap
        end = climber.walk(above, factor, policy)
        if not end.holds:
            left = climber.walk(above, factor, Policy(weigh=0.1, only=-1))
            end = climber.walk(left.roadmap, factor)
    return end
