"""Levels of the odds: the trust that the steps seen so far can have earned, as a rising list.

odds[i,j,t] = odds[i,j,0] * product of the signals g[m] of j's measures that i has seen carried out by t. Its product with V - W
is linear once the odds take one of finitely many values o_0 < o_1 < .. < o_K (module `trust_rows`). If few products are
possible all of them are levels and nothing is rounded. If they are many, the levels are a geometric grid; the odds are then
rounded down to it (every roadmap found satisfies the exact rows) or, for a bound on what any roadmap could reach, up.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

__all__ = ["Levels", "odds_levels"]


@dataclass(frozen=True)
class Levels:
    """The levels of one ordered pair.

    odds : o_0 < .. < o_K, of length K + 1; o_0 is the stated trust.
    exact : every product of signals is a level.
    """

    odds: tuple[float, ...]
    exact: bool

    @property
    def steps(self) -> tuple[float, ...]:
        """log o_k - log o_{k-1}, k = 1 .. K."""
        return tuple(math.log(b / a) for a, b in zip(self.odds, self.odds[1:], strict=False))


def odds_levels(stated: Fraction, signals: Sequence[Fraction], *, most: int, ceiling: float) -> Levels:
    """Levels for the stated odds and the signals that may be seen.

    Parameters
    ----------
    stated : odds[i,j,0] > 0.
    signals : g[m] > 1 of the measures that may be seen.
    most : how many levels above the first at most.
    ceiling : where the even steps of a grid end. One more level stands at what all signals together would reach, so that
        mixtures of levels, which a relaxation may take, never allow less than the true odds: its optimum is a bound.
    """
    products = {stated}
    for g in signals:
        products |= {o * g for o in products}
        if len(products) > 4 * most:
            break
    else:
        above = sorted(products)
        if len(above) <= most + 1:
            return Levels(tuple(float(o) for o in above), exact=True)
    low = float(stated)
    top = low * math.exp(math.fsum(math.log(g) for g in signals) - 1e-9)
    high = min(top, max(ceiling, low * 1.5))
    ratio = (high / low) ** (1 / (most - 1))
    grid = [low * ratio**k for k in range(most)]
    return Levels((*grid, top) if top > grid[-1] * (1 + 1e-6) else tuple(grid), exact=False)
