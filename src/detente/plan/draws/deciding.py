"""Which value decides whether a roadmap holds: total Sobol indices, by Jansen's estimator.

f(x) = 1 where every row holds, else 0. For a group g of values (one value, or a set that comparisons tie), with two independent
samples a[1..N] and b[1..N], and c[n] the draw a[n] with the values of g taken from b[n]:

    index(g) = mean over n of (f(a[n]) - f(c[n]))^2 / 2  /  variance of f over a

It is the share of the variance of f that would be left if every other value were known. Groups are independent of each other,
which the estimator needs; within a set of tied values no such index exists, and the squared correlation of each with f is given
beside the index of the set. Intervals are percentiles of 400 bootstrap resamples of the N draws (95%).

Only the rows of the parties whose values are in g are checked again; of all, where g is the irreversible share, lag or signal
of a measure. At most the first 1000 draws are used.

Sobol 2001; Jansen 1999; Saltelli et al. 2010; Jacques, Lavergne and Devictor 2006 (groups of dependent inputs).
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from detente.base.cache import arrays_once
from detente.case.alone import alone
from detente.case.draws.draw import Draws, Uncertainty, spread
from detente.plan.draws.result import Deciding
from detente.plan.draws.trial import Trial
from detente.plan.tables.party_rows import Ints

__all__ = ["MOST_DRAWS", "deciding"]

MOST_DRAWS = 1000
_RESAMPLES = 400
_KIND = "indices"  # what is kept: as many as there are groups of quantities
_STREAM_OTHER, _STREAM_RESAMPLES = 1, 7

Flags = NDArray[np.bool_]


def deciding(
    uncertainty: Uncertainty, trial: Trial, entry: Ints, seed: int, key: Callable[..., str | None] = lambda *_: None
) -> tuple[Deciding, ...]:
    """The groups that decide anything, the weightiest first; none where the roadmap holds in all draws or in none.

    trial : with the draws a, of which the first 1000 are used. entry : the roadmap. key : `Case.key` with all that the
    draws depend on; without it what comes out is not kept on the machine.
    """
    count = min(len(trial.draws.values), MOST_DRAWS)
    one = trial.draws.values[:count]
    alike = dataclasses.replace(trial, draws=Draws(trial.draws.quantities, one, seed, count, None), cores=1)
    parties = [p.id for p in trial.instance.parties]
    holds = np.stack([_holds(alike, n, entry, one) for n in range(len(parties))], axis=1)
    f: Flags = np.asarray(holds.all(axis=1))
    if f.all() or not f.any():
        return ()
    other = uncertainty.draw(count, seed, stream=_STREAM_OTHER).values
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_STREAM_RESAMPLES,)))
    weights = rng.multinomial(count, np.full(count, 1 / count), size=_RESAMPLES) / count
    variances = (weights @ f) * (1 - weights @ f)
    weighed = set(_weighed(trial, entry))

    def weight(group: tuple[int, ...]) -> tuple[float, float, float]:
        mixed = one.copy()
        mixed[:, list(group)] = other[:, list(group)]
        again = holds.copy()
        whose = {uncertainty.quantities[q].party for q in group}
        for n in (n for n, i in enumerate(parties) if whose & {i, None}):
            again[:, n] = _holds(alike, n, entry, mixed)
        flips = (f != again.all(axis=1)) / 2
        if not flips.any():
            return nothing
        index = flips.mean() / (f.mean() * (1 - f.mean()))
        with np.errstate(divide="ignore", invalid="ignore"):
            shares = np.where(variances > 0, (weights @ flips) / variances, np.nan)
        low, high = np.nanpercentile(shares, [2.5, 97.5])
        return float(index), float(low), float(high)

    nothing = math.nan, math.nan, math.nan
    groups = [g for g in uncertainty.groups if weighed & set(g)]
    found = arrays_once(
        _KIND,
        key(entry.tolist(), trial.trust, trial.red_lines, seed, count),
        lambda: {"indices": np.zeros((len(groups), 3))},
        lambda: {"indices": np.array(spread(weight, groups, trial.cores)).reshape(-1, 3)},
    )["indices"].tolist()
    out = [_deciding(uncertainty, g, i, (low, high), one, f) for g, (i, low, high) in zip(groups, found, strict=True) if i == i]
    return tuple(sorted(out, key=lambda d: (-d.index, d.quantities)))


def _holds(trial: Trial, party: int, entry: Ints, values: NDArray[np.float64]) -> Flags:
    return np.asarray((trial.of_party(party, entry, values) > trial.instance.phases).all(axis=1))


def _weighed(trial: Trial, entry: Ints) -> list[int]:
    """The quantities that stand in some row of the roadmap."""
    ready = alone(trial.instance).ready  # what is taken alone stands in them even where the roadmap leaves it out
    steps = zip(trial.instance.measures, entry, ready, strict=True)
    entered = {m.whole for m, e, begins in steps if e < trial.instance.phases or begins is not None}
    return [
        n
        for n, q in enumerate(trial.draws.quantities)
        if q.measure is None or q.kind == "lag" or q.measure in entered  # a lag says how long cheating can go unseen
    ]


def _deciding(
    uncertainty: Uncertainty,
    group: tuple[int, ...],
    index: float,
    interval: tuple[float, float],
    values: NDArray[np.float64],
    f: Flags,
) -> Deciding:
    own = [uncertainty.quantities[n] for n in group]
    correlations = [float(np.corrcoef(values[:, n], f)[0, 1]) for n in group]
    alone = len(group) == 1
    return Deciding(
        quantities=tuple(q.name for q in own),
        kind=own[0].kind,
        party=own[0].party,
        measures=tuple(q.measure for q in own if q.measure is not None),
        index=index,
        interval=interval,
        leans=("higher" if correlations[0] > 0 else "lower") if alone else None,
        correlations=() if alone else tuple(c * c for c in correlations),
        by_spread=any(q.by_spread for q in own),
    )
