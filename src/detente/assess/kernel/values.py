"""Values drawn once a play, the same for every strategy: a draw of all that is uncertain in the place of the likely values.

What parties do alone, and who has something to do for whom, is told at the likely values, as in `plan.tables.worth`.
"""

from __future__ import annotations

import numpy as np

from detente.assess.kernel.breach import left_to
from detente.assess.kernel.course import course, fill_effects
from detente.base.uncounted import kernel
from detente.plan.tables.layout import sliced

__all__ = ["base_courses", "take_up"]

_sliced = kernel(sliced)


@kernel(inline="always")
def take_up(w, s, draw):  # type: ignore[no-untyped-def]
    """Set a play that has just begun to the values of a draw, of shape (Q,), the columns of which `w.columns` names."""
    c, P = w.columns, len(s.parties)
    for n in range(len(c.government)):
        s.gov_chance[n] = _drawn(w.gov_chance[n], c.government[n], draw)
    for n in range(len(c.shock)):
        s.shock_chance[n] = _drawn(w.shock_chance[n], c.shock[n], draw)
    for n in range(len(c.fails)):
        s.fails[n] = _drawn(w.fails[n], c.fails[n], draw)
    for k in range(len(s.consent)):
        s.consent[k] = _drawn(w.causes.consent[k], w.causes.consent_column[k], draw)
    for a in range(len(s.answer_chance)):
        s.answer_chance[a] = _drawn(w.causes.answer_chance[a], w.causes.answer_column[a], draw)
    for m in range(len(s.measures)):
        _measure(w, s, m, draw)
    for i in range(P):
        p = s.parties[i]
        p.discount = _drawn(w.discount[i], c.discount[i], draw)
        s.opposed[i] = _drawn(w.causes.opposed[i], w.causes.opposed_column[i], draw)
        s.undoes[i] = _drawn(w.causes.undoes[i], w.causes.undoes_column[i], draw)
        p.breakdown = _drawn(w.breakdown[i], c.breakdown[i], draw)
        drift = _drawn(w.stalemate[i], c.stalemate[i], draw) / (1.0 - p.discount)
        p.after, p.level, p.longest, worth = drift - p.breakdown, 0.0, 0, 0.0
        for m in range(len(s.measures)):
            x = s.measures[m]
            if c.value[i, m] >= 0:
                s.v[i, m] = draw[c.value[i, m]] * c.share[m]
            s.v_then[i, m] = s.v[i, m]
            s.k[i, m] = draw[c.once[i, m]] * c.share[m] if c.once[i, m] >= 0 else w.k[i, m]
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
            if c.trust[i, j] >= 0:
                s.odds[i, j] = draw[c.trust[i, j]] / (1.0 - draw[c.trust[i, j]])
        p.no_deal = left_to(w, s, i) + drift
    for j in range(P):
        s.parties[j].sincere = _pooled(w, s, j)


@kernel(inline="always")
def _drawn(likely, column, draw):  # type: ignore[no-untyped-def]
    return draw[column] if column >= 0 else likely


@kernel(inline="always")
def _measure(w, s, m, draw):  # type: ignore[no-untyped-def]
    """The share, the lag and the signal of a measure, and by what a miss of it multiplies the odds."""
    c, x = w.columns, s.measures[m]
    x.irreversible = _drawn(w.irreversible[m], c.irreversible[m], draw)
    if c.lag[m] >= 0:
        x.lag = int(draw[c.lag[m]])
    if c.signal[m] >= 0:
        x.signal = draw[c.signal[m]]
        if c.share[m] < 1.0:
            x.signal = _sliced(x.signal, c.share[m])
    held = 1.0
    for n in range(w.risk_at[m], w.risk_at[m + 1]):
        held *= 1.0 - s.fails[w.risk[n]]
    if held < 1.0 and x.signal > 1.0:
        x.miss = (1.0 - held) / (1.0 - held / x.signal)


@kernel(inline="always")
def _pooled(w, s, j):  # type: ignore[no-untyped-def]
    """The chance that party j is sincere: the others' mean log odds in it, as a probability; 1/2 where none are stated."""
    total, stated = 0.0, 0
    for i in range(len(s.parties)):
        if i != j and w.odds[i, j] > 0.0:
            total += np.log(s.odds[i, j])
            stated += 1
    return 1.0 / (1.0 + np.exp(-total / stated)) if stated else 0.5


@kernel(inline="always")
def base_courses(w, script, s, room):  # type: ignore[no-untyped-def]
    """The courses of the parties under the schedule of the script, as it stands at the start of a play."""
    for i in range(len(s.parties)):
        last = course(w, s, i, script.entry, 0, s.base[i], room)
        for row in range(s.base.shape[1]):
            for t in range(last + 1, s.base.shape[2]):
                s.base[i, row, t] = s.base[i, row, last]
