"""Tables in: dialects of CSV, KTAB's form, xlsx, and every fault at once with its place."""

from __future__ import annotations

import io
import math
import os
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from detente.errors import PositionsError
from detente.positions.table import Table, read_table

PLAIN = "actor,position,salience,capability\nA,0,50,1\nB,40,,2.5\nC,,20,\n"


def read(text: str | bytes, **options: object) -> Table:
    return read_table(io.BytesIO(text if isinstance(text, bytes) else text.encode()), **options)  # type: ignore[arg-type]


def rows(found: Table, n: int = 0) -> list[tuple[str, float, float | None, float]]:
    return [(r.actor, r.position, r.salience, r.capability) for r in found.issues[n].rows]


def complaint(text: str | bytes, **options: object) -> str:
    with pytest.raises(PositionsError) as err:
        read(text, **options)
    return str(err.value)


@pytest.mark.parametrize(
    "written",
    [
        PLAIN,
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        PLAIN.replace(",", ";").replace("2.5", "2,5"),
        PLAIN.replace(",", "\t"),
        PLAIN.replace("\n", "\r\n") + "\r\n,,,\r\n",
        PLAIN.replace("position,salience", "Position, SALIENCE"),
        'capability,actor,position,salience\n1,"A",0,50\n2.5,B,40,""\n,C,,20\n',
        "issue,actor,position,salience,capability\none,A,0,50,1\none,B,40,,2.5\nnothing,C,,20,\n",
    ],
    ids=["plain", "bom", "utf-16", "semicolons", "tabs", "crlf", "headings", "order", "issues"],
)
def test_the_same_table_in_many_dialects(written: str | bytes) -> None:
    """Would catch a mark, a separator, a decimal comma or an empty line that is taken for data; who has no position takes no
    part, and an unknown salience stays unknown."""
    found = read(written)
    assert rows(found) == [("A", 0, 50, 1), ("B", 40, None, 2.5)]
    assert (found.issues[0].low, found.issues[0].high) == (0, 40)
    assert any("span of all positions" in n for n in found.notes)


def test_old_encodings_are_read_and_said() -> None:
    """Would catch a name that is lost, or a guess that nobody hears of."""
    found = read(PLAIN.replace("A,", "Österreich,").encode("latin-1"))
    assert found.issues[0].rows[0].actor == "Österreich"
    assert any("Windows-1252" in n for n in found.notes)


def test_all_faults_come_at_once_with_line_and_field() -> None:
    """Would catch a reader that stops at the first fault, or points at another line."""
    text = (
        "issue,actor,position,salience,capability,range,outcome,proposal\n"
        "i,A,ten,50,1,0..100,5,p\n"
        "i,A,10,500,1,0..100,5,p\n"
        "i,,10,50,1,0..100,5,p\n"
        "i,C,10,50,,0..100,5,p\n"
        "i,D,10,50,-1,0..100,6,q\n"
        "i,E,200,50,1,0..50,5,p\n"
        "i,F,10,50,1,x,5,p,more\n"
        "i,G,nan,50,1,high,5,p\n"
        ",H,10,50,1,0..100,5,p\n"
    )
    said = complaint(text, outcome="outcome")
    for part in (
        ":2:3: position: got 'ten', wanted a number",
        ":3:2: actor: A is given twice on i, first in line 2 (keep one of the lines)",
        ":3:4: salience: got 500, wanted 0 to 100",
        ":4:2: actor: is empty",
        ":5:5: capability: is empty, and the actor holds a position",
        ":6:5: capability: got -1",
        ":6:7: outcome: got 6, but 5 in an earlier line",
        ":6:8: proposal: got q, but p in an earlier line",
        ":7:3: position: got 200, wanted 0 to 100, the range of i",
        ":7:6: range: got 0..50, but 0..100",
        ":8:9: got 9 fields, wanted 8",
        ":9:3: position: got 'nan'",
        ":9:6: range: got 'high', wanted two numbers",
        ":10:1: issue: is empty",
    ):
        assert part in said, part
    assert "14 faults" in said


@pytest.mark.parametrize(
    ("text", "options", "part"),
    [
        ("", {}, "is empty, wanted a heading line"),
        ("actor,position,salience,capability\n", {}, "no line has a position"),
        ("actor,positoin,salience,capability\nA,1,2,3\n", {}, "no column position (is it 'positoin'? rename that heading)"),
        ("actor,position,position,salience,capability\nA,1,1,2,3\n", {}, "the heading is given twice"),
        (PLAIN, {"outcome": "result"}, "no column result for --outcome"),
        (PLAIN, {"group": "folder"}, "no column folder for --group"),
        ("actor,position,salience,capability\nA,1,0.5,1\nB,2,0.2,1\nC,2,0.7,1\n", {}, "say --salience-max 1"),
        ("actor,position,salience,capability\nA,1,50,0\nB,2,50,0\n", {}, "is 0 for every actor"),
        ("\0\1\2", {}, "is no text"),
        (b"PK\x03\x04 not a zip", {}, "is no xlsx file that can be read"),
        ('actor,position\n"A,1\n', {}, "no column salience"),
        ('<?xml version="1.0"?>\n<Scenario><Actor/></Scenario>', {}, "is XML or HTML, and no table"),
        ('{"actor": "A"}', {}, "is JSON, and no table"),
    ],
)
def test_what_cannot_be_used_says_what_to_do(text: str | bytes, options: dict[str, object], part: str) -> None:
    """Would catch a quiet success on nothing, or a traceback in place of a next step."""
    assert part in complaint(text, **options)


