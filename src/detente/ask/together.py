"""Where people differ, by how much it matters.

    number        d = variance of their means / (that + mean of their variances): 0 agreed, 1 nothing but difference; means and
                  variances are those of the shape that the case draws (`case.draws.shape`)
    comparison    d = 1 where they do not all give the same answer, else 0: "same" is an answer like the others
    matters       d times what knowing it for certain may be expected to save, under what they say together

What is not answered by two at least is not compared: nobody differs from silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from detente.ask.answers import Answer
from detente.ask.believed import Range, marginals
from detente.ask.questions import COMPARE, Question
from detente.ask.session import Session, State
from detente.base.frozen import Frozen
from detente.base.plain import told

__all__ = ["Difference", "differences"]


@dataclass(frozen=True)
class Difference(Frozen):
    """A question that several have answered. said : by person, in words. share : d. saves : what certainty would save."""

    question: Question
    said: Mapping[str, str]
    share: float
    saves: float

    @property
    def matters(self) -> float:
        return self.share * self.saves

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        matters : whether the difference can change the answer
        share : of the range on which they differ
        """
        return {"id": self.question.id, "text": self.question.text, **told(self, "said share saves matters", figures=4)}


def differences(session: Session, state: State) -> list[Difference]:
    """What two or more have answered and do not agree on, what matters most first."""
    out = [_of_numbers(session, state, place, ranges) for place, ranges in state.made.spans.items() if len(ranges) > 1]
    by_id = dict[str, list[Answer]]()
    for a in state.made.answered:
        if a.id.startswith(COMPARE) and a.answer is not None:
            by_id.setdefault(a.id, []).append(a)
    out += [_of_comparison(session, state, found) for found in by_id.values() if len(found) > 1]
    return sorted((d for d in out if d.share > 0), key=lambda d: (-d.matters, -d.share, d.question.id))


def _of_numbers(session: Session, state: State, place: int, ranges: tuple[Range, ...]) -> Difference:
    shape = marginals(session.spans.shape, ranges)
    between, within = float(shape.mean.var()), float(shape.variance.mean())
    share = between / (between + within) if between else 0.0
    return Difference(session.questions.number(place), {r.by: r.said for r in ranges}, share, state.doubt.number(place, 0.0))


def _of_comparison(session: Session, state: State, found: list[Answer]) -> Difference:
    question = session.questions.named(found[0].id)
    differ = len({a.answer for a in found}) > 1
    n, m = question.places
    above = state.worlds[:, n] >= state.worlds[:, m]
    saves = state.doubt.comparison(above, question.places, 1.0)
    return Difference(question, {a.by: str(a.answer) for a in found}, float(differ), saves)
