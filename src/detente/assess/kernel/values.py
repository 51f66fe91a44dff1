"""Values drawn once a play, the same for every strategy: a draw of all that is uncertain in the place of the likely values.

What parties do alone, and who has something to do for whom, is told at the likely values, as in `plan.tables.worth`.
"""

from __future__ import annotations

import numpy as np

from detente.assess.kernel.breach import left_to
from detente.assess.kernel.course import course, fill_effects
from detente.base.uncounted import inner
from detente.plan.tables.layout import sliced

__all__ = ["base_courses", "take_up"]

_sliced = inner(sliced)


@inner
def take_up(w, s, draw):  # type: ignore[no-untyped-def]
    """Set a play that has just begun to the values of a draw, of shape (Q,), the columns of which `w` names, and all that begin
    after it."""
    P = len(s.parties)
    for n in range(len(w.governments)):
        w.governments[n].chance = _drawn(w.governments[n].chance, w.governments[n].column, draw)
    for n in range(len(w.shocks)):
        w.shocks[n].chance = _drawn(w.shocks[n].chance, w.shocks[n].column, draw)
    for n in range(len(w.risks)):
        w.risks[n].fails = _drawn(w.risks[n].fails, w.risks[n].column, draw)
    for k in range(len(w.consents)):
        w.consents[k].chance = _drawn(w.consents[k].chance, w.consents[k].column, draw)
    for a in range(len(w.answers)):
        w.answers[a].chance = _drawn(w.answers[a].chance, w.answers[a].column, draw)
    for m in range(len(s.measures)):
        _measure(w, s, m, draw)
    for i in range(P):
        p, at = s.parties[i], w.who[i]
        p.discount = _drawn(p.discount, at.at_discount, draw)
        p.opposed = _drawn(p.opposed, at.at_opposed, draw)
        p.undoes = _drawn(p.undoes, at.at_undoes, draw)
        p.breakdown = _drawn(p.breakdown, at.at_breakdown, draw)
        drift = _drawn(p.stalemate, at.at_stalemate, draw) / (1.0 - p.discount)
        p.after, p.level, p.longest, worth = drift - p.breakdown, 0.0, 0, 0.0
        for m in range(len(s.measures)):
            x = s.measures[m]
            if w.value[i, m] >= 0:
                s.v[i, m] = s.v_then[i, m] = draw[w.value[i, m]] * w.of[m].share
            if w.once[i, m] >= 0:
                s.k[i, m] = draw[w.once[i, m]] * w.of[m].share
            worth += abs(s.v[i, m]) + abs(s.k[i, m])
            if x.up:
                p.level += s.v[i, m]
            if s.actor[i, m]:
                p.longest = max(p.longest, x.lag)
        p.scale = worth / (1.0 - p.discount) + p.breakdown + abs(drift)
        for m in range(len(s.measures)):
            if s.v[i, m] != 0.0 or s.k[i, m] != 0.0:
                fill_effects(w, s, i, m)
        for j in range(P):
            if w.trust[i, j] >= 0:
                s.odds[i, j] = draw[w.trust[i, j]] / (1.0 - draw[w.trust[i, j]])
        p.no_deal = left_to(w, s, i) + drift
    for m in range(len(s.measures)):
        s.measures_then[m] = s.measures[m]
    for j in range(P):
        s.parties[j].sincere = _pooled(w, s, j)
        s.parties_then[j] = s.parties[j]
        for i in range(P):
            s.odds_then[i, j] = s.odds[i, j]


@inner(inline="always")
def _drawn(x, column, draw):  # type: ignore[no-untyped-def]
    """A number in this play: x, where it is not drawn."""
    return draw[column] if column >= 0 else x


@inner(inline="always")
def _measure(w, s, m, draw):  # type: ignore[no-untyped-def]
    """The share, the lag and the signal of a measure, and by what a miss of it multiplies the odds."""
    x, o = s.measures[m], w.of[m]
    x.irreversible = _drawn(x.irreversible, o.at_irreversible, draw)
    if o.at_lag >= 0:
        x.lag = int(draw[o.at_lag])
    if o.at_signal >= 0:
        x.signal = draw[o.at_signal]
        if o.share < 1.0:
            x.signal = _sliced(x.signal, o.share)
    held = 1.0
    for n in range(o.risks, o.risks_end):
        held *= 1.0 - w.risks[w.risk[n]].fails
    x.miss = (1.0 - held) / (1.0 - held / x.signal) if held < 1.0 and x.signal > 1.0 else o.miss


@inner(inline="always")
def _pooled(w, s, j):  # type: ignore[no-untyped-def]
    """The chance that party j is sincere: the others' mean log odds in it, as a probability; 1/2 where none are stated."""
    total, stated = 0.0, 0
    for i in range(len(s.parties)):
        if i != j and w.odds[i, j] > 0.0:
            total += np.log(s.odds[i, j])
            stated += 1
    return 1.0 / (1.0 + np.exp(-total / stated)) if stated else 0.5


@inner
def base_courses(w, s, k, room):  # type: ignore[no-untyped-def]
    """The courses of the parties under schedule k, as it stands at the start of a play."""
    start = s.now[0].t  # phase 0, in a variable: for a constant all that is called would be compiled once more
    for i in range(len(s.parties)):
        last = course(w, s, i, s.entries[k], start, s.base[i], room)
        for row in range(s.base.shape[1]):
            for t in range(last + 1, s.base.shape[2]):
                s.base[i, row, t] = s.base[i, row, last]
