"""What we would do: the roadmap in a few sentences, and when to prefer another one."""

from __future__ import annotations

from dataclasses import dataclass

from detente.assess.strategies import PLAN
from detente.base.words import count, joined, percent, quoted
from detente.brief.context import Context
from detente.brief.parts.ahead import followed_plays
from detente.brief.parts.choice import choice
from detente.brief.parts.figures import beside_full, far
from detente.brief.parts.questions import given_up

__all__ = ["Advice", "advice", "missed_too"]


@dataclass(frozen=True)
class Advice:
    """The section. `said`: a sentence or two each; `others`: for each other roadmap its name and when to prefer it;
    `recommended`: whether the roadmap was chosen by its plays, so that others stand beside it."""

    heading: str
    said: tuple[str, ...]
    others: tuple[tuple[str, str], ...]
    recommended: bool


def advice(context: Context) -> Advice | None:
    """The section; None without a roadmap."""
    if not context.plan:
        return None
    best, beside = context.recommended, choice(context)
    full, _, all_ = far(context)
    said = [_first(context), *([] if beside is None else [beside.pace, beside.found, missed_too(context), _other(context)])]
    if (gone := given_up(context)) is not None:
        said.append(f"It asks {gone[0]} to give up {gone[1]}.")
    said.append(f"If all goes well, {full} of {all_} measures are carried out. {beside_full(context)}".strip())
    return Advice(
        heading="The roadmap" if best is None else "What we would do",
        said=tuple(s for s in said if s),
        others=() if beside is None else tuple((line.title, line.prefer) for line in beside.lines[1:]),
        recommended=best is not None,
    )


def missed_too(context: Context, of: str = "") -> str:
    """How often a step is missed, beside the share that collapses. of : what it is a share of, unless that has been said."""
    fared = followed_plays(context)
    if fared is None or not fared.first_refused.events:
        return ""
    return f"A miss is no collapse: some step is missed in {percent(sum(e.chance for e in fared.first_refused.events))}{of}."


def _other(context: Context) -> str:
    """What does better in plays and is no certified roadmap, and why it is not recommended all the same; else nothing."""
    found, best = context.assessment, context.recommended
    if found is None or best is None or found.best in (PLAN, *context.alternatives):
        return ""
    other = found.fared[found.best]
    return (
        f"{quoted(other.strategy.title)} brings {percent(max(0.0, other.score[0]))} there, but it is no certified roadmap: "
        "nobody can know beforehand that its steps would be kept."
    )


def _first(context: Context) -> str:
    """What is to be done at the first date; the picture below says by whom."""
    if not context.steps:
        return ""
    first = [s for s in context.steps if s.phase == context.steps[0].phase]
    more = [count(len(first) - 1, "more step")] if len(first) > 1 else []
    return f"First, {context.when(first[0].phase)}: {joined([quoted(first[0].title), *more])}."
