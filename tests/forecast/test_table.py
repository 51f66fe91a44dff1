"""Long tables of every kind, the hostile ones too: read, summed, or refused with every fault named."""

from __future__ import annotations

import gzip
import os
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from detente.errors import InputError
from detente.forecast.panel import Panel, panel_of
from detente.forecast.periods import label, period_of, season
from detente.forecast.table import read_table
from forecastseries import write

ROWS = [
    ("2018-01-05", "x", "y", 2),
    ("2018-01-31", "x", "y", 3),
    ("2018-03-01", "x", "y", -1),
    ("2018-02-10", "y", "x", 7),
    ("2018-03-10", "y", "x", 1),
]


def laid_out(path: Path, by: str = "month", missing: str = "zero", value: str | None = "value") -> Panel:
    return panel_of(read_table(path, date="date", unit=["a", "b"], value=value, by=by), missing=missing)


def test_values_are_summed_by_period_and_unit(tmp_path: Path) -> None:
    """Catches a sum over the wrong rows, and silence about what was missing."""
    panel = laid_out(write(tmp_path / "t.csv", ROWS))
    assert panel.units == (("x", "y"), ("y", "x"))
    assert [panel.label(t) for t in range(3)] == ["2018-01", "2018-02", "2018-03"]
    assert panel.y.tolist() == [[5, 0, -1], [0, 7, 1]]
    assert panel.born.tolist() == [0, 1]
    assert panel.partners.tolist() == [1, 0]
    assert any("33% of unit-months have no row: read as zero" in n for n in panel.notes)
    gaps = laid_out(write(tmp_path / "t.csv", ROWS), missing="gap")
    assert np.isnan(gaps.y).tolist() == [[False, True, False], [True, False, False]]
    assert laid_out(tmp_path / "t.csv", value=None).y.tolist() == [[2, 0, 1], [0, 1, 1]]


def test_the_same_from_gzip_and_parquet(tmp_path: Path) -> None:
    """One table in three formats, typed dates and numbers in the last."""
    import duckdb

    plain = write(tmp_path / "t.csv", ROWS)
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(plain.read_bytes()))
    duckdb.sql(f"COPY (SELECT * FROM read_csv('{plain}')) TO '{tmp_path / 't.parquet'}'")
    wanted = laid_out(plain).y.tolist()
    assert laid_out(tmp_path / "t.csv.gz").y.tolist() == wanted
    assert laid_out(tmp_path / "t.parquet").y.tolist() == wanted


@pytest.mark.parametrize(
    ("by", "text", "shown"),
    [
        ("month", "2018-06-30", "2018-06"),
        ("month", "201806", "2018-06"),
        ("month", "2018-06-30 12:00:00", "2018-06"),
        ("week", "2019-12-30", "2020-W01"),
        ("week", "2020-W53", "2020-W53"),
        ("day", "20180630", "2018-06-30"),
        ("period", "457", "457"),
    ],
)
def test_periods_there_and_back(by: str, text: str, shown: str) -> None:
    """Catches an off-by-one at the turn of a year, and a label that is not read as itself."""
    number = period_of(text, by)
    assert number is not None
    assert label(number, by) == shown
    assert period_of(shown, by) == number
    assert 0 <= season(number, by) < 53
    assert period_of("3/4/18", by) is None
    assert period_of("2018-02-30", by) is None


def test_every_fault_of_a_table_is_named(tmp_path: Path) -> None:
    """Catches a bad row that is dropped in silence: dates, texts, infinities and empty units, each with its row."""
    rows = [
        ("3/4/18", "x", "y", 1),
        ("2018-02-30", "x", "y", 1),
        ("2018-01-01", "", "y", 1),
        ("2018-01-01", "x", "y", "many"),
        ("2018-01-01", "x", "y", "inf"),
    ]
    with pytest.raises(InputError) as err:
        laid_out(write(tmp_path / "t.csv", rows))
    said = str(err.value)
    for part in (
        "row 1, date: got '3/4/18'",
        "row 2, date",
        "row 3, a: got nothing",
        "row 4, value: got 'many'",
        "row 5, value: got 'inf'",
    ):
        assert part in said
    many = [("soon", "x", "y", 1)] * 9
    with pytest.raises(InputError, match="and 4 more rows like these"):
        laid_out(write(tmp_path / "t.csv", many))


