"""The data sets as they came in other years, from other doors of their publishers, or through the hands of a tool."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from detente.errors import RecordError
from detente.record.formats.mapped import read_map
from detente.record.importing.result import Imported
from detente.record.workspace import Workspace
from eventfiles import (
    ACLED,
    GDELT1,
    GDELT2,
    ICEWS,
    UCDP,
    acled_row,
    add,
    aside,
    events,
    gdelt_row,
    icews_row,
    table,
    ucdp_row,
    written,
)

INPUTS = Path(__file__).resolve().parents[4] / "shared" / "cases-to-mend" / "files"
Import = Callable[..., tuple[list[dict[str, Any]], Imported]]


@pytest.fixture
def imported(tmp_path: Path) -> Import:
    """Import one file into a fresh record: its events, and what became of it."""

    def run(content: str | bytes, name: str = "x.csv", **how: Any) -> tuple[list[dict[str, Any]], Imported]:
        workspace = Workspace.create(tmp_path / "record")
        done = add(workspace, written(tmp_path / name, content), **how)
        return events(workspace), done

    return run


def quoted(names: Sequence[str], rows: Sequence[Mapping[str, object]], delimiter: str) -> str:
    """A table with every cell in quotation marks."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([names, *([row.get(name, "") for name in names] for row in rows)])
    return text.getvalue()


# --- day and month ---


@pytest.mark.parametrize(
    ("days", "found"),
    [
        (["18/04/2001", "02/05/2001"], [date(2001, 4, 18), date(2001, 5, 2)]),  # proved by the first
        (["02/05/2001", "4/18/2001"], [date(2001, 2, 5), date(2001, 4, 18)]),  # an American spreadsheet, proved by the last
        (["02/05/2001", "03/05/2001"], [date(2001, 5, 2), date(2001, 5, 3)]),  # as ACLED wrote them
        (["18/04/2001", "4/19/2001", "02/05/2001", "5/5/2001"], [date(2001, 4, 18), date(2001, 4, 19), date(2001, 5, 5)]),
        (["27-Apr-12", "28-Apr-2012"], [date(2012, 4, 27), date(2012, 4, 28)]),
    ],
)
def test_a_file_proves_by_its_own_dates_which_comes_first(days: list[str], found: list[date], imported: Import) -> None:
    """Would catch a month taken for a day where one date of the file says otherwise, and a guess where they contradict."""
    rows = [acled_row(n, event_date=day) for n, day in enumerate(days)]
    there, done = imported(table(ACLED, rows, ","))
    assert [row["date"] for row in there] == found
    assert bool(done.files[0].notes) == ("/" in days[0])  # what was taken for granted is said
    assert sum(done.rejected.values()) == len(days) - len(found)


# --- ACLED ---


@pytest.mark.parametrize(
    ("kind", "quad"),
    [("Non-violent transfer of territory", 2), ("Headquarters or base established", None), ("Strategic development", None),
     ("Battle-No change of territory", 4), ("Battle-Government regains territory", 4), ("Remote violence", 4),
     ("Riots/Protests", 4), ("Violence against civilians", 4), ("Something new", None)],
)  # fmt: skip
def test_event_types_of_acled_until_2017(kind: str, quad: int | None, imported: Import) -> None:
    """Would catch an event type that is no conflict, or not known, counted as material conflict."""
    (event,), _ = imported(table(ACLED, [acled_row(event_type=kind, sub_event_type="")], ","))
    assert (event["code"], event["quad"]) == (kind, quad)


FORMS = {
    "an answer": lambda rows: json.dumps({"status": 200, "messages": [], "data": rows}),
    "an answer over many lines": lambda rows: json.dumps({"count": 2, "data": rows}, indent=1),
    "a list": json.dumps,
    "a record a line": lambda rows: "".join(json.dumps(row) + "\n" for row in rows),
}


