"""Walks against the rows from the definition: what the kernel adds up, what a move may do, and where a walk may end."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import smallcases
from bruteforce import BruteForce
from detente.case.instance import Instance
from detente.case.load import load
from detente.compare.trust import scaled
from detente.plan.certificate import certify
from detente.plan.roadmap import Roadmap
from detente.plan.tables.party_rows import entries
from detente.plan.tables.tables import roadmap_of, tables
from detente.plan.walk import shortfall
from detente.plan.walk.walk import Climber, Policy, speed
from strategies import instances, instances_with_roadmaps, roadmaps

F = Fraction
SMALL = {"most_measures": 4, "most_phases": 4, "trades": True}


def scale(instance: Instance, party: str) -> Fraction:
    """A party's largest value."""
    values = (abs(x) for m in instance.measures for x in (m.value.get(party, F(0)), m.once.get(party, F(0))))
    return max(values, default=F(0)) or F(1)


def lost(brute: BruteForce, roadmap: Roadmap) -> dict[str, Fraction]:
    """By touched party, what must not be below zero."""
    gains = {i: brute.gain(roadmap, i) for i in brute.touched(roadmap)}
    return {i: min(gain, gain + brute.drift(i)) if brute.gives(roadmap, i) else gain for i, gain in gains.items()}


@settings(max_examples=150)
@given(
    instances_with_roadmaps(most_measures=4, most_phases=4)
    | instances_with_roadmaps(most_measures=4, most_phases=5, works=True)
    | instances_with_roadmaps(most_measures=4, most_phases=4, outside=True)
    | instances_with_roadmaps(**SMALL),
    st.sampled_from([F(1, 5), F(1), F(3)]),
)
def test_what_falls_short_is_what_the_rows_say(given_: tuple[Instance, Roadmap], factor: Fraction) -> None:
    """Against the rows from the definition, at several factors of trust: catches a series, a phase or a signal that is left out
    or counted twice, a row that is there where nothing has to be done, and a loss that is asked of who is not touched."""
    instance, roadmap = given_
    brute = BruteForce(scaled(instance, factor), without={"coalition"})
    found = Climber(instance).walk(roadmap, float(factor), Policy(steps=0, margin=0.0))
    if not brute.process(roadmap):
        assert found.roadmap == Roadmap.empty(instance)
        assert found.holds
        return
    wanted = sum((max(F(0), -s.slack) / scale(instance, k.party) for k, s in brute.rows(roadmap)), F(0))
    wanted += sum((max(F(0), -x) / scale(instance, i) for i, x in lost(brute, roadmap).items()), F(0))
    assert found.roadmap == roadmap
    assert found.short == pytest.approx(float(wanted), rel=1e-9, abs=1e-9)


@settings(max_examples=120)
@given(
    instances(**SMALL) | instances(most_measures=4, most_phases=4) | instances(most_measures=4, most_phases=5, works=True),
    st.data(),
)
def test_a_neighbour_is_added_up_from_what_differs(instance: Instance, data: st.DataObject) -> None:
    """From one roadmap to any other by differences gives what the other has by itself: catches a phase that is not updated, and
    rows that come to be, or no longer are, unnoticed."""
    one, other = (entries(instance, data.draw(roadmaps(instance))) for _ in range(2))
    t, f = tables(instance), 0.3
    here, there, trial = (np.zeros(t.fixed.shape) for _ in range(3))
    asked, wanted_asked, soon = (np.zeros((len(t.bits), t.phases + 1), dtype=np.int64) for _ in range(3))
    gains, near, wanted = (np.zeros(len(t.no_gain)) for _ in range(3))
    loads = np.ones((1 + t.kept + t.exposures, max(t.phases + 1, len(gains))))
    shortfall.totals(t, one, f, here, gains, asked)
    shortfall.totals(t, other, f, there, wanted, wanted_asked)
    shortfall.changed_gains(t, one, other, gains, near)
    moved, tail = np.zeros(len(one), dtype=np.int64), np.zeros((t.kept + t.exposures, t.phases + 2))
    wanted_short = shortfall.shortfall(t, other, there, wanted, wanted_asked, 0.0, loads, tail)
    shortfall.shortfall(t, one, here, gains, asked, 0.0, loads, tail)
    short = shortfall.near_shortfall(t, one, other, moved, here, trial, asked, soon, near, 0.0, math.inf, loads, tail)
    assert np.allclose(near, wanted)
    assert short == pytest.approx(wanted_short, abs=1e-9)
    assert (soon == wanted_asked).all()
    shortfall.take_step(t, one, other, moved, here, trial, asked)
    assert np.allclose(here, there)
    assert (asked == wanted_asked).all()


