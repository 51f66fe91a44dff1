"""Steps refused, flows that fall, governments that come round, and what the others hold back: all in the open.

Nothing of this is called where the world has no causes (`active`).
"""

from __future__ import annotations

import numpy as np

from detente.assess.kernel.breach import fall, miss, release
from detente.assess.kernel.chance import ANSWER, CLASS, CONSENT, DEMAND, FALL, MEND, OPPOSE, READING, WORK, u
from detente.assess.kernel.risks import drawn_type, new_worth, triangular
from detente.assess.kernel.state import DROPPED, HERE
from detente.assess.process import CONSENT as OF_CONSENT
from detente.assess.process import DEMAND as OF_DEMAND
from detente.assess.process import LAPSE, NEVER, SINCERE, UNDONE
from detente.base.uncounted import inner

__all__ = ["is_refused", "mean_it", "respond", "settle", "undo", "work_delay"]


@inner
def mean_it(w, s):  # type: ignore[no-untyped-def]
    """At the start of a play: which demands are meant, and whose readings are apart."""
    now = s.now[0]
    for q in range(len(w.demands)):
        d = w.demands[q]
        d.bites = u(now.key, DEMAND, q, 0) < d.phi
        d.contested = d.apart and u(now.key, READING, q, 0) < w.contested
    s.because[:] = False


@inner
def undo(w, s):  # type: ignore[no-untyped-def]
    """1 and 2. Governments come round, and what has to be kept up falls."""
    _change_governments(w, s)
    _fall_openly(w, s)


@inner
def respond(w, s):  # type: ignore[no-untyped-def]
    """3 to 5. The others answer what is openly not carried out; it is due again, or given up."""
    _answer(w, s)
    _come_back(w, s)
    _give_up(s)


@inner(inline="always")
def _change_governments(w, s):  # type: ignore[no-untyped-def]
    """1. Where governments come round: one that opposes comes with its chance, else the party is as it was."""
    now = s.now[0]
    for i in range(len(s.parties)):
        p, term = s.parties[i], w.who[i]
        if term.every == 0 or now.t < term.begins or (now.t - term.begins) % term.every != 0:
            continue
        opposes = u(now.key, OPPOSE, i, now.t) < p.opposed
        if not opposes and not p.opposes:
            continue
        p.opposes, p.changed = opposes, True
        for m in range(len(s.measures)):
            new = w.opposed_v[i, m] if opposes else s.v_then[i, m]
            if not np.isnan(new) and new != s.v[i, m]:
                new_worth(w, s, i, m, new)
        if opposes:
            for j in range(len(s.parties)):
                if not np.isnan(w.opposed_odds[i, j]):
                    s.odds[i, j] = w.opposed_odds[i, j]
        p.kind = drawn_type(w, s, now.key, i, 1 + len(w.governments) + now.t)
        if p.kind == SINCERE:
            release(s, i)
        now.dirty = True


@inner(inline="always")
def _fall_openly(w, s):  # type: ignore[no-untyped-def]
    """2. What has to be kept up falls: its government undoes it, a demand that stands is not met any more, or it lapses. All
    are told by what is in force before any of them falls."""
    for i in range(len(s.parties)):
        s.balance[i] = 0.0  # what costs the party most, where that is asked for
        if s.parties[i].opposes:
            for m in range(len(s.measures)):
                if s.actor[i, m] and s.measures[m].up:
                    s.balance[i] = max(s.balance[i], -s.v[i, m])
    for m in range(len(s.measures)):
        x = s.measures[m]
        x.ready = w.of[m].lasting and x.up and x.public and x.status == HERE and _is_to_fall(w, s, m)
    for m in range(len(s.measures)):
        if s.measures[m].ready:
            _falls(s, m)


@inner
def _is_to_fall(w, s, m):  # type: ignore[no-untyped-def]
    """Whether measure m falls now; then for which cause, of the first party or demand by which it does."""
    now, x, M, P = s.now[0], s.measures[m], len(s.measures), len(s.parties)
    for i in range(P):
        if s.actor[i, m] and s.parties[i].opposes and s.v[i, m] < 0.0:
            chance = s.parties[i].undoes * (1.0 - x.irreversible) * -s.v[i, m] / s.balance[i]
            if u(now.key, FALL, m + M * (1 + i), now.t) < chance:
                x.cause, x.cause_of, x.by = UNDONE, -1, i
                return True
    for q in range(len(w.demands)):
        d = w.demands[q]
        unmet = d.standing and w.before[q, m] and s.actor[d.by, m] and not _is_met(w, s, q, d.contested)
        if unmet and u(now.key, FALL, m + M * (1 + P + q), now.t) < d.phi * (1.0 - x.irreversible):
            x.cause, x.cause_of, x.by = OF_DEMAND, q, d.by
            return True
    x.cause, x.cause_of, x.by = LAPSE, -1, -1
    return u(now.key, FALL, m, now.t) < w.lapses


