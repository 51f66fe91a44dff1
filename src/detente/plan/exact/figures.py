"""What a roadmap is worth to a party in exact arithmetic, when all keep to it, stop, cheat, or are betrayed.

The formulas are those of the certificate, whose work this is (module `plan.certificate`): V, W, D and X stand here under their
own names, each for all phases t = 0 .. T at once, in whole numbers (module `integers`). Two identities make few sums of many:

    run(t, n) = flow(t) + d run(t+1, n-1)      of any group of measures; run(t, 0): what is left of it, and what begins alone
    Y[j,L,M]  = X[j,n] + cheat(L, n)           n = min(L, M); cheat: by how much own(max(0, L - lag), n) of those of i's
                                               measures that are not j's, too, is better than to let them run, run(n)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import accumulate

from detente.plan.exact.integers import Members, Own, Tables, Wanted, Worth

__all__ = ["Course", "View", "odds_of"]


@dataclass(frozen=True)
class Course:
    """A party's way through the roadmap, each of length T + 1 (phase T: the steady state), in the party's units of value.

    continuation V[t]; deviation: the best of D[t,L] over L (None for a party without measures of its own); stepping_out W[t].
    The fields are the same in whole numbers, of which `unit` make up one unit of value.
    """

    unit: int
    on: tuple[int, ...]
    cheating: tuple[int, ...] | None
    out: tuple[int, ...]

    @cached_property
    def continuation(self) -> tuple[Fraction, ...]:
        return tuple(Fraction(x, self.unit) for x in self.on)

    @cached_property
    def deviation(self) -> tuple[Fraction | None, ...]:
        return (None,) * len(self.on) if self.cheating is None else tuple(Fraction(x, self.unit) for x in self.cheating)

    @cached_property
    def stepping_out(self) -> tuple[Fraction, ...]:
        return tuple(Fraction(x, self.unit) for x in self.out)


class View:
    """One party's figures in a roadmap, under the names of the model; by phase 0 .. T. entry : by measure."""

    def __init__(self, worth: Worth, entry: Sequence[int | None], phases: int) -> None:
        self.worth, self._entry, self._phases = worth, entry, phases
        self._flows: dict[Members, list[int]] = {}
        self._runs: dict[Members, list[list[int]]] = {}
        self._cheats: dict[tuple[Own, int, int], list[int]] = {}
        self._deviations: dict[int, list[int]] = {}
        self._betrayals: dict[tuple[str, int], list[int]] = {}

    @cached_property
    def V(self) -> list[int]:  # noqa: N802
        self._run(self.worth.everything, 0)
        flow = self._flows[self.worth.everything]
        out = [self.worth.for_ever(flow[self._phases])]
        for t in reversed(range(self._phases)):
            out += self.worth.sooner((flow[t],), out[-1:])
        return out[::-1]

    @cached_property
    def W(self) -> list[int]:  # noqa: N802
        return self._ended(self._run(self.worth.everything, 0), 0)

    def D(self, found: int) -> list[int]:  # noqa: N802
        if found not in self._deviations:
            others = self._ended(self._run(self.worth.everything, found), found)
            self._deviations[found] = _sum(others, self._cheat(self.worth.own, found, found))
        return self._deviations[found]

    def X(self, other: str, known: int) -> list[int]:  # noqa: N802
        if (other, known) not in self._betrayals:
            theirs = self.worth.theirs[other]
            going_on, stopped = self._run(theirs, known), self._run(theirs, 0)
            all_on = self._ended(self._run(self.worth.everything, known), known)
            self._betrayals[other, known] = [a - b + c for a, b, c in zip(all_on, going_on, stopped, strict=False)]
        return self._betrayals[other, known]

    def doubt(self, other: str, found: int, known: int) -> list[int]:
        """Y - X: what cheating adds if the other stops."""
        length = min(found, known)
        both = _sum(self.X(other, length), self._cheat(self.worth.apart[other], found, length))
        return [a - b for a, b in zip(both, self.X(other, known), strict=True)]

    def course(self) -> Course:
        deviations = [self.D(found) for found in range(1, self.worth.longest + 1)]
        best = tuple(map(max, zip(*deviations, strict=True))) if deviations else None
        return Course(self.worth.unit, tuple(self.V), best, tuple(self.W))

    @classmethod
    def without_deal(cls, tables: Tables, worth: Worth, phases: int) -> Course:
        """The course of a party where there is no process: what it has alone, from which there is nothing to step out."""
        left = cls(worth, tables.alone, phases)._run(worth.everything, 0)
        out = tuple(x + worth.drift for x in left[: phases + 1])
        return Course(worth.unit, out, None, out)

    def _ended(self, run: list[int], length: int) -> list[int]:
        """A run, and the end of it all so many phases on."""
        end = self.worth.later(self.worth.after, length)
        return [x + end for x in run[: self._phases + 1]]

    def _run(self, members: Members, length: int) -> list[int]:
        """run(length); for as many phases more as the longest run looks ahead."""
        if members not in self._runs:
            self._flows[members], left = self._begin(members)
            self._runs[members] = [left]
        flow, runs = self._flows[members], self._runs[members]
        while len(runs) <= length:
            runs.append(self.worth.sooner(flow, runs[-1][1:]))
        return runs[length]

    def _begin(self, members: Members) -> tuple[list[int], list[int]]:
        """v x[t] + k (x[t] - x[t-1]), and run(0)."""
        value, once, left = ([0] * (self._phases + 1) for _ in range(3))
        for n, early, v, k, rest in members.effects:
            entry = self._entry[n]
            if entry is not None:
                value[max(entry - early, -1) + 1] += v
                left[entry + 1] += rest
                if entry - early >= 0:
                    once[entry - early] += k
        levels, steady = list(accumulate(value)), self.worth.span - self._phases
        flow = _sum(levels[1:], once) + levels[-1:] * (1 + steady)
        remains = list(accumulate(left))
        remains += remains[-1:] * steady
        for n, starts, takes, entered in members.begun:
            entry = self._entry[n]
            enters = len(remains) + takes - 1 if entry is None else entry
            begins = max(enters - takes + 1, 0)
            for t in range(begins):
                remains[t] += starts[t]
            for t in range(begins, min(enters + 1, len(remains))):  # its work is under way
                remains[t] += self.worth.later(entered, enters - t)
        return flow, remains

    # -- cheating ----------------------------------------------------------------------------------------------------------

    def _cheat(self, own: Own, found: int, length: int) -> list[int]:
        """What is gained by doing the best with one's own measures, to be found out after `found` phases, all being over after
        `length`, no more, over letting them run."""
        if (own, found, length) not in self._cheats:
            out = [0] * (self._phases + 1)
            for lag, members in own.costly:
                stop = min(max(0, found - lag), length)
                if stop < length:
                    held = zip(out, self._run(members, stop), self._run(members, length), strict=False)
                    out = [x + withheld - going_on for x, withheld, going_on in held]
            self._better_otherwise(own, found, length, out)
            for act in own.wanted:
                begun = self._begun_early(act, min(max(0, found - act.lag), length), length)
                out = [x + a - b for x, a, b in zip(out, begun, self._run(act.only, length), strict=False)]
            self._cheats[own, found, length] = out
        return self._cheats[own, found, length]

    def _better_otherwise(self, own: Own, found: int, length: int, out: list[int]) -> None:
        """Add, for measures whose flow and one-off have opposite signs, what the other choice adds where that is better."""
        later = self.worth.later
        for m in own.mixed:
            entry = self._entry[m.n]
            if entry is None:
                continue
            free = min(max(0, found - m.lag), length)
            start = entry - m.takes if entry >= 0 else entry
            for t in range(max(0, (start if m.value > 0 else entry) - length + 1), entry - free + 1):
                wait = entry - t
                if m.value > 0:  # to stop its work, or not to begin it
                    gain = -later(m.once, start - t) if start - t >= free else 0
                    gain -= later(m.for_ever, wait) - later(m.for_ever - m.left, length) if wait < length else 0
                else:  # to carry it out for one phase
                    work = max(free, start - t)
                    gain = later(m.for_ever, work) - later(m.for_ever, wait + 1) + later(m.once, wait) + later(m.left, wait + 1)
                out[t] += max(gain, 0)

    def _begun_early(self, act: Wanted, free: int, length: int) -> list[int]:
        """An act that the party takes alone: as scheduled, or begun as soon as that goes unnoticed, from t + free on."""
        entry, out = self._entry[act.n], []
        for t in range(self._phases + 1):
            if entry is not None and entry < t:
                out.append(act.for_ever)
                continue
            scheduled = entry if entry is not None and entry - act.takes < t + length else None
            early = None if scheduled is not None and scheduled - act.takes < t + free else act.begun[t + free]
            begins = min((e for e in (scheduled, early) if e is not None), default=None)
            start = None if begins is None else begins - act.takes - t
            out.append(0 if begins is None else self.worth.later(act.entered, begins - t))
            out[t] += 0 if start is None or start < 0 else self.worth.later(act.start, start)  # a start that is past is paid
        return out


def _sum(one: Sequence[int], other: Sequence[int]) -> list[int]:
    return [a + b for a, b in zip(one, other, strict=False)]


def odds_of(tables: Tables, entry: Sequence[int | None], phases: int) -> dict[tuple[str, str], tuple[Fraction, ...]]:
    """odds[i,j,t] for t = 0 .. T by ordered pair: the stated odds times the signals seen by t."""
    told: dict[str, list[tuple[int, Fraction]]] = {}
    for j, signals in tables.signals.items():
        seen: dict[int, Fraction] = {}
        for n, lag, unseen, signal in signals:
            e = entry[n]
            known = 0 if e is None else e + lag if e >= 0 else unseen
            if 0 < known <= phases:
                seen[known] = seen.get(known, Fraction(1)) * signal
        told[j] = sorted(seen.items())
    out = {}
    for (i, j), stated in tables.odds.items():
        odds, course = stated, [stated] * (phases + 1)
        for known, signal in told[j]:
            odds *= signal
            course[known:] = [odds] * (phases + 1 - known)
        out[i, j] = tuple(course)
    return out
