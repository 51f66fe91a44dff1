"""Reading a broken file record by record: what can be read is written anew in a clean form, what cannot is put aside.

A record is a line; in files with quotation marks it goes on while one is open, for a hundred lines at most (after that the
mark was a stray one, and only its own line is put aside). A line that is not UTF-8 is read as Windows-1252. A record with the
wrong number of cells is put aside, as is one longer than a million characters.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from detente.record.formats.recognise import Shape, fields_of

__all__ = ["Aside", "clean", "lines_of"]

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
    header = shape.header
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
            if header:
                header = False
                continue
            if wanted - len(cells) == 1 and shape.delimiter == "\t":
                cells.append("")  # an empty last cell that an editor has cut off
            if len(cells) != wanted:
                aside.append(Aside(line, "the wrong number of columns", text))
                continue
            writer.writerow([line, *(cell.replace("\0", "") for cell in cells)])
    return aside


def _cells(text: str, shape: Shape) -> list[str]:
    if shape.quoted and "\n" in text:
        return next(csv.reader(text.splitlines(keepends=True), delimiter=shape.delimiter, strict=True))
    if shape.quoted and '"' in text:
        return next(csv.reader([text], delimiter=shape.delimiter, strict=True))
    return fields_of(text, shape.delimiter) if not shape.quoted else text.split(shape.delimiter)


def _records(path: Path, shape: Shape) -> Iterator[tuple[int, str, str]]:
    """Line number, text, and a reason to put it aside."""
    lines = enumerate(lines_of(path), 1)
    back: list[tuple[int, str]] = []
    while True:
        item = back.pop() if back else next(lines, None)
        if item is None:
            return
        number, text = item
        if not text.strip():
            continue
        if shape.quoted and text.count('"') % 2:
            taken: list[tuple[int, str]] = []
            while text.count('"') % 2 and len(taken) < _OPEN:
                more = back.pop() if back else next(lines, None)
                if more is None:
                    break
                taken.append(more)
                text += "\n" + more[1]
            if text.count('"') % 2:
                back.extend(reversed(taken))
                yield number, item[1], "quotation marks that do not match"
                continue
        if len(text) > _LONGEST:
            yield number, text[:1000], "more than a million characters"
            continue
        yield number, text, ""


def lines_of(path: Path) -> Iterator[str]:
    """The lines of a file as text, whatever its encoding."""
    with path.open("rb") as file:
        mark = file.read(2)
        file.seek(0)
        if mark in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            yield from (line.rstrip("\r\n") for line in codecs.getreader("utf-16")(file, "replace"))
            return
        yield from _bytes(file)


def _bytes(file: IO[bytes]) -> Iterator[str]:
    first = True
    while line := file.readline(_LONGEST * 4):
        if first:
            line, first = line.removeprefix(codecs.BOM_UTF8), False
        for piece in line.rstrip(b"\r\n").split(b"\r"):
            try:
                yield piece.decode("utf-8")
            except UnicodeDecodeError:
                yield piece.decode("cp1252", errors="replace")
