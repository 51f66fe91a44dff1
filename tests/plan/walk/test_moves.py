"""The closure over prerequisites against its definition: every schedule of small cases is tried."""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bruteforce import BruteForce
from detente.case.instance import Instance, Measure, Requirement
from detente.case.reach import earliest as earliest_of
from detente.plan.certificate import STRUCTURAL, certify
from detente.plan.delayed import delayed
from detente.plan.roadmap import Roadmap
from detente.plan.tables.party_rows import entries
from detente.plan.tables.tables import roadmap_of
from detente.plan.walk.moves import Moves
from strategies import instances, roadmaps


@st.composite
def tangled(draw: st.DrawFn) -> Instance:
    """Up to four measures in up to four phases, most of which need others, have a window or exclude one another."""
    T, ids = draw(st.integers(1, 4)), [f"m{n}" for n in range(draw(st.integers(1, 4)))]
    seldom = st.sampled_from([False, False, False, True])
    pair = draw(st.permutations(ids))[:2] if len(ids) > 1 and draw(st.booleans()) else ["", ""]
    measures = []
    for m in ids:
        others = st.lists(st.sampled_from([n for n in ids if n != m] or [m]), min_size=1, max_size=2, unique=True)
        needs = st.lists(st.builds(Requirement, others.map(tuple), st.integers(0, 2)), max_size=2)
        first = draw(st.integers(0, T - 1)) if draw(seldom) else 0
        last = draw(st.integers(first, T - 1)) if draw(st.booleans()) else T - 1
        measures.append(
            Measure(
                id=m,
                whole=m,
                title=m,
                kind="other",
                actors=(),
                value={},
                once={},
                irreversible=Fraction(0),
                lag=1,
                signal=Fraction(1),
                requires=tuple(draw(needs)) if len(ids) > 1 else (),
                excludes=tuple(n for n in pair if m in pair and n != m),
                not_before=first,
                not_after=last,
                in_force=draw(seldom) and m not in pair,
            )
        )
    return Instance("tangled", T, (), tuple(measures))


def kept(instance: Instance, out: tuple[int, ...], free: set[int]) -> bool:
    """Whether the measures of `free` keep their windows and prerequisites."""
    T, at = instance.phases, dict(zip(instance.measure, out, strict=True))
    for n, m in enumerate(instance.measures):
        if n not in free or not 0 <= out[n] < T:
            continue
        if not m.not_before <= out[n] <= m.not_after:
            return False
        if any(not any(at[k] < T and at[k] + q.after <= out[n] for k in q.any) for q in m.requires):
            return False
    return True


def least(instance: Instance, start: tuple[int, ...], free: set[int]) -> tuple[int, ...]:
    """The least schedule from `start` up in which those of `free` are kept to, the others as they are: of all schedules."""
    T = instance.phases
    ranges = [range(e, T + 1) if n in free and e >= 0 else (e,) for n, e in enumerate(start)]
    every = [out for out in itertools.product(*ranges) if kept(instance, out, free)]
    return tuple(map(min, zip(*every, strict=True)))


def faults(instance: Instance, entry: tuple[int, ...]) -> set[str]:
    placed = {m.id: None if e >= instance.phases else e for m, e in zip(instance.measures, entry, strict=True)}
    broken = certify(instance, Roadmap(instance.case, instance.phases, placed)).broken
    return {r.row for r in broken if r.row in STRUCTURAL}


@settings(max_examples=150, deadline=None)
@given(tangled(), st.data())
def test_what_is_put_off_is_the_least_schedule(instance: Instance, data: st.DataObject) -> None:
    """Catches a phase too late, and a cycle that is broken or kept by the order in which it is read."""
    start = data.draw(roadmaps(instance))
    wanted = least(instance, tuple(entries(instance, start).tolist()), set(range(len(instance.measures))))
    out = delayed(instance, start.entry)
    assert tuple(entries(instance, Roadmap(instance.case, instance.phases, out)).tolist()) == wanted
    early = [instance.phases if e is None else e for e in earliest_of(instance.measures).values()]
    assert Moves(instance).earliest.tolist() == early


@settings(max_examples=300, deadline=None)
@given(tangled(), st.integers(1, 3), st.data())
def test_a_wish_is_closed_by_its_definition(instance: Instance, several: int, data: st.DataObject) -> None:
    """What was not wished for and does not come sooner is the least schedule; where nothing leaves a choice,
    a wish is refused only if no schedule at all has it."""
    moves, T = Moves(instance), instance.phases
    if not moves.movable:
        return
    if single := data.draw(st.booleans()):
        measures = tuple(
            replace(m, excludes=(), requires=tuple(replace(q, any=q.any[:1]) for q in m.requires)) for m in instance.measures
        )
        instance = replace(instance, measures=measures)
        moves = Moves(instance)
    everything = set(range(len(instance.measures)))
    rough = tuple(entries(instance, data.draw(roadmaps(instance))).tolist())
    entry = np.array(least(instance, rough, everything))
    if "exclusion" in faults(instance, tuple(entry.tolist())):
        return
    wished = data.draw(st.lists(st.sampled_from(moves.movable or (0,)), min_size=1, max_size=several, unique=True))
    wish = {n: max(data.draw(st.integers(0, T)), int(moves.earliest[n])) for n in wished if not instance.measures[n].in_force}
    change = moves.settled(entry, wish)
    if change is None:
        here = {**dict(enumerate(entry.tolist())), **wish}
        if single and here != dict(enumerate(entry.tolist())):
            ranges = [(wish[n],) if n in wish else (-1,) if e < 0 else range(T + 1) for n, e in enumerate(entry.tolist())]
            assert not any(kept(instance, out, everything) for out in itertools.product(*ranges))
        return
    out = tuple((change.get(n, int(e)) for n, e in enumerate(entry)))
    assert all(out[n] == phase for n, phase in wish.items())
    assert faults(instance, out) <= faults(instance, tuple(entry.tolist()))
    drawn = {n for n, e in enumerate(out) if n not in wish and e < entry[n]}
    excluded = {n for n in everything if any(k in drawn | set(wish) for k in _excluded(instance, n, out))}
    start = tuple(T if n in excluded else out[n] if n in drawn | set(wish) else int(entry[n]) for n in everything)
    assert out == least(instance, start, everything - drawn - set(wish))


def _excluded(instance: Instance, n: int, out: tuple[int, ...]) -> list[int]:
    """The measures that enter and exclude measure n."""
    return [k for k, m in enumerate(instance.measures) if instance.measures[n].id in m.excludes and out[k] < instance.phases]


@settings(max_examples=100, deadline=None)
@given(instances(most_measures=5, most_phases=4) | instances(most_measures=5, most_phases=4, works=True))
def test_the_schedule_without_a_deal(instance: Instance) -> None:
    """Catches acts that begin too early, or that are left out though nothing is in their way."""
    empty, brute = Roadmap.empty(instance), BruteForce(instance)
    found = roadmap_of(instance, Moves(instance).alone)
    assert brute.faults(found) <= brute.faults(empty)
    for m, e in found.entry.items():
        ready = brute.ready[m]
        if instance.measure[m].in_force or ready is None or ready >= instance.phases:
            assert e == empty.entry[m]
        else:
            shut = any(instance.measure[n].in_force for n in instance.measure[m].excludes)
            waits = any(found.entry[n] is None for q in instance.measure[m].requires for n in q.any)
            assert e == (None if shut else ready) or waits
