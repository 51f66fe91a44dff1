"""The mixture: a linear pool of all models whose weights minimise past CRPS.

The CRPS of a pool F = sum w_i F_i is quadratic in its weights: with a_i = mean E|x_i - y| and D_ij = mean E|x_i - x_j|,

    CRPS(w) = a'w - 1/2 w'D w,        w >= 0, sum w = 1,

and convex on the simplex, since D is conditionally negative definite. The weights minimise CRPS(w) + r |w - w0|^2, where w0
gives equal weight to the last year and to every model that learns, and r = min a_i / n. n is the number of origins scored
that do not overlap: of origins d periods apart, d / H, and at least 1 in all. The fewer, the nearer to w0.

Origins count alike: a and D of each are divided by the mean loss of all models there, so that one month in which everything
was missed does not decide. The choice among the models is made by the same measure.

The score that the mixture is chosen by is not the one its weights were fitted on: the scored origins are cut into up to four
blocks in order of time, and each block is scored with weights fitted on the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from detente.forecast.panel import Series
from detente.forecast.quantiles import thinned

__all__ = ["Scored", "chosen_weights", "cross_scored", "distances"]

_FEW = 20
_BLOCKS = 4
_LEAST = 0.01  # a smaller weight is none


@dataclass(frozen=True, eq=False)
class Scored:
    """Sums over the cases of one origin. a : of shape (M,). d : of shape (M, M). cases : how many."""

    a: Series = field(repr=False)
    d: Series = field(repr=False)
    cases: int

    @property
    def size(self) -> float:
        """The mean over the models of what they lost: the measure by which origins count alike."""
        return float((self.a - np.diag(self.d) / 2).mean()) or 1.0


def distances(models: Sequence[Series], y: Series) -> Scored:
    """From forecasts of shape (N, H, K) each and observations of shape (N, H), NaN where there is none."""
    there = np.isfinite(y)
    seen = y[there]
    few = [thinned(m, _FEW)[there] for m in models]
    a = np.array([np.abs(x - seen[:, None]).mean(axis=1).sum() for x in few])
    d = np.zeros((len(few), len(few)))
    for i, x in enumerate(few):
        for j in range(i + 1):
            d[i, j] = d[j, i] = np.abs(x[:, :, None] - few[j][:, None, :]).mean(axis=(1, 2)).sum()
    return Scored(a, d, int(there.sum()))


def chosen_weights(scored: Sequence[Scored], start: Series, apart: float = 1.0) -> Series:
    """The weights of the pool, pulled to `start`; both of shape (M,). `apart`: the distance of origins as a share of H."""
    a = np.mean([s.a / s.size for s in scored], axis=0)
    d = np.mean([s.d / s.size for s in scored], axis=0)
    w = _on_simplex(a, d, float(a.min()) / max(1.0, apart * len(scored)), start)
    w[w < _LEAST] = 0.0
    out: Series = w / w.sum()
    return out


def cross_scored(scored: Sequence[Scored], start: Series, apart: float = 1.0) -> list[float]:
    """The summed CRPS of the pool at each origin, each block of origins with the weights that the others give."""
    blocks = [b for b in np.array_split(np.arange(len(scored)), min(_BLOCKS, len(scored))) if len(b)]
    out: list[float] = []
    for block in blocks:
        others = [s for n, s in enumerate(scored) if n not in block]
        w = chosen_weights(others, start, apart) if others else start
        out += [float(s.a @ w - w @ s.d @ w / 2) for s in (scored[n] for n in block)]
    return out


def _on_simplex(a: Series, d: Series, pull: float, start: Series) -> Series:
    """Projected gradient with a step that the largest curvature allows."""
    curve = float(np.abs(np.linalg.eigvalsh(d)).max()) + 2 * pull
    w = start
    for _ in range(5000):
        last, w = w, _projected(w - (a - d @ w + 2 * pull * (w - start)) / max(curve, 1e-300))
        if np.abs(w - last).max() < 1e-9:
            break
    return w


def _projected(v: Series) -> Series:
    """The nearest point of the simplex."""
    u = np.sort(v)[::-1]
    rest = (np.cumsum(u) - 1) / np.arange(1, len(v) + 1)
    out: Series = np.maximum(v - rest[np.flatnonzero(u > rest)[-1]], 0.0)
    return out
