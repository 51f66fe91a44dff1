"""How things could go from today by improvements alone: which states can be reached, and the shortest way to each.

Every step is a move by one party to a state that it surely holds better than the one it leaves; nobody moves twice running.
Preferences that are wholly known are transitive, so that two steps of one party could be one; where some are unknown, who
moved last is kept with each state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.base.compiled import compiled
from detente.base.frozen import Frozen
from detente.graph.pairs import stacked

if TYPE_CHECKING:
    from detente.graph.result import Graph

__all__ = ["Paths", "paths"]

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Paths(Frozen):
    """Shortest ways from a state by improvements.

    start : its number. node : of shape (N,), the number in the search of the first arrival at each state, -1 where there is
    none. before, mover, state : by number in the search, where it came from, who moved, and where to. ends : by concept the
    equilibria that can be reached.
    """

    start: int
    node: Ints
    before: Ints
    mover: Ints
    state: Ints
    ends: Mapping[str, tuple[int, ...]]

    @cached_property
    def reached(self) -> tuple[int, ...]:
        """Every state that can be reached, the start included, by number."""
        return tuple(int(n) + 1 for n in np.flatnonzero(self.node >= 0))

    def to(self, number: int) -> list[tuple[int, int]]:
        """The steps to a state: the place of who moves, and the number of the state it moves to; [] for the start.

        Raises
        ------
        KeyError
            If improvements do not lead there.
        """
        at = int(self.node[number - 1])
        if at < 0:
            raise KeyError(number)
        steps: list[tuple[int, int]] = []
        while self.before[at] >= 0:
            steps.append((int(self.mover[at]), int(self.state[at]) + 1))
            at = int(self.before[at])
        return steps[::-1]

    def to_dict(self, *, listed: bool) -> dict[str, object]:
        """As JSON has it.

        from : today's state
        reached : how many states improvements lead to, the start included
        equilibria : by concept, the equilibria among these
        equilibria.ID[].state : one of them
        equilibria.ID[].steps : the shortest way to it: `party`, its place from 0, and `to`, the state
        """
        out: dict[str, object] = {"from": self.start, "reached": int((self.node >= 0).sum())}
        if not listed:
            return {**out, "equilibria": {c: len(ends) for c, ends in self.ends.items()}}
        return {
            **out,
            "equilibria": {
                c: [{"state": e, "steps": [{"party": p, "to": s} for p, s in self.to(e)]} for e in ends]
                for c, ends in self.ends.items()
            },
        }


def paths(found: Graph, start: int) -> Paths:
    """Search from the state at place `start`."""
    level, one, other = stacked(found.levels)
    moves = found.moves
    node, before, mover, state = _search(
        moves.cell, moves.order, moves.start, moves.ahead_at, moves.ahead, level, one, other,
        any(x.has_unknown for x in found.levels), start,
    )  # fmt: skip
    ends = {
        concept: tuple(int(n) + 1 for n in np.flatnonzero(np.logical_and.reduce(stable, axis=0) & (node >= 0)))
        for concept, stable in found.stable.items()
    }
    return Paths(start + 1, node, before, mover, state, ends)


@compiled
def _search(cell, order, start, ahead_at, ahead, level, one, other, unknown, first):  # type: ignore[no-untyped-def]
    """Breadth first over states, or over states and who moved last where some preference is unknown."""
    parties, count = level.shape
    layers = parties + 1 if unknown else 1
    seen = np.zeros((layers, count), dtype=np.bool_)
    left = np.empty_like(start)  # down to where a cell's states, from the best on, have been taken; for known preferences
    for j in range(parties):
        for c in range(start.shape[1] - 1):
            left[j, c] = start[j, c + 1]
    node = np.full(count, -1, dtype=np.int64)
    before, mover, state = (
        np.empty(layers * count, dtype=np.int64),
        np.empty(layers * count, dtype=np.int64),
        np.empty(layers * count, dtype=np.int64),
    )
    before[0], mover[0], state[0] = -1, -1, first
    node[first] = 0
    seen[:, first] = not unknown
    seen[layers - 1, first] = True
    size, at = 1, 0
    while at < size:
        s = state[at]
        for j in range(parties):
            if unknown and j == mover[at]:
                continue
            c = cell[j, s]
            for k in range(ahead_at[j, c] - 1, ahead_at[j, c + 1]):
                b = c if k < ahead_at[j, c] else ahead[k]
                n = start[j, b + 1] - 1 if unknown else left[j, b] - 1
                while n >= start[j, b]:
                    q = order[j, n]
                    if level[j, q] <= level[j, s]:
                        break
                    layer = j if unknown else 0
                    known = not unknown or not ((one[j, s] & other[j, q]) | (other[j, s] & one[j, q]))
                    if known and not seen[layer, q]:
                        seen[layer, q] = True
                        before[size], mover[size], state[size] = at, j, q
                        if node[q] < 0:
                            node[q] = size
                        size += 1
                    n -= 1
                if not unknown:
                    left[j, b] = n + 1
        at += 1
    return node, before[:size], mover[:size], state[:size]
