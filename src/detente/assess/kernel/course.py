"""Where a party stands at each phase of a public schedule: V, the best D, W, and the largest E toward each other party.

The sums of `plan.tables.worth`, from a phase on, up to the phase in which the last step enters, after which nothing changes.
Where a row binds, rounding must not decide: a shortfall below 1e-9 of the party's scale, the sum of its |v| + |k| held for ever
plus B, is none.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from detente.assess.layout import Floats, World
from detente.base.uncounted import kernel
from detente.plan.tables.worth import Figures, add_up, constants, effects_of

__all__ = ["Room", "changed_effects", "course", "room_for"]


class Room(NamedTuple):
    """Working space for `add_up`: S slots and C figures, of the party at hand. fixed : (C,). before : (S, C + 1). figures :
    (S, C)."""

    fixed: Floats
    before: Floats
    figures: Floats


def room_for(w: World) -> Room:
    """Room for any course of a world."""
    slots, count = w.phases + 1, w.effects.shape[3]
    return Room(np.empty(count), np.empty((slots, count + 1)), np.empty((slots, count)))


@kernel
def course(w, i, v, k, effects, B, e, start, out, room):  # type: ignore[no-untyped-def]
    """Fill `out` from phase `start` on; return the last phase K, start .. T, that differs from those after it.

    w : the `World`. v, k : of shape (M,), the party's values per phase and once, effects : (M, A + 1, C), theirs. B : breakdown
    loss, 0 or more. e : (M,), the public schedule. out : (4 + P, T + 1), rows V, D, W, the L of the best D, and E by
    other party; D is -inf without own measures, E -inf toward those who do not act. room : `Room`.
    """
    K = start
    for m in range(w.measures):
        if e[m] <= w.not_after[m] and e[m] >= K:
            K = e[m] + 1
    n, longest, d = w.exposures[i], w.own_longest[i], w.discount[i]
    figures = Figures(longest, w.toward[i, :n], w.length[i, :n])
    fixed = room.fixed[: 1 + longest + n]
    constants(B, d, figures, fixed)
    add_up(v, k, effects, e, w.not_after, d, start, fixed, room.before, out[0, start : K + 1], room.figures)
    for t in range(start, K + 1):
        x = room.figures[t - start]
        out[1, t], out[2, t], out[3, t] = -np.inf, x[0], 0.0
        for length in range(1, longest + 1):  # of two equally good ones the one that is found out earlier
            if length == 1 or x[length] > out[1, t] + 1e-12 * abs(out[1, t]):
                out[1, t], out[3, t] = x[length], length
        for j in range(w.others):
            out[4 + j, t] = -np.inf
        for c in range(n):
            j = 4 + w.toward[i, c]
            out[j, t] = max(out[j, t], x[1 + longest + c])
    return K


@kernel
def changed_effects(w, i, m, v, k, out):  # type: ignore[no-untyped-def]
    """Fill `out`, (A + 1, C), with the effects of measure m where its worth to party i has become v per phase and k once."""
    n = w.exposures[i]
    figures = Figures(w.own_longest[i], w.toward[i, :n], w.length[i, :n])
    effects_of(v, k, w.irreversible[m], w.lag[m], w.actor[i, m], w.alone[m], w.actor, m, w.discount[i], figures, out)
