"""The two shapes of a range [a, m, b] = [low, likely, high].

    pert         a Beta distribution stretched over [a, b]:  x = a + (b - a) y,
                 y ~ Beta(1 + k (m - a)/(b - a), 1 + k (b - m)/(b - a))  with k = 4, the usual weight of the likely value: mean
                 (a + 4 m + b) / 6
    triangular   density rising in a straight line from a to m and falling to b: mean (a + m + b) / 3

Both have a log-concave density: along any line it has one peak. A value without a range is taken as uniform over what is left
to it. Which shape is meant is said by the case (`draws.shape`); where the case is silent the profile `pert` is used, and named
in every result.

Malcolm, Roseboom, Clark and Fazar 1959 (PERT); Johnson 1997, The triangular distribution as a proxy for the beta distribution.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from detente.case.draws.quantities import Quantity

__all__ = ["LIKELY_WEIGHT", "SHAPES", "Shape"]

SHAPES = ("pert", "triangular")
LIKELY_WEIGHT = 4.0
UNIFORM, PERT, TRIANGULAR = 0, 1, 2

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Shape:
    """The marginal distributions of Q quantities, each array of shape (Q,).

    kind : UNIFORM, PERT or TRIANGULAR. low, likely, high : of the range, in the quantity's unit. rise, fall : the exponents
    alpha - 1 and beta - 1 of PERT, else 0.
    """

    kind: NDArray[np.int64]
    low: Floats
    likely: Floats
    high: Floats
    rise: Floats
    fall: Floats

    @classmethod
    def of(cls, shape: str, quantities: Sequence[Quantity]) -> Shape:
        """The marginals of the quantities; those without a range get [nan, likely, nan] and are uniform."""
        low = np.array([np.nan if q.low is None else float(q.low) for q in quantities])
        high = np.array([np.nan if q.high is None else float(q.high) for q in quantities])
        likely = np.array([float(q.likely) for q in quantities])
        given = np.array([q.is_given for q in quantities], dtype=bool)
        kind = np.where(given, PERT if shape == "pert" else TRIANGULAR, UNIFORM)
        width = np.where(given & (high > low), high - low, 1.0)
        share = np.where(given, (likely - np.nan_to_num(low)) / width, 0.0)
        is_pert = kind == PERT
        rise = np.where(is_pert, LIKELY_WEIGHT * share, 0.0)
        fall = np.where(is_pert, LIKELY_WEIGHT * (1 - share), 0.0)
        return cls(kind, low, likely, high, rise, fall)

    def take(self, which: Sequence[int]) -> Shape:
        """The marginals of some of the quantities."""
        n = np.asarray(which, dtype=np.int64)
        return Shape(self.kind[n], self.low[n], self.likely[n], self.high[n], self.rise[n], self.fall[n])

    def within(self, low: Floats, high: Floats) -> Shape:
        """The same with bounds for those that have none of their own."""
        free = np.isnan(self.low)
        return Shape(
            self.kind, np.where(free, low, self.low), self.likely, np.where(free, high, self.high), self.rise, self.fall
        )

    def quantiles(self, steps: int) -> Floats:
        """The values below which the shares 0, 1/steps, .., 1 lie, of shape (Q, steps + 1). Each quantity must have a range."""
        from scipy.special import betaincinv

        low, likely, high, u = self.low[:, None], self.likely[:, None], self.high[:, None], np.linspace(0, 1, steps + 1)
        out = low + (high - low) * u
        n = self.kind == PERT
        out[n] = low[n] + (high - low)[n] * betaincinv(1 + self.rise[n, None], 1 + self.fall[n, None], u)
        n = self.kind == TRIANGULAR
        up, down = u * (high - low)[n] * (likely - low)[n], (1 - u) * (high - low)[n] * (high - likely)[n]
        below = u * (high - low)[n] < (likely - low)[n]
        out[n] = np.where(below, low[n] + np.sqrt(up), high[n] - np.sqrt(down))
        return np.clip(out, low, high)

    def draw(self, rng: Generator, count: int) -> Floats:
        """Independent draws of every quantity, of shape (count, Q). Each quantity must have a range."""
        size = (count, len(self.kind))
        out = np.empty(size)
        for kind in (PERT, TRIANGULAR):
            n = np.flatnonzero(self.kind == kind)
            if not len(n):
                continue
            low, likely, high = self.low[n], self.likely[n], self.high[n]
            if kind == PERT:
                out[:, n] = low + (high - low) * rng.beta(1 + self.rise[n], 1 + self.fall[n], (count, len(n)))
            else:
                out[:, n] = rng.triangular(low, likely, high, (count, len(n)))
        return np.clip(out, self.low, self.high)
