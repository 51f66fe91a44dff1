"""A roadmap checked from the definitions alone, by trying everything: the opinion that `detente.plan` is held against.

Nothing is rearranged, grouped, scaled or closed into a formula here. A measure is followed phase by phase, and so is what
happens without a deal; cheating is a loop over every time at which a measure may be dropped; the best roadmap is a loop over
every roadmap. It is slow and meant to be obvious, and it imports nothing from the certificate, the rows, the solver, or
`detente.case.alone`, which is held against it, too.

What befalls one measure
------------------------
entry e     the phase in which it enters (-1: before phase 0; None: never)
stop s      the phase from which on it is no longer carried out (None: never stops). What was in force in phase s-1 is worth a
            share of its value ever after; what was not in force then never enters.
share       what is left after the stop: all of it if its only actor keeps it up for its own sake (`kept`), else r
alone       an act that its only actor wants begins without a deal, too, as soon as it can (`begun`), and runs for ever
work        a measure that takes n phases is worked on in phases e-n .. e-1. What it costs those who act in it, per phase or
            once, they bear from e-n on; all else begins in e. A stop before e ends the work, and nothing of it is left, but not
            that of an act that is taken alone: once started it is completed whatever happens.

The figures of party i in phase t (t = 0 .. T; T is the steady state); tail = s/(1-d) - B
----------------------------------------------------------------------------------------
V         nothing stops.
W         everything stops at t, and what is wanted begins, plus the tail: i steps out before it performs phase t.
D[L]      the same at t+L; i's own measures go their own way from t + max(0, L - lag) on (earlier it would be known earlier).
X[j, M]   j's measures end at t, all others at t+M.       E[j, M] = W - X: what i risks.
Y[j,L,M]  j's measures end at t; i cheats as in D[L], but all is over at t + min(L, M).
odds[j]   p/(1-p) times the signals of j's measures that entered in phase t - lag or before, those of phase -1 not counted.

No rows but structural ones for a roadmap without any new step that is not taken alone: it is no deal, and worth no deal.
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
NOTHING = Fraction(0)


class Key(NamedTuple):
    """Names a row of value. Lag 0 in an incentive row means V >= W. found: of a doubt row, L; lag is M.

    together: the members of a coalition; `party` is the first of them.
    """

    row: str
    party: str
    toward: str | None
    phase: int
    lag: int
    found: int = 0
    together: tuple[str, ...] = ()


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

    # ---- without a deal ----------------------------------------------------------------------------------------------

    def kept(self, m: Measure) -> bool:
        """Whether its only actor keeps it up for its own sake."""
        return len(m.actors) == 1 and m.value.get(m.actors[0], NOTHING) >= 0

    def wanted(self, m: Measure) -> bool:
        """Whether its only actor would begin it for its own sake; one that does not care begins what harms nobody."""
        if not self.kept(m) or m.in_force:
            return False
        a = m.actors[0]
        for_good = self.worth(a, m.id, m.takes, 0, None, ONE)
        if for_good == 0 and not m.value.get(a):
            return all(x >= 0 for x in m.value.values()) and all(x >= 0 for x in m.once.values())
        return for_good > 0

    def still_open(self, m: Measure, phase: int) -> bool:
        """A window that is open in the last phase of the roadmap stays open."""
        return phase <= m.not_after or m.not_after >= self.instance.phases - 1

    @cached_property
    def ready(self) -> dict[str, int | None]:
        """The first phase in which each measure stands if there never is a deal; None for what nobody takes alone.

        Of two that exclude each other the one stays that their common actor likes better. First what beats all its rivals
        strikes them out, and all is walked through again; where nothing is so clear, all that have rivals are struck out. Of a
        problem that is made of another one, or is what is left of one, it is told.
        """
        if (told := self.instance.begun_alone) is not None:
            return {m.id: told[m.id][0] if m.id in told else None for m in self.instance.measures}
        measures, struck = self.instance.measures, set[str]()
        while True:
            stands = self._walk(struck)
            fixed = {m for m, e in stands.items() if e == -1}
            begun = [m for m in measures if m.id in stands and m.id not in fixed]
            rivals = {m.id: [n for n in m.excludes if n in stands] for m in begun}
            clear = fixed | {m for m in rivals if all(self._beats(m, n, stands) for n in rivals[m])}
            out = {m for m in rivals if any(n in clear and self._beats(n, m, stands) for n in rivals[m])}
            out = out or {m for m in rivals if rivals[m]}
            if not out:
                return {m.id: None if m.in_force else stands.get(m.id) for m in measures}
            struck |= out

    def _beats(self, n: str, m: str, stands: dict[str, int]) -> bool:
        """Whether n stays and its rival m does not: n stands since before, or their common actor likes it better."""
        if -1 in (stands[n], stands[m]):
            return stands[n] == -1
        one, other = self.instance.measure[n].actors, self.instance.measure[m].actors
        liking = [self.worth(one[0], k, stands[k], 0, None, ONE) for k in (n, m)]
        return one == other and liking[0] > liking[1]

    def _walk(self, struck: set[str]) -> dict[str, int]:
        """Since when each measure stands if nobody but its only actor has a say: what is kept, and what is wanted."""
        measures = self.instance.measures
        stands = {m.id: -1 for m in measures if m.in_force and self.kept(m)}
        longest = self.instance.phases + sum(1 + q.after for m in measures for q in m.requires) + 1
        longest += max((m.takes for m in measures), default=0)
        for phase in range(longest):
            for _ in measures:  # one that begins may let another begin in the same phase
                for m in measures:
                    if m.id in stands or m.id in struck or not self.wanted(m):
                        continue
                    met = all(any(n in stands and stands[n] + q.after <= phase for n in q.any) for q in m.requires)
                    if met and m.not_before <= phase and self.still_open(m, phase):
                        stands[m.id] = phase
        return stands

    def begun(self, m: Measure, phase: int) -> int | None:
        """The phase in which it begins if there is no deal from a phase on."""
        ready, told = self.ready[m.id], self.instance.begun_alone
        if ready is None:
            return None
        begun = max(phase + m.takes, ready)
        return begun if (self.still_open(m, begun) if told is None else begun <= told[m.id][1]) else None

    def start(self, i: str, m: Measure, phase: int) -> Fraction:
        """S: what party i has of it if it begins without a deal from a phase on."""
        begun = self.begun(m, phase)
        return NOTHING if begun is None else self.worth(i, m.id, begun, phase, None, ONE)

    def drift(self, i: str) -> Fraction:
        party = self.instance.party[i]
        return party.stalemate / (1 - party.discount)

    def tail(self, i: str) -> Fraction:
        return self.drift(i) - self.instance.party[i].breakdown

    def no_deal(self, i: str) -> Fraction:
        """What is in force today falls to what is left of it, what is wanted begins, and the stand-off drifts on."""
        total = self.drift(i)
        for m in self.instance.measures:
            total += self.worth(i, m.id, -1, 0, 0, self.fate(m)) if m.in_force else self.start(i, m, 0)
        return total

    def fate(self, m: Measure) -> Fraction:
        """The share that is left of it to everybody when all is over."""
        return ONE if self.kept(m) else m.irreversible

    # ---- one measure -------------------------------------------------------------------------------------------------

    def _worth(self, i: str, m: str, entry: int | None, t: int, stop: int | None, share: Fraction) -> Fraction:
        """What measure m is worth to party i from phase t on, walked through phase by phase."""
        d = self.instance.party[i].discount
        value = self.instance.measure[m].value.get(i, NOTHING)
        once = self.instance.measure[m].once.get(i, NOTHING)
        value_from = self.borne_from(i, m, entry, value)
        once_in = self.borne_from(i, m, entry, once)

        def phase(s: int) -> Fraction:
            if stop is not None and s >= stop:
                return share * value if entry is not None and entry < stop else NOTHING
            flow = value if value_from is not None and value_from <= s else NOTHING
            return flow + (once if once_in == s else NOTHING)

        settled = max(t, 0 if entry is None else entry + 1, 0 if stop is None else stop)
        walked = sum((d ** (s - t) * phase(s) for s in range(t, settled)), NOTHING)
        return walked + d ** (settled - t) * phase(settled) / (1 - d)

    def borne_from(self, i: str, m: str, entry: int | None, worth: Fraction) -> int | None:
        """The phase from which on what it is worth counts: those who act bear a cost from the start of the work on."""
        measure = self.instance.measure[m]
        if entry is None or entry < 0 or worth >= 0 or i not in measure.actors:
            return entry
        return entry - measure.takes

    def completed(self, m: Measure, entry: int | None, phase: int) -> bool:
        """Whether it comes into force as scheduled if all is over from a phase on."""
        if entry is None:
            return False
        started = entry - m.takes if entry >= 0 else entry
        return entry < phase or (self.ready[m.id] is not None and started < phase)

    def over(self, roadmap: Roadmap, i: str, m: Measure, t: int, n: int) -> Fraction:
        """Worth of m from t on if it runs as scheduled and all is over at t+n."""
        entry = roadmap.entry[m.id]
        if self.ready[m.id] is not None and self.completed(m, entry, t + n):
            return self.worth(i, m.id, entry, t, None, ONE)
        return self.worth(i, m.id, entry, t, t + n, self.fate(m)) + self.instance.party[i].discount ** n * self.start(
            i, m, t + n
        )

    def own(self, roadmap: Roadmap, i: str, m: Measure, t: int, free: int, n: int) -> Fraction:
        """The best that its actor can make of m if it may go its own way from t+free on unnoticed, and all is over at t+n."""
        entry = roadmap.entry[m.id]
        if not self.kept(m):
            return max(self.worth(i, m.id, entry, t, t + s, m.irreversible) for s in range(free, n + 1))
        if self.completed(m, entry, t + free):
            return self.worth(i, m.id, entry, t, None, ONE)
        choices = [self.worth(i, m.id, entry, t, t + free, ONE)]  # what it has cost by then, and no more
        if self.completed(m, entry, t + n):
            choices.append(self.worth(i, m.id, entry, t, None, ONE))
        if (begun := self.begun(m, t + free)) is not None:
            choices.append(self.worth(i, m.id, begun, t, None, ONE))
        return max(choices)

    # ---- one roadmap: the figures ------------------------------------------------------------------------------------

    def continuation(self, roadmap: Roadmap, i: str, t: int) -> Fraction:
        return sum((self.worth(i, m, e, t, None, ONE) for m, e in roadmap.entry.items()), NOTHING)

    def stepping_out(self, roadmap: Roadmap, i: str, t: int) -> Fraction:
        return sum((self.over(roadmap, i, m, t, 0) for m in self.instance.measures), self.tail(i))

    def deviation(self, roadmap: Roadmap, i: str, t: int, L: int) -> Fraction:
        """The largest value over every way of dropping and beginning measures of one's own."""
        total = self.instance.party[i].discount ** L * self.tail(i)
        for m in self.instance.measures:
            if i in m.actors:
                total += self.own(roadmap, i, m, t, max(0, L - m.lag), L)
            else:
                total += self.over(roadmap, i, m, t, L)
        return total

    def betrayed(self, roadmap: Roadmap, i: str, j: str, t: int, M: int) -> Fraction:
        """X: j stops at t, i learns of it at t+M."""
        total = self.instance.party[i].discount ** M * self.tail(i)
        for m in self.instance.measures:
            total += self.over(roadmap, i, m, t, 0 if j in m.actors else M)
        return total

    def exposure(self, roadmap: Roadmap, i: str, j: str, t: int, M: int) -> Fraction:
        return self.stepping_out(roadmap, i, t) - self.betrayed(roadmap, i, j, t, M)

    def both(self, roadmap: Roadmap, i: str, j: str, t: int, L: int, M: int) -> Fraction:
        """Y: i cheats, to be found out at t+L, while j stops at t, to be found out at t+M."""
        end = min(L, M)
        total = self.instance.party[i].discount ** end * self.tail(i)
        for m in self.instance.measures:
            if j in m.actors:
                total += self.over(roadmap, i, m, t, 0)
            elif i in m.actors:
                total += self.own(roadmap, i, m, t, min(max(0, L - m.lag), end), end)
            else:
                total += self.over(roadmap, i, m, t, end)
        return total

    def odds(self, roadmap: Roadmap, i: str, j: str, t: int) -> Fraction:
        p = self.instance.party[i].trust[j]
        odds = p / (1 - p)
        for m in self.instance.measures:
            e = roadmap.entry[m.id]
            if j not in m.actors or e is None:
                continue
            known = e + m.lag if e >= 0 else m.unseen  # one in force that is yet unseen is seen later on
            if 0 < known <= t:
                odds *= m.signal
        return odds

    # ---- one roadmap: who has something to do, and what it is to whom ------------------------------------------------

    def process(self, roadmap: Roadmap) -> bool:
        """Whether a new step is taken that is not taken alone, or such a roadmap is under way."""
        new = [m for m, e in roadmap.entry.items() if e is not None and e >= 0 and self.ready[m] is None]
        return bool(new) or bool(self.instance.under_way)

    def performs(self, roadmap: Roadmap, m: Measure, t: int) -> bool:
        e = roadmap.entry[m.id]
        return e is not None and e >= t and self.ready[m.id] is None

    def keeps_up(self, roadmap: Roadmap, m: Measure, t: int) -> bool:
        e = roadmap.entry[m.id]
        return e is not None and e < t and not self.kept(m) and m.irreversible < 1

    def refrains(self, roadmap: Roadmap, m: Measure, t: int) -> bool:
        begun, e = self.begun(m, t), roadmap.entry[m.id]
        return begun is not None and (e is None or e > begun)

    def harms(self, m: Measure, i: str) -> bool:
        return m.value.get(i, NOTHING) < 0 or m.once.get(i, NOTHING) < 0

    def gives(self, roadmap: Roadmap, i: str) -> bool:
        """Whether i has something to perform, to keep up or to refrain from in any phase, or has had in a roadmap under way."""
        parties, phases = list(self.instance.party), range(self.instance.phases + 1)
        return i in self.instance.under_way or any(
            self.performs(roadmap, m, t)
            or (self.keeps_up(roadmap, m, t) and any(m.value.get(p) for p in parties))
            or (self.refrains(roadmap, m, t) and any(self.harms(m, p) for p in parties if p != i))
            for m in self.instance.measures
            if i in m.actors
            for t in phases
        )

    def due(self, roadmap: Roadmap, j: str, t: int, i: str) -> set[int]:
        """The lags of what j has to do in phase t that matters to i."""
        return {
            m.lag
            for m in self.instance.measures
            if j in m.actors
            and (
                (self.performs(roadmap, m, t) and bool(m.value.get(i) or m.once.get(i)))
                or (self.keeps_up(roadmap, m, t) and bool(m.value.get(i)))
                or (self.refrains(roadmap, m, t) and self.harms(m, i))
            )
        }

    def touched(self, roadmap: Roadmap) -> list[str]:
        """The parties to which something is otherwise than it would be alone."""

        def otherwise(m: Measure) -> bool:
            e = roadmap.entry[m.id]
            return not self.kept(m) if e == -1 else e != self.ready[m.id]

        changed = [m for m in self.instance.measures if otherwise(m)]
        return [i for i in self.instance.party if any(m.value.get(i) or m.once.get(i) for m in changed)]

    def gain(self, roadmap: Roadmap, i: str) -> Fraction:
        """G: over no deal."""
        return self.continuation(roadmap, i, 0) - self.no_deal(i) if self.process(roadmap) else NOTHING

    def helps(self, roadmap: Roadmap) -> bool:
        """A process in which nobody touched loses, the drift aside either if it has something to do, and somebody gains."""
        if not self.process(roadmap):
            return False
        helped = False
        for i in self.touched(roadmap):
            gain, steps = self.gain(roadmap, i), self.gain(roadmap, i) + self.drift(i)
            if gain < 0 or (self.gives(roadmap, i) and steps < 0):
                return False
            helped = helped or (gain > 0 and steps > 0)
        return helped

    # ---- one roadmap: the rows ---------------------------------------------------------------------------------------

    @cached_property
    def _acting(self) -> list[str]:
        return [p.id for p in self.instance.parties if any(p.id in m.actors for m in self.instance.measures)]

    def _longest(self, i: str) -> int:
        return max((m.lag for m in self.instance.measures if i in m.actors), default=0)

    def rows(self, roadmap: Roadmap) -> Iterator[tuple[Key, Sides]]:
        """Incentive, trust, doubt, red-line and coalition rows, one after the other."""
        if not self.process(roadmap):
            return iter(())
        return ((key, sides) for key, sides in self._rows(roadmap) if key.row not in self.without)

    def _rows(self, roadmap: Roadmap) -> Iterator[tuple[Key, Sides]]:
        for t in range(self.instance.phases + 1):
            for party in self.instance.parties:
                if self.gives(roadmap, party.id):
                    yield from self._rows_of(roadmap, party.id, t)
            yield from self._coalitions(roadmap, t)

    def _rows_of(self, roadmap: Roadmap, i: str, t: int) -> Iterator[tuple[Key, Sides]]:
        v, w, cap = self.continuation(roadmap, i, t), self.stepping_out(roadmap, i, t), self.instance.party[i].red_line
        yield Key("incentive", i, None, t, 0), Sides(v, w, v - w)
        for L in range(1, self._longest(i) + 1):
            cheat = self.deviation(roadmap, i, t, L)
            yield Key("incentive", i, None, t, L), Sides(v, cheat, v - cheat)
        for j in self._acting:
            if j == i:
                continue
            odds = self.odds(roadmap, i, j, t)
            for M in self.due(roadmap, j, t, i):
                risk, allowance = self.exposure(roadmap, i, j, t, M), odds * (v - w)
                yield Key("trust", i, j, t, M), Sides(risk, allowance, allowance - risk)
                if cap is not None:
                    yield Key("red_line", i, j, t, M), Sides(risk, cap, cap - risk)
                for L in range(1, self._longest(i) + M):
                    spared = self.both(roadmap, i, j, t, L, M) - self.betrayed(roadmap, i, j, t, M)
                    allowance = odds * (v - self.deviation(roadmap, i, t, L))
                    yield Key("doubt", i, j, t, M, L), Sides(spared, allowance, allowance - spared)

    def _coalitions(self, roadmap: Roadmap, t: int) -> Iterator[tuple[Key, Sides]]:
        """Two or three of more parties step out together and keep up among themselves whatever suits them all.

        Told by the member that loses most of what all would keep, or gains least: it must not gain. Units of value differ
        between members, so that only the sign of the slack means anything.
        """
        parties = list(self.instance.party)
        for size in (2, 3):
            for members in itertools.combinations(parties, size) if size < len(parties) else ():
                if not all(self.gives(roadmap, i) for i in members):
                    continue
                theirs = [m for m in self.instance.measures if m.actors and set(m.actors) <= set(members)]
                loose = [m for m in theirs if (e := roadmap.entry[m.id]) is not None and e < t and not self.kept(m)]
                worst: Sides | None = None
                for K in itertools.chain.from_iterable(itertools.combinations(loose, n) for n in range(len(loose) + 1)):
                    best = max((self._together(roadmap, i, t, K) for i in members), key=lambda s: s.slack)
                    worst = best if worst is None or best.slack < worst.slack else worst
                assert worst is not None
                yield Key("coalition", members[0], None, t, 0, 0, members), worst

    def _together(self, roadmap: Roadmap, i: str, t: int, K: tuple[Measure, ...]) -> Sides:
        v, out = self.continuation(roadmap, i, t), self.stepping_out(roadmap, i, t)
        for m in K:
            entry = roadmap.entry[m.id]
            out += self.worth(i, m.id, entry, t, None, ONE) - self.worth(i, m.id, entry, t, t, m.irreversible)
        return Sides(v, out, v - out)

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
        worths = {i for m in self.instance.measures for worth in (m.value, m.once) for i, x in worth.items() if x}
        return [self.gain(roadmap, p.id) for p in self.instance.parties if p.id in worths]

    def welfare(self, roadmap: Roadmap, objective: str) -> tuple[Fraction, ...] | None:
        """What is to be as large as possible; None where the roadmap does not help.

        nash: the number of those who gain, then the product of their gains (maximal Nash welfare: Caragiannis et al. 2016, The
        unreasonable fairness of maximum Nash welfare).
        """
        if not self.helps(roadmap):
            return None
        gains = self.gains(roadmap)
        if objective == "sum":
            return (sum(gains, NOTHING),)
        if objective == "min":
            return (min(gains),)
        positive = [g for g in gains if g > 0]
        return Fraction(len(positive)), math.prod(positive, start=ONE)

    def best(self, objective: str) -> tuple[tuple[Fraction, ...] | None, list[Roadmap]]:
        """The largest welfare of a roadmap that holds and helps, and every roadmap that reaches it."""
        worth: dict[tuple[Fraction, ...], list[Roadmap]] = {}
        for roadmap in self.roadmaps():
            welfare = self.welfare(roadmap, objective)
            if welfare is not None:
                worth.setdefault(welfare, []).append(roadmap)
        for welfare in sorted(worth, reverse=True):
            if held := [roadmap for roadmap in worth[welfare] if self.holds(roadmap)]:
                return welfare, held
        return None, []
