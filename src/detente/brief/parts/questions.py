"""What to ask next: an interview list of what the case leaves empty, and of what the roadmap leaves unmet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from detente.base.words import joined
from detente.brief.context import Context
from detente.case.unsaid import said, to_ask, unsaid

__all__ = ["Questions", "questions"]


@dataclass(frozen=True)
class Questions:
    """The section. `said`: how much the case says; `asked`: what it does not, a sentence each."""

    said: str
    asked: tuple[str, ...]


def questions(context: Context) -> Questions | None:
    """The section; None where nothing is left to be asked."""
    asked = tuple(_asked(context))
    return Questions(said(context.case), asked) if asked else None


def _asked(context: Context) -> Iterator[str]:
    if context.recommended is not None and context.recommended.given_up:
        number_of = {d.id: n for n, d in enumerate(context.case.demands, start=1)}
        unmet = context.recommended.given_up
        which = joined([str(number_of[d]) for d in unmet])
        one = len(unmet) == 1
        whom = context.parties(list(dict.fromkeys(d.by for d in context.case.demands if d.id in unmet)))
        yield (
            f"{'Demand' if one else 'Demands'} {which} of the picture {'is' if one else 'are'} not met. Would {whom} give "
            f"{'it' if one else 'them'} up, and for what?"
        )
    yield from unsaid(context.case)
    for asked, measures in to_ask(context.case):
        yield f"{asked}: {context.titles(measures)}."
