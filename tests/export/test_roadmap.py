"""A roadmap in the files of other programs, opened again by readers that are not ours where there is one."""

from __future__ import annotations

import csv
import datetime
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import networkx
import pytest
from typer.testing import CliRunner

from detente.case.case import Case
from detente.case.load import load
from detente.cli import app
from detente.errors import InputError
from detente.export.calendar import folded
from detente.export.project import NAMESPACE
from detente.export.roadmap import ENDINGS, exported
from detente.export.table import COLUMNS
from detente.plan.roadmap import Roadmap, roadmap_of_data
from detente.plan.verify import read
from smallcases import Data, swap

TITLE = '=HYPERLINK("x"); a, b \\ <b> & \U0001f54a \u05d0\u05d1 ' + "long " * 30


def ugly(data: Data) -> None:
    """Four months; a gift in three slices, work that takes two phases, and a title that every format has to escape."""
    data["phases"]["count"] = 4
    data["title"] = TITLE.strip()
    data["measures"]["give-a"] |= {"title": TITLE.strip(), "slices": 3}
    data["measures"]["give-b"] |= {"takes": 2, "requires": [{"any": ["give-a/1"], "after": 0}]}
    data["measures"]["meet"] = {"title": "-1 meeting", "by": ["a", "b"], "kind": "contact", "value": {"a": 1, "b": 1}}


CASE = load(swap(ugly))
ENTRY = {"give-a/1": 0, "give-a/2": 0, "give-a/3": 2, "give-b": 3, "meet": 1}
DAYS = [datetime.date(2020, month, 1) for month in (1, 2, 3, 4)]


def roadmap(case: Case = CASE) -> Roadmap:
    return roadmap_of_data({"entry": ENTRY}, case.instance)


def test_the_table_has_the_steps_and_no_formula() -> None:
    """Catches a step that is left out or misdated, and a title that a spreadsheet would run as a formula."""
    rows = list(csv.DictReader(io.StringIO(exported(CASE, roadmap(), ".csv").removeprefix("\ufeff"))))
    steps = [
        (r["number"], r["phase"], r["enters"], r["work_starts"], r["party_ids"], r["measures"], r["waits_for"]) for r in rows
    ]
    assert steps == [
        ("1", "0", "2020-01-01", "2020-01-01", "a", "give-a/1; give-a/2", ""),
        ("2", "1", "2020-02-01", "2020-02-01", "a; b", "meet", ""),
        ("3", "2", "2020-03-01", "2020-03-01", "a", "give-a/3", "1"),
        ("4", "3", "2020-04-01", "2020-02-01", "b", "give-b", "1"),
    ]
    assert all(not value.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for value in row.values())
    assert rows[0]["step"].startswith("'=HYPERLINK")


def test_the_calendar_is_read_back() -> None:
    """Catches events that a calendar does not take, misdates or cuts, and texts that do not come out as they went in."""
    icalendar = pytest.importorskip("icalendar", reason="CALENDAR TEST SKIPPED: pip install icalendar")
    text = exported(CASE, roadmap(), ".ics")
    events = icalendar.Calendar.from_ical(text).walk("VEVENT")
    spans = [(e["DTSTART"].dt, e["DTEND"].dt) for e in events]
    day = datetime.timedelta(days=1)
    assert spans == [(DAYS[0], DAYS[0] + day), (DAYS[1], DAYS[1] + day), (DAYS[2], DAYS[2] + day), (DAYS[1], DAYS[3] + day)]
    assert str(events[0]["SUMMARY"]) == f"1. {CASE.measures['give-a'].title}, parts 1 and 2 of 3 (Party A)"
    assert len({str(e["UID"]) for e in events}) == 4
    assert {e["DTSTAMP"].dt for e in events} == {datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)}
    later = exported(CASE, roadmap().moved("meet", 2), ".ics")
    assert {str(e["UID"]) for e in icalendar.Calendar.from_ical(later).walk("VEVENT")} == {str(e["UID"]) for e in events}


def test_lines_of_a_calendar_are_folded_as_the_standard_says() -> None:
    """Catches a line of more than 75 octets, a character cut in two, and a line end that is not CRLF (RFC 5545, 3.1)."""
    text = exported(CASE, roadmap(), ".ics").encode("utf-8")
    lines = text.split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= 75 and b"\n" not in line and line.decode("utf-8") is not None for line in lines)
    assert any(line.startswith(b" ") for line in lines)
    for size in range(70, 80):
        line = "x" * size + "\U0001f54a" * 30
        assert folded(line).replace("\r\n ", "") == line


