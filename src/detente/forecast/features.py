"""What a unit's situation looks like at time t, in numbers that mean the same for every unit.

All values of unit u at time t are divided by its scale s[u,t], a floor plus its mean absolute value so far, older periods
counting less (by half every `memory` periods). The floor is a tenth of the median scale of the units that are not silent. Means
are exponential too: m2, m6 with half-lives of 2 and 6 periods, and the plain mean so far.

own            : the last four values, m2, m6, the mean so far, the spread around m6, the size with half-life 3, the largest
                 size and the quarters of the last 12, the share of zeros, the scale itself, how long it was quiet
reverse        : last value, m2 and m6 of the reverse dyad (reciprocity), divided by its own scale
neighbourhood  : mean of the last values and of m6 of all units that share a member, each divided by its scale; the same of all
when           : the horizon, the season, and the value a year before the target

Everything at t is computed from values at t or before.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from detente.forecast.panel import Series
from detente.forecast.past import Past

__all__ = ["Features", "decaying", "features"]


@dataclass(frozen=True, eq=False)
class Features:
    """x : of shape (N, T, F). scale, level, spread : s, m6 and the mean distance from m6, of shape (N, T)."""

    x: Series = field(repr=False)
    scale: Series = field(repr=False)
    level: Series = field(repr=False)
    spread: Series = field(repr=False)


def features(known: Past) -> Features:
    """Of every unit at every time up to the origin."""
    y = known.y
    seen = np.isfinite(y)
    value = np.where(seen, y, 0.0)
    size = decaying(np.abs(value), seen, known.judged["memory"])
    active = np.where(size > 0, size, np.nan)
    with np.errstate(all="ignore"):
        floor = 0.1 * _median(active)
    scale = size + np.maximum(floor, 1e-9)[None, :]
    m2, m6 = decaying(value, seen, 2.0), decaying(value, seen, 6.0)
    filled = np.where(seen, y, _before(m6))
    mean = decaying(value, seen, np.inf)
    gone = np.abs(filled - _before(m6))
    spread = decaying(np.where(seen, gone, 0.0), seen, 12.0)
    lags = [_shifted(filled, k) for k in range(4)]
    zeros = decaying((value == 0).astype(np.float64), seen, 6.0)
    own = [
        *lags,
        m2,
        m6,
        mean,
        spread,
        decaying(np.abs(value), seen, 3.0),
        _largest(np.abs(filled), 12),
        *_quarters(filled, 12),
    ]
    most = known.judged["outlying"]
    columns = [np.clip(c / scale, -most, most) for c in own]
    columns += [zeros, np.log(scale), np.log1p(_quiet(value))]
    z0, z6 = np.clip(filled / scale, -most, most), m6 / scale
    columns += _reverse(known, [z0, m2 / scale, z6]) + _neighbours(known, z0) + _neighbours(known, z6)
    return Features(np.stack(columns, axis=-1), scale, m6, spread)


def decaying(value: Series, seen: Series, half: float) -> Series:
    """Weighted mean so far with weights 2^(-age / half) on what was seen; 0 where nothing was."""
    keep = 0.5 ** (1.0 / half) if np.isfinite(half) else 1.0
    out = np.empty_like(value)
    total, weight = np.zeros(len(value)), np.zeros(len(value))
    for t in range(value.shape[1]):
        total = keep * total + np.where(seen[:, t], value[:, t], 0.0)
        weight = keep * weight + seen[:, t]
        out[:, t] = total / np.maximum(weight, 1e-9)
    return out


def _median(active: Series) -> Series:
    out = np.empty(active.shape[1])
    for t in range(active.shape[1]):
        found = active[np.isfinite(active[:, t]), t]
        out[t] = np.median(found) if len(found) else 1.0
    return out


def _before(m: Series) -> Series:
    return _shifted(m, 1)


def _shifted(y: Series, by: int) -> Series:
    """The value `by` periods before; before the first, the first."""
    if not by:
        return y
    k = min(by, y.shape[1])
    return np.concatenate([np.repeat(y[:, :1], k, axis=1), y[:, :-k] if k < y.shape[1] else y[:, :0]], axis=1)


def _largest(size: Series, many: int) -> Series:
    out = size.copy()
    for k in range(1, min(many, size.shape[1])):
        out[:, k:] = np.maximum(out[:, k:], size[:, :-k])
    return out


def _quarters(value: Series, many: int) -> list[Series]:
    """The lower, middle and upper quarter of the last `many` values, or of as many as there are."""
    padded = np.concatenate([np.full((len(value), many - 1), np.inf), value], axis=1)
    ordered = np.sort(np.lib.stride_tricks.sliding_window_view(padded, many, axis=1), axis=-1)
    there = np.minimum(np.arange(value.shape[1]) + 1, many)
    return [ordered[:, np.arange(value.shape[1]), (q * there).astype(np.int64)] for q in (0.25, 0.5, 0.75)]


def _quiet(value: Series) -> Series:
    """Periods since the last value other than 0."""
    out = np.empty_like(value)
    since = np.full(len(value), 0.0)
    for t in range(value.shape[1]):
        since = np.where(value[:, t] != 0, 0.0, since + 1)
        out[:, t] = since
    return out


def _reverse(known: Past, columns: list[Series]) -> list[Series]:
    if not (known.partner >= 0).any():
        return []
    there = known.partner >= 0
    return [np.where(there[:, None], c[known.partner], 0.0) for c in columns]


def _neighbours(known: Past, z: Series) -> list[Series]:
    everyone = np.broadcast_to(z.mean(axis=0), z.shape)
    if not known.members.shape[1]:
        return [everyone]
    size = int(known.members.max()) + 1
    total, count = np.zeros((size, z.shape[1])), np.zeros(size)
    for side in (0, 1):
        np.add.at(total, known.members[:, side], z)
        np.add.at(count, known.members[:, side], 1.0)
    a, b = known.members.T
    near = total[a] + total[b] - 2 * z
    many = (count[a] + count[b] - 2)[:, None]
    return [everyone, np.where(many > 0, near / np.maximum(many, 1.0), 0.0)]