def test_what_is_not_known_is_a_gap_and_said(tmp_path: Path) -> None:
    """An empty value and NaN are not zero, whatever a missing row is."""
    panel = laid_out(write(tmp_path / "t.csv", [*ROWS, ("2018-02-01", "x", "y", ""), ("2018-01-01", "y", "x", "nan")]))
    assert np.isnan(panel.y).tolist() == [[False, True, False], [True, False, False]]
    assert any("In 2 periods of some unit a value is empty or NaN" in n for n in panel.notes)


def test_units_named_alike_and_rows_given_twice_are_named(tmp_path: Path) -> None:
    """`USA` and `usa` are two units; ("a b", "c") and ("a", "b c") too; a row given twice counts twice. All is said."""
    rows = [
        ("2018-01-01", "USA", "y", 1),
        ("2018-01-01", "usa", "y", 2),
        ("2018-01-01", "a b", "c", 3),
        ("2018-01-01", "a", "b c", 4),
        ("2018-01-01", "a", "b c", 4),
    ]
    panel = laid_out(write(tmp_path / "t.csv", rows))
    assert len(panel.units) == 4
    assert panel.y[panel.place(("a", "b c")), 0] == 8
    assert any("kept apart: 'USA, y'; 'usa, y'" in n for n in panel.notes)
    assert any("1 rows repeat another row" in n for n in panel.notes)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "without rows"),
        ([("2018-01-01", "x", "y", 3), ("2018-01-01", "y", "x", 3)], "the one value 3 throughout"),
        ([("2018-01-01", "x", "y", "")], "no value throughout"),
    ],
)
def test_nothing_to_forecast_is_refused(rows: list[tuple[object, ...]], said: str, tmp_path: Path) -> None:
    """An empty table and a constant one are errors, not forecasts."""
    with pytest.raises(InputError, match=said):
        laid_out(write(tmp_path / "t.csv", rows))


def test_columns_files_and_units_that_are_not_there(tmp_path: Path) -> None:
    """Catches a traceback, and an error without the nearest name."""
    file = write(tmp_path / "t.csv", ROWS)
    with pytest.raises(InputError, match=r"vaule: there is no such column .did you mean 'value'"):
        read_table(file, date="date", unit=["a"], value="vaule")
    with pytest.raises(InputError, match="there is no such file"):
        read_table(tmp_path / "none.csv", date="date", unit=["a"])
    (tmp_path / "t.parquet").write_bytes(b"not parquet")
    with pytest.raises(InputError, match="cannot be read as a table"):
        read_table(tmp_path / "t.parquet", date="date", unit=["a"])
    with pytest.raises(InputError, match=r"got the unit 'x, z'.*did you mean 'x, y'"):
        laid_out(file).place(("x", "z"))
    with pytest.raises(InputError, match=r"wanted one from 2018-01 to 2018-03"):
        laid_out(file).time("2019-01")
    with pytest.raises(InputError, match="by: got 'year'"):
        laid_out(file, by="year")
    with pytest.raises(InputError, match="missing: got 'none'"):
        laid_out(file, missing="none")


def test_numbered_months_are_taken_and_said(tmp_path: Path) -> None:
    """A column such as `month_id` needs no dates."""
    panel = laid_out(write(tmp_path / "t.csv", [(457, "x", "y", 1), (459, "x", "y", 2)]))
    assert (panel.by, panel.label(2)) == ("period", "459")
    assert any("taken as numbers of months" in n for n in panel.notes)


def test_a_name_is_no_pattern(tmp_path: Path) -> None:
    """Catches f-[1].csv or *.csv being read as another file, or as several, without a word."""
    for name, value in (
        ("f-1.csv", 100),
        ("f-2.csv", 100),
        ("f-[1].csv", 1),
        ("f-*.csv", 2),
        ("f-?.csv", 3),
        ("'; x --.csv", 4),
    ):
        write(tmp_path / name, [("2018-01-05", "x", "y", value), ("2018-02-05", "x", "y", 0)])
    for name, value in (("f-[1].csv", 1), ("f-*.csv", 2), ("f-?.csv", 3), ("'; x --.csv", 4)):
        assert laid_out(tmp_path / name).y.tolist() == [[value, 0]]
    with pytest.raises(InputError, match="there is no such file"):
        laid_out(tmp_path / "f-[12].csv")


