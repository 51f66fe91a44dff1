"""An answer, a log and scores as text for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from detente.base.parts import Part, Table, quiet, strong
from detente.base.words import count, percent, rounded
from detente.forecast.questions.ask import QuestionForecast
from detente.forecast.questions.log import Log
from detente.forecast.questions.sets import Scores

__all__ = ["show_answer", "show_log", "show_scores"]


def show_answer(found: QuestionForecast) -> Iterator[Part]:
    """The chance with its interval, what it rests on, and all models with their past score."""
    c = found.chance
    yield strong(found.text)
    yield f"Chance: {percent(c.chance)} (80% interval {percent(c.low)} to {percent(c.high)}), by the model {found.model}"
    last = f"; the last on {found.last}" if found.last is not None else ""
    few = ""
    if found.without_one is not None:
        low, high = (percent(x) for x in found.without_one)
        few = f" With any one of them not recorded it would be {low}{'' if low == high else f' to {high}'}."
    yield f"It rests on {count(found.events, 'event day')} in {found.days:,} days since {found.since}{last}.{few}"
    table = Table("", "Model", "Chance", "80% between", f"Brier, {found.windows} past windows")
    for name, m in found.models.items():
        past = rounded(found.past[name], 3) if name in found.past else "-"
        table.add(name, percent(m.chance), f"{percent(m.low)} and {percent(m.high)}", past)
    yield table
    for note in found.notes:
        yield quiet(note)


def show_log(log: Log) -> Iterator[Part]:
    """Every question with its state, and the running score."""
    table = Table("", "Question", "", "Closes", "Chance", "Outcome", "Brier")
    for q in log.questions:
        top = max(q.chance.items(), key=lambda x: x[1]) if q.chance else None
        chance = f"{q.options[top[0]]} {percent(top[1])}" if top else "-"
        outcome = "void" if q.void else "open" if q.outcome is None else q.options[q.outcome]
        table.add(q.id, q.text, q.close.isoformat(), chance, outcome, "-" if q.brier is None else rounded(q.brier, 3))
    yield table
    found = log.brier
    yield (
        "No answer is resolved yet."
        if found is None
        else f"Running Brier score: {rounded(found[0], 3)} over {found[1]} resolved answers"
    )


def show_scores(found: Scores) -> Iterator[Part]:
    """One row a forecaster, best first."""
    table = Table("", "Forecaster", "Brier", "Questions", "Equal chances")
    for name, (score, asked, equal) in found.forecasters.items():
        table.add(name, rounded(score, 3), str(asked), rounded(equal, 3))
    yield table
    for note in found.notes:
        yield quiet(note)
