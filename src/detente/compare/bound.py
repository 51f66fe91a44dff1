"""What no roadmap of a case can exceed, and for small cases the best itself.

The relaxation of the rows (whole numbers forgotten, odds between levels allowed) is met by every roadmap that holds, so its
optimum bounds them all. A case of at most `SMALL` measures times phases is searched with whole numbers to the end instead.

Fastest. Maximise the speed (module `plan.walk.walk`) over the rows, with no touched party worse off than without a deal.
The answer is certified; where floating point let a row pass that does not hold, that row is tightened and the search repeated.
"""

from __future__ import annotations

import math
import time

import numpy as np

from detente.case.instance import Instance
from detente.errors import SolverError
from detente.plan.certificate import certify
from detente.plan.roadmap import Roadmap
from detente.plan.search.branch import is_large
from detente.plan.search.objective import Aim
from detente.plan.search.rows import Rows
from detente.solver.linear import Expression, Relaxation, TimeOverError, total

__all__ = ["SMALL", "bound", "fastest", "is_small"]

SMALL = 100  # measures times phases
_ROUNDS = 40
_REPAIRS = 20
_AROUND = (0.85, 0.95, 1.0, 1.05, 1.2)


def is_small(instance: Instance) -> bool:
    """Whether the case is searched to the end."""
    return len(instance.measures) * instance.phases <= SMALL


def bound(instance: Instance, objective: str, until: float = math.inf) -> float:
    """What no roadmap exceeds: the sum of log gains where all touched parties gain, the sum, the smallest gain, or the speed.

    -inf: no roadmap satisfies the rows (nash: with a gain for each touched party). inf: not known, by then if it is given.

    until : on the clock of `time.monotonic`.
    """
    try:
        rows = Rows(instance, entries=is_large(instance), deadline=until)
    except TimeOverError:
        return math.inf
    aim = None if objective == "speed" else Aim(objective, rows, instance.touched)
    goal = _speed(rows) if aim is None else aim.expression
    relaxation = Relaxation(rows.programme, interior=is_large(instance))
    best = math.inf
    for _ in range(_ROUNDS):
        solution = relaxation.solve(goal, until - time.monotonic())
        if solution.status == "infeasible":
            return -math.inf
        if solution.point is None:
            return best
        best = min(best, solution.value if aim is None else aim.told(solution.value))
        added = _add_broken(rows, solution.point)
        if aim is not None and aim.curved and solution.value - aim.value(solution.point) > 1e-5:
            added |= aim.touch_at(solution.point, _AROUND)
        if not added:
            break
    return best


def fastest(instance: Instance, until: float = math.inf) -> Roadmap | None:
    """The roadmap with the largest speed; None where no roadmap satisfies the rows. until : as for `bound`.

    Raises
    ------
    SolverError
        If the solver ends without a proof, or tightened rows do not mend a roadmap that exact arithmetic refuses.
    """
    rows = Rows(instance)
    goal = _speed(rows)
    mended = 0
    while mended < _REPAIRS:
        solution = rows.programme.solve(goal, gap=1e-9, seconds=until - time.monotonic())
        if solution.status == "infeasible":
            return None
        if solution.point is None or solution.status != "optimal":
            break
        if _add_broken(rows, solution.point):
            continue
        roadmap = rows.roadmap(solution.point)
        certificate = certify(instance, roadmap)
        if certificate.holds:
            return roadmap
        tightened = [rows.tighten(row) for row in certificate.broken]
        if not all(tightened):
            break
        mended += 1
    raise SolverError(f"{instance.case}: the fastest roadmap was not found; check for values of very different size")


def _speed(rows: Rows) -> Expression:
    """The speed as a sum over the schedule; adds the rows that no touched party is worse off."""
    instance, schedule = rows.instance, rows.schedule
    for i in instance.touched:
        rows.programme.row(rows.gain(i))
    new = [(n, m) for n, m in enumerate(instance.measures) if schedule.can_enter(n)]
    which = np.array([n for n, _ in new], dtype=np.int64)
    share = np.array([1 / len(instance.slices[m.whole]) / instance.phases for _, m in new])
    return total(schedule.level(which, share, t) for t in range(instance.phases))


def _add_broken(rows: Rows, point: np.ndarray) -> bool:
    """Add the trust rows that a point breaks; whether there were any."""
    broken = [(trust, t) for trust in rows.trust.values() for t in trust.broken_at(point)]
    for trust, t in broken:
        trust.add(t)
    return bool(broken)
