"""Published and closed-form answers, put to the certificate: it must agree exactly, on both sides of every threshold.

The setting is the symmetric divisible exchange of `tests/exchange.py`: cost 1 to the giver, worth lam to the other, a share r
of it irreversible, lag 1. With c[t] units of one's own and o[t] of the other's in force in phase t (c[-1] = o[-1] = 0) the rows
of the certificate come to

    V[t] = sum over s >= t of d^(s-t) (lam o[s] - c[s])
    D[t] = lam o[t] + d/(1-d) r lam o[t] - r c[t-1] / (1-d) - d B         (found out one phase on)
    Y[t] - X[t] = c[t] + d/(1-d) r c[t] - r c[t-1] / (1-d)               (what a cheat is spared if the other stops now)

because a cheater withholds its own part at once and has the others' for one more phase; both after the other stopped and after
it was found out all is over one phase on. If trust were no matter the rows ask for V >= D. With a trust of p they ask for
p (V - D) >= (1 - p) (Y - X), which as p goes to 1 is V >= D again, without its boundary. To dare to begin, against stepping
out, never takes more here: D >= W and Y >= W.

On equal terms that is the same condition with lam' = 1 - p + p lam, what a unit is worth to one who doubts that it comes, in
the place of lam.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings

from detente.case.instance import Instance
from detente.plan.certificate import Row, certify, every_row
from detente.plan.roadmap import Roadmap
from exchange import by_levels, exchange, slices
from strategies import instances_with_roadmaps

F = Fraction
HAIR = F(1, 10**9)
SETTINGS = [(F(2), F("0.8")), (F(3), F("0.9")), (F("1.3"), F("0.97")), (F("1.25"), F("0.81"))]
SIX_TENTHS, NEARLY_SURE = F("0.6"), 1 - 1000 * HAIR
NO_MATTER = F(1)  # where it stands for a trust, rows of trust and doubt are left out
TRUSTS = [SIX_TENTHS, NEARLY_SURE, NO_MATTER]


def doubted(lam: Fraction, p: Fraction) -> Fraction:
    """What a unit of the other's is worth to one that trusts it to come with p, and else is only spared its own."""
    return 1 - p + p * lam


def trusting(instance: Instance, p: Fraction) -> Instance:
    if p == NO_MATTER:
        return instance
    return replace(instance, parties=tuple(replace(q, trust=dict.fromkeys(q.trust, p)) for q in instance.parties))


def broken(instance: Instance, roadmap: Roadmap, p: Fraction) -> tuple[Row, ...]:
    return certify(trusting(instance, p), roadmap, trust=p != NO_MATTER).broken


def holds(instance: Instance, a: Sequence[int], b: Sequence[int] | None = None, *, p: Fraction) -> bool:
    return not broken(instance, by_levels(instance, a, a if b is None else b), p)


def by_hand(a: Sequence[int], b: Sequence[int], lam: Fraction, d: Fraction, r: Fraction, p: Fraction) -> bool:
    """Whether levels, the last of them held for ever, satisfy the rows of both parties as they are written at the top."""
    for own, other in (([*a, a[-1]], [*b, b[-1]]), ([*b, b[-1]], [*a, a[-1]])):
        value = (lam * other[-1] - own[-1]) / (1 - d)
        for t in reversed(range(len(own))):
            left = r * own[t - 1] / (1 - d) if t else 0
            value = lam * other[t] - own[t] + d * value
            loyalty = value - lam * other[t] * (1 + d / (1 - d) * r) + left
            spared = own[t] * (1 + d / (1 - d) * r) - left
            if loyalty < 0 or p * loyalty < (1 - p) * spared:
                return False
    return True


def broken_incentives(instance: Instance, roadmap: Roadmap) -> list[Row]:
    return [r for r in certify(instance, roadmap).broken if r.row == "incentive"]


# ---- one step --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("p", TRUSTS)
@pytest.mark.parametrize(("lam", "d"), SETTINGS)
def test_whole_package_at_once_holds_up_to_the_threshold_and_no_hair_beyond(lam: Fraction, d: Fraction, p: Fraction) -> None:
    """V[0] - D[0] = (d lam (1-r) - 1) / (1-d) and Y[0] - X[0] = (1 - d (1-r)) / (1-d), so that

        p / (1-p) >= (1 - d (1-r)) / (d lam (1-r) - 1),   that is   r <= r* = 1 - 1 / (d lam').

    lam = 2, d = 0.8: r* = 0.375 if trust were no matter, 0.21875 at p = 0.6. Where d lam' < 1 not even r = 0 is safe.
    """
    threshold = 1 - 1 / (d * doubted(lam, p))
    if threshold < 0:
        assert not holds(slices(1, 1, lam=lam, d=d, r=F(0)), [1], p=p)
        return
    assert holds(slices(1, 1, lam=lam, d=d, r=threshold), [1], p=p)
    beyond = slices(1, 1, lam=lam, d=d, r=threshold + HAIR)
    rows = broken(beyond, by_levels(beyond, [1], [1]), p)
    kind = ("incentive", None) if p == NO_MATTER else ("doubt", 1)
    assert {(r.row, r.found, r.party, r.phase, r.lag) for r in rows} == {(*kind, i, 0, 1) for i in "ab"}
    in_odds = 1 if p == NO_MATTER else 1 - p
    assert {r.slack * in_odds for r in rows} == {-d * doubted(lam, p) * HAIR / (1 - d)}
    known = {SIX_TENTHS: F("0.21875"), NO_MATTER: F("0.375")}
    assert (lam, d) != SETTINGS[0] or threshold == known.get(p, threshold)
    if p != NO_MATTER:
        assert p / (1 - p) == (1 - d * (1 - threshold)) / (d * lam * (1 - threshold) - 1)


