"""A new roadmap from where things stand, and the table of contingencies, for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from detente.case.case import Case
from detente.case.show import ruled
from detente.plan.show import row_in_words, show_plan
from detente.prepare.replan import Change, News, Replan

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["show_replan"]


def show_replan(found: Replan, case: Case) -> Iterator[RenderableType]:
    """What was taken for granted, what was learnt, what changed, then the plan."""
    from rich.text import Text

    name = {i: spec.name for i, spec in case.parties.items()}
    yield Text(f"From phase {found.phase} on, {case.phase_date(found.phase)}.", style="bold")
    for note in found.notes:
        yield Text(f"Note: {note}.")
    for news in found.news:
        yield Text(_news(news, case, name[news.party]))
    if found.changes:
        out = ruled("Against the old roadmap", "Measure", "Was", "Is", "Why")
        for change in found.changes:
            out.add_row(case.measure_title(change.measure), _phase(change.old), _phase(change.new), _why(change, case, name))
        yield out
    yield from show_plan(found.plan, case)


def _phase(phase: int | None) -> str:
    return "never" if phase is None else str(phase)


def _why(change: Change, case: Case, name: dict[str, str]) -> str:
    if change.because == "missed":
        return "its old phase is past"
    if change.row is None:
        return "no row forbids the old phase; the objective does not gain by it"
    return row_in_words(change.row, case, name)


def _news(news: News, case: Case, name: str) -> str:
    if news.unknown:
        titles = ", ".join(case.measures[m].title for m in news.unknown)
        learnt = f"the case gives no rate at which {titles} fails though meant, so no loss of trust was reckoned with"
    elif news.factor == 1:
        learnt = "what it missed carries no signal, so it says nothing about trust"
    else:
        learnt = f"the odds in it were multiplied by {float(news.factor):.2g}"
    if news.break_even is None:
        stands = "the answer stands at no odds in it"
    elif news.break_even == 0:
        stands = "the answer stands whatever trust in it is left"
    else:
        stands = f"the answer stands as long as at least {float(news.break_even):.2g} of the earlier odds are left"
    return f"{name}: {learnt}; {stands}."
