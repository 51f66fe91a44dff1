"""Trust rows of an ordered pair (i, j): exposure within what the trust earned so far allows.

    E[i,j,t,L] <= odds[i,j,t] G[i,t],   G = V - W

The odds are stated odds times the signals seen, a number that the schedule decides, so the right side is a product of two
unknowns. With the odds at levels o_0 < o_1 < .. < o_K (module `levels`) and ordered binaries y_1 >= y_2 >= .., y_k = 1 only if
the log odds seen reach level k, it is linear:

    E <= o_0 G + sum over k of (o_k - o_{k-1}) w_k,    w_k <= G,    0 <= w_k <= U y_k,    U >= G

Levels are made for each phase from the signals that can have been seen by then. Early on, where trust is short, these are few
and their products are the levels, nothing rounded; later ones may need a grid.

Only few phases ever need this: later the odds have risen so far that no row binds. So rows are added phase by phase
(`add`), where a solution without them breaks them (`broken_at`); leaving rows out only loosens the problem, so bounds stay
bounds, and what is finally returned satisfies all of them.

Where the odds are fixed beforehand (a trial schedule of trust), the rows are plain: E <= odds G, and the log odds seen must
reach the log of what is fixed.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.case.instance import Party
from detente.plan.search.odds_levels import Levels, odds_levels
from detente.solver.linear import Expression, total

if TYPE_CHECKING:
    from detente.plan.search.rows import Rows

__all__ = ["Trust"]

_LEVELS = 40  # of the odds at a phase, above the stated ones
_CEILING = 100.0  # where a grid of levels ends: odds of 100 to 1


class Trust:
    """The trust rows of party i toward j in a programme.

    levels : of the odds, by phase, for the phases added so far. columns : y by phase, likewise.
    """

    def __init__(self, rows: Rows, party: Party, other: str, fixed: NDArray[np.float64] | None) -> None:
        self.rows = rows
        self.party = party.id
        self.other = other
        self.fixed = fixed
        instance, schedule = rows.instance, rows.schedule
        signals = [(n, m) for n, m in enumerate(instance.measures) if other in m.actors and m.signal > 1]
        self._signals = [(n, m) for n, m in signals if schedule.can_enter(n)]
        self._on_the_way = [(m.unseen, m.signal) for _, m in signals if m.in_force and m.unseen]
        self._stated = party.trust[other] / (1 - party.trust[other])
        self.levels: dict[int, Levels] = {}
        self.columns: dict[int, NDArray[np.int64]] = {}
        self.seen = [self._seen(t) for t in range(instance.phases + 1)]
        if fixed is not None:
            for t in range(instance.phases + 1):
                gained = math.log(float(fixed[t]) / self.start(t))
                if gained > 1e-9 and (t == 0 or fixed[t] > fixed[t - 1]):
                    rows.programme.row(self.seen[t] - Expression(constant=gained), -1e-9)

    @property
    def exact(self) -> bool:
        """Whether no odds are rounded in the rows added so far."""
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
                parts.append(self.rows.schedule.level(which, weights, t - lag))
        return total(parts)

    def odds_at(self, point: NDArray[np.float64], t: int) -> float:
        """The odds that count at phase t: fixed, or what a point, whole or not, has earned."""
        if self.fixed is not None:
            return float(self.fixed[t])
        return self.start(t) * math.exp(self.seen[t].at(point))

    def broken_at(self, point: NDArray[np.float64], tolerance: float = 1e-6) -> list[int]:
        """Phases not added yet whose rows a point breaks."""
        out = []
        for t in range(self.rows.instance.phases + 1):
            if t not in self.columns:
                most = max(self.rows.exposures[self.party, self.other][t, lag].at(point) for lag in self._lags())
                if most > self.odds_at(point, t) * self.rows.surplus(self.party, t).at(point) + tolerance:
                    out.append(t)
        return out

    def plain(self) -> list[int]:
        """Phases not added yet by which no new step can have been seen: their rows need no levels and cost next to nothing."""
        phases = range(self.rows.instance.phases + 1)
        return [t for t in phases if t not in self.columns and not self._may_be_seen(t)]

    def fill(self, point: NDArray[np.float64]) -> None:
        """Set the levels that a schedule, already written into the point, has reached."""
        for t, columns in self.columns.items():
            if len(columns):
                reached = np.cumsum(self.levels[t].steps)
                point[columns] = self.seen[t].at(point) >= reached - 1e-9

    def add(self, t: int) -> None:
        """Add the rows of phase t, with levels where the odds are not fixed."""
        if self.fixed is not None:
            self.columns[t] = np.zeros(0, dtype=np.int64)
            self._bound(t, self.rows.surplus(self.party, t) * float(self.fixed[t]))
            return
        programme = self.rows.programme
        self.levels[t] = levels = odds_levels(self._start(t), self._may_be_seen(t), most=_LEVELS, ceiling=_CEILING)
        odds, steps = np.array(levels.odds), np.array(levels.steps)
        self.columns[t] = columns = programme.columns(len(steps), 0.0, 1.0, whole=True)
        programme.at_most(columns[1:], columns[:-1])
        for s in self.columns:
            if s != t:
                self._stays_reached(min(s, t), max(s, t))
        surplus = self.rows.surplus(self.party, t)
        allowance = surplus * float(odds[0])
        if len(steps):
            programme.row(self.seen[t] - Expression(columns, steps), -1e-9)
            most = self.rows.most_surplus(self.party)
            products = programme.columns(len(steps), 0.0, most)
            for y, w in zip(columns, products, strict=True):
                programme.row(surplus - Expression(np.array([w]), np.ones(1)))
                programme.row(Expression(np.array([y, w]), np.array([most, -1.0])))
            allowance = allowance + Expression(products, np.diff(odds))
        self._bound(t, allowance)

    def _may_be_seen(self, t: int) -> list[Fraction]:
        """The signals that can have been seen by phase t."""
        return [m.signal for n, m in self._signals if self.rows.schedule.first(n) + m.lag <= t]

    def _stays_reached(self, early: int, late: int) -> None:
        """Odds reached at the early phase are reached at the late one."""
        there = np.array(self.levels[late].odds)
        at = np.searchsorted(there, np.array(self.levels[early].odds[1:]) * (1 + 1e-12), side="right") - 1
        known = at >= 1
        self.rows.programme.at_most(self.columns[early][known], self.columns[late][at[known] - 1])

    def _bound(self, t: int, allowance: Expression) -> None:
        for lag in self._lags():
            exposure = self.rows.exposures[self.party, self.other][t, lag]
            self.rows.hold(("trust", self.party, self.other, t, lag), allowance - exposure)

    def _lags(self) -> tuple[int, ...]:
        return self.rows.instance.lags(self.other)
