"""Where the roadmap may break first, and what to do on that day: the likeliest events in plays, each with its answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from detente.assess.first import Event
from detente.assess.wording import event_in_words
from detente.base.words import amount, joined, percent, sentence
from detente.brief.context import Context
from detente.brief.parts.ahead import followed_plays
from detente.brief.parts.contingencies import answer_in_words, left
from detente.prepare.contingency import Contingency

__all__ = ["Breaking", "First", "breaking"]

MOST = 3
_LATE = ("late", "work", "risk")  # causes by which a step comes late


@dataclass(frozen=True)
class First:
    """An event. `why`: who does not carry out a step, and why; `said`: in what share of plays, when, which steps; `todo`: what
    to do on that day."""

    why: str
    said: str
    todo: str


@dataclass(frozen=True)
class Breaking:
    """The section. `plays`: what the shares are of."""

    plays: str
    events: tuple[First, ...]


def breaking(context: Context, *, numbers: bool = True) -> Breaking | None:
    """The section; None where nothing was played or nothing was ever refused.

    numbers : tell odds and deposits, which are reckoned from the values of single parties.
    """
    found, fared = context.assessment, followed_plays(context)
    if found is None or fared is None or not fared.first_refused.events:
        return None
    return Breaking(
        f"{context.of(f'{found.runs:,}', 'assessment.runs')} plays",
        tuple(_events(context, fared.first_refused.events[:MOST], numbers)),
    )


def _events(context: Context, events: tuple[Event, ...], numbers: bool) -> Iterator[First]:
    told: set[str] = set()
    which = context.assessment.recommended if context.assessment else ""
    for n, e in enumerate(events):
        low, mid, high = e.phase
        when = context.when(mid) if low == high else f"between {context.date(low)} and {context.date(high)}"
        share = context.of(percent(e.chance), "assessment.strategies", which, "first_refused.events", n, "chance")
        said = f"In {share} of plays, {when}: {context.titles(e.steps, 2)}."
        yield First(f"{event_in_words(e, context.case)}.", said, _todo(context, e, told, numbers))


def _todo(context: Context, e: Event, told: set[str], numbers: bool) -> str:
    """The answer; what it means only where it is not yet among those that were told."""
    c = _contingency(context, e)
    if c is None:
        return "No answer was worked out for it: the steps are not due on a date of their own."
    if c.answer == "repair":
        answer = f"Change the roadmap: {_changes(context, c)}."
    else:
        answer = f"{sentence(answer_in_words(c.answer, short=c.answer in told))}."
        told.add(c.answer)
    return f"{answer}{_odds(context, c)}{_deposit(c)}" if numbers else answer


def _odds(context: Context, c: Contingency) -> str:
    share = left(context, c)
    if not share or not c.break_even:
        return ""
    return f" It holds even if only {share} of the earlier trust in {context.parties(c.event.parties)} survives."


def _deposit(c: Contingency) -> str:
    if c.ruling.deters is not False or c.ruling.pays is None or c.ruling.enough is None:
        return ""
    return f" To miss it on purpose pays {amount(c.ruling.pays)}; a deposit of {amount(c.ruling.enough)} would be enough."


def _changes(context: Context, c: Contingency) -> str:
    """How much the changed roadmap does otherwise than the one that is told, by measures of the case."""
    assert context.preparation is not None
    was, entry = context.preparation.roadmap.entry, c.answers[c.answer].entry or {}
    kinds: dict[str, set[str]] = {"fall away": set(), "come later": set(), "come sooner": set(), "are added": set()}
    for m, now in entry.items():
        before, whole = was[m], context.instance.measure[m].whole
        if before is None or now is None:
            kinds["are added" if before is None else "fall away"] |= {whole} if before != now else set()
        elif now != before:
            kinds["come later" if now > before else "come sooner"].add(whole)
    one = {"fall away": "falls away", "come later": "comes later", "come sooner": "comes sooner", "are added": "is added"}
    said = [f"{len(wholes)} {one[how] if len(wholes) == 1 else how}" for how, wholes in kinds.items() if wholes]
    return f"of its measures {joined(said)}" if said else "its measures stay as they are"


def _contingency(context: Context, e: Event) -> Contingency | None:
    """The prepared event that is nearest: of the same party, the most of the same steps, then the earliest."""
    kind = "late" if e.cause in _LATE else "not_done"
    prepared = () if context.preparation is None else context.preparation.contingencies
    same = [c for c in prepared if c.event.event == kind and (e.party is None or e.party in c.event.parties)]
    about = [(len(set(c.event.measures) & set(e.steps)), -c.event.phase, n) for n, c in enumerate(same)]
    best = max(about, default=(0, 0, 0))
    return same[best[2]] if best[0] else None
