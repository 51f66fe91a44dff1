"""The bundled record: sourced, dated before the case, coded by the published scale, and the same for both sides."""

from __future__ import annotations

import csv
import datetime
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from detente.case.load import load
from detente.errors import RecordError
from detente.record.library import bundled_record, records, rows, start
from detente.record.schema import EVENTS, INDICATORS, TABLES
from detente.record.workspace import Workspace

SHARED = Path(__file__).resolve().parents[4] / "shared"
CASE = "us-dprk-2019"


def shared(path: str) -> Path:
    """A file for development; the test is skipped, and says so, where it is not at hand."""
    file = SHARED / path
    if not file.exists():
        pytest.skip(f"{path} is not at hand beside the project")
    return file


@pytest.mark.parametrize("slug", records())
def test_every_line_is_complete_and_dated_before_the_case(slug: str) -> None:
    """Catches hindsight, an event without a source or a title, a column that the schema does not know, a doubled id."""
    as_of = load(slug).as_of
    events, indicators = rows(slug, "events"), rows(slug, "indicators")
    assert len({e["id"] for e in events}) == len(events)
    for e in events:
        assert set(e) <= set(EVENTS)
        assert e["title"]
        assert e["publisher"]
        assert datetime.date.fromisoformat(e["date"] or "") <= as_of
        assert (e["code"] is None) == (e["quad"] is None) == (e["intensity"] is None)
        assert len(e["title"]) <= 90
        assert not e["title"].endswith((".", "!"))
    for i in indicators:
        assert set(i) == set(INDICATORS)
        assert i["evidence"]
        assert i["period"] in (None, "day", "month", "quarter", "year")
        assert datetime.date.fromisoformat(i["date"] or "") <= as_of
    assert [e["date"] for e in events] == sorted(e["date"] or "" for e in events)


def test_codes_have_the_published_intensity_and_their_quad_class() -> None:
    """Catches an intensity that was typed in by hand, or leans to one side."""
    with shared("data/gdelt_schema/CAMEO.goldsteinscale.txt").open(encoding="utf-8") as file:
        scale = {line["CAMEOEVENTCODE"]: float(line["GOLDSTEINSCALE"]) for line in csv.DictReader(file, delimiter="\t")}
    quads = {range(1, 6): "1", range(6, 9): "2", range(10, 14): "3", range(15, 21): "4"}
    for e in rows(CASE, "events"):
        if e["code"] is not None:
            assert float(e["intensity"] or "nan") == scale[e["code"]], e["id"]
            assert e["quad"] == next(q for roots, q in quads.items() if int(e["code"][:2]) in roots), e["id"]
            assert (e["ontology"], e["scale"]) == ("cameo", "goldstein")


def test_missile_tests_by_month_are_those_of_the_published_list() -> None:
    """Catches a month that was miscounted: both published lists agree on 2017 and 2018."""
    counted: Counter[str] = Counter()
    with shared("data/dprk_missile_tests/nagix_missile_tests_1984_2026.csv").open(encoding="utf-8") as file:
        for line in csv.DictReader(file):
            counted[line["date"][:7]] += 1
    ours = {str(i["date"])[:7]: float(i["value"] or 0) for i in rows(CASE, "indicators") if i["indicator"] == "missile-tests"}
    assert len(ours) == 25
    assert ours == {month: counted.get(month, 0) for month in ours}


def test_the_words_are_our_own() -> None:
    """Catches a sentence of the article that has slipped into the record: no eight words in a row are the same."""
    article = _words(shared(f"{CASE}/article.txt").read_text(encoding="utf-8"))
    theirs = {tuple(article[k : k + 8]) for k in range(len(article))}
    for line in (*rows(CASE, "events"), *rows(CASE, "indicators")):
        ours = _words(" ".join(v for v in line.values() if v))
        assert not theirs & {tuple(ours[k : k + 8]) for k in range(len(ours) - 7)}, line


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def test_what_two_did_together_stands_for_each_of_them() -> None:
    """Catches a signature of which only one side has the credit."""
    signed = [e for e in rows(CASE, "events") if e["code"] == "057"]
    ways = Counter((e["date"], e["source_country"], e["target_country"]) for e in signed)
    assert signed
    for date, a, b in ways:
        assert ways[date, a, b] == ways[date, b, a] == 1


def test_starting_twice_adds_nothing(tmp_path: Path) -> None:
    """Catches a record that doubles, or a row that does not know its line."""
    first = start(CASE, tmp_path / "w")
    assert first.added["events"] == len(rows(CASE, "events"))
    again = start(CASE, tmp_path / "w")
    assert set(again.added.values()) == {0}
    assert again.known == first.added
    json.dumps(first.to_dict())
    with Workspace.open(tmp_path / "w").connect() as connection:
        for table in TABLES:
            assert connection.execute(f"select count(*) from {table}").fetchone() == (len(rows(CASE, table)),)
        found = connection.execute("select line, file from events_sourced where id = 'remains'").fetchall()
    expected = 2 + [e["id"] for e in rows(CASE, "events")].index("remains")
    assert found == [(expected, f"{CASE}/events.csv")]


def test_a_record_that_is_not_bundled_is_named_and_nothing_is_left(tmp_path: Path) -> None:
    """Catches an empty workspace left behind by a misspelt case."""
    with pytest.raises(RecordError, match=r"us-dprk-2018: has no bundled record .*us-dprk-2019"):
        start("us-dprk-2018", tmp_path / "w")
    assert not (tmp_path / "w").exists()


def test_a_record_for_a_moment_is_gone_afterwards() -> None:
    """Catches temporary folders that pile up."""
    with bundled_record(CASE) as workspace:
        assert workspace.parts("events")
    assert not workspace.path.exists()


def test_other_events_can_be_imported_beside_it(tmp_path: Path) -> None:
    """Catches a bundled part that lacks what later imports and listings want to know of it."""
    from detente.record.contents import contents
    from detente.record.importing.importing import import_files

    start(CASE, tmp_path / "w")
    table = tmp_path / "own.tab"
    table.write_text("2018-06-12\tUSA\tPRK\t046\n2018-06-13\tPRK\tUSA\t046\n", encoding="utf-8")
    workspace = Workspace.open(tmp_path / "w")
    done = import_files(workspace, [table], format="keds", ontology="cameo")
    assert done.added == 2
    assert len(contents(workspace).additions["events"]) == 2
