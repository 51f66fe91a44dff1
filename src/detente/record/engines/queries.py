"""Questions to the events of a record as expressions of ibis, the same for every engine.

`dyad` counts as `detente.record.dyad` defines it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import ibis

from detente.base.database import literal_path
from detente.record.schema import EVENTS
from detente.record.workspace import Part

__all__ = ["dyad", "events", "formats", "pairs"]

_KINDS = {"DATE": "date", "VARCHAR": "string", "UTINYINT": "int16", "FLOAT": "float64", "INTEGER": "int32"}
_UNITS = {"day": "D", "week": "W", "month": "M", "year": "Y"}


def events(backend: Any, parts: Sequence[Part]) -> Any:
    """The events of some parts, with the format of each, as a table of the backend."""
    tables = []
    for part in parts:
        read = backend.read_parquet(_literal(backend, part.path))
        constants: Mapping[str, str | None] = part.about.get("constants", {})
        columns = {
            name: (ibis.literal(constants[name], type="string") if name in constants else read[name]).cast(_KINDS[kind])
            for name, kind in EVENTS.items()
        }
        tables.append(read.select(**columns, format=ibis.literal(part.about.get("format", ""))))
    if not tables:
        schema = {name: _KINDS[kind] for name, kind in EVENTS.items()} | {"format": "string"}
        return ibis.memtable([], schema=schema)
    return ibis.union(tables[0], *tables[1:]) if len(tables) > 1 else tables[0]


def dyad(
    table: Any, a: str, b: str, *, by: str, directed: bool = False, start: date | None = None, end: date | None = None
) -> Any:
    """Events, cooperation, conflict and mean intensity of a dyad by period."""
    found = table.filter(_between(table, a, b, directed, start, end))
    periods = found.group_by(start=found.date.truncate(_UNITS[by]).cast("date")).aggregate(
        events=found.count(),
        cooperation=found.quad.isin([1, 2]).sum(),
        conflict=found.quad.isin([3, 4]).sum(),
        intensity=found.intensity.mean(where=found.scale == "goldstein"),
    )
    return periods.order_by("start")


def formats(table: Any, a: str, b: str, *, directed: bool = False, start: date | None = None, end: date | None = None) -> Any:
    """How many events of a dyad come from which format."""
    found = table.filter(_between(table, a, b, directed, start, end))
    return found.group_by("format").aggregate(events=found.count()).order_by("format")


def pairs(table: Any, most: int = 20) -> Any:
    """Who acts towards whom most: the pairs of countries with the most events."""
    found = table.filter(table.source_country.notnull() & table.target_country.notnull())
    counted = found.group_by(["source_country", "target_country"]).aggregate(events=found.count())
    return counted.order_by([ibis.desc("events"), "source_country", "target_country"]).limit(most)


def _literal(backend: Any, path: Path) -> str:
    """A path as an engine reads it, nothing in it taken for a pattern of names: Spark wants signs of one after a backslash."""
    if backend.name == "duckdb":
        return literal_path(path)
    return re.sub(r"[\\*?\[\]{}]", r"\\\g<0>", str(path.absolute()))


def _between(table: Any, a: str, b: str, directed: bool, start: date | None, end: date | None) -> Any:
    chosen = (table.source_country == a) & (table.target_country == b)
    if not directed:
        chosen = chosen | ((table.source_country == b) & (table.target_country == a))
    if start:
        chosen = chosen & (table.date >= ibis.literal(start))
    if end:
        chosen = chosen & (table.date <= ibis.literal(end))
    return chosen
