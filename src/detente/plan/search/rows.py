"""The rows that every roadmap must satisfy whatever anybody trusts, as a mixed-integer linear programme.

Columns
-------
schedule         which measure is in force by which phase (module `columns`)
V[i,t], W[i,t]   continuation and stepping-out value, t = 0 .. T

Rows: what V and W are, V >= W and V >= D (incentives), E within red lines. The exposures E are kept for the trust rows, which
are a matter of their own (module `trust_rows`; both together: module `problem`).

Groups. To party i two measures count alike in every row if they have the same actors and, where i acts itself, the same lag and
the same sign of worth. So the measures that touch i fall into a few groups, each a series of sums over phases, and every row is
a short sum of groups.

Deviation, written on entries: with z[m,e] = x[m,e] - x[m,e-1], the best withholding of an own measure is a number that depends
on its entry phase e alone: D = sum over m, e of c(e) z[m,e] plus the others' part. So the maximum over all withholding times is
linear in the schedule and nothing is lost; for a measure whose flow and one-off have opposite signs c(e) is the larger of its
two choices, entry phase by entry phase. D stands in one place, `Rows.loyalty`, as what not cheating is worth, V[t] - D[t,L],
with V[t] expanded to phase t+L, where whatever runs on in both cancels.

Values of each party are divided by its largest one (module `units`), so that a roadmap does not depend on the units the analyst
chose.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from detente.case.instance import Instance, Party
from detente.plan.certificate import Row
from detente.plan.roadmap import Roadmap
from detente.plan.search.columns import Schedule, is_large
from detente.plan.units import party_in, sizes
from detente.solver.linear import Expression, Programme, TimeOverError, column, total

__all__ = ["Key", "Margins", "Rows"]

Key = tuple[str, str, str | None, int, int]
"""What names a row: its kind, party, the other party, phase, lag."""
Margins = dict[Key, float]


@dataclass(frozen=True)
class _Group:
    """Measures that count alike to a party; each series holds phase t = -1 .. T-1 at index t + 1."""

    actors: tuple[str, ...]
    lag: int
    costly: bool
    value: list[Expression]
    once: list[Expression]
    share: list[Expression]
    kept: list[Expression]

    def flow(self, phase: int) -> Expression:
        """v x[t] + k (x[t] - x[t-1]); from T on the last level."""
        if phase + 1 < len(self.value):
            return self.value[phase + 1] + self.once[phase + 1]
        return self.value[-1]


class Rows:
    """The programme of an instance.

    Parameters
    ----------
    red_lines : with red lines.
    entries : write the schedule by entries where possible; None: in a large case.
    deadline : on the clock of `time.monotonic`: when writing the rows is given up (`TimeOverError`).
    margins : how much more than its model to demand of a row, by key (see `tighten`).
    extra_loss : give each party a column `extra_loss[i]` >= 0, added to its breakdown loss (for diagnosis).
    extra_worth : a ceiling by party, in scaled units: give the party a column `extra_worth[i]`, from 0 to it, that it is paid
        per phase in step with how much of `paid_for` (shares by measure) is in force (for the smallest change of values).
    """

    def __init__(
        self,
        instance: Instance,
        *,
        red_lines: bool = True,
        entries: bool | None = None,
        extra_loss: bool = False,
        extra_worth: Mapping[str, float] | None = None,
        paid_for: Mapping[str, float] | None = None,
        margins: Margins | None = None,
        deadline: float = math.inf,
    ) -> None:
        self.instance = instance
        self.programme = Programme()
        self.programme.until = deadline
        self.schedule = Schedule(instance, self.programme, entries=is_large(instance) if entries is None else entries)
        self.size = sizes(instance)
        self.scale = {i: float(x) for i, x in self.size.items()}
        self.own = {p.id: party_in(self.size[p.id], p) for p in instance.parties}
        self.V: dict[str, NDArray[np.int64]] = {}
        self.W: dict[str, NDArray[np.int64]] = {}
        self.extra_loss: dict[str, Expression] = {}
        self.extra_worth: dict[str, Expression] = {}
        self._most_paid = dict(extra_worth or {})
        self.margins: Margins = dict(margins or {})
        self.index: dict[Key, int] = {}
        self.exposures: dict[tuple[str, str], dict[tuple[int, int], Expression]] = {}
        self._value, self._once = (
            {i: _array(instance, i, kind, unit) for i, unit in self.size.items()} for kind in ("value", "once")
        )
        self._share_of = np.array([float(m.irreversible) for m in instance.measures])
        for i, party in self.own.items():
            if extra_loss:
                self.extra_loss[i] = self.programme.variable(0.0, math.inf)
            groups = self._groups(party)
            if i in self._most_paid:
                groups.append(self._payment(i, self._most_paid[i], paid_for or {}))
            self._values(party, groups)
            for t in range(instance.phases + 1):
                for length in range(1, max(instance.lags(i), default=0) + 1):
                    self.hold(("incentive", i, None, t, length), self.loyalty(party, groups, t, length))
            for other in instance.acting:
                if other != i:
                    if time.monotonic() > deadline:
                        raise TimeOverError("the time was over before the rows of the case were written")
                    self._exposures(party, other, groups, red_lines)
        self.programme.until = math.inf

    # -- reading a point ---------------------------------------------------------------------------------------------------

    def roadmap(self, point: NDArray[np.float64]) -> Roadmap:
        """The schedule that a point stands for."""
        return self.schedule.roadmap(point)

    def point(self, roadmap: Roadmap) -> NDArray[np.float64]:
        """The whole columns of a roadmap (the rest is left zero), to start a search from."""
        out = np.zeros(self.programme.size)
        self.schedule.fill(out, roadmap)
        return out

    def gain(self, party: str) -> Expression:
        """V[i,0] minus the value of no deal, in scaled units."""
        return column(self.V[party][0]) + Expression(constant=-float(self.own[party].no_deal))

    def surplus(self, party: str, phase: int) -> Expression:
        """V[i,t] - W[i,t], what the party would lose by stepping out, in scaled units."""
        return column(self.V[party][phase]) - column(self.W[party][phase])

    def most_surplus(self, party: str) -> float:
        """An upper bound of V - W in any phase: every wanted flow and one-off, every unwanted share left, the loss."""
        d = float(self.instance.party[party].discount)
        value, once = self._value[party], self._once[party]
        worth = (np.maximum(value, 0) + np.maximum(-value * self._share_of, 0)) / (1 - d) + np.maximum(once, 0)
        paid = self._most_paid.get(party, 0.0) / (1 - d)
        return float(worth.sum()) + paid + float(self.own[party].breakdown)

    def hold(self, key: Key, expression: Expression) -> None:
        """Demand of an expression that it is at least 0, and the margin of its key."""
        self.index[key] = self.programme.row(expression, self.margins.get(key, 0.0))

    def tighten(self, row: Row) -> bool:
        """Demand a little more of a row that floating point let pass and exact arithmetic did not. False: no such row."""
        key = (row.row, row.party or "", row.toward, row.phase, row.lag or 0)
        if key not in self.index:
            return False
        margin = 2 * abs(float(row.slack / self.size[row.party or ""])) + 1e-6
        self.margins[key] = self.margins.get(key, 0.0) + margin
        self.programme.tighten(self.index[key], margin)
        return True

    # -- groups ------------------------------------------------------------------------------------------------------------

    def _groups(self, party: Party) -> list[_Group]:
        i, schedule = party.id, self.schedule
        value, once = self._value[i], self._once[i]
        members: dict[tuple[tuple[str, ...], int, bool], list[int]] = {}
        for n, m in enumerate(self.instance.measures):
            if value[n] or once[n]:
                own = i in m.actors
                costly = own and (value[n] < 0 or (value[n] == 0 and once[n] <= 0))
                key = (tuple(sorted(m.actors)), m.lag if own else 0, bool(costly))
                members.setdefault(key, []).append(n)
        out = []
        for (actors, lag, costly), listed in members.items():
            which = np.array(listed)
            one_off = which[once[which] != 0]
            entering = [schedule.entering(one_off, once[one_off], t) for t in range(schedule.horizon)]
            flow = schedule.series(which, value[which])
            share = schedule.series(which, value[which] * self._share_of[which])
            kept = flow if actors == (i,) and not costly else share
            out.append(_Group(actors, lag, costly, flow, [Expression(), *entering], share, kept))
        return out

    def _payment(self, party: str, most: float, paid_for: Mapping[str, float]) -> _Group:
        """What the party is paid: g x, for each measure and phase a column w with w <= g, w <= G x, w >= g - G (1 - x), times
        the measure's share; nobody acts in it and nothing of it remains."""
        horizon, programme = self.instance.phases, self.programme
        g = self.extra_worth[party] = programme.variable(0.0, most)
        value = [Expression() for _ in range(horizon + 1)]
        for n, m in enumerate(self.instance.measures):
            share = paid_for.get(m.id, 0.0)
            for t in range(horizon) if share else ():
                x = self.schedule.level(np.array([n]), np.ones(1), t)
                w = programme.variable(0.0, most)
                programme.row(g - w)
                programme.row(x * most - w)
                programme.row(w - g - x * most, -most)
                value[t + 1] = value[t + 1] + w * share
        nothing = [Expression() for _ in range(horizon + 1)]
        return _Group((), 0, False, value, nothing, nothing, nothing)

    def _loss(self, party: Party) -> Expression:
        loss = Expression(constant=float(party.breakdown))
        if party.id in self.extra_loss:
            loss = loss + self.extra_loss[party.id]
        return loss

    # -- values and incentives ---------------------------------------------------------------------------------------------

    def _values(self, party: Party, groups: list[_Group]) -> None:
        i, d, horizon = party.id, float(party.discount), self.instance.phases
        self.V[i] = self.programme.columns(horizon + 1, -math.inf, math.inf)
        self.W[i] = self.programme.columns(horizon + 1, -math.inf, math.inf)
        value, out = list(map(column, self.V[i])), list(map(column, self.W[i]))
        for t in range(horizon + 1):
            flow = total(g.flow(t) for g in groups)
            after = value[t + 1] if t < horizon else value[t]
            self.programme.row(value[t] - flow - after * d, 0.0, 0.0)
            kept = total(g.kept[t] for g in groups)
            self.programme.row(out[t] - kept * (1 / (1 - d)) + self._loss(party), 0.0, 0.0)
            self.hold(("incentive", i, None, t, 0), value[t] - out[t])

    def loyalty(self, party: Party, groups: Sequence[_Group], t: int, length: int) -> Expression:
        """V[i,t] - D[i,t,L]: what i has of going on, over the best it can get by cheating from t on, found out at t + L.

        Costly acts of its own are held back from L - lag phases on, or at once; what else it does, and what others do, runs on
        until t + L. Where flow and one-off of an own measure have opposite signs, either may be better: what the other choice
        adds is taken off, by the phase in which the measure enters.
        """
        i, d, horizon = party.id, float(party.discount), self.instance.phases
        after = min(length, horizon - t)  # V expanded over the phases that differ; the flow of what runs on cancels there
        parts = [Expression(self.V[i][t + after : t + after + 1], np.full(1, d**after)), self._loss(party) * d**length]
        runs = [g for g in groups if not g.costly]
        parts.append(total(g.value[-1] for g in runs) * -sum(d**s for s in range(after, length)))
        parts.append(total(g.kept[min(t + length, horizon)] for g in runs) * (-(d**length) / (1 - d)))
        for g in groups:
            if g.costly:
                held = max(0, length - g.lag)
                parts += [g.flow(t + s) * d**s for s in range(held, after)]
                parts += [g.value[-1] * -(d**s) for s in range(after, held)]
                parts.append(g.share[min(t + held, horizon)] * (-(d**held) / (1 - d)))
        for n in np.flatnonzero(self._value[i] * self._once[i] < 0):
            m, v, k = self.instance.measures[n], float(self._value[i][n]), float(self._once[i][n])
            share = float(self._share_of[n]) * v
            kept = v if m.actors == (i,) and v > 0 else share
            waits = range(max(0, length - m.lag), min(length, horizon - t)) if i in m.actors else ()
            for wait in waits:  # phases of cheating before it enters
                rest = length - wait
                if v > 0:  # withholding it
                    gain = -(k + v * (1 - d**rest) / (1 - d) + d**rest * kept / (1 - d))
                else:  # entering for one phase
                    gain = k + v + d * share / (1 - d)
                if gain > 0:
                    parts.append(self.schedule.entering(np.array([n]), np.array([-gain * d**wait]), t + wait))
        return total(parts)

    # -- exposure ----------------------------------------------------------------------------------------------------------

    def _exposures(self, party: Party, other: str, groups: list[_Group], red_lines: bool) -> None:
        """E[i,j,t,L] as expressions, and the red lines."""
        i, d, horizon = party.id, float(party.discount), self.instance.phases
        theirs = [g for g in groups if other in g.actors]
        rest = [g for g in groups if other not in g.actors]
        flow = [total(g.flow(t) for g in rest) for t in range(horizon + 1)]
        kept = [total(g.kept[t] for g in rest) for t in range(horizon + 1)]
        broken_off = [total(g.share[t] for g in theirs) for t in range(horizon + 1)]
        self.exposures[i, other] = found = {}
        for t in range(horizon + 1):
            out = column(self.W[i][t])
            for lag in self.instance.lags(other):
                running = [flow[min(t + s, horizon)] * d**s for s in range(lag)]
                fallen = kept[min(t + lag, horizon)] * (d**lag / (1 - d)) + broken_off[t] * (1 / (1 - d))
                found[t, lag] = out - total([*running, fallen, self._loss(party) * -(d**lag)])
                if red_lines and party.red_line is not None:
                    cap = Expression(constant=float(party.red_line))
                    self.hold(("red_line", i, other, t, lag), cap - found[t, lag])


def _array(instance: Instance, party: str, kind: str, unit: Fraction) -> NDArray[np.float64]:
    """A party's values or one-offs over all measures, of shape (M,), in a unit."""
    numbers = (getattr(m, kind).get(party) for m in instance.measures)
    return np.array([float(x / unit) if x else 0.0 for x in numbers])
