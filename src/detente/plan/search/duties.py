"""Who gives, and what is due, as columns: which rows exist depends on the schedule.

Rows of party i exist if i gives, and rows toward j in phase t with lag M if j then has something to do, of that lag, that
matters to i (module `plan.process` says so of a given roadmap). Whether it is so is a number that the schedule decides, 1 or 0:

    a measure in force from the start that must be kept up     1
    one that must be kept up once performed                    x[m,T-1], whatever the phase
    one that need only be performed                            x[m,T-1] - x[m,t-1]
    one to refrain from                                        1 - x[m, max(t + takes, ready)]

or, of several of them, a column that is at least each. A row that may be absent is written `row + M (1 - column) >= 0`, with M
so large that it demands nothing where the column is 0.

Two parties. No column says who gives where neither could ever be content with acting alone: whoever has something to do in a
roadmap that helps has H >= 0, and what it does itself costs it something, so the other does something that matters to it, and
so has something to do, too. That is so where no act of one's own pays or costs nothing, where no act of both is nothing to one
of them, and where nothing that is taken alone can come sooner by a roadmap. In a roadmap that does not help, rows then stand
that the certificate does not have: ask for roadmaps that help.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property

import numpy as np

from detente.case.alone import alone
from detente.case.instance import Measure
from detente.plan.search.columns import Schedule
from detente.solver.linear import Expression

__all__ = ["Duties"]

_NOTHING = Fraction(0)
_ONE = Expression(constant=1.0)


class Duties:
    """What the schedule of an instance asks of whom. paid : something is paid from outside the measures."""

    def __init__(self, schedule: Schedule, *, paid: bool = False) -> None:
        self.schedule, self.instance = schedule, schedule.instance
        self._alone, self._paid = alone(self.instance), paid
        self._absent: dict[object, Expression] = {}
        self._giving: dict[str, list[Expression]] = {}
        self._due: dict[object, list[Expression]] = {}
        self._listed: dict[object, tuple[list[int], bool]] = {}

    # -- whether a row exists --------------------------------------------------------------------------------------------

    def giving(self, party: str) -> list[Expression]:
        """Numbers of which one is 1 where the party gives, and none where it does not."""
        if party not in self._giving:
            always = party in self.instance.under_way or (self._mutual and party in self.instance.acting)
            self._giving[party] = [_ONE] if always else [p for n in self._own(party) for p in self._gives(n, party)]
        return self._giving[party]

    def due(self, other: str, to: str, phase: int, lag: int) -> list[Expression]:
        """The same for what the other has to do in a phase that matters to a party, of one lag."""
        listed, lasting = self._acts(other, to, lag)
        key = other, to, lag, None if lasting else phase
        if key not in self._due:
            parts = [part for n in listed for part in self._owes(n, to, phase)]
            self._due[key] = [_ONE] if parts and self._mutual and self._always_due(other, to) else parts
        return self._due[key]

    def changed(self, party: str) -> list[Expression]:
        """The same for whether the roadmap touches a party."""
        out = []
        for n, m in enumerate(self.instance.measures):
            ready = self._alone.ready[n]
            if not m.touches(party):
                continue
            if m.in_force:
                out += [] if self._alone.kept[n] else [_ONE]
            elif ready is None:
                out += self._taken(n)
            elif ready < self.schedule.horizon:
                out.append(_ONE - self.schedule.entering(np.array([n]), np.ones(1), ready))
            else:
                out.append(_ONE)
        return out

    def absent(self, key: object, parts: list[Expression]) -> Expression | None:
        """1 - column, or what stands for it; None: never 0. key : the same for the same parts, whose column is made once."""
        if any(not len(part.columns) and part.constant >= 1 for part in parts):
            return Expression()
        if len(parts) <= 1:
            return _ONE - parts[0] if parts else None
        if key not in self._absent:
            there = self.schedule.programme.variable(0.0, 1.0)
            for part in parts:
                self.schedule.programme.row(there - part)
            self._absent[key] = _ONE - there
        return self._absent[key]

    def idle(self, party: str) -> Expression | None:
        """1 where the party does not give, else 0; None: it never gives."""
        return self.absent(party, self.giving(party))

    def untouched(self, party: str) -> Expression | None:
        """1 where the roadmap leaves the party as it would be alone, else 0; None: no roadmap touches it."""
        return self.absent(("changed", party), self.changed(party))

    def nothing_due(self, other: str, to: str, phase: int, lag: int) -> Expression | None:
        """1 where the other has nothing to do in a phase that matters to the party, of one lag; None: it never has."""
        lasting = self._acts(other, to, lag)[1]
        return self.absent((other, to, lag, None if lasting else phase), self.due(other, to, phase, lag))

    # -- of one measure ----------------------------------------------------------------------------------------------------

    def _own(self, party: str) -> list[int]:
        return [n for n, m in enumerate(self.instance.measures) if party in m.actors]

    def _acts(self, other: str, to: str, lag: int) -> tuple[list[int], bool]:
        """Measures of one lag that can be due to a party, and whether all of them are so in every phase, if at all."""
        key = other, to, lag
        if key not in self._listed:
            listed = [n for n in self._own(other) if self.instance.measures[n].lag == lag and self._matters(n, to)]
            self._listed[key] = listed, all(self._lasting(n, to) for n in listed)
        return self._listed[key]

    def _taken(self, n: int) -> list[Expression]:
        """Whether a new measure is in force in the end."""
        if not self.schedule.can_enter(n):
            return []
        return [self.schedule.level(np.array([n]), np.ones(1), self.schedule.horizon)]

    def _gives(self, n: int, party: str) -> list[Expression]:
        m, ready = self.instance.measures[n], self._alone.ready[n]
        if ready is not None:
            harmful = any(m.harms(p.id) for p in self.instance.parties if p.id != party)
            return [self._refrained(n, 0)] if harmful else []
        if m.in_force:
            return [_ONE] if self._alone.lasting[n] else []
        return self._taken(n)

    def _owes(self, n: int, to: str, phase: int) -> list[Expression]:
        m, ready = self.instance.measures[n], self._alone.ready[n]
        if ready is not None:
            return [self._refrained(n, phase)] if m.harms(to) and phase + m.takes <= self._alone.last[n] else []
        if m.in_force:
            return [_ONE] if self._lasting(n, to) else []
        if not m.touches(to) or self._lasting(n, to):
            return self._taken(n) if m.touches(to) else []
        before = self.schedule.level(np.array([n]), np.ones(1), phase - 1)
        return [after - before for after in self._taken(n)]

    def _refrained(self, n: int, phase: int) -> Expression:
        ready = self._alone.ready[n]
        assert ready is not None
        return _ONE - self.schedule.level(np.array([n]), np.ones(1), max(phase + self.instance.measures[n].takes, ready))

    def _lasting(self, n: int, to: str) -> bool:
        """Whether it matters to a party in every phase, if at all: due, and then to be kept up."""
        return self._alone.ready[n] is None and self._alone.lasting[n] and bool(self.instance.measures[n].value.get(to))

    def _matters(self, n: int, to: str) -> bool:
        """Whether anything about it can be due to a party."""
        m = self.instance.measures[n]
        if self._alone.ready[n] is not None:
            return m.harms(to)
        return self._lasting(n, to) or (self.schedule.can_enter(n) and m.touches(to))

    # -- two parties -------------------------------------------------------------------------------------------------------

    def _always_due(self, other: str, to: str) -> bool:
        """Of two parties that both give: whether all that the other could do for it is due in all phases, with one lag."""
        listed = [n for n in self._own(other) if self._matters(n, to)]
        return all(self._lasting(n, to) for n in listed) and len({self.instance.measures[n].lag for n in listed}) == 1

    @cached_property
    def _mutual(self) -> bool:
        """Of two parties: neither could be content with acting alone."""
        parties = self.instance.parties
        if len(parties) != 2 or self._paid or self.instance.under_way:
            return False
        return all(self._costs(n, m) for n, m in enumerate(self.instance.measures) if m.in_force or self.schedule.can_enter(n))

    def _costs(self, n: int, m: Measure) -> bool:
        ready = self._alone.ready[n]
        if ready is not None:
            return self.schedule.first(n) >= ready
        if len(m.actors) != 1:
            felt = all(m.value.get(i) if m.in_force else m.touches(i) for i in m.actors)
            return bool(m.actors) and (felt or (m.in_force and not self._alone.lasting[n]))
        value, once = (of.get(m.actors[0], _NOTHING) for of in (m.value, m.once))
        if m.in_force:
            return value < 0 or not self._alone.lasting[n]
        return once + value / (1 - self.instance.party[m.actors[0]].discount) < 0
