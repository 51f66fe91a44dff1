"""Dates of questions: ISO, or as American sheets write them (month first: 9/1/11, 12/30/11 0:00).

A day outside the span of `detente.base.dates` is none; years of two digits go by its pivot.
"""

from __future__ import annotations

import re
from datetime import date

from detente.base.dates import TIME, full_year, plausible

__all__ = ["day_of"]


def day_of(text: str) -> date | None:
    """The day that a text names, its time of day left aside; None if it names none."""
    day = _day(text.strip())
    return day if day is not None and plausible(day) else None


def _day(text: str) -> date | None:
    try:
        if found := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})" + TIME, text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{2}|\d{4})(?: \d{1,2}:\d{2}(?::\d{2})?)?", text):
            year = int(found[3])
            return date(full_year(year) if len(found[3]) == 2 else year, int(found[1]), int(found[2]))
    except ValueError:
        return None
    return None
