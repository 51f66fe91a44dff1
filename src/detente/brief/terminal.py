"""The short form for a terminal: the verdict, the four questions, the roadmap by date, stated orders, what is not reached."""

from __future__ import annotations

from collections.abc import Iterator

from detente.base.parts import Part, Table, quiet, strong
from detente.base.words import sentence
from detente.brief.context import Context
from detente.brief.parts.beyond import beyond
from detente.brief.parts.choice import choice
from detente.brief.parts.course import course
from detente.brief.parts.figures import figures, units
from detente.brief.parts.sure import share_held
from detente.brief.parts.verdict import verdict
from detente.diagnose.telling import orders, questions, who_waits
from detente.plan.draws.telling import show_held

__all__ = ["summary"]


def summary(context: Context, written: str = "", *, whole: bool = True) -> Iterator[Part]:
    """What to print; `written`: where the page went, if it was written; `whole`: with its annexes."""
    yield strong(f"{context.case.title}\n")
    yield f"{verdict(context)}\n"
    yield Table.of("", ("Question", "Answer"), ((f.asked, strong(f"{f.figure} {f.of}")) for f in figures(context)))
    yield from _questions(context)
    yield from _roadmap(context)
    yield from _sure(context)
    yield from orders(context.diagnosis, context)
    yield from _beyond(context)
    yield quiet(units(context))
    if written:
        yield f"\nThe {'whole brief' if whole else 'two pages of the brief'}: {written}"


def _questions(context: Context) -> Iterator[Part]:
    yield strong("Why it is stuck")
    yield questions(context.diagnosis, context)
    yield from who_waits(context.diagnosis, context)


def _roadmap(context: Context) -> Iterator[Part]:
    found = course(context)
    if found is None:
        return
    rows = (
        ("" if n else sentence(date), str(s.number), s.title, s.by) for date, steps in found.dates for n, s in enumerate(steps)
    )
    best = choice(context)
    title = "The roadmap" if best is None else "What we would do: the recommended roadmap"
    yield Table.of(title, ("From", "No.", "Step", "By"), rows, whole=(0,))
    if best is not None:
        yield " ".join(filter(None, [best.found, best.pace])) + "\n"
        yield best.table
        yield Table.of("", ("In its place", "When, and at what price"), ((x.title, x.said) for x in best.lines[1:]))


def _sure(context: Context) -> Iterator[Part]:
    if share_held(context) is not None and context.plan.holds is not None:
        yield strong("How sure it is")
        yield from show_held(context.plan.holds, context.case)


def _beyond(context: Context) -> Iterator[Part]:
    found = beyond(context)
    if found is None:
        return
    yield from (f"{said}\n" for said in (found.nothing, found.unlock) if said)
    if found.measures:
        yield Table.of("What is not reached", ("Measure", "Why"), ((m.title, m.why) for m in found.measures))
