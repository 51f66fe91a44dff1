"""Reading a broken file record by record: what can be read is written anew in a clean form, what cannot is put aside.

A record is a line; in files with quotation marks it goes on while one is open, for a hundred lines at most and if that makes a
record with all its cells (else the mark was a stray one, and only its own line is put aside). A line that is not UTF-8 is read
as Windows-1252. A record with the wrong number of cells is put aside, as is one longer than a million characters. What a line
costs does not grow with the file: a line is joined to others at most a hundred times.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from detente.base.encoding import wide
from detente.record.formats.recognise import Shape

__all__ = ["Aside", "clean", "lines_of", "texts"]

_LONGEST = 1_000_000
_OPEN = 100


@dataclass(frozen=True)
class Aside:
    """A record that was put aside."""

    line: int
    reason: str
    text: str


def clean(path: Path, shape: Shape, target: Path) -> list[Aside]:
    """Write the records of a file to `target`: CSV, UTF-8, a header, the line number first; what was put aside comes back."""
    aside: list[Aside] = []
    wanted = len(shape.names)
    csv.field_size_limit(_LONGEST)
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["line", *shape.names])
        for line, text, reason in _records(path, shape):
            if reason:
                aside.append(Aside(line, reason, text))
                continue
            try:
                cells = _cells(text, shape)
            except csv.Error:
                aside.append(Aside(line, "quotation marks that do not match", text))
                continue
            if len(cells) != wanted:
                aside.append(Aside(line, "the wrong number of columns", text))
                continue
            writer.writerow([line, *(cell.replace("\0", "") for cell in cells)])
    return aside


def texts(path: Path, shape: Shape) -> Iterator[tuple[int, str]]:
    """Line and text of every record."""
    for line, text, _ in _records(path, shape):
        yield line, text


def _cells(text: str, shape: Shape) -> list[str]:
    """The cells of a record; empty ones at its end that are too many, or one that is missing in a tabbed line, are mended."""
    if shape.quoted and '"' in text:
        cells = next(csv.reader(io.StringIO(text, newline=""), delimiter=shape.delimiter, strict=True))
    else:
        cells = text.split(shape.delimiter) if shape.delimiter else text.split()
    wanted = len(shape.names)
    if len(cells) > wanted and shape.wrapped and '"' in text:  # a tab within quotation marks parts no cells
        with contextlib.suppress(csv.Error):
            cells = next(csv.reader(io.StringIO(text, newline=""), delimiter=shape.delimiter, strict=True))
    while len(cells) > wanted and not cells[-1].strip():
        cells.pop()
    if wanted - len(cells) == 1 and shape.delimiter == "\t":
        cells.append("")  # an editor has cut it off
    return cells


def _whole(text: str, shape: Shape) -> bool:
    """Whether text over several lines is a record: it reads as one, with as many cells as there are columns."""
    try:
        return not text.count('"') % 2 and len(_cells(text, shape)) == len(shape.names)
    except csv.Error:
        return False


def _records(path: Path, shape: Shape) -> Iterator[tuple[int, str, str]]:
    """Line number, text, and a reason to put it aside. The header is the first line that is not blank, and no record."""
    lines = ((number, text) for number, text in enumerate(lines_of(path), 1) if text.strip())
    if shape.header:
        next(lines, None)
    back: list[tuple[int, str]] = []
    while True:
        item = back.pop() if back else next(lines, None)
        if item is None:
            return
        number, text = item
        if shape.quoted and text.count('"') % 2:
            taken: list[tuple[int, str]] = []
            odd, size = True, len(text)
            while odd and len(taken) < _OPEN and size <= _LONGEST:
                more = back.pop() if back else next(lines, None)
                if more is None:
                    break
                taken.append(more)
                odd, size = odd != bool(more[1].count('"') % 2), size + 1 + len(more[1])
            text = "\n".join([text, *(more for _, more in taken)])
            if not _whole(text, shape):
                back.extend(reversed(taken))
                yield number, item[1], "quotation marks that do not match"
                continue
        if len(text) > _LONGEST:
            yield number, text[:1000], "more than a million characters"
            continue
        yield number, text, ""


def lines_of(path: Path) -> Iterator[str]:
    """The lines of a file as text, whatever its encoding; of a line that is far too long, the beginning."""
    with path.open("rb") as file:
        encoding = wide(file.read(4))
        file.seek(0)
        if not encoding:
            yield from _bytes(file)
            return
    with path.open(encoding=encoding, errors="replace", newline="") as text:
        while line := text.readline(_LONGEST + 2):
            end = line
            while len(end) == _LONGEST + 2 and end[-1] not in "\r\n":
                end = text.readline(_LONGEST + 2)
            yield line.rstrip("\r\n")


def _bytes(file: IO[bytes]) -> Iterator[str]:
    first = True
    while line := file.readline(_LONGEST * 4):
        end = line
        while len(end) == _LONGEST * 4 and not end.endswith(b"\n"):
            end = file.readline(_LONGEST * 4)
        if first:
            line, first = line.removeprefix(codecs.BOM_UTF8), False
        for piece in line.rstrip(b"\r\n").split(b"\r"):
            try:
                yield piece.decode("utf-8")
            except UnicodeDecodeError:
                yield piece.decode("cp1252", errors="replace")
