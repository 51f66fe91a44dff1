"""The words of a fault: what was got, what was wanted, one next step.

Pydantic finds the faults; this module says them in the words of this house, with the closest known name where one is near.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

__all__ = ["fault", "is_echo", "patience", "reword", "shown", "some", "suggestion"]

_PATIENCE: ContextVar[list[int] | None] = ContextVar("patience", default=None)
_COMPARED = 20_000  # names compared for the hints of one file: what is misspelt by the thousand needs no hint each
_LISTED = 20


def fault(message: str, hint: str = "") -> PydanticCustomError:
    """A fault in the words of this house: what was got and wanted, and one next step."""
    return PydanticCustomError("case", "{message}", {"message": message, "hint": hint})


@contextmanager
def patience() -> Iterator[None]:
    """Within it, suggestions end after so many comparisons that the time stays in proportion to what is read."""
    token = _PATIENCE.set([_COMPARED])
    try:
        yield
    finally:
        _PATIENCE.reset(token)


def suggestion(name: str, known: Iterable[str]) -> str:
    """``did you mean ...?`` for the closest known name, or nothing."""
    left = _PATIENCE.get()
    if left is not None and left[0] <= 0:
        return ""
    names = list(known)
    if left is not None:
        left[0] -= len(names)
    close = difflib.get_close_matches(name[:100], names, n=1)
    return f"did you mean {close[0]!r}?" if close else ""


def some(names: Sequence[str]) -> str:
    """The first of some names, and how many more there are."""
    more = f" and {len(names) - _LISTED:,} more" if len(names) > _LISTED else ""
    return ", ".join(names[:_LISTED]) + more


def shown(given: object) -> str:
    """A short form of what was got."""
    if given is None:
        return "nothing"
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, Mapping):
        return "a mapping"
    if isinstance(given, list | tuple):
        return f"a list of {len(given)}"
    text = repr(given[:60]) if isinstance(given, str) else _written(given)
    if isinstance(given, str) and len(given) > 60:
        return f"{text[:57]}..."
    return text if len(text) <= 60 else f"{text[:57]}..."


def _written(given: object) -> str:
    try:
        return str(given)
    except ValueError:  # Python's own bound on the digits of a whole number
        return "a number of thousands of digits"


def is_echo(error: ErrorDetails) -> bool:
    """Whether the error only says what is reported by itself: that a list is too short as its entries are, half a pair."""
    return (error["type"] == "too_short" and bool(error["input"])) or error["type"] == "string_unicode"


def reword(error: ErrorDetails, fields: Mapping[str, FieldInfo]) -> InitErrorDetails:
    """One of pydantic's errors in the words of this house; `fields` are those of the block in which it was found."""
    loc, given = error["loc"], error["input"]
    context: dict[str, Any] = dict(error.get("ctx", {}))
    if error["type"] == "case":
        return {"type": PydanticCustomError("case", "{message}", context), "loc": loc, "input": given}
    if error["type"] in ("union_tag_invalid", "union_tag_not_found"):
        key = str(context["discriminator"]).strip("'")
        loc, given = (*loc, key), given.get(key) if isinstance(given, Mapping) else given
    return {
        "type": _said(error["type"], str(loc[-1]) if loc else "", given, context, error["msg"], fields),
        "loc": loc,
        "input": given,
    }


def _said(
    kind: str, name: str, given: object, context: Mapping[str, Any], message: str, fields: Mapping[str, FieldInfo]
) -> PydanticCustomError:
    got = f"got {shown(given)}"
    if kind == "extra_forbidden":
        if name in ("true", "on") and "of" in fields:
            hint = (
                "a tool for YAML 1.1 has made that of `on`; the key is `of` now"
                if name == "true"
                else "it is `of` now: keep one"
            )
            return fault(f"unknown key {shown(name)}", hint)
        return fault(f"unknown key {shown(name)}", suggestion(name, fields) or f"the keys here are {', '.join(fields)}")
    if kind in ("missing", "union_tag_not_found"):
        about = fields[name].description if name in fields else ""
        return fault(f"{name!r} is missing", f"add it: {about}" if about else "add it")
    if kind in ("literal_error", "union_tag_invalid"):
        wanted = str(context.get("expected") or context["expected_tags"])
        return fault(f"{got}, wanted {wanted}", suggestion(str(given), re.findall("'([^']+)'", wanted)))
    if kind in _BOUNDS:
        words, key = _BOUNDS[kind]
        return fault(f"{got}, wanted {words} {context[key]}")
    if kind == "string_pattern_mismatch":
        pattern = str(context["pattern"])
        meant = "-".join(re.findall(r"[a-z0-9]+", str(given).lower())) if pattern == ID else ""
        return fault(f"{got}, wanted {_PATTERNS[pattern]}", f"did you mean {shown(meant)}?" if meant else "")
    return fault(f"{got}, wanted {_WANTED[kind]}" if kind in _WANTED else f"{got}: {message}", _quotes(kind, given))


def _quotes(kind: str, given: object) -> str:
    if kind == "string_type" and isinstance(given, int | float | Decimal):
        return "put it in quotes"
    if kind in ("int_type", "bool_type") and isinstance(given, str):
        return "take the quotes off" if kind == "int_type" else "write true or false, without quotes"
    return ""


ID = r"^[a-z0-9][a-z0-9-]*$"
GRADE = r"^[a-z][a-z0-9-]*$"
SLICE = r"^[a-z0-9][a-z0-9-]*(/[1-9][0-9]*)?$"

CODE = r"^[A-Z][A-Z0-9-]{2,11}$"
"""Who a party is in a record: ISO 3166-1 alpha-3 for a country, or a code of one's own."""
CODES = "a code of 3 to 12 capital letters, digits and hyphens, such as KOR or TPLF"
LENGTH = r"^[1-9][0-9]{0,3} (day|week|month|quarter|year)s?$"
TAG = "tag:yaml.org,2002:"  # how the tags of YAML itself begin
URL = r"^https?://\S+$"

_PATTERNS = {
    ID: "an id of small letters, digits and hyphens",
    GRADE: "a name of small letters, digits and hyphens that begins with a letter",
    SLICE: "the id of a measure, or of a slice of it such as relief/2",
    CODE: CODES,
    LENGTH: "a length such as 1 month, 2 weeks, 1 quarter, 30 days, 1 year",
    URL: "an address that begins with https:// or http://",
}
_BOUNDS = {
    "greater_than": ("more than", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("less than", "lt"),
    "less_than_equal": ("at most", "le"),
}
_WANTED = {
    "bool_type": "true or false",
    "date_from_datetime_parsing": "a date such as 2019-01-30",
    "date_from_datetime_inexact": "a date such as 2019-01-30",
    "date_parsing": "a date such as 2019-01-30",
    "date_type": "a date such as 2019-01-30",
    "dict_type": "a mapping",
    "int_type": "a whole number",
    "mapping_type": "a mapping",
    "model_type": "a mapping",
    "string_too_short": "text",
    "string_type": "text",
    "too_short": "at least one entry",
    "tuple_type": "a list",
}
