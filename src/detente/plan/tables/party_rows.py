"""Every row of one roadmap for many draws of one party's values, in floating point.

The rows are those of `plan/certificate`, written for speed: what is the same in all draws (schedule, lags, signals,
discount, irreversible shares) is laid out once, and each draw is one pass over the measures and one over the phases. It
shares no code with the certificate and proves nothing; a roadmap that is shown as safe has passed the certificate.

For party i, with x[s] the level by phase s = -1 .. T-1 (index s + 1), and index T standing for every later phase:

    flow[s]      v x[s] + k (x[s] - x[s-1]);  at T and later v x[T-1]
    fallen[s]    sum of what is left of v x[s] after a break-off: r v, or v for an act of i alone that is worth having (v > 0)
    V[t]         flow[t] + d V[t+1],  V[T] = v x[T-1] / (1-d)
    W[t]         fallen[t-1] / (1-d) - B
    P_g[t,L]     what group g is worth when it runs for L phases from t and then falls for ever:
                 P_g[t,0] = fallen_g[t-1] / (1-d),  P_g[t,L] = flow_g[t] + d P_g[t+1,L-1]   (t+1 stays at T)
    D[t,L]       P[t,L] of all but i's costly measures, plus P[t, max(0, L - lag)] of the costly ones by lag, minus d^L B, plus
                 the corrections for own measures whose value and one-off have opposite signs
    E[j,t,L]     W[t] - (fallen_j[t-1] / (1-d), each of j's measures down to r, + P[t,L] of the others - d^L B)

Whether an own measure is costly (v < 0, or v = 0 and k <= 0) or worth keeping is decided in every draw anew.

A row counts as broken where its slack is below -1e-11 of the party's scale: the sum of |v| + |k| of the measures that enter,
held for ever, plus B. That is far above what rounding can do and far below what a value is known to.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from detente.base.compiled import compiled
from detente.case.draws.quantities import Quantity
from detente.case.instance import Instance
from detente.plan.roadmap import Roadmap

__all__ = ["INCENTIVE", "KINDS", "RED_LINE", "TRUST", "Layout", "factors", "layout", "odds", "rows"]

KINDS = ("incentive", "trust", "red_line")
INCENTIVE, TRUST, RED_LINE = range(3)
TOLERANCE = 1e-11

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Layout:
    """What one party's rows need besides the roadmap and the draws; M measures, P other parties that can act.

    value, once : of shape (M,), where they are fixed. value_at, once_at : the column of the draws, or -1. share : 1/n of a
    divisible measure. breakdown, breakdown_at : the same for B. own, alone : whether the party acts; whether it acts alone.
    theirs : of shape (P, M). odds_start : of shape (P,). trust_at, trust_odds : of shape (P,), the column of the draws, or
    -1, and the odds at the likely value: drawn odds over these is the factor by which all odds of the draw are
    multiplied. lags : of shape (P, most), the lags of each other party's measures, 0 where there are fewer. red_line :
    nan where there is none.
    """

    value: Floats
    once: Floats
    value_at: Ints
    once_at: Ints
    share: Floats
    breakdown: float
    breakdown_at: int
    own: NDArray[np.bool_]
    alone: NDArray[np.bool_]
    irreversible: Floats
    lag: Ints
    signal: Floats
    theirs: NDArray[np.bool_]
    odds_start: Floats
    trust_at: Ints
    trust_odds: Floats
    lags: Ints
    discount: float
    red_line: float
    phases: int


def layout(instance: Instance, party: str, quantities: tuple[Quantity, ...]) -> Layout:
    """Lay out a party's rows for draws of these quantities."""
    measures, me = instance.measures, instance.party[party]
    column = {(q.kind, q.measure): n for n, q in enumerate(quantities) if q.party == party and q.kind != "trust"}
    trusted = {q.toward: n for n, q in enumerate(quantities) if q.party == party and q.kind == "trust"}
    others = [j for j in instance.acting if j != party]
    most = max((len(instance.lags(j)) for j in others), default=0)
    lags = np.zeros((len(others), most), dtype=np.int64)
    for n, j in enumerate(others):
        lags[n, : len(instance.lags(j))] = instance.lags(j)
    trust = [me.trust[j] for j in others]
    return Layout(
        value=np.array([float(m.value.get(party, 0)) for m in measures]),
        once=np.array([float(m.once.get(party, 0)) for m in measures]),
        value_at=np.array([column.get(("value", m.whole), -1) for m in measures], dtype=np.int64),
        once_at=np.array([column.get(("once", m.whole), -1) for m in measures], dtype=np.int64),
        share=np.array([1 / len(instance.slices[m.whole]) for m in measures]),
        breakdown=float(me.breakdown),
        breakdown_at=column.get(("breakdown", None), -1),
        own=np.array([party in m.actors for m in measures], dtype=bool),
        alone=np.array([m.actors == (party,) for m in measures], dtype=bool),
        irreversible=np.array([float(m.irreversible) for m in measures]),
        lag=np.array([m.lag for m in measures], dtype=np.int64),
        signal=np.array([float(m.signal) for m in measures]),
        theirs=np.array([[j in m.actors for m in measures] for j in others], dtype=bool).reshape(len(others), len(measures)),
        odds_start=np.array([float(p / (1 - p)) for p in trust]),
        trust_at=np.array([trusted.get(j, -1) for j in others], dtype=np.int64),
        trust_odds=np.array([_odds(quantities[trusted[j]].likely) if j in trusted else 1.0 for j in others]),
        lags=lags,
        discount=float(me.discount),
        red_line=np.nan if me.red_line is None else float(me.red_line),
        phases=instance.phases,
    )