@inner(inline="always")
def _falls(s, m):  # type: ignore[no-untyped-def]
    now, x = s.now[0], s.measures[m]
    fall(s, m)
    miss(now, x, x.by, x.cause, x.cause_of)
    x.public, x.refused, x.unanswered = False, now.t, True
    s.entry[m] = NEVER
    now.open += 1
    now.dirty = True


@inner
def _is_met(w, s, q, widely):  # type: ignore[no-untyped-def]
    """Whether all that demand q wants first is seen, as the demander reads it; widely : by all readings together."""
    first = w.widest[q] if widely else w.first[q]
    for m in range(len(s.measures)):
        x = s.measures[m]
        if first[m] and not (x.up and (x.since < 0 or x.since + x.lag <= s.now[0].t)):
            return False
    return True


@inner(inline="always")
def _answer(w, s):  # type: ignore[no-untyped-def]
    """3. What the others hold back for what has just been refused or has fallen, each with its chance."""
    now, A, P = s.now[0], len(w.answers), len(s.parties)
    for m in range(len(s.measures)):
        x = s.measures[m]
        if not x.unanswered:
            continue
        x.unanswered = False
        for i in range(P):
            if s.actor[i, m]:
                continue
            stated = False
            for a in range(A):
                if w.answer_if[a, m] and w.answers[a].by == i:
                    stated = True
                    if u(now.key, ANSWER, a, now.t) < w.answers[a].chance:
                        for n in range(len(s.measures)):
                            if w.answer_holds[a, n] and s.actor[i, n]:
                                _hold_back(s, m, n)
            gained = s.v[i, m] > 0.0 or s.k[i, m] > 0.0
            if not stated and gained and u(now.key, ANSWER, A + m * P + i, now.t) < w.holds_back:
                _hold_back_as_follows(w, s, m, i)


@inner(inline="always")
def _hold_back_as_follows(w, s, m, i):  # type: ignore[no-untyped-def]
    """Without a stated answer: what party i withholds by a demand for m, or of what it keeps up for those who owe m the flow
    whose worth to them is nearest to the loss, both as shares of all that is at stake for a party."""
    any_demand = False
    for q in range(len(w.demands)):
        if w.demands[q].by == i and w.first[q, m]:
            any_demand = True
            for n in range(len(s.measures)):
                if w.before[q, n] and s.actor[i, n]:
                    _hold_back(s, m, n)
    if any_demand:
        return
    d = s.parties[i].discount
    loss = (s.v[i, m] / (1.0 - d) + s.k[i, m]) / max(s.parties[i].scale, 1e-300)
    nearest, which = np.inf, len(s.measures)
    for n in range(len(s.measures)):
        y = s.measures[n]
        if not (y.up and w.of[n].lasting and s.actor[i, n]):
            continue
        worth = 0.0
        for j in range(len(s.parties)):
            if s.actor[j, m] and not s.actor[j, n]:
                worth = max(worth, s.v[j, n] / (1.0 - s.parties[j].discount) / max(s.parties[j].scale, 1e-300))
        if worth > 0.0 and abs(worth - loss) < nearest:
            nearest, which = abs(worth - loss), n
    if which < len(s.measures):
        _hold_back(s, m, which)


@inner
def _hold_back(s, m, n):  # type: ignore[no-untyped-def]
    """Measure n is held back until m comes; what cannot be taken back stays."""
    y = s.measures[n]
    if s.because[m, n] or n == m or (y.public and not y.rests and (y.irreversible == 1.0 or not y.up)):
        return
    s.because[m, n] = True
    y.answers += 1
    y.held_back = True
    if y.up:
        fall(s, n)
        y.rests = True


@inner
def settle(s, m):  # type: ignore[no-untyped-def]
    """Measure m, that was openly not carried out, comes: what was held back because of it goes on."""
    now, x = s.now[0], s.measures[m]
    x.refused = -1
    now.open -= 1
    for n in range(len(s.measures)):
        if s.because[m, n]:
            s.because[m, n] = False
            y = s.measures[n]
            y.answers -= 1
            if y.answers == 0 and y.rests:
                y.rests, y.up = False, True
                for i in range(len(s.parties)):
                    s.parties[i].level += (1.0 - y.irreversible) * s.v[i, n]


