"""Where the level of a series shifts: exact segmentation of its ranks, with a penalty that the series itself sets.

Model: y_1 .. y_n are exchangeable within segments, and their level shifts at unknown places. Ranks r_t (ties share their mean
rank) take the place of the values, so that a single wild month makes no shift. The segmentation minimises

    sum over segments of sum (r - mean rank of the segment)^2  +  penalty * (number of shifts)

by optimal partitioning (Jackson et al. 2005), exact, in O(n^2); PELT (Killick, Fearnhead and Eckley 2012) prunes the same
search and gives the same answer. Rank statistics for several shifts: Lung-Yut-Fong, Levy-Leduc and Cappe 2015. No segment is
shorter than SHORTEST.

**Penalty.** A single shift is worth its gain G = max over splits of (the fall in the sum of squares). Under "no shift" all
orders of the values are equally likely, so the penalty is the (1 - alpha) quantile of G over ORDERS random orders: a series
without shifts is split in about alpha of the cases, whatever the distribution of its values. Real values depend on their
neighbours, which makes waves that look like shifts; the orders are therefore of blocks of round(n^(1/3)) neighbours, from a
random first value on and round the end, so that what lies within a block stays together (the idea of the block bootstrap,
Kuensch 1989). Shifts that were found widen the spread, and so the penalty; it is set anew on what is left around the found
means, and the segmentation repeated, until nothing changes (at most ROUNDS times). Further shifts are only sought where a
first one was found, so alpha still holds.

**Strength** of a shift: the probability that a value after it is higher than one before it, ties counted half (0.5: no
difference; Mann and Whitney), taken over the two segments beside it; and p: in what share of ORDERS such orders of these two
segments the gain of one split is at least as large, the order itself included.

A slow drift, or a wave longer than the blocks, is cut into steps by this model. Read shifts as a summary, not as proof of a
cause.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["ORDERS", "SHORTEST", "Shift", "shifts"]

SHORTEST = 2
ORDERS = 499
ROUNDS = 5


@dataclass(frozen=True)
class Shift:
    """A shift before the value at `at` (from 0): means of the values in the segments before and after it; `higher`: the
    probability that a value after it is higher than one before it."""

    at: int
    before: float
    after: float
    higher: float
    p: float


def shifts(values: Sequence[float], *, alpha: float, seed: int = 0) -> tuple[tuple[Shift, ...], float]:
    """The shifts of a series, and the penalty with which they were found.

    Parameters
    ----------
    values : of length n >= 2 SHORTEST.
    alpha : how often a series without shifts may be split, 0 < alpha < 1.
    """
    import numpy as np

    given = np.asarray(values, float)
    y = _ranks(given)
    random = np.random.default_rng(seed)
    found: tuple[int, ...] = ()
    penalty = 0.0
    for _ in range(ROUNDS):
        left = y - _means(y, found)
        penalty = max(_penalty(left, alpha, random), 1e-9 * float(((y - y.mean()) ** 2).sum()))
        again = _split(y, penalty)
        if again == found or not (again or found):
            found = again
            break
        found = again
    return tuple(_shift(given, y, found, k, random) for k in range(len(found))), penalty


def _penalty(left: NDArray[np.float64], alpha: float, random: np.random.Generator) -> float:
    import numpy as np

    return float(np.quantile(_gain(_orders(left, random)), 1 - alpha))


def _orders(y: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.float64]:
    """Random orders of blocks of neighbours, one a row; every value stands once in each."""
    import numpy as np

    n = len(y)
    size = max(1, round(n ** (1 / 3)))
    blocks = random.permuted(np.tile(np.arange(-(-n // size)), (ORDERS, 1)), axis=1)
    place = (blocks[:, :, None] * size + np.arange(size)).reshape(ORDERS, -1)
    place = place[place < n].reshape(ORDERS, n)  # the last block is shorter
    out: NDArray[np.float64] = y[(place + random.integers(n, size=(ORDERS, 1))) % n]
    return out


def _gain(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """For each row how much the best single split lowers the sum of squares."""
    import numpy as np

    n = rows.shape[1]
    k = np.arange(SHORTEST, n - SHORTEST + 1)
    sums = np.cumsum(rows, axis=1)
    first, total = sums[:, k - 1], sums[:, -1:]
    gain: NDArray[np.float64] = (first**2 / k + (total - first) ** 2 / (n - k) - total**2 / n).max(axis=1)
    return gain


def _split(y: NDArray[np.float64], penalty: float) -> tuple[int, ...]:
    """Optimal partitioning: the beginnings of all segments but the first."""
    import numpy as np

    n = len(y)
    centred = y - y.mean()
    s1, s2 = np.concatenate([[0.0], np.cumsum(centred)]), np.concatenate([[0.0], np.cumsum(centred**2)])
    best, last = np.full(n + 1, np.inf), np.zeros(n + 1, int)
    best[0] = -penalty
    for end in range(SHORTEST, n + 1):
        start = np.arange(0, end - SHORTEST + 1)
        size = end - start
        cost = s2[end] - s2[start] - (s1[end] - s1[start]) ** 2 / size
        total = best[start] + cost + penalty
        last[end] = int(total.argmin())
        best[end] = total[last[end]]
    cuts, end = [], n
    while last[end] > 0:
        end = int(last[end])
        cuts.append(end)
    return tuple(reversed(cuts))


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """From 1; ties share the mean of their ranks."""
    import numpy as np

    _, place, ties = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(ties)
    ranks: NDArray[np.float64] = ((last - ties + 1 + last) / 2)[place]
    return ranks


def _means(y: NDArray[np.float64], cuts: tuple[int, ...]) -> NDArray[np.float64]:
    import numpy as np

    out = np.empty_like(y)
    for start, end in zip((0, *cuts), (*cuts, len(y)), strict=True):
        out[start:end] = y[start:end].mean()
    return out


def _shift(
    values: NDArray[np.float64],
    ranks: NDArray[np.float64],
    cuts: tuple[int, ...],
    k: int,
    random: np.random.Generator,
) -> Shift:
    import numpy as np

    start, at, end = (0, *cuts, len(values))[k : k + 3]
    before, after = values[start:at], values[at:end]
    signs = np.sign(after[:, None] - before[None, :])
    beside = ranks[start:end]
    orders = _gain(_orders(beside, random))
    p = (1 + int((orders >= _gain(beside[None, :])[0] * (1 - 1e-12)).sum())) / (ORDERS + 1)
    return Shift(at, float(before.mean()), float(after.mean()), float((signs.mean() + 1) / 2), p)
