"""Why the parties are stuck: the four questions, and what would open the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from detente.base.words import number, quoted
from detente.brief.context import Context
from detente.brief.parts.demands import Deadlock, deadlock
from detente.diagnose.telling import kept, questions
from detente.recommend.result import KEEPING, Alternative

__all__ = ["QuestionLine", "Stuck", "stuck"]


@dataclass(frozen=True)
class QuestionLine:
    """One of the four questions with its answer: "Yes", "No" or "Not reached"."""

    asked: str
    answer: str
    finding: str


@dataclass(frozen=True)
class Stuck:
    """`obstacle`: what the first question found that is not answered yes."""

    questions: tuple[QuestionLine, ...]
    deadlock: Deadlock | None
    openings: tuple[str, ...]
    kept: str

    @property
    def obstacle(self) -> str:
        stopped = next((q for q in self.questions if q.answer != "Yes"), None)
        return "Nothing stands in the way of a first step." if stopped is None else stopped.finding


def stuck(context: Context) -> Stuck:
    """The section; without demands it has no picture."""
    lines = tuple(QuestionLine(q, a, said) for a, q, said in questions(context.diagnosis, context).rows)
    return Stuck(lines, deadlock(context), tuple(_openings(context)), _kept(context))


def _kept(context: Context) -> str:
    """What is possible without giving way; nothing where no demands contradict each other."""
    if context.recommended is not None:
        return _kept_beside(context, context.recommended)
    return kept(context.diagnosis, context) if context.plan else ""


def _kept_beside(context: Context, best: Alternative) -> str:
    """The same beside the recommended roadmap, by what may be expected of both."""
    keeping = context.alternatives.get(KEEPING)
    if not best.given_up:
        return "The recommended roadmap asks nobody to give up a demand." if context.case.demands else ""
    if keeping is None:
        found = context.diagnosis.kept
        none = found is not None and not found
        return "As long as nobody gives up a demand, no roadmap holds." if none else ""
    return (
        f"A roadmap of {keeping.roadmap.length} steps in place of {len(context.steps)} holds in which nobody gives up a demand."
    )


def _openings(context: Context) -> Iterator[str]:
    for o in context.diagnosis.openings:
        actors = context.parties(context.instance.measure[o.measure].actors)
        step = f"{quoted(context.title(o.measure))}, taken beforehand by {actors},"
        if o.needed is None:
            yield f"{step} would not open the way, however much it said."
        else:
            yield (
                f"{step} would open the way if a sincere party were {number(o.needed)} times likelier to take it than an "
                f"insincere one; the case puts it at {number(o.signal)} times."
            )
