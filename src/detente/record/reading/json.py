"""Records in JSON as a table: one record a line, all of them in a list, or in a list within an answer of a publisher's service.

Three kinds of records are known. *Flat* ones have a name for each column of a table of ACLED, UCDP, GDELT or ICEWS. *PLOVER's*
name several sources and targets, and make a row of each pair; where there is no target, several sources act towards each
other. Actors are written as their code and sector ("HUNGOV"). *NGEC's*, which POLECAT is made from, are brought to those. A
record of more than 10,000 pairs is put aside, as is one longer than a million characters, and what follows the thousandth place
at which a list is broken.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice, product
from pathlib import Path
from typing import IO, Any

from detente.base.bounds import limit, within
from detente.errors import Fault, RecordError
from detente.record.formats.format import Format, plain
from detente.record.formats.plover import PLOVER
from detente.record.formats.recognise import NoFormatError, Shape, named, objections
from detente.record.reading.careful import Aside
from detente.record.reading.opened import decoded

__all__ = ["is_json", "json_shape", "table", "texts"]

_PLOVER = (
    "date", "source", "source_code", "target", "target_code", "event", "mode", "intensity", "place", "publication", "url", "id",
)  # fmt: skip
_MOST = 10_000
_LONGEST = 1_000_000
_BROKEN = 1_000
_LOOKED_AT = 100
_DATED = {"event", "eventtype", "date", "eventdate", "datestart", "sqldate"}
"""Names of which a record has one, and an answer of a service none."""


def is_json(first: str) -> bool:
    """Whether a file that begins with this line holds JSON."""
    return re.match(r"\s*(\{|\[\s*([][{]|$))", first) is not None


def json_shape(path: Path, formats: Sequence[Format], source: str) -> Shape:
    """What the records of a file are, by the first of them. source : what errors call the file.

    Raises
    ------
    RecordError
        If they are in none of the formats, with what speaks against each.
    """
    first = [record for _, record, _ in islice(_records(path), _LOOKED_AT) if isinstance(record, dict)]
    names = tuple(dict.fromkeys(str(name) for record in first for name in record))
    within("columns", len(names), source, error=RecordError, fault=Fault(1, 1, "", ""))
    if PLOVER in formats:
        if any("event_type" in record and isinstance(record.get("attributes"), dict) for record in first):
            return Shape(PLOVER, _PLOVER, "", header=False, records="ngec")
        if any("event" in record and "source" in record for record in first):
            return Shape(PLOVER, _PLOVER, "", header=False, records="plover")
    for known in formats:
        if named(known, names):
            whole = {str(name): None for _, record, _ in _records(path) if isinstance(record, dict) for name in record}
            within("columns", len(whole), source, error=RecordError, fault=Fault(1, 1, "", ""))
            return Shape(known, tuple(whole), "", header=False, records="flat", notes=_pages(path))
    if not names and PLOVER in formats:
        return Shape(PLOVER, _PLOVER, "", header=False, records="plover")  # all of it is broken, and put aside
    said = f"its records have the names {', '.join(names)[:80]}" if names else "it has no records"
    titles = ", ".join(known.title for known in formats)
    hint = "write its records as a table, and say what the columns are with --format csv --map FILE"
    message = f"{source}: is not in the form of {titles}: {said} ({hint})"
    raise NoFormatError(message, source=source, faults=objections((), formats, names), seen=said)


def _pages(path: Path) -> tuple[str, ...]:
    """What to say of a file that is one page of an answer."""
    with path.open("rb") as file:
        found = re.search(rb'"TotalPages"\s*:\s*"?(\d+)', file.read(4096))
    there = sum(_inner(value) is not None for _, value, _ in _written(path)) if found else 0
    if not found or there >= int(found[1]):
        return ()
    said = "one" if there == 1 else f"{there:,}"
    return (f"it is {said} of {int(found[1]):,} pages: import the others, too",)


def table(path: Path, shape: Shape, target: Path) -> list[Aside]:
    """Write the records of a file to `target` as a table, the line and the number of the record first.

    What was put aside comes back.
    """
    aside: list[Aside] = []
    rows_of = _flat(shape.names) if shape.records == "flat" else _rows
    with target.open("w", encoding="utf-8", errors="replace", newline="") as out:  # half a character is none
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["line", "record", *shape.names])
        for number, (line, record, text) in enumerate(_records(path)):
            if not isinstance(record, dict):
                aside.append(Aside(line, "no JSON record", text[:_LONGEST]))
                continue
            rows = list(islice(rows_of(_plover(record) if shape.records == "ngec" else record), _MOST + 1))
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
    """Line, record (None where it is none) and text; of an answer of a service, the records in it."""
    for line, found, text in _written(path):
        inner = _inner(found)
        if inner is None:
            yield line, found, text
        else:
            at = line + text.count("\n", 0, text.find("[", text.find(json.dumps(inner))))
            yield from ((at, record, json.dumps(record, ensure_ascii=False)) for record in found[inner])


def _inner(found: Any) -> str | None:
    """The name of the longest list of objects in an answer that has such lists; None: it is a record itself."""
    if not isinstance(found, dict) or _DATED & {plain(str(name)) for name in found}:
        return None
    lists = {name: value for name, value in found.items() if isinstance(value, list)}
    lists = {name: value for name, value in lists.items() if any(isinstance(item, dict) for item in value)}
    return max(lists, key=lambda name: len(lists[name]), default=None)


def _written(path: Path) -> Iterator[tuple[int, Any, str]]:
    """Line, value (None where it is none) and text, as they stand in the file."""
    with path.open("rb") as file:
        listed = decoded(file.read(4096)).lstrip()[:1] == "["
        file.seek(0)
        if listed:
            within("table-bytes", path.stat().st_size, path.name, error=RecordError)
            yield from _listed(decoded(file.read()))
        elif (found := _answer(file, path)) is not None:
            yield 1, *found
        else:
            file.seek(0)
            yield from _lined(file)


def _lined(file: IO[bytes]) -> Iterator[tuple[int, Any, str]]:
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
            yield number, _loaded(text), text


def _answer(file: IO[bytes], path: Path) -> tuple[dict[str, Any], str] | None:
    """One object that goes over the whole file, and its text; None: there is one on each line."""
    if path.stat().st_size > limit("table-bytes"):
        return None
    first = file.readline(_LONGEST)
    if file.read(4096).strip() and _loaded(decoded(first)) is not None:
        return None
    file.seek(0)
    text = decoded(file.read())
    answer = _loaded(text)
    return (answer, text) if isinstance(answer, dict) else None


def _loaded(text: str) -> Any:
    """A value in JSON; None: it is none, or `null`."""
    try:
        return json.loads(text, parse_constant=_refused)
    except (ValueError, RecursionError):
        return None


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


def _flat(names: Sequence[str]) -> Callable[[Mapping[str, Any]], Iterator[list[str]]]:
    """A record is a row."""

    def row(record: Mapping[str, Any]) -> Iterator[list[str]]:
        yield [_plain(record.get(name)) for name in names]

    return row


def _plover(record: Mapping[str, Any]) -> dict[str, Any]:
    """An NGEC record as one of PLOVER."""
    attributes = record.get("attributes")
    given = attributes if isinstance(attributes, dict) else {}

    def who(part: str) -> list[dict[str, Any]]:
        found = given.get(part)
        actors = [actor for actor in (found if isinstance(found, list) else [found]) if isinstance(actor, dict)]
        return [{"actorText": a.get("text"), "code": a.get("country"), "sector": a.get("code_1")} for a in actors]

    mode = record.get("event_mode")
    return {
        "id": record.get("id"),
        "date": _plain(record.get("date_resolved")) or record.get("date"),
        "source": who("ACTOR"),
        "target": who("RECIP"),
        "event": record.get("event_type"),
        "mode": mode[0] if isinstance(mode, list) and mode else mode,
        "intensity": record.get("event_intensity", record.get("intensity")),
        "eventLoc": given.get("LOC"),
        "publication": record.get("publisher"),
        "url": record.get("url"),
    }


def _rows(record: Mapping[str, Any]) -> Iterator[list[str]]:
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


def _place(record: Mapping[str, Any]) -> str:
    where = record.get("eventLoc")
    while isinstance(where, list) and where:
        where = where[0]
    if isinstance(where, dict):
        return next((_plain(where[key]) for key in ("geoName", "name", "locText", "text") if where.get(key)), "")
    return _plain(where)


def _plain(value: Any) -> str:
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
