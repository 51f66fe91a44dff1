"""2 to 4. What is missing: withheld, noticed, answered by suspending, mended, or the end of patience; and what then is left.

A measure is withheld by a party from phase `hold` on (`withhold`), or fails. It then counts as in force (`public`) until it is
noticed. Only measures with `status` MISSING or NOTICED are of concern here: `play` calls nothing of this while there are none.
"""

from __future__ import annotations

import numpy as np

from detente.assess.kernel.chance import MEND, NOTICE, u
from detente.assess.kernel.state import DROPPED, HERE, MISSING, NOTICED
from detente.assess.process import GOVERNMENT, NEVER, SPOILER
from detente.base.uncounted import inner
from detente.plan.tables.worth import worth, worth_begun

__all__ = [
    "begin_early",
    "end_of_patience",
    "fall",
    "go_missing",
    "is_costly",
    "left_to",
    "mend",
    "miss",
    "miss_what_is_due",
    "notice",
    "release",
    "resume",
    "suspend",
    "withhold",
]


@inner(inline="always")
def is_costly(v, k):  # type: ignore[no-untyped-def]
    """Whether an own measure of v per phase and k once costs its party something, so that it is withheld by a cheat."""
    return v < 0.0 or (v == 0.0 and k <= 0.0)


@inner(inline="always")
def withhold(x, i, t, why):  # type: ignore[no-untyped-def]
    """Party i will withhold measure x from t on, unless it is already to be withheld by then. why : a cause."""
    if t < x.hold:
        x.hold, x.holder, x.motive, x.early = t, i, why, False


@inner(inline="always")
def begin_early(w, s, i, m, t, why):  # type: ignore[no-untyped-def]
    """Party i will begin an act that it takes alone from t on, as soon as it can, if that is before it is due."""
    x = s.measures[m]
    u, due = max(t + x.lead, w.of[m].ready), s.entry[m] if s.entry[m] <= x.not_after else NEVER
    free = x.status == HERE and not x.up and not x.public and not x.works
    if free and u <= w.of[m].last and u < due and t <= due:
        x.hold, x.holder, x.motive, x.early = u, i, why, True


@inner
def release(s, i):  # type: ignore[no-untyped-def]
    """Party i withholds nothing any more, but for what is missing already."""
    s.parties[i].holding = False
    for m in range(len(s.measures)):
        x = s.measures[m]
        if x.holder == i and x.status == HERE:
            x.hold, x.holder, x.early = NEVER, -1, False


@inner(inline="always")
def go_missing(now, x, by, why):  # type: ignore[no-untyped-def]
    """Measure x is missing from now on, in secret. by : who withholds it; -1: it failed. why : a cause."""
    x.status, x.gone, x.by, x.why = MISSING, now.t, by, why
    now.missing += 1
    miss(now, x, by, why, -1)


@inner(inline="always")
def miss(now, x, whose, reason, of):  # type: ignore[no-untyped-def]
    """Measure x, due, is not carried out now: it is among those first missed if nothing was before this phase. whose : the
    party that does not; -1: all its actors. reason, of : why (`process.REASONS`), and for which consent or demand; -1."""
    if (now.missed_in == NEVER or now.missed_in == now.t) and not x.first_missed:
        x.first_missed, now.missed_in = True, now.t
        x.whose, x.reason, x.reason_of = whose, reason, of


@inner
def miss_what_is_due(s, i, reason):  # type: ignore[no-untyped-def]
    """Party i performs nothing of its own that is due now. reason : a cause."""
    now = s.now[0]
    for m in range(len(s.measures)):
        x = s.measures[m]
        if s.actor[i, m] and not x.public and x.status == HERE and s.entry[m] <= now.t:
            miss(now, x, i, reason, -1)


@inner
def fall(s, m):  # type: ignore[no-untyped-def]
    """Measure m is in force no more: its irreversible share is left."""
    x = s.measures[m]
    x.up, x.broken_off = False, min(x.broken_off, s.now[0].t)
    for i in range(len(s.parties)):
        s.parties[i].level -= (1.0 - x.irreversible) * s.v[i, m]


@inner
def left_to(w, s, i):  # type: ignore[no-untyped-def]
    """What party i has for ever if all ends now, drift and B apart: v of what is in force and kept, r v of everything else that
    is or was, and what is taken alone: as it is under way, or, if it has not been begun yet, as soon as it can be."""
    p, t, left, begun = s.parties[i], s.now[0].t, 0.0, 0.0
    for m in range(len(s.measures)):
        x = s.measures[m]
        if x.up and w.of[m].kept:
            left += s.v[i, m]
        elif x.was:
            left += x.irreversible * s.v[i, m]
        elif w.of[m].ready >= 0:
            v, k, early = s.v[i, m], s.k[i, m], x.lead if s.actor[i, m] else 0
            u, goes_on = max(t + x.lead, w.of[m].ready), x.works and (x.early or s.entry[m] < NEVER)
            if goes_on:
                u = x.hold if x.early else s.entry[m]
            if u <= w.of[m].last and goes_on:
                begun += worth(v, k, v / (1.0 - p.discount), p.discount, u - t, u - t + 1, NEVER if early else 0)
            elif u <= w.of[m].last:
                begun += p.discount ** (u - t) * worth_begun(v, k, early, p.discount)
    return left / (1.0 - p.discount) + begun


