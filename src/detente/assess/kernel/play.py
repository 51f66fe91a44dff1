"""One play of one strategy, compiled: the numbers 1 to 10 are those of the definition in `process`, the state is `state`'s.

What runs in every phase takes the place of its call (`inline`); what seldom has work is called only when it has.
"""

from __future__ import annotations

from detente.assess.kernel.breach import end_of_patience, left_to, mend, notice, resume, suspend
from detente.assess.kernel.chance import key_of
from detente.assess.kernel.decisions import decide, strike
from detente.assess.kernel.entry import enter, withdraw
from detente.assess.kernel.refusal import mean_it, respond, undo
from detente.assess.kernel.risks import drawn_type, governments, shocks
from detente.assess.kernel.schedule import cut_off, is_to_come, move_on
from detente.assess.kernel.state import begin
from detente.assess.kernel.values import base_courses, take_up
from detente.assess.kernel.work import work
from detente.assess.process import NEVER
from detente.base.uncounted import inner, kernel

__all__ = ["play"]


@kernel
def play(w, script, s, room, seed, first, draws, out):  # type: ignore[no-untyped-def]
    """Plays of a seed from number `first` on, of all schedules one after the other, so that a draw is taken up once for all.

    w : `Given`. script : what the K schedules of the `State` s have in common. room : `Room` for it. draws : (N, Q), the draw
    of each play. out : `Records` of K N rows, to be filled, schedule by schedule. Where nothing is drawn K is 1.
    """
    for n in range(len(draws)):
        key = key_of(seed, first + n)
        for k in range(len(s.entries)):
            begin(w, s, k, key)
            if w.drawn and k == 0:
                take_up(w, s, draws[n])
            if w.drawn or n == 0:
                base_courses(w, s, k, room)
            _play_on(w, script, s, room)
            _write_down(w, s, out, k * len(draws) + n)


@inner(inline="always")
def _play_on(w, script, s, room):  # type: ignore[no-untyped-def]
    """The play that has just begun, to its end."""
    now = s.now[0]
    if w.active:
        mean_it(w, s)
    for i in range(len(s.parties)):
        s.parties[i].kind = drawn_type(w, s, now.key, i, 0)
    now.t = -1
    while now.collapsed == NEVER and (now.t + 1 < w.phases + w.most_lag or now.missing > 0):
        now.t += 1
        phase(w, script, s, room)
    if now.collapsed == NEVER:
        now.t += 1
    _end(w, s)


@inner(inline="always")
def phase(w, script, s, room):  # type: ignore[no-untyped-def]
    """One phase, 1 to 10."""
    now, T = s.now[0], w.phases
    now.struck, now.open_miss, now.suspended, now.held_back = False, False, False, False
    if now.t < T:
        governments(w, s)
        shocks(w, s)
        if w.active:
            undo(w, s)
    if now.missing > 0:
        notice(s)
        suspend(s)
        mend(w, s)
        if now.missing > 0:
            end_of_patience(s)
    if now.open > 0:
        respond(w, s)
    if not now.rule and now.dirty:
        cut_off(w, s)
    if not now.suspended and now.resting > 0:
        resume(s, T + w.most_lag)
    if now.t <= now.signal_until:
        _see(s)
    if now.t == now.warning:
        _take_note(w, s)
    now.waiting = now.open_miss or (now.any_late and _late_within_patience(s))
    if now.collapsed == NEVER and now.t <= T:
        if now.under_way:
            strike(w, s)
        if not now.waiting:
            decide(w, script, s, room)
    if now.collapsed != NEVER:
        return
    if now.held_back:
        _stall(s)
    elif not now.waiting:
        now.stall = 0
    if now.waiting or now.held_back:
        move_on(s)
    if not now.held_back and (now.any_back or (now.t < T and (now.dirty or now.waiting or now.next_due <= now.t))):
        enter(w, s)
    if now.any_held:
        withdraw(s)
    if w.works:
        work(w, s)
    for i in range(len(s.parties)):
        p = s.parties[i]
        p.value += p.power * p.level
        p.power *= p.discount


