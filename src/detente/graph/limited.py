"""Limited-move stability L(h): every party looks h moves ahead and reckons backwards.

G[h](i, s), the states that i expects to end in when it may move first from s and h moves are left:

    G[0](i, s) = {s}
    worth of a move to q in R[i](s): the least level of i over all r in G[h-1](j, q), j any other party
    i stays, G[h](i, s) = {s}, if s is at least as good for it as the best of these worths (or it cannot move);
    else G[h](i, s) holds all r of all moves of the best worth

s is L(h) stable for i iff it stays in s with h moves ahead (Kilgour 1985; Zagare 1984; Fang, Hipel and Kilgour 1993, section
3.2). For two parties without ties this is the textbook's definition. For more, and where moves tie, definitions differ; here a
party reckons with the worst for it: whichever of the others may move next, and whichever of its equal moves the mover takes.
L(1) is Nash stability.

Only the least level that each party expects is kept: worst[j, s, i] is the least level of i over G[h](j, s).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.base.compiled import compiled
from detente.graph.moves import Moves

__all__ = ["limited_stability"]


def limited_stability(moves: Moves, levels: NDArray[np.int32], horizon: int) -> NDArray[np.bool_]:
    """Whether each state is L(h) stable for each party, of shape (P, N); levels : of shape (P, N); horizon : h >= 1."""
    parties, count = levels.shape
    worst = np.broadcast_to(levels.T[None], (parties, count, parties)).astype(np.int32)
    stays = np.ones((parties, count), dtype=np.bool_)
    for _ in range(horizon):
        worst, stays = _ahead(moves.cell, moves.order, moves.start, moves.ahead_at, moves.ahead, levels, worst)
    return stays


@compiled
def _ahead(cell, order, start, ahead_at, ahead, levels, before):  # type: ignore[no-untyped-def]
    """One move more of horizon. cell .. ahead : as in `Moves`. levels : of shape (P, N). before, worst : of shape (P, N, P),
    the levels of each party when i moves first from s. stays : of shape (P, N), whether i would rather not move."""
    parties, count = levels.shape
    # What each party can expect at each state when i has just moved there and any other may go on.
    worst = np.empty_like(before)
    stays = np.ones((parties, count), dtype=np.bool_)
    after = np.empty((count, parties), dtype=np.int32)
    for i in range(parties):
        for s in range(count):
            for p in range(parties):
                least = np.int32(2147483647)
                for j in range(parties):
                    if j != i:
                        least = min(least, before[j, s, p])
                after[s, p] = levels[p, s] if parties == 1 else least
        for s in range(count):
            best = levels[i, s]
            for p in range(parties):
                worst[i, s, p] = levels[p, s]
            c = cell[i, s]
            for k in range(ahead_at[i, c] - 1, ahead_at[i, c + 1]):
                b = c if k < ahead_at[i, c] else ahead[k]
                for n in range(start[i, b], start[i, b + 1]):
                    q = order[i, n]
                    if q == s:
                        continue
                    if after[q, i] > best:
                        best = after[q, i]
                        stays[i, s] = False
                        worst[i, s] = after[q]
                    elif after[q, i] == best and not stays[i, s]:
                        for p in range(parties):
                            worst[i, s, p] = min(worst[i, s, p], after[q, p])
    return worst, stays
