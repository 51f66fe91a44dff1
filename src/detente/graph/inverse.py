"""The inverse question: what would a party have to prefer for a wanted state to be stable for it?

Whether state s is stable for party i depends on one thing in i's preference: the set A of the states that it holds no better
than s. For every move q in R[i](s) the concept asks for one of several *ways*, each a set of states that must all be in A:

    Nash   {q}
    GMR    {q}, or {r} for any r in R[O](q)
    SMR    {q}, or {r} with all of R[i](r), for any r in R[O](q)
    SEQ    {q}, or {r} for any r in R+[O](q)
    SIM    {q}, or {r} for any r that q and an improvement of another, made together, lead to

So the rankings that make s stable are exactly those in which, for every move, all states of some way stand no higher than s: a
list of conditions, found without trying any ranking (Kinsara, Kilgour and Hipel 2015 try them; Wang, Hipel, Fang and Dang 2018
put the matrix form to the same use). s is an equilibrium where this holds for every party.

The fewest changes: with B the states that i now holds better than s, the smallest sets D within B such that A and D together
satisfy every condition; every state of D has to fall to s or below it, or s to rise to it. They are found by branching on the
condition with the fewest ways that is not met yet, cheapest way first, and cutting off where a set grows larger than the best.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from detente.errors import GraphError

if TYPE_CHECKING:
    from detente.graph.result import Graph

__all__ = ["Condition", "Inverse", "inverse"]

MOST_STATES = 1 << 14
_MOST_BRANCHES = 5_000
_MOST_CHANGES = 50

Way = frozenset[int]


@dataclass(frozen=True)
class Condition:
    """What one move asks for. move : the state it leads to. ways : of each one, all states must be held no better than the
    wanted one; the smallest first. All by number."""

    move: int
    ways: tuple[Way, ...]

    @cached_property
    def _parted(self) -> tuple[Way, tuple[Way, ...]]:
        """The ways of one state, as one set, and the others."""
        return frozenset().union(*(w for w in self.ways if len(w) == 1)), tuple(w for w in self.ways if len(w) != 1)

    def holds(self, no_better: frozenset[int]) -> bool:
        single, longer = self._parted
        return not single.isdisjoint(no_better) or any(way <= no_better for way in longer)


@dataclass(frozen=True)
class Inverse:
    """The rankings of one party that make a state stable under a concept.

    conditions : all of them must hold; one for each move of the party. stable : whether they hold already. changes : the
    smallest sets of states that would have to be held no better than the wanted one in place of better. complete : False where
    the search was ended before all smallest sets were known.
    """

    state: int
    party: str
    concept: str
    conditions: tuple[Condition, ...]
    stable: bool
    changes: tuple[tuple[int, ...], ...]
    complete: bool

    def allows(self, no_better: frozenset[int]) -> bool:
        """Whether the state is stable for a party that holds exactly these states no better than it."""
        return all(c.holds(no_better) for c in self.conditions)

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        conditions.move : a state that it can move to
        conditions.ways : sets of states; all of one set must be held no better than the wanted state
        fewest : how many states would have to fall to it or below
        changes : every such set of that size, fifty at most
        stable : whether the state is stable for it already
        """
        return {
            "party": self.party,
            "stable": self.stable,
            "conditions": [{"move": c.move, "ways": [sorted(w) for w in c.ways]} for c in self.conditions],
            "fewest": len(self.changes[0]) if self.changes else 0 if self.stable else None,
            "changes": [list(c) for c in self.changes],
            "complete": self.complete,
        }


def inverse(found: Graph, state: int, concept: str = "nash", *, party: str | None = None) -> tuple[Inverse, ...]:
    """The conditions for a state (by number) to be stable: for one party, or for every party.

    Raises
    ------
    GraphError
        If there is no such state, party or concept; if preferences are unknown, or there are more than 16,384 states.
    """
    if not 1 <= state <= found.count:
        raise GraphError(f"{found.conflict.id}: got state {state}, wanted 1 to {found.count}")
    if concept not in ("nash", "gmr", "smr", "seq", "sim"):
        raise GraphError(f"{found.conflict.id}: got the concept {concept!r}, wanted nash, gmr, smr, seq or sim")
    if found.extensions:
        raise GraphError(f"{found.conflict.id}: the inverse question needs preferences that are all known")
    if found.count > MOST_STATES:
        raise GraphError(
            f"{found.conflict.id}: {found.count:,} states, wanted at most {MOST_STATES:,} for the inverse question"
        )
    chosen = range(len(found.levels)) if party is None else [found.place(party)]
    return tuple(_of_party(found, state - 1, i, concept) for i in chosen)


