"""Asking, for the terminal: what is best and how doubtful it is, the next question, what an answer has changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from detente.ask.session import Scored, Session, State
from detente.ask.together import Difference
from detente.case.show import ruled

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["show_aside", "show_change", "show_differences", "show_questions", "show_state"]

_SHOWN = 6


def share(x: float) -> str:
    """A share in percent, finer where it is small."""
    return f"{100 * x:.2g} %" if 0 < 100 * x < 1 else f"{100 * x:.1f} %"


def _many(number: int, one: str) -> str:
    return f"{number} {one}{'' if number == 1 else 's'}"


def show_state(session: Session, state: State) -> Iterator[RenderableType]:
    """What is best so far, and how much of that is in doubt."""
    from rich.text import Text

    doubt, it, played = state.doubt, session.case.instance, session.kept.played
    best = session.candidates[doubt.decision]
    yield Text(f"{session.case.title}. Best so far: {best.title}.", style="bold")
    answers = len(state.made.answered)
    yield Text(
        f"In doubt: {share(doubt.regret)} of what it brings may be expected to be lost by not knowing better "
        f"({len(session.candidates)} candidates, {played.plays:,} plays each, {len(state.worlds):,} drawn worlds; "
        f"{_many(answers, 'answer')})."
    )
    at = doubt.gains[:, doubt.decision]
    ends = np.quantile(at, [0.1, 0.9], axis=0)
    told = [
        f"{p.name} {at[:, n].mean():.1f} ({ends[0, n]:.1f} to {ends[1, n]:.1f})"
        for n, p in enumerate(it.parties)
        if p.id in it.touched
    ]
    yield Text(f"Gains over no deal, with their 80 % range over the worlds: {'; '.join(told)}.")
    out = ruled("What else there is", "Candidate", "Worth", "Best in")
    order = sorted(range(len(session.candidates)), key=lambda c: (c != doubt.decision, -doubt.best_in[c], -doubt.base[c]))
    for c in order[:_SHOWN]:
        worth = f"{round(100 * doubt.base[c])} %" if doubt.open[c] else "somebody loses"
        out.add_row(session.candidates[c].title, worth, f"{100 * doubt.best_in[c]:.0f} % of worlds")
    yield out
    if len(order) > _SHOWN:
        yield Text(f"And {_many(len(order) - _SHOWN, 'other')}.")
    if session.kept.under != answers:
        yield Text(
            f"The candidates were found with {_many(session.kept.under, 'answer')}; --replan looks for them again under all."
        )
    yield from show_aside(state)


def show_aside(state: State) -> Iterator[RenderableType]:
    """The answers that do not count, with what they clash with."""
    from rich.text import Text

    for x in state.aside:
        yield Text(f"Kept aside, line {x.answer.line}: {x.answer.id}, answered by {x.answer.by}: {x.because}.")
    if state.aside:
        yield Text("Take one of the clashing answers back (--undo the last, --take-back ID any), or correct the case.")


def show_questions(found: Sequence[Scored]) -> Iterator[RenderableType]:
    """Several questions, the best first."""
    from rich.text import Text

    if not found:
        yield Text("No answer to a single question may be expected to save anything.")
        return
    out = ruled("What to ask, by what an answer may be expected to save a minute", "Question", "Saves", "Minutes", "Id")
    for s in found:
        out.add_row(s.question.text, share(s.saves), f"{s.minutes:g}", s.question.id)
    yield out


def show_change(session: Session, before: State, after: State) -> Iterator[RenderableType]:
    """What an answer has changed."""
    from rich.text import Text

    one, other = (session.candidates[x.doubt.decision].title for x in (before, after))
    best = f"Still best: {other}" if one == other else f"Now best: {other} (before: {one})"
    yield Text(f"In doubt: {share(before.doubt.regret)} before, {share(after.doubt.regret)} now. {best}.")
    if len(after.aside) > len(before.aside):
        yield from show_aside(after)


def show_differences(session: Session, state: State, found: Sequence[Difference], people: int) -> Iterator[RenderableType]:
    """Where people differ, how sure each of them rightly is, and what they say together."""
    from rich.text import Text

    if not people:
        yield Text(f"Nobody has answered yet: there are no files of answers about {session.case.case} in {session.folder}.")
        return
    yield from show_state(session, state)
    for by, c in session.calibrated().items():
        wider = f"; the ranges are made {c.wider:.2f} times as wide" if c.wider > 1 else ""
        yield Text(f"{by}: {c.held} of {c.asked} known answers within ranges stated at {100 * c.sure:.0f} %{wider}.")
    if not found:
        yield Text(f"{people} answered; no two of them differ on a question that both were asked.")
        return
    out = ruled("Where people differ, what matters most first", "Question", "Said", "Differ", "Certainty saves")
    for d in found:
        said = "; ".join(f"{by}: {x}" for by, x in d.said.items())
        out.add_row(d.question.text, said, f"{100 * d.share:.0f} %", share(d.saves))
    yield out
    yield Text("Pooled with equal weights: where they differ, what is drawn is wider than what either says.")
