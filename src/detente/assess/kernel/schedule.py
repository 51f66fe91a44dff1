"""The public schedule e: what can still come, what may enter now, what comes next, and steps picked by a rule."""

from __future__ import annotations

from detente.assess.kernel.state import HERE, MISSING, NOTICED
from detente.assess.process import NEVER
from detente.base.uncounted import inner

__all__ = ["bring_up_to_date", "cut_off", "is_barred", "is_met", "is_to_come", "is_under_way", "move_on", "pick"]


@inner
def cut_off(w, s):  # type: ignore[no-untyped-def]
    """What requires what never comes, or has missed its window, never comes either."""
    ms, e = s.measures, s.entry
    changed = True
    while changed:
        changed = False
        for m in range(len(ms)):
            if ms[m].public or e[m] == NEVER or ms[m].status == NOTICED:
                continue
            dead = e[m] > ms[m].not_after
            for q in range(w.of[m].needs, w.of[m].needs_end):
                possible = False
                for n in range(w.needs[q].first, w.needs[q].end):
                    a = w.alternative[n]
                    fallen = ms[a].was and ms[a].refused >= 0 and ms[a].status == HERE
                    if ms[a].public or e[a] != NEVER or ms[a].status == NOTICED or fallen:
                        possible = True
                if not possible:
                    dead = True
            if dead:
                e[m] = NEVER
                changed = True


@inner
def is_met(w, s, m, together, ahead):  # type: ignore[no-untyped-def]
    """Whether the prerequisites of m are publicly met now, or by what a risk has just put off, or will be for its
    entry so many phases ahead, at the start of its work. together : or by what is ready to enter with it."""
    for q in range(w.of[m].needs, w.of[m].needs_end):
        met = False
        for n in range(w.needs[q].first, w.needs[q].end):
            a = w.alternative[n]
            x = s.measures[a]
            stands = x.public or (ahead > 0 and s.entry[a] > s.now[0].t)
            put_off = ahead == 0 and x.ready and w.needs[q].after == 0 and (together or s.entry[a] > s.now[0].t)
            if put_off or (stands and s.entry[a] + w.needs[q].after - ahead <= s.now[0].t):
                met = True
        if not met:
            return False
    return True


@inner(inline="always")
def is_to_come(x):  # type: ignore[no-untyped-def]
    """Whether measure x, as far as is known, has still to enter; what is missing in secret before it is due, too."""
    return not x.public and (x.status == HERE or (x.status == MISSING and not x.early))


@inner
def is_barred(w, s, m):  # type: ignore[no-untyped-def]
    """Whether something that excludes m is in force, or is ready and comes before it in the case."""
    for n in range(len(s.measures)):
        x = s.measures[n]
        if w.excludes[m, n] and (x.public or (x.ready and n < m)):
            return True
    return False


@inner
def bring_up_to_date(w, s):  # type: ignore[no-untyped-def]
    """What was due before is due now; what cannot come any more never comes; and which step is next."""
    ms, e, now = s.measures, s.entry, s.now[0]
    for m in range(len(ms)):
        if not ms[m].public and e[m] < now.t and e[m] < (ms[m].not_after if ms[m].back else NEVER):
            e[m] = min(now.t, ms[m].not_after) if ms[m].back else now.t
            now.dirty = True
    if now.dirty and not now.rule:
        cut_off(w, s)
    now.next_due = NEVER
    for m in range(len(ms)):
        if not ms[m].public:
            now.next_due = min(now.next_due, e[m])


@inner
def is_under_way(w, s, e):  # type: ignore[no-untyped-def]
    """Whether a step that nobody takes alone has been in force, or enters by schedule e."""
    for m in range(len(e)):  # noqa: SIM110 - compiled code has no `any`
        if not w.of[m].in_force and w.of[m].ready < 0 and (s.measures[m].was or e[m] != NEVER):
            return True
    return False


@inner
def move_on(s):  # type: ignore[no-untyped-def]
    """6, 8. What is still due moves on by one phase, but for what is late or mended."""
    now = s.now[0]
    for m in range(len(s.measures)):
        x = s.measures[m]
        if is_to_come(x) and s.entry[m] != NEVER and x.late_at < 0 and not x.back:
            s.entry[m] = max(s.entry[m], now.t) + 1
            now.dirty = True


@inner
def pick(w, script, s):  # type: ignore[no-untyped-def]
    """Under a rule each party picks at most one step of its own, and one joint step may be picked: they are due now, or when
    they can be ready."""
    now, t, P = s.now[0], s.now[0].t, len(s.parties)
    balance, busy = s.balance, s.busy
    _settle_balances(s)
    for m in range(len(s.measures)):
        s.measures[m].ready = False
    busy[:] = False
    for n in range(len(script.ladder)):
        m = script.ladder[n]
        x = s.measures[m]
        if x.public or x.status != HERE or s.entry[m] != NEVER or t + x.lead < x.not_before or t + x.lead > x.not_after:
            continue
        who, count = P, 0
        for i in range(P):
            if s.actor[i, m]:
                who, count = i, count + 1
        if count != 1:
            who = P
        if busy[who] or not is_met(w, s, m, False, x.lead) or is_barred(w, s, m):
            continue
        wanted = True
        for i in range(P):
            if s.actor[i, m] and s.v[i, m] < 0.0 and balance[i] + s.v[i, m] < -script.credit[i] - 1e-12:
                wanted = False
        busy[who] = True  # the first possible step of the ladder decides: nobody skips a dear one for the next
        if wanted:
            s.entry[m] = t + x.lead
            now.dirty = True
            for i in range(P):
                if s.actor[i, m]:
                    balance[i] += s.v[i, m]


@inner(inline="always")
def _settle_balances(s):  # type: ignore[no-untyped-def]
    """What each party gives and gets per phase: own steps in force or at work, and others' that it has seen."""
    s.balance[:] = 0.0
    for m in range(len(s.measures)):
        x = s.measures[m]
        if x.public and s.entry[m] >= 0:
            for i in range(len(s.parties)):
                if s.actor[i, m] or (x.up and x.since + x.lag <= s.now[0].t):
                    s.balance[i] += s.v[i, m]
        elif x.begun >= 0:
            for i in range(len(s.parties)):
                if s.actor[i, m]:
                    s.balance[i] += min(s.v[i, m], 0.0)
