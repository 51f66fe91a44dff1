"""Stability where every preference is known: Nash, GMR, SMR, SEQ and their strong forms, linear in the states.

For party i, state s, R[i](s) the states it can move to, R+[i](s) those of them that are better for it, O the other parties,
R[O](q) what a sequence of their moves can reach from q (a party may move again, never twice running), R+[O](q) what a sequence
of their improvements can reach:

    Nash   R+[i](s) is empty
    GMR    every q in R+[i](s) has an r in R[O](q) that is not better than s for i
    SMR    ... and every p in R[i](r) is not better than s either
    SEQ    every q in R+[i](s) has an r in R+[O](q) that is not better than s for i

(Nash 1950; Howard 1971; Fraser and Hipel 1979; Fang, Hipel and Kilgour 1993, chapter 3). With strength of preference (Hamouda,
Kilgour and Hipel 2004, 2006) these are the general forms; in the strong forms r, and every p, must be *much* worse than s. What
is stable and not strongly so is weakly stable.

How it is computed
------------------
1. All these sanctions ask for one number: v[q], the least level (GMR, SEQ), or least best answer max level over R[i](r) and r
   itself (SMR), over all r that can be reached from q, and q. That q counts itself is no matter: it is better than s.
2. v is found by going through the states by rising value and marking backwards whatever can reach them; every state is marked
   once. Going back from r along the moves of j takes all of r's cell and of the cells behind it, each cell once. Going back
   along improvements takes the states of these cells that are worse for j than r: they stand at the front of the cell, and a
   pointer into each cell, which only moves on, takes each once.
3. s is stable iff no q in R[i](s) with level[q] > level[s] has v[q] above the threshold (level[s], or strong[level[s]]). In a
   cell by rising level these q are a tail, so the largest v of each tail decides: one binary search for each cell that i
   reaches.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detente.base.compiled import compiled
from detente.graph.moves import Moves
from detente.graph.states import together

__all__ = ["Flags", "best_answers", "for_all", "least_reached", "simultaneous", "stable_states"]

Levels32 = NDArray[np.int32]
Flags = NDArray[np.bool_]


def for_all(flags: Flags | Sequence[Flags]) -> Flags:
    """What is set in every row: of shape (N,), from shape (.., N)."""
    out: Flags = np.logical_and.reduce(flags, axis=0)
    return out


def best_answers(moves: Moves, party: int, level: Levels32) -> Levels32:
    """For each state the highest level that the party can bring about from it, staying included; of shape (N,)."""
    return _best(*_cells(moves, party), moves.ahead, level)  # type: ignore[no-any-return]


def least_reached(moves: Moves, others: NDArray[np.int64], levels: Levels32, value: Levels32, *, improving: bool) -> Levels32:
    """For each state the least value that the others can lead to from it, the state itself included; of shape (N,).

    others : the places of the parties that move. levels : of shape (P, N). improving : only by improvements of their own.
    """
    rising = np.argsort(value, kind="stable").astype(np.int32)
    return _least(  # type: ignore[no-any-return]
        moves.cell, moves.order, moves.start, moves.behind_at, moves.behind, others, levels, value, rising, improving
    )


def stable_states(moves: Moves, party: int, level: Levels32, reached: Levels32, threshold: Levels32) -> Flags:
    """Whether no improvement from a state leaves all sanctions above the threshold of the state's level; of shape (N,).

    reached : v, of shape (N,). threshold : of shape (levels,).
    """
    return _stable(*_cells(moves, party), moves.ahead, level, reached, threshold)  # type: ignore[no-any-return]


def simultaneous(
    moves: Moves,
    party: int,
    others: NDArray[np.int64],
    levels: Levels32,
    states: NDArray[np.int64],
    table: NDArray[np.int32],
    settled: Flags,
) -> Flags:
    """SIM: every improvement of the party meets an improvement of another, made from s at the same time, and both together
    lead to a feasible state that is not better than s for the party (Fraser and Hipel 1979; of several others, one at a time).

    table : from `states.lookup`. settled : states that are Nash stable.
    """
    return _simultaneous(  # type: ignore[no-any-return]
        moves.cell, moves.order, moves.start, moves.ahead_at, moves.ahead, party, others, levels, states, table, settled
    )


def _cells(moves: Moves, party: int) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]:
    return moves.cell[party], moves.order[party], moves.start[party], moves.ahead_at[party]


@compiled
def _best(cell, order, start, ahead_at, ahead, level):  # type: ignore[no-untyped-def]
    """The highest level within a state's cell and those ahead, of shape (N,). cell .. ahead : one party's part of `Moves`;
    level : of shape (N,)."""
    out = np.empty(len(cell), dtype=np.int32)
    for c in range(len(start) - 1):
        if start[c] == start[c + 1]:
            continue
        best = level[order[start[c + 1] - 1]]
        for k in range(ahead_at[c], ahead_at[c + 1]):
            best = max(best, level[order[start[ahead[k] + 1] - 1]])
        for n in range(start[c], start[c + 1]):
            out[order[n]] = best
    return out


@compiled
def _least(cell, order, start, behind_at, behind, others, levels, value, rising, improving):  # type: ignore[no-untyped-def]
    """The least value from which each state can be marked backwards, of shape (N,). cell .. behind : as in `Moves`. levels : of
    shape (P, N). value : of shape (N,). rising : the states by rising value. improving : only by improvements."""
    count = len(value)
    out = np.full(count, -1, dtype=np.int32)
    taken = start.copy()  # up to where a cell's states have been marked
    opened = np.zeros(start.shape, dtype=np.bool_)  # by moves: the cells behind it have been taken
    waiting = np.empty(count, dtype=np.int32)
    for source in rising:
        if out[source] >= 0:
            continue
        least = value[source]
        out[source] = least
        waiting[0] = source
        size = 1
        while size:
            size -= 1
            r = waiting[size]
            for j in others:
                c = cell[j, r]
                if not improving and opened[j, c]:
                    continue
                opened[j, c] = True
                for k in range(behind_at[j, c] - 1, behind_at[j, c + 1]):
                    b = c if k < behind_at[j, c] else behind[k]
                    n, end = taken[j, b], start[j, b + 1]
                    while n < end:
                        p = order[j, n]
                        if improving and levels[j, p] >= levels[j, r]:
                            break
                        if out[p] < 0:
                            out[p] = least
                            waiting[size] = p
                            size += 1
                        n += 1
                    taken[j, b] = n
    return out


@compiled
def _stable(cell, order, start, ahead_at, ahead, level, reached, threshold):  # type: ignore[no-untyped-def]
    """Whether no improvement reaches a v above the threshold, of shape (N,). cell .. ahead : one party's part of `Moves`. level
    : of shape (N,), 0 or more. reached : of shape (N,), v. threshold : of shape (levels,)."""
    count = len(cell)
    tail = np.empty(count + 1, dtype=np.int32)  # the largest v from here to the end of the cell
    tail[count] = -1
    for c in range(len(start) - 1):
        largest = -1
        for n in range(start[c + 1] - 1, start[c] - 1, -1):
            largest = max(largest, reached[order[n]])
            tail[n] = largest
    out = np.empty(count, dtype=np.bool_)
    for s in range(count):
        c = cell[s]
        here = level[s]
        good = True
        for k in range(ahead_at[c] - 1, ahead_at[c + 1]):
            b = c if k < ahead_at[c] else ahead[k]
            low, high = start[b], start[b + 1]
            end = high
            while low < high:
                middle = (low + high) // 2
                if level[order[middle]] > here:
                    high = middle
                else:
                    low = middle + 1
            if low < end and tail[low] > threshold[here]:
                good = False
                break
        out[s] = good
    return out


@compiled
def _simultaneous(  # type: ignore[no-untyped-def]
    cell, order, start, ahead_at, ahead, party, others, levels, states, table, settled
):
    """SIM of one party, of shape (N,). cell .. ahead : as in `Moves`. levels : of shape (P, N). states : of shape (N,), bit
    patterns, rising. table : from `states.lookup`, or empty. settled : of shape (N,), stable anyway."""
    count = len(states)
    out = np.ones(count, dtype=np.bool_)
    for s in range(count):
        if settled[s]:
            continue
        c = cell[party, s]
        good = True
        for k in range(ahead_at[party, c] - 1, ahead_at[party, c + 1]):
            b = c if k < ahead_at[party, c] else ahead[k]
            for n in range(start[party, b + 1] - 1, start[party, b] - 1, -1):
                q = order[party, n]
                if levels[party, q] <= levels[party, s]:
                    break
                if not _met(cell, order, start, ahead_at, ahead, party, others, levels, states, table, s, q):
                    good = False
                    break
            if not good:
                break
        out[s] = good
    return out


@compiled
def _met(cell, order, start, ahead_at, ahead, party, others, levels, states, table, s, q):  # type: ignore[no-untyped-def]
    """Whether an improvement of another from s, made together with the party's move from s to q, leads to a state no better
    than s for the party."""
    for j in others:
        c = cell[j, s]
        for k in range(ahead_at[j, c] - 1, ahead_at[j, c + 1]):
            b = c if k < ahead_at[j, c] else ahead[k]
            for n in range(start[j, b + 1] - 1, start[j, b] - 1, -1):
                p = order[j, n]
                if levels[j, p] <= levels[j, s]:
                    break
                r = together(states, table, s, q, p)
                if r >= 0 and levels[party, r] <= levels[party, s]:
                    return True
    return False
