"""ICEWS coded events: as published (tab-separated, with CAMEO codes), and research extracts (date, source, event, target).

The published files give each actor's country by name. An extract gives actors by name only: the country is that in brackets
at the end ("Citizen (France)"), or the name itself ("France"), or that of a person in the table of office holders;
organisations and groups get none. Events in words are recognised by their wording, as are those of the tables of 2017, which
have no codes and write the month first in dates. A code that has lost its leading zero gets it back if its wording is that of
the code with the zero.
"""

from __future__ import annotations

from detente.record.codes import cameo_quad, icews_digest, led, looked_up, no_decimals
from detente.record.codes.countries import normal_sql
from detente.record.formats.format import Format, Projection, Raw

__all__ = ["ICEWS", "name_key"]


def name_key(actor: str) -> str:
    """The SQL expression of what to look up for an actor's name: what stands in brackets at its end, or the whole."""
    return normal_sql(rf"coalesce(nullif(regexp_extract({actor}, '\(([^()]*)\)\s*$', 1), ''), {actor})")


def _project(raw: Raw) -> Projection:
    date = raw.date("Event Date", "date")
    wording = raw.first("Event Text", "event")
    code, mended = looked_up("wording", icews_digest(wording)), ""
    if "CAMEO Code" in raw:
        own = no_decimals(raw["CAMEO Code"])
        mended = f"({looked_up('cameo', led(own))} is not null and {code} = {led(own)})"
        code = f"(case when {mended} then {led(own)} else coalesce({own}, {code}) end)"
    source = raw.first("Source Name", "source")
    target = raw.first("Target Name", "target")
    quad = cameo_quad(code)
    place = ", ".join(raw[name] for name in ("City", "District", "Province", "Country"))
    return Projection(
        columns={
            "date": date,
            "source": source,
            "target": target,
            "code": code,
            "quad": quad,
            "intensity": raw.number("Intensity"),
            "scale": raw.value("goldstein"),
            "place": f"nullif(concat_ws(', ', {place}), '')",
            "publisher": raw["Publisher"],
            "id": raw["Event ID"],
        },
        source_key=normal_sql(raw["Source Country"]) if "Source Country" in raw else name_key(source),
        target_key=normal_sql(raw["Target Country"]) if "Target Country" in raw else name_key(target),
        intensity_key="" if "Intensity" in raw else code,
        faults=(
            (f"{date} is null", "no date that can be read"),
            (f"{source} is null or {target} is null", "no source or no target"),
            (f"{raw.first('CAMEO Code', 'Event Text', 'event')} is null", "no event code"),
            (f"{quad} is null", "an event code that CAMEO does not have"),
        ),
        mended=mended,
    )


ICEWS = Format(
    "icews",
    "ICEWS",
    "cameo",
    _project,
    (("Event Date", "date"), ("Source Name", "source"), ("Target Name", "target"), ("CAMEO Code", "Event Text", "event")),
    dates=("Event Date", "date"),
    usual="month",
)
