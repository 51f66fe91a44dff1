"""Trust rows of an ordered pair (i, j): exposure within what the trust earned so far allows.

    E[i,j,t,L] <= odds[i,j,t] G[i,t],   G = V - W

The odds are stated odds times the signals seen, a number that the schedule decides, so the right side is a product of two
unknowns. With the odds at levels o_0 < o_1 < .. < o_K (module `odds_levels`) and ordered binaries y_1 >= y_2 >= .., y_k = 1
only if the log odds seen reach level k, it is linear:

    E <= o_0 G + sum over k of (o_k - o_{k-1}) w_k,    w_k <= G,    0 <= w_k <= U y_k,    U >= G

Levels are made for each phase from the signals that can have been seen by then. Early on, where trust is short, these are few
and their products are the levels, nothing rounded; later ones may need a grid.

Only few phases ever need this: later the odds have risen so far that no row binds. So rows are made phase by phase (`rows`),
where a solution without them breaks them (`broken_at`; module `relax`).

Where the odds are fixed beforehand (a trial schedule of trust), the rows are plain: E <= odds G, and the log odds seen must
reach the log of what is fixed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from detente.case.instance import Party
from detente.plan.search.columns import Schedule
from detente.plan.search.odds_levels import Levels, odds_levels
from detente.solver.linear import Expression, column, total

__all__ = ["Stake", "Trust"]

_LEVELS = 40  # of the odds at a phase, above the stated ones
_CEILING = 100.0  # where a grid of levels ends: odds of 100 to 1


@dataclass(frozen=True)
class Stake:
    """What a party has at stake toward another, in scaled units.

    exposure : E[i,j,t,L] by phase and lag. surplus : G[i,t] by phase. most : a number that no G[i,t] exceeds.
    """

    exposure: Mapping[tuple[int, int], Expression]
    surplus: Sequence[Expression]
    most: float


class Trust:
    """The trust rows of party i toward j.

    odds : fixed odds, one a phase; None: levels. levels : of the odds, by phase, for the phases that have rows so far.
    columns : y by phase, likewise.
    """

    def __init__(
        self, schedule: Schedule, party: Party, other: str, stake: Stake, odds: NDArray[np.float64] | None = None
    ) -> None:
        self.schedule, self.programme, self.stake, self.fixed = schedule, schedule.programme, stake, odds
        self._phases = range(schedule.horizon + 1)
        self._lags = schedule.instance.lags(other)
        signals = [(n, m) for n, m in enumerate(schedule.instance.measures) if other in m.actors and m.signal > 1]
        self._signals = [(n, m) for n, m in signals if schedule.can_enter(n)]
        self._on_the_way = [(m.unseen, m.signal) for _, m in signals if m.in_force and m.unseen]
        self._stated = party.trust[other] / (1 - party.trust[other])
        self.levels: dict[int, Levels] = {}
        self.columns: dict[int, NDArray[np.int64]] = {}
        self.seen = [self._seen(t) for t in self._phases]
        for t in self._phases if odds is not None else ():
            assert odds is not None
            gained = math.log(float(odds[t]) / self.start(t))
            if gained > 1e-9 and (t == 0 or odds[t] > odds[t - 1]):
                self.programme.row(self.seen[t] - Expression(constant=gained), -1e-9)

    @property
    def exact(self) -> bool:
        """Whether no odds are rounded in the rows made so far."""
        return all(levels.exact for levels in self.levels.values())

    def start(self, t: int) -> float:
        """The odds of phase t if no new step is seen: as stated, times the signals of what is in force and seen by then."""
        return float(self._start(t))

    def _start(self, t: int) -> Fraction:
        return math.prod((g for known, g in self._on_the_way if known <= t), start=self._stated)

    def _seen(self, t: int) -> Expression:
        """Sum of log g over the measures of j seen carried out by t."""
        parts = []
        for lag in sorted({m.lag for _, m in self._signals}):
            which = np.array([n for n, m in self._signals if m.lag == lag])
            if t >= lag:
                weights = np.array([math.log(m.signal) for _, m in self._signals if m.lag == lag])
                parts.append(self.schedule.level(which, weights, t - lag))
        return total(parts)

    def odds_at(self, point: NDArray[np.float64], t: int) -> float:
        """The odds that count at phase t: fixed, or what a point, whole or not, has earned."""
        if self.fixed is not None:
            return float(self.fixed[t])
        return self.start(t) * math.exp(self.seen[t].at(point))

    def broken_at(self, point: NDArray[np.float64], tolerance: float = 1e-6) -> list[int]:
        """Phases without rows yet whose rows a point breaks."""
        out = []
        for t in self._phases:
            if t not in self.columns:
                most = max(self.stake.exposure[t, lag].at(point) for lag in self._lags)
                if most > self.odds_at(point, t) * self.stake.surplus[t].at(point) + tolerance:
                    out.append(t)
        return out

    def plain(self) -> list[int]:
        """Phases without rows yet by which no new step can have been seen: rows there need no levels, cost next to nothing."""
        return [t for t in self._phases if t not in self.columns and not self._may_be_seen(t)]

    def fill(self, point: NDArray[np.float64]) -> None:
        """Set the levels that a schedule, already written into the point, has reached."""
        for t, columns in self.columns.items():
            if len(columns):
                reached = np.cumsum(self.levels[t].steps)
                point[columns] = self.seen[t].at(point) >= reached - 1e-9

    def rows(self, t: int) -> list[tuple[int, Expression]]:
        """The rows of phase t by lag, each an expression that has to be at least 0; levels of the odds are added for them."""
        allowance = self._allowance(t)
        return [(lag, allowance - self.stake.exposure[t, lag]) for lag in self._lags]

    def _allowance(self, t: int) -> Expression:
        """odds[i,j,t] G[i,t]."""
        surplus, programme = self.stake.surplus[t], self.programme
        if self.fixed is not None:
            self.columns[t] = np.zeros(0, dtype=np.int64)
            return surplus * float(self.fixed[t])
        self.levels[t] = levels = odds_levels(self._start(t), self._may_be_seen(t), most=_LEVELS, ceiling=_CEILING)
        odds, steps = np.array(levels.odds), np.array(levels.steps)
        self.columns[t] = columns = programme.columns(len(steps), 0.0, 1.0, whole=True)
        programme.at_most(columns[1:], columns[:-1])
        for s in self.columns:
            if s != t:
                self._stays_reached(min(s, t), max(s, t))
        allowance = surplus * float(odds[0])
        if not len(steps):
            return allowance
        programme.row(self.seen[t] - Expression(columns, steps), -1e-9)
        products = programme.columns(len(steps), 0.0, self.stake.most)
        for y, w in zip(columns, products, strict=True):
            programme.row(surplus - column(w))
            programme.row(column(y) * self.stake.most - column(w))
        return allowance + Expression(products, np.diff(odds))

    def _may_be_seen(self, t: int) -> list[Fraction]:
        """The signals that can have been seen by phase t."""
        return [m.signal for n, m in self._signals if self.schedule.first(n) + m.lag <= t]

    def _stays_reached(self, early: int, late: int) -> None:
        """Odds reached at the early phase are reached at the late one."""
        there = np.array(self.levels[late].odds)
        at = np.searchsorted(there, np.array(self.levels[early].odds[1:]) * (1 + 1e-12), side="right") - 1
        known = at >= 1
        self.programme.at_most(self.columns[early][known], self.columns[late][at[known] - 1])
