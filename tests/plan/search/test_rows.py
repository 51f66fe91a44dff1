"""The solver's rows against brute force, one by one: the certificate hides a row that is a little too loose or too tight.

A loose row costs repairs and bounds, a tight one costs better roadmaps; neither shows in a plan that holds. So the schedule of
the programme is fixed at a roadmap, and every row is read off at the point that follows from it.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction
from typing import Any
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bruteforce import BruteForce
from detente.case.instance import Instance, Measure
from detente.plan.certificate import certify
from detente.plan.process import Process
from detente.plan.roadmap import Roadmap
from detente.plan.search import trust_rows
from detente.plan.search.columns import Schedule
from detente.plan.search.problem import Problem
from detente.plan.search.rows import Key as SearchKey
from detente.plan.search.trust_rows import Place
from detente.solver.linear import Expression, Programme, Solution, column
from exchange import exchange
from strategies import instances, instances_with_roadmaps, roadmaps

F = Fraction
Pair = tuple[Instance, Roadmap]
traded = instances_with_roadmaps(trades=True, most_measures=5, most_phases=3)
either_way = st.booleans()  # the schedule written by levels or by entries
CLOSE = {"rel": 1e-7, "abs": 1e-7}


def written(instance: Instance, *, entries: bool, **options: Any) -> Problem:
    """The programme of an instance with every row of trust and doubt that there may be."""
    rows = Problem(instance, entries=entries, **options)
    for trust in rows.trust.values():
        for place in itertools.chain.from_iterable(trust.places.values()):
            rows.hold(trust.key(place), trust.row(place))
    return rows


def fixed_at(rows: Problem, roadmap: Roadmap) -> Solution:
    """The programme with its schedule fixed at a roadmap."""
    columns = rows.schedule.columns()
    return rows.programme.solve(Expression(), fixed=(columns, rows.point(roadmap)[columns]))


@settings(max_examples=150)
@given(instances_with_roadmaps() | instances_with_roadmaps(outside=True) | instances_with_roadmaps(works=True), either_way)
def test_every_figure_of_the_programme_equals_brute_force(pair: Pair, entries: bool) -> None:
    """Catches a wrong coefficient in V, W, D, E, Y - X, the gains or the odds, and bounds on them that a roadmap exceeds."""
    instance, roadmap = pair
    brute, rows = BruteForce(instance), Problem(instance, entries=entries)
    rows.programme.drop(rows.index.values())
    solution = fixed_at(rows, roadmap)
    if brute.faults(roadmap):
        assert solution.point is None or rows.roadmap(solution.point) != roadmap
        return
    point = solution.point
    assert point is not None
    assert rows.roadmap(point) == roadmap
    unit = {i: float(x) for i, x in rows.scale.items()}

    def same(i: str, expression: Expression, expected: Fraction) -> bool:
        low, high = rows.span(i, expression)
        assert low - 1e-6 <= expression.at(point) <= high + 1e-6
        return expression.at(point) * unit[i] == pytest.approx(float(expected), **CLOSE)

    for i, t in itertools.product(instance.party, range(instance.phases + 1)):
        v, w = brute.continuation(roadmap, i, t), brute.stepping_out(roadmap, i, t)
        assert same(i, column(rows.V[i][t]), v)
        assert same(i, column(rows.W[i][t]), w)
        assert same(i, rows.loyalty(i, t, 0), v - w)
        for L in range(1, rows.longest[i] + 4):
            assert same(i, rows.loyalty(i, t, L), v - brute.deviation(roadmap, i, t, L))
        for j in instance.acting:
            for M in instance.lags(j) if i != j else ():
                assert same(i, rows.exposure(i, j, t, M), brute.exposure(roadmap, i, j, t, M))
                for L in range(1, rows.longest[i] + M):
                    gained = brute.both(roadmap, i, j, t, L, M) - brute.betrayed(roadmap, i, j, t, M)
                    assert same(i, rows.temptation(i, j, t, M, L), gained)
            if (i, j) in rows.trust:
                odds = float(brute.odds(roadmap, i, j, t))
                assert rows.trust[i, j].odds_at(point, t) == pytest.approx(odds, **CLOSE)
    if brute.process(roadmap):
        for i in instance.party:
            assert same(i, rows.gain(i), brute.gain(roadmap, i))
            assert same(i, rows.steps_gain(i), brute.gain(roadmap, i) + brute.drift(i))


@settings(max_examples=200)
@given(
    traded | instances_with_roadmaps() | instances_with_roadmaps(outside=True) | instances_with_roadmaps(works=True),
    st.data(),
    either_way,
)
def test_each_row_allows_a_roadmap_exactly_where_it_should(pair: Pair, data: st.DataObject, entries: bool) -> None:
    """One row at a time, the others dropped: catches one that is there when nobody has anything to do, or not there when
    somebody has; an M that is too small; a surplus that is held above zero where it need not be."""
    instance, roadmap = pair
    brute = BruteForce(instance)
    if brute.faults(roadmap) or not brute.process(roadmap):
        return
    rows = written(instance, entries=entries)
    expected = {SearchKey(*key[:6]): sides.slack for key, sides in brute.rows(roadmap) if key.row != "coalition"}
    assert set(expected) <= set(rows.index)
    # of two parties rows that fall away are left standing where only a roadmap that does not help could miss them
    listed = sorted(rows.index if brute.helps(roadmap) or len(instance.parties) > 2 else expected, key=repr)
    tempted = {key.party for key, slack in expected.items() if key.row == "incentive" and slack < 0}  # no surplus to speak of
    for key in data.draw(st.lists(st.sampled_from(listed), max_size=6, unique=True)) if listed else ():
        slack = expected.get(key, F(1))
        if abs(slack) > 1e-5 and (key.row not in ("trust", "doubt") or key.party not in tempted):
            one = Problem(instance, entries=entries)
            if key.row in ("trust", "doubt"):
                place = Place(key.phase, key.lag, key.found)
                one.hold(key, one.trust[key.party, key.toward or ""].row(place))
            one.programme.drop(index for other, index in one.index.items() if other != key)
            assert (fixed_at(one, roadmap).point is not None) == (slack > 0), key


@settings(max_examples=200)
@given(traded | instances_with_roadmaps() | instances_with_roadmaps(works=True, trades=True), either_way, st.booleans())
def test_all_rows_together_allow_what_holds_and_helps(pair: Pair, entries: bool, up: bool) -> None:
    """Catches a row that forbids a roadmap that holds, a row that is missing, a demand for help that asks for more or less, and
    a point of the roadmap that says otherwise in some whole column."""
    instance, roadmap = pair
    brute = BruteForce(instance)
    rows = written(instance, entries=entries, helping=True, rounding="up" if up else "down")
    gains = [(i, brute.gain(roadmap, i)) for i in instance.party]
    figures = {key: sides.slack for key, sides in brute.rows(roadmap) if key.row != "coalition"}
    margins = [*figures.values(), *(g for _, g in gains), *(g + brute.drift(i) for i, g in gains)]
    if not any(0 < abs(x) < 1e-4 for x in margins):  # what floating point can tell
        point = fixed_at(rows, roadmap).point
        allowed = point is not None and rows.roadmap(point) == roadmap
        holds = not brute.faults(roadmap) and all(slack >= 0 for slack in figures.values())
        assert allowed == (holds and brute.helps(roadmap))
        if allowed:  # a search can start from it
            whole = np.flatnonzero(np.concatenate(rows.programme._whole))
            start = rows.programme.solve(Expression(), fixed=(whole, rows.point(roadmap)[whole]))
            assert start.point is not None


@settings(max_examples=60)
@given(traded)
def test_a_coalition_that_gains_is_shut_out_and_nothing_else(pair: Pair) -> None:
    """Catches a cut that does not bite, and one that takes with it a roadmap in which no coalition gains."""
    instance, roadmap = pair
    together = [row for row in certify(instance, roadmap).broken if row.row == "coalition"]
    if BruteForce(instance).faults(roadmap) or not together or any(-row.slack < F(1, 10**5) for row in together):
        return
    rows = Problem(instance)
    rows.programme.drop(rows.index.values())
    assert all(rows.tighten(row) for row in together)
    assert fixed_at(rows, roadmap).point is None
    for other in itertools.islice(BruteForce(instance, without=("doubt",)).safe_roadmaps(), 20):
        assert fixed_at(rows, other).point is not None or not Process(instance, other).exists


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
        if key.row not in ("trust", "doubt") or key.toward is None or (sides.left <= 0 and sides.right >= 0):
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
    """Catches levels of the odds, their products with a surplus, or a bound on it, that allow more, or less, than they should.

    All other rows are dropped, and trust is set one per cent above or below what the roadmap needs, so that the odds decide.
    """
    trade, roadmap = plain_trade(*pair)
    instance = just_enough(trade, roadmap, share)
    if instance is None:
        return
    rows = trusting(instance, entries=entries)
    assert all(level.exact for trust in rows.trust.values() for level in trust.levels.values())
    assert (fixed_at(rows, roadmap).point is not None) == (share > 1)


def trusting(instance: Instance, **options: Any) -> Problem:
    """The programme with the rows of trust and doubt alone."""
    rows = written(instance, **options)
    rows.programme.drop(index for key, index in rows.index.items() if key.row not in ("trust", "doubt"))
    return rows


@settings(max_examples=50)
@given(st.sets(st.integers(0, 7), min_size=1), st.integers(2, 6), st.sampled_from([F("1.001"), F("0.999")]))
def test_odds_rounded_up_allow_too_much_until_they_are_refined(seen: set[int], most: int, share: Fraction) -> None:
    """Eight signals at few levels, and a roadmap that uses some of them: catches a level that forbids what the odds allow, and
    a refinement after which they still allow more."""
    signals = {f"s{n}": F(12 + n, 10) for n in range(8)}
    plain = exchange([F(1)], 2, lam=F("2.2"), d=F("0.9"), r=F("0.3"))
    one = plain.measures[-1]
    costs = {i: F(-1, 1000) for i in one.actors}
    more = tuple(replace(one, id=m, whole=m, value=costs, signal=g, requires=()) for m, g in signals.items())
    instance = replace(plain, measures=(*plain.measures, *more))
    entry = {m.id: 1 for m in plain.measures} | {m: 0 if n in seen else None for n, m in enumerate(signals)}
    roadmap = Roadmap(instance.case, instance.phases, entry)
    tight = just_enough(instance, roadmap, share)
    assert tight is not None
    with mock.patch.dict(trust_rows._LEVELS, {True: most}):
        rows = trusting(tight, rounding="up", entries=False)
        point = fixed_at(rows, roadmap).point
        while point is not None and rows.refine(roadmap):
            point = fixed_at(rows, roadmap).point
    assert (point is not None) == (share > 1)


@settings(max_examples=250)
@given(instances() | instances(works=True), st.data(), either_way)
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
