"""Why the parties are stuck: the four questions, and what would open the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from detente.base.words import joined, number, percent, quoted
from detente.brief.context import Context
from detente.brief.parts.demands import Deadlock, deadlock
from detente.brief.parts.findings import finding
from detente.diagnose.concessions import left_out, shares_of_gain
from detente.plan.steps import numbered
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
    said = {True: "Yes", False: "No", None: "Not reached"}
    questions = tuple(QuestionLine(q.asked, said[q.answer], finding(q, context)) for q in context.diagnosis.questions)
    return Stuck(questions, deadlock(context), tuple(_openings(context)), _kept(context))


def _kept(context: Context) -> str:
    """What is possible without giving way; nothing where no demands contradict each other."""
    kept, best = context.diagnosis.kept, context.plan
    if context.recommended is not None:
        return _kept_beside(context, context.recommended)
    if kept is None or not best:
        return ""
    if not kept:
        return "As long as nobody gives up a demand, no roadmap holds."
    titles = {m: spec.title for m, spec in context.case.measures.items()}
    steps = len(numbered(kept.instance, kept.roadmap, titles))
    shares = [f"{context.party(i)} {percent(x)}" for i, x in shares_of_gain(kept, best).items() if x is not None]
    without = [quoted(context.title(m)) for m in left_out(kept, best)]
    return (
        f"A roadmap of {steps} steps in place of {len(context.steps)} holds in which nobody gives up a demand. It brings "
        f"{joined(shares)} of what they would gain by the roadmap that was found"
        f"{f', and leaves out {joined(without)}' if without else ''}."
    )


def _kept_beside(context: Context, best: Alternative) -> str:
    """The same beside the recommended roadmap, by what may be expected of both."""
    kept = context.alternatives.get(KEEPING)
    if not best.given_up:
        return "The recommended roadmap asks nobody to give up a demand." if context.case.demands else ""
    if kept is None:
        found = context.diagnosis.kept
        none = found is not None and not found
        return "As long as nobody gives up a demand, no roadmap holds." if none else ""
    return (
        f"A roadmap of {context.steps_of(kept.roadmap)} steps in place of {len(context.steps)} holds in which nobody gives up "
        "a demand."
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
