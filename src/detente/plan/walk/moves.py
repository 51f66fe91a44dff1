"""The one closure over prerequisites, windows and exclusions: what else changes when some measures are moved.

A schedule e gives each of M measures a phase: -1 in force, T never. It is kept to where, for every measure that enters,

    first(m) <= e(m) <= last(m)   and, for each requirement q,   e(m) >= r(q) = min over its alternatives of e(n) + after(q)

A wish is a phase for some of them. The closure of a wish is the schedule that

1. gives the wished-for measures their phases;
2. draws what they need with them: of an unmet requirement the alternative that enters soonest, as late as will do;
3. takes out what these exclude;
4. leaves all others as they are, or puts them off to the least schedule from there up that is kept to; what can no longer
   enter within its window never does.

It does not exist where a wish would need something before its earliest phase, after its window, or that another wish or what is
in force forbids. The least schedules (the one of step 4, and the earliest of all) are found by raising from below: the map
behind them is monotone, so that the order of the raising does not matter (Tarski 1955). A cycle with a phase in between rises
for ever and so never enters; one without enters together.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from detente.base.compiled import compiled
from detente.case.alone import alone
from detente.case.instance import Instance
from detente.plan.tables.prerequisites import Ints, Prerequisites, prerequisites

__all__ = ["Moves", "closure", "earliest", "put_off"]

_FREE, _DRAWN, _WISHED = range(3)


class Moves:
    """Wishes for schedules of an instance, each an array of shape (M,).

    earliest : of shape (M,), the first phase in which a measure can be there at all. movable : the measures that can enter.
    alone : of shape (M,), the schedule without a deal, as far as the roadmap reaches: what is taken alone enters when it is
    ready. What is in force and would fall is still there, and may exclude some of it.
    """

    def __init__(self, instance: Instance) -> None:
        self.needs = prerequisites(instance)
        self.never = instance.phases
        self.earliest = earliest(self.needs)
        self.movable = tuple(n for n, m in enumerate(instance.measures) if not m.in_force and self.earliest[n] < self.never)
        self.alone: Ints = np.where(self.needs.last < 0, -1, self.never)
        for ready, n in sorted((ready, n) for n, ready in enumerate(alone(instance).ready) if ready is not None):
            if ready < self.never:
                for m, phase in (self.settled(self.alone, {n: ready}) or {}).items():
                    self.alone[m] = phase

    def settled(self, entry: Ints, wish: Mapping[int, int]) -> dict[int, int] | None:
        """Every entry that a wish changes, itself included; None where it cannot be, or changes nothing.

        A measure that is wished for too soon comes as soon as it can.
        """
        out, marks = entry.copy(), np.zeros(len(entry), dtype=np.int8)
        for n, phase in wish.items():
            out[n], marks[n] = min(max(phase, self.earliest[n]), self.never), _WISHED
        if not closure(self.needs, self.earliest, entry, marks, out):
            return None
        return {int(n): int(out[n]) for n in np.flatnonzero(out != entry)} or None


def earliest(needs: Prerequisites) -> Ints:
    """The earliest schedule, of shape (M,): -1 in force, T never."""
    out: Ints = np.where(needs.last < 0, -1, needs.first)
    put_off(needs, np.zeros(len(out), dtype=np.int8), out)
    return out


@compiled
def put_off(a, marks, out):  # type: ignore[no-untyped-def]
    """Raise what is not marked to the least schedule that is kept to. a : the `Prerequisites`. marks, out : of shape (M,)."""
    rising = True
    while rising:
        rising = False
        for m in range(len(out)):
            if marks[m] != _FREE or not 0 <= out[m] < a.phases:
                continue
            phase = max(out[m], a.first[m])
            for q in range(a.needs_from[m], a.needs_from[m + 1]):
                phase = max(phase, _ready(a, out, q))
            if phase > a.last[m]:
                phase = a.phases
            if phase != out[m]:
                out[m], rising = phase, True


@compiled
def closure(a, early, entry, marks, out):  # type: ignore[no-untyped-def]
    """The closure of a wish, into `out`; False where there is none.

    a : the `Prerequisites`. early : of shape (M,), the earliest schedule. entry : of shape (M,), the schedule before. marks :
    of shape (M,), 2 where a measure is wished for; 1 afterwards where it was drawn. out : of shape (M,), the wishes.
    """
    while True:
        for m in range(len(out)):
            if marks[m] == _FREE:
                out[m] = entry[m]
            elif out[m] < a.phases and not a.first[m] <= out[m] <= a.last[m]:
                return False
        for m in range(len(out)):
            if marks[m] != _FREE and out[m] < a.phases:
                for x in range(a.out_from[m], a.out_from[m + 1]):
                    k = a.out_of[x]
                    if out[k] < a.phases:
                        if marks[k] != _FREE or out[k] < 0:
                            return False
                        out[k] = a.phases
        put_off(a, marks, out)
        m, q = _unmet(a, marks, out)
        if q < 0:
            return True
        need, phase = -1, 0
        for x in range(a.any_from[q], a.any_from[q + 1]):
            k = a.any_of[x]
            late = min(out[m] - a.after[q], a.last[k])
            if marks[k] != _WISHED and 0 <= early[k] <= late and (need < 0 or out[k] < out[need]):
                need, phase = k, late
        if need < 0:
            return False
        out[need], marks[need] = phase, _DRAWN


@compiled
def _unmet(a, marks, out):  # type: ignore[no-untyped-def]
    """The first marked measure that enters before what it needs, and the requirement; -1: there is none."""
    for m in range(len(out)):
        if marks[m] != _FREE and 0 <= out[m] < a.phases:
            for q in range(a.needs_from[m], a.needs_from[m + 1]):
                if _ready(a, out, q) > out[m]:
                    return m, q
    return -1, -1


@compiled
def _ready(a, out, q):  # type: ignore[no-untyped-def]
    """The phase from which on requirement q is met; T: never, and no matter when."""
    ready = a.phases
    for x in range(a.any_from[q], a.any_from[q + 1]):
        if out[a.any_of[x]] < a.phases:
            ready = min(ready, out[a.any_of[x]] + a.after[q])
    return ready
