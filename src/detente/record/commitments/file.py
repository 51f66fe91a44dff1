"""Many entries at once: a table with a header, comma, semicolon or tab between its columns, in UTF-8.

Columns item, as_of, state and reader must be there; party (where more than one could owe the item), due, evidence and note may.
Every fault of the file is reported at once, by line and column of the table, and then nothing of it is taken.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from detente.base.bounds import name_of, patiently, read_text
from detente.base.delimited import delimited, delimiter_of
from detente.base.wording import shown, suggestion
from detente.case.case import Case
from detente.errors import Fault, RecordError
from detente.record.commitments.entry import COLUMNS, REQUIRED, Entry, checked
from detente.record.commitments.items import items

__all__ = ["read_table"]


def read_table(
    path: str | Path, case: Case, *, today: datetime.date | None = None, name: str | None = None
) -> tuple[Entry, ...]:
    """The entries of a file, each with its line; a line that says the same as one above it is left out.

    Parameters
    ----------
    today : no reading can be for a later day; None: not looked at. name : how the file is called, if not by its path.

    Raises
    ------
    RecordError
        With every fault of the file at once.
    """
    text = read_text(path, name="table-bytes", error=RecordError, what="table")
    return _read(text, name or name_of(path), case, today)


def _read(text: str, source: str, case: Case, today: datetime.date | None) -> tuple[Entry, ...]:
    faults: list[Fault] = []
    head, lines = _lines(text, source, faults)
    known = items(case)
    found: dict[tuple[object, ...], Entry] = {}
    for line, cells in patiently(lines, faults):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(head):
            message = f"got {len(cells)} cells, wanted {len(head)}: {', '.join(head)}"
            faults.append(Fault(line, 1, "", message, "put text that holds the separator in double quotes"))
            continue

        def report(field: str, message: str, hint: str, line: int = line) -> None:
            column = head.index(field) + 1 if field in head else 1
            faults.append(Fault(line, column, field, message, hint))

        entry = checked(dict(zip(head, cells, strict=True)), case, known, report, today=today)
        if entry is None:
            continue
        said = (*entry.key, entry.reader, entry.as_of)
        before = found.setdefault(said, replace(entry, file=source, line=line))
        if before.content != entry.content:
            message = f"{entry.reader} reads {entry.item} on {entry.as_of} otherwise than in line {before.line}"
            faults.append(Fault(line, 1, "", message, "keep one of the two; a correction is entered by itself, later"))
    if not faults and not found:
        faults.append(Fault(0, 0, "", "no entry in it", "write a line for each commitment under the header"))
    if faults:
        raise _error(source, case, faults)
    return tuple(found.values())


def _error(source: str, case: Case, faults: list[Fault]) -> RecordError:
    count = len(faults)
    message = f"{source}: {count} fault{'s' * (count != 1)} in these entries for case {case.case}; nothing was taken"
    return RecordError(message, source=source, faults=sorted(faults))


def _lines(text: str, source: str, faults: list[Fault]) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """The header's names, and each later row with the line on which it begins."""

    def rows() -> Iterator[tuple[int, list[str]]]:
        try:
            yield from delimited(text, source, delimiter=delimiter_of(text), strict=True, error=RecordError)
        except RecordError as err:
            faults.extend(err.faults)

    lines = rows()
    head = [cell.strip().lower() for cell in next(lines, (1, [""]))[1]]
    for n, name in enumerate(head, 1):
        if name not in COLUMNS:
            hint = suggestion(name, COLUMNS) or f"the columns are {', '.join(COLUMNS)}"
            faults.append(Fault(1, n, "", f"unknown column {shown(name)}", hint))
        elif name in head[: n - 1]:
            faults.append(Fault(1, n, "", f"the column {name!r} is given twice", "keep one of them"))
    missing = [name for name in REQUIRED if name not in head]
    if missing:
        hint = f"the first line names the columns: {', '.join(COLUMNS)}"
        faults.append(Fault(1, 1, "", f"the column {', '.join(missing)} is missing", hint))
    return (head, iter(())) if faults else (head, lines)


def plain(entry: Entry) -> Mapping[str, object]:
    """The row of the table `commitments` that an entry becomes."""
    return {name: getattr(entry, name) for name in ("recorded", *COLUMNS)}
