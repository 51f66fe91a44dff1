"""The steps of a roadmap with what every file says of them: dates, parties by name, what they wait for.

A step is what a reader of the brief counts (module `plan.steps`). It enters on the first day of its phase; its work, where it
takes time, starts so many phases before. What it waits for enters before its work starts, or on the same day.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from detente.case.case import Case
from detente.case.instance import Instance
from detente.errors import InputError
from detente.plan.roadmap import Roadmap
from detente.plan.steps import numbered
from detente.plan.unlock.supported import without_payments

__all__ = ["Dated", "dated"]


@dataclass(frozen=True)
class Dated:
    """A step with its dates.

    number : from 1, by date. phase, day : when it enters. started, start : when its work does; the same where it takes no time.
    parties : ids of who acts. measures : the measures or slices that enter. whole : their id in the case file. needs : numbers
    of the steps that it waits for.
    """

    number: int
    phase: int
    day: datetime.date
    started: int
    start: datetime.date
    title: str
    kind: str
    parties: tuple[str, ...]
    names: tuple[str, ...]
    measures: tuple[str, ...]
    whole: str
    needs: tuple[int, ...]

    @property
    def note(self) -> str:
        """Who acts, when it enters and what it waits for, in words."""
        by = f"By {', '.join(self.names)}. " if self.names else ""
        work = f"Work starts on {self.start.isoformat()} (phase {self.started}). " if self.started < self.phase else ""
        needs = f" Waits for step {', '.join(map(str, self.needs))}." if self.needs else ""
        return f"{by}{work}Enters on {self.day.isoformat()} (phase {self.phase}).{needs}"


def dated(case: Case, roadmap: Roadmap, instance: Instance | None = None) -> Sequence[Dated]:
    """The steps of a roadmap, by date. instance : the problem that it is for, where that is not the case's own.

    Raises
    ------
    InputError
        If the roadmap has none: a file without steps would look like an answer.
    """
    instance = instance or case.instance
    titles = {m.whole: m.title for m in instance.measures} | {m: spec.title for m, spec in case.measures.items()}
    ids = [p.id for p in instance.parties]
    out = []
    for step in numbered(instance, without_payments(roadmap), titles):
        first = instance.measure[step.measures[0]]
        started = step.phase - first.takes
        parties = tuple(ids[place] for place in step.actors)
        out.append(
            Dated(
                number=step.number,
                phase=step.phase,
                day=case.phase_date(step.phase),
                started=started,
                start=case.phase_date(started),
                title=step.title,
                kind=step.kind,
                parties=parties,
                names=tuple(instance.party[i].name for i in parties),
                measures=step.measures,
                whole=first.whole,
                needs=step.needs,
            )
        )
    if not out:
        raise InputError(f"{case.case}: the roadmap has no steps, so there is nothing to write (plan one that has, first)")
    return out
