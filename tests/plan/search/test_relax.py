"""The loop around the rows against every roadmap there is: what it finds, what it proves, what it cuts off."""

from __future__ import annotations

import math
import time
from fractions import Fraction
from pathlib import Path
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st

import detente as dt
from bruteforce import BruteForce
from detente.case.instance import Instance
from detente.plan.certificate import certify
from detente.plan.roadmap import Roadmap
from detente.plan.search import trust_rows
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
    problem, effort = Problem(instance, trust=trust, helping=True), Effort()
    seen: list[Roadmap] = []

    def sound(roadmap: Roadmap) -> bool:
        seen.append(roadmap)
        return False

    def solve() -> Solution:
        return effort.solve(problem.programme, Expression())

    assert certified(problem, solve, effort, sound=sound, most=1000) is False
    brute = BruteForce(instance, without=("coalition",) if trust else ("coalition", "trust", "doubt"))
    assert len(seen) == len(set(map(repr, seen)))
    assert all(r in seen for r in brute.safe_roadmaps() if brute.helps(r) and _well(brute, r))
    for roadmap in seen:
        broken = [row for row in certify(instance, roadmap, trust=trust).broken if row.row != "coalition"]
        assert all(-row.slack <= NEAR * max(1, problem.size[row.party or ""]) for row in broken)
        assert _process(brute, roadmap)


def _process(brute: BruteForce, roadmap: Roadmap) -> bool:
    """Whether the roadmap is a process by which nobody whom it touches loses more than floating point may let pass."""
    gains = {i: brute.gain(roadmap, i) for i in brute.touched(roadmap)}
    least = [g + min(brute.drift(i), 0) if brute.gives(roadmap, i) else g for i, g in gains.items()]
    return brute.process(roadmap) and all(x >= -NEAR for x in least)


def _well(brute: BruteForce, roadmap: Roadmap) -> bool:
    """Whether somebody gains more than what counts as nothing."""
    gains = ((brute.gain(roadmap, i), brute.drift(i)) for i in brute.touched(roadmap))
    return any(g > NEAR and g + drift > NEAR for g, drift in gains)


@settings(max_examples=150, deadline=None)
@given(small | instances(most_measures=4, most_phases=2, trades=True), st.integers(2, 3))
def test_with_odds_rounded_up_none_is_a_proof(instance: Instance, most: int) -> None:
    """Odds at two or three levels, refined where they let too much pass: catches a "none" although a roadmap holds and helps, a
    roadmap that does not, and a coalition that is shut out together with roadmaps in which it does not gain."""
    with mock.patch.dict(trust_rows._LEVELS, {True: most}):
        problem, effort = Problem(instance, helping=True, rounding="up"), Effort()
        found = certified(problem, lambda: effort.solve(problem.programme, Expression()), effort)
    brute = BruteForce(instance)
    there = [r for r in brute.safe_roadmaps() if brute.helps(r)]
    assert (found in there) if isinstance(found, Roadmap) else not any(_well(brute, r) for r in there)
    assert found is not None


SIGNALS = """
case: grid
title: An exchange that signals have to open
as_of: 2019-01-01
phases: {length: 1 month, count: 3}
parties:
  a: {name: A, discount: 0.9, stalemate: 0, breakdown: 0, trust: {b: 0.052}}
  b: {name: B, discount: 0.9, stalemate: 0, breakdown: 0, trust: {a: 0.99}}
measures:
  give-a: {title: ga, by: a, kind: other, value: {a: -1, b: 2.2}, irreversible: 0.3, lag: 1}
  give-b: {title: gb, by: b, kind: other, value: {b: -1, a: 2.2}, irreversible: 0.3, lag: 1}
  s0: {title: s0, by: b, kind: other, value: {b: -0.001}, signal: 1.2}
  s1: {title: s1, by: b, kind: other, value: {b: -0.001}, signal: 1.2137, excludes: [s0]}
  s2: {title: s2, by: b, kind: other, value: {b: -0.001}, signal: 1.2288}
  s3: {title: s3, by: b, kind: other, value: {b: -0.001}, signal: 1.2453}
  s4: {title: s4, by: b, kind: other, value: {b: -0.001}, signal: 1.2632}
  s5: {title: s5, by: b, kind: other, value: {b: -0.001}, signal: 1.2825}
  s6: {title: s6, by: b, kind: other, value: {b: -0.001}, signal: 1.3032}
  s7: {title: s7, by: b, kind: other, value: {b: -0.001}, signal: 1.3253}
  s8: {title: s8, by: b, kind: other, value: {b: -0.001}, signal: 1.3488}
"""


def test_a_none_under_odds_rounded_down_is_not_told_as_a_proof(tmp_path: Path) -> None:
    """The only roadmaps earn odds between two levels: catches a grid that hides them from who asks whether there are any."""
    (tmp_path / "grid.yaml").write_text(SIGNALS, encoding="utf-8")
    instance, effort = dt.load(tmp_path / "grid.yaml").instance, Effort()
    down, up = Problem(instance, helping=True), Problem(instance, helping=True, rounding="up")
    assert certified(down, lambda: effort.solve(down.programme, Expression()), effort) is False
    assert not down.exact
    found = certified(up, lambda: effort.solve(up.programme, Expression()), effort)
    assert isinstance(found, Roadmap)
    assert certify(instance, found).holds
    assert up.exact


@settings(max_examples=60)
@given(small, st.sampled_from(["nash", "sum", "min"]))
def test_a_relaxation_bounds_every_roadmap(instance: Instance, objective: str) -> None:
    """Catches trust rows, levels or tangents that cut off a roadmap that holds."""
    if not instance.touched:
        return
    problem = Problem(instance, helping=True)
    aim = Aim(objective, problem, instance.touched)
    root = relaxed(problem, aim, Effort())
    assert root.status in ("optimal", "infeasible")
    brute = BruteForce(instance)
    for roadmap in filter(brute.helps, brute.safe_roadmaps()):
        worth = aim.worth(dict(zip(instance.touched, brute.gains(roadmap), strict=True)))
        assert worth == -math.inf or worth <= root.bound + 1e-6


def test_an_effort_that_is_over_answers_nothing() -> None:
    """No time, or no work, left: catches an end that is told as a proof, and work that is told as time."""
    instance = exchange([Fraction(1)], 2, lam=Fraction(2), d=Fraction(4, 5), r=Fraction(0))
    problem = Problem(instance, helping=True)

    def asked(effort: Effort) -> Roadmap | bool | None:
        return certified(problem, lambda: effort.solve(problem.programme, Expression()), effort)

    assert isinstance(asked(Effort()), Roadmap)
    assert asked(Effort(time.monotonic())) is None
    assert asked(Effort(meter=Meter(0.0))) is None
    assert Effort(time.monotonic()).struck
    assert not Effort(meter=Meter(0.0)).struck
