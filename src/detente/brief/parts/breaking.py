"""Where the roadmap may break first, and what to do on that day: the likeliest events, and each party's weightiest step.

Each answer is worked out for the very step that is told (`brief.misses`), and names what is suspended, what waits or
falls away, what comes sooner or later, and that all else stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from detente.assess.result import Fared
from detente.assess.wording import event_in_words
from detente.base.words import amount, percent, quoted
from detente.brief.context import Context
from detente.brief.misses import FIRSTS, Miss, first_missed, weightiest
from detente.brief.parts.advice import missed_too
from detente.brief.parts.ahead import followed_plays
from detente.brief.parts.changes import answer_in_full
from detente.plan.steps import Step
from detente.prepare.contingency import Contingency
from detente.prepare.wording import ANSWER

__all__ = ["Breaking", "First", "Weighty", "breaking"]

_LATE = ("late", "work", "risk")  # causes by which a step comes late


@dataclass(frozen=True)
class First:
    """An event. `why`: who does not carry out a step, and why; `said`: in what share of plays, when, which steps; `on`: the day
    that the answer is for; `todo`: what to do on it."""

    why: str
    said: str
    on: str
    todo: str


@dataclass(frozen=True)
class Weighty:
    """The step of a party that weighs most. `what`: whose and which; `due`: when; `answers`: if it comes late, and if never,
    with what to do."""

    what: str
    due: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Breaking:
    """The section. `said`: what the shares of the events are of; `starred`: whether an answer deters only if it has been
    promised; `more`: whether one suspends more than what was given since the miss. Both parts may be empty."""

    said: str
    events: tuple[First, ...]
    weighty: tuple[Weighty, ...]

    @property
    def starred(self) -> bool:
        return any("*" in todo for todo in self._todos)

    @property
    def more(self) -> bool:
        return any(todo.startswith(ANSWER["take_back"]) for todo in self._todos)

    @property
    def _todos(self) -> tuple[str, ...]:
        return (*(e.todo for e in self.events), *(x for w in self.weighty for _, x in w.answers))


def breaking(context: Context, *, numbers: bool = True) -> Breaking | None:
    """The section; None where nothing was ever missed in plays and no answer was worked out.

    numbers : tell deposits, and what has to be promised, which are reckoned from the values of single parties.
    """
    fared = followed_plays(context)
    events = tuple(_events(context, fared, numbers)) if fared is not None else ()
    weighty = tuple(_weighty(context, numbers)) if context.misses else ()
    if fared is None or not (events or weighty):
        return None
    return Breaking(_said(context, fared), events, weighty)


def _said(context: Context, fared: Fared) -> str:
    """What the shares of the events are of; beside a recommended roadmap it has been said how often it collapses."""
    found = context.assessment
    assert found is not None
    if not fared.first_refused.events:
        return ""
    first = f"What is missed first, the likeliest by share of the {context.of(f'{found.runs:,}', 'assessment.runs')} plays:"
    if context.recommended is not None:
        return first
    collapse = context.of(percent(fared.collapse[0]), "assessment.strategies", found.recommended, "collapse", 0)
    return f"The roadmap collapses in {collapse} of plays. {missed_too(context, ' of them')} {first}"


def _events(context: Context, fared: Fared, numbers: bool) -> Iterator[First]:
    which = context.assessment.recommended if context.assessment else ""
    for n, e in enumerate(fared.first_refused.events[:FIRSTS]):
        low, mid, high = e.phase
        when = context.when(mid) if low == high else f"between {context.date(low)} and {context.date(high)}"
        share = context.of(percent(e.chance), "assessment.strategies", which, "first_refused.events", n, "chance")
        miss = first_missed(context.instance, context.plan.roadmap, e)
        c = None if miss is None else _contingency(context, "late" if e.cause in _LATE else "not_done", miss)
        yield First(
            f"{event_in_words(e, context)}.",
            f"{share}, {when}: {context.titles(e.steps, 1)}.",
            "On that day" if c is None or low == high else f"If {context.when(c.event.phase)}",
            "No answer was worked out for it."
            if c is None
            else f"{answer_in_full(context, c, numbers=numbers)}{_deposit(c, numbers)}",
        )


def _weighty(context: Context, numbers: bool) -> Iterator[Weighty]:
    for miss, step in weightiest(context.instance, context.plan.roadmap):
        late, never = (_contingency(context, kind, miss) for kind in ("late", "not_done"))
        if late is None or never is None:
            continue
        told = [f"{answer_in_full(context, c, numbers=numbers)}{_deposit(c, numbers)}" for c in (late, never)]
        span = context.pace.span(1)
        both = ((f"{span} late, or never", told[0]),) if told[0] == told[1] else ((f"{span} late", told[0]), ("Never", told[1]))
        yield Weighty(_named(context, miss, step), context.date(step.phase), both)


def _named(context: Context, miss: Miss, step: Step) -> str:
    (party,), _ = miss
    return f"{context.names[context.place[party]]}: {quoted(context.steps[step.number - 1].title)} (step {step.number})"


def _contingency(context: Context, kind: str, miss: Miss) -> Contingency | None:
    parties, measures = miss
    return next(
        (c for c in context.misses if (c.event.event, c.event.parties, c.event.measures) == (kind, parties, measures)), None
    )


def _deposit(c: Contingency, numbers: bool) -> str:
    if not numbers or c.ruling.deters is not False or c.ruling.pays is None or c.ruling.enough is None:
        return ""
    return f" To miss it on purpose pays {amount(c.ruling.pays)}; a deposit of {amount(c.ruling.enough)} would be enough."
