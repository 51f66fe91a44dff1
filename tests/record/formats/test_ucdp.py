"""UCDP GED, as published."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from detente.record.workspace import Workspace
from eventfiles import UCDP, add, aside, events, table, ucdp_row, written


def test_the_published_table(tmp_path: Path) -> None:
    """49 columns, comma-separated, with texts in quotation marks."""
    assert len(UCDP) == 49
    row = ucdp_row(5, source_article='"Reuters", "a, b"\nsecond line', side_b="Taleban")
    workspace = Workspace.create(tmp_path / "record")
    done = add(workspace, written(tmp_path / "GEDEvent_v25_1.csv", table(UCDP, [row, ucdp_row(6)], ",")))
    assert (done.files[0].format, done.added) == ("ucdp", 2)
    event = events(workspace)[0]
    assert {name: event[name] for name in list(event)[:16]} == {
        "date": date(2018, 6, 12),
        "source": "Government of Afghanistan",
        "target": "Taleban",
        "source_country": "AFG",
        "target_country": None,
        "code": "state-based",
        "ontology": "ucdp",
        "quad": 4,
        "intensity": -7.0,
        "scale": "deaths",
        "place": "Kabul city, Afghanistan",
        "mentions": None,
        "tone": None,
        "publisher": "Reuters News",
        "url": None,
        "id": "5",
    }
    assert [row["line"] for row in events(workspace)] == [2, 4]


@pytest.mark.parametrize(
    ("written_as", "day"),
    [("2018-06-12", date(2018, 6, 12)), ("2018-06-12 00:00:00.000", date(2018, 6, 12)),
     ("6/12/2018 12:00:00 AM", date(2018, 6, 12)), ("12.06.2018", date(2018, 6, 12)), ("06.13.2018", None),
     ("6/12/2018 0:00:00", date(2018, 6, 12)), ("06/12/2018", date(2018, 6, 12))],
)  # fmt: skip
def test_the_dates_of_its_versions(written_as: str, day: date | None, tmp_path: Path) -> None:
    """Catches day and month exchanged."""
    workspace = Workspace.create(tmp_path / "record")
    done = add(workspace, written(tmp_path / "x.csv", table(UCDP, [ucdp_row(date_start=written_as)], ",")))
    if day:
        assert events(workspace)[0]["date"] == day
    else:
        assert aside(workspace, done)[0][:2] == (2, "no date that can be read")


@pytest.mark.parametrize(
    ("side", "code"),
    [("Government of Russia (Soviet Union)", "RUS"), ("Government of DR Congo (Zaire)", "COD"),
     ("Government of Myanmar (Burma)", "MMR"), ("Government of the United States of America", "USA"),
     ("Government of Yemen (North Yemen)", "YEM"), ("Government of Ivory Coast", "CIV"),
     ("Government of Bosnia-Herzegovina", "BIH"), ("Government of Cambodia (Kampuchea)", "KHM"),
     ("Government of North Korea", "PRK"), ("Government of Syria", "SYR"), ("IS", None), ("M23", None), ("Civilians", None)],
)  # fmt: skip
def test_governments_have_a_country(side: str, code: str | None, tmp_path: Path) -> None:
    """UCDP names states in its own way; a group has no country, though its name (IS) is a code of one (Iceland)."""
    workspace = Workspace.create(tmp_path / "record")
    add(workspace, written(tmp_path / "x.csv", table(UCDP, [ucdp_row(side_a=side)], ",")))
    assert events(workspace)[0]["source_country"] == code


def test_faults(tmp_path: Path) -> None:
    """Each with its reason; an event of no deaths by the best estimate is an event."""
    rows = [ucdp_row(1, best=0), ucdp_row(2, type_of_violence=4), ucdp_row(3, best=""), ucdp_row(4, side_b=""), ucdp_row(1)]
    workspace = Workspace.create(tmp_path / "record")
    done = add(workspace, written(tmp_path / "x.csv", table(UCDP, rows, ",")))
    assert (done.added, done.known) == (1, 1)
    assert [row[:2] for row in aside(workspace, done)] == [
        (3, "no type of violence from 1 to 3"),
        (4, "no best estimate of deaths"),
        (5, "no side A or no side B"),
    ]
