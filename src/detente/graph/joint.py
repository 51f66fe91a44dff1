"""Coalition stability where every preference is known, without listing moves.

For a coalition H with members i, and O all others, moving one by one:

1. v[i, q], the least level of i that O can lead to from q, is found as in `stability`. A sanction is a state in which some
   member is no better off than in s; so O has one from q iff v[i, q] <= level[i, s] for some i. Hence s is not stable iff some
   q that H can move to has v[q] > level[s] in every member: v is the level itself for Nash, along O's moves for GMR, along
   their improvements for SEQ.
2. Whether a cell of H holds such a q is seen from its *front*: those of its vectors v that no other one of the cell exceeds.
3. SMR: r deters for good iff no cell that H reaches from r holds a state that all members prefer to s (r itself included). For
   one s at a time these r are marked, then all from which O can lead to one; s is stable iff every improvement of H is among
   them. Only states that are GMR stable and not Nash stable need to be looked at.

The effort of the third step grows with the square of the states.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detente.base.compiled import compiled
from detente.errors import GraphError
from detente.graph.levels import Levels
from detente.graph.moves import Moves
from detente.graph.stability import least_reached

__all__ = ["joint_stability"]

_MOST_WORK = 1 << 34

Flags = NDArray[np.bool_]


def joint_stability(moves: Moves, members: Sequence[int], levels: Sequence[Levels], *, title: str) -> dict[str, Flags]:
    """Nash, GMR, SMR and SEQ of a coalition, of shape (N,) each; moves : of the coalition, at place 0, and of the others.

    Raises
    ------
    GraphError
        If there are too many states.
    """
    others = np.arange(1, len(moves.cell), dtype=np.int64)
    rest = [j for j in range(len(levels)) if j not in members]
    level = np.array([levels[i].level for i in members])
    ordered = np.array([level[0], *(levels[j].level for j in rest)])
    out = {"nash": _undominated(moves, level, level)}
    if not rest:  # nobody is left who could answer
        return {**out, **dict.fromkeys(("gmr", "smr", "seq"), out["nash"])}
    for concept, improving in (("gmr", False), ("seq", True)):
        reached = np.array([least_reached(moves, others, ordered, own, improving=improving) for own in level])
        out[concept] = _undominated(moves, reached, level)
    open_ones = np.flatnonzero(out["gmr"] & ~out["nash"])
    if len(open_ones) * level.shape[1] * len(rest) > _MOST_WORK:
        message = f"{title}: {level.shape[1]:,} states are too many for a coalition of {len(members)}"
        raise GraphError(f"{message} (leave out options, or say which combinations cannot be)")
    front_at, front = _front(moves.order[0], moves.start[0], level)
    lasting = _lasting(
        moves.cell, moves.order, moves.start, moves.ahead_at[0], moves.ahead, moves.behind_at, moves.behind, others, level,
        front_at, front, open_ones,
    )  # fmt: skip
    out["smr"] = out["nash"].copy()
    out["smr"][open_ones] = lasting
    return out


def _undominated(moves: Moves, vectors: NDArray[np.int32], level: NDArray[np.int32]) -> Flags:
    """Whether the coalition reaches no state whose vector exceeds the state's levels in every member."""
    front_at, front = _front(moves.order[0], moves.start[0], vectors)
    return _below(moves.cell[0], moves.ahead_at[0], moves.ahead, front_at, front, vectors, level)  # type: ignore[no-any-return]


@compiled
def _front(order, start, vectors):  # type: ignore[no-untyped-def]
    """For each cell the states whose vectors no other one of the cell reaches in every member, one of equal ones."""
    members, count = vectors.shape
    cells = len(start) - 1
    at = np.zeros(cells + 1, dtype=np.int64)
    front = np.empty(count, dtype=np.int32)
    size = 0
    for c in range(cells):
        first = size
        for n in range(start[c], start[c + 1]):
            q = order[n]
            kept, k = True, first
            while k < size:
                more, less = False, False
                for i in range(members):
                    more = more or vectors[i, q] > vectors[i, front[k]]
                    less = less or vectors[i, q] < vectors[i, front[k]]
                if not more:
                    kept = False
                    break
                if not less:  # it is exceeded by q
                    size -= 1
                    front[k] = front[size]
                else:
                    k += 1
            if kept:
                front[size] = q
                size += 1
        at[c + 1] = size
    return at, front[:size]


