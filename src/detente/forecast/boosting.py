"""Gradient boosting (LightGBM) of quantiles on the features of a unit and its neighbourhood.

For each of nine levels, trees are boosted on the quantile loss of (y[t+h] - m6) / s, m6 the unit's level and s its scale at
t, rows weighted by the root of s. The quantiles are put in order; between two levels the quantile function is linear, and
beyond the outermost it is level.

Each level is trained on one thread, and LightGBM is told to be deterministic: the same rows and seed give the same trees.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from detente.forecast.panel import Series
from detente.forecast.quantiles import LEVELS
from detente.forecast.training import Rows, settled

__all__ = ["Boosting"]

_LEVELS = (0.01, 0.05, 0.15, 0.3, 0.5, 0.7, 0.85, 0.95, 0.99)


@dataclass(frozen=True, eq=False)
class Boosting:
    """One booster a level."""

    boosters: tuple[Any, ...] = field(repr=False)

    @classmethod
    def fit(cls, taught: Rows, horizon: int, seed: int) -> Boosting:  # noqa: ARG003
        """Learn from what is known at an origin."""
        import lightgbm

        weight = np.sqrt(taught.scale)
        fixed = {
            "max_bin": 63,
            "min_data_in_leaf": min(40, max(5, len(taught.y) // 20)),
            "verbose": -1,
            "num_threads": 1,
            "deterministic": True,
            "force_row_wise": True,
            "seed": seed % 2**31,
        }
        shape = {"objective": "quantile", "learning_rate": 0.1, "num_leaves": 8, "feature_fraction": 0.6}
        target, weight = (taught.y - taught.level) / taught.scale, weight / weight.mean()

        def one(level: float) -> Any:
            data = lightgbm.Dataset(taught.x, target, weight=weight, params=fixed)  # one each: threads share nothing
            return lightgbm.train({**fixed, **shape, "alpha": level}, data, int(taught.known.judged["rounds"]))

        with ThreadPoolExecutor(min(len(_LEVELS), os.cpu_count() or 1)) as side:
            return cls(tuple(side.map(one, _LEVELS)))

    def predict(self, ahead: Rows) -> Series:
        """Of shape (N, H, K)."""
        found = np.sort(np.column_stack([b.predict(ahead.x, num_threads=1) for b in self.boosters]), axis=1)
        at = np.clip(np.searchsorted(_LEVELS, LEVELS) - 1, 0, len(_LEVELS) - 2)
        levels = np.array(_LEVELS)
        part = np.clip((LEVELS - levels[at]) / (levels[at + 1] - levels[at]), 0.0, 1.0)
        values = (1 - part) * found[:, at] + part * found[:, at + 1]
        return settled(values * ahead.scale[:, None] + ahead.level[:, None], ahead)
