"""The questions under `positions:` in a case, each as a table of its own."""

from __future__ import annotations

from detente.base.wording import suggestion
from detente.case.case import Case
from detente.case.question import Question
from detente.errors import PositionsError
from detente.positions.table import Issue, Row, Table

__all__ = ["questions", "table_of"]


def questions(case: Case, issue: str | None = None) -> tuple[Question, ...]:
    """The questions of a case, or the one of an id.

    Raises
    ------
    PositionsError
        If the case has no such question, or none at all.
    """
    if not case.positions:
        hint = "add the block `positions:`, or give a table"
        raise PositionsError(f"{case.case}: the case has no question of positions ({hint})", source=case.source)
    known = [q.id for q in case.positions]
    if issue is not None and issue not in known:
        hint = suggestion(issue, known) or f"it has {', '.join(known)}"
        raise PositionsError(f"{case.case}: has no question {issue} ({hint})", source=case.source)
    return tuple(q for q in case.positions if issue in (None, q.id))


def table_of(q: Question) -> Table:
    """A question as a table of one issue; stated ranges of positions become a spread."""
    rows = tuple(
        Row(
            h.actor,
            float(h.position.likely),
            None if h.salience is None else float(h.salience),
            float(h.capability),
            within=(float(h.position.low), float(h.position.high)) if h.position.is_range else None,
        )
        for h in q.actors
    )
    low, high = (float(x) for x in q.range)
    return Table((Issue(q.id, rows, low, high, q.id, q.id),), q.id)
