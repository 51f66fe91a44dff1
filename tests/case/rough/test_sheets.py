"""Workbooks as people leave them: what is read, and what is refused with its cell."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from detente.case.diff import changes
from detente.case.edit import changed
from detente.case.load import read_case
from detente.case.rough.redraft import redrafted
from detente.case.rough.sheets import read_sheets
from detente.case.rough.template import workbook
from detente.cli import app
from detente.errors import CaseError
from workbooks import filled

openpyxl = pytest.importorskip("openpyxl", reason="XLSX TESTS SKIPPED: pip install 'detente[xlsx]'")


def put(sheet: str, **cells: Any) -> Callable[[Any], None]:
    """Put values into cells."""

    def change(book: Any) -> None:
        for place, value in cells.items():
            book[sheet][place] = value

    return change


def test_what_was_filled_in_is_the_case() -> None:
    """Catches a column that is read into another key, and a row that is left out."""
    case = read_case(read_sheets(filled(), "towns"))
    assert (case.case, case.title, case.as_of, case.phases.length, case.phases.count) == (
        "towns", "Two towns", datetime.date(2024, 3, 1), "1 month", 24
    )  # fmt: skip
    assert {i: (p.discount.text, p.stalemate.text, p.breakdown.text) for i, p in case.parties.items()} == {
        "north": ("fair", "-slight", "heavy"), "south": ("short", "0", "light")
    }  # fmt: skip
    assert {i: {j: p.text for j, p in spec.trust.items()} for i, spec in case.parties.items()} == {
        "north": {"south": "little"}, "south": {"north": "some"}
    }  # fmt: skip
    weir, road, board = case.measures.values()
    assert (weir.by, road.by, board.by) == (("north",), ("south",), ("north", "south"))
    assert [m.class_ for m in (weir, road, board)] == ["transfer", "works", "contact"]
    assert {i: v.text for i, v in weir.value.items()} == {"north": "-small", "south": "large"}
    assert (weir.requires[0].any, board.in_force) == (("water-board",), True)
    assert [(d.by, d.first, d.before, d.firm) for d in case.demands] == [
        ("north", ("mend-the-road",), ("open-the-weir",), "high"), ("south", ("open-the-weir",), ("mend-the-road",), None)
    ]  # fmt: skip


def moved(book: Any) -> None:
    """Sheets and columns in another order, blank rows, blanks around words, other spellings, notes."""
    book.move_sheet("Measures", -3)
    book["Measures"].insert_rows(3, 2)
    book["Measures"].move_range("A1:A10", cols=20)
    book["Measures"]["E2"] = " Transfer\u00a0"
    book["Measures"]["F2"] = "SMALL  cost"
    book["Measures"]["F1"] = "worth to party 1"
    book["Measures"]["H6"] = True
    book["Parties"]["A2"] = "North "
    book["Parties"]["A9"] = "   "
    book["Case"]["B2"] = "2024-03-01"
    book["Case"]["B4"] = "24"
    book.create_sheet("Notes")["A1"] = "=1/0"


def test_what_does_not_matter_changes_nothing() -> None:
    """Catches a reader that goes by places, or by blanks and capitals."""
    assert read_sheets(filled(moved), "towns") == read_sheets(filled(), "towns")


def test_what_something_is_worth_may_stand_as_in_a_case_file() -> None:
    """Catches "-small" that is refused where a dialogue takes it, or is taken, or guessed at, for a gain."""
    said = put("Measures", F2="small cost", G2="large gain"), put("Measures", F2="\u2212small", G2="large")
    assert read_sheets(filled(said[0]), "towns") == read_sheets(filled(said[1]), "towns")


@pytest.mark.parametrize(
    ("change", "places"),
    [
        (put("Measures", E2="=Words!A2"), ["Measures!E2"]),
        (put("Parties", B2="#NAME?"), ["Parties!B2"]),
        (put("Measures", E2="transfers", E3=None), ["Measures!E2", "Measures!E3"]),
        (put("Measures", F2=-0.3), ["Measures!F2"]),
        (put("Measures", A3="open the  WEIR"), ["Measures!A3"]),
        (put("Measures", A3=None), ["Measures!A3"]),
        (put("Measures", B2="Nroth"), ["Measures!B2"]),
        (put("Measures", F1="Worth to Nroth"), ["Measures!F2", "Measures!F3", "Measures!F4"]),
        (put("Measures", F1="Worth to party 3"), ["Measures!F2", "Measures!F3", "Measures!F4"]),
        (put("Measures", E1="Klass"), ["Measures!1:1", "Measures!E1"]),
        (put("Measures", Z2="see below"), ["Measures!Z2"]),
        (put("Measures", A2="a\u202eb"), ["Measures!A2"]),
        (put("Parties", A3="north"), ["Parties!A3"]),
        (put("Parties", C2=None, A2=7), ["Parties!A2", "Parties!C2"]),
        (put("Trust", B2="North"), ["Parties!A2", "Trust!A1"]),
        (put("Trust", A4="North", B4="South", C4="good"), ["Trust!B4"]),
        (put("Trust", A3=None, B3=None, C3=None), ["Trust!A1"]),
        (put("Case", B2="1.3.2024"), ["Case!B2"]),
        (put("Case", B3="month", B4=24.5), ["Case!B3", "Case!B4"]),
        (put("Case", A4="How many"), ["Case!A:A"]),
        (put("Case", B4=6), ["Measures!A3"]),
        (put("Demands", B2="Open the weir"), ["Demands!A2"]),
        (put("Measures", F3=None, G3=None), ["Measures!A3"]),
        (put("Measures", I3="Mend the road"), ["Measures!A3"]),
        (lambda book: book["Measures"].merge_cells("B2:B3"), ["Measures!B2:B3", "Measures!B3"]),
        (lambda book: book.remove(book["Trust"]), ["Trust"]),
        (lambda book: book["Parties"].cell(9999, 1, " "), ["Parties"]),
    ],
)  # fmt: skip
def test_faults_are_told_with_their_cells(change: Callable[[Any], object], places: list[str]) -> None:
    """Catches a fault that is told of the wrong cell, hides another, or is guessed away."""
    with pytest.raises(CaseError) as caught:
        read_sheets(filled(change), "towns")
    assert [fault.key for fault in caught.value.faults] == places


def test_a_number_without_end_is_a_fault_like_any_other() -> None:
    """Catches a traceback where a cell holds a number that is larger than any that a computer knows."""
    found = io.BytesIO()
    with zipfile.ZipFile(filled(put("Case", B4=777))) as book, zipfile.ZipFile(found, "w") as archive:
        for name in book.namelist():
            archive.writestr(name, book.read(name).replace(b"<v>777</v>", b"<v>1e999</v>"))
    found.seek(0)
    with pytest.raises(CaseError) as caught:
        read_sheets(found, "towns")
    assert [fault.key for fault in caught.value.faults] == ["Case!B4"]


def test_all_faults_come_at_once_and_in_order() -> None:
    """Catches a reader that stops at the first sheet with a fault."""
    with pytest.raises(CaseError) as caught:
        read_sheets(io.BytesIO(workbook(("North", "South"))))
    found = [fault.key for fault in caught.value.faults]
    assert found[:4] == ["Case!B1", "Case!B2", "Case!B3", "Case!B4"]
    assert found[4:] == [f"Parties!{c}{n}" for n in (2, 3) for c in "BCD"] + ["Trust!C2", "Trust!C3", "Measures!A2"]


def test_what_is_no_workbook(tmp_path: Path) -> None:
    """Catches a traceback on a file of another kind, a broken one, and one that unpacks to more than it may."""
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 9_000_000)
    files = {"old.xls": b"\xd0\xcf\x11\xe0", "text.xlsx": b"Measure,By", "cut.xlsx": filled().read()[:4000]}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    for file in (bomb, *(tmp_path / name for name in files), tmp_path / "none.xlsx"):
        with pytest.raises(CaseError) as caught:
            read_sheets(file)
        assert str(file) in str(caught.value)


def test_the_template_offers_only_what_is_read() -> None:
    """Catches a list in a cell that offers a word which is then refused, and one that is too long for a spreadsheet."""
    book = openpyxl.load_workbook(io.BytesIO(workbook(())))
    rules = [rule for sheet in book for rule in sheet.data_validations.dataValidation]
    assert len(rules) > 15
    for rule in rules:
        assert len(rule.formula1) <= 255
    offered = next(r.formula1 for r in rules if "contact" in r.formula1).strip('"').split(",")
    for sort in offered:
        assert sort in read_sheets(filled(put("Measures", E2=sort)))


def test_a_case_comes_back_out_of_its_workbook() -> None:
    """Catches a sheet that loses or changes something of the case that it was filled in with."""
    case = read_case(read_sheets(filled(), "towns"))
    again = read_case(read_sheets(io.BytesIO(workbook([p.name for p in case.parties.values()], redrafted(case))), "towns"))
    assert changes(case, again) == ()
    assert again == case


def test_what_a_workbook_cannot_hold_is_refused_with_its_key() -> None:
    """Catches a workbook from which a number, a window or a second thing wanted first would not come back."""
    case = read_case(read_sheets(filled(), "towns"))
    numbers = changed(case, {"parties.north.trust.south": 0.3, "measures.mend-the-road.value.north": [1, 2, 3]})
    with pytest.raises(CaseError) as told:
        redrafted(numbers)
    assert [f.key for f in told.value.faults] == ["parties.north.trust.south", "measures.mend-the-road.value.north"]
    windows = changed(case, {"measures.mend-the-road.window": {"not_before": 3}, "measures.mend-the-road.slices": 2})
    with pytest.raises(CaseError) as told:
        redrafted(windows)
    assert {f.key for f in told.value.faults} == {"measures.mend-the-road.window", "measures.mend-the-road.slices"}
    assert all(f.line > 0 for f in told.value.faults)


def test_the_command_writes_the_case_that_it_reads(tmp_path: Path) -> None:
    """Catches a command that fills the sheets with something else, or writes half of a case that does not fit."""
    file, sheet, back = tmp_path / "towns.yaml", tmp_path / "towns.xlsx", tmp_path / "new" / "towns.yaml"
    back.parent.mkdir()
    file.write_text(read_sheets(filled(), "towns"), encoding="utf-8")
    run = CliRunner()
    assert run.invoke(app, ["case", "template", str(file), "-o", str(sheet)]).exit_code == 0
    assert run.invoke(app, ["case", "from", str(sheet), "-o", str(back)]).exit_code == 0
    assert read_case(back.read_text(encoding="utf-8")) == read_case(file.read_text(encoding="utf-8"))
    refused = run.invoke(app, ["case", "template", "toy-exchange", "-o", str(tmp_path / "toy.xlsx")])
    assert refused.exit_code != 0
    assert not (tmp_path / "toy.xlsx").exists()
