"""The mixture: a linear pool of all models whose weights minimise past CRPS.

The CRPS of a pool F = sum w_i F_i is quadratic in its weights: with a_i = mean E|x_i - y| and D_ij = mean E|x_i - x_j|,

    CRPS(w) = a'w - 1/2 w'D w,        w >= 0, sum w = 1,

and convex on the simplex, since D is conditionally negative definite. Each horizon has weights of its own: they minimise
CRPS(w) + r |w - w1|^2 at that horizon, where w1 minimises the same over all horizons, pulled to w0 in its turn. w0 gives half
to the past that is forgotten by half a year (decaying-12), and half to the models that learn. r = min a_i / n, with n the
number of scored origins that do not overlap: of origins d periods apart, d / H each, and at least 1 in all. The fewer, the
nearer to w0. (Half, w0 and weights by horizon were settled on what the tables of docs/explanation/forecast.md held before the
origins that are reported there.)

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
    """Sums over the cases of one origin, by horizon. a : of shape (h, M). d : of shape (h, M, M). cases : how many in all."""

    a: Series = field(repr=False)
    d: Series = field(repr=False)
    cases: int

    @property
    def size(self) -> float:
        """The mean over the models of what they lost: the measure by which origins count alike."""
        return _size(self.a.sum(axis=0), self.d.sum(axis=0))

    def until(self, far: int) -> Scored:
        """The first `far` horizons alone."""
        return Scored(self.a[:far], self.d[:far], self.cases)

    def loss(self, w: Series) -> float:
        """The summed CRPS of the pool with weights of shape (H, M)."""
        return float((self.a * w[: len(self.a)]).sum() - np.einsum("hi,hij,hj", w[: len(self.a)], self.d, w[: len(self.a)]) / 2)


def _size(a: Series, d: Series) -> float:
    return float((a - np.diag(d) / 2).mean()) or 1.0


def distances(models: Sequence[Series], y: Series) -> Scored:
    """From forecasts of shape (N, H, K) each and observations of shape (N, H), NaN where there is none."""
    there = np.isfinite(y)
    horizons, count = y.shape[1], len(models)
    a, d = np.zeros((horizons, count)), np.zeros((horizons, count, count))
    few = [thinned(m, _FEW) for m in models]
    for h in range(horizons):
        at = there[:, h]
        found = [m[at, h] for m in few]
        a[h] = [np.abs(x - y[at, h, None]).mean(axis=1).sum() for x in found]
        for i, x in enumerate(found):
            for j in range(i + 1):
                d[h, i, j] = d[h, j, i] = np.abs(x[:, :, None] - found[j][:, None, :]).mean(axis=(1, 2)).sum()
    return Scored(a, d, int(there.sum()))


def chosen_weights(scored: Sequence[Scored], start: Series, horizon: int, apart: float = 1.0) -> Series:
    """The weights of the pool, (H, M), pulled to `start`, (M,). `apart`: the distance of origins as a share of H."""
    whole = _weights([(s.a.sum(axis=0), s.d.sum(axis=0)) for s in scored], start, apart)
    there = [[(s.a[h], s.d[h]) for s in scored if h < len(s.a) and s.a[h].any()] for h in range(horizon)]
    return np.stack([_cut(_weights(sums, whole, apart) if sums else whole) for sums in there])


def _weights(sums: Sequence[tuple[Series, Series]], start: Series, apart: float) -> Series:
    sizes = [_size(a, d) for a, d in sums]
    a = np.mean([a / size for (a, _), size in zip(sums, sizes, strict=True)], axis=0)
    d = np.mean([d / size for (_, d), size in zip(sums, sizes, strict=True)], axis=0)
    return _on_simplex(a, d, float(a.min()) / max(1.0, apart * len(sums)), start)


def _cut(w: Series) -> Series:
    kept = np.where(w < _LEAST, 0.0, w)
    out: Series = kept / kept.sum()
    return out


def cross_scored(scored: Sequence[Scored], start: Series, horizon: int, apart: float = 1.0) -> list[float]:
    """The summed CRPS of the pool at each origin, each block of origins with the weights that the others give."""
    blocks = [b for b in np.array_split(np.arange(len(scored)), min(_BLOCKS, len(scored))) if len(b)]
    out: list[float] = []
    for block in blocks:
        others = [s for n, s in enumerate(scored) if n not in block]
        w = chosen_weights(others, start, horizon, apart) if others else np.tile(start, (horizon, 1))
        out += [s.loss(w) for s in (scored[n] for n in block)]
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
