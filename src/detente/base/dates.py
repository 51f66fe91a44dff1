"""Which dates a table or a record can hold: a span that has room for all that is studied, and none for a slip of the keys.

A date outside it is almost always no date: the end of time that databases write for "no end" (9999-12-31), a number of
something else, a year of two digits. It would stretch a series to thousands of years or stand last in a record for ever.

The span goes from `EARLIEST` to `AHEAD` years after today. Whoever studies other times states another one, as arguments or in
the environment, with a first day, a last day, or both: DETENTE_DATES=1492-01-01/1800-12-31 or DETENTE_DATES=1492-01-01/

A year of two digits is one of the hundred from `PIVOT` on, wherever the order of day, month and year is sure; where it is not
(18-03-09), it is no date. A day far from all others of a table (`apart`) is taken for a slip, too, where no span is stated.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from datetime import date

from detente.errors import InputError

__all__ = ["AHEAD", "APART_HINT", "EARLIEST", "PIVOT", "TIME", "VARIABLE", "apart", "full_year", "plausible", "span"]

EARLIEST = date(1800, 1, 1)
"""The first day that a record or table can hold, where nothing else is stated."""

AHEAD = 10
"""How many years after today the last one lies, to the end of that year."""

PIVOT = 1930
"""The first year that two digits can mean: 30 is 1930, and 29 is 2029."""

FAR = 3653
"""Days between a date and its neighbour beyond which it may stand apart: ten years."""

VARIABLE = "DETENTE_DATES"

TIME = r"(?:[ T]\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)? ?(?:[AaPp][Mm]|Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?"
"""A time that may stand behind a day, as a regular expression; whatever else stands there (BC) may make it another day."""

APART_HINT = f"a gap of years lies between: correct it, or state the span that is meant with {VARIABLE}=FIRST/LAST"
"""What to do about a day that stands apart."""


def span(today: date | None = None) -> tuple[date, date]:
    """The first and the last day that can be held; today : None, by the clock.

    Raises
    ------
    InputError
        If the environment states another span in a way that cannot be read.
    """
    first, last = EARLIEST, date(min((today or date.today()).year + AHEAD, date.max.year), 12, 31)
    if stated := os.environ.get(VARIABLE, "").strip():
        start, slash, end = (part.strip() for part in stated.partition("/"))
        try:
            first, last = date.fromisoformat(start) if start else first, date.fromisoformat(end) if end else last
        except ValueError:
            slash = ""
        if not slash or first > last:
            raise InputError(
                f"{VARIABLE}: got {stated[:60]!r}, wanted FIRST/LAST, two days in order such as 1800-01-01/2040-12-31, "
                "one of which may be left out",
                source=VARIABLE,
            )
    return first, last


def plausible(day: date, *, within: tuple[date, date] | None = None) -> bool:
    """Whether a day lies in the span; within : the first and last day of another one than that of `span`.

    Ask `span` once and pass it on where many days are looked at.
    """
    first, last = within or span()
    return first <= day <= last


def full_year(digits: int) -> int:
    """The year that two digits mean, from `PIVOT` to 99 years after it."""
    return PIVOT + (digits - PIVOT) % 100


def apart(days: Collection[date]) -> tuple[date, ...]:
    """The days that a slip may have put far from the others: before or after a gap longer than ten years and than all that lies
    on its other side, and so few that they are one in ten, or one alone.

    One such day stretches a series to a hundred years that are empty. None where a span is stated: every day in it is meant.
    """
    found, rest = [], sorted(set(days))
    while VARIABLE not in os.environ and len(rest) > 2:
        gap, cut = max(((rest[n] - rest[n - 1]).days, n) for n in range(1, len(rest)))
        few, many = sorted((rest[:cut], rest[cut:]), key=len)
        if gap <= max(FAR, (many[-1] - many[0]).days) or len(few) > max(1, len(many) // 10):
            break
        found += few
        rest = many
    return tuple(sorted(found))
