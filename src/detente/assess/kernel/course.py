"""Where a party stands at each phase of a public schedule: V, the best D, W, and the largest E toward each other party.

The formulas are those of `plan/tables/party_rows`, from a phase on: groups of measures as running sums, then

    P_g[t,0] = fallen_g[t-1] / (1-d),   P_g[t,L] = flow_g[t] + d P_g[t+1,L-1]

up to the phase in which the last step enters, after which nothing changes. It shares no code with the certificate. Where a row
binds, rounding must not decide: a shortfall below 1e-9 of the party's scale, the sum of its |v| + |k| held for ever plus B,
is none.

Groups g: 0 all measures; 1 those that i keeps up when it cheats; 2 .. its own costly ones, by lag (`step_of`); then, for each
other party j, those in which j does not act. Slots s: phase start - 1 + s; slot 0 is what was in force before.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from detente.assess.kernel.uncounted import kernel
from detente.assess.layout import Floats, World

__all__ = ["Room", "course", "room_for"]


class Room(NamedTuple):
    """Working space. G groups, S slots, L lags 0 .. the longest; per phase and in the units of the party at hand.

    level, enters, fallen : (G, S), sums of v, of k on entry, of what is left. broken : (P, S), of what j leaves behind. worth :
    (G, L, S), P_g[t, L]. cheat : (L, S), what is gained by withholding one-off values or keeping them.
    """

    level: Floats
    enters: Floats
    fallen: Floats
    broken: Floats
    worth: Floats
    cheat: Floats


def room_for(w: World) -> Room:
    """Room for any course of a world."""
    groups, slots, lags = 2 + w.own_lags.shape[1] + w.others, w.phases + 2, w.most_lag + 1
    level, enters, fallen = np.empty((3, groups, slots))
    return Room(level, enters, fallen, np.empty((w.others, slots)), np.empty((groups, lags, slots)), np.empty((lags, slots)))


@kernel
def course(w, i, v, k, B, e, start, out, room, cheats):  # type: ignore[no-untyped-def]
    """Fill `out` from phase `start` on; return the last phase K, start .. T, that differs from those after it.

    w : the `World`. v, k : of shape (M,), the party's values per phase and once. B : breakdown loss, 0 or more. e : (M,), the
    public schedule. out : (4 + P, T + 1), rows V, D, W, the L of the best D, and E by other party; D is -inf without own
    measures, E -inf toward those who do not act. room : `Room`. cheats : whether D is wanted.
    """
    K = start
    for m in range(w.measures):
        if e[m] <= w.not_after[m] and e[m] >= K:
            K = e[m] + 1
    longest = w.own_longest[i] if cheats else 0
    _clear(w, i, room, K - start + 1, longest)
    for m in range(w.measures):
        if e[m] <= w.not_after[m] and (v[m] != 0.0 or k[m] != 0.0):
            _place(w, i, m, v[m], k[m], e[m], start, room)
            if w.actor[i, m] and e[m] >= start and v[m] * k[m] < 0.0:
                _gain_once(w, i, m, v[m], k[m], e[m], start, longest, room.cheat)
    _run_up(w, i, room, K - start + 1)
    _going_on(w, i, B, start, K, out, room)
    _worth(w, i, start, K, longest, room)
    _best_cheat(w, i, B, start, K, longest, out, room)
    _exposures(w, i, B, start, K, out, room)
    return K


@kernel(inline="always")
def _clear(w, i, room, slots, longest):  # type: ignore[no-untyped-def]
    """Nothing in any group or slot."""
    for s in range(slots):
        for g in range(2 + w.own_steps[i] + w.others):
            room.level[g, s] = 0.0
            room.enters[g, s] = 0.0
            room.fallen[g, s] = 0.0
        for j in range(w.others):
            room.broken[j, s] = 0.0
        for length in range(longest + 1):
            room.cheat[length, s] = 0.0


@kernel(inline="always")
def _place(w, i, m, v, k, e, start, room):  # type: ignore[no-untyped-def]
    """Measure m, of v per phase and k once to i, into its groups, at the slot of its entry e."""
    own, left_over = w.actor[i, m], w.irreversible[m] * v
    at = max(e - start + 1, 0)
    paid = k if at > 0 else 0.0
    left = v if (own and w.alone[m] and v > 0.0) else left_over
    _add(room, 0, at, v, paid, left)
    _add(room, w.step_of[i, m] if own and (v < 0.0 or (v == 0.0 and k <= 0.0)) else 1, at, v, paid, left)
    for j in range(w.others):
        if j != i and w.actor[j, m]:
            room.broken[j, at] += left_over
        elif j != i:
            _add(room, 2 + w.own_steps[i] + j, at, v, paid, left)


@kernel(inline="always")
def _add(room, g, at, v, paid, left):  # type: ignore[no-untyped-def]
    """To group g at a slot: v per phase, paid once, left when all falls."""
    room.level[g, at] += v
    room.enters[g, at] += paid
    room.fallen[g, at] += left


@kernel
def _gain_once(w, i, m, v, k, e, start, longest, cheat):  # type: ignore[no-untyped-def]
    """For an own measure whose v and k have opposite signs: what i gains by not entering it when it cheats, though it is worth
    having (v > 0), or by entering it first, though it costs (v < 0); added to every (L, slot) in which it does."""
    d, r, power = w.discount[i], w.irreversible[m], w.power[i]
    left = v if (w.alone[m] and v > 0.0) else r * v
    for length in range(1, longest + 1):
        for rest in range(1, length + 1):
            t = e + rest - length
            if t < start or max(0, length - w.lag[m]) > e - t:
                continue
            if v > 0.0:
                gain = -(k + (v * (1.0 - power[rest]) + power[rest] * left) / (1.0 - d))
            else:
                gain = k + v + d * r * v / (1.0 - d)
            if gain > 0.0:
                cheat[length, t - start] += power[e - t] * gain


@kernel(inline="always")
def _run_up(w, i, room, slots):  # type: ignore[no-untyped-def]
    """From what enters in each slot to what is there in it."""
    for s in range(1, slots):
        for g in range(2 + w.own_steps[i] + w.others):
            room.level[g, s] += room.level[g, s - 1]
            room.fallen[g, s] += room.fallen[g, s - 1]
        for j in range(w.others):
            room.broken[j, s] += room.broken[j, s - 1]


@kernel(inline="always")
def _going_on(w, i, B, start, K, out, room):  # type: ignore[no-untyped-def]
    """Rows V and W."""
    d = w.discount[i]
    out[0, K] = room.level[0, K - start] / (1.0 - d)
    for t in range(K - 1, start - 1, -1):
        s = t - start + 1
        out[0, t] = room.level[0, s] + room.enters[0, s] + d * out[0, t + 1]
    for t in range(start, K + 1):
        out[2, t] = room.fallen[0, t - start] / (1.0 - d) - B


@kernel(inline="always")
def _worth(w, i, start, K, longest, room):  # type: ignore[no-untyped-def]
    """P_g[t, L], slot t - start, of all groups but 0, for the lags that are asked for of each."""
    d, steps, end = w.discount[i], w.own_steps[i], K - start
    for g in range(1, 2 + steps + w.others):
        j = g - 2 - steps
        most = longest if j < 0 else w.own_longest[j]
        if most == 0 or j == i:
            continue
        for s in range(end + 1):
            room.worth[g, 0, s] = room.fallen[g, s] / (1.0 - d)
        for length in range(1, most + 1):
            for s in range(end):
                room.worth[g, length, s] = room.level[g, s + 1] + room.enters[g, s + 1] + d * room.worth[g, length - 1, s + 1]
            room.worth[g, length, end] = room.level[g, end] + d * room.worth[g, length - 1, end]


@kernel(inline="always")
def _best_cheat(w, i, B, start, K, longest, out, room):  # type: ignore[no-untyped-def]
    """Rows D and L: the best deviation, and of two equally good ones the one that is found out earlier."""
    for t in range(start, K + 1):
        s = t - start
        best, found_out = -np.inf, 0
        for length in range(1, longest + 1):
            x = room.worth[1, length, s] + room.cheat[length, s] - w.power[i, length] * B
            for n in range(w.own_steps[i]):
                x += room.worth[2 + n, max(0, length - w.own_lags[i, n]), s]
            if found_out == 0 or x > best + 1e-12 * abs(best):
                best, found_out = x, length
        out[1, t] = best
        out[3, t] = found_out


@kernel(inline="always")
def _exposures(w, i, B, start, K, out, room):  # type: ignore[no-untyped-def]
    """Rows E: the largest exposure toward each other party, over the lags of its measures."""
    for t in range(start, K + 1):
        s = t - start
        for j in range(w.others):
            most_exposed = -np.inf
            if j != i and w.acts[j]:
                for n in range(w.lags.shape[1]):
                    length = w.lags[j, n]
                    if length > 0:
                        left = room.broken[j, s] / (1.0 - w.discount[i])
                        x = out[2, t] - left - room.worth[2 + w.own_steps[i] + j, length, s] + w.power[i, length] * B
                        most_exposed = max(most_exposed, x)
            out[4 + j, t] = most_exposed
