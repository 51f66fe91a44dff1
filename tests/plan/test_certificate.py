"""The exact certificate against the brute force of `tests/bruteforce.py`, row by row, and what must not change it.

Every comparison is `==` on fractions: a row that is off by one part in 10 ** 30 fails.
"""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bruteforce import BruteForce, Key, Sides
from detente.case.instance import Instance, Measure, Party, Requirement
from detente.plan import certificate as module
from detente.plan.certificate import Certificate, Row, certify, every_row, values
from detente.plan.roadmap import Roadmap
from strategies import instances_with_roadmaps
from variants import renamed, scaled

Pair = tuple[Instance, Roadmap]
F = Fraction


def certified(instance: Instance, roadmap: Roadmap) -> tuple[Certificate, list[Row]]:
    """The certificate with every row that went into it; it shows only those that are broken or binding."""
    return certify(instance, roadmap), list(every_row(instance, roadmap))


def by_key(rows: list[Row]) -> dict[Key, Sides]:
    """The rows of value but those of coalitions (`together`), by what names them."""
    return {
        Key(r.row, r.party, r.toward, r.phase, r.lag, r.found or 0): Sides(r.left, r.right, r.slack)  # type: ignore[arg-type]
        for r in rows
        if r.row not in (*module.STRUCTURAL, "coalition")
    }


def together(rows: list[Row]) -> dict[tuple[tuple[str, ...], int], bool]:
    """Whether the rows of coalitions hold, by members and phase: which measures would be kept up is not settled."""
    return {(r.together, r.phase): r.slack >= 0 for r in rows if r.row == "coalition"}


def alike(expected: dict[Key, Sides]) -> tuple[dict[Key, Sides], dict[tuple[tuple[str, ...], int], bool]]:
    """The rows of the brute force in the same two parts."""
    plain = {k: s for k, s in expected.items() if k.row != "coalition"}
    return plain, {(k.together, k.phase): s.slack >= 0 for k, s in expected.items() if k.row == "coalition"}


def named(rows: list[Row] | tuple[Row, ...]) -> set[tuple[str, str]]:
    return {(r.row, r.measure or "") for r in rows if r.row in module.STRUCTURAL}


@settings(max_examples=500)
@given(instances_with_roadmaps() | instances_with_roadmaps(outside=True) | instances_with_roadmaps(works=True))
def test_every_row_equals_brute_force(pair: Pair) -> None:
    """Catches any wrong formula, lag, level or convention in a row, and any row left out or counted twice."""
    instance, roadmap = pair
    result, rows = certified(instance, roadmap)
    expected = dict(BruteForce(instance).rows(roadmap))
    assert (by_key(rows), together(rows)) == alike(expected)
    assert len(rows) == result.rows
    assert len(rows) - sum(r.row in module.STRUCTURAL for r in rows) == len(expected)


@settings(max_examples=150)
@given(instances_with_roadmaps())
def test_the_verdict_and_what_is_shown_follow_from_the_rows(pair: Pair) -> None:
    """Catches a certificate whose rows are right but whose summary (broken, narrowest, binding, courses) is not."""
    instance, roadmap = pair
    result, brute = certify(instance, roadmap), BruteForce(instance)
    rows, phases = alike(dict(brute.rows(roadmap)))[0], range(instance.phases + 1)
    assert result.holds == brute.holds(roadmap)
    assert result.helps == brute.helps(roadmap)
    assert values(instance, roadmap) == result.value
    assert by_key(list(result.broken)) == {k: s for k, s in rows.items() if s.slack < 0}
    assert [r.phase for r in result.broken] == sorted(r.phase for r in result.broken)
    assert by_key(list(result.binding)) == {k: s for k, s in rows.items() if s.slack == 0 and s.left != 0}
    for party in instance.parties:
        i = party.id
        mine = {k: s for k, s in rows.items() if k.party == i}
        least = result.narrowest.get(i)
        assert (None if least is None else least.slack) == min((s.slack for s in mine.values()), default=None)
        assert result.no_deal[i] == brute.no_deal(i)
        course = result.courses[i]
        if not brute.process(roadmap):
            assert result.value[i] == course.stepping_out[0] == brute.no_deal(i)
            continue
        assert result.value[i] == course.continuation[0]
        assert course.continuation == tuple(brute.continuation(roadmap, i, t) for t in phases)
        assert course.stepping_out == tuple(brute.stepping_out(roadmap, i, t) for t in phases)
        lags = range(1, max((m.lag for m in instance.measures if i in m.actors), default=0) + 1)
        cheats = [[brute.deviation(roadmap, i, t, lag) for lag in lags] for t in phases]
        assert course.deviation == tuple(max(c, default=None) for c in cheats)
    for (i, j), pair_course in result.pairs.items():
        odds = tuple(brute.odds(roadmap, i, j, t) for t in phases)
        risks = [[s.left for k, s in rows.items() if k[:4] == ("trust", i, j, t)] for t in phases]
        assert pair_course.odds == odds
        assert pair_course.exposure == tuple(max(r, default=0) for r in risks)
        for t, needed in enumerate(pair_course.needed):
            toward = [k for k in rows if (k.party, k.toward, k.phase) == (i, j, t) and k.row in ("trust", "doubt")]
            if any(s.right < 0 for k, s in rows.items() if k in toward):
                continue  # somebody would rather stop or cheat anyway: more odds make that worse
            enough = needed is not None and needed <= odds[t]
            assert enough == all(rows[k].slack >= 0 for k in toward)
        assert pair_course.allowance == tuple(
            o * (v - w) for o, v, w in zip(odds, result.courses[i].continuation, result.courses[i].stepping_out, strict=True)
        )
        assert all(p / (1 - p) == o for p, o in zip(pair_course.trust, odds, strict=True))


