"""Quantile regression forest (Meinshausen 2006) on the features of a unit and its neighbourhood.

Extremely randomised trees are grown on asinh(y[t+h] / s), s the unit's scale at t, rows weighted by the root of s. A
forecast is what the training rows of the same leaf had as targets: eight of each leaf, at even steps of their order from a
random start, over all trees, times s at the origin. So its shape (zeros, tails) is one that was seen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.forecast.panel import Series
from detente.forecast.quantiles import spread_out
from detente.forecast.training import Rows, settled

__all__ = ["Forest"]

_TAKEN = 8


@dataclass(frozen=True, eq=False)
class Forest:
    """Grown trees with, for each, the targets of the rows in order of leaf and size, and the leaves."""

    trees: Any = field(repr=False)
    targets: tuple[Series, ...] = field(repr=False)
    leaves: tuple[NDArray[np.int64], ...] = field(repr=False)
    seed: int = 0

    @classmethod
    def fit(cls, taught: Rows, horizon: int, seed: int) -> Forest:  # noqa: ARG003
        """Learn from what is known at an origin."""
        from sklearn.ensemble import ExtraTreesRegressor

        target = taught.y / taught.scale
        weight = np.sqrt(taught.scale)
        count, leaf = (int(taught.known.judged[name]) for name in ("trees", "leaf"))
        trees = ExtraTreesRegressor(
            n_estimators=count, min_samples_leaf=leaf, max_features=0.4, random_state=seed % 2**32, n_jobs=-1
        )
        trees.fit(taught.x, np.arcsinh(target), sample_weight=weight / weight.mean())
        leaves = trees.apply(taught.x)
        orders = [np.lexsort((target, leaves[:, k])) for k in range(count)]
        return cls(trees, tuple(target[o] for o in orders), tuple(leaves[o, k] for k, o in enumerate(orders)), seed)

    def predict(self, ahead: Rows) -> Series:
        """Of shape (N, H, K)."""
        asked = self.trees.apply(ahead.x)
        start = np.random.default_rng(self.seed).random((len(self.targets), len(ahead.h)))
        pool = np.empty((len(ahead.h), len(self.targets), _TAKEN))
        for k, (target, leaf) in enumerate(zip(self.targets, self.leaves, strict=True)):
            low, high = np.searchsorted(leaf, asked[:, k], "left"), np.searchsorted(leaf, asked[:, k], "right")
            steps = (start[k][:, None] + np.arange(_TAKEN)[None, :]) / _TAKEN
            pool[:, k] = target[low[:, None] + (steps * (high - low)[:, None]).astype(np.int64)]
        return settled(spread_out(pool.reshape(len(ahead.h), -1)) * ahead.scale[:, None], ahead)
