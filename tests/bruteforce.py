"""A roadmap checked from the definitions alone, by trying everything: the opinion that `detente.plan` is held against.

Nothing is rearranged, grouped, scaled or closed into a formula here. A measure is followed phase by phase; cheating is a loop
over every vector of withholding times; the best roadmap is a loop over every roadmap. It is slow and meant to be obvious, and
it imports nothing from the certificate, the rows or the solver.

What befalls one measure
------------------------
entry e     the phase in which it enters by the roadmap (-1: before phase 0; None: never)
stop s      the phase from which on it is no longer carried out (None: never stops). What was in force in phase s-1 is worth a
            share of its value ever after; what was not in force then never enters.
share       what is left after the stop: r, or 1 for a measure of one's own that one keeps because it is worth having.

The five figures of party i in phase t (t = 0 .. T; T is the steady state)
-------------------------------------------------------------------------
V         nothing stops.
W         everything stops at t, minus B: i steps out before it performs phase t.
D[L]      everything stops at t+L at the latest, minus d^L B. Each measure that i takes part in stops at a phase of i's choice,
          from t + max(0, L - lag) on (withheld earlier it would be known earlier) to t+L, down to its share r. Or, if i acts
          alone, i keeps it: it runs to t+L-1 and on from there, though nothing new enters.
E[j, L]   W minus what i has if j's measures stop at t, all others at t+L, minus d^L B.
odds[j]   p/(1-p) times the signals of j's measures that entered in phase t - lag or before, those of phase -1 not counted.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Iterator
from fractions import Fraction
from functools import cache, cached_property
from typing import NamedTuple

from detente.case.instance import Instance, Measure
from detente.plan.roadmap import Roadmap

ONE = Fraction(1)


class Key(NamedTuple):
    """Names a row of value: lag 0 in an incentive row means V >= W."""

    row: str
    party: str
    toward: str | None
    phase: int
    lag: int


class Sides(NamedTuple):
    """A row holds if its slack, the larger side minus the smaller, is not negative."""

    left: Fraction
    right: Fraction
    slack: Fraction


class BruteForce:
    """Every figure and row of one instance. Results of single measures are remembered, since many roadmaps share them.

    `without` leaves out rows of these kinds, as if trust, say, were no matter.
    """

    def __init__(self, instance: Instance, *, without: Collection[str] = ()) -> None:
        self.instance = instance
        self.without = frozenset(without)
        self.worth = cache(self._worth)

    # ---- one measure -------------------------------------------------------------------------------------------------

    def _worth(self, i: str, m: str, entry: int | None, t: int, stop: int | None, share: Fraction) -> Fraction:
        """What measure m is worth to party i from phase t on, walked through phase by phase."""
        d = self.instance.party[i].discount
        value = self.instance.measure[m].value.get(i, Fraction(0))
        once = self.instance.measure[m].once.get(i, Fraction(0))

        def phase(s: int) -> Fraction:
            if stop is not None and s >= stop:
                return share * value if entry is not None and entry < stop else Fraction(0)
            flow = value if entry is not None and entry <= s else Fraction(0)
            return flow + (once if entry == s else Fraction(0))

        settled = max(self.instance.phases, t if stop is None else stop)
        walked = sum((d ** (s - t) * phase(s) for s in range(t, settled)), Fraction(0))
        return walked + d ** (settled - t) * phase(settled) / (1 - d)

    def fate(self, i: str, m: Measure) -> Fraction:
        """The share that is left to i when all is over: its own measures are kept if worth having, the rest falls."""
        alone = m.actors == (i,)
        return ONE if alone and m.value.get(i, Fraction(0)) > 0 else m.irreversible

    # ---- one roadmap: the figures ------------------------------------------------------------------------------------

    def continuation(self, roadmap: Roadmap, i: str, t: int) -> Fraction:
        return sum((self.worth(i, m, e, t, None, ONE) for m, e in roadmap.entry.items()), Fraction(0))

    def stepping_out(self, roadmap: Roadmap, i: str, t: int) -> Fraction:
        left = (self.worth(i, m.id, roadmap.entry[m.id], t, t, self.fate(i, m)) for m in self.instance.measures)
        return sum(left, Fraction(0)) - self.instance.party[i].breakdown

    def deviation(self, roadmap: Roadmap, i: str, t: int, L: int) -> Fraction:
        """The largest value over every vector of withholding times."""
        end, party = t + L, self.instance.party[i]
        others = Fraction(0)
        choices: list[set[Fraction]] = []
        for m in self.instance.measures:
            e = roadmap.entry[m.id]
            if i not in m.actors:
                others += self.worth(i, m.id, e, t, end, m.irreversible)
                continue
            first = t + max(0, L - m.lag)
            choices.append({self.worth(i, m.id, e, t, s, m.irreversible) for s in range(first, end + 1)})
            if m.actors == (i,):
                choices[-1].add(self.worth(i, m.id, e, t, end, ONE))
        return (
            others
            + max(sum(vector, Fraction(0)) for vector in itertools.product(*choices))
            - party.discount**L * party.breakdown
        )

    def exposure(self, roadmap: Roadmap, i: str, j: str, t: int, L: int) -> Fraction:
        party = self.instance.party[i]
        betrayed = Fraction(0)
        for m in self.instance.measures:
            stop, share = (t, m.irreversible) if j in m.actors else (t + L, self.fate(i, m))
            betrayed += self.worth(i, m.id, roadmap.entry[m.id], t, stop, share)
        return self.stepping_out(roadmap, i, t) - (betrayed - party.discount**L * party.breakdown)

    def odds(self, roadmap: Roadmap, i: str, j: str, t: int) -> Fraction:
        p = self.instance.party[i].trust[j]
        odds = p / (1 - p)
        for m in self.instance.measures:
            e = roadmap.entry[m.id]
            if j in m.actors and e is not None and e >= 0 and e + m.lag <= t:
                odds *= m.signal
        return odds

    # ---- one roadmap: the rows ---------------------------------------------------------------------------------------

    @cached_property
    def _acting(self) -> list[str]:
        return [p.id for p in self.instance.parties if any(p.id in m.actors for m in self.instance.measures)]

    def _lags(self, i: str) -> set[int]:
        return {m.lag for m in self.instance.measures if i in m.actors}

    def rows(self, roadmap: Roadmap) -> Iterator[tuple[Key, Sides]]:
        """Incentive, trust and red-line rows, one after the other."""
        return ((key, sides) for key, sides in self._rows(roadmap) if key.row not in self.without)

    def _rows(self, roadmap: Roadmap) -> Iterator[tuple[Key, Sides]]:
        for t in range(self.instance.phases + 1):
            for party in self.instance.parties:
                i = party.id
                v, w = self.continuation(roadmap, i, t), self.stepping_out(roadmap, i, t)
                yield Key("incentive", i, None, t, 0), Sides(v, w, v - w)
                for L in range(1, max(self._lags(i), default=0) + 1):
                    cheat = self.deviation(roadmap, i, t, L)
                    yield Key("incentive", i, None, t, L), Sides(v, cheat, v - cheat)
                for j in self._acting:
                    if j == i:
                        continue
                    allowance = self.odds(roadmap, i, j, t) * (v - w)
                    for L in self._lags(j):
                        risk = self.exposure(roadmap, i, j, t, L)
                        yield Key("trust", i, j, t, L), Sides(risk, allowance, allowance - risk)
                        if party.red_line is not None:
                            yield Key("red_line", i, j, t, L), Sides(risk, party.red_line, party.red_line - risk)

    def faults(self, roadmap: Roadmap) -> set[tuple[str, str]]:
        """Structure: every (kind of row, measure) that the schedule itself breaks. An exclusion names both sides."""
        entry = roadmap.entry
        out: set[tuple[str, str]] = set()
        for m in self.instance.measures:
            e = entry[m.id]
            if m.in_force != (e == -1):
                out.add(("in_force", m.id))
            if e is None:
                continue
            for n in m.excludes:
                if entry[n] is not None:
                    out |= {("exclusion", m.id), ("exclusion", n)}
            if e == -1:
                continue
            if not m.not_before <= e <= m.not_after:
                out.add(("window", m.id))
            for need in m.requires:
                done = {x for n in need.any if (x := entry[n]) is not None}
                if not any(x + need.after <= e for x in done):
                    out.add(("prerequisite", m.id))
        return out

    def holds(self, roadmap: Roadmap) -> bool:
        return not self.faults(roadmap) and all(sides.slack >= 0 for _, sides in self.rows(roadmap))

    # ---- all roadmaps ------------------------------------------------------------------------------------------------

    def roadmaps(self) -> Iterator[Roadmap]:
        """Every roadmap there is: each measure that is not in force in every phase, or never."""
        instance = self.instance
        phases: list[int | None] = [None, *range(instance.phases)]
        free = [[-1] if m.in_force else phases for m in instance.measures]
        for entries in itertools.product(*free):
            yield Roadmap(instance.case, instance.phases, dict(zip(instance.measure, entries, strict=True)))

    def safe_roadmaps(self) -> Iterator[Roadmap]:
        return (roadmap for roadmap in self.roadmaps() if self.holds(roadmap))

    def gains(self, roadmap: Roadmap) -> list[Fraction]:
        """Over no deal, for every party to which some measure is worth something."""
        touched = {i for m in self.instance.measures for worth in (m.value, m.once) for i, x in worth.items() if x}
        return [self.continuation(roadmap, p.id, 0) - p.no_deal for p in self.instance.parties if p.id in touched]

    def welfare(self, roadmap: Roadmap, objective: str) -> tuple[Fraction, ...] | None:
        """What is to be as large as possible; None where the objective does not allow the roadmap at all.

        nash: nobody may lose; the number of those who gain, then the product of their gains (maximal Nash welfare: Caragiannis
        et al. 2016, The unreasonable fairness of maximum Nash welfare).
        """
        gains = self.gains(roadmap)
        if objective == "sum":
            return (sum(gains, Fraction(0)),)
        if objective == "min":
            return (min(gains),) if gains else None
        if any(g < 0 for g in gains):
            return None
        positive = [g for g in gains if g > 0]
        return Fraction(len(positive)), math.prod(positive, start=ONE)

    def best(self, objective: str) -> tuple[tuple[Fraction, ...] | None, list[Roadmap]]:
        """The largest welfare of a roadmap that holds, and every roadmap that reaches it."""
        worth: dict[tuple[Fraction, ...], list[Roadmap]] = {}
        for roadmap in self.roadmaps():
            welfare = self.welfare(roadmap, objective)
            if welfare is not None:
                worth.setdefault(welfare, []).append(roadmap)
        for welfare in sorted(worth, reverse=True):
            if held := [roadmap for roadmap in worth[welfare] if self.holds(roadmap)]:
                return welfare, held
        return None, []
