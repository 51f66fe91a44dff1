"""Asking, for the terminal: what is best and how doubtful it is, the next question, what an answer has changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from detente.ask.candidates import NO_DEAL
from detente.ask.doubt import standing
from detente.ask.questions import Question
from detente.ask.session import CHOICE, Scored, Session, State
from detente.ask.together import Difference
from detente.ask.verdict import AHEAD, HOLDS
from detente.base.parts import Part, Table, quiet, strong
from detente.base.words import as_written, count, level_percent, percent, rounded
from detente.case.draws.widen import wider

__all__ = [
    *("ABOUT", "show_aside", "show_change", "show_differences", "show_played_again", "show_questions", "show_state"),
    "stopped",
]

_SHOWN = 6
_COUNTED = 1000  # worlds in which rows of the other candidates are looked at
ABOUT = {CHOICE: "which is best", HOLDS: "whether every row holds", AHEAD: "whether everybody gains"}
"""What is in doubt, in words."""
_SAID = {HOLDS: "every row holds", AHEAD: "everybody gains"}
_BY = {
    "nash": "the geometric mean of what the parties may expect to gain",
    "sum": "the sum of what the parties may expect to gain",
    "min": "what the party that gains least may expect",
}
"""What candidates are chosen by, in words."""
_SHARES = ", each party's gain counted in shares of what the best so far brings it"


def show_state(session: Session, state: State) -> Iterator[Part]:
    """What is best so far, and how much of that is in doubt."""
    doubt, it, played = state.doubt, session.case.instance, session.kept.played
    best = session.candidates[doubt.decision]
    yield strong(f"{session.case.title}. Best so far: {best.title}.")
    answers = len(state.made.answered)
    yield (
        f"How doubtful that is: to know the true values first would be worth {_share(doubt.regret)} of what it brings "
        f"({len(session.candidates)} candidates, {played.plays:,} plays each, {len(state.worlds):,} drawn worlds; "
        f"{count(answers, 'answer')})."
    )
    if state.verdicts:
        verdicts = " and ".join(f"{_SAID[v.name]} in {percent(v.share)}" for v in state.verdicts)
        edge = (1 - session.profile["spread"]) / 2
        yield f"Verdicts: {verdicts} of these worlds; settled from {percent(1 - edge)} on, or up to {percent(edge)}."
    yield f"Ranges that nobody was asked about are taken {as_written(wider())} times as wide as the case has them."
    yield f"Not settled: {', '.join(ABOUT[x] for x in session.open(state)) or 'nothing'}."
    at = doubt.gains[:, doubt.decision]
    ends = np.quantile(at, [0.1, 0.9], axis=0)
    told = [
        f"{p.name} {rounded(at[:, n].mean(), 1)} ({rounded(ends[0, n], 1)} to {rounded(ends[1, n], 1)})"
        for n, p in enumerate(it.parties)
        if p.id in it.touched
    ]
    yield f"Gains over no deal, with their 80% range over the worlds: {'; '.join(told)}."
    out = Table("What else there is", "Candidate", "Objective", "Best in", "Holds in")
    worth = standing(it, session.objective, doubt.gains.mean(axis=0), doubt.decision)
    order = sorted(range(len(session.candidates)), key=lambda c: (c != doubt.decision, not doubt.open[c], -worth[c]))
    own = next((v.yes for v in state.verdicts if v.name == HOLDS), None)
    for c in order[:_SHOWN]:
        held = own if c == doubt.decision else session.held(c, state.worlds[:_COUNTED])
        brings = "somebody loses" if not doubt.open[c] else "" if np.isnan(worth[c]) else percent(worth[c])
        best_in = f"{percent(doubt.best_in[c])} of worlds"
        out.add(session.candidates[c].title, brings, best_in, "" if held is None else percent(held.mean()))
    yield out
    yield quiet(
        f"Objective: {_BY[session.objective]}, over all worlds; the best so far has 100%. Best in: where it brings "
        f"most{_SHARES if session.objective == 'nash' else ''}. What brings one party much and another little can be best in "
        "many worlds and still be behind."
    )
    if len(order) > _SHOWN:
        yield f"And {count(len(order) - _SHOWN, 'other')}."
    if session.kept.under != answers:
        yield (
            f"The candidates were found with {count(session.kept.under, 'answer')}; --replan looks for them again under all."
        )
    yield from show_aside(state)


def _share(x: float) -> str:
    """A share of what the best so far brings: in whole per cents, below one to one digit."""
    return percent(x) if x >= 0.01 else level_percent(float(f"{x:.1g}"))


def stopped(session: Session, state: State) -> str:
    """Why nothing has to be asked any more, what would have been asked next, and what that could at most do."""
    spread = percent(session.profile["spread"])
    if session.open(state):
        least, left = _share(session.profile["least_fall"]), " and ".join(ABOUT[x] for x in session.open(state))
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


def show_played_again(session: Session, state: State) -> Iterator[Part]:
    """What is best under the answers by plays in the worlds that are left; questions are weighed by a fit."""
    session.say("playing the candidates under the answers")
    best, gains = session.played_again(state)
    means, title = gains.mean(axis=0), session.candidates[best].title
    by_fit = session.candidates[state.doubt.decision].title
    told = f"Played again under the answers, {len(gains):,} plays each: {title} is best"
    yield f"{told}." if title == by_fit else f"{told}; the fit by which questions are weighed has {by_fit}."
    it = session.case.instance
    each = [f"{p.name} {rounded(means[best, n], 1)}" for n, p in enumerate(it.parties) if p.id in it.touched]
    yield f"Gains over no deal: {'; '.join(each)}. For the plan under the answers: write the case and plan it."


def _could(session: Session, state: State, question: Question) -> str:
    """What an answer could at most do, in words."""
    found, best = session.effect(state, question), session.candidates[state.doubt.decision].title
    others = [session.candidates[c].title for c in found.best if c != state.doubt.decision]
    told = [f"could make the best: {', '.join(others)}" if others else f"leaves the best as it is ({best})"]
    for v in state.verdicts:
        now, (low, high) = percent(v.share), map(percent, found.shares[v.name])
        if low != high:
            told.append(f"could move the worlds in which {_SAID[v.name]} from {now} to between {low} and {high}")
    return f"Its answer, were it exact, {'; it '.join(told)}."


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
    title = "What to ask, by what an answer may be expected to save a minute"
    out = Table(title, "Question", "Saves", "Most about", "Min", "Id")
    for s in found:
        out.add(s.question.text, _share(s.saves), ABOUT[s.about], as_written(s.minutes), s.question.id)
    yield out


def show_change(session: Session, before: State, after: State) -> Iterator[Part]:
    """What an answer has changed."""
    one, other = (session.candidates[x.doubt.decision].title for x in (before, after))
    best = f"Still best: {other}" if one == other else f"Now best: {other} (before: {one})"
    told = [f"In doubt: {_share(session.in_doubt(before))} before, {_share(session.in_doubt(after))} now. {best}."]
    was = {v.name: v.share for v in before.verdicts}
    for v in after.verdicts:
        now, earlier = percent(v.share), percent(was.get(v.name, v.share))
        if now != earlier or v.doubt:
            told.append(f"In {now} of worlds {_SAID[v.name]} (before: {earlier}).")
    yield " ".join(told)
    if len(after.aside) > len(before.aside):
        yield from show_aside(after)


def show_differences(session: Session, state: State, found: Sequence[Difference]) -> Iterator[Part]:
    """Where people differ, how well each has judged how sure to be, and what they say together."""
    people = len({a.by for a in (*state.made.answered, *(x.answer for x in state.aside))})
    if not people:
        yield f"Nobody has answered yet: no answer about {session.case.case} stands in the folder {session.folder.resolve()}."
        return
    yield from show_state(session, state)
    for by, c in session.calibrated().items():
        wider = f"; the ranges are made {rounded(c.wider, 2)} times as wide" if c.wider > 1 else ""
        yield f"{by}: {c.held} of {c.asked} known answers within ranges stated at {percent(c.sure)}{wider}."
    if not found:
        one, many = (
            "One person has answered",
            f"{people} people have answered; none differ on a question that two of them answered",
        )
        yield f"{one if people == 1 else many}."
        return
    out = Table("Where people differ, what matters most first", "Question", "Said", "Differ", "Certainty saves")
    for d in found:
        said = "; ".join(f"{by}: {x}" for by, x in d.said.items())
        out.add(d.question.text, said, percent(d.share), _share(d.saves))
    yield out
    yield "Pooled with equal weights: where they differ, what is drawn is wider than what either says."
