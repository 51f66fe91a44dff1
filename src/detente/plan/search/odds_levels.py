"""Levels of the odds: the trust that the steps seen so far can have earned, as a rising list.

odds[i,j,t] = odds[i,j,0] * product of the signals g[m] of j's measures that i has seen carried out by t. Its product with what
i has of going on is linear once the odds take one of finitely many values o_0 < o_1 < .. < o_K (module `trust_rows`). If few
products are possible all of them are levels and nothing is rounded. If they are many, the levels are a geometric grid, and the
odds are

    rounded down to it    every roadmap found satisfies the exact rows; that there is none is no proof
    rounded up to it      every roadmap that satisfies the exact rows is there; one that is found may break them. Then its own
                          odds are made a level as well, by which all with odds at most as high are judged as it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

__all__ = ["Levels", "odds_levels"]

_LISTED = 100_000  # products of signals that are listed, to round up to the nearest
_SAME = 1e-9  # by which logs of odds that are the same may differ


@dataclass(frozen=True)
class Levels:
    """The levels of one ordered pair.

    odds : o_0 < .. < o_K, of length K + 1; o_0 needs no signal. reached : from which odds each counts, likewise.
    exact : every product of signals is a level.
    """

    odds: tuple[float, ...]
    reached: tuple[float, ...]
    exact: bool

    @property
    def steps(self) -> tuple[float, ...]:
        """By how much the logs of the odds have to rise from one level to the next, K numbers."""
        return tuple(math.log(b / a) for a, b in zip(self.reached, self.reached[1:], strict=False))


def odds_levels(
    stated: Fraction, signals: Sequence[Fraction], *, most: int, ceiling: float, up: bool = False, also: Iterable[float] = ()
) -> Levels:
    """Levels for the stated odds and the signals that may be seen.

    Parameters
    ----------
    stated : odds[i,j,0] > 0.
    signals : g[m] > 1 of the measures that may be seen.
    most : how many levels above the first at most, unless all fit.
    ceiling : where the even steps of a grid end. One more level stands at what all signals together would reach, so that
        mixtures of levels, which a relaxation may take, never allow less than the true odds: its optimum is a bound.
    up : round up, and not down. also : with it, odds that are levels as well.
    """
    products = {stated}
    for g in signals:
        products |= {o * g for o in products}
        if len(products) > 4 * most:
            break
    else:
        above = tuple(float(o) for o in sorted(products))
        if len(above) <= most + 1:
            return Levels(above, above, exact=True)
    low = float(stated)
    top = low * math.exp(math.fsum(math.log(g) for g in signals) - (0.0 if up else 1e-9))
    high = min(top, max(ceiling, low * 1.5))
    ratio = (high / low) ** (1 / (most - 1))
    grid = [low * ratio**k for k in range(most)]
    if top > grid[-1] * (1 + 1e-6):
        grid.append(top)
    return _up(low, signals, np.log([*grid, *also])) if up else Levels(tuple(grid), tuple(grid), exact=False)


def _up(low: float, signals: Iterable[Fraction], wanted: NDArray[np.float64]) -> Levels:
    """Each level stands for what is above the one before, and lies at the largest product of signals up to what is wanted."""
    logs = np.array([math.log(low)])
    for g in signals:
        logs = np.sort(np.concatenate([logs, logs + math.log(g)]))
        logs = logs[np.diff(logs, prepend=-math.inf) > _SAME]
        if len(logs) > _LISTED:  # not known where the next product lies: right above
            levels = np.sort(wanted)
            levels = levels[np.diff(levels, prepend=-math.inf) > _SAME]
            return Levels(tuple(np.exp(levels)), tuple(np.exp([levels[0], *(levels[:-1] + 1e-6)])), exact=False)
    at = np.unique(np.searchsorted(logs, np.append(wanted, logs[-1]) + _SAME, side="right") - 1)
    at = at[at >= 0]
    return Levels(tuple(np.exp(logs[at])), tuple(np.exp(logs[[0, *(at[:-1] + 1)]])), exact=False)
