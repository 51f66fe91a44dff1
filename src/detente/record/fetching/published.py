"""Which files the GDELT Project publishes for a span of days, by name.

    GDELT 1.0, below /events/     YYYY.zip                    the events of a year, 1979 to 2005
                                  YYYYMM.zip                  of a month, January 2006 to March 2013
                                  YYYYMMDD.export.CSV.zip     what was added on a day, from 1 April 2013
                                  md5sums, filesizes          `md5  name` and `bytes name`, a line a file
    GDELT 2.0, below /gdeltv2/    YYYYMMDDHHMMSS.export.CSV.zip
                                                              of a quarter of an hour, from 18 February 2015, 23:00
                                  masterfilelist.txt          `bytes md5 url`, a line a file, the oldest first

All times are UTC. A day of 2.0 is the 96 files whose names lie between its 00:00 and its 23:45.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from detente.errors import RecordError

__all__ = ["BASE_URL", "EDITIONS", "PLAIN_URL", "Edition", "check_days", "edition", "is_between", "names"]

BASE_URL = "https://storage.googleapis.com/data.gdeltproject.org"
"""By https: the store that the publisher's own address stands for, under a name for which it can show a certificate."""

PLAIN_URL = "http://data.gdeltproject.org"
"""As the publisher's lists have it."""

_MONTHLY, _DAILY = date(2006, 1, 1), date(2013, 4, 1)
_QUARTER = timedelta(minutes=15)
_FIRST_QUARTER = datetime(2015, 2, 18, 23, tzinfo=UTC)


@dataclass(frozen=True)
class Edition:
    """One of the two editions: where its files are below the base URL, which lists them, and from when on there are any."""

    version: int
    below: str
    lists: tuple[str, ...]
    first: date


EDITIONS = (
    Edition(1, "events", ("md5sums", "filesizes"), date(1979, 1, 1)),
    Edition(2, "gdeltv2", ("masterfilelist.txt",), _FIRST_QUARTER.date()),
)


def edition(version: int) -> Edition:
    """An edition by its number.

    Raises
    ------
    RecordError
        If there is none of this number.
    """
    for known in EDITIONS:
        if known.version == version:
            return known
    raise RecordError(f"--edition {version}: there is no such edition of GDELT (write 1 or 2)")


def check_days(of: Edition, start: date, end: date, today: date) -> None:
    """Raise for days of which there can be no file, with every fault at once.

    Raises
    ------
    RecordError
        If the days are the wrong way round, before the first file or to come.
    """
    faults = []
    if start > end:
        faults.append(f"--from {start}: lies after --to {end} (exchange the two)")
    for option, day in (("--from", start), ("--to", end)):
        if day < of.first:
            hint = "choose a later day" if of.version == 1 else "choose a later day, or --edition 1"
            faults.append(f"{option} {day}: the files of GDELT {of.version}.0 begin on {of.first} ({hint})")
        if day > today:
            faults.append(f"{option} {day}: is a day to come; today is {today} in UTC (choose a day that has been)")
    if faults:
        raise RecordError("\n".join(faults))


def names(of: Edition, start: date, end: date, now: datetime) -> tuple[str, ...]:
    """The files that cover the days from start to end, both included, in the order of time; none of a time to come."""
    return tuple(dict.fromkeys(_old(start, end) if of.version == 1 else _new(start, end, now)))


def is_between(name: str, start: date, end: date) -> bool:
    """Whether a name is that of a file of 2.0 for one of these days, be it on the quarter of an hour or not."""
    found = re.fullmatch(r"([0-9]{8})[0-9]{6}\.export\.CSV\.zip", name)
    return found is not None and f"{start:%Y%m%d}" <= found[1] <= f"{end:%Y%m%d}"


def _old(start: date, end: date) -> Iterator[str]:
    for offset in range((end - start).days + 1):
        day = start + timedelta(offset)
        if day < _MONTHLY:
            yield f"{day:%Y}.zip"
        elif day < _DAILY:
            yield f"{day:%Y%m}.zip"
        else:
            yield f"{day:%Y%m%d}.export.CSV.zip"


def _new(start: date, end: date, now: datetime) -> Iterator[str]:
    at = max(datetime(start.year, start.month, start.day, tzinfo=UTC), _FIRST_QUARTER)
    while at.date() <= end and at <= now:
        yield f"{at:%Y%m%d%H%M%S}.export.CSV.zip"
        at += _QUARTER