@inner(inline="always")
def _is_to_blame(s, j, m):  # type: ignore[no-untyped-def]
    """Whether party j is for measure m: it withheld it, or it acts in it and it failed."""
    by = s.measures[m].by
    return by == j if by >= 0 else s.actor[j, m]


@inner
def notice(s):  # type: ignore[no-untyped-def]
    """2. Notice what has been missing for its lag, unless it is overlooked: odds fall, a signal that had counted is taken
    back."""
    now, t, P = s.now[0], s.now[0].t, len(s.parties)
    for m in range(len(s.measures)):
        x = s.measures[m]
        if x.status != MISSING or t < x.gone + x.lag or u(now.key, NOTICE, m, t) < now.overlooked:
            continue
        x.status, x.noticed, x.public, x.begun = NOTICED, t, x.early, -1
        s.entry[m] = x.gone if x.early else NEVER
        now.dirty = True
        for j in range(P):
            if _is_to_blame(s, j, m):
                p = s.parties[j]
                if p.last_miss != t:
                    p.misses += 1
                    p.last_miss = t
                for i in range(P):
                    if i != j and not x.early:
                        s.odds[i, j] *= x.miss
        if x.seen:
            x.seen = False
            for j in range(P):
                for i in range(P):
                    if i != j and s.actor[j, m]:
                        s.odds[i, j] /= x.signal


@inner
def suspend(s):  # type: ignore[no-untyped-def]
    """2. Answer what has just been noticed: tolerate it, or pause what those to blame were given since it went missing."""
    now, P = s.now[0], len(s.parties)
    for m in range(len(s.measures)):
        x = s.measures[m]
        if x.status != NOTICED or x.noticed != now.t:
            continue
        x.tolerated = True
        for j in range(P):
            p = s.parties[j]
            p.blamed = _is_to_blame(s, j, m)
            if p.blamed and p.misses > now.tolerate:
                x.tolerated = False
        if x.tolerated:
            continue
        for n in range(len(s.measures)):
            y = s.measures[n]
            if not y.up or y.since < x.gone or y.irreversible == 1.0:
                continue
            costs, benefits, involved = False, False, False
            for i in range(P):
                blamed = s.parties[i].blamed
                costs = costs or (s.actor[i, n] and s.v[i, n] < 0.0)
                benefits = benefits or (blamed and s.v[i, n] > 0.0)
                involved = involved or (blamed and s.actor[i, n])
            if costs and benefits and not involved:
                y.paused = True
                now.resting += 1
                fall(s, n)


@inner
def mend(w, s):  # type: ignore[no-untyped-def]
    """3. What was noticed before comes back with its chance, unless a spoiler withholds it; its party lets go of the rest."""
    now, t = s.now[0], s.now[0].t
    for m in range(len(s.measures)):
        x = s.measures[m]
        if x.status != NOTICED or x.noticed >= t or x.early:  # what has been begun for its own sake is not taken back
            continue
        spoiled = x.by >= 0 and s.parties[x.by].kind == SPOILER
        if spoiled or u(now.key, MEND, m, t) >= now.mends:
            continue
        x.status, x.back, x.tried, s.entry[m] = HERE, True, True, min(t, x.not_after)
        now.missing -= 1
        now.dirty = now.any_back = True
        if x.by >= 0:
            release(s, np.int64(x.by))
        if x.given_up or (t > x.not_after and x.not_after < w.phases - 1):
            s.entry[m], x.status = NEVER, DROPPED


@inner
def end_of_patience(s):  # type: ignore[no-untyped-def]
    """4. What has been open for too long is dropped if it is tolerated, else the process collapses; say what is still
    open."""
    now, t = s.now[0], s.now[0].t
    for m in range(len(s.measures)):
        x = s.measures[m]
        if x.status != NOTICED:
            continue
        if t >= x.noticed + now.patience:
            if x.tolerated:
                x.status = HERE if x.early else DROPPED
                now.missing -= 1
                now.dirty = True
                continue
            if now.collapsed == NEVER:
                now.collapsed, now.cause = t, x.why
                for j in range(len(s.parties)):
                    if s.parties[j].changed and _is_to_blame(s, j, m):
                        now.cause = GOVERNMENT
        now.open_miss = True
        now.suspended = now.suspended or not x.tolerated


@inner
def resume(s, until):  # type: ignore[no-untyped-def]
    """3. What was paused is in force again. until : a phase by which all its signals have been seen."""
    now = s.now[0]
    now.resting, now.signal_until = 0, until
    for m in range(len(s.measures)):
        x = s.measures[m]
        if x.paused:
            x.paused, x.up = False, True
            for i in range(len(s.parties)):
                s.parties[i].level += (1.0 - x.irreversible) * s.v[i, m]
