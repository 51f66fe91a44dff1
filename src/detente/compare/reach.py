"""How far a roadmap goes: measures in force at its end, provisions carried out, and when each is complete.

Definitions
-----------
A measure of the case file counts as reached if all of it (every slice) is in force in phase T - 1 and was not all in force on
the date of the case; reached in part if some new slice is, not all. Measures in force from the start are neither reached nor
open.
A provision is carried out if every measure that it names is in force; its phase is the latest of their entries, -1 where all
were in force already. A provision that names no measure cannot be carried out by any roadmap and does not count.
"""

from __future__ import annotations

from dataclasses import dataclass

from detente.case.case import Case
from detente.case.instance import Instance
from detente.plan.roadmap import Roadmap

__all__ = ["Carried", "Reach", "carried", "in_part", "open_measures", "reach", "reached"]


@dataclass(frozen=True)
class Carried:
    """A provision and the phase from which on it is carried out in full: -1 already, None never."""

    agreement: str
    id: str
    title: str
    phase: int | None

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        agreement : the agreement
        phase : from when it is carried out; −1: already; `null`: never
        """
        return {"agreement": self.agreement, "id": self.id, "title": self.title, "phase": self.phase}


@dataclass(frozen=True)
class Reach:
    """Counts: measures reached, reached in part, of how many open; provisions carried out, of how many; the phase of the last
    step (None without any).
    """

    measures: int
    in_part: int
    of_measures: int
    provisions: int
    of_provisions: int
    last_step: int | None

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        measures : new measures in force at the end
        in_part : divisible ones of which some new part is
        of_measures : how many are not in force yet
        provisions : provisions carried out in full
        of_provisions : of how many that a measure carries out
        last_step : the phase of the last step; `null` without any
        """
        return {
            "measures": self.measures,
            "in_part": self.in_part,
            "of_measures": self.of_measures,
            "provisions": self.provisions,
            "of_provisions": self.of_provisions,
            "last_step": self.last_step,
        }


def open_measures(instance: Instance) -> tuple[str, ...]:
    """The measures of the case file that are not wholly in force on its date."""
    return tuple(m for m, ids in instance.slices.items() if not all(instance.measure[s].in_force for s in ids))


def reached(instance: Instance, roadmap: Roadmap) -> tuple[str, ...]:
    """The open measures that the roadmap brings into force in full, in the order of the case."""
    return tuple(m for m in open_measures(instance) if all(roadmap.entry[s] is not None for s in instance.slices[m]))


def in_part(instance: Instance, roadmap: Roadmap) -> tuple[str, ...]:
    """The open measures of which some new slice enters, not all."""
    out = []
    for m in open_measures(instance):
        entries = [roadmap.entry[s] for s in instance.slices[m]]
        if None in entries and any(e is not None and e >= 0 for e in entries):
            out.append(m)
    return tuple(out)


def carried(case: Case, roadmap: Roadmap) -> tuple[Carried, ...]:
    """Every provision that names a measure, in the order of the case."""
    instance = case.instance
    out = []
    for key, agreement in case.agreements.items():
        for p in agreement.provisions:
            entries = [roadmap.entry[s] for m in p.measures for s in instance.slices.get(m, (m,))]
            if entries:
                phases = [e for e in entries if e is not None]
                out.append(Carried(key, p.id, p.title, max(phases) if len(phases) == len(entries) else None))
    return tuple(out)


def reach(case: Case, roadmap: Roadmap) -> Reach:
    """The counts of a roadmap."""
    instance, provisions = case.instance, carried(case, roadmap)
    entered = [t for t in roadmap.entry.values() if t is not None and t >= 0]
    return Reach(
        measures=len(reached(instance, roadmap)),
        in_part=len(in_part(instance, roadmap)),
        of_measures=len(open_measures(instance)),
        provisions=sum(p.phase is not None for p in provisions),
        of_provisions=len(provisions),
        last_step=max(entered, default=None),
    )
