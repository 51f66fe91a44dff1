"""Why a step does not come sooner, or not at all, in a sentence or two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.base.words import joined, quoted
from detente.case.naming import Naming
from detente.plan.sentences import row_keys, row_sentence

if TYPE_CHECKING:
    from detente.plan.result import Plan, Reason

__all__ = ["reason_sentence"]

_NONE_BETTER = "no roadmap tried in plays is better for it"


def reason_sentence(reason: Reason, plan: Plan, context: Naming, *, played: bool) -> str:
    """A reason in words; the row that it names is told for the trial that broke it.

    played : whether the roadmap was chosen for what it does in plays, not at the likely values.
    """
    if reason.phase is None:
        return _never(reason, plan, context, played)
    match reason.because:
        case "first":
            return "Among the first steps."
        case "objective" if played:
            return f"It could come sooner, but {_NONE_BETTER}."
        case "objective":
            return "It could come sooner and still hold, but the roadmap as a whole would be worth less."
        case "draws":
            return (
                "Under the likely values it could come sooner, but then the roadmap would hold in too few draws of the values."
            )
        case "row":
            sooner = context.pace.span(reason.phase - (reason.tried or 0))
            return f"It would not hold {sooner} sooner. {_row(reason, plan, context)}"
        case _:
            return _row(reason, plan, context)


def _row(reason: Reason, plan: Plan, context: Naming) -> str:
    if reason.row is None:
        return ""
    trial = plan.roadmap.moved(reason.measure, reason.tried)
    place = next(n for n, r in enumerate(plan.reasons) if r is reason)
    subject = "It" if reason.row.measure == reason.measure else ""  # else what it needs, or what waits for it
    return row_sentence(reason.row, context, trial, subject=subject, keys=row_keys("plan.reasons", place, "row"))


def _never(reason: Reason, plan: Plan, context: Naming, played: bool) -> str:
    match reason.because:
        case "missing":
            waiting = [quoted(context.title(m)) for m in reason.waits_for]
            return f"It needs {joined(waiting)}, which {'is' if len(waiting) == 1 else 'are'} not reached."
        case "objective" if played:
            return f"Nothing forbids it, but {_NONE_BETTER}."
        case "objective":
            return "Nothing forbids it, but with it some party would lose more than the roadmap as a whole would gain."
        case "draws":
            return (
                "Nothing forbids it under the likely values, but with it the roadmap would hold in too few draws of the values."
            )
        case "window" if reason.row is None and reason.waits_for:
            first = joined([quoted(context.title(m)) for m in reason.waits_for[:3]])
            return f"It waits for {first}, and there is no date at which all of that could be in force before it."
        case "window" if reason.row is None:
            return "There is no date at which it could enter."
        case "row" if reason.tried is not None:
            when = context.when(reason.tried)
            return f"Even where it fits best, {when}, the roadmap would not hold. {_row(reason, plan, context)}"
        case "row":
            return f"With it the roadmap would not hold. {_row(reason, plan, context)}"
        case _:
            return _row(reason, plan, context)
