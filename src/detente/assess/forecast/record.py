"""From the record of a workspace to the panel that the models read: the one place where the two meet.

The units are directed pairs of countries, the values counts of events by period: all events, those of cooperation (quad class
1 or 2) or those of conflict (3 or 4). What the sources do not report is not in it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection
from contextlib import ExitStack
from pathlib import Path

from detente.assess.forecast.panel import Panel, panel_of
from detente.assess.forecast.table import read_table
from detente.errors import InputError
from detente.record.workspace import Workspace

__all__ = ["VALUES", "series_table"]

VALUES = {
    "events": "count(*)",
    "cooperation": "count(*) filter (quad in (1, 2))",
    "conflict": "count(*) filter (quad in (3, 4))",
}


def series_table(workspace: str, *, by: str, missing: str, value: str | None = None, among: Collection[str] = ()) -> Panel:
    """Every directed pair of countries in a record, by period.

    value : what is counted, a key of `VALUES`; None: all events. among : only pairs of these countries; empty: all.

    Raises
    ------
    InputError
        Where there is no record to read, or no event between two countries in it.
    """
    counted = VALUES.get(value or "events")
    if counted is None:
        raise InputError(f"value: got {value!r}, wanted {', '.join(VALUES)} of a record")
    where = "date is not null and source_country <> target_country"
    if among:
        where += " and source_country in (select unnest($among)) and target_country in (select unnest($among))"
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="detente-")))
        connection = stack.enter_context(Workspace.open(workspace).connect(writes=folder))
        file = folder / "events.parquet"
        query = (
            f"select date, source_country as source, target_country as target, {counted} as value from events"
            f" where {where} group by all order by all"
        )
        values = {"file": str(file), **({"among": sorted(among)} if among else {})}
        rows = connection.execute(f"copy ({query}) to $file (format parquet)", values).fetchone()
        if not rows or not rows[0]:
            raise InputError(f"{workspace}: the record has no event between two countries", source=workspace)
        return panel_of(read_table(file, date="date", unit=("source", "target"), value="value", by=by), missing=missing)
