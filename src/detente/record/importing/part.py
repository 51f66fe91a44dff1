"""One file becomes one part of the record.

duckdb reads the file as it is, all columns as text, and writes the part in one pass in the order of the file, so that the
number of a row gives its line. Where the file is broken (cells too many or too few, stray quotation marks, another encoding,
records over several lines), it is first written anew by `detente.record.reading.careful`, each record with its line. Only a
part with known or rejected rows is written a second time, without them.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from detente.base.database import Database, literal_path
from detente.errors import RecordError
from detente.record.codes.actors import Actors
from detente.record.formats.days import EITHER
from detente.record.formats.format import OWN, Format, Raw
from detente.record.formats.keds import KEDS, KEDS_BEFORE, WEIS, WEIS_BEFORE, older
from detente.record.formats.recognise import Shape
from detente.record.importing.aside import count_aside, write_aside
from detente.record.importing.known import find_known
from detente.record.importing.result import FileImport
from detente.record.importing.select import lookups, select
from detente.record.reading.careful import Aside, clean, lines_of, texts
from detente.record.reading.json import table
from detente.record.reading.json import texts as json_texts
from detente.record.reading.opened import Opened
from detente.record.resolve import resolve, sides
from detente.record.schema import EVENTS
from detente.record.views import columns_of
from detente.record.workspace import Part, Workspace

__all__ = ["write_part"]

_MEMORY = "1GB"
_LONGEST = 4_000_000
_NOTHING = ("NULL", "null", "(null)", "None", "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "\\N", "-")
"""What tools write into a cell that is empty."""


@dataclass(frozen=True)
class _Source:
    """Raw rows: an SQL expression that reads them, how the file is written, and what was put aside before.

    own : columns that say where each record stands, `line` and `record`; without them the rows are the lines.
    texts : line (or, with `record`, number) and text of every record.
    clean : numbers and days are read as such (see `Raw`). anew : the file was written anew, and can be read for sure.
    order : what comes first in dates such as 3/4/2018, by its other dates.
    constants : the columns of the record that have one value in every row. mended : there is a column that says whether the
    code of a row was.
    """

    sql: Callable[[Raw], str]
    shape: Shape
    own: Sequence[str]
    texts: Callable[[], Iterator[tuple[int, str]]]
    aside: Sequence[Aside] = ()
    clean: bool = False
    anew: bool = False
    order: str = ""
    constants: Mapping[str, str | None] = field(default_factory=dict)
    mended: bool = False

    def raw(self, connection: Database) -> Raw:
        """The raw columns, of which nothing has been asked yet."""
        return Raw(
            self.shape.names,
            clean=self.clean,
            let=connection.let,
            wrapped=self.shape.wrapped,
            edited=self.shape.edited,
            order=self.order,
            comma=self.shape.delimiter == ";",
        )


def write_part(
    workspace: Workspace,
    file: Opened,
    shape: Shape,
    used: Format,
    ontology: str | None,
    actors: Actors,
    spill: Path,
    path: Path,
    heals: Part | None = None,
) -> tuple[Mapping[str, Any], FileImport]:
    """Write the part of a file to `path`, and what is put aside beside it; its description, and what became of the records.

    heals : the part that it is to take the place of.
    """
    first = 1 + shape.header
    folders = (workspace.path, spill)
    with Database(folders=folders, files=[file.path], memory=_MEMORY, spill=spill / "duckdb") as connection:
        lookups(connection, actors.keys)
        staged = spill / "staged.parquet"
        source = _stage(connection, file, shape, used, ontology, spill, staged)
        line = "line" if source.own else f"file_row_number + {first}"
        record = "record" if "record" in source.own else line
        connection.execute(
            f"create view staged as select {columns_of(connection, source.constants)}, reason, {line} as line,"
            f" {'mended' if source.mended else 'false'} as mended,"
            f" {record} as record, file_row_number as row"
            f" from read_parquet({connection.let(literal_path(staged))}, file_row_number = true)"
        )
        if actors:
            resolve(connection, ("staged",), actors)
            constants = {column: x for column, x in source.constants.items() if not column.endswith("_country")}
            source = replace(source, constants=constants)
        stored = [name for name in EVENTS if name not in source.constants]
        rejected = count_aside(connection, source.aside)
        known = find_known(connection, workspace, used, heals)
        counted = "record" if used.several else "*"
        kept = "reason is null" + (" and row not in (select row from known)" if known else "")
        read, added = _count(connection, counted, "reason is null"), _count(connection, counted, kept)
        notes = _notes(connection, source)
        told = kept if actors else "reason is null"  # known rows keep the codes that they have on record
        connection.execute(f"create view events as select * from staged where {told}")
        known_sides = sides(connection, "events")
        if rejected or known or actors:
            query = f"select {', '.join(stored)}, line from staged where {kept} order by row"
            connection.execute(f"copy ({query}) to ? (format parquet)", [str(path.absolute())])
        else:
            shutil.move(staged, path)
        facts = _facts(connection, path, used, source.constants)
        if rejected:
            write_aside(connection, source.aside, source.texts(), path.with_name(f"{path.name}.aside"))
    put_aside = sum(rejected.values())
    about = {
        "file": file.name,
        "sha256": file.digest,
        "size": file.size,
        "format": used.name,
        "ontology": facts.pop("ontology") or used.ontology,
        "imported": datetime.now(UTC).isoformat(timespec="seconds"),
        "read": read + put_aside,
        "added": added,
        "known": read - added,
        "rejected": rejected,
        "first_line": first,
        "lines": bool(rejected or known or actors or source.own),
        "constants": source.constants,
        **facts,
    }
    counts = (read + put_aside, added, read - added, rejected)
    return about, FileImport(file.name, used.name, about["ontology"], *counts, sides=known_sides, notes=notes)


def _stage(
    connection: Database,
    file: Opened,
    shape: Shape,
    used: Format,
    ontology: str | None,
    spill: Path,
    staged: Path,
) -> _Source:
    """Write the rows of a file, with a reason where one is to be put aside, to `staged`."""
    import duckdb

    ways: list[Callable[[], _Source]] = [lambda: _cleaned(connection, file, shape, spill)]
    if file.plain and shape.delimiter and not shape.records:
        ways = [
            lambda: _plain(connection, file, shape, clean=True),
            lambda: _plain(connection, file, shape, clean=False),
            *ways,
        ]
    for way in ways:
        source = way()
        try:
            source = replace(source, order=_order(connection, source, used))
            chosen = _whose(connection, source, ontology, file.name) if used is KEDS else used
            selected = select(chosen, source.raw(connection), source.sql, source.own)
            connection.execute(f"copy ({selected.query}) to ? (format parquet)", [str(staged.absolute())])
        except (duckdb.InvalidInputException, duckdb.ConversionException) as err:
            if source.anew:
                raise RecordError(f"{file.name}: cannot be read: {str(err).splitlines()[0]}", source=file.name) from err
        else:
            source = replace(source, constants=selected.constants, mended=selected.mended)
            if source.anew or _as_read(connection, staged, source, file.lines - shape.header):
                return source
    raise AssertionError("a file that is written anew can be read")


def _order(connection: Database, source: _Source, used: Format) -> str:
    """What comes first in dates such as 3/4/2018: what the file's own dates prove, else what is usual in its format."""
    names = [name for name in used.dates if name in Raw(source.shape.names)]
    if not names:
        return ""
    raw = replace(source, clean=False).raw(connection)
    day = f"replace(regexp_extract({raw.first(*names)}, '^[^ ]+'), '-', '/')"
    query = (
        f"select bool_or(split_part(d, '/', 1)::int > 12), bool_or(split_part(d, '/', 2)::int > 12)"
        f" from (select {day} as d from {source.sql(raw)} r where regexp_full_match({raw.first(*names)}, '{EITHER}'))"
    )
    found = connection.execute(query).fetchone() or (None, None)
    if found[0] is None:
        return ""
    return {(True, False): "day", (False, True): "month", (True, True): "either"}.get(found, used.usual or "either")


