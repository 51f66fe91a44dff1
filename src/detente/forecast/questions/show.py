"""An answer, a log and scores as text for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from detente.case.show import ruled
from detente.forecast.questions.ask import QuestionForecast
from detente.forecast.questions.log import Log
from detente.forecast.questions.sets import Scores

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["show_answer", "show_log", "show_scores"]


def show_answer(found: QuestionForecast) -> Iterator[RenderableType]:
    """The chance with its interval, what it rests on, and all models with their past score."""
    from rich.text import Text

    c = found.chance
    yield Text(found.text, style="bold")
    yield Text(f"Chance: {c.chance:.0%} (80 % interval {c.low:.0%} to {c.high:.0%}), by the model {found.model}")
    last = f"; the last on {found.last}" if found.last is not None else ""
    few = ""
    if found.without_one is not None:
        low, high = (f"{x:.0%}" for x in found.without_one)
        few = f" With any one of them not recorded it would be {low}{'' if low == high else f' to {high}'}."
    days = "event day" if found.events == 1 else "event days"
    yield Text(f"It rests on {found.events:,} {days} in {found.days:,} days since {found.since}{last}.{few}")
    table = ruled("", "Model", "Chance", "80 % between", f"Brier, {found.windows} past windows")
    for name, m in found.models.items():
        past = f"{found.past[name]:.3f}" if name in found.past else "-"
        table.add_row(name, f"{m.chance:.0%}", f"{m.low:.0%} and {m.high:.0%}", past)
    yield table
    for note in found.notes:
        yield Text(note, style="dim")


def show_log(log: Log) -> Iterator[RenderableType]:
    """Every question with its state, and the running score."""
    from rich.text import Text

    table = ruled("", "Question", "", "Closes", "Chance", "Outcome", "Brier")
    for q in log.questions:
        top = max(q.chance.items(), key=lambda x: x[1]) if q.chance else None
        chance = f"{q.options[top[0]]} {top[1]:.0%}" if top else "-"
        outcome = "void" if q.void else "open" if q.outcome is None else q.options[q.outcome]
        table.add_row(q.id, q.text, q.close.isoformat(), chance, outcome, "-" if q.brier is None else f"{q.brier:.3f}")
    yield table
    found = log.brier
    yield Text(
        "No answer is resolved yet."
        if found is None
        else f"Running Brier score: {found[0]:.3f} over {found[1]} resolved answers"
    )


def show_scores(found: Scores) -> Iterator[RenderableType]:
    """One row a forecaster, best first."""
    from rich.text import Text

    table = ruled("", "Forecaster", "Brier", "Questions", "Equal chances")
    for name, (score, count, equal) in found.forecasters.items():
        table.add_row(name, f"{score:.3f}", str(count), f"{equal:.3f}")
    yield table
    for note in found.notes:
        yield Text(note, style="dim")
