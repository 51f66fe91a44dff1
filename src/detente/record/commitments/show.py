"""Commitments, their history and their scores as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from detente.case.case import Case
from detente.case.show import ruled
from detente.record.commitments.implementation import Implementation, Score
from detente.record.commitments.ledger import Commitment, Commitments

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["score_text", "show_commitments", "show_scores"]


def show_commitments(found: Commitments, case: Case, *, unread: bool = False) -> Iterator[RenderableType]:
    """Overdue and due soon first, then every row, then the history where one was asked for."""
    from rich.text import Text

    where = "the bundled record" if found.source == "bundled" else found.source
    day = f"{found.as_of}, the date of the case" if found.as_of == case.as_of else f"{found.as_of}"
    yield Text(f"{case.title}: {_count(found.of, 'commitment')} on record", style="bold")
    yield Text(f"From {where}, as of {day}.{_later(found)}\n", style="dim")
    if found.overdue:
        yield _table(f"Overdue: {len(found.overdue)}", found.overdue, case)
    if found.due_soon:
        yield _table(f"Due within {_count(found.soon, 'day')}: {len(found.due_soon)}", found.due_soon, case)
    told = {id(c) for c in (*found.overdue, *found.due_soon)}
    rest = tuple(c for c in found.rows if id(c) not in told)
    if rest:
        yield _table("The others" if told else "", rest, case)
    if not found.rows:
        yield Text("Nothing on record fits what was asked for.")
    if found.entries:
        out = ruled("History, as it was entered", "For", "Item", "Party", "State", "Read by", "Entered", "Evidence", "Note")
        for e in found.entries:
            made = "bundled" if e.recorded is None else f"{e.recorded:%Y-%m-%d %H:%M}"
            out.add_row(str(e.as_of), e.item, _name(case, e.party), e.state, _name(case, e.reader), made, e.evidence, e.note)
        yield out
    if unread and found.unread:
        out = ruled(f"Nobody has read yet: {len(found.unread)}", "Item", "Title")
        for item in found.unread:
            out.add_row(item.id, item.title)
        yield out
    elif found.unread:
        yield Text(f"{_count(len(found.unread), 'item')} of the case not read yet (--unread lists them).", style="dim")


def show_scores(found: Implementation, case: Case) -> Iterator[RenderableType]:
    """Scores by provision and party, on the day and how they came there."""
    from rich.text import Text

    parties = [i for i in case.parties if found.of(None, i)]
    out = ruled("Carried out, from 0 (none) to 1 (full); how many readings", "", *(case.parties[i].name for i in parties))
    for name, agreement in case.agreements.items():
        for p in agreement.provisions:
            scores = [found.of(f"{name}/{p.id}", i) for i in parties]
            if any(scores):
                out.add_row(f"{agreement.title}: {p.title}", *map(_cell, scores))
    out.add_row("All that is read", *(_cell(found.of(None, i)) for i in parties))
    yield out
    over = ruled("Over time", "From", "All", *(case.parties[i].name for i in parties))
    before: list[str] = []
    for point in found.path:
        cells = [_cell(point.of()), *(_cell(point.of(None, i)) for i in parties)]
        if cells != before:
            over.add_row(str(point.date), *cells)
        before = cells
    yield over
    yield Text("Disputed items count with their lowest and their highest reading: a score is then a range.", style="dim")


def score_text(low: Fraction, high: Fraction) -> str:
    """0.33, or a range: 0.33 to 1."""
    least, most = f"{float(low):.2g}", f"{float(high):.2g}"
    return least if least == most else f"{least} to {most}"


def _cell(score: Score | None) -> str:
    return "" if score is None else f"{score_text(score.low, score.high)} ({score.read})"


def _table(title: str, rows: tuple[Commitment, ...], case: Case) -> RenderableType:
    out = ruled(title, "Item", "Owed by", "Due", "State", "Score", "Readings")
    out.columns[0].no_wrap = True
    for c in rows:
        s = c.standing
        readings = "\n".join(f"{_name(case, r.reader)}: {r.state}, {r.entry.as_of}" for r in s.readings)
        due = "" if s.due is None else str(s.due)
        state = f"{s.state}, late" if s.late else s.state
        out.add_row(c.item.id, _name(case, s.party), due, state, score_text(s.low, s.high), readings)
    return out


def _name(case: Case, party: str) -> str:
    return case.parties[party].name if party in case.parties else party


def _later(found: Commitments) -> str:
    if not found.later:
        return ""
    is_ = "is" if found.later == 1 else "are"
    return f" {_count(found.later, 'entry', 'entries')} for later days {is_} left out (--as-of takes a later day)."


def _count(n: int, one: str, many: str | None = None) -> str:
    return f"{n} {one if n == 1 else many or one + 's'}"
