"""Stability straight from the definitions, with sets and loops over plain data; it shares no code with the library.

The definitions are those of Fang, Hipel and Kilgour 1993 (Nash, GMR, SMR, SEQ, legal sequences of moves), Fraser and Hipel 1979
(SIM), Hamouda, Kilgour and Hipel 2004 (strong stability), Li, Hipel, Kilgour and Fang 2004 (extensions a to d) and Kilgour,
Hipel, Fang and Peng 2001 (coalitions). Every set is written out; nothing is clever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

from conflictcases import Plain, State

EXTENSIONS = {"a": (True, False), "b": (False, False), "c": (True, True), "d": (False, True)}


class Force:
    """All sets of the definitions, for one conflict."""

    def __init__(self, plain: Plain) -> None:
        self.plain, self.states = plain, plain.states
        self.feasible = set(self.states)
        self.parties = range(plain.parties)
        self.rank: list[dict[State, int]] = []
        self.tier: list[dict[State, int]] = []
        for tiers in plain.ranking:
            groups = [(t, g) for t, tier in enumerate(tiers) for g in tier]
            self.rank.append({s: -k for k, (_, g) in enumerate(groups) for s in g})
            self.tier.append({s: -t for t, g in groups for s in g})
        self.moves = cache(self._moves)
        self.improvements = cache(self._improvements)
        self.by_coalition = cache(self._by_coalition)
        self.by_improvements = cache(self._by_improvements)

    # Preferences

    def unknown(self, i: int, s: State, q: State) -> bool:
        return frozenset((s, q)) in self.plain.unknown[i]

    def better(self, i: int, s: State, q: State) -> bool:
        """q is surely better than s."""
        return not self.unknown(i, s, q) and self.rank[i][q] > self.rank[i][s]

    def much_worse(self, i: int, s: State, r: State) -> bool:
        return self.tier[i][r] < self.tier[i][s]

    # Moves

    def _moves(self, movers: frozenset[int], s: State) -> frozenset[State]:
        """Where parties get who change their options together, at once."""
        found = set()
        for q in self.states:
            changed = [n for n in range(len(s)) if s[n] != q[n]]
            if not changed or any(self.plain.owners[n] not in movers for n in changed):
                continue
            ways = [(self.plain.directions[n], q[n]) for n in changed]
            if all(way == "both" or (way == "forward") == taken for way, taken in ways):
                found.add(q)
        return frozenset(found)

    def _improvements(self, i: int, s: State, or_unknown: bool) -> frozenset[State]:
        return frozenset(
            q for q in self.moves(frozenset([i]), s) if self.better(i, s, q) or (or_unknown and self.unknown(i, s, q))
        )

    def _legal(self, start: State, movers: frozenset[int], step: Callable[[int, State], Iterable[State]]) -> frozenset[State]:
        """Where legal sequences lead: any of the movers moves, never the same twice running."""
        seen = set[tuple[State, int]]()
        waiting = [(q, j) for j in movers for q in step(j, start)]
        while waiting:
            q, last = waiting.pop()
            if (q, last) not in seen:
                seen.add((q, last))
                waiting += [(r, j) for j in movers if j != last for r in step(j, q)]
        return frozenset(q for q, _ in seen)

    def _by_coalition(self, movers: frozenset[int], s: State) -> frozenset[State]:
        return self._legal(s, movers, lambda j, x: self.moves(frozenset([j]), x))

    def _by_improvements(self, movers: frozenset[int], s: State) -> frozenset[State]:
        return self._legal(s, movers, lambda j, x: self.improvements(j, x, True))

    # Stability of an actor: a party, or a coalition

    def stable(
        self,
        actor: frozenset[int],
        s: State,
        concept: str,
        *,
        open_to: bool = False,
        deterred: bool = False,
        strong: bool = False,
    ) -> bool:
        others = frozenset(self.parties) - actor

        def improves(q: State) -> bool:
            return all(self.better(i, s, q) or (open_to and self.unknown(i, s, q)) for i in actor)

        def sanctions(r: State) -> bool:
            if strong:
                return any(self.much_worse(i, s, r) for i in actor)
            return any(deterred if self.unknown(i, s, r) else self.rank[i][r] <= self.rank[i][s] for i in actor)

        for q in self.moves(actor, s):
            if not improves(q):
                continue
            if concept == "nash":
                return False
            if concept == "gmr":
                met = any(sanctions(r) for r in self.by_coalition(others, q))
            elif concept == "smr":
                met = any(
                    sanctions(r) and all(sanctions(p) for p in self.moves(actor, r)) for r in self.by_coalition(others, q)
                )
            elif concept == "seq":
                met = any(sanctions(r) for r in self.by_improvements(others, q))
            else:
                met = any(
                    together in self.feasible and sanctions(together)
                    for j in others
                    for p in self.improvements(j, s, True)
                    for together in [tuple(p[n] if self.plain.owners[n] == j else q[n] for n in range(len(s)))]
                )
            if not met:
                return False
        return True

    # Limited moves

    def ends(self, h: int, i: int, s: State) -> set[State]:
        """G[h](i, s)."""
        if h == 0:
            return {s}
        after = {
            q: set().union(*(self.ends(h - 1, j, q) for j in self.parties if j != i)) for q in self.moves(frozenset([i]), s)
        }
        worth = {q: min(self.rank[i][r] for r in found) for q, found in after.items()}
        if not worth or self.rank[i][s] >= max(worth.values()):
            return {s}
        return set().union(*(after[q] for q, x in worth.items() if x == max(worth.values())))

    def stays(self, h: int, i: int, s: State) -> bool:
        after = [
            min(self.rank[i][r] for j in self.parties if j != i for r in self.ends(h - 1, j, q))
            for q in self.moves(frozenset([i]), s)
        ]
        return not after or self.rank[i][s] >= max(after)
