"""Published and closed-form answers, put to the certificate: it must agree exactly, on both sides of every threshold.

The setting is the symmetric divisible exchange of `tests/exchange.py`: cost 1 to the giver, worth lam to the other, a share r
of it irreversible, lag 1. With c[t] units of each side in force in phase t (c[-1] = 0) the rows of the certificate come to

    V[t] = sum over s >= t of d^(s-t) (lam - 1) c[s]
    D[t] = lam c[t] + d/(1-d) r lam c[t] - r c[t-1] / (1-d) - d B         (found out one phase on)

because a cheater withholds its own part at once and has the others' for one more phase.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings

from detente.case.instance import Instance
from detente.plan.certificate import Row, certify
from detente.plan.roadmap import Roadmap
from exchange import by_levels, exchange, slices
from strategies import instances_with_roadmaps

F = Fraction
HAIR = F(1, 10**9)
SETTINGS = [(F(2), F("0.8")), (F(3), F("0.9")), (F("1.3"), F("0.97")), (F("1.25"), F("0.81"))]


def holds(instance: Instance, a: Sequence[int], b: Sequence[int] | None = None) -> bool:
    return certify(instance, by_levels(instance, a, a if b is None else b)).holds


def broken_incentives(instance: Instance, roadmap: Roadmap) -> list[Row]:
    return [r for r in certify(instance, roadmap).broken if r.row == "incentive"]


# ---- one step --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("lam", "d"), SETTINGS)
def test_whole_package_at_once_holds_up_to_the_threshold_and_no_hair_beyond(lam: Fraction, d: Fraction) -> None:
    """V[0] - D[0] = (d lam (1-r) - 1) / (1-d), so r* = 1 - 1/(d lam); lam = 2, d = 0.8: r* = 0.375."""
    threshold = 1 - 1 / (d * lam)
    assert holds(slices(1, 1, lam=lam, d=d, r=threshold), [1])
    beyond = slices(1, 1, lam=lam, d=d, r=threshold + HAIR)
    broken = certify(beyond, by_levels(beyond, [1], [1])).broken
    assert {(r.row, r.party, r.phase, r.lag) for r in broken} == {("incentive", "a", 0, 1), ("incentive", "b", 0, 1)}
    assert {r.slack for r in broken} == {-d * lam * HAIR / (1 - d)}
    assert (lam, d) != SETTINGS[0] or threshold == F("0.375")


@pytest.mark.parametrize(("lam", "d"), SETTINGS)
@pytest.mark.parametrize("r", [F(0), F("0.2"), F("0.95"), F(1)])
@pytest.mark.parametrize("units", [1, 3, 10])
def test_a_level_held_for_ever_has_the_known_slack_per_unit(lam: Fraction, d: Fraction, r: Fraction, units: int) -> None:
    """In the steady state c units have slack c (1-r)/(1-d) (d lam - 1); at r = 1 nothing is left that one could lose."""
    instance = exchange([F(1)] * 10, 1, lam=lam, d=d, r=r)
    in_force = tuple(replace(m, in_force=int(m.id.split("/")[1]) <= units) for m in instance.measures)
    instance = replace(instance, measures=in_force)
    courses = certify(instance, Roadmap.empty(instance)).courses
    for party in "ab":
        cheat = courses[party].deviation[1]
        assert cheat is not None
        assert courses[party].continuation[1] - cheat == units * (1 - r) / (1 - d) * (d * lam - 1)


# ---- several steps ---------------------------------------------------------------------------------------------------

TEN = {"lam": F(2), "d": F("0.8")}
LEVELS = range(11)


def test_at_r_one_half_two_phases_are_enough_and_one_is_not() -> None:
    """Ten slices a side, lam = 2, d = 0.8, r = 0.5: exhaustive search over the level paths of both sides.

    With levels c of one's own and o of the other's in phase 0, and all in force in phase 1 (in units: c, o in 0, 0.1 .. 1):
        phase 1   V = 1/0.2 = 5,          D = 2 + 4 * 0.5 * 2 - 0.5 c / 0.2 = 6 - 2.5 c    ->  c >= 0.4
        phase 0   V = 2 o - c + 0.8 * 5,  D = 2 o + 4 * 0.5 * 2 o = 6 o                    ->  c + 4 o <= 4
    each for both sides: on equal terms 0.4 <= c <= 0.8, and nothing else holds. Whoever is asked for nothing new in the phase
    in question has no row to meet there that is harder.
    """
    assert not holds(slices(10, 1, r=F("0.5"), **TEN), [10])
    instance = slices(10, 2, r=F("0.5"), **TEN)
    found = {(a, b) for a, b in itertools.product(LEVELS, repeat=2) if holds(instance, [a, 10], [b, 10])}
    assert found == {
        (a, b) for a, b in itertools.product(LEVELS, repeat=2) if a >= 4 and b >= 4 and a + 4 * b <= 40 and b + 4 * a <= 40
    }
    assert {a for a, b in found if a == b} == {4, 5, 6, 7, 8}


def test_at_r_three_quarters_three_phases_are_needed() -> None:
    """Ten slices a side, lam = 2, d = 0.8, r = 0.75: D[t] = 8 o[t] - 3.75 c[t-1].

    Two phases: 5 >= 8 - 3.75 c asks c >= 0.8 of each side, while 2 o - c + 4 >= 8 o asks c + 6 o <= 4: at 0.8 that is 5.6.
    Three phases on equal terms, levels c, e, 1: e >= 0.8; 7 e <= 4 + 3.75 c; 7 c <= 0.8 e + 3.2. So e = 0.8 and c = 0.5.
    """
    two = slices(10, 2, r=F("0.75"), **TEN)
    assert not any(holds(two, [a, 10], [b, 10]) for a, b in itertools.product(LEVELS, repeat=2))
    three = slices(10, 3, r=F("0.75"), **TEN)
    paths = [(c, e) for c, e in itertools.product(LEVELS, repeat=2) if c <= e]
    found = {(c, e) for c, e in paths if holds(three, [c, e, 10])}
    bounds = {(c, e) for c, e in paths if e >= 8 and 28 * e <= 160 + 15 * c and 35 * c <= 4 * e + 160}
    assert found == bounds == {(5, 8)}


# ---- nothing can be taken back (r = 1) -------------------------------------------------------------------------------


@pytest.mark.parametrize(("lam", "d"), SETTINGS)
def test_with_nothing_to_take_back_and_an_end_only_the_empty_roadmap_holds(lam: Fraction, d: Fraction) -> None:
    """r = 1, B = 0: whoever performs last loses nothing by not performing. Every roadmap of two slices a side, three phases."""
    instance = slices(2, 3, lam=lam, d=d, r=F(1))
    phases: list[int | None] = [None, 0, 1, 2]
    for entries in itertools.product(phases, repeat=4):
        roadmap = Roadmap(instance.case, 3, dict(zip(instance.measure, entries, strict=True)))
        assert certify(instance, roadmap).holds == roadmap.is_empty


@settings(max_examples=150)
@given(instances_with_roadmaps())
def test_with_nothing_to_take_back_the_last_step_of_any_roadmap_is_broken(pair: tuple[Instance, Roadmap]) -> None:
    """The same for any case: in the last phase in which a costly measure enters, one of its actors breaks an incentive row."""
    instance, roadmap = pair
    parties = tuple(replace(p, breakdown=F(0)) for p in instance.parties)
    measures = tuple(
        replace(m, irreversible=F(1), once={}, value={**m.value, **{i: -abs(m.value.get(i, F(0))) - 1 for i in m.actors}})
        for m in instance.measures
    )
    instance = replace(instance, parties=parties, measures=measures)
    last = max((t for t in roadmap.entry.values() if t is not None), default=-1)
    broken = {(r.party, r.phase) for r in broken_incentives(instance, roadmap)}
    performers = {i for m in measures if roadmap.entry[m.id] == last for i in m.actors}
    assert last < 0 or {(i, last) for i in performers} <= broken


@pytest.mark.parametrize(("lam", "d"), SETTINGS)
@pytest.mark.parametrize("phases", [1, 2, 6])
def test_levels_without_end_fall_short_by_what_the_next_step_is_worth(lam: Fraction, d: Fraction, phases: int) -> None:
    """Lockwood and Thomas (2002), linear case: at r = 1 the best levels are c[t] = c* (1 - (d lam)^-t), t counted from 1 on.

    Put V[t] = D[t] in every phase: d lam (c[t+1] - c[t]) = c[t] - c[t-1], so each step w is the last one divided by d lam, and
    the path never ends. Cut off after T phases it lacks everything from step w[T] on, worth lam w[T] / (1-d) in phase T, and
    nothing else: in phase t < T the certificate must find exactly V[t] - D[t] = -d^(T-t) lam w[T] / (1-d), which vanishes
    as T grows, and 0 in the steady state. A deposit of that size, lost when the process collapses, closes the gap; one that is
    a hair smaller does not. For the same sum given at once the deposit would have to be c/(d (1-d)).
    """
    steps = [(d * lam) ** -t for t in range(phases + 1)]
    missing = lam * steps[phases] / (1 - d)

    def cut_off(deposit: Fraction) -> tuple[Instance, Roadmap]:
        instance = exchange(steps[:phases], phases, lam=lam, d=d, r=F(1), breakdown=deposit)
        return instance, by_levels(instance, range(1, phases + 1), range(1, phases + 1))

    courses = certify(*cut_off(F(0))).courses
    for party in "ab":
        slack = [v - c for v, c in zip(courses[party].continuation, courses[party].deviation, strict=True) if c is not None]
        assert slack == [-(d ** (phases - t)) * missing for t in range(phases)] + [0]
    assert certify(*cut_off(missing)).holds
    short = {(r.row, r.phase) for r in certify(*cut_off(missing - HAIR)).broken}
    assert short == {("incentive", phases - 1)}
    at_once = sum(steps[:phases]) / (d * (1 - d))
    assert missing <= at_once
    assert (missing == at_once) == (phases == 1)


# ---- trust -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("breakdown", [F(0), F(2)])
@pytest.mark.parametrize(("lam", "d"), [(F(2), F("0.8")), (F(3), F("0.9"))])
def test_one_shot_trust_threshold(lam: Fraction, d: Fraction, breakdown: Fraction) -> None:
    """Kydd (2000, 2005): a trustworthy player performs iff p >= (P-S) / ((R-T) + (P-S)).

    R: both perform, V = (lam-1)/(1-d). S: I perform and am betrayed, and everything is over one phase later, -1 - d B (r = 0).
    P: both stop, W = -B. T, what I have if I stop and the other performs, is P here: who steps out does so openly, so that the
    other does not perform for nothing. That is the one point where the roadmap problem is narrower than Kydd's game.
    """
    reward, both_stop, betrayed = (lam - 1) / (1 - d), -breakdown, -1 - d * breakdown
    threshold = (both_stop - betrayed) / ((reward - both_stop) + (both_stop - betrayed))
    assert 0 < threshold < F(1, 2)

    def broken(p: Fraction) -> set[tuple[str, int]]:
        instance = exchange([F(1)], 1, lam=lam, d=d, r=F(0), breakdown=breakdown, trust=p)
        return {(r.row, r.phase) for r in certify(instance, by_levels(instance, [1], [1])).broken}

    assert broken(threshold) == set()
    assert broken(threshold - HAIR) == {("trust", 0), ("trust", 1)}
