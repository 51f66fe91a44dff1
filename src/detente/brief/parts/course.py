"""The roadmap: the lanes, the trust lines under them, and each step with the reason why it does not come sooner."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from detente.base.words import joined, percent, sentence
from detente.brief.charts.marks import KINDS
from detente.brief.charts.roadmap import roadmap_chart
from detente.brief.charts.trust import TrustLine, trust_chart
from detente.brief.context import Context
from detente.plan.steps import Step

__all__ = ["CoursePart", "Taken", "course"]


@dataclass(frozen=True)
class Taken:
    """A step as a line of the table. `who`: places of the parties; `after`: numbers of the steps it needs, where `why`
    does not name them."""

    number: int
    date: str
    phase: int
    title: str
    kind: str
    who: tuple[int, ...]
    by: str
    after: str
    why: str


@dataclass(frozen=True)
class CoursePart:
    """The section. `trust` is None where no trust changes; `unchanged` says whose does not; `standing`: in force already."""

    wide: Markup
    medium: Markup
    trust: dict[str, Markup] | None
    unchanged: str
    steps: tuple[Taken, ...]
    dates: tuple[tuple[str, tuple[Taken, ...]], ...]
    kinds: tuple[str, ...]
    standing: tuple[str, ...]


def course(context: Context) -> CoursePart | None:
    """The section; None without a roadmap."""
    if not context.plan:
        return None
    steps = tuple(_taken(context, s) for s in context.steps)
    phases = sorted({s.phase for s in steps})
    by_date = tuple((context.date(t), tuple(s for s in steps if s.phase == t)) for t in phases)
    ticks = context.ticks(min(context.settled, context.instance.phases))
    spoken = " ".join(f"{sentence(date)}: {'; '.join(s.title for s in taken)}." for date, taken in by_date)
    used = {s.kind for s in steps}
    lines, flat = _trust(context)
    return CoursePart(
        wide=roadmap_chart(
            "roadmap-wide", context.steps, context.names, ticks, 940.0 if context.paper else 1040.0, description=spoken
        ),
        medium=roadmap_chart("roadmap-medium", context.steps, context.names, ticks, 680.0, description=spoken),
        trust=_trust_charts(lines, len(context.names), ticks) if lines else None,
        unchanged=flat,
        steps=steps,
        dates=by_date,
        kinds=tuple(k for k in KINDS if k in used),
        standing=tuple(context.title(m) for m, entries in context.wholes.items() if set(entries) == {-1}),
    )


def _taken(context: Context, step: Step) -> Taken:
    reasons = {r.measure: r for r in context.plan.reasons}
    reason = reasons.get(step.measures[0])
    return Taken(
        number=step.number,
        date=context.date(step.phase),
        phase=step.phase,
        title=step.title,
        kind=step.kind,
        who=step.actors,
        by=joined([context.names[p] for p in step.actors]),
        after="" if reason is not None and reason.because == "prerequisite" else joined([str(n) for n in step.needs]),
        why="" if reason is None else context.why(reason),
    )


def _trust(context: Context) -> tuple[list[TrustLine], str]:
    """Lines of the pairs whose trust changes, and a sentence on the others."""
    lines, flat = [], []
    for (i, j), pair in context.plan.certificate.pairs.items():
        values = [float(p) for p in pair.trust[: context.settled + 1]]
        if values[0] == values[-1]:
            flat.append(f"{context.party(i)} in {context.party(j)} ({percent(values[0])})")
        else:
            label = f"{context.names[context.place[i]]} in {context.party(j)}: {percent(values[0])} to {percent(values[-1])}"
            lines.append(TrustLine(label, context.place[i], values))
    return lines, f"No step changes the trust of {'; '.join(flat)}." if flat else ""


def _trust_charts(lines: list[TrustLine], parties: int, ticks: tuple[str, ...]) -> dict[str, Markup]:
    description = "; ".join(line.label for line in lines) + "."
    widths = {"wide": 1040.0, "medium": 680.0, "narrow": 350.0}
    return {k: trust_chart(f"trust-{k}", lines, parties, ticks, w, description=description) for k, w in widths.items()}
