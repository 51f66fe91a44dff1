"""Long tables of every kind, the hostile ones too: read, summed, or refused with every fault named."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from detente.assess.forecast.panel import Panel, panel_of
from detente.assess.forecast.periods import label, period_of, season
from detente.assess.forecast.table import read_table
from detente.errors import InputError
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
