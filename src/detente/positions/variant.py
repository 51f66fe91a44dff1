"""A variant of the challenge model, as a file: the choices that the literature leaves open (`detente.positions.challenge`).

    q: 0.5
    denominator: pair
    votes: plain
    order: least
    range: current
    rounds: 20
    settle: 1

A choice that is left out is the paper's. All of the paper's together have the name `paper`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from detente.base.bounds import absent, name_of, read_text
from detente.base.text import read_yaml
from detente.base.wording import suggestion
from detente.case.block import Block
from detente.case.profile import validated
from detente.errors import PositionsError
from detente.positions.challenge import Variant

__all__ = ["PAPER", "read_variant"]

PAPER = "paper"


class _File(Block):
    """The keys of a variant."""

    q: float = Field(1.0, ge=0, le=1, description="How likely it is that things stay as they are without a challenge.")
    denominator: Literal["all", "pair", "third", "positive"] = Field("all", description="The votes below the line.")
    votes: Literal["risk", "plain"] = Field("risk", description="Votes curved by risk, or plain.")
    order: Literal["types", "nearest", "least"] = Field("types", description="Which offer goes before which.")
    range: Literal["first", "current"] = Field("first", description="Of which round the range is.")
    rounds: int = Field(8, ge=1, description="At most so many rounds.")
    settle: float | None = Field(None, ge=0, description="Hundredths of the range below which a move of the median ends it.")


def read_variant(given: str | Path) -> Variant:
    """A variant from a file of YAML or JSON, ``-`` for standard input, or by the name `paper`.

    Raises
    ------
    PositionsError
        With every fault at once: no such file, or choices that there are not.
    """
    name = name_of(given)
    if name == PAPER:
        return Variant()
    if absent(given):
        hint = suggestion(name, [PAPER]) or f"write {PAPER}, or the name of a file with choices such as `q: 0.5`"
        raise PositionsError(f"{name}: cannot be read as a variant: there is no such file ({hint})", source=name)
    text = read_text(given, error=PositionsError, what="variant")
    reading = read_yaml(text if text.strip() else "null", name, error=PositionsError, what="variant")
    return Variant(**validated(reading, name, _File, PositionsError).model_dump())