@inner
def _see(s):  # type: ignore[no-untyped-def]
    """5. Signals of what has been in force for its lag count, once."""
    P = len(s.parties)
    for m in range(len(s.measures)):
        x = s.measures[m]
        if x.up and not x.seen and not x.early and x.since >= 0 and x.since + x.lag <= s.now[0].t:
            x.seen = True
            for j in range(P):
                if s.actor[j, m]:
                    for i in range(P):
                        if i != j:
                            s.odds[i, j] *= x.signal


@inner
def _take_note(w, s):  # type: ignore[no-untyped-def]
    """At the beginning of phase `warning`: what has been earned, what stepping out would be worth, and which signs are
    seen."""
    for i in range(len(s.parties)):
        p = s.parties[i]
        p.before, p.aside, p.trouble = p.value, left_to(w, s, i) + p.after, p.misses > 0
    for m in range(len(s.measures)):
        x = s.measures[m]
        x.seen_by = x.seen
        if x.late_at >= 0:
            for i in range(len(s.parties)):
                p = s.parties[i]
                p.trouble = p.trouble or s.actor[i, m]


@inner
def _late_within_patience(s):  # type: ignore[no-untyped-def]
    """6. Whether a step is openly late and the others still wait for it."""
    now = s.now[0]
    for m in range(len(s.measures)):
        x, e = s.measures[m], s.entry[m]
        late = x.late_at >= 0 and is_to_come(x) and e > now.t and e != NEVER
        if late and (now.by_condition or now.t <= x.late_at + now.patience):
            return True
    return False


@inner
def _stall(s):  # type: ignore[no-untyped-def]
    """8. A phase in which nobody performs; after too many in a row the process stops: nothing new comes any more."""
    now = s.now[0]
    if now.stall == 0:
        now.stall_from = now.t
    now.stall += 1
    if now.stall > now.patience and not now.by_condition:
        now.stopped, now.stall, now.dirty = now.stall_from, 0, True
        for m in range(len(s.measures)):
            if is_to_come(s.measures[m]):
                s.entry[m] = NEVER


@inner
def _end(w, s):  # type: ignore[no-untyped-def]
    """10. What the process ends with counts for ever: what is left after a collapse, less B, or the level it has reached. A
    play in which no step was ever in force that nobody takes alone, and which did not collapse, was no deal, less what was
    spent on work."""
    now, nothing = s.now[0], True
    for m in range(len(s.measures)):
        if s.measures[m].was and not w.of[m].in_force and w.of[m].ready < 0:
            nothing = False
    for i in range(len(s.parties)):
        p = s.parties[i]
        if now.collapsed != NEVER:
            p.value += p.power * (left_to(w, s, i) + p.after)
        elif nothing:
            p.value = p.no_deal + p.spent
            p.before = p.value - p.discount**now.warning * (p.aside + p.breakdown)
        else:
            p.value += p.power * p.level / (1.0 - p.discount)
    if now.collapsed != NEVER:
        for m in range(len(s.measures)):
            if s.measures[m].up:
                s.measures[m].broken_off = min(s.measures[m].broken_off, now.t)
    if now.stopped == NEVER:
        now.stop_cause = 0


@inner
def _write_down(w, s, out, n):  # type: ignore[no-untyped-def]
    """The play into row n of the records."""
    now = s.now[0]
    for i in range(len(s.parties)):
        p = s.parties[i]
        out.value[n, i], out.before[n, i], out.aside[n, i] = p.value, p.before, p.aside
        out.kind[n, i], out.trouble[n, i] = p.kind, p.trouble
        out.no_deal[n, i], out.discount[n, i] = p.no_deal, p.discount
    for m in range(len(s.measures)):
        x = s.measures[m]
        out.entered[n, m], out.broken_off[n, m] = x.entered, x.broken_off
        out.first_missed[n, m], out.seen_by[n, m] = x.first_missed, x.seen_by
        out.whose[n, m], out.reason[n, m], out.reason_of[n, m] = x.whose, x.reason, x.reason_of
        out.first_late[n, m], out.delay[n, m], out.held_back[n, m] = x.first_late, x.delay, x.held_back
    for k in range(len(w.shocks)):
        out.struck_by[n, k] = w.shocks[k].struck
    out.firsts[n, 0], out.firsts[n, 1] = now.missed_in, now.late_in
    out.ended[n, 0], out.ended[n, 1], out.ended[n, 2], out.ended[n, 3] = now.collapsed, now.cause, now.stopped, now.stop_cause