def _odds(p: Fraction) -> float:
    return float(p / (1 - p))


def factors(a: Layout, draws: Floats) -> Floats:
    """By what each draw multiplies the odds in each other party, of shape (N, P); 1 where trust is a fixed number."""
    out = np.ones((len(draws), len(a.trust_at)))
    for j in np.flatnonzero(a.trust_at >= 0):
        p = draws[:, a.trust_at[j]]
        out[:, j] = p / (1 - p) / a.trust_odds[j]
    return out


def entries(instance: Instance, roadmap: Roadmap) -> Ints:
    """A roadmap as an array of shape (M,): the phase, -1 in force, T never."""
    found = (roadmap.entry[m.id] for m in instance.measures)
    return np.array([instance.phases if e is None else e for e in found], dtype=np.int64)


def rows(layout: Layout, entry: Ints, draws: Floats, *, trust: bool = True, red_lines: bool = True) -> tuple[Ints, Floats]:
    """Check one party's rows in every draw.

    Parameters
    ----------
    entry : of shape (M,), as `entries` makes it.
    draws : of shape (N, Q), the quantities for which the layout was made.
    trust, red_lines : False leaves these rows out.

    Returns
    -------
    first : ndarray(int, ndim=2), of shape (N, 3)
        The first phase in which a row of each kind is broken (`KINDS`); T + 1 where none is.
    least : ndarray(float, ndim=2), of shape (N, 3)
        The least slack of the rows of each kind, in the party's units; infinity where there is no such row.
    """
    a = layout
    by_phase = odds(a, entry)
    longest = int(a.lag[a.own].max()) if a.own.any() else 0
    own_lags = np.unique(a.lag[a.own])
    first, least = _rows(
        a.value, a.once, a.value_at, a.once_at, a.share, a.breakdown, a.breakdown_at, a.own, a.alone, a.irreversible, a.lag,
        a.theirs, by_phase, factors(a, draws), a.lags, a.discount, a.red_line, a.phases, entry, draws, own_lags, longest,
        trust, red_lines,
    )  # fmt: skip
    return first, least


def odds(a: Layout, entry: Ints) -> Floats:
    """odds[j,t], of shape (P, T+1): the stated odds times the signals seen by t."""
    out = np.repeat(a.odds_start[:, None], a.phases + 1, axis=1)
    seen = entry + a.lag
    for n in np.flatnonzero((entry >= 0) & (entry < a.phases) & (seen <= a.phases)):
        out[a.theirs[:, n], seen[n] :] *= a.signal[n]
    return out


