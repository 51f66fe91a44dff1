r"""What a roadmap is recommended for: the objective of what every party may expect.

g[i] is the mean over N plays of what party i gains over no deal, for the parties that some measure touches.

    nash   the sum of log g[i]       sum   the sum of g[i]       min   the smallest g[i]

Not the mean of the objective: a play that collapses has no logarithm, and nobody is asked to be fair in every play.

Little to gain. Let s[i] be the size of party i (module `plan.units`) and e[i] = s[i] / 10. Below e[i] the logarithm goes on
along its tangent, log e[i] + (g[i] - e[i]) / e[i]: to lose one size weighs as much as if another's gain fell to a 60,000th. So
nobody is made to lose for what the others gain; but a bystander who has little to gain, and something to lose by a break-off,
does not turn the search into one for that bystander alone, as a logarithm without end at 0 would. The other two objectives have
no such weight: there a schedule is ranked by its losses first, the sum of (g[i] + e[i]) / s[i] over the parties for which that
is below 0.

Errors, by the delta method. With x[i,n] the gain of party i in play n the objective moves, to first order, with the mean of

    z[n] = sum over i of x[i,n] / max(g[i], e[i])  (nash),   sum over i of x[i,n]  (sum),   x[i,n] of the smallest g[i]  (min)

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

__all__ = ["FELT", "Aim", "Rank", "error", "mean"]

Floats = NDArray[np.float64]
FELT = 0.1
"""Share of a party's size below which a gain or a loss counts as hardly felt."""

Rank = tuple[float, float]
"""Losses (0 or less; of `nash` 0), the objective: the larger, the better."""


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
        losses = np.minimum(mean / np.array(self.sizes) + FELT, 0.0).sum() if self.objective != "nash" else 0.0
        return float(losses), self._worth(mean)

    @property
    def _felt(self) -> Floats:
        return FELT * np.array(self.sizes)

    def z(self, gains: Floats) -> Floats:
        """What the objective moves with, of shape (N,)."""
        x = gains[:, list(self.places)]
        mean = x.mean(axis=0)
        if self.objective == "sum" or not len(mean):
            return np.asarray(x.sum(axis=1))
        if self.objective == "min":
            return np.asarray(x[:, int(np.argmin(mean))])
        return np.asarray((x / np.maximum(mean, self._felt)).sum(axis=1))

    def _worth(self, mean: Floats) -> float:
        if self.objective == "sum":
            return math.fsum(mean)
        if self.objective == "min":
            return float(min(mean, default=0.0))
        felt = self._felt
        return math.fsum(np.log(np.maximum(mean, felt)) + np.minimum((mean - felt) / felt, 0.0))


def error(x: Floats) -> float:
    """Standard error of the mean of N independent numbers."""
    return float(x.std(ddof=1) / math.sqrt(len(x))) if len(x) > 1 else math.nan


def mean(x: Floats) -> tuple[float, float]:
    """The mean of N independent numbers, and its standard error."""
    return float(x.mean()), error(x)