def test_many_faults_are_counted_not_listed() -> None:
    """Would catch ten thousand lines of complaint."""
    said = complaint("actor,position,salience,capability\n" + "".join(f"a{n},x,1,1\n" for n in range(500)))
    assert "500 faults" in said
    assert said.endswith("and 450 more faults")
    assert said.count("\n") == 51


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """Would catch a traceback."""
    for path in (tmp_path / "absent.csv", tmp_path, "a\0b"):
        with pytest.raises(PositionsError):
            read_table(path)


def test_ranges_as_people_write_them() -> None:
    """Would catch a minus sign that is taken for a dash, and the other way round."""
    for written, ends in {
        "0-100": (0, 100),
        "[-5, 5]": (-5, 5),
        "-5..-1": (-5, -1),
        "0 to 2.5": (0, 2.5),
        "1e2:2e2": (100, 200),
    }.items():
        text = f'actor,position,salience,capability,range\nA,{ends[0]:g},50,1,"{written}"\nB,{ends[1]:g},50,1,\n'
        found = read(text)
        assert (found.issues[0].low, found.issues[0].high) == ends, written


def test_ktabs_form_is_read() -> None:
    """Several dimensions, a comma at the end of lines, quoted descriptions. Would catch columns that are shifted."""
    text = (
        'Dummy ,"a scenario",2,2,\nActor,Description,Power,Pstn1,Sal1,Pstn2,Sal2,\n'
        'One," first, of two", 102.5, 75.79, 49.53,  6.37,  50.1,\nTwo, second, 53, 82.72, 30.33, 73.5, 21,\n'
    )
    found = read(text)
    assert [i.id for i in found.issues] == ["Pstn1", "Pstn2"]
    assert rows(found, 1) == [("One", 6.37, 50.1, 102.5), ("Two", 73.5, 21, 53)]
    assert {(i.low, i.high, i.proposal) for i in found.issues} == {(0, 100, "Dummy")}
    assert "got 3 for 2 lines of actors" in complaint(text.replace(",2,2,\nActor", ",3,2,\nActor"))
    assert "wanted 5 for 1 dimensions" in complaint(text.replace(",2,2,\nActor", ",2,1,\nActor"))


def test_a_sheet_is_read_as_its_csv(tmp_path: Path) -> None:
    """Would catch numbers that come as 50.0, empty cells that come as None, and other sheets that vanish quietly."""
    openpyxl = pytest.importorskip("openpyxl", reason="XLSX TESTS SKIPPED: pip install 'detente[xlsx]'")
    book = openpyxl.Workbook()
    for line in (["actor", "position", "salience", "capability"], ["A", 0, 50.0, 1], [], ["B", 40, None, 2.5], ["C", None, 20]):
        book.active.append(line)
    book.create_sheet("more")
    path = tmp_path / "t.xlsx"
    book.save(path)
    found = read_table(path)
    assert rows(found) == [("A", 0, 50, 1), ("B", 40, None, 2.5)]
    assert any("1 more" in n for n in found.notes)
    book.active["B2"] = "ten"
    book.save(path)
    with pytest.raises(PositionsError, match=r"t\.xlsx:2:2: position: got 'ten'"):
        read_table(path)


def test_parts_of_an_actor_are_known_by_their_names() -> None:
    """Would catch a slash in a name that is taken for a part."""
    found = read("actor,position,salience,capability\nA/1,0,50,1\nA/2,1,50,1\nNorth/South,2,1,1\n")
    assert [r.whole for r in found.issues[0].rows] == ["A", "A", "North/South"]


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda t: t.encode("utf-8", "replace")))
@example(b'"')
@example(b"actor,position,salience,capability\n\xff,1,1,1")
def test_anything_is_read_or_refused(content: bytes) -> None:
    """Would catch a traceback on bytes that nobody thought of."""
    try:
        found = read(content)
    except PositionsError:
        return
    assert found.issues


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("A,1e308,50,1,", "2:2: position: got 1e308, wanted 0 or a size from 1e-15 to 1e+15"),
        ("A,1e999,50,1,", "2:2: position: got '1e999', wanted a number"),
        ("A,1,50,1e300,", "2:4: capability: got 1e300, wanted 0 or a size"),
        ("A,1,50,1e-300,", "2:4: capability: got 1e-300, wanted 0 or a size"),
        ("A,1,50,1,0..1e308", "2:5: range: got '0..1e308', wanted two numbers"),
        ("A,1,50,1,-1e308..1e308", "2:5: range"),
        ("A," + "9" * 5000 + ",50,1,", "2:2: position"),
    ],
)
def test_sizes_whose_squares_are_no_numbers(line: str, said: str) -> None:
    """Would catch an overflow deep in the sums, and infinity or NaN in an answer."""
    assert said in complaint(f"actor,position,salience,capability,range\n{line}\nB,2,50,1,\n")


