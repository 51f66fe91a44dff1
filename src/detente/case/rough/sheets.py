"""A workbook that was filled in, as the text of a case file; every fault with its sheet and cell, all at once.

Sheets and columns are found by their names, without regard to case and to spaces, so that both may stand in any order; other
sheets are left alone. A row with nothing in it is no row. Text is read without blanks around it. What is not what it looks
like is refused and not guessed at: a formula, an error of the spreadsheet, merged cells, a number where a word is wanted, a
date in a form that two readers would read differently.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from detente.base.bounds import name_of, read_bytes
from detente.base.legible import alike
from detente.base.text import Path as Steps
from detente.base.wording import shown, suggestion
from detente.base.workbook import opened
from detente.case.case import steps_of
from detente.case.declared_ids import MOST_PHASES
from detente.case.load import read_case
from detente.case.rough.draft import WORTHS, Draft, DraftDemand, DraftMeasure, DraftParty, ids_of, slug_of, unfit, written
from detente.case.rough.template import CASE_ROWS, COLUMNS, WORTH, Column
from detente.errors import CaseError, Fault

__all__ = ["read_sheets"]

_LAST_ROW, _LAST_COLUMN = 2_000, 100  # of a sheet that is read
_MAY_BE_EMPTY = ("Together with", "And with", "In force", "Only after", "And after", "Firm")
_DASHES = str.maketrans("\u2010\u2011\u2012\u2013\u2014\u2212", "------")


def read_sheets(source: str | Path | IO[Any], slug: str | None = None) -> str:
    """The text of the case file that a workbook makes.

    slug : the name of the case; without it, by its title.

    Raises
    ------
    CaseError
        With every fault, each with its sheet and cell: ``Measures!D7``.
    """
    called = name_of(source)
    reader = _Reader(_opened(source, called))
    draft, rows = _draft(reader, slug)
    if not reader.faults:
        text = written(draft)
        try:
            read_case(text, called)
        except CaseError as err:
            reader.faults += [_at_cell(fault, rows) for fault in err.faults]
        else:
            return text
    count = "1 fault" if len(reader.faults) == 1 else f"{len(reader.faults)} faults"
    raise CaseError(f"{called}: {count} in this workbook", source=called, faults=sorted(reader.faults, key=_in_order))


def _at_cell(fault: Fault, rows: Mapping[Steps, str]) -> Fault:
    """A fault of the case, where it stands in the workbook. rows : the cell of each party, measure and demand."""
    if fault.key.endswith(".trust"):
        return Fault(0, 0, "Trust!A1", f"{fault.key.split('.')[1]}: {fault.message}", "add a row for it")
    return Fault(0, 0, rows.get(steps_of(fault.key)[:2], "Case!A1"), fault.message, fault.hint)


def _in_order(fault: Fault) -> tuple[int, int, str]:
    """Where a fault stands among others: by sheet, row and cell."""
    sheet, _, cell = fault.key.partition("!")
    row = re.search(r"\d+", cell)
    return ["Case", *COLUMNS].index(sheet), int(row[0]) if row else 0, cell


def _opened(source: str | Path | IO[Any], called: str) -> Any:
    content = read_bytes(source, error=CaseError)
    if not content.startswith(b"PK\x03\x04"):
        raise CaseError(f"{called}: is no xlsx file (save it as xlsx: Excel workbook, Office Open XML)", source=called)
    missing = "the reader of xlsx files is not installed (pip install 'detente[xlsx]', or begin with `detente case new`)"
    with opened(content, called, "bytes", missing, "save it anew", error=CaseError) as book:
        return book


@dataclass(frozen=True)
class _Cell:
    """A cell: its place, what is in it, and how: n a number, d a date, s text, b a truth value, f a formula, e an error;
    -: its column is missing."""

    place: str
    value: Any
    kind: str

    @property
    def is_empty(self) -> bool:
        return self.value is None or (isinstance(self.value, str) and not self.value.strip())


@dataclass
class _Reader:
    """Sheets read cell by cell. What is at fault is noted, and stands for nothing."""

    book: Any
    faults: list[Fault] = field(default_factory=list)
    unsure: set[str] = field(default_factory=set)
    """Of what, a party or a measure, some name is at fault: a reference that leads nowhere may mean that one."""

    def note(self, place: str, message: str, hint: str = "") -> None:
        self.faults.append(Fault(0, 0, place, message, hint))

    def sheet(self, name: str) -> Any:
        """A sheet by its name; None, and a fault, where there is none that can be read."""
        found = self._sheet(name)
        if found is None:
            self.unsure |= {"party"} if name == "Parties" else {"measure"} if name == "Measures" else set()
        return found

    def _sheet(self, name: str) -> Any:
        found = next((s for s in self.book.worksheets if alike(s.title) == alike(name)), None)
        if found is None:
            self.note(
                name, "there is no such sheet", f"got {', '.join(s.title for s in self.book.worksheets)}; name it so again"
            )
            return None
        if found.max_row > _LAST_ROW or found.max_column > _LAST_COLUMN:
            most = f"{_LAST_ROW:,} rows and {_LAST_COLUMN} columns"
            got = f"got {found.max_row:,} rows and {found.max_column:,} columns"
            self.note(name, f"{got}, wanted at most {most}", "delete the empty rows and columns after the last answer")
            return None
        for merged in found.merged_cells.ranges:
            self.note(
                f"{name}!{merged.coord}", "merged cells, wanted an answer a cell", "take the merge apart and fill each cell in"
            )
        return found

    def rows(self, name: str) -> Iterator[dict[str, _Cell]]:
        """The rows of a sheet with something in them, by heading."""
        sheet = self.sheet(name)
        if sheet is None:
            return
        lines = [[_Cell(f"{name}!{c.coordinate}", c.value, c.data_type) for c in row] for row in sheet.iter_rows()]
        headings = self._headings(name, lines[0] if lines else [])
        for line in lines[1:]:
            if not all(cell.is_empty for cell in line):
                for cell in line[len(headings) :]:
                    if not cell.is_empty:
                        self.note(cell.place, f"got {shown(cell.value)} in a column without a heading", "take it out")
                found = {heading: cell for heading, cell in zip(headings, line, strict=False) if heading}
                row = line[0].place.partition("!")[2].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
                yield {**{c.heading: _Cell(f"{name}!{row}:{row}", None, "-") for c in COLUMNS[name]}, **found}

    def _headings(self, name: str, line: Sequence[_Cell]) -> list[str]:
        """What each column is, up to the last that has a heading; "" for one that cannot be used."""
        known = {alike(column.heading): column.heading for column in COLUMNS[name]}
        out: list[str] = []
        last = max((n for n, cell in enumerate(line, 1) if not cell.is_empty), default=0)
        for cell in line[:last]:
            given = " ".join(str(cell.value or "").split())
            is_worth = name == "Measures" and alike(given).startswith(alike(WORTH))
            heading = f"{WORTH}{given[len(WORTH) :]}" if is_worth else known.get(alike(given), "")
            if not heading and given:
                hint = suggestion(given, [*known.values()]) or "notes go on a sheet of their own"
                self.note(cell.place, f"got the heading {shown(given)}, wanted one of {', '.join(known.values())}", hint)
            if heading and heading in out:
                self.note(cell.place, f"the heading {shown(given)} is given twice", "keep one of the two")
            out.append(heading if heading not in out else "")
        missing = [h for h in known.values() if h not in out and h not in _MAY_BE_EMPTY]
        if missing:
            self.note(f"{name}!1:1", f"the heading {', '.join(missing)} is missing", "name the column so again")
        return out

    def text(self, cell: _Cell) -> str:
        """What stands in a cell as text; "" for an empty one, and for one at fault."""
        if cell.is_empty:
            return ""
        if cell.kind == "f":
            self.note(cell.place, "got a formula, wanted what it gives", "copy the cell and paste it as a value")
        elif cell.kind == "e":
            self.note(cell.place, f"got the error {cell.value}", "type the word anew, or choose it from the list")
        elif isinstance(cell.value, bool):
            return "yes" if cell.value else "no"
        elif not isinstance(cell.value, str):
            self.note(cell.place, f"got {_said(cell.value)}, wanted text", "put an apostrophe before it if it is a name")
        elif why := unfit(" ".join(cell.value.split())):
            self.note(cell.place, why, "type it anew")
        else:
            return " ".join(cell.value.split())
        return ""

    def wanted(self, cell: _Cell, what: str) -> str:
        """Text that must be there."""
        if cell.is_empty:
            if cell.kind != "-":
                self.note(cell.place, f"is empty, wanted {what}", "fill it in")
            return ""
        return self.text(cell)

    def word(self, cell: _Cell, words: Sequence[str], otherwise: str | None = None) -> str:
        """A word of a list; what something is worth, as a case file writes it, too. otherwise : what an empty cell means; None:
        it may not be empty."""
        if cell.is_empty and otherwise is not None:
            return otherwise
        given = self.wanted(cell, f"one of {', '.join(words)}")
        form = alike(given.translate(_DASHES))
        found = next((w for w in words if given and form in (alike(w), WORTHS.get(w, w))), "")
        if given and not found:
            self.note(cell.place, f"got {shown(given)}, wanted one of {', '.join(words)}", suggestion(given, words))
        return found

    def name(self, cell: _Cell, known: Mapping[str, str], what: str, *, needed: bool = True) -> str:
        """A name that is given on another sheet. known : by the form that names share which look alike."""
        given = self.wanted(cell, f"the name of a {what}") if needed else self.text(cell)
        if given and alike(given) not in known and what not in self.unsure:
            hint = suggestion(given, known.values()) or f"the sheet {'Parties' if what == 'party' else 'Measures'} names them"
            self.note(cell.place, f"got {shown(given)}, wanted a {what} of this workbook", hint)
        return known.get(alike(given), "")

    def names(self, cells: Sequence[_Cell], what: str) -> dict[str, str]:
        """Names that are given here, by the form that names share which look alike; one given twice is a fault."""
        out: dict[str, str] = {}
        places: dict[str, str] = {}
        before = len(self.faults)
        for cell in cells:
            given = self.wanted(cell, f"the name of a {what}")
            if given and alike(given) in out:
                self.note(
                    cell.place, f"got {shown(given)}, which stands in {places[alike(given)]} already", "rename one of them"
                )
            elif given:
                out[alike(given)], places[alike(given)] = given, cell.place
        if len(self.faults) > before:
            self.unsure.add(what)
        return out


def _draft(reader: _Reader, slug: str | None) -> tuple[Draft, dict[Steps, str]]:
    """The draft that a workbook makes, and the cell of each party, measure and demand by its path in the case file."""
    title, as_of, length, count = _head(reader)
    party_rows, trust_rows, measure_rows, demand_rows = (list(reader.rows(name)) for name in COLUMNS)
    names = reader.names([row["Name"] for row in party_rows], "party")
    titles = reader.names([row["Measure"] for row in measure_rows], "measure")
    for sheet, found in (("Parties", party_rows), ("Measures", measure_rows)):
        if not found and not any(fault.key.startswith(sheet) for fault in reader.faults):
            reader.note(f"{sheet}!A2", "is empty, wanted at least one row", "fill the sheet in")
    trust: dict[str, dict[str, str]] = {name: {} for name in names.values()}
    for row in trust_rows:
        who, whom = (reader.name(row[key], names, "party") for key in ("Who", "In whom"))
        word = reader.word(row["Trust"], _words("Trust", "Trust"))
        if who and whom and whom in trust[who]:
            reader.note(row["In whom"].place, f"the trust of {who} in {whom} is given twice", "keep one of the two rows")
        elif who and whom:
            trust[who][whom] = word
    parties = [_party(reader, row, trust) for row in party_rows]
    measures = [_measure(reader, row, names, titles) for row in measure_rows]
    demands = [
        DraftDemand(
            reader.name(row["Who"], names, "party"),
            reader.name(row["Wants first"], titles, "measure"),
            reader.name(row["Before"], titles, "measure"),
            reader.word(row["Firm"], _words("Demands", "Firm"), ""),
        )
        for row in demand_rows
    ]
    rows: dict[Steps, str] = {}
    for block, key, ids, found in (
        ("parties", "Name", ids_of(names.values(), "party"), party_rows),
        ("measures", "Measure", ids_of(titles.values(), "measure"), measure_rows),
    ):
        rows |= {(block, i): row[key].place for i, row in zip(ids.values(), found, strict=False)}
    rows |= {("demands", n): row["Who"].place for n, row in enumerate(demand_rows)}
    named = slug or slug_of(title)
    return Draft(named, title, as_of, length, count, tuple(parties), tuple(measures), tuple(demands)), rows


def _party(reader: _Reader, row: Mapping[str, _Cell], trust: Mapping[str, Mapping[str, str]]) -> DraftParty:
    name = _plain(row["Name"])
    ahead, stand_off, collapse = (
        reader.word(row[key], _words("Parties", key)) for key in ("Looks ahead", "Stand-off", "Collapse")
    )
    return DraftParty(name, ahead, stand_off, collapse, trust.get(name, {}))


def _measure(reader: _Reader, row: Mapping[str, _Cell], names: Mapping[str, str], titles: Mapping[str, str]) -> DraftMeasure:
    by = [reader.name(row["By"], names, "party")]
    by += [reader.name(row[key], names, "party", needed=False) for key in ("Together with", "And with")]
    after = [reader.name(row[key], titles, "measure", needed=False) for key in ("Only after", "And after")]
    worth = {}
    for heading, cell in row.items():
        if heading.startswith(WORTH):
            word = reader.word(cell, _words("Parties", "Stand-off"), "nothing")
            if party := _valued(reader, heading, cell, names, word != "nothing"):
                worth[party] = word
    return DraftMeasure(
        _plain(row["Measure"]),
        tuple(dict.fromkeys(filter(None, by))),
        reader.word(row["Class"], _words("Measures", "Class")),
        worth,
        reader.word(row["In force"], _words("Measures", "In force"), "no") == "yes",
        tuple(dict.fromkeys(filter(None, after))),
    )


def _valued(reader: _Reader, heading: str, cell: _Cell, names: Mapping[str, str], is_told: bool) -> str:
    """The party whose column of worth it is, by its name or its place on the sheet Parties."""
    given = heading.removeprefix(WORTH).strip()
    if alike(given) in names:
        return names[alike(given)]
    word, _, number = alike(given).partition(" ")
    if word == "party" and number.isascii() and number.isdigit() and 1 <= int(number[:9]) <= len(names):
        return list(names.values())[int(number) - 1]
    if is_told and "party" not in reader.unsure:
        hint = suggestion(given, names.values()) or f"the sheet Parties has {len(names)}"
        reader.note(cell.place, f"stands under {shown(heading)}, wanted the name of a party", hint)
    return ""


def _head(reader: _Reader) -> tuple[str, str, str, int]:
    """Title, date, length and number of phases, from the sheet Case."""
    sheet = reader.sheet("Case")
    if sheet is None:
        return "", "", "", 0
    lines = [[_Cell(f"Case!{c.coordinate}", c.value, c.data_type) for c in row] for row in sheet.iter_rows(max_col=2)]
    cells = {alike(str(line[0].value or "")): line[1] for line in lines if len(line) == 2}
    missing = [row.heading for row in CASE_ROWS if alike(row.heading) not in cells]
    if missing:
        reader.note("Case!A:A", f"the row {', '.join(missing)} is missing", "name the row so again")
        return "", "", "", 0
    title, day, length, count = (cells[alike(row.heading)] for row in CASE_ROWS)
    return (
        reader.wanted(title, "the title of the case"),
        _date(reader, day),
        reader.word(length, CASE_ROWS[2].words),
        _number(reader, count),
    )


def _date(reader: _Reader, cell: _Cell) -> str:
    if isinstance(cell.value, datetime.datetime | datetime.date):
        return cell.value.isoformat()[:10]
    given = _plain(cell)
    try:
        if cell.kind == "s":
            return datetime.date.fromisoformat(given).isoformat()
    except ValueError:
        pass
    got = "is empty" if cell.is_empty else f"got {_said(cell.value)}"
    reader.note(cell.place, f"{got}, wanted a date", "type it as 2024-03-01, or give the cell the format of a date")
    return ""


def _number(reader: _Reader, cell: _Cell) -> int:
    given = _plain(cell)
    number = cell.value if cell.kind == "n" else int(given[:9]) if given.isascii() and given.isdigit() else None
    if isinstance(number, int | float) and 1 <= number <= MOST_PHASES and number == int(number):
        return int(number)
    got = "is empty" if cell.is_empty else f"got {_said(cell.value)}"
    reader.note(
        cell.place, f"{got}, wanted a whole number from 1 to {MOST_PHASES:,}", "say how many phases the roadmap may reach"
    )
    return 0


def _plain(cell: _Cell) -> str:
    return " ".join(cell.value.split()) if isinstance(cell.value, str) else ""


def _said(value: object) -> str:
    return f"the date {value:%Y-%m-%d}" if isinstance(value, datetime.date) else shown(value)


def _words(sheet: str, heading: str) -> tuple[str, ...]:
    column: Column = next(column for column in COLUMNS[sheet] if column.heading == heading)
    return column.words