@pytest.mark.parametrize(
    "name",
    ['a"b', "a'b", '"; drop table given; --', "a;b", "x" * 10_000, "select", "getvariable('v0')", "ä ö", "$1", "?"],
)
def test_hostile_names_of_columns(name: str, tmp_path: Path) -> None:
    """Catches a heading, or what the command line names, that is read as SQL: as date, as unit and as value."""
    import csv

    file = tmp_path / "t.csv"
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow([f"{name}d", f"{name}u", f"{name}v"])
        writer.writerows([("2018-01-05", "x", 1), ("2018-02-05", "x", 2)])
    found = read_table(file, date=f"{name}d", unit=[f"{name}u"], value=f"{name}v")
    assert [c.value for c in found.cells] == [1, 2]
    with pytest.raises(InputError, match="there is no such column"):
        read_table(file, date="d\0", unit=[f"{name}u"], value=f"{name}v")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("9999-12-31,x,1", "row 3, date: got '9999-12-31', wanted a date from 1800-01-01"),
        ("0018-06-01,x,1", "row 3, date: got '0018-06-01', wanted a date from 1800-01-01"),
        ("infinity,x,1", "row 3, date: got 'infinity', wanted a date such as"),
        ("2018-03-01,x,1e999", "wanted a finite number"),
        ("2018-03-01,x,-1e300", "row 3, value: got '-1e300', wanted at most 1e+18 in size"),
        ("2018-03-01,x," + "9" * 10_000, "wanted a finite number"),
    ],
)
@pytest.mark.parametrize("by", ["month", "week", "day"])
def test_dates_and_values_beyond_reason(row: str, said: str, by: str, tmp_path: Path) -> None:
    """Catches a series of eight thousand years, and values whose squares are no numbers."""
    file = tmp_path / "t.csv"
    file.write_text(f"date,unit,value\n2018-01-05,x,1\n2018-02-05,x,2\n{row}\n")
    with pytest.raises(InputError) as refused:
        read_table(file, date="date", unit=["unit"], value="value", by=by)
    assert said in str(refused.value)


def test_another_span_of_dates_is_stated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a study of other times that cannot be made, and a last period at the end of time that has no end."""
    file = tmp_path / "t.csv"
    file.write_text("date,unit,value\n9999-10-05,x,1\n9999-12-05,x,2\n")
    monkeypatch.setenv("DETENTE_DATES", "1000-01-01/9999-12-31")
    for by in ("month", "week", "day"):
        assert len(read_table(file, date="date", unit=["unit"], value="value", by=by).cells) == 2


def test_no_negative_zero(tmp_path: Path) -> None:
    """Catches a zero that is shown with a minus sign."""
    file = tmp_path / "t.csv"
    file.write_text("date,unit,value\n2018-01-05,x,-0.0\n2018-02-05,x,2\n")
    found = read_table(file, date="date", unit=["unit"], value="value")
    assert str(found.cells[0].value) == "0.0"


def test_tables_that_are_made_to_run_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a bomb in gzip, a heading of a hundred thousand names, rows that a few bytes stand for, and a wait for ever."""
    import duckdb

    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(b"date,unit\n" + b"2018-01-05,x\n" * 2_000_000))
    (tmp_path / "w.csv").write_text("date,unit" + ",a" * 100_000 + "\n")
    rows = "select date '2018-01-05' as date, 'x' as unit from range(100000)"
    duckdb.sql(f"copy ({rows}) to '{tmp_path / 'p.parquet'}'")
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.setattr("detente.base.bounds._WRITER", 0.1)
    for name, said, limits in (
        ("b.csv.gz", "250 times its own size", ""),
        ("w.csv", "more than 2,000 columns", ""),
        ("p.parquet", "more than 50,000 rows", "table-rows=50000"),
        ("pipe", "nobody writes into this pipe", ""),
        ("/dev/zero", "more than 1,000,000 bytes", "table-bytes=1e6"),
        (".", "it is a folder", ""),
    ):
        monkeypatch.setenv("DETENTE_LIMITS", limits)
        with pytest.raises(InputError, match=said):
            read_table(tmp_path / name, date="date", unit=["unit"])


