"""What a world is worth under each candidate without playing it again: a quadratic model, fitted to plays.

x[c,i,n]   what candidate c brings party i over no deal in play n; the luck of a play is the same for every candidate
h[q,n]     the uncertain values of play n, drawn from wider ranges than the case has
t[q,n]     (h[q,n] - centre[q]) / scale[q], so that its mean is 0 and its variance 1

    E[ x[c,i] | h ]  is taken to be  m[c,i] + sum over q of  a[q,c,i] t[q] + b[q,c,i] (t[q]^2 - 1)
                                            + sum over pairs (q, r) of  e[q,r,c,i] t[q] t[r]

The pairs are those of the `_PAIRED` quantities that move the differences between candidates most in a fit without pairs.

Gains are linear in values, and nearly so in the rest; the luck of single plays is what the fit takes out, which is what the
expected value of information needs (regression of plays on what they were drawn from: Strong, Oakley and Brennan 2014,
Estimating multiparameter partial expected value of perfect information from a probabilistic sensitivity analysis sample,
Medical Decision Making 34). Fitted by least squares are the first candidate and the differences of the others from it, play by
play. A coefficient k with standard error s becomes

    k max(0, 1 - 2 s^2 / k^2)

so that what luck alone has made does not count as doubt (non-negative garrote: Breiman 1995).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

__all__ = ["Surrogate", "fit"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_PER_COEFFICIENT = 8  # plays below which squares, and then pairs, are left out
_PAIRED = 12


@dataclass(frozen=True)
class Surrogate:
    """The model of C candidates, P parties and Q quantities.

    centre, scale, low, high : (Q,), of the plays; low and high are the ends of what was played. mean : (C, P), in the unit of
    each party. linear, square : (Q, C, P). pairs : (K, 2), places of quantities; cross : (K, C, P).
    """

    centre: Floats
    scale: Floats
    low: Floats
    high: Floats
    mean: Floats
    linear: Floats
    square: Floats
    pairs: Ints
    cross: Floats

    def of(self, own: Sequence[str], names: Sequence[str]) -> Surrogate:
        """The same with the quantities of these names, in their order; one that was not fitted makes no difference. own : the
        names of those that were."""
        at, absent = {x: n for n, x in enumerate(own)}, len(own)
        order = [at.get(x, absent) for x in names]

        def chosen(x: Floats, fill: float) -> Floats:
            return np.concatenate([x, np.full((1, *x.shape[1:]), fill)])[order]

        return Surrogate(
            chosen(self.centre, 0.0),
            chosen(self.scale, 1.0),
            chosen(self.low, 0.0),
            chosen(self.high, 0.0),
            self.mean,
            chosen(self.linear, 0.0),
            chosen(self.square, 0.0),
            np.array([list(names).index(own[int(q)]) for q in self.pairs.ravel()], dtype=np.int64).reshape(-1, 2),
            self.cross,
        )

    def standard(self, values: Floats) -> Floats:
        """t, of shape (N, Q), of values of the same shape."""
        return np.asarray((np.clip(values, self.low, self.high) - self.centre) / self.scale)

    def gains(self, values: Floats) -> Floats:
        """E[x | h], of shape (N, C, P), of values of shape (N, Q)."""
        t = self.standard(values)
        flat = self.mean.size
        out = t @ self.linear.reshape(-1, flat) + (t * t - 1) @ self.square.reshape(-1, flat) + self.mean.reshape(flat)
        out += (t[:, self.pairs[:, 0]] * t[:, self.pairs[:, 1]]) @ self.cross.reshape(-1, flat)
        return np.asarray(out).reshape(len(values), *self.mean.shape)


def fit(values: Floats, gains: Floats) -> Surrogate:
    """Fit the model. values : (N, Q). gains : (N, C, P), the first candidate being the one that others are held against."""
    many, count = values.shape
    centre, scale = values.mean(axis=0), values.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    t = (values - centre) / scale
    squares = many >= _PER_COEFFICIENT * (2 * count + 1)
    features = np.concatenate([np.ones((many, 1)), t, *([t * t - 1] if squares else [])], axis=1)
    targets = gains.copy()
    targets[:, 1:] -= gains[:, :1]
    flat = targets.reshape(many, -1)
    found = _shrunk(features, flat).reshape(-1, *gains.shape[1:])
    pairs = _pairs(found[1 : 1 + count], gains) if squares else np.zeros((0, 2), dtype=np.int64)
    if len(pairs) and many >= _PER_COEFFICIENT * (features.shape[1] + len(pairs)):
        features = np.concatenate([features, t[:, pairs[:, 0]] * t[:, pairs[:, 1]]], axis=1)
        found = _shrunk(features, flat).reshape(-1, *gains.shape[1:])
    else:
        pairs = pairs[:0]
    found[:, 1:] += found[:, :1]
    linear, rest = found[1 : 1 + count], found[1 + count :]
    square, cross = (rest[:count], rest[count:]) if squares else (np.zeros_like(linear), rest)
    low, high = (values.min(axis=0), values.max(axis=0)) if many else (centre, centre)
    return Surrogate(centre, scale, low, high, found[0], linear, square, pairs, cross)


def _pairs(linear: Floats, gains: Floats) -> Ints:
    """The pairs of the quantities that move the differences most, each party in the size of what it gains. linear : (Q, C, P);
    of all candidates but the first, that of the differences from it."""
    size = np.abs(gains.mean(axis=0)).max(axis=0)
    moves = (np.abs(linear[:, 1:]) / np.where(size > 0, size, 1.0)).max(axis=(1, 2), initial=0.0)
    top = sorted(np.argsort(-moves, kind="stable")[:_PAIRED])
    return np.array([p for p in combinations(top, 2) if moves[list(p)].all()], dtype=np.int64).reshape(-1, 2)


def _shrunk(features: Floats, targets: Floats) -> Floats:
    """Coefficients, of shape (K, targets); the first feature is constant, and its coefficient the mean."""
    many, count = features.shape
    gram = features.T @ features
    inverse = np.linalg.pinv(gram, hermitian=True)
    found = inverse @ (features.T @ targets)
    rest = targets - features @ found
    noise = np.square(rest).sum(axis=0) / max(1, many - count)
    doubt = np.maximum(np.diag(inverse), 0.0)[:, None] * noise
    size = np.square(found)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(size > 0, np.maximum(0.0, 1 - 2 * doubt / size), 0.0)
    share[0] = 1.0
    out: Floats = found * share
    return out
