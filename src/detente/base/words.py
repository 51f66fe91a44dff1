"""Numbers, counts, dates and names in words: said here, for the terminal, pages, notebooks and sentences in JSON.

Conventions
-----------
What was computed has two significant digits in a sentence and three in a table, a true minus sign, and is never written with
an exponent; what somebody wrote keeps its digits. A share is a percentage without a blank before its sign; one that is not all
or none is never shown as that. Amounts of value are in units of the party whose value it is. In a sentence, a number below a
thousandth is said to be that. Names stand exactly as the case gives them: of measures in quotation marks, of parties with the
article that English gives them ("the United States", "North Korea").
"""

from __future__ import annotations

import datetime
import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

__all__ = [
    "MINUS",
    "Pace",
    "amount",
    "amounts",
    "as_written",
    "count",
    "figure",
    "from_to",
    "full_date",
    "isolated",
    "joined",
    "level_percent",
    "number",
    "percent",
    "quoted",
    "ranged",
    "rounded",
    "runs",
    "sentence",
    "signed",
    "signed_figure",
    "the",
]

SMALLEST = 0.001
MINUS = "\u2212"

# Names that English gives an article: those made of common nouns ("United Kingdom", "Steelworkers Union").
_COMMON_FIRST = {
    "united",
    "republic",
    "kingdom",
    "union",
    "federation",
    "government",
    "commonwealth",
    "state",
    "city",
    "european",
}
_COMMON_LAST = {
    "states", "republic", "kingdom", "union", "federation", "emirates", "islands", "isles", "nations", "netherlands",
    "philippines", "government", "front", "party", "movement", "army", "council", "authority", "alliance", "board", "ministry",
}  # fmt: skip


def number(x: Fraction | float) -> str:
    """Two significant digits: 0.8, 12, 1,200, \u22120.034; 0 is "0", and what rounds below a thousandth is "about 0"."""
    value = float(x)
    if value == 0:
        return "0"
    if abs(value) < SMALLEST:
        return "about 0"
    return (MINUS if value < 0 else "") + _rounded(abs(value), 2)


def signed(x: Fraction | float) -> str:
    """The same with a plus sign before what is above 0."""
    return number(x) if x <= 0 else f"+{number(x)}"


def figure(x: Fraction | float, digits: int = 3) -> str:
    """A computed number in a table: to so many significant digits, however small or large it is."""
    value = float(x)
    if not math.isfinite(value):
        return "not known" if math.isnan(value) else (MINUS if value < 0 else "") + "\u221e"
    return (MINUS if value < 0 else "") + _rounded(abs(value), digits)


def signed_figure(x: Fraction | float, digits: int = 3) -> str:
    """The same with a plus sign before what is above 0: a gain, a slack."""
    return figure(x, digits) if x <= 0 else f"+{figure(x, digits)}"


def rounded(x: Fraction | float, decimals: int, *, sign: bool = False) -> str:
    """With so many decimals, which stay where they are 0; never "\u22120". sign : a plus stands before what is above 0."""
    text = f"{abs(float(x)):,.{decimals}f}"
    nothing = not text.strip("0.,")
    return ("" if nothing else MINUS if x < 0 else "+" if sign else "") + text


def _rounded(size: float, digits: int) -> str:
    """To so many significant digits, trailing zeros left out."""
    if size == 0:
        return "0"
    rounded = round(size, digits - 1 - math.floor(math.log10(size)))
    decimals = max(0, digits - 1 - math.floor(math.log10(rounded)))
    text = f"{rounded:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def amount(x: Fraction | float) -> str:
    """The size of a value with its unit: "0.8 units", "1 unit", "less than 0.001 units". The sign is left to the sentence."""
    size = abs(float(x))
    if 0 < size < SMALLEST:
        return f"less than {SMALLEST} units"
    text = number(size)
    return f"{text} unit" if text == "1" else f"{text} units"


def amounts(x: Fraction | float, y: Fraction | float) -> tuple[str, str]:
    """Two sizes with their unit, with as many digits as it takes to tell them apart: "15 units" and "14.6 units"."""
    a, b = amount(x), amount(y)
    digits = 3
    while a == b and x != y and digits < 7:
        a, b = (f"{_rounded(abs(float(z)), digits)} units" for z in (x, y))
        digits += 1
    return a, b


def as_written(x: Fraction | float) -> str:
    """All digits of a number that somebody wrote: 0.975, \u22120.1; repeating decimals (cut into slices) get four digits."""
    exact = Fraction(str(x)) if isinstance(x, float) else Fraction(x)
    size = abs(exact)
    if 0 < size < Fraction(1, 10**4):
        return figure(exact)
    text = f"{float(size):,.4f}" if (size * 10**6).denominator != 1 else f"{float(size):,.6f}"
    text = text.rstrip("0").rstrip(".")
    return (MINUS if exact < 0 else "") + text


