"""One play of one strategy, compiled. The numbers 1 to 10 are those of the definition in `process`."""

from __future__ import annotations

import numpy as np

from detente.assess.kernel.chance import FAILS, GOVERNMENT, LATE, MEND, NOTICE, SHOCK, STRIKE, key_of, u
from detente.assess.kernel.course import course, room_for
from detente.assess.kernel.steps import (
    DROPPED,
    HERE,
    MISSING,
    NOTICED,
    TOLERANCE,
    barred,
    cut_off,
    dares,
    drawn_type,
    met,
    pick,
    triangular,
)
from detente.assess.process import (
    CHEATING,
    DISTRUST,
    FAILURE,
    LEAVING,
    NEVER,
    OPPORTUNIST,
    SINCERE,
    SPOILER,
    SPOILING,
)
from detente.assess.process import GOVERNMENT as OF_GOVERNMENT
from detente.assess.process import SHOCK as OF_SHOCK
from detente.base.compiled import compiled

__all__ = ["play"]


@compiled
def play(  # type: ignore[no-untyped-def]
    w, script, seed, first, count, base, value, before, aside, entered, broken_off, first_missed, kind, ended,
    seen_by, struck_by, trouble,
):  # fmt: skip
    """Plays first .. first + count - 1, each into its row of the records (see `records.Records`). base : the courses of the
    script."""
    M, P, T = w.measures, w.others, w.phases
    # read once: each access to the tuple costs
    actor, alone, irreversible, lag, not_before, not_after = w.actor, w.alone, w.irreversible, w.lag, w.not_before, w.not_after
    acts, discount, signal, in_force, breakdown = w.acts, w.discount, w.signal, w.in_force, w.breakdown
    H = T + w.most_lag
    S, G = len(w.shock_by), len(w.gov_party)
    room = room_for(w)
    out = np.empty((P, 4 + P, T + 1))
    still = np.empty((4 + P, T + 1))
    v, odds = np.empty((P, M)), np.empty((P, P))
    whole, flags = np.empty((12, M), dtype=np.int64), np.empty((9, M), dtype=np.bool_)
    e, since, gone, noticed, late_at, hold, holder, motive, state, by, why, e_still = (
        whole[0], whole[1], whole[2], whole[3], whole[4], whole[5], whole[6], whole[7],
        whole[8], whole[9], whole[10], whole[11],
    )  # fmt: skip
    up, public, seen, paused, back, tolerated, tried, ready, was = (
        flags[0], flags[1], flags[2], flags[3], flags[4], flags[5], flags[6], flags[7], flags[8],
    )  # fmt: skip
    misses, last_miss = np.empty(P, dtype=np.int64), np.empty(P, dtype=np.int64)
    which = np.empty((4, P), dtype=np.bool_)
    holding, changed, shocked, blamed = which[0], which[1], which[2], which[3]
    balance, busy = np.empty(P), np.empty(P + 1, dtype=np.bool_)
    level, power, K, scale = np.empty(P), np.empty(P), np.empty(P, dtype=np.int64), np.empty(P)
    level_at_start = np.zeros(P)
    for i in range(P):
        scale[i] = 0.0
        for m in range(M):
            scale[i] += abs(w.v[i, m]) + abs(w.k[i, m])
            if in_force[m]:
                level_at_start[i] += w.v[i, m]
        scale[i] = scale[i] / (1.0 - discount[i]) + breakdown[i]
    for one in range(count):
        key = key_of(seed, first + one)
        v[:] = w.v
        odds[:] = w.odds
        e[:] = script.entry
        since[:], gone[:], noticed[:], late_at[:], hold[:], holder[:] = -1, -1, -1, -1, NEVER, -1
        motive[:], state[:], by[:], why[:] = 0, HERE, -1, 0
        up[:], public[:], was[:] = in_force, in_force, in_force
        seen[:], paused[:], back[:], tolerated[:], tried[:] = False, False, False, False, False
        misses[:], last_miss[:] = 0, -1
        holding[:], changed[:], shocked[:] = False, False, False
        for m in range(M):
            entered[one, m] = -1 if in_force[m] else NEVER
            broken_off[one, m] = NEVER
            first_missed[one, m] = False
        missed_in = NEVER  # the phase of what was first not carried out
        for i in range(P):
            kind[one, i] = drawn_type(w, key, i, 0)
            level[i] = level_at_start[i]
            power[i] = 1.0
            value[one, i], before[one, i], aside[one, i] = 0.0, 0.0, 0.0
            K[i] = -1  # its course is the script's own
        collapsed, cause, stopped, stop_cause = NEVER, 0, NEVER, 0
        stall, stall_from, dirty = 0, 0, False
        # what need not be looked for: how many are missing, held, late, paused; when the last signal will be seen; the next
        # step due
        missing, held, late, resting, signal_until, next_due = 0, 0, 0, 0, -1, -1
        for t in range(H):
            # 1. Risks.
            struck_now = False
            if t < T:
                for g in range(G):
                    if w.gov_at[g] == t and u(key, GOVERNMENT, g, 0) < w.gov_chance[g]:
                        i = w.gov_party[g]
                        changed[i] = True
                        for m in range(M):
                            if w.new_v[g, i, m] != w.v[i, m]:
                                step = w.new_v[g, i, m] - v[i, m]
                                v[i, m] += step
                                if up[m]:
                                    level[i] += step
                                elif was[m]:
                                    level[i] += irreversible[m] * step
                        for j in range(P):
                            if not np.isnan(w.new_odds[g, j]):
                                odds[i, j] = w.new_odds[g, j]
                        kind[one, i] = drawn_type(w, key, i, 1 + g)
                        if kind[one, i] == SINCERE:
                            holding[i] = False
                            for m in range(M):
                                if holder[m] == i and state[m] == HERE:
                                    hold[m], holder[m] = NEVER, -1
                        dirty = True
                for s in range(S):
                    if u(key, SHOCK, s, t) < w.shock_chance[s]:
                        j = w.shock_by[s]
                        struck_now, shocked[j] = True, True
                        if t <= w.warning:
                            struck_by[one, s] = True
                        for i in range(P):
                            if i != j:
                                odds[i, j] *= w.shock_ratio[s]
            # 2. Noticing.
            for m in range(M if missing > 0 else 0):
                if state[m] == MISSING and t >= gone[m] + lag[m] and u(key, NOTICE, m, t) >= w.overlooked:
                    state[m], noticed[m] = NOTICED, t
                    public[m], e[m] = False, NEVER
                    dirty = True
                    for j in range(P):
                        if (by[m] == j) if by[m] >= 0 else actor[j, m]:
                            if last_miss[j] != t:
                                misses[j] += 1
                                last_miss[j] = t
                            for i in range(P):
                                if i != j:
                                    odds[i, j] *= w.miss[m]
                    if seen[m]:
                        seen[m] = False
                        for j in range(P):
                            for i in range(P):
                                if i != j and actor[j, m]:
                                    odds[i, j] /= signal[m]
            open_miss, suspended = False, False
            for m in range(M if missing > 0 else 0):
                if state[m] == NOTICED and noticed[m] == t:
                    tolerated[m] = True
                    for j in range(P):
                        blamed[j] = (by[m] == j) if by[m] >= 0 else actor[j, m]
                        if blamed[j] and misses[j] > script.tolerate:
                            tolerated[m] = False
                    if tolerated[m]:
                        continue
                    for n in range(M):
                        if not up[n] or since[n] < gone[m] or irreversible[n] == 1.0:
                            continue
                        costs, benefits, involved = False, False, False
                        for i in range(P):
                            costs = costs or (actor[i, n] and v[i, n] < 0.0)
                            benefits = benefits or (blamed[i] and v[i, n] > 0.0)
                            involved = involved or (blamed[i] and actor[i, n])
                        if costs and benefits and not involved:
                            paused[n], up[n] = True, False
                            resting += 1
                            broken_off[one, n] = min(broken_off[one, n], t)
                            for i in range(P):
                                level[i] -= (1.0 - irreversible[n]) * v[i, n]
            # 3. Mending.
            for m in range(M if missing > 0 else 0):
                if state[m] == NOTICED and noticed[m] < t:
                    spoiled = by[m] >= 0 and kind[one, by[m]] == SPOILER
                    if not spoiled and u(key, MEND, m, t) < w.mends:
                        state[m], back[m], tried[m], e[m] = HERE, True, True, t
                        missing -= 1
                        dirty = True
                        if by[m] >= 0:
                            i = by[m]
                            holding[i] = False
                            for n in range(M):
                                if holder[n] == i and state[n] == HERE:
                                    hold[n], holder[n] = NEVER, -1
                        if e[m] > not_after[m]:
                            e[m], state[m] = NEVER, DROPPED
            # 4. Patience.
            for m in range(M if missing > 0 else 0):
                if state[m] == NOTICED:
                    if t >= noticed[m] + w.patience:
                        if tolerated[m]:
                            state[m] = DROPPED
                            missing -= 1
                            dirty = True
                            continue
                        if collapsed == NEVER:
                            collapsed, cause = t, why[m]
                            if by[m] >= 0:
                                if changed[by[m]]:
                                    cause = OF_GOVERNMENT
                            else:
                                for j in range(P):
                                    if actor[j, m] and changed[j]:
                                        cause = OF_GOVERNMENT
                    open_miss = True
                    suspended = suspended or not tolerated[m]
            if not script.rule and dirty:
                cut_off(w, e, public, state)
            if not suspended and resting > 0:
                resting, signal_until = 0, T + w.most_lag
                for n in range(M):
                    if paused[n]:
                        paused[n], up[n] = False, True
                        for i in range(P):
                            level[i] += (1.0 - irreversible[n]) * v[i, n]
            # 5. Signals.
            for m in range(M if t <= signal_until else 0):
                if up[m] and not seen[m] and since[m] >= 0 and since[m] + lag[m] <= t:
                    seen[m] = True
                    for j in range(P):
                        if actor[j, m]:
                            for i in range(P):
                                if i != j:
                                    odds[i, j] *= signal[m]
            if t == w.warning:
                for i in range(P):
                    before[one, i] = value[one, i]
                    for m in range(M):
                        if up[m] and alone[m] and actor[i, m] and v[i, m] > 0.0:
                            aside[one, i] += v[i, m]
                        elif was[m]:
                            aside[one, i] += irreversible[m] * v[i, m]
                    aside[one, i] = aside[one, i] / (1.0 - discount[i]) - breakdown[i]
                    trouble[one, i] = misses[i] > 0
                for m in range(M):
                    seen_by[one, m] = seen[m]
                    if late_at[m] >= 0:
                        for i in range(P):
                            trouble[one, i] = trouble[one, i] or actor[i, m]
            # 6. Waiting.
            waiting = open_miss
            for m in range(M if late > 0 else 0):
                if late_at[m] >= 0 and state[m] == HERE and not public[m] and e[m] > t and e[m] != NEVER:
                    waiting = waiting or t <= late_at[m] + w.patience
            held_back = False
            if collapsed == NEVER:
                # 7. Spoilers.
                for i in range(P):
                    if kind[one, i] == SPOILER and not holding[i] and acts[i] and u(key, STRIKE, i, t) < w.strikes:
                        holding[i] = True
                        held = 1
                        for m in range(M):
                            if actor[i, m] and (v[i, m] < 0.0 or (v[i, m] == 0.0 and w.k[i, m] <= 0.0)) and hold[m] > t:
                                hold[m], holder[m] = t, i
                                motive[m] = SPOILING
                # 8. Decisions.
                if not waiting:
                    picked = False
                    if script.rule and not struck_now and t < T:
                        picked = pick(w, script, v, t, e, public, state, since, up, ready, balance, busy)
                    here = min(t, T)
                    if script.rule:
                        dirty = dirty or picked
                    if dirty or next_due < t:
                        for m in range(M):
                            if not public[m] and e[m] < t:
                                e[m] = t
                                dirty = True
                        if dirty and not script.rule:
                            cut_off(w, e, public, state)
                        next_due = NEVER
                        for m in range(M):
                            if not public[m]:
                                next_due = min(next_due, e[m])
                    more = next_due != NEVER
                    if dirty:
                        K[:] = -2
                    dirty = False
                    ready[:] = False
                    for i in range(P):
                        if not acts[i] or holding[i] or kind[one, i] == SPOILER:
                            continue
                        if K[i] == -2:
                            gains = kind[one, i] == OPPORTUNIST
                            K[i] = course(w, i, v[i], w.k[i], breakdown[i], e, here, out[i], room, gains)
                        o = out[i] if K[i] >= 0 else base[i]
                        at = min(here, K[i]) if K[i] >= 0 else here
                        if kind[one, i] == OPPORTUNIST:
                            best = max(o[1, at], o[2, at])
                            if best > o[0, at] + TOLERANCE * scale[i]:
                                if o[1, at] >= o[2, at] - TOLERANCE * scale[i]:
                                    holding[i] = True
                                    held = 1
                                    found_out = int(o[3, at])
                                    for m in range(M):
                                        if not actor[i, m]:
                                            continue
                                        a, once = v[i, m], w.k[i, m]
                                        begin = t + max(0, found_out - lag[m])
                                        ahead = not public[m] and e[m] >= begin and e[m] < t + found_out
                                        if a < 0.0 or (a == 0.0 and once <= 0.0):
                                            if ahead and once > 0.0:
                                                gain = once + a + discount[i] * irreversible[m] * a / (1.0 - discount[i])
                                                if gain > 0.0:
                                                    begin = e[m] + 1
                                        elif ahead and once < 0.0:
                                            left = a if alone[m] else irreversible[m] * a
                                            rest = discount[i] ** (t + found_out - e[m])
                                            gain = -(once + (a * (1.0 - rest) + rest * left) / (1.0 - discount[i]))
                                            if gain <= 0.0:
                                                continue
                                        else:
                                            continue
                                        if begin < hold[m]:
                                            hold[m], holder[m] = begin, i
                                            motive[m] = CHEATING
                                elif collapsed == NEVER:
                                    collapsed, cause = t, OF_GOVERNMENT if changed[i] else LEAVING
                                    if missed_in in (NEVER, t):
                                        for m in range(M):
                                            if actor[i, m] and not public[m] and state[m] == HERE and e[m] <= t:
                                                first_missed[one, m], missed_in = True, t
                                continue
                        j = dares(w, i, o, odds, at, scale[i])
                        if j < 0:
                            continue
                        for m in range(M):
                            e_still[m] = e[m] if public[m] else NEVER
                        course(w, i, v[i], w.k[i], breakdown[i], e_still, here, still, room, False)
                        worse = dares(w, i, still, odds, here, scale[i])
                        reason = OF_SHOCK if shocked[j] else DISTRUST
                        if changed[i] or changed[j]:
                            reason = OF_GOVERNMENT
                        if worse >= 0:
                            if collapsed == NEVER:
                                collapsed, cause = t, reason
                        elif script.rule:
                            for m in range(M):
                                if actor[i, m] and not public[m] and e[m] == t and late_at[m] < 0 and not back[m]:
                                    ready[m] = True  # to be put back when all have decided
                            continue
                        elif more and not held_back:
                            held_back = True
                            stop_cause = reason
                        if missed_in in (NEVER, t):
                            for m in range(M):
                                if actor[i, m] and not public[m] and state[m] == HERE and e[m] <= t:
                                    first_missed[one, m], missed_in = True, t
                    for m in range(M):
                        if ready[m]:
                            e[m] = NEVER
                            dirty = True
            # 10, if the process collapses: what is left.
            if collapsed != NEVER:
                for i in range(P):
                    rest = 0.0
                    for m in range(M):
                        if up[m] and alone[m] and actor[i, m] and v[i, m] > 0.0:
                            rest += v[i, m]
                        elif was[m]:
                            rest += irreversible[m] * v[i, m]
                    value[one, i] += power[i] * (rest / (1.0 - discount[i]) - breakdown[i])
                for m in range(M):
                    if up[m]:
                        broken_off[one, m] = min(broken_off[one, m], t)
                break
            if held_back:
                if stall == 0:
                    stall_from = t
                stall += 1
                if stall > w.patience:
                    stopped = stall_from
                    for m in range(M):
                        if not public[m] and state[m] == HERE:
                            e[m] = NEVER
                    dirty = True
                    stall = 0
            elif not waiting:
                stall = 0
            if waiting or held_back:
                for m in range(M):
                    if not public[m] and state[m] == HERE and e[m] != NEVER and late_at[m] < 0 and not back[m]:
                        e[m] = max(e[m], t) + 1
                        dirty = True
            # 9. Entry.
            if not held_back and t < T and (dirty or waiting or next_due <= t):
                for m in range(M):
                    ready[m] = (
                        not public[m] and state[m] == HERE and e[m] <= t and t >= not_before[m] and t <= not_after[m]
                        and (not waiting or back[m] or late_at[m] >= 0)
                    )  # fmt: skip
                again = True
                while again:
                    again = False
                    for m in range(M):
                        if ready[m] and (not met(w, m, t, e, public, ready) or barred(w, m, public, ready)):
                            ready[m] = False
                            again = True
                for m in range(M):
                    if not ready[m]:
                        continue
                    if hold[m] <= t:
                        state[m], gone[m], public[m], by[m], why[m] = MISSING, t, True, holder[m], motive[m]
                        missing += 1
                        if e[m] != t:
                            dirty = True
                        e[m] = t
                        if missed_in in (NEVER, t):
                            first_missed[one, m], missed_in = True, t
                        continue
                    if not tried[m]:
                        tried[m] = True
                        failed, behind = False, 0
                        for n in range(w.risk_at[m], w.risk_at[m + 1]):
                            q = w.risk[n]
                            if u(key, FAILS, q, w.whole[m]) < w.fails[q]:
                                failed = True
                            elif w.late[q, 0] >= 0.0:
                                more_late = triangular(w.late[q, 0], w.late[q, 1], w.late[q, 2], u(key, LATE, q, w.whole[m]))
                                behind = max(behind, more_late)
                        if failed:
                            state[m], gone[m], public[m], by[m], why[m] = MISSING, t, True, -1, FAILURE
                            missing += 1
                            if e[m] != t:
                                dirty = True
                            e[m] = t
                            if missed_in in (NEVER, t):
                                first_missed[one, m], missed_in = True, t
                            continue
                        if behind > 0:
                            e[m], late_at[m] = t + behind, t
                            late = 1
                            dirty = True
                            continue
                    if e[m] != t or back[m] or late_at[m] >= 0:
                        dirty = True
                    public[m], up[m], since[m], e[m], back[m], late_at[m] = True, True, t, t, False, -1
                    signal_until = max(signal_until, t + lag[m])
                    for i in range(P):
                        if was[m]:
                            level[i] += (1.0 - irreversible[m]) * v[i, m]
                        else:
                            level[i] += v[i, m]
                            value[one, i] += power[i] * w.k[i, m]
                    was[m] = True
                    entered[one, m] = min(entered[one, m], t)
                if script.rule:
                    for m in range(M):
                        if not public[m] and state[m] == HERE and e[m] <= t:
                            e[m] = NEVER
            for m in range(M if held > 0 else 0):
                if hold[m] <= t and up[m]:
                    up[m], state[m], gone[m], by[m], why[m] = False, MISSING, t, holder[m], motive[m]
                    missing += 1
                    broken_off[one, m] = min(broken_off[one, m], t)
                    for i in range(P):
                        level[i] -= (1.0 - irreversible[m]) * v[i, m]
                    if missed_in in (NEVER, t):
                        first_missed[one, m], missed_in = True, t
            # 10. Account.
            for i in range(P):
                value[one, i] += power[i] * level[i]
                power[i] *= discount[i]
        if collapsed == NEVER:
            for i in range(P):
                value[one, i] += power[i] * level[i] / (1.0 - discount[i])
            if stopped == NEVER:
                stop_cause = 0
        elif stopped == NEVER:
            stop_cause = 0
        ended[one, 0], ended[one, 1], ended[one, 2], ended[one, 3] = collapsed, cause, stopped, stop_cause
