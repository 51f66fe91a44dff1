"""Numbers and faults of files that are no case: a finite number of a size that can be reckoned with, and where a fault is."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, ValidationError

from detente.base.text import Reading
from detente.base.wording import fault, shown
from detente.case.check import block_fault
from detente.errors import Fault

__all__ = ["LARGEST", "Number", "faults_of", "number"]

LARGEST = 1e6
"""What a coefficient or judgement may be in size; none that means anything comes near it."""


def number(given: object, most: float = LARGEST) -> float | None:
    """A number, without negative zero; None for whatever is none, is not finite or is larger than `most`."""
    if isinstance(given, bool) or not isinstance(given, int | float | Decimal):
        return None
    exact = Decimal(given)
    return float(exact) + 0.0 if exact.is_finite() and abs(exact) <= most else None


def _number(given: Any) -> float:
    found = number(given)
    if found is None:
        raise fault(f"got {shown(given)}, wanted a number up to {LARGEST:,.0f} in size")
    return found


Number = Annotated[float, BeforeValidator(_number)]


def faults_of(err: ValidationError, data: Any) -> list[Fault]:
    """The faults that a block found in plain data whose places are not known."""
    found = [block_fault(e["loc"], e["ctx"], Reading(data, {})) for e in err.errors(include_url=False)]
    return [replace(one, line=0, column=0) for one in found]
