"""PLOVER records, one a line and in a list, and POLECAT's tables."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from detente.record.workspace import Workspace
from eventfiles import add, aside, events, lines, table, written


def record(**more: object) -> dict[str, Any]:
    """A record in the form of the gold standard: two Koreans and an American agree."""
    return {
        "id": "X-1",
        "date": "2018-04-27",
        "source": [{"actorText": "North Korean", "code": "PRK", "sector": "GOV"}],
        "target": [{"actorText": "South Korean", "code": "KOR", "sector": "GOV"}],
        "event": "AGREE",
        "publication": "Press",
        "url": "https://example.org/a",
        **more,
    }


def pairs(workspace: Workspace) -> list[tuple[int, str, str]]:
    return [(row["line"], row["source"], row["target"]) for row in events(workspace)]


def test_a_record_a_line(tmp_path: Path) -> None:
    """All columns of one record."""
    workspace = Workspace.create(tmp_path / "record")
    done = add(workspace, written(tmp_path / "x.jsonl", lines(record(mode="meet", eventLoc={"geoName": "Panmunjom"}))))
    assert (done.files[0].format, done.files[0].ontology, done.added) == ("plover", "plover", 1)
    (event,) = events(workspace)
    assert (event["date"], event["source"], event["target"]) == (date(2018, 4, 27), "PRKGOV", "KORGOV")
    assert (event["source_country"], event["target_country"]) == ("PRK", "KOR")
    assert (event["code"], event["quad"], event["intensity"], event["scale"]) == ("AGREE-meet", 1, None, None)
    assert (event["place"], event["publisher"], event["id"]) == ("Panmunjom", "Press", "X-1")


@pytest.mark.parametrize("form", ["lines", "compact list", "indented list"])
def test_several_sources_and_targets_make_pairs(form: str, tmp_path: Path) -> None:
    """Records are counted and not rows, however many stand on a line, and each has the line on which it begins."""
    actors = [{"code": code, "sector": ""} for code in ("PRK", "KOR", "USA")]
    records = [
        record(),
        record(id="X-2", source=actors[:2], target=actors[1:]),
        record(id="X-3", source=actors, target=""),
        record(id="X-4", source="", target=actors),
        record(id="X-5", date="soon"),
        record(id="X-6", event="DANCE"),
        "no record",
    ]
    text = {
        "lines": "".join(json.dumps(one) + "\n" for one in records),
        "compact list": json.dumps(records),
        "indented list": json.dumps(records, indent=1),
    }[form]
    workspace = Workspace.create(tmp_path / "record")
    done = add(workspace, written(tmp_path / "x.json", text))
    assert (done.read, done.added) == (7, 3)
    assert [(row[1], row[2]) for row in pairs(workspace) if row[1] != "PRKGOV"] == [
        *[("PRK", "KOR"), ("PRK", "USA"), ("KOR", "USA")],
        *[(a, b) for a in ("PRK", "KOR", "USA") for b in ("PRK", "KOR", "USA") if a != b],
    ]
    put = aside(workspace, done)
    assert sorted(row[1] for row in put) == [
        "an event that PLOVER does not have", "no JSON record", "no date that can be read", "no source",
    ]  # fmt: skip
    for line, _, content in put:
        begun = text.splitlines()[line - 1]
        assert content.splitlines()[0].strip() in begun
        assert json.loads(content) in records


@pytest.mark.parametrize("again", ["same", "longer", "shorter"])
def test_importing_again_adds_what_is_new(again: str, tmp_path: Path) -> None:
    """Records with several rows are known as a whole."""
    actors = [{"code": code, "sector": "GOV"} for code in ("PRK", "KOR", "USA")]
    records = [record(id=f"X-{n}", source=actors, target=actors[:2]) for n in range(5)]
    workspace = Workspace.create(tmp_path / "record")
    first = {"same": 5, "longer": 3, "shorter": 5}[again]
    then = {"same": 5, "longer": 5, "shorter": 3}[again]
    assert add(workspace, written(tmp_path / "a.jsonl", lines(*records[:first]))).added == first
    done = add(workspace, written(tmp_path / "b.jsonl", lines(*records[:then])))
    assert (done.added, done.known) == (max(then - first, 0), min(first, then))
    assert len(pairs(workspace)) == 4 * max(first, then)


@pytest.mark.parametrize(
    "line",
    ["{", "[1, 2", '{"date": 1}', "null", '"text"', "{}", "12", '{"source": {"a": [[[]]]}}', "{" * 100_000, "[" * 100_000,
     '{"date": "2018-01-01", "event": "AGREE", "source": NaN}', '{"event": {"a": 1}, "source": "PRK", "date": "2018-01-01"}',
     '{"date": "2018-01-01", "event": "AGREE", "source": [[["PRK"]]]}', "\\u0000", "{'a': 1}"],
)  # fmt: skip
def test_broken_records_are_put_aside(line: str, tmp_path: Path) -> None:
    """Never a crash, and the records before and after are there."""
    text = lines(record(id="1")) + line + "\n" + lines(record(id="2"))
    workspace = Workspace.create(tmp_path / "record")
    done = add(workspace, written(tmp_path / "x.jsonl", text))
    assert (done.read, done.added) == (3, 2)
    ((number, _, content),) = aside(workspace, done)
    assert (number, content) == (2, line)


def test_a_list_that_breaks_off(tmp_path: Path) -> None:
    """A truncated download: what is whole is read, the rest is put aside."""
    text = json.dumps([record(id=str(n)) for n in range(4)], indent=1)
    workspace = Workspace.create(tmp_path / "record")
    done = add(workspace, written(tmp_path / "x.json", text[: text.rindex('"event"')]))
    assert done.added == 3
    assert sum(done.rejected.values()) >= 1


POLECAT = [
    *["Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts", "Actor Name"],
    *["Actor Country", "Actor COW", "Primary Actor Sector", "Actor Sectors", "Actor Title", "Recipient Name"],
    *["Recipient Country", "Recipient COW", "Primary Recipient Sector", "Recipient Sectors", "Recipient Title", "Placename"],
    *["City", "District", "Province", "Country", "Latitude", "Longitude", "Publication Date", "Publisher", "Language"],
]


def polecat_row(**more: object) -> dict[str, object]:
    return {
        "Event ID": "e1", "Event Date": "2023-06-12", "Event Type": "CONSULT", "Event Mode": "visit", "Intensity": "2.0",
        "Actor Name": "Kim Jong-un", "Actor Country": "North Korea", "Recipient Name": "Vladimir Putin",
        "Recipient Country": "Russia", "Country": "Russia", "Placename": "Vladivostok", "Publisher": "TASS", **more,
    }  # fmt: skip


def test_polecat_table(tmp_path: Path) -> None:
    """Tab-separated with a header. Catches the actors' countries taken from the place."""
    workspace = Workspace.create(tmp_path / "record")
    rows = [polecat_row(), polecat_row(**{"Event ID": "e2", "Event Type": "ASSAULT", "Intensity": "", "Recipient Name": ""})]
    done = add(workspace, written(tmp_path / "x.txt", table(POLECAT, rows)))
    assert (done.files[0].format, done.added) == ("plover", 2)
    first, second = events(workspace)
    assert (first["source_country"], first["target_country"], first["place"]) == ("PRK", "RUS", "Vladivostok")
    assert (first["code"], first["quad"], first["intensity"], first["publisher"]) == ("CONSULT-visit", 1, 2.0, "TASS")
    assert (second["target"], second["quad"], second["intensity"], second["scale"]) == ("Russia", 4, None, None)


def test_polecat_with_tabs_too_many(tmp_path: Path) -> None:
    """Some of the published files end their lines in tabs that no column belongs to."""
    text = table(POLECAT, [polecat_row()]) + table(POLECAT, [polecat_row(**{"Event ID": "e2"})], header=False)[:-1] + "\t\t\n"
    workspace = Workspace.create(tmp_path / "record")
    assert add(workspace, written(tmp_path / "x.txt", text)).added == 2
