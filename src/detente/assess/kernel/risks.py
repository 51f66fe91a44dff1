"""1. Risks: what strikes from outside, and what befalls a step; and the types that parties are of."""

from __future__ import annotations

import numpy as np

from detente.assess.kernel.breach import release
from detente.assess.kernel.chance import FAILS, GOVERNMENT, LATE, SHOCK, TYPE, u
from detente.assess.kernel.course import fill_effects
from detente.assess.process import OPPORTUNIST, SINCERE, SPOILER
from detente.base.uncounted import inner

__all__ = ["befall", "drawn_type", "governments", "new_worth", "shocks", "triangular"]


@inner
def drawn_type(w, s, key, j, again):  # type: ignore[no-untyped-def]
    """The type of party j. again : 0 at the start, 1 + g after change of government g."""
    x, q = u(key, TYPE, j, again), s.parties[j].sincere
    if x < q:
        return SINCERE
    return OPPORTUNIST if x < q + (1.0 - q) * (1.0 - w.spoilers) else SPOILER


@inner(inline="always")
def governments(w, s):  # type: ignore[no-untyped-def]
    """Let every change of government that falls in this phase come, or not."""
    now = s.now[0]
    for g in range(len(w.governments)):
        if w.governments[g].at == now.t and u(now.key, GOVERNMENT, g, 0) < w.governments[g].chance:
            _takes_over(w, s, g)


@inner(inline="always")
def _takes_over(w, s, g):  # type: ignore[no-untyped-def]
    """Government g: its values, its stated trust, a type drawn anew. Levels follow the values of what is or was in force."""
    i = w.governments[g].party
    new, p = s.parties[i], s.now[0]
    new.changed = True
    for m in range(len(s.measures)):
        if not np.isnan(w.gov_v[g, m]):
            new_worth(w, s, i, m, w.gov_v[g, m])
    for j in range(len(s.parties)):
        if not np.isnan(w.gov_odds[g, j]):
            s.odds[i, j] = w.gov_odds[g, j]
    new.kind = drawn_type(w, s, p.key, i, 1 + g)
    if new.kind == SINCERE:
        release(s, i)
    p.dirty = True


@inner
def new_worth(w, s, i, m, v):  # type: ignore[no-untyped-def]
    """Measure m is worth v per phase to party i from now on."""
    x, p = s.measures[m], s.parties[i]
    step, cost = v - s.v[i, m], min(v, 0.0) - min(s.v[i, m], 0.0)
    s.v[i, m] += step
    fill_effects(w, s, i, m)
    if x.up:
        p.level += step
    elif x.was:
        p.level += x.irreversible * step
    elif x.works and s.actor[i, m]:
        p.level += cost


@inner(inline="always")
def shocks(w, s):  # type: ignore[no-untyped-def]
    """Let each shock strike with its chance: the others' odds in the party it comes from are multiplied by its ratio."""
    now = s.now[0]
    for n in range(len(w.shocks)):
        shock = w.shocks[n]
        if u(now.key, SHOCK, n, now.t) < shock.chance:
            j = shock.by
            now.struck, s.parties[j].shocked = True, True
            if now.t <= now.warning:
                shock.struck = True
            for i in range(len(s.parties)):
                if i != j:
                    s.odds[i, j] *= shock.ratio


@inner
def befall(w, key, m):  # type: ignore[no-untyped-def]
    """What the risks of performance do to step m: -1 it fails, else by how many phases it comes late (0: not at all)."""
    behind = 0
    whole = w.of[m].whole
    for n in range(w.of[m].risks, w.of[m].risks_end):
        q = w.risk[n]
        r = w.risks[q]
        if u(key, FAILS, q, whole) < r.fails:
            return -1
        if r.low >= 0.0:
            behind = max(behind, triangular(r.low, r.likely, r.high, u(key, LATE, q, whole)))
    return behind


@inner
def triangular(low, likely, high, x):  # type: ignore[no-untyped-def]
    """Whole phases: the triangular distribution over [low, likely, high] at quantile x, 0 .. 1, rounded."""
    if high <= low:
        return int(np.floor(likely + 0.5))
    turn = (likely - low) / (high - low)
    if x < turn:
        y = low + np.sqrt(x * (high - low) * (likely - low))
    else:
        y = high - np.sqrt((1.0 - x) * (high - low) * (high - likely))
    return int(np.floor(y + 0.5))