@pytest.mark.parametrize(("lam", "d"), SETTINGS)
@pytest.mark.parametrize("r", [F(0), F("0.2"), F("0.95"), F(1)])
@pytest.mark.parametrize("units", [1, 3, 10])
def test_a_level_held_for_ever_has_the_known_slack_per_unit(lam: Fraction, d: Fraction, r: Fraction, units: int) -> None:
    """In the steady state, phase 1, c units have V - D = c (1-r)/(1-d) (d lam - 1); at r = 1 nothing is left to lose.

    Y - X is c (1-r), so a level is kept exactly from d lam' = 1 on, p = (1/d - 1) / (lam - 1), whatever r < 1. At r = 1 nobody
    has anything to keep up, and doubt is about nothing.
    """
    instance = exchange([F(1)] * 10, 1, lam=lam, d=d, r=r)
    roadmap = by_levels(instance, [units], [units])
    courses = certify(instance, roadmap).courses
    for party in "ab":
        cheat = courses[party].deviation[1]
        assert cheat is not None
        assert courses[party].continuation[1] - cheat == units * (1 - r) / (1 - d) * (d * lam - 1)
    least = (1 / d - 1) / (lam - 1)
    for p, short in ((least, F(0)), (least - HAIR, HAIR)):
        rows = [row for row in every_row(trusting(instance, p), roadmap) if row.row == "doubt" and row.phase == 1]
        assert {row.left for row in rows} == ({(1 - r) * units} if r < 1 else set())
        assert {row.slack * (1 - p) for row in rows} == (
            {-units * (1 - r) * d * (lam - 1) * short / (1 - d)} if r < 1 else set()
        )


# ---- several steps ---------------------------------------------------------------------------------------------------

TEN = {"lam": F(2), "d": F("0.8")}
LEVELS = range(11)


def rising(steps: int) -> list[tuple[int, ...]]:
    """All ways to a level of ten in so many phases."""
    return [(*path, 10) for path in itertools.combinations_with_replacement(LEVELS, steps - 1)]


@pytest.mark.parametrize("p", TRUSTS)
def test_at_r_one_half_two_phases_are_enough_and_one_is_not(p: Fraction) -> None:
    """Ten slices a side, lam = 2, d = 0.8, r = 0.5: exhaustive search over the level paths of both sides.

    With levels c of one's own and o of the other's in phase 0, and all in force in phase 1 (in units: c, o in 0, 0.1 .. 1):
        phase 1   V = 1/0.2 = 5,          D = 2 + 4 * 0.5 * 2 - 0.5 c / 0.2 = 6 - 2.5 c,   Y - X = 3 - 2.5 c
        phase 0   V = 2 o - c + 0.8 * 5,  D = 2 o + 4 * 0.5 * 2 o = 6 o,                   Y - X = 3 c
    each for both sides. If trust were no matter: c >= 0.4 and c + 4 o <= 4, on equal terms 0.4 <= c <= 0.8, and nothing else
    holds. Whoever is asked for nothing new in the phase in question has no row to meet there that is harder.
    Nearly sure: the same without its boundary, since V = D does not pay for any doubt; on equal terms 0.5 .. 0.7.
    At p = 0.6, odds 1.5: c >= 0.72 and 1.5 (4 - c - 4 o) >= 3 c, that is 3 c + 4 o <= 4, and no levels are both.
    """
    assert not holds(slices(10, 1, r=F("0.5"), **TEN), [10], p=p)
    instance = slices(10, 2, r=F("0.5"), **TEN)
    both = list(itertools.product(LEVELS, repeat=2))
    found = {(a, b) for a, b in both if holds(instance, [a, 10], [b, 10], p=p)}
    assert found == {(a, b) for a, b in both if by_hand([a, 10], [b, 10], r=F("0.5"), p=p, **TEN)}
    if p == NO_MATTER:
        assert found == {(a, b) for a, b in both if a >= 4 and b >= 4 and a + 4 * b <= 40 and b + 4 * a <= 40}
    equal = {SIX_TENTHS: set(), NEARLY_SURE: {5, 6, 7}, NO_MATTER: {4, 5, 6, 7, 8}}
    assert {a for a, b in found if a == b} == equal[p]


