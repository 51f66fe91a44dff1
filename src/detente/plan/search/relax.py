"""The loop that every search of the problem goes round: solve, add the trust rows that the solution breaks, solve again.

Few trust rows ever bind, and each costs columns and rows. So a programme begins without them and gets those that its solutions
break. The programme of each round is a relaxation of the whole problem: its optimum is a bound, that it has no solution is a
proof that there is none (unless odds had to be rounded: `Problem.exact`), and a solution that breaks nothing solves all of it.

    unbroken    the loop itself, around any way to solve
    relaxed     without whole numbers, with tangents where the objective is curved: a bound, or that nothing satisfies the rows
    trial       under fixed odds, where all rows are linear: a schedule, soon
    certified   with whole numbers, until exact arithmetic passes a schedule

What comes out of the solver is floating point. A schedule that it lets pass and exact arithmetic does not is mended (rows
tightened, or the schedule cut off), and the loop goes on. Where odds were rounded up, it may pass for that: then its odds
become levels, as often as it takes, and so in the end there is a schedule, or a proof that there is none.

Cutting planes: Kelley 1960. Everything is bounded by an `Effort`; what it ends is not known, and never "there is none".
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from detente.plan.certificate import Certificate, certify
from detente.plan.roadmap import Roadmap
from detente.plan.search.columns import is_large
from detente.plan.search.objective import Aim
from detente.plan.search.problem import Problem
from detente.solver.effort import Effort
from detente.solver.linear import Expression, Relaxation, Solution

__all__ = ["MENDS", "STRENGTHS", "Fixed", "certified", "cut_off", "relaxed", "tighten", "trial", "unbroken"]

MENDS = 50
"""Schedules that may fail in exact arithmetic before a question is left open."""
STRENGTHS = (1.0, 0.8, 0.6, 0.3, 0.0)
"""Shares of the logs of the odds that a relaxation earns, from which trials begin."""
_ROUNDS = 40  # of tangents

Fixed = tuple[NDArray[np.int64], NDArray[np.float64]]
"""Columns and what they are fixed at."""


def unbroken(problem: Problem, solve: Callable[[], Solution], effort: Effort) -> Solution:
    """The first solution that breaks no row, or the one without a point that ended it."""
    while not effort.over():
        solution = solve()
        if solution.point is None or not problem.add_broken(solution.point):
            return solution
    return Solution("limit", None, -math.inf, math.inf)


def relaxed(problem: Problem, goal: Expression | Aim, effort: Effort) -> Solution:
    """The optimum without whole numbers.

    Its status is "optimal" where it breaks nothing; "feasible" where the effort ended it: then only its value, a bound, counts.
    """
    aim = goal if isinstance(goal, Aim) else None
    expression = goal.expression if isinstance(goal, Aim) else goal
    relaxation = Relaxation(problem.programme, interior=is_large(problem.instance))
    best: Solution | None = None
    for round_ in itertools.count():
        latest = effort.relaxed(relaxation, expression)
        if latest.point is None:
            return best if best is not None and latest.status == "limit" else latest
        best = replace(latest, status="feasible")
        added = problem.add_broken(latest.point)
        if aim is not None and round_ < _ROUNDS:
            added |= aim.touch_up(latest)
        if not added:
            return latest
        if effort.over():
            break
    assert best is not None
    return best


def trial(
    problem: Problem,
    goal: Expression,
    effort: Effort,
    *,
    near: Fixed | None = None,
    first: Effort | None = None,
    all_else: bool = True,
    known: Roadmap | None = None,
    gap: float = 1e-7,
    stop_at: float = math.inf,
) -> Roadmap | None:
    """A schedule under the odds that the problem fixes: what its relaxation leaves whole stays, the rest is decided.

    near : fix this instead. first : what may be spent on that; else `effort`. all_else : where it cannot stay, decide all of
    it, starting from a `known` schedule. gap, stop_at : as of `Programme.solve`.
    """
    relaxation = relaxed(problem, goal, effort)
    if relaxation.status != "optimal" or relaxation.point is None or effort.over():
        return None
    columns = problem.schedule.columns()
    kept = columns[problem.schedule.settled(relaxation.point)[columns]]
    start = None if known is None else problem.point(known)

    def solve(fixed: Fixed | None) -> Solution:
        spent = effort if fixed is None or first is None else first
        begin = start if fixed is None else None
        return spent.solve(problem.programme, goal, gap=gap, stop_at=stop_at, fixed=fixed, start=begin)

    fixed = (kept, np.round(relaxation.point[kept])) if near is None else near
    solution = unbroken(problem, lambda: solve(fixed), effort)
    if solution.point is None and near is None and all_else:
        solution = unbroken(problem, lambda: solve(None), effort)
    return None if solution.point is None else problem.roadmap(solution.point)


def certified(
    problem: Problem,
    solve: Callable[[], Solution],
    effort: Effort,
    *,
    sound: Callable[[Roadmap], bool] | None = None,
    most: int = MENDS,
) -> Roadmap | bool | None:
    """The first roadmap that is sound in exact arithmetic; False: no schedule satisfies the rows; None: not found out.

    sound : what that means; one that is not is cut off. None: the rows of the problem hold; those that do not are tightened,
    which costs little, and may lose roadmaps at the margin. most : roadmaps that may fail, those aside that make levels.
    """
    failed = 0
    while failed < most:
        solution = unbroken(problem, solve, effort)
        if solution.point is None:
            return False if solution.status == "infeasible" else None
        roadmap = problem.roadmap(solution.point)
        if sound is not None:
            if sound(roadmap):
                return roadmap
            cut_off(problem, solution)
        else:
            certificate = certify(problem.instance, roadmap, **problem.asks)
            if certificate.holds and certificate.helps:
                return roadmap
            if certificate.holds:  # a gain or loss within the solver's tolerance
                cut_off(problem, solution)
                failed += 1
                continue
            if problem.refine(roadmap):
                continue
            if not tighten(problem, certificate):
                return None
        failed += 1
    return None


def tighten(problem: Problem, certificate: Certificate) -> bool:
    """Demand a little more of the rows that do not hold; False if one of them is unknown to the problem."""
    known = [problem.tighten(row) for row in certificate.broken]
    return all(known)


def cut_off(problem: Problem, solution: Solution) -> None:
    """Exclude the schedule of a solution, and no other."""
    columns = problem.schedule.columns()
    assert solution.point is not None
    taken = solution.point[columns] > 0.5
    problem.programme.row(Expression(columns, np.where(taken, -1.0, 1.0)), 1.0 - float(taken.sum()))
