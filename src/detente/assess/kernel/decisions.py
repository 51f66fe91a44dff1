"""7 and 8. Who strikes, who cheats, who leaves, who dares.

A course, of shape (4 + P, T + 1), says where a party stands at each phase of a schedule: rows V, D, W, the L of the best D,
and E by other party, in its units (`course`).
"""

from __future__ import annotations

import numpy as np

from detente.assess.kernel.breach import begin_early, is_costly, miss_what_is_due, withhold
from detente.assess.kernel.chance import STRIKE, u
from detente.assess.kernel.course import course, gives, work_before
from detente.assess.kernel.schedule import bring_up_to_date, is_under_way, pick
from detente.assess.kernel.state import BASE, STALE
from detente.assess.process import CHEATING, DISTRUST, GOVERNMENT, LEAVING, NEVER, OPPORTUNIST, SHOCK, SPOILER, SPOILING
from detente.base.uncounted import inner
from detente.plan.tables.duties import REFRAIN
from detente.plan.tables.worth import phases_kept

__all__ = ["TOLERANCE", "decide", "strike"]

TOLERANCE = 1e-9
"""Of a party's scale (`course`): a shortfall below it is none."""


@inner(inline="always")
def strike(w, s):  # type: ignore[no-untyped-def]
    """7. Spoilers that have not begun begin with their chance, to withhold all that costs them, and to do what they were to
    leave undone."""
    now = s.now[0]
    for i in range(len(s.parties)):
        p = s.parties[i]
        if p.kind == SPOILER and not p.holding and p.acts and u(now.key, STRIKE, i, now.t) < now.strikes:
            p.holding, now.any_held = True, True
            for m in range(len(s.measures)):
                x = s.measures[m]
                if w.giving[i, m] & REFRAIN:
                    begin_early(w, s, i, m, now.t, SPOILING)
                if s.actor[i, m] and is_costly(s.v[i, m], s.k[i, m]) and not (w.of[m].kept and x.up):
                    withhold(x, i, now.t, SPOILING)


@inner(inline="always")
def decide(w, script, s, room):  # type: ignore[no-untyped-def]
    """8. Every party that acts and does not withhold goes on, cheats, leaves or does not dare. room : see `course`."""
    now, T = s.now[0], w.phases
    here = min(now.t, T)
    if now.rule and not now.struck and now.t < T:
        pick(w, script, s)
    if now.dirty or now.next_due < now.t:
        bring_up_to_date(w, s)
    if now.rule:
        for m in range(len(s.measures)):
            s.measures[m].ready = False
    if now.dirty:
        now.under_way = is_under_way(w, s, s.entry)
        for i in range(len(s.parties)):
            p = s.parties[i]
            p.course, p.gives = STALE, p.gives or (now.under_way and gives(w, s.measures, i, s.entry, now.t))
    now.dirty = False
    for i in range(len(s.parties)):
        p = s.parties[i]
        if not now.under_way or not p.gives or p.holding or p.kind == SPOILER:
            continue
        if p.course == STALE:
            p.course = course(w, s, i, s.entry, here, s.courses[i], room)
        o = s.base[i] if p.course == BASE else s.courses[i]
        at = here if p.course == BASE else min(here, p.course)
        if p.kind == OPPORTUNIST and max(o[1, at], o[2, at]) > o[0, at] + TOLERANCE * p.scale:
            if o[1, at] >= o[2, at] - TOLERANCE * p.scale:
                _cheat(w, s, i, int(o[3, at]))
            elif now.collapsed == NEVER:
                now.collapsed, now.cause = now.t, GOVERNMENT if p.changed else LEAVING
                miss_what_is_due(s, i, now.cause)
        else:
            j = _not_dared_with(s, i, o, at)
            if j >= 0:
                _balk(w, s, room, i, j, here)
    if now.rule:
        for m in range(len(s.measures)):
            if s.measures[m].ready:
                s.entry[m] = NEVER
                now.dirty = True


@inner(inline="always")
def _not_dared_with(s, i, o, t):  # type: ignore[no-untyped-def]
    """The first party toward which a trust row of i fails in t of its course o; -1: none."""
    slack_allowed = TOLERANCE * s.parties[i].scale
    for j in range(len(s.parties)):
        if o[4 + j, t] > -np.inf:
            slack = s.odds[i, j] * (o[0, t] - o[2, t]) - o[4 + j, t]
            if slack < -slack_allowed * (1.0 + s.odds[i, j]):
                return j
    return -1


@inner
def _cheat(w, s, i, found_out):  # type: ignore[no-untyped-def]
    """Party i decides to withhold what it does not keep up for the sake of its best D, found out at t + found_out, 1 .. its
    longest lag (`plan.tables.worth`), and to begin what it would do alone, as soon as that goes unnoticed until then. What is
    in force by common knowledge has entered, whatever the schedule says."""
    now, p = s.now[0], s.parties[i]
    p.holding, now.any_held = True, True
    for m in range(len(s.measures)):
        x = s.measures[m]
        if s.actor[i, m]:
            wait, early = -1 if x.public else s.entry[m] - now.t, work_before(x, s.entry[m], now.t)
            free = max(0, found_out - x.lag)
            if w.of[m].ready >= 0:
                begin_early(w, s, i, m, now.t + free, CHEATING)
                continue
            left = (1.0 if w.of[m].kept else x.irreversible) * s.v[i, m] / (1.0 - p.discount)
            held = phases_kept(s.v[i, m], s.k[i, m], left, w.of[m].kept, p.discount, wait, free, found_out, early)
            if held < found_out:
                withhold(x, i, now.t + held, CHEATING)


@inner
def _balk(w, s, room, i, j, here):  # type: ignore[no-untyped-def]
    """Party i does not dare to go on with j: it waits if it dares to stand still, or puts back what it picked; else it
    leaves."""
    now, p = s.now[0], s.parties[i]
    for m in range(len(s.measures)):
        s.standing[m] = s.entry[m] if s.measures[m].public else NEVER
    still = is_under_way(w, s, s.standing)
    if still:
        course(w, s, i, s.standing, here, s.still, room)
    reason = SHOCK if s.parties[j].shocked else DISTRUST
    if p.changed or s.parties[j].changed:
        reason = GOVERNMENT
    if still and _not_dared_with(s, i, s.still, here) >= 0:
        if now.collapsed == NEVER:
            now.collapsed, now.cause = now.t, reason
    elif now.rule:
        for m in range(len(s.measures)):
            x = s.measures[m]
            picked = s.entry[m] - x.lead == now.t and x.begun < 0
            if s.actor[i, m] and not x.public and picked and x.late_at < 0 and not x.back:
                x.ready = True  # to be put back when all have decided
        return
    elif now.next_due != NEVER and not now.held_back:
        now.held_back, now.stop_cause = True, reason
    miss_what_is_due(s, i, reason)
