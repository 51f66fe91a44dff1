"""GDELT event files, 1.0 and 2.0, in every form in which they are published."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from detente.record.workspace import Workspace
from eventfiles import GDELT1, GDELT2, add, aside, events, gdelt_row, table, written

FORMS = {
    "1.0 to 2013, 57 columns": (GDELT1[:57], False, "gdelt1"),
    "1.0 from 2013, 58 columns": (GDELT1, False, "gdelt1"),
    "2.0, 61 columns": (GDELT2, False, "gdelt2"),
    "1.0 with a header": (GDELT1, True, "gdelt1"),
    "2.0 with a header": (GDELT2, True, "gdelt2"),
}


def test_the_published_numbers_of_columns() -> None:
    """The codebooks: 57 columns, 58 with the address of the report, 61 in 2.0."""
    assert (len(GDELT1[:57]), len(GDELT1), len(GDELT2)) == (57, 58, 61)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_recognised_and_read(form: str, tmp_path: Path) -> None:
    """Catches a column that stands elsewhere in one of the forms, and a header taken for an event."""
    names, header, format = FORMS[form]
    file = written(tmp_path / "x.export.CSV", table(names, [gdelt_row(7), gdelt_row(8, EventCode="1821")], header=header))
    workspace = Workspace.create(tmp_path / "record")
    done = add(workspace, file)
    assert (done.files[0].format, done.read, done.added) == (format, 2, 2)
    first, second = events(workspace)
    assert first["line"] == 1 + header
    assert {name: first[name] for name in list(first)[:16]} == {
        "date": date(2018, 6, 12),
        "source": "PRKGOV",
        "target": "USA",
        "source_country": "PRK",
        "target_country": "USA",
        "code": "040",
        "ontology": "cameo",
        "quad": 1,
        "intensity": 1.0,
        "scale": "goldstein",
        "place": "Singapore",
        "mentions": 12,
        "tone": -1.5,
        "publisher": None,
        "url": "https://example.org/summit" if "SOURCEURL" in names else None,
        "id": "7",
    }
    assert (second["code"], second["id"]) == ("1821", "8")
    assert add(workspace, file, format=format).known == 2


def test_a_header_in_another_order_and_writing(tmp_path: Path) -> None:
    """Tables made from GDELT name the columns as they like, and separate by commas. With a header the order is free."""
    names = ["SourceUrl", "QuadClass", "EVENTCODE", "GlobalEventID", "SqlDate", "actor_1_country_code", "Actor1Code"]
    row = {
        "SourceUrl": "https://example.org/a,b", "QuadClass": 4, "EVENTCODE": "190", "GlobalEventID": 5, "SqlDate": "20180101",
        "actor_1_country_code": "ROM", "Actor1Code": "ROM",
    }  # fmt: skip
    workspace = Workspace.create(tmp_path / "record")
    add(workspace, written(tmp_path / "x.csv", table(names, [row], ",")))
    (event,) = events(workspace)
    assert (event["source"], event["source_country"], event["target"], event["code"]) == ("ROM", "ROU", None, "190")
    assert (event["url"], event["intensity"]) == ("https://example.org/a,b", None)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"GLOBALEVENTID": ""}, "no number of the event"),
        ({"SQLDATE": "20180631"}, "no date that can be read"),
        ({"SQLDATE": "2018"}, "no date that can be read"),
        ({"SQLDATE": ""}, "no date that can be read"),
        ({"EventCode": ""}, "no event code"),
        ({"QuadClass": "5"}, "no quad class from 1 to 4"),
        ({"QuadClass": "x"}, "no quad class from 1 to 4"),
        ({"QuadClass": "-1"}, "no quad class from 1 to 4"),
    ],
)
def test_a_row_that_cannot_be_used_is_put_aside(change: dict[str, str], reason: str, tmp_path: Path) -> None:
    """Catches a broken row that is dropped, or that takes its neighbours along."""
    text = table(GDELT2, [gdelt_row(1), gdelt_row(2, **change), gdelt_row(3)], header=False)
    workspace = Workspace.create(tmp_path / "record")
    done = add(workspace, written(tmp_path / "x.csv", text))
    assert aside(workspace, done) == [(2, reason, text.splitlines()[1])]
    assert [(row["id"], row["line"]) for row in events(workspace)] == [("1", 1), ("3", 3)]


@pytest.mark.parametrize(
    ("column", "value", "name", "found"),
    [
        ("GoldsteinScale", "", "intensity", None),
        ("GoldsteinScale", "nan", "intensity", None),
        ("GoldsteinScale", "inf", "intensity", None),
        ("NumMentions", "99999999999", "mentions", None),
        ("AvgTone", "1e999", "tone", None),
        ("Actor1CountryCode", "EUR", "source_country", None),
        ("Actor1Code", "", "source", "NORTH KOREA"),
        ("EventCode", " 040 ", "code", "040"),
        ("ActionGeo_FullName", 'The "Peace House", Panmunjom', "place", 'The "Peace House", Panmunjom'),
    ],
)
def test_cells_that_say_nothing_stay_empty(column: str, value: str, name: str, found: object, tmp_path: Path) -> None:
    """A number that is none is no reason to lose the event; what is unknown is NULL and never guessed."""
    workspace = Workspace.create(tmp_path / "record")
    done = add(workspace, written(tmp_path / "x.csv", table(GDELT2, [gdelt_row(**{column: value})], header=False)))
    assert done.added == 1
    assert events(workspace)[0][name] == found


def test_an_event_without_actors_is_an_event(tmp_path: Path) -> None:
    """GDELT has rows with no actor at all; they are kept, and belong to no dyad."""
    bare = {f"Actor{n}{name}": "" for n in (1, 2) for name in ("Code", "Name", "CountryCode")}
    workspace = Workspace.create(tmp_path / "record")
    assert add(workspace, written(tmp_path / "x.csv", table(GDELT2, [gdelt_row(**bare)], header=False))).added == 1
    (event,) = events(workspace)
    assert (event["source"], event["target"], event["source_country"]) == (None, None, None)
