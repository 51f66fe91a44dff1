"""Few values, holes and breaks: what is not known is not taken for nothing, and what is new is not passed over."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from detente.base.crps import crps
from detente.cli import app
from detente.forecast.baselines import climatology, widened
from detente.forecast.panel import panel_of
from detente.forecast.past import past
from detente.forecast.periods import end_of, label
from detente.forecast.table import read_table
from forecastseries import panel, write

pytest.importorskip("lightgbm", reason="FORECAST TESTS SKIPPED: pip install 'detente[forecast]'")
pytest.importorskip("sklearn", reason="FORECAST TESTS SKIPPED: pip install 'detente[forecast]'")


def run(*arguments: str) -> dict[str, object]:
    done = CliRunner().invoke(app, ["forecast", *arguments, "--json"])
    assert done.exit_code == 0, done.output
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_the_interval_of_four_values_covers_what_it_says() -> None:
    """Normal series of four values, and the fifth: the plain range holds it in three of five cases, the widened 95% in 95 of
    100. Catches an interval that is the range of what few values have shown."""
    draw = np.random.default_rng(0)
    many = 5000
    units = tuple((str(n), "x") for n in range(many))
    one = replace(panel(1, 4), y=draw.normal(10, 1, (many, 4)), units=units, born=np.zeros(many, dtype=np.int64))
    known, fifth = past(one, 3), draw.normal(10, 1, many)
    plain = {"climatology": climatology(known, 1), "no-change": climatology(known, 1)}
    wide = widened(plain, known)
    for values, held80, held95 in ((plain["climatology"], 0.6, 0.6), (wide["climatology"], 0.8, 0.95)):
        x = values[:, 0]
        assert ((x[:, 9] <= fifth) & (fifth <= x[:, 89])).mean() == pytest.approx(held80, abs=0.02)
        assert ((x[:, 2] <= fifth) & (fifth <= x[:, 97])).mean() == pytest.approx(held95, abs=0.02)
    assert wide["no-change"].tobytes() == plain["no-change"].tobytes()
    counts = replace(one, y=np.rint(np.abs(one.y - 10)))
    some = widened({"climatology": climatology(past(counts, 3), 1)}, past(counts, 3))["climatology"]
    assert some.min() == 0
    assert (some == np.rint(some)).all()


def rows(last: str, without: tuple[str, ...] = ()) -> list[tuple[object, ...]]:
    """Four units with a row every third day of 2018 and 2019, up to a day."""
    days = np.arange(np.datetime64("2018-01-01"), np.datetime64(last) + 1, 3).astype(str)
    return [(d, "a", u, 1 + n % 3) for n, d in enumerate(days) for u in "wxyz" if d[:7] not in without]


def test_a_period_that_is_not_over_is_left_out(tmp_path: Path) -> None:
    """Rows every third day to the 10th of December: the month is not over. To the 30th, or with a row on the 31st, it is.
    Catches a sum of ten days that is scored as a month's."""
    for last, more, end in (
        ("2019-12-10", [], "2019-11"),
        ("2019-12-30", [], "2019-12"),
        ("2019-12-10", [("2019-12-31", "a", "w", 0)], "2019-12"),
    ):
        file = write(tmp_path / "t.csv", [*rows(last), *more])
        made = panel_of(read_table(file, date="date", unit=["a", "b"], value="value"))
        assert made.label(made.periods - 1) == end
        assert any(end_of(made.first + made.periods, "month") and "2019-12" in n for n in made.notes) == (end == "2019-11")


