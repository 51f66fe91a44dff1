"""Roadmap files, hand-written ones too: what is meant is read, what is not a roadmap is refused with every fault named."""

from __future__ import annotations

import datetime
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente.case.instance import Instance
from detente.case.load import read_case
from detente.errors import RoadmapError
from detente.plan.roadmap import Roadmap, roadmap_from_steps, roadmap_from_text
from detente.plan.verify import as_roadmap
from smallcases import Data, swap


def cut(data: Data) -> None:
    """A's gift in three slices; a talk that is in force."""
    data["measures"]["give-a"]["slices"] = 3
    talk = {"title": "Talk", "by": ["a", "b"], "kind": "contact", "value": {"a": 1, "b": 1}, "in_force": True}
    data["measures"]["talk"] = talk


@pytest.fixture(scope="module")
def instance() -> Instance:
    return read_case(json.dumps(swap(cut))).instance


def read(entry: Any, instance: Instance, **more: Any) -> dict[str, int | None]:
    return dict(roadmap_from_text(json.dumps({"entry": entry, **more}), instance).entry)


NOTHING = {"give-a/1": None, "give-a/2": None, "give-a/3": None, "give-b": None, "talk": -1}


@pytest.mark.parametrize(
    ("entry", "read_as"),
    [
        ({}, {}),
        ({"give-b": 1}, {"give-b": 1}),
        ({"give-a": 0}, {"give-a/1": 0, "give-a/2": 0, "give-a/3": 0}),
        ({"give-a/2": 1}, {"give-a/2": 1}),
        ({"give-a": None, "give-b": 0}, {"give-b": 0}),
        ({"give-b": -1}, {"give-b": -1}),
        ({"talk": None}, {"talk": None}),
    ],
)
def test_what_is_meant(entry: dict[str, int | None], read_as: dict[str, int | None], instance: Instance) -> None:
    """What is left out does not enter or is in force as in the case; a bare id means all slices. What contradicts the case on
    what is in force is read as written: the certificate says so. Catches a schedule that is silently another one."""
    assert read(entry, instance) == NOTHING | read_as
    assert list(read(entry, instance)) == list(NOTHING)


DAYS = tuple(datetime.date(2019, month, 30) for month in (1, 3, 4))


@pytest.mark.parametrize(
    ("text", "phase"),
    [
        ("entry: {give-b: 0}", 0),
        ("# by hand\ncase: swap\nentry:\n  give-b: 2019-03  # the phase that begins in March\n", 1),
        ("entry: {give-b: 2019-01}", 0),
        ("entry: {give-b: 2019-01-30}", 0),
        ("entry: {give-b: 2019-03-29}", 0),
        ("entry: {give-b: 2019-04-29}", 1),
        ('{"entry": {"give-b": "2019-03-30"}}', 1),
        ("entry: {give-b: ~}", None),
        ("entry: {give-b: -1}", -1),
    ],
)
def test_yaml_and_dates(text: str, phase: int | None, instance: Instance) -> None:
    """The two phases begin on 30 January and 30 March. Catches a day that counts in the phase after it."""
    assert dict(roadmap_from_text(text, instance, days=DAYS).entry) == NOTHING | {"give-b": phase}


@pytest.mark.parametrize(
    ("date", "said"),
    [
        ("2019-02", "in which no phase begins"),
        ("2019-01-29", "wanted a date from 2019-01-30 to before 2019-04-30"),
        ("2019-04-30", "wanted a date from 2019-01-30 to before 2019-04-30"),
        ("2019-05", "wanted a date from"),
        ("'2019'", "in which phases 0 to 1 begin"),
        ("2019-13", "wanted a phase from 0 to 1"),
        ("2019-02-30", "wanted a phase from 0 to 1"),
    ],
)
def test_dates_that_name_no_phase(date: str, said: str, instance: Instance) -> None:
    """Catches a date that becomes some phase or other; and one that is taken for a number where nobody knows the dates."""
    with pytest.raises(RoadmapError, match=said):
        roadmap_from_text(f"entry: {{give-b: {date}}}", instance, days=DAYS)
    with pytest.raises(RoadmapError, match="wanted a phase from 0 to 1"):
        roadmap_from_text(f"entry: {{give-b: {date}}}", instance)


def test_the_dates_of_the_case_are_used(tmp_path: Path) -> None:
    """By `verify`, from a file and from plain data, with numpy's numbers for phases."""
    case = read_case(json.dumps(swap(cut)))
    (tmp_path / "r.yaml").write_text(f"entry: {{give-b: {case.phase_date(1)}}}")
    assert as_roadmap(tmp_path / "r.yaml", case).entry["give-b"] == 1
    assert as_roadmap({"entry": {"give-b": case.phase_date(1)}}, case).entry["give-b"] == 1
    assert as_roadmap({"entry": {"give-b": np.int64(1)}}, case) == as_roadmap({"entry": {"give-b": 1}}, case)


def test_more_may_stand_beside_the_entry(instance: Instance) -> None:
    """What `detente plan --json` prints is a roadmap file; so is one with a remark. The round trip changes nothing."""
    assert read({"give-b": 0}, instance, remark="by hand", case="swap", phases=2, certificate=None) == NOTHING | {"give-b": 0}
    roadmap = Roadmap("swap", 2, NOTHING | {"give-a/1": 1})
    assert roadmap_from_text(json.dumps(roadmap.to_dict()), instance) == roadmap


PHASE = "wanted a phase from 0 to 1, -1 (in force already) or null (never)"
LONG = int("1" * 4000)


