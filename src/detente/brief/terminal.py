"""The short form for a terminal: the verdict, the four questions, the roadmap by date, stated orders, what is not reached.

Made for 80 columns. Text of the case is printed as it stands, never as markup.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.constrain import Constrain
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from detente.base.words import sentence
from detente.brief.context import Context
from detente.brief.parts.beyond import beyond
from detente.brief.parts.choice import Choice, choice
from detente.brief.parts.course import course
from detente.brief.parts.figures import figures, units
from detente.brief.parts.orders import orders
from detente.brief.parts.stuck import stuck
from detente.brief.parts.sure import sure
from detente.brief.parts.verdict import verdict

__all__ = ["summary"]

WIDTH = 80
_ANSWER = {"Yes": "green", "No": "bold red", "Not reached": "dim"}


def summary(context: Context, written: str = "", *, whole: bool = True) -> list[RenderableType]:
    """What to print; `written`: where the page went, if it was written; `whole`: with its annexes."""
    parts = [
        Text(context.case.title, style="bold"),
        Text(verdict(context)),
        _table(([Text(f.asked), Text(f"{f.figure} {f.of}", style="bold")] for f in figures(context)), (26, None)),
        *_questions(context),
        *_roadmap(context),
        *_sure(context),
        *_orders(context),
        *_beyond(context),
        Text(units(context), style="dim"),
    ]
    if written:
        parts.append(Text.assemble("The whole brief: " if whole else "The two pages of the brief: ", (written, "bold")))
    return [Constrain(Padding(part, (0, 0, 0 if part is parts[-1] else 1, 0)), WIDTH) for part in parts]


def _table(rows: Iterator[list[Text]], widths: tuple[int | None, ...], title: str = "") -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.expand = True
    if title:
        table.title, table.title_justify, table.title_style = title, "left", "bold underline"
    for width in widths:
        table.add_column(width=width, ratio=None if width else 1, overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table


def _questions(context: Context) -> Iterator[RenderableType]:
    found = stuck(context)
    rows = (
        [Text(q.answer, style=_ANSWER[q.answer]), Text.assemble((q.asked, "bold"), " ", q.finding)] for q in found.questions
    )
    yield _table(rows, (11, None), "Why it is stuck")
    if found.deadlock:
        demands = (
            [Text(str(d.number), style="red" if d.circular else ""), Text(f"{d.said} {d.firm}")] for d in found.deadlock.demands
        )
        yield _table(demands, (3, None), "Who waits for whom")
        if found.deadlock.ways_out:
            lines = "\n".join(f"- {w}" for w in found.deadlock.ways_out)
            yield Text(f"What would end the deadlock, one of each line:\n{lines}")


def _roadmap(context: Context) -> Iterator[RenderableType]:
    found = course(context)
    if found is None:
        return
    rows = []
    for date, steps in found.dates:
        for n, s in enumerate(steps):
            when = sentence(date) if n == 0 else ""
            rows.append([Text(when), Text(str(s.number), justify="right"), Text.assemble(s.title, (f" ({s.by})", "dim"))])
    best = choice(context)
    yield _table(iter(rows), (20, 3, None), "The roadmap" if best is None else "What we would do: the recommended roadmap")
    if best is not None:
        yield Text(" ".join(filter(None, [best.found, best.pace])))
        yield from _choice(best)


def _choice(found: Choice) -> Iterator[RenderableType]:
    heads = ("Steps", "Of what was promised", "Collapses", "Holds", "Demands not met")
    table = Table(title="Which roadmap", title_justify="left", title_style="bold underline", box=None, padding=(0, 2, 0, 0))
    for head in ("", *heads):
        table.add_column(head)
    for x in found.lines:
        table.add_row(x.title, str(x.steps), x.score, x.collapse, x.held, x.unmet)
    yield table
    yield _table(([Text(x.title, style="bold"), Text(x.said)] for x in found.lines[1:]), (26, None))


def _sure(context: Context) -> Iterator[RenderableType]:
    found = sure(context)
    if found is None:
        return
    yield Text.assemble(
        ("How sure it is", "bold underline"), "\n", " ".join(filter(None, [found.found, found.chosen, *found.breaks]))
    )
    if found.deciding:
        yield _table(([Text.assemble((d.what, "bold"), f": {d.said}")] for d in found.deciding), (None,), "What decides it")


def _orders(context: Context) -> Iterator[RenderableType]:
    found = orders(context)
    if found:
        rows = (
            [Text("holds" if o.holds else "breaks", style="green" if o.holds else "red"), _order(o.title, o.verdict, o.why)]
            for o in found.tried
        )
        yield _table(rows, (7, None), "What each stated order would do")


def _order(title: str, verdict: str, why: str) -> Text:
    return Text.assemble((title, "bold"), f": {verdict[:1].lower()}{verdict[1:]}. {why}")


def _beyond(context: Context) -> Iterator[RenderableType]:
    found = beyond(context)
    if found is None:
        return
    if found.nothing:
        yield Text(found.nothing)
    if found.unlock:
        yield Text(found.unlock)
    if found.measures:
        yield _table(([Text.assemble((m.title, "bold"), f": {m.why}")] for m in found.measures), (None,), "What is not reached")