@settings(max_examples=60)
@given(instances_with_roadmaps(), st.booleans(), st.booleans())
def test_rows_left_out_on_request_are_neither_counted_nor_broken(pair: Pair, trust: bool, red_lines: bool) -> None:
    """Catches a diagnosis "if only they trusted each other" that is answered with the trust rows still in it."""
    instance, roadmap = pair
    without = {kind for kind, kept in (("trust", trust), ("doubt", trust), ("red_line", red_lines)) if not kept}
    result, brute = certify(instance, roadmap, trust=trust, red_lines=red_lines), BruteForce(instance, without=without)
    rows = dict(brute.rows(roadmap))
    full = certify(instance, roadmap)
    assert by_key(list(result.broken)) == {k: s for k, s in alike(rows)[0].items() if s.slack < 0}
    assert full.rows - result.rows == len(dict(BruteForce(instance).rows(roadmap))) - len(rows)
    assert result.holds == brute.holds(roadmap)


@settings(max_examples=150)
@given(instances_with_roadmaps() | instances_with_roadmaps(works=True), st.data())
def test_structure_equals_brute_force(pair: Pair, data: st.DataObject) -> None:
    """Catches a prerequisite, exclusion, window or measure in force that is read differently, or that goes unnoticed.

    The schedule is any at all, one that lets a measure in force enter, or the other way round, included.
    """
    instance, roadmap = pair
    for m in data.draw(st.lists(st.sampled_from(list(instance.measure)), max_size=2, unique=True)):
        roadmap = roadmap.moved(m, data.draw(st.sampled_from([None, -1, 0, instance.phases - 1])))
    broken, faults = named(certify(instance, roadmap).broken), BruteForce(instance).faults(roadmap)
    assert {m for kind, m in broken if kind == "in_force"} == {m for kind, m in faults if kind == "in_force"}
    if not any(kind == "in_force" for kind, _ in faults):
        # An exclusion is a fault of both measures; the certificate may name it on one side.
        assert {f for f in broken if f[0] != "exclusion"} == {f for f in faults if f[0] != "exclusion"}
        assert {f for f in broken if f[0] == "exclusion"} <= faults
        assert any(kind == "exclusion" for kind, _ in broken) == any(kind == "exclusion" for kind, _ in faults)


# ---- what must not matter --------------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(instances_with_roadmaps(), st.sampled_from([0, 1]))
def test_names_and_order_do_not_matter(pair: Pair, order: int) -> None:
    """Catches arithmetic that depends on where a party or measure stands in the file or in the alphabet."""

    def new(name: str) -> str:
        return f"z{9 - int(name[1])}-{name[0]}"

    rows = by_key(certified(*pair)[1])
    other = by_key(certified(*renamed(*pair, new, order))[1])
    assert other == {
        k._replace(party=new(k.party), toward=None if k.toward is None else new(k.toward)): sides for k, sides in rows.items()
    }


FACTORS = st.sampled_from([F(1, 7), F(3), F(10) ** 18, F(10) ** 40, F(1, 10**30), F("1.000000000000000000000000001")])


@settings(max_examples=100)
@given(instances_with_roadmaps(), st.lists(FACTORS, min_size=3, max_size=3))
@example((Instance("none", 1, (Party("p0", "P0", F(1, 2), F(0), F(0), {}),), ()), Roadmap("none", 1, {})), [F(1)] * 3)
def test_units_do_not_matter(pair: Pair, factors: list[Fraction]) -> None:
    """Catches rounding: at 10 ** 40 or 27 decimals sums leave 64 bits, and each row must still be the scaled one exactly."""
    instance, roadmap = pair
    factor = dict(zip(("p0", "p1", "p2"), factors, strict=True))
    before, after = by_key(certified(instance, roadmap)[1]), by_key(certified(scaled(instance, factor), roadmap)[1])
    assert after == {k: Sides(*(x * factor[k.party] for x in sides)) for k, sides in before.items()}


@settings(max_examples=60)
@given(
    instances_with_roadmaps(), st.lists(st.sampled_from([2**61, 2**62 - 1, 2**63 - 1, 2**63, -(2**63)]), min_size=6, max_size=6)
)
def test_sums_at_the_edge_of_64_bits_are_exact(pair: Pair, huge: list[int]) -> None:
    """Catches a silent wrap-around: each number may fit in 64 bits while their sum does not."""
    instance, roadmap = pair
    measures = tuple(
        dataclasses.replace(m, value=dict.fromkeys(m.value, F(h)), once=dict.fromkeys(m.once, F(h, 10)))
        for m, h in zip(instance.measures, huge, strict=False)
    )
    instance = dataclasses.replace(instance, measures=measures)
    assert by_key(certified(instance, roadmap)[1]) == alike(dict(BruteForce(instance).rows(roadmap)))[0]


