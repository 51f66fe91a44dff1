"""GDELT event files, 1.0 and 2.0: as published, tab-separated without a header, or with one.

Intensity is GDELT's GoldsteinScale, tone its AvgTone, mentions its NumMentions; `date` is SQLDATE, the day of the event,
which may lie long before the day of the file (a report that looks back). The countries are those of the actors
(Actor1CountryCode), not of the place. Columns: the publisher's codebooks, GDELT Event Codebook 1.03 and 2.0.

Tools that take codes for numbers drop leading zeros: 010, to make a statement, becomes 10, to demand. The quad class tells the
two apart: roots 01 to 09 are classes 1 and 2, those from 10 on 3 and 4. In a file with a header (which GDELT's own have not) a
code that does not fit its class gets its zero back if it then does; in one without, its row is put aside.

The reduced files of GDELT 1.0 have a row for all events alike of a day. Such a row is as many events as it counts.
"""

from __future__ import annotations

from collections.abc import Sequence

from detente.record.codes import cameo_quad, led, no_decimals
from detente.record.formats.format import Format, Projection, Raw

__all__ = ["GDELT1", "GDELT2", "REDUCED"]

_ACTOR = (
    "Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode",
    "Religion1Code", "Religion2Code", "Type1Code", "Type2Code", "Type3Code",
)  # fmt: skip
_EVENT = (
    "IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass",
    "GoldsteinScale", "NumMentions", "NumSources", "NumArticles", "AvgTone",
)  # fmt: skip
_PLACE = ("Type", "FullName", "CountryCode", "ADM1Code", "Lat", "Long", "FeatureID")
_PLACE2 = ("Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID")


def _names(place: Sequence[str]) -> list[str]:
    return [
        *["GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate"],
        *(f"Actor{n}{name}" for n in (1, 2) for name in _ACTOR),
        *_EVENT,
        *(f"{who}Geo_{name}" for who in ("Actor1", "Actor2", "Action") for name in place),
        "DATEADDED",
    ]


def _project(raw: Raw) -> Projection:
    date = raw.day("SQLDATE", "%Y%m%d") if raw.clean else raw.date("SQLDATE")
    quad = raw.whole("QuadClass", "UTINYINT")
    code, number, mended = raw["EventCode"], raw["GLOBALEVENTID"], ""
    if raw.edited:
        code, number = no_decimals(code), no_decimals(number)
        code, mended = _mended(code, quad)
    return Projection(
        columns={
            "date": date,
            "source": f"coalesce({raw['Actor1Code']}, {raw['Actor1Name']}, {raw['Actor1CountryCode']})",
            "target": f"coalesce({raw['Actor2Code']}, {raw['Actor2Name']}, {raw['Actor2CountryCode']})",
            "code": code,
            "quad": quad,
            "intensity": raw.number("GoldsteinScale"),
            "scale": raw.value("goldstein"),
            "place": raw["ActionGeo_FullName"],
            "mentions": raw.whole("NumMentions"),
            "tone": raw.number("AvgTone"),
            "url": raw["SOURCEURL"],
            "id": number,
        },
        source_key=raw["Actor1CountryCode"],
        target_key=raw["Actor2CountryCode"],
        faults=(
            (f"{raw['GLOBALEVENTID']} is null", "no number of the event"),
            (f"{date} is null", "no date that can be read"),
            (f"{code} is null", "no event code"),
            (f"{quad} is null or {quad} not between 1 and 4", "no quad class from 1 to 4"),
            (f"{cameo_quad(code)} is null", "an event code that CAMEO does not have")
            if raw.edited
            else (f"{quad} < 3 and {code}[1] <> '0' and {cameo_quad(led(code))} = {quad}", "a code that has lost its zero"),
        ),
        mended=mended,
    )


def _mended(code: str, quad: str) -> tuple[str, str]:
    """The code, with its zero again where it has lost it, and the condition on which it had."""
    mended = f"{cameo_quad(code)} is distinct from {quad} and {cameo_quad(led(code))} = {quad}"
    return f"(case when {mended} then {led(code)} else {code} end)", mended


_MOST = 10_000


def _reduced(raw: Raw) -> Projection:
    date, quad, count = raw.date("Date"), raw.whole("QuadClass", "UTINYINT"), raw.whole("NumEvents")
    code, mended = _mended(no_decimals(raw["CAMEOCode"]), quad)
    countable = f"{count} between 1 and {_MOST}"
    return Projection(
        columns={
            "date": date,
            "source": raw["Source"],
            "target": raw["Target"],
            "code": code,
            "quad": quad,
            "intensity": raw.number("Goldstein"),
            "scale": raw.value("goldstein"),
            "mentions": f"case when {count} = 1 then {raw.whole('NumArts')} end",
        },
        source_key=f"left({raw['Source']}, 3)",
        target_key=f"left({raw['Target']}, 3)",
        faults=(
            (f"{date} is null", "no date that can be read"),
            (f"{code} is null", "no event code"),
            (f"{quad} is null or {quad} not between 1 and 4", "no quad class from 1 to 4"),
            (f"{countable} is not true", f"no number of events from 1 to {_MOST:,}"),
        ),
        times=f"case when {countable} then {count} else 1 end",
        mended=mended,
    )


_MARKS = {1: r"\d{8}"}
_OLD, _NEW = _names(_PLACE), _names(_PLACE2)
GDELT1 = Format(
    "gdelt1",
    "GDELT 1.0",
    "cameo",
    _project,
    (("GLOBALEVENTID",), ("SQLDATE",), ("EventCode",), ("QuadClass",)),
    {57: _OLD, 58: [*_OLD, "SOURCEURL"]},
    native=True,
    marks=_MARKS,
    dates=("SQLDATE",),
)
GDELT2 = Format(
    "gdelt2",
    "GDELT 2.0",
    "cameo",
    _project,
    (*GDELT1.wanted, ("ActionGeo_ADM2Code",)),
    {61: [*_NEW, "SOURCEURL"]},
    native=True,
    marks=_MARKS,
    dates=("SQLDATE",),
)
REDUCED = Format(
    "gdelt-reduced",
    "GDELT 1.0 reduced",
    "cameo",
    _reduced,
    (("Date",), ("Source",), ("Target",), ("CAMEOCode",), ("NumEvents",), ("QuadClass",)),
    several=True,
    dates=("Date",),
)
