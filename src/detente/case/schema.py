"""The JSON Schema of the case file, for editors and for readers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from detente.case.model import CaseFile
from detente.case.value import Value, plain

__all__ = ["schema"]


class _Generator(GenerateJsonSchema):
    """Defaults that are exact fractions or values are shown as the numbers an analyst would write."""

    def encode_default(self, dft: Any) -> Any:
        if isinstance(dft, Fraction):
            return plain(dft)
        if isinstance(dft, Value):
            return dft.to_plain()
        return super().encode_default(dft)


def schema() -> dict[str, object]:
    """JSON Schema (draft 2020-12) of a case file.

    It holds types, bounds and descriptions; that references point at something is checked by `load` alone.
    """
    found = CaseFile.model_json_schema(mode="validation", schema_generator=_Generator)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}
