"""Files of tables as cells: CSV in its dialects, and sheets of xlsx.

A CSV file may begin with a byte order mark, be UTF-8, UTF-16 or, where it is not, Windows-1252, and separate its fields by
commas, semicolons or tabs, whichever its first line has most of. Where fields are not separated by commas, a comma may be the
decimal sign. Nothing is interpreted here: a cell is its text without blanks around it, and it knows its line.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from detente.errors import PositionsError

__all__ = ["Line", "Sheet", "read_sheet"]

MOST_BYTES = 500_000_000


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
    if not isinstance(source, str | Path):
        content = source.read()
        name = str(getattr(source, "name", "<file>"))
        return _of(content.encode() if isinstance(content, str) else content, name)
    if source == "-":
        return _of(sys.stdin.buffer.read(MOST_BYTES + 1), "<stdin>")
    try:
        with Path(source).open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as err:
        reason = "it is a folder" if isinstance(err, IsADirectoryError) else err.strerror or type(err).__name__
        hint = "give the path of a CSV or xlsx file"
        raise PositionsError(f"{source}: cannot be read: {reason} ({hint})", source=str(source)) from None
    except ValueError as err:
        raise PositionsError(f"{source!s:.60}: is not the path of a file: {err}", source="") from None
    return _of(content, str(source))


def _of(content: bytes, source: str) -> Sheet:
    if len(content) > MOST_BYTES:
        raise PositionsError(f"{source}: got more than {MOST_BYTES:,} bytes, wanted a smaller table (split it)", source=source)
    if content.startswith(b"PK\x03\x04"):
        return _xlsx(content, source)
    text, notes = _decoded(content, source)
    delimiter = _delimiter(text)
    lines = tuple(Line(n, cells) for n, cells in _csv(text, delimiter, source) if any(cells))
    return Sheet(source, lines, delimiter != ",", content, notes)


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
        return content.decode("cp1252", errors="replace"), ("The file is not UTF-8; it was read as Windows-1252.",)


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=lambda d: (first.count(d), d == ","))


def _csv(text: str, delimiter: str, source: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    end = 0
    try:
        for cells in reader:
            yield end + 1, tuple(c.strip() for c in cells)
            end = reader.line_num
    except csv.Error as err:
        raise PositionsError(f"{source}:{end + 1}: is no CSV: {err} (look for an open quotation mark)", source=source) from None


def _xlsx(content: bytes, source: str) -> Sheet:
    try:
        from openpyxl import load_workbook
    except ImportError:
        hint = "pip install 'detente[xlsx]', or save it as CSV"
        raise PositionsError(f"{source}: is an xlsx file, and its reader is not installed ({hint})", source=source) from None
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = list(sheet.iter_rows(values_only=True))
    except Exception as err:
        raise PositionsError(f"{source}: is no xlsx file that can be read: {err} (save it as CSV)", source=source) from None
    cells = ((n, tuple(_cell(c) for c in row)) for n, row in enumerate(rows, 1))
    lines = tuple(Line(n, c) for n, c in cells if any(c))
    more = len(book.worksheets) - 1
    notes = (f"The first sheet, {sheet.title}, was read; {more} more were not.",) if more else ()
    return Sheet(source, lines, False, content, notes)


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