def test_a_period_without_any_row_is_a_hole_where_units_are_never_silent(tmp_path: Path) -> None:
    """Four units with rows in all months but one: not known. One unit with rows in some months: zero, since it may be silent.
    Catches a lost file that is scored as peace, and a quiet month that is lost."""
    file = write(tmp_path / "t.csv", rows("2019-12-30", ("2018-09",)))
    made = panel_of(read_table(file, date="date", unit=["a", "b"], value="value"))
    assert [label(made.first + t, "month") for t in np.flatnonzero(np.isnan(made.y[0]))] == ["2018-09"]
    rare = [(f"2018-{m:02d}-15", "a", "w", m) for m in (1, 2, 5, 6, 9, 12)]
    alone = panel_of(read_table(write(tmp_path / "r.csv", rare), date="date", unit=["a", "b"], value="value"))
    assert alone.y[0].tolist() == [1, 2, 0, 0, 5, 6, 0, 0, 9, 0, 0, 12]


def test_dust_of_sums_leaves_counts_counts(tmp_path: Path) -> None:
    """Thirds that add up to whole numbers, nearly: counts. Catches deaths that are taken for a continuous value."""
    thirds = [(f"2018-{m:02d}", "a", u, repr(m / 3)) for m in range(1, 9) for u in "xy" for _ in range(3)]
    made = panel_of(read_table(write(tmp_path / "t.csv", thirds), date="date", unit=["a", "b"], value="value"))
    assert made.y.tolist() == [[1, 2, 3, 4, 5, 6, 7, 8]] * 2


def test_a_break_is_told_with_no_change_beside_it(tmp_path: Path) -> None:
    """Values of 5 to 15, and 90 at last: told, with no change from 90; without the 90, nothing is told. Catches a forecast that
    shrinks a break away in silence."""
    draw = np.random.default_rng(2)
    usual = [(f"2018-{m:02d}", "a", u, int(draw.integers(5, 16))) for m in range(1, 13) for u in "xyz"]
    common = ("--unit", "a,b", "--value", "value", "--of", "a,x", "--horizon", "2")
    told, pages = {}, {}
    for last in (90, 9):
        file = write(tmp_path / f"{last}.csv", [*usual, *(("2019-01", "a", u, last if u == "x" else 9) for u in "xyz")])
        told[last] = run("--table", str(file), *common, "--page", str(tmp_path / f"{last}.html"))["break"]
        pages[last] = (tmp_path / f"{last}.html").read_text(encoding="utf-8")
    assert told[9] is None
    assert "90 in 2019-01, lies outside" in pages[90]
    assert "lies outside" not in pages[9]
    found = told[90]
    assert isinstance(found, dict)
    assert (found["period"], found["value"]) == ("2019-01", 90)
    assert found["interval"][1] < 90
    assert [a["period"] for a in found["no_change"]] == ["2019-02", "2019-03"]
    assert found["no_change"][0]["quantiles"]["0.5"] > 70
    assert set(found["own"]) == {"crps", "no_change"}


def test_losses_of_every_case_add_up_to_the_scores(tmp_path: Path) -> None:
    """One row a case, whose mean is the model's CRPS, and which anybody can compute again for a certain forecast. Catches
    losses that stand beside the wrong unit or period."""
    one = panel(4, 20)
    cells = [(one.label(t), *u, int(one.y[k, t])) for k, u in enumerate(one.units) for t in range(20)]
    file = write(tmp_path / "t.csv", cells)
    told = run(
        "--backtest", "--table", str(file), "--unit", "a,b", "--value", "value", "--origins", "2019-03:2019-05",
        "--horizon", "2", "--losses",
    )  # fmt: skip
    losses = told["losses"]
    assert isinstance(losses, list)
    assert len(losses) == 3 * 4 * 2
    models = told["models"]
    assert isinstance(models, dict)
    for name, score in models.items():
        assert np.mean([c["crps"][name] for c in losses]) == pytest.approx(score["crps"], rel=1e-4)
    value = {(r[0], *r[1:3]): r[3] for r in cells}
    for c in losses:
        y, last = value[(c["period"], *c["unit"])], value[(c["origin"], *c["unit"])]
        assert c["observed"] == y
        assert c["crps"]["last-value"] == pytest.approx(float(crps(np.array([last]), np.array(float(y)))))
