"""What two countries, or other parties, did towards each other, as it stands in the events of a record.

    worded    one by one, with their source: those that somebody has put into words
    counts    summed by period and direction: how many were cooperative and how many hostile, and how much by intensity

An event is cooperative by quad class 1 or 2 and hostile by 3 or 4; `cooperation` sums the positive intensities and `conflict`
the sizes of the negative ones. Periods are days, weeks that begin on Monday, or months; they run without a gap from the first
event between the two to the last, empty ones included. An event without a quad class or an intensity stands in no sum.
"""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from detente.base.database import Database
from detente.base.plain import told
from detente.errors import RecordError
from detente.record.dyad import party_code
from detente.record.workspace import Workspace

__all__ = ["BETWEEN", "COLUMNS", "PERIODS", "Act", "Counts", "between", "counts", "worded"]

PERIODS = ("day", "week", "month")
COLUMNS = (
    "date", "source", "target", "source_country", "target_country", "code", "quad", "intensity", "scale", "title", "publisher",
    "url", "file", "line",
)  # fmt: skip
BETWEEN = "source_country in ($a, $b) and target_country in ($a, $b) and source_country <> target_country and date is not null"


@dataclass(frozen=True)
class Act:
    """One event. Whatever the record does not know is None."""

    date: datetime.date
    source: str | None
    target: str | None
    source_country: str | None
    target_country: str | None
    code: str | None
    quad: int | None
    intensity: float | None
    scale: str | None
    title: str | None
    publisher: str | None
    url: str | None
    file: str | None = None
    line: int | None = None

    @property
    def cooperative(self) -> bool:
        return self.quad in (1, 2)

    @property
    def material(self) -> bool:
        """A deed, not a word."""
        return self.quad in (2, 4)

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        date : the day of a worded event
        source, target : who did it, and towards whom
        source_country : the country of the one (alpha-3)
        target_country : of the other
        code : what was done, as a code
        quad : its quad class
        intensity : its intensity
        url : where it can be read
        """
        return told(self)


@dataclass(frozen=True)
class Counts:
    """One direction by period, all of length n. `scale`: the scale of the intensities, None where there are none."""

    periods: tuple[datetime.date, ...]
    cooperative: tuple[int, ...]
    hostile: tuple[int, ...]
    cooperation: tuple[float, ...]
    conflict: tuple[float, ...]
    scale: str | None


@contextlib.contextmanager
def between(workspace: Workspace, a: str, b: str, formats: Sequence[str] = ()) -> Iterator[tuple[Database, str, str]]:
    """A connection to a record that has events between two parties, and their codes.

    a, b : codes or names. formats : only events of these; empty: of all.

    Raises
    ------
    RecordError
        If it has none, which then names those it has most of; if a party or a format is not known.
    """
    a, b = party_code(workspace, a), party_code(workspace, b)
    if a == b:
        raise RecordError(f"got {a} twice, wanted two parties")
    with workspace.connect(formats) as connection:
        if not connection.execute(f"select 1 from events where {BETWEEN} limit 1", {"a": a, "b": b}).fetchone():
            raise _nothing(workspace, connection, a, b)
        yield connection, a, b


def _nothing(workspace: Workspace, connection: Database, a: str, b: str) -> RecordError:
    most = connection.execute(
        "select source_country, target_country from events where source_country <> target_country"
        " group by all order by count(*) desc, 1, 2 limit 3"
    ).fetchall()
    if most:
        said = f"has no events between {a} and {b} (it has most of {', '.join(f'{x} towards {y}' for x, y in most)})"
    else:
        hint = "add some with `detente record import`, or begin with `detente record start`"
        said = f"has no events between two countries or other parties ({hint})"
    return RecordError(f"{workspace.path}: {said}", source=str(workspace.path))


def worded(connection: Database) -> tuple[Act, ...]:
    """The events that somebody has worded, the earliest first."""
    rows = connection.execute(
        f"select {', '.join(COLUMNS)} from events_sourced where title is not null and date is not null"
        " order by date, part, line, title, source_country"
    ).fetchall()
    return tuple(Act(*row) for row in rows)


def counts(connection: Database, a: str, b: str, by: str) -> tuple[Counts, Counts]:
    """What a did towards b, and b towards a, by period; both over the same periods. There must be events between them.

    Raises
    ------
    RecordError
        If `by` is no period, or their intensities are on several scales.
    """
    if by not in PERIODS:
        raise RecordError(f"got {by!r}, wanted {', '.join(PERIODS[:-1])} or {PERIODS[-1]}")
    rows = connection.execute(
        f"select date_trunc($by, date)::date, source_country, count(*) filter (quad in (1, 2)),"
        " count(*) filter (quad in (3, 4)), sum(intensity) filter (intensity > 0), sum(-intensity) filter (intensity < 0),"
        f" list(distinct scale) filter (intensity is not null) from events where {BETWEEN} group by all",
        {"a": a, "b": b, "by": by},
    ).fetchall()
    scales = {s for row in rows for s in row[6] or ()}
    if len(scales) > 1:
        named = ", ".join(sorted(str(s) for s in scales))
        message = f"the events between {a} and {b} are rated on several scales ({named}), which do not add up"
        raise RecordError(f"{message} (ask for one source with --format)")
    held = {(row[0], row[1]): row for row in rows}
    periods = tuple(_periods(min(r[0] for r in rows), max(r[0] for r in rows), by))
    scale = next(iter(scales), None)
    return tuple(_direction(held, periods, source, scale) for source in (a, b))  # type: ignore[return-value]


def _direction(
    held: dict[tuple[datetime.date, str], Any], periods: tuple[datetime.date, ...], source: str, scale: Any
) -> Counts:
    rows = [held.get((period, source), (period, source, 0, 0, None, None, None)) for period in periods]
    return Counts(
        periods,
        tuple(r[2] for r in rows),
        tuple(r[3] for r in rows),
        tuple(float(r[4] or 0) for r in rows),
        tuple(float(r[5] or 0) for r in rows),
        scale,
    )


def _periods(first: datetime.date, last: datetime.date, by: str) -> list[datetime.date]:
    out = [first]
    while out[-1] < last:
        at = out[-1]
        if by == "month":
            out.append(datetime.date(at.year + at.month // 12, at.month % 12 + 1, 1))
        else:
            out.append(at + datetime.timedelta(days=1 if by == "day" else 7))
    return out
