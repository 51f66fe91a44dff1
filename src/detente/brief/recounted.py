"""What has happened, for a terminal: the sums, the steps and what followed, the months, what was promised, the counts."""

from __future__ import annotations

from collections.abc import Iterator

from detente.base.parts import Part, Table, strong
from detente.base.words import joined, number, sentence
from detente.brief.parts.happened import Happened, happened
from detente.case.case import Case
from detente.case.naming import Naming
from detente.record.account import Account

__all__ = ["recount"]


def recount(case: Case, account: Account, *, acts: bool = False) -> Iterator[Part]:
    """What to print; `acts`: every act by itself, too."""
    context = Naming(case)
    found = happened(context, account)
    if found is None:
        yield f"{case.title}: the record tells nothing of its parties yet."
        return
    yield "\n".join((found.lead[0], *(f"- {s}" for s in found.lead[1:]))) + "\n"
    yield from _steps(found)
    yield from _months(context, account)
    yield from _promises(context, found)
    if found.moved:
        yield strong("What moved trust")
        yield "\n".join(f"{n:>3} {said}" for n, said in found.moved) + "\n"
    if found.counts:
        yield Table.of("Counts", ("When", "What", "Source"), found.counts)
    if acts:
        named = ("", *found.sources)
        rows = ((t.date, _who(context, t.who) or t.others, t.title, t.rated, named[t.source]) for t in found.told)
        yield Table.of("Acts", ("Date", "Who", "What", "Weight", "Source"), rows)


def _steps(found: Happened) -> Iterator[Part]:
    if found.numbered:
        rows = ((str(s.number), s.date, s.title, sentence(s.drew)) for s in found.numbered)
        yield Table.of("Steps taken, and what followed", ("No.", "Date", "Step", "What followed"), rows)
        if found.unshown:
            yield found.unshown


def _months(context: Naming, account: Account) -> Iterator[Part]:
    for relation in account.relations:
        a, b = (context.names[context.place[p]] for p in (relation.a, relation.b))
        series = [x for way in (relation.there, relation.back) for x in (way.cooperation, way.conflict)]
        months = enumerate(relation.there.periods)
        rows = ((f"{month:%Y-%m}", *(number(x[n]) if x[n] else "" for x in series)) for n, month in months)
        heads = ("Month", f"{a}: cooperation", "conflict", f"{b}: cooperation", "conflict")
        yield Table.of(f"{a} and {b}, by month", heads, rows)


def _promises(context: Naming, found: Happened) -> Iterator[Part]:
    if found.promises:
        rows = (
            (p.title, _who(context, p.who), p.due, p.state + (f", {p.late}" if p.late else ""), "\n".join(p.readings))
            for p in found.promises
        )
        yield Table.of("What was promised, and how far it is done", ("What", "By", "Due", "Done", "As read by"), rows)
    for places, titles in found.not_begun:
        yield f"Not begun by any reading, and due on no date, {_who(context, places)}: {titles}.\n"


def _who(context: Naming, places: tuple[int, ...]) -> str:
    return joined([context.names[p] for p in places])
