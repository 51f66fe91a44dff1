"""Questions of a case file: bargains on one scale among many actors, for the forecast of positions, and questions with known
answers, by which it is seen how sure the answers of a person are.

Actors are named freely: they need not be parties of the case, and a party may act through several of them. Nothing here
enters a plan.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from detente.base.legible import first_of_each
from detente.base.wording import fault, shown, some
from detente.case.block import Block, EvidenceIds, Id, Line, Text
from detente.case.value import Exact, Value, exact

__all__ = ["Holder", "Known", "Question"]


def _ends(given: Any) -> tuple[Fraction, Fraction]:
    if not isinstance(given, list | tuple) or len(given) != 2:
        raise fault(f"got {shown(given)}, wanted the two ends of the scale: [low, high]")
    low, high = (exact(x) for x in given)
    if not low < high:
        raise fault(f"got {shown(given[0])} and {shown(given[1])}, wanted the lower end first", "swap them, or widen the scale")
    return low, high


def _numbers(given: tuple[Holder, ...]) -> tuple[Holder, ...]:
    twice = sorted({given[n].actor for n, _ in first_of_each(enumerate(h.actor for h in given))})
    if twice:
        raise fault(f"{some(twice)} given twice", "name each actor once")
    if not any(h.capability for h in given):
        raise fault("no actor has any capability", "give at least one of them some")
    return given


Number = Annotated[Fraction, Exact()]
Ends = Annotated[
    tuple[Number, Number],
    BeforeValidator(_ends, json_schema_input_type=Annotated[list[float], Field(min_length=2, max_length=2)]),
]


class Holder(Block):
    """An actor with its position on the scale."""

    actor: Line = Field(description="Name as it is shown; `name/1`, `name/2`, .. are parts of one actor.")
    position: Value = Field(description="Where it stands: a number on the scale, or [low, likely, high].")
    salience: Annotated[Fraction, Exact(ge=0, le=100)] | None = Field(
        None, description="How much it cares, 0 to 100; not known if absent, and then taken to be the mean."
    )
    capability: Annotated[Fraction, Exact(ge=0)] = Field(description="What it can bring to bear, in any unit that all share.")
    evidence: EvidenceIds = ()


class Question(Block):
    """A bargain on one scale."""

    id: Id = Field(description="Its name, once among the questions.")
    title: Line = Field(description="What is bargained over, as it is shown.")
    range: Ends = Field(description="The ends of the scale, [low, high]: the most extreme outcomes on the table.")
    profile: Id | None = Field(
        None, description="The coefficients of the forecast, by name (`eu-council`); without: the two baselines only."
    )
    actors: Annotated[tuple[Holder, ...], Field(min_length=1), AfterValidator(_numbers)] = Field(
        description="Who holds which position."
    )
    evidence: EvidenceIds = ()

    @model_validator(mode="after")
    def _within(self) -> Self:
        low, high = self.range
        outside = [h.actor for h in self.actors if not low <= h.position.low <= h.position.high <= high]
        if outside:
            raise fault(f"the position of {some(outside)} is off the scale", "correct it, or widen `range`")
        return self


class Known(Block):
    """A question whose answer is known, put to everybody who judges: how often it lies within the ranges that they give."""

    text: Line = Field(description="The question as it is asked; its answer is a number.")
    answer: Annotated[Fraction, Exact()] = Field(description="The answer.")
    source: Text = Field(description="Where the answer can be looked up.")
