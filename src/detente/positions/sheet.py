"""Files of tables as cells: CSV in its dialects, and sheets of xlsx.

A CSV file may begin with a byte order mark, be UTF-8, UTF-16, UTF-32 or, where it is none, Windows-1252, and separate its
fields by commas, semicolons or tabs, whichever its first line has most of. Where fields are not separated by commas, a comma
may be the decimal sign. Nothing is interpreted here: a cell is its text without blanks around it, and it knows its line.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from detente.base.bounds import name_of, read_bytes
from detente.base.delimited import delimited, delimiter_of
from detente.base.encoding import wide
from detente.base.workbook import read_workbook
from detente.errors import PositionsError

__all__ = ["Line", "Sheet", "read_sheet"]


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
    if text.lstrip().startswith(("<", "{", "[")):
        kind = "XML or HTML" if text.lstrip()[0] == "<" else "JSON"
        hint = "write its actors as CSV, a line each, with the columns actor, position, salience, capability"
        raise PositionsError(f"{called}: is {kind}, and no table ({hint})", source=called)
    delimiter = delimiter_of(text)
    rows = delimited(text, called, delimiter=delimiter, spaces=False, error=PositionsError)
    lines = (Line(n, tuple(c.strip() for c in cells)) for n, cells in rows)
    return Sheet(called, tuple(line for line in lines if any(line.cells)), delimiter != ",", content, notes)


def _decoded(content: bytes, source: str) -> tuple[str, tuple[str, ...]]:
    if encoding := wide(content):
        pass
    elif b"\0" in content:
        raise PositionsError(f"{source}: is no text: got zero bytes, wanted CSV or xlsx (export it as CSV)", source=source)
    else:
        encoding = "utf-8-sig"
    try:
        return content.decode(encoding), ()
    except UnicodeDecodeError:
        if encoding != "utf-8-sig":
            said = f"is no text in {encoding.upper()}, as its first bytes say (export it as CSV)"
            raise PositionsError(f"{source}: {said}", source=source) from None
        return content.decode("cp1252", errors="replace"), ("The file is not UTF-8; it was read as Windows-1252.",)


def _xlsx(content: bytes, source: str) -> Sheet:
    book = read_workbook(content, source, error=PositionsError)
    notes = (f"The first sheet, {book.title}, was read; {book.more} more were not.",) if book.more else ()
    return Sheet(source, tuple(Line(n, cells) for n, cells in book.rows), False, content, notes)