def test_at_r_one_half_and_a_trust_of_six_tenths_three_phases_are_needed() -> None:
    """Levels c, e, 1 on equal terms at odds 1.5: e >= 0.72; 1.5 (4 - 5 e + 2.5 c) >= 3 e - 2.5 c, that is 10.5 e <= 6 + 6.25 c;
    1.5 (0.8 e + 3.2 - 5 c) >= 3 c, that is 10.5 c <= 4.8 + 1.2 e. So e = 0.8, and c = 0.4 or 0.5."""
    three = slices(10, 3, r=F("0.5"), **TEN)
    found = {path for path in rising(3) if holds(three, path, p=SIX_TENTHS)}
    assert found == {path for path in rising(3) if by_hand(path, path, r=F("0.5"), p=SIX_TENTHS, **TEN)}
    assert found == {(4, 8, 10), (5, 8, 10)}


@pytest.mark.parametrize(("b", "p", "least"), [(1, SIX_TENTHS, F("0.72")), (1, NO_MATTER, F("0.4")), (3, F("0.8"), F("1.68"))])
def test_the_last_step_may_be_no_larger_than_the_known_share(b: int, p: Fraction, least: Fraction) -> None:
    """From a to b units as the last step: a >= b (1 - d lam' (1-r)) / r, here at r = 0.5, and a hair less is too little.

    lam' = 1.6, 2 and 1.8 give d lam' (1-r) = 0.64, 0.8 and 0.72. The first step, to a, is a matter of other rows.
    """
    assert least == b * (1 - TEN["d"] * doubted(TEN["lam"], p) / 2) * 2
    for a, safe in ((least, True), (least - HAIR, False)):
        instance = exchange([a, b - a], 2, r=F("0.5"), **TEN)
        phases = {row.phase for row in broken(instance, by_levels(instance, [1, 2], [1, 2]), p)}
        assert (1 not in phases) == safe


def test_at_r_three_quarters_three_phases_are_needed() -> None:
    """Ten slices a side, lam = 2, d = 0.8, r = 0.75, if trust were no matter: D[t] = 8 o[t] - 3.75 c[t-1].

    Two phases: 5 >= 8 - 3.75 c asks c >= 0.8 of each side, while 2 o - c + 4 >= 8 o asks c + 6 o <= 4: at 0.8 that is 5.6.
    Three phases on equal terms, levels c, e, 1: e >= 0.8; 7 e <= 4 + 3.75 c; 7 c <= 0.8 e + 3.2. So e = 0.8 and c = 0.5.
    """
    p = NO_MATTER
    two = slices(10, 2, r=F("0.75"), **TEN)
    assert not any(holds(two, [a, 10], [b, 10], p=p) for a, b in itertools.product(LEVELS, repeat=2))
    three = slices(10, 3, r=F("0.75"), **TEN)
    paths = [(c, e) for c, e in itertools.product(LEVELS, repeat=2) if c <= e]
    found = {(c, e) for c, e in paths if holds(three, [c, e, 10], p=p)}
    bounds = {(c, e) for c, e in paths if e >= 8 and 28 * e <= 160 + 15 * c and 35 * c <= 4 * e + 160}
    assert found == bounds == {(5, 8)}


def test_at_r_three_quarters_and_a_trust_of_six_tenths_five_phases_are_needed() -> None:
    """The same at p = 0.6, lam' = 1.6, on equal terms and for any levels, not only tenths: the row of phase t comes to

        6.4 c[t] <= 0.6 (c[t] + 0.8 c[t+1] + ..) + 3.75 c[t-1].

    No level is above 1, so 5.8 c[t] <= 2.4 + 3.75 c[t-1]: before the whole at least 0.907 must be in force, before that 0.762,
    0.539, 0.194; and at first at most 2.4/5.8 = 0.414 can be. So four phases are too few, and with levels of 0.29, 0.57, 0.77,
    0.91 and 1 five do.
    """
    levels = [F(1)]
    while 5.8 * levels[-1] > 2.4:
        levels.append((F("5.8") * levels[-1] - F("2.4")) / F("3.75"))
    assert [round(float(c), 3) for c in levels] == [1, 0.907, 0.762, 0.539, 0.194]
    instance = exchange([F("0.29"), F("0.28"), F("0.2"), F("0.14"), F("0.09")], 5, r=F("0.75"), **TEN)
    assert holds(instance, [1, 2, 3, 4, 5], p=SIX_TENTHS)
    paths = itertools.combinations_with_replacement(range(6), 3)
    assert not any(holds(replace(instance, phases=4), [*path, 5], p=SIX_TENTHS) for path in paths)


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


