"""A time axis of days: where a day stands, and the months that fit under each other without touching."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from detente.brief.charts.svg import path, tag, text_width

__all__ = ["Calendar", "month_after"]

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SIZE = 11.0


def month_after(day: datetime.date, months: int = 1) -> datetime.date:
    """The first day of the month so many months after that of a day."""
    n = day.year * 12 + day.month - 1 + months
    return datetime.date(n // 12, n % 12 + 1, 1)


@dataclass(frozen=True)
class Calendar:
    """Days from `first` to `last` between `left` and `right`."""

    first: datetime.date
    last: datetime.date
    left: float
    right: float

    @classmethod
    def of(cls, first: datetime.date, last: datetime.date, left: float, right: float) -> Calendar:
        """Whole months around two days."""
        return cls(month_after(first, 0), month_after(last), left, right)

    def x(self, day: datetime.date) -> float:
        share = (day - self.first).days / max(1, (self.last - self.first).days)
        return self.left + (self.right - self.left) * min(max(share, 0.0), 1.0)

    def ticks(self) -> Iterator[tuple[datetime.date, str]]:
        """Months with their short names; January has its year. As many as fit, years at least."""
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
        each = (self.right - self.left) / max(1, months)
        every = next((n for n in (1, 3, 6, 12) if n * each >= text_width("Oct 2018", _SIZE) + (2 if n == 1 else 8)), 12 * 2)
        while every > 12 and every * each < text_width("2018", _SIZE) + 8:
            every += 12
        for n in range(months):
            day = month_after(self.first, n)
            at = day.year * 12 + day.month - 1
            if at % every == 0 or n == 0:
                year = str(day.year)
                text = year if day.month == 1 else _MONTHS[day.month - 1]
                ahead = every - at % every
                if n == 0 and at % every and ahead * each < text_width(f"{text} {year}", _SIZE) + 8:
                    continue
                text = f"{text} {year}" if n == 0 and day.month != 1 else text
                if self.x(day) + text_width(text, _SIZE) <= self.right + 8:
                    yield day, text

    def axis(self, y: float, top: float, bottom: float) -> Markup:
        """Names of months on the baseline `y`, each with a thin line from `top` to `bottom`; that of a year is stronger."""
        out = []
        for day, text in self.ticks():
            x = self.x(day)
            out.append(path("M", x, top, "V", bottom, class_="rule" if day.month == 1 else "grid"))
            out.append(tag("text", text, x=x, y=y, class_="tick"))
        return tag("g", *out)
