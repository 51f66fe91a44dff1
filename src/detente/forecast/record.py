"""From the record of a workspace to the panel that the models read: the one place where the two meet.

The units are directed pairs of countries, the values counts of events by period: all events, those of cooperation (quad class
1 or 2) or those of conflict (3 or 4). What the sources do not report is not in it.
"""

from __future__ import annotations

from collections.abc import Collection

from detente.base.dates import APART_HINT, apart, span
from detente.errors import InputError
from detente.forecast.panel import Panel, panel_of
from detente.forecast.periods import unfinished
from detente.forecast.table import Cell, Long
from detente.record.codes.actors import Actors
from detente.record.workspace import Workspace

__all__ = ["VALUES", "series_table"]

VALUES = {
    "events": "count(*)",
    "cooperation": "count(*) filter (quad in (1, 2))",
    "conflict": "count(*) filter (quad in (3, 4))",
}
_PERIOD = {
    "month": "12 * year(date) + month(date) - 1",
    "week": "floor((date - date '1970-01-05') / 7)::int",
    "day": "date - date '1970-01-01'",
}
"""The number of the period of a date, as `detente.forecast.periods` has it."""


def series_table(
    workspace: str,
    *,
    by: str,
    missing: str,
    value: str | None = None,
    among: Collection[str] = (),
    actors: Actors | None = None,
) -> Panel:
    """Every directed pair of countries in a record, by period.

    value : what is counted, a key of `VALUES`; None: all events. among : only pairs of these codes; empty: all.
    actors : who the actors of the events are.

    Raises
    ------
    InputError
        Where there is no record to read, no event between two countries in it, or one far from all others.
    """
    counted = VALUES.get(value or "events")
    if counted is None:
        raise InputError(f"value: got {value!r}, wanted {', '.join(VALUES)} of a record")
    period = _PERIOD.get(by)
    if period is None:
        raise InputError(f"by: got {by!r}, wanted {', '.join(_PERIOD)} for a record")
    events = (
        " from events where date between ? and ? and source_country <> target_country"
        " and (? or list_contains(?, source_country) and list_contains(?, target_country))"
    )
    what = f"select source_country, target_country, {period} as period, {counted}, count(distinct date)"
    codes = sorted(among)
    asked = [*span(), not codes, codes, codes]
    with Workspace.open(workspace).read_with(actors or Actors()).connect() as connection:
        rows = connection.execute(f"{what}{events} group by all order by all", asked).fetchall()
        days = [row[0] for row in connection.execute(f"select distinct date{events}", asked).fetchall()]
    if far := apart(days):
        said = ", ".join(map(str, far[:5]))
        raise InputError(f"{workspace}: has events of {said}, far from all others ({APART_HINT})", source=workspace)
    if not rows:
        raise InputError(f"{workspace}: the record has no event between two countries", source=workspace)
    cells = tuple(Cell((a, b), int(p), float(x), int(many)) for a, b, p, x, many in rows)
    long = Long(str(workspace), by, ("source", "target"), cells, unfinished=unfinished(days, by))
    return panel_of(long, missing=missing)
