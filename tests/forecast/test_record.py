"""From the record to the panel, and from there to the brief."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from detente.cli import app
from detente.errors import InputError
from detente.forecast.record import series_table
from detente.record.workspace import Workspace

ABOUT = {"format": "bundled", "ontology": "own", "dates": ["2015-01-01", "2018-12-31"], "ids": None, "file": "made"}

ACCORD: dict[str, Any] = {
    "case": "accord",
    "title": "An accord",
    "as_of": "2018-12-31",
    "phases": {"length": "1 month", "count": 3},
    "parties": {
        "south": {"name": "South", "code": "ISR", "discount": 0.9, "stalemate": 0, "breakdown": 1, "trust": {"north": 0.5}},
        "north": {"name": "North", "code": "LBN", "discount": 0.9, "stalemate": 0, "breakdown": 1, "trust": {"south": 0.5}},
    },
    "measures": {
        "fence": {"title": "Fence", "by": "south", "kind": "military", "value": {"south": -0.2, "north": 0.6}},
        "patrol": {"title": "Patrol", "by": "north", "kind": "military", "value": {"south": 0.6, "north": -0.2}},
    },
}


def record(folder: Path, months: int = 48) -> Workspace:
    """Two countries that answer each other, and a third that looks on."""
    random = np.random.default_rng(7)
    rows: list[dict[str, Any]] = []
    for month in range(months):
        day = dt.date(2015 + month // 12, 1 + month % 12, 15)
        for a, b, mean in (("ISR", "LBN", 3.0), ("LBN", "ISR", 2.0), ("SYR", "LBN", 1.0)):
            for quad in (1, 2, 3, 4):
                one = {"date": day, "source_country": a, "target_country": b, "quad": quad, "code": "x"}
                rows += [one] * int(random.poisson(mean))
    rows += [{"date": dt.date(2015, 1, 1), "source_country": "ISR", "target_country": "ISR", "quad": 1, "code": "x"}]
    workspace = Workspace.create(folder)
    with workspace.adding():
        workspace.append("events", rows, ABOUT)
    return workspace


@pytest.mark.parametrize(("value", "quads"), [(None, (1, 2, 3, 4)), ("cooperation", (1, 2)), ("conflict", (3, 4))])
def test_what_is_counted(tmp_path: Path, value: str | None, quads: tuple[int, ...]) -> None:
    """Catches pairs that are turned round, a country's dealings with itself, and the wrong class."""
    workspace = record(tmp_path / "record", 6)
    panel = series_table(str(workspace.path), by="month", missing="zero", value=value)
    assert panel.units == (("ISR", "LBN"), ("LBN", "ISR"), ("SYR", "LBN"))
    with workspace.connect() as connection:
        for u, (a, b) in enumerate(panel.units):
            counted = connection.execute(
                f"select month(date), count(*) from events where source_country = ? and target_country = ? and quad in {quads}"
                " group by 1",
                [a, b],
            ).fetchall()
            assert {m: n for m, n in enumerate(panel.y[u], 1) if n} == dict(counted)
    among = series_table(str(workspace.path), by="month", missing="zero", value=value, among={"ISR", "LBN"})
    assert among.units == (("ISR", "LBN"), ("LBN", "ISR"))


def test_what_cannot_be_answered(tmp_path: Path) -> None:
    """Catches an empty panel, and a word that counts something else in silence."""
    workspace = Workspace.create(tmp_path / "record")
    with pytest.raises(InputError, match="no event between two countries"):
        series_table(str(workspace.path), by="month", missing="zero")
    with pytest.raises(InputError, match="wanted events, cooperation, conflict"):
        series_table(str(workspace.path), by="month", missing="zero", value="peace")
    for wrong in ("ISR", "ISR,ISR", "ISR,LBN,SYR", "ISR,Atlantis"):
        done = CliRunner().invoke(
            app, ["brief", "toy-exchange", "--likely", "--forecast", wrong, "-o", str(tmp_path / "b.html")]
        )
        assert re.search("wanted two countries|is not the code or the name", str(done.exception)), wrong
    done = CliRunner().invoke(
        app, ["brief", "toy-exchange", "--likely", "--forecast", "ISR,LBN", "-o", str(tmp_path / "b.html")]
    )
    assert "wanted a record" in str(done.exception)
    assert not (tmp_path / "b.html").exists()


def test_the_brief_tells_it(tmp_path: Path) -> None:
    """Catches a forecast without its past score, of the wrong pair, or under two headings of one name."""
    pytest.importorskip("lightgbm", reason="FORECAST TESTS SKIPPED: pip install 'detente[forecast]'")
    from detente.brief.brief import brief
    from detente.case.load import load

    found = brief(
        load(ACCORD), draws=0, likely=True, workspace=record(tmp_path / "record", 30).path, forecast_of=("ISR", "LBN")
    )
    assert "The coming months" in found.html
    for what in ("cooperation", "conflict"):
        assert re.search(rf"<h3>Events of {what}, \W*South\W* towards \W*North\W*</h3>", found.html)
        assert found.html.count(f'id="chart-fan-{what}"') == found.html.count(f'id="chart-scores-{what}"') == 1
    told: Any = found.to_dict()["forecasts"]
    assert [f["unit"] for f in told] == [["ISR", "LBN"]] * 2
    assert all(f["past"]["models"] for f in told)


def test_one_event_in_another_century(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would catch a hundred empty years before the record begins, for one slip; where the span is stated, the day is meant."""
    workspace = record(tmp_path / "record", months=12)
    slip = {"date": dt.date(1915, 3, 1), "source_country": "ISR", "target_country": "LBN", "quad": 1, "code": "x"}
    with workspace.adding():
        workspace.append("events", [slip], ABOUT)
    with pytest.raises(InputError, match="has events of 1915-03-01, far from all others"):
        series_table(str(workspace.path), by="month", missing="zero")
    monkeypatch.setenv("DETENTE_DATES", "1900-01-01/2030-12-31")
    assert series_table(str(workspace.path), by="month", missing="zero").y.shape[1] > 1200
