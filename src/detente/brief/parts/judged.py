"""What must be true, and what we do not know: the judgements that decide most, and who could settle each."""

from __future__ import annotations

from dataclasses import dataclass

from detente.base.words import joined
from detente.brief.context import Context
from detente.brief.parts.values import share_with_range, with_range
from detente.plan.draws.result import Deciding
from detente.plan.draws.telling import in_words

__all__ = ["Judged", "judged"]

MOST = 5

_SETTLES = {
    "lag": "whoever would have to notice it",
    "irreversible": "whoever knows how it would be undone",
    "signal": "those to whom it is meant to say something",
}


@dataclass(frozen=True)
class Judged:
    """A judgement. `what`: the value, or set of values; `now`: what the case says of it, "" of a set; `leans`: what must be
    true of it; `who`: could settle it, "" where it is for the party that is named."""

    what: str
    now: str
    leans: str
    who: str


def judged(context: Context) -> tuple[Judged, ...]:
    """The judgements on which it depends most whether all conditions hold, the weightiest first; none without draws."""
    held = context.plan.holds if context.plan else None
    deciding = () if held is None else held.shares.deciding[:MOST]
    return tuple(Judged(in_words(context, d), _now(context, d), _leans(d), _who(context, d)) for d in deciding)


def _leans(d: Deciding) -> str:
    return "" if d.leans is None else f"Better {d.leans}"


def _now(context: Context, d: Deciding) -> str:
    """The value of the case, with its range."""
    if len(d.quantities) != 1:
        return ""
    measure = context.case.measures[d.measures[0]] if d.measures else None
    party = None if d.party is None else context.case.parties[d.party]
    parts = d.measures and d.measures[0] not in context.case.instance.measure  # the JSON has each part, and not the whole

    def of(figure: str) -> str:
        return figure if parts else context.of(figure, "case", d.quantities[0])

    if party is not None and d.kind == "trust":
        return share_with_range(party.trust[d.quantities[0].rpartition(".")[2]], of)
    if measure is None:
        return "" if party is None else with_range(getattr(party, d.kind), of, unit=_unit(context, d))
    if d.party is not None:
        return with_range(getattr(measure, d.kind)[d.party], of, unit=_unit(context, d))
    if d.kind == "irreversible":
        return share_with_range(measure.irreversible, of)
    return with_range(getattr(measure, d.kind), of, unit=_unit(context, d))


def _unit(context: Context, d: Deciding) -> str:
    """What the number counts."""
    return {
        "value": f"units {context.pace.per}",
        "stalemate": f"units {context.pace.per}",
        "once": "units",
        "breakdown": "units",
        "discount": "of the present one",
        "signal": "times the odds",
        "lag": f"times {context.pace.span(1)}",
    }.get(d.kind, "")


def _who(context: Context, d: Deciding) -> str:
    """Worth and trust are settled by the party whose they are, which is named; all else by those who see it happen."""
    if d.party is not None:
        return ""
    return _SETTLES.get(d.kind) or joined([context.party(i) for i in context.case.parties], "or")
