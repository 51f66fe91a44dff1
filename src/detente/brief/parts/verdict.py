"""The verdict in one sentence, conditional on the values."""

from __future__ import annotations

from detente.base.words import count, joined, quoted
from detente.brief.context import Context
from detente.brief.misses import weight_of
from detente.diagnose.result import VERDICTS

__all__ = ["verdict"]


def verdict(context: Context) -> str:
    """The sentence at the top of the brief."""
    found = context.diagnosis.verdict
    start = f"Under these values {VERDICTS[found]}"
    if found not in ("order", "open"):
        return f"{start}."
    if not context.plan:
        return f"{start}; but no roadmap was found that is better for the parties than no step at all."
    neither = "neither party" if len(context.names) == 2 else "no party"
    kept = f"{_found(context)} {neither} would gain by stopping or cheating"
    return f"{start}: {kept}{_missing(context)}."


def _found(context: Context) -> str:
    n = len(context.steps)
    last = context.steps[-1].phase
    over = f" over {context.pace.span(last + 1)}" if last else ""
    if context.recommended is not None:
        return f"in the recommended roadmap, {count(n, 'step')}{over},"
    return f"a roadmap of {count(n, 'step')}{over} exists in which"


def _missing(context: Context) -> str:
    """What the roadmap leaves out, the weightiest measures by name."""
    out = sorted(
        (m for m, phases in context.wholes.items() if set(phases) == {None}),
        key=lambda m: -weight_of(context.instance, context.instance.slices[m]),
    )
    part = [m for m, phases in context.wholes.items() if None in phases and m not in out]
    if not out and not part:
        return "; every measure of the case is in it"
    named, more = [quoted(context.title(m)) for m in out[:2]], len(out) - 2
    words = joined([*named, count(more, "other measure")] if more > 0 else named)
    left = f"{words} {'is' if len(out) == 1 else 'are'} not in it" if out else ""
    some = joined([quoted(context.title(m)) for m in part]) if len(part) <= 2 else count(len(part), "measure")
    partly = f"{some} {'is' if len(part) == 1 else 'are'} in it only in part" if part else ""
    return f"; {left or partly}"