# The order of elements in the schema of Project 2007 (mspdi_pj12.xsd), as Microsoft's documentation of it has them; those used.
ORDER = {
    "Project": "SaveVersion Name Title CreationDate ScheduleFromStart StartDate FinishDate CalendarUID DefaultStartTime "
    "DefaultFinishTime MinutesPerDay MinutesPerWeek DaysPerMonth Calendars Tasks Resources Assignments",
    "Calendar": "UID Name IsBaseCalendar WeekDays",
    "WeekDay": "DayType DayWorking WorkingTimes",
    "WorkingTime": "FromTime ToTime",
    "Task": "UID ID Name Type IsNull WBS OutlineNumber OutlineLevel Start Finish Duration DurationFormat Estimated Milestone "
    "Summary ConstraintType CalendarUID ConstraintDate Notes PredecessorLink",
    "PredecessorLink": "PredecessorUID Type LinkLag",
    "Resource": "UID ID Name Type",
    "Assignment": "UID TaskUID ResourceUID Finish Start Units",
}


def test_the_project_keeps_the_order_of_the_schema() -> None:
    """Catches an element that Microsoft Project does not know, or not there: it refuses the whole file."""
    root = ET.fromstring(exported(CASE, roadmap(), ".xml"))
    seen = set()
    for element in root.iter():
        name = element.tag.removeprefix(f"{{{NAMESPACE}}}")
        assert element.tag.startswith(f"{{{NAMESPACE}}}")
        if name in ORDER:
            seen.add(name)
            order = ORDER[name].split()
            places = [order.index(child.tag.removeprefix(f"{{{NAMESPACE}}}")) for child in element]
            assert places == sorted(places), name
    assert seen == ORDER.keys()


def test_the_project_has_tasks_links_and_resources() -> None:
    """Catches a task, a predecessor or a party that is missing, and work that is shorter or longer than in the roadmap."""
    names = {"p": NAMESPACE}
    root = ET.fromstring(exported(CASE, roadmap(), ".xml"))
    tasks = root.findall("p:Tasks/p:Task", names)
    told = [tuple(t.findtext(f"p:{key}", "", names) for key in ("Start", "Finish", "Duration", "Milestone")) for t in tasks]
    at = [f"{day}T00:00:00" for day in DAYS]
    assert told == [
        (at[0], at[0], "PT0H0M0S", "1"),
        (at[1], at[1], "PT0H0M0S", "1"),
        (at[2], at[2], "PT0H0M0S", "1"),
        (at[1], at[3], f"PT{24 * (29 + 31)}H0M0S", "0"),  # February 2020 has 29 days
    ]
    links = [[link.text for link in t.findall("p:PredecessorLink/p:PredecessorUID", names)] for t in tasks]
    assert links == [[], [], ["1"], ["1"]]
    assert [r.text for r in root.findall("p:Resources/p:Resource/p:Name", names)] == ["Party A", "Party B"]
    assigned = [
        (a.findtext("p:TaskUID", "", names), a.findtext("p:ResourceUID", "", names))
        for a in root.iter(f"{{{NAMESPACE}}}Assignment")
    ]
    assert assigned == [("1", "1"), ("2", "1"), ("2", "2"), ("3", "1"), ("4", "2")]


READER = """
import sys, json, jpype, mpxj
jpype.startJVM()
from org.mpxj.reader import UniversalProjectReader
project = UniversalProjectReader().read(sys.argv[1])
print(json.dumps([[str(t.getName()), str(t.getStart()), str(t.getFinish()),
    sorted(int(str(r.getPredecessorTask().getID())) for r in t.getPredecessors()),
    sorted(str(a.getResource().getName()) for a in t.getResourceAssignments())] for t in project.getTasks()]))
"""


