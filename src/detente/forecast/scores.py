"""How good forecasts were. A forecast is K equally likely values x, the observation y; smaller is better in every score.

CRPS         E|x - y| - 1/2 E|x - x'|, x and x' independent, in the unit of the series (`detente.base.crps`)
Brier        (p - 1{crisis})^2, p the share of values that are a crisis
log score    -log of the probability of the bin that y falls into. Bins lie between the distinct quantiles at 0.1, 0.2 .. 0.9 of
             what was known before the first origin; each has (1 + count of its values) / (bins + K): it stays finite
coverage     the share of observations inside the middle 80%. A value to which a forecast gives a lump of probability (often
             0) counts by the share of that lump between the levels 0.1 and 0.9 (the non-randomised PIT of Czado, Gneiting and
             Held 2009), so that a right forecast of counts, too, has 0.8. `closed`: y in [q(0.1), q(0.9)] instead
reliability  of the crisis forecasts: by tenths of p, the mean p and how often it came true

Comparing two forecasts by their losses, a and b:

skill        1 - sum a / sum b
interval     2.5% to 97.5% of the skill over 2,000 resamples in which blocks of H neighbouring origins (or of half the origins
             where there are fewer than 2 H) and, at the same time, units are drawn with replacement
paired test  Diebold and Mariano 1995 on the mean loss of each origin, long-run variance with H - 1 lags (Bartlett weights),
             Harvey, Leybourne and Newbold's 1997 correction, t with n - 1 degrees of freedom, two-sided
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.errors import InputError
from detente.forecast.panel import Series
from detente.forecast.quantiles import quantile

__all__ = [
    "Crisis",
    "bins_of",
    "brier",
    "closed",
    "coverage",
    "log_score",
    "paired_test",
    "reliability",
    "skill_interval",
]

_RESAMPLES = 2000
_LOW, _HIGH = 0.1, 0.9  # the middle 80%


@dataclass(frozen=True)
class Crisis:
    """What makes a period a crisis: a value of at least (or, `below`, at most) a threshold that the user states."""

    threshold: float
    below: bool = False

    @classmethod
    def of(cls, text: str | float) -> Crisis:
        """From ``50``, ``>=50`` or ``<=-100``.

        Raises
        ------
        InputError
            If it is none of these.
        """
        found = re.fullmatch(r"\s*(>=|<=)?\s*([-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)\s*", str(text))
        if not found:
            raise InputError(f"crisis: got {text!r}, wanted a threshold such as 50, '>=50' or '<=-100'")
        return cls(float(found[2]), found[1] == "<=")

    def __str__(self) -> str:
        return f"{'at most' if self.below else 'at least'} {self.threshold:g}"

    def holds(self, values: Series) -> NDArray[np.bool_]:
        """Which values are a crisis."""
        return values <= self.threshold if self.below else values >= self.threshold

    def chance(self, values: Series) -> Series:
        """The share of the values of each forecast that are."""
        out: Series = self.holds(values).mean(axis=-1)
        return out


def brier(chance: Series, happened: NDArray[np.bool_]) -> Series:
    """The squared distance of a probability from what happened."""
    out: Series = (chance - happened) ** 2
    return out


def bins_of(y: Series) -> Series:
    """The bounds between the bins of the log score."""
    return np.unique(np.quantile(y[np.isfinite(y)], np.arange(1, 10) / 10))


def log_score(values: Series, y: Series, bounds: Series) -> Series:
    """Minus the log of the probability of the observed bin; a value on a bound belongs to the bin below it."""
    mine, seen = np.searchsorted(bounds, values), np.searchsorted(bounds, y)
    count = (mine == seen[..., None]).sum(axis=-1)
    out: Series = -np.log((1.0 + count) / (len(bounds) + 1 + values.shape[-1]))
    return np.where(np.isfinite(y), out, np.nan)


def coverage(values: Series, y: Series) -> Series:
    """How much of each observation lies between the levels: 0, 1, or the share of a lump."""
    under = (values < y[..., None]).mean(axis=-1)
    up_to = (values <= y[..., None]).mean(axis=-1)
    lump = up_to - under
    inside = np.clip(np.minimum(up_to, _HIGH) - np.maximum(under, _LOW), 0.0, None)
    share = np.where(lump > 0, inside / np.where(lump > 0, lump, 1.0), (under >= _LOW) & (under <= _HIGH))
    return np.where(np.isfinite(y), share, np.nan)


def closed(values: Series, y: Series) -> Series:
    """Whether each observation lies in the closed interval between two quantiles."""
    inside = (y >= quantile(values, _LOW)) & (y <= quantile(values, _HIGH))
    return np.where(np.isfinite(y), inside, np.nan)


def reliability(chance: Series, happened: NDArray[np.bool_]) -> list[tuple[float, float, int]]:
    """Mean forecast, observed frequency and number, by tenths of the forecast; empty tenths are left out."""
    tenth = np.minimum((np.asarray(chance) * 10).astype(np.int64), 9)
    out = []
    for k in range(10):
        here = tenth == k
        if here.any():
            out.append((float(chance[here].mean()), float(happened[here].mean()), int(here.sum())))
    return out


def paired_test(a: Series, b: Series, horizon: int) -> float | None:
    """The two-sided p-value that two series of losses, one an origin, differ; None with fewer than 8 origins or no spread."""
    from scipy.stats import t as student

    d = a - b
    n = len(d)
    if n < 8 or not np.isfinite(d).all():
        return None
    centred = d - d.mean()
    lags = min(horizon - 1, n - 2)
    variance = float(centred @ centred) / n
    for k in range(1, lags + 1):
        variance += 2 * (1 - k / (lags + 1)) * float(centred[k:] @ centred[:-k]) / n
    if variance <= 0:
        return None
    correction = max((n + 1 - 2 * horizon + horizon * (horizon - 1) / n) / n, 1 / n)
    statistic = d.mean() / np.sqrt(variance / n) * np.sqrt(correction)
    return float(2 * student.sf(abs(statistic), n - 1))


def skill_interval(a: Series, b: Series, horizon: int, seed: int) -> tuple[float, float] | None:
    """From summed losses of shape (origins, units), NaN where a unit was not forecast; None if nothing can be resampled."""
    a, b = np.nan_to_num(a), np.nan_to_num(b)
    origins, units = a.shape
    if origins * units < 2 or not b.sum():
        return None
    draw = np.random.default_rng(seed)
    length = max(1, min(horizon, origins // 2))
    blocks = -(-origins // length)
    start = draw.integers(0, origins, (_RESAMPLES, blocks))
    picked = ((start[:, :, None] + np.arange(length)) % origins).reshape(_RESAMPLES, -1)[:, :origins]
    found = np.empty(_RESAMPLES)
    for k in range(_RESAMPLES):
        times = np.bincount(picked[k], minlength=origins)
        many = np.bincount(draw.integers(0, units, units), minlength=units)
        below = float(times @ b @ many)
        found[k] = 1 - float(times @ a @ many) / below if below else np.nan
    found = found[np.isfinite(found)]
    if not len(found):
        return None
    low, high = np.quantile(found, [0.025, 0.975])
    return float(low), float(high)
