"""Delimited text as cells, no more of them and no longer ones than the bounds allow; nothing is interpreted here."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from detente.base.bounds import limit, within
from detente.errors import Fault, InputError

__all__ = ["delimited", "delimiter_of"]


def delimiter_of(text: str) -> str:
    """A comma, a semicolon or a tab, whichever the first line with something in it has most of."""
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    return max(",;\t", key=first.count)


def delimited(
    text: str,
    source: str,
    *,
    delimiter: str = ",",
    strict: bool = False,
    spaces: bool = True,
    error: type[InputError] = InputError,
) -> Iterator[tuple[int, list[str]]]:
    """The number of the line on which a row begins, from 1, and its cells.

    strict : quotation marks out of place are an error. spaces : blanks behind a delimiter belong to the cell.

    Raises
    ------
    InputError
        Or `error`, with the line: too many columns, too many rows, a cell that is too long, a quotation mark left open.
    """
    longest, rows = limit("cell"), limit("rows")
    csv.field_size_limit(longest)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict, skipinitialspace=not spaces)
    line, columns = 1, limit("columns")
    try:
        for n, cells in enumerate(reader, 1):
            if len(cells) > columns:
                within("columns", len(cells), source, error=error, fault=Fault(line, 1, "", ""))
            if n > rows:
                within("rows", n, source, error=error, fault=Fault(line, 1, "", ""))
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as err:
        if "field larger" in str(err):
            within("cell", longest + 1, source, error=error, fault=Fault(line, 1, "", ""))
        fault = Fault(line, 1, "", f"not a table: {err}", "look for a double quote that is not closed")
        raise error(f"{source}: cannot be read as a table", source=source, faults=[fault]) from None
