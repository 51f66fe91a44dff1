"""How good a forecast was: proper scores, in closed form.

    absolute error    |median - y|
    CRPS              `detente.base.crps`
    coverage          share of outcomes within the stated interval

A baseline has no distribution: it is *dressed*, its forecast moved by each of the residuals that it had on the issues on which
the profile was fitted (never those on which it is scored), cut off at the ends of the range, each with the same probability.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from detente.positions.panel import Floats

__all__ = ["dressed", "median", "quantiles"]

TOLERANCE = 1e-9


def dressed(forecast: Floats, residuals: Floats) -> Floats:
    """A baseline's points of shape (M, R), rising, within the range."""
    return np.clip(forecast[:, None] + np.sort(residuals), 0.0, 100.0)


def median(grid: Floats, P: Floats) -> Floats:
    """The middle of the lowest and the highest median, of shape (M,); the same from either end of the scale."""
    return sum(quantiles(grid, P, 0.5)) / 2  # type: ignore[return-value]


def quantiles(grid: Floats, P: Floats, level: float) -> tuple[Floats, Floats]:
    """The lowest point with P(X <= point) >= level, and the highest with P(X >= point) >= level."""
    low = (np.cumsum(P, axis=1) >= level - TOLERANCE).argmax(axis=1)
    high = len(grid) - 1 - (np.cumsum(P[:, ::-1], axis=1) >= level - TOLERANCE).argmax(axis=1)
    return grid[low], grid[high]
