"""The rows of the roadmap problem as a mixed-integer linear programme.

Columns
-------
schedule         which measure is in force by which phase (module `schedule`)
V[i,t], W[i,t]   continuation and stepping-out value, t = 0 .. T
odds             levels of the odds and their products with V - W, where a trust row needs them (module `trust`)

Groups. To party i two measures count alike in every row if they have the same actors and, where i acts itself, the same lag and
the same sign of worth. So the measures that touch i fall into a few groups, each a series of sums over phases, and every row is
a short sum of groups.

Deviation, written on entries: with z[m,e] = x[m,e] - x[m,e-1], the best withholding of an own measure is a number that depends
on its entry phase e alone: D = sum over m, e of c(e) z[m,e] plus the others' part. So the maximum over all withholding times is
linear in the schedule and nothing is lost; for a measure whose flow and one-off have opposite signs c(e) is the larger of its
two choices, entry phase by entry phase.

The row V[t] >= D[t,L] is written with V[t] expanded to phase t+L, where whatever runs on in both cancels.

Values of each party are divided by its largest one (module `units`), so that a roadmap does not depend on the units the analyst
chose.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.case.instance import Instance, Party
from detente.plan.certificate import Row
from detente.plan.roadmap import Roadmap
from detente.plan.search.columns import Schedule
from detente.plan.search.trust_rows import Trust
from detente.plan.units import in_own_units, sizes
from detente.solver.linear import Expression, Programme, TimeOverError, total

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
    trust : with trust rows. red_lines : with red lines.
    odds : fixed odds by ordered pair, T + 1 numbers each, in place of levels: the schedule must earn at least these, and the
        trust rows count no more. None: levels, added phase by phase as the search asks for them.
    entries : write the schedule by entries where possible (large cases).
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
        trust: bool = True,
        red_lines: bool = True,
        odds: dict[tuple[str, str], NDArray[np.float64]] | None = None,
        entries: bool = False,
        extra_loss: bool = False,
        extra_worth: Mapping[str, float] | None = None,
        paid_for: Mapping[str, float] | None = None,
        margins: Margins | None = None,
        deadline: float = math.inf,
    ) -> None:
        self.instance = instance
        self.asks = {"trust": trust, "red_lines": red_lines}
        self.programme = Programme()
        self.programme.until = deadline
        self.schedule = Schedule(instance, self.programme, entries=entries)
        self.size = sizes(instance)
        self.scale = {i: float(x) for i, x in self.size.items()}
        self._own = own = in_own_units(instance)
        self.V: dict[str, NDArray[np.int64]] = {}
        self.W: dict[str, NDArray[np.int64]] = {}
        self.extra_loss: dict[str, int] = {}
        self.extra_worth: dict[str, int] = {}
        self._most_paid = dict(extra_worth or {})
        self.margins: Margins = dict(margins or {})
        self.index: dict[Key, int] = {}
        self.exposures: dict[tuple[str, str], dict[tuple[int, int], Expression]] = {}
        self.trust: dict[tuple[str, str], Trust] = {}
        self._value = {i: _array(own, i, "value") for i in self.scale}
        self._once = {i: _array(own, i, "once") for i in self.scale}
        self._share_of = np.array([float(m.irreversible) for m in instance.measures])
        for party in own.parties:
            if extra_loss:
                self.extra_loss[party.id] = int(self.programme.columns(1, 0.0, math.inf)[0])
            groups = self._groups(party)
            if party.id in (extra_worth or {}):
                groups.append(self._payment(party.id, (extra_worth or {})[party.id], paid_for or {}))
            self._values(party, groups)
            self._deviations(party, groups)
            for other in instance.acting:
                if other != party.id:
                    if time.monotonic() > deadline:
                        raise TimeOverError("the time was over before the rows of the case were written")
                    self._exposures(party, other, groups, red_lines)
                    if trust:
                        fixed = None if odds is None else odds[party.id, other]
                        self.trust[party.id, other] = Trust(self, party, other, fixed)
        for kind, i, j, phase, _ in self.margins:
            if kind == "trust" and j is not None and (i, j) in self.trust:
                self.trust[i, j].add(phase)  # a margin on a row that waits to be broken by more than a tolerance would be none
        self.programme.until = math.inf

    # -- reading a point ---------------------------------------------------------------------------------------------------

    def roadmap(self, point: NDArray[np.float64]) -> Roadmap:
        """The schedule that a point stands for."""
        return self.schedule.roadmap(point)

    def point(self, roadmap: Roadmap) -> NDArray[np.float64]:
        """The whole columns of a roadmap (the rest is left zero), to start a search from."""
        out = np.zeros(self.programme.size)
        self.schedule.fill(out, roadmap)
        for trust in self.trust.values():
            trust.fill(out)
        return out

    def gain(self, party: str) -> Expression:
        """V[i,0] minus the value of no deal, in scaled units."""
        return Expression(self.V[party][:1], np.ones(1), -float(self._own.party[party].no_deal))

    def surplus(self, party: str, phase: int) -> Expression:
        """V[i,t] - W[i,t], what the party would lose by stepping out, in scaled units."""
        return Expression(np.array([self.V[party][phase], self.W[party][phase]]), np.array([1.0, -1.0]))

    def most_surplus(self, party: str) -> float:
        """An upper bound of V - W in any phase: every wanted flow and one-off, every unwanted share left, the loss."""
        d = float(self.instance.party[party].discount)
        value, once = self._value[party], self._once[party]
        worth = (np.maximum(value, 0) + np.maximum(-value * self._share_of, 0)) / (1 - d) + np.maximum(once, 0)
        paid = self._most_paid.get(party, 0.0) / (1 - d)
        return float(worth.sum()) + paid + float(self._own.party[party].breakdown)

    def hold(self, key: Key, expression: Expression) -> None:
        """Demand of an expression that it is at least 0, and the margin of its key."""
        self.index[key] = self.programme.row(expression, self.margins.get(key, 0.0))

    def tighten(self, row: Row) -> bool:
        """Demand a little more of a row that floating point let pass and exact arithmetic did not. False: no such row."""
        key = (row.row, row.party or "", row.toward, row.phase, row.lag or 0)
        if row.row == "trust" and key not in self.index:
            self.trust[row.party or "", row.toward or ""].add(row.phase)
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
        g = Expression(programme.columns(1, 0.0, most), np.ones(1))
        self.extra_worth[party] = int(g.columns[0])
        value = [Expression() for _ in range(horizon + 1)]
        for n, m in enumerate(self.instance.measures):
            share = paid_for.get(m.id, 0.0)
            for t in range(horizon) if share else ():
                x = self.schedule.level(np.array([n]), np.ones(1), t)
                w = Expression(programme.columns(1, 0.0, most), np.ones(1))
                programme.row(g - w)
                programme.row(x * most - w)
                programme.row(w - g - x * most, -most)
                value[t + 1] = value[t + 1] + w * share
        nothing = [Expression() for _ in range(horizon + 1)]
        return _Group((), 0, False, value, nothing, nothing, nothing)

    def _loss(self, party: Party) -> Expression:
        loss = Expression(constant=float(party.breakdown))
        if party.id in self.extra_loss:
            loss = loss + Expression(np.array([self.extra_loss[party.id]]), np.ones(1))
        return loss

    # -- values and incentives ---------------------------------------------------------------------------------------------

    def _values(self, party: Party, groups: list[_Group]) -> None:
        i, d, horizon = party.id, float(party.discount), self.instance.phases
        self.V[i] = self.programme.columns(horizon + 1, -math.inf, math.inf)
        self.W[i] = self.programme.columns(horizon + 1, -math.inf, math.inf)
        value = [Expression(self.V[i][t : t + 1], np.ones(1)) for t in range(horizon + 1)]
        out = [Expression(self.W[i][t : t + 1], np.ones(1)) for t in range(horizon + 1)]
        for t in range(horizon + 1):
            flow = total(g.flow(t) for g in groups)
            after = value[t + 1] if t < horizon else value[t]
            self.programme.row(value[t] - flow - after * d, 0.0, 0.0)
            kept = total(g.kept[t] for g in groups)
            self.programme.row(out[t] - kept * (1 / (1 - d)) + self._loss(party), 0.0, 0.0)
            self.hold(("incentive", i, None, t, 0), value[t] - out[t])

    def _deviations(self, party: Party, groups: list[_Group]) -> None:
        i, d, horizon = party.id, float(party.discount), self.instance.phases
        longest = max(self.instance.lags(i), default=0)
        runs = [g for g in groups if not g.costly]
        held_back = [g for g in groups if g.costly]
        run_level = total(g.value[-1] for g in runs)
        run_kept = [total(g.kept[t] for g in runs) for t in range(horizon + 1)]
        corrections = self._mixed(i, d, longest)
        for t in range(horizon + 1):
            for length in range(1, longest + 1):
                after = min(length, horizon - t)  # V expanded over the phases that differ; the flow of `runs` cancels there
                row = [Expression(self.V[i][t + after : t + after + 1], np.full(1, d**after)), self._loss(party) * d**length]
                row.append(run_level * -sum(d**s for s in range(after, length)))
                row.append(run_kept[min(t + length, horizon)] * (-(d**length) / (1 - d)))
                for g in held_back:
                    held = max(0, length - g.lag)
                    row += [g.flow(t + s) * d**s for s in range(held, after)]
                    row += [g.value[-1] * -(d**s) for s in range(after, held)]
                    row.append(g.share[min(t + held, horizon)] * (-(d**held) / (1 - d)))
                row += [c * -1.0 for c in corrections.get((t, length), [])]
                self.hold(("incentive", i, None, t, length), total(row))

    def _mixed(self, party: str, d: float, longest: int) -> dict[tuple[int, int], list[Expression]]:
        """For own measures with a flow and a one-off of opposite signs: what the other choice adds, by (t, L)."""
        out: dict[tuple[int, int], list[Expression]] = {}
        for n, m in enumerate(self.instance.measures):
            v, k = float(self._value[party][n]), float(self._once[party][n])
            if party not in m.actors or v * k >= 0:
                continue
            share = float(self._share_of[n]) * v
            kept = v if m.actors == (party,) and v > 0 else share
            for length in range(1, longest + 1):
                for wait in range(max(0, length - m.lag), length):  # enters `wait` phases after the cheating begins
                    gain = _other_choice(v, k, kept, share, d, length - wait)
                    if gain > 0:
                        for t in range(self.instance.phases - wait):
                            entering = self.schedule.entering(np.array([n]), np.array([gain * d**wait]), t + wait)
                            out.setdefault((t, length), []).append(entering)
        return out

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
            out = Expression(self.W[i][t : t + 1], np.ones(1))
            for lag in self.instance.lags(other):
                running = [flow[min(t + s, horizon)] * d**s for s in range(lag)]
                fallen = kept[min(t + lag, horizon)] * (d**lag / (1 - d)) + broken_off[t] * (1 / (1 - d))
                found[t, lag] = out - total([*running, fallen, self._loss(party) * -(d**lag)])
                if red_lines and party.red_line is not None:
                    cap = Expression(constant=float(party.red_line))
                    self.hold(("red_line", i, other, t, lag), cap - found[t, lag])


def _array(instance: Instance, party: str, kind: str) -> NDArray[np.float64]:
    """A party's values or one-offs over all measures, of shape (M,)."""
    return np.array([float(getattr(m, kind).get(party, 0)) for m in instance.measures])


def _other_choice(v: float, k: float, kept: float, share: float, d: float, rest: int) -> float:
    """What withholding (v > 0 > k) or entering for one phase (v < 0 < k) gains over the usual choice, at the entry phase."""
    if v > 0:
        return -(k + v * (1 - d**rest) / (1 - d) + d**rest * kept / (1 - d))
    return k + v + d * share / (1 - d)
