"""Adding entries: `commit(case, item, ...)` one, `commit_file(case, file)` many; `history(case)` reads all of them back.

What counts is the order in which entries were made, never the clock: a correction that is entered while the clock is behind is
the later one all the same. An entry that the record holds already is not added again. What counts as held: of a file, the very
same entry, whenever it was made; of a single entry, the same as the reader's latest for that item, party and day (so a
correction can itself be undone).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from detente.base.bounds import within
from detente.base.database import literal_path
from detente.base.plain import told
from detente.case.case import Case
from detente.errors import Fault, RecordError
from detente.record.commitments.entry import COLUMNS, Entry, checked
from detente.record.commitments.file import plain, read_table
from detente.record.commitments.items import Item, items
from detente.record.schema import COMMITMENTS, DEFAULT, default_folder
from detente.record.workspace import Workspace, content_key, counted, damages, database, whole

__all__ = ["Committed", "History", "bundled", "commit", "commit_file", "history"]


@dataclass(frozen=True)
class History:
    """Every entry for a case, in the order in which they were made. `source`: the folder, or "bundled"."""

    case: str
    source: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Committed:
    """What was added: entries read, added, and known already."""

    workspace: str
    read: int
    added: int
    known: int

    def to_dict(self) -> dict[str, object]:
        """As JSON has it."""
        return told(self)


def commit(
    case: Case,
    item: str,
    *,
    state: str,
    as_of: datetime.date | str,
    by: str,
    party: str | None = None,
    due: datetime.date | str | None = None,
    evidence: str = "",
    note: str = "",
    workspace: str | Path = DEFAULT,
    now: datetime.datetime | None = None,
) -> Committed:
    """Add one reading of one commitment.

    Parameters
    ----------
    item : a measure of the case, or AGREEMENT/PROVISION.
    state : none, minimal, intermediate, full, reversed or disputed. as_of : the day for which it is read.
    by : whose reading it is: a party, or whoever keeps the record.
    party : who owes it; may be left out where only one party can. due : by when, where a date was set.
    now : when the entry is made, in UTC without a zone; the present if None.

    Raises
    ------
    RecordError
        With every fault of the entry at once; nothing is added then.
    """
    given = {"item": item, "state": state, "as_of": str(as_of), "reader": by, "party": party or "", "due": str(due or "")}
    now = now or _now()
    faults: list[Fault] = []

    def report(field: str, message: str, hint: str) -> None:
        faults.append(Fault(0, 0, field, message, hint))

    entry = checked({**given, "evidence": evidence, "note": note}, case, items(case), report, today=now.date())
    if entry is None:
        raise RecordError(f"{case.case}: this entry cannot be added", source=case.case, faults=faults)
    return _add(case, [entry], workspace, now, file=None)


def commit_file(
    case: Case, file: str | Path, *, workspace: str | Path = DEFAULT, now: datetime.datetime | None = None
) -> Committed:
    """Add every reading of a table (see `record.commitments.file`), or none of them.

    Raises
    ------
    RecordError
        With every fault of the file at once, by line and column.
    """
    now = now or _now()
    return _add(case, read_table(file, case, today=now.date()), workspace, now, file=str(file))


def history(case: Case, workspace: str | Path | None = None) -> History:
    """Every entry for a case.

    workspace : the folder of the record. None: the default folder if a record is in it, else the bundled record of the case.

    Raises
    ------
    RecordError
        If there is neither, or no commitment of the case in it.
    """
    folder = default_folder() if workspace is None else workspace
    if folder is None:
        found = bundled(case.case)
        if found is None:
            raise RecordError(
                f"{case.case}: there is no record of it: none in {DEFAULT}, and none is bundled (name its folder with "
                "--workspace, or begin one with `detente record commit`)",
                source=case.case,
            )
        with resources.as_file(found) as path:
            return History(case.case, "bundled", read_table(path, case, name=f"{case.case}/commitments.csv"))
    entries = _entries(Workspace.open(folder), case)
    if not entries:
        hint = "`detente record commit` enters one"
        raise RecordError(f"{folder}: no commitment of case {case.case} in this record ({hint})", source=str(folder))
    return History(case.case, str(folder), entries)


def bundled(slug: str) -> Traversable | None:
    """The commitments of a bundled record, if the case has one."""
    file = resources.files("detente.record") / "library" / slug / "commitments.csv"
    return file if file.is_file() else None


def _add(case: Case, given: Sequence[Entry], workspace: str | Path, now: datetime.datetime, file: str | None) -> Committed:
    place = Workspace.create(workspace)
    with place.adding():
        if file is not None:
            _heal(place, case.case, given)
        before = _entries(place, case)
        if file is None:
            latest = {(*e.key, e.reader, e.as_of): e.content for e in before}
            new = [e for e in given if latest.get((*e.key, e.reader, e.as_of)) != e.content]
        else:
            held = {e.content for e in before}
            new = [e for e in given if e.content not in held]
        lines = [e.line for e in new]
        about: dict[str, object] = {"case": case.case, "file": file, "at": lines}
        if new and lines[0] is not None and lines == list(range(lines[0], lines[0] + len(lines))):
            about["first_line"] = lines[0]
        rows = [plain(replace(e, recorded=now)) for e in new]
        added = place.append("commitments", rows, about, once=False)
    return Committed(str(workspace), len(given), added, len(given) - added)


def _heal(place: Workspace, slug: str, given: Sequence[Entry]) -> None:
    """Make damaged parts whole again that were read from this table: from the same lines, with the same entries."""
    by_line = {e.line: e for e in given}
    for part in place.parts("commitments"):
        lines = part.about.get("at") or ()
        if part.about.get("case") == slug and damages(place.path, [part]) and all(line in by_line for line in lines):
            made = datetime.datetime.fromisoformat(part.made).replace(tzinfo=None)
            rows = [plain(replace(by_line[line], recorded=made)) for line in lines]
            if content_key("commitments", rows) == part.key:
                place.append(
                    "commitments", rows, {k: part.about[k] for k in part.about if k in ("case", "file", "at", "first_line")}
                )


def _entries(place: Workspace, case: Case) -> tuple[Entry, ...]:
    """The entries of a record for a case that are not retracted, in the order in which they were made."""
    parts = [part for part in place.parts("commitments") if part.about.get("case") == case.case]
    place.sound(parts)
    within("entries", sum(part.about["rows"] for part in parts), str(place.path), error=RecordError)
    out: list[Entry] = []
    faults: list[Fault] = []
    known, names = items(case), ("recorded", *COLUMNS)
    with database(place.path) as base, whole(parts):
        counted(base, parts)
        for part in parts:
            columns = ", ".join(f"{name}::{COMMITMENTS[name]}" for name in names)
            source = f"read_parquet({base.let(literal_path(part.path))}, file_row_number = true)"
            rows = base.execute(f"select {columns} from {source} order by file_row_number").fetchall()
            lines = part.about.get("at") or ()
            for number, row in enumerate(rows, 1):
                if number not in part.without:
                    fields = {n: x for n, x in zip(names, row, strict=True) if x is not None}
                    line = lines[number - 1] if number <= len(lines) else None
                    entry = _held(fields, case, known, f"{part.number}.{number}", faults)
                    if entry is not None:
                        out.append(replace(entry, recorded=fields.get("recorded"), file=part.about.get("file"), line=line))
    if faults:
        message = f"{place.path}: {len(faults)} faults in the commitments of case {case.case}"
        raise RecordError(message, source=str(place.path), faults=faults)
    return tuple(out)


def _held(fields: Mapping[str, Any], case: Case, known: Mapping[str, Item], number: str, faults: list[Fault]) -> Entry | None:
    """An entry of a record, checked like a new one: the record may be anybody's, and the case may have changed."""

    def report(field: str, message: str, hint: str) -> None:
        retract = f"`detente record retract {number}` gives it up"
        faults.append(Fault(0, 0, f"entry {number}: {field}", message, f"{hint}; {retract}" if hint else retract))

    entry = checked({name: str(fields.get(name, "")) for name in COLUMNS}, case, known, report, today=None)
    return entry and replace(entry, number=number)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