def _notes(connection: Database, source: _Source) -> tuple[str, ...]:
    """What was taken for granted in reading the file."""
    notes = []
    if source.order in ("day", "month"):
        notes.append(f"dates such as 3/4/2018 are read {source.order} first")
    elif source.order:
        notes.append(
            "nothing in the file tells day from month in dates such as 3/4/2018: only those that leave no doubt are read"
        )
    count = _count(connection, "record", "mended and reason is null") if source.mended else 0
    if count:
        notes.append(
            "a code had lost its leading zero, and has it back"
            if count == 1
            else f"{count:,} codes had lost their leading zeros, and have them back"
        )
    return tuple(notes)


def _as_read(connection: Database, staged: Path, source: _Source, lines: int) -> bool:
    """Whether every line made a row, and no actor or code kept blanks around it where they were not cut off."""
    padded = " or ".join(f"{name} <> trim({name})" for name in ("source", "target", "code"))
    rows = "count(distinct line)" if source.own else "count(*)"
    what = f"{rows}, count(*) filter ({padded})" if source.clean else f"{rows}, 0"
    line = ", line" if source.own else ""
    read = f"read_parquet({connection.let(literal_path(staged))})"
    table = f"(select {columns_of(connection, source.constants)}{line} from {read})"
    return connection.execute(f"select {what} from {table}").fetchone() == (lines, 0)


