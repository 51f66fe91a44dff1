"""Simple forecasts that anything better has to beat. None learns from another unit.

For unit u at origin o, with n known values y[1..n] up to it, h = 1..H ahead:

no-change   : the last known value plus the unit's own past changes over h periods (their empirical distribution);
              with fewer than 4 such changes, over one period times sqrt(h)
last-value  : the last known value as a certainty
last-poisson: a Poisson distribution whose mean is the last known value (VIEWS's last-historical-Poisson; counts only)
climatology : the empirical distribution of all the unit's past values
last-year   : that of its last 12 known values, 52 of weeks (conflictology)
decaying-d  : that of all its past values, with weights 2^(-age / d), d = 3, 6, 12, 24 periods
seasonal    : its values in the same season of past years, each with both neighbours; only if two years or more are known

No forecast lies below 0 where no known value does.

The range of n values holds the next one with probability (n - 1) / (n + 1) only, so in the mixture the distributions of past
values are *widened* beyond it: at a level p > n / (n + 1) by s sqrt(1 + 1/n) (t(p) - t(n / (n + 1))), with s their standard
deviation and t the quantiles of Student's distribution with n - 1 degrees of freedom; below 1 / (n + 1) likewise. With weights
w, n is (sum w)^2 / sum w^2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from detente.forecast.panel import Series
from detente.forecast.past import Past
from detente.forecast.quantiles import LEVELS, K, weighted

__all__ = ["BASELINES", "baseline_names", "last_known", "widened"]

_FEWEST_CHANGES = 4
_HALVES = {f"decaying-{half}": half for half in (3, 6, 12, 24)}
_NORMAL = 1e6  # a Poisson distribution of a larger mean is normal to what 100 values can show


def last_known(y: Series) -> Series:
    """The last value of each row that is not NaN (0 where there is none), of shape (N,)."""
    known = np.isfinite(y)
    place = y.shape[1] - 1 - np.argmax(known[:, ::-1], axis=1)
    out: Series = np.where(known.any(axis=1), y[np.arange(len(y)), place], 0.0)
    return out


def last_value(known: Past, horizon: int) -> Series:
    """Of shape (N, H, K), like all that follow."""
    return np.broadcast_to(last_known(known.y)[:, None, None], (len(known.y), horizon, K)).copy()


def no_change(known: Past, horizon: int) -> Series:
    """The last value and the unit's own changes."""
    out = np.empty((len(known.y), horizon, K))
    last, first = last_known(known.y), known.y[:, 1:] - known.y[:, :-1]
    for h in range(1, horizon + 1):
        far = known.y[:, h:] - known.y[:, :-h] if known.origin >= h else np.empty((len(known.y), 0))
        enough = np.isfinite(far).sum(axis=1) >= _FEWEST_CHANGES
        changes = _rows(far)
        near = _rows(first) * np.sqrt(h)
        out[:, h - 1] = last[:, None] + np.where(enough[:, None], changes, near)
    return np.maximum(out, known.lowest)


def last_poisson(known: Past, horizon: int) -> Series:
    """Poisson with the last value as its mean."""
    from scipy.stats import norm, poisson

    means, inverse = np.unique(np.maximum(last_known(known.y), 0.0), return_inverse=True)
    values = poisson.ppf(LEVELS[None, :], np.minimum(means, _NORMAL)[:, None])
    large = np.rint(means[:, None] + np.sqrt(means)[:, None] * norm.ppf(LEVELS)[None, :])
    values = np.where(means[:, None] > _NORMAL, large, values)
    return np.repeat(values[inverse][:, None, :], horizon, axis=1).astype(np.float64)


def climatology(known: Past, horizon: int) -> Series:
    """All past values."""
    return np.repeat(_rows(known.y)[:, None, :], horizon, axis=1)


def last_year(known: Past, horizon: int) -> Series:
    """The last year's values."""
    return np.repeat(_rows(_latest(known.y, _year(known)))[:, None, :], horizon, axis=1)


