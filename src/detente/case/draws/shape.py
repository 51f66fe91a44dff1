"""The two shapes of a range [a, m, b] = [low, likely, high].

    pert         a Beta distribution stretched over [a, b]:  x = a + (b - a) y,
                 y ~ Beta(1 + k (m - a)/(b - a), 1 + k (b - m)/(b - a))  with k = 4, the usual weight of the likely value: mean
                 u = (a + 4 m + b) / 6, variance (u - a)(b - u) / 7
    triangular   density rising in a straight line from a to m and falling to b: mean (a + m + b) / 3, variance
                 (a^2 + m^2 + b^2 - a m - a b - m b) / 18

Both have a log-concave density: along any line it has one peak. A value without a range is taken as uniform over what is left
to it. Which shape is meant is said by the case (`draws.shape`); where the case is silent the profile `pert` is used, and named
in every result.

Malcolm, Roseboom, Clark and Fazar 1959 (PERT); Johnson 1997, The triangular distribution as a proxy for the beta distribution.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

__all__ = ["LIKELY_WEIGHT", "Shape"]

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
    def of(cls, shape: str, low: Floats, likely: Floats, high: Floats) -> Shape:
        """The marginals of these ranges; where low and high are nan there is none, and the quantity is uniform."""
        given = ~np.isnan(low)
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

    @property
    def mean(self) -> Floats:
        """Of shape (Q,). Each quantity must have a range."""
        weight = self._weight
        return np.asarray((self.low + weight * self.likely + self.high) / (2 + weight))

    @property
    def variance(self) -> Floats:
        """Of shape (Q,). Each quantity must have a range."""
        a, m, b, u = self.low, self.likely, self.high, self.mean
        triangle = (a * a + m * m + b * b - a * m - a * b - m * b) / 18
        pert = (u - a) * (b - u) / (LIKELY_WEIGHT + 3)
        return np.where(self.kind == PERT, pert, np.where(self.kind == TRIANGULAR, triangle, (b - a) ** 2 / 12))

    @property
    def _weight(self) -> Floats:
        """Of the likely value in the mean."""
        return np.where(self.kind == PERT, LIKELY_WEIGHT, np.where(self.kind == TRIANGULAR, 1.0, 0.0))

    def with_mean(self, mean: Floats) -> Floats:
        """The likely values by which the means are these, kept between the ends, of shape (Q,). Each quantity must have a
        range."""
        weight = self._weight
        found = ((2 + weight) * mean - self.low - self.high) / np.where(weight > 0, weight, 1.0)
        return np.clip(found, self.low, self.high)

    def within(self, low: Floats, high: Floats) -> Shape:
        """The same with bounds for those that have none of their own."""
        free = np.isnan(self.low)
        return Shape(
            self.kind, np.where(free, low, self.low), self.likely, np.where(free, high, self.high), self.rise, self.fall
        )

    def below(self, x: Floats) -> Floats:
        """The share of each quantity that lies below a value, both of shape (Q,). Each quantity must have a range."""
        from scipy.special import betainc

        width, up, down = self.high - self.low, self.likely - self.low, self.high - self.likely
        share = np.clip((x - self.low) / width, 0, 1)
        rising, falling = share**2 * width / np.where(up > 0, up, 1), 1 - (1 - share) ** 2 * width / np.where(down > 0, down, 1)
        triangle = np.where(share * width < up, rising, falling)
        pert = betainc(1 + self.rise, 1 + self.fall, share)
        return np.where(self.kind == PERT, pert, np.where(self.kind == TRIANGULAR, triangle, share))

    def quantiles(self, steps: int) -> Floats:
        """The values below which the shares 0, 1/steps, .., 1 lie, of shape (Q, steps + 1). Each quantity must have a range."""
        low, likely, high, u = self.low[:, None], self.likely[:, None], self.high[:, None], np.linspace(0, 1, steps + 1)
        out = low + (high - low) * u
        for q in np.flatnonzero(self.kind == PERT):
            out[q] = low[q] + (high - low)[q] * _standard(self.rise[q], steps)
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


@functools.lru_cache(maxsize=1000)
def _standard(rise: float, steps: int) -> Floats:
    """The quantiles of a PERT quantity on [0, 1]; many have the same, those that the spread gives among them."""
    from scipy.special import betaincinv

    found: Floats = betaincinv(1 + rise, 1 + LIKELY_WEIGHT - rise, np.linspace(0, 1, steps + 1))
    found.flags.writeable = False
    return found