@pytest.mark.parametrize("p", TRUSTS)
@pytest.mark.parametrize(("lam", "d"), SETTINGS)
@pytest.mark.parametrize("phases", [1, 2, 6])
def test_levels_without_end_fall_short_by_what_the_next_step_is_worth(
    lam: Fraction, d: Fraction, phases: int, p: Fraction
) -> None:
    """Lockwood and Thomas (2002), linear case: at r = 1 the best levels are c[t] = c* (1 - (d lam')^-t), t counted from 1 on.

    With steps w[t] = c[t] - c[t-1], r = 1 gives Y - X = w[t] / (1-d) and
        p (V - D) - (1-p) (Y - X) = ( (lam' - 1) sum over s > t of d^(s-t) w[s] - w[t] ) / (1-d).
    Put that to 0 in every phase: d lam' w[t+1] = w[t], so each step is the last one divided by d lam', and the path never ends.
    Cut off after T phases it lacks everything from step w[T] on, worth lam' w[T] / (1-d) in phase T, and nothing else: in phase
    t < T the certificate must find exactly -d^(T-t) lam' w[T] / (1-d), which for d lam' > 1 vanishes as T grows, and V = D in
    the steady state. A deposit, lost when the process collapses, counts p d: one of that size, divided by p, closes the gap;
    one that is a hair smaller does not. For the same sum given at once the deposit would have to be c / (p d (1-d)).
    """
    worth = doubted(lam, p)
    steps = [(d * worth) ** -t for t in range(phases + 1)]
    missing = worth * steps[phases] / (1 - d)

    def cut_off(deposit: Fraction) -> tuple[Instance, Roadmap]:
        instance = exchange(steps[:phases], phases, lam=lam, d=d, r=F(1), breakdown=deposit)
        return trusting(instance, p), by_levels(instance, range(1, phases + 1), range(1, phases + 1))

    instance, roadmap = cut_off(F(0))
    kind = "incentive" if p == NO_MATTER else "doubt"
    for party in "ab":
        rows = [r for r in every_row(instance, roadmap) if (r.row, r.party, r.lag) == (kind, party, 1)]
        slack = {r.phase: r.slack * (1 if p == NO_MATTER else 1 - p) for r in rows}
        end = {phases: F(0)} if p == NO_MATTER else {}  # nothing to keep up, so that nobody can be doubted
        assert slack == {t: -(d ** (phases - t)) * missing for t in range(phases)} | end
    deposit = missing / p
    assert not broken(*cut_off(deposit), p)
    assert {(r.row, r.phase) for r in broken(*cut_off(deposit - HAIR), p)} == {(kind, phases - 1)}
    at_once = sum(steps[:phases]) / (p * d * (1 - d))
    assert deposit <= at_once
    assert (deposit == at_once) == (phases == 1)


# ---- trust -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("breakdown", [F(0), F(2)])
@pytest.mark.parametrize(("lam", "d"), [(F(2), F("0.8")), (F(3), F("0.9"))])
def test_one_shot_trust_threshold(lam: Fraction, d: Fraction, breakdown: Fraction) -> None:
    """Kydd (2000, 2005): a trustworthy player performs iff p >= (P-S) / ((R-T) + (P-S)).

    R: both perform, V = (lam-1)/(1-d). S: I perform and am betrayed, and everything is over one phase later, X = -1 - d B
    (r = 0). T: I cheat and the other performs, D = lam - d B. P: neither performs, Y = -d B. That is the doubt row, in both
    phases: a unit that is in force is kept up, at r = 0, as one that is to come is performed.

    Who stops openly has W = -B, whatever the other does, so that T and P are both -B: that is the trust row. It asks for less.
    """

    def threshold(cheated: Fraction, neither: Fraction) -> Fraction:
        reward, betrayed = (lam - 1) / (1 - d), -1 - d * breakdown
        return (neither - betrayed) / ((reward - cheated) + (neither - betrayed))

    def rows(p: Fraction, kind: str) -> set[int]:
        instance = exchange([F(1)], 1, lam=lam, d=d, r=F(0), breakdown=breakdown)
        return {r.phase for r in broken(instance, by_levels(instance, [1], [1]), p) if r.row == kind}

    in_secret, openly = threshold(lam - d * breakdown, -d * breakdown), threshold(-breakdown, -breakdown)
    assert 0 < openly < in_secret < F(1, 2)
    for kind, least in (("doubt", in_secret), ("trust", openly)):
        assert rows(least, kind) == set()
        assert rows(least - HAIR, kind) == {0, 1}
    assert rows(in_secret, "incentive") == rows(in_secret, "trust") == set()
