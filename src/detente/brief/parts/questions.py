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


def given_up(context: Context) -> tuple[str, str] | None:
    """Who would have to give up demands for the recommended roadmap, and which, by their numbers; None: nobody."""
    unmet = () if context.recommended is None else context.recommended.given_up
    if not unmet:
        return None
    whom = context.parties(list(dict.fromkeys(d.by for d in context.case.demands if d.id in unmet)))
    which = [str(n) for n, d in enumerate(context.case.demands, start=1) if d.id in unmet]
    return whom, f"{'demand' if len(which) == 1 else 'demands'} {joined(which)}"


def _asked(context: Context) -> Iterator[str]:
    if (gone := given_up(context)) is not None:
        yield f"Would {gone[1]} be given up, and for what?"
    yield from unsaid(context.case)
    for asked, measures in to_ask(context.case):
        yield f"{asked}: {context.titles(measures)}."
