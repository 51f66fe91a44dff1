"""Hit-and-run: points of a polytope with the density that the ranges give, restricted to it.

    P = { x : low <= x <= high, rows @ x + constants >= 0 },    density proportional to f_1(x_1) .. f_D(x_D) on P

1. From x, choose a direction u with independent normal entries, each in units of the width of its range.
2. Find the two ends of the line x + s u within P.
3. Draw s from the density along the line by slice sampling: a level log f(x) + log U; s uniform between the ends; where f is
   below the level the end on that side moves to s, and s is drawn again. As f is log-concave the part above the level is one
   piece, and no draw is wasted.

The chain leaves the density unchanged and reaches every part of a P that has an interior (Smith 1984; Lovasz 1999; Neal 2003
for the slice). Chains are run apart, each from a point of its own and with a seed of its own, so that it does not matter on
how many cores they run.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.base.compiled import compiled
from detente.case.draws.shape import Shape

__all__ = ["chain"]

Floats = NDArray[np.float64]


def chain(
    shape: Shape, rows: Floats, constants: Floats, start: Floats, seed: int, *, keep: int, thin: int, warm: int
) -> Floats:
    """One chain.

    Parameters
    ----------
    shape : the marginals of D quantities, each with finite bounds.
    rows, constants : of shape (R, D) and (R,).
    start : of shape (D,), in the interior. The chain first moves to a random point on a random line through it.
    seed : 0 .. 2**32 - 1.
    keep, thin, warm : points returned, steps from one to the next, steps before the first.

    Returns
    -------
    ndarray of shape (keep, D)
    """
    return np.asarray(
        _run(
            shape.kind, shape.low, shape.likely, shape.high, shape.rise, shape.fall, rows, constants, start, seed, keep, thin,
            warm,
        )
    )  # fmt: skip


@compiled
def _log_density(kind, low, likely, high, rise, fall, x):  # type: ignore[no-untyped-def]
    """Up to a constant; minus infinity on the bounds and outside."""
    total = 0.0
    for n in range(len(x)):
        up, down = x[n] - low[n], high[n] - x[n]
        if up <= 0.0 or down <= 0.0:
            return -np.inf
        if kind[n] == 1:
            total += rise[n] * np.log(up) + fall[n] * np.log(down)
        elif kind[n] == 2:
            total += np.log(up / (likely[n] - low[n])) if x[n] < likely[n] else np.log(down / (high[n] - likely[n]))
    return total


@compiled
def _run(kind, low, likely, high, rise, fall, rows, constants, start, seed, keep, thin, warm):  # type: ignore[no-untyped-def]
    """The points that are kept, of shape (keep, D). low .. fall : of shape (D,). rows, constants : of shape (R, D) and (R,),
    rows @ x + constants >= 0. start : of shape (D,), inside. warm, thin : steps before the first point and from one to the
    next."""
    np.random.seed(seed)
    size, many = len(start), len(constants)
    x, u, y = start.copy(), np.empty(size), np.empty(size)
    out = np.empty((keep, size))
    for step in range(-warm, 1 + (keep - 1) * thin):
        for n in range(size):
            u[n] = np.random.normal() * (high[n] - low[n])
        left, right = -np.inf, np.inf
        for n in range(size):
            if u[n] != 0.0:
                a, b = (low[n] - x[n]) / u[n], (high[n] - x[n]) / u[n]
                left, right = max(left, min(a, b)), min(right, max(a, b))
        for k in range(many):
            slope, room = 0.0, constants[k]
            for n in range(size):
                slope += rows[k, n] * u[n]
                room += rows[k, n] * x[n]
            if slope > 0.0:
                left = max(left, -max(room, 0.0) / slope)
            elif slope < 0.0:
                right = min(right, -max(room, 0.0) / slope)
        level = -np.inf  # the first move goes anywhere on its line
        if step > -warm:
            level = _log_density(kind, low, likely, high, rise, fall, x) + np.log(1.0 - np.random.random())
        for _ in range(200):  # the piece around x is never empty; 200 halvings would leave nothing of it in floats
            s = left + (right - left) * np.random.random()
            for n in range(size):
                y[n] = x[n] + s * u[n]
            here = _log_density(kind, low, likely, high, rise, fall, y)
            if here >= level and here > -np.inf:
                x[:] = y
                break
            if s < 0.0:
                left = s
            else:
                right = s
        if step >= 0 and step % thin == 0:
            out[step // thin] = x
    return out
