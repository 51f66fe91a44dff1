"""GDELT event files, 1.0 and 2.0: as published, tab-separated without a header, or with one.

Intensity is GDELT's GoldsteinScale, tone its AvgTone, mentions its NumMentions; `date` is SQLDATE, the day of the event,
which may lie long before the day of the file (a report that looks back). The countries are those of the actors
(Actor1CountryCode), not of the place. Columns: the publisher's codebooks, GDELT Event Codebook 1.03 and 2.0.
"""

from __future__ import annotations

from collections.abc import Sequence

from detente.record.formats.format import Format, Projection, Raw

__all__ = ["GDELT1", "GDELT2"]

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
    date = raw.day("SQLDATE", "%Y%m%d")
    quad = raw.whole("QuadClass", "UTINYINT")
    code = raw["EventCode"]
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
            "id": raw["GLOBALEVENTID"],
        },
        source_key=raw["Actor1CountryCode"],
        target_key=raw["Actor2CountryCode"],
        faults=(
            (f"{raw['GLOBALEVENTID']} is null", "no number of the event"),
            (f"{date} is null", "no date that can be read"),
            (f"{code} is null", "no event code"),
            (f"{quad} is null or {quad} not between 1 and 4", "no quad class from 1 to 4"),
        ),
    )


_OLD, _NEW = _names(_PLACE), _names(_PLACE2)
GDELT1 = Format(
    "gdelt1",
    "GDELT 1.0",
    "cameo",
    _project,
    (("GLOBALEVENTID",), ("SQLDATE",), ("EventCode",), ("QuadClass",)),
    {57: _OLD, 58: [*_OLD, "SOURCEURL"]},
    native=True,
)
GDELT2 = Format(
    "gdelt2",
    "GDELT 2.0",
    "cameo",
    _project,
    (*GDELT1.wanted, ("ActionGeo_ADM2Code",)),
    {61: [*_NEW, "SOURCEURL"]},
    native=True,
)
