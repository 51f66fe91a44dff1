"""A distribution over outcomes that knows where bargains end: at positions that somebody holds, more often than between them.

On the grid g = 0, 1, .., 100 (hundredths of the range) the distribution is a mixture P = sum_k p_k f_k of

    held p       for every position p that somebody holds:  exp(-|g - p|)
    normal sd    around the weighted mean mu = sum_i w_i x_i, with standard deviation 8, 16 and 28
    uniform      from the lowest to the highest position
    middle       if nobody holds it, the middle of the lowest and the highest position:  exp(-|g - middle|)

each normalised over the grid; normal and uniform first times a factor for round numbers: 1 at multiples of 10, 0.6 at the other
multiples of 5, 0.12 elsewhere (set by hand; it matters for the logarithmic score only). The probabilities are a softmax, p_k
proportional to exp(z_k), with

    held p       share ln(share_p + 0.03) - distance sum_i w_i |x_i - p| / 25 + end [p is an end of the range]
                 + end_polar [the same, where all positions are at ends] + inner [p strictly between lowest and highest]
    normal sd    normal_8, normal_16, normal_28, each plus normal_polar where all positions are at ends
    uniform      uniform
    middle       middle, plus middle_polar where all positions are at ends

share_p is the weight of those who hold p. All this is the same when the scale is mirrored, shifted or stretched.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from detente.positions.panel import Panel, sums_by
from detente.positions.profile import COMPONENTS, PositionsProfile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from detente.positions.panel import Floats

__all__ = ["GRID", "Chunk", "chunks", "distribution", "held_positions", "probabilities"]

GRID = np.arange(101.0)
SPREADS = (8.0, 16.0, 28.0)
CLOSE = 1e-6  # hundredths of the range within which two positions are one
ROUND = np.where(GRID % 10 == 0, 1.0, np.where(GRID % 5 == 0, 0.6, 0.12))
_BATCH = 512  # issues at a time: 512 x 25 components x 101 grid points are 10 MB


@dataclass(frozen=True)
class Chunk:
    """Some issues of a panel with the same room for components.

    issues : ndarray(int, ndim=1) of shape (B,)
    density : ndarray(float, ndim=3) of shape (B, K, 101): f_k
    features : (B, K, 12): what the coefficients multiply, in the order of COMPONENTS
    present : ndarray(bool, ndim=2) of shape (B, K)
    """

    issues: NDArray[np.int64]
    density: Floats
    features: Floats
    present: NDArray[np.bool_]


def held_positions(panel: Panel) -> tuple[NDArray[np.int64], Floats, NDArray[np.int64]]:
    """Distinct positions by issue: the issue of each, the position, and for each entry the number of its position."""
    order = np.lexsort((panel.x, panel.issue))
    x, of = panel.x[order], panel.issue[order]
    new = np.concatenate([[True], (np.diff(x) > CLOSE) | (np.diff(of) > 0)]) if len(x) else np.zeros(0, dtype=bool)
    number = np.empty(len(x), dtype=np.int64)
    number[order] = np.cumsum(new) - 1
    return of[new], x[new], number


def chunks(panel: Panel, w: Floats) -> Iterator[Chunk]:
    """The components of all issues, a batch of similar size at a time."""
    of, held, number = held_positions(panel)
    counts = np.bincount(of, minlength=panel.count)
    first = np.concatenate([[0], np.cumsum(counts)[:-1]])
    share = sums_by(number, w, len(held))
    far = _distances(panel, w, of, held)
    mu = panel.sums(w * panel.x)
    order = np.argsort(counts, kind="stable")
    at = 0
    while at < len(order):
        room = int(counts[order[at]])
        size = max(1, min(_BATCH, int(np.searchsorted(counts[order], room * 1.3 + 2, side="right")) - at))
        issues = np.sort(order[at : at + size])
        yield _chunk(issues, counts, first, held, share, far, mu)
        at += size


def _distances(panel: Panel, w: Floats, of: NDArray[np.int64], held: Floats) -> Floats:
    """sum_i w_i |x_i - p| for every held position p, by running sums over the sorted positions of each issue."""
    order = np.lexsort((panel.x, panel.issue))
    x, v = panel.x[order], w[order]
    weight, moment = np.concatenate([[0.0], np.cumsum(v)]), np.concatenate([[0.0], np.cumsum(v * x)])
    big = 1e3  # further apart than any two positions: one sorted key for all issues
    place = np.searchsorted(panel.issue[order] * big + x, of * big + held, side="right")
    start = panel.start[of]
    end = np.append(panel.start[1:], len(x))[of]
    below, under = weight[place] - weight[start], moment[place] - moment[start]
    above, over = weight[end] - weight[place], moment[end] - moment[place]
    found: Floats = np.maximum(held * below - under + over - held * above, 0.0)
    return found


def _chunk(
    issues: NDArray[np.int64],
    counts: NDArray[np.int64],
    first: NDArray[np.int64],
    held: Floats,
    share: Floats,
    far: Floats,
    mu: Floats,
) -> Chunk:
    H = int(counts[issues].max())
    slot = np.arange(H)
    real = slot < counts[issues][:, None]
    index = np.where(real, first[issues][:, None] + slot, first[issues][:, None])
    p = held[index]
    low, high = p[:, 0], held[first[issues] + counts[issues] - 1]
    at_end: NDArray[np.bool_] = np.asarray((p <= CLOSE) | (p >= 100 - CLOSE))
    polar: NDArray[np.bool_] = np.asarray((at_end | ~real).all(axis=1))
    middle = (low + high) / 2
    free = ~(real & (np.abs(p - middle[:, None]) <= CLOSE)).any(axis=1)
    B = len(issues)
    density = np.empty((B, H + 5, len(GRID)))
    some, which = np.unique(p, return_inverse=True)  # the same positions return in many issues
    density[:, :H] = _lumps(some)[which.reshape(p.shape)]
    centre = mu[issues][:, None, None]
    density[:, H : H + 3] = np.exp(-0.5 * ((GRID - centre) / np.array(SPREADS)[:, None]) ** 2) * ROUND
    density[:, H + 3] = _between(low, high) * ROUND
    density[:, H : H + 4] /= density[:, H : H + 4].sum(axis=2, keepdims=True)
    density[:, H + 4] = _lumps(middle)
    phi = np.zeros((B, H + 5, len(COMPONENTS)))
    phi[:, :H, 0] = np.log(share[index] + 0.03)
    phi[:, :H, 1] = -far[index] / 25.0
    phi[:, :H, 2] = at_end
    phi[:, :H, 3] = at_end & polar[:, None]
    phi[:, :H, 4] = (p > low[:, None] + CLOSE) & (p < high[:, None] - CLOSE)
    for k in range(3):
        phi[:, H + k, 5 + k] = 1.0
        phi[:, H + k, 8] = polar
    phi[:, H + 3, 9] = 1.0
    phi[:, H + 4, 10] = 1.0
    phi[:, H + 4, 11] = polar
    present = np.concatenate([real, np.ones((B, 4), dtype=bool), free[:, None]], axis=1)
    return Chunk(issues, density, phi, present)


def _lumps(p: Floats) -> Floats:
    """exp(-|g - p|) over its sum, for each position."""
    raw = np.exp(-np.abs(GRID - p[:, None]))
    found: Floats = raw / raw.sum(axis=1, keepdims=True)
    return found


def _between(low: Floats, high: Floats) -> Floats:
    """1 on the grid points from low to high; the nearest one where there is none between."""
    inside = (low[:, None] - CLOSE <= GRID) & (high[:, None] + CLOSE >= GRID)
    nearest = np.rint((low + high) / 2)[:, None] == GRID
    return np.where(inside.any(axis=1, keepdims=True), inside, nearest).astype(float)


def probabilities(chunk: Chunk, coefficients: Floats) -> Floats:
    """p of shape (B, K)."""
    z = np.where(chunk.present, chunk.features @ coefficients, -np.inf)
    raw = np.exp(z - z.max(axis=1, keepdims=True))
    found: Floats = raw / raw.sum(axis=1, keepdims=True)
    return found


def distribution(panel: Panel, w: Floats, profile: PositionsProfile) -> Floats:
    """P of shape (M, 101)."""
    coefficients = np.array([profile.mixture[name] for name in COMPONENTS])
    out = np.empty((panel.count, len(GRID)))
    for chunk in chunks(panel, w):
        out[chunk.issues] = np.einsum("bk,bkg->bg", probabilities(chunk, coefficients), chunk.density)
    return out
