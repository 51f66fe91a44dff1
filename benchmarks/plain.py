"""The plain formulation: what one writes down first, for comparison with the planner's.

Binaries z[m,e] = 1 if measure m enters in phase e, at most one a measure, at least one in all. V, W, D, E and Y - X of every
party and phase are columns, each equal to its sum written out over all measures and entry phases. Every trust and doubt row
stands once for every level of the odds,

    E[i,j,t,M]      <= o_k (V[i,t] - W[i,t])    + U (1 - u_k) + U (1 - y[i,j,M]) + U (1 - g[i])
    (Y-X)[i,j,t,M,L] <= o_k (V[i,t] - D[i,t,L]) + the same
    sum over k of u_k = 1,   seen >= sum over k of log(o_k / o_0) u_k

with binaries u for each pair and phase and U an upper bound of the left side. g[i] is at least 1 where a measure of i enters,
y[i,j,M] where one of j with lag M enters that is worth anything to i: others have no such rows. Nobody who acts may lose, the
drift of the stand-off aside. Nothing is shared between rows. Rows of coalitions alone, of which there are too many, are written
when the certificate calls them broken. The Nash product is cut off by tangents one tenth apart, with more where the optimum
lies. Solver, options and time limit are the planner's. Where floating point let a row pass that exact arithmetic does not, the
row is tightened and all is solved again, as the planner does.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.case.alone import alone
from detente.case.instance import Instance, Measure
from detente.plan.certificate import Row, certify
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
    kinds = (effects.continuation, effects.stepping_out, effects.deviation, effects.exposure, effects.doubt)
    per_wait = np.sum([(np.abs(table) > _NONE).sum(axis=0) for kind in kinds for table in kind.values()], axis=0)
    return int(sum(per_wait[effects.index(entries, t)].sum() for t in range(phases + 1)))


class Plain:
    """The programme of an instance of which every measure is new, costs somebody who acts in it, and harms nobody else."""

    def __init__(self, instance: Instance) -> None:
        if not all(_plain(m, instance) for m in instance.measures) or any(p.red_line is not None for p in instance.parties):
            raise ValueError(f"{instance.case}: the plain formulation knows new measures only that nobody would take alone")
        self.instance = instance
        self.effects = Effects(instance)
        self.programme = programme = Programme()
        shape = (len(instance.measures), instance.phases)
        self.z = programme.columns(shape[0] * shape[1], 0.0, 1.0, whole=True).reshape(shape)
        for own in self.z:
            programme.row(Expression(own, np.ones(shape[1])), -math.inf, 1.0)
        programme.row(Expression(self.z.ravel(), np.ones(self.z.size)), 1.0)
        self._prerequisites()
        self._gives = {i: self._at_least([i in m.actors for m in instance.measures]) for i in instance.party}
        self._V: dict[tuple[str, int], Expression] = {}
        self._W: dict[tuple[str, int], Expression] = {}
        self._D: dict[tuple[str, int, int], Expression] = {}
        self._rows: dict[tuple[object, ...], list[int]] = {}
        for i in instance.party:
            for t in range(instance.phases + 1):
                self._incentives(i, t)
        for i, j in self.effects.seen:
            if i in instance.acting:
                self._trust(i, j)
        self._logs = {i: programme.columns(1, -60.0, 60.0) for i in instance.party}
        no_deal = {i: float(x) for i, x in alone(instance).no_deal.items()}
        self._gains = {i: self._V[i, 0] + Expression(constant=-no_deal[i]) for i in instance.party}
        self.objective = total(Expression(c, np.ones(1)) for c in self._logs.values())
        for i, gain in self._gains.items():
            programme.row(gain, 1e-6)
            programme.row(gain + self._gives[i] * float(alone(instance).drift(i)))
            most = float(np.maximum(self.effects.continuation[i], 0).max(axis=1).sum()) + gain.constant
            for n in range(math.ceil(math.log(max(most, 1.0) / _LEAST) / math.log(_APART)) + 1):
                self._touch(i, _LEAST * _APART**n)

    def solve(self, seconds: float, gap: float = 0.0) -> Solved:
        """Solve; `gap` is a share of the geometric mean of the gains."""
        deadline = time.monotonic() + seconds
        best: Roadmap | None = None
        value, bound, holds = -math.inf, math.inf, True
        fine = max(math.log1p(gap) * len(self._gains) / 4, 2e-7)
        start: NDArray[np.float64] | None = None
        for _ in range(_ROUNDS):
            solution = self.programme.solve(self.objective, gap=fine, seconds=deadline - time.monotonic(), start=start)
            bound = min(bound, solution.bound)
            if solution.point is None:
                break
            roadmap = self._roadmap(solution)
            broken = certify(self.instance, roadmap).broken
            for row in broken:
                self._tighten(row, 2 * abs(float(row.slack)) + 1e-6)
            worth = self.worth(roadmap)
            if broken:
                holds = holds if best else False
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
        gains = [float(certificate.gain[i]) for i in self._gains]
        return math.fsum(map(math.log, gains)) if certificate.helps and min(gains) > 0 else -math.inf

    def _tighten(self, row: Row, margin: float) -> None:
        """Demand a little more of a row that is broken; of a coalition the row itself, if it was not written before."""
        key = (row.row, row.party, row.toward, row.phase, row.lag or 0, row.found or 0, *row.together, *row.keeping)
        if key not in self._rows:
            self._rows[key] = self._coalition(row)
            return
        for at in self._rows[key]:
            self.programme.tighten(at, margin)

    def _coalition(self, row: Row) -> list[int]:
        """That some member of a coalition does not gain by leaving with the others, or has nothing to do anyway."""
        stays = self.programme.columns(len(row.together), 0.0, 1.0, whole=True)
        idle = total(Expression(constant=1.0) - self._gives[i] for i in row.together)
        self.programme.row(Expression(stays, np.ones(len(stays))) + idle, 1.0)
        out = []
        for i, stay in zip(row.together, stays, strict=True):
            more, most = self._V[i, row.phase] - self._W[i, row.phase], 0.0
            for n, m in enumerate(self.instance.measures):
                if m.id in row.keeping:
                    kept = float((1 - m.irreversible) * m.value.get(i, 0) / (1 - self.instance.party[i].discount))
                    more = more - Expression(self.z[n, : row.phase], np.full(row.phase, kept))
                    most += max(kept, 0.0)
            out.append(self.programme.row(more - Expression(np.array([stay]), np.full(1, most), -most)))
        return out

    def _at_least(self, which: Sequence[bool]) -> Expression:
        """A column that is at least 1 where one of some measures enters."""
        one = Expression(self.programme.columns(1, 0.0, 1.0), np.ones(1))
        for own in self.z[np.flatnonzero(which)]:
            self.programme.row(one - Expression(own, np.ones(len(own))))
        return one

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
        for (party, lag), table in effects.deviation.items():
            if party == i:
                self._D[i, t, lag] = self._column_for(table, t, effects.constant_deviation[i, lag])
        for lag in range(max(self.instance.lags(i), default=0) + 1):
            other = self._D[i, t, lag] if lag else self._W[i, t]
            self._rows["incentive", i, None, t, lag, 0] = [self.programme.row(self._V[i, t] - other)]

    def _trust(self, i: str, j: str) -> None:
        instance, effects, programme = self.instance, self.effects, self.programme
        p = instance.party[i].trust[j]
        signals = [m.signal for m in instance.measures if j in m.actors and m.signal > 1]
        odds = np.array(odds_levels(p / (1 - p), signals, most=_LEVELS, ceiling=_CEILING).odds)
        due = {M: self._at_least([_due(m, j, M, i) for m in instance.measures]) for M in instance.lags(j)}
        for t in range(instance.phases + 1):
            u = programme.columns(len(odds), 0.0, 1.0, whole=True)
            programme.row(Expression(u, np.ones(len(u))), 1.0, 1.0)
            programme.row(self._written_out(effects.seen[i, j], t) - Expression(u, np.log(odds / odds[0])), -1e-9)
            for M in instance.lags(j):
                table, constant, pair = effects.exposure[i, j, M], effects.constant_exposure[i, j, M], (i, j, t, M)
                sides = [(("trust", *pair, 0), table, constant, self._W[i, t])]
                for L in range(1, max(instance.lags(i)) + M):
                    table, constant = effects.doubt[i, j, M, L], effects.constant_doubt[i, j, M, L]
                    sides.append((("doubt", *pair, L), table, constant, self._D[i, t, L]))
                for key, table, constant, other in sides:
                    spared, surplus = self._column_for(table, t, constant), self._V[i, t] - other
                    most = max(float(np.maximum(table, 0).max(axis=1).sum()) + constant, 0.0)
                    let_off = (Expression(constant=2.0) - due[M] - self._gives[i]) * most
                    self._rows[key] = [
                        programme.row(surplus * o - spared + let_off - Expression(u[k : k + 1], np.full(1, most), -most))
                        for k, o in enumerate(odds)
                    ]

    def _touch(self, i: str, gain: float) -> bool:
        if gain < 1e-9:
            return False
        tangent = self._gains[i] * (1 / gain) + Expression(constant=math.log(gain) - 1)
        self.programme.row(tangent - Expression(self._logs[i], np.ones(1)))
        return True


def _plain(m: Measure, instance: Instance) -> bool:
    """Whether a measure is as this formulation wants it: then who gives nothing loses nothing, and due is what enters."""
    always = not m.in_force and not m.excludes and not m.not_before and m.not_after == instance.phases - 1
    unkept = not m.once and m.irreversible < 1 and (len(m.actors) > 1 or any(m.value.get(i, 0) < 0 for i in m.actors))
    return always and unkept and all(v >= 0 for i, v in m.value.items() if i not in m.actors)


def _due(m: Measure, actor: str, lag: int, to: str) -> bool:
    return actor in m.actors and m.lag == lag and m.touches(to)
