"""Asking, for the terminal: what is best and how doubtful it is, the next question, what an answer has changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from detente.ask.session import Scored, Session, State
from detente.ask.together import Difference
from detente.base.parts import Part, Table, strong
from detente.base.words import as_written, count, percent, rounded

__all__ = ["show_aside", "show_change", "show_differences", "show_questions", "show_state"]

_SHOWN = 6


def show_state(session: Session, state: State) -> Iterator[Part]:
    """What is best so far, and how much of that is in doubt."""
    doubt, it, played = state.doubt, session.case.instance, session.kept.played
    best = session.candidates[doubt.decision]
    yield strong(f"{session.case.title}. Best so far: {best.title}.")
    answers = len(state.made.answered)
    yield (
        f"In doubt: {percent(doubt.regret, 1)} of what it brings may be expected to be lost by not knowing better "
        f"({len(session.candidates)} candidates, {played.plays:,} plays each, {len(state.worlds):,} drawn worlds; "
        f"{count(answers, 'answer')})."
    )
    at = doubt.gains[:, doubt.decision]
    ends = np.quantile(at, [0.1, 0.9], axis=0)
    told = [
        f"{p.name} {rounded(at[:, n].mean(), 1)} ({rounded(ends[0, n], 1)} to {rounded(ends[1, n], 1)})"
        for n, p in enumerate(it.parties)
        if p.id in it.touched
    ]
    yield f"Gains over no deal, with their 80% range over the worlds: {'; '.join(told)}."
    out = Table("What else there is", "Candidate", "Worth", "Best in")
    order = sorted(range(len(session.candidates)), key=lambda c: (c != doubt.decision, -doubt.best_in[c], -doubt.base[c]))
    for c in order[:_SHOWN]:
        worth = f"{round(100 * doubt.base[c])}%" if doubt.open[c] else "somebody loses"
        out.add(session.candidates[c].title, worth, f"{percent(doubt.best_in[c])} of worlds")
    yield out
    if len(order) > _SHOWN:
        yield f"And {count(len(order) - _SHOWN, 'other')}."
    if session.kept.under != answers:
        yield (
            f"The candidates were found with {count(session.kept.under, 'answer')}; --replan looks for them again under all."
        )
    yield from show_aside(state)


def show_aside(state: State) -> Iterator[Part]:
    """The answers that do not count, with what they clash with."""
    for x in state.aside:
        yield f"Kept aside, line {x.answer.line}: {x.answer.id}, answered by {x.answer.by}: {x.because}."
    if state.aside:
        yield "Take one of the clashing answers back (--undo the last, --take-back ID any), or correct the case."


def show_questions(found: Sequence[Scored]) -> Iterator[Part]:
    """Several questions, the best first."""
    if not found:
        yield "No answer to a single question may be expected to save anything."
        return
    out = Table("What to ask, by what an answer may be expected to save a minute", "Question", "Saves", "Minutes", "Id")
    for s in found:
        out.add(s.question.text, percent(s.saves, 1), as_written(s.minutes), s.question.id)
    yield out


def show_change(session: Session, before: State, after: State) -> Iterator[Part]:
    """What an answer has changed."""
    one, other = (session.candidates[x.doubt.decision].title for x in (before, after))
    best = f"Still best: {other}" if one == other else f"Now best: {other} (before: {one})"
    yield f"In doubt: {percent(before.doubt.regret, 1)} before, {percent(after.doubt.regret, 1)} now. {best}."
    if len(after.aside) > len(before.aside):
        yield from show_aside(after)


def show_differences(session: Session, state: State, found: Sequence[Difference], people: int) -> Iterator[Part]:
    """Where people differ, how sure each of them rightly is, and what they say together."""
    if not people:
        yield f"Nobody has answered yet: there are no files of answers about {session.case.case} in {session.folder}."
        return
    yield from show_state(session, state)
    for by, c in session.calibrated().items():
        wider = f"; the ranges are made {rounded(c.wider, 2)} times as wide" if c.wider > 1 else ""
        yield f"{by}: {c.held} of {c.asked} known answers within ranges stated at {percent(c.sure)}{wider}."
    if not found:
        yield f"{people} answered; no two of them differ on a question that both were asked."
        return
    out = Table("Where people differ, what matters most first", "Question", "Said", "Differ", "Certainty saves")
    for d in found:
        said = "; ".join(f"{by}: {x}" for by, x in d.said.items())
        out.add(d.question.text, said, percent(d.share), percent(d.saves, 1))
    yield out
    yield "Pooled with equal weights: where they differ, what is drawn is wider than what either says."
