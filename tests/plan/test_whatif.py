"""What one change to a roadmap does, against the brute force: the rows of two roadmaps worked out apart, and compared."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import detente as dt
from bruteforce import BruteForce, Key
from detente.case.case import Case
from detente.case.load import load
from detente.case.naming import NamingIn
from detente.cli import app
from detente.errors import InputError, RoadmapError
from detente.plan.certificate import STRUCTURAL, certify
from detente.plan.roadmap import Roadmap
from detente.plan.sentences import row_sentence
from detente.plan.whatif import Break, places, whatif
from randomcases import random_case
from smallcases import Data, measures, swap, you_first

BOTH = {"entry": {"give-a": 0, "give-b": 0}}


def keys(breaks: tuple[Break, ...]) -> dict[Key, Fraction]:
    """The rows of value but those of coalitions, with how far they are broken."""
    rows = [(b.row, b.by) for b in breaks if b.row.row not in (*STRUCTURAL, "coalition")]
    return {Key(r.row, r.party or "", r.toward, r.phase, r.lag or 0, r.found or 0): by for r, by in rows}


def broken(case: Case, roadmap: Roadmap) -> dict[Key, Fraction]:
    rows = BruteForce(case.instance).rows(roadmap)
    return {k: -s.slack for k, s in rows if s.slack < 0 and k.row != "coalition"}


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_the_rows_that_a_move_breaks_are_those_of_the_brute_force(seed: int, works: bool) -> None:
    """Catches a row that a move breaks and that is not told, one that was broken before and is laid to the move, one that it
    mends, a wrong amount, a wrong gain, and an order of the case that is broken without a word."""
    dice = random.Random(seed)
    case = load(random_case(seed, phases=3, works=works))
    instance, brute = case.instance, BruteForce(case.instance)
    free = [m.id for m in instance.measures if not m.in_force]
    if not free:
        return
    phases = [None, *range(instance.phases)]
    before = Roadmap(case.case, instance.phases, {**Roadmap.empty(instance).entry, **{m: dice.choice(phases) for m in free}})
    m, to = dice.choice(free), dice.choice(phases)
    after = before.moved(m, to)
    found = whatif(case, before, move={m: to})
    old, new = broken(case, before), broken(case, after)
    assert found.roadmap == after
    assert keys(found.broken) == {k: x for k, x in new.items() if k not in old}
    assert keys(found.still) == {k: x for k, x in new.items() if k in old}
    assert keys(found.mended) == {k: x for k, x in old.items() if k not in new}
    assert {(b.row.row, b.row.measure) for b in found.reasons} >= brute.faults(after) - brute.faults(before)
    assert {(b.row.row, b.row.measure) for b in (*found.reasons, *found.still)} >= brute.faults(after)
    assert bool(found.reasons) == (found.verdict == "impossible")
    if brute.holds(after) and not found.reasons:
        assert found.verdict == ("holds" if brute.helps(after) else "loses")
    for i in instance.party:
        value = brute.continuation(after, i, 0) if brute.process(after) else brute.no_deal(i)
        assert found.gain[i] == value - brute.no_deal(i)


def test_a_gift_that_does_not_come_by_hand() -> None:
    """Catches a row, an amount or a share that is not what the hand finds.

    Two gifts, cost 1, worth 2, d = 0.8, two phases. Together from phase 0 both are worth (2 - 1) / 0.2 = 5 to each. Without
    B's, A is at -1 / 0.2 = -5 in each of the phases 0, 1 and 2, and would have 0 by stopping openly or by cheating for a phase.
    B gives nothing, so it has no rows, and nobody has any toward it. The most that a gift is worth to A is 2.
    """
    found = whatif(load(swap()), BOTH, forbid=["give-b"])
    assert found.verdict == "breaks"
    assert keys(found.broken) == {Key("incentive", "a", None, t, lag): 5 for t in (0, 1, 2) for lag in (0, 1)}
    assert {b.share for b in found.broken} == {Fraction(5, 2)}
    assert (dict(found.gain_before), dict(found.gain)) == ({"a": 5, "b": 5}, {"a": -5, "b": 10})


def test_the_reason_names_what_is_against_it() -> None:
    """Catches a refusal that does not say which prerequisite, window, exclusion or measure in force is against the change."""

    def rules(data: Data) -> None:
        data["phases"]["count"] = 4
        data["measures"]["give-b"] |= {"requires": [{"any": ["give-a"], "after": 2}], "window": {"not_before": 1}}
        data["measures"]["third"] = {"title": "C", "by": "a", "kind": "other", "value": {"a": 1}, "excludes": ["give-b"]}
        data["measures"]["old"] = {"title": "D", "by": "a", "kind": "other", "value": {"a": 1}, "in_force": True}

    case = load(swap(rules))
    roadmap = {"entry": {"give-a": 0, "give-b": 2}}
    reasons = {
        name: [(b.row.row, b.row.measure, b.row.others) for b in whatif(case, roadmap, move=move).reasons]
        for name, move in {
            "early": {"give-b": 1},
            "window": {"give-a": None, "give-b": 0},
            "late": {"give-a": 1},
            "both": {"third": 3},
            "old": {"old": 1},
        }.items()
    }
    assert reasons["early"] == reasons["late"] == [("prerequisite", "give-b", ("give-a",))]
    assert sorted(kind for kind, _, _ in reasons["window"]) == ["prerequisite", "window"]
    assert reasons["both"][0] == ("exclusion", "third", ("give-b",))
    assert reasons["old"] == [("in_force", "old", ())]


def test_a_broken_rule_is_told_as_itself() -> None:
    """Catches two prerequisites, or exclusions, told as one of them, and a measure that is due told as one that comes too late
    or too early."""

    def rules(data: Data) -> None:
        for n in ("first", "second"):
            data["measures"][n] = {"title": f"The {n} one", "by": "a", "kind": "other", "value": {"a": 1}}
        data["measures"]["give-b"] |= {"requires": [{"any": ["first"]}, {"any": ["second"], "after": 1}]}
        data["measures"]["give-a"] |= {"excludes": ["first", "second"]}

    case = load(swap(rules))
    start: dict[str, dict[str, int | None]] = {"entry": dict.fromkeys(case.instance.measure)}
    needs = whatif(case, start, move={"give-b": 0}).reasons
    start["entry"] |= {"first": 0, "second": 0}
    excludes = whatif(case, start, move={"give-a": 0}).reasons
    assert (len(needs), len(excludes)) == (2, 4)  # an exclusion is a rule of either
    for b in (*needs, *excludes):
        named = {*b.row.others, b.row.measure}
        assert [f"The {n} one" in b.words for n in ("first", "second")] == [n in named for n in ("first", "second")]
    wanted = replace(case.instance.measure["give-a"], due=1)
    instance = replace(case.instance, measures=(wanted, *(m for m in case.instance.measures if m.id != "give-a")))
    never = Roadmap.empty(instance)
    (row,) = [r for r in certify(instance, never).broken if r.row == "window"]
    assert row_sentence(row, NamingIn(case, instance), never).endswith("in force by February 2020.")


def test_places_are_the_moves_one_by_one() -> None:
    """Catches a table of places that says something else than the move to each of them, or leaves one out.

    A gives in phase 0, at odds of 1. With B's gift in phase 2 it has -1 - 0.8 + 0.64 * 5 = 1.4 to lose and risks 1 on B; in
    phase 3, -1 - 0.8 - 0.64 + 0.512 * 5 = 0.12.
    """
    case = load(swap(lambda data: data["phases"].update(count=4)))
    found = places(case, BOTH, "give-b")
    assert [p.roadmap.entry["give-b"] for p in found] == [0, 1, 2, 3, None]
    for t, place in zip([0, 1, 2, 3, None], found, strict=True):
        assert place.to_dict() == whatif(case, BOTH, move={"give-b": t}).to_dict()
    assert [p.verdict for p in found] == ["holds", "holds", "holds", "breaks", "breaks"]


def test_slices_move_together_or_alone() -> None:
    """Catches slices of one act that are left behind, or that move although another one was asked for."""
    case = load(swap(measures(slices=3), lambda data: data["phases"].update(count=4)))
    start = {"entry": {"give-a/1": 0, "give-a/2": 0, "give-a/3": 1, "give-b": 0}}
    whole = whatif(case, start, move={"give-a": 2}).roadmap.entry
    alone = whatif(case, start, move={"give-a/3": 3}).roadmap.entry
    assert [whole[f"give-a/{n}"] for n in (1, 2, 3)] == [2, 2, 2]
    assert [alone[f"give-a/{n}"] for n in (1, 2, 3)] == [0, 0, 3]
    assert [b.row.measure for b in whatif(case, start, move={"give-a/1": 3}).reasons] == ["give-a/2"]


def test_what_is_required_comes_with_what_it_needs() -> None:
    """Catches a required measure that is put in without what it needs, too late where it could come sooner, or not at all."""

    def chain(data: Data) -> None:
        data["phases"]["count"] = 4
        data["measures"]["give-b"]["requires"] = ["give-a"]

    case = load(swap(chain))
    found = whatif(case, {"entry": {}}, require=["give-b"])
    assert found.roadmap.entry == {"give-a": 0, "give-b": 1}
    nothing = whatif(case, found.roadmap, require=["give-b"])
    assert (dict(nothing.change), nothing.broken) == ({}, ())
    assert whatif(case, found.roadmap, forbid=["give-a"]).reasons[0].row.measure == "give-b"


def test_demands_that_a_change_gives_up_or_meets() -> None:
    """Catches a demand that a change gives up without a word. Each wants the other's gift seen first: the lag is one phase."""
    case = load(swap(you_first))
    assert whatif(case, BOTH, move={"give-a": 1}).meets == ("b-first",)
    back = whatif(case, {"entry": {"give-a": 1, "give-b": 0}}, move={"give-a": 0})
    assert (back.gives_up, back.meets) == (("b-first",), ())


