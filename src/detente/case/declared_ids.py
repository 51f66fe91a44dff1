"""What a case defines, gathered before it is checked, so that every reference can be checked where it stands.

The ids of parties, measures, sources and evidence are taken from the raw data. A definition that is itself faulty still counts
as defined: it is reported once, where it stands, and not again at every reference to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import GetCoreSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from detente.base.wording import fault, shown, suggestion
from detente.case.value import Value

__all__ = ["MOST_PHASES", "DeclaredIds", "To"]

MOST_PHASES = 1000


@dataclass(frozen=True)
class DeclaredIds:
    """The ids that a case defines.

    ids : what is defined, by block ("parties", "measures", "sources", "evidence"); None where the block itself cannot be read.
    slices : by measure; None where it cannot be read.
    grades : by name; None where it cannot be read.
    phases : T; None where it cannot be read.
    words : of the table that the case names, by what they are said of.
    """

    ids: Mapping[str, Mapping[str, Any] | None]
    slices: Mapping[str, int | None]
    grades: Mapping[str, Value | None]
    phases: int | None
    words: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)

    @classmethod
    def in_data(cls, data: Mapping[str, Any], words: Mapping[str, Mapping[str, Value]]) -> DeclaredIds:
        """Gather the ids from the raw data of a case file. words : of the table that it names."""
        blocks = ("parties", "measures", "sources", "evidence")
        ids = {block: data[block] if isinstance(data.get(block), dict) else None for block in blocks}
        ids.update({block: {} for block in ("sources", "evidence") if block not in data})
        phases = data.get("phases")
        count = phases.get("count") if isinstance(phases, dict) else None
        return cls(
            ids,
            {m: _slices(spec) for m, spec in _mapping(data, "measures").items()},
            {name: _grade(given) for name, given in _mapping(data, "grades").items()},
            count if isinstance(count, int) and not isinstance(count, bool) and 1 <= count <= MOST_PHASES else None,
            words,
        )

    def check(self, block: str, name: str) -> str:
        """The name, if it is defined.

        Raises
        ------
        PydanticCustomError
            If it is not; with the closest name that is.
        """
        ids = self.ids[block]
        one = {"parties": "party", "measures": "measure", "sources": "source", "evidence": "piece of evidence"}[block]
        bare, _, number = name.partition("/") if block == "measures" else (name, "", "")
        if ids is None:
            return name
        if bare not in ids:
            raise fault(f"got {shown(name)}, wanted a {one} defined under `{block}`", suggestion(bare, ids))
        slices = self.slices.get(bare) if number else None
        if slices is not None and (slices == 1 or len(number) > len(str(slices)) or not 1 <= int(number) <= slices):
            wanted = f"a slice from {bare}/1 to {bare}/{slices}" if slices > 1 else f"{bare}, which has no slices"
            raise fault(f"got {shown(name)}, wanted {wanted}")
        return name


@dataclass(frozen=True)
class To:
    """Annotates an id that must be defined in a block of the case."""

    block: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_after_validator_function(self._check, handler(source))

    def _check(self, name: str, info: ValidationInfo) -> str:
        return info.context.check(self.block, name) if isinstance(info.context, DeclaredIds) else name


def _mapping(data: Mapping[str, Any], block: str) -> Mapping[str, Any]:
    found = data.get(block)
    return found if isinstance(found, dict) else {}


def _slices(spec: object) -> int | None:
    slices = spec.get("slices", 1) if isinstance(spec, dict) else None
    return slices if isinstance(slices, int) and not isinstance(slices, bool) and slices >= 1 else None


def _grade(given: object) -> Value | None:
    try:
        return Value.of(given)
    except PydanticCustomError:
        return None
