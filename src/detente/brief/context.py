"""What every part of the brief is written from: the case, its diagnosis and plan, and how to name what stands in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from detente.brief.steps import Step, numbered, part_of
from detente.brief.words import Pace, count, isolated, joined, quoted, the
from detente.case.case import Case
from detente.case.instance import Instance
from detente.diagnose.result import Diagnosis
from detente.plan.result import Plan
from detente.plan.unlock.first import FirstWay
from detente.prepare.contingency import Preparation

__all__ = ["Context"]


@dataclass(frozen=True)
class Context:
    """A case with what was found about it. Names are the case's, never ids; phases are said as dates."""

    case: Case
    plan: Plan
    diagnosis: Diagnosis
    preparation: Preparation | None = None
    unlocked: FirstWay | None = None

    @property
    def instance(self) -> Instance:
        return self.plan.instance

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

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The steps of the roadmap, numbered."""
        titles = {m: spec.title for m, spec in self.case.measures.items()}
        return numbered(self.instance, self.plan.roadmap, titles)

    @cached_property
    def wholes(self) -> dict[str, tuple[int | None, ...]]:
        """For each measure of the case file the phases in which its slices enter (-1: in force already, None: never)."""
        return {m: tuple(self.plan.roadmap.entry[s] for s in ids) for m, ids in self.instance.slices.items()}

    @cached_property
    def settled(self) -> int:
        """The first phase from which nothing changes any more: all steps are taken and have been seen."""
        last = max((e for e in self.plan.roadmap.entry.values() if e is not None), default=-1)
        lag = max((m.lag for m in self.instance.measures if (self.plan.roadmap.entry[m.id] or -1) >= 0), default=0)
        return min(self.instance.phases, max(1, last + 1 + lag))

    def party(self, party: str) -> str:
        """A party inside a sentence, with its article."""
        return the(self.case.parties[party].name)

    def parties(self, parties: Sequence[str]) -> str:
        """Several of them."""
        return joined([self.party(p) for p in parties])

    def title(self, measure: str) -> str:
        """A measure's, or slice's, title as it stands alone."""
        return self.case.measure_title(measure)

    def titles(self, measures: Sequence[str], most: int = 3) -> str:
        """Measures inside a sentence, the first few of them by name; slices of one measure are told together."""
        slices: dict[str, list[str]] = {}
        for m in measures:
            slices.setdefault(self.instance.measure[m].whole if m in self.instance.measure else m, []).append(m)
        shown = [quoted(self._together(whole, ids)) for whole, ids in list(slices.items())[:most]]
        more = len(slices) - len(shown)
        return joined([*shown, count(more, "other")] if more else shown)

    def _together(self, whole: str, ids: Sequence[str]) -> str:
        every = self.instance.slices[whole]
        return self.title(whole) + ("" if whole in ids else part_of(sorted(ids, key=every.index), self.instance))

    def date(self, phase: int) -> str:
        """When a phase begins: "late March 2019"."""
        return self.pace.date(self.case.phase_date(phase))

    def when(self, phase: int) -> str:
        """The same with its preposition; T is the time after the roadmap."""
        if phase >= self.instance.phases:
            return "once the roadmap has run its course"
        return self.pace.when(self.case.phase_date(phase))

    def ticks(self, phases: int) -> tuple[str, ...]:
        """Short dates of the first phases, for an axis."""
        return tuple(self.pace.tick(self.case.phase_date(t)) for t in range(phases))
