"""Whether the rows of a record say what a record can hold, whoever made it: days in the span, quad classes, finite numbers.

Importing puts aside what is not so. A received record was perhaps never imported: its hashes are right, and a single event in
the year 9999 would stretch a series over thousands of years. Looked at are the least and greatest values, which the files
mostly have at hand, so that a large record does not cost a second reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from detente.base.database import Database
from detente.base.dates import VARIABLE, span
from detente.errors import RecordError
from detente.record.schema import TABLES
from detente.record.views import rows_of

if TYPE_CHECKING:
    from detente.record.workspace import Part

__all__ = ["sensible"]

_NUMBERS = {"events": ("intensity", "tone"), "indicators": ("value",)}


def sensible(base: Database, table: str, parts: Sequence[Part]) -> None:
    """Hold the rows of parts of a table, but for those that are retracted, against what a record can hold.

    Raises
    ------
    RecordError
        That names a part with others, and what is in it.
    """
    if table not in _NUMBERS or not parts or not _strange(base, table, parts):
        return
    for part in parts:
        if strange := _strange(base, table, [part]):
            message = f"{part.path}: entry {part.number} has {table} of {strange}"
            hint = f"give it up with `detente record retract {part.number}`"
            hint = f"state another span in {VARIABLE}, or {hint}" if "wanted the days" in strange else hint
            raise RecordError(f"{message} ({hint})", source=str(part.path))


def _strange(base: Database, table: str, parts: Sequence[Part]) -> str:
    """What a record cannot hold, and what it can; empty: nothing."""
    first, last = map(str, span())
    edges = ", ".join(f"min({name}), max({name})" for name in _NUMBERS[table])
    quads = "min(quad), max(quad)" if table == "events" else "1, 1"
    rows = f"({rows_of(base, TABLES[table], parts)})"
    row = base.execute(
        f"select min(date)::varchar, max(date)::varchar, count(*) - count(date), {quads}, {edges} from {rows}"
    ).fetchone()
    if row is None:
        return ""
    earliest, latest, undated, low, high, *numbers = row
    for day in (earliest, latest):
        if day is not None and not (len(day) == 10 and first <= day <= last):
            return f"{day:.40}; wanted the days {first} to {last}"
    if undated:
        return f"no date ({undated:,} of them); wanted one for each"
    if low is not None and not 1 <= low <= high <= 4:
        return f"quad class {low if low < 1 else high}; wanted 1 to 4"
    for name, number in zip((name for name in _NUMBERS[table] for _ in "<>"), numbers, strict=True):
        if number is not None and not abs(number) < float("inf"):
            return f"{name} {number}; wanted a finite number"
    return ""
