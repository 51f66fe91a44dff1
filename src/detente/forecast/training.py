"""What the models that learn are taught from: every unit at every time of the past whose target is known by the origin.

A row is (u, t, h) with target y[u, t+h], t + h <= origin: one table for all units and horizons (a direct forecast, not an
iterated one). At most `training` past periods and 20,000 rows are used; of more, a sample without replacement from the seed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from detente.forecast.features import Features, features
from detente.forecast.panel import Series
from detente.forecast.past import Past

__all__ = ["Rows", "now", "rows", "settled"]

_MOST_ROWS = 20_000

Places = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Rows:
    """R rows. u, t, h : where, of shape (R,). y : targets (NaN for rows of the future). x : features, of shape (R, F)."""

    known: Past
    found: Features
    u: Places = field(repr=False)
    t: Places = field(repr=False)
    h: Places = field(repr=False)
    y: Series = field(repr=False)
    x: Series = field(repr=False)

    @property
    def scale(self) -> Series:
        """Of shape (R,)."""
        return self.found.scale[self.u, self.t]

    @property
    def level(self) -> Series:
        """Of shape (R,)."""
        return self.found.level[self.u, self.t]

    @property
    def spread(self) -> Series:
        """Of shape (R,)."""
        return self.found.spread[self.u, self.t]

    def year_before(self) -> Series:
        """The value a year before the target (the fewest whole years that reach back to t); the level where it is not known."""
        years = -(-self.h // self.known.year)
        at = self.t + self.h - years * self.known.year
        value = self.known.y[self.u, np.maximum(at, 0)]
        return np.where((at >= 0) & np.isfinite(value), value, self.level)


def rows(known: Past, horizon: int, seed: int) -> Rows:
    """What is known at an origin, as rows to learn from."""
    n, size = known.y.shape
    start = max(0, size - 1 - int(known.judged["training"]), min(2, size - 2))
    u, t, h = (
        a.ravel() for a in np.meshgrid(np.arange(n), np.arange(start, size - 1), np.arange(1, horizon + 1), indexing="ij")
    )
    kept = np.flatnonzero(t + h < size)
    u, t, h = u[kept], t[kept], h[kept]
    kept = np.flatnonzero(np.isfinite(known.y[u, t + h]) & np.isfinite(known.y[u, t]))
    if len(kept) > _MOST_ROWS:
        kept = np.sort(np.random.default_rng(seed).choice(kept, _MOST_ROWS, replace=False))
    u, t, h = u[kept], t[kept], h[kept]
    return _rows(known, u, t, h, known.y[u, t + h])


def now(known: Past, horizon: int) -> Rows:
    """Every unit at the origin with every horizon, unit by unit."""
    u, h = (a.ravel() for a in np.meshgrid(np.arange(len(known.y)), np.arange(1, horizon + 1), indexing="ij"))
    return _rows(known, u, np.full(len(u), known.origin), h, np.full(len(u), np.nan))


def _rows(known: Past, u: Places, t: Places, h: Places, y: Series) -> Rows:
    found = features(known)
    made = Rows(known, found, u, t, h, y, np.empty((0, 0)))
    most = known.judged["outlying"]
    year = np.clip(made.year_before() / made.scale, -most, most)
    season = 2 * np.pi * known.season(t + h) / known.year
    x = np.column_stack([found.x[u, t], year, h, np.sin(season), np.cos(season)])
    return Rows(known, found, u, t, h, y, x)


def settled(values: Series, ahead: Rows) -> Series:
    """Values of shape (N * H, K) in order, not below the lowest possible, whole for counts; of shape (N, H, K)."""
    known = ahead.known
    ordered = np.maximum(np.sort(values, axis=-1), known.lowest)
    if known.counts:
        ordered = np.rint(ordered)
    return ordered.reshape(len(known.y), -1, ordered.shape[-1])
