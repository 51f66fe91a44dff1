"""The rows that every roadmap must satisfy whatever anybody trusts, as a mixed-integer linear programme.

Columns
-------
schedule         which measure is in force by which phase (module `columns`)
V[i,t], W[i,t]   continuation and stepping-out value, t = 0 .. T

Rows: what V and W are, V >= W and V >= D (incentives), E within red lines. What trust rows are made of stands here too, and is
made when asked for: the exposures E and, under doubt, the gains of cheating Y - X. The rows themselves are a matter of their
own (module `trust_rows`; all together: module `problem`). The letters are those of the certificate. Rows of a party that may
have nothing to give, or toward one that may have nothing to do, fall away where that is so (module `duties`).

Measures that count alike are summed first, so that every row is a short sum of groups (module `group`).

Cheating, written on entries: with z[m,e] = x[m,e] - x[m,e-1], what a party makes of an own measure at best is a number that
depends on its entry phase e alone: sum over m, e of c(e) z[m,e]. So the maximum over all times to withhold it, or to begin it,
is linear in the schedule and nothing is lost. It stands in one place, `Rows._own`, for D and Y alike.

Values of each party are divided by its largest one (module `units`), so that a roadmap does not depend on the units the analyst
chose. No row asks for a process: `helping` does.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.case.alone import alone
from detente.case.instance import Instance, Party
from detente.plan.certificate import Row
from detente.plan.roadmap import Roadmap
from detente.plan.search.columns import Schedule, is_large
from detente.plan.search.duties import Duties
from detente.plan.search.group import Group, in_phase, on_entry
from detente.plan.units import party_in, sizes
from detente.solver.linear import Expression, Programme, column, gathered, total

__all__ = ["POSITIVE", "Key", "Margins", "Rows"]

POSITIVE = 1e-6
"""Of a party's largest value: a smaller gain counts as none."""


class Key(NamedTuple):
    """What names a row: its kind, party, the other party, phase, lag; of a doubt row, when the party itself is found out."""

    row: str
    party: str
    toward: str | None
    phase: int
    lag: int
    found: int = 0


Margins = dict[Key, float]


