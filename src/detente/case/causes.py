"""Why a step is not carried out, as far as the case file says it: consents, new governments, answers.

    needs         a body that the actor does not command has to agree: with k of them the step is refused with
                  1 - q_1 q_2 .. q_k
    governments   from phase `first` on, every `every` phases, another government that opposes comes with chance `chance`:
                  other values, other trust, and each phase with chance `undoes` it ends what is in force
    answers       when `if` is missed, `by` holds back `holds` with chance `chance`

What the class of a step has to do with its being late, how much a firm demand holds back, and what a party does of which no
answer is stated are judgements of a profile of the plays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from detente.base.text import Path
from detente.base.wording import fault
from detente.case.block import Belief, Block, Chance, Id, Line, MeasureId, PartyId, SomeMeasures, Whole
from detente.case.value import Exact, Value

if TYPE_CHECKING:
    from detente.case.model import MeasureSpec

__all__ = ["Answer", "Class", "Consent", "Governments", "Ranges", "answer_faults"]

_MOST = 1000  # phases, as of a lag

Class = Literal[
    "contact",
    "pledge",
    "information",
    "transfer",
    "works",
    "suspension",
    "disabling",
    "dismantling",
    "recognition",
    "amnesty",
    "power",
    "inspection",
]
"""What sort of work a step is: how often steps of its sort come late."""


class Consent(Block):
    """A consent that a step needs, of a body that its actor does not command."""

    id: Id = Field(description="Its name, once among the consents of the measure.")
    by: Line = Field(description="Who has to agree, as it is shown: a parliament, a court, a board.")
    chance: Chance = Field(description="Probability that it agrees when it is asked.")
    again: Whole | None = Field(
        None, ge=1, le=_MOST, description="Phases after which it is asked again; not asked again if absent."
    )


class Governments(Block):
    """Changes of government that come round: elections, terms, successions."""

    every: Whole = Field(ge=1, le=_MOST, description="Phases from one possible change to the next.")
    first: Whole | None = Field(None, ge=0, le=_MOST, description="The phase of the first; after `every` phases if absent.")
    chance: Chance = Field(description="Probability, each time, that a government comes which opposes what was agreed.")
    value: Mapping[MeasureId, Value] = Field(
        default_factory=dict, description="Its values per phase, by measure; as before for the others."
    )
    trust: Mapping[PartyId, Belief] = Field(default_factory=dict, description="Its trust, by party; as before in the others.")
    undoes: Chance = Field(
        Value.of(0), description="Probability per phase that it ends what the party keeps up; the reversible and dear first."
    )

    @property
    def begins(self) -> int:
        """The phase of the first possible change."""
        return self.every if self.first is None else self.first

    @model_validator(mode="after")
    def _changes(self) -> Self:
        if not self.value and not self.trust and self.undoes.is_zero:
            raise fault("it changes nothing", "give `value`, `trust` or `undoes`")
        return self


class Answer(Block):
    """What a party holds back when a step of another is missed."""

    if_: MeasureId = Field(alias="if", description="The step that is missed.")
    by: PartyId = Field(description="The party that answers; not one that should have taken the step.")
    holds: SomeMeasures = Field(description="What it holds back until the step is taken: measures of its own.")
    chance: Chance = Field(description="Probability that it answers so.")


class Ranges(Block):
    """What the ranges of the case mean."""

    confidence: Annotated[Fraction, Exact(gt=0, le=1)] | None = Field(
        None,
        description="Probability that a number lies within its range: 0.8 for ranges of 80%; hard ends if absent.",
    )


def answer_faults(answers: Mapping[int, Answer], measures: Mapping[str, MeasureSpec]) -> Iterator[tuple[Path, str, str]]:
    """Answers of a party to itself, or with what is not its own. answers : by their place in the list."""
    for n, answer in answers.items():
        missed = measures.get(answer.if_.partition("/")[0])
        if missed is not None and answer.by in missed.by:
            message = f"got {answer.by}, which takes {answer.if_} itself; wanted a party that waits for it"
            yield ("answers", n, "by"), message, "name the party that answers"
        for k, m in enumerate(answer.holds):
            held = measures.get(m.partition("/")[0])
            if held is not None and answer.by not in held.by:
                message = f"got {m}, a measure of {', '.join(held.by)}; wanted one of {answer.by}"
                yield ("answers", n, "holds", k), message, "a party can hold back only what it does itself"
