"""JSON as plain data, strictly: one value, no key twice, no NaN or infinity, and no more than the bounds allow.

Python's own reader takes all of these, and ends in an error of its own where a text is nested deeply or a number has
thousands of digits. Half a character (a surrogate without its other half) becomes a question mark.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from detente.base.bounds import within
from detente.errors import Fault, InputError

__all__ = ["read_json"]

MOST_DIGITS = 4_300
"""Digits of a whole number: to read more of them Python takes a time that grows with their square."""


def read_json(text: str, source: str, *, error: type[InputError] = InputError, what: str = "text", hint: str = "") -> Any:
    """Read one JSON value. what : what errors call it. hint : one next step where it is no JSON.

    Raises
    ------
    InputError
        Or `error`, with the line and column where it can be told.
    """

    article = "an" if what[:1] in "aeiou" else "a"

    def refused(message: str, next_step: str, line: int = 0, column: int = 0) -> InputError:
        fault = Fault(line, column, "", message, next_step)
        return error(f"{source}: cannot be read as {article} {what}", source=source, faults=[fault])

    try:
        data = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number, parse_int=_whole, parse_float=_finite)
    except json.JSONDecodeError as err:
        raise refused(f"not JSON: {err.msg}", hint, err.lineno, err.colno) from None
    except RecursionError:
        raise refused("nested too deeply", hint or "write it flat") from None
    except _RefusedError as err:
        raise refused(str(err), err.hint) from None
    _bounded(data, source, error)
    if _HALF.search(text):  # half a character can be neither written nor shown
        data = json.loads(json.dumps(data, ensure_ascii=False).encode("utf-8", errors="replace"))
    return data


_HALF = re.compile(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")


class _RefusedError(ValueError):
    def __init__(self, message: str, hint: str) -> None:
        self.hint = hint
        super().__init__(message)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _RefusedError(f"key {key[:60]} is given twice", "keep one of them")
        found[key] = value
    return found


def _no_number(name: str) -> None:
    raise _RefusedError(f"got {name}, which is not JSON", "write null, or leave it out")


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise _RefusedError(f"got a number of {len(digits):,} digits, wanted at most {MOST_DIGITS:,}", "round it")
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise _RefusedError(f"got the number {digits[:60]}, which is too large", "write it smaller")
    return number


def _bounded(data: Any, source: str, error: type[InputError]) -> None:
    """Level by level, so that the depth of the data is no depth of the stack."""
    level, entries, depth = [data], 0, 0
    while level := [x for value in level for x in _inside(value)]:
        depth += 1
        entries += len(level)
        within("depth", depth, source, error=error)
        within("entries", entries, source, error=error)


def _inside(value: Any) -> Any:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
