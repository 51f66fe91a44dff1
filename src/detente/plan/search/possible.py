"""Questions asked of the rows: is any step possible, whose gains can be had together, what can no roadmap exceed.

Bound. The relaxation of the rows (whole numbers forgotten, odds between levels allowed) is met by every roadmap that holds, so
its optimum bounds them all. A case of at most `SMALL` measures times phases is searched with whole numbers to the end instead.

Fastest. Maximise the speed (module `plan.walk.walk`) over the rows, with no touched party worse off than without a deal. The
answer is certified; where floating point let a row pass that does not hold, that row is tightened and the search repeated.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np

from detente.case.instance import Instance
from detente.errors import SolverError
from detente.plan.certificate import certify
from detente.plan.roadmap import Roadmap
from detente.plan.search.columns import is_large
from detente.plan.search.objective import POSITIVE, Aim
from detente.plan.search.problem import Problem
from detente.plan.search.relax import MENDS, certified, relaxed, unbroken
from detente.solver.effort import Effort
from detente.solver.linear import Expression, Solution, TimeOverError, total

__all__ = ["SMALL", "STEP_NODES", "any_step", "bound", "fastest", "gaining", "is_small"]

SMALL = 100  # measures times phases
STEP_NODES = 20_000
"""Of the search tree, for any step."""
_FIRST_NODES = 20  # for one set of parties, before walks are asked
_GAIN_NODES = {False: 20_000, True: 20}  # for one set of parties: in a case that is not large, and in one that is


def any_step(problem: Problem, effort: Effort) -> bool:
    """Whether some roadmap with at least one new step satisfies the rows, in exact arithmetic.

    Raises
    ------
    SolverError
        If the effort is over before that is known.
    """
    problem.programme.row(problem.schedule.entered(), 1.0)
    solve = lambda: effort.solve(problem.programme, Expression(), nodes=STEP_NODES)  # noqa: E731
    found = certified(problem, solve, effort)
    if found is None:
        limits = f"the time limit, {STEP_NODES} nodes and {MENDS} repairs"
        raise SolverError(f"{problem.instance.case}: whether any step is possible was not found out within {limits}")
    return bool(found)


def gaining(problem: Problem, effort: Effort) -> tuple[tuple[str, ...], ...]:
    """The largest sets of touched parties that can all gain together while the other touched parties do not lose.

    Mostly one set, all of them; several of one size where gains exclude each other; none where nobody can gain. Where the empty
    roadmap does not hold, or the first nodes do not tell, walks may (module `plan.walk.ladder`). Where the effort ends before
    it is known, all touched parties.
    """
    parties, programme = problem.instance.touched, problem.programme
    empty = Roadmap.empty(problem.instance)
    holds = certify(problem.instance, empty, **problem.asks).holds  # else whole numbers have nowhere to start, and take long
    if parties and (_all_gain(problem, empty) if holds else _walks_gain(problem, effort)):
        return (parties,)
    gains = {i: problem.gain(i) for i in parties}
    for size in range(len(parties), 0, -1):
        together = []
        for chosen in itertools.combinations(parties, size):
            least = programme.variable(0.0, 1e9)
            held = [programme.row(gains[i] - least if i in chosen else gains[i]) for i in parties]
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

    return not is_large(problem.instance) and _all_gain(problem, descended(problem.instance, "nash", effort, **problem.asks))


def _all_gain(problem: Problem, roadmap: Roadmap | None) -> bool:
    """Whether a roadmap holds and lets all touched parties gain."""
    if roadmap is None:
        return False
    certificate = certify(problem.instance, roadmap, **problem.asks)
    gains = {i: certificate.value[i] - certificate.no_deal[i] for i in problem.instance.touched}
    return certificate.holds and all(gain > POSITIVE * problem.size[i] for i, gain in gains.items())


def _some_gain(problem: Problem, least: Expression, effort: Effort, nodes: int) -> bool | None:
    """Whether the smallest gain can be positive; None: not known when the effort was over."""
    empty = problem.point(Roadmap.empty(problem.instance))

    def solve() -> Solution:
        start = np.append(empty, np.zeros(problem.programme.size - len(empty)))
        found = effort.solve(problem.programme, least, nodes=nodes, stop_at=POSITIVE, start=start)
        return found if found.value >= POSITIVE else replace(found, point=None)

    solution = unbroken(problem, solve, effort)
    if solution.point is not None:
        return True
    return False if solution.status in ("optimal", "infeasible") else None  # a proof only where the search came to its end


# -- bounds ------------------------------------------------------------------------------------------------------------------


def is_small(instance: Instance) -> bool:
    """Whether the case is searched to the end."""
    return len(instance.measures) * instance.phases <= SMALL


def bound(instance: Instance, objective: str, until: float = math.inf) -> float:
    """What no roadmap exceeds: the sum of log gains where all touched parties gain, the sum, the smallest gain, or the speed.

    -inf: no roadmap satisfies the rows (nash: with a gain for each touched party). inf: not known, by then if it is given.

    until : on the clock of `time.monotonic`.
    """
    try:
        problem = Problem(instance, deadline=until)
    except TimeOverError:
        return math.inf
    if objective == "speed":
        return relaxed(problem, _speed(problem), Effort(until)).bound
    aim = Aim(objective, problem, instance.touched)
    return aim.told(relaxed(problem, aim, Effort(until)).bound)


def fastest(instance: Instance, until: float = math.inf) -> Roadmap | None:
    """The roadmap with the largest speed; None where no roadmap satisfies the rows. until : as for `bound`.

    Raises
    ------
    SolverError
        If the solver ends without a proof, or tightened rows do not mend a roadmap that exact arithmetic refuses.
    """
    problem, effort = Problem(instance), Effort(until)
    goal = _speed(problem)

    def solve() -> Solution:
        solution = effort.solve(problem.programme, goal, gap=1e-9)
        return solution if solution.status == "optimal" else replace(solution, point=None)

    found = certified(problem, solve, effort)
    if found is None:
        raise SolverError(f"{instance.case}: the fastest roadmap was not found; check for values of very different size")
    return found if isinstance(found, Roadmap) else None


def _speed(problem: Problem) -> Expression:
    """The speed as a sum over the schedule; adds the rows that no touched party is worse off."""
    instance, schedule = problem.instance, problem.schedule
    for i in instance.touched:
        problem.programme.row(problem.gain(i))
    share = np.array([1 / len(instance.slices[instance.measures[n].whole]) / instance.phases for n in schedule.new])
    return total(schedule.level(schedule.new, share, t) for t in range(instance.phases))
