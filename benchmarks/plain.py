"""The plain formulation: what one writes down first, for comparison with the planner's.

Binaries z[m,e] = 1 if measure m enters in phase e, at most one a measure. V, W and E of every party and phase are columns,
each equal to its sum written out over all measures and entry phases; every incentive row is written out in the same way; every
trust row stands once for every level of the odds,

    E[i,j,t,L] <= o_k (V[i,t] - W[i,t]) + U (1 - u_k),   sum over k of u_k = 1,   seen >= sum over k of log(o_k / o_0) u_k

with binaries u for each pair and phase and U an upper bound of E. Nothing is shared between rows, none is left out at first.
The Nash product is cut off by tangents one tenth apart, with more where the optimum lies. Solver, options and time limit are
the planner's. Where floating point let a row pass that exact arithmetic does not, the row is tightened and all is solved again,
as the planner does.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.case.instance import Instance
from detente.plan.certificate import certify
from detente.plan.roadmap import Roadmap
from detente.plan.search.odds_levels import odds_levels
from detente.plan.tables.effects import Effects, Table
from detente.solver.linear import Expression, Programme, Solution, total

__all__ = ["Plain", "Solved", "dense_nonzeros"]

_LEVELS = 24  # of the odds above the stated ones, as many as the planner takes
_CEILING = 100.0
_LEAST, _APART = 1e-4, 1.1  # smallest gain that a tangent touches, and the ratio of one tangent's place to the one before
_ROUNDS = 20
_NONE = 1e-13  # a coefficient up to this is none


@dataclass(frozen=True)
class Solved:
    """The plain formulation's answer. value, bound: sums of logs of the gains; holds: what the exact certificate says."""

    roadmap: Roadmap | None
    value: float
    bound: float
    holds: bool
    nonzeros: int


def dense_nonzeros(effects: Effects) -> int:
    """How many non-zeros the sums over all measures and entry phases have, without building them."""
    phases = effects.instance.phases
    entries = np.arange(phases)
    tables = [
        t.astype(bool) for t in [*effects.continuation.values(), *effects.stepping_out.values(), *effects.exposure.values()]
    ]
    tables += [np.abs(effects.continuation[i] - table) > _NONE for (i, _), table in effects.deviation.items()]
    per_wait = np.sum([t.sum(axis=0) for t in tables], axis=0)
    return int(sum(per_wait[effects.index(entries, t)].sum() for t in range(phases + 1)))


