"""Questions asked of the rows: is there a roadmap that helps, whose gains can be had together, what can no roadmap exceed.

Everything here is about roadmaps that *help* (module `plan.process`). Leaving rows out only adds to them, so that the answers
to the questions of diagnosis are nested: who finds a roadmap with all rows finds one without those of trust, and in some order
without any. That there is none is only said where it is proved: odds are rounded up and made exact where that matters (module
`trust_rows`), and what ends within its limits is not known.

Bound. The relaxation of the rows (whole numbers forgotten, odds between levels allowed) is met by every roadmap that holds, so
its optimum bounds them all. A case of at most `SMALL` measures times phases is searched with whole numbers to the end instead.

Fastest. Maximise the speed (module `plan.walk.walk`) over the rows. The answer is certified; where floating point let a row
pass that does not hold, that row is tightened and the search repeated.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np

from detente.case.instance import Instance
from detente.errors import SolverError
from detente.plan.certificate import Certificate, certify, values
from detente.plan.process import Process
from detente.plan.roadmap import Roadmap
from detente.plan.search.columns import is_large
from detente.plan.search.objective import Aim
from detente.plan.search.problem import Problem
from detente.plan.search.relax import certified, relaxed, unbroken
from detente.plan.search.rows import POSITIVE, Rows
from detente.solver.effort import Effort
from detente.solver.linear import Expression, Solution, TimeOverError, total

__all__ = ["SMALL", "STEP_NODES", "bound", "fastest", "gaining", "helpful", "in_some_order", "is_small"]

SMALL = 100  # measures times phases
STEP_NODES = 20_000
"""Of the search tree, for any roadmap that helps."""
_FIRST_NODES = 20  # for one set of parties, before walks are asked
_GAIN_NODES = {False: 20_000, True: 20}  # for one set of parties: in a case that is not large, and in one that is


def helpful(instance: Instance, effort: Effort, *, trust: bool = True, red_lines: bool = True) -> Roadmap | bool | None:
    """Some roadmap that helps and satisfies the rows; False: proved that there is none; None: not known."""
    try:
        problem = Problem(instance, trust=trust, red_lines=red_lines, helping=True, rounding="up", deadline=effort.until)
        solve = lambda: effort.solve(problem.programme, Expression(), nodes=STEP_NODES)  # noqa: E731
        return certified(problem, solve, effort)
    except TimeOverError:
        return None


def in_some_order(instance: Instance, effort: Effort) -> Roadmap | bool | None:
    """Some schedule that would help if everybody kept to it; False: proved that there is none; None: not known."""
    try:
        rows = Rows(instance, red_lines=False, incentives=False, helping=True, deadline=effort.until)
    except TimeOverError:
        return None
    least = rows.programme.variable(-math.inf, math.inf)
    for i in instance.touched:
        rows.programme.row(rows.gain(i) - least)
    solution = effort.solve(rows.programme, least, gap=0.01)
    if solution.point is None:
        return False if solution.status == "infeasible" else None
    roadmap = rows.roadmap(solution.point)
    return roadmap if Process(instance, roadmap).helps(values(instance, roadmap)) else None


def gaining(problem: Problem, effort: Effort) -> tuple[tuple[str, ...], ...]:
    """The largest sets of touched parties that can all gain together, by roadmaps that help.

    Mostly one set, all of them; several of one size where gains exclude each other; none where nobody can gain. Where the first
    nodes do not tell, walks may (module `plan.walk.ladder`). Where the effort ends before it is known, all touched parties.
    """
    parties, programme = problem.instance.touched, problem.programme
    gains = {i: problem.gain(i) for i in parties}
    for size in range(len(parties), 0, -1):
        together = []
        for chosen in itertools.combinations(parties, size):
            least = programme.variable(0.0, 1e9)
            held = [programme.row(gains[i] - least) for i in chosen]
            gain = _some_gain(problem, least, effort, _FIRST_NODES)
            if gain is None:
                if size == len(parties) and _walks_gain(problem, effort):
                    return (parties,)
                gain = _some_gain(problem, least, effort, _GAIN_NODES[is_large(problem.instance)])
            programme.drop(held)
            if gain is None:
                return (parties,)
            if gain:
                together.append(chosen)
        if together:
            return tuple(together)
    return ()


def _walks_gain(problem: Problem, effort: Effort) -> bool:
    """Whether walks find a roadmap that lets all touched parties gain; in a case that is large none are taken."""
    from detente.plan.walk.ladder import descended

    if is_large(problem.instance):
        return False
    roadmap = descended(problem.instance, "nash", effort, **problem.asks)
    return roadmap is not None and _all_gain(problem, certify(problem.instance, roadmap, **problem.asks))


def _all_gain(problem: Problem, certificate: Certificate) -> bool:
    """Whether a roadmap holds, helps and lets all touched parties gain."""
    gain, size = certificate.gain, problem.size
    return certificate.holds and certificate.helps and all(gain[i] > POSITIVE * size[i] for i in problem.instance.touched)


def _some_gain(problem: Problem, least: Expression, effort: Effort, nodes: int) -> bool | None:
    """Whether the smallest gain can be positive; None: not known when the effort was over."""

    def solve() -> Solution:
        found = effort.solve(problem.programme, least, nodes=nodes, stop_at=POSITIVE)
        return found if found.value >= POSITIVE else replace(found, point=None)

    solution = unbroken(problem, solve, effort)
    if solution.point is not None:
        return True
    if solution.status not in ("optimal", "infeasible"):
        return None
    return False if problem.exact else None  # a proof only where the search came to its end, and no odds were rounded down


# -- bounds ------------------------------------------------------------------------------------------------------------------


def is_small(instance: Instance) -> bool:
    """Whether the case is searched to the end."""
    return len(instance.measures) * instance.phases <= SMALL


def bound(instance: Instance, objective: str, until: float = math.inf) -> float:
    """What no roadmap that helps exceeds: the sum of log gains where all touched parties gain, the sum, the smallest gain, or
    the speed.

    -inf: no roadmap that helps satisfies the rows (nash: with a gain for each touched party). inf: not known, by then if it is
    given.

    until : on the clock of `time.monotonic`.
    """
    try:
        problem = Problem(instance, helping=True, deadline=until)
    except TimeOverError:
        return math.inf
    if objective == "speed":
        return relaxed(problem, _speed(problem), Effort(until)).bound
    aim = Aim(objective, problem, instance.touched)
    return aim.told(relaxed(problem, aim, Effort(until)).bound)


def fastest(instance: Instance, until: float = math.inf) -> Roadmap | None:
    """The roadmap with the largest speed among those that help; None where none of these satisfies the rows. until : as for
    `bound`.

    Raises
    ------
    SolverError
        If the solver ends without a proof, or tightened rows do not mend a roadmap that exact arithmetic refuses.
    """
    problem, effort = Problem(instance, helping=True), Effort(until)
    goal = _speed(problem)

    def solve() -> Solution:
        solution = effort.solve(problem.programme, goal, gap=1e-9)
        return solution if solution.status == "optimal" else replace(solution, point=None)

    found = certified(problem, solve, effort)
    if found is None:
        raise SolverError(f"{instance.case}: the fastest roadmap was not found; check for values of very different size")
    return found if isinstance(found, Roadmap) else None


def _speed(problem: Problem) -> Expression:
    """The speed as a sum over the schedule."""
    instance, schedule = problem.instance, problem.schedule
    share = np.array([1 / len(instance.slices[instance.measures[n].whole]) / instance.phases for n in schedule.new])
    return total(schedule.level(schedule.new, share, t) for t in range(instance.phases))
