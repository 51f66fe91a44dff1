"""Which dates a table or a record can hold: a span that has room for all that is studied, and none for a slip of the keys.

A date outside it is almost always no date: the end of time that databases write for "no end" (9999-12-31), a number of
something else, a year of two digits. It would stretch a series to thousands of years or stand last in a record for ever.

The span goes from `EARLIEST` to `AHEAD` years after today. Whoever studies other times states another one, as arguments or in
the environment, with a first day, a last day, or both: DETENTE_DATES=1492-01-01/1800-12-31 or DETENTE_DATES=1492-01-01/
"""

from __future__ import annotations

import os
from datetime import date

from detente.errors import InputError

__all__ = ["AHEAD", "EARLIEST", "VARIABLE", "plausible", "span"]

EARLIEST = date(1800, 1, 1)
"""The first day that a record or table can hold, where nothing else is stated."""

AHEAD = 10
"""How many years after today the last one lies, to the end of that year."""

VARIABLE = "DETENTE_DATES"


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