class Plain:
    """The programme of an instance without measures in force, exclusions, windows or red lines."""

    def __init__(self, instance: Instance) -> None:
        if any(m.in_force or m.excludes or m.not_before or m.not_after < instance.phases - 1 for m in instance.measures):
            raise ValueError(f"{instance.case}: the plain formulation knows no measures in force, exclusions or windows")
        self.instance = instance
        self.effects = Effects(instance)
        self.programme = programme = Programme()
        shape = (len(instance.measures), instance.phases)
        self.z = programme.columns(shape[0] * shape[1], 0.0, 1.0, whole=True).reshape(shape)
        for own in self.z:
            programme.row(Expression(own, np.ones(shape[1])), -math.inf, 1.0)
        self._prerequisites()
        self._stated: list[int] = []  # the levels of the stated odds
        self._V: dict[tuple[str, int], Expression] = {}
        self._W: dict[tuple[str, int], Expression] = {}
        self._rows: dict[tuple[str, str, str | None, int, int], list[int]] = {}
        for party in instance.parties:
            for t in range(instance.phases + 1):
                self._incentives(party.id, t)
        for i, j in self.effects.seen:
            self._trust(i, j)
        self._logs = {p.id: programme.columns(1, -60.0, 60.0) for p in instance.parties}
        self._gains = {p.id: self._V[p.id, 0] + Expression(constant=-float(p.no_deal)) for p in instance.parties}
        self.objective = total(Expression(c, np.ones(1)) for c in self._logs.values())
        for i, gain in self._gains.items():
            programme.row(gain, 1e-6)
            most = float(np.maximum(self.effects.continuation[i], 0).max(axis=1).sum()) + gain.constant
            for n in range(math.ceil(math.log(max(most, 1.0) / _LEAST) / math.log(_APART)) + 1):
                self._touch(i, _LEAST * _APART**n)

    def solve(self, seconds: float, gap: float = 0.0) -> Solved:
        """Solve; `gap` is a share of the geometric mean of the gains."""
        deadline = time.monotonic() + seconds
        best: Roadmap | None = None
        value, bound, holds = -math.inf, math.inf, True
        fine = max(math.log1p(gap) * len(self._gains) / 4, 2e-7)
        start = self._nothing()
        for _ in range(_ROUNDS):
            solution = self.programme.solve(self.objective, gap=fine, seconds=deadline - time.monotonic(), start=start)
            bound = min(bound, solution.bound)
            if solution.point is None:
                break
            roadmap = self._roadmap(solution)
            broken = certify(self.instance, roadmap).broken
            for row in broken:
                for at in self._rows[row.row, row.party or "", row.toward, row.phase, row.lag or 0]:
                    self.programme.tighten(at, 2 * abs(float(row.slack)) + 1e-6)
            worth = self.worth(roadmap)
            if broken:
                holds, start = holds if best else False, self._nothing()
            elif worth > value:
                best, value, holds, start = roadmap, worth, True, solution.point
            touched = [self._touch(i, gain.at(solution.point)) for i, gain in self._gains.items()]
            curved = solution.value - worth > fine
            if time.monotonic() >= deadline or not (broken or (curved and any(touched))):
                break
        return Solved(best, value, bound, holds, self.programme.nonzeros)

    def worth(self, roadmap: Roadmap) -> float:
        """The sum of the logs of the gains, from exact values; -inf where a party does not gain."""
        certificate = certify(self.instance, roadmap)
        gains = [float(certificate.value[i] - certificate.no_deal[i]) for i in self._gains]
        return math.fsum(map(math.log, gains)) if min(gains) > 0 else -math.inf

    def _nothing(self) -> NDArray[np.float64]:
        """The columns of the roadmap without any step, to start a search from."""
        point = np.zeros(self.programme.size)
        point[self._stated] = 1.0
        return point

    def _roadmap(self, solution: Solution) -> Roadmap:
        assert solution.point is not None
        enters = solution.point[self.z] > 0.5
        entry = {m.id: int(own.argmax()) if own.any() else None for m, own in zip(self.instance.measures, enters, strict=True)}
        return Roadmap(self.instance.case, self.instance.phases, entry)

    def _written_out(self, table: Table, phase: int, constant: float = 0.0) -> Expression:
        """The sum over all measures and entry phases of what a table adds, seen from a phase."""
        return Expression(
            self.z.ravel(), table[:, self.effects.index(np.arange(self.instance.phases), phase)].ravel(), constant
        )

    def _column_for(self, table: Table, phase: int, constant: float = 0.0) -> Expression:
        one = Expression(self.programme.columns(1, -math.inf, math.inf), np.ones(1))
        self.programme.row(self._written_out(table, phase, constant) - one, 0.0, 0.0)
        return one

    def _prerequisites(self) -> None:
        number = {m.id: n for n, m in enumerate(self.instance.measures)}
        for n, m in enumerate(self.instance.measures):
            for q in m.requires:
                for t in range(self.instance.phases):
                    before = [self.z[number[k], : max(t - q.after + 1, 0)] for k in q.any]
                    needed = total(Expression(own, np.ones(len(own))) for own in before)
                    self.programme.row(needed - Expression(self.z[n, : t + 1], np.ones(t + 1)))

    def _incentives(self, i: str, t: int) -> None:
        effects = self.effects
        self._V[i, t] = self._column_for(effects.continuation[i], t)
        self._W[i, t] = self._column_for(effects.stepping_out[i], t, effects.constant_out[i])
        self._rows["incentive", i, None, t, 0] = [self.programme.row(self._V[i, t] - self._W[i, t])]
        for (party, lag), table in effects.deviation.items():
            if party == i:
                row = self._written_out(effects.continuation[i] - table, t, -effects.constant_deviation[i, lag])
                self._rows["incentive", i, None, t, lag] = [self.programme.row(row)]

    def _trust(self, i: str, j: str) -> None:
        instance, effects, programme = self.instance, self.effects, self.programme
        p = instance.party[i].trust[j]
        signals = [m.signal for m in instance.measures if j in m.actors and m.signal > 1]
        odds = np.array(odds_levels(p / (1 - p), signals, most=_LEVELS, ceiling=_CEILING).odds)
        for t in range(instance.phases + 1):
            u = programme.columns(len(odds), 0.0, 1.0, whole=True)
            self._stated.append(int(u[0]))
            programme.row(Expression(u, np.ones(len(u))), 1.0, 1.0)
            programme.row(self._written_out(effects.seen[i, j], t) - Expression(u, np.log(odds / odds[0])), -1e-9)
            surplus = self._V[i, t] - self._W[i, t]
            for lag in instance.lags(j):
                table, constant = effects.exposure[i, j, lag], effects.constant_exposure[i, j, lag]
                exposure = self._column_for(table, t, constant)
                most = max(float(np.maximum(table, 0).max(axis=1).sum()) + constant, 0.0)
                self._rows["trust", i, j, t, lag] = [
                    programme.row(surplus * o - exposure - Expression(u[k : k + 1], np.full(1, most), -most))
                    for k, o in enumerate(odds)
                ]

    def _touch(self, i: str, gain: float) -> bool:
        if gain < 1e-9:
            return False
        tangent = self._gains[i] * (1 / gain) + Expression(constant=math.log(gain) - 1)
        self.programme.row(tangent - Expression(self._logs[i], np.ones(1)))
        return True
