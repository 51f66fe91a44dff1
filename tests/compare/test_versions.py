"""Two versions of a case: every entry that was changed is told, nothing else is, and what that did to the roadmap."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import detente as dt
from detente.case.diff import changes, counts
from detente.case.edit import changed
from detente.case.load import load
from detente.cli import app
from detente.compare.versions import versions
from smallcases import Data, parties, swap, you_first

BOTH = {"entry": {"give-a": 0, "give-b": 0}}


def test_each_kind_of_change_is_told_once() -> None:
    """Catches a change that is not told, told of another entry, told twice, or told although nothing changed."""

    def later(data: Data) -> None:
        data["title"] = "Two gifts again"
        data["parties"]["a"]["trust"]["b"] = [0.3, 0.4, 0.6]
        data["parties"]["b"]["red_line"] = 3
        data["measures"]["give-a"]["value"]["b"] = 3
        data["measures"]["third"] = {"title": "C", "by": "a", "kind": "other", "value": {"a": 1}}
        del data["measures"]["give-b"]
        data["demands"] = [{"id": "first", "by": "b", "first": ["give-a"], "before": ["third"]}]

    found = changes(load(swap()), load(swap(later)))
    assert {(c.path, c.kind) for c in found} == {
        ("title", "changed"),
        ("parties.a.trust.b", "changed"),
        ("parties.b.red_line", "changed"),
        ("measures.give-a.value.b", "changed"),
        ("measures.third", "added"),
        ("measures.give-b", "dropped"),
        ("demands.first", "added"),
    }
    told = {c.path: (c.old, c.new, c.was, c.now) for c in found}
    assert told["parties.a.trust.b"] == (0.5, (0.3, 0.4, 0.6), "0.5", "0.4 (0.3 to 0.6)")
    assert told["parties.b.red_line"] == (None, 3, "not given", "3")
    assert counts(found)["measures"] == {"changed": 1, "added": 1, "dropped": 1}
    assert all(json.dumps(c.to_dict()) for c in found)


def test_what_says_the_same_is_no_change() -> None:
    """Catches comments, layout, the order of entries, or a default that is written out, told as changes."""
    data = swap(you_first)
    other = copy.deepcopy(data)
    other["measures"] = dict(reversed(other["measures"].items()))
    other["demands"].reverse()
    for spec in other["measures"].values():
        spec |= {"lag": 1, "slices": 1, "irreversible": 0}
    assert changes(load(data), load(other)) == ()
    flagship = load("us-dprk-2019")
    assert changes(flagship, flagship) == ()


def test_every_number_that_is_changed_in_the_real_case_is_told() -> None:
    """Catches a key, at any depth of a real file, whose change goes unseen: every number of parties and measures."""
    case = load("us-dprk-2019")
    plain = case.model_dump(mode="json", by_alias=True, exclude_defaults=True)

    def numbers(data: Any, path: str) -> list[tuple[str, Any]]:
        if isinstance(data, dict):
            return [x for key, inner in data.items() for x in numbers(inner, f"{path}.{key}")]
        return [(path.removeprefix("."), data)] if isinstance(data, float) else []

    def other(data: Any) -> Any:
        if isinstance(data, dict):
            return {key: other(inner) for key, inner in data.items()}
        return round(data * 0.99, 6) if isinstance(data, float) else data

    blocks = ("parties", "measures")
    found = dict(x for block in blocks for x in numbers(plain[block], block) if x[1])
    assert len(found) > 30
    told = changes(load(plain), load({**plain, **{block: other(plain[block]) for block in blocks}}))
    assert {c.path: c.old for c in told} == found


def test_what_the_change_did_to_the_roadmap() -> None:
    """Catches a roadmap that is judged in the wrong version, a step that moved and is not told, and a wrong gain.

    Together from phase 0 both gain (2 - 1) / 0.2 = 5; with A's gift worth 3 to B, B gains (3 - 1) / 0.2 = 10. When each trusts
    the other with 0.1 only, the odds are 1/9: at phase 0 each risks 1 for 5 more, and 1 > 5/9.
    """
    old = load(swap(lambda data: data["phases"].update(count=3)))
    richer = changed(old, {"measures.give-a.value.b": 3})
    found = versions(old, richer, roadmap=BOTH, new_roadmap={"entry": {"give-a": 1, "give-b": 0}})
    assert found.old is not None
    assert found.carried is not None
    assert found.new is not None
    assert (dict(found.old.gain), dict(found.carried.gain)) == ({"a": 5, "b": 5}, {"a": 5, "b": 10})
    assert [(s.measure, s.kind, str(s.old), str(s.new)) for s in found.steps] == [
        ("give-a", "later", "2020-01-01", "2020-02-01")
    ]
    wary = versions(old, load(swap(parties(trust=0.1), lambda data: data["phases"].update(count=3))), roadmap=BOTH)
    assert wary.carried is not None
    assert wary.new is None
    assert (wary.old and wary.old.verdict, wary.carried.verdict) == ("holds", "broken")


def test_a_roadmap_is_carried_over_by_date() -> None:
    """Catches a roadmap that is carried over by the number of the phase when the date of the case moved on, or that loses a
    step without a word."""
    old = load(swap(lambda data: data["phases"].update(count=4)))

    def next_month(data: Data) -> None:
        data["as_of"] = "2020-02-01"
        data["phases"]["count"] = 2

    found = versions(old, load(swap(next_month)), roadmap={"entry": {"give-a": 0, "give-b": 2}})
    assert found.carried is not None
    assert found.carried.roadmap.entry == {"give-a": None, "give-b": 1}
    assert found.lost == ("give-a",)


def test_plans_are_those_of_each_version() -> None:
    """Catches a plan of one version that is told for the other."""
    old, new = load(swap()), load(swap(parties(trust=0.05)))
    found = versions(old, new, plan=True)
    assert found.old is not None
    assert found.new is not None
    assert found.old.roadmap == dt.plan(old, likely=True).roadmap
    assert found.new.roadmap == dt.plan(new, likely=True).roadmap
    assert {s.kind for s in found.steps} == {"dropped"}


def test_the_command_tells_the_difference(tmp_path: Path) -> None:
    """Catches a command that tells something else than the function, and an exit code that says fine of a broken roadmap."""
    for name, data in (("old", swap()), ("new", swap(parties(trust=0.1)))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "swap.yaml").write_text(json.dumps(data), encoding="utf-8")
    roadmap = tmp_path / "both.json"
    roadmap.write_text(json.dumps(BOTH), encoding="utf-8")
    files = [str(tmp_path / name / "swap.yaml") for name in ("old", "new")]
    run = CliRunner()
    plain = run.invoke(app, ["case", "diff", *files, "--json"])
    assert (plain.exit_code, json.loads(plain.stdout)) == (0, versions(*files).to_dict())
    broken = run.invoke(app, ["case", "diff", *files, "--roadmap", str(roadmap), "--json"])
    assert broken.exit_code == 1
    assert json.loads(broken.stdout)["roadmaps"]["carried"]["verdict"] == "broken"
    assert run.invoke(app, ["case", "diff", *files, "--roadmap", str(roadmap)]).exit_code == 1
    assert run.invoke(app, ["case", "diff", "-", "-"]).exit_code == 2
    with pytest.raises(dt.errors.RoadmapError):
        versions(*files, roadmap={"entry": {"nobody": 0}})
