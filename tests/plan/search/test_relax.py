"""The loop around the rows against every roadmap there is: what it finds, what it proves, what it cuts off."""

from __future__ import annotations

import math
import time
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from bruteforce import BruteForce
from detente.case.instance import Instance
from detente.plan.certificate import certify
from detente.plan.roadmap import Roadmap
from detente.plan.search.objective import Aim
from detente.plan.search.problem import Problem
from detente.plan.search.relax import certified, relaxed
from detente.solver.effort import Effort, Meter
from detente.solver.linear import Expression, Solution
from exchange import exchange
from strategies import instances

small = instances(most_measures=3, most_phases=2, trades=True) | instances(most_measures=3, most_phases=2)
NEAR = Fraction(1, 10**5)  # what floating point may let pass


@settings(max_examples=40)
@given(small, st.booleans())
def test_cutting_off_one_after_the_other_visits_every_roadmap_once(instance: Instance, trust: bool) -> None:
    """Nothing is sound, so each schedule that satisfies the rows comes up and is cut off, until none is left: catches a cut
    that takes another schedule with it, a loop that ends before the trust rows hold, and a "none" that is no proof."""
    problem, effort = Problem(instance, trust=trust), Effort()
    seen: list[Roadmap] = []

    def sound(roadmap: Roadmap) -> bool:
        seen.append(roadmap)
        return False

    def solve() -> Solution:
        return effort.solve(problem.programme, Expression())

    assert certified(problem, solve, effort, sound=sound, most=1000) is False
    brute = BruteForce(instance, without=() if trust else ("trust",))
    safe = list(brute.safe_roadmaps())
    assert len(seen) == len(set(map(repr, seen)))
    assert all(r in seen for r in safe)
    for roadmap in seen:
        broken = certify(instance, roadmap, trust=trust).broken
        assert all(-row.slack <= NEAR * max(1, problem.size[row.party or ""]) for row in broken)


@settings(max_examples=60)
@given(small, st.sampled_from(["nash", "sum", "min"]))
def test_a_relaxation_bounds_every_roadmap(instance: Instance, objective: str) -> None:
    """Catches trust rows, levels or tangents that cut off a roadmap that holds."""
    if not instance.touched:
        return
    problem = Problem(instance)
    aim = Aim(objective, problem, instance.touched)
    root = relaxed(problem, aim, Effort())
    assert root.status in ("optimal", "infeasible")
    brute = BruteForce(instance)
    for roadmap in brute.safe_roadmaps():
        worth = aim.worth(dict(zip(instance.touched, brute.gains(roadmap), strict=True)))
        assert worth == -math.inf or worth <= root.bound + 1e-6


def test_an_effort_that_is_over_answers_nothing() -> None:
    """No time, or no work, left: catches an end that is told as a proof, and work that is told as time."""
    instance = exchange([Fraction(1)], 2, lam=Fraction(2), d=Fraction(4, 5), r=Fraction(0))
    problem = Problem(instance)

    def asked(effort: Effort) -> Roadmap | bool | None:
        return certified(problem, lambda: effort.solve(problem.programme, Expression()), effort)

    assert isinstance(asked(Effort()), Roadmap)
    assert asked(Effort(time.monotonic())) is None
    assert asked(Effort(meter=Meter(0.0))) is None
    assert Effort(time.monotonic()).struck
    assert not Effort(meter=Meter(0.0)).struck
