"""Where a bargain may end: what the forecast says of one question, as a picture and in the words of the command."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from detente.base.parts import Part, Table
from detente.brief.charts.positions import positions_chart
from detente.brief.context import Context
from detente.positions.result import NO_PROFILE, Forecast
from detente.positions.telling import answer, heading, holders, moves, notes

__all__ = ["Bargain", "Bargains", "bargain", "bargains"]

WIDE, NARROW = 680.0, 354.0


@dataclass(frozen=True)
class Bargain:
    """One question. `answer`: what is forecast; `moves`: what would move it; `holders`: who holds what."""

    title: str
    heading: str
    medium: Markup
    narrow: Markup
    answer: tuple[Part, ...]
    moves: tuple[Part, ...]
    holders: Table
    sources: tuple[int, ...] = ()


@dataclass(frozen=True)
class Bargains:
    """The section of the brief. notes : what the forecasts rest on."""

    bargains: tuple[Bargain, ...]
    notes: tuple[str, ...]


def bargains(context: Context) -> Bargains | None:
    """The section; None without questions of positions."""
    found = context.positions
    if found is None:
        return None
    number = {e: n for n, e in enumerate(context.case.evidence, start=1)}
    asked = {q.id: q for q in context.case.positions}
    told = []
    for n, f in enumerate(found.forecasts, 1):
        q = asked[f.issue]
        named = {e: number[e] for e in (*q.evidence, *(e for h in q.actors for e in h.evidence))}
        told.append(bargain(n, f, sorted(named.values())))
    return Bargains(tuple(told), tuple(n for n in notes(found) if n != NO_PROFILE))


def bargain(number: int, found: Forecast, sources: Sequence[int] = ()) -> Bargain:
    """What is said about a question; `number` makes the names of its pictures unique on the page."""
    title, told = found.title or found.issue, tuple(answer(found))
    said = "; ".join(" ".join(row) for part in told if isinstance(part, Table) for row in part.rows)
    medium, narrow = (
        positions_chart(f"bargain-{number}-{name}", found, width, title=title, description=f"{heading(found)}. {said}.")
        for name, width in (("medium", WIDE), ("narrow", NARROW))
    )
    return Bargain(title, heading(found), medium, narrow, told, tuple(moves(found)), holders(found), tuple(sources))
