r"""What a roadmap is recommended for: the objective of what every party may expect.

g[i] is the mean over N plays of what party i gains over no deal, for the parties that some measure touches.

    nash   the sum of log g[i]       sum   the sum of g[i]       min   the smallest g[i]

Not the mean of the objective: a play that collapses has no logarithm, and nobody is asked to be fair in every play. A schedule
by which some party may expect to gain nothing ranks below all by which everybody gains; among these the one with the smaller
losses, each in the party's own size (module `plan.units`), is the better one, then the one by which more parties gain.

Errors, by the delta method. With x[i,n] the gain of party i in play n the objective moves, to first order, with the mean of

    z[n] = sum over i of x[i,n] / g[i]  (nash),   sum over i of x[i,n]  (sum),   x[i,n] of the smallest g[i]  (min)

so its standard error is that of the mean of z, and that of the difference of two schedules on the same luck that of the mean
of the difference of their z.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.case.instance import Instance
from detente.plan.units import sizes

__all__ = ["Aim", "Rank", "error", "mean"]

Floats = NDArray[np.float64]
Rank = tuple[float, int, float]
"""Losses (0 or less), parties that gain, the objective: the larger, the better."""


@dataclass(frozen=True)
class Aim:
    """An objective ("nash", "sum" or "min") for the parties of an instance."""

    objective: str
    places: tuple[int, ...]
    sizes: tuple[float, ...]

    @classmethod
    def of(cls, objective: str, instance: Instance) -> Aim:
        touched, size = instance.touched, sizes(instance)
        places = tuple(n for n, p in enumerate(instance.parties) if p.id in touched)
        return cls(objective, places, tuple(float(size[i]) for i in touched))

    def rank(self, gains: Floats) -> Rank:
        """Of plays of shape (N, P)."""
        mean = gains[:, list(self.places)].mean(axis=0) if len(gains) else np.zeros(len(self.places))
        losses = float(np.minimum(mean / np.array(self.sizes), 0.0).sum())
        return losses, int((mean > 0).sum()), self._worth(mean)

    def everybody_gains(self, rank: Rank) -> bool:
        return rank[1] == len(self.places)

    def z(self, gains: Floats) -> Floats:
        """What the objective moves with, of shape (N,)."""
        x = gains[:, list(self.places)]
        mean = x.mean(axis=0)
        if self.objective == "sum" or not len(mean):
            return np.asarray(x.sum(axis=1))
        if self.objective == "min":
            return np.asarray(x[:, int(np.argmin(mean))])
        gaining = mean > 0
        return np.asarray((x[:, gaining] / mean[gaining]).sum(axis=1))

    def _worth(self, mean: Floats) -> float:
        if self.objective == "sum":
            return math.fsum(mean)
        if self.objective == "min":
            return float(min(mean, default=0.0))
        return math.fsum(math.log(g) for g in mean if g > 0)


def error(x: Floats) -> float:
    """Standard error of the mean of N independent numbers."""
    return float(x.std(ddof=1) / math.sqrt(len(x))) if len(x) > 1 else math.nan


def mean(x: Floats) -> tuple[float, float]:
    """The mean of N independent numbers, and its standard error."""
    return float(x.mean()), error(x)
