"""The solver's rows against brute force, one by one: the certificate hides a row that is a little too loose or too tight.

A loose row costs repairs and bounds, a tight one costs better roadmaps; neither shows in a plan that holds. So the schedule of
the programme is fixed at a roadmap, and every row is read off at the point that follows from it.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bruteforce import BruteForce, Key
from detente.case.instance import Instance, Measure
from detente.plan.roadmap import Roadmap
from detente.plan.search.columns import Schedule
from detente.plan.search.problem import Problem
from detente.solver.linear import Expression, Programme, Solution
from strategies import instances, instances_with_roadmaps, roadmaps

F = Fraction
Pair = tuple[Instance, Roadmap]
either_way = st.booleans()  # the schedule written by levels or by entries
CLOSE = {"rel": 1e-7, "abs": 1e-7}


def recorded(instance: Instance, *, entries: bool) -> tuple[Problem, dict[int, tuple[Expression, float, float]]]:
    """The rows of an instance, and each row's expression and limits by its index."""
    seen: dict[int, tuple[Expression, float, float]] = {}
    plain = Programme.row

    def row(self: Programme, expression: Expression, lower: float = 0.0, upper: float = np.inf) -> int:
        index = plain(self, expression, lower, upper)
        seen[index] = (expression, lower, upper)
        return index

    with mock.patch.object(Programme, "row", row):
        return Problem(instance, entries=entries), seen


def fixed_at(rows: Problem, roadmap: Roadmap) -> Solution:
    """The programme with its schedule fixed at a roadmap."""
    columns = rows.schedule.columns()
    return rows.programme.solve(Expression(), fixed=(columns, rows.point(roadmap)[columns]))


@settings(max_examples=150)
@given(instances_with_roadmaps() | instances_with_roadmaps(outside=True), either_way)
def test_every_row_of_the_programme_equals_brute_force(pair: Pair, entries: bool) -> None:
    """Catches a wrong coefficient in V, W, an incentive row, a red line, an exposure or the odds."""
    instance, roadmap = pair
    brute, (rows, seen) = BruteForce(instance), recorded(instance, entries=entries)
    rows.programme.drop(rows.index.values())
    solution = fixed_at(rows, roadmap)
    if brute.faults(roadmap):
        assert solution.point is None or rows.roadmap(solution.point) != roadmap
        return
    point = solution.point
    assert point is not None
    assert rows.roadmap(point) == roadmap
    expected = dict(brute.rows(roadmap))
    unit = {i: float(x) for i, x in rows.scale.items()}
    assert {Key(*k) for k in rows.index} == {k for k in expected if k.row != "trust"}
    for key, index in rows.index.items():
        expression, lower, upper = seen[index]
        slack = expression.at(point) - lower if upper == np.inf else upper - expression.at(point)
        assert slack * unit[key[1]] == pytest.approx(float(expected[Key(*key)].slack), **CLOSE)
    for key, sides in expected.items():
        if key.row == "trust" and key.toward is not None:
            exposure = rows.exposures[key.party, key.toward][key.phase, key.lag].at(point)
            assert exposure * unit[key.party] == pytest.approx(float(sides.left), **CLOSE)
            odds = brute.odds(roadmap, key.party, key.toward, key.phase)
            assert rows.trust[key.party, key.toward].odds_at(point, key.phase) == pytest.approx(float(odds), **CLOSE)
            worth = (rows.V, brute.continuation), (rows.W, brute.stepping_out)
            for columns, figure in worth:
                value = point[columns[key.party][key.phase]] * unit[key.party]
                assert value == pytest.approx(float(figure(roadmap, key.party, key.phase)), **CLOSE)