def decaying(known: Past, horizon: int, *, half: float) -> Series:
    """All past values, older ones less probable by half every `half` periods."""
    seen = np.isfinite(known.y)
    mass = np.where(seen, 0.5 ** (np.arange(known.origin, -1, -1) / half), 0.0)
    total = mass.sum(axis=1, keepdims=True)
    found = weighted(np.where(seen, known.y, 0.0), mass / np.where(total > 0, total, 1.0))
    return np.repeat(np.where(total > 0, found, 0.0)[:, None, :], horizon, axis=1)


def seasonal(known: Past, horizon: int) -> Series:
    """The same season in past years, with its neighbours."""
    out = np.empty((len(known.y), horizon, K))
    seasons = known.season(np.arange(known.origin + 1))
    for h in range(1, horizon + 1):
        apart = (seasons - known.season(known.origin + h)) % known.year
        out[:, h - 1] = _rows(known.y[:, (apart <= 1) | (apart == known.year - 1)])
    return out


def widened(found: Mapping[str, Series], known: Past) -> dict[str, Series]:
    """The forecasts with those of past values widened beyond the range of what few values have shown."""
    return {name: _widened(values, _worth(name, known), known) for name, values in found.items()}


def _worth(name: str, known: Past) -> Series | None:
    """How many values a distribution of past values rests on, of shape (N,); None for other forecasts."""
    seen = np.isfinite(known.y)
    if name in ("climatology", "last-year"):
        count: Series = seen.sum(axis=1).astype(np.float64)
        return np.minimum(count, _year(known)) if name == "last-year" else count
    if name in _HALVES:
        mass = np.where(seen, 0.5 ** (np.arange(known.origin, -1, -1) / _HALVES[name]), 0.0)
        found: Series = mass.sum(axis=1) ** 2 / np.maximum((mass**2).sum(axis=1), 1e-300)
        return found
    return None


def _widened(values: Series, worth: Series | None, known: Past) -> Series:
    from scipy.stats import t as student

    if worth is None:
        return values
    n = np.maximum(worth, 1.5)[:, None]
    beyond = np.maximum(student.ppf(LEVELS, n - 1) - student.ppf(n / (n + 1), n - 1), 0.0) * np.sqrt(1 + 1 / n)
    beyond = np.where(worth[:, None] > 1, beyond - beyond[:, ::-1], 0.0)  # one value says nothing of the spread
    spread = values.std(axis=-1) * np.sqrt(n / (n - 1))
    out: Series = np.maximum(values + spread[..., None] * beyond[:, None, :], known.lowest)
    return np.rint(out) if known.counts else out


def _year(known: Past) -> int:
    return max(12, known.year) if known.year < 52 else known.year


def _rows(y: Series) -> Series:
    """K quantiles of the known values of each row; 0 where there are none. Of shape (N, K)."""
    out = np.zeros((len(y), K))
    if not y.shape[1]:
        return out
    ordered = np.sort(y, axis=1)  # NaN last
    count = np.isfinite(y).sum(axis=1)
    places = np.minimum((LEVELS[None, :] * count[:, None]).astype(np.int64), np.maximum(count - 1, 0)[:, None])
    found: Series = np.where(count[:, None] > 0, np.take_along_axis(ordered, places, axis=1), 0.0)
    return found


def _latest(y: Series, many: int) -> Series:
    """The last `many` known values of each row, as columns; NaN where there are fewer."""
    if np.isfinite(y).all():
        return y[:, -many:]
    rank = np.cumsum(np.isfinite(y)[:, ::-1], axis=1)[:, ::-1]
    return np.where(rank <= many, y, np.nan)


BASELINES: Mapping[str, Callable[[Past, int], Series]] = {
    "no-change": no_change,
    "last-value": last_value,
    "last-poisson": last_poisson,
    "climatology": climatology,
    "last-year": last_year,
    **{name: partial(decaying, half=half) for name, half in _HALVES.items()},
    "seasonal": seasonal,
}


def baseline_names(known: Past) -> tuple[str, ...]:
    """Those that what is known at an origin allows: Poisson for counts only, seasons with two years only."""
    left_out = set() if known.counts else {"last-poisson"}
    if known.origin + 1 < 2 * known.year:
        left_out.add("seasonal")
    return tuple(n for n in BASELINES if n not in left_out)
