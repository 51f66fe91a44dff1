"""The demands that block each other, drawn; what is told of them is that of the command (module `diagnose.telling`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from detente.base.words import count, joined
from detente.brief.charts.deadlock import Claim, Node, deadlock_chart
from detente.brief.charts.ring import ring_chart
from detente.brief.context import Context
from detente.diagnose.telling import Asked, asked, ends, least_firm

__all__ = ["Deadlock", "deadlock"]

MOST = 6  # rings drawn


@dataclass(frozen=True)
class Deadlock:
    """`wide`: only for more than two columns. `narrow`: one picture a circle. `ways_out`: a line for each knot."""

    wide: Markup | None
    medium: Markup
    narrow: tuple[Markup, ...]
    demands: tuple[Asked, ...]
    caption: str
    ways_out: tuple[str, ...]


def deadlock(context: Context) -> Deadlock | None:
    """The picture and its words; None without demands."""
    case, found = context.case, context.diagnosis
    if not case.demands:
        return None
    told, least = asked(found, context), least_firm(found, context)
    claims = [
        Claim(a.number, case.parties[d.by].name, d.first, d.before, d.firm or "", a.circular, d.id in least)
        for a, d in zip(told, case.demands, strict=True)
    ]
    needs = _needs(context)
    nodes, heads = _columns(context, claims, needs)
    description = " ".join(f"{a.number}. {a.said}" for a in told)
    many = len(heads) > 2
    widths = {"medium": (860.0 if many else 510.0) if context.paper else 680.0, **({"wide": 1040.0} if many else {})}
    drawn = {
        name: deadlock_chart(f"deadlock-{name}", nodes, claims, needs, heads, width, description=description)
        for name, width in widths.items()
    }
    rings = tuple(
        ring_chart(f"deadlock-narrow-{n}", _ring(context, cycle, claims), 350.0, description=description)
        for n, cycle in enumerate(found.deadlocks[:MOST])
    )
    return Deadlock(drawn.get("wide"), drawn["medium"], rings, told, _caption(context), ends(found, context))


def _columns(context: Context, claims: Sequence[Claim], needs: Sequence[tuple[str, str]]) -> tuple[list[Node], list[str]]:
    """Measures in the column of the party that holds them back, else of the one that acts."""
    holder = {m: context.place[d.by] for d in reversed(context.case.demands) for m in d.before}
    measures = dict.fromkeys(m for c in claims for m in c.measures) | dict.fromkeys(m for pair in needs for m in pair)
    column = {m: holder.get(m, context.place[context.case.measures[m.partition("/")[0]].by[0]]) for m in measures}
    used = sorted(set(column.values()))
    return [Node(m, context.title(m), used.index(column[m])) for m in measures], [context.names[p] for p in used]


def _needs(context: Context) -> list[tuple[str, str]]:
    """Prerequisites that close a circle: from what one demand blocks to what the next one wants first."""
    demands = {d.id: d for d in context.case.demands}
    out: dict[tuple[str, str], None] = {}
    for cycle in context.diagnosis.deadlocks:
        for one, two in zip(cycle, (*cycle[1:], cycle[0]), strict=True):
            blocked, wanted = demands[one].before, demands[two].first
            if not set(blocked) & set(wanted):
                links = ((b, f) for b in blocked for f in wanted if b.partition("/")[0] in _relied_on(context, f))
                link = next(links, None)
                if link is not None:
                    out[link] = None
    return list(out)


def _relied_on(context: Context, measure: str) -> set[str]:
    """Everything that a measure needs, directly or not, of alternatives each."""
    found: set[str] = set()
    waiting = [measure.partition("/")[0]]
    while waiting:
        spec = context.case.measures[waiting.pop()]
        new = {m.partition("/")[0] for q in spec.requires for m in q.any} - found
        found |= new
        waiting += sorted(new)
    return found


def _ring(context: Context, cycle: tuple[str, ...], claims: Sequence[Claim]) -> list[tuple[str, str]]:
    """What each demand of the circle wants first, in the order in which they follow each other."""
    by_id = dict(zip((d.id for d in context.case.demands), claims, strict=True))
    out = []
    for d in cycle:
        c, by = by_id[d], next(x.by for x in context.case.demands if x.id == d)
        firm, wants = f" (firm: {c.firm})" if c.firm else "", context.agreeing(by, "wants", "want")
        out.append((joined([context.title(m) for m in c.first]), f"{c.number}. {c.party} {wants} this first{firm}"))
    return out


def _caption(context: Context) -> str:
    n = len(context.diagnosis.deadlocks)
    start = "Each measure stands under the party that withholds it; arrows run from what is demanded first."
    if not n:
        return f"{start} The {count(len(context.case.demands), 'demand')} do not contradict each other."
    circles = "Strong colour: the circle" if n == 1 else f"Strong colour: {n} circles"
    more = "" if context.diagnosis.complete else " There are more circles than are drawn."
    return f"{start} {circles}, in which none can come first. Outlined: the least firm way out.{more}"
