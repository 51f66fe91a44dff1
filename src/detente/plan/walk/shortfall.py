"""What a schedule is worth to a walk and by how much its rows fall short, kept up from neighbour to neighbour; compiled.

Sums are kept by series and phase (module `tables`), and a neighbour is told from the sums by what differs: few measures move,
and most of them touch few series.
"""

from __future__ import annotations

import math

import numpy as np

from detente.base.compiled import compiled
from detente.plan.tables.duties import asks, count_in

__all__ = [
    "LOG_FLOOR",
    "MIN",
    "MIN_GAIN",
    "NASH",
    "SPEED",
    "SUM",
    "changed_gains",
    "loses",
    "near_shortfall",
    "raise_loads",
    "shortfall",
    "somebody_gains",
    "take_step",
    "totals",
    "worth_of",
]

NASH, SUM, MIN, SPEED = range(4)
LOG_FLOOR = 1e-9  # of a party's largest value: what a gain that is not positive counts as under the logarithm
MIN_GAIN = 1e-10  # less is no step
_LOAD = 1.5


@compiled
def is_a_process(a, entry):  # type: ignore[no-untyped-def]
    """As `tables.duties.is_process`."""
    if a.acts.under_way:
        return True
    for m in range(len(entry)):  # noqa: SIM110
        if 0 <= entry[m] < a.phases and a.acts.ready[m] < 0:
            return True
    return False


@compiled
def somebody_gains(a, entry, gains):  # type: ignore[no-untyped-def]
    """Whether somebody gains by a process, with the drift and without."""
    if not is_a_process(a, entry):
        return False
    for p in range(len(gains)):  # noqa: SIM110
        if min(gains[p], gains[p] + a.drift[p]) > MIN_GAIN:
            return True
    return False


@compiled
def totals(a, entry, f, total, gains, asked):  # type: ignore[no-untyped-def]
    """What each series comes to in each phase and what each party gains, as sums: total, of shape (series, T + 1), of odds as
    products; gains, of shape (P,). asked : of shape (Q, T + 1), what there is to be done, counted."""
    T = a.phases
    total[:] = a.fixed
    gains[:] = a.no_gain
    for n in range(len(a.signal)):
        for t in range(T + 1):
            total[len(a.part) + n, t] = math.exp(f + a.fixed[len(a.part) + n, t])
    for q in range(len(asked)):
        for t in range(T + 1):
            asked[q, t] = a.had[q]
        for m in range(len(entry)):
            _ask(a.bits, a.givers, a.acts.ready, a.acts.last, a.acts.takes, q, m, entry[m], 1, asked)
    for m in range(len(entry)):
        if a.starter[m] >= 0:
            for k in range(len(a.part)):
                _begin(a.begun, k, a.starter[m], entry[m], T, T, 1.0, total)
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
def changed_gains(a, entry, other, gains, near):  # type: ignore[no-untyped-def]
    """The gains of a neighbour into `near`, of shape (P,), from what differs."""
    near[:] = gains
    for m in range(len(entry)):
        if entry[m] != other[m]:
            for p in range(len(gains)):
                near[p] += a.gain[p, m, other[m] + 1] - a.gain[p, m, entry[m] + 1]


@compiled
def worth_of(kind, gains, unit, pace, entry, gained):  # type: ignore[no-untyped-def]
    """What a roadmap is worth, as `kind` says; unit : of shape (P,). pace : of shape (M, T + 2). gained : whether anybody
    gains by it; if not, it is worth what nothing is."""
    if kind == SPEED:
        out = 0.0
        if not gained:
            return out
        for m in range(len(entry)):
            out += pace[m, entry[m] + 1]
        return out
    out = np.inf if kind == MIN else 0.0
    for p in range(len(gains)):
        gain = gains[p] if gained else 0.0
        if kind == NASH:
            out += math.log(max(gain, LOG_FLOOR))
        elif kind == SUM:
            out += gain * unit[p]
        else:
            out = min(out, gain * unit[p])
    return out if out < np.inf else 0.0


# Below, arrays are passed one by one: handing over all tables costs more than a row.


