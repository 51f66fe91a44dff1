"""Which format a file is in, by its first lines; and of one that is in none, what speaks against each."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from detente.base.bounds import within
from detente.errors import Fault, RecordError
from detente.record.formats.acled import ACLED
from detente.record.formats.format import Format, Raw, plain
from detente.record.formats.gdelt import GDELT1, GDELT2, REDUCED
from detente.record.formats.icews import ICEWS
from detente.record.formats.keds import KEDS
from detente.record.formats.plover import PLOVER
from detente.record.formats.ucdp import UCDP

__all__ = ["FORMATS", "NoFormatError", "Shape", "fields_of", "named", "objections", "shape_of"]

FORMATS: dict[str, Format] = {f.name: f for f in (GDELT2, GDELT1, REDUCED, ACLED, UCDP, ICEWS, PLOVER, KEDS)}
"""By name, the more particular before the more general."""

_DELIMITERS = "\t,;|"


class NoFormatError(RecordError):
    """A file that is in none of the formats. seen : what it is instead, in a few words."""

    def __init__(self, message: str, *, source: str, faults: Sequence[Fault] = (), seen: str) -> None:
        self.seen = seen
        super().__init__(message, source=source, faults=faults)


@dataclass(frozen=True)
class Shape:
    """How a file is written: the names of its columns, what parts them, and whether its first line names them.

    marked : tab-separated, and its header stands in quotation marks. records : what its JSON records are, "plover" (sources
    and targets of each), "ngec" or "flat" (a column each name); empty: it is no JSON. notes : what else is to be said of it.
    """

    format: Format
    names: tuple[str, ...]
    delimiter: str  # empty: runs of blanks
    header: bool
    marked: bool = False
    records: str = ""
    notes: tuple[str, ...] = ()

    @property
    def quoted(self) -> bool:
        """Whether a cell may stand in quotation marks. Tab-separated files are mostly written without."""
        return self.marked or self.delimiter in (",", ";", "|")

    @property
    def wrapped(self) -> bool:
        """Whether a cell that stands as a whole in quotation marks is what is between them, though tabs alone part cells."""
        return self.delimiter == "\t" and self.header and not self.marked

    @property
    def edited(self) -> bool:
        """Whether words such as NULL and NA may stand for an empty cell: somebody's tool has given the file its header."""
        return bool(self.format.dates) and (self.header or self.records == "flat")


def fields_of(line: str, delimiter: str) -> list[str]:
    """The cells of one line."""
    if not delimiter:
        return line.split()
    if delimiter == "\t" and not _marked(line):
        return line.split("\t")
    return next(csv.reader([line], delimiter=delimiter), [])


def shape_of(lines: Sequence[str], formats: Sequence[Format], delimiter: str = "", *, source: str = "<table>") -> Shape | None:
    """The first of the formats that the first lines of a file fit, or None.

    lines : without their ends, blank ones left out. source : what errors call the file.

    Raises
    ------
    RecordError
        If there are too many columns.
    """
    if not lines:
        return None
    way = _way(lines[0], delimiter)
    cells = _cells(lines[0], way)
    if cells is None:
        return None
    within("columns", len(cells), source, error=RecordError, fault=Fault(1, 1, "", ""))
    for known in formats:
        if named(known, cells):
            names = _as_rows_have(known, cells, lines[1:], way)
            return Shape(known, _unlike(names), way, header=True, marked=_marked(lines[0]) and way == "\t")
    for known in formats:
        names = known.headers.get(len(cells), ())
        if names and not _unfit(known, cells):
            return Shape(known, tuple(names), way, header=False)
    return None


def named(known: Format, cells: Collection[str]) -> bool:
    """Whether the names of columns are those of a format."""
    return not _missing(known, cells)