@inner(inline="always")
def _come_back(w, s):  # type: ignore[no-untyped-def]
    """4. What has fallen is due again when its cause has gone: the demand is met, the government has, a lapse is mended."""
    now = s.now[0]
    for m in range(len(s.measures)):
        x = s.measures[m]
        if x.refused < 0 or x.refused >= now.t or not x.was or x.up or x.public or x.status != HERE or x.back:
            continue
        gone = True
        if x.cause == OF_DEMAND:
            gone = _is_met(w, s, np.int64(x.cause_of), w.demands[x.cause_of].contested)
        elif x.cause == UNDONE:
            for i in range(len(s.parties)):
                if s.actor[i, m] and s.parties[i].opposes:
                    gone = False
        else:
            gone = u(now.key, MEND, m, now.t) < now.mends
        if gone:
            x.back, x.tried, s.entry[m] = True, True, min(now.t, x.not_after)
            now.any_back = now.dirty = True


@inner(inline="always")
def _give_up(s):  # type: ignore[no-untyped-def]
    """5. What has been openly missing for too long never comes, and what is held back because of it neither, or no more. By
    condition the others wait for what was refused."""
    now = s.now[0]
    for m in range(len(s.measures)):
        x = s.measures[m]
        if x.refused < 0 or now.t < x.refused + now.patience or (x.retry > x.refused and s.entry[m] != NEVER):
            continue
        if now.by_condition and not x.was and x.status == HERE:
            continue
        _never(s, m)
        x.refused = -1
        now.open -= 1
        for n in range(len(s.measures)):
            y = s.measures[n]
            if s.because[m, n]:
                y.given_up = True
                if y.status == HERE:
                    y.public = y.public and not y.rests
                    _never(s, n)


@inner(inline="always")
def _never(s, m):  # type: ignore[no-untyped-def]
    x, now = s.measures[m], s.now[0]
    if x.public:
        return
    s.entry[m], x.back = NEVER, False
    if x.status == HERE:  # what has been begun in secret is still to be found out
        x.status = DROPPED
    now.dirty = True


@inner
def is_refused(w, s, m):  # type: ignore[no-untyped-def]
    """9. Whether measure m, which is ready, is openly refused: by a demand of its actor that is meant and not met, or for want
    of a consent, which may be asked for again."""
    now, x = s.now[0], s.measures[m]
    for q in range(len(w.demands)):
        d = w.demands[q]
        if d.bites and w.before[q, m] and s.actor[d.by, m] and not _is_met(w, s, q, False):
            _refused(s, m, d.by, OF_DEMAND, q)
            return True
    if x.was:
        return False
    for k in range(w.of[m].consents + x.given, w.of[m].consents_end):
        if u(now.key, CONSENT, k, now.t) >= w.consents[k].chance:
            _refused(s, m, -1, OF_CONSENT, k)
            x.refused = now.t
            if w.consents[k].again > 0:
                x.retry = now.t + w.consents[k].again
                s.entry[m] = x.retry
            else:
                s.entry[m], x.status = NEVER, DROPPED
            now.dirty = True
            return True
        x.given += 1
    return False


@inner(inline="always")
def _refused(s, m, whose, reason, of):  # type: ignore[no-untyped-def]
    now, x = s.now[0], s.measures[m]
    miss(now, x, whose, reason, of)
    x.late_at = -1
    if x.refused < 0:
        x.refused, x.cause, x.cause_of, x.unanswered = now.t, reason, of, True
        now.open += 1


@inner
def work_delay(w, s, m):  # type: ignore[no-untyped-def]
    """By how many phases measure m, due now, comes late: its work takes longer than since it was begun, and its class comes
    late."""
    now, o = s.now[0], w.of[m]
    behind = 0
    if o.high > 0.0:
        so_far = now.t - s.measures[m].begun
        behind = max(0, triangular(o.low, o.likely, o.high, u(now.key, WORK, o.whole, 0)) - so_far)
    if o.late > 0.0:
        behind += int(np.floor(_years_late(o.late, w.catches_up, u(now.key, CLASS, o.whole, 0)) * w.year))
    return min(behind, NEVER - 1 - now.t)


@inner(inline="always")
def _years_late(late, catches_up, x):  # type: ignore[no-untyped-def]
    """Years, at quantile 1 - x of: not there after y years with late ** y up to one year, late (1 - catches_up) ** (y - 1)
    after it."""
    if x >= late:
        return np.log(max(x, 1e-300)) / np.log(late) if late < 1.0 else 1.0
    if catches_up <= 0.0:
        return 1e6
    return 1.0 + (np.log(max(x, 1e-300) / late) / np.log(1.0 - catches_up) if catches_up < 1.0 else 0.0)