@compiled
def shortfall(a, entry, total, gains, asked, margin, loads, tail):  # type: ignore[no-untyped-def]
    """By how much rows fall short, each times its load; tail[k, t]: those of series k from phase t on."""
    T, kept, surplus_of, seen_of, gives_of, due_of = a.phases, a.kept, a.surplus_of, a.seen_of, a.gives_of, a.due_of
    out = _losses(a, entry, gains, asked, margin, loads)
    for k in range(kept + a.exposures):
        gives, due = gives_of[k], due_of[k]
        tail[k, T + 1] = 0.0
        for t in range(T, -1, -1):
            tail[k, t] = tail[k, t + 1]
            if asked[gives, t] > 0 and asked[due, t] > 0:
                slack = total[k, t]
                if k >= kept:
                    slack = total[seen_of[k - kept], t] * total[surplus_of[k - kept], t] - slack
                if slack < margin:
                    tail[k, t] += loads[1 + k, t] * (margin - slack)
        out += tail[k, 0]
    return out


@compiled
def near_shortfall(a, entry, other, moved, total, trial, asked, soon, gains, margin, limit, loads, tail):  # type: ignore[no-untyped-def]
    """The same for a neighbour, from what differs; once it exceeds the limit, no more is added."""
    T, kept, rows, parts, A = a.phases, a.kept, a.kept + a.exposures, len(a.part), a.longest
    part, begun, starter, touches, signal, lag, order = a.part, a.begun, a.starter, a.touches, a.signal, a.lag, a.order
    surplus_of, seen_of, needed, gives_of, due_of = a.surplus_of, a.seen_of, a.needed, a.gives_of, a.due_of
    count, until = _differing(entry, other, moved, T, A)
    if _soon_asked(a, entry, other, moved, count, asked, soon):
        until = T
    out = _losses(a, other, gains, soon, margin, loads)
    for n in range(len(order)):
        k = order[n]
        touched = _touched(touches, moved, count, k)
        if touched or needed[k]:
            _changed(
                part, begun, starter, touches, signal, lag, entry, other, moved, count, k, parts, T, A, until, total, trial
            )
        if k >= rows:
            continue
        gives, due = gives_of[k], due_of[k]
        if k < kept:
            if touched:
                for t in range(until + 1):
                    if trial[k, t] < margin and soon[gives, t] > 0 and soon[due, t] > 0:
                        out += loads[1 + k, t] * (margin - trial[k, t])
                out += tail[k, until + 1]
            else:
                out += tail[k, 0]
        else:
            own, seen = surplus_of[k - kept], seen_of[k - kept]
            if touched or _touched(touches, moved, count, own) or _touched(touches, moved, count, seen):
                risk = trial[k] if touched else total[k]
                for t in range(until + 1):
                    if soon[gives, t] > 0 and soon[due, t] > 0:
                        slack = trial[seen, t] * trial[own, t] - risk[t]
                        if slack < margin:
                            out += loads[1 + k, t] * (margin - slack)
                out += tail[k, until + 1]
            else:
                out += tail[k, 0]
        if out > limit:
            return out
    return out


@compiled
def _soon_asked(a, entry, other, moved, count, asked, soon):  # type: ignore[no-untyped-def]
    """Count what there is to be done in a neighbour; whether some party comes to have rows, or no longer has any."""
    bits, givers, ready, last, takes, changed = a.bits, a.givers, a.acts.ready, a.acts.last, a.acts.takes, False
    for q in range(len(asked)):
        for t in range(asked.shape[1]):
            soon[q, t] = asked[q, t]
        for n in range(count):
            m = moved[n]
            if bits[q, m]:
                _ask(bits, givers, ready, last, takes, q, m, entry[m], -1, soon)
                _ask(bits, givers, ready, last, takes, q, m, other[m], 1, soon)
        if q < givers and (soon[q, 0] > 0) != (asked[q, 0] > 0):
            changed = True
    return changed


