"""The brief as one party may see it: without the numbers of the others, and without what would tell them.

Kept     names, steps and dates (of `course` the front shows no more); shares of draws and of plays, which follow from all
         values at once; the party's own values, gains, risks and trust, and what is cited for them alone; what the case says of
         a measure itself; what happened, and what was signed.
Left out the other parties' values, gains, risks, trust and deposits, evidence that is cited for them, and every sentence or
         picture that is reckoned from those of one of them: reasons, findings, exact margins, levels of trust, contingencies,
         positions.

A part that is not named in `seen_by` is left out, so that a new part hides until somebody has thought about it. That the steps
themselves follow from all values, and so tell something of them to whoever can reckon, is said on the page.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from detente.brief.context import Context
from detente.brief.parts.breaking import breaking
from detente.brief.parts.choice import choice
from detente.brief.parts.figures import units
from detente.brief.parts.holding import Holding
from detente.brief.parts.judged import Judged
from detente.brief.parts.orders import orders
from detente.brief.parts.stuck import Stuck
from detente.brief.parts.values import values

__all__ = ["seen_by"]

_AS_IT_IS = ("verdict", "advice", "course", "rests_on", "sure", "questions", "agreements", "forecasts")
_FINDINGS = ("order",)  # questions whose finding holds no value


def seen_by(context: Context, party: str, parts: dict[str, Any]) -> dict[str, Any]:
    """The parts of a page as a party of the case may see them; None for those that it may not."""
    place = context.place[party]

    def less(name: str, **changes: Any) -> Any:
        return replace(parts[name], **changes) if parts[name] else None

    sure, method = parts["confidence"], parts["method"]
    return {
        **dict.fromkeys(parts),
        **{name: parts[name] for name in _AS_IT_IS},
        "units": units(context, only=party),
        "breaking": breaking(context, numbers=False),
        "confidence": sure if sure and sure.drawn else less("confidence", said=()),
        "beyond": less("beyond", unlock=""),
        "orders": orders(context, numbers=False),
        "happened": parts["happened"] and less("happened", lead=parts["happened"].lead[:1], trust=None, moved=(), profile=""),
        "method": replace(method, gains=method.gains[place : place + 1]),
        "stuck": _stuck(context, parts["stuck"]),
        "judged": _judged(context, party, parts["judged"]),
        "holding": parts["holding"] and _holding(place, parts["holding"]),
        "choice": choice(context, only=party),
        "values": values(context, only=party),
    }


def _stuck(context: Context, part: Stuck) -> Stuck:
    """Questions and answers, and what was found only where that holds no value."""
    asked = zip(part.questions, context.diagnosis.questions, strict=True)
    lines = tuple(line if q.id in _FINDINGS else replace(line, finding="") for line, q in asked)
    return replace(part, questions=lines, openings=(), kept="")


def _judged(context: Context, party: str, part: tuple[Judged, ...]) -> tuple[Judged, ...]:
    """Which judgements decide, in numbers those of the party and of measures themselves."""
    deciding = () if context.plan.holds is None else context.plan.holds.shares.deciding
    return tuple(j if d.party in (None, party) else replace(j, now="") for j, d in zip(part, deciding, strict=False))


def _holding(place: int, part: Holding) -> Holding | None:
    on, risks = (tuple(p for p in panels if p.party == place) for panels in (part.going_on, part.risks))
    return replace(part, going_on=on, risks=risks, no_risk="") if on or risks else None