def test_options_that_are_no_numbers() -> None:
    """Would catch a scale without ends, or one that is turned round."""
    for options in ({"span": (0.0, math.inf)}, {"span": (5.0, 1.0)}, {"span": (math.nan, 1.0)}):
        assert "range: got" in complaint(PLAIN, **options)
    for most in (0.0, -1.0, math.nan, math.inf):
        assert "salience_max: got" in complaint(PLAIN, salience_max=most)


def test_no_negative_zero() -> None:
    """Would catch a zero that is shown with a minus sign."""
    assert str(read(PLAIN.replace("A,0,", "A,-0.0,")).issues[0].rows[0].position) == "0.0"


def test_tables_that_are_made_to_run_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would catch a file without end, a heading of a hundred thousand names, and a cell as long as a book."""
    with pytest.raises(PositionsError, match=r":1:1: more than 2,000 columns"):
        read("actor" + ",x" * 100_000)
    assert ":2:1: more than 1,000,000 characters in a cell" in complaint(PLAIN.replace("A,0", "A" * 1_000_001 + ",0"))
    monkeypatch.setenv("DETENTE_LIMITS", "table-bytes=1e6")
    with pytest.raises(PositionsError, match="more than 1,000,000 bytes"):
        read_table("/dev/zero")
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.setattr("detente.base.bounds._WRITER", 0.1)
    with pytest.raises(PositionsError, match="nobody writes into this pipe"):
        read_table(tmp_path / "pipe")


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<dimension ref="A1:XFD1048576"/><sheetData>ROWS</sheetData></worksheet>'
)


def workbook(tmp_path: Path, rows: str, *, shared: int = 0) -> bytes:
    """A workbook whose sheet is written by hand, with so many shared texts."""
    openpyxl = pytest.importorskip("openpyxl", reason="XLSX TESTS SKIPPED: pip install 'detente[xlsx]'")
    openpyxl.Workbook().save(tmp_path / "w.xlsx")
    out = io.BytesIO()
    with zipfile.ZipFile(tmp_path / "w.xlsx") as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename.endswith("sheet1.xml"):
                content = SHEET.replace("ROWS", rows).encode()
            elif info.filename.endswith("sharedStrings.xml") and shared:
                content = (
                    b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' + b"<si/>" * shared + b"</sst>"
                )
            new.writestr(info.filename, content)
    return out.getvalue()


def row(n: int, *cells: str, more: str = "") -> str:
    written = "".join(f'<c r="{"ABCDE"[k]}{n}" t="inlineStr"><is><t>{cell}</t></is></c>' for k, cell in enumerate(cells))
    return f'<row r="{n}">{written}{more}</row>'


TOP = row(1, "actor", "position", "salience", "capability")


def test_a_sheet_that_says_it_is_larger_than_it_is(tmp_path: Path) -> None:
    """Would catch a sheet of four cells that is read as seventeen thousand million, and a stray formatted cell far out."""
    rows = TOP + row(2, "A", "0", "50", "1", more='<c r="XFD2"/>') + row(3, "B", "9", "50", "1")
    begun = time.monotonic()
    found = read(workbook(tmp_path, rows + '<row r="1048576"><c r="XFD1048576"/></row>'))
    assert time.monotonic() - begun < 10
    assert [r.actor for r in found.issues[0].rows] == ["A", "B"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (TOP + row(2, "A", "0", "50", "1", more='<c r="XFD2"><v>1</v></c>'), ":2:1: more than 2,000 columns"),
        (TOP + '<row r="999999999999">' + row(2, "A").partition(">")[2], "has rows beyond the last one of a sheet"),
        (TOP + "<row>" * 5, "is no xlsx file that can be read"),
        (TOP + row(2, "A", "ten", "50", "1"), "2:2: position: got 'ten'"),
    ],
)
def test_sheets_that_cannot_be_used(rows: str, said: str, tmp_path: Path) -> None:
    """Would catch a full memory, an endless run, or a traceback of the reader."""
    assert said in complaint(workbook(tmp_path, rows))


def test_a_workbook_that_is_a_bomb(tmp_path: Path) -> None:
    """Would catch an archive of a few bytes that fills the memory: by its texts, or by one text in many cells."""
    assert "times its own size when unpacked" in complaint(workbook(tmp_path, TOP + " " * 50_000_000))
