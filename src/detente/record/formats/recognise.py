"""Which format a file is in, by its first lines."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

from detente.base.bounds import within
from detente.errors import Fault, RecordError
from detente.record.formats.acled import ACLED
from detente.record.formats.format import Format, Raw
from detente.record.formats.gdelt import GDELT1, GDELT2
from detente.record.formats.icews import ICEWS
from detente.record.formats.keds import KEDS
from detente.record.formats.plover import PLOVER
from detente.record.formats.ucdp import UCDP

__all__ = ["FORMATS", "Shape", "fields_of", "shape_of"]

FORMATS: dict[str, Format] = {f.name: f for f in (GDELT2, GDELT1, ACLED, UCDP, ICEWS, PLOVER, KEDS)}
"""By name, the more particular before the more general."""

_DELIMITERS = "\t,;|"


@dataclass(frozen=True)
class Shape:
    """How a file is written: the names of its columns, what parts them, and whether its first line names them."""

    format: Format
    names: tuple[str, ...]
    delimiter: str  # empty: runs of blanks
    header: bool

    @property
    def quoted(self) -> bool:
        """Whether a cell may stand in quotation marks. Tab-separated files are written without."""
        return self.delimiter in (",", ";", "|")


def fields_of(line: str, delimiter: str) -> list[str]:
    """The cells of one line."""
    if not delimiter:
        return line.split()
    if delimiter == "\t":
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
    first = lines[0]
    ways = [delimiter] if delimiter else sorted(_DELIMITERS, key=lambda d: (-first.count(d), _DELIMITERS.index(d)))[:1]
    if not delimiter and not any(d in first for d in _DELIMITERS):
        ways = [""]
    for way in ways:
        try:
            cells = [cell.strip() for cell in fields_of(first, way)]
        except csv.Error:
            continue
        within("columns", len(cells), source, error=RecordError, fault=Fault(1, 1, "", ""))
        for known in formats:
            if _named(known, cells):
                return Shape(known, _unlike(cells), way, header=True)
        for known in formats:
            names = known.headers.get(len(cells))
            if names and _positional(known, cells):
                return Shape(known, tuple(names), way, header=False)
    return None


def _named(known: Format, cells: Sequence[str]) -> bool:
    raw = Raw(cells)
    return all(any(name in raw for name in group) for group in known.wanted)


def _positional(known: Format, cells: Sequence[str]) -> bool:
    """Whether a line without a header can be the format's: a date stands where it must."""
    if known.name.startswith("gdelt"):
        return bool(re.fullmatch(r"\d{8}", cells[1]))
    return bool(re.fullmatch(r"\d{6}|\d{8}|\d{4}-\d\d-\d\d", cells[0])) and bool(re.fullmatch(r"\d{2,4}", cells[3]))


def _unlike(cells: Sequence[str]) -> tuple[str, ...]:
    """Column names, all different and none empty."""
    found: dict[str, str] = {}
    times: dict[str, int] = {}
    for at, cell in enumerate(cells, 1):
        name = plain = cell or f"column {at}"
        while name.lower() in found:
            times[plain] = times.get(plain, 0) + 1
            name = f"{plain}_{times[plain]}"
        found[name.lower()] = name
    return tuple(found.values())
