"""The demands that block each other, drawn and told, and the ways out.

Circles that share a demand belong together. In each such knot the ways out are the smallest sets of its demands whose relaxing
leaves no circle in it; the diagnosis lists whole sets, one way out from every knot, which are taken apart again here where they
combine freely. The least firm way out of a knot is the one whose firmest demand is the least firm, then the least firm in sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from detente.base.words import count, joined, quoted, sentence
from detente.brief.charts.deadlock import Claim, Node, deadlock_chart
from detente.brief.charts.ring import ring_chart
from detente.brief.context import Context

__all__ = ["Asked", "Deadlock", "deadlock", "ways_out"]

MOST = 6  # rings drawn and ways out told, of each knot
_FIRMNESS = {"low": 1, None: 2, "medium": 2, "high": 3}


@dataclass(frozen=True)
class Asked:
    """A demand in words. `circular`: part of a circle."""

    number: int
    said: str
    firm: str
    circular: bool


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
    circular = {d for cycle in found.deadlocks for d in cycle}
    knots = ways_out(found.deadlocks, found.relaxations)
    least = {d for options in knots for d in _least_firm(context, options)}
    claims, asked = [], []
    for n, d in enumerate(case.demands, start=1):
        claims.append(Claim(n, case.parties[d.by].name, d.first, d.before, d.firm or "", d.id in circular, d.id in least))
        insists = context.agreeing(d.by, "insists", "insist")
        said = f"{sentence(context.party(d.by))} {insists} on {_acts(context, d.first)} before {_acts(context, d.before)}."
        asked.append(Asked(n, said, _firmness(d.firm, d.id in least), d.id in circular))
    needs = _needs(context)
    nodes, heads = _columns(context, claims, needs)
    description = " ".join(f"{a.number}. {a.said}" for a in asked)
    many = len(heads) > 2
    widths = {"medium": 510.0 if context.paper and not many else 680.0, **({"wide": 1040.0} if many else {})}
    drawn = {
        name: deadlock_chart(f"deadlock-{name}", nodes, claims, needs, heads, width, description=description)
        for name, width in widths.items()
    }
    rings = tuple(
        ring_chart(f"deadlock-narrow-{n}", _ring(context, cycle, claims), 350.0, description=description)
        for n, cycle in enumerate(found.deadlocks[:MOST])
    )
    return Deadlock(
        drawn.get("wide"), drawn["medium"], rings, tuple(asked), _caption(context), tuple(_told(context, k) for k in knots)
    )


def ways_out(deadlocks: Iterable[Sequence[str]], relaxations: Sequence[Sequence[str]]) -> list[list[tuple[str, ...]]]:
    """For each knot of circles the sets of demands whose relaxing ends it, the smallest first."""
    knots: list[set[str]] = []
    for cycle in deadlocks:
        joining = [k for k in knots if k & set(cycle)]
        knots = [k for k in knots if k not in joining] + [set(cycle).union(*joining)]
    out = []
    for knot in knots:
        options = dict.fromkeys(tuple(d for d in s if d in knot) for s in relaxations)
        smallest = [o for o in options if o and not any(set(p) < set(o) for p in options if p)]
        out.append(sorted(smallest, key=len))
    return [options for options in out if options]


def _least_firm(context: Context, options: Sequence[tuple[str, ...]]) -> set[str]:
    """The demands of the least firm way out of a knot; where several are equally firm, of all of them."""
    firm = {d.id: _FIRMNESS[d.firm] for d in context.case.demands}
    rank = {o: (max(firm[d] for d in o), sum(firm[d] for d in o)) for o in options}
    return {d for o in options if rank[o] == min(rank.values()) for d in o}


def _firmness(firm: str | None, way_out: bool) -> str:
    said = [f"firmness: {firm}"] if firm else []
    said += ["part of the least firm way out"] if way_out else []
    return f"{sentence(', '.join(said))}." if said else ""


def _told(context: Context, options: Sequence[tuple[str, ...]]) -> str:
    place = {d.id: n for n, d in enumerate(context.case.demands, start=1)}
    about = {d.id: d for d in context.case.demands}

    def one(d: str) -> str:
        firm = about[d].firm
        return f"demand {place[d]} ({context.party(about[d].by)}{f', firm: {firm}' if firm else ''})"

    ordered = sorted(options[:MOST], key=lambda o: [place[d] for d in o])
    more = [f"{len(options) - MOST} more sets"] if len(options) > MOST else []
    told = [joined([one(d) for d in sorted(o, key=place.__getitem__)]) for o in ordered] + more
    several = any(len(o) > 1 for o in options)
    return sentence("; or ".join(told) if several else joined(told, "or")) + "."


def _acts(context: Context, measures: tuple[str, ...]) -> str:
    return joined([quoted(context.title(m)) for m in measures])


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
    start = "Measures stand under the party that holds them back; arrows run from what is demanded first to what waits."
    if not n:
        return f"{start} The {count(len(context.case.demands), 'demand')} do not contradict each other."
    circles = "Strong colour: the circle" if n == 1 else f"Strong colour: {n} circles"
    more = "" if context.diagnosis.complete else " There are more circles than are drawn."
    return f"{start} {circles}, in which none can come first. Outlined: the least firm way out.{more}"