def _plain(connection: Database, file: Opened, shape: Shape, *, clean: bool) -> _Source:
    """A file as it is; its lines are numbered where one may be several events."""

    def read(raw: Raw) -> str:
        rows = _csv(connection, file.path, raw, shape, (), shape.delimiter, shape.quoted, shape.header)
        if not shape.format.several:
            return rows
        return f'(select *, row_number() over () + {int(shape.header)} as "{OWN}line" from {rows})'

    own = ("line",) if shape.format.several else ()
    return _Source(read, shape, own, lambda: enumerate(lines_of(file.path), 1), clean=clean)


def _cleaned(connection: Database, file: Opened, shape: Shape, spill: Path) -> _Source:
    """A file written anew."""
    target = spill / "cleaned.csv"
    own = ["line", "record"] if shape.records else ["line"]
    aside = table(file.path, shape, target) if shape.records else clean(file.path, shape, target)
    records = (lambda: json_texts(file.path)) if shape.records else (lambda: texts(file.path, shape))

    def read(raw: Raw) -> str:
        return _csv(connection, target, raw, shape, own, ",", True, True)

    return _Source(read, shape, own, records, aside, anew=True)


def _csv(
    connection: Database, path: Path, raw: Raw, shape: Shape, own: Sequence[str], delimiter: str, marks: bool, header: bool
) -> str:
    """The rows of a file, its columns of the kinds that are asked of them."""
    kinds = {
        **dict.fromkeys((OWN + name for name in own), "VARCHAR"),
        **{name: raw.kinds.get(name, "VARCHAR") for name in raw.names},
    }
    given = {
        "delim": delimiter,
        "quote": '"' if marks else "",
        "escape": '"' if marks else "",
        "columns": kinds,
        **({"dateformat": raw.day_format} if raw.day_format else {}),
    }
    options = ", ".join(f"{name} = {connection.let(value)}" for name, value in given.items())
    empty = connection.let(["", *_NOTHING]) if shape.edited else "''"
    return (
        f"read_csv({connection.let(literal_path(path))}, auto_detect = false, header = {str(header).lower()}, {options},"
        f" max_line_size = {_LONGEST}, nullstr = {empty}, encoding = 'utf-8')"
    )


def _whose(connection: Database, source: _Source, ontology: str | None, name: str) -> Format:
    """Whose codes a KEDS table has: as stated, or that list which has nine in ten of them and more than the other."""
    raw = replace(source, clean=False).raw(connection)
    rows = source.sql(raw)
    if ontology:
        return _named(connection, rows, ontology)
    counts = connection.execute(
        f"select avg((g.key is not null)::int), avg((w.key is not null)::int) from {rows} r"
        f" left join cameo g on g.key = {raw.first('code')} left join weis w on w.key = {raw.first('code')}"
    ).fetchone()
    cameo, weis = (float(share or 0) for share in counts or (0, 0))
    if max(cameo, weis) >= 0.9 and cameo != weis:
        return _named(connection, rows, "cameo" if cameo > weis else "weis")
    message = f"{name}: {cameo:.0%} of its codes are of CAMEO and {weis:.0%} of WEIS"
    raise RecordError(f"{message} (say which they are with --ontology cameo or --ontology weis)", source=name)


def _named(connection: Database, rows: str, ontology: str) -> Format:
    """The format of a KEDS table by the codes of its events and of its actors."""
    actors = f"select left(trim(r.source), 3) as code from {rows} r union all select left(trim(r.target), 3) from {rows} r"
    counts = connection.execute(f"select code, count(*) from ({actors}) where code is not null group by 1").fetchall()
    past = older(dict(counts), ontology)
    return {"cameo": (KEDS, KEDS_BEFORE), "weis": (WEIS, WEIS_BEFORE)}[ontology][past]


def _facts(connection: Database, path: Path, used: Format, constants: Mapping[str, str | None]) -> dict[str, Any]:
    """What later imports and queries want to know of a part without opening it."""
    numbers = "min(try_cast(id as bigint)), max(try_cast(id as bigint)), count(id) = count(try_cast(id as bigint))"
    chosen = numbers if used.native else "null, null, false"
    what = f"count(*), min(date)::varchar, max(date)::varchar, any_value(ontology), {chosen}"
    source = f"select {columns_of(connection, constants)} from read_parquet({connection.let(literal_path(path))})"
    row = connection.execute(f"select {what} from ({source})").fetchone()
    assert row is not None
    rows, earliest, latest, ontology, lowest, highest, numbered = row
    ids = [lowest, highest] if numbered and lowest is not None else None
    return {"rows": rows, "dates": [earliest, latest], "ids": ids, "ontology": ontology}


def _count(connection: Database, what: str, where: str) -> int:
    counted = "count(*)" if what == "*" else f"count(distinct {what})"
    row = connection.execute(f"select {counted} from staged where {where}").fetchone()
    return int(row[0]) if row else 0
