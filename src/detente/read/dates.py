"""Dates and deadlines in a text in even typography.

A date is read where it is written out: 15 February 2015, the 15th of February, 2015, February 15, 2015, 15.02.2015 (day first,
unless that cannot be), 2015-02-15, February 2015, 19 Sept with the year left out (that of `near`, the date of the text). As
ISO 8601: 2015-02-15, or 2015-02 where no day is said. A year alone is no date.

A deadline is a date after words such as by, until, no later than, starting from; or a span of time: within 14 days of, 30 days
after, on day 5 after, immediately. A deadline with a date is told as the date, `by the end of 2015` as 2015-12-31; one without
is told in the text's own words, since the day from which it counts is often not in the text.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Deadline", "dates", "deadlines"]

_NAMES = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    r"(?P<month{0}>January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|"
    r"Aug|Sept|Sep|Oct|Nov|Dec)\.?"
)
_DAY = r"(?P<day{0}>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?P<year{0}>(?:1[89]|20)\d\d)"
_DATE = re.compile(
    "|".join(
        (
            rf"\b{_DAY}(?: day)?(?: of)? {_MONTH}(?:,? (?:of )?{_YEAR})?\b".format("1"),
            rf"\b{_MONTH} (?:the )?{_DAY}(?:,? {_YEAR})?\b(?!:)".format("2"),
            rf"\b{_MONTH},? (?:of )?{_YEAR}\b".format("3"),
            r"\b(?P<year4>(?:1[89]|20)\d\d)-(?P<month4>[01]\d)-(?P<day4>[0-3]\d)\b",
            r"\b(?P<day5>[0-3]?\d)[./](?P<month5>[01]?\d)[./](?P<year5>(?:1[89]|20)\d\d)\b",
        )
    )
)
_COUNT = (
    r"(?:\d{1,4}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen|fifteen|twenty|thirty|forty-five|"
    r"forty|sixty|ninety|(?:one )?hundred(?: and (?:eighty|twenty))?)(?: \(\d+\))?"
)
_TAIL = (
    r"(?: an?\b)?(?:(?! (?:an?|and|is|are|shall|will|must|should|to be|on modalities|the parties|all|both|in accordance)\b)"
    r"[^.;,()\n]){0,80}(?!\w)"
)
_UNIT = r"(?:calendar |working |business |consecutive )?(?:hour|day|week|fortnight|month|quarter|year)s?"
_OF = rf"(?: (?:of|after|from|following|since|before|prior to)\b{_TAIL})?"
_RELATIVE = re.compile(
    rf"\b(?:(?:by )?(?:no|not) later than|within|in|not more than|no more than|at the latest|up to|for) (?:a (?:period|"
    rf"maximum) of )?"
    rf"(?:the (?:next|first|following) )?(?:a maximum of |at most )?{_COUNT}(?:'s?)? {_UNIT}{_OF}"
    rf"|\b{_COUNT}(?:'s?)? {_UNIT} (?:after|following|from|of|prior to|before)\b{_TAIL}"
    rf"|\b(?:on|from|by|starting on) (?:the )?day \d+(?: (?:of|after|from|following)\b{_TAIL})?"
    rf"|\b(?:on|from|by) the (?:first|second|third|fourth|fifth|sixth|seventh|tenth|\d+(?:st|nd|rd|th)) (?:day|week|"
    rf"month)(?: (?:of|after|from|following)\b{_TAIL})?"
    rf"|\bfrom the (?:moment|date|day|time) of\b{_TAIL}"
    rf"|\b(?:by|before|until|at|no later than|not later than) the (?:end|close|beginning|start) of (?:the |this |next "
    rf")?(?!\w+ \d)[a-z][a-z -]{{2,40}}"
    rf"|\b(?:immediately|without delay|forthwith|promptly|as soon as possible|with immediate effect)\b(?: (?:upon|after|"
    rf"following)\b{_TAIL})?",
    re.IGNORECASE,
)
_VAGUE = re.compile(r"immediately|without delay|forthwith|promptly|as soon|with immediate", re.IGNORECASE)
_END_OF = re.compile(
    rf"\b(?P<which>end|beginning|start|close|middle) of (?:the year )?(?:{_MONTH.format('6')},? )?{_YEAR.format('6')}\b",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"(?:\b(?:by|until|till|before|no later than|not later than|at the latest(?: on| by)?|as of|as from|from|starting(?: "
    r"from| on)?|beginning(?: on)?|"
    r"on or before|effective|deadline of|due on|due|on|up to|to be (?:finalized|finalised|completed|held) by|through)"
    r"(?: (?:midnight|noon|the|00[.:]00|24[.:]00|\d{1,2}[.:]\d\d)| (?:AM|PM|a\.m\.|p\.m\.|hours|hrs|local time)| "
    r"\([^)]{1,20}\)| on| of| at){0,6}[ ,]*)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Deadline:
    """A deadline in the view of a text. when : the date, or the text's own words; exact : whether it is a date."""

    start: int
    end: int
    when: str
    exact: bool


def dates(view: str, start: int = 0, end: int | None = None, *, near: str | None = None) -> Iterator[tuple[int, int, str]]:
    """Every date in a span, as start, end and ISO 8601. near : a date whose year is meant where none is given."""
    for found in _DATE.finditer(view, start, len(view) if end is None else end):
        said = {name[:-1]: x for name, x in found.groupdict().items() if x}
        day = _iso(said, near)
        if day is not None:
            yield found.start(), found.end(), day


def _iso(said: dict[str, str], near: str | None) -> str | None:
    year = said.get("year") or (near[:4] if near else None)
    if year is None:
        return None
    month = said["month"]
    number = int(month) if month.isdigit() else _NAMES.index(month[:3].lower()) + 1
    if "day" not in said:
        return f"{year}-{number:02}" if 1 <= number <= 12 else None
    day = int(said["day"])
    if number > 12 >= day:
        number, day = day, number
    if not (1 <= number <= 12 and 1 <= day <= monthrange(int(year), number)[1]):
        return None
    return f"{year}-{number:02}-{day:02}"


def deadlines(view: str, start: int, end: int, *, near: str | None = None) -> list[Deadline]:
    """Every deadline in a span, those with a date first, those without a number last."""
    out: list[Deadline] = []
    for found in _END_OF.finditer(view, start, end):
        year, month = int(found["year6"]), found["month6"]
        number = _NAMES.index(month[:3].lower()) + 1 if month else None
        last = found["which"].lower() in ("end", "close")
        number = number or (12 if last else 1)
        ends = monthrange(year, number)[1] if last else 1
        out.append(Deadline(found.start(), found.end(), f"{year}-{number:02}-{ends:02}", True))
    for a, b, day in dates(view, start, end, near=near):
        if any(d.start < b and a < d.end for d in out):
            continue
        if _BEFORE.search(view, max(start, a - 70), a):
            out.append(Deadline(a, b, day, True))
    for found in _RELATIVE.finditer(view, start, end):
        if not any(d.start < found.end() and found.start() < d.end for d in out):
            words = " ".join(found[0].split())
            out.append(Deadline(found.start(), found.end(), words, False))
    return sorted(out, key=lambda d: (not d.exact, _VAGUE.match(d.when) is not None, d.start))
