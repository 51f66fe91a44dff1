"""Which roadmap: the recommended one beside those that somebody may want in its place, and what each costs whom.

All figures of named roadmaps come from the same plays and draws; module `recommend.telling` says which, for the command too.
"""

from __future__ import annotations

from dataclasses import dataclass

from detente.base.parts import Table
from detente.base.words import MINUS
from detente.brief.context import Context
from detente.recommend.result import RECOMMENDED, Alternative
from detente.recommend.telling import PRICES_READ, cost, how_to_read, late_step, of_plays, prices, side_by_side, why
from detente.recommend.wording import BY_CONDITION

__all__ = ["Choice", "Line", "choice", "pace"]


@dataclass(frozen=True)
class Line:
    """A named roadmap. `prefer`: when to take it; `cost`: what it costs whom."""

    title: str
    prefer: str
    cost: str

    @property
    def said(self) -> str:
        return f"{self.prefer} {self.cost}".strip()


@dataclass(frozen=True)
class Choice:
    """The section. `found`: why the recommended one; `pace`: how it goes on, if not by date; `table`: what may come of each;
    `prices`: what each party may expect; `late`: the single late step that costs most, "" where there is none; `dates`: of each
    measure, when each roadmap has all of it in force; `others`: the names by which the others can be written."""

    found: str
    pace: str
    lines: tuple[Line, ...]
    plays: str
    table: Table
    read: str
    prices: Table
    prices_read: str
    late: str
    dates: Table
    others: tuple[str, ...]


def choice(context: Context, *, only: str | None = None) -> Choice | None:
    """The section; None where nothing was recommended. only : a party; what the others may expect is left out."""
    best, terms = context.recommended, context.terms
    if best is None or terms is None:
        return None
    named = tuple(context.alternatives.values())
    touched = [i for i in context.instance.touched if only in (None, i)]
    return Choice(
        found=why(best, context),
        pace=pace(context),
        lines=tuple(Line(a.title, a.prefer, cost(a, context, touched)) for a in named),
        plays=of_plays(),
        table=side_by_side(named, context, terms.draws),
        read=how_to_read(context.case),
        prices=prices(named, context, touched),
        prices_read=PRICES_READ,
        late="" if best.late is None or only else late_step(best.late, context),
        dates=_dates(context, named),
        others=tuple(a.name for a in named if a.name != RECOMMENDED),
    )


def pace(context: Context) -> str:
    """How the recommended roadmap goes on, in a sentence; empty where it goes by date."""
    best = context.recommended
    if best is None or not best.by_condition:
        return ""
    return (
        f"It goes on by condition, not by date: its steps are taken {BY_CONDITION} and everyone dares, and a stop is a pause. "
        "The dates are the earliest."
    )


def _dates(context: Context, named: tuple[Alternative, ...]) -> Table:
    out = Table("When each measure is in force, roadmap by roadmap", "Measure", *(a.title for a in named))
    for m, ids in context.instance.slices.items():
        if not all(context.instance.measure[s].in_force for s in ids):
            out.add(context.case.measures[m].title, *(_when(context, a, ids) for a in named))
    return out


def _when(context: Context, a: Alternative, ids: tuple[str, ...]) -> str:
    phases = [t for s in ids if (t := a.roadmap.entry[s]) is not None]
    if not phases or max(phases) < 0:
        return MINUS
    last = context.pace.tick(context.case.phase_date(max(phases)))
    return last if len(phases) == len(ids) else f"{last}, {len(phases)} of {len(ids)} parts"