def objections(lines: Sequence[str], formats: Sequence[Format], names: Collection[str] | None = None) -> list[Fault]:
    """What speaks against each format, that against which least does first; those of which nothing is there together.

    names : of JSON records; None: the file is a table.
    """
    way = _way(lines[0], "") if lines else ""
    cells = list(names) if names is not None else (lines and _cells(lines[0], way)) or []
    near: list[tuple[float, Fault]] = []
    far: list[Format] = []
    for known in formats:
        missing = _missing(known, cells)
        unfit = _unfit(known, cells) if names is None and len(cells) in known.headers else ""
        if len(missing) == len(known.wanted) and not unfit:
            far.append(known)
            continue
        said = f"without a header, but {unfit}" if unfit else f"no {'; no '.join(' or '.join(group) for group in missing)}"
        near.append((0 if unfit else len(missing) / len(known.wanted), Fault(0, 0, known.title, said)))
    found = [fault for _, fault in sorted(near, key=lambda item: item[0])]
    if far:
        counts = ", ".join(str(count) for known in far for count in known.headers)
        said = "none of the names" + (
            f"; nor, without a header, {counts} cells (it has {len(cells)})" if counts and lines else ""
        )
        found.append(Fault(0, 0, ", ".join(known.title for known in far), said))
    return found


def _way(first: str, delimiter: str) -> str:
    """What parts the cells of a line; empty: blanks."""
    if delimiter:
        return delimiter
    ways = sorted(_DELIMITERS, key=lambda d: (-first.count(d), _DELIMITERS.index(d)))
    return ways[0] if first.count(ways[0]) else ""


def _cells(line: str, way: str) -> list[str] | None:
    try:
        return [cell.strip() for cell in fields_of(line, way)]
    except csv.Error:
        return None


def _missing(known: Format, cells: Collection[str]) -> list[tuple[str, ...]]:
    """Of the columns that a format must have, those that are not there."""
    raw = Raw(tuple(cells))
    return [group for group in known.wanted if not any(name in raw for name in group)]


def _unfit(known: Format, cells: Sequence[str]) -> str:
    """What a line without a header has in the wrong place; empty: nothing."""
    for at, pattern in known.marks.items():
        if not re.fullmatch(pattern, cells[at]):
            return f"{cells[at][:30]!r} in column {at + 1}"
    return ""


def _as_rows_have(known: Format, cells: Sequence[str], rows: Sequence[str], way: str) -> Sequence[str]:
    """The names of a header, one for each cell of the rows.

    R writes the names of rows before them and none above; and some of POLECAT's headers name columns that the rows have not.
    """
    counts = {len(row) for row in _read(rows, way)}
    if counts == {len(cells) + 1} and len(rows) and _all_ended(rows, way, len(cells)):
        return ["row name", *cells]
    published = {plain(name) for name in known.published}
    kept = [cell for cell in cells if plain(cell) in published]
    return kept if counts == {len(kept)} and len(kept) < len(cells) else cells


def _all_ended(rows: Sequence[str], way: str, count: int) -> bool:
    """Whether the cell that is too many is none that merely ends every line."""
    return any(row[count].strip() for row in _read(rows, way) if len(row) > count)


def _read(rows: Sequence[str], way: str) -> Iterator[list[str]]:
    for row in rows:
        if (cells := _cells(row, way)) is not None:
            yield cells


def _marked(line: str) -> bool:
    """Whether a tab-separated header stands in quotation marks."""
    cells = line.strip().split("\t")
    return len(cells) > 1 and all(cell[:1] == cell[-1:] == '"' and len(cell) > 1 for cell in cells)


def _unlike(cells: Sequence[str]) -> tuple[str, ...]:
    """Column names, all different and none empty."""
    found: dict[str, str] = {}
    times: dict[str, int] = {}
    for at, cell in enumerate(cells, 1):
        name = plain_name = cell or f"column {at}"
        while name.lower() in found:
            times[plain_name] = times.get(plain_name, 0) + 1
            name = f"{plain_name}_{times[plain_name]}"
        found[name.lower()] = name
    return tuple(found.values())