def test_what_means_nothing_is_refused() -> None:
    """Catches a misspelt measure, a phase outside the roadmap or two changes to one measure that are taken in silence."""
    case = load(swap())
    with pytest.raises(RoadmapError) as told:
        whatif(case, BOTH, move={"give-c": 0, "give-a": 99})
    assert [fault.key for fault in told.value.faults] == ["entry.give-c", "entry.give-a"]
    for wrong in (
        {"move": {"give-a": 1}, "forbid": ["give-a"]},
        {"require": ["x"]},
        {"forbid": ["give-a"], "require": ["give-a"]},
    ):
        with pytest.raises(InputError):
            whatif(case, BOTH, **wrong)  # type: ignore[arg-type]


def test_pins_hold_measures_where_they_are() -> None:
    """Catches a plan that moves what was pinned, leaves it out, or is not the best of those that have it there."""
    case = load(swap(lambda data: data["phases"].update(count=3)))
    made = dt.plan(case, likely=True, objective="min", pin={"give-a": 1})
    brute = BruteForce(case.instance)
    fit = [r for r in brute.roadmaps() if r.entry["give-a"] == 1 and brute.helps(r) and brute.holds(r)]
    assert made.roadmap in fit
    assert min(brute.gains(made.roadmap)) == max(min(brute.gains(r)) for r in fit)
    assert (made.method or {})["conditions"]["pin"] == {"give-a": 1}
    recommended = dt.plan(case, pin={"give-a": "2020-02"})
    assert recommended.roadmap.entry["give-a"] == 1


