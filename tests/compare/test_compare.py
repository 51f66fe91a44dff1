"""Roadmaps side by side: the figures against enumeration, and what is given wrongly."""

from __future__ import annotations

import io
import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import smallcases
from bruteforce import BruteForce
from detente.base.parts import Table
from detente.case.instance import Instance
from detente.case.load import load
from detente.cli import app
from detente.compare.compare import compare
from detente.compare.telling import show_comparison
from detente.compare.trust import at_level, factor_of, level_of, reference, strain
from detente.errors import RoadmapError
from detente.plan.certificate import certify
from detente.plan.roadmap import Roadmap, roadmap_from_steps
from gifts import near, uncertain
from strategies import instances

F = Fraction
TOY = load("toy-exchange")
BELIEF = ("trust", "doubt")


def roadmaps(instance: Instance, data: st.DataObject) -> Roadmap:
    """Any schedule of an instance."""
    phases = st.sampled_from([None, *range(instance.phases)])
    entry = {m.id: -1 if m.in_force else data.draw(phases) for m in instance.measures}
    return Roadmap(instance.case, instance.phases, entry)


@settings(max_examples=60)
@given(instances(most_measures=4, most_phases=4, trades=True), st.data())
def test_strain_is_the_share_of_trust_that_is_needed(instance: Instance, data: st.DataObject) -> None:
    """Against the rows from the definition: the largest risk over allowance; and rows of trust and doubt hold from the level of
    the strain on, not all of them below. Catches a pair, phase or lag left out, and a factor applied to trust in place of
    odds."""
    roadmap = roadmaps(instance, data)
    found = strain(certify(instance, roadmap))
    shares = [(s.left, s.right) for k, s in BruteForce(instance).rows(roadmap) if k.row in BELIEF and s.left > 0]
    if any(right <= 0 for _, right in shares):
        assert found is None
        return
    # whose row has nothing at risk may still be broken at any trust, by an allowance below 0: such a roadmap breaks rows of
    # incentives, too, and has no level from which on it holds
    assume(all(s.right >= 0 for k, s in BruteForce(instance).rows(roadmap) if k.row in BELIEF))
    assert found == max((left / right for left, right in shares), default=F(0))
    if found and reference(instance) is not None:
        level = level_of(instance, found)
        assert factor_of(instance, level) == found
        for near, holds in ((level, True), (level * F("0.999"), False)):
            kept = [s.slack >= 0 for k, s in BruteForce(at_level(instance, near)).rows(roadmap) if k.row in BELIEF]
            assert all(kept) is holds


@settings(max_examples=40)
@given(instances(most_measures=3, most_phases=3), st.data())
def test_a_level_is_monotone(instance: Instance, data: st.DataObject) -> None:
    """What holds at one level of trust holds at a higher one: catches a scaling that lowers the odds of some pair."""
    if reference(instance) is None:
        return
    roadmap = roadmaps(instance, data)
    low, high = sorted(data.draw(st.tuples(*[st.sampled_from([F(n, 100) for n in (1, 5, 15, 40, 60, 90)])] * 2)))
    if certify(at_level(instance, low), roadmap).holds:
        assert certify(at_level(instance, high), roadmap).holds


def in_steps(*tenths: int) -> Roadmap:
    """Both sides of the exchange give so many tenths of their gift in phase 0, 1, .."""
    entered = [t for t, count in enumerate(tenths) for _ in range(count)]
    entry = {f"give-{i}/{n + 1}": t for i in "ab" for n, t in enumerate(entered)}
    return Roadmap(TOY.case, TOY.instance.phases, entry)


