"""The rows of an instance as sums over measures, laid out for the kernel; nothing here depends on a roadmap.

K series of T + 1 rows each. `part[k, m, w + A]` is what measure m adds to series k at phase t if it enters at e = t + w
(module `effects`; A is the longest lag), `begun[k, z, t, w]` what act z, which is taken alone, adds while it has not entered;
`fixed[k]` is what no measure changes. Series, in this order:

    kept       V - W by party, V - D by (party, L), and what a red line leaves; a row holds where the sum is at least 0
    exposure   E by (i, j, M), then U by (i, j, M, L)
    further    V - D by (party, L) for the L that doubt alone asks for
    odds       by ordered pair: no sum but a product; `fixed` holds the log of what no measure changes, and measure m
               multiplies by `signal` from `lag[m]` phases after its entry on

A trust row holds where factor odds (V - W) - E is at least 0, a doubt row where factor odds (V - D) - U is, with one factor of
all odds (module `compare.trust`). Rows are there in the phases in which both of two counts are above 0: of what the party has
to do, and of what the other has to do that matters (module `duties`). Rows of coalitions are left to the certificate. Values of
a party are divided by its largest one, so that violations of different parties can be added.
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
from detente.plan.tables.duties import Acts, acts_of, due_bits, giving_bits
from detente.plan.tables.effects import Effects, Table
from detente.plan.tables.prerequisites import Prerequisites, prerequisites
from detente.plan.units import in_own_units, weights

__all__ = ["Floats", "Ints", "Tables", "roadmap_of", "tables"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Tables(NamedTuple):
    """What the kernel reads; M measures, K series, P touched parties, Z acts taken alone, Q counts of what is to be done.

    part : of shape (K - pairs, M, A + T). begun : of shape (K - pairs, Z, T + 1, 1 + depth). starter : of shape (M,), the place
    among the acts taken alone, or -1. fixed : of shape (K, T + 1). kept, exposures : how many series of these kinds.
    signal : of shape (pairs, M), 1 where a measure says nothing. lag : of shape (M,).
    touches : of shape (K, M), whether a measure changes a series, or whether its rows are there.
    order : in which series are looked at: those that others need first, then the trust rows. needed : of shape (K,), which
    others need.
    surplus_of, seen_of : of shape (exposures,), the series of V - W or V - D and of the odds for each exposure.
    bits : of shape (Q, M), what obliges (module `duties`), `givers` of them by party, in any phase, then by (i, j, M). had : of
    shape (Q,), 1 where something has been done before. gives_of, due_of : of shape (kept + exposures,), the counts of a series.
    gain, no_gain : of shape (P, M, T + 2) by entry phase + 1 (T + 1: never), and what no measure changes: V[i,0] less no deal.
    drift : of shape (P,), the drift of the stand-off that a roadmap suspends. gives : of shape (P,), the count of a party.
    felt : of shape (P, M), whether a measure is worth anything to it.
    scale : of shape (P,), by what the values of each touched party were divided, in units of the largest.
    acts : what parties do alone. needs : what a schedule has to keep to.
    """

    phases: int
    longest: int
    part: Floats
    begun: Floats
    starter: Ints
    fixed: Floats
    touches: NDArray[np.bool_]
    signal: Floats
    lag: Ints
    order: Ints
    needed: NDArray[np.bool_]
    kept: int
    exposures: int
    surplus_of: Ints
    seen_of: Ints
    bits: Ints
    givers: int
    had: Ints
    gives_of: Ints
    due_of: Ints
    gain: Floats
    no_gain: Floats
    drift: Floats
    gives: Ints
    felt: NDArray[np.bool_]
    scale: Floats
    acts: Acts
    needs: Prerequisites


class _Series(NamedTuple):
    """One series on its way: what measures add, what acts taken alone add, what is fixed, its counts."""

    part: Table
    begun: Table
    fixed: float
    gives: int
    due: int


def tables(instance: Instance, *, red_lines: bool = True) -> Tables:
    """The tables of an instance at its stated trust."""
    own, horizon = in_own_units(instance), instance.phases
    effects, count = Effects(own), len(instance.measures)
    V, E, U = effects.continuation, effects.exposure, effects.doubt
    parties, pairs, keys = list(V), list(effects.seen), list(E)
    gives, due = {i: n for n, i in enumerate(parties)}, {key: len(parties) + n for n, key in enumerate(keys)}
    bits = [giving_bits(own, i) for i in parties] + [due_bits(own, *key) for key in keys]

    def less(i: str, key: str | tuple[str, int]) -> _Series:
        """V - W, or V - D."""
        part, begun, fixed = (
            (effects.stepping_out[key], effects.begun_out[key], effects.constant_out[key])
            if isinstance(key, str)
            else (effects.deviation[key], effects.begun_deviation[key], effects.constant_deviation[key])
        )
        return _Series(V[i] - part, -begun, -fixed, gives[i], gives[i])

    longest = {i: effects.figures[i].longest for i in parties}
    caps = {i: float(p.red_line) for i, p in own.party.items() if red_lines and p.red_line is not None}
    surpluses: dict[str | tuple[str, int], _Series] = {i: less(i, i) for i in parties}
    surpluses |= {(i, n): less(i, (i, n)) for i, n in effects.deviation}
    at_risk = {
        key: _Series(E[key], effects.begun_exposure[key], effects.constant_exposure[key], gives[key[0]], due[key]) for key in E
    }
    capped = [
        s._replace(part=-s.part, begun=-s.begun, fixed=caps[key[0]] - s.fixed) for key, s in at_risk.items() if key[0] in caps
    ]
    doubts = {
        key: _Series(U[key], effects.begun_doubt[key], effects.constant_doubt[key], gives[key[0]], due[key[:3]]) for key in U
    }
    rows = [key for key in surpluses if isinstance(key, str) or key[1] <= longest[key[0]]]
    further = [key for key in surpluses if key not in rows]
    series = [
        *(surpluses[key] for key in rows),
        *capped,
        *at_risk.values(),
        *doubts.values(),
        *(surpluses[key] for key in further),
    ]
    kept, exposures = len(rows) + len(capped), len(at_risk) + len(doubts)
    place = {key: n for n, key in enumerate(rows)} | {key: kept + exposures + n for n, key in enumerate(further)}
    odds = {pair: len(series) + n for n, pair in enumerate(pairs)}
    part = np.array([s.part for s in series]).reshape(len(series), count, -1)
    even = np.repeat(np.array([s.fixed for s in series])[:, None], horizon + 1, axis=1)
    fixed = np.concatenate([even, *(np.array([_stated(instance, i, j)]) for i, j in pairs)])
    theirs = np.array([[j in m.actors and not m.in_force for m in instance.measures] for _, j in pairs], dtype=bool)
    theirs = theirs.reshape(len(pairs), count)
    signal = np.where(theirs, np.array([float(m.signal) for m in instance.measures]), 1.0)
    begun, starter = _begun(series, effects.starters, horizon, count)
    gates = np.array([[s.gives, s.due] for s in series], dtype=np.int64).reshape(len(series), 2)
    asked = np.array(bits, dtype=np.int64).reshape(len(bits), count)
    touches = (part != 0).any(axis=2) | (asked[gates] != 0).any(axis=1)
    touches[:, effects.starters] |= (begun != 0).any(axis=(2, 3))
    needed = np.isin(np.arange(len(fixed)), list(place.values()))
    needed[len(series) :] = True
    order = [*map(int, np.flatnonzero(needed)), *range(kept, kept + exposures), *range(len(rows), kept)]
    touched = instance.touched
    entry = np.arange(-1, horizon)
    gain = np.zeros((len(touched), count, horizon + 2))
    for n, i in enumerate(touched):
        gain[n, :, :-1] = V[i][:, effects.index(entry, 0)]
    return Tables(
        phases=horizon,
        longest=effects.longest,
        part=np.ascontiguousarray(part),
        begun=begun,
        starter=starter,
        fixed=fixed,
        touches=np.concatenate([touches, signal != 1.0]),
        signal=signal,
        lag=_ints([m.lag for m in instance.measures]),
        order=_ints(order),
        needed=needed,
        kept=kept,
        exposures=exposures,
        surplus_of=_ints([*(place[i] for i, _, _ in at_risk), *(place[i, found] for i, _, _, found in doubts)]),
        seen_of=_ints([*(odds[i, j] for i, j, _ in at_risk), *(odds[i, j] for i, j, _, _ in doubts)]),
        bits=asked,
        givers=len(parties),
        had=_ints([*(int(i in instance.under_way) for i in parties), *(0 for _ in keys)]),
        gives_of=np.ascontiguousarray(gates[:, 0]),
        due_of=np.ascontiguousarray(gates[:, 1]),
        gain=gain,
        no_gain=np.array([-float(alone(own).no_deal[i]) for i in touched]),
        drift=np.array([float(alone(own).suspended(i)) for i in touched]),
        gives=_ints([gives[i] for i in touched]),
        felt=np.array([[m.touches(i) for m in instance.measures] for i in touched], dtype=bool).reshape(len(touched), count),
        scale=np.array(list(weights("sum", instance, touched).values())),
        acts=acts_of(own),
        needs=prerequisites(instance),
    )


def _begun(series: Sequence[_Series], starters: Ints, phases: int, measures: int) -> tuple[Floats, Ints]:
    """What acts taken alone add to every series, all to the same depth, and the place of each measure among them."""
    depth = max((s.begun.shape[2] for s in series), default=1)
    out = np.zeros((len(series), len(starters), phases + 1, depth))
    for k, s in enumerate(series):
        out[k] = s.begun[:, :, np.minimum(np.arange(depth), s.begun.shape[2] - 1)]
    starter = np.full(measures, -1)
    starter[starters] = np.arange(len(starters))
    return out, starter


def is_schedule(instance: Instance, entry: Sequence[int]) -> bool:
    """Whether numbers that were read from somewhere can be entry phases of an instance, one a measure."""
    return len(entry) == len(instance.measures) and all(-1 <= e <= instance.phases for e in entry)


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
