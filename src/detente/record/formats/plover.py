"""PLOVER records in JSON, one a line or all in a list, and POLECAT's tab-separated tables.

A record may name several sources and several targets: each pair of them becomes a row (a pair of one actor with itself does
not); where a record has several sources and no target, they act towards each other. Counts of an import are counts of
records. A cell of POLECAT's tables may name several actors, with semicolons between them, and their countries in the same
order.
"""

from __future__ import annotations

from detente.record.codes import PLOVER as QUADS
from detente.record.codes.countries import normal_sql
from detente.record.formats.format import SIDES, Format, Projection, Raw
from detente.record.formats.sides import Joint

__all__ = ["PLOVER"]

_CLASSES = " ".join(f"when '{event}' then {quad}" for event, quad in QUADS.items())


def _project(raw: Raw) -> Projection:
    """Of the table that `detente.record.reading.json` makes of the records, or of POLECAT's."""
    date = raw.date("date", "Event Date")
    event = f"upper({raw.first('event', 'Event Type')})"
    quad = f"(case {event} {_CLASSES} end)::utinyint"
    polecat = "Event Type" in raw
    source, target = (f"{SIDES}.{name}" if polecat else raw[name] for name in ("source", "target"))
    keys = [_key(f"{SIDES}.{name}_key") if polecat else raw[f"{name}_code"] for name in ("source", "target")]
    actor, recipient = ((raw[f"{who} Name"], raw[f"{who} Country"]) for who in ("Actor", "Recipient"))
    mode = raw["Event Mode"] if polecat else raw["mode"]
    intensity = f"coalesce({raw.number('intensity')}, {raw.number('Event Intensity')})"
    return Projection(
        columns={
            "date": date,
            "source": source,
            "target": target,
            "code": f"concat_ws('-', {event}, {mode})",
            "quad": quad,
            "intensity": intensity,
            "scale": f"case when {intensity} is null then null else 'goldstein' end",
            "place": raw.first("place", "Placename", "Country"),
            "publisher": raw.first("publication", "Publisher", *(["Source"] if polecat else [])),
            "url": raw["url"],
            "id": raw.first("id", "Event ID"),
        },
        source_key=keys[0],
        target_key=keys[1],
        faults=(
            (f"{date} is null", "no date that can be read"),
            (f"{event} is null", "no event"),
            (f"{quad} is null", "an event that PLOVER does not have"),
            (f"{source} is null", "no source"),
        ),
        joint=Joint(*actor, *recipient, "[;|]") if polecat else None,
    )


def _key(country: str) -> str:
    """A country is written as a code or by its name."""
    return f"case when length({country}) <= 3 then upper({country}) else {normal_sql(country)} end"


_POLECAT = (
    "Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts", "Actor Name", "Actor Country",
    "Actor COW", "Primary Actor Sector", "Actor Sectors", "Actor Title", "Actor Name Raw", "Wikipedia Actor ID",
    "Recipient Name", "Recipient Country", "Recipient COW", "Primary Recipient Sector", "Recipient Sectors", "Recipient Title",
    "Recipient Name Raw", "Wikipedia Recipient ID", "Placename", "City", "District", "Province", "Country", "Latitude",
    "Longitude", "GeoNames ID", "Raw Placename", "Feature Type", "Source", "Publication Date", "Story People",
    "Story Organizations", "Story Locations", "Language", "Version",
)  # fmt: skip
PLOVER = Format(
    "plover",
    "PLOVER and POLECAT",
    "plover",
    _project,
    (("event", "Event Type"), ("date", "Event Date"), ("source_code", "Actor Name", "Actor Country")),
    dates=("date", "Event Date"),
    several=True,
    published=_POLECAT,
)
