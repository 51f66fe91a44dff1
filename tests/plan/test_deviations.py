"""No richer deviation pays in a roadmap that holds: those that the rows leave out are worth no more than those they have.

The rows compare going on with few ways of not doing so: a measure is dropped once and for good, an act is begun once and as
early as it goes unnoticed. Here a party may do anything with what is its own: carry each of up to four measures out or not in
every single phase, take up again what it has dropped, enter late, begin early what it could begin alone. Whatever it does
otherwise than agreed is found out after the lag of that measure, and ends all. It may do so in any phase, also while another
stops, and two or three may step out together and keep up among themselves what they like.

What a course of action is worth is told here by living through it, phase by phase, without any formula of the rows. Only the
world without a deal (what is kept, what begins alone and when) and who owes what to whom are taken from the brute force.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import pytest

from bruteforce import BruteForce
from detente.case.instance import Instance, Measure
from detente.plan.roadmap import Roadmap
from standoffs import certified

Course = tuple[bool, ...]
"""Whether a measure is carried out, in each phase from the one on in which a party may leave the roadmap."""

NOTHING = Fraction(0)
MOST = 4
"""Own measures with which a party does otherwise at once."""
AT_ONCE = 4_000
"""Most combinations of courses of a set of measures; larger sets are left to their parts."""


@dataclass
class Found:
    """A way to do better than by going on."""

    party: str
    phase: int
    courses: dict[str, Course]
    over: int
    by: Fraction
    stops: str | None = None
    known: int | None = None


class Life:
    """What happens to a party in a roadmap if somebody does otherwise than agreed."""

    def __init__(self, instance: Instance, roadmap: Roadmap) -> None:
        self.instance, self.roadmap, self.brute = instance, roadmap, BruteForce(instance)
        self._ended: dict[tuple[str, str, bool, int], Fraction] = {}

    def scheduled(self, m: Measure, phase: int) -> bool:
        entry = self.roadmap.entry[m.id]
        return entry is not None and entry <= phase

    def before(self, m: Measure, phase: int) -> bool:
        """Whether it has been carried out before a phase, all going by the roadmap."""
        entry = self.roadmap.entry[m.id]
        return entry is not None and entry < phase

    def as_scheduled(self, m: Measure, start: int, length: int) -> Course:
        return tuple(self.scheduled(m, start + n) for n in range(length))

    def lived(self, i: str, m: Measure, start: int, course: Course) -> Fraction:
        """What a measure is worth to i in the phases of a course; once begun, its irreversible share never goes."""
        d, v, k = self.instance.party[i].discount, m.value.get(i, NOTHING), m.once.get(i, NOTHING)
        total, begun = NOTHING, self.before(m, start)
        for n, on in enumerate(course):
            if on:
                total += d**n * (v + (NOTHING if begun else k))
                begun = True
            elif begun:
                total += d**n * m.irreversible * v
        return total

    def ended(self, i: str, m: Measure, begun: bool, phase: int) -> Fraction:
        """What it is worth to i when all is over in a phase: what stands falls or is kept, what is wanted begins."""
        if (i, m.id, begun, phase) not in self._ended:
            d, v, k = self.instance.party[i].discount, m.value.get(i, NOTHING), m.once.get(i, NOTHING)
            worth, begins = NOTHING, self.brute.begun(m, phase)
            if begun:
                worth = (v if self.brute.kept(m) else m.irreversible * v) / (1 - d)
            elif begins is not None:
                worth = d ** (begins - phase) * (k + v / (1 - d))
            self._ended[i, m.id, begun, phase] = worth
        return self._ended[i, m.id, begun, phase]

    def worth(self, i: str, m: Measure, start: int, course: Course, over: int) -> Fraction:
        """The measure goes its course until all is over, `over` phases after the start."""
        cut = course[:over]
        begun = self.before(m, start) or any(cut)
        return self.lived(i, m, start, cut) + self.instance.party[i].discount ** over * self.ended(i, m, begun, start + over)

    def after(self, i: str, over: int) -> Fraction:
        """When all is over, the loss that comes with it, and the stand-off as it was."""
        party = self.instance.party[i]
        return party.discount**over * (party.stalemate / (1 - party.discount) - party.breakdown)

    def going_on(self, i: str, start: int) -> Fraction:
        """For ever; the last level is reached with the last phase of the roadmap."""
        d, total = self.instance.party[i].discount, NOTHING
        length = max(self.instance.phases - start, 0)
        for m in self.instance.measures:
            total += self.lived(i, m, start, self.as_scheduled(m, start, length))
            if self.scheduled(m, max(start, self.instance.phases)):
                total += d**length * m.value.get(i, NOTHING) / (1 - d)
        return total

    def stopped(self, i: str, j: str | None, start: int, over: int) -> dict[str, Fraction]:
        """What each measure is worth to i if j stops with the start, while the others go on until all is over."""
        return {
            m.id: self.ended(i, m, self.before(m, start), start)
            if j in m.actors
            else self.worth(i, m, start, self.as_scheduled(m, start, over), over)
            for m in self.instance.measures
        }

    # ---- what a party may do with what is its own ------------------------------------------------------------------------

    def courses(self, m: Measure, start: int, length: int) -> Iterator[tuple[Course, int]]:
        """Every course that differs from the agreed one, and how many phases later that is found out."""
        agreed = self.as_scheduled(m, start, length)
        for course in itertools.product((False, True), repeat=length):
            differs = next((n for n, (a, b) in enumerate(zip(course, agreed, strict=True)) if a != b), None)
            if differs is not None and self.possible(m, start, course):
                yield course, differs + m.lag

    def possible(self, m: Measure, start: int, course: Course) -> bool:
        """A step that is not due can be taken if its actor wants it and could take it alone."""
        if self.before(m, start) or not any(course):
            return True
        first = start + course.index(True)
        if self.scheduled(m, first):
            return True
        return bool(self.brute.begun(m, first) == first)

    def own(self, i: str, j: str | None = None) -> list[Measure]:
        return [m for m in self.instance.measures if i in m.actors and j not in m.actors]

    def deviations(self, i: str, start: int, length: int, j: str | None) -> Iterator[tuple[dict[str, Course], int]]:
        """Every way of doing otherwise with up to four measures, and how many phases later the first of it is found out."""
        options = {m.id: list(self.courses(m, start, length)) for m in self.own(i, j)}
        for size in range(1, MOST + 1):
            for chosen in itertools.combinations(options, size):
                if math.prod(len(options[m]) for m in chosen) > AT_ONCE:
                    continue  # its parts are gone through
                for ways in itertools.product(*(options[m] for m in chosen)):
                    yield {m: course for m, (course, _) in zip(chosen, ways, strict=True)}, min(n for _, n in ways)

    # ---- what does better ------------------------------------------------------------------------------------------------

    @cached_property
    def giving(self) -> list[str]:
        return [i for i in self.instance.party if self.brute.gives(self.roadmap, i)]

    def better(self) -> Iterator[Found]:
        """Every deviation that does better than going on, alone or in doubt about another."""
        for i in self.giving:
            longest = max(m.lag for m in self.own(i))
            for t in range(self.instance.phases + 1):
                dues = {j: self.brute.due(self.roadmap, j, t, i) for j in self.instance.acting if j != i}
                yield from self._better_from(i, t, longest, dues)

    def _better_from(self, i: str, t: int, longest: int, dues: dict[str, set[int]]) -> Iterator[Found]:
        going_on = self.going_on(i, t)
        doubts = [(j, known) for j, lags in dues.items() for known in lags]
        length = longest + max((known - 1 for _, known in doubts), default=0)
        chance = {j: (o := self.brute.odds(self.roadmap, i, j, t)) / (1 + o) for j, _ in doubts}
        agreed = {n: self.stopped(i, None, t, n) for n in range(length + 1)}
        betrayed = {(j, n): self.stopped(i, j, t, n) for j, _ in doubts for n in range(length + 1)}
        patient = {(j, n): sum(self.stopped(i, j, t, n).values(), self.after(i, n)) for j, n in doubts}
        worth: dict[tuple[str, Course, int], Fraction] = {}

        def alone(courses: dict[str, Course], over: int, others: dict[str, Fraction]) -> Fraction:
            total = sum(others.values(), self.after(i, over))
            for m, course in courses.items():
                key = m, course[:over], over
                if key not in worth:
                    worth[key] = self.worth(i, self.instance.measure[m], t, course, over)
                total += worth[key] - others[m]
            return total

        def ways(j: str | None, reach: int) -> Iterator[tuple[dict[str, Course], int]]:
            yield {}, 0
            yield from ((courses, found) for courses, found in self.deviations(i, t, reach, j) if found <= length)

        seen: set[tuple[tuple[str, Course], ...]] = set()
        for courses, over in ways(None, longest):
            key = tuple((m, course[:over]) for m, course in courses.items())
            if key in seen or over > longest:
                continue
            seen.add(key)
            best = alone(courses, over, agreed[over])
            if best > going_on:
                yield Found(i, t, courses, over, best - going_on)
        for j, known in doubts:
            p = chance[j]
            keeping_faith = p * going_on + (1 - p) * patient[j, known]
            seen = set()
            for courses, found in ways(j, length):
                over = min(found, known)
                key = tuple((m, course[:found]) for m, course in courses.items())
                if key in seen or found >= longest + known:
                    continue
                seen.add(key)
                if_not = alone(courses, over, betrayed[j, over])
                best = p * alone(courses, found, agreed[found]) + (1 - p) * if_not
                if best > keeping_faith:
                    yield Found(i, t, courses, found, best - keeping_faith, j, known)

    def better_together(self) -> Iterator[tuple[tuple[str, ...], int, tuple[str, ...]]]:
        """Every set of two or three that would all do better to step out and keep some of what is theirs up for ever."""
        parties = list(self.instance.party)
        for members in itertools.chain.from_iterable(itertools.combinations(parties, n) for n in (2, 3) if n < len(parties)):
            for t in range(self.instance.phases + 1):
                theirs = [m for m in self.instance.measures if m.actors and set(m.actors) <= set(members) and self.before(m, t)]
                gains = {i: -self.going_on(i, t) for i in members}
                for i in members:
                    gains[i] += sum(self.stopped(i, None, t, 0).values(), self.after(i, 0))
                for kept in itertools.chain.from_iterable(itertools.combinations(theirs, n) for n in range(len(theirs) + 1)):
                    if all(gains[i] + sum((self._kept_up(i, m, t) for m in kept), NOTHING) > 0 for i in members):
                        yield members, t, tuple(m.id for m in kept)

    def _kept_up(self, i: str, m: Measure, t: int) -> Fraction:
        d = self.instance.party[i].discount
        return m.value.get(i, NOTHING) / (1 - d) - self.ended(i, m, True, t)


def nothing_pays(seed: int, number: int) -> None:
    for instance, roadmap in certified(seed, number):
        life = Life(instance, roadmap)
        for found in life.better():
            pytest.fail(f"{found}\n{roadmap}\n{instance}")
        for together in life.better_together():
            pytest.fail(f"{together}\n{roadmap}\n{instance}")


def test_no_richer_deviation_pays() -> None:
    """Catches a roadmap that is certified although some course of action, alone, in doubt or together, does better than it."""
    nothing_pays(seed=1, number=100)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(2, 22))
def test_no_richer_deviation_pays_in_thousands(seed: int) -> None:
    """The same in 2,000 roadmaps more."""
    nothing_pays(seed, number=100)
