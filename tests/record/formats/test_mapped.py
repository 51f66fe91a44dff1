"""Tables of any form, with a mapping file: every fault of it at once, and no way from a header or a cell into the query."""

from __future__ import annotations

import contextlib
import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import ruamel.yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import RecordError
from detente.record.formats.mapped import read_map
from detente.record.workspace import Workspace
from eventfiles import add, aside, events, table, written

OWN = {
    "name": "border-log",
    "ontology": "own",
    "columns": {"date": "Day", "source": "From", "target": "To", "code": "What"},
}


def mapping(**more: Any) -> str:
    return json.dumps({**OWN, **more})


def test_a_table_of_ones_own(tmp_path: Path) -> None:
    """Every key of the mapping file does what it says."""
    text = "\n".join(
        [
            "name: border-log",
            "ontology: own",
            "scale: minutes",
            'date_format: "%d.%m.%Y"',
            'delimiter: ";"',
            "columns: {date: Day, source: From, target: To, code: What, id: No, place: Where}",
            "constants: {publisher: Joint commission}",
            "quad: {crossing: 2, closure: 4}",
            "intensity: {crossing: 1.5, closure: -60}",
            "countries: {Northern guard: PRK, Südwache: KOR}",
        ]
    )
    names = ["No", "Day", "From", "To", "What", "Where"]
    rows = [("1", "01.02.2018", "Northern guard", "Südwache", "crossing", "Gate; east"),
            ("2", "28.02.2018", "Südwache", "USA", "closure", ""), ("3", "30.02.2018", "A", "B", "closure", ""),
            ("4", "01.02.2018", "A", "B", "dance", "")]  # fmt: skip
    content = table(names, [dict(zip(names, row, strict=True)) for row in rows], ";")
    workspace = Workspace.create(tmp_path / "record")
    done = add(workspace, written(tmp_path / "log.csv", content), format="csv", column_map=read_map(text, "map.yaml"))
    first, second = events(workspace)
    assert {name: first[name] for name in list(first)[:16]} == {
        "date": date(2018, 2, 1),
        "source": "Northern guard",
        "target": "Südwache",
        "source_country": "PRK",
        "target_country": "KOR",
        "code": "crossing",
        "ontology": "own",
        "quad": 2,
        "intensity": 1.5,
        "scale": "minutes",
        "place": "Gate; east",
        "mentions": None,
        "tone": None,
        "publisher": "Joint commission",
        "url": None,
        "id": "1",
    }
    assert (second["quad"], second["intensity"], second["target_country"]) == (4, -60.0, "USA")
    assert done.files[0].format == "border-log"
    assert [row[:2] for row in aside(workspace, done)] == [
        (4, "no date that can be read"),
        (5, "an event code without a quad class"),
    ]


@pytest.mark.parametrize(("ontology", "code", "quad", "intensity"), [("cameo", "010", 1, 0.0), ("weis", "010", 2, 1.0)])
def test_known_ontologies_bring_class_and_intensity(
    ontology: str, code: str, quad: int, intensity: float, tmp_path: Path
) -> None:
    """A mapping file that names a known list needs no tables; a code that is left as text keeps its leading zero."""
    workspace = Workspace.create(tmp_path / "record")
    content = f"Day,From,To,What\n2018-06-12,PRK,USA,{code}\n"
    add(workspace, written(tmp_path / "x.csv", content), column_map=read_map(mapping(ontology=ontology), "m"))
    (event,) = events(workspace)
    assert (event["code"], event["quad"], event["intensity"], event["scale"]) == (code, quad, intensity, "goldstein")
    assert (event["source_country"], event["target_country"]) == ("PRK", "USA")


def test_columns_for_country_quad_and_intensity(tmp_path: Path) -> None:
    """Given as columns, they go before any table."""
    columns = {**OWN["columns"], "source_country": "C", "quad": "Q", "intensity": "I", "mentions": "M", "tone": "T"}
    text = mapping(ontology="cameo", scale="own", columns=columns)
    content = "Day,From,To,What,C,Q,I,M,T\n2018-06-12,PRK,USA,190,kor,1,2.5,3,-4\n2018-06-12,PRK,USA,190,XX,9,,,\n"
    workspace = Workspace.create(tmp_path / "record")
    done = add(workspace, written(tmp_path / "x.csv", content), column_map=read_map(text, "m"))
    (event,) = events(workspace)
    found = [event[name] for name in ("source_country", "quad", "intensity", "scale", "mentions", "tone")]
    assert found == ["KOR", 1, 2.5, "own", 3, -4.0]
    assert aside(workspace, done)[0][1] == "an event code without a quad class"


