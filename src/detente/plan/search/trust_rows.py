"""Rows of an ordered pair (i, j) that need trust: what i risks stays within what the trust earned so far allows.

    trust   E[i,j,t,M]                   <=  odds[i,j,t] (V[i,t] - W[i,t])
    doubt   Y[i,j,t,L,M] - X[i,j,t,M]    <=  odds[i,j,t] (V[i,t] - D[i,t,L])

In both a risk stands against odds times a surplus. The odds are stated odds times the signals seen, a number that the schedule
decides, so the right side is a product of two unknowns. With the odds at levels o_0 < o_1 < .. < o_K (module `odds_levels`) and
ordered binaries y_1 >= y_2 >= .., y_k = 1 only if the log odds seen reach level k, it is linear:

    risk <= o_0 S + sum over k of (o_k - o_{k-1}) w_k,    w_k <= S,    0 <= w_k <= U y_k,    U >= S >= 0

S >= 0 is an incentive row, or, of a D later than i's own lags, follows from those of later phases; where i may have none,
M (1 - column) is added to S as to the row (module `duties`).

Levels are made for each phase from the signals that can have been seen by then. Early on, where trust is short, these are few
and their products are the levels, nothing rounded; later ones may need a grid.

Only few rows ever bind: later the odds have risen so far that none does. So each is made (`row`) where a solution without it
breaks it (`broken_at`; module `relax`).

Where the odds are fixed beforehand (a trial schedule of trust), the rows are plain: risk <= odds S, and the log odds seen must
reach the log of what is fixed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.plan.search.odds_levels import Levels, odds_levels
from detente.plan.search.rows import Key, Rows
from detente.solver.linear import Expression, column, total

__all__ = ["Place", "Trust"]

_LEVELS = {False: 40, True: 8}  # of the odds at a phase, above the stated ones: rounded down, and rounded up, to be refined
_CEILING = 100.0  # where a grid of levels ends: odds of 100 to 1


class Place(NamedTuple):
    """Where a row stands: phase t, lag M, and L of a doubt row (0: a trust row)."""

    phase: int
    lag: int
    found: int


class Trust:
    """The trust and doubt rows of party i toward j.

    odds : fixed odds, one a phase; None: levels. up : round odds up to levels. levels : of the odds, by phase, for the phases
    that have rows so far. columns : y by phase, likewise. made : where there are rows. places : where there may be, by phase.
    """

    def __init__(
        self, rows: Rows, party: str, other: str, odds: NDArray[np.float64] | None = None, *, up: bool = False
    ) -> None:
        self.rows, self.schedule, self.programme = rows, rows.schedule, rows.programme
        self.party, self.other, self.fixed, self.up = party, other, odds, up
        self._phases = range(self.schedule.horizon + 1)
        instance = rows.instance
        signals = [(n, m) for n, m in enumerate(instance.measures) if other in m.actors and m.signal > 1]
        self._signals = [(n, m) for n, m in signals if self.schedule.can_enter(n)]
        self._on_the_way = [(m.unseen, m.signal) for _, m in signals if m.in_force and m.unseen]
        p = instance.party[party].trust[other]
        self._stated = p / (1 - p)
        self.levels: dict[int, Levels] = {}
        self.columns: dict[int, NDArray[np.int64]] = {}
        self.made: set[Place] = set()
        self.places = {t: self._places(t) for t in self._phases}
        self._also: dict[int, list[float]] = {}
        self._allowances: dict[tuple[int, int], Expression] = {}
        self._behind: dict[int, list[int]] = {}  # rows that levels and allowances of a phase are made of
        self.seen = [self._seen(t) for t in self._phases]
        for t in self._phases if odds is not None else ():
            assert odds is not None
            gained = math.log(float(odds[t]) / self.start(t))
            if gained > 1e-9 and (t == 0 or odds[t] > odds[t - 1]):
                self.programme.row(self.seen[t] - Expression(constant=gained), -1e-9)

    @property
    def exact(self) -> bool:
        """Whether no odds are rounded down in the rows made so far."""
        return self.up or all(levels.exact for levels in self.levels.values())

    def start(self, t: int) -> float:
        """The odds of phase t if no new step is seen: as stated, times the signals of what is in force and seen by then."""
        return float(self._start(t))

    def _start(self, t: int) -> Fraction:
        return math.prod((g for known, g in self._on_the_way if known <= t), start=self._stated)

    def _places(self, t: int) -> list[Place]:
        if not self.rows.duties.giving(self.party):
            return []
        lags = self.rows.instance.lags(self.other)
        due = [lag for lag in lags if self.rows.duties.due(self.other, self.party, t, lag)]
        return [Place(t, lag, found) for lag in due for found in range(self.rows.longest[self.party] + lag)]

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

    # -- where rows are wanted ---------------------------------------------------------------------------------------------

    def broken_at(self, point: NDArray[np.float64], tolerance: float = 1e-6) -> list[Place]:
        """Where there is no row yet and a point, whole or not, breaks it."""
        places, risks, surpluses, phases = self._all
        odds = np.array([self.odds_at(point, t) for t in self._phases])
        short = risks.at(point) > odds[phases] * surpluses.at(point) + tolerance
        return [p for p in (places[n] for n in np.flatnonzero(short)) if p not in self.made and self._there(p, point)]

    @cached_property
    def _all(self) -> tuple[list[Place], _Stack, _Stack, NDArray[np.int64]]:
        rows, i = self.rows, self.party
        surplus = {(p.phase, p.found): Expression() for at in self.places.values() for p in at}
        surplus = {key: rows.loyalty(i, *key) for key in surplus}
        places, risks = [], []
        for p in (p for at in self.places.values() for p in at):
            risk = self.risk(p)
            if len(risk.columns) or risk.constant > 0:
                places.append(p)
                risks.append(risk)
        return (
            places,
            _Stack(risks),
            _Stack([surplus[p.phase, p.found] for p in places]),
            np.array([p.phase for p in places], int),
        )

    def _there(self, p: Place, point: NDArray[np.float64]) -> bool:
        """Whether the row exists at a point."""
        duties = self.rows.duties
        parts = duties.giving(self.party), duties.due(self.other, self.party, p.phase, p.lag)
        return all(max((part.at(point) for part in either), default=0.0) > 1 - 1e-6 for either in parts)

    def plain(self) -> list[int]:
        """Phases without rows yet by which no new step can have been seen: rows there need no levels, cost next to nothing."""
        return [t for t in self._phases if t not in self.columns and self.places[t] and not self._may_be_seen(t)]

    def fill(self, point: NDArray[np.float64]) -> None:
        """Set the levels that a schedule, already written into the point, has reached."""
        for t, columns in self.columns.items():
            if len(columns):
                reached = np.cumsum(self.levels[t].steps)
                point[columns] = self.seen[t].at(point) >= reached - 1e-9

    # -- the rows ----------------------------------------------------------------------------------------------------------

    def key(self, p: Place) -> Key:
        """The name of the row at a place."""
        return Key("doubt" if p.found else "trust", self.party, self.other, *p)

    def risk(self, p: Place) -> Expression:
        """The left side of the row."""
        if p.found:
            return self.rows.temptation(self.party, self.other, p.phase, p.lag, p.found)
        return self.rows.exposure(self.party, self.other, p.phase, p.lag)

    def row(self, p: Place) -> Expression:
        """What has to be at least 0 at a place; levels of the odds are added for it."""
        risk, absent = self.risk(p), self.rows.absent(self.party, self.other, p.phase, p.lag)
        assert absent is not None
        self.made.add(p)
        return self._allowance(p.phase, p.found) + self.rows.unless(self.party, -risk, absent)

    def refine(self, t: int, odds: float) -> list[Place]:
        """Make odds that are rounded a level of phase t. Its rows, whose places are returned, are to be made anew."""
        if not self.up or t not in self.levels or self.levels[t].exact:
            return []
        if float(np.abs(np.log(self.levels[t].odds) - math.log(odds)).min()) < 1e-9:
            return []
        self._also.setdefault(t, []).append(odds)
        again = [p for p in self.made if p.phase == t]
        self.made -= set(again)
        self.programme.drop(self._behind.pop(t))
        del self.columns[t], self.levels[t]
        self._allowances = {key: x for key, x in self._allowances.items() if key[0] != t}
        return again

    def _allowance(self, t: int, found: int) -> Expression:
        """odds[i,j,t] S, at least 0."""
        if (t, found) not in self._allowances:
            first = self.programme.rows
            self._allowances[t, found] = self._product(t, found)
            self._behind.setdefault(t, []).extend(range(first, self.programme.rows))
        return self._allowances[t, found]

    def _product(self, t: int, found: int) -> Expression:
        programme, idle = self.programme, self.rows.duties.idle(self.party)
        assert idle is not None
        plain = self.rows.loyalty(self.party, t, found)
        surplus = self.rows.unless(self.party, plain, [idle])
        if self.fixed is not None:
            self.columns[t] = np.zeros(0, dtype=np.int64)
            return surplus * float(self.fixed[t])
        if t not in self.columns:
            self._reach(t)
        odds, columns = self.levels[t].odds, self.columns[t]
        if not len(columns):
            return surplus * odds[0]
        most = max(0.0, self.rows.span(self.party, plain)[1])
        products = programme.columns(len(columns), 0.0, most)
        for y, w in zip(columns, products, strict=True):
            programme.row(surplus - column(w))
            programme.row(column(y) * most - column(w))
        return surplus * odds[0] + Expression(products, np.diff(odds))

    def _reach(self, t: int) -> None:
        """Columns y of a phase."""
        signals, also = self._may_be_seen(t), self._also.get(t, ())
        self.levels[t] = odds_levels(self._start(t), signals, most=_LEVELS[self.up], ceiling=_CEILING, up=self.up, also=also)
        steps = np.array(self.levels[t].steps)
        self.columns[t] = columns = self.programme.columns(len(steps), 0.0, 1.0, whole=True)
        self.programme.at_most(columns[1:], columns[:-1])
        for s in self.columns:
            if s != t:
                self._stays_reached(min(s, t), max(s, t))
        if len(steps):
            self.programme.row(self.seen[t] - Expression(columns, steps), -1e-9)

    def _may_be_seen(self, t: int) -> list[Fraction]:
        """The signals that can have been seen by phase t."""
        return [m.signal for n, m in self._signals if self.schedule.first(n) + m.lag <= t]

    def _stays_reached(self, early: int, late: int) -> None:
        """Odds reached at the early phase are reached at the late one."""
        there = np.array(self.levels[late].reached)
        at = np.searchsorted(there, np.array(self.levels[early].reached[1:]) * (1 + 1e-12), side="right") - 1
        known = at >= 1
        self.programme.at_most(self.columns[early][known], self.columns[late][at[known] - 1])


class _Stack:
    """Expressions one below the other, to be read at a point at once."""

    def __init__(self, expressions: Sequence[Expression]) -> None:
        self._every = total(expressions)
        self._row = np.repeat(np.arange(len(expressions)), [len(e.columns) for e in expressions])
        self._constant: NDArray[np.float64] = np.array([e.constant for e in expressions], dtype=float)

    def at(self, point: NDArray[np.float64]) -> NDArray[np.float64]:
        """Their values."""
        terms = self._every.values * point[self._every.columns]
        out = self._constant.copy()
        np.add.at(out, self._row, terms)
        return out