def test_pins_that_cannot_be_met_are_refused() -> None:
    """Catches a pin against its window, its prerequisites or the day's state that ends as `no roadmap` without a reason."""

    def rules(data: Data) -> None:
        data["phases"]["count"] = 4
        data["measures"]["give-b"] |= {"requires": [{"any": ["give-a"], "after": 2}]}
        data["measures"]["give-a"] |= {"window": {"not_before": 1}}
        data["measures"]["old"] = {"title": "D", "by": "a", "kind": "other", "value": {"a": 1}, "in_force": True}

    case = load(swap(rules))
    wrong: list[Data] = [{"give-a": 0}, {"give-b": 2}, {"old": 1}, {"give-a": None}, {"give-a": 9}, {"nobody": 1}]
    for pins in wrong:
        with pytest.raises(InputError):
            dt.plan(case, likely=True, pin=pins)
    with pytest.raises(InputError):
        dt.plan(case, likely=True, pin={"give-a": 1}, forbid=["give-a"])


def test_the_command_asks_what_if(tmp_path: Path) -> None:
    """Catches options of `verify` that do something else than the function, an exit code that says fine of a roadmap that does
    not hold, and a changed roadmap that is not the one written."""
    file, roadmap, out = (tmp_path / name for name in ("swap.yaml", "both.json", "out.json"))
    file.write_text(json.dumps(swap(lambda data: data["phases"].update(count=3))), encoding="utf-8")
    roadmap.write_text(json.dumps(BOTH), encoding="utf-8")
    run = CliRunner()
    asked = ["verify", str(file), str(roadmap)]
    changed = whatif(load(file), BOTH, move={"give-b": 1}, forbid=["give-a"])
    later = run.invoke(app, [*asked, "--move", "give-b=2020-02", "--forbid", "give-a", "--json", "-o", str(out)])
    assert (later.exit_code, json.loads(later.stdout)) == (1, changed.to_dict())
    assert json.loads(out.read_text(encoding="utf-8"))["entry"] == {"give-a": None, "give-b": 1}
    both = run.invoke(app, [*asked, "--move", "give-b=1", "--move", "give-a=1"])
    assert both.exit_code == 0
    every = run.invoke(app, [*asked, "--places", "give-b", "--json"])
    assert [p["verdict"] for p in json.loads(every.stdout)] == ["holds", "holds", "holds", "breaks"]
    for wrong in (["--move", "give-b"], ["--move", "give-b=1", "--places", "give-a"], ["--move", "a=1", "--move", "a=2"]):
        assert run.invoke(app, [*asked, *wrong]).exit_code == 2
