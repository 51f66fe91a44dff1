"""Steps from a roadmap to better neighbours, in floating point. It proves nothing; the certificate does.

A neighbour moves one measure to another phase, or in or out; what it needs is drawn earlier with it, what needs it is put off
or leaves, what it excludes leaves. Or everything from some phase on is moved by one phase.

Let short be the sum by which rows (and gains below no deal) fall short of a margin, each times the load of its row, 1 at first.

1. Go through the measures and, if none of them gave a step, the phases. For each, take the best of its neighbours if that is
   better than here:
       short > 0    the one with the largest  weigh * worth - short
       short = 0    the one with the largest  worth  among those with short = 0
   The first mends a roadmap with little loss of worth, the second climbs.
2. Where nothing was better and rows fall short, multiply their loads by 1.5 and go on (the breakout method, Morris 1993).
3. End where nothing was better, or after so many times through.

    worth        nash: sum of log gain; sum, min: of the gains in the case's units; speed: what the schedule itself weighs. The
                 last three are divided by a constant, so that one `weigh` suits all.
"""

from __future__ import annotations

import math

import numpy as np

from detente.base.compiled import compiled
from detente.plan.tables.tables import Floats, Ints, Tables

__all__ = ["MIN", "NASH", "SPEED", "SUM", "walk"]

NASH, SUM, MIN, SPEED = range(4)
LOG_FLOOR = 1e-9  # what a gain that is not positive counts as under the logarithm
_LOAD = 1.5
MIN_GAIN = 1e-10  # less is no step


def walk(
    tables: Tables,
    entry: Ints,
    factor: float,
    kind: int,
    pace: Floats,
    weigh: float,
    margin: float,
    steps: int,
    bumps: int = 0,
    leaving: bool = False,
) -> tuple[Ints, float, float, int]:
    """Walk until no neighbour is better, or for so many times through the measures.

    Parameters
    ----------
    factor : of all odds. pace : of shape (M, T + 2), what a measure adds to the speed by its entry phase + 1.
    weigh : worth against shortfall, while rows are mended. margin : the slack that rows must have.
    bumps : how often step 2 may be taken. leaving : measures may only leave, and of all of them the best one does.

    Returns
    -------
    The entries, their worth, by how much rows fall short, and the steps taken.
    """
    t = tables
    unit = t.scale / t.scale.sum() if len(t.scale) else t.scale
    f = math.log(factor)
    entry, worth, short, taken = _walk(t, entry.copy(), f, kind, unit, pace, weigh, margin, steps, bumps, leaving)
    return entry, float(worth), float(short), int(taken)


