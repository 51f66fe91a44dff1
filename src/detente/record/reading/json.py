"""PLOVER records in JSON as a table: one record a line, or all of them in a list.

A record that names several sources and targets makes a row of each pair; where there is no target, several sources act
towards each other. Actors are written as their code and sector ("HUNGOV"). A record of more than 10,000 pairs is put aside, as
is one longer than a million characters, and what follows the thousandth place at which a list is broken.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from itertools import islice, product
from pathlib import Path
from typing import Any

from detente.base.bounds import within
from detente.errors import RecordError
from detente.record.reading.careful import Aside
from detente.record.reading.opened import decoded

__all__ = ["COLUMNS", "is_json", "table", "texts"]

COLUMNS = (
    "date", "source", "source_code", "target", "target_code", "event", "mode", "intensity", "place", "publication", "url", "id",
)  # fmt: skip
_MOST = 10_000
_LONGEST = 1_000_000
_BROKEN = 1_000


def is_json(first: str) -> bool:
    """Whether a file that begins with this line holds JSON."""
    return first.lstrip()[:1] in ("{", "[")


def table(path: Path, target: Path) -> list[Aside]:
    """Write the records of a file to `target` as a table, the line and the number of the record first.

    What was put aside comes back.
    """
    aside: list[Aside] = []
    with target.open("w", encoding="utf-8", errors="replace", newline="") as out:  # half a character is none
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["line", "record", *COLUMNS])
        for number, (line, record, text) in enumerate(_records(path)):
            if not isinstance(record, dict):
                aside.append(Aside(line, "no JSON record", text[:_LONGEST]))
                continue
            rows = list(islice(_rows(record), _MOST + 1))
            if len(rows) > _MOST:
                aside.append(Aside(line, "more than 10,000 pairs of actors", text[:_LONGEST]))
                continue
            if not rows:
                aside.append(Aside(line, "no source", text[:_LONGEST]))
            for row in rows:
                writer.writerow([line, number, *(str(cell).replace("\0", "") for cell in row)])
    return aside


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Number and text of every record."""
    for number, (_, _, text) in enumerate(_records(path)):
        yield number, text


def _records(path: Path) -> Iterator[tuple[int, Any, str]]:
    """Line, record (None where it is none) and text."""
    with path.open("rb") as file:
        listed = decoded(file.read(4096)).lstrip()[:1] == "["
        file.seek(0)
        if listed:
            within("table-bytes", path.stat().st_size, path.name, error=RecordError)
            yield from _listed(decoded(file.read()))
            return
        number = 0
        while line := file.readline(_LONGEST):
            number += 1
            if len(line) == _LONGEST and not line.endswith(b"\n"):
                yield number, None, decoded(line)
                while line and not line.endswith(b"\n"):
                    line = file.readline(_LONGEST)
                continue
            text = decoded(line).strip()
            if text:
                try:
                    yield number, json.loads(text, parse_constant=_refused), text
                except (ValueError, RecursionError):
                    yield number, None, text


def _listed(text: str) -> Iterator[tuple[int, Any, str]]:
    decoder = json.JSONDecoder(parse_constant=_refused)
    at = text.index("[") + 1
    line, broken = 1 + text.count("\n", 0, at), 0
    while True:
        start = at
        while at < len(text) and (text[at].isspace() or text[at] in ",]"):
            at += 1
        line += text.count("\n", start, at)
        if at >= len(text):
            return
        try:
            record, stop = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            broken += 1  # each may have cost as much as all that follows
            record, stop = None, text.find("\n", at) % (len(text) + 1) if broken < _BROKEN else len(text)
        yield line, record, text[at:stop]
        line += text.count("\n", at, stop)
        at = stop


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _rows(record: dict[str, Any]) -> Iterator[list[str]]:
    sources, targets = _actors(record.get("source")), _actors(record.get("target"))
    if not targets and len(sources) > 1:
        targets = sources
    alone = len(sources) == len(targets) == 1
    for (source, source_code), (target, target_code) in product(sources, targets or [("", "")]):
        if (source, source_code) == (target, target_code) and not alone:
            continue
        yield [
            _plain(record.get("date")),
            source,
            source_code,
            target,
            target_code,
            _plain(record.get("event")),
            _plain(record.get("mode")),
            _plain(record.get("intensity")),
            _place(record),
            _plain(record.get("publication")),
            _plain(record.get("url")),
            _plain(record.get("id")),
        ]


def _actors(value: Any) -> list[tuple[str, str]]:
    """Each actor as written and its code."""
    found: dict[tuple[str, str], None] = {}
    for actor in value if isinstance(value, list) else [value]:
        if isinstance(actor, dict):
            code = _plain(actor.get("code"))
            name = code + _plain(actor.get("sector")) if code else _plain(actor.get("actorText"))
        else:
            code = name = _plain(actor)
        if name:
            found[name, code] = None
    return list(found)


def _place(record: dict[str, Any]) -> str:
    where = record.get("eventLoc")
    while isinstance(where, list) and where:
        where = where[0]
    if isinstance(where, dict):
        return next((_plain(where[key]) for key in ("geoName", "name", "locText", "text") if where.get(key)), "")
    return _plain(where)


def _plain(value: Any) -> str:
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
