"""How to name what stands in a case: parties, measures and dates, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from detente.base.words import Pace, count, isolated, joined, quoted, ranged, the
from detente.case.case import Case
from detente.case.instance import Instance

__all__ = ["Naming", "NamingIn", "part_of"]


@dataclass(frozen=True)
class Naming:
    """Names are the case's, never ids; phases are said as dates."""

    case: Case

    @property
    def instance(self) -> Instance:
        return self.case.instance

    def number_of(self, measure: str) -> int | None:  # noqa: ARG002 - what tells a roadmap knows
        """The number of the step that brings a measure, or slice, into force, where a roadmap is told; else None."""
        return None

    def of(self, figure: str, *key: object) -> str:  # noqa: ARG002 - for faces that say where a figure comes from
        """A figure as it is shown; `key`: where it stands in the JSON of what is told, step by step."""
        return figure

    @cached_property
    def pace(self) -> Pace:
        return Pace.of(self.case.phases.length)

    @cached_property
    def place(self) -> dict[str, int]:
        """The place of each party in the case, from 0."""
        return {p: n for n, p in enumerate(self.case.parties)}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The parties' names as they are shown, in the order of the case."""
        return tuple(isolated(p.name) for p in self.case.parties.values())

    def party(self, party: str) -> str:
        """A party inside a sentence, with its article."""
        spec = self.case.parties[party]
        return the(spec.name, spec.article)

    def agreeing(self, party: str | None, one: str, many: str) -> str:
        """The form of a verb, or of a pronoun, that goes with a party's name; without a party the first."""
        return one if party is None else self.case.parties[party].agreeing(one, many)

    def parties(self, parties: Sequence[str]) -> str:
        """Several of them."""
        return joined([self.party(p) for p in parties])

    def title(self, measure: str) -> str:
        """A measure's, or slice's, title as it stands alone."""
        return self.case.measure_title(measure) if measure in self.case.measures else self.instance.measure[measure].title

    def titles(self, measures: Sequence[str], most: int = 3) -> str:
        """Measures inside a sentence, the first few of them by name; slices of one measure are told together."""
        slices: dict[str, list[str]] = {}
        for m in measures:
            slices.setdefault(self.instance.measure[m].whole if m in self.instance.measure else m, []).append(m)
        shown = [quoted(self._together(whole, ids)) for whole, ids in list(slices.items())[:most]]
        more = len(slices) - len(shown)
        return joined([*shown, count(more, "other")] if more else shown)

    def _together(self, whole: str, ids: Sequence[str]) -> str:
        return self.title(whole) + ("" if whole in ids else part_of(ids, self.instance))

    def date(self, phase: int) -> str:
        """When a phase begins: "late March 2019"."""
        return self.pace.date(self.case.phase_date(phase))

    def when(self, phase: int) -> str:
        """The same with its preposition; T is the time after the roadmap."""
        if phase >= self.case.phases.count:
            return "once the roadmap has run its course"
        return self.pace.when(self.case.phase_date(phase))

    def ticks(self, phases: int) -> tuple[str, ...]:
        """Short dates of the first phases, for an axis."""
        return tuple(self.pace.tick(self.case.phase_date(t)) for t in range(phases))


@dataclass(frozen=True)
class NamingIn(Naming):
    """The names where a problem is told that is not the case's own: under conditions, with supports, of what is left of it."""

    problem: Instance

    @property
    def instance(self) -> Instance:
        return self.problem


def part_of(ids: Sequence[str], instance: Instance) -> str:
    """ ", part 2 of 4" or ", parts 1 and 3 of 4" for slices of a divisible measure; nothing for all of them, or a whole one."""
    whole = instance.slices[instance.measure[ids[0]].whole]
    if len(ids) == len(whole):
        return ""
    numbers = sorted(whole.index(m) + 1 for m in ids)
    return f", {'part' if len(ids) == 1 else 'parts'} {ranged(numbers)} of {len(whole)}"
