"""The format of a conflict file: one model a block, one field a key.

Types and bounds are checked here; what only shows across blocks (names in statements, an option of two parties, rankings) is
checked in `read`. Unknown keys are faults.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from detente.base.wording import fault, shown
from detente.case.block import Block, Id, Line, Text
from detente.case.value import Exact

__all__ = ["ConflictFile", "OptionSpec", "PartySpec"]


def _titled(given: Any) -> Any:
    return {"title": given} if isinstance(given, str) else given


def _entry(given: Any) -> Any:
    if isinstance(given, list):
        for inner in given:
            if isinstance(inner, list):
                raise fault("got a list inside a list of ties", "an inner list holds tied states only")
            _entry(inner)
    elif isinstance(given, bool) or not isinstance(given, int | str):
        raise fault(f"got {shown(given)}, wanted the number of a state, a list of tied ones, or '>>' for a strong divide")
    return given


class OptionSpec(Block):
    """Something that a party can do or leave."""

    title: Line = Field(description="What is done, as it is shown.")
    direction: Literal["both", "forward", "back"] = Field(
        "both", description="forward: once taken it cannot be taken back; back: once dropped it cannot be taken up again."
    )


class PartySpec(Block):
    """A decision maker with its options and its preference, given in exactly one of three ways."""

    name: Line = Field(description="Name as it is shown.")
    options: Mapping[Id, Annotated[OptionSpec, BeforeValidator(_titled, json_schema_input_type=str | OptionSpec)]] = Field(
        description="What it can do, by id; a plain text is the title. The order counts: the first option is the lowest bit."
    )
    statements: tuple[Text, ...] | None = Field(
        None, description="Preference by statements about options, the most important first."
    )
    weights: Mapping[str, Annotated[Fraction, Exact()]] | None = Field(
        None, description="Preference by weights of options, or of statements."
    )
    ranking: tuple[Annotated[Any, BeforeValidator(_entry)], ...] | None = Field(
        None,
        description="Preference by ranking: numbers of states, best first; an inner list holds ties; '>>' divides strongly.",
    )
    strong: Annotated[Fraction, Exact(gt=0)] | None = Field(
        None, description="With statements: how many of the first divide strongly. With weights: the difference that does."
    )
    unknown: tuple[tuple[Any, Any], ...] = Field(
        (), description="Pairs between which its preference is not known: numbers of states, or statements."
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        given = [k for k in ("statements", "weights", "ranking") if getattr(self, k) is not None]
        if len(given) != 1:
            got = " and ".join(given) or "no preference"
            raise fault(f"got {got}, wanted one of statements, weights and ranking", "give its preference in one way")
        if self.strong is not None and self.ranking is not None:
            raise fault("`strong` says nothing about a ranking", "write '>>' between the states that it divides")
        count = len(self.statements or ())
        if self.strong is not None and self.statements is not None and (self.strong.denominator != 1 or self.strong > count):
            raise fault(f"got strong: {self.strong}, wanted a whole number up to {count}, of statements")
        return self


class ConflictFile(Block):
    """A conflict as data."""

    conflict: Id = Field(description="Slug of the conflict.")
    title: Line = Field(description="Title as it is shown.")
    source: Text | None = Field(None, description="Where the model comes from.")
    parties: Mapping[Id, PartySpec] = Field(min_length=1, description="The decision makers, by id.")
    infeasible: tuple[Text, ...] = Field((), description="Statements that cannot hold: states that satisfy one are left out.")
    status_quo: tuple[Text, ...] | None = Field(None, description="The options that are taken today; [] for none.")
    coalitions: tuple[tuple[Text, ...], ...] = Field(
        (), description="Parties that act as one, as lists; whoever is not named acts alone."
    )
