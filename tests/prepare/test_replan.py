"""Planning again from a status: what is kept, what changes and why, and what a status may not say."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from detente.case.case import Case
from detente.case.instance import Instance
from detente.case.load import load
from detente.errors import StatusError
from detente.plan.certificate import certify
from detente.plan.solve import plan
from detente.prepare.replan import kept, replan
from detente.prepare.state import as_planned, rest_of, seen_odds, shifted
from smallcases import Data, measures, parties, swap, you_first
from strategies import instances

F = Fraction
FARMS = Path(__file__).parents[1] / "case" / "data" / "two-farms.yaml"


def toy() -> Case:
    return load("toy-exchange")


def gifts(n: int, *, to: int = 10, phase: Any = 0, by: str = "ab") -> dict[str, Any]:
    return {f"give-{i}/{k}": phase for i in by for k in range(n, to + 1)}


def status(**entries: Any) -> dict[str, Any]:
    return {"case": "toy-exchange", "phase": 1, **entries}


@pytest.mark.parametrize("source", ["toy-exchange", FARMS])
def test_with_nothing_done_it_is_the_plan(source: str | Path) -> None:
    """Catches a shift that changes anything at all when nothing has happened."""
    case = load(source)
    again, first = replan(case, {"case": case.case, "phase": 0}).plan, plan(case)
    assert (again.roadmap, again.status, again.value) == (first.roadmap, first.status, first.value)
    assert again.certificate.courses == first.certificate.courses
    assert again.certificate.pairs == first.certificate.pairs


def test_all_to_plan_leaves_the_plan_as_it_was() -> None:
    """What was due in phase 0 is done: the rest follows as before, and nothing is said to have changed."""
    case = toy()
    first = plan(case)
    done = dict.fromkeys(first.roadmap.steps[0], 0)
    again = replan(case, status(done=done, roadmap={"entry": dict(first.roadmap.entry)}))
    assert again.plan.roadmap == first.roadmap
    assert (again.changes, again.news, again.notes) == ((), (), ())
    assert again.plan.certificate.courses["a"].continuation == first.certificate.courses["a"].continuation[1:]


def test_a_tenth_of_a_gift_is_missing() -> None:
    """By hand. a has given 9 tenths, b 8, and b's step carries no signal, so the odds stay at 1.5.

    All the rest at once, worth (2 - 1) / 0.2 = 5 to each from here on. b's best cheat keeps a's whole gift for a phase and half
    of it ever after, and bears the fallen half of its own 8 tenths: 2 + 4 - 5 * 0.4 = 4. If a stops just now, b loses the whole
    of its own for a phase and half of it ever after, -1 - 0.8 * 2.5 = -3, or, if it cheats, half of 8 tenths, -2: in doubt that
    saves 1 of 1.5 * (5 - 4) allowed, its narrowest row. a's best cheat is worth 2 + 4 - 5 * 0.45 = 3.75, and in doubt it would
    save 3 - 2.25 = 0.75: at odds of 0.6 it would no more than break even. To step out would leave a 5 * (0.8 - 0.45) = 1.75; if
    b stops just now it has 4 - 3: it risks 0.75 of 5 - 1.75, which asks for less. So the odds may fall to 0.6 / 1.5 of what
    they were.
    """
    case = toy()
    old = {f"give-{i}/{k}": 0 if k <= 9 else 1 for i in "ab" for k in range(1, 11)}
    late = gifts(9, to=9, phase=None, by="b")
    done = gifts(1, to=9, by="a") | gifts(1, to=8, by="b")
    found = replan(case, status(done=done, late=late, roadmap={"entry": old}), objective="sum")
    assert found.plan.value == {"a": 5.0, "b": 5.0}
    narrowest = found.plan.certificate.narrowest["b"]
    assert (narrowest.row, narrowest.phase, narrowest.slack) == ("doubt", 1, F("0.5"))
    assert {(c.measure, c.change, c.new, c.because) for c in found.changes} == {(m, "later", 1, "missed") for m in late}
    news = found.news[0]
    assert (news.party, news.factor, news.unknown) == ("b", 1, ())
    assert news.break_even == F("0.6") / F("1.5")


@settings(max_examples=25, suppress_health_check=[HealthCheck.filter_too_much])  # in most cases there is nothing to agree on
@given(instances(most_measures=4, most_phases=4, trades=True), st.sampled_from(["nash", "sum", "min"]), st.data())
def test_with_everything_on_schedule_nothing_changes(instance: Instance, objective: str, data: st.DataObject) -> None:
    """Any plan, looked at again in any phase: the same rest, which holds, and the gains of the whole. Catches gains that forget
    what is past, so that whoever has been paid in advance wants to be paid again; a party that loses its rows; an act that
    becomes one that is taken alone; of two alternatives that are in force, the one that came last counted as what was required;
    a roadmap that is reopened once others have acted on it.
    """
    first = plan(instance, objective=objective, reasons=False)
    assume(first)
    t = data.draw(st.integers(0, instance.phases - 1))
    left = shifted(instance, as_planned(first.roadmap, t), seen_odds(instance, as_planned(first.roadmap, t)))
    rest = rest_of(first.roadmap, left, t)
    again = kept(plan(left, objective=objective, reasons=False), rest, True, reasons=False)
    if not rest.is_empty:
        assert again
        assert again.certificate.holds
        assert again.roadmap == rest
        assert {i: instance.party[i].discount ** t * v for i, v in again.certificate.gain.items()} == first.certificate.gain


def test_a_signal_missed_without_a_rate_is_said_and_not_counted() -> None:
    """The model alone would make the odds zero. Catches that zero, and a factor of one passed off as known."""
    case = load(swap(lambda d: d["measures"]["give-b"].update(signal=4)))
    found = replan(case, {"case": "swap", "phase": 1, "done": {"give-a": 0}, "late": {"give-b": None}})
    assert found.odds["a", "b"] == 1
    assert found.news[0].unknown == ("give-b",)
    assert found.news[0].to_dict()["factor"] is None
    rated = load(
        swap(
            lambda d: d["measures"]["give-b"].update(signal=4),
            lambda d: d.update(risks=[{"id": "x", "kind": "performance", "of": ["give-b"], "fails": 0.2}]),
        )
    )
    told = replan(rated, {"case": "swap", "phase": 1, "done": {"give-a": 0}, "late": {"give-b": None}})
    assert told.odds["a", "b"] == F("0.2") / (1 - F("0.8") / 4) == F("0.25")
    given = {"case": "swap", "phase": 1, "late": {"give-b": None}, "trust": {"a": {"b": 0.4}}}
    assert replan(rated, given).odds["a", "b"] == F(2, 3)


def test_risks_that_have_struck() -> None:
    """A shock twice is its ratio squared; a new government brings its values and its trust."""
    risks: list[Data] = [
        {"id": "launch", "kind": "shock", "by": "b", "chance": 0.1, "ratio": 0.5},
        {
            "id": "vote",
            "kind": "government",
            "party": "b",
            "at": 1,
            "chance": 0.5,
            "value": {"give-a": 0.5},
            "trust": {"a": 0.2},
        },
    ]
    case = load(swap(lambda d: d.update(risks=risks)))
    found = replan(case, {"case": "swap", "phase": 1, "struck": ["launch", "launch", "vote"]})
    assert found.odds == {("a", "b"): F("0.25"), ("b", "a"): F("0.25")}
    assert found.left.measure["give-a"].value == {"a": -1, "b": F("0.5")}
    assert not found  # b would give 1 for 0.5


def test_rows_and_reasons_are_told_on_the_calendar() -> None:
    """Phases of the answer are those of the case; what is left is certified again here from the answer alone."""
    case = toy()
    found = replan(case, status(phase=2, done=gifts(1, to=4, phase=1)))
    told = found.to_dict()
    assert told["phases"] == 6
    assert found.kept == gifts(1, to=4, phase=1)
    assert all(e is None or e >= 2 for m, e in found.plan.roadmap.entry.items() if m not in found.kept)
    assert min(r.phase for r in found.plan.certificate.narrowest.values()) >= 2
    assert all(r.phase is None or r.phase >= 2 for r in found.plan.reasons)
    own = certify(found.left, rest_of(found.plan.roadmap, found.left, 2))
    assert own.holds
    assert own.value == found.plan.certificate.value
    assert json.loads(json.dumps(told)) == told


def faults(case: Case, data: dict[str, Any] | str, folder: Path) -> list[str]:
    file = folder / "status.json"
    file.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    with pytest.raises(StatusError) as caught:
        replan(case, str(file))
    return [f"{f.key}: {f.message}" for f in caught.value.faults]


def test_every_fault_at_once(tmp_path: Path) -> None:
    """Unknown measures, phases outside, a measure done and late, trust in oneself: none hides another."""
    bad = status(
        case="toy",
        phase=1,
        done={"give-a": 0, "give-b/1": 1},
        late={"give-a/3": 0},
        broken={"give-b/2": 9},
        closed=["give-a/1"],
        struck=["flood"],
        trust={"a": {"a": 0.5}},
        roadmap={"entry": {"give": 0}},
    )
    found = faults(toy(), bad, tmp_path)
    assert found == [
        "case: the status is of case 'toy', not 'toy-exchange'",
        "done.give-a: give-a/3 is done and late at once",
        "done.give-b/1: got phase 1, wanted a phase before 1: the status is of the beginning of phase 1",
        "broken.give-b/2: got phase 9, wanted 0 to 1: the status is of phase 1",
        "closed: give-a/1 is done, so it cannot be closed",
        "struck[0]: got 'flood', wanted a risk of the case",
        "trust.a.a: got a's trust in itself",
        "roadmap.entry.give: no such measure in the case",
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ('{"case": "toy-exchange"', "not YAML"),
        ("", "got nothing, wanted an object with `case` and `phase`"),
        ("[1]", "got a list of 1, wanted an object"),
        ('{"case": "toy-exchange", "phase": 1, "phase": 2}', "the key 'phase' is given twice"),
        ({"case": "toy-exchange"}, "'phase' is missing"),
        (status(phase=1.5), "got 1.5, wanted a whole number"),
        (status(phase=6), "got phase 6, wanted 0 to 5"),
        (status(phase=-1), "got -1, wanted at least 0"),
        (status(phase=0, done={"give-a": 0}), "got phase 0, wanted no new measure in phase 0"),
        (status(done={"give-c": 0}), "got 'give-c', wanted a measure defined under `measures`"),
        (status(done={"give-a/11": 0}), "wanted a slice from give-a/1 to give-a/10"),
        (status(done={"give-a": 0, "give-a/1": 0}), "give-a/1 is given twice"),
        (status(done={"give-a": None}), "got nothing, wanted a whole number"),
        (status(done={"give-a": 0}, broken={"give-a": 1}), "give-a/1 is done and broken at once"),
        (status(late={"give-a": 0}, broken={"give-a": 1}), "give-a/1 is late and broken at once"),
        (status(trust={"a": {"b": 1}}), "got 1, wanted a number above 0 and below 1"),
        (status(trust={"a": {"b": True}}), "got true, wanted a number"),
        (status(doen={}), "unknown key 'doen'"),
        (status(broken={"give-a": 0}), "got phase 0, but give-a/1 was not in force before it"),
    ],
)
def test_a_status_that_says_too_much(data: dict[str, Any] | str, said: str, tmp_path: Path) -> None:
    """Catches a slip that is read as something else, or ends in a traceback."""
    assert any(said in f for f in faults(toy(), data, tmp_path))


def test_what_is_in_force_from_the_start_is_not_late(tmp_path: Path) -> None:
    """Catches a message about `done`, which the file does not have."""
    case = load(swap(lambda d: d["measures"]["give-a"].update(in_force=True)))
    found = faults(case, {"case": "swap", "phase": 1, "late": {"give-a": 0}}, tmp_path)
    assert found == ["late.give-a: give-a is in force from the start, so it cannot be late"]


def test_a_status_that_is_no_data() -> None:
    """Catches a traceback of another library."""
    with pytest.raises(StatusError, match="cannot be written as JSON"):
        replan(toy(), status(done={"give-a": {0}}))


def test_a_shock_beside_a_miss_without_a_rate_is_told() -> None:
    """Only the miss goes uncounted. Catches a factor that is applied and said not to be."""
    shock: Data = {"id": "raid", "kind": "shock", "by": "b", "chance": 0.1, "ratio": 0.5}
    case = load(swap(lambda d: d["measures"]["give-b"].update(signal=4), lambda d: d.update(risks=[shock])))
    found = replan(case, {"case": "swap", "phase": 1, "late": {"give-b": None}, "struck": ["raid"]})
    assert found.odds["a", "b"] == F("0.5")
    assert found.news[0].to_dict()["factor"] == 0.5
    assert found.news[0].unknown == ("give-b",)


def test_what_came_outside_its_window_is_said() -> None:
    """It is in force, so it stays; the reader is told."""
    case = load(swap(lambda d: d["measures"]["give-a"].update(window={"not_before": 1})))
    found = replan(case, {"case": "swap", "phase": 1, "done": {"give-a": 0}})
    assert found.notes == ("A gives: entered in phase 0, outside its window",)


def test_out_of_order_and_forgotten_is_allowed_and_said() -> None:
    """What has happened has happened: the second part before the first; a part that was due and is not named is late."""
    roadmap = {"entry": {"give-a/1": 0, "give-a/2": 0}}
    found = replan(toy(), status(done={"give-a/2": 0}, roadmap=roadmap))
    assert found.notes == (
        "A gives (1 of 10): due in phase 0 and not named in the status; taken to be late",
        "A gives (2 of 10): entered in phase 0, out of order: it requires A gives (1 of 10)",
    )
    assert [n.missed for n in found.news] == [("give-a/1",)]


def test_what_excludes_each_other_cannot_both_be_in_force() -> None:
    """Catches a status from which no roadmap at all could hold."""
    case = load(swap(lambda d: d["measures"]["give-a"].update(excludes=["give-b"])))
    with pytest.raises(StatusError, match="give-a and give-b are in force together, and exclude each other"):
        replan(case, {"case": "swap", "phase": 1, "done": {"give-a": 0, "give-b": 0}})


def test_conditions_count_from_where_things_stand() -> None:
    """Each wants the other's gift first, and B has given in phase 0. Kept, B's demand comes too late to hold anything back, and
    A follows as soon as B's gift has been seen: in phase 1, or in 2 with a lag of 2. Catches the circle of the beginning, where
    neither may come, a gift that counts before it is seen, and one that counts though it was taken back."""
    given = {"case": "swap", "phase": 1, "done": {"give-b": 0}}

    def entry(case: Case, now: dict[str, Any], **asked: Any) -> int | None:
        found = replan(case, now, objective="sum", reasons=False, **asked)
        assert not found or found.plan.certificate.holds
        return found.plan.roadmap.entry["give-a"]

    at_once = load(swap(you_first))
    assert not plan(at_once, keep_demands=True)
    assert entry(at_once, given, keep_demands=True) == 1
    assert entry(at_once, given, keep_demands=["b-first"], require=["give-a"]) == 1
    assert entry(at_once, given, forbid=["give-a"]) is None
    slowly = load(swap(you_first, measures(lag=2), parties(trust=0.9)))
    assert entry(slowly, given) == 1
    assert entry(slowly, given, keep_demands=True) == 2
    broken = {"case": "swap", "phase": 1, "broken": {"give-b": 1}}
    assert entry(at_once, broken, keep_demands=True) is None
    assert entry(at_once, broken) is not None


def test_of_what_has_come_in_part_the_rest_waits() -> None:
    """A gives in two slices, the first of them in phase 0, before anything of B was seen. Kept, the demand holds back the
    second until all of B's gift has been. Catches a demand that looks at the first slice only."""
    case = load(swap(you_first, measures(slices=2)))
    asked = {"keep_demands": ["b-first"], "objective": "sum", "reasons": False}
    found = replan(case, {"case": "swap", "phase": 1, "done": {"give-a/1": 0}}, **asked)  # type: ignore[arg-type]
    entry = found.plan.roadmap.entry
    assert found
    assert entry["give-b/2"] is not None
    assert entry["give-a/2"] is None or entry["give-a/2"] >= entry["give-b/2"] + 1
    free = replan(case, {"case": "swap", "phase": 1, "done": {"give-a/1": 0}}, objective="sum", reasons=False).plan.roadmap
    assert free.entry["give-a/2"] == free.entry["give-b/2"]
