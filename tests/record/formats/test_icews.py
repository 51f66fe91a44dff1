"""ICEWS as published, and research extracts of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from detente.record.workspace import Workspace
from eventfiles import ICEWS, add, aside, events, icews_row, table, written


def test_the_published_table(tmp_path: Path) -> None:
    """Columns as the publisher lists them. Catches the place's country taken for the actor's."""
    workspace = Workspace.create(tmp_path / "record")
    done = add(workspace, written(tmp_path / "events.2018.tab", table(ICEWS, [icews_row(4, District="Central")])))
    assert (done.files[0].format, done.added) == ("icews", 1)
    (event,) = events(workspace)
    assert {name: event[name] for name in list(event)[:16]} == {
        "date": date(2018, 6, 12),
        "source": "Kim Jong-Un",
        "target": "Donald Trump",
        "source_country": "PRK",
        "target_country": "USA",
        "code": "043",
        "ontology": "cameo",
        "quad": 1,
        "intensity": pytest.approx(2.8),
        "scale": "goldstein",
        "place": "Singapore, Central, Singapore",
        "mentions": None,
        "tone": None,
        "publisher": "Xinhua",
        "url": None,
        "id": "4",
    }


@pytest.mark.parametrize("code", ["043", "0841", "190", "10", "010", "43", "4", "13y"])
def test_codes_are_text(code: str, tmp_path: Path) -> None:
    """A code is kept as it stands or put aside; but for 43, which a spreadsheet made of 043, as its wording says."""
    workspace = Workspace.create(tmp_path / "record")
    done = add(workspace, written(tmp_path / "x.tab", table(ICEWS, [icews_row(**{"CAMEO Code": code})])))
    if code in ("4", "13y"):
        assert [row[:2] for row in aside(workspace, done)] == [(2, "an event code that CAMEO does not have")]
    else:
        assert events(workspace)[0]["code"] == ("043" if code == "43" else code)
        assert bool(done.files[0].notes) == (code == "43")


def test_the_same_number_on_two_days_is_two_events(tmp_path: Path) -> None:
    """The publisher's numbers repeat: "Event ID" is no key. Catches an event lost to a number that is not its own."""
    rows = [icews_row(20718170), icews_row(20718170, **{"Event Date": "2018-01-01"}), icews_row(20718170)]
    workspace = Workspace.create(tmp_path / "record")
    assert add(workspace, written(tmp_path / "x.tab", table(ICEWS, rows))).added == 3


def test_an_extract_with_events_in_words(tmp_path: Path) -> None:
    """The four columns of the benchmark, with the country in brackets, as a name, or that of an office holder."""
    rows = [
        ("2018-03-08", "Donald Trump", "Express intent to meet or negotiate", "Kim Jong-Un"),
        ("2018-03-08", "Citizen (France)", "Make statement", "UN Security Council"),
        ("2018-03-09", "Militant (Taliban)", "Use conventional military force", "Military (Afghanistan)"),
        ("2018-03-09", "Iran", "Invent a new event", "Iraq"),
        ("2018-03-10", "", "Make statement", "Iraq"),
        ("2018-02-30", "Iran", "Make statement", "Iraq"),
        ("2018-03-10", "Iran", "", "Iraq"),
    ]
    names = ["date", "source", "event", "target"]
    workspace = Workspace.create(tmp_path / "record")
    text = table(names, [dict(zip(names, row, strict=True)) for row in rows], ",")
    done = add(workspace, written(tmp_path / "x.csv", text))
    found = [
        (e["line"], e["source_country"], e["target_country"], e["code"], e["quad"], e["intensity"]) for e in events(workspace)
    ]
    assert found == [
        (2, "USA", "PRK", "036", 1, 4.0),
        (3, "FRA", None, "010", 1, 0.0),
        (4, None, "AFG", "190", 4, -10.0),
    ]
    assert [row[:2] for row in aside(workspace, done)] == [
        (5, "an event code that CAMEO does not have"),
        (6, "no source or no target"),
        (7, "no date that can be read"),
        (8, "no event code"),
    ]


def test_a_table_of_actors_fills_in_countries(tmp_path: Path) -> None:
    """Names that name no country get one where the user says so; names are compared without case and accents."""
    text = "date,source,event,target\n2018-03-08,Rebel Force of Y,Make statement,Émile Z\n"
    workspace = Workspace.create(tmp_path / "record")
    add(workspace, written(tmp_path / "x.csv", text), actors={"rebel force of Y": "YEM", "Emile Z": "FRA"})
    (event,) = events(workspace)
    assert (event["source_country"], event["target_country"]) == ("YEM", "FRA")
    again = add(workspace, written(tmp_path / "x.csv", text))
    assert (again.added, again.known) == (0, 1)
