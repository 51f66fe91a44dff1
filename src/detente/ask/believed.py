"""What is believed after answers: ranges and comparisons, and which answers stand aside because they contradict others.

A number in four parts says that the quantity lies from low to high with probability `sure`. Its range is moved outwards about
the best guess until the case's shape holds that probability between the two, by the rule of `ranges.confidence`
(`case.draws.widen`). A word is the grade of the case. A comparison is one as the case file has it. What an answer says takes
the place of what the case says; the last answer to a number or to its word counts.

Several people. Each has answered alone. A quantity is distributed as the mean of what those say who have answered it, with
equal weights (linear opinion pool: Stone 1961, The opinion pool, Annals of Mathematical Statistics 32; Clemen and Winkler 1999,
Combining probability distributions from experts in risk analysis, Risk Analysis 19): where they differ the mean is wider than
either. A comparison counts where nobody who has answered it says the opposite. Who missed too many of the questions with known
answers has all ranges made wider (`calibration`).

Contradictions. In the order in which they were given, an answer that leaves no room with those before it stands aside, with the
smallest set that clashes (`case.draws.polytope`); it is kept, and counts again once the others are taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from detente.ask.answers import Answer
from detente.ask.questions import SAME, Number, Question, Questions
from detente.base.words import figure, percent
from detente.case.draws.quantities import Preference, Quantity
from detente.case.draws.shape import Shape
from detente.case.draws.widen import Spans, factor, stretched
from detente.errors import InputError

if TYPE_CHECKING:
    from detente.case.case import Case

__all__ = ["Aside", "Believed", "Range", "believed", "clash", "marginals", "range_of"]


@dataclass(frozen=True)
class Range:
    """What one person says of a quantity: its least, likeliest and largest value. word : what was chosen, where it was a word.
    said : the answer in words."""

    low: Fraction
    likely: Fraction
    high: Fraction
    by: str
    word: str = ""
    said: str = ""


def marginals(shape: str, ranges: Sequence[Range | Quantity]) -> Shape:
    """Of several ranges, as the case draws them."""
    ends = np.array([[float(x or 0) for x in (r.low, r.likely, r.high)] for r in ranges])
    return Shape.of(shape, *ends.T)


@dataclass(frozen=True)
class Aside:
    """An answer that does not count, and why."""

    answer: Answer
    because: str

    def to_dict(self) -> dict[str, object]:
        return {"id": self.answer.id, "by": self.answer.by, "because": self.because}


@dataclass(frozen=True)
class Believed:
    """What is believed of a case. spans : by place of the quantity, a range a person. preferences : those of the case and those
    that were answered, which name the quantities with these ranges. answered : what counts, in order. aside : what does not."""

    spans: Mapping[int, tuple[Range, ...]]
    preferences: tuple[Preference, ...]
    answered: tuple[Answer, ...]
    aside: tuple[Aside, ...]


def believed(
    questions: Questions, spans: Spans, stated: Sequence[Preference], answers: Iterable[Answer], wider: Mapping[str, float]
) -> Believed:
    """What answers say, none of them held against another. stated : the comparisons of the case. wider : by what the ranges of
    a person are multiplied."""
    ranges = dict[int, dict[str, Range]]()
    compared = dict[tuple[int, int], list[tuple[Answer, str]]]()
    counted, aside = list[Answer](), list[Aside]()
    for a in sorted(answers, key=lambda a: (a.at, a.by, a.line)):
        try:
            question = questions.named(a.id)
            said = questions.read(question, a.answer)
        except InputError as err:  # the case has changed since
            aside.append(Aside(a, str(err)))
            continue
        counted.append(a)
        if said is None or not question.places:
            continue
        if question.kind == "comparison":
            compared.setdefault((question.places[0], question.places[1]), []).append((a, str(said)))
        else:
            place = question.places[0]
            ranges.setdefault(place, {})[a.by] = range_of(questions, spans, question, said, a.by, wider.get(a.by, 1.0))
    named = {n: tuple(by.values()) for n, by in ranges.items()}
    now = {q.path: _moved(q, named.get(n, ())) for n, q in enumerate(questions.quantities)}
    old = [replace(p, upper=now.get(p.upper.path, p.upper), lower=now.get(p.lower.path, p.lower)) for p in stated]
    return Believed(named, (*old, *_preferences(questions, now, compared, len(stated))), tuple(counted), tuple(aside))


def range_of(questions: Questions, spans: Spans, question: Question, said: Number | str, by: str, wider: float = 1.0) -> Range:
    """What an answer says of the quantity of its question. wider : by what the ranges of this person are multiplied."""
    q = questions.quantities[question.places[0]]
    if isinstance(said, str):
        value = questions.scale(q.kind)[said]
        (low, high), likely, word, told = spans.span(q.kind, value), value.likely, said, said
    else:
        k = factor(q.kind, said.low, said.best, said.high, spans.shape, said.sure)
        (low, high), likely, word = stretched(q.kind, said.low, said.best, said.high, k), said.best, ""
        best, least, most = (figure(x, 4) for x in (said.best, said.low, said.high))
        told = f"{best} ({least} to {most}, {percent(said.sure)} sure)"
    if wider != 1:
        low, high = stretched(q.kind, low, likely, high, Fraction(wider))
    return Range(low, likely, high, by, word, told)


def _moved(q: Quantity, ranges: Sequence[Range]) -> Quantity:
    """A quantity with the range that all who have answered leave to it."""
    if not ranges:
        return q
    low, high = min(r.low for r in ranges), max(r.high for r in ranges)
    likely = min(max(sum((r.likely for r in ranges), Fraction(0)) / len(ranges), low), high)
    return replace(q, low=low, likely=likely, high=high, by_spread=False)


def _preferences(
    questions: Questions,
    now: Mapping[tuple[str | int, ...], Quantity],
    compared: Mapping[tuple[int, int], Sequence[tuple[Answer, str]]],
    first: int,
) -> list[Preference]:
    out = list[Preference]()
    for (n, m), said in compared.items():
        wanted = {x for _, x in said} - {SAME}
        if len(wanted) != 1:
            continue  # nobody prefers either, or they differ
        one, other = (now[questions.quantities[k].path] for k in (n, m))
        upper, lower = (one, other) if one.measure in wanted else (other, one)
        out.append(Preference(first + len(out), upper, Fraction(1), lower, Fraction(1)))
    return out


def clash(case: Case, made: Believed) -> str:
    """The smallest set of comparisons and ranges that contradict each other, in words; empty: there is room for all."""
    from detente.case.draws.polytope import contradiction

    found = contradiction(made.preferences)
    if found is None:
        return ""
    comparisons, values = found
    names = {i: p.name for i, p in case.parties.items()}
    said = [f"{names[str(p.upper.party)]}: {p.upper.measure} is worth at least {p.lower.measure}" for p in comparisons]
    said += [f"{q.name} lies from {figure(q.low or 0, 4)} to {figure(q.high or 0, 4)}" for q in values]
    return "; ".join(said)