def test_a_table_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches `-` being taken for the name of a file."""
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO("date,unit\n2018-01-05,x\n2018-02-05,x\n2018-02-06,x\n"))
    found = read_table("-", date="date", unit=["unit"])
    assert ([c.value for c in found.cells], found.source) == ([1, 2], "<stdin>")


def test_one_date_in_another_century(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would catch a series of a hundred empty years for one slip of the keys; where the span is stated, the day is meant."""
    rows = [(f"{year}-{month:02d}-15", "a", "b", month) for year in (2010, 2011) for month in range(1, 13)]
    file = write(tmp_path / "t.csv", [("1911-03-15", "a", "b", 4), *rows])
    with pytest.raises(InputError, match="row 1, date: got '1911-03-15', wanted a date near the others") as raised:
        laid_out(file)
    assert len(raised.value.faults) == 1
    monkeypatch.setenv("DETENTE_DATES", "1900-01-01/2030-12-31")
    assert len(laid_out(file).y[0]) == 100 * 12 + 10


def test_observations_after_today_are_told(tmp_path: Path) -> None:
    """Would catch a forecast that begins years ahead for one late row, without a word."""
    ahead = date.today().year + 5
    rows = [(f"{year}-06-15", "a", "b", 1) for year in range(ahead - 20, ahead + 1)]
    assert any("goes on after today" in note for note in laid_out(write(tmp_path / "t.csv", rows)).notes)
    assert not any("goes on after today" in note for note in laid_out(write(tmp_path / "u.csv", rows[:-6])).notes)


def test_a_unit_with_commas_in_its_name(tmp_path: Path) -> None:
    """Would catch a unit that cannot be chosen by its own name; where two could be meant, none is."""
    rows = [
        ("2018-01-01", '"Congo, Dem. Rep."', "x", 1),
        ("2018-01-01", "Congo", "x", 2),
        ("2018-01-01", "Congo", '"Dem. Rep., x"', 3),
    ]
    panel = laid_out(write(tmp_path / "t.csv", rows[:2]))
    assert panel.units[panel.place(["Congo", "Dem. Rep.", "x"])] == ("Congo, Dem. Rep.", "x")
    assert panel.units[panel.place(["Congo", "x"])] == ("Congo", "x")
    with pytest.raises(InputError, match="wanted one of its"):
        laid_out(write(tmp_path / "u.csv", rows)).place(["Congo", "Dem. Rep.", "x"])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "cp1252", "utf-8-sig"])
def test_the_encodings_of_other_tools(encoding: str, tmp_path: Path) -> None:
    """Would catch a table that is refused, or its names garbled, for how an old tool wrote it."""
    text = "date,unit,value\n2018-01-05,Côte,2\n2018-02-05,Côte,3\n"
    (tmp_path / "t.csv").write_bytes(text.encode(encoding))
    panel = panel_of(read_table(tmp_path / "t.csv", date="date", unit=["unit"], value="value", by="month"))
    assert (panel.units, panel.y.tolist()) == ((("Côte",),), [[2, 3]])


@pytest.mark.parametrize("day", ["2018-03-05 BC", "2018-03-05 (BCE)", "2018-03-05 v. Chr.", "2018-03-05 x"])
def test_what_stands_behind_a_day(day: str, tmp_path: Path) -> None:
    """Would catch a day before Christ taken for one after."""
    write(tmp_path / "t.csv", [*ROWS, (day, "x", "y", 1)])
    with pytest.raises(InputError, match="row 6, date"):
        laid_out(tmp_path / "t.csv")
    assert (
        period_of("2018-03-05T10:00:00+02:00", "month")
        == period_of("2018-03-05 1:00 PM", "month")
        == period_of("2018-03", "month")
    )


def test_characters_that_nobody_sees(tmp_path: Path) -> None:
    """Would catch one unit made two by a mark that a web page has left in its name."""
    write(tmp_path / "t.csv", [*ROWS, ("2018-03-02", "x\u200b", "y", 4)])
    assert laid_out(tmp_path / "t.csv").units == (("x", "y"), ("y", "x"))
