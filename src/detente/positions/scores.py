"""How good a forecast was: proper scores, in closed form.

    absolute error    |median - y|
    CRPS              `detente.base.crps`
    coverage          share of outcomes within the stated interval

The interval is the shortest that holds 80% of the distribution: of equally short ones that with the most probability, and if
several have the same, what they span together, so that it mirrors with the scale. (From the 10% to the 90% point a
distribution made of lumps has more than 80%: a part of a lump too much at either end.)

A baseline has no distribution: it is *dressed*, its forecast moved by each of the residuals that it had on the issues on which
the profile was fitted (never those on which it is scored), cut off at the ends of the range, each with the same probability.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from detente.positions.panel import Floats

__all__ = ["SHARE", "dressed", "median", "quantiles", "shortest"]

TOLERANCE = 1e-9
SHARE = 0.8  # of the distribution that the stated interval holds


def dressed(forecast: Floats, residuals: Floats) -> Floats:
    """A baseline's points of shape (M, R), rising, within the range."""
    return np.clip(forecast[:, None] + np.sort(residuals), 0.0, 100.0)


def median(grid: Floats, P: Floats) -> Floats:
    """The middle of the lowest and the highest median, of shape (M,); the same from either end of the scale."""
    return sum(quantiles(grid, P, 0.5)) / 2  # type: ignore[return-value]


def shortest(grid: Floats, P: Floats, share: float) -> tuple[Floats, Floats]:
    """The ends of the shortest interval that holds so much of each distribution, of shape (M,) each."""
    reached = np.concatenate([np.zeros((len(P), 1)), np.cumsum(P, axis=1)], axis=1)
    low, high = np.zeros(len(P)), np.zeros(len(P))
    open_ = np.arange(len(P))
    for width in range(len(grid)):
        held = reached[open_, width + 1 :] - reached[open_, : len(grid) - width]
        most = held.max(axis=1)
        best = held >= most[:, None] - TOLERANCE
        found = most >= share - TOLERANCE
        low[open_[found]] = grid[best[found].argmax(axis=1)]
        high[open_[found]] = grid[len(grid) - 1 - best[found][:, ::-1].argmax(axis=1)]
        open_ = open_[~found]
    return low, high


def quantiles(grid: Floats, P: Floats, level: float) -> tuple[Floats, Floats]:
    """The lowest point with P(X <= point) >= level, and the highest with P(X >= point) >= level."""
    low = (np.cumsum(P, axis=1) >= level - TOLERANCE).argmax(axis=1)
    high = len(grid) - 1 - (np.cumsum(P[:, ::-1], axis=1) >= level - TOLERANCE).argmax(axis=1)
    return grid[low], grid[high]