@pytest.mark.parametrize(
    ("phase", "said"),
    [
        (2, f"got 2, {PHASE}"),
        (-2, f"got -2, {PHASE}"),
        (0.0, f"got 0.0, {PHASE}"),
        (1.5, f"got 1.5, {PHASE}"),
        (True, f"got true, {PHASE}"),
        (False, f"got false, {PHASE}"),
        ("1", f"got '1', {PHASE}"),
        ("x" * 500, "xxx..., wanted"),
        ([0], f"got a list of 1, {PHASE}"),
        ({"phase": 0}, f"got a mapping, {PHASE}"),
        (LONG, "111..., wanted"),
    ],
)
def test_what_is_no_phase(phase: object, said: str, instance: Instance) -> None:
    """Catches a phase beyond the horizon, and true taken for 1; the message stays short whatever was got."""
    with pytest.raises(RoadmapError) as refused:
        read({"give-b": phase}, instance)
    (fault,) = refused.value.faults
    assert fault.key == "entry.give-b"
    assert said in fault.message
    assert len(str(refused.value)) < 250


def test_every_fault_at_once(instance: Instance) -> None:
    """Whoever writes by hand makes several slips: catches a reader that stops at the first."""
    with pytest.raises(RoadmapError) as refused:
        read({"giv-b": 0, "give-a": 0, "give-a/2": 1, "talk": 7, "nonsense": 0}, instance, case="other")
    faults = {f.key: (f.message, f.hint) for f in refused.value.faults}
    assert faults == {
        "case": ("the roadmap is for case 'other', not 'swap'", "give the case it was made for"),
        "entry.giv-b": ("no such measure in the case", "did you mean give-b?"),
        "entry.give-a/2": ("give-a/2 is placed twice", "give each measure one phase"),
        "entry.talk": (f"got 7, {PHASE}", ""),
        "entry.nonsense": ("no such measure in the case", ""),
    }
    assert all(message in str(refused.value) for message, _ in faults.values())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "r.json: empty: there is no roadmap in it"),
        ("entry: [give-b", "not YAML"),
        ("entry: {give-b: 0, give-b: 1}", "1:20: entry.give-b: the key 'give-b' is given twice"),
        ("entry:\n  give-b: 0\n  giv-a: 1", "3:3: entry.giv-a: no such measure in the case (did you mean give-a?)"),
        ('{"entry":\n {"give-b": }}', "2:13: not JSON"),
        ("\ufeff{}", "1:1: not JSON"),
        ("[]", "got a list"),
        ("null", "got nothing"),
        ("7", "got 7"),
        ("{}", "got the keys none"),
        ('{"case": "swap", "entries": {}}', "got the keys case, entries"),
        ('{"entry": [["give-b", 0]]}', "a list of 1 under `entry`"),
        ('{"entry": null}', "nothing under `entry`"),
        ('{"entry": {"give-b": 0, "give-b": 1}}', "give-b is given twice"),
        ('{"entry": {}, "entry": {}}', "entry is given twice"),
        ('{"case": ["swap"], "entry": {}}', "is for case a list of 1, not 'swap'"),
        ("[" * 100_000, "nested too deeply"),
        ('{"entry": ' + "[" * 100 + "]" * 100 + "}", "more than 40 levels"),
        ('{"entry": {"give-b": NaN}}', "got NaN, which is not JSON"),
        ('{"entry": {"give-b": 1e999}}', "too large"),
        ('{"entry": {"give-b": ' + "[" * 50_000 + "]" * 50_000 + "}}", "nested too deeply"),
        ('{"entry": {"give-b": ' + "1" * 5000 + "}}", "a number of 5,000 digits"),
    ],
)
def test_what_is_no_roadmap(text: str, said: str, instance: Instance) -> None:
    """Catches a traceback, and a file without a roadmap that is taken for the empty one."""
    with pytest.raises(RoadmapError) as refused:
        roadmap_from_text(text, instance, source="r.json")
    assert said in str(refused.value)
    assert "r.json" in str(refused.value)


def test_files_that_cannot_be_read(instance: Instance, tmp_path: Path) -> None:
    """A folder, nothing there, other bytes than text: each is said."""
    (tmp_path / "bytes").write_bytes(b"{\x81\xfe}")
    for name, said in ((".", "it is a folder"), ("missing", "there is no such file"), ("bytes", "not UTF-8")):
        with pytest.raises(RoadmapError, match=said):
            as_roadmap(tmp_path / name, instance)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="whoever runs this may read everything")
def test_a_file_one_may_not_read(instance: Instance, tmp_path: Path) -> None:
    """No permission is a message, not a traceback."""
    path = tmp_path / "roadmap.json"
    path.write_text("{}")
    path.chmod(0)
    with pytest.raises(RoadmapError, match="Permission denied"):
        as_roadmap(path, instance)


def test_orders_as_roadmaps(instance: Instance) -> None:
    """Position is phase; what is in force stays so wherever an order names it; too many steps and strangers are refused."""
    assert dict(roadmap_from_steps([["talk"], ["give-a", "give-b"]], instance).entry) == NOTHING | {
        "give-a/1": 1,
        "give-a/2": 1,
        "give-a/3": 1,
        "give-b": 1,
    }
    with pytest.raises(RoadmapError) as refused:
        roadmap_from_steps([[], [], ["give-b"], ["giveb"]], instance)
    assert [f.key for f in refused.value.faults] == ["entry.give-b", "entry.giveb"]