def percent(x: Fraction | float, decimals: int = 0) -> str:
    """A share of 1: "15%"; "under 1%" and "over 99%" where rounding would say none or all. Below 0 with a minus sign."""
    value, least = float(100 * x), 10.0**-decimals
    if 0 < value < least:
        return f"under {least:.{decimals}f}%"
    if 100 - least < value < 100:
        return f"over {100 - least:.{decimals}f}%"
    text = rounded(value, decimals)
    return f"{text.rstrip('0').rstrip('.') if decimals else text}%"


def from_to(low: Fraction | float, high: Fraction | float, decimals: int = 0) -> str:
    """Two shares: "94.1 to 99.2%"."""
    return f"{percent(low, decimals).removesuffix('%')} to {percent(high, decimals)}"


def level_percent(x: Fraction | float) -> str:
    """A share with two significant digits, "12%", "1.2%"; zero is "0%", and "over 99%" what is not quite all."""
    return "over 99%" if 0.995 <= x < 1 else f"{number(100 * x)}%"


def count(n: int, one: str, many: str = "") -> str:
    """ "1 step", "14 steps"."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def joined(words: Sequence[str], last: str = "and") -> str:
    """ "a", "a and b", "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}" if words else ""


def runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Whole numbers, rising, as (first, last) of those in a row."""
    out: list[tuple[int, int]] = []
    for n in numbers:
        if out and n == out[-1][1] + 1:
            out[-1] = (out[-1][0], n)
        else:
            out.append((n, n))
    return out


def ranged(numbers: Sequence[int]) -> str:
    """Whole numbers, rising, three or more in a row told as one: "9, 12 and 21 to 26"."""
    told = [[f"{a} to {b}"] if b - a > 1 else map(str, range(a, b + 1)) for a, b in runs(numbers)]
    return joined([text for texts in told for text in texts])


def quoted(title: str) -> str:
    """A title inside a sentence."""
    return f"\u201c{isolated(title)}\u201d"


def sentence(text: str) -> str:
    """With a capital at its start."""
    return text[:1].upper() + text[1:]


def the(name: str, article: str | None = None) -> str:
    """A party's name as it stands inside a sentence: "the United States", "North Korea", "the machine manufacturer".

    article : "the" or "none", where the case says it: the name then stands as it is given. Else, a name of several words that
    ends in a small letter's word is no proper name: it takes the article and loses its capital.
    """
    if article is not None:
        return isolated(f"the {name}" if article == "the" else name)
    parts = name.split()
    if len(parts) < 2:
        return isolated(name)
    if parts[0] == "The":
        return isolated(f"the {name[4:]}")
    if parts[-1][0].islower():
        return isolated(f"the {name[0].lower()}{name[1:]}")
    takes_one = parts[0].lower() in _COMMON_FIRST or parts[-1].lower() in _COMMON_LAST
    return isolated(f"the {name}" if takes_one else name)


def isolated(text: str) -> str:
    """Text from the case, kept from reordering what stands beside it where it runs from right to left."""
    runs_left = any(unicodedata.bidirectional(c) in ("R", "AL", "AN") for c in text)
    return f"\u2068{text}\u2069" if runs_left else text


@dataclass(frozen=True)
class Pace:
    """The length of a phase, n units of day, week, month, quarter or year, and how its dates are said."""

    n: int
    unit: str

    @classmethod
    def of(cls, length: str) -> Pace:
        """From the case's `phases.length`: ``1 month``, ``2 weeks``."""
        match = re.fullmatch(r"(\d+) (day|week|month|quarter|year)s?", length)
        if match is None:
            raise ValueError(f"got a phase length of {length!r}, wanted one such as '1 month'")
        return cls(int(match[1]), match[2])

    @property
    def per(self) -> str:
        """ "per month", "per 2 weeks"."""
        return f"per {self.unit}" if self.n == 1 else f"per {self.n} {self.unit}s"

    def span(self, phases: int) -> str:
        """How long some phases are: "1 month", "6 weeks"."""
        return count(phases * self.n, self.unit)

    def date(self, day: datetime.date) -> str:
        """When a phase begins, as fine as the phases are: "late January 2019", "January 2019" (the first), "4 March 2019"."""
        month = f"{_MONTHS[day.month - 1]} {day.year}"
        if self.unit in ("day", "week"):
            return f"{day.day} {month}"
        if day.day == 1:
            return str(day.year) if self.unit == "year" and day.month == 1 else month
        return f"{'early ' if day.day <= 10 else 'mid-' if day.day <= 20 else 'late '}{month}"

    def when(self, day: datetime.date) -> str:
        """The same with its preposition: "in late January 2019", "on 4 March 2019"."""
        return f"{'on' if self.unit in ('day', 'week') else 'in'} {self.date(day)}"

    def tick(self, day: datetime.date) -> str:
        """The same, short enough for an axis: "30 Jan 2019", "Jan 2019" (the first), "2019"."""
        month = f"{_MONTHS[day.month - 1][:3]} {day.year}"
        if self.unit in ("day", "week") or day.day != 1:
            return f"{day.day} {month}"
        return str(day.year) if self.unit == "year" and day.month == 1 else month


def full_date(day: datetime.date) -> str:
    """A day: "30 January 2019"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
