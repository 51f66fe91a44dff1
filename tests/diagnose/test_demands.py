"""Deadlocks and relaxations against enumeration over all sets of demands."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from detente.case.instance import Instance, Measure, Party, Requirement
from detente.diagnose.demands import deadlocks, relaxations

WHOLES = ("u", "v", "w", "x", "y", "z")
CUT = "z"  # z stands for z/1 and z/2


class Demand(NamedTuple):
    id: str
    first: tuple[str, ...]
    before: tuple[str, ...]


def case(requires: dict[str, list[Requirement]] | None = None, in_force: Collection[str] = ()) -> Instance:
    """Six measures of one party, the last of them in two slices."""
    wanted = {"z/2": [Requirement(("z/1",), 0)]}
    for m, needs in (requires or {}).items():
        wanted[m] = [*wanted.get(m, []), *needs]
    ids = [*(w for w in WHOLES if w != CUT), f"{CUT}/1", f"{CUT}/2"]
    measures = tuple(
        Measure(
            id=m,
            whole=m.partition("/")[0],
            title=m,
            kind="other",
            actors=("p",),
            value={"p": Fraction(1)},
            once={},
            irreversible=Fraction(0),
            lag=1,
            signal=Fraction(1),
            requires=tuple(wanted.get(m, ())),
            excludes=(),
            not_before=0,
            not_after=9,
            in_force=m.partition("/")[0] in in_force,
        )
        for m in ids
    )
    return Instance("x", 10, (Party("p", "P", Fraction(1, 2), Fraction(0), Fraction(0), {}),), measures)


def can_be_met(demands: Sequence[Demand], instance: Instance) -> bool:
    """Whether phases without end leave an order that meets the demands and all prerequisites, for some choice among the
    alternatives of each.

    Every measure is put in phase 0 and moved back for as long as something that must come before it does not. What is in force
    takes no part.
    """
    choices = [[(n, m.id, q.after) for n in q.any] for m in instance.measures for q in m.requires]
    return any(_is_order(list(rules), demands, instance) for rules in itertools.product(*choices))


def _is_order(rules: list[tuple[str, str, int]], demands: Sequence[Demand], instance: Instance) -> bool:
    phase = {m.id: 0 for m in instance.measures if not m.in_force}
    for d in demands:
        first, before = ([m for name in side for m in instance.slices.get(name, (name,))] for side in (d.first, d.before))
        rules += [(f, b, 1) for f in first for b in before]
    rules = [rule for rule in rules if rule[0] in phase and rule[1] in phase]
    last = 3 * len(phase)  # no rule asks for more than 2 phases in between
    moved = True
    while moved and max(phase.values(), default=0) <= last:
        moved = False
        for early, late, after in rules:
            if phase[late] < phase[early] + after:
                phase[late] = phase[early] + after
                moved = True
    return not moved


def subsets(things: Sequence[str]) -> Iterator[frozenset[str]]:
    """All of them, the smallest first."""
    return (frozenset(s) for n in range(len(things) + 1) for s in itertools.combinations(things, n))


def minimal(sets: Iterator[frozenset[str]]) -> set[frozenset[str]]:
    """Those of which no part is among them; the smallest come first."""
    out: set[frozenset[str]] = set()
    for s in sets:
        if not any(k <= s for k in out):
            out.add(s)
    return out


@st.composite
def stand_offs(draw: st.DrawFn) -> tuple[list[Demand], Instance]:
    requires: dict[str, list[Requirement]] = {}
    ids = [m.id for m in case().measures]
    for _ in range(draw(st.integers(0, 4))):
        m, *needed = draw(st.lists(st.sampled_from(ids), min_size=2, max_size=3, unique=True))
        requires.setdefault(m, []).append(Requirement(tuple(needed), draw(st.integers(0, 2))))
    instance = case(requires, draw(st.sets(st.sampled_from(WHOLES), max_size=1)))
    assume(can_be_met([], instance))
    names = st.sampled_from([*WHOLES, f"{CUT}/1", f"{CUT}/2"])
    demands = []
    for n in range(draw(st.integers(1, 7))):
        one, *rest = draw(st.lists(names, min_size=2, max_size=4, unique=True))
        cut = draw(st.integers(0, len(rest) - 1))
        demands.append(Demand(f"d{n}", (one, *rest[:cut]), tuple(rest[cut:])))
    return demands, instance


@settings(max_examples=200, deadline=None)
@given(stand_offs())
def test_deadlocks_are_the_minimal_contradictory_sets(drawn: tuple[list[Demand], Instance]) -> None:
    """Catches a set that is no contradiction, one that is missed, one with a demand too many."""
    demands, instance = drawn
    found, complete = deadlocks(demands, instance)
    by_id = {d.id: d for d in demands}
    every = subsets([d.id for d in demands])
    contradictory = (s for s in every if not can_be_met([by_id[d] for d in s], instance))
    assert complete
    assert len(set(found)) == len(found)
    assert {frozenset(d) for d in found} == minimal(contradictory)
    assert [len(d) for d in found] == sorted(len(d) for d in found)
    ways, complete = relaxations(found)
    hitting = (s for s in subsets([d.id for d in demands]) if can_be_met([d for d in demands if d.id not in s], instance))
    assert complete
    assert {frozenset(w) for w in ways} == minimal(hitting) - {frozenset()}


conflicts = st.lists(st.lists(st.sampled_from("abcdefg"), min_size=1, max_size=4, unique=True), max_size=6)


@settings(max_examples=200)
@given(conflicts)
def test_relaxations_are_the_minimal_hitting_sets(sets: list[list[str]]) -> None:
    """For any family of sets, also one where some contain others: the deadlocks of a case never do."""
    found, complete = relaxations(sets)
    expected = minimal(s for s in subsets("abcdefg") if all(s & set(c) for c in sets))
    assert complete
    assert {frozenset(w) for w in found} == expected - {frozenset()}
    assert [len(w) for w in found] == sorted(len(w) for w in found)


@settings(max_examples=100)
@given(conflicts, st.integers(1, 4))
def test_a_list_that_was_cut_says_so_and_holds_nothing_false(sets: list[list[str]], most: int) -> None:
    """Catches a set that meets not all conflicts, or has a demand too many, because the sets it would be compared with were
    cut away."""
    found, complete = relaxations(sets, most=most)
    expected = minimal(s for s in subsets("abcdefg") if all(s & set(c) for c in sets)) - {frozenset()}
    assert {frozenset(w) for w in found} <= expected
    assert len(found) <= most
    assert not complete or {frozenset(w) for w in found} == expected


def test_too_many_deadlocks() -> None:
    """Two demands against two: four deadlocks. Asked for three, it says that there are more, and lists no cycle of four."""
    demands = [
        Demand("a", ("u",), ("v",)),
        Demand("b", ("v",), ("u",)),
        Demand("c", ("u",), ("v",)),
        Demand("d", ("v",), ("u",)),
    ]
    found, complete = deadlocks(demands, case(), most=3)
    assert (len(found), complete, {len(d) for d in found}) == (3, False, {2})
    assert deadlocks(demands, case(), most=4) == ((("a", "b"), ("a", "d"), ("b", "c"), ("c", "d")), True)


def test_many_entangled_demands_are_no_trouble() -> None:
    """Ten against ten have a hundred deadlocks of two and two relaxations, and more cycles than could be counted; three times
    twenty in a ring have 8000 deadlocks of three. Catches a cap on cycles of any length, which lists few and none minimal."""
    ten = range(10)
    demands = [Demand(f"{s}{n}", (f,), (b,)) for s, f, b in (("a", "u", "v"), ("b", "v", "u")) for n in ten]
    found, complete = deadlocks(demands, case())
    assert (len(found), complete) == (100, True)
    assert relaxations(found) == ((tuple(f"a{n}" for n in ten), tuple(f"b{n}" for n in ten)), True)
    ring = [Demand(f"{f}{n}", (f,), (b,)) for f, b in ("uv", "vw", "wu") for n in range(20)]
    found, complete = deadlocks(ring, case())
    assert (len(found), complete, {len(d) for d in found}) == (1000, False, {3})


def test_a_demand_against_a_prerequisite_is_a_deadlock_of_one() -> None:
    """`v` needs `u`; whoever wants `v` before `u` asks for what cannot be, whatever the others say. An alternative to `u`
    leaves a way out, and so does a `u` that is in force."""
    demand = [Demand("d", ("v",), ("u",))]
    for after in (0, 1, 2):
        needs = {"v": [Requirement(("u",), after)]}
        assert deadlocks(demand, case(needs)) == ((("d",),), True)
        assert deadlocks(demand, case(needs, in_force="u")) == ((), True)
    assert deadlocks(demand, case({"v": [Requirement(("u", "w"), 1)]})) == ((), True)
    chain = {"v": [Requirement(("w",), 0)], "w": [Requirement(("u",), 0)]}
    assert deadlocks(demand, case(chain)) == ((("d",),), True)


def test_slices() -> None:
    """A bare id means every slice; a later slice cannot come before an earlier one, but two sides can take turns."""
    assert deadlocks([Demand("d", ("z/2",), ("z/1",))], case()) == ((("d",),), True)
    turns = [Demand("a", ("z/1",), ("u",)), Demand("b", ("u",), ("z/2",))]
    assert deadlocks(turns, case()) == ((), True)
    whole = [Demand("a", ("z",), ("u",)), Demand("b", ("u",), ("z/2",))]
    assert deadlocks(whole, case()) == ((("a", "b"),), True)


def test_what_is_in_force_is_past_demanding() -> None:
    """The demand for it is met, and who wanted to withhold it no longer can: catches a deadlock that history has dissolved."""
    demands = [Demand("a", ("u",), ("v",)), Demand("b", ("v",), ("u",))]
    assert deadlocks(demands, case()) == ((("a", "b"),), True)
    assert deadlocks(demands, case(in_force="u")) == ((), True)
    assert deadlocks(demands, case(in_force="v")) == ((), True)
