"""The schedule as columns of a programme: which measure is in force by which phase.

Two ways to write the same schedule
-----------------------------------
levels    x[m,t] in {0,1}, in force by phase t, with x[m,t-1] <= x[m,t]: the better one to branch on.
entries   z[m,e] in {0,1}, enters in phase e, with sum over e of z[m,e] <= 1; x[m,t] = z[m,0] + .. + z[m,t]. Only for measures
          that no prerequisite or exclusion ties to another. One row a measure instead of one a phase: with thousands of
          measures the relaxation is solved many times faster.

Sums over many measures are written once, as columns of their own that the rows of the model then share: for levels
A[t] = sum of w x[m,t], for entries A[t] = A[t-1] + sum of w z[m,t]. So the model's rows do not grow with the measures.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from detente.case.instance import Instance
from detente.case.reach import earliest
from detente.plan.roadmap import Roadmap
from detente.solver.linear import Expression, Programme, total

__all__ = ["Schedule", "is_large"]

_MANY = 20_000  # measures times phases from which on schedules are written by entries
_NEVER, _ALWAYS = -1, -2  # codes in the column table: constant 0 and constant 1


def is_large(instance: Instance) -> bool:
    """Whether the case is written by entries and searched by trials alone."""
    return len(instance.measures) * instance.phases >= _MANY


class Schedule:
    """Columns and rows of the schedule of an instance.

    Parameters
    ----------
    entries : write measures by entries where that is possible; otherwise all by levels.

    Measures are named by their numbers in the case; `new` are those that could enter.
    """

    def __init__(self, instance: Instance, programme: Programme, *, entries: bool = False) -> None:
        # sums of few terms stand as they are; in a small case sharing them costs more than it saves (measured)
        self._short = 4 if entries else 40
        self.instance = instance
        self.programme = programme
        self.horizon = instance.phases
        self._index = {m.id: n for n, m in enumerate(instance.measures)}
        self._early = earliest(instance.measures)
        self._shared: list[tuple[int, Expression]] = []  # columns that stand for a sum, and which
        self.new = np.array([n for n in range(len(self._index)) if self.can_enter(n)], dtype=np.int64)
        tied = self._tied() if entries else set(self._index)
        shape = (len(instance.measures), self.horizon)
        self._x = np.full((shape[0], shape[1] + 1), _NEVER, dtype=np.int64)  # column of x[m,t] at [m, t+1], t = -1 .. T-1
        self._z = np.full(shape, _NEVER, dtype=np.int64)  # column of z[m,e] at [m, e]
        self.by_entry = np.array([not m.in_force and m.id not in tied for m in instance.measures], dtype=bool)
        for n, m in enumerate(instance.measures):
            first = self._early[m.id]
            if m.in_force:
                self._x[n] = _ALWAYS
            elif first is not None and self.by_entry[n]:
                own = programme.columns(m.not_after - first + 1, 0.0, 1.0, whole=True)
                self._z[n, first : m.not_after + 1] = own
                programme.row(Expression(own, np.ones(len(own))), -math.inf, 1.0)
            elif first is not None:
                own = programme.columns(m.not_after - first + 1, 0.0, 1.0, whole=True)
                self._x[n, first + 1 : m.not_after + 2] = own
                self._x[n, m.not_after + 2 :] = own[-1]
                programme.at_most(own[:-1], own[1:])
        self._prerequisites()
        self._exclusions()
        self._due()

    def can_enter(self, n: int) -> bool:
        """Whether measure number n is new and could enter at some phase."""
        return self._early[self.instance.measures[n].id] is not None and not self.instance.measures[n].in_force

    def first(self, n: int) -> int:
        """The earliest phase in which measure number n, which can enter, could do so."""
        phase = self._early[self.instance.measures[n].id]
        assert phase is not None
        return phase

    # -- sums --------------------------------------------------------------------------------------------------------------

    def level(self, which: NDArray[np.int64], weights: NDArray[np.float64], phase: int) -> Expression:
        """Sum of weights * x[m,phase] over a few measures; phases from T on are like T-1."""
        at = min(phase, self.horizon - 1)
        columns = self._x[which, at + 1]
        real = columns >= 0
        parts = [Expression(columns[real], weights[real], float(weights[columns == _ALWAYS].sum()))]
        for n, w in zip(which[self.by_entry[which]], weights[self.by_entry[which]], strict=True):
            own = self._z[n, : at + 1]
            own = own[own >= 0]
            parts.append(Expression(own, np.full(len(own), w)))
        return total(parts)

    def entering(self, which: NDArray[np.int64], weights: NDArray[np.float64], phase: int) -> Expression:
        """Sum of weights * (x[m,phase] - x[m,phase-1]), phase 0 .. T-1."""
        now, before = self._x[which, phase + 1], self._x[which, phase]
        changes = (now != before) & (now >= 0)
        parts = [Expression(now[changes], weights[changes])]
        leaves = changes & (before >= 0)
        parts.append(Expression(before[leaves], -weights[leaves]))
        own = self._z[which, phase]
        parts.append(Expression(own[own >= 0], weights[own >= 0]))
        return total(parts)

    def series(self, which: NDArray[np.int64], weights: NDArray[np.float64]) -> list[Expression]:
        """Sum of weights * x[m,t] for t = -1 .. T-1, at index t + 1; long sums behind columns of their own."""
        live = which[weights != 0]
        weights = weights[weights != 0]
        by_level, by_entry = ~self.by_entry[live], self.by_entry[live]
        levels = [self._behind(self.level(live[by_level], weights[by_level], t)) for t in range(-1, self.horizon)]
        if not by_entry.any():
            return levels
        running = Expression()
        out = levels[:1]
        for t in range(self.horizon):
            running = self._behind(running + self.entering(live[by_entry], weights[by_entry], t))
            out.append(levels[t + 1] + running)
        return out

    def _behind(self, sum_: Expression) -> Expression:
        if len(sum_.columns) <= self._short:
            return sum_
        one = self.programme.variable(-math.inf, math.inf)
        self.programme.row(sum_ - one, 0.0, 0.0)
        self._shared.append((int(one.columns[0]), sum_))
        return one

    def span(self, weights: NDArray[np.float64]) -> tuple[float, float]:
        """The least and the most that a sum over the schedule's columns can be, each measure entering when it likes or never.

        weights : one for each column of the programme; those that are no columns of the schedule are left out.
        """
        weights, constant = weights.copy(), 0.0
        for one, sum_ in reversed(self._shared):
            if weights[one]:
                np.add.at(weights, sum_.columns, sum_.values * weights[one])
                constant += sum_.constant * weights[one]
        full = np.append(weights, 0.0)
        own, lasts = (
            self._x[:, 1:],
            self._x[:, 1:] == self._x[:, :-1],
        )  # after its window a measure has one column for all phases
        by_level = np.cumsum(np.where((own >= 0) & ~lasts, full[own], 0.0)[:, ::-1], axis=1)
        by_entry = np.where(self._z >= 0, full[self._z], 0.0)
        both = by_level + by_entry  # of each measure one of them is zero
        low, high = np.minimum(both, 0).min(axis=1).sum(), np.maximum(both, 0).max(axis=1).sum()
        return constant + float(low), constant + float(high)

    # -- goals and reading -------------------------------------------------------------------------------------------------

    def entered(self) -> Expression:
        """How many new measures are in force in the end."""
        return self.level(self.new, np.ones(len(self.new)), self.horizon - 1)

    def earliness(self) -> Expression:
        """New measures in force, summed over phases: the larger, the earlier."""
        return total(self.level(self.new, np.ones(len(self.new)), t) for t in range(self.horizon))

    def roadmap(self, point: NDArray[np.float64]) -> Roadmap:
        """The schedule that a point stands for."""
        full = np.append(point, [1.0, 0.0])  # index -2: constant 1, index -1: constant 0
        in_force, enters = full[self._x] > 0.5, full[self._z] > 0.5
        entry: dict[str, int | None] = {}
        for n, m in enumerate(self.instance.measures):
            if self.by_entry[n]:
                entry[m.id] = int(np.argmax(enters[n])) if enters[n].any() else None
            else:
                entry[m.id] = int(np.argmax(in_force[n])) - 1 if in_force[n].any() else None
        return Roadmap(self.instance.case, self.horizon, entry)

    def fill(self, point: NDArray[np.float64], roadmap: Roadmap) -> None:
        """Write a roadmap into the columns of the schedule, and of sums of it, of a point."""
        for n, m in enumerate(self.instance.measures):
            t = roadmap.entry[m.id]
            columns = np.concatenate([self._x[n], self._z[n]])
            point[columns[columns >= 0]] = 0.0
            if t is None:
                continue
            own = self._z[n, t : t + 1] if self.by_entry[n] else self._x[n, t + 1 :]
            point[own[own >= 0]] = 1.0
        for one, sum_ in self._shared:
            point[one] = sum_.at(point)

    def around(self, roadmap: Roadmap, width: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Columns, and what they are fixed at, so that what enters in a roadmap enters at most `width` phases sooner or
        later."""
        values: dict[int, float] = {}
        for n, m in enumerate(self.instance.measures):
            t = roadmap.entry[m.id]
            if t is None or t < 0 or self.by_entry[n]:
                continue
            values |= {int(c): 0.0 for c in self._x[n, 1 : max(t - width, 0) + 1] if c >= 0}
            late = self._x[n, t + width + 1 :]
            values |= {int(c): 1.0 for c in late if c >= 0 and int(c) not in values}
        return np.array(list(values), dtype=np.int64), np.array(list(values.values()))

    def settled(self, point: NDArray[np.float64]) -> NDArray[np.bool_]:
        """By column: whether all columns of its measure are whole at a point."""
        out = np.zeros(len(point), dtype=bool)
        for table in (self._x, self._z):
            for row in table:
                own = row[row >= 0]
                if len(own):
                    out[own] = bool((np.abs(point[own] - np.round(point[own])) < 1e-6).all())
        return out

    def known(self) -> NDArray[np.int64]:
        """All columns of the schedule, and those that stand for sums of it."""
        return np.append(self.columns(), np.array([one for one, _ in self._shared], dtype=np.int64))

    def columns(self) -> NDArray[np.int64]:
        """All columns of the schedule."""
        every = np.unique(np.concatenate([self._x.ravel(), self._z.ravel()]))
        return every[every >= 0]

    # -- rows --------------------------------------------------------------------------------------------------------------

    def _tied(self) -> set[str]:
        tied = {m.id for m in self.instance.measures if m.requires or m.excludes}
        tied |= {n for m in self.instance.measures for q in m.requires for n in q.any}
        return tied | {n for m in self.instance.measures for n in m.excludes}

    def _prerequisites(self) -> None:
        """x[m,t] <= sum over alternatives of x[n,t-after]."""
        small: list[int] = []
        large: list[int] = []
        for n, m in enumerate(self.instance.measures):
            if not self.can_enter(n):
                continue
            for q in m.requires:
                needed = [self._index[k] for k in q.any]
                for t in range(self.horizon):
                    own = int(self._x[n, t + 1])
                    before = [int(self._x[k, t - q.after + 1]) if t - q.after >= -1 else _NEVER for k in needed]
                    same_as_before = self._x[n, t] == own  # after its window: the row of the phase before says more
                    if own < 0 or _ALWAYS in before or same_as_before:
                        continue
                    real = [c for c in before if c >= 0]
                    if len(real) == 1:
                        small.append(own)
                        large.append(real[0])
                    else:
                        self.programme.row(Expression(np.array([*real, own]), np.array([1.0] * len(real) + [-1.0])))
        self.programme.at_most(np.array(small, dtype=np.int64), np.array(large, dtype=np.int64))

    def _exclusions(self) -> None:
        for n, m in enumerate(self.instance.measures):
            for other in m.excludes:
                k = self._index[other]
                if n < k:
                    both = self.level(np.array([n, k]), np.ones(2), self.horizon - 1)
                    self.programme.row(both, -math.inf, 1.0)

    def _due(self) -> None:
        """x[m,due] >= 1, where a measure has to be in force by then."""
        for n, m in enumerate(self.instance.measures):
            if m.due is not None:
                self.programme.row(self.level(np.array([n]), np.ones(1), m.due), 1.0)