@compiled
def _rows(  # type: ignore[no-untyped-def]
    value, once, value_at, once_at, share, breakdown, breakdown_at, own, alone, irreversible, lag, theirs, odds, factor, lags,
    d, red_line, T, entry, draws, own_lags, longest, trust, red_lines,
):  # fmt: skip
    """`rows`, from the fields of `Layout`. odds : (P, T + 1). factor : (N, P). own_lags : rising. longest : the last, or 0."""
    count, many, others, steps = len(draws), len(value), len(theirs), len(own_lags)
    groups = 2 + steps + others  # everything; what runs on; withheld by lag; what goes on without j
    first, least = np.full((count, 3), T + 1, dtype=np.int64), np.full((count, 3), np.inf)
    level, enters, fallen = np.empty((groups, T + 1)), np.empty((groups, T + 1)), np.empty((groups, T + 1))
    broken_off = np.empty((others, T + 1))
    most_lag = longest
    for j in range(others):
        for n in range(lags.shape[1]):
            most_lag = max(most_lag, lags[j, n])
    worth = np.empty((groups, most_lag + 1, T + 1))  # P_g[L, t]
    power = d ** np.arange(max(most_lag, T) + 2)
    v, w, cheat = np.empty(T + 1), np.empty(T + 1), np.empty((longest + 1, T + 1))
    step_of = np.zeros(many, dtype=np.int64)
    for m in range(many):
        for n in range(steps):
            if own_lags[n] == lag[m]:
                step_of[m] = 2 + n
    for one in range(count):
        level[:], enters[:], fallen[:], broken_off[:] = 0.0, 0.0, 0.0, 0.0
        cheat[:] = 0.0
        B = breakdown if breakdown_at < 0 else draws[one, breakdown_at]
        scale = 0.0
        # 1. The groups: what enters when, and what is left of it after a break-off.
        for m in range(many):
            e = entry[m]
            if e >= T:
                continue
            a = value[m] if value_at[m] < 0 else draws[one, value_at[m]] * share[m]
            k = once[m] if once_at[m] < 0 else draws[one, once_at[m]] * share[m]
            if a == 0.0 and k == 0.0:
                continue
            scale += abs(a) + abs(k)
            left = a if alone[m] and a > 0.0 else irreversible[m] * a
            costly = own[m] and (a < 0.0 or (a == 0.0 and k <= 0.0))
            at, paid = e + 1, k if e >= 0 else 0.0
            level[0, at] += a
            enters[0, at] += paid
            fallen[0, at] += left
            g = step_of[m] if costly else 1
            level[g, at] += a
            enters[g, at] += paid
            fallen[g, at] += left
            for j in range(others):
                if theirs[j, m]:
                    broken_off[j, at] += irreversible[m] * a
                else:
                    g = 2 + steps + j
                    level[g, at] += a
                    enters[g, at] += paid
                    fallen[g, at] += left
            # 2. Own measures of two minds: better not entered at all, or worth one phase.
            if own[m] and e >= 0 and a * k < 0.0:
                for length in range(1, longest + 1):
                    for rest in range(1, length + 1):
                        t = e + rest - length
                        if t < 0 or max(0, length - lag[m]) > e - t:
                            continue
                        if a > 0.0:
                            gain = -(k + (a * (1.0 - power[rest]) + power[rest] * left) / (1.0 - d))
                        else:
                            gain = k + a + d * irreversible[m] * a / (1.0 - d)
                        if gain > 0.0:
                            cheat[length, t] += power[e - t] * gain
        for s in range(1, T + 1):
            for g in range(groups):
                level[g, s] += level[g, s - 1]
                fallen[g, s] += fallen[g, s - 1]
            for j in range(others):
                broken_off[j, s] += broken_off[j, s - 1]
        # 3. Going on, stepping out.
        v[T] = level[0, T] / (1.0 - d)
        for t in range(T - 1, -1, -1):
            v[t] = level[0, t + 1] + enters[0, t + 1] + d * v[t + 1]
        for t in range(T + 1):
            w[t] = fallen[0, t] / (1.0 - d) - B
        floor = -TOLERANCE * (scale / (1.0 - d) + B)
        # 4. Running for L phases, then falling.
        for g in range(1, groups):
            for t in range(T + 1):
                worth[g, 0, t] = fallen[g, t] / (1.0 - d)
            for length in range(1, most_lag + 1):
                for t in range(T):
                    worth[g, length, t] = level[g, t + 1] + enters[g, t + 1] + d * worth[g, length - 1, t + 1]
                worth[g, length, T] = level[g, T] + d * worth[g, length - 1, T]
        # 5. Incentive rows.
        for t in range(T + 1):
            slack = v[t] - w[t]
            for length in range(1, longest + 1):
                dev = worth[1, length, t] + cheat[length, t] - power[length] * B
                for n in range(steps):
                    dev += worth[2 + n, max(0, length - own_lags[n]), t]
                slack = min(slack, v[t] - dev)
            least[one, 0] = min(least[one, 0], slack)
            if slack < floor and first[one, 0] > T:
                first[one, 0] = t
        # 6. Trust rows and red lines.
        for j in range(others):
            for n in range(lags.shape[1]):
                length = lags[j, n]
                if length == 0:
                    continue
                for t in range(T + 1):
                    exposure = w[t] - broken_off[j, t] / (1.0 - d) - worth[2 + steps + j, length, t] + power[length] * B
                    if trust:
                        o = odds[j, t] * factor[one, j]
                        slack = o * (v[t] - w[t]) - exposure
                        least[one, 1] = min(least[one, 1], slack)
                        if slack < floor * (1.0 + o):
                            first[one, 1] = min(first[one, 1], t)
                    if red_lines and not np.isnan(red_line):
                        slack = red_line - exposure
                        least[one, 2] = min(least[one, 2], slack)
                        if slack < floor:
                            first[one, 2] = min(first[one, 2], t)
    return first, least
