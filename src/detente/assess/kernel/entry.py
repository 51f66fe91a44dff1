"""9. Entry: what is ready enters, is withheld in secret, fails in secret, or comes late openly."""

from __future__ import annotations

from detente.assess.kernel.breach import fall, go_missing
from detente.assess.kernel.refusal import is_refused, settle, work_delay
from detente.assess.kernel.risks import befall
from detente.assess.kernel.schedule import is_barred, is_met, is_to_come
from detente.assess.kernel.state import HERE, MISSING
from detente.assess.kernel.work import set_to_work, stop_work
from detente.assess.process import FAILURE, NEVER, RISK, WORK
from detente.base.uncounted import inner

__all__ = ["enter", "withdraw"]


@inner
def enter(w, s):  # type: ignore[no-untyped-def]
    """What is due, publicly met, in its window and not barred enters; while others wait, only what was mended or late."""
    now, t, M = s.now[0], s.now[0].t, len(s.measures)
    for m in range(M):
        x = s.measures[m]
        x.ready = is_to_come(x) and s.entry[m] <= t and t >= x.not_before
        x.ready = x.ready and (t <= x.not_after or x.back) and (t < w.phases or x.back)
        x.ready = x.ready and (not now.waiting or x.back or x.late_at >= 0) and x.answers == 0 and t >= x.retry
        if x.early and x.up and s.entry[m] <= t:
            x.public = True  # begun before it was due, and due now
    again = True
    while again:
        again = False
        for m in range(M):
            if s.measures[m].ready and (not is_met(w, s, m, True, 0) or is_barred(w, s, m)):
                s.measures[m].ready = False
                again = True
    if w.active:
        _perform_in_turn(w, s)
    else:
        for m in range(M):
            if s.measures[m].ready:
                _perform(w, s, m)
    if now.rule:
        for m in range(M):
            x = s.measures[m]
            if is_to_come(x) and s.entry[m] <= t and w.of[m].ready < 0:
                s.entry[m], now.dirty = NEVER, True


@inner
def _perform_in_turn(w, s):  # type: ignore[no-untyped-def]
    """What is ready is carried out, first what waits for nothing that has still to enter: what would enter with a step that is
    refused, or late for its work, does not."""
    none = len(s.measures)
    while True:
        turn, free = none, False
        for m in range(len(s.measures)):
            x = s.measures[m]
            if x.ready and not x.public and s.entry[m] <= s.now[0].t and not free:
                free = is_met(w, s, m, False, 0)
                turn = m if free or turn == none else turn
        if turn == none:
            return
        _perform(w, s, turn)
        again = True
        while again:
            again = False
            for m in range(len(s.measures)):
                if s.measures[m].ready and not is_met(w, s, m, True, 0):
                    s.measures[m].ready, again = False, True


@inner
def _perform(w, s, m):  # type: ignore[no-untyped-def]
    """Step m, ready, is carried out: or withheld, or fails, or is late, or refused."""
    now, x, t = s.now[0], s.measures[m], s.now[0].t
    behind, delay = 0, RISK
    if (x.hold > t or x.early) and not x.tried:
        behind = befall(w, now.key, m)
        if w.active and behind >= 0 and not x.early:
            if w.of[m].high > 0.0 and x.begun < 0 and not x.was:
                x.begun = t
                set_to_work(w, s, m)
            work = work_delay(w, s, m)
            if work > behind:
                behind, delay = work, WORK
        x.tried = behind >= 0  # what fails does so when it is carried out: it may be refused before
    if behind > 0:
        s.entry[m], x.late_at, x.ready = t + behind, t, delay == RISK
        now.any_late, now.dirty = True, True
        if now.late_in == NEVER or now.late_in == t:
            now.late_in, x.first_late, x.delay = t, True, delay
        return
    if w.active and x.hold > t and not x.early and is_refused(w, s, m):
        x.ready = False
        return
    at = min(t, x.not_after)
    now.dirty = now.dirty or s.entry[m] != at
    s.entry[m], x.public = at, True
    if x.refused >= 0:
        settle(s, m)
    x.tried = x.tried or behind < 0
    x.begun = -1
    if x.status == MISSING:
        return
    if x.works and (x.hold <= t or behind < 0):
        stop_work(s, m)
    if x.hold <= t and not x.early:
        go_missing(now, x, x.holder, x.motive)
    elif behind < 0:
        go_missing(now, x, -1, FAILURE)
    else:
        now.dirty = now.dirty or x.back or x.late_at >= 0
        x.back, x.late_at, x.early = False, -1, False
        now.signal_until = max(now.signal_until, t + x.lag)
        _comes(s, m)


@inner
def _comes(s, m):  # type: ignore[no-untyped-def]
    """Measure m is in force from now on."""
    x, t = s.measures[m], s.now[0].t
    worked, x.begun = x.works, -1
    if worked:
        stop_work(s, m)
    x.up, x.since = True, t
    for i in range(len(s.parties)):
        p = s.parties[i]
        if x.was:
            p.level += (1.0 - x.irreversible) * s.v[i, m]
        else:
            p.level += s.v[i, m]
            p.value += p.power * (max(s.k[i, m], 0.0) if worked and s.actor[i, m] else s.k[i, m])
    x.was, x.entered = True, min(x.entered, t)


@inner
def withdraw(s):  # type: ignore[no-untyped-def]
    """In secret, what is in force and to be withheld from now on falls, and what is begun against the schedule comes."""
    now = s.now[0]
    for m in range(len(s.measures)):
        x = s.measures[m]
        if x.hold > now.t:
            continue
        if x.early:
            if x.status == HERE and not x.up and not x.public:
                _comes(s, m)
                x.status, x.gone, x.by, x.why = MISSING, now.t, x.holder, x.motive
                now.missing += 1
        elif x.up:
            fall(s, m)
            go_missing(now, x, x.holder, x.motive)
