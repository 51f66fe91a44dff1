"""Files of tables as cells: CSV in its dialects, and sheets of xlsx.

A CSV file may begin with a byte order mark, be UTF-8, UTF-16 or, where it is not, Windows-1252, and separate its fields by
commas, semicolons or tabs, whichever its first line has most of. Where fields are not separated by commas, a comma may be the
decimal sign. Nothing is interpreted here: a cell is its text without blanks around it, and it knows its line.

An xlsx file is an archive: what it unpacks to is bounded before it is unpacked. What it says of its own size is not believed;
a cell that stands far out makes its row long, and no other.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from detente.base.bounds import name_of, read_bytes, within
from detente.base.delimited import delimited, delimiter_of
from detente.base.packed import members
from detente.errors import Fault, InputError, PositionsError

__all__ = ["Line", "Sheet", "read_sheet"]

_LAST_ROW = 1_048_576  # of a sheet in xlsx


@dataclass(frozen=True)
class Line:
    """One line of a table: its number in the file, from 1, and its cells."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A table as it is written. `comma`: whether a comma in a number is the decimal sign. `content`: the bytes of the file."""

    source: str
    lines: tuple[Line, ...]
    comma: bool
    content: bytes
    notes: tuple[str, ...] = ()


def read_sheet(source: str | Path | IO[Any]) -> Sheet:
    """Read a file, or standard input where `source` is ``-``.

    Raises
    ------
    PositionsError
        If the file cannot be read, is no table, or needs a reader that is not installed.
    """
    content, called = read_bytes(source, name="table-bytes", error=PositionsError), name_of(source)
    if content.startswith(b"PK\x03\x04"):
        return _xlsx(content, called)
    text, notes = _decoded(content, called)
    delimiter = delimiter_of(text)
    rows = delimited(text, called, delimiter=delimiter, spaces=False, error=PositionsError)
    lines = (Line(n, tuple(c.strip() for c in cells)) for n, cells in rows)
    return Sheet(called, tuple(line for line in lines if any(line.cells)), delimiter != ",", content, notes)


def _decoded(content: bytes, source: str) -> tuple[str, tuple[str, ...]]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\0" in content:
        raise PositionsError(f"{source}: is no text: got zero bytes, wanted CSV or xlsx (export it as CSV)", source=source)
    else:
        encoding = "utf-8-sig"
    try:
        return content.decode(encoding), ()
    except UnicodeDecodeError:
        if encoding == "utf-16":
            raise PositionsError(
                f"{source}: is no text in UTF-16, as its first bytes say (export it as CSV)", source=source
            ) from None
        return content.decode("cp1252", errors="replace"), ("The file is not UTF-8; it was read as Windows-1252.",)


def _xlsx(content: bytes, source: str) -> Sheet:
    try:
        from openpyxl import load_workbook
    except ImportError:
        hint = "pip install 'detente[xlsx]', or save it as CSV"
        raise PositionsError(f"{source}: is an xlsx file, and its reader is not installed ({hint})", source=source) from None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members(archive, len(content), source, name="table-bytes", error=PositionsError)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the reader leaves aside is no part of a table
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            lines = tuple(_rows(sheet.iter_rows(values_only=True), source))
    except InputError:
        raise
    except Exception as err:
        raise PositionsError(f"{source}: is no xlsx file that can be read: {err} (save it as CSV)", source=source) from None
    more = len(book.worksheets) - 1
    notes = (f"The first sheet, {sheet.title}, was read; {more} more were not.",) if more else ()
    return Sheet(source, lines, False, content, notes)


def _rows(rows: Iterator[tuple[object, ...]], source: str) -> Iterator[Line]:
    """The rows with something in them; one text may stand in many cells, so that what they say together is counted."""
    size = 0
    for n, row in enumerate(rows, 1):
        if n > _LAST_ROW:
            raise PositionsError(
                f"{source}: has rows beyond the last one of a sheet, {_LAST_ROW:,} (save it as CSV)", source=source
            )
        filled = [at for at, value in enumerate(row) if value is not None and value != ""]
        if not filled:
            continue
        place = Fault(n, 1, "", "")
        within("columns", filled[-1] + 1, source, error=PositionsError, fault=place)
        cells = []
        for value in row[: filled[-1] + 1]:
            if isinstance(value, str):
                within("cell", len(value), source, error=PositionsError, fault=place)
                size += len(value)
            cells.append(_cell(value))
        within("table-bytes", size, source, error=PositionsError, fault=place)
        if any(cells):
            yield Line(n, tuple(cells))


def _cell(value: object) -> str:
    if value is None:
        return ""
    return (
        repr(value)
        if isinstance(value, float) and not value.is_integer()
        else f"{value:.0f}"
        if isinstance(value, float)
        else str(value).strip()
    )