def _of_party(found: Graph, s: int, i: int, concept: str) -> Inverse:
    conditions = []
    for q in (int(x) for x in found.moves.of(i, s)):
        ways = {frozenset([q + 1]), *(w - {s + 1} for w in _ways(found, s, i, q, concept))}
        conditions.append(Condition(q + 1, _smallest(ways)))
    level = found.levels[i].level
    no_better = frozenset(int(n) + 1 for n in (level <= level[s]).nonzero()[0])
    open_ones = [c for c in conditions if not c.holds(no_better)]
    changes, complete = _fewest(open_ones, no_better)
    made = tuple(tuple(sorted(c)) for c in changes)
    name = found.conflict.parties[i].id
    return Inverse(s + 1, name, concept, tuple(conditions), not open_ones, made, complete)


def _ways(found: Graph, s: int, i: int, q: int, concept: str) -> Iterator[Way]:
    others = [j for j in range(len(found.levels)) if j != i]
    if concept == "nash":
        return
    if concept == "sim":
        from detente.graph.sentences import improvements
        from detente.graph.states import index_of

        for j in others:
            for p in improvements(found, j, s, False):
                r = index_of(found.states, int(found.states[q] ^ found.states[p] ^ found.states[s]))
                if r >= 0:
                    yield frozenset([r + 1])
        return
    for r in _reached(found, others, q, concept == "seq"):
        own = (int(p) + 1 for p in found.moves.of(i, r)) if concept == "smr" else ()
        yield frozenset([r + 1, *own])


def _reached(found: Graph, others: list[int], q: int, improving: bool) -> set[int]:
    """Where the others' moves lead from q; nobody need move twice running, since moves and known preferences are transitive."""
    seen, waiting = {q}, [q]
    while waiting:
        at = waiting.pop()
        for j in others:
            level = found.levels[j].level
            for r in found.moves.of(j, at):
                if int(r) not in seen and (not improving or level[r] > level[at]):
                    seen.add(int(r))
                    waiting.append(int(r))
    return seen - {q}


def _smallest(ways: set[Way]) -> tuple[Way, ...]:
    """The ways that hold no other one, by size."""
    kept: list[Way] = []
    singles = set[int]()
    for way in sorted(ways, key=lambda w: (len(w), sorted(w))):
        if way & singles or (len(way) > 1 and any(k <= way for k in kept if len(k) > 1)):
            continue
        if len(way) == 1:
            singles |= way
        kept.append(way)
        if not way:
            return (way,)
    return tuple(kept)


def _fewest(conditions: list[Condition], no_better: frozenset[int]) -> tuple[list[Way], bool]:
    """All smallest sets that meet every condition together with what is no better already."""
    if not conditions:
        return [], True
    best: list[Way] = [frozenset().union(*(frozenset([c.move]) for c in conditions))]
    seen, branches = set[Way](), 0
    waiting: list[Way] = [frozenset()]
    complete = True
    while waiting:
        chosen = waiting.pop()
        branches += 1
        if branches > _MOST_BRANCHES or (len(best) >= _MOST_CHANGES and len(best[0]) == 1):
            complete = False
            break
        held = no_better | chosen
        left = [c for c in conditions if not c.holds(held)]
        if not left:
            if len(chosen) < len(best[0]):
                best = [chosen]
            elif len(chosen) == len(best[0]) and chosen not in best:
                best.append(chosen)
            continue
        narrow = min(left, key=lambda c: len(c.ways))
        found = {chosen | (way - no_better) for way in narrow.ways}
        for more in sorted(found, key=len, reverse=True):
            room = len(best[0]) - (1 if len(best) >= _MOST_CHANGES else 0)
            if len(more) <= room and more not in seen:
                seen.add(more)
                waiting.append(more)
    if len(best) >= _MOST_CHANGES:
        complete = False
    return sorted(best, key=sorted)[:_MOST_CHANGES], complete