@pytest.mark.parametrize("form", FORMS)
def test_acled_and_ucdp_in_json(form: str, imported: Import, tmp_path: Path) -> None:
    """Would catch the records of a publisher's service taken for another ontology, or lost in their wrapping."""
    rows = [{key: str(value) for key, value in acled_row(n, fatalities=n, actor2="").items()} for n in (1, 2)]
    there, done = imported(FORMS[form](rows), "acled.json")
    assert (done.files[0].format, [row["id"] for row in there], [row["intensity"] for row in there]) == (
        "acled", ["KOR1", "KOR2"], [-1.0, -2.0],
    )  # fmt: skip
    deaths = [{key: str(value) for key, value in ucdp_row(n).items()} for n in (1, 2)]
    text = FORMS[form](deaths).replace('"data"', '"TotalPages": 3, "Result"')
    workspace = Workspace.create(tmp_path / "ucdp")
    (file,) = add(workspace, written(tmp_path / "u.json", text)).files
    assert (file.format, bool(file.notes)) == ("ucdp", "TotalPages" in text)  # that there are other pages
    assert [(row["id"], row["source_country"]) for row in events(workspace)] == [("1", "AFG"), ("2", "AFG")]


def test_acled_in_a_spreadsheet(imported: Import, tmp_path: Path) -> None:
    """Would catch the archive that an xlsx file is read as files of events, and a date of a spreadsheet lost."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(list(ACLED))
    row = acled_row(event_date=date(2018, 6, 12), actor1='Protesters "of all", (South Korea)')
    book.active.append([row.get(name) for name in ACLED])
    book.create_sheet("notes")
    book.save(tmp_path / "book.xlsx")
    (event,), done = imported((tmp_path / "book.xlsx").read_bytes(), "acled.xlsx")
    assert (event["date"], event["source"], event["source_country"]) == (
        date(2018, 6, 12), 'Protesters "of all", (South Korea)', "KOR",
    )  # fmt: skip
    assert done.files[0].notes  # that there is a second sheet


def test_json_of_no_format_says_what_speaks_against_each(imported: Import) -> None:
    """Would catch a file of something else taken for PLOVER, and its rows for faulty."""
    with pytest.raises(RecordError, match="is not in the form of") as raised:
        imported(json.dumps([{"id": "1", "event_date": "2018-06-12", "event_type": "Battles", "actor1": "A"}]), "x.json")
    closest, *others = raised.value.faults
    assert closest.key == "ACLED"
    assert "actor2" in closest.message
    assert "event_date" not in closest.message
    assert {title for fault in others for title in fault.key.split(", ")} >= {"ICEWS", "GDELT 2.0", "UCDP GED", "KEDS (CAMEO)"}


def test_ngec_records(imported: Import) -> None:
    """What POLECAT is made from. Would catch the day of the story taken for that of the event, and pairs not made."""
    record = {
        "id": "x_CONSULT", "date": "2019-08-01", "date_resolved": "2019-07-31", "event_type": "CONSULT",
        "event_mode": ["visit"], "publisher": "p",
        "attributes": {
            "ACTOR": [{"text": "A minister", "country": "PRK", "code_1": "GOV"}],
            "RECIP": [{"text": "B", "country": "USA", "code_1": "GOV"}, {"text": "C", "country": "KOR", "code_1": ""}],
        },
    }  # fmt: skip
    there, done = imported(json.dumps(record) + "\n", "x.jsonl")
    assert [(row["date"], row["source"], row["target"], row["code"]) for row in there] == [
        (date(2019, 7, 31), "PRKGOV", "USAGOV", "CONSULT-visit"), (date(2019, 7, 31), "PRKGOV", "KOR", "CONSULT-visit"),
    ]  # fmt: skip
    assert (done.read, done.added) == (1, 1)


# --- ICEWS ---


@pytest.mark.parametrize("form", ["plain", "some cells", "all cells"])
def test_icews_of_2017(form: str, imported: Import) -> None:
    """No codes but wording, the month first, cells in quotation marks. Would catch a mark that stays in a name."""
    names = [name for name in ICEWS if name != "CAMEO Code"]
    mark = '"' if form == "some cells" else ""
    rows = [
        icews_row(
            n,
            **{
                "Event Date": f"2/{n}/2017",
                "Source Name": f"{mark}Citizen, the (North Korea){mark}",
                "Event Text": f"{mark}Conduct suicide, car, or other non-military bombing{mark}",
            },
        )
        for n in (4, 26)
    ]
    text = quoted(names, rows, "\t") if form == "all cells" else table(names, rows)
    there, done = imported(text, "x.tab")
    assert [(row["date"], row["source"], row["code"], row["target_country"]) for row in there] == [
        (date(2017, 2, day), "Citizen, the (North Korea)", "183", "USA") for day in (4, 26)
    ]
    assert done.files[0].format == "icews"


@pytest.mark.parametrize("word", ["NULL", "NA", "None", "\\N"])
def test_words_for_an_empty_cell(word: str, imported: Import) -> None:
    """Would catch a place called NULL, and a country of Namibia for NA."""
    row = icews_row(City=word, **{"Target Country": word, "Province": word, "Intensity": word})
    (event,), _ = imported(table(ICEWS, [row]), "x.tab")
    assert (event["place"], event["target_country"], event["intensity"]) == ("Singapore", None, None)


# --- UCDP ---


def test_ucdp_without_a_header_and_with_older_names(imported: Import, tmp_path: Path) -> None:
    """Monthly candidate events, and editions that call the estimate `best_est`."""
    there, done = imported(table(UCDP, [ucdp_row(1), ucdp_row(2)], ",", header=False))
    assert (done.files[0].format, [row["line"] for row in there], [row["intensity"] for row in there]) == (
        "ucdp", [1, 2], [-7.0, -7.0],
    )  # fmt: skip
    older = [{"best": "best_est"}.get(name, name) for name in UCDP]
    workspace = Workspace.create(tmp_path / "older")
    add(workspace, written(tmp_path / "o.csv", table(older, [ucdp_row(5, best_est=3)], ",")))
    assert events(workspace)[0]["intensity"] == -3.0


def test_several_governments_on_a_side(imported: Import, tmp_path: Path) -> None:
    """One event in each dyad, counted as one. Would catch deaths that belong to no country, and pairs of one event taken for
    its repetitions; the file again, and a longer edition of it, add what is new."""
    both = "Government of Australia, Government of United States of America"
    rows = [
        ucdp_row(1, side_a=both, side_b="Government of Iraq, Government of Kuwait", best=100),
        ucdp_row(2, side_a="Front A, Front B"),
        ucdp_row(1, side_a=both),
    ]
    there, done = imported(table(UCDP, rows, ","))
    assert (done.read, done.added, done.known) == (3, 2, 1)
    assert [(row["line"], row["source_country"], row["target_country"], row["intensity"]) for row in there] == [
        (2, "AUS", "IRQ", -100.0), (2, "AUS", "KWT", -100.0), (2, "USA", "IRQ", -100.0), (2, "USA", "KWT", -100.0),
        (3, None, None, -7.0),
    ]  # fmt: skip
    assert there[-1]["source"] == "Front A, Front B"
    workspace = Workspace.create(tmp_path / "record")
    longer = add(workspace, written(tmp_path / "y.csv", table(UCDP, [*rows, ucdp_row(3, side_a=both)], ",")))
    assert (longer.added, longer.known, len(events(workspace))) == (1, 3, 7)


def test_a_missing_column_is_named(imported: Import) -> None:
    """Would catch "not in the form of UCDP" without a word on what is missing."""
    names = [name for name in UCDP if name != "best"]
    with pytest.raises(RecordError) as raised:
        imported(table(names, [ucdp_row(1)], ","), format="ucdp")
    (fault,) = raised.value.faults
    assert (fault.key, "best or best_est" in fault.message, "side_a" in fault.message) == ("UCDP GED", True, False)


# --- POLECAT ---

POLECAT = [
    *["Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Actor Name", "Actor Country", "Recipient Name"],
    *["Recipient Country", "Placename", "Country", "Source"],
]


def polecat_row(**more: object) -> dict[str, object]:
    return {
        "Event ID": "a", "Event Date": "2023-01-03", "Event Type": "CONSULT", "Event Mode": "visit", "Intensity": "3.0",
        "Actor Name": "A", "Actor Country": "North Korea", "Recipient Name": "B", "Recipient Country": "United States",
        "Placename": "Hanoi", "Country": "VNM", "Source": "Agency",
        **{name.replace("_", " "): value for name, value in more.items()},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "pairs"),
    [
        ({}, [("A", "PRK", "B", "USA")]),
        ({"Actor_Country": "PRK", "Recipient_Country": "KOR"}, [("A", "PRK", "B", "KOR")]),
        ({"Actor_Name": "A; C", "Actor_Country": "North Korea; China"}, [("A", "PRK", "B", "USA"), ("C", "CHN", "B", "USA")]),
        ({"Actor_Name": "A; None", "Actor_Country": "North Korea; None"}, [("A", "PRK", "B", "USA")]),
        ({"Actor_Country": "North Korea|China"}, [("A", "PRK", "B", "USA"), ("A", "CHN", "B", "USA")]),
        ({"Actor_Name": "A; C; D", "Actor_Country": "North Korea; China"},
         [("North Korea", "PRK", "B", "USA"), ("China", "CHN", "B", "USA")]),
        ({"Recipient_Name": "None"}, [("A", "PRK", "United States", "USA")]),
        ({"Recipient_Name": "None", "Recipient_Country": "None"}, [("A", "PRK", None, None)]),
        ({"Actor_Name": "A; C", "Actor_Country": "PRK; CHN", "Recipient_Name": "", "Recipient_Country": ""},
         [("A", "PRK", "C", "CHN"), ("C", "CHN", "A", "PRK")]),
        ({"Actor_Name": "A; A", "Actor_Country": "PRK; PRK"}, [("A", "PRK", "B", "USA")]),
        ({"Actor_Name": "None", "Actor_Country": "None"}, []),
    ],
)  # fmt: skip
def test_joint_actors(cells: dict[str, str], pairs: list[tuple[str | None, ...]], imported: Import) -> None:
    """Would catch an actor called None, one without a country where it is named, and pairs that nobody made."""
    there, done = imported(table(POLECAT, [polecat_row(**cells)]), "x.txt")
    names = ("source", "source_country", "target", "target_country")
    assert [tuple(row[name] for name in names) for row in there] == pairs
    assert (done.read, done.rejected) == (1, {} if pairs else {"no source": 1})


def test_polecat_names_of_other_columns(imported: Import) -> None:
    """Would catch an intensity, a mode or a publisher lost without a word."""
    names = ["Event Intensity" if name == "Intensity" else name for name in POLECAT]
    (event,), _ = imported(table(names, [polecat_row(Event_Intensity="-3.5", Event_Mode="None")]), "x.txt")
    assert (event["intensity"], event["code"], event["publisher"]) == (-3.5, "CONSULT", "Agency")


def test_a_header_that_names_more_than_the_rows_have(imported: Import) -> None:
    """Would catch every row put aside, or cells read under the wrong name."""
    rows = [[str(polecat_row().get(name, "")) for name in POLECAT]] * 2
    header = [POLECAT[0], "Headline", *POLECAT[1:], "Event Text", "Feed"]
    (first, _), _ = imported("".join("\t".join(line) + "\n" for line in (header, *rows)), "x.txt")
    assert (first["date"], first["source"], first["publisher"]) == (date(2023, 1, 3), "A", "Agency")


# --- GDELT ---


@pytest.mark.parametrize("decimals", ["", ".0"])
def test_codes_that_lost_their_zero(decimals: str, imported: Import) -> None:
    """Would catch 10, to demand, for 010, to make a statement: the quad class tells which it was. By hand from CAMEO: roots 01
    to 05 are class 1, 06 to 09 class 2, 10 to 14 class 3, 15 to 20 class 4."""
    codes = [("10", 1, "010"), ("10", 3, "10"), ("42", 1, "042"), ("20", 1, "020"), ("20", 4, "20"), ("211", 1, "0211"),
             ("61", 2, "061"), ("190", 4, "190"), ("112", 3, "112"), ("1", 1, "01"), ("051", 1, "051")]  # fmt: skip
    rows = [
        gdelt_row(f"{n}{decimals}", EventCode=f"{code}{decimals}", QuadClass=quad, SQLDATE=f"20180612{decimals}")
        for n, (code, quad, _) in enumerate(codes)
    ]
    there, done = imported(table(GDELT2, [*rows, gdelt_row(99, EventCode="42", QuadClass=4)]))
    assert [(row["id"], row["code"]) for row in there] == [(str(n), code) for n, (*_, code) in enumerate(codes)]
    assert done.rejected == {"an event code that CAMEO does not have": 1}
    assert done.files[0].notes


def test_gdelt_from_pandas_and_from_r(imported: Import, tmp_path: Path) -> None:
    """Would catch every row put aside for its date, or for the names of rows that no header names."""
    names = ["", *GDELT2]
    rows = [gdelt_row(n, SQLDATE="2018-06-12", **{"": n}) for n in (1, 2)]
    there, _ = imported(table(names, rows, ","))
    assert [(row["date"], row["line"]) for row in there] == [(date(2018, 6, 12), 2), (date(2018, 6, 12), 3)]
    head, *body = quoted(GDELT1, [gdelt_row(5), gdelt_row(6)], ",").splitlines()
    text = "\n".join([head, *(f'"{n}",{line}'.replace('""', "NA") for n, line in enumerate(body, 11))]) + "\n"
    workspace = Workspace.create(tmp_path / "r")
    assert add(workspace, written(tmp_path / "r.csv", text)).added == 2
    assert [(row["id"], row["code"], row["target"]) for row in events(workspace)] == [("5", "040", "USA"), ("6", "040", "USA")]


def test_reduced_files_of_gdelt(imported: Import, tmp_path: Path) -> None:
    """A row is as many events as it counts; again, it adds none. Would catch three events counted as one."""
    names = ["Date", "Source", "Target", "CAMEOCode", "NumEvents", "NumArts", "QuadClass", "Goldstein"]
    cells = [("19790101", "USA", "PRK", "042", 3, 9, 1, 1.9), ("19790102", "USAGOV", "PRK", "190", 1, 4, 4, -10),
             ("19790103", "USA", "PRK", "042", 0, 9, 1, 1.9)]  # fmt: skip
    text = table(names, [dict(zip(names, row, strict=True)) for row in cells])
    there, done = imported(text, "reduced.txt")
    assert [(row["line"], row["code"], row["source_country"], row["mentions"]) for row in there] == [
        *[(2, "042", "USA", None)] * 3, (3, "190", "USA", 4),
    ]  # fmt: skip
    assert (done.read, done.added, sum(done.rejected.values())) == (3, 2, 1)
    workspace = Workspace.create(tmp_path / "record")
    again = add(workspace, written(tmp_path / "y.txt", text + "\n"))
    assert (again.added, len(events(workspace))) == (0, 4)


# --- a wrong guess ---


def test_another_format_named_by_mistake(imported: Import) -> None:
    """Would catch rows of one ontology taken over into another where a word happens to be in both."""
    with pytest.raises(RecordError, match="is not in the form of PLOVER"):
        imported("date,source,event,target\n2018-08-29,A,Consult,B\n", format="plover")


def test_a_guess_that_no_row_fits_is_told_as_a_guess(imported: Import, tmp_path: Path) -> None:
    """Would catch a file of something else whose every row is called faulty, with no word on the guess."""
    text = "Day,Source Name,Target Name,Event Text,date\n1,a,b,c,d\n"
    _, done = imported(text)
    assert (done.added, bool(done), len(done.files[0].notes)) == (0, False, 1)
    named = add(Workspace.create(tmp_path / "named"), tmp_path / "x.csv", format="icews")
    assert named.files[0].notes == ()


# --- real files, and what others have found ---

FOUND = {
    # file: what is added, what is put aside
    "dates/acled-excel-years.csv": (39, 0), "dates/icews-18-03-09.csv": (1, 1), "dates/ucdp-two-digit.csv": (3, 0),
    "polecat/names.txt": (7, 1), "polecat/event_intensity.txt": (1, 0), "polecat/excess_header.txt": (1, 1),
    "ucdp/joint-sides.csv": (6, 0), "ucdp/no-header.csv": (3, 0), "ucdp/best_est.csv": (1, 0), "ucdp/api.json": (1, 0),
    "acled/day-month-year.csv": (3, 0), "acled/acled.xlsx": (8, 0), "acled/api.json": (1, 0), "acled/ngec.jsonl": (1, 0),
    "icews/us_dates.tab": (3, 0), "icews/no_cameo.tab": (2, 0), "icews/y2017.tab": (2, 0), "icews/quoted.tab": (2, 0),
    "icews/nulls.tab": (1, 0), "gdelt/lost.csv": (7, 0), "gdelt/right.csv": (7, 0), "gdelt/pandas-iso-dates.csv": (29, 0),
    "gdelt/reduced.txt": (1, 0), "gdelt/mac.zip": (5, 0), "rexport/gdelt1_r_export.csv": (5, 0),
    "text/plover-half-emoji.jsonl": (2, 0),
}  # fmt: skip


@pytest.mark.parametrize("name", FOUND)
def test_what_others_have_found(name: str, tmp_path: Path) -> None:
    """Inputs on which an earlier version was wrong: every day in its century, nobody called None, nothing in marks."""
    if not (INPUTS / name).exists():
        pytest.skip(f"the inputs that others have found are not beside the clone: {INPUTS / name}")
    if name.endswith(".xlsx"):
        pytest.importorskip("openpyxl")
    workspace = Workspace.create(tmp_path / "record")
    done = add(workspace, INPUTS / name)
    assert (done.added, len(aside(workspace, done))) == FOUND[name]
    for row in events(workspace):
        assert date(1979, 1, 1) <= row["date"] <= date(2024, 12, 31)
        assert not {row["source"], row["target"], row["place"]} & {"None", "NULL"}
        assert '"' not in f"{row['source']}{row['target']}"
        assert "NULL" not in (row["place"] or "")


# --- siblings of these ---


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32"])
def test_wide_characters_without_a_mark(encoding: str, imported: Import) -> None:
    """Two or four bytes a letter, as old tools of Windows write. Would catch all rows put aside as of another width."""
    there, done = imported(table(ACLED, [acled_row(1), acled_row(2)], ",").encode(encoding))
    assert (len(there), sum(done.rejected.values())) == (2, 0)
    assert there[0]["source"] == "Protesters (South Korea)"


def test_acled_between_tabs(imported: Import) -> None:
    """A column that is read as a number and as text. Would catch a query that the database refuses."""
    there, _ = imported(table(ACLED, [acled_row(1, fatalities=3)], "\t"), "x.tab")
    assert [row["intensity"] for row in there] == [-3]


@pytest.mark.parametrize(
    ("day", "found"), [("2018061", None), ("201806012", None), ("20180632", None), ("20180612.0", date(2018, 6, 12))]
)
def test_a_day_of_eight_digits_has_eight(day: str, found: date | None, imported: Import) -> None:
    """Would catch 2018061, to which a tool has dropped a digit, taken for the first of June."""
    there, _ = imported(table(GDELT2, [gdelt_row(1, SQLDATE=day), gdelt_row(2)], "\t"))
    assert [row["date"] for row in there] == [*([found] if found else []), date(2018, 6, 12)]


@pytest.mark.parametrize(
    ("side", "countries"),
    [
        ("government of Iraq; Government of the United States of America", {"IRQ", "USA"}),
        ("Government of Iraq, GOVERNMENT OF France, Government of Italy", {"IRQ", "FRA", "ITA"}),
        ("Forces of Hadi, Southern Movement", {None}),
    ],
)
def test_governments_on_a_side_however_they_are_parted(side: str, countries: set[str | None], imported: Import) -> None:
    """Would catch one actor with the name of two governments and the country of none."""
    there, done = imported(table(UCDP, [ucdp_row(1, side_a=side)], ","))
    assert {row["source_country"] for row in there} == countries
    assert done.added == 1


@pytest.mark.parametrize("form", ["a page a line", "a list of pages", "one page of three"])
def test_pages_of_an_answer(form: str, imported: Import) -> None:
    """What a service gives page by page, kept in one file. Would catch the page taken for the record."""
    pages = [{"TotalPages": 3 if form[0] == "o" else 2, "Result": [ucdp_row(n)]} for n in (1, 2)]
    text = {
        "a page a line": "\n".join(map(json.dumps, pages)),
        "a list of pages": json.dumps(pages, indent=1),
        "one page of three": json.dumps(pages[0], indent=1),
    }[form]
    there, done = imported(text, "x.json")
    assert len(there) == (1 if form[0] == "o" else 2)
    assert bool(done.files[0].notes) == (form[0] == "o")  # the others are missing


def test_codes_without_their_zero_where_no_header_is(imported: Import) -> None:
    """Contacts would vanish: 42 is no code of CAMEO and 10 is to demand. A table without a header is not mended but refused."""
    rows = [
        gdelt_row(1, EventCode="42"),
        gdelt_row(2, EventCode="10"),
        gdelt_row(3, EventCode="190", QuadClass=4),
        gdelt_row(4),
    ]
    there, done = imported(table(GDELT2, rows, "\t").split("\n", 1)[1])
    assert {row["code"] for row in there} == {"190", "040"}
    assert sum(done.rejected.values()) == 2


@pytest.mark.parametrize("code", ["42", "42.0", "042"])
def test_reduced_files_that_lost_their_zeros(code: str, imported: Import) -> None:
    """The class says what the code was."""
    names = ["Date", "Source", "Target", "CAMEOCode", "NumEvents", "NumArts", "QuadClass", "Goldstein"]
    cells = ["19790101", "USA", "PRK", code, 2, 9, 1, 1.9]
    there, _ = imported(table(names, [dict(zip(names, cells, strict=True))], ","))
    assert [row["code"] for row in there] == ["042", "042"]


def test_decimal_commas(imported: Import) -> None:
    """R's write.csv2, and spreadsheets of half of Europe. Would catch an intensity that is lost without a word."""
    row = gdelt_row(1, GoldsteinScale="-1,5", AvgTone="-3,25")
    (event,), _ = imported(table(GDELT2, [row], ";"))
    assert (event["intensity"], event["tone"]) == (-1.5, -3.25)


