"""The rows of an instance as sums over measures, laid out for the kernel; nothing here depends on a roadmap.

K series of T + 1 rows each. `part[k, m, w + A]` is what measure m adds to series k at phase t if it enters at e = t + w
(module `effects`; A is the longest lag); `fixed[k]` is what no measure changes. Series, in this order:

    kept       V - W by party, V - D by (party, L), and what a red line leaves; a row holds where the sum is at least 0
    exposure   E by (i, j, L)
    odds       by ordered pair: no sum but a product; `fixed` holds the log of what no measure changes, and measure m
               multiplies by `signal` from `lag[m]` phases after its entry on

A trust row holds where factor odds (V - W) - E is at least 0, with one factor of all odds (module `compare.trust`).
Values of a party are divided by its largest one, so that violations of different parties can be added.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.case.alone import alone
from detente.case.instance import Instance
from detente.plan.roadmap import Roadmap
from detente.plan.tables.effects import Effects
from detente.plan.tables.prerequisites import Prerequisites, prerequisites
from detente.plan.units import in_own_units, weights

__all__ = ["Floats", "Ints", "Tables", "roadmap_of", "tables"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Tables(NamedTuple):
    """What the kernel reads; M measures, K series, P touched parties.

    part : of shape (K - pairs, M, A + T). fixed : of shape (K, T + 1). kept, exposures : how many series of these kinds.
    signal : of shape (pairs, M), 1 where a measure says nothing. lag : of shape (M,).
    touches : of shape (K, M), whether a measure changes a series.
    order : in which series are looked at: those that others need first (`parties` of them, and the odds), then the trust rows.
    surplus_of, seen_of : of shape (exposures,), the series of V - W and of the odds for each exposure.
    gain, no_gain : of shape (P, M, T + 2) by entry phase + 1 (T + 1: never), and what no measure changes: V[i,0] less no deal.
    scale : of shape (P,), by what the values of each touched party were divided, in units of the largest.
    needs : what a schedule has to keep to.
    """

    phases: int
    longest: int
    part: Floats
    fixed: Floats
    touches: NDArray[np.bool_]
    signal: Floats
    lag: Ints
    order: Ints
    parties: int
    kept: int
    exposures: int
    surplus_of: Ints
    seen_of: Ints
    gain: Floats
    no_gain: Floats
    scale: Floats
    needs: Prerequisites


def tables(instance: Instance, *, red_lines: bool = True) -> Tables:
    """The tables of an instance at its stated trust."""
    own, horizon = in_own_units(instance), instance.phases
    effects = Effects(own)
    V, W, D, E = effects.continuation, effects.stepping_out, effects.deviation, effects.exposure
    parties = list(V)
    caps = {i: float(p.red_line) for i, p in own.party.items() if red_lines and p.red_line is not None}
    capped = [key for key in E if key[0] in caps]
    pairs = list(effects.seen)
    series = [
        *((V[i] - W[i], -effects.constant_out[i]) for i in parties),
        *((V[i] - D[i, n], -effects.constant_deviation[i, n]) for i, n in D),
        *((-E[key], caps[key[0]] - effects.constant_exposure[key]) for key in capped),
        *((E[key], effects.constant_exposure[key]) for key in E),
    ]
    part = np.array([table for table, _ in series]).reshape(len(series), len(instance.measures), -1)
    even = np.repeat(np.array([constant for _, constant in series])[:, None], horizon + 1, axis=1)
    fixed = np.concatenate([even, *(np.array([_stated(instance, i, j)]) for i, j in pairs)])
    kept = len(parties) + len(D) + len(capped)
    theirs = np.array([[j in m.actors and not m.in_force for m in instance.measures] for _, j in pairs], dtype=bool)
    theirs = theirs.reshape(len(pairs), len(instance.measures))
    signal = np.where(theirs, np.array([float(m.signal) for m in instance.measures]), 1.0)
    first, trust = range(len(parties)), range(kept, len(series))
    order = _ints([*first, *range(len(series), len(fixed)), *trust, *range(len(parties), kept)])
    touched = instance.touched
    entry = np.arange(-1, horizon)
    gain = np.zeros((len(touched), len(instance.measures), horizon + 2))
    for n, i in enumerate(touched):
        gain[n, :, :-1] = V[i][:, effects.index(entry, 0)]
    return Tables(
        phases=horizon,
        longest=effects.longest,
        part=np.ascontiguousarray(part),
        fixed=fixed,
        touches=np.concatenate([(part != 0).any(axis=2), signal != 1.0]),
        signal=signal,
        lag=_ints([m.lag for m in instance.measures]),
        order=order,
        parties=len(parties),
        kept=kept,
        exposures=len(E),
        surplus_of=_ints([parties.index(i) for i, _, _ in E]),
        seen_of=_ints([kept + len(E) + pairs.index((i, j)) for i, j, _ in E]),
        gain=gain,
        no_gain=np.array([-float(alone(own).no_deal[i]) for i in touched]),
        scale=np.array(list(weights("sum", instance, touched).values())),
        needs=prerequisites(instance),
    )


def roadmap_of(instance: Instance, entry: Ints) -> Roadmap:
    """The roadmap of entry phases, of shape (M,): -1 in force, T never (as `layout.entries` makes them)."""
    phases = instance.phases
    placed = {m.id: None if e == phases else int(e) for m, e in zip(instance.measures, entry, strict=True)}
    return Roadmap(instance.case, phases, placed)


def _stated(instance: Instance, party: str, other: str) -> list[float]:
    """Log odds by phase without a new step: as stated, and what is in force and not yet seen will say."""
    p = float(instance.party[party].trust[other])
    coming = [(m.unseen, math.log(m.signal)) for m in instance.measures if m.unseen and other in m.actors]
    return [math.log(p / (1 - p)) + sum(g for seen, g in coming if seen <= t) for t in range(instance.phases + 1)]


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)
