"""Which single steps the two pages say what to do about: those likeliest to be the first that are not carried out, and of each
party the one that weighs most.

A step weighs, for one who does not take it, as much as its measures are worth of all that is at stake for it: |value| summed
over its measures, over |value| summed over all of the case. It weighs as much as for the one for whom it weighs most. Told is
the weightiest step of those that a party takes alone, else of those in which it takes part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from detente.assess.first import Event
from detente.assess.result import Assessment
from detente.case.case import Case
from detente.case.instance import Instance
from detente.plan.result import Plan
from detente.plan.roadmap import Roadmap
from detente.plan.steps import Step, numbered
from detente.prepare.contingency import Contingency, Preparation

__all__ = ["FIRSTS", "Miss", "first_missed", "misses", "weight_of", "weightiest"]

FIRSTS = 3
"""Events of the plays that are told."""
_PARTIES = 2  # of the weightiest steps as many are told
Miss = tuple[tuple[str, ...], tuple[str, ...]]
"""Who misses what, by ids."""


def misses(case: Case, plan: Plan, prepared: Preparation | None, assessment: Assessment | None) -> tuple[Contingency, ...]:
    """What to do about each; nothing where no contingencies of this roadmap were worked out."""
    if prepared is None or prepared.roadmap.entry != plan.roadmap.entry:
        return ()
    from detente.prepare.missed import steps_missed

    fared = None if assessment is None or assessment.recommended is None else assessment.fared[assessment.recommended]
    events = () if fared is None else fared.first_refused.events[:FIRSTS]
    firsts = [first_missed(plan.instance, plan.roadmap, e) for e in events]
    wanted = [*(m for m in firsts if m), *(m for m, _ in weightiest(plan.instance, plan.roadmap))]
    return steps_missed(case, prepared, wanted)


def first_missed(instance: Instance, roadmap: Roadmap, event: Event) -> Miss | None:
    """Of what may fall with an event, the likeliest step with what else falls on its date; None: nothing that is to come."""
    coming = [m for m in event.steps if (t := roadmap.entry[m]) is not None and t >= 0]
    if not coming:
        return None
    together = tuple(m for m in coming if roadmap.entry[m] == roadmap.entry[coming[0]])
    parties = instance.measure[coming[0]].actors if event.party is None else (event.party,)
    return tuple(i for i in instance.acting if i in parties), together


def weightiest(instance: Instance, roadmap: Roadmap) -> tuple[tuple[Miss, Step], ...]:
    """Of each party the step that weighs most for another one, the weightiest first; of equals the earlier."""
    steps = numbered(instance, roadmap)
    told = []
    for i in instance.acting:
        place = next(n for n, p in enumerate(instance.parties) if p.id == i)
        own = [s for s in steps if s.actors == (place,)] or [s for s in steps if place in s.actors]
        weighed = [(weight_of(instance, s.measures, without=i), -s.number, s) for s in own]
        weight, _, step = max(weighed, key=lambda w: w[:2], default=(Fraction(0), 0, None))
        if step is not None and weight:
            told.append((weight, ((i,), step.measures), step))
    return tuple((miss, step) for _, miss, step in sorted(told, key=lambda t: -t[0])[:_PARTIES])


def weight_of(instance: Instance, measures: Sequence[str], *, without: str | None = None) -> Fraction:
    """How much measures weigh together, from 0 to 1. without : a party that does not count."""
    return max(_shares(instance, measures, without), default=Fraction(0))


def _shares(instance: Instance, measures: Sequence[str], without: str | None) -> Iterator[Fraction]:
    for p in instance.parties:
        total = sum((abs(m.value.get(p.id, Fraction(0))) for m in instance.measures), Fraction(0))
        if total and p.id != without:
            yield sum((abs(instance.measure[m].value.get(p.id, Fraction(0))) for m in measures), Fraction(0)) / total
