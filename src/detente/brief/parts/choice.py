"""Which roadmap: the recommended one beside those that somebody may want in its place, and what each costs whom.

All figures of named roadmaps come from the same plays and draws; this part says which, and every other part that tells one of
them takes it from here.
"""

from __future__ import annotations

from dataclasses import dataclass

from detente.base.words import MINUS, amount, count, joined, number, percent, quoted, signed
from detente.brief.context import Context
from detente.recommend.result import FRESH, RECOMMENDED, Alternative
from detente.recommend.wording import BY_CONDITION, certain, late_in_words

__all__ = ["Choice", "Line", "choice", "of_plays", "pace"]


@dataclass(frozen=True)
class Line:
    """A named roadmap. `held`, `widened`: shares of draws; `unmet`: numbers of the demands that it does not meet; `gains`: what
    each party may expect by the recommended one, and by another one more or less than that; `prefer`: when to take it;
    `cost`: what it costs whom."""

    title: str
    steps: int
    score: str
    collapse: str
    held: str
    widened: str
    reach: str
    unmet: str
    gains: tuple[str, ...]
    prefer: str
    cost: str

    @property
    def said(self) -> str:
        return f"{self.prefer} {self.cost}".strip()


@dataclass(frozen=True)
class Choice:
    """The section. `found`: why the recommended one; `pace`: how it goes on, if not by date; `served`: places of the parties;
    `wider`: how many times as wide the ranges are for the second share, "" where none was counted; `late`: the single late step
    that costs most, "" where there is none; `dates`: of each measure, when each roadmap has all of it in force; `others`: the
    names by which the others can be written."""

    found: str
    pace: str
    lines: tuple[Line, ...]
    served: tuple[int, ...]
    plays: str
    draws: str
    wider: str
    late: str
    dates: tuple[tuple[str, tuple[str, ...]], ...]
    others: tuple[str, ...]


def choice(context: Context) -> Choice | None:
    """The section; None where nothing was recommended."""
    best = context.recommended
    if best is None:
        return None
    named = list(context.alternatives.values())
    places = tuple(context.place[i] for i in context.instance.touched)
    return Choice(
        found=_found(context, best),
        pace=pace(context),
        lines=tuple(_line(context, a) for a in named),
        served=places,
        plays=of_plays(),
        draws=_draws(context),
        wider=next((f"{a.widened.by:.3g}" for a in named if a.widened is not None and not certain(a)), ""),
        late=_late(context, best),
        dates=_dates(context, named),
        others=tuple(a.name for a in named if a.name != RECOMMENDED),
    )


def of_plays() -> str:
    """What the figures in plays are shares of."""
    return count(FRESH, "play")


def pace(context: Context) -> str:
    """How the recommended roadmap goes on, in a sentence; empty where it goes by date."""
    best = context.recommended
    if best is None or not best.by_condition:
        return ""
    return (
        f"It goes on by condition, not by date: its steps are taken {BY_CONDITION} and everyone dares, and a stop is a pause. "
        "The dates are the earliest."
    )


def _draws(context: Context) -> str:
    terms = context.terms
    return "" if terms is None else count(terms.draws, "draw")


def _found(context: Context, best: Alternative) -> str:
    score = context.of(percent(max(0.0, best.score[0])), "plan.alternatives", best.name, "score")
    collapse = context.of(percent(best.collapse[0]), "plan.alternatives", best.name, "collapse.mean")
    return (
        "Of all certified roadmaps found, this one does best for all over everything that may come. In "
        f"{of_plays()} it brings {score} of what was promised, on average, and collapses in {collapse} of them."
    )


def _late(context: Context, best: Alternative) -> str:
    late = best.late
    if late is None:
        return ""
    measure, span = quoted(context.title(late.measure)), context.pace.span(late.phases)
    return late_in_words(late, measure, span, context.party(late.party), amount(late.gain))


def _line(context: Context, a: Alternative) -> Line:
    number_of = {d.id: n for n, d in enumerate(context.case.demands, start=1)}
    own = a.gain if a.name == RECOMMENDED else a.gain_behind
    said = number if a.name == RECOMMENDED else signed
    gain = "gain" if a.name == RECOMMENDED else "behind.gain"

    def of(figure: str, *key: str, times: str = "") -> str:
        return context.of(figure, f"{times}plan.alternatives", a.name, *key)

    return Line(
        title=a.title,
        steps=context.steps_of(a.roadmap),
        score=of(percent(max(0.0, a.score[0])), "score"),
        collapse=of(percent(a.collapse[0]), "collapse.mean"),
        held="" if certain(a) else of(percent(a.holds), "holds"),
        widened="" if a.widened is None or certain(a) else of(percent(a.widened.share), "widened.holds"),
        reach=of(percent(a.reach), "reach"),
        unmet=joined([str(number_of[d]) for d in a.given_up]) or "none",
        gains=tuple(
            f"{of(said(own[i][0]), gain, i, 'mean')} ± {of(number(1.96 * own[i][1]), gain, i, 'se', times='1.96*')}"
            for i in context.instance.touched
        ),
        prefer=a.prefer.replace(" %", "%"),
        cost=_cost(context, a),
    )


def _cost(context: Context, a: Alternative) -> str:
    """Who may expect less, and who more, than by the recommended roadmap, as far as the plays can tell."""
    if a.name == RECOMMENDED:
        return ""
    sure = {i: x for i, (x, se) in a.gain_behind.items() if abs(x) > 1.96 * se and i in context.instance.touched}
    less = [f"{context.party(i)} {amount(x)}" for i, x in sure.items() if x < 0]
    more = [f"{context.party(i)} {amount(x)} more" for i, x in sure.items() if x > 0]
    parts = ([f"it costs {joined(less)}"] if less else []) + ([f"brings {joined(more)}"] if more and less else [])
    parts += [f"it brings {joined(more)}"] if more and not less else []
    told = joined(parts) or "it costs nobody anything that the plays could tell"
    return f"Against the recommended one {told}."


def _dates(context: Context, named: list[Alternative]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    out = []
    for m, ids in context.instance.slices.items():
        if all(context.instance.measure[s].in_force for s in ids):
            continue
        out.append((context.case.measures[m].title, tuple(_when(context, a, ids) for a in named)))
    return tuple(out)


def _when(context: Context, a: Alternative, ids: tuple[str, ...]) -> str:
    phases = [t for s in ids if (t := a.roadmap.entry[s]) is not None]
    if not phases or max(phases) < 0:
        return MINUS
    last = context.pace.tick(context.case.phase_date(max(phases)))
    return last if len(phases) == len(ids) else f"{last}, {len(phases)} of {len(ids)} parts"
