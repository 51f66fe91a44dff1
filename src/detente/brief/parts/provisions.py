"""The signed agreements: which steps carry out each provision, and when."""

from __future__ import annotations

from dataclasses import dataclass

from detente.base.words import full_date, joined
from detente.brief.context import Context
from detente.case.model import Provision

__all__ = ["Carrier", "Clause", "Signed", "provisions"]


@dataclass(frozen=True)
class Carrier:
    """A measure that carries out a provision. `mark`: "reached", "standing" or "missing"; `steps`: their numbers."""

    title: str
    mark: str
    steps: str
    state: str


@dataclass(frozen=True)
class Clause:
    """A provision. `state`: "full", "part", "none" or "open" (no measure of the case carries it out)."""

    title: str
    state: str
    verdict: str
    measures: tuple[Carrier, ...]


@dataclass(frozen=True)
class Signed:
    """An agreement with its date and clauses."""

    title: str
    date: str
    clauses: tuple[Clause, ...]


def provisions(context: Context) -> tuple[Signed, ...]:
    """The section; empty without agreements."""
    return tuple(
        Signed(a.title, full_date(a.date), tuple(_clause(context, p) for p in a.provisions))
        for a in context.case.agreements.values()
        if a.provisions
    )


def _clause(context: Context, provision: Provision) -> Clause:
    entries = {m: context.entries(m) for m in provision.measures}
    measures = tuple(_carrier(context, m, e) for m, e in entries.items())
    phases = [x for e in entries.values() for x in e]
    reached = [x for x in phases if x is not None]
    if not phases:
        return Clause(provision.title, "open", "No measure of the case carries it out.", measures)
    if len(reached) == len(phases):
        last = max(reached)
        when = "It is carried out already." if last < 0 else f"Carried out in full by {context.date(last)}."
        return Clause(provision.title, "full", when, measures)
    if reached:
        return Clause(provision.title, "part", "Carried out in part.", measures)
    return Clause(provision.title, "none", "Not reached.", measures)


def _carrier(context: Context, measure: str, entries: tuple[int | None, ...]) -> Carrier:
    ids = context.instance.slices.get(measure, (measure,))
    numbers = [s.number for s in context.steps if set(s.measures) & set(ids)]
    steps = f"step{'s' if len(numbers) > 1 else ''} {joined([str(n) for n in numbers])}" if numbers else ""
    reached = [e for e in entries if e is not None]
    mark = "missing" if len(reached) < len(entries) else "reached" if numbers else "standing"
    return Carrier(context.title(measure), mark, steps, _state(context, reached, len(entries)))


def _state(context: Context, reached: list[int], parts: int) -> str:
    if not reached:
        return "not reached"
    last = max(reached)
    date = "in force already" if last < 0 else context.date(last)
    return date if len(reached) == parts else f"{len(reached)} of {parts} parts by {date}"