@compiled
def _exceeds(front_at, front, vectors, level, s, c):  # type: ignore[no-untyped-def]
    """Whether a state on the front of cell c exceeds state s in every member. vectors, level : of shape (members, N). front_at,
    front : from `_front`."""
    for k in range(front_at[c], front_at[c + 1]):
        above = True
        for i in range(len(vectors)):
            if vectors[i, front[k]] <= level[i, s]:
                above = False
                break
        if above:
            return True
    return False


@compiled
def _below(cell, ahead_at, ahead, front_at, front, vectors, level):  # type: ignore[no-untyped-def]
    """Whether no state on the front of a state's cell, or of one ahead of it, exceeds it; of shape (N,)."""
    count = len(cell)
    out = np.empty(count, dtype=np.bool_)
    for s in range(count):
        c = cell[s]
        found = _exceeds(front_at, front, vectors, level, s, c)
        for k in range(ahead_at[c], ahead_at[c + 1]):
            found = found or _exceeds(front_at, front, vectors, level, s, ahead[k])
        out[s] = not found
    return out


@compiled
def _lasting(  # type: ignore[no-untyped-def]
    cell, order, start, ahead_at, ahead, behind_at, behind, others, level, front_at, front, open_ones
):
    """SMR of the open states, of shape (open,): whether each joint improvement can be answered so that H cannot leave for a
    state that all its members prefer. cell .. behind : as in `Moves`, H the first of its parties. level : of shape (members,
    N). front_at, front : from `_front` of the levels."""
    count, cells = cell.shape[1], start.shape[1] - 1
    out = np.ones(len(open_ones), dtype=np.bool_)
    better = np.empty(cells, dtype=np.bool_)  # cells of H that hold a state all members prefer to s
    leaves = np.empty(cells, dtype=np.bool_)  # ... or from which H reaches one
    led = np.empty(count, dtype=np.bool_)
    waiting = np.empty(count, dtype=np.int32)
    opened = np.empty(start.shape, dtype=np.bool_)
    for n in range(len(open_ones)):
        s = open_ones[n]
        for c in range(cells):
            better[c] = _exceeds(front_at, front, level, level, s, c)
        for c in range(cells):
            leaves[c] = better[c]
            for k in range(ahead_at[c], ahead_at[c + 1]):
                leaves[c] = leaves[c] or better[ahead[k]]
        size = 0
        for r in range(count):
            led[r] = not leaves[cell[0, r]]
            if led[r]:
                waiting[size] = r
                size += 1
        opened[:] = False
        while size:
            size -= 1
            r = waiting[size]
            for j in others:
                c = cell[j, r]
                if opened[j, c]:
                    continue
                opened[j, c] = True
                for k in range(behind_at[j, c] - 1, behind_at[j, c + 1]):
                    b = c if k < behind_at[j, c] else behind[k]
                    for m in range(start[j, b], start[j, b + 1]):
                        p = order[j, m]
                        if not led[p]:
                            led[p] = True
                            waiting[size] = p
                            size += 1
        own = cell[0, s]
        for k in range(ahead_at[own] - 1, ahead_at[own + 1]):
            b = own if k < ahead_at[own] else ahead[k]
            for m in range(start[0, b], start[0, b + 1]):
                q = order[0, m]
                above = True
                for i in range(len(level)):
                    above = above and level[i, q] > level[i, s]
                if above and not led[q]:
                    out[n] = False
                    break
            if not out[n]:
                break
    return out