def test_the_exchange_by_hand() -> None:
    """The exchange of toy-exchange in steps of 5, 3 and 2 tenths is worth 0.5 + 0.8 * 0.8 + 0.64 * 5 = 4.34. In phase 0 it
    exposes each to 3 * 0.5 = 1.5, where trust allows 1.5 * 4.34 = 6.51. To cheat would spare it that if the other stops, and
    costs it 4.34 - 6 * 0.5 = 1.34 if not, so that odds of 1.5 / 1.34 are needed. All at once gains a cheat 1 at the start."""
    given_ = {"in-three": in_steps(5, 3, 2), "at-once": in_steps(10)}
    good, bad = compare(TOY, given_).roadmaps
    assert (good.name, bad.name, good.holds, bad.holds) == ("in-three", "at-once", True, False)
    assert dict(good.gain) == {"a": F("4.34"), "b": F("4.34")}
    assert (good.peaks["a"].exposure, good.peaks["a"].toward, good.peaks["a"].phase) == (F("1.5"), "b", 0)
    assert (good.peaks["a"].allowed, good.strain) == (F("6.51"), F(50, 67))
    assert level_of(TOY.instance, F(50, 67)) == F(75, 142)  # odds of 1.5 * 50 / 67
    assert bad.first_failure is not None
    assert (bad.first_failure.row, bad.first_failure.phase, bad.first_failure.slack) == ("incentive", 0, -1)
    assert (good.reach.measures, good.reach.of_measures, good.reach.last_step) == (2, 2, 2)


def test_reach_and_provisions() -> None:
    """What is in force already is neither reached nor open but carries out a provision; half a divisible measure is a part; a
    provision without measures does not count."""
    data = smallcases.swap()
    data["measures"]["give-a"] |= {"slices": 2}
    data["measures"]["kept"] = {"title": "Kept", "by": "a", "kind": "other", "value": {"b": 1}, "in_force": True}
    data["agreements"] = {
        "pact": {
            "title": "Pact",
            "date": "2019-01-01",
            "provisions": [
                {"id": "both", "title": "Both give", "measures": ["give-a", "give-b"]},
                {"id": "kept", "title": "Kept", "measures": ["kept"]},
                {"id": "first", "title": "A begins", "measures": ["give-a/1", "kept"]},
                {"id": "words", "title": "Words"},
            ],
        }
    }
    case = load(data)
    roadmap = Roadmap("swap", 2, {"give-a/1": 0, "give-a/2": None, "give-b": 1, "kept": -1})
    one = compare(case, {"half": roadmap}).roadmaps[0]
    assert (one.name, one.reach.measures, one.reach.in_part, one.reach.of_measures) == ("half", 1, 1, 2)
    assert [(p.id, p.phase) for p in one.provisions] == [("both", None), ("kept", -1), ("first", 0)]
    assert (one.reach.provisions, one.reach.of_provisions, one.reach.last_step) == (2, 3, 1)


def test_a_case_without_orders_and_without_a_roadmap() -> None:
    """The plan stands alone, and where there is none the empty roadmap is called what it is."""
    assert [r.name for r in compare(load(smallcases.swap())).roadmaps] == ["plan"]
    nothing = compare(load(smallcases.swap(smallcases.worth(-2, 1)))).roadmaps[0]
    assert (nothing.title, nothing.reach.measures, nothing.holds) == ("The plan: nothing to recommend", 0, True)


def written(path: Path, entry: dict[str, object], **more: object) -> str:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"entry": entry, **more}), encoding="utf-8")
    return str(path)


def test_two_files_of_one_name_keep_their_folders(tmp_path: Path) -> None:
    """Two roadmaps called alike could not be told apart in the answer."""
    files = [written(tmp_path / d / "draft.json", {"give-a": n}) for n, d in enumerate(("one", "two"))]
    assert [r.name for r in compare(TOY, files).roadmaps] == files
    assert [r.name for r in compare(TOY, [files[0], "two-steps"]).roadmaps] == ["draft", "two-steps"]


