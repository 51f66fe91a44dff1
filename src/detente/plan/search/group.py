"""Measures that count alike to a party, as series of sums over phases, of which the rows are made.

To party i two measures count alike in every row if they have the same actors, are left alike after a break-off, take equally
long where that matters to it, and, where i acts itself, have the same lag and the same sign of worth. So the measures that
touch i fall into a few groups, and every row is a short sum of groups. Of a group, all discounted to t,

    flows(a, b)   what it is worth in t+a .. t+b-1 as scheduled
    over(n)       what is left of it when all is over at t+n: left / (1-d) of what is in force by then, and, of acts taken
                  alone, S of what has not started, and what those are worth on entry of which the work is under way. So
                  run(n) = flows(0, n) + over(n), and V - run(n) = flows(n, ..) - over(n).

Work. A step that takes n phases starts n before its entry: its start is x[m,t+n], and what it costs its actors is a sum over
the same columns n phases sooner. No others are needed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from detente.plan.search.columns import Schedule
from detente.solver.linear import Expression, total

__all__ = ["Group", "in_phase", "on_entry"]


@dataclass(frozen=True)
class Group:
    """Measures that count alike to a party; each series holds phase t = -1 .. T-1 at index t + 1.

    value, once, left : per phase in force, on entry, per phase after a break-off. begun : k + v / (1-d) of what is in force,
    where these are acts taken alone, a k that is paid for n phases sooner counting d^-n times; all_begun : of all of them;
    entered : the same without such a k; ready, last : from and until when they can begin (ready None: no such acts); takes : n.
    """

    discount: float
    actors: tuple[str, ...]
    lag: int
    costly: bool
    value: list[Expression]
    once: list[Expression]
    left: list[Expression]
    begun: list[Expression]
    all_begun: float = 0.0
    ready: int | None = None
    last: float = math.inf
    entered: list[Expression] = field(default_factory=list)
    takes: int = 0

    @property
    def end(self) -> int:
        """T."""
        return len(self.value) - 1

    def flow(self, phase: int) -> Expression:
        """v x[t] + k (x[t] - x[t-1]); from T on the last level."""
        return self.value[phase + 1] + self.once[phase + 1] if phase < self.end else self.value[-1]

    def flows(self, phase: int, start: int, stop: int) -> Expression:
        """The worth of phases t + start .. t + stop - 1; where stop < start, minus that of t + stop .. t + start - 1."""
        sign = 1.0 if start <= stop else -1.0
        return total(self.flow(phase + s) * (sign * self.discount**s) for s in range(min(start, stop), max(start, stop)))

    def begins(self, phase: int) -> int | None:
        """When they begin if there is no deal from a phase on; None: never, or they are not taken alone."""
        begins = max(phase + self.takes, self.last + 1 if self.ready is None else self.ready)
        return int(begins) if begins <= self.last and self.ready is not None else None

    def over(self, phase: int, length: int) -> Expression:
        """What is left when all is over at t + length."""
        at, d = phase + length, self.discount
        left, begins = self.left[min(at, self.end)] * (d**length / (1 - d)), self.begins(at)
        if self.ready is not None and self.takes:
            left = total([left, *(self._entering(e) * d ** (e - phase) for e in range(at, min(at + self.takes, self.end)))])
        if begins is None:
            return left
        return left + (Expression(constant=self.all_begun) - self.begun[min(at + self.takes, self.end)]) * d ** (begins - phase)

    def _entering(self, entry: int) -> Expression:
        """What those that enter in a phase are worth in it, for ever, once they have started."""
        return self.entered[entry + 1] - self.entered[entry]

    def early(self, phase: int, held: int, length: int) -> Expression:
        """The best of own acts taken alone: begun as scheduled or, from t + held on, at once; all is over at t + length."""
        d, begins = self.discount, self.begins(phase + held)
        at_once = 0.0 if begins is None else d ** (begins - phase)
        parts = [self.value[min(phase, self.end)] * (1 / (1 - d))]
        for entry in range(phase, self.end):
            wait, start = entry - phase, entry - phase - self.takes
            if start < 0 < self.takes:
                parts.append(self._entering(entry) * d**wait)
                continue
            best = d**wait if start < held else max(at_once, d**wait if start < length else 0.0)
            parts.append((self.begun[entry + 1] - self.begun[entry]) * best)
        never = (Expression(constant=self.all_begun) - self.begun[-1]) * at_once
        return total([*parts, never])


def in_phase(schedule: Schedule, which: NDArray[np.int64], value: NDArray[np.float64], early: int) -> list[Expression]:
    """Values per phase of measures, from phase -1 on; those that are costs so many phases before their entry."""
    if not early:
        return schedule.series(which, value)
    late, soon = (schedule.series(which, np.where(chosen, value, 0.0)) for chosen in (value >= 0, value < 0))
    return [x + soon[min(t + early, schedule.horizon)] for t, x in enumerate(late)]


def on_entry(schedule: Schedule, which: NDArray[np.int64], once: NDArray[np.float64], early: int) -> list[Expression]:
    """One-off values, in the same way."""
    sooner = (once < 0) & (early > 0)
    later = (once != 0) & ~sooner
    out = [schedule.entering(which[later], once[later], t) for t in range(schedule.horizon)]
    for t in range(schedule.horizon - early if sooner.any() else 0):
        out[t] = out[t] + schedule.entering(which[sooner], once[sooner], t + early)
    return [Expression(), *out]
