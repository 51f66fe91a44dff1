"""The forecasts that everything else is measured against.

    weighted mean      sum_i c_i s_i x_i / sum_i c_i s_i
    weighted median    the position at which the weights c_i s_i of those at or below it, and of those at or above it, are each
                       at least half; between two such positions, the middle

c is capability, s salience. Where every weight of an issue is 0 (nobody cares) capability alone counts. Both move with the
scale when it is shifted, stretched or mirrored, and neither changes when an actor is cut in parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from detente.positions.panel import Panel

if TYPE_CHECKING:
    from detente.positions.panel import Floats

__all__ = ["influence_weights", "weighted_mean", "weighted_median"]

TOLERANCE = 1e-9


def influence_weights(panel: Panel) -> Floats:
    """c s over its sum within the issue, of shape (N,)."""
    c = panel.c * panel.share
    raw = c * panel.s
    nobody = panel.sums(raw) <= 0
    raw = np.where(nobody[panel.issue], c, raw)
    return raw / panel.sums(raw)[panel.issue]


def weighted_mean(panel: Panel, weights: Floats) -> Floats:
    """In hundredths of the range, of shape (M,)."""
    return panel.sums(weights * panel.x)


def weighted_median(panel: Panel, weights: Floats) -> Floats:
    """In hundredths of the range, of shape (M,)."""
    order = np.lexsort((panel.x, panel.issue))
    x, w = panel.x[order], weights[order]
    below = np.cumsum(w)
    below -= (below - w)[panel.start][panel.issue]
    some = w > 0
    at_half = some & (below >= 0.5 - TOLERANCE)
    above_half = some & (below > 0.5 + TOLERANCE)
    low = panel.bottoms(np.where(at_half, x, np.inf))
    high = panel.bottoms(np.where(above_half, x, np.inf))
    return (low + np.where(np.isfinite(high), high, low)) / 2
