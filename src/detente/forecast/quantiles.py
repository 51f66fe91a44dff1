"""A forecast as K equally likely values, and what is done with them.

The K = 100 values of a forecast are its quantiles at the levels (k - 1/2) / K, rising. They stand for the distribution that
puts 1/K on each, so every score of an ensemble applies to every model alike, and the quantile at level p is value number
ceil(p K).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.forecast.panel import Series

__all__ = ["LEVELS", "K", "pooled", "quantile", "spread_out", "thinned", "weighted"]

K = 100
LEVELS: NDArray[np.float64] = (np.arange(K) + 0.5) / K


def quantile(values: Series, level: float) -> Series:
    """The quantile of forecasts, of shape (..), from their values, of shape (.., K)."""
    out: Series = values[..., int(np.ceil(round(level * values.shape[-1], 9))) - 1]
    return out


def spread_out(sample: Series) -> Series:
    """K quantiles of a sample without NaN along its last axis: value number ceil(p n) of n in order."""
    ordered = np.sort(sample, axis=-1)
    out: Series = ordered[..., np.minimum((LEVELS * ordered.shape[-1]).astype(np.int64), ordered.shape[-1] - 1)]
    return out


def thinned(values: Series, few: int) -> Series:
    """Fewer quantiles at the middle levels of as many equal parts."""
    levels = (np.arange(few) + 0.5) / few
    out: Series = values[..., (levels * values.shape[-1]).astype(np.int64)]
    return out


def pooled(models: Series, weights: Series) -> Series:
    """The linear pool: from shape (M, .., K) and weights of shape (M, ..) that add up to 1, K quantiles of the mixture."""
    count, size = models.shape[0], models.shape[-1]
    together = np.moveaxis(models, 0, -2)
    shape = together.shape[:-2]
    flat = together.reshape(-1, count * size)
    mass = np.repeat(np.moveaxis(weights, 0, -1).reshape(-1, count) / size, size, axis=-1)
    return weighted(flat, np.broadcast_to(mass, flat.shape)).reshape(*shape, K)


def weighted(values: Series, mass: Series) -> Series:
    """K quantiles of values that have probabilities, both of shape (N, n), each row of which adds up to 1: of shape (N, K)."""
    order = np.argsort(values, axis=-1, kind="stable")
    ordered = np.take_along_axis(values, order, axis=-1)
    reached = np.minimum(np.cumsum(np.take_along_axis(mass, order, axis=-1), axis=-1), 1.0)
    apart = 2.0 * np.arange(len(values))[:, None]  # one search for all: each row's levels lie beyond those of the row before
    place = np.searchsorted((reached + apart).ravel(), (LEVELS[None, :] - 1e-9 + apart).ravel()).reshape(-1, K)
    place = np.minimum(place - np.arange(len(values))[:, None] * values.shape[1], values.shape[1] - 1)
    return np.take_along_axis(ordered, place, axis=-1)
