"""What has happened, for a terminal: the sums, the steps and what followed, the months, what was promised, the counts.

Text of the record is printed as it stands, never as markup.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from detente.base.words import joined, number, sentence
from detente.brief.naming import Naming
from detente.brief.parts.happened import Happened, happened
from detente.case.case import Case
from detente.record.account import Account

__all__ = ["recount"]


def recount(case: Case, account: Account, *, acts: bool = False) -> list[RenderableType]:
    """What to print; `acts`: every act by itself, too."""
    context = Naming(case)
    found = happened(context, account)
    if found is None:
        return [Text(f"{case.title}: the record tells nothing of its parties yet.")]
    parts: list[RenderableType] = [Text("\n".join((found.lead[0], *(f"- {s}" for s in found.lead[1:]))), end="\n\n")]
    parts += _steps(found)
    parts += _months(context, account)
    parts += _promises(context, found)
    if found.moved:
        parts.append(Text("What moved trust\n" + "\n".join(f"{n:>3} {said}" for n, said in found.moved), end="\n\n"))
    if found.counts:
        parts.append(_table("Counts", ("When", "What", "Source"), ([w, x, s] for w, x, s in found.counts)))
    if acts:
        named = ("", *found.sources)
        rows = ([t.date, _who(context, t.who) or t.others, t.title, t.rated, named[t.source]] for t in found.told)
        parts.append(_table("Acts", ("Date", "Who", "What", "Weight", "Source"), rows))
    return parts


def _steps(found: Happened) -> Iterator[RenderableType]:
    if found.numbered:
        rows = ([str(s.number), s.date, s.title, sentence(s.drew)] for s in found.numbered)
        yield _table("Steps taken, and what followed", ("No.", "Date", "Step", "What followed"), rows)
        if found.unshown:
            yield Text(found.unshown)


def _months(context: Naming, account: Account) -> Iterator[RenderableType]:
    for relation in account.relations:
        a, b = (context.names[context.place[p]] for p in (relation.a, relation.b))
        rows = (
            [f"{month:%Y-%m}", *(number(held[n]) if held[n] else "" for held in (
                relation.there.cooperation, relation.there.conflict, relation.back.cooperation, relation.back.conflict
            ))]
            for n, month in enumerate(relation.there.periods)
        )  # fmt: skip
        heads = ("Month", f"{a}: cooperation", "conflict", f"{b}: cooperation", "conflict")
        yield _table(f"{a} and {b}, by month", heads, rows, right=True)


def _promises(context: Naming, found: Happened) -> Iterator[RenderableType]:
    if found.promises:
        rows = (
            [p.title, _who(context, p.who), p.due, p.state + (f", {p.late}" if p.late else ""), "\n".join(p.readings)]
            for p in found.promises
        )
        yield _table("What was promised, and how far it is done", ("What", "By", "Due", "Done", "As read by"), rows)
    for places, titles in found.not_begun:
        yield Text(f"Not begun by any reading, and due on no date, {_who(context, places)}: {titles}.", end="\n\n")


def _who(context: Naming, places: tuple[int, ...]) -> str:
    return joined([context.names[p] for p in places])


def _table(title: str, heads: tuple[str, ...], rows: Iterator[list[str]], *, right: bool = False) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for n, head in enumerate(heads):
        table.add_column(head, justify="right" if right and n else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    table.add_row()
    return table
