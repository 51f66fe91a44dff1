"""The key `rough` of the case file: by which table its words become numbers, and what in it is changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from detente.base.wording import fault, shown, suggestion
from detente.case.block import Block, EvidenceIds
from detente.case.rough.entries import ENTRIES
from detente.case.value import Value

__all__ = ["Rough"]


def _known(name: str) -> str:
    if name not in ENTRIES:
        hint = suggestion(name, ENTRIES) or "such as lag_works, trust_little, worth_large"
        raise fault(f"got {shown(name)}, wanted an entry of the table", hint)
    return name


def _in_numbers(given: Any) -> Any:
    if isinstance(given, str):
        raise fault(f"got {shown(given)}, wanted a number or [low, likely, high]", "words are what the table explains")
    return given


class Rough(Block):
    """The table by which words become numbers."""

    table: Literal["plain"] = Field(description="Its name.")
    changes: Mapping[Annotated[str, AfterValidator(_known)], Annotated[Value, BeforeValidator(_in_numbers)]] = Field(
        default_factory=dict, description="Entries of the table that are otherwise here, in the units of the table."
    )
    evidence: EvidenceIds = ()

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, data: Any) -> Any:
        return {"table": data} if isinstance(data, str) else data

    @model_validator(mode="after")
    def _within_bounds(self) -> Rough:
        for name, value in self.changes.items():
            if not all(map(ENTRIES[name].holds, (value.low, value.high))):
                raise fault(f"{name}: got {value.text}, wanted {ENTRIES[name].wanted}", "the units stand in the reference")
        return self
