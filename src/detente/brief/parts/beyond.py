"""What the roadmap does not reach, and why."""

from __future__ import annotations

from dataclasses import dataclass

from detente.base.words import joined, quoted, sentence
from detente.brief.context import Context
from detente.case.naming import part_of
from detente.plan.telling import NOTHING
from detente.plan.unlock.telling import named, paid

__all__ = ["Beyond", "NotReached", "beyond"]

_NAMED = 2


@dataclass(frozen=True)
class NotReached:
    """A measure, or the rest of a divisible one."""

    title: str
    by: str
    kind: str
    why: str


@dataclass(frozen=True)
class Beyond:
    """The section. `nothing`: why there is no roadmap at all; empty if there is one. `unlock`: what would reach the measure
    that the parties name most; empty where nothing is quickly seen."""

    nothing: str
    measures: tuple[NotReached, ...]
    unlock: str = ""

    @property
    def named(self) -> str:
        """The measures, in a sentence: by name where they are few."""
        if len(self.measures) > _NAMED:
            return f"{len(self.measures)} measures, in full or in part."
        return f"{sentence(joined([quoted(m.title) for m in self.measures]))}."


def beyond(context: Context) -> Beyond | None:
    """The section; None if the roadmap brings every measure into force."""
    reasons = {r.measure: r for r in context.plan.reasons}
    measures = []
    for whole, entries in context.wholes.items():
        if None not in entries:
            continue
        ids = context.instance.slices[whole]
        out = [m for m, e in zip(ids, entries, strict=True) if e is None]
        reason = reasons.get(out[0])
        spec = context.case.measures[whole]
        measures.append(
            NotReached(
                title=spec.title + part_of(out, context.instance),
                by=joined([context.names[context.place[p]] for p in spec.by]),
                kind=spec.kind,
                why="" if reason is None else context.why(reason),
            )
        )
    nothing = "" if context.plan else NOTHING.get(context.plan.nothing_because or "", "")
    return Beyond(nothing, tuple(measures), _unlock(context)) if measures or nothing else None


def _unlock(context: Context) -> str:
    found = context.unlocked
    if found is None:
        return ""
    wanted = quoted(found.target.title)
    if found.hopeless:
        return f"None of the supports that the case lists, nor all of them together, would bring {wanted} within reach."
    these = "it" if len(found.supports) == 1 else "these"
    return (
        f"What would bring {wanted} within reach: {named(found.supports, context)}. With {these} a roadmap that reaches all of "
        f"it satisfies every condition. {paid(found.cost, context)} Less may do: this is the first way that was found."
    )
