"""ACLED, as exported."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from detente.record.workspace import Workspace
from eventfiles import ACLED, acled_row, add, aside, events, table, written


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_the_published_table(delimiter: str, tmp_path: Path) -> None:
    """31 columns. Catches the reporting source taken for the actor: ACLED calls it `source`."""
    assert len(ACLED) == 31
    row = acled_row(5, actor2="Police Forces of South Korea (2017-2022)", fatalities=2)
    workspace = Workspace.create(tmp_path / "record")
    done = add(workspace, written(tmp_path / "acled.csv", table(ACLED, [row], delimiter)))
    assert (done.files[0].format, done.added) == ("acled", 1)
    (event,) = events(workspace)
    assert {name: event[name] for name in list(event)[:16]} == {
        "date": date(2018, 6, 12),
        "source": "Protesters (South Korea)",
        "target": "Police Forces of South Korea (2017-2022)",
        "source_country": "KOR",
        "target_country": "KOR",
        "code": "Peaceful protest",
        "ontology": "acled",
        "quad": 4,
        "intensity": -2.0,
        "scale": "deaths",
        "place": "Seoul, South Korea",
        "mentions": None,
        "tone": None,
        "publisher": "Yonhap",
        "url": None,
        "id": "KOR5",
    }


@pytest.mark.parametrize("written_as", ["2018-06-12", "12 June 2018", "12-June-2018", "12-Jun-2018"])
def test_the_dates_of_its_exports(written_as: str, tmp_path: Path) -> None:
    """The export tool and the interface write dates differently, and changed over the years."""
    workspace = Workspace.create(tmp_path / "record")
    add(workspace, written(tmp_path / "x.csv", table(ACLED, [acled_row(event_date=written_as)], ",")))
    assert events(workspace)[0]["date"] == date(2018, 6, 12)


@pytest.mark.parametrize(
    ("actor", "code"),
    [("Military Forces of Iran (1989-) Islamic Revolutionary Guard Corps", "IRN"), ("Government of Iraq (2014-)", "IRQ"),
     ("Military Forces of the United States (2017-2021)", "USA"), ("Military Forces of the United States", "USA"),
     ("Civilians (Iran)", "IRN"), ("Police Forces of Turkey (2016-)", "TUR"), ("Protesters (International)", None),
     ("Taliban", None), ("Rioters (Democratic Republic of Congo)", "COD"), ("Islamic State (Iraq)", "IRQ"),
     ("Unidentified Military Forces", None), ("Military Forces of Ivory Coast (2011-)", "CIV")],
)  # fmt: skip
def test_the_country_of_an_actor(actor: str, code: str | None, tmp_path: Path) -> None:
    """Forces name their country before the years, others in brackets. Catches years taken for a name."""
    workspace = Workspace.create(tmp_path / "record")
    add(workspace, written(tmp_path / "x.csv", table(ACLED, [acled_row(actor1=actor)], ",")))
    assert events(workspace)[0]["source_country"] == code


@pytest.mark.parametrize(
    ("kind", "sub", "quad"),
    [("Battles", "Armed clash", 4), ("Strategic developments", "Agreement", 1), ("Protests", "", 4),
     ("Strategic developments", "Non-violent transfer of territory", 2), ("Strategic developments", "Arrests", None)],
)  # fmt: skip
def test_quad_classes(kind: str, sub: str, quad: int | None, tmp_path: Path) -> None:
    """Most strategic developments are neither cooperation nor conflict between the actors, and get no class."""
    workspace = Workspace.create(tmp_path / "record")
    add(workspace, written(tmp_path / "x.csv", table(ACLED, [acled_row(event_type=kind, sub_event_type=sub)], ",")))
    (event,) = events(workspace)
    assert (event["quad"], event["code"]) == (quad, sub or kind)


def test_a_corrected_export(tmp_path: Path) -> None:
    """ACLED corrects events and keeps their numbers: the event is known, also where its date moved out of the file's days."""
    workspace = Workspace.create(tmp_path / "record")
    add(workspace, written(tmp_path / "a.csv", table(ACLED, [acled_row(n) for n in (1, 2)], ",")))
    rows = [acled_row(1, event_date="2018-05-30"), acled_row(3, event_date="2018-05-30")]
    done = add(workspace, written(tmp_path / "b.csv", table(ACLED, rows, ",")))
    assert (done.added, done.known) == (1, 1)


def test_faults(tmp_path: Path) -> None:
    """Each with its reason, and rows without a number are not taken for each other."""
    rows = [
        acled_row(event_id_cnty=""), acled_row(event_id_cnty="", notes="another"), acled_row(2, fatalities="many"),
        acled_row(3, actor1=""), acled_row(4, event_type="", sub_event_type=""), acled_row(5, event_date="12/2018"),
    ]  # fmt: skip
    workspace = Workspace.create(tmp_path / "record")
    done = add(workspace, written(tmp_path / "x.csv", table(ACLED, rows, ",")))
    assert (done.added, done.known) == (2, 0)
    assert [row[:2] for row in aside(workspace, done)] == [
        (4, "no number of deaths"),
        (5, "no actor 1"),
        (6, "no event type"),
        (7, "no date that can be read"),
    ]
    again = add(workspace, written(tmp_path / "y.csv", table(ACLED, [*rows, acled_row(9)], ",")))
    assert (again.added, again.known) == (1, 2)