# ---- wrong formulas that must be caught ------------------------------------------------------------------------------


def exchange(**changes: dict[str, object]) -> Instance:
    """Party a owes `quick` (lag 1) and `slow` (lag 2), b owes `relief`; keywords change a measure."""

    def measure(m: str, by: tuple[str, ...], lag: int, value: dict[str, Fraction]) -> Measure:
        plain = Measure(m, m, m, "other", by, value, {}, F(0), lag, F(1), (), (), 0, 1, False)
        return dataclasses.replace(plain, **changes.get(m, {}))

    parties = tuple(Party(i, i, F(1, 2), F(0), F(0), {j: F(1, 2)}) for i, j in ("ab", "ba"))
    measures = (
        measure("quick", ("a",), 1, {"a": F(-1), "b": F(2)}),
        measure("slow", ("a",), 2, {"a": F(-1), "b": F(2)}),
        measure("relief", ("b",), 1, {"a": F(3), "b": F(-1)}),
    )
    return Instance("exchange", 2, parties, measures)


def all_at_once(instance: Instance) -> Roadmap:
    return Roadmap(instance.case, instance.phases, dict.fromkeys(instance.measure, 0))


def deviation(instance: Instance, party: str, phase: int, lag: int) -> Fraction:
    rows = by_key(certified(instance, all_at_once(instance))[1])
    assert rows == dict(BruteForce(instance).rows(all_at_once(instance)))
    return rows[Key("incentive", party, None, phase, lag)].right


def test_the_tempting_shortcut_would_be_caught() -> None:
    """Withholding what is noticed late and keeping the rest to the end understates what cheating brings.

    a is found out two phases on. The relief brings 3 + 3/2 meanwhile. `slow` is withheld at once and costs nothing. By the
    shortcut `quick` is carried out in both phases, -1 - 1/2, in all 3. But `quick` withheld in the second phase is noticed in
    the third, which is the end anyway: -1, in all 7/2.
    """
    instance = exchange()
    brute, roadmap = BruteForce(instance), all_at_once(instance)
    end, never = 2, F(0)
    shortcut = (
        brute.worth("a", "relief", 0, 0, end, never) + brute.worth("a", "slow", 0, 0, 0, never)
        + brute.worth("a", "quick", 0, 0, end, never)
    )  # fmt: skip
    assert shortcut == 3
    assert deviation(instance, "a", 0, 2) == brute.deviation(roadmap, "a", 0, 2) == F(7, 2)


def test_an_entry_premium_on_a_costly_measure_is_taken_before_it_is_withheld() -> None:
    """Catches a formula that withholds every costly measure at the first moment although its entry pays once.

    `quick` brings a 5 on entry. Withheld at once, cheating brings the relief's 3; carried out for one phase 3 + 5 - 1.
    """
    instance = exchange(quick={"once": {"a": F(5)}}, slow={"lag": 1, "value": {"b": F(2)}})
    assert deviation(instance, "a", 0, 1) == 7


def test_an_entry_cost_of_a_joint_measure_is_saved_by_not_beginning() -> None:
    """Catches the fault that model.md reports: a joint measure worth having later, with an entry cost, is better not begun.

    `quick` is joint, worth 2 a phase and costs 3 to enter: one phase of it, -1, is worse than none, 0; over two phases, found
    out in the third, it comes to 2 - 3 + 1 = 0 as well. The relief brings 3 and 3/2.
    """
    joint = {"actors": ("a", "b"), "value": {"a": F(2), "b": F(2)}, "once": {"a": F(-3)}}
    instance = exchange(quick=joint, slow={"value": {"b": F(2)}})
    assert deviation(instance, "a", 0, 1) == 3
    assert deviation(instance, "a", 0, 2) == F(9, 2) + 0


@pytest.mark.parametrize(("lag", "cheat"), [(1, F(7, 2)), (2, F(9, 2))])
def test_a_longer_lag_helps_the_cheater(lag: int, cheat: Fraction) -> None:
    """Catches lags read the wrong way round: with both measures noticed only after two phases, both are withheld at once."""
    assert deviation(exchange(quick={"lag": lag}), "a", 0, 2) == cheat


def test_own_measure_in_force_satisfies_a_later_prerequisite_from_the_right_phase_on() -> None:
    """Catches an off-by-one: in force since phase -1, `after: 2` is met in phase 1 and not in phase 0."""
    needs = (Requirement(("slow",), 2),)
    instance = exchange(slow={"in_force": True}, quick={"requires": needs})
    for phase, met in ((0, False), (1, True)):
        roadmap = Roadmap("exchange", 2, {"quick": phase, "slow": -1, "relief": None})
        assert (("prerequisite", "quick") in named(certify(instance, roadmap).broken)) is not met
