"""Hypothesis strategies: small stand-offs with everything that can go wrong in them, and roadmaps for them.

Numbers are decimals of one or two places, as an analyst writes them, so that ties and exact zeros do occur.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from detente.case.instance import Instance, Measure, Party, Requirement
from detente.plan.roadmap import Roadmap


def _decimals(*texts: str) -> st.SearchStrategy[Fraction]:
    return st.sampled_from([Fraction(x) for x in texts])


def _tenths(low: int, high: int) -> st.SearchStrategy[Fraction]:
    return st.integers(low, high).map(lambda n: Fraction(n, 10))


DISCOUNT = _decimals("0.5", "0.8", "0.9", "0.95", "0.97")
SHARE = _decimals("0", "0", "0.25", "0.5", "0.9", "1")
TRUST = _decimals("0.02", "0.15", "0.5", "0.8")
GOOD_TRUST = _decimals("0.15", "0.5", "0.8", "0.9", "0.95")
SIGNAL = _decimals("1", "1", "1.2", "2", "5")


@st.composite
def instances(
    draw: st.DrawFn,
    *,
    most_measures: int = 6,
    most_phases: int = 5,
    trades: bool = False,
    outside: bool = False,
    works: bool = False,
) -> Instance:
    """Two or three parties, some of which cannot act, 1 .. `most_measures` measures and 1 .. `most_phases` phases.

    With `trades` most measures cost their actors something and please the rest, trust is higher and red lines are rarer, so
    that there is often something to agree on; without it values take any sign. With `outside` one measure in four has no
    actors, as what is paid from outside. With `works` most measures that are not in force take one phase or two.
    """
    phases = draw(st.integers(1, most_phases))
    names = [f"p{n}" for n in range(draw(st.integers(2, 3)))]
    ids = [f"m{n}" for n in range(draw(st.integers(1, most_measures)))]
    actors = {m: () if outside and draw(st.integers(0, 3)) == 0 else _actors(draw, names) for m in ids}
    acting = {i for group in actors.values() for i in group}
    parties = tuple(
        Party(
            id=i,
            name=i.upper(),
            discount=draw(DISCOUNT),
            stalemate=draw(_tenths(-10, 2)),
            breakdown=draw(_decimals("0", "0", "1", "4.5")),
            trust={j: draw(GOOD_TRUST if trades else TRUST) for j in names if j != i and j in acting},
            red_line=draw(_tenths(0, 80)) if draw(st.integers(0, 9)) < (1 if trades else 4) else None,
        )
        for i in names
    )
    in_force = {m for m in ids if draw(st.integers(0, 9)) < (1 if trades else 2)}
    excludes = _exclusions(draw, ids, in_force)
    measures = tuple(_measure(draw, m, ids, names, actors[m], in_force, excludes[m], phases, trades) for m in ids)
    if works:
        measures = tuple(m if m.in_force else taking(m, draw(st.sampled_from([0, 1, 1, 2]))) for m in measures)
    return Instance("small", phases, parties, measures)


def taking(m: Measure, phases: int) -> Measure:
    """The measure with so many phases from its start to its entry, by which its start waits for what it requires."""
    requires = tuple(Requirement(q.any, q.after + phases) for q in m.requires)
    return replace(m, takes=phases, requires=requires, not_before=max(m.not_before, phases))


def _actors(draw: st.DrawFn, names: list[str]) -> tuple[str, ...]:
    joint = draw(st.integers(0, 3)) == 0
    return tuple(draw(st.lists(st.sampled_from(names), min_size=2, unique=True))) if joint else (draw(st.sampled_from(names)),)


def _exclusions(draw: st.DrawFn, ids: list[str], in_force: set[str]) -> dict[str, tuple[str, ...]]:
    """At most one pair, written on both sides, as the case reader does; never two measures that are both in force."""
    pairs = [(m, n) for m in ids for n in ids if m < n and not {m, n} <= in_force]
    out: dict[str, tuple[str, ...]] = dict.fromkeys(ids, ())
    if pairs and draw(st.integers(0, 3)) == 0:
        m, n = draw(st.sampled_from(pairs))
        out |= {m: (n,), n: (m,)}
    return out


def _measure(
    draw: st.DrawFn,
    m: str,
    ids: list[str],
    names: list[str],
    actors: tuple[str, ...],
    in_force: set[str],
    excludes: tuple[str, ...],
    phases: int,
    trades: bool,
) -> Measure:
    others = [n for n in ids if n != m]
    requires: list[Requirement] = []
    if others and draw(st.integers(0, 2)) == 0:
        any_of = draw(st.lists(st.sampled_from(others), min_size=1, max_size=2, unique=True))
        requires.append(Requirement(tuple(any_of), draw(st.integers(0, 2))))
    not_before, not_after = 0, phases - 1
    if draw(st.integers(0, 4)) == 0:
        not_before = draw(st.integers(0, phases - 1))
        not_after = draw(st.integers(not_before, phases - 1))
    return Measure(
        id=m,
        whole=m,
        title=m.upper(),
        kind="other",
        actors=actors,
        value={i: x for i in names if (x := draw(_worth(i in actors, trades)))},
        once={i: x for i in names if (x := draw(_tenths(-20, 20))) and draw(st.integers(0, 3)) == 0},
        irreversible=draw(SHARE),
        lag=draw(st.integers(1, 3)),
        signal=draw(SIGNAL),
        requires=tuple(requires),
        excludes=excludes,
        not_before=not_before,
        not_after=not_after,
        in_force=m in in_force,
    )


def _worth(own: bool, trades: bool) -> st.SearchStrategy[Fraction]:
    if not trades:
        return _tenths(-20, 20)
    return _tenths(-8, 1) if own else _tenths(-1, 25)


@st.composite
def roadmaps(draw: st.DrawFn, instance: Instance) -> Roadmap:
    """Any schedule of the measures that are not in force, whether it holds or not; no work starts before phase 0."""
    entry: dict[str, int | None] = {}
    for m in instance.measures:
        phases = st.integers(m.takes, instance.phases - 1) if m.takes < instance.phases else st.nothing()
        entry[m.id] = -1 if m.in_force else draw(st.none() | phases)
    return Roadmap(instance.case, instance.phases, entry)


@st.composite
def instances_with_roadmaps(draw: st.DrawFn, **limits: Any) -> tuple[Instance, Roadmap]:
    instance = draw(instances(**limits))
    return instance, draw(roadmaps(instance))
