"""Steps from a roadmap to better neighbours, in floating point. It proves nothing; the certificate does.

A neighbour is the closure (module `moves`) of a wish:

    single   one measure to another phase, or in or out
    shift    everything from some phase on, by one phase
    pair     two measures without a common actor to the same phase, or as soon after as each can come, one of them from outside

Let short be the sum by which rows, and what touched parties gain (the smaller of G and H where one has something to do, module
`plan.process`), fall short of a margin, each times the load of its row, 1 at first. A schedule that is no process gains nobody
anything; its rows count, where somebody has to do something, so that there is a way out of it.

1. Go through the measures and, if none of them gave a step, the shifts. For each, take the best of its neighbours if that is
   better than here:
       short > 0    the one with the largest  weigh * worth - short
       short = 0    the one with the largest  worth  among those with short = 0
   The first mends a roadmap with little loss of worth, the second climbs.
2. Where nothing was better and rows fall short, multiply their loads by 1.5 and go on (the breakout method, Morris 1993), so
   many times.
3. Where nothing was better and short = 0, or the loads have been raised so often, take the best pair likewise. Pairs are
   weighed by what each of the two alone would add to the gains, and the rows are worked out for those worth most first.
4. End where nothing was better, or after so many times through.

Where a policy has measures only enter, or only leave (then without pairs), there are no shifts, and each time through the best
step of all is taken. Entering alone, from nothing, is the greedy rule (module `pairs`).

    worth        nash: sum of log gain; sum, min: of the gains in the case's units; speed: what the schedule itself weighs. The
                 last three are divided by a constant, so that one `weigh` suits all.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from detente.base.compiled import compiled
from detente.plan.tables.tables import Floats, Ints, Tables
from detente.plan.walk.moves import closure, earliest, put_off
from detente.plan.walk.shortfall import (
    MIN_GAIN,
    SPEED,
    changed_gains,
    near_shortfall,
    raise_loads,
    shortfall,
    somebody_gains,
    take_step,
    totals,
    worth_of,
)

__all__ = ["Policy", "walk"]

_BANDS = 32  # of pairs, by worth: a good one early on spares most of the others


class Policy(NamedTuple):
    """Which neighbours are offered, and when a step is taken.

    weigh : worth against shortfall, while rows are mended. margin : the slack that rows must have, as a share of a party's
    largest value; by default a row that exact arithmetic calls binding may seem broken by so much.
    steps : how often to go through the measures. bumps : how often step 2 may be taken.
    only : 1: measures may only enter; -1: only leave; 0: both, and move.
    """

    weigh: float = 1.0
    margin: float = -1e-9
    steps: int = 25
    bumps: int = 8
    only: int = 0


def walk(
    tables: Tables, actors: Ints, entry: Ints, factor: float, kind: int, pace: Floats, policy: Policy
) -> tuple[Ints, float, float, int]:
    """Walk until no neighbour is better, or for so many times through the measures.

    Parameters
    ----------
    actors : of shape (M,), the parties that act in a measure as the bits of a number. factor : of all odds.
    pace : of shape (M, T + 2), what a measure adds to the speed by its entry phase + 1.

    Returns
    -------
    The entries, their worth, by how much rows fall short, and the times through.
    """
    entry, worth, short, taken = _walk(
        tables, earliest(tables.needs), actors, entry.copy(), math.log(factor), kind, unit_of(tables), pace, policy
    )
    return entry, float(worth), float(short), int(taken)


def unit_of(tables: Tables) -> Floats:
    """What each gain is multiplied by for the sum and the smallest, of shape (P,)."""
    return tables.scale / tables.scale.sum() if len(tables.scale) else tables.scale


@compiled
def _walk(a, early, actors, entry, f, kind, unit, pace, policy):  # type: ignore[no-untyped-def]
    """`walk`; a : the tables. early : of shape (M,), the earliest schedule. entry : of shape (M,), changed in place. f : log of
    the factor of all odds. unit : of shape (P,), what a gain is multiplied by."""
    many, T, margin = len(entry), a.phases, policy.margin
    total, trial = np.empty(a.fixed.shape), np.empty(a.fixed.shape)
    gains, near = np.empty(len(a.no_gain)), np.empty(len(a.no_gain))
    other, best = entry.copy(), entry.copy()
    marks = np.zeros(many, dtype=np.int8)
    moved = np.empty(many, dtype=np.int64)
    asked, soon = np.empty((len(a.bits), T + 1), dtype=np.int64), np.empty((len(a.bits), T + 1), dtype=np.int64)
    loads = np.ones((1 + a.kept + a.exposures, max(T + 1, len(gains))))
    even = loads.copy()
    tail = np.zeros((a.kept + a.exposures, T + 2))
    units = many if policy.only else many + 2 * T
    bumps = taken = 0
    if policy.steps > 0:
        put_off(a.needs, marks, entry)
    totals(a, entry, f, total, gains, asked)
    worth = worth_of(kind, gains, unit, pace, entry, somebody_gains(a, entry, gains))
    short = shortfall(a, entry, total, gains, asked, margin, loads, tail)
    while taken < policy.steps:
        taken += 1
        if taken > 1:  # differences have been added up: begin each time through with sums
            totals(a, entry, f, total, gains, asked)
            short = shortfall(a, entry, total, gains, asked, margin, loads, tail)
        top, found, any_found = (policy.weigh * worth - short if short > 0.0 else worth) + MIN_GAIN, False, False
        for n in range(units + 1):
            if n == units:
                if policy.only >= 0 and not any_found and (short == 0.0 or bumps >= policy.bumps):
                    found |= _best_pair(
                        a, early, actors, entry, kind, unit, pace, policy, gains, near, other, best, marks, moved, total, trial,
                        asked, soon, short, top, loads, tail,
                    )  # fmt: skip
            elif n < many or not any_found:
                low, high = _range(a, entry, n, many, policy.only)
                for s in range(low, high + 1):
                    if not _neighbour(a, early, entry, n, s, other, marks):
                        continue
                    reached = _reached(
                        a, entry, other, moved, total, trial, asked, soon, gains, near, kind, unit, pace, policy, short, top,
                        loads, tail,
                    )  # fmt: skip
                    if reached > top:
                        top, found = reached, True
                        best[:] = other
            if found and (policy.only == 0 or n == units):
                changed_gains(a, entry, best, gains, near)
                gains[:] = near
                take_step(a, entry, best, moved, total, trial, asked)
                entry[:] = best
                worth = worth_of(kind, gains, unit, pace, entry, somebody_gains(a, entry, gains))
                short = shortfall(a, entry, total, gains, asked, margin, loads, tail)
                top, found, any_found = (policy.weigh * worth - short if short > 0.0 else worth) + MIN_GAIN, False, True
        if not any_found:
            if short == 0.0 or bumps >= policy.bumps:
                break
            bumps += 1
            raise_loads(a, entry, total, gains, asked, margin, loads)
            short = shortfall(a, entry, total, gains, asked, margin, loads, tail)
    return entry, worth, shortfall(a, entry, total, gains, asked, margin, even, tail), taken


@compiled
def _range(a, entry, n, many, only):  # type: ignore[no-untyped-def]
    """The first and the last of the neighbours of unit n: for a measure, by phase, T: out; for a shift, itself."""
    if n >= many:
        return 0, 0
    first, last = a.needs.first[n], a.needs.last[n]
    if first > last or (only > 0 and entry[n] < a.phases):
        return 0, -1
    return (last + 1 if only < 0 else first), (last if only > 0 else last + 1)


@compiled
def _neighbour(a, early, entry, n, s, other, marks):  # type: ignore[no-untyped-def]
    """The neighbour s of unit n, into `other`; False where there is none."""
    many, T = len(entry), a.phases
    marks[:] = 0
    if n < many:
        other[n], marks[n] = (s if s <= a.needs.last[n] else T), 2
        return other[n] != entry[n] and closure(a.needs, early, entry, marks, other)
    phase, by = (n - many) // 2, 1 if (n - many) % 2 else -1
    any_moved = False
    for m in range(many):
        if phase <= entry[m] < T:
            other[m], marks[m], any_moved = entry[m] + by, 2, True
            if not a.needs.first[m] <= other[m] <= a.needs.last[m]:
                return False
    return any_moved and closure(a.needs, early, entry, marks, other)


@compiled
def _reached(  # type: ignore[no-untyped-def]
    a, entry, other, moved, total, trial, asked, soon, gains, near, kind, unit, pace, policy, short, top, loads, tail
):  # fmt: skip
    """What a neighbour reaches, in what steps 1 and 3 compare; minus infinity where that is not above `top`."""
    changed_gains(a, entry, other, gains, near)
    worth = worth_of(kind, near, unit, pace, other, somebody_gains(a, other, near))
    limit = policy.weigh * worth - top if short > 0.0 else 0.0
    if limit < 0.0 or (short == 0.0 and worth <= top):
        return -np.inf
    left = near_shortfall(a, entry, other, moved, total, trial, asked, soon, near, policy.margin, limit, loads, tail)
    if left > limit:
        return -np.inf
    return policy.weigh * worth - left if short > 0.0 else worth


@compiled
def _best_pair(  # type: ignore[no-untyped-def]
    a, early, actors, entry, kind, unit, pace, policy, gains, near, other, best, marks, moved, total, trial,
    asked, soon, short, top, loads, tail,
):  # fmt: skip
    """The best pair above `top`, into `best`; False: there is none. Those worth most come first, in bands of worth."""
    many, T = len(entry), a.phases
    alone, speed = _alone(a, early, entry, pace, other, marks)
    here = worth_of(SPEED, gains, unit, pace, entry, True)
    least, most, found = (top / policy.weigh if short > 0.0 else top), -np.inf, False
    peak = np.full((many, many), -np.inf)  # what two are worth in their best phase
    for band in range(-1, _BANDS):  # before the first one the most that any is worth is found
        high = most - (most - least) * band / _BANDS
        low = most - (most - least) * (band + 1) / _BANDS
        for one in range(many):
            if entry[one] < T:
                continue
            for two in range(many):
                if (band >= 0 and peak[one, two] <= low) or (actors[one] & actors[two]):
                    continue
                if (entry[two] >= T and two < one) or (entry[two] < T and policy.only > 0):
                    continue
                for t in range(T):
                    if np.isnan(speed[one, t] + speed[two, t]):
                        continue
                    if kind == SPEED:
                        worth = here + speed[one, t] + speed[two, t]
                    else:
                        for p in range(len(gains)):
                            near[p] = gains[p] + alone[one, t, p] + alone[two, t, p]
                        worth = worth_of(kind, near, unit, pace, entry, True)
                    if band < 0:
                        peak[one, two] = max(peak[one, two], worth)
                        most = max(most, worth)
                    elif low < worth <= high:
                        marks[:] = 0
                        other[one], other[two] = max(t, early[one]), max(t, early[two])
                        marks[one] = marks[two] = 2
                        if closure(a.needs, early, entry, marks, other):
                            reached = _reached(
                                a, entry, other, moved, total, trial, asked, soon, gains, near, kind, unit, pace, policy, short,
                                top, loads, tail,
                            )  # fmt: skip
                            if reached > top:
                                top, found = reached, True
                                best[:] = other
        if most <= least or (found and short == 0.0):
            break
    return found


@compiled
def _alone(a, early, entry, pace, other, marks):  # type: ignore[no-untyped-def]
    """What each measure alone would add by entering in phase t or as soon as it can: to the gains, of shape (M, T, P), and to
    the speed, of shape (M, T); nan where it cannot, or does already."""
    many, T = len(entry), a.phases
    alone, speed = np.zeros((many, T, len(a.no_gain))), np.full((many, T), np.nan)
    for n in range(many):
        for t in range(T):
            marks[:] = 0
            other[n], marks[n] = max(t, early[n]), 2
            if early[n] < 0 or other[n] == entry[n] or not closure(a.needs, early, entry, marks, other):
                continue
            speed[n, t] = 0.0
            for m in range(many):
                if other[m] != entry[m]:
                    speed[n, t] += pace[m, other[m] + 1] - pace[m, entry[m] + 1]
                    for p in range(len(a.no_gain)):
                        alone[n, t, p] += a.gain[p, m, other[m] + 1] - a.gain[p, m, entry[m] + 1]
    return alone, speed
