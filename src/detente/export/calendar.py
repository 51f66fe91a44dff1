"""A roadmap as iCalendar (RFC 5545), an all-day event a step.

A step without work is an event on the first day of its phase; one that takes time runs from the day on which its work starts to
the day on which it enters. Events leave the day free (TRANSP), so that a step of months does not block a diary. UIDs are of the
case and the step's measure, so that a roadmap planned anew moves the events of the old one. DTSTAMP is the date of the case:
the same roadmap gives the same bytes.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator, Sequence

from detente.case.case import Case
from detente.export.steps import Dated

__all__ = ["calendar", "folded"]

_NAMES = uuid.uuid5(uuid.NAMESPACE_DNS, "detente.invalid")
_OCTETS = 75


def calendar(case: Case, steps: Sequence[Dated]) -> str:
    """The text of the file, lines folded and ended by CRLF."""
    return "".join(f"{folded(line)}\r\n" for line in _lines(case, steps))


def _lines(case: Case, steps: Sequence[Dated]) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Detente//Roadmap//EN", "CALSCALE:GREGORIAN")
    yield f"X-WR-CALNAME:{_text(case.title)}"
    for s in steps:
        by = f" ({', '.join(s.names)})" if s.names else ""
        yield "BEGIN:VEVENT"
        yield f"UID:{uuid.uuid5(_NAMES, f'{case.case}/{s.measures[0]}')}"
        yield f"DTSTAMP:{case.as_of:%Y%m%d}T000000Z".replace(" ", "0")
        yield f"DTSTART;VALUE=DATE:{_day(s.start)}"
        yield f"DTEND;VALUE=DATE:{_day(s.day + datetime.timedelta(days=1))}"
        yield f"SUMMARY:{_text(f'{s.number}. {s.title}{by}')}"
        yield f"DESCRIPTION:{_text(s.note)}"
        yield f"CATEGORIES:{_text(s.kind)}"
        yield from ("TRANSP:TRANSPARENT", "END:VEVENT")
    yield "END:VCALENDAR"


def _day(day: datetime.date) -> str:
    return day.isoformat().replace("-", "")


def _text(text: str) -> str:
    """A text as a value: backslash, semicolon, comma and line end are escaped."""
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "\\n")):
        text = text.replace(plain, escaped)
    return text


def folded(line: str) -> str:
    """A line in pieces of at most 75 octets, each but the first behind a space; no character is cut."""
    out, size = list[str](), 0
    for character in line:
        octets = len(character.encode("utf-8"))
        if size + octets > _OCTETS:
            out.append("\r\n ")
            size = 1
        out.append(character)
        size += octets
    return "".join(out)