@compiled
def _ask(bits, givers, ready, last, takes, q, m, e, by, out):  # type: ignore[no-untyped-def]
    """Add `by` to count q where measure m, entering in phase e, obliges to something; a party's own counts in every phase."""
    if q >= givers:
        count_in(bits[q, m], e, ready[m], last[m], by, out[q], takes[m])
    elif asks(bits[q, m], e, ready[m], out.shape[1] - 1):
        for t in range(out.shape[1]):
            out[q, t] += by


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
def take_step(a, entry, best, moved, total, trial, asked):  # type: ignore[no-untyped-def]
    """Make the totals and counts those of a neighbour."""
    count, _ = _differing(entry, best, moved, a.phases, a.longest)
    _soon_asked(a, entry, best, moved, count, asked.copy(), asked)
    for k in range(len(total)):
        if _touched(a.touches, moved, count, k):
            _changed(
                a.part, a.begun, a.starter, a.touches, a.signal, a.lag, entry, best, moved, count, k, len(a.part), a.phases,
                a.longest, a.phases, total, trial,
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
    part, begun, starter, touches, signal, lag, entry, other, moved, count, k, parts, T, A, until, total, trial
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
        if starter[m] >= 0:
            _begin(begun, k, starter[m], entry[m], T, until, -1.0, trial)
            _begin(begun, k, starter[m], other[m], T, until, 1.0, trial)
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
def _begin(begun, k, z, e, T, until, sign, out):  # type: ignore[no-untyped-def]
    """Add to series k what act z brings, phases 0 .. until, that is taken alone and enters in phase e."""
    latest = begun.shape[3] - 1
    for t in range(min(e, until) + 1 if e < T else until + 1):
        out[k, t] += sign * begun[k, z, t, latest if e >= T else min(e - t, latest)]


@compiled
def _times(odds, k, start, stop, signal):  # type: ignore[no-untyped-def]
    """Multiply the odds of row k by a signal in the phases start .. stop - 1."""
    for t in range(start, min(stop, odds.shape[1])):
        odds[k, t] *= signal


@compiled
def loses(a, entry, gains):  # type: ignore[no-untyped-def]
    """Whether some touched party loses by a process, by more than rounding."""
    asked = np.zeros((a.givers, 1), dtype=np.int64)
    for q in range(a.givers):
        asked[q, 0] = a.had[q]
        for m in range(len(entry)):
            asked[q, 0] += asks(a.bits[q, m], entry[m], a.acts.ready[m], a.phases)
    for p in range(len(gains) if is_a_process(a, entry) else 0):  # noqa: SIM110
        if _lost(a, entry, gains, asked, p, -LOG_FLOOR) > 0.0:
            return True
    return False


@compiled
def _losses(a, entry, gains, asked, margin, loads):  # type: ignore[no-untyped-def]
    """By how much what touched parties gain falls short of the margin, each times its load; nothing is no loss."""
    out = 0.0
    if not is_a_process(a, entry):
        return out
    for p in range(len(gains)):
        lost = _lost(a, entry, gains, asked, p, margin)
        if lost > 0.0:
            out += loads[0, p] * lost
    return out


@compiled
def _lost(a, entry, gains, asked, p, margin):  # type: ignore[no-untyped-def]
    """The same for one party: of G, and of H where it has something to do."""
    lost = margin - gains[p]
    if a.drift[p] < 0.0 and asked[a.gives[p], 0] > 0:
        lost -= a.drift[p]
    if lost > 0.0:
        for m in range(len(entry)):
            if a.felt[p, m] and _changes(a.acts, entry[m], m, a.phases):
                return lost
    return 0.0


@compiled
def _changes(acts, e, m, T):  # type: ignore[no-untyped-def]
    """Whether a measure that enters in phase e is otherwise than it would be alone."""
    if acts.ready[m] >= 0:
        return e >= T or e != acts.ready[m]
    return 0 <= e < T or (e < 0 and not acts.kept[m])


@compiled
def raise_loads(a, entry, total, gains, asked, margin, loads):  # type: ignore[no-untyped-def]
    """Raise the load of every row that falls short."""
    for p in range(len(gains) if is_a_process(a, entry) else 0):
        if _lost(a, entry, gains, asked, p, margin) > 0.0:
            loads[0, p] *= _LOAD
    for k in range(a.kept + a.exposures):
        for t in range(total.shape[1]):
            if asked[a.gives_of[k], t] > 0 and asked[a.due_of[k], t] > 0:
                slack = total[k, t]
                if k >= a.kept:
                    slack = total[a.seen_of[k - a.kept], t] * total[a.surplus_of[k - a.kept], t] - slack
                if slack < margin:
                    loads[1 + k, t] *= _LOAD
