"""Autoregression with reciprocity: the mean is a weighted sum of own past levels and those of the reverse dyad.

For each horizon h, over all units alike,

    m[u, t+h] = b0 c + sum over half-lives d in (shortest, short, middle, long, all) of b_d m_d[u,t]
                + b_r m_1[rev(u),t] + b_s m_6[rev(u),t] + b_y y[u, t+h-year],        all b >= 0

with m_d the exponential mean with half-life d, rev(u) the reverse dyad where the table has one, c the smallest scale of a
unit, and the weights of levels, all but b0, adding up to at most 1.

No weight is negative, and the levels' add up to at most 1, as for any such series that is stationary (Ferland, Latour and
Oraichi 2006): a mean lies at most b0 c above the highest level. Without this bound a few months that rose from near nothing,
whose ratio of value to level knows no limit, teach a growth by which every large value is then multiplied.

Counts (whole numbers from 0 to 100,000): the identity-link count regression of integer-valued GARCH (Ferland, Latour and
Oraichi 2006). b by iterated weighted least squares with variance m + a m^2; the forecast is negative binomial with that mean
and dispersion a(m) = exp(a0 + a1 log m), both by maximum likelihood.

Other values: b by least absolute deviations; the spread v likewise from |m|, the unit's own spread and its scale; the
forecast is m + v e, with e the past errors (y - m) / v of units whose |m| / v is alike (up to eight groups, at least 200
errors in each).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from detente.forecast.features import decaying
from detente.forecast.panel import Series
from detente.forecast.quantiles import LEVELS, K, spread_out
from detente.forecast.training import Rows, settled

__all__ = ["Autoregression"]

_LARGEST = 100_000  # a count beyond it is as good as a continuous value
_LEAST = 0.005  # the smallest mean of a count
_GROUPS, _IN_GROUP = 8, 200
_FEWEST = 50  # rows at one horizon; with fewer, all horizons are taken together
_TURNS = 12
_MOST = 1.0  # what the weights of levels add up to at most
_HARD = 1e4  # how much the bound counts beside the largest entry of the squares

Law = Callable[[Series, Rows, NDArray[np.int64]], Series]


@dataclass(frozen=True, eq=False)
class Autoregression:
    """Weights and the law of the errors, by horizon."""

    weights: tuple[Series, ...] = field(repr=False)
    laws: tuple[Law, ...] = field(repr=False)

    @classmethod
    def fit(cls, taught: Rows, horizon: int, seed: int) -> Autoregression:  # noqa: ARG003
        """Learn from what is known at an origin."""
        x = _levels(taught)
        weights, laws = [], []
        for h in range(1, horizon + 1):
            here = np.flatnonzero(taught.h == h)
            if len(here) < _FEWEST:
                here = np.arange(len(taught.h))
            learn = _count_law if taught.known.counts and taught.y.max() <= _LARGEST else _free_law
            b, law = learn(x[here], taught, here)
            weights.append(b)
            laws.append(law)
        return cls(tuple(weights), tuple(laws))

    def predict(self, ahead: Rows) -> Series:
        """Of shape (N, H, K)."""
        x = _levels(ahead)
        out = np.empty((len(ahead.h), K))
        for h in range(1, len(self.weights) + 1):
            here = np.flatnonzero(ahead.h == h)
            out[here] = self.laws[h - 1](x[here] @ self.weights[h - 1], ahead, here)
        return settled(out, ahead)


def _levels(r: Rows) -> Series:
    y = r.known.y
    seen = np.isfinite(y)
    value = np.where(seen, y, 0.0)
    halves = [*(r.known.judged[name] for name in ("shortest", "short", "middle", "long")), np.inf]
    columns = [decaying(value, seen, half)[r.u, r.t] for half in halves]
    partner = r.known.partner
    if (partner >= 0).any():
        other, there = partner[r.u], partner[r.u] >= 0
        columns += [np.where(there, decaying(value, seen, half)[other, r.t], 0.0) for half in (1.0, 6.0)]
    least = np.full(len(r.u), r.found.scale.min(axis=0)[-1])
    return np.column_stack([least, *columns, r.year_before()])


def _solved(x: Series, y: Series, weight: Series, most: float = np.inf) -> Series:
    """Weights of at least 0 that minimise the weighted sum of squares, with a slight pull to 0; all but the first add up to
    `most` at most."""
    from scipy.optimize import nnls

    gram = (x * weight[:, None]).T @ x
    gram[np.diag_indices(len(gram))] += 1e-4 * np.trace(gram) / len(gram) + 1e-12
    root = np.linalg.cholesky(gram)
    left, right = root.T, np.linalg.solve(root, (x * weight[:, None]).T @ y)
    found: Series = nnls(left, right)[0]
    if found[1:].sum() > most:  # the problem is convex: the bound is met with equality
        row = _HARD * np.abs(left).max() * (np.arange(len(gram)) > 0)
        found = nnls(np.vstack([left, row]), np.append(right, row[-1] * most))[0]
    return found


def _count_law(x: Series, r: Rows, here: NDArray[np.int64]) -> tuple[Series, Law]:
    y = r.y[here]
    b, dispersion = np.full(x.shape[1], 1.0 / x.shape[1]), 1.0
    for _ in range(_TURNS):
        m = np.maximum(x @ b, 0.02)
        weight = 1.0 / (m + dispersion * m * m)
        last, b = b, _solved(x, y, weight, _MOST)
        m = np.maximum(x @ b, 0.02)
        dispersion = float(np.clip((weight * ((y - m) ** 2 - m)).sum() / (weight * m * m).sum(), 0.05, 5.0))
        if np.abs(b - last).max() < 1e-4:
            break
    m = np.maximum(x @ b, _LEAST)
    return b, _negative_binomial(y, m)


def _negative_binomial(y: Series, m: Series) -> Law:
    from scipy.optimize import minimize
    from scipy.special import gammaln, xlogy
    from scipy.stats import nbinom

    logs = np.log(m)
    middle = float(logs.mean())

    def size(log_mean: Series, a: Series) -> Series:
        out: Series = np.exp(-np.clip(a[0] + a[1] * (log_mean - middle), -7.0, 7.0))
        return out

    def loss(a: Series) -> float:
        n = size(logs, a)
        return -float((gammaln(y + n) - gammaln(n) + n * np.log(n / (n + m)) + xlogy(y, m / (n + m))).mean())

    a = minimize(loss, [0.0, 0.0], method="Nelder-Mead", options={"maxiter": 80, "xatol": 0.02, "fatol": 1e-5}).x
    grid = np.linspace(np.log(_LEAST), max(np.log(max(m.max(), y.max(), 1.0)) + 1.0, 1.0), 240)
    n = size(grid, a)
    table = nbinom.ppf(LEVELS[None, :], n[:, None], (n / (n + np.exp(grid)))[:, None])

    def law(mean: Series, r: Rows, here: NDArray[np.int64]) -> Series:  # noqa: ARG001
        at = np.clip((np.log(np.maximum(mean, _LEAST)) - grid[0]) / (grid[1] - grid[0]), 0, len(grid) - 1.001)
        low = at.astype(np.int64)
        part = (at - low)[:, None]
        out: Series = (1 - part) * table[low] + part * table[low + 1]
        return out

    return law


def _absolute(x: Series, y: Series, weight: Series, most: float = np.inf) -> Series:
    """As `_solved`, but the weighted sum of absolute deviations, by iterated least squares."""
    b = np.full(x.shape[1], 1.0 / x.shape[1])
    least = 0.05 * float(np.average(np.abs(y), weights=weight)) + 1e-12
    for _ in range(_TURNS):
        last, b = b, _solved(x, y, weight / np.maximum(np.abs(y - x @ b), least), most)
        if np.abs(b - last).max() < 1e-4:
            break
    return b


def _free_law(x: Series, r: Rows, here: NDArray[np.int64]) -> tuple[Series, Law]:
    y, scale = r.y[here], r.scale[here]
    weight = scale**-0.5
    b = _absolute(x, y, weight, _MOST)
    m = x @ b
    c = _absolute(_spreads(m, r, here), np.abs(y - m), weight)

    def spread(mean: Series, rs: Rows, at: NDArray[np.int64]) -> Series:
        return np.maximum(_spreads(mean, rs, at) @ c, 0.1 * rs.scale[at])

    v = spread(m, r, here)
    errors = (y - m) / v
    groups = max(1, min(_GROUPS, len(y) // _IN_GROUP))
    bounds = np.quantile(np.abs(m) / v, np.arange(1, groups) / groups)
    which = np.searchsorted(bounds, np.abs(m) / v)
    table = np.stack([spread_out(errors[which == g] if (which == g).any() else errors) for g in range(groups)])

    def law(mean: Series, rs: Rows, at: NDArray[np.int64]) -> Series:
        wide = spread(mean, rs, at)
        return mean[:, None] + wide[:, None] * table[np.searchsorted(bounds, np.abs(mean) / wide)]

    return b, law


def _spreads(m: Series, r: Rows, here: NDArray[np.int64]) -> Series:
    return np.column_stack([r.spread[here], np.abs(m), r.scale[here]])
