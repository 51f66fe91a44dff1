"""Where a party stands at each phase of a public schedule: V, the best D, W, and the largest E toward each other party that has
something to do then that matters to it.

The sums of `plan.tables.worth`, from a phase on, up to the phase in which the last step enters, after which nothing changes.
Where a row binds, rounding must not decide: a shortfall below 1e-9 of the party's scale, the sum of its |v| + |k| held for ever
plus B and the drift, is none.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from detente.assess.layout import Floats, Ints, World
from detente.assess.process import NEVER
from detente.base.uncounted import inner, kernel
from detente.plan.tables.duties import spans
from detente.plan.tables.worth import (
    Figures,
    Starters,
    add_alone,
    add_up,
    add_work,
    constants,
    effect_at,
    effects_of,
    worth,
    worth_begun,
)

__all__ = ["Room", "course", "fill_effects", "gives", "room_for", "work_before"]


class Room(NamedTuple):
    """Working space for `add_up`: S slots and C figures, of the party at hand. fixed : (C,). before : (S, C + 1). figures :
    (S, C).  none : (0,). row : (C,). entry, early : (M,), see `course`."""

    row: Floats
    fixed: Floats
    before: Floats
    figures: Floats
    none: Ints
    entry: Ints
    early: Ints


def room_for(world: World) -> Room:
    """Room for any course of a world."""
    slots, count = world.phases + 1, world.size
    ints = (np.zeros(n, dtype=np.int64) for n in (0, world.measures, world.measures))
    return Room(np.empty(count), np.empty(count), np.empty((slots, count + 1)), np.empty((slots, count)), *ints)


@inner(inline="always")
def work_before(x, e, t):  # type: ignore[no-untyped-def]
    """Of measure x, due in e, for how many phases it is at work before: since the work began, or will as things stand in t."""
    return e - np.int64(x.begun) if x.begun >= 0 else min(np.int64(x.lead), max(0, e - t))


@inner
def course(w, s, i, e, start, out, room):  # type: ignore[no-untyped-def]
    """Fill `out` from phase `start` on; return the last phase K, start .. T, that differs from those after it.

    w : `Given`. s : the `State`, for what all is worth in this play. e : (M,), the public schedule. out : (4 + P, T + 1),
    rows V, D, W, the L of the best D, and E by other party; D is -inf without own measures, E -inf toward those from whom
    nothing is due. room : `Room`.
    """
    K, T, p = start, w.phases, s.parties[i]
    for m in range(len(e)):
        if e[m] <= w.not_after[m]:
            K = max(K, e[m] + 1)
        elif w.of[m].ready >= 0:  # it could begin alone from `ready` to `last`
            K = max(K, w.of[m].ready, min(w.of[m].last + 1, T) if w.of[m].last < NEVER else 0)
    n, longest, d = w.who[i].exposures, w.who[i].longest, p.discount
    figures = Figures(longest, longest, w.toward[i, :n], w.length[i, :n], room.none, room.none)
    fixed = room.fixed[: 1 + longest + n]
    constants(p.after, d, figures, fixed)
    at_once = 0 if w.drawn else w.at_once
    starters = Starters(w.place[:at_once], w.begun[i])
    value = out[0, start : K + 1]
    entry = e
    if w.works:
        _set_apart(w, s, i, e, room)
        entry = room.entry
    add_up(s.v[i], s.k[i], s.effects[i], starters, entry, w.not_after, d, start, fixed, room.before, value, room.figures)
    if w.works:
        add_work(s.v[i], s.k[i], room.early, entry, w.not_after, d, start, value)
        _add_apart(w, s, i, e, start, figures, room, value)
    for z in range(at_once, len(w.place)):
        m = w.place[z]
        x, enters = s.measures[m], e[m] if e[m] <= w.not_after[m] else T
        G = worth_begun(s.v[i, m], s.k[i, m], x.lead if s.actor[i, m] else 0, d)
        add_alone(
            w.begins[z], x.lag, s.actor[i, m], s.actor, m, d, figures, G, enters, T, start, room.figures[: K + 1 - start],
            work_before(x, enters, s.now[0].t),
        )  # fmt: skip
    for t in range(start, K + 1):
        x = room.figures[t - start]
        out[1, t], out[2, t], out[3, t] = -np.inf, x[0], 0.0
        for length in range(1, p.longest + 1):  # of two equally good ones the one that is found out earlier
            if length == 1 or x[length] > out[1, t] + 1e-12 * abs(out[1, t]):
                out[1, t], out[3, t] = x[length], length
        for j in range(len(s.parties)):
            out[4 + j, t] = -np.inf
    for c in range(n):
        j, until, since = 4 + w.toward[i, c], 0, T + 1
        for m in range(len(e)):
            x = s.measures[m]
            if w.due[i, c, m] and x.lag == w.length[i, c]:
                enters, last = e[m] if e[m] <= w.not_after[m] else T, min(w.of[m].last - x.lead, T)
                due = spans(w.due[i, c, m], enters, w.of[m].ready, last, T, work_before(x, enters, s.now[0].t))
                until, since = max(until, due[0]), min(since, due[1])
        for t in range(start, K + 1):
            if t < until or t >= since:
                out[j, t] = max(out[j, t], room.figures[t - start, 1 + longest + c])
    return K


@kernel
def gives(w, measures, i, e, t):  # type: ignore[no-untyped-def]
    """Whether a schedule gives party i something to do in any phase, as things stand in t. measures : those of the `State`."""
    for m in range(len(e)):
        if w.giving[i, m]:
            x, enters = measures[m], e[m] if e[m] <= w.not_after[m] else w.phases
            last = min(w.of[m].last - x.lead, w.phases)
            due = spans(w.giving[i, m], enters, w.of[m].ready, last, w.phases, work_before(x, enters, t))
            if due[0] > 0 or due[1] <= w.phases:
                return True
    return False


@inner
def fill_effects(w, s, i, m):  # type: ignore[no-untyped-def]
    """The effects of measure m on party i, of what it is worth to it now and of the measure as it is in this play."""
    n, x, p = w.who[i].exposures, s.measures[m], s.parties[i]
    none = w.toward[i, :0]
    figures = Figures(w.who[i].longest, w.who[i].longest, w.toward[i, :n], w.length[i, :n], none, none)
    effects_of(
        s.v[i, m], s.k[i, m], x.irreversible, np.int64(x.lag), s.actor[i, m], w.of[m].kept, w.of[m].ready >= 0, s.actor, m,
        p.discount, figures, s.effects[i, m], np.int64(x.lead),
    )  # fmt: skip


@inner
def _set_apart(w, s, i, e, room):  # type: ignore[no-untyped-def]
    """Into `room.entry` a schedule without what is not at work for as long as the effects of party i have it; into `early` for
    how many phases the party bears the rest before it enters."""
    for m in range(len(e)):
        x = s.measures[m]
        apart = not x.public and e[m] <= w.not_after[m] and work_before(x, e[m], s.now[0].t) != x.lead
        room.entry[m] = NEVER if apart else e[m]
        room.early[m] = x.lead if s.actor[i, m] else 0


@inner
def _add_apart(w, s, i, e, start, figures, room, value):  # type: ignore[no-untyped-def]
    """Add to V and the figures of party i what has been set apart."""
    d = s.parties[i].discount
    for m in range(len(e)):
        if room.entry[m] == e[m]:
            continue
        x, o, v, k, own = s.measures[m], w.of[m], s.v[i, m], s.k[i, m], s.actor[i, m]
        takes = work_before(x, e[m], s.now[0].t)
        for at in range(len(value)):
            wait = max(e[m] - start - at, -1)
            effect_at(
                v, k, x.irreversible, np.int64(x.lag), own, o.kept, o.ready >= 0, s.actor, m, d, figures, wait, takes, room.row
            )  # fmt: skip
            for c in range(1 + figures.deviations + len(figures.toward)):
                room.figures[at, c] += room.row[c]
            value[at] += worth(v, k, v / (1.0 - d), d, wait, max(wait, 0) + 1, takes if own else 0)
