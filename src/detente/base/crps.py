"""The continuous ranked probability score, in closed form; smaller is better.

    CRPS(F, y) = integral over x of (F(x) - [x >= y])^2  =  E|X - y| - E|X - X'| / 2 ,      X, X' independent draws

It is the absolute error of a forecast that is one point, and least, on average, for who states the distribution that he
believes in. For points x_1 <= .. <= x_K with probabilities p and distribution function F,

    E|X - X'| / 2 = sum over k < K of F_k (1 - F_k) (x_{k+1} - x_k)

Matheson and Winkler 1976; Gneiting and Raftery 2007.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["crps"]

Floats = NDArray[np.float64]


def crps(points: Floats, y: Floats, mass: Floats | None = None) -> Floats:
    """Of forecasts against observations y of shape (..), in the unit of the points; NaN where there is none.

    points : of shape (.., K) or (K,), rising. mass : their probabilities, of shape (.., K); None: all alike.
    """
    size = points.shape[-1]
    away = np.abs(points - y[..., None])
    reached = np.arange(1, size) / size if mass is None else np.cumsum(mass, axis=-1)[..., :-1]
    spread = (np.diff(points) * (reached * (1 - reached))).sum(axis=-1)
    out: Floats = (away.mean(axis=-1) if mass is None else (mass * away).sum(axis=-1)) - spread
    return out