def plain_trade(instance: Instance, roadmap: Roadmap) -> Pair:
    """The instance without structure, each measure worth far more to the others than it costs, every one of them carried out.

    Nobody wants to step out then, and what each party sees of the others raises its trust.
    """

    def measure(m: Measure) -> Measure:
        worth = {p.id: abs(m.value.get(p.id, F(0))) for p in instance.parties}
        value = {i: -1 - x / 4 if i in m.actors else 5 + x for i, x in worth.items()}
        plain = replace(m, value=value, once={}, irreversible=m.irreversible / 4, requires=(), excludes=(), in_force=False)
        return replace(plain, not_before=0, not_after=instance.phases - 1, signal=m.signal + F(1, 2))

    entry = {m: e if e is not None and e >= 0 else n % instance.phases for n, (m, e) in enumerate(roadmap.entry.items())}
    return replace(instance, measures=tuple(map(measure, instance.measures))), replace(roadmap, entry=entry)


def just_enough(instance: Instance, roadmap: Roadmap, share: Fraction) -> Instance | None:
    """The instance with all stated trust one per cent above what the roadmap needs, but that of one pair at `share` of it.

    The pair is the one whose trust has grown most by the phase that decides. None if no odds would do.
    """
    brute = BruteForce(instance)
    needed: dict[tuple[str, str], tuple[Fraction, Fraction]] = {}  # stated odds, growth by the phase that decides
    for key, sides in brute.rows(roadmap):
        if key.row != "trust" or key.toward is None or (sides.left <= 0 and sides.right >= 0):
            continue
        if sides.right <= 0:
            return None
        pair = key.party, key.toward
        stated = brute.odds(roadmap, *pair, 0)
        growth = brute.odds(roadmap, *pair, key.phase) / stated
        needed[pair] = max(needed.get(pair, (F(0), growth)), (stated * sides.left / sides.right, growth))
    if not needed:
        return None
    chosen = max(needed, key=lambda pair: needed[pair][1])
    odds = {pair: x * (share if pair == chosen else F("1.01")) for pair, (x, _) in needed.items()}
    parties = tuple(
        replace(p, trust={j: odds[p.id, j] / (1 + odds[p.id, j]) if (p.id, j) in odds else x for j, x in p.trust.items()})
        for p in instance.parties
    )
    return replace(instance, parties=parties)


@settings(max_examples=250)
@given(instances_with_roadmaps(trades=True), either_way, st.sampled_from([F("1.01"), F("0.99")]))
def test_odds_by_levels_allow_what_the_odds_that_were_earned_allow(pair: Pair, entries: bool, share: Fraction) -> None:
    """Catches levels of the odds, their products with V - W, or a bound on V - W, that allow more, or less, than they should.

    All other rows are dropped, and trust is set one per cent above or below what the roadmap needs, so that the odds decide.
    """
    trade, roadmap = plain_trade(*pair)
    instance = just_enough(trade, roadmap, share)
    if instance is None:
        return
    rows = Problem(instance, entries=entries)
    rows.programme.drop(rows.index.values())
    for pair, trust in rows.trust.items():
        for t in reversed(range(instance.phases + 1)):
            rows.add(*pair, t)
        assert all(level.exact for level in trust.levels.values())
    assert (fixed_at(rows, roadmap).point is not None) == (share > 1)


@settings(max_examples=250)
@given(instances(), st.data(), either_way)
def test_the_schedule_can_be_every_roadmap_without_a_fault_and_no_other(
    instance: Instance, data: st.DataObject, entries: bool
) -> None:
    """Catches a prerequisite, exclusion or window that the programme forgets in some phase, or makes too much of."""
    roadmap = data.draw(roadmaps(instance))
    programme = Programme()
    programme.columns(1, 0.0, 1.0)  # where everything is in force already the schedule has no columns of its own
    schedule = Schedule(instance, programme, entries=entries)
    point = np.zeros(programme.size)
    schedule.fill(point, roadmap)
    columns = schedule.columns()
    solution = programme.solve(Expression(), fixed=(columns, point[columns]))
    possible = solution.point is not None and schedule.roadmap(solution.point) == roadmap
    assert possible == (not BruteForce(instance).faults(roadmap))
