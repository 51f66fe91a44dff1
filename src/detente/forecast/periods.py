"""Periods of a series as whole numbers, and back.

month  : 12 * year + (month - 1), written 2018-06
week   : weeks from Monday to Sunday since 1970-01-05, written 2018-W23 (ISO 8601)
day    : days since 1970-01-01, written 2018-06-12
period : whole numbers as they stand in the table (for tables that number their periods, such as `month_id`)

The season of a period is its place in the year where a year holds a whole number of periods (month: 0 to 11), in the week for
days (0 to 6), and in a year of 52 for weeks. Numbered periods have no season that could be known; twelve to a year is assumed
of numbered months only.

The last period of a table is taken to be unfinished if the silence from the last dated row to its end is longer than any
silence between two rows before. (A row on its last day, of value 0 where nothing happened, says that it is complete.)
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

from detente.base.dates import TIME

__all__ = ["BY", "YEAR", "date_of", "end_of", "label", "period_of", "season", "unfinished"]

BY = ("month", "week", "day", "period")
YEAR = {"month": 12, "week": 52, "day": 7, "period": 12}
_MONDAY = date(1970, 1, 5)
_EPOCH = date(1970, 1, 1)


def period_of(text: str, by: str) -> int | None:
    """The number of the period that a date, or the label of a period, falls into; None if it is neither."""
    text = text.strip()
    if by == "period":
        return int(text) if re.fullmatch(r"-?\d{1,9}", text) else None
    if by == "week" and (found := re.fullmatch(r"(\d{4})-W(\d{2})", text)):
        try:
            return (date.fromisocalendar(int(found[1]), int(found[2]), 1) - _MONDAY).days // 7
        except ValueError:
            return None
    day = date_of(text)
    return None if day is None else of_date(day, by)


def of_date(day: date, by: str) -> int:
    """The number of the period that a day falls into."""
    if by == "month":
        return 12 * day.year + day.month - 1
    return (day - _MONDAY).days // 7 if by == "week" else (day - _EPOCH).days


def label(period: int, by: str) -> str:
    """A period as it is written."""
    if by == "month":
        return f"{period // 12:04d}-{period % 12 + 1:02d}"
    if by == "week":
        year, week, _ = (_MONDAY + timedelta(weeks=period)).isocalendar()
        return f"{year:04d}-W{week:02d}"
    return (_EPOCH + timedelta(days=period)).isoformat() if by == "day" else str(period)


def end_of(period: int, by: str) -> date | None:
    """The last day of a period; None for numbered periods."""
    if by == "month":
        year, month = divmod(period, 12)
        return date(year, month + 1, monthrange(year, month + 1)[1])
    if by == "week":
        return _MONDAY + timedelta(weeks=period, days=6)
    return _EPOCH + timedelta(days=period) if by == "day" else None


def unfinished(days: Iterable[date], by: str) -> date | None:
    """The last of the days on which a table has rows, if the period that it falls into is not complete; else None."""
    known = sorted(set(days))
    if len(known) < 2 or by not in ("month", "week"):
        return None
    end = end_of(of_date(known[-1], by), by)
    longest = max(b - a for a, b in pairwise(known))
    return known[-1] if end is not None and end - known[-1] > longest else None


def season(period: int, by: str) -> int:
    """The place of a period in its year (of months or weeks) or week (of days)."""
    return period % YEAR[by]


def date_of(text: str) -> date | None:
    """The day that a date names, of a month its first; None if it is no date."""
    for pattern in (
        rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}}){TIME}",
        r"(\d{4})-(\d{1,2})",
        r"(\d{4})(\d{2})(\d{2})",
        r"(\d{4})(\d{2})",
    ):
        if found := re.fullmatch(pattern, text):
            parts = [int(x) for x in found.groups()]
            try:
                return date(parts[0], parts[1], parts[2] if len(parts) > 2 else 1)
            except ValueError:
                return None
    return None