@compiled
def _walk(a, entry, f, kind, unit, pace, weigh, margin, steps, most_bumps, leaving):  # type: ignore[no-untyped-def]
    """`walk`; a : the tables. entry : of shape (M,), changed in place. f : log of the factor of all odds. unit : of shape (P,),
    what a gain is multiplied by."""
    many, T = len(entry), a.phases
    total, trial = np.empty(a.fixed.shape), np.empty(a.fixed.shape)
    gains, near = np.empty(len(a.no_gain)), np.empty(len(a.no_gain))
    other, best = entry.copy(), entry.copy()
    pulled = np.zeros(many, dtype=np.bool_)
    moved = np.empty(many, dtype=np.int64)
    loads = np.ones((1 + a.kept + a.exposures, max(T + 1, len(gains))))
    even = loads.copy()
    tail = np.zeros((a.kept + a.exposures, T + 2))
    units = many if leaving else many + 2 * T
    bumps = taken = 0
    _totals(a, entry, f, total, gains)
    worth = _worth(kind, gains, unit, pace, entry)
    short = _short(a, total, gains, kind, margin, loads, tail)
    while taken < steps:
        taken += 1
        if taken > 1:  # differences have been added up: begin each time through with sums
            _totals(a, entry, f, total, gains)
            short = _short(a, total, gains, kind, margin, loads, tail)
        top, found, any_found = (weigh * worth - short if short > 0.0 else worth) + MIN_GAIN, False, False
        for n in range(units):
            if n >= many and any_found:
                continue
            if n < many:
                low, high = a.first[n], a.last[n] + 1 if a.first[n] <= a.last[n] else -1
                if leaving and high >= 0:
                    low = high
            else:
                low, high = 0, 0
            for s in range(low, high + 1):
                if n < many:
                    phase = s if s <= a.last[n] else T
                    if phase == entry[n] or not _moved(a, entry, n, phase, other, pulled):
                        continue
                elif not _shifted(a, entry, (n - many) // 2, 1 if (n - many) % 2 else -1, other):
                    continue
                _changed_gains(a, entry, other, gains, near)
                value = _worth(kind, near, unit, pace, other)
                limit = weigh * value - top if short > 0.0 else 0.0
                if limit < 0.0 or (short == 0.0 and value <= top):
                    continue
                left = _near(a, entry, other, moved, total, trial, near, kind, margin, limit, loads, tail)
                reached = weigh * value - left if short > 0.0 else value
                if left <= limit and reached > top:
                    top, found = reached, True
                    best[:] = other
            if found and (not leaving or n == units - 1):
                _changed_gains(a, entry, best, gains, near)
                gains[:] = near
                _take(a, entry, best, moved, total, trial)
                entry[:] = best
                worth = _worth(kind, gains, unit, pace, entry)
                short = _short(a, total, gains, kind, margin, loads, tail)
                top, found, any_found = (weigh * worth - short if short > 0.0 else worth) + MIN_GAIN, False, True
        if not any_found:
            if short == 0.0 or bumps >= most_bumps:
                break
            bumps += 1
            _load(a, total, gains, kind, margin, loads)
            short = _short(a, total, gains, kind, margin, loads, tail)
    return entry, worth, _short(a, total, gains, kind, margin, even, tail), taken


@compiled
def _totals(a, entry, f, total, gains):  # type: ignore[no-untyped-def]
    """What each series comes to in each phase and what each party gains, as sums: total, of shape (series, T + 1), of odds as
    products; gains, of shape (P,)."""
    T = a.phases
    total[:] = a.fixed
    gains[:] = a.no_gain
    for n in range(len(a.signal)):
        for t in range(T + 1):
            total[len(a.part) + n, t] = math.exp(f + a.fixed[len(a.part) + n, t])
    for m in range(len(entry)):
        if entry[m] >= T:
            continue
        for k in range(len(a.part)):
            _add(a.part, k, m, entry[m] + a.longest, T, 1.0, total)
        for n in range(len(a.signal)):
            if a.touches[len(a.part) + n, m]:
                _times(total, len(a.part) + n, entry[m] + a.lag[m], T + 1, a.signal[n, m])
        for p in range(len(gains)):
            gains[p] += a.gain[p, m, entry[m] + 1]


@compiled
def _changed_gains(a, entry, other, gains, near):  # type: ignore[no-untyped-def]
    """The gains of a neighbour into `near`, of shape (P,), from what differs."""
    near[:] = gains
    for m in range(len(entry)):
        if entry[m] != other[m]:
            for p in range(len(gains)):
                near[p] += a.gain[p, m, other[m] + 1] - a.gain[p, m, entry[m] + 1]


@compiled
def _worth(kind, gains, unit, pace, entry):  # type: ignore[no-untyped-def]
    """What a roadmap is worth, as `kind` says; unit : of shape (P,). pace : of shape (M, T + 2)."""
    if kind == SPEED:
        out = 0.0
        for m in range(len(entry)):
            out += pace[m, entry[m] + 1]
        return out
    out = np.inf if kind == MIN else 0.0
    for p in range(len(gains)):
        if kind == NASH:
            out += math.log(max(gains[p], LOG_FLOOR))
        elif kind == SUM:
            out += gains[p] * unit[p]
        else:
            out = min(out, gains[p] * unit[p])
    return out if out < np.inf else 0.0


# Below, arrays are passed one by one: handing over all tables costs more than a row.


@compiled
def _short(a, total, gains, kind, margin, loads, tail):  # type: ignore[no-untyped-def]
    """By how much rows fall short, each times its load; tail[k, t]: those of series k from phase t on."""
    T, kept, surplus_of, seen_of = a.phases, a.kept, a.surplus_of, a.seen_of
    out = _losses(gains, kind, margin, loads)
    for k in range(kept + a.exposures):
        tail[k, T + 1] = 0.0
        for t in range(T, -1, -1):
            slack = total[k, t]
            if k >= kept:
                slack = total[seen_of[k - kept], t] * total[surplus_of[k - kept], t] - slack
            tail[k, t] = tail[k, t + 1] + (loads[1 + k, t] * (margin - slack) if slack < margin else 0.0)
        out += tail[k, 0]
    return out


@compiled
def _near(a, entry, other, moved, total, trial, gains, kind, margin, limit, loads, tail):  # type: ignore[no-untyped-def]
    """The same for a neighbour, from what differs; once it exceeds the limit, no more is added."""
    T, kept, rows, parts, A = a.phases, a.kept, a.kept + a.exposures, len(a.part), a.longest
    part, touches, signal, lag, order = a.part, a.touches, a.signal, a.lag, a.order
    surplus_of, seen_of, parties = a.surplus_of, a.seen_of, a.parties
    count, until = _differing(entry, other, moved, T, A)
    out = _losses(gains, kind, margin, loads)
    for n in range(len(order)):
        k = order[n]
        touched = _touched(touches, moved, count, k)
        if touched or k >= rows or k < parties:  # others look at the last two
            _changed(part, touches, signal, lag, entry, other, moved, count, k, parts, T, A, until, total, trial)
        if k < kept:
            if touched:
                for t in range(until + 1):
                    if trial[k, t] < margin:
                        out += loads[1 + k, t] * (margin - trial[k, t])
                out += tail[k, until + 1]
            else:
                out += tail[k, 0]
        elif k < rows:
            own, seen = surplus_of[k - kept], seen_of[k - kept]
            if touched:
                for t in range(until + 1):
                    slack = trial[seen, t] * trial[own, t] - trial[k, t]
                    if slack < margin:
                        out += loads[1 + k, t] * (margin - slack)
                out += tail[k, until + 1]
            elif _touched(touches, moved, count, own) or _touched(touches, moved, count, seen):
                for t in range(until + 1):
                    slack = trial[seen, t] * trial[own, t] - total[k, t]
                    if slack < margin:
                        out += loads[1 + k, t] * (margin - slack)
                out += tail[k, until + 1]
            else:
                out += tail[k, 0]
        if out > limit:
            return out
    return out


@compiled
def _differing(entry, other, moved, T, A):  # type: ignore[no-untyped-def]
    """Which measures differ, how many, and the last phase in which that can show."""
    count, until = 0, 0
    for m in range(len(entry)):
        if entry[m] != other[m]:
            moved[count] = m
            count += 1
            # what entered longer ago than the longest lag counts alike, unless it never enters
            late = max(entry[m], other[m])
            until = max(until, T if late >= T else min(T, late + A))
    return count, until


@compiled
def _take(a, entry, best, moved, total, trial):  # type: ignore[no-untyped-def]
    """Make the totals those of a neighbour."""
    count, _ = _differing(entry, best, moved, a.phases, a.longest)
    for k in range(len(total)):
        if _touched(a.touches, moved, count, k):
            _changed(
                a.part, a.touches, a.signal, a.lag, entry, best, moved, count, k, len(a.part), a.phases, a.longest, a.phases,
                total, trial,
            )  # fmt: skip
            for t in range(a.phases + 1):
                total[k, t] = trial[k, t]


@compiled
def _touched(touches, moved, count, k):  # type: ignore[no-untyped-def]
    """Whether series k depends on any of the measures that moved, the first `count` of `moved`."""
    for n in range(count):  # noqa: SIM110
        if touches[k, moved[n]]:
            return True
    return False


@compiled
def _changed(  # type: ignore[no-untyped-def]
    part, touches, signal, lag, entry, other, moved, count, k, parts, T, A, until, total, trial
):  # fmt: skip
    """One series of a neighbour, phases 0 .. until; from there on it is as before."""
    for t in range(until + 1):
        trial[k, t] = total[k, t]
    for n in range(count):
        m = moved[n]
        if not touches[k, m]:
            continue
        if k >= parts:
            was = entry[m] + lag[m] if entry[m] < T else T + 1
            will = other[m] + lag[m] if other[m] < T else T + 1
            _times(trial, k, will, min(was, until + 1), signal[k - parts, m])
            _times(trial, k, was, min(will, until + 1), 1.0 / signal[k - parts, m])
            continue
        if entry[m] < T:
            _add(part, k, m, entry[m] + A, until, -1.0, trial)
        if other[m] < T:
            _add(part, k, m, other[m] + A, until, 1.0, trial)


@compiled
def _add(part, k, m, place, until, sign, out):  # type: ignore[no-untyped-def]
    """Add to series k what measure m brings, phases 0 .. until; `place` is that of phase 0 in its table."""
    first = min(place, until) + 1
    for t in range(first):
        out[k, t] += sign * part[k, m, place - t]
    for t in range(first, until + 1):
        out[k, t] += sign * part[k, m, 0]


@compiled
def _times(odds, k, start, stop, signal):  # type: ignore[no-untyped-def]
    """Multiply the odds of row k by a signal in the phases start .. stop - 1."""
    for t in range(start, min(stop, odds.shape[1])):
        odds[k, t] *= signal


@compiled
def _losses(gains, kind, margin, loads):  # type: ignore[no-untyped-def]
    """By how much gains, of shape (P,), fall short of the margin, each times its load; 0 where no deal is no bound."""
    out = 0.0
    if kind in (NASH, SPEED):
        for p in range(len(gains)):
            out += loads[0, p] * max(0.0, margin - gains[p])
    return out


@compiled
def _load(a, total, gains, kind, margin, loads):  # type: ignore[no-untyped-def]
    """Double the load of every row that falls short."""
    if kind in (NASH, SPEED):
        for p in range(len(gains)):
            if gains[p] < margin:
                loads[0, p] *= _LOAD
    for k in range(a.kept):
        for t in range(total.shape[1]):
            if total[k, t] < margin:
                loads[1 + k, t] *= _LOAD
    for n in range(a.exposures):
        k, own, seen = a.kept + n, a.surplus_of[n], a.seen_of[n]
        for t in range(total.shape[1]):
            if total[seen, t] * total[own, t] - total[k, t] < margin:
                loads[1 + k, t] *= _LOAD


@compiled
def _shifted(a, entry, phase, by, other):  # type: ignore[no-untyped-def]
    """Everything that enters from a phase on, moved by one phase; False where windows or prerequisites forbid it."""
    T, any_moved = a.phases, False
    other[:] = entry
    for m in range(len(entry)):
        if phase <= entry[m] < T:
            other[m] = entry[m] + by
            any_moved = True
            if not a.first[m] <= other[m] <= a.last[m]:
                return False
    if not any_moved:
        return False
    for m in range(len(entry)):
        if 0 <= other[m] < T:
            for q in range(a.needs_from[m], a.needs_from[m + 1]):
                if _ready(a, other, q) > other[m]:
                    return False
    return True


@compiled
def _ready(a, entry, q):  # type: ignore[no-untyped-def]
    """The phase from which on requirement q is met; a large number: never."""
    out = 1 << 30
    for n in range(a.any_from[q], a.any_from[q + 1]):
        if entry[a.any_of[n]] < a.phases:
            out = min(out, entry[a.any_of[n]] + a.after[q])
    return out


@compiled
def _moved(a, entry, n, phase, other, pulled):  # type: ignore[no-untyped-def]
    """Measure n moved to a phase, with all that follows from it; False where that cannot be."""
    T, many = a.phases, len(entry)
    other[:] = entry
    pulled[:] = False
    other[n], pulled[n] = phase, True
    if phase < T and not _exclude(a, n, other, pulled):
        return False
    changed, rounds = True, 0
    while changed:
        changed = False
        rounds += 1
        if rounds > 2 * many + 4:
            return False
        for m in range(many):
            for q in range(a.needs_from[m], a.needs_from[m + 1]):
                if not 0 <= other[m] < T:
                    break
                ready = _ready(a, other, q)
                if ready <= other[m]:
                    continue
                changed = True
                if not pulled[m]:
                    other[m] = ready if ready <= a.last[m] else T
                    continue
                need, want = -1, other[m] - a.after[q]
                for x in range(a.any_from[q], a.any_from[q + 1]):
                    k = a.any_of[x]
                    if (
                        not pulled[k]
                        and a.first[k] <= want
                        and a.first[k] <= a.last[k]
                        and (need < 0 or other[k] < other[need])
                    ):
                        need = k
                if need < 0:
                    return False
                other[need], pulled[need] = min(want, a.last[need]), True
                if not _exclude(a, need, other, pulled):
                    return False
    return True


@compiled
def _exclude(a, n, other, pulled):  # type: ignore[no-untyped-def]
    """Take out what measure n excludes; False where that must stay."""
    for x in range(a.out_from[n], a.out_from[n + 1]):
        k = a.out_of[x]
        if other[k] < a.phases:
            if pulled[k] or other[k] < 0:
                return False
            other[k] = a.phases
    return True
