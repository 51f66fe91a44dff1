"""An xlsx file: opened within bounds, and its first sheet as rows of text.

An xlsx file is an archive: what it unpacks to is bounded before it is unpacked. What it says of its own size is not believed;
a cell that stands far out makes its row long, and no other.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from detente.base.bounds import within
from detente.base.packed import members
from detente.errors import Fault, InputError

__all__ = ["Workbook", "is_workbook", "opened", "read_workbook"]

_LAST_ROW = 1_048_576  # of a sheet in xlsx


@dataclass(frozen=True)
class Workbook:
    """The rows of the first sheet that have something in them: number, from 1, and cells. more : how many other sheets."""

    title: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    more: int


def is_workbook(archive: zipfile.ZipFile) -> bool:
    """Whether an archive is an xlsx file."""
    return "[Content_Types].xml" in archive.namelist() and any(name.startswith("xl/") for name in archive.namelist())


@contextmanager
def opened(
    content: bytes, source: str, bound: str, missing: str, mend: str, *, error: type[InputError] = InputError, **how: bool
) -> Iterator[Any]:
    """A workbook as `openpyxl` has it, for as long as it is read.

    source : what errors call the file. bound : on what it unpacks to. missing : said where no reader is installed. mend : said
    where it cannot be read. how : options of `openpyxl.load_workbook`.

    Raises
    ------
    InputError
        Or `error`, if it cannot be read, is too large, or its reader is not installed.
    """
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise error(f"{source}: {missing}", source=source) from None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members(archive, len(content), source, name=bound, error=error)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the reader leaves aside is nothing that is read here
            yield load_workbook(io.BytesIO(content), **how)
    except InputError:
        raise
    except Exception as err:
        raise error(f"{source}: is no xlsx file that can be read: {err} ({mend})", source=source) from None


def read_workbook(content: bytes, source: str, *, error: type[InputError] = InputError) -> Workbook:
    """Read the first sheet; source : what errors call the file. Raises as `opened`."""
    mend = "save it as CSV"
    missing = f"is an xlsx file, and its reader is not installed (pip install 'detente[xlsx]', or {mend})"
    with opened(content, source, "table-bytes", missing, mend, error=error, read_only=True, data_only=True) as book:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        rows = tuple(_rows(sheet.iter_rows(values_only=True), source, error))
    return Workbook(sheet.title, rows, len(book.worksheets) - 1)


def _rows(rows: Iterator[tuple[object, ...]], source: str, error: type[InputError]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The rows with something in them; one text may stand in many cells, so that what they say together is counted."""
    size = 0
    for n, row in enumerate(rows, 1):
        if n > _LAST_ROW:
            raise error(f"{source}: has rows beyond the last one of a sheet, {_LAST_ROW:,} (save it as CSV)", source=source)
        filled = [at for at, value in enumerate(row) if value is not None and value != ""]
        if not filled:
            continue
        place = Fault(n, 1, "", "")
        within("columns", filled[-1] + 1, source, error=error, fault=place)
        cells = []
        for value in row[: filled[-1] + 1]:
            if isinstance(value, str):
                within("cell", len(value), source, error=error, fault=place)
                size += len(value)
            cells.append(_cell(value))
        within("table-bytes", size, source, error=error, fault=place)
        if any(cells):
            yield n, tuple(cells)


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