def test_a_reader_of_project_files_takes_it(tmp_path: Path) -> None:
    """Catches a project file that another program reads otherwise than it was meant."""
    pytest.importorskip("mpxj", reason="PROJECT TEST SKIPPED: pip install mpxj")
    if shutil.which("java") is None:
        pytest.skip("PROJECT TEST SKIPPED: there is no java on PATH")
    file = tmp_path / "roadmap.xml"
    file.write_text(exported(CASE, roadmap(), ".xml"), encoding="utf-8")
    done = subprocess.run([sys.executable, "-c", READER, str(file)], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    title = CASE.measures["give-a"].title
    assert found == [
        [f"{title}, parts 1 and 2 of 3", "2020-01-01T00:00", "2020-01-01T00:00", [], ["Party A"]],
        ["-1 meeting", "2020-02-01T00:00", "2020-02-01T00:00", [], ["Party A", "Party B"]],
        [f"{title}, part 3 of 3", "2020-03-01T00:00", "2020-03-01T00:00", [1], ["Party A"]],
        ["B gives", "2020-02-01T00:00", "2020-04-01T00:00", [1], ["Party B"]],
    ]


def test_the_network_is_read_back() -> None:
    """Catches a graph that networkx reads otherwise: a step, an arc or a title that is missing or changed."""
    graph = networkx.parse_graphml(exported(CASE, roadmap(), ".graphml"))
    assert sorted(graph.edges) == [("s1", "s3"), ("s1", "s4")]
    assert graph.nodes["s1"]["title"] == f"{CASE.measures['give-a'].title}, parts 1 and 2 of 3"
    assert {n: (x["phase"], x["enters"]) for n, x in graph.nodes.items()} == {
        "s1": (0, "2020-01-01"), "s2": (1, "2020-02-01"), "s3": (2, "2020-03-01"), "s4": (3, "2020-04-01"),
    }  # fmt: skip


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_roadmap_gives_the_same_bytes(ending: str) -> None:
    """Catches a time, a number or an order that is not of the roadmap, and a file that follows the seed of hashes."""
    text = exported(CASE, roadmap(), ending)
    assert exported(load(swap(ugly)), roadmap(), ending) == text
    assert str(datetime.datetime.now(tz=datetime.UTC).year) not in text


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_roadmap_without_steps_is_no_file(ending: str) -> None:
    """Catches a file without a step that looks like an answer."""
    with pytest.raises(InputError):
        exported(CASE, Roadmap.empty(CASE.instance), ending)


def test_the_commands_write_by_the_ending(tmp_path: Path) -> None:
    """Catches an ending that is not understood, another one that no longer gets its certificate, and half a file."""
    case, plan = tmp_path / "swap.yaml", tmp_path / "roadmap.json"
    case.write_text(json.dumps(swap(ugly), ensure_ascii=False), encoding="utf-8")
    plan.write_text(json.dumps({"entry": ENTRY}), encoding="utf-8")
    run = CliRunner()
    for ending in ENDINGS:
        out = tmp_path / f"r{ending.upper()}"
        run.invoke(app, ["verify", str(case), str(plan), "-o", str(out)])
        assert out.read_bytes().decode("utf-8") == exported(CASE, roadmap(), ending)
    planned, certificate = tmp_path / "planned.csv", tmp_path / "c.json"
    assert run.invoke(app, ["plan", "toy-exchange", "--likely", "-o", str(planned)]).exit_code == 0
    assert "give-a/1" in planned.read_text(encoding="utf-8")
    run.invoke(app, ["verify", str(case), str(plan), "-o", str(certificate)])
    assert json.loads(certificate.read_text(encoding="utf-8"))["rows"]
    plan.write_text('{"entry": {}}', encoding="utf-8")
    for wrong in (["-o", str(tmp_path / "none.ics")], ["-o", str(tmp_path / "none.csv"), "--party", "a"]):
        refused = run.invoke(app, ["verify", str(case), str(plan), *wrong])
        assert refused.exit_code == 2 or isinstance(refused.exception, InputError)
    assert not list(tmp_path.glob("none*"))


def test_what_nobody_does_is_no_step() -> None:
    """Catches a payment of a support that stands among the steps, under an id of ours, and shifts their numbers."""

    def paid(data: Data) -> None:
        data["supports"] = [{"id": "fund", "title": "A fund", "of": ["give-a"], "value": {"a": 1}, "cost": {"b": 0.1}}]

    case = load(swap(paid))
    instance, found, _ = read(case, {"entry": {"give-a": 0, "give-b": 1}, "supports": ["fund"]})
    assert len(found.steps[0]) > 1  # the payment enters with the gift
    rows = list(csv.reader(io.StringIO(exported(case, found, ".csv", instance))))[1:]
    assert [(row[0], row[COLUMNS.index("measures")]) for row in rows] == [("1", "give-a"), ("2", "give-b")]
