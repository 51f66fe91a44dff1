"""The deadlock: demands ("you first") that contradict each other.

A demand says that every measure of `first` comes before any measure of `before`; a prerequisite of the case says that a measure
comes no earlier than another. So demand a leads to demand b if some measure that a holds back is, or is needed for, a measure
that b wants to see first. A cycle of demands cannot be met by any order of steps: that is a deadlock. It is minimal if no part
of it is one already, and that is so if and only if the cycle has no chord, so these alone are listed. What is in force already
is neither waited for nor held back any more.

Where a prerequisite leaves a choice, no such graph tells all: a holds back one way to b's measure, c the other, and only the
three together cannot be met. Then every measure is put as early as demands and prerequisites allow, of a choice the earliest,
and demands contradict each other if one of theirs is put off without end. The minimal sets of demands for which that is so and
the minimal relaxations are found together: as long as taking away a minimal relaxation of the sets found leaves a
contradiction, shrink it to a minimal one (Bailey and Stuckey 2005, Discovery of minimal unsatisfiable subsets of constraints
using hitting set dualization).

A relaxation is a set of demands that meets every minimal deadlock, and none of its parts does: giving up (or softening) all of
its demands leaves no cycle. Relaxations are the minimal hitting sets of the deadlocks (Berge 1989, Hypergraphs; Reiter 1987).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from detente.case.instance import Instance, Requirement
from detente.case.reach import earliest

__all__ = ["DemandLike", "deadlocks", "relaxations"]


class DemandLike(Protocol):
    """What is needed of a demand."""

    @property
    def id(self) -> str: ...
    @property
    def first(self) -> Sequence[str]: ...
    @property
    def before(self) -> Sequence[str]: ...


def deadlocks(
    demands: Sequence[DemandLike], instance: Instance, *, most: int = 1000
) -> tuple[tuple[tuple[str, ...], ...], bool]:
    """All minimal sets of demands that contradict each other, each in the order of its cycle, the shortest first.

    Returns
    -------
    (deadlocks, complete)
        complete is False where there are more than `most`: the list lacks some.
    """
    if any(len(q.any) > 1 and len(_open(q.any, instance)) == len(q.any) for m in instance.measures for q in m.requires):
        return _with_choices(demands, instance, most)
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(demands)))
    needs = [_closure(d.first, instance) for d in demands]
    for a, b in itertools.product(range(len(demands)), repeat=2):
        if needs[b] & _open(demands[a].before, instance):
            graph.add_edge(a, b)
    minimal = [_turned(c) for c in itertools.islice(nx.chordless_cycles(graph), most + 1)]
    minimal, complete = minimal[:most], len(minimal) <= most
    return tuple(tuple(demands[n].id for n in c) for c in sorted(minimal, key=lambda c: (len(c), c))), complete


def _with_choices(demands: Sequence[DemandLike], instance: Instance, most: int) -> tuple[tuple[tuple[str, ...], ...], bool]:
    """As `deadlocks`, where prerequisites leave a choice; each set in the order of the case."""
    every = [d.id for d in demands]
    found: list[tuple[str, ...]] = []
    settled: set[tuple[str, ...]] = set()
    fresh: list[tuple[str, ...]] = [()]
    while fresh and len(found) <= most:
        settled.update(fresh)
        for relaxed in fresh:
            rest = [d for d in demands if d.id not in relaxed]
            if any(set(c).isdisjoint(relaxed) for c in found) or _can_be_met(rest, instance):
                continue
            for d in list(rest):
                fewer = [x for x in rest if x is not d]
                rest = rest if _can_be_met(fewer, instance) else fewer
            found.append(tuple(d.id for d in rest))
        fresh = [h for h in relaxations(found, most=most)[0] if h not in settled]
    complete = len(found) <= most
    return tuple(sorted(found[:most], key=lambda c: (len(c), [every.index(d) for d in c]))), complete


def _can_be_met(demands: Sequence[DemandLike], instance: Instance) -> bool:
    """Whether some order of steps, windows apart, brings all that the demands name, each after what is demanded before it.

    How long a prerequisite takes is no matter, only whether it takes any time: what is put off as often as there are measures
    is put off without end.
    """
    waits = {m.id: [Requirement(q.any, min(q.after, 1)) for q in m.requires] for m in instance.measures}
    named = set[str]()
    for d in demands:
        first, before = _open(d.first, instance), _open(d.before, instance)
        named |= first | before
        for b in before:
            waits[b] += [Requirement((f,), 1) for f in first]
    last = len(instance.measures)
    entry = earliest([replace(m, requires=tuple(waits[m.id]), not_before=0, not_after=last) for m in instance.measures])
    return all(entry[m] is not None for m in named)


def _turned(cycle: list[int]) -> list[int]:
    """A cycle that begins with its first demand in the order of the case."""
    at = cycle.index(min(cycle))
    return cycle[at:] + cycle[:at]


def _open(ids: Iterable[str], instance: Instance) -> set[str]:
    """The measures that stand for the ids of a case, without those in force already."""
    named = (m for name in ids for m in ((name,) if name in instance.measure else instance.slices[name]))
    return {m for m in named if not instance.measure[m].in_force}


def _closure(ids: Iterable[str], instance: Instance) -> set[str]:
    """The measures and everything that must have entered for them: prerequisites without an alternative."""
    found = _open(ids, instance)
    stack = list(found)
    while stack:
        for q in instance.measure[stack.pop()].requires:
            fresh = _open(q.any, instance) - found if len(q.any) == 1 else set()
            found |= fresh
            stack += fresh
    return found


def relaxations(conflicts: Sequence[Sequence[str]], *, most: int = 1000) -> tuple[tuple[tuple[str, ...], ...], bool]:
    """All minimal sets that meet every conflict, the smallest first, and whether the list is complete.

    Berge's algorithm: sets that meet the first conflicts are extended by each next one, and kept where each of their demands
    meets some conflict that none of the others meets. Where there are more than `most` the smallest go on, and the list is not
    complete.
    """
    hitting: list[frozenset[str]] = [frozenset()]
    complete = True
    for n, conflict in enumerate(conflicts, 1):
        met = [h for h in hitting if not h.isdisjoint(conflict)]
        extended = {h | {d} for h in hitting if h.isdisjoint(conflict) for d in conflict}
        fresh = [h for h in extended if _is_minimal(h, conflicts[:n])]
        hitting = sorted([*met, *fresh], key=lambda h: (len(h), sorted(h)))
        if len(hitting) > most:
            hitting, complete = hitting[:most], False
    return tuple(tuple(sorted(h)) for h in hitting if h), complete


def _is_minimal(demands: frozenset[str], conflicts: Sequence[Sequence[str]]) -> bool:
    alone = {d for c in conflicts if len(met := demands.intersection(c)) == 1 for d in met}
    return alone == demands
