"""Asking, for the terminal: what is best and how doubtful it is, the next question, what an answer has changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from detente.ask.candidates import NO_DEAL
from detente.ask.questions import Question
from detente.ask.session import CHOICE, Scored, Session, State
from detente.ask.together import Difference
from detente.ask.verdict import AHEAD, HOLDS
from detente.case.draws.widen import wider
from detente.case.show import ruled

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["ABOUT", "show_aside", "show_change", "show_differences", "show_questions", "show_state", "stopped"]

_SHOWN = 6
_COUNTED = 1000  # worlds in which rows of the other candidates are looked at
ABOUT = {CHOICE: "which is best", HOLDS: "whether every row holds", AHEAD: "whether everybody gains"}
"""What is in doubt, in words."""
_SAID = {HOLDS: "every row holds", AHEAD: "everybody gains"}


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
        f"Which is best: {share(doubt.regret)} of what it brings may be expected to be lost by not knowing better "
        f"({len(session.candidates)} candidates, {played.plays:,} plays each, {len(state.worlds):,} drawn worlds; "
        f"{_many(answers, 'answer')})."
    )
    if state.verdicts:
        verdicts = " and ".join(f"{_SAID[v.name]} in {_per_cent(v.share)}" for v in state.verdicts)
        edge = (1 - session.profile["spread"]) / 2
        yield Text(f"Verdicts: {verdicts} of these worlds; settled from {_per_cent(1 - edge)} on, or up to {_per_cent(edge)}.")
    yield Text(f"Ranges that nobody was asked about are taken {wider():g} times as wide as the case has them.")
    yield Text(f"Not settled: {', '.join(ABOUT[x] for x in session.open(state)) or 'nothing'}.")
    at = doubt.gains[:, doubt.decision]
    ends = np.quantile(at, [0.1, 0.9], axis=0)
    told = [
        f"{p.name} {at[:, n].mean():.1f} ({ends[0, n]:.1f} to {ends[1, n]:.1f})"
        for n, p in enumerate(it.parties)
        if p.id in it.touched
    ]
    yield Text(f"Gains over no deal, with their 80 % range over the worlds: {'; '.join(told)}.")
    out = ruled("What else there is", "Candidate", "Worth", "Best in", "Holds in")
    order = sorted(range(len(session.candidates)), key=lambda c: (c != doubt.decision, -doubt.best_in[c], -doubt.base[c]))
    for c in order[:_SHOWN]:
        worth = f"{round(100 * doubt.base[c])} %" if doubt.open[c] else "somebody loses"
        most = len(state.worlds) if c == doubt.decision else _COUNTED
        held = session.holds(state, c, most)
        best_in, holds = f"{_per_cent(doubt.best_in[c])} of worlds", "" if held is None else _per_cent(held)
        out.add_row(session.candidates[c].title, worth, best_in, holds)
    yield out
    if len(order) > _SHOWN:
        yield Text(f"And {_many(len(order) - _SHOWN, 'other')}.")
    if session.kept.under != answers:
        yield Text(
            f"The candidates were found with {_many(session.kept.under, 'answer')}; --replan looks for them again under all."
        )
    yield from show_aside(state)


def stopped(session: Session, state: State) -> str:
    """Why nothing has to be asked any more, what would have been asked next, and what that could at most do."""
    spread = _per_cent(session.profile["spread"])
    if session.open(state):
        least = share(session.profile["least_fall"])
        left = " and ".join(ABOUT[x] for x in session.open(state))
        why = f"No single answer may be expected to save {least}; {left} is not settled, and many answers would be needed"
    elif session.candidates[state.doubt.decision].id == NO_DEAL:
        why = f"No deal stays ahead of all else, or as good, over the central {spread} of its lead"
    else:
        ahead = f"The decision stays ahead, or as good, over the central {spread} of its lead"
        why = f"{ahead}, and as many worlds agree on every verdict"
    if not state.scored:
        return f"{why}. No question is left that could change anything."
    question = state.scored[0].question
    return f"{why}.\nThe next question would have been: {question.text}\n{_could(session, state, question)}"


def show_played_again(session: Session, state: State) -> Iterator[RenderableType]:
    """What is best under the answers by plays in the worlds that are left; questions are weighed by a fit."""
    from rich.text import Text

    session.say("playing the candidates under the answers")
    best, gains = session.played_again(state)
    means, title = gains.mean(axis=0), session.candidates[best].title
    by_fit = session.candidates[state.doubt.decision].title
    told = f"Played again under the answers, {len(gains):,} plays each: {title} is best"
    yield Text(f"{told}." if title == by_fit else f"{told}; the fit by which questions are weighed has {by_fit}.")
    it = session.case.instance
    each = [f"{p.name} {means[best, n]:.1f}" for n, p in enumerate(it.parties) if p.id in it.touched]
    yield Text(f"Gains over no deal: {'; '.join(each)}. For the plan under the answers: write the case and plan it.")


def _could(session: Session, state: State, question: Question) -> str:
    """What an answer could at most do, in words."""
    found, best = session.effect(state, question), session.candidates[state.doubt.decision].title
    others = [session.candidates[c].title for c in found.best if c != state.doubt.decision]
    told = [f"could make the best: {', '.join(others)}" if others else f"leaves the best as it is ({best})"]
    for v in state.verdicts:
        now, (low, high) = _per_cent(v.share), map(_per_cent, found.shares[v.name])
        if low != high:
            told.append(f"could move the worlds in which {_SAID[v.name]} from {now} to between {low} and {high}")
    return f"Its answer, were it exact, {'; it '.join(told)}."


def _per_cent(x: float) -> str:
    """A share in whole percent; all and none only where it is."""
    near = min(max(round(100 * x), 1), 99) if 0 < x < 1 else round(100 * x)
    return f"{near} %"


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
    out = ruled(
        "What to ask, by what an answer may be expected to save a minute", "Question", "Saves", "Most about", "Min", "Id"
    )
    for s in found:
        out.add_row(s.question.text, share(s.saves), ABOUT[s.about], f"{s.minutes:g}", s.question.id)
    yield out


def show_change(session: Session, before: State, after: State) -> Iterator[RenderableType]:
    """What an answer has changed."""
    from rich.text import Text

    one, other = (session.candidates[x.doubt.decision].title for x in (before, after))
    best = f"Still best: {other}" if one == other else f"Now best: {other} (before: {one})"
    told = [f"In doubt: {share(session.in_doubt(before))} before, {share(session.in_doubt(after))} now. {best}."]
    was = {v.name: v.share for v in before.verdicts}
    for v in after.verdicts:
        now, earlier = _per_cent(v.share), _per_cent(was.get(v.name, v.share))
        if now != earlier or v.doubt:
            told.append(f"In {now} of worlds {_SAID[v.name]} (before: {earlier}).")
    yield Text(" ".join(told))
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
