"""What can go wrong with a roadmap, phase by phase: the events that a table of contingencies answers.

S(j, t) are the steps of party j that enter in phase t, joint ones included. For every phase and party with such steps:

late       none of them comes in t; all of them come in t+1. A party that asks for time says so: known at t+1.
part       only part of them comes. Of a divisible measure of which n >= 2 slices are due, the first n/2, rounded down; of the k
           other steps, the k/2, rounded down, that cost the party least. What is left neither comes by itself nor is ruled out.
           Known as soon as the first of the missing steps is noticed: at t + the smallest of their lags. Where nothing can be
           done in part there is no such event.
not_done   none of them comes, then or ever. Known as above.
withdrawn  they came in t, and those that cost the party something (v < 0, r < 1) are taken back, openly and together, once all
           of them have been seen: at t + the largest lag; those in force from the start in phase 1. They may be taken up again.
withdrawn_late  the same in the phase from which on nothing changes any more, if that is later.

For every risk of the case:

shock        in each phase in which something enters, and in the phase from which on nothing changes any more.
government   in its phase.
fails        a risk of performance on a measure, in the phase in which steps of it enter: they never come. delayed: they come
             late by the likely number of phases, at least one. Each only where the case gives that chance.

Where a roadmap does not hold, S(j, t) is taken apart by measure: each is an event of its own.

Where j's step is missing, whatever requires it waits for it, or never comes (`delayed`); that is nobody's miss.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from detente.case.case import Case
from detente.case.instance import Instance, Measure
from detente.plan.delayed import delayed
from detente.plan.roadmap import Roadmap

__all__ = ["EVENTS", "Event", "delayed", "events", "missed", "settled"]

EVENTS = ("late", "part", "not_done", "withdrawn", "withdrawn_late", "shock", "government", "fails", "delayed")


@dataclass(frozen=True)
class Event:
    """Something that goes wrong.

    event : one of `EVENTS`.
    parties : who missed or withdrew, or whom the risk befalls.
    phase : in which the steps were due, are taken back, or the risk strikes.
    known : the phase at the beginning of which it is known and answered.
    measures : what is missing.
    comes : the phase in which it comes by itself; None: it does not.
    entered : of what is taken back, the phase in which it had entered.
    risk : the id of the risk. step : the measure, by the id of the case, if the event is about that one alone.
    """

    event: str
    parties: tuple[str, ...]
    phase: int
    known: int
    measures: tuple[str, ...] = ()
    comes: int | None = None
    entered: int | None = None
    risk: str | None = None
    step: str | None = None

    @property
    def party(self) -> str | None:
        """The party; None where several act together."""
        return self.parties[0] if len(self.parties) == 1 else None

    @property
    def since(self) -> int:
        """The phase in which the steps were due, or what is taken back had entered; below 0: it is in force today."""
        return self.phase if self.entered is None else self.entered


def events(case: Case, roadmap: Roadmap, *, apart: bool = False) -> Iterator[Event]:
    """Every event, by phase, then party in the order of the case; the risks last. apart : each measure for itself, with what is
    due of its slices; else all that a party owes together."""
    instance = case.instance
    rest = settled(instance, roadmap)
    for t, step in enumerate(roadmap.steps):
        for j in instance.acting:
            for whole, due in _lots([m for m in instance.measures if m.id in step and j in m.actors], apart):
                yield from (replace(e, step=whole) for e in _missed(instance, j, t, due))
    for entered in range(-1, instance.phases):
        for j in instance.acting:
            held = [m for m in instance.measures if roadmap.entry[m.id] == entered and j in m.actors and _costly(m, j)]
            for whole, lot in _lots(held, apart):
                yield from (replace(e, step=whole) for e in _withdrawn(j, entered, lot, rest))
    yield from _risks(case, instance, roadmap, rest)


def _lots(measures: list[Measure], apart: bool) -> Iterator[tuple[str | None, list[Measure]]]:
    if not apart:
        yield from [(None, measures)] if measures else []
        return
    for whole in dict.fromkeys(m.whole for m in measures):
        yield whole, [m for m in measures if m.whole == whole]


def settled(instance: Instance, roadmap: Roadmap) -> int:
    """The first phase from which on nothing changes any more: every step is taken and has been seen. At most T."""
    last = max((e + m.lag for m in instance.measures if (e := roadmap.entry[m.id]) is not None and e >= 0), default=0)
    return min(last, instance.phases)


def missed(instance: Instance, parties: tuple[str, ...], phase: int, due: tuple[str, ...]) -> tuple[Event, Event]:
    """That measures due in a phase come late, and that they never come."""
    late = Event("late", parties, phase, phase + 1, due, comes=phase + 1)
    return late, Event("not_done", parties, phase, _noticed(instance, phase, due), due)


def _missed(instance: Instance, party: str, phase: int, due: Sequence[Measure]) -> Iterator[Event]:
    late, never = missed(instance, (party,), phase, tuple(m.id for m in due))
    yield late
    missing = _left_out(party, due)
    if len(missing) < len(due):
        yield Event("part", (party,), phase, _noticed(instance, phase, missing), missing)
    yield never


def _noticed(instance: Instance, phase: int, missing: Sequence[str]) -> int:
    return min(phase + min(instance.measure[m].lag for m in missing), instance.phases)


def _left_out(party: str, due: Sequence[Measure]) -> tuple[str, ...]:
    """What is missing where the steps are done in part; what needs a missing step of them in the same phase is missing too."""
    groups: dict[str, list[Measure]] = {}
    for m in due:
        groups.setdefault(m.whole, []).append(m)
    done = {m.id for group in groups.values() if len(group) > 1 for m in group[: len(group) // 2]}
    single = sorted((group[0] for group in groups.values() if len(group) == 1), key=lambda m: _cost(m, party))
    done |= {m.id for m in single[: len(single) // 2]}
    together = {m.id for m in due}
    while waiting := {m.id for m in due if m.id in done and any(_lacks(q.any, together, done) for q in m.requires)}:
        done -= waiting
    return tuple(m.id for m in due if m.id not in done)


def _lacks(alternatives: Sequence[str], due: set[str], done: set[str]) -> bool:
    """Whether a prerequisite was to be met by a step of the same phase, and none of them was taken."""
    return any(n in due for n in alternatives) and all(n in due and n not in done for n in alternatives)


def _cost(m: Measure, party: str) -> Fraction:
    return -m.value.get(party, Fraction(0)) - m.once.get(party, Fraction(0))


def _costly(m: Measure, party: str) -> bool:
    return m.value.get(party, Fraction(0)) < 0 and m.irreversible < 1


def _withdrawn(party: str, entered: int, held: Sequence[Measure], rest: int) -> Iterator[Event]:
    seen = min(max(entered + max(m.lag for m in held), 1) if entered >= 0 else 1, max(rest, 1))
    measures = tuple(m.id for m in held)
    yield Event("withdrawn", (party,), seen, seen, measures, entered=entered)
    if rest > seen:
        yield Event("withdrawn_late", (party,), rest, rest, measures, entered=entered)


def _risks(case: Case, instance: Instance, roadmap: Roadmap, rest: int) -> Iterator[Event]:
    phases = sorted({t for t, step in enumerate(roadmap.steps) if step} | {rest})
    for risk in case.risks:
        if risk.kind == "shock":
            yield from (Event("shock", (risk.by,), t, t, risk=risk.id) for t in phases)
        elif risk.kind == "government":
            yield Event("government", (risk.party,), risk.at, risk.at, risk=risk.id)
        else:
            wholes = [w for w in instance.slices if any(n in (w, *instance.slices[w]) for n in risk.of)]
            for whole in wholes:
                for t, step in enumerate(roadmap.steps):
                    due = tuple(m for m in instance.slices[whole] if m in step and (whole in risk.of or m in risk.of))
                    if not due:
                        continue
                    actors = instance.measure[due[0]].actors
                    if risk.fails.likely:
                        yield Event("fails", actors, t, _noticed(instance, t, due), due, risk=risk.id)
                    if risk.late is not None:
                        by = max(1, math.ceil(risk.late.likely))
                        comes = t + by if t + by < instance.phases else None
                        yield Event("delayed", actors, t, t + 1, due, comes=comes, risk=risk.id)