@pytest.mark.parametrize("word", ["N/A", "#N/A", "(null)", "-"])
def test_more_words_for_nothing(word: str, imported: Import) -> None:
    """Would catch a place or a publisher of that name."""
    (event,), _ = imported(table(ICEWS, [icews_row(1, City=word, District=word, Publisher=word)], "\t"), "x.tab")
    assert event["publisher"] is None
    assert word not in (event["place"] or "").split(", ")


@pytest.mark.parametrize("name", ["U.S.", "The United States", "U.S.A.", "United States of America"])
def test_names_as_people_write_them(name: str, imported: Import) -> None:
    """Would catch half of a relation missing from a table in another house's spelling."""
    (event,), _ = imported(table(ICEWS, [icews_row(1, **{"Source Country": name})], "\t"), "x.tab")
    assert event["source_country"] == "USA"


@pytest.mark.parametrize(("old", "code"), [("GFR", "DEU"), ("GDR", "DDR"), ("BOS", "BIH")])
def test_former_states_of_weis_tables(old: str, code: str, imported: Import) -> None:
    """As the Correlates of War abbreviated them."""
    there, _ = imported(f"19790415\t{old}\tFRN\t223\n", "x.tab", ontology="weis")
    assert [row["source_country"] for row in there] == [code]


def test_a_mark_of_ours_in_a_cell(imported: Import) -> None:
    """Would catch a name that turns itself into a code."""
    text = "name: own\nontology: own\ncolumns: {date: D, source: S, target: T, code: C}\ncountries: {Rebels: XTI}\n"
    way: dict[str, Any] = {"format": "csv", "column_map": read_map(text, "map.yaml")}
    there, _ = imported("D,S,T,C\n2018-06-12,=AB,Rebels,talk\n", **way)
    assert [(row["source_country"], row["target_country"]) for row in there] == [(None, "XTI")]
