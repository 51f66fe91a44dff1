"""What is left of a problem is the problem from there on: its rows are the old ones, and its best roadmap is the best way on.

The brute force knows nothing of states. It looks at whole roadmaps of the whole case, and only at the rows from a phase on.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bruteforce import BruteForce
from detente.case.instance import Instance
from detente.plan.certificate import STRUCTURAL, Row, certify
from detente.plan.process import Process
from detente.plan.roadmap import Roadmap
from detente.plan.solve import plan
from detente.prepare.state import State, as_planned, remains, rest_of, seen_odds, shifted
from exchange import exchange
from strategies import instances, instances_with_roadmaps

F = Fraction


def what_is_left(instance: Instance, state: State) -> Instance:
    return shifted(instance, state, seen_odds(instance, state))


@settings(max_examples=150)
@given(
    instances_with_roadmaps(most_measures=5, most_phases=5) | instances_with_roadmaps(most_phases=5, works=True),
    st.data(),
)
def test_the_rows_of_what_is_left_are_the_old_rows(case: tuple[Instance, Roadmap], data: st.DataObject) -> None:
    """Catches a signal lost or counted twice, a one-off counted again, a lag forgotten, an act that becomes one that is taken
    alone (or no longer is) because something stands by the roadmap, a party that loses its rows, gains that forget what is
    past: every figure as an exact fraction. A roadmap that is no process is followed by nobody: what is left of it is the world
    alone.
    """
    instance, roadmap = case
    assume(Process(instance, roadmap).exists)
    t = data.draw(st.integers(0, instance.phases - 1))
    left = what_is_left(instance, as_planned(roadmap, t))
    whole, rest = certify(instance, roadmap), certify(left, rest_of(roadmap, left, t))
    if t:
        for i, p in instance.party.items():
            assert whole.gain[i] == p.discount**t * rest.gain[i]
    for i, course in whole.courses.items():
        assert rest.courses[i].continuation == course.continuation[t:]
        assert rest.courses[i].deviation == course.deviation[t:]
        assert rest.courses[i].stepping_out == course.stepping_out[t:]
    for pair, its in whole.pairs.items():
        assert rest.pairs[pair].exposure == its.exposure[t:]
        assert rest.pairs[pair].odds == its.odds[t:]
        assert rest.pairs[pair].allowance == its.allowance[t:]
        assert rest.pairs[pair].needed == its.needed[t:]
    assert {key(r, 0) for r in rest.broken if r.party} == {key(r, t) for r in whole.broken if r.party and r.phase >= t}


def key(row: Row, t: int) -> tuple[Any, ...]:
    return row.row, row.party, row.toward, row.phase - t, row.lag, row.found, row.together, row.keeping, row.slack


@settings(max_examples=150)
@given(instances_with_roadmaps(most_measures=5, most_phases=5), st.data())
def test_what_may_still_enter_is_what_might_have_entered(case: tuple[Instance, Roadmap], data: st.DataObject) -> None:
    """Catches a window shifted by one, and a prerequisite that is met too early or too late."""
    instance, roadmap = case
    t = data.draw(st.integers(0, instance.phases - 1))
    state = as_planned(roadmap, t)
    left = what_is_left(instance, state)
    rest = certify(left, rest_of(roadmap, left, t))
    broken = {r.measure for r in rest.broken if r.row in STRUCTURAL and r.row != "exclusion"}
    new = {m for m, e in roadmap.entry.items() if e is not None and e >= t}
    kinds = {(kind, m) for kind, m in BruteForce(instance).faults(roadmap) if m in new}
    assert broken == {m for kind, m in kinds if kind in ("window", "prerequisite")}


def ways_on(instance: Instance, state: State) -> Iterator[Roadmap]:
    """Every roadmap that agrees with a state on what is in force, and from then on does what it likes."""
    phases: list[int | None] = [None, *range(state.phase, instance.phases)]
    free = [[state.done[m]] if m in state.done else phases for m in instance.measure]
    for entries in itertools.product(*free):
        yield Roadmap(instance.case, instance.phases, dict(zip(instance.measure, entries, strict=True)))


@settings(max_examples=40)
@given(instances(most_measures=4, most_phases=3, trades=True), st.data())
def test_the_new_plan_is_the_best_way_on(instance: Instance, data: st.DataObject) -> None:
    """Catches a planner and a certificate that agree on the wrong problem, a step seen late above all; a party that is paid for
    an act with the drift that it has been spared so far.

    Something of a roadmap has been carried out, or it is phase 0. Rows and gains are those of the whole: duties of the past
    count, and what has been had so far. Only what helps is a plan, and only if it brings something new.
    """
    t = data.draw(st.integers(0, instance.phases - 1))
    done = {m.id: -1 for m in instance.measures if m.in_force}
    for m in instance.measures:
        if t and not m.in_force and data.draw(st.booleans()):
            done[m.id] = data.draw(st.integers(0, t - 1))
    state = State(t, done)
    brute = BruteForce(instance)
    assume(t == 0 or any(e >= 0 and brute.ready[m] is None for m, e in done.items()))
    best: Fraction | None = None
    for roadmap in ways_on(instance, state):
        gains = {i: brute.gain(roadmap, i) / p.discount**t for i, p in instance.party.items()}
        worth = sum((gains[i] for i in instance.touched), F(0))
        if not brute.helps(roadmap) or (best is not None and worth <= best):
            continue
        kept = {m for m, e in done.items() if e >= 0}
        faults = {(kind, m) for kind, m in brute.faults(roadmap) if m not in kept or (kind == "exclusion")}
        if not faults and all(s.slack >= 0 for key, s in brute.rows(roadmap) if key.phase >= t):
            best = worth
    left = what_is_left(instance, state)
    found = plan(left, objective="sum", reasons=False)
    if found:
        reached = sum((found.certificate.gain[i] for i in instance.touched), F(0))
        assert found.certificate.holds
        assert reached == best
    else:
        nothing = certify(left, Roadmap.empty(left))
        assert best is None or best == sum(nothing.gain[i] for i in instance.touched)


@settings(max_examples=25)
@given(instances(most_measures=5, most_phases=4, trades=True), st.data())
def test_nothing_is_lost_by_planning_again(instance: Instance, data: st.DataObject) -> None:
    """Catches a shift that forbids what the old roadmap had still to come: it holds, so the new plan is at least as good."""
    first = plan(instance, objective="sum", reasons=False)
    t = data.draw(st.integers(0, instance.phases - 1))
    left = what_is_left(instance, as_planned(first.roadmap, t))
    old = certify(left, rest_of(first.roadmap, left, t))
    again = plan(left, objective="sum", reasons=False)
    if first:
        assert old.holds
        assert again.certificate.holds
        assert sum(again.certificate.value[i] for i in instance.touched) >= sum(old.value[i] for i in instance.touched)


def test_a_gift_broken_off_and_taken_up_again() -> None:
    """By hand. Each gives once, cost 1, worth 2 to the other, r = 1/4, d = 0.8. a gave in phase 0 and stopped in phase 1.

    For ever b has 1/4 of 2 and a bears 1/4 of 1. Taken up again the gift adds 3/4 of each, and a second break would leave
    nothing of that: so b, if it stands beside, counts 3/2 a phase, 7.5 in all, and 0 after stepping out; a -3/4 and -3.75.
    """
    instance = exchange([F(1)], 3, lam=F(2), d=F("0.8"), r=F("0.25"))
    state = State(1, {}, broken=frozenset({"a/1"}))
    left = what_is_left(instance, state)
    assert left.phases == 2
    assert remains(instance, state) == {"a": F("-0.25"), "b": F("0.5")}
    again = certify(left, Roadmap(left.case, 2, {"a/1": 0, "b/1": None}))
    assert again.value == {"a": F("-3.75"), "b": F("7.5")}
    assert again.courses["b"].stepping_out == (0, 0, 0)
    closed = what_is_left(instance, State(1, {}, frozenset({"a/1"}), frozenset({"a/1"})))
    assert [r.row for r in certify(closed, Roadmap(left.case, 2, {"a/1": 0, "b/1": None})).broken if r.row in STRUCTURAL] == [
        "window"
    ]


def test_nothing_enters_after_the_last_phase() -> None:
    """The steady state is one phase in which only what is in force counts. Catches a horizon of no phases at all."""
    instance = exchange([F(1)], 2, lam=F(2), d=F("0.8"), r=F(0))
    left = what_is_left(instance, State(2, {"a/1": 0, "b/1": 1}))
    assert left.phases == 1
    assert certify(left, rest_of(Roadmap("exchange", 2, {"a/1": 0, "b/1": 1}), left, 2)).value == {"a": 5, "b": 5}
    late = what_is_left(instance, State(2, {"b/1": 1}))
    assert rest_of(Roadmap("exchange", 2, {"a/1": 0, "b/1": 1}), late, 2).entry == {"a/1": None, "b/1": -1}
    assert not plan(late, reasons=False)