@settings(max_examples=80)
@given(instances(**SMALL), st.sampled_from(["nash", "sum", "min", "speed"]), st.sampled_from([0, 1, -1]))
def test_a_walk_from_nothing_keeps_to_the_schedule(instance: Instance, objective: str, only: int) -> None:
    """Windows, prerequisites and exclusions are kept by every move: catches a move that drags the wrong measure along."""
    empty = Roadmap.empty(instance)
    brute = BruteForce(instance)
    if brute.faults(empty):
        return  # what is in force excludes itself
    end = Climber(instance, objective).walk(empty, policy=Policy(only=only))
    assert brute.faults(end.roadmap) == set()
    assert brute.process(end.roadmap) or end.roadmap == empty
    if end.holds and brute.process(end.roadmap):
        assert all(x >= -F(1, 10**6) for x in lost(brute, end.roadmap).values())


@settings(max_examples=60)
@given(instances(**SMALL), st.data())
def test_a_walk_never_ends_lower(instance: Instance, data: st.DataObject) -> None:
    """From a roadmap that holds to one that holds and is worth no less: catches a climb that takes a step down."""
    start, brute = data.draw(roadmaps(instance)), BruteForce(instance, without={"coalition"})
    if brute.process(start) and brute.holds(start) and all(x >= 0 for x in lost(brute, start).values()):
        end = Climber(instance, "speed").walk(start)
        assert end.holds
        assert speed(instance, end.roadmap) >= speed(instance, start)


def test_a_walk_mends() -> None:
    """Half of each gift stays when it is stopped, so that both at once would not be kept (r above 1 - 1 / (d 2) = 0.375, see
    model.md), while slice by slice they are: the walk puts slices off, and does the same on one core."""

    def later(data: smallcases.Data) -> None:
        data["phases"]["count"] = 4

    instance = load(
        smallcases.swap(smallcases.parties(trust=0.9), smallcases.measures(slices=4, irreversible=0.5), later)
    ).instance
    at_once = Roadmap("swap", 4, {m.id: 0 for m in instance.measures})
    assert not certify(instance, at_once).holds
    climber, policies = Climber(instance), [Policy(weigh=weigh) for weigh in (1.0, 0.3, 0.1)]
    ends = climber.walks(at_once, 1.0, policies, cores=2)
    assert ends == climber.walks(at_once, 1.0, policies, cores=1)
    held = [e.roadmap for e in ends if e.holds]
    assert all(certify(instance, r).holds for r in held)
    assert max(speed(instance, r) for r in held) > 0


def test_a_spent_budget_ends_the_walks_alike() -> None:
    """A budget of a few rounds: the same ends on one core and on two, and where nothing is left a walk ends where it begins."""
    instance = load("supplier-dispute").instance
    start = Roadmap.empty(instance)
    t = tables(instance)
    one_round = float((len(instance.measures) + 2) * (instance.phases + 1) * t.fixed.size)
    ends = []
    for cores in (1, 2):
        climber = Climber(instance, "speed", budget=7 * one_round)
        found = climber.walks(start, 5.0, [Policy(weigh=weigh) for weigh in (1.0, 0.3, 0.1)], cores=cores)
        assert sum(w.steps for w in found) <= 7
        climber.left = 0.0
        assert climber.walk(found[0].roadmap, 5.0).roadmap == found[0].roadmap
        ends.append(found)
    assert ends[0] == ends[1]


def test_speed_by_hand() -> None:
    """Two phases: a gift at once counts 1, one in the second phase a half, a half of one in slices a quarter."""
    instance = load(smallcases.swap(lambda d: d["measures"]["give-a"].update(slices=2))).instance
    assert speed(instance, Roadmap("swap", 2, {"give-a/1": 0, "give-a/2": 1, "give-b": 1})) == F(1, 2) + F(1, 4) + F(1, 2)
    entry = entries(instance, Roadmap("swap", 2, {"give-a/1": 0, "give-a/2": None, "give-b": 1}))
    assert roadmap_of(instance, entry).entry == {"give-a/1": 0, "give-a/2": None, "give-b": 1}