def test_every_fault_of_every_roadmap_at_once(tmp_path: Path) -> None:
    """An order that is not there, a missing file, another case's roadmap, no JSON, the same twice: all are named."""
    other = written(tmp_path / "other.json", {"give": 0}, case="dam")
    broken = tmp_path / "broken.json"
    broken.write_text("{", encoding="utf-8")
    with pytest.raises(RoadmapError) as err:
        compare(TOY, ["two-step", str(tmp_path / "none.json"), other, str(broken), "two-steps", "two-steps"])
    said = str(err.value)
    for part in (
        "did you mean 'two-steps'?",
        "none.json: case toy-exchange states no such order, and there is no such file",
        "other.json: case: the roadmap is for case 'dam'",
        "other.json: entry.give: no such measure",
        "broken.json:1:2: not JSON",
        "two-steps: this roadmap is given twice",
    ):
        assert part in said
    with pytest.raises(RoadmapError, match="it states no orders"):
        compare(load(smallcases.swap()), ["slowly"])


def test_a_roadmap_of_another_case() -> None:
    """In Python a roadmap comes without a file: its case, measures and phases must still fit."""
    with pytest.raises(RoadmapError, match="is for case 'toy-exchange' as it was then, not for 'swap'"):
        compare(load(smallcases.swap()), [Roadmap.empty(TOY.instance)])


def test_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Exit code 0 as soon as one holds, 1 where none does, 2 on bad input; the text names each roadmap, JSON agrees with it."""
    runner = CliRunner()
    monkeypatch.setenv("COLUMNS", "200")  # or a narrow terminal wraps the rows within their columns
    given_ = written(tmp_path / "in-three.json", dict(in_steps(5, 3, 2).entry))
    done = runner.invoke(app, ["compare", "toy-exchange", given_, "all-at-once"])
    assert done.exit_code == 0
    for part in ("in-three", "Both give all at once", "First failure", "it would be found out 1 month later"):
        assert part in done.stdout
    assert runner.invoke(app, ["compare", "toy-exchange", "all-at-once", "--json"]).exit_code == 1
    piped = runner.invoke(app, ["compare", "toy-exchange", "-", "--json"], input='{"entry": {}}')
    assert (piped.exit_code, json.loads(piped.stdout)["roadmaps"][0]["name"]) == (0, "standard input")
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert runner.invoke(app, ["compare", "-", "-"]).exit_code == 2


def test_both_shares_of_draws_stand_side_by_side() -> None:
    """Catches a comparison that tells the share at the ranges as given alone, or widens them for one roadmap and not another:
    u triangular on 1.5 -+ by/2 has to be at least 1.5 - 23/96 (`gifts`)."""
    case = load(smallcases.swap(uncertain("a")))
    both = {"both": roadmap_from_steps([["give-a", "give-b"]], case.instance), "none": Roadmap.empty(case.instance)}
    found, wide = (compare(case, both, draws=4000, widen=by) for by in (1, 1.3))
    for one, other in zip(found.roadmaps, wide.roadmaps, strict=True):
        assert one.widened is not None
        assert one.widened.by == 1.3
        assert one.widened.share == other.held
    wanted = 1 - 2 * (0.5 - 23 / (96 * 1.3)) ** 2
    assert wide.roadmaps[0].held is not None
    assert near(wide.roadmaps[0].held, wanted, 4000)
    assert wide.to_dict()["draws"]["widen"] == 1.3  # type: ignore[index]
    assert "widen" not in found.to_dict()["draws"]  # type: ignore[operator]


def test_whom_a_party_risks_something_to_is_named_with_its_article() -> None:
    """Catches a name inside a cell's sentence as it stands alone: `1 to Upper district`."""
    case = load(smallcases.swap(lambda d: d["parties"]["b"].update(name="Upper district", article="the")))
    both = Roadmap("swap", 2, {"give-a": 0, "give-b": 0})
    found = compare(case, [both], draws=0)
    cells = [cell for part in show_comparison(found, case) if isinstance(part, Table) for row in part.rows for cell in row]
    assert any("to the Upper district" in cell for cell in cells)
    assert not any("to Upper" in cell for cell in cells)
