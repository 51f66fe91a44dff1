"""Commitments, their history and their scores as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from detente.base.parts import Part, Table, quiet, strong
from detente.base.words import count, number
from detente.case.case import Case
from detente.record.commitments.implementation import Implementation, Score
from detente.record.commitments.ledger import Commitment, Commitments

__all__ = ["score_text", "show_commitments", "show_scores"]


def show_commitments(found: Commitments, case: Case, *, unread: bool = False) -> Iterator[Part]:
    """Overdue and due soon first, then every row, then the history where one was asked for."""
    where = "the bundled record" if found.source == "bundled" else found.source
    day = f"{found.as_of}, the date of the case" if found.as_of == case.as_of else f"{found.as_of}"
    yield strong(f"{case.title}: {count(found.of, 'commitment')} on record")
    yield quiet(f"From {where}, as of {day}.{_later(found)}\n")
    if found.overdue:
        yield _table(f"Overdue: {len(found.overdue)}", found.overdue, case)
    if found.due_soon:
        yield _table(f"Due within {count(found.soon, 'day')}: {len(found.due_soon)}", found.due_soon, case)
    told = {id(c) for c in (*found.overdue, *found.due_soon)}
    rest = tuple(c for c in found.rows if id(c) not in told)
    if rest:
        yield _table("The others" if told else "", rest, case)
    if not found.rows:
        yield "Nothing on record fits what was asked for."
    if found.entries:
        out = Table("History, as it was entered", "For", "Item", "Party", "State", "Read by", "Entered", "Evidence", "Note")
        for e in found.entries:
            made = "bundled" if e.recorded is None else f"{e.recorded:%Y-%m-%d %H:%M}"
            out.add(str(e.as_of), e.item, _name(case, e.party), e.state, _name(case, e.reader), made, e.evidence, e.note)
        yield out
    if unread and found.unread:
        out = Table(f"Nobody has read yet: {len(found.unread)}", "Item", "Title")
        for item in found.unread:
            out.add(item.id, item.title)
        yield out
    elif found.unread:
        yield quiet(f"{count(len(found.unread), 'item')} of the case not read yet (--unread lists them).")


def show_scores(found: Implementation, case: Case) -> Iterator[Part]:
    """Scores by provision and party, on the day and how they came there."""
    parties = [i for i in case.parties if found.of(None, i)]
    out = Table("Carried out, from 0 (none) to 1 (full); how many readings", "", *(case.parties[i].name for i in parties))
    for name, agreement in case.agreements.items():
        for p in agreement.provisions:
            scores = [found.of(f"{name}/{p.id}", i) for i in parties]
            if any(scores):
                out.add(f"{agreement.title}: {p.title}", *map(_cell, scores))
    out.add("All that is read", *(_cell(found.of(None, i)) for i in parties))
    yield out
    over = Table("Over time", "From", "All", *(case.parties[i].name for i in parties))
    before: list[str] = []
    for point in found.path:
        cells = [_cell(point.of()), *(_cell(point.of(None, i)) for i in parties)]
        if cells != before:
            over.add(str(point.date), *cells)
        before = cells
    yield over
    yield quiet("Disputed items count with their lowest and their highest reading: a score is then a range.")


def score_text(low: Fraction, high: Fraction) -> str:
    """0.33, or a range: 0.33 to 1."""
    least, most = number(low), number(high)
    return least if least == most else f"{least} to {most}"


def _cell(score: Score | None) -> str:
    return "" if score is None else f"{score_text(score.low, score.high)} ({score.read})"


def _table(title: str, rows: tuple[Commitment, ...], case: Case) -> Part:
    out = Table(title, "Item", "Owed by", "Due", "State", "Score", "Readings", whole=(0,))
    for c in rows:
        s = c.standing
        readings = "\n".join(f"{_name(case, r.reader)}: {r.state}, {r.entry.as_of}" for r in s.readings)
        due = "" if s.due is None else str(s.due)
        state = f"{s.state}, late" if s.late else s.state
        out.add(c.item.id, _name(case, s.party), due, state, score_text(s.low, s.high), readings)
    return out


def _name(case: Case, party: str) -> str:
    return case.parties[party].name if party in case.parties else party


def _later(found: Commitments) -> str:
    if not found.later:
        return ""
    is_ = "is" if found.later == 1 else "are"
    return f" {count(found.later, 'entry', 'entries')} for later days {is_} left out (--as-of takes a later day)."
