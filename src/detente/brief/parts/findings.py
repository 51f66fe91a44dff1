"""The answer to each of the four questions in plain words, from the figures of the diagnosis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from detente.base.words import amount, count, joined, percent, sentence
from detente.brief.context import Context
from detente.diagnose.result import Question

__all__ = ["finding"]


def finding(question: Question, context: Context) -> str:
    """One or two sentences; the diagnosis's own where its figures say nothing that could be told more plainly."""
    figures: Mapping[str, Any] = question.figures
    match question.id, question.answer:
        case _, None if context.diagnosis.verdict == "unsettled":
            return sentence(question.finding)
        case _, None:
            return "The question before was answered no."
        case "zone", True if figures.get("gains"):
            gains = [f"{context.party(i)} by {amount(g)}" for i, g in figures["gains"].items() if g > 0]
            whom = "every party" if len(gains) == len(figures["gains"]) else "nobody worse off and some"
            wholes = {context.instance.measure[m].whole for m in figures.get("package", ())}
            package = count(len(wholes), "measure")
            return f"{package} taken together would leave {whom} better off than no deal: {joined(gains)}."
        case "zone", False if figures.get("short"):
            short = [f"{context.party(i)} would still be {amount(x)} short of no deal" for i, x in figures["short"].items()]
            return f"No set of measures makes somebody better off and nobody worse off. In the nearest one, {joined(short)}."
        case "keep", True if context.plan:
            return "In the roadmap no party would gain by stopping at any date, neither in secret nor in the open."
        case "keep", False if figures.get("guarantee"):
            more = [f"{context.party(i)} {amount(x)}" for i, x in figures["guarantee"].items() if x]
            return (
                "In every order of steps some party would come to gain by stopping. The least that would change it: a collapse "
                f"that costs {joined(more)} more than it does."
            )
        case "dare", True if context.plan:
            return "No step of it asks a party to risk more than its trust covers, once the steps before it have been seen."
        case "dare", False if figures.get("threshold") is not None:
            return (
                "Every first step would put more at risk than the trust there is covers. If every party gave the others at "
                f"least {percent(figures['threshold'])}, a first step would be possible."
            )
        case "order", False if context.diagnosis.deadlocks:
            return _order(context)
        case "order", True:
            return "What the parties demand first does not run in a circle."
        case _:
            return sentence(question.finding)


def _order(context: Context) -> str:
    n = len(context.diagnosis.deadlocks)
    circles = "a circle" if n == 1 else f"{n} circles"
    least = min((len(s) for s in context.diagnosis.relaxations), default=0)
    given = f" At least {count(least, 'demand')} would have to be relaxed." if least else ""
    return f"What the parties demand first runs in {circles}: each waits for the other.{given}"
