"""How good a forecast was: proper scores, in closed form.

    absolute error    |median - y|
    CRPS              integral over g of (F(g) - [g >= y])^2  =  E|X - y| - E|X - X'| / 2 ,   X, X' independent draws
    coverage          share of outcomes within the stated interval

The CRPS is the absolute error of a forecast that is one point, and it is least, on average, for who states the distribution
that he believes in. For probabilities P on a sorted grid with distribution function F, E|X - X'|/2 = sum over gaps of F (1 -
F) gap. A baseline has no distribution: it is *dressed*, its forecast moved by each of the residuals that it had on the issues
on which the profile was fitted (never those on which it is scored), cut off at the ends of the range, each with the same
probability.

Matheson and Winkler 1976; Gneiting and Raftery 2007.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from detente.positions.panel import Floats

__all__ = ["crps", "crps_sample", "dressed", "median", "quantiles"]

TOLERANCE = 1e-9


def crps(grid: Floats, P: Floats, y: Floats) -> Floats:
    """Of distributions P of shape (M, G) on a sorted grid of shape (G,), at outcomes y of shape (M,)."""
    F = np.cumsum(P, axis=1)[:, :-1]
    spread = (F * (1 - F)) @ np.diff(grid)
    found: Floats = (P * np.abs(grid - y[:, None])).sum(axis=1) - spread
    return found


def crps_sample(points: Floats, y: Floats) -> Floats:
    """Of equally likely points of shape (M, R), at outcomes y of shape (M,)."""
    ordered = np.sort(points, axis=1)
    R = ordered.shape[1]
    F = np.arange(1, R) / R
    spread = np.diff(ordered, axis=1) @ (F * (1 - F)) if R > 1 else np.zeros(len(y))
    found: Floats = np.abs(ordered - y[:, None]).mean(axis=1) - spread
    return found


def dressed(forecast: Floats, residuals: Floats) -> Floats:
    """A baseline's points of shape (M, R), within the range."""
    return np.clip(forecast[:, None] + residuals, 0.0, 100.0)


def median(grid: Floats, P: Floats) -> Floats:
    """The middle of the lowest and the highest median, of shape (M,); the same from either end of the scale."""
    return sum(quantiles(grid, P, 0.5)) / 2  # type: ignore[return-value]


def quantiles(grid: Floats, P: Floats, level: float) -> tuple[Floats, Floats]:
    """The lowest point with P(X <= point) >= level, and the highest with P(X >= point) >= level."""
    low = (np.cumsum(P, axis=1) >= level - TOLERANCE).argmax(axis=1)
    high = len(grid) - 1 - (np.cumsum(P[:, ::-1], axis=1) >= level - TOLERANCE).argmax(axis=1)
    return grid[low], grid[high]
