"""Forms for a case in words: a workbook with drop-downs to fill in, and a case file with comments that loads as it is.

The workbook is empty, or filled in with a draft. It has a sheet of explanation, one for the case, one each for parties, trust,
measures and demands, and one that shows what the words stand for. Sheets are read back by their names and columns by their
headings (`sheets`), in any order. What a measure is worth is asked as a gain or a cost: a cell that begins with a minus sign
would be taken for a formula.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from detente.case.rough.draft import FIRMNESS, LENGTHS, WORTHS, Draft, DraftDemand, DraftMeasure, DraftParty, written
from detente.case.rough.entries import CLASSES, FOLLOWING, WORDS
from detente.case.rough.table import table
from detente.errors import InputError

__all__ = ["CASE_ROWS", "COLUMNS", "WORTH", "YES_NO", "Column", "case_file", "workbook"]

YES_NO = ("yes", "no")
WORTH = "Worth to "
"""How the heading of a column begins that says what a measure is worth to a party; its name follows, or ``party 1``."""

_ROWS = 200  # with drop-downs, of each sheet
_PARTIES = 4  # columns of worth, where no party is named


@dataclass(frozen=True)
class Column:
    """A column of a sheet. words : that may stand in it; none: text, or what `listed`, a range of the workbook, holds."""

    heading: str
    explained: str
    words: tuple[str, ...] = ()
    listed: str = ""
    width: int = 22


_NAMES, _TITLES = f"Parties!$A$2:$A${_ROWS}", f"Measures!$A$2:$A${_ROWS}"

CASE_ROWS = (
    Column("Title", "What the stand-off is called."),
    Column("Date", "The day on which the first phase begins."),
    Column("Phase", "How long a phase is, the unit of time.", LENGTHS),
    Column("Phases", "How many of them the roadmap may reach ahead: the one number that is asked for."),
)
"""The rows of the sheet Case: heading in column A, answer in column B."""

COLUMNS = {
    "Parties": (
        Column("Name", "Whoever can carry out or wreck a step."),
        Column("Looks ahead", "How far ahead it looks.", WORDS["foresight"]),
        Column("Stand-off", "What each phase of the stand-off, as it is, is worth to it.", tuple(WORTHS)),
        Column("Collapse", "What a collapse of the process would cost it.", WORDS["breakdown"]),
    ),
    "Trust": (
        Column("Who", "The party that trusts, or does not.", listed=_NAMES),
        Column("In whom", "The other; a row for every other party that acts.", listed=_NAMES),
        Column("Trust", "How far it trusts the other to keep its word although it could gain by not.", WORDS["trust"]),
    ),
    "Measures": (
        Column("Measure", "What is done: an act, not a hope.", width=44),
        Column("By", "The party that acts.", listed=_NAMES),
        Column("Together with", "Another that has to act as well.", listed=_NAMES),
        Column("And with", "A third.", listed=_NAMES),
        Column("Class", "What sort of work it is.", CLASSES),
        Column("In force", "Whether it is so already; an empty cell means no.", YES_NO, width=10),
        Column("Only after", "A measure that must come before it.", listed=_TITLES, width=30),
        Column("And after", "Another.", listed=_TITLES, width=30),
    ),
    "Demands": (
        Column("Who", "The party that insists.", listed=_NAMES),
        Column("Wants first", "The measure that it wants to see first.", listed=_TITLES, width=44),
        Column("Before", "The measure of its own that it withholds until then.", listed=_TITLES, width=44),
        Column("Firm", "How firm it is.", FIRMNESS, width=10),
    ),
}
"""The sheets of rows, with their columns; the sheet Measures has a column of worth for each party besides."""


def workbook(parties: Sequence[str], draft: Draft | None = None) -> bytes:
    """A workbook to fill in. parties : their names, for the headings. draft : what stands in it already, of these parties.

    Raises
    ------
    InputError
        If the writer of such files is not installed.
    """
    try:
        from openpyxl import Workbook
    except ImportError:
        hint = "pip install 'detente[xlsx]', or take FILE.yaml"
        raise InputError(f"the writer of xlsx files is not installed ({hint})") from None
    book = Workbook()
    _lines(book.active, "Read me", _explained(), (28, 110))
    sheet = book.create_sheet("Case")
    for n, row in enumerate(CASE_ROWS, 1):
        sheet.append([row.heading, None, row.explained])
        _offer(sheet, f"B{n}", row)
    sheet["B2"].number_format = "yyyy-mm-dd"
    _wide(sheet, (12, 40, 80))
    for name, columns in COLUMNS.items():
        _form(book.create_sheet(name), _with_worth(parties) if name == "Measures" else columns)
    rows = _empty(parties) if draft is None else _filled(draft)
    for name, lines in rows.items():
        _fill(book[name], lines)
    if draft is not None:
        head = draft.title, datetime.date.fromisoformat(draft.as_of), draft.length, draft.count
        for n, answer in enumerate(head, 1):
            sheet.cell(n, 2, answer)
    _lines(book.create_sheet("Words"), "Words", _words(), (24, 12, 12, 12, 100))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


Rows = Mapping[str, Sequence[Mapping[str, str]]]
"""What stands on the sheets of rows: by sheet, line by line, by heading."""


def _empty(parties: Sequence[str]) -> Rows:
    pairs = [{"Who": i, "In whom": j} for i in parties for j in parties if i != j]
    return {"Parties": [{"Name": party} for party in parties], "Trust": pairs}


def _filled(draft: Draft) -> Rows:
    """What of a draft stands where; the reverse of what `sheets` reads."""
    trust = [{"Who": p.name, "In whom": other, "Trust": word} for p in draft.parties for other, word in p.trust.items()]
    measures = []
    for m in draft.measures:
        row = {"Measure": m.title, "Class": m.sort, "In force": "yes" if m.in_force else ""}
        row |= dict(zip(("By", "Together with", "And with"), m.by, strict=False))
        row |= dict(zip(("Only after", "And after"), m.after, strict=False))
        measures.append(row | {f"{WORTH}{name}": phrase for name, phrase in m.worth.items()})
    return {
        "Parties": [
            {"Name": p.name, "Looks ahead": p.foresight, "Stand-off": p.stalemate, "Collapse": p.breakdown}
            for p in draft.parties
        ],
        "Trust": trust,
        "Measures": measures,
        "Demands": [{"Who": d.by, "Wants first": d.first, "Before": d.before, "Firm": d.firm} for d in draft.demands],
    }


def _fill(sheet: Any, lines: Sequence[Mapping[str, str]]) -> None:
    """Put lines under the headings of a sheet."""
    place = {cell.value: cell.column for cell in sheet[1]}
    for n, line in enumerate(lines, 2):
        for heading, text in line.items():
            if text:
                cell = sheet.cell(n, place[heading], text)
                cell.data_type = "s"  # a title that begins like a formula is a title


def _with_worth(parties: Sequence[str]) -> tuple[Column, ...]:
    """The columns of the sheet Measures: those of worth before the ones that may stay empty."""
    names = parties or [f"party {n}" for n in range(1, _PARTIES + 1)]
    worth = [Column(f"{WORTH}{name}", "For each phase in which it is in force.", tuple(WORTHS), width=18) for name in names]
    columns = COLUMNS["Measures"]
    return (*columns[:5], *worth, *columns[5:])


def _form(sheet: Any, columns: Sequence[Column]) -> None:
    """A sheet of rows to fill in."""
    from openpyxl.comments import Comment
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    for n, column in enumerate(columns, 1):
        cell = sheet.cell(1, n, column.heading)
        cell.font = Font(bold=True)
        cell.comment = Comment(column.explained, "Détente")
        letter = get_column_letter(n)
        _offer(sheet, f"{letter}2:{letter}{_ROWS}", column)
    _wide(sheet, [column.width for column in columns])
    sheet.freeze_panes = "B2"


def _offer(sheet: Any, cells: str, column: Column) -> None:
    """A drop-down for some cells."""
    from openpyxl.worksheet.datavalidation import DataValidation

    if not (column.words or column.listed):
        return
    offered = f"={column.listed}" if column.listed else f'"{",".join(column.words)}"'
    rule = DataValidation(type="list", formula1=offered, allow_blank=True, showErrorMessage=True)
    rule.errorTitle, rule.error = column.heading, f"Choose from the list. {column.explained}"
    sheet.add_data_validation(rule)
    rule.add(cells)


def _lines(sheet: Any, title: str, rows: Iterator[Sequence[object]], widths: Sequence[int]) -> None:
    """A sheet to read."""
    from openpyxl.styles import Alignment, Font

    sheet.title = title
    for n, row in enumerate(rows, 1):
        sheet.append(list(row))
        for cell in sheet[n]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if n == 1:
                cell.font = Font(bold=True)
    _wide(sheet, widths)


def _wide(sheet: Any, widths: Sequence[int]) -> None:
    from openpyxl.utils import get_column_letter

    for n, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(n)].width = width


def _explained() -> Iterator[Sequence[str]]:
    yield "A stand-off in words", "Fill in the sheets from left to right. A cell with a list takes a word from it."
    yield "Then", "Save the file as xlsx, and: detente case from FILE.xlsx -o NAME.yaml. Faults are told with their cells."
    yield "Words", "The sheet Words shows what they stand for. Each number there is assumed, and has a wide range."
    yield "Rows", "An empty row is left out. Formulas and merged cells are refused."
    yield "Notes", "Sheets of other names are left alone: take notes there."
    yield (
        "Worth to party 1, 2",
        "In the order of the sheet Parties; or put a party's name in place of the number. Empty: nothing.",
    )
    for row in CASE_ROWS:
        yield f"Case: {row.heading}", row.explained
    for sheet, columns in COLUMNS.items():
        for column in columns:
            words = f" One of: {', '.join(column.words)}." if column.words else ""
            yield f"{sheet}: {column.heading}", column.explained + words


def _words() -> Iterator[Sequence[object]]:
    yield "Entry", "Low", "Likely", "High", "Why (lag and takes in months, foresight and breakdown by the year)"
    for name, judged in table("plain", "1 month").entries.items():
        yield name, judged.low, judged.value, judged.high, judged.because


def case_file(slug: str) -> str:
    """A case file in words, to be changed: measures and demands of two parties, and as comments what else it may hold."""
    return written(_example(slug)) + _MORE


def _example(slug: str) -> Draft:
    first, second = "First party", "Second party"
    gives, answers, both = "What the first party could do", "What the second party could do", "What both could do together"
    worths = ("small cost", "large gain")
    return Draft(
        slug,
        "What the stand-off is called",
        "2025-01-01",
        "1 month",
        24,
        (
            DraftParty(first, "fair", "slight cost", "heavy", {second: "little"}),
            DraftParty(second, "fair", "slight cost", "heavy", {first: "little"}),
        ),
        (
            DraftMeasure(both, (first, second), "contact", {first: "slight gain", second: "slight gain"}),
            DraftMeasure(gives, (first,), "transfer", dict(zip((first, second), worths, strict=True)), after=(both,)),
            DraftMeasure(answers, (second,), "suspension", dict(zip((second, first), worths, strict=True)), after=(both,)),
        ),
        (DraftDemand(first, answers, gives, "high"), DraftDemand(second, gives, answers, "medium")),
    )


_MORE = f"""
# What else a measure may say:
#   {", ".join(FOLLOWING)}: in place of what follows from its class
#   slices: 3                                 it can be taken in three equal parts
#   window: {{not_before: 2, not_after: 10}}    in which phases it may enter
#   excludes: [another-measure]
#   needs: [{{id: board, by: The board, chance: [0.6, 0.8, 0.9]}}]    a consent that its actor does not command
#   evidence: [minutes-2]                     why, as it stands here:
#
# sources:
#   minutes: {{title: Minutes of the joint session, date: 2024-02}}
# evidence:
#   minutes-2: {{source: minutes, at: item 2, says: What it says, in your own words}}
"""