class Rows:
    """The programme of an instance.

    Parameters
    ----------
    red_lines, incentives : with these rows. helping : only roadmaps that help.
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
        incentives: bool = True,
        helping: bool = False,
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
        self.duties = Duties(self.schedule, paid=bool(self._most_paid))
        self.alone = alone(instance)
        self.drift = {i: float(self.alone.drift(i) / unit) for i, unit in self.size.items()}
        self.suspended = {i: float(self.alone.suspended(i) / unit) for i, unit in self.size.items()}
        self.longest = {i: max(instance.lags(i), default=0) for i in self.own}
        self.margins: Margins = dict(margins or {})
        self.index: dict[Key, int] = {}
        self._value, self._once = (
            {i: _array(instance, i, kind, unit) for i, unit in self.size.items()} for kind in ("value", "once")
        )
        self._share_of = np.array([float(m.irreversible) for m in instance.measures])
        self._groups: dict[str, list[Group]] = {}
        self._flow: dict[str, list[Expression]] = {}
        self._out: dict[str, list[Expression]] = {}
        self._coalitions: dict[object, list[int]] = {}
        self._choices: list[tuple[int, Expression]] = []  # columns that may be 1 where an expression is at least 0
        for i, party in self.own.items():
            if extra_loss:
                self.extra_loss[i] = self.programme.variable(0.0, math.inf)
            self._groups[i] = self._grouped(party)
            if i in self._most_paid:
                self._groups[i].append(self._payment(party, self._most_paid[i], paid_for or {}))
            self._values(i)
            if incentives:
                self._incentives(i)
            if red_lines and party.red_line is not None:
                self._red_lines(i, float(party.red_line))
        if helping:
            self._helping()
        self.programme.until = math.inf

    # -- reading a point ---------------------------------------------------------------------------------------------------

    def roadmap(self, point: NDArray[np.float64]) -> Roadmap:
        """The schedule that a point stands for."""
        return self.schedule.roadmap(point)

    def point(self, roadmap: Roadmap) -> NDArray[np.float64]:
        """The whole columns of a roadmap, and its V and W (the rest is left zero), to start a search from."""
        out = np.zeros(self.programme.size)
        self.schedule.fill(out, roadmap)
        for i, party in self.own.items():
            ahead = self._flow[i][-1].at(out) / (1 - float(party.discount))
            for t in reversed(range(len(self.V[i]))):
                out[self.V[i][t]] = ahead
                ahead = self._flow[i][t - 1].at(out) + float(party.discount) * ahead
                out[self.W[i][t]] = self._out[i][t].at(out)
        for choice, expression in self._choices:
            out[choice] = expression.at(out) >= -1e-9
        return out

    def gain(self, party: str) -> Expression:
        """G: V[i,0] minus the value of no deal, in scaled units, of a roadmap that is a process."""
        return column(self.V[party][0]) + Expression(constant=-float(self.alone.no_deal[party] / self.size[party]))

    def steps_gain(self, party: str) -> Expression:
        """H: the same, the drift of the stand-off aside."""
        return self.gain(party) + Expression(constant=self.suspended[party])

    def span(self, party: str, expression: Expression) -> tuple[float, float]:
        """The least and the most that an expression can be in the schedule, the party's V and W, and what it is paid, with
        each measure entering when it likes, or never."""
        horizon, d = self.schedule.horizon, float(self.own[party].discount)
        weights: NDArray[np.float64] = np.zeros(self.programme.size)
        np.add.at(weights, expression.columns, expression.values)
        parts = [Expression(constant=expression.constant)]
        for t, (value, out) in enumerate(zip(self.V[party], self.W[party], strict=True)):
            ahead = weights[value] / (1 - d) if t == horizon else weights[value]
            if ahead:
                parts.append(self._flow[party][t] * ahead)
            if t < horizon:
                weights[self.V[party][t + 1]] += ahead * d
            if weights[out]:
                parts.append(self._out[party][t] * weights[out])
            weights[[value, out]] = 0.0
        known = total(parts)
        np.add.at(weights, known.columns, known.values)
        low, high = self.schedule.span(weights)
        other = np.setdiff1d(np.flatnonzero(weights), self.schedule.known())
        ends = np.sort(weights[other] * self.programme.bounds(other), axis=0)
        return known.constant + low + float(ends[0].sum()), known.constant + high + float(ends[1].sum())

    # -- demanding ---------------------------------------------------------------------------------------------------------

    def least_gain(self, party: str) -> Expression:
        """What the party gains as far as nobody may lose: G, or H if that is less and the party has to do something; a drift to
        the good is not lost to whom the roadmap does not touch."""
        drift = self.suspended[party]
        if not drift:
            return self.gain(party)
        let_off = self.duties.idle(party) if drift < 0 else self.duties.untouched(party)
        if let_off is None:
            return self.gain(party)
        return self.steps_gain(party) - let_off * drift if drift < 0 else self.gain(party) + let_off * drift

    def demand_process(self) -> None:
        """Demand a new step that its actor would not take alone, or that a process is under way."""
        new = np.array([n for n in self.schedule.new if self.alone.ready[n] is None], dtype=np.int64)
        if not self.instance.under_way:
            self.programme.row(self.schedule.level(new, np.ones(len(new)), self.schedule.horizon), 1.0)

    def _helping(self) -> None:
        """Demand a process by which nobody loses whom it touches, and somebody gains (module `plan.process`)."""
        self.demand_process()
        for i in self.instance.touched:
            self.programme.row(self.least_gain(i))
        gains = self.programme.columns(len(self.instance.touched), 0.0, 1.0, whole=True)
        self.programme.row(Expression(gains, np.ones(len(gains))), 1.0)
        for i, choice in zip(self.instance.touched, gains, strict=True):
            least, one = self.gain(i) if self.suspended[i] > 0 else self.steps_gain(i), column(choice)
            self.programme.row(least - one * POSITIVE + (Expression(constant=1.0) - one) * abs(self.suspended[i]))
            self._choices.append((choice, least - Expression(constant=POSITIVE)))

    def hold(self, key: Key, expression: Expression) -> None:
        """Demand of an expression that it is at least 0, and the margin of its key."""
        self.index[key] = self.programme.row(expression, self.margins.get(key, 0.0))

    def unless(self, party: str, row: Expression, absent: Iterable[Expression]) -> Expression:
        """The row, let off where one of some numbers is 1 and not 0."""
        real = [a for a in absent if len(a.columns) or a.constant]
        return row + total(real) * max(0.0, -self.span(party, row)[0]) if real else row

    def tighten(self, row: Row) -> bool:
        """Demand a little more of a row that floating point let pass and exact arithmetic did not. False: no such row.

        Rows of coalitions are too many to be all there: one that is broken is demanded from then on.
        """
        margin = 2 * abs(float(row.slack / self.size[row.party or ""])) + 1e-6
        if row.row == "coalition":
            self._hold_together(row, margin)
            return True
        key = Key(row.row, row.party or "", row.toward, row.phase, row.lag or 0, row.found or 0)
        if key not in self.index:
            return False
        self.margins[key] = self.margins.get(key, 0.0) + margin
        self.programme.tighten(self.index[key], margin)
        return True

    def _hold_together(self, row: Row, margin: float) -> None:
        """Some member of a coalition has no less of going on than of stepping out with the others and keeping some acts up."""
        key = row.together, row.keeping, row.phase
        for held in self._coalitions.get(key, ()):
            self.programme.tighten(held, margin)
        if key in self._coalitions:
            return
        kept = np.array([n for n, m in enumerate(self.instance.measures) if m.id in row.keeping], dtype=np.int64)
        stays = self.programme.columns(len(row.together), 0.0, 1.0, whole=True)
        idle = [absent for i in row.together if (absent := self.duties.idle(i)) is not None]
        self.programme.row(Expression(stays, np.ones(len(stays))) + total(idle), 1.0)
        self._coalitions[key] = []
        for i, stay in zip(row.together, stays, strict=True):
            worth = self._value[i][kept] * (1 - self._share_of[kept]) / (1 - float(self.own[i].discount))
            more = self.loyalty(i, row.phase, 0) - self.schedule.level(kept, worth, row.phase - 1)
            one = self.unless(i, more, [Expression(constant=1.0) - column(stay)])
            self._coalitions[key].append(self.programme.row(one))
            self._choices.append((stay, more))

    # -- groups ------------------------------------------------------------------------------------------------------------

    def _grouped(self, party: Party) -> list[Group]:
        i, schedule, world, d = party.id, self.schedule, self.alone, float(party.discount)
        value, once = self._value[i], self._once[i]
        members: dict[tuple[tuple[str, ...], int, bool, bool, int | None, float, int], list[int]] = {}
        for n, m in enumerate(self.instance.measures):
            if value[n] or once[n]:
                own, alone_ = i in m.actors, world.ready[n] is not None
                costly = own and not alone_ and (value[n] < 0 or (value[n] == 0 and once[n] <= 0))
                when = (world.ready[n], world.last[n]) if alone_ else (None, math.inf)
                takes = m.takes if alone_ or (own and min(value[n], once[n]) < 0) else 0
                key = (tuple(sorted(m.actors)), m.lag if own else 0, bool(costly), world.kept[n], *when, takes)
                members.setdefault(key, []).append(n)
        out = []
        for (actors, lag, costly, kept, ready, last, takes), listed in members.items():
            which, early = np.array(listed), takes if i in actors else 0
            flow, entering = in_phase(schedule, which, value[which], early), on_entry(schedule, which, once[which], early)
            left = flow if kept else schedule.series(which, value[which] * self._share_of[which])
            held, cost = value[which] / (1 - d), np.minimum(once[which], 0.0)
            worth = (once[which] - cost + cost / d**early if early else once[which]) + held
            begun = [] if ready is None else schedule.series(which, worth)
            entered = schedule.series(which, once[which] - cost + held) if begun and early else begun
            out.append(
                Group(d, actors, lag, costly, flow, entering, left, begun, float(worth.sum()), ready, last, entered, takes)
            )
        return out

    def _payment(self, party: Party, most: float, paid_for: Mapping[str, float]) -> Group:
        """What the party is paid: g x, for each measure and phase a column w with w <= g, w <= G x, w >= g - G (1 - x), times
        the measure's share; nobody acts in it and nothing of it remains."""
        horizon, programme = self.instance.phases, self.programme
        g = self.extra_worth[party.id] = programme.variable(0.0, most)
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
        return Group(float(party.discount), (), 0, False, value, nothing, nothing, [])

    def _after(self, party: str) -> Expression:
        """What is added once all is over: the drift of the stand-off, less the breakdown loss."""
        after = Expression(constant=self.drift[party] - float(self.own[party].breakdown))
        return after - self.extra_loss[party] if party in self.extra_loss else after

    # -- values and incentives ---------------------------------------------------------------------------------------------

    def _values(self, i: str) -> None:
        horizon, d, groups = self.schedule.horizon, float(self.own[i].discount), self._groups[i]
        self.V[i] = self.programme.columns(horizon + 1, -math.inf, math.inf)
        self.W[i] = self.programme.columns(horizon + 1, -math.inf, math.inf)
        self._flow[i] = [total(g.flow(t) for g in groups) for t in range(horizon + 1)]
        self._out[i] = [total([*(g.over(t, 0) for g in groups), self._after(i)]) for t in range(horizon + 1)]
        value, out = list(map(column, self.V[i])), list(map(column, self.W[i]))
        for t in range(horizon + 1):
            after = value[t + 1] if t < horizon else value[t]
            self.programme.row(value[t] - self._flow[i][t] - after * d, 0.0, 0.0)
            self.programme.row(out[t] - self._out[i][t], 0.0, 0.0)

    def _incentives(self, i: str) -> None:
        idle = self.duties.idle(i)
        if idle is not None:
            for t in range(self.schedule.horizon + 1):
                for found in range(self.longest[i] + 1):
                    self.hold(Key("incentive", i, None, t, found), self.unless(i, self.loyalty(i, t, found), [idle]))

    def loyalty(self, i: str, t: int, found: int) -> Expression:
        """V[i,t] - D[i,t,found]: what i has of going on, over the best of cheating from t on; found 0: over stepping out, W."""
        d, groups, ahead = float(self.own[i].discount), self._groups[i], min(found, self.schedule.horizon - t)
        if not found:
            return column(self.V[i][t]) - column(self.W[i][t])
        parts = [column(self.V[i][t + ahead]) * d**ahead, self._after(i) * -(d**found)]  # flows of what runs on cancel
        for g in groups:
            ran, rest = self._own(g, i, t, found, found)
            parts += [g.flows(t, ran, ahead), -rest]
        return gathered(total(parts) - self._otherwise(i, t, found, found))

    def _own(self, g: Group, i: str, t: int, found: int, length: int) -> tuple[int, Expression]:
        """What becomes of a group while i cheats, to be found out at t + found, all being over at t + length: for how many
        phases it runs as scheduled, and what it is worth beyond. Costly acts are withheld as soon as that goes unnoticed."""
        held = min(max(0, found - g.lag), length)
        if i in g.actors and g.ready is not None:
            return 0, g.early(t, held, length)
        ran = held if g.costly else length
        return ran, g.over(t, ran)

    def _otherwise(self, i: str, t: int, found: int, length: int, without: str | None = None) -> Expression:
        """What more i makes of own measures whose flow and one-off have opposite signs, by entering or not as suits it."""
        parts, d = [], float(self.own[i].discount)
        for n in np.flatnonzero(self._value[i] * self._once[i] < 0):
            m, v, k = self.instance.measures[n], float(self._value[i][n]), float(self._once[i][n])
            if i not in m.actors or without in m.actors or self.alone.ready[n] is not None:
                continue
            left = v if self.alone.kept[n] else float(self._share_of[n]) * v
            held = min(max(0, found - m.lag), length)
            most = length + m.takes if v > 0 else length
            for wait in range(held, min(most, self.schedule.horizon - t)):  # phases of cheating before it enters
                rest, start = length - wait, wait - m.takes
                if v > 0:  # withholding it, or stopping its work
                    paid = k * d**-m.takes if held <= start < length else 0.0
                    more = -(paid + v * (1 - d**rest) / (1 - d) + d**rest * left / (1 - d)) if rest > 0 else -paid
                else:  # entering for one phase, and the work before it
                    more = k + v * sum(d ** (u - wait) for u in range(max(held, start), wait + 1)) + d * left / (1 - d)
                if more > 0:
                    parts.append(self.schedule.entering(np.array([n]), np.array([more * d**wait]), t + wait))
        return total(parts)

    # -- at the hands of others --------------------------------------------------------------------------------------------

    def exposure(self, i: str, j: str, t: int, known: int) -> Expression:
        """E[i,j,t,M] = W - X, in which what j does itself is the same."""
        others, d = [g for g in self._groups[i] if j not in g.actors], float(self.own[i].discount)
        parts = [part for g in others for part in (g.over(t, 0), -g.flows(t, 0, known), -g.over(t, known))]
        return gathered(total([*parts, self._after(i) * (1 - d**known)]))

    def temptation(self, i: str, j: str, t: int, known: int, found: int) -> Expression:
        """Y[i,j,t,L,M] - X[i,j,t,M]: what i gains by cheating, to be found out at t + L, if j stops in t."""
        others, d, length = [g for g in self._groups[i] if j not in g.actors], float(self.own[i].discount), min(found, known)
        parts = [self._otherwise(i, t, found, length, j), self._after(i) * (d**length - d**known)]
        for g in others:
            ran, rest = self._own(g, i, t, found, length)
            parts += [g.flows(t, known, ran), rest, -g.over(t, known)]
        return gathered(total(parts))

    def absent(self, i: str, j: str, t: int, known: int) -> tuple[Expression, Expression] | None:
        """Two numbers, one of which is 1 where i has no row toward j in t with that lag; None: it never has."""
        idle, nothing = self.duties.idle(i), self.duties.nothing_due(j, i, t, known)
        return None if idle is None or nothing is None else (idle, nothing)

    @property
    def exposures(self) -> Mapping[tuple[str, str], Mapping[tuple[int, int], Expression]]:
        """E[i,j,t,M] by pair, phase and lag, no more than 0 where there is no row; made anew."""
        out: dict[tuple[str, str], dict[tuple[int, int], Expression]] = {}
        for i, j in ((i, j) for i in self.own for j in self.instance.acting if i != j):
            for t in range(self.schedule.horizon + 1):
                for lag in self.instance.lags(j):
                    absent = self.absent(i, j, t, lag)
                    if absent is not None:
                        out.setdefault((i, j), {})[t, lag] = -self.unless(i, -self.exposure(i, j, t, lag), absent)
        return out

    def _red_lines(self, i: str, cap: float) -> None:
        for j in self.instance.acting:
            for t in range(self.schedule.horizon + 1):
                for lag in self.instance.lags(j) if i != j else ():
                    absent = self.absent(i, j, t, lag)
                    if absent is not None:
                        row = Expression(constant=cap) - self.exposure(i, j, t, lag)
                        self.hold(Key("red_line", i, j, t, lag), self.unless(i, row, absent))


def _array(instance: Instance, party: str, kind: str, unit: Fraction) -> NDArray[np.float64]:
    """A party's values or one-offs over all measures, of shape (M,), in a unit."""
    numbers = (getattr(m, kind).get(party) for m in instance.measures)
    return np.array([float(x / unit) if x else 0.0 for x in numbers])
