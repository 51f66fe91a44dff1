"""PLOVER records in JSON, one a line or all in a list, and POLECAT's tab-separated tables.

A record may name several sources and several targets: each pair of them becomes a row (a pair of one actor with itself does
not); where a record has several sources and no target, they act towards each other. Counts of an import are counts of
records.
"""

from __future__ import annotations

from detente.record.codes import PLOVER as QUADS
from detente.record.codes.countries import normal_sql
from detente.record.formats.format import Format, Projection, Raw

__all__ = ["PLOVER"]

_CLASSES = " ".join(f"when '{event}' then {quad}" for event, quad in QUADS.items())


def _project(raw: Raw) -> Projection:
    """Of the table that `detente.record.reading.json` makes of the records, or of POLECAT's."""
    date = f"try_cast(left(coalesce({raw['date']}, {raw['Event Date']}), 10) as date)"
    event = f"upper(coalesce({raw['event']}, {raw['Event Type']}))"
    quad = f"(case {event} {_CLASSES} end)::utinyint"
    polecat = "Event Type" in raw
    source = f"coalesce({raw['Actor Name']}, {raw['Actor Country']})" if polecat else raw["source"]
    target = f"coalesce({raw['Recipient Name']}, {raw['Recipient Country']})" if polecat else raw["target"]
    keys = [normal_sql(raw[f"{who} Country"]) if polecat else raw[name] for who, name in _WHO]
    mode = raw["Event Mode"] if polecat else raw["mode"]
    return Projection(
        columns={
            "date": date,
            "source": source,
            "target": target,
            "code": f"concat_ws('-', {event}, {mode})",
            "quad": quad,
            "intensity": raw.number("intensity"),
            "scale": f"case when {raw.number('intensity')} is null then null else 'goldstein' end",
            "place": f"coalesce({raw['place']}, {raw['Placename']}, {raw['Country']})",
            "publisher": f"coalesce({raw['publication']}, {raw['Publisher']})",
            "url": raw["url"],
            "id": f"coalesce({raw['id']}, {raw['Event ID']})",
        },
        source_key=keys[0],
        target_key=keys[1],
        faults=(
            (f"{date} is null", "no date that can be read"),
            (f"{event} is null", "no event"),
            (f"{quad} is null", "an event that PLOVER does not have"),
            (f"{source} is null", "no source"),
        ),
    )


_WHO = (("Actor", "source_code"), ("Recipient", "target_code"))
PLOVER = Format(
    "plover",
    "PLOVER and POLECAT",
    "plover",
    _project,
    (("event", "Event Type"), ("date", "Event Date")),
)
