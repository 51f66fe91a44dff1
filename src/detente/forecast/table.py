"""A long table (date, unit, value) read and summed by period and unit.

A row is one observation. Its unit is the tuple of its unit columns, compared as written (spaces around it are taken off).
Values of one unit in one period are added up; without a value column the rows are counted. A row whose value is empty or NaN
says that the value of that unit in that period is not known; the rest of that period is then not used either. Everything else
that cannot be read is an error that names the row: text for a number, infinity, a size beyond 1e18, a date that is not of the
form 2018-06-12, 2018-06, 20180612 or 201806 (3/4/18 could be two days), lies outside the span of `detente.base.dates` or
stands apart from all others by it, an empty unit.

Files are read with DuckDB, on one thread: sums of floating-point numbers are then the same each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from detente.base.bounds import name_of, within
from detente.base.database import Database, identifier
from detente.base.dates import APART_HINT, VARIABLE, apart, plausible, span
from detente.errors import Fault, InputError
from detente.forecast.given import given_table, missing_columns
from detente.forecast.periods import BY, date_of, label, of_date, period_of, unfinished

__all__ = ["Cell", "Long", "read_table"]

_SHOWN = 5
_LARGEST = 1e18
"""Beyond it a value is a slip: sums of its powers would soon be no numbers."""


@dataclass(frozen=True)
class Cell:
    """What a table says of one unit in one period. value : the sum, or None where it is not known. rows : how many rows."""

    unit: tuple[str, ...]
    period: int
    value: float | None
    rows: int


@dataclass(frozen=True)
class Long:
    """A table summed by period and unit, in the order of units, then periods.

    by : month, week, day or period. units : names of the unit columns. notes : what was taken for granted, in words.
    unfinished : the last day with a row, if the period that it falls into is not complete.
    """

    source: str
    by: str
    columns: tuple[str, ...]
    cells: tuple[Cell, ...]
    notes: tuple[str, ...] = ()
    unfinished: date | None = None


def read_table(path: str | Path, *, date: str, unit: Sequence[str], value: str | None = None, by: str = "month") -> Long:
    """Read a table from a file: .csv, .csv.gz, .tsv or .parquet.

    Parameters
    ----------
    date, unit, value : names of columns; without `value` the rows are counted.
    by : month, week, day, or period where the date column numbers its periods.

    Raises
    ------
    InputError
        With every kind of fault found, each with its first rows.
    """
    source = name_of(path)
    if by not in BY:
        raise InputError(f"by: got {by!r}, wanted {', '.join(BY)}")
    if not unit:
        raise InputError("unit: got no column, wanted at least one (one name, or several with commas between them)")
    with given_table(path) as (base, known):
        faults = missing_columns([date, *unit, *([value] if value is not None else [])], known)
        if faults:
            raise InputError(f"{source}: cannot be used as a table of observations", source=source, faults=faults)
        return _summed(base, source, date, tuple(unit), value, by)


def _summed(base: Database, source: str, date: str, unit: tuple[str, ...], value: str | None, by: str) -> Long:
    names = [identifier(f"u{k}") for k in range(len(unit))]
    seen = (
        "regexp_replace(cast({} as varchar), '[\u00ad\u200b-\u200f\u2060\ufeff]', '', 'g')"  # what nobody can see names nobody
    )
    units = ", ".join(f"trim({seen.format(identifier(c))}) as {n}" for c, n in zip(unit, names, strict=True))
    given = "'1'" if value is None else f"trim(cast({identifier(value)} as varchar))"
    day = identifier(date)
    base.execute(
        f"create table cell as select row_number() over () as n, trim(cast({day} as varchar)) as d, {units}, {given} as v"
        " from given"
    )
    within("rows", _counted(base, "select count(distinct d) from cell"), source)
    periods, by, note = _periods(base, by)
    base.execute(
        "create table period as select unnest(?::varchar[]) as d, unnest(?::bigint[]) as p, unnest(?::boolean[]) as near,"
        " unnest(?::boolean[]) as apart",
        periods,
    )
    base.execute(
        "create table read as select cell.*, p, near, apart, try_cast(v as double) + 0.0 as x"
        " from cell left join period using (d) order by n"
    )
    faults = [*_faults(base, date, unit, value, names, by)]
    if faults:
        raise InputError(f"{source}: cannot be used as a table of observations", source=source, faults=faults)
    keys = ", ".join(names)
    within("rows", _counted(base, f"select count(*) from (select distinct {keys}, p from read)"), source)
    found = base.execute(
        f"select {keys}, p, case when bool_or(x is null or isnan(x)) then null else sum(x order by n) end, count(*)"
        f" from read group by {keys}, p order by {keys}, p"
    ).fetchall()
    if not found:
        raise InputError(f"{source}: got a table without rows, wanted observations", source=source)
    k = len(names)
    cells = tuple(Cell(tuple(r[:k]), int(r[k]), None if r[k + 1] is None else float(r[k + 1]), int(r[k + 2])) for r in found)
    return Long(source, by, unit, cells, (*note, *_notes(base, cells, keys, by)), _last_day(base, by))


def _periods(base: Database, by: str) -> tuple[tuple[list[str], list[int], list[bool], list[bool]], str, tuple[str, ...]]:
    """The dates of the table that can be read, and their periods; a table by month that holds small whole numbers numbers its
    months."""
    dates = [r[0] for r in base.execute("select distinct d from cell where d is not null order by d").fetchall()]
    note: tuple[str, ...] = ()
    if by == "month" and dates and all(d.isdecimal() and len(d) <= 3 for d in dates):
        note = ("The dates are whole numbers below 1000: they are taken as numbers of months, as with --period period.",)
        by = "period"
    read = {d: p for d in dates if (p := period_of(d, by)) is not None}
    known = span()
    days = {d: day for d in read if by != "period" and (day := date_of(d)) is not None}
    near = [d not in days or plausible(days[d], within=known) for d in read]
    far = set(apart([day for day in days.values() if plausible(day, within=known)]))
    return (list(read), list(read.values()), near, [days.get(d) in far for d in read]), by, note


def _faults(base: Database, date: str, unit: Sequence[str], value: str | None, names: Sequence[str], by: str) -> list[Fault]:
    from detente.base.wording import shown

    form = "a whole number" if by == "period" else "a date such as 2018-06-12, 2018-06 or 20180612"
    first, last = span()
    checks = [
        ("p is null", "d", date, form, "write dates with the year first"),
        ("not near", "d", date, f"a date from {first} to {last}", f"another span is stated with {VARIABLE}=FIRST/LAST"),
        ("apart", "d", date, "a date near the others", APART_HINT),
    ]
    checks += [
        (f"{n} is null or {n} = ''", n, c, "a unit", "take the row out, or name its unit")
        for n, c in zip(names, unit, strict=True)
    ]
    if value is not None:
        leave = "leave the value empty where it is not known"
        checks += [
            ("x is null and v is not null and v <> ''", "v", value, "a number", leave),
            ("isinf(x)", "v", value, "a finite number", leave),
            (f"abs(x) > {_LARGEST} and isfinite(x)", "v", value, f"at most {_LARGEST:g} in size", "take a larger unit"),
        ]
    faults: list[Fault] = []
    for condition, column, name, wanted, hint in checks:
        count = _counted(base, f"select count(*) from read where {condition}")
        rows = base.execute(f"select n, left({column}, 80) from read where {condition} order by n limit {_SHOWN}").fetchall()
        faults += [Fault(0, 0, f"row {n}, {name}", f"got {shown(got)}, wanted {wanted}", hint) for n, got in rows]
        if count > len(rows):
            faults.append(Fault(0, 0, name, f"and {count - len(rows):,} more rows like these"))
    return faults


def _counted(base: Database, query: str) -> int:
    row = base.execute(query).fetchone()
    return int(row[0]) if row else 0


def _notes(base: Database, cells: Sequence[Cell], keys: str, by: str) -> list[str]:
    notes = []
    repeated = _counted(
        base, f"select coalesce(sum(c - 1), 0) from (select count(*) as c from read group by d, {keys}, v having count(*) > 1)"
    )
    if repeated and _counted(base, "select count(*) from read where v <> '1'"):
        notes.append(
            f"{repeated:,} rows repeat another row exactly (same date, unit and value); they are added up like all others."
        )
    unknown = sum(c.value is None for c in cells)
    if unknown:
        notes.append(f"In {unknown:,} periods of some unit a value is empty or NaN: they count as not known.")
    alike: dict[str, set[tuple[str, ...]]] = {}
    for unit in {c.unit for c in cells}:
        alike.setdefault("\0".join(" ".join(x.split()).casefold() for x in unit), set()).add(unit)
    same = sorted(sorted(s) for s in alike.values() if len(s) > 1)[:_SHOWN]
    notes += [f"Units named alike are kept apart: {'; '.join(repr(', '.join(u)) for u in s)}." for s in same]
    last = max(c.period for c in cells)
    if by != "period" and last > of_date(today := datetime.now(UTC).date(), by):
        notes.append(f"The table goes on after today, {today}, to {label(last, by)}: the forecast begins there.")
    return notes


def _last_day(base: Database, by: str) -> date | None:
    """The last day with a row, if its period is not complete; None where a date names no day."""
    written = [str(r[0]) for r in base.execute("select distinct d from read").fetchall()]
    days = [day for w in written if len(w) >= 8 and (day := date_of(w)) is not None]
    return unfinished(days, by) if len(days) == len(written) else None
