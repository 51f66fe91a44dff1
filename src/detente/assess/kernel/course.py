"""Where a party stands at each phase of a public schedule: V, the best D, W, and the largest E toward each other party.

The formulas are those of `plan/holds/kernel`, from a phase on: groups of measures as running sums, then

    P_g[t,0] = fallen_g[t-1] / (1-d),   P_g[t,L] = flow_g[t] + d P_g[t+1,L-1]

up to the phase in which the last step enters, after which nothing changes. It shares no code with the certificate. Where a row
binds, rounding must not decide: a shortfall below 1e-9 of the party's scale, the sum of its |v| + |k| held for ever plus B,
is none.
"""

from __future__ import annotations

import numpy as np

from detente.base.compiled import compiled

__all__ = ["course", "room_for"]


@compiled
def room_for(w):  # type: ignore[no-untyped-def]
    """Working space for `course`: level, enters, fallen, broken, worth, cheat."""
    groups, size = 2 + w.own_lags.shape[1] + w.others, w.phases + 2
    level, enters, fallen = np.empty((groups, size)), np.empty((groups, size)), np.empty((groups, size))
    worth, cheat = np.empty((groups, w.most_lag + 1, size)), np.empty((w.most_lag + 1, size))
    return level, enters, fallen, np.empty((w.others, size)), worth, cheat


@compiled
def course(w, i, v, k, B, e, start, out, room, cheats):  # type: ignore[no-untyped-def]
    """Fill `out` from phase `start` on; return the last phase K that differs from those after it.

    w : the `World`. v, k : of shape (M,), the party's values. e : the public schedule. out : of shape (4 + P, T + 1), rows V,
    D, W, the L of the best D, and E by other party; D is -inf without own measures, E -inf toward those who do not act. room :
    working space (`room_for`). cheats : whether D is wanted.
    """
    level, enters, fallen, broken, worth, cheat = room
    actor, alone, irreversible, lag, not_after, acts, discount = (  # read once: each access to the tuple costs
        w.actor, w.alone, w.irreversible, w.lag, w.not_after, w.acts, w.discount,
    )  # fmt: skip
    d = discount[i]
    others, steps = w.others, w.own_steps[i]
    groups = 2 + steps + others
    last = start - 1
    for m in range(w.measures):
        if e[m] <= not_after[m] and e[m] > last:
            last = e[m]
    K = last + 1
    size = K - start + 1  # slots start-1 .. K-1; slot 0 is what was in force before
    for g in range(groups):
        for s in range(size):
            level[g, s] = 0.0
            enters[g, s] = 0.0
            fallen[g, s] = 0.0
    for j in range(others):
        for s in range(size):
            broken[j, s] = 0.0
    longest = w.own_longest[i] if cheats else 0
    power = w.power[i]
    for length in range(longest + 1):
        for s in range(size):
            cheat[length, s] = 0.0
    for m in range(w.measures):
        if e[m] > not_after[m] or (v[m] == 0.0 and k[m] == 0.0):
            continue
        a = v[m]
        own = actor[i, m]
        at = max(e[m] - start + 1, 0)
        paid = k[m] if at > 0 else 0.0
        left = a if (own and alone[m] and a > 0.0) else irreversible[m] * a
        g = w.step_of[i, m] if own and (a < 0.0 or (a == 0.0 and k[m] <= 0.0)) else 1
        level[0, at] += a
        enters[0, at] += paid
        fallen[0, at] += left
        level[g, at] += a
        enters[g, at] += paid
        fallen[g, at] += left
        for j in range(others):
            if j == i:
                continue
            if actor[j, m]:
                broken[j, at] += irreversible[m] * a
            else:
                n = 2 + steps + j
                level[n, at] += a
                enters[n, at] += paid
                fallen[n, at] += left
        if own and at > 0 and a * k[m] < 0.0:
            for length in range(1, longest + 1):
                for rest in range(1, length + 1):
                    t = e[m] + rest - length
                    if t < start or max(0, length - lag[m]) > e[m] - t:
                        continue
                    if a > 0.0:
                        gain = -(k[m] + (a * (1.0 - power[rest]) + power[rest] * left) / (1.0 - d))
                    else:
                        gain = k[m] + a + d * irreversible[m] * a / (1.0 - d)
                    if gain > 0.0:
                        cheat[length, t - start] += power[e[m] - t] * gain
    for s in range(1, size):
        for g in range(groups):
            level[g, s] += level[g, s - 1]
            fallen[g, s] += fallen[g, s - 1]
        for j in range(others):
            broken[j, s] += broken[j, s - 1]
    # V, W
    out[0, K] = level[0, size - 1] / (1.0 - d)
    for t in range(K - 1, start - 1, -1):
        s = t - start + 1
        out[0, t] = level[0, s] + enters[0, s] + d * out[0, t + 1]
    for t in range(start, K + 1):
        out[2, t] = fallen[0, t - start] / (1.0 - d) - B
    # P
    for g in range(1, groups):
        if g < 2 + steps:
            most = longest
        elif g - 2 - steps != i:
            most = w.own_longest[g - 2 - steps]
        else:
            most = 0
        if most == 0:
            continue
        for t in range(start, K + 1):
            worth[g, 0, t - start] = fallen[g, t - start] / (1.0 - d)
        for length in range(1, most + 1):
            for t in range(start, K):
                s = t - start
                worth[g, length, s] = level[g, s + 1] + enters[g, s + 1] + d * worth[g, length - 1, s + 1]
            worth[g, length, K - start] = level[g, size - 1] + d * worth[g, length - 1, K - start]
    # D, E
    for t in range(start, K + 1):
        s = t - start
        best, found_out = -np.inf, 0
        for length in range(1, longest + 1):
            x = worth[1, length, s] + cheat[length, s] - power[length] * B
            for n in range(steps):
                x += worth[2 + n, max(0, length - w.own_lags[i, n]), s]
            if found_out == 0 or x > best + 1e-12 * abs(best):
                best, found_out = x, length
        out[1, t] = best
        out[3, t] = found_out
        w_t = out[2, t]
        for j in range(others):
            most_exposed = -np.inf
            if j != i and acts[j]:
                for n in range(w.lags.shape[1]):
                    length = w.lags[j, n]
                    if length == 0:
                        continue
                    x = w_t - broken[j, s] / (1.0 - d) - worth[2 + steps + j, length, s] + power[length] * B
                    most_exposed = max(most_exposed, x)
            out[4 + j, t] = most_exposed
    return K
