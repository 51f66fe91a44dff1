"""Who can move where, without a matrix: cells of states that a party can move between freely, and which cells lie ahead.

For one party, let T be the bits of its options without direction. A *cell* is the set of feasible states that agree in every
bit outside T: within a cell the party moves freely. From a cell it can also reach the cells that lie *ahead*: those that
differ in its one-way options only, each changed in its direction. Both ends must be feasible, what lies between need not be. So

    R(s) = the states of s's cell and of the cells ahead of it, without s itself

and R is transitive: what can be reached in two moves of a party can be reached in one. Sequences in which a party moves twice
running therefore reach nothing more, and the textbook's rule that nobody does is kept by itself (as long as preferences are
transitive: see `pairs` for unknown ones).

The states of a cell are listed by rising level of the party, so that its worse states come first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.base.compiled import compiled
from detente.base.frozen import Frozen
from detente.graph.model import Conflict

__all__ = ["Moves", "moves_of"]

Ints = NDArray[np.int64]
Places = NDArray[np.int32]


@dataclass(frozen=True)
class Moves(Frozen):
    """The moves of P parties among N states.

    cell : of shape (P, N), the cell of each state. order : of shape (P, N), the states by cell and rising level.
    start : of shape (P, most + 1), where each cell begins in `order`. ahead_at, behind_at : of shape (P, most + 1), where the
    list of the cells ahead of (behind) each cell begins in `ahead` (`behind`); shared by all parties.
    """

    cell: Places
    order: Places
    start: Ints
    ahead_at: Ints
    ahead: Places
    behind_at: Ints
    behind: Places

    def of(self, party: int, state: int) -> Places:
        """The states that a party can move to from a state, by place; rising."""
        cell = self.cell[party, state]
        cells = [cell, *self.ahead[self.ahead_at[party, cell] : self.ahead_at[party, cell + 1]]]
        found = np.concatenate([self.order[party, self.start[party, c] : self.start[party, c + 1]] for c in cells])
        return np.sort(found[found != state])


def moves_of(conflict: Conflict, states: Ints, levels: Sequence[NDArray[np.int32]], groups: Sequence[Sequence[int]]) -> Moves:
    """The moves of each group of parties, which change their options together; `levels`: by which to order its cells."""
    count = len(states)
    cells, orders, starts, ahead, behind = [], [], [], [], []
    for group, level in zip(groups, levels, strict=True):
        free, forward, back = (sum(conflict.mask(p, way) for p in group) for way in ("both", "forward", "back"))
        keys, cell = _cells(states, free)
        top = int(level.max()) + 1
        order = np.argsort(cell * np.int64(top) + level, kind="stable").astype(np.int32)
        cells.append(cell.astype(np.int32))
        orders.append(order)
        starts.append(np.concatenate(([0], np.cumsum(np.bincount(cell, minlength=len(keys))))))
        at, found = _ahead(keys, np.int64(forward), np.int64(back)) if forward | back else _nothing(len(keys))
        ahead.append((at, found))
        behind.append(_turned(at, found, len(keys)))
    most = max(len(s) for s in starts)
    start = np.full((len(starts), most), count, dtype=np.int64)
    for n, s in enumerate(starts):
        start[n, : len(s)] = s
    return Moves(np.array(cells), np.array(orders), start, *_joined(ahead, most), *_joined(behind, most))


def _cells(states: Ints, free: int) -> tuple[Ints, Ints]:
    """The key of each cell (its states' bits outside `free`), rising, and the cell of each state."""
    fixed = states & ~np.int64(free)
    if len(fixed) and fixed[-1] < 4 * len(states) + 1024 and fixed.max() < 4 * len(states) + 1024:
        seen = np.zeros(int(fixed.max()) + 1, dtype=bool)
        seen[fixed] = True
        rank = np.cumsum(seen, dtype=np.int64) - 1
        return np.flatnonzero(seen).astype(np.int64), rank[fixed]
    keys, cell = np.unique(fixed, return_inverse=True)
    return keys, cell.astype(np.int64)


def _nothing(cells: int) -> tuple[Ints, Places]:
    return np.zeros(cells + 1, dtype=np.int64), np.empty(0, dtype=np.int32)


def _turned(at: Ints, found: Places, cells: int) -> tuple[Ints, Places]:
    """Lists of what lies behind, from lists of what lies ahead."""
    if not len(found):
        return _nothing(cells)
    source = np.repeat(np.arange(cells, dtype=np.int32), np.diff(at))
    by_target = np.argsort(found, kind="stable")
    return np.concatenate(([0], np.cumsum(np.bincount(found, minlength=cells)))), source[by_target]


def _joined(lists: Sequence[tuple[Ints, Places]], most: int) -> tuple[Ints, Places]:
    at = np.empty((len(lists), most), dtype=np.int64)
    shift = 0
    for n, (begins, found) in enumerate(lists):
        at[n, : len(begins)] = begins + shift
        shift += len(found)
        at[n, len(begins) :] = shift
    return at, np.concatenate([found for _, found in lists]).astype(np.int32)


@compiled
def _ahead(keys, forward, back):  # type: ignore[no-untyped-def]
    """For each cell the cells that differ from it in one-way options alone, each changed in its direction."""
    at = np.zeros(len(keys) + 1, dtype=np.int64)
    found = np.empty(1024, dtype=np.int32)
    size = 0
    for n in range(len(keys)):
        changeable = (forward & ~keys[n]) | (back & keys[n])
        subset = changeable
        while subset:
            k = np.searchsorted(keys, keys[n] ^ subset)
            if k < len(keys) and keys[k] == keys[n] ^ subset:
                if size == len(found):
                    longer = np.empty(2 * size, dtype=np.int32)
                    longer[:size] = found
                    found = longer
                found[size] = k
                size += 1
            subset = (subset - 1) & changeable
        at[n + 1] = size
    return at, found[:size]
