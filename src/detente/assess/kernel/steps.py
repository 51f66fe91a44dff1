"""What happens within a phase of a play: drawing a type, cutting off, prerequisites, picking by a rule, daring (`process`)."""

from __future__ import annotations

import numpy as np

from detente.assess.kernel.chance import TYPE, u
from detente.assess.process import NEVER, OPPORTUNIST, SINCERE, SPOILER
from detente.base.compiled import compiled

__all__ = [
    "DROPPED",
    "HERE",
    "MISSING",
    "NOTICED",
    "TOLERANCE",
    "barred",
    "cut_off",
    "dares",
    "drawn_type",
    "met",
    "pick",
    "triangular",
]

HERE, MISSING, NOTICED, DROPPED = range(4)
"""Of a measure: nothing amiss, missing in secret, known to be missing, given up."""
TOLERANCE = 1e-9
"""Of a party's scale (`course`): a shortfall below it is none."""


@compiled
def triangular(low, likely, high, x):  # type: ignore[no-untyped-def]
    """Whole phases: the triangular distribution over [low, likely, high] at quantile x, rounded."""
    if high <= low:
        return int(np.floor(likely + 0.5))
    turn = (likely - low) / (high - low)
    if x < turn:
        y = low + np.sqrt(x * (high - low) * (likely - low))
    else:
        y = high - np.sqrt((1.0 - x) * (high - low) * (high - likely))
    return int(np.floor(y + 0.5))


@compiled
def drawn_type(w, key, j, again):  # type: ignore[no-untyped-def]
    x, q = u(key, TYPE, j, again), w.sincere[j]
    if x < q:
        return SINCERE
    return OPPORTUNIST if x < q + (1.0 - q) * (1.0 - w.spoilers) else SPOILER


@compiled
def cut_off(w, e, public, state):  # type: ignore[no-untyped-def]
    """What requires what never comes, or has missed its window, never comes either."""
    changed = True
    while changed:
        changed = False
        for m in range(w.measures):
            if public[m] or e[m] == NEVER or state[m] == NOTICED:
                continue
            dead = e[m] > w.not_after[m]
            for q in range(w.need_at[m], w.need_at[m + 1]):
                possible = False
                for n in range(w.any_at[q], w.any_at[q + 1]):
                    a = w.alternative[n]
                    if public[a] or e[a] != NEVER or state[a] == NOTICED:
                        possible = True
                if not possible:
                    dead = True
            if dead:
                e[m] = NEVER
                changed = True


@compiled
def met(w, m, t, e, public, ready):  # type: ignore[no-untyped-def]
    """Whether the prerequisites of m are publicly met in t, counting what is ready to enter with it."""
    for q in range(w.need_at[m], w.need_at[m + 1]):
        met = False
        for n in range(w.any_at[q], w.any_at[q + 1]):
            a = w.alternative[n]
            if (public[a] and e[a] + w.need_after[q] <= t) or (ready[a] and w.need_after[q] == 0):
                met = True
        if not met:
            return False
    return True


@compiled
def barred(w, m, public, ready):  # type: ignore[no-untyped-def]
    found = False
    for n in range(w.measures):
        found = found or (w.excludes[m, n] and (public[n] or (ready[n] and n < m)))
    return found


@compiled
def pick(w, script, v, t, e, public, state, since, up, ready, balance, busy):  # type: ignore[no-untyped-def]
    """Under a rule: each party picks at most one step of its own, and one joint step may be picked. Whether any was."""
    P = w.others
    balance[:] = 0.0
    for m in range(w.measures):
        if public[m] and e[m] >= 0:
            for i in range(P):
                if w.actor[i, m] or (up[m] and since[m] + w.lag[m] <= t):
                    balance[i] += v[i, m]
    ready[:] = False
    busy[:] = False  # of shape (P + 1,), the last place for joint steps
    anypicked = False
    for n in range(len(script.ladder)):
        m = script.ladder[n]
        if public[m] or state[m] != HERE or e[m] != NEVER or t < w.not_before[m] or t > w.not_after[m]:
            continue
        who, count = P, 0
        for i in range(P):
            if w.actor[i, m]:
                who, count = i, count + 1
        if count != 1:
            who = P
        if busy[who] or not met(w, m, t, e, public, ready) or barred(w, m, public, ready):
            continue
        wanted = True
        for i in range(P):
            if w.actor[i, m] and v[i, m] < 0.0 and balance[i] + v[i, m] < -script.credit[i] - 1e-12:
                wanted = False
        busy[who] = True  # the first possible step of the ladder decides: nobody skips a dear one for the next
        if wanted:
            e[m] = t
            anypicked = True
            for i in range(P):
                if w.actor[i, m]:
                    balance[i] += v[i, m]
    return anypicked


@compiled
def dares(w, i, out, odds, t, scale):  # type: ignore[no-untyped-def]
    """The first party toward which a trust row of i fails in t; -1: none."""
    for j in range(w.others):
        if j != i and w.acts[j]:
            slack = odds[i, j] * (out[0, t] - out[2, t]) - out[4 + j, t]
            if slack < -TOLERANCE * scale * (1.0 + odds[i, j]):
                return j
    return -1
