"""Dates of phases.

The first day of phase t is as_of + t lengths, counted from as_of each time; a day that the month does not have becomes its last
(31 January plus one month: 28 or 29 February; plus two: 31 March).
"""

from __future__ import annotations

import calendar
import datetime

__all__ = ["later", "phases_a_year"]

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_DAYS = {"day": 1, "week": 7}


def later(start: datetime.date, length: str, times: int) -> datetime.date:
    """`start` plus so many times a length such as ``1 month``, ``2 weeks``, ``30 days``.

    Raises
    ------
    OverflowError
        Beyond the year 9999.
    """
    number, unit = length.split()
    unit, count = unit.removesuffix("s"), int(number) * times
    if unit in _DAYS:
        return start + datetime.timedelta(days=count * _DAYS[unit])
    year, month = divmod(start.year * 12 + start.month - 1 + count * _MONTHS[unit], 12)
    if not 1 <= year <= 9999:
        raise OverflowError(f"{length} times {times} after {start.isoformat()} lies outside the calendar")
    return datetime.date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def phases_a_year(length: str) -> float:
    """How many phases of a length a year has: 12 of a month, 365.25 / 14 of two weeks."""
    number, unit = length.split()
    unit = unit.removesuffix("s")
    return 365.25 / (_DAYS[unit] * int(number)) if unit in _DAYS else 12 / (_MONTHS[unit] * int(number))
