"""The best changed roadmap from a state: what "repair" means.

Where little is left to decide (at most `SMALL` phases open to all measures together) it is the planner's roadmap, proved the
best. Elsewhere it is where walks end from what was scheduled and from nothing at all (module `plan.walk.walk`); that is no
proof, and the result says so. Both count their work, not seconds. In either case every row is certified exactly, and the
roadmap helps (module `plan.process`). To leave it at what is in force can be the best way on, since that is still a process.

    detente plan CASE --status STATUS

searches the same problem to the end, on the day.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from detente.case.alone import alone
from detente.case.instance import Instance
from detente.plan.certificate import Certificate, certify
from detente.plan.roadmap import Roadmap
from detente.plan.solve import plan
from detente.plan.walk.walk import Climber, Policy

__all__ = ["SMALL", "Repair", "repair", "trimmed"]

SMALL = 64  # phases open to all measures together up to which the planner proves its answer in well under a second
_MARGINS = (-1e-9, 1e-7, 1e-5)  # in units of each party's largest value, where a roadmap fails the certificate by rounding
_POLICIES = (Policy(steps=40), Policy(weigh=0.01, steps=40, bumps=0))  # to mend with little loss of worth, or above all


@dataclass(frozen=True)
class Repair:
    """A changed roadmap on the calendar of what is left.

    status : "optimal" (proved the best), "feasible" (the best that was found) or "none" (none was found; proved where little is
        left to decide).
    """

    roadmap: Roadmap | None
    certificate: Certificate | None
    status: str
    proved: bool


def trimmed(left: Instance, roadmap: Roadmap) -> tuple[Instance, Roadmap]:
    """The same problem up to the phase from which on every row of the roadmap equals that of the steady state."""
    longest = max((m.lag for m in left.measures), default=1)
    last = max((e for e in roadmap.entry.values() if e is not None), default=-1)
    phases = min(left.phases, max(last + 1 + longest, *_begun(left, roadmap), 1))
    return replace(left, phases=phases), Roadmap(roadmap.case, phases, roadmap.entry)


def _begun(left: Instance, roadmap: Roadmap) -> Iterable[int]:
    """For each act that would be taken alone and that the roadmap leaves undone: from when on it is always the same."""
    world = alone(left)
    for n, m in enumerate(left.measures):
        ready, last = world.ready[n], world.last[n]
        if ready is not None and roadmap.entry[m.id] is None:
            yield ready if last == math.inf else max(ready, int(last) + 1)


def repair(left: Instance, objective: str, starts: Iterable[Mapping[str, int | None]]) -> Repair:
    """The best roadmap of what is left. `starts`: schedules that the search may begin with."""
    if sum(m.not_after - m.not_before + 1 for m in left.measures if not m.in_force) <= SMALL:
        found = plan(left, objective=objective, reasons=False)
        if not found:
            return Repair(None, None, "none", found.nothing_because != "limit")
        return Repair(found.roadmap, found.certificate, found.status, found.status == "optimal")
    climber, scheduled = Climber(left, objective), [Roadmap(left.case, left.phases, dict(start)) for start in starts]
    for margin in _MARGINS:
        policies = [policy._replace(margin=margin) for policy in _POLICIES]
        ends = [end for start in scheduled for end in climber.walks(start, 1.0, policies)]
        best = max((end for end in ends if end.holds), key=lambda end: end.worth, default=None)
        if best is None or (best.roadmap.is_empty and not left.under_way):
            break
        roadmap = best.roadmap
        certificate = certify(*trimmed(left, roadmap))
        if certificate.holds and certificate.helps:
            return Repair(roadmap, certificate, "feasible", False)
    return Repair(None, None, "none", False)