HOSTILE = [
    'a"b', "a'b", "a\\b", "'; drop table countries; --", '"; drop table staged; --', "{name}", "$1", "?", "a;b", "%s", "ä ö",
    "select", "r.date", "a\tb",
    " padded ", "*", "line", "row", "reason", "record", "date", "source_key", "#", "''", '""', "(", "--", "/*",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_of_columns(name: str, tmp_path: Path) -> None:
    """Quotation marks, backslashes, SQL and words of the query itself as the name of a column. Catches a missing quotation."""
    text = mapping(columns={**OWN["columns"], "place": name.strip()})
    names = ["Day", "From", "To", "What", name]
    row = {"Day": "2018-06-12", "From": "PRK", "To": "USA", "What": "x", name: "here"}
    content = ",".join('"' + n.replace('"', '""') + '"' for n in names) + "\n" + table(names, [row], ",", header=False)
    workspace = Workspace.create(tmp_path / "record")
    done = add(workspace, written(tmp_path / "x.csv", content), column_map=read_map(text, "m"))
    assert done.added == 1
    assert events(workspace)[0]["place"] == "here"
    done = add(
        workspace, written(tmp_path / "y.csv", content.replace("here", "there") + "broken\n"), column_map=read_map(text, "m")
    )
    assert (done.added, done.rejected) == (1, {"the wrong number of columns": 1})
    assert events(workspace)[1]["place"] == "there"


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_in_file_and_mapping(value: str, tmp_path: Path) -> None:
    """The same as a cell, an actor with a country, a code with a class, and a constant."""
    text = mapping(
        ontology=value, constants={"publisher": value}, quad={value: 3}, countries={value: "PRK"}, date_format="%Y-%m-%d"
    )
    row = {"Day": "2018-06-12", "From": value, "To": "USA", "What": value}
    content = table(["Day", "From", "To", "What"], [row], ",")
    workspace = Workspace.create(tmp_path / "record")
    done = add(workspace, written(tmp_path / "x.csv", content), column_map=read_map(text, "m"))
    if value.strip() != value:
        assert done.rejected == {"an event code without a quad class": 1}
        return
    (event,) = events(workspace)
    assert {event[name] for name in ("source", "code", "publisher", "ontology")} == {value}
    assert (event["source_country"], event["quad"]) == ("PRK", 3)


LETTERS = st.characters(codec="utf-8", exclude_categories=["Cc"], include_characters="\n\t")
CELLS = st.lists(st.text(LETTERS, max_size=12), min_size=4, max_size=4)


@settings(max_examples=8)
@given(rows=st.lists(CELLS, min_size=1, max_size=25))
def test_any_cell_comes_back_as_it_was(rows: list[list[str]], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Any text in quotation marks, line ends too, is what the record has, but for blanks; a row without actors is not."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([["Day", "From", "To", "What", "Where"], *(["2018-06-12", *cells] for cells in rows)])
    folder = tmp_path_factory.mktemp("cells")
    workspace = Workspace.create(folder / "record")
    text = mapping(columns={**OWN["columns"], "place": "Where"})
    done = add(workspace, written(folder / "x.csv", out.getvalue()), column_map=read_map(text, "m"))
    assert done.read == len(rows)
    found = [[event[name] or "" for name in ("source", "target", "code", "place")] for event in events(workspace)]
    wanted = [cells for cells in rows if all(plain(cell) for cell in cells[:3])]
    assert [list(map(plain, cells)) for cells in found] == [list(map(plain, cells)) for cells in wanted]


def plain(cell: str) -> str:
    """A cell without what is blank in it."""
    return "".join(cell.split())


FAULTS = {
    "no YAML": ("a: [", "cannot be read as a mapping file"),
    "no keys": ("- a", "got a list of 1, wanted keys"),
    "empty": ("", "got nothing, wanted keys"),
    "a tag": ("a: !!python/object/apply:os.system ['true']", "a: there is no such key"),
    "unknown key": (mapping(colums={}), "colums: there is no such key (did you mean 'columns'?)"),
    "no columns": (json.dumps({"ontology": "own"}), "columns.date: is missing"),
    "no table": (mapping(columns=[1]), "columns: got a list of 1, wanted names and values"),
    "unknown column": (mapping(columns={**OWN["columns"], "sorce": "X"}), "columns.sorce: the record has no such column"),
    "ontology as a column": (mapping(columns={**OWN["columns"], "ontology": "X"}), "columns.ontology: the record has no"),
    "twice": (mapping(constants={"code": "1"}), "constants.code: is given as a column too"),
    "no ontology": (json.dumps({"columns": OWN["columns"]}), "ontology: is missing"),
    "ontology a number": (mapping(ontology=1), "ontology: got 1, wanted text"),
    "name": (mapping(name="My Log"), "name: got 'My Log', wanted small letters, digits and hyphens"),
    "quad": (mapping(quad={"x": 5}), "quad.x: got 5, wanted 1, 2, 3 or 4"),
    "quad true": (mapping(quad={"x": True}), "quad.x: got true, wanted 1, 2, 3 or 4"),
    "a number that is none": ("ontology: own\nquad: {a: !!int abc}", "quad.a: got 'abc', wanted 1, 2, 3 or 4"),
    "no number": ("ontology: own\nscale: s\nintensity: {x: .nan}", "intensity.x: got NaN, wanted a number"),
    "thousands of digits": (f"ontology: own\nscale: s\nintensity: {{x: {'9' * 9999}}}", "intensity.x: got"),
    "a constant that does not fit": (mapping(constants={"mentions": "many"}), "constants.mentions: got 'many', wanted a whole"),
    "a day beyond all days": (
        json.dumps({"ontology": "own", "columns": {}, "constants": {"date": "9999-12-31"}}),
        "constants.date: got '9999-12-31', wanted a date of the span",
    ),
    "a key twice": ("ontology: own\nontology: cameo", "the key 'ontology' is given twice"),
    "aliases without end": (
        "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 30)),
        "more than 200,000 entries",
    ),
    "intensity": (mapping(scale="s", intensity={"x": "high"}), "intensity.x: got 'high', wanted a number"),
    "no scale": (mapping(intensity={"x": 1}), "scale: is missing"),
    "two intensities": (
        mapping(scale="s", intensity={"x": 1}, columns={**OWN["columns"], "intensity": "I"}),
        "intensity: is given by code and as a column",
    ),
    "country": (mapping(countries={"x": "Korea"}), "countries.x: got 'Korea', wanted a code of 3 to 12 capital letters"),
    "delimiter": (mapping(delimiter="||"), "delimiter: got '||', wanted a single character"),
    "column a list": (mapping(columns={**OWN["columns"], "place": ["X"]}), "columns.place: got a list of 1, wanted text"),
    "name of a format": (mapping(name="gdelt2"), "name: got 'gdelt2', which is the name of another format"),
    "constant without quotation marks": (
        json.dumps({"ontology": "own", "columns": {}, "constants": {"code": 10}}),
        "constants.code: got 10, wanted text",
    ),
    "dates": (mapping(date_format="%Q"), "date_format: got '%Q', wanted a form of dates"),
    "quotation mark between cells": (mapping(delimiter='"'), "delimiter: got '\"', wanted a single character"),
    "infinite": ("ontology: own\nscale: s\nintensity: {x: .inf}", "intensity.x: got Infinity, wanted a number"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_is_named(fault: str) -> None:
    """Each kind of fault, with the key that it belongs to."""
    text, said = FAULTS[fault]
    with pytest.raises(RecordError) as raised:
        read_map(text, "map.yaml")
    assert said in str(raised.value)
    assert "map.yaml" in str(raised.value)


def test_many_faults_at_once() -> None:
    """Whoever writes a mapping file wants to mend all of it in one go."""
    text = mapping(colums={}, name="A B", quad={"x": 0}, countries={"y": "z"}, delimiter="ab", columns={"date": "D"})
    with pytest.raises(RecordError) as raised:
        read_map(text, "map.yaml")
    keys = {fault.key for fault in raised.value.faults}
    assert keys == {
        "colums", "name", "quad.x", "countries.y", "delimiter", "columns.source", "columns.target", "columns.code",
    }  # fmt: skip


def test_columns_that_the_file_has_not(tmp_path: Path) -> None:
    """All that are missing are named, and what the first line is."""
    file = written(tmp_path / "x.csv", "Day,Sender,Receiver,What\n2018-06-12,PRK,USA,x\n")
    with pytest.raises(RecordError, match=r"has not the columns From, To that the mapping file names") as raised:
        add(Workspace.create(tmp_path / "record"), file, column_map=read_map(mapping(), "m"))
    assert "Day,Sender,Receiver,What" in str(raised.value)


@given(st.text(max_size=60))
def test_no_text_crashes_the_reader_of_mappings(text: str) -> None:
    """Whatever the file holds, the answer is a mapping or an error of Détente's own."""
    with contextlib.suppress(RecordError):
        read_map(text, "map.yaml")


def test_a_mapping_as_yaml_and_as_json_is_the_same() -> None:
    """YAML is how people write it, JSON how programs do."""
    out = io.StringIO()
    ruamel.yaml.YAML(typ="safe", pure=True).dump(OWN, out)
    assert read_map(out.getvalue(), "m") == read_map(mapping(), "m")


def test_a_code_is_read_as_it_is_written() -> None:
    """Would catch 010 without quotation marks being read as the number 8 or 10."""
    found = read_map("ontology: own\nquad: {010: 1}\ncolumns: {date: D, source: S, target: T, code: C}", "m")
    assert found.quad == {"010": 1}


def test_ids_of_two_tables_of_ones_own_are_not_compared(tmp_path: Path) -> None:
    """Two logs that both number from 1 share nothing. Catches an event that is lost to a foreign number."""
    workspace = Workspace.create(tmp_path / "record")
    columns = {**OWN["columns"], "id": "No"}
    content = "No,Day,From,To,What\n1,2018-06-12,PRK,USA,x\n"
    for name in ("log-a", "log-b"):
        done = add(
            workspace, written(tmp_path / "x.csv", content), column_map=read_map(mapping(name=name, columns=columns), "m")
        )
        assert done.added == 1


def test_codes_of_ones_own(tmp_path: Path) -> None:
    """A movement may have a code as a country has one, in the mapping and in a column. Catches a name that is made a code."""
    text = "D,S,T,C,SC,TC\n2020-01-01,Hill Front,Town,talks,HILL,fra\n2020-01-02,Other,Town,talks,Front of Hills,France\n"
    shared = "name: own\nontology: own\nquad: {talks: 1}\n"
    columns = "date: D, source: S, target: T, code: C"
    found = []
    for n, more in enumerate(("countries: {Hill Front: HILL, Town: FRA}\n", "")):
        given = columns if more else f"{columns}, source_country: SC, target_country: TC"
        made = read_map(f"{shared}{more}columns: {{{given}}}\n", "m.yaml")
        workspace = Workspace.create(tmp_path / str(n))
        add(workspace, written(tmp_path / "e.csv", text), column_map=made)
        found.append([(e["source_country"], e["target_country"]) for e in events(workspace)])
    assert found == [[("HILL", "FRA"), (None, "FRA")]] * 2


@pytest.mark.parametrize(
    ("written_as", "day"),
    [("01/02/45", date(1945, 2, 1)), ("01/02/29", date(2029, 2, 1)), ("01/02/99", date(1999, 2, 1)), ("01/02/1945", None)],
)
def test_years_of_two_digits_in_a_form_of_dates(written_as: str, day: date | None, tmp_path: Path) -> None:
    """One pivot for all readers. Would catch the year 2045, which the database makes of 45."""
    text = "Day,From,To,What\n" + f"{written_as},PRK,USA,talk\n" + "02/02/18,PRK,USA,talk\n"
    workspace = Workspace.create(tmp_path / "record")
    how = read_map(mapping(date_format="%d/%m/%y"), "map.yaml")
    add(workspace, written(tmp_path / "x.csv", text), format="csv", column_map=how)
    assert [row["date"] for row in events(workspace)] == [*([day] if day else []), date(2018, 2, 2)]


def test_words_and_eras_are_no_days(tmp_path: Path) -> None:
    """Would catch a day that only a database knows: infinity, epoch, the eighth of June 2018 before Christ, the year 18."""
    days = ["2018-06-12", "18-06-13", "infinity", "epoch", "3018-06-07", "2018-06-08 BC", "20180603", "2018-6-1", "0018-06-06"]
    days += ["2018-06-09 (BCE)", "2018-06-10 v. Chr."]
    text = "Day,From,To,What\n" + "".join(f"{day},PRK,USA,talk\n" for day in days)
    for name, rows in (("all.csv", text), ("words.csv", "Day,From,To,What\ninfinity,PRK,USA,talk\n2018-06-12,PRK,USA,talk\n")):
        workspace = Workspace.create(tmp_path / name / "record")
        add(workspace, written(tmp_path / f"x{name}", rows), format="csv", column_map=read_map(mapping(), "map.yaml"))
        found = [date(2018, 6, 12), date(2018, 6, 3), date(2018, 6, 1)]
        assert [row["date"] for row in events(workspace)] == found[: 3 if name == "all.csv" else 1]
