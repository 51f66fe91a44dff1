"""Results as plain data for JSON: what each kind of value becomes there, said once for all of them.

date, time       ISO 8601: 2019-01-30, 2019-01-30T12:00:00
fraction         the nearest float
path             text
result           what its own `to_dict` says
mapping          a dictionary, in its order
list, tuple      a list
float            as it is, or rounded, to so many decimals (`digits`) or significant figures (`figures`)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from fractions import Fraction
from operator import attrgetter
from pathlib import Path
from typing import Any

__all__ = ["FIGURES", "plain", "told"]

FIGURES = 6
"""Significant figures of what is computed in floating point at length: the seventh can differ from machine to machine."""


def plain(value: Any, *, digits: int | None = None, figures: int | None = None) -> Any:
    """A value as JSON has it, in new dictionaries and lists at every depth."""
    if isinstance(value, float):
        value = value if digits is None else round(value, digits)
        return value if figures is None else float(f"{value:.{figures}g}")
    if isinstance(value, Mapping):
        return {key: plain(inner, digits=digits, figures=figures) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner, digits=digits, figures=figures) for inner in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Fraction):
        return float(value)
    if isinstance(value, Path):
        return str(value)
    return value.to_dict() if hasattr(value, "to_dict") else value


def told(result: Any, names: str = "", *, digits: int | None = None, figures: int | None = None) -> dict[str, Any]:
    """Attributes of a result as JSON has them, in this order; without names, all its fields.

    names : ``"a b from=first by=who.name"`` tells `a` and `b` under their own names, `first` as `from`, `who.name` as `by`.
    """
    pairs = [name.partition("=") for name in names.split() or [field.name for field in fields(result)]]
    return {key: plain(attrgetter(name or key)(result), digits=digits, figures=figures) for key, _, name in pairs}
