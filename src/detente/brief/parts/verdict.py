"""The verdict in one sentence, conditional on the values."""

from __future__ import annotations

from fractions import Fraction

from detente.brief.context import Context
from detente.brief.words import count, joined, quoted

__all__ = ["verdict"]

_STUCK = {
    "no-zone": "there is nothing to agree on: no set of the measures makes somebody better off and nobody worse off.",
    "commitment": (
        "there is something to agree on, but no order of steps would be kept: in each of them some party would come to gain by "
        "stopping."
    ),
    "distrust": (
        "a roadmap would be kept once it is under way, but nobody would dare to begin: the trust there is does not cover what "
        "the first steps put at risk."
    ),
    "unsettled": "what stands in the way was not found out in the time there was.",
}


def verdict(context: Context) -> str:
    """The sentence at the top of the brief."""
    found = context.diagnosis.verdict
    if found in _STUCK:
        return f"Under these values {_STUCK[found]}"
    start = (
        "the stand-off is a deadlock of order, not of interests"
        if found == "order"
        else "nothing stands in the way of a first step"
    )
    if not context.plan:
        return f"Under these values {start}; but no roadmap was found that is better for the parties than no step at all."
    neither = "neither party" if len(context.names) == 2 else "no party"
    kept = f"{_found(context)} {neither} would gain by stopping or cheating"
    return f"Under these values {start}: {kept}{_missing(context)}."


def _found(context: Context) -> str:
    n = len(context.steps)
    last = context.steps[-1].phase
    over = f" over {context.pace.span(last + 1)}" if last else ""
    if context.recommended is not None:
        return f"in the recommended roadmap, {count(n, 'step')}{over},"
    return f"a roadmap of {count(n, 'step')}{over} exists in which"


def _missing(context: Context) -> str:
    """What the roadmap leaves out, the weightiest measures by name."""
    out = [m for m, entries in context.wholes.items() if None in entries]
    if not out:
        return "; every measure of the case is in it"
    named = sorted(out, key=lambda m: -_weight(context, m))[:2]
    titles = [quoted(context.title(m)) + ("" if set(context.wholes[m]) == {None} else " in full") for m in named]
    more = len(out) - len(named)
    words = joined([*titles, count(more, "other measure")] if more else titles)
    return f"; {words} {'is' if len(out) == 1 else 'are'} not in it"


def _weight(context: Context, measure: str) -> float:
    """The largest share that the measure has in what is at stake for a party."""
    spec = context.case.measures[measure]
    shares = [
        float(abs(value.likely) / total)
        for i, value in spec.value.items()
        if (total := sum((abs(s.value[i].likely) for s in context.case.measures.values() if i in s.value), Fraction(0)))
    ]
    return max(shares, default=0.0)
