"""What one measure adds to each side of each row, by how long before or after the row's phase it enters.

Every quantity of the model is a sum over measures. What measure m adds at phase t depends on t and on its entry phase e only
through the wait w = e - t, and for w < 0 ("in force before") not at all, except for the signals, which are seen `lag` phases
after entry, and for acts that are taken alone (below). With worth(w, s) what a measure is worth that runs in phases t .. t+s-1
and is then worth c per phase for ever, `left` the c of a break-off (module `case.alone`), G = k + v / (1-d):

    worth(w, s) = d^max(w,0) (k [w >= 0] + v (1 - d^(s - max(w,0))) / (1-d)) + d^s c / (1-d)   for w < s,   0 otherwise

    V         d^max(w,0) (k [w >= 0] + v / (1-d))
    W         left / (1-d) for w < 0
    run(n)    worth(w, n) with c = left
    own(h,n)  the best that its actor makes of it, free from t+h on, if all is over at t+n.
              kept: worth(w, n), or 0 where that is better and it need not begin, h <= w < n.
              Others: the largest of worth(w, s) with c = r v, s = h .. n. It is monotone in s from the entry on, so that only
              s = h, s = n and, if it is due in between, not to begin at all and to end after one phase can be best.
    D[L]      run(L) of the others', own(max(0, L - lag), L) of i's own
    E[j,M]    W - run(M) of all but j's
    U[j,M,L]  Y - X, what cheating adds while j stops, n = min(L, M): own(min(max(0, L - lag), n), n) - run(M) of i's own,
              run(n) - run(M) of all others but j's
    odds      signal for w <= -lag (not for a measure in force from the start)

An act that is taken alone begins, if all breaks off before it has entered, in u(t) = max(t, ready), as long as it can: that
adds G times a number that depends on t and w, but on no value:

    W         d^(u(t) - t)                                           for w >= 0
    run(n)    d^(u(t+n) - t)                                         for w >= n
    own(h,n)  d^min(w [w < n], u(t+h) - t) - d^w [w < n]             for w >= h

A measure that takes a phases starts at the wait w - a. To its actor v < 0 counts from the start on and k < 0 at the start, in
every worth(w, s), those with s <= w, too, of which nothing else is left. An act that is taken alone goes on once it has
started: s is w + 1 at least where w - a < s, and it begins alone only where w - a >= s; to its actor G has k d^-a, v d^-a in
the place of k < 0, v < 0. Who passes no `takes` has a = 0.

To these come, whatever the schedule, W: after, D[L]: d^L after, E: (1 - d^M) after, U: (d^n - d^M) after, with `after` the
drift of the stand-off less B.

But for V all this is the same from w = the longest L or M on, plus a, so that it fits into a table of a few waits: the one
compiled form of the model, in which draws, plays, walks and contingencies are reckoned. It shares no code with the certificate
or the programme. Rows of coalitions are no sums over measures; they are left to the certificate.

Draws. Whether a measure is kept, which acts are taken alone and when, and who has to do what for whom is told at the likely
values. In a draw in which the worth of a party's own act changes its sign, that party is judged as if it still did with it what
it does at the likely values; what it would make of a measure that is not kept is decided in every draw anew. Where lags are
drawn there are figures for every lag that can come up, and a draw has the rows of its own lags.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.base.uncounted import kernel
from detente.case.alone import alone
from detente.case.instance import Instance

__all__ = [
    "Figures",
    "Starters",
    "add_alone",
    "add_up",
    "add_work",
    "begins_of",
    "begun_alone",
    "begun_worth",
    "constants",
    "effect_at",
    "effects_of",
    "figures_of",
    "fill",
    "phases_kept",
    "starters_of",
    "worth",
    "worth_begun",
]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


NEVER = 1 << 40  # a wait


class Figures(NamedTuple):
    """Which figures a party's rows are made of: W, D[1] .. D[deviations], then E by other party and M, then U; C of them.

    longest : the longest lag of the party's own measures, 0 where it has none; further D are looked at under doubt alone.
    toward, length : of shape (X,), by exposure the other party, as the caller counts them, and M. doubted, found : by U, to
    which exposure it belongs, and L. depth : the longest of all these lags.
    """

    longest: int
    deviations: int
    toward: Ints
    length: Ints
    doubted: Ints
    found: Ints

    @property
    def size(self) -> int:
        return 1 + self.deviations + len(self.toward) + len(self.found)

    @property
    def depth(self) -> int:
        return max([self.deviations, *map(int, self.length)])


class Starters(NamedTuple):
    """The Z measures that their actors take alone: their places, and what G is multiplied by, (Z, T + 1, A + 1, C), by phase t,
    wait 0 .. A (A: or later, or never) and figure."""

    place: Ints
    begun: Floats


def figures_of(
    instance: Instance, party: str, place: Mapping[str, int], lags: Mapping[str, Sequence[int]] | None = None
) -> Figures:
    """The figures of a party; `place` numbers the other parties that can act. lags : by party, where they can be others."""
    lags = {j: instance.lags(j) for j in (party, *place)} if lags is None else lags
    longest = max(lags[party], default=0)
    pairs = [(n, lag) for j, n in place.items() if j != party for lag in lags[j]]
    doubts = [(x, n) for x, (_, lag) in enumerate(pairs) for n in range(1, longest + lag) if longest]
    toward, length = (np.ascontiguousarray(c) for c in np.array(pairs, dtype=np.int64).reshape(-1, 2).T)
    doubted, found = (np.ascontiguousarray(c) for c in np.array(doubts, dtype=np.int64).reshape(-1, 2).T)
    return Figures(longest, max([longest, *map(int, found)]), toward, length, doubted, found)


def starters_of(instance: Instance, party: str, figures: Figures, theirs: NDArray[np.bool_], work: int = 0) -> Starters:
    """What acts taken alone add to a party's figures. theirs : of shape (others, M), who acts, numbered as in `figures`. work :
    for how many waits more, the longest that any of them takes."""
    d, begins = float(instance.party[party].discount), begins_of(instance, figures.depth)
    place = np.array([n for n, ready in enumerate(alone(instance).ready) if ready is not None], dtype=np.int64)
    out = np.zeros((len(place), instance.phases + 1, figures.depth + work + 1, figures.size))
    for z, n in enumerate(place):
        m = instance.measures[n]
        begun_alone(begins[z], m.lag, party in m.actors, theirs, n, d, figures, out[z], m.takes)
    return Starters(place, out)


def begins_of(instance: Instance, depth: int) -> Ints:
    """When each act that is taken alone begins if all breaks off, of shape (Z, T + depth + 1), by phase; -1: never."""
    world, phases = alone(instance), range(instance.phases + depth + 1)
    found = [[world.begun(n, t) for t in phases] for n, ready in enumerate(world.ready) if ready is not None]
    begins = [[-1 if u is None else u for u in by_phase] for by_phase in found]
    return np.array(begins, dtype=np.int64).reshape(len(begins), len(phases))


def begun_worth(v: Any, k: Any, early: Any, d: Any) -> Any:
    """G of acts taken alone. early : how long before its entry the party bears what an act costs it."""
    return np.where(k < 0, k / d**early, k) + np.where(v < 0, v / d**early, v) / (1 - d)


@kernel
def worth_begun(v, k, early, d):  # type: ignore[no-untyped-def]
    """`begun_worth` of one act."""
    return (k / d**early if k < 0.0 else k) + (v / d**early if v < 0.0 else v) / (1.0 - d)


@kernel
def worth(v, k, left, d, w, s, early=0):  # type: ignore[no-untyped-def]
    """What a measure of wait w is worth that runs for s phases and is then worth `left`; in the party's units. early : for how
    many phases before its entry the party bears what it costs."""
    x = 0.0
    if w < s:
        x = left
        for _ in range(s - max(w, 0)):
            x = v + d * x
        if w >= 0:
            if early == 0 or k > 0.0:
                x += k
            for _ in range(w):
                x *= d
    if early > 0 and w >= 0:
        for u in range(max(w - early, 0), min(w, s) if v < 0.0 else 0):
            x += d**u * v
        if k < 0.0 and 0 <= w - early < s:
            x += d ** (w - early) * k
    return x


@kernel
def phases_kept(v, k, left, kept, d, w, h, n, early=0):  # type: ignore[no-untyped-def]
    """For how many phases from now on a party keeps up a measure of its own, of wait w, that it does not take alone, if it is
    free from phase h on and all is over in n; n: it does not withhold it. left : for ever, of what is broken off. kept : it
    keeps it up for its own sake. early : as for `worth`."""
    if not kept and (v < 0.0 or (v == 0.0 and k <= 0.0)):
        pays = h <= w < n and k > 0.0 and worth(v, k, left, d, w, w + 1, early) > worth(v, k, left, d, w, h, early)
        return w + 1 if pays else h
    spares = h <= w and (k < 0.0 or v < 0.0) and worth(v, k, left, d, w, n, early) < worth(v, k, left, d, w, h, early)
    return h if spares else n


@kernel
def _run(v, k, left, starter, d, w, n, early, takes):  # type: ignore[no-untyped-def]
    """run(n), as if nothing began alone. early : `takes`, for who acts, else 0."""
    return worth(v, k, left, d, w, w + 1 if starter and w - takes < n <= w else n, early)


@kernel
def _own(v, k, left, kept, starter, d, w, h, n, takes):  # type: ignore[no-untyped-def]
    """own(h, n), as if nothing began alone."""
    if starter:
        return _run(v, k, left, starter, d, w, n, takes, takes)
    return worth(v, k, left, d, w, phases_kept(v, k, left, kept, d, w, h, n, takes), takes)


@kernel
def effects_of(v, k, r, lag, own, kept, starter, theirs, m, d, figures, out, takes=0):  # type: ignore[no-untyped-def]
    """Fill `out`, of shape (A + 1, C), with what a measure adds to each figure at the waits -1 (any before) .. A - 1, as if
    nothing began alone. From A on it has to be as at A - 1: A is at least the depth of the figures plus `takes`.

    v, k : its worth to the party per phase and once. kept : by its actor. starter : its actor takes it alone. theirs : of
    shape (others, M), who acts; m : its place there. figures : see `Figures`.
    """
    for row in range(out.shape[0]):
        effect_at(v, k, r, lag, own, kept, starter, theirs, m, d, figures, row - 1, takes, out[row])


@kernel
def effect_at(v, k, r, lag, own, kept, starter, theirs, m, d, figures, w, takes, out):  # type: ignore[no-untyped-def]
    """The same at one wait w; out : of shape (C,)."""
    left, early = v / (1.0 - d) if kept else r * v / (1.0 - d), takes if own else 0
    exposures, doubts = 1 + figures.deviations, 1 + figures.deviations + len(figures.toward)
    out[0] = _run(v, k, left, starter, d, w, 0, early, takes)
    for n in range(1, figures.deviations + 1):
        if own:
            out[n] = _own(v, k, left, kept, starter, d, w, max(0, n - lag), n, takes)
        else:
            out[n] = _run(v, k, left, starter, d, w, n, early, takes)
    for x in range(len(figures.toward)):
        known = figures.length[x]
        if theirs[figures.toward[x], m]:
            out[exposures + x] = 0.0
        elif not own and known <= figures.deviations:  # worked out above
            out[exposures + x] = out[0] - out[known]
        else:
            out[exposures + x] = out[0] - _run(v, k, left, starter, d, w, known, early, takes)
    for y in range(len(figures.found)):
        x, found = figures.doubted[y], figures.found[y]
        known, n = figures.length[x], min(found, figures.length[x])
        if theirs[figures.toward[x], m]:
            out[doubts + y] = 0.0
            continue
        going_on = _run(v, k, left, starter, d, w, known, early, takes)
        if own:
            out[doubts + y] = _own(v, k, left, kept, starter, d, w, min(max(0, found - lag), n), n, takes) - going_on
        else:
            out[doubts + y] = _run(v, k, left, starter, d, w, n, early, takes) - going_on


def fill(
    v: Floats, k: Floats, r: Floats, lag: Ints, own: Any, kept: Any, starter: Any, theirs: Any, d: float, figures: Figures,
    out: Floats, takes: Ints | None = None,
) -> None:  # fmt: skip
    """Fill `out`, of shape (M, A + 1, C), with the effects of M measures; every argument of a measure is of shape (M,)."""
    _fill(v, k, r, lag, own, kept, starter, theirs, d, figures, out, np.zeros(len(v), np.int64) if takes is None else takes)


@kernel
def _fill(v, k, r, lag, own, kept, starter, theirs, d, figures, out, takes):  # type: ignore[no-untyped-def]
    for m in range(len(v)):
        effects_of(v[m], k[m], r[m], lag[m], own[m], kept[m], starter[m], theirs, m, d, figures, out[m], takes[m])


@kernel
def _ahead(begins, t, n, d):  # type: ignore[no-untyped-def]
    """d^(u - t) of what begins alone from phase t + n on; 0: nothing does."""
    u = begins[t + n]
    return d ** (u - t) if u >= 0 else 0.0


@kernel
def _run_alone(begins, t, s, n, d):  # type: ignore[no-untyped-def]
    """What beginning alone adds to run(n), of an act that starts after s phases."""
    return _ahead(begins, t, n, d) if s >= n else 0.0


@kernel
def _own_alone(begins, t, w, s, h, n, d):  # type: ignore[no-untyped-def]
    """The same for own(h, n), of an act that enters after w phases."""
    if s < h:
        return 0.0
    scheduled = d**w if s < n else 0.0
    return max(scheduled, _ahead(begins, t, h, d)) - scheduled


@kernel
def _alone_at(begins, t, w, lag, own, theirs, m, d, figures, G, out, takes):  # type: ignore[no-untyped-def]
    """Add to `out`, of shape (C,), G times what one act of wait w adds by beginning alone. begins :
    by phase, see `begins_of`."""
    exposures, doubts = 1 + figures.deviations, 1 + figures.deviations + len(figures.toward)
    s = w - takes
    without = _run_alone(begins, t, s, 0, d)
    out[0] += G * without
    for n in range(1, figures.deviations + 1):
        if own:
            out[n] += G * _own_alone(begins, t, w, s, max(0, n - lag), n, d)
        else:
            out[n] += G * _run_alone(begins, t, s, n, d)
    for x in range(len(figures.toward)):
        if not theirs[figures.toward[x], m]:
            out[exposures + x] += G * (without - _run_alone(begins, t, s, figures.length[x], d))
    for y in range(len(figures.found)):
        x, found = figures.doubted[y], figures.found[y]
        if theirs[figures.toward[x], m]:
            continue
        n, known = min(found, figures.length[x]), _run_alone(begins, t, s, figures.length[x], d)
        if own:
            out[doubts + y] += G * (_own_alone(begins, t, w, s, min(max(0, found - lag), n), n, d) - known)
        else:
            out[doubts + y] += G * (_run_alone(begins, t, s, n, d) - known)


@kernel
def begun_alone(begins, lag, own, theirs, m, d, figures, out, takes=0):  # type: ignore[no-untyped-def]
    """Fill `out`, of shape (T + 1, A + 1, C), for one act. begins : by phase, when it begins alone from then on; -1: never."""
    for t in range(out.shape[0]):
        for w in range(out.shape[1]):
            for c in range(out.shape[2]):
                out[t, w, c] = 0.0
            _alone_at(begins, t, w, lag, own, theirs, m, d, figures, 1.0, out[t, w], takes)


@kernel
def add_alone(begins, lag, own, theirs, m, d, figures, G, entry, T, start, out, takes=0):  # type: ignore[no-untyped-def]
    """Add to `out`, of shape (S, C), from phase `start` on, what one act that enters in phase `entry` adds in a draw of its
    own lag or of d, or where its actor pays for it before. begins : by phase, 0 .. T + A."""
    for t in range(start, min(entry + 1, start + len(out))):
        _alone_at(begins, t, entry - t if entry < T else NEVER, lag, own, theirs, m, d, figures, G, out[t - start], takes)


@kernel
def constants(after, d, figures, out):  # type: ignore[no-untyped-def]
    """Fill `out`, of shape (C,), with what the drift of the stand-off less the breakdown loss, `after`, adds to each figure."""
    out[0] = after
    later = after
    for length in range(1, figures.deviations + 1):
        later *= d
        out[length] = later
    exposures = 1 + figures.deviations
    for x in range(len(figures.toward)):
        out[exposures + x] = after - d ** figures.length[x] * after
    for y in range(len(figures.found)):
        known = figures.length[figures.doubted[y]]
        out[exposures + len(figures.toward) + y] = (d ** min(figures.found[y], known) - d**known) * after


@kernel
def add_up(v, k, effects, starters, entry, last, d, start, fixed, before, value, figures):  # type: ignore[no-untyped-def]
    """Sum the effects of a schedule over its measures; slot s stands for phase start + s, and for all later ones if it is the
    last and nothing enters then, nor could begin alone for the first or the last time.

    effects : (M, A + 1, C), as `effects_of` makes them. starters : see `Starters`. entry : (M,), counted up to `last`, (M,).
    fixed : (C,), of `constants`. before : (S, C + 1), room. value : (S,), filled with V. figures : (S, C), filled with W, D, E,
    U.
    """
    slots, C, depth = len(value), len(fixed), effects.shape[1] - 1
    for s in range(slots):
        value[s] = before[s, C] = 0.0
        for c in range(C):
            before[s, c] = 0.0
            figures[s, c] = fixed[c]
    for m in range(len(entry)):
        if entry[m] > last[m] or (v[m] == 0.0 and k[m] == 0.0):
            continue
        s, held = entry[m] - start, v[m] / (1.0 - d)
        if s >= 0:
            value[s] += k[m] + held
            for w in range(min(depth, s + 1)):
                for c in range(C):
                    figures[s - w, c] += effects[m, w + 1, c]
        at = max(s + 1, 0)
        before[at, C] += held
        for c in range(C):
            before[at, c] += effects[m, 0, c]
    for s in range(slots - 2, -1, -1):
        value[s] += d * value[s + 1]
    for s in range(slots):
        if s:
            for c in range(C + 1):
                before[s, c] += before[s - 1, c]
        value[s] += before[s, C]
        for c in range(C):
            figures[s, c] += before[s, c]
    for z in range(len(starters.place)):
        m = starters.place[z]
        G, most = k[m] + v[m] / (1.0 - d), starters.begun.shape[2] - 1
        for s in range(slots):
            w = min(entry[m] - start - s, most) if entry[m] <= last[m] else most
            if w >= 0 and G != 0.0:
                for c in range(C):
                    figures[s, c] += G * starters.begun[z, start + s, w, c]


@kernel
def add_work(v, k, early, entry, last, d, start, value):  # type: ignore[no-untyped-def]
    """Add to V of `add_up` what measures cost a party before they enter. early : (M,), for how many phases; 0: it does not act
    in them, or they take no time."""
    for m in range(len(entry)):
        if early[m] == 0 or not 0 <= entry[m] <= last[m] or not (v[m] < 0.0 or k[m] < 0.0):
            continue
        begins, held, once = entry[m] - early[m] - start, min(v[m], 0.0) / (1.0 - d), min(k[m], 0.0)
        for s in range(min(len(value), entry[m] - start + 1)):
            sooner = d ** (begins - s) * (held + once) if s <= begins else held
            value[s] += sooner - d ** (entry[m] - start - s) * (held + once)
