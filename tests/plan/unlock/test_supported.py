"""What supports make of a case: lags, breakdown losses, cuts, payments and costs, measure by measure and row by row."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bruteforce import BruteForce
from detente.case.alone import alone
from detente.case.case import Case
from detente.case.instance import Instance
from detente.case.load import load
from detente.plan.certificate import certify, every_row
from detente.plan.check.check import check
from detente.plan.check.stated import stated
from detente.plan.roadmap import Roadmap
from detente.plan.unlock.reach import completed, transferred
from detente.plan.unlock.supported import is_paid, monotone, optimistic, paid, supported
from smallcases import Data, parties, swap
from strategies import instances_with_roadmaps
from unlockcases import cases, roadmaps

F = Fraction


def having(*supports: dict[str, Any]) -> Callable[[Data], None]:
    """Add supports, each with a title."""

    def change(data: Data) -> None:
        data["supports"] = [{"id": f"s{n}", "title": f"Support {n}", **s} for n, s in enumerate(supports)]

    return change


def case_with(*supports: dict[str, Any], **more: Any) -> Case:
    return load({**swap(having(*supports)), **more})


def test_each_kind_changes_what_it_says_and_nothing_else() -> None:
    """Catches a support that reaches the wrong measure or party, and one that takes effect though it was not chosen."""
    case = case_with(
        {"of": ["give-a"], "signal": 3},
        {"of": ["give-a"], "slices": 4},
        {"party": "b", "breakdown": 2},
        {"of": ["give-b"], "value": {"a": 1}},
    )
    assert supported(case, []) == case.instance
    assert supported(case, ["s0"]).measure["give-a"].signal == 3
    cut = supported(case, ["s1"])
    assert cut.slices["give-a"] == ("give-a/1", "give-a/2", "give-a/3", "give-a/4")
    assert sum(cut.measure[m].value["a"] for m in cut.slices["give-a"]) == -1
    assert [p.breakdown for p in supported(case, ["s2"]).parties] == [0, 2]
    assert supported(case, ["s3"]).measure["s3+give-b"].value == {"a": 1}
    together = supported(case, ["s0", "s1", "s2", "s3"])
    assert together.measure["give-a/1"].signal == F("1.316074")  # 3 ** (1/4), rounded down
    assert together.measure["give-b"] == supported(case, ["s3"]).measure["give-b"]


def test_a_verifier_never_lengthens_a_lag() -> None:
    """Catches a lag that is replaced by a longer one."""
    data = swap(having({"of": ["give-a", "give-b"], "lag": 2}))
    data["measures"]["give-a"]["lag"] = 3
    made = supported(load(data), ["s0"])
    assert (made.measure["give-a"].lag, made.measure["give-b"].lag) == (2, 1)


def test_a_cost_runs_while_one_of_its_measures_does_and_a_payment_in_step_with_them() -> None:
    """Catches a cost that is paid twice for two measures, one that begins with the last, and a payment in full for a part."""
    case = case_with(
        {"of": ["give-a", "give-b"], "lag": 1, "cost": {"a": 0.5}},
        {"of": ["give-a", "give-b"], "value": {"b": 1}, "cost": {"a": 0.25}},
        {"party": "a", "breakdown": 1, "cost": {"b": 2}},
    )
    made = supported(case, ["s0", "s1", "s2"])
    assert {m.id: m.value for m in made.measures if is_paid(m.id)} == {
        "s0+cost": {"a": F("-0.5")},
        "s1+give-a": {"b": F("0.5"), "a": F("-0.125")},
        "s1+give-b": {"b": F("0.5"), "a": F("-0.125")},
        "s2+cost": {"b": -2},
    }
    moved = completed(Roadmap("swap", 2, {"give-a": 1, "give-b": 0}), made).entry
    assert moved == {"give-a": 1, "give-b": 0, "s0+cost": 0, "s1+give-a": 1, "s1+give-b": 0, "s2+cost": -1}
    assert not [r for r in every_row(made, completed(Roadmap("swap", 2, moved), made)) if r.party is None and r.slack < 0]
    for late in ({"s0+cost": 1}, {"s1+give-b": 1}, {"s1+give-a": None}):
        broken = certify(made, Roadmap("swap", 2, {**moved, **late})).broken
        assert any(r.row == "prerequisite" for r in broken), late


def test_what_is_in_force_today_is_paid_for_from_today_on() -> None:
    """Catches a payment for a measure of today that waits for it to enter, which it never will."""
    data = swap(having({"of": ["give-a"], "value": {"a": 2}, "cost": {"b": 1}}))
    data["measures"]["give-a"]["in_force"] = True
    made = supported(load(data), ["s0"])
    assert (made.measure["s0+give-a"].in_force, made.measure["s0+give-a"].value) == (True, {"a": 2, "b": -1})


def opening() -> Data:
    """A third measure that only a support opens, on which give-b can wait in place of give-a."""
    data = swap(having({"opens": ["visit"], "cost": {"a": 0.1}}))
    data["measures"]["visit"] = {"title": "Visit", "by": "a", "kind": "contact", "value": {"b": 1}}
    data["measures"]["give-b"]["requires"] = [{"any": ["give-a", "visit"]}]
    return data


def test_an_opened_measure_is_there_with_its_support_alone() -> None:
    """Catches a planner that takes a step nobody can take, and a prerequisite that names what is not there."""
    case = load(opening())
    assert list(case.instance.measure) == ["give-a", "give-b"]
    assert list(case.to_dict()["measures"]) == ["give-a", "give-b"]  # type: ignore[call-overload]
    assert [q.any for q in case.instance.measure["give-b"].requires] == [("give-a",)]
    made = supported(case, ["s0"])
    assert list(made.measure) == ["give-a", "give-b", "visit", "s0+cost"]
    assert [q.any for q in made.measure["give-b"].requires] == [("give-a", "visit")]
    assert [q.any for q in made.measure["visit"].requires] == [("s0+cost",)]


def test_a_measure_that_waits_for_one_not_opened_is_not_there() -> None:
    """Catches an opened measure that is planned although another support would have to open what it needs."""
    data = opening()
    data["measures"]["tour"] = {"title": "Tour", "by": "b", "kind": "contact", "value": {"a": 1}, "requires": ["visit"]}
    data["supports"].append({"id": "s1", "title": "Tours", "opens": ["tour"]})
    case = load(data)
    assert "tour" not in supported(case, ["s1"]).measure
    assert "tour" in supported(case, ["s0", "s1"]).measure


def test_a_finer_cut_keeps_what_names_a_slice() -> None:
    """give-b waits for the first half and excludes the second: cut in six, for the third sixth and the fourth. Catches
    references that keep their number while the slices change."""
    data = swap(having({"of": ["give-a"], "slices": 6}))
    data["measures"]["give-a"]["slices"] = 2
    data["measures"]["give-b"] |= {"requires": ["give-a/1"]}
    data["measures"]["third"] = {"title": "C", "by": "b", "kind": "other", "value": {"a": 1}, "excludes": ["give-a/2"]}
    made = supported(load(data), ["s0"])
    assert [q.any for q in made.measure["give-b"].requires] == [("give-a/3",)]
    assert made.measure["third"].excludes == ("give-a/4",)
    assert made.measure["give-a/4"].excludes == ("third",)


def test_what_is_monotone_and_what_is_not() -> None:
    """A lag with which the actor has something to keep up anyway, or a lag that is new; one paid who profits from the
    stand-off. Catches a set that is ruled out by an argument that does not hold for it."""
    data = swap(having({"of": ["give-a"], "lag": 1}, {"of": ["give-a"], "lag": 2}, {"party": "a", "breakdown": 1}))
    data["measures"]["give-a"]["lag"] = 3
    data["measures"]["wave"] = {"title": "Wave", "by": "a", "kind": "contact", "value": {"a": -0.1, "b": 0.1}, "lag": 1}
    data["parties"]["c"] = {"name": "C", "discount": 0.8, "stalemate": 1, "breakdown": 0, "trust": {"a": 0.5, "b": 0.5}}
    data["supports"].append({"id": "s3", "title": "Paid by C", "of": ["give-a"], "value": {"a": 1}, "cost": {"c": 1}})
    data["supports"].append({"id": "s4", "title": "Paid to C", "of": ["give-a"], "value": {"c": 1}})
    new = load(data)
    assert [monotone(new, s) for s in new.supports] == [False, False, True, True, False]
    data["measures"]["wave"]["in_force"] = True
    kept_up = load(data)
    assert [monotone(kept_up, s) for s in kept_up.supports] == [True, False, True, True, False]


def test_why_a_new_lag_is_not_monotone() -> None:
    """B loses 2 by a collapse, and three quarters of what it gives for good. If A stops, B risks 4 - 0.2 * 2 = 3.6 where it
    knows after one phase, 4.2 - 0.36 * 2 = 3.48 where it knows after two: its red line lies between."""
    data = swap(parties(trust=0.95, breakdown=2), having({"of": ["give-a"], "lag": 1}))
    data["measures"]["give-a"]["lag"], data["measures"]["give-b"]["irreversible"] = 2, 0.75
    data["parties"]["a"]["breakdown"], data["parties"]["b"]["red_line"] = 10, 3.5
    case = load(data)
    at_once = Roadmap("swap", 2, {"give-a": 0, "give-b": 0})
    (broken, *_) = certify(supported(case, ["s0"]), at_once).broken
    assert (broken.row, broken.party, broken.left) == ("red_line", "b", F("3.6"))
    assert certify(case.instance, at_once).holds


def test_why_a_payment_to_who_profits_from_the_stand_off_is_not_monotone() -> None:
    """C has 1 per phase as long as there is no deal, and no say in one that does not touch it: paid 0.1, it loses by it."""
    data = swap(having({"of": ["give-a"], "value": {"c": 0.1}}), parties(trust=0.95))
    data["parties"]["c"] = {"name": "C", "discount": 0.8, "stalemate": 1, "breakdown": 0, "trust": {"a": 0.5, "b": 0.5}}
    case = load(data)
    at_once = Roadmap("swap", 2, {"give-a": 0, "give-b": 0})
    made = supported(case, ["s0"])
    assert certify(case.instance, at_once).helps
    assert not certify(made, completed(at_once, made)).helps


@settings(max_examples=40)
@given(cases(), st.data())
def test_a_monotone_support_at_no_cost_loses_no_roadmap(case: Case, data: st.DataObject) -> None:
    """What families of sets that fail rest on, for every roadmap of a small case: if it holds and helps with some supports, it
    does with more of the monotone ones, all at no cost, coalitions apart. Catches a row that such a support tightens, or one
    that it adds. With the trust that is drawn hardly a roadmap holds."""
    some = data.draw(st.lists(st.sampled_from([s.id for s in case.supports]), unique=True))
    more = {*some, *(s.id for s in case.supports if monotone(case, s))}
    loss, p = data.draw(st.sampled_from([0, 2, 4])), F(data.draw(st.sampled_from(["0.8", "0.95"])))

    def eased(made: Instance) -> Instance:
        terms = [replace(q, breakdown=q.breakdown + loss, trust=dict.fromkeys(q.trust, p)) for q in made.parties]
        return replace(made, parties=tuple(terms))

    before, after = eased(supported(case, some)), eased(optimistic(case, more))
    one, other = BruteForce(before), BruteForce(after, without=("coalition",))
    for roadmap in roadmaps(before):
        if one.helps(roadmap) and one.holds(roadmap):
            moved = transferred(roadmap, after)
            assert other.holds(moved)
            assert other.helps(moved)


@settings(max_examples=60)
@given(cases(), st.data())
def test_supports_change_nothing_without_a_deal(case: Case, data: st.DataObject) -> None:
    """What is begun alone, and what no deal is worth, is as in the case, part by part. Catches an act that waits for what is
    paid for it, one that is begun because a support opens it, and payments that run without a deal."""
    chosen = data.draw(st.lists(st.sampled_from([s.id for s in case.supports]), unique=True))
    plain, made = BruteForce(case.instance), supported(case, chosen)
    ready = {m.id: ready for m, ready in zip(made.measures, alone(made).ready, strict=True)}
    for m in made.measures:
        first = case.instance.slices.get(m.whole)
        assert ready[m.id] == (None if first is None else plain.ready[first[0]])
    assert alone(made).no_deal == {i: plain.no_deal(i) for i in case.parties}


@settings(max_examples=60)
@given(instances_with_roadmaps(most_measures=4, most_phases=3), st.data())
def test_payments_are_rows_like_any_other(drawn: tuple[Instance, Roadmap], data: st.DataObject) -> None:
    """A measure without actors, in force with what it follows: every figure of the certificate equals that of the slow walk
    through the definition. Catches a row that takes nobody's measure for an own one, or keeps it after the breakdown."""
    instance, roadmap = drawn
    on = data.draw(st.lists(st.sampled_from(list(instance.measure)), min_size=1, unique=True))
    value = {p.id: F(data.draw(st.integers(-20, 20)), 10) for p in instance.parties}
    made = paid(instance, "pay", on, value)
    moved = completed(roadmap, made)
    rows = [r for r in every_row(made, moved) if r.party is not None]
    expected = dict(BruteForce(made).rows(moved))
    found = {(r.row, r.party, r.toward, r.phase, r.lag, r.found or 0): r.slack for r in rows if r.row != "coalition"}
    assert found == {tuple(key)[:-1]: sides.slack for key, sides in expected.items() if key.row != "coalition"}
    together = {(r.together, r.phase): r.slack >= 0 for r in rows if r.row == "coalition"}
    assert together == {
        (key.together, key.phase): sides.slack >= 0 for key, sides in expected.items() if key.row == "coalition"
    }


@settings(max_examples=60)
@given(instances_with_roadmaps(most_measures=4, most_phases=3, trades=True), st.data())
def test_a_payment_loosens_every_row_of_its_party(drawn: tuple[Instance, Roadmap], data: st.DataObject) -> None:
    """What the search for the smallest change rests on: for a fixed roadmap the rows, those of coalitions apart, are the same
    whatever is paid, and each slack is affine in it and never falls."""
    instance, roadmap = drawn
    party = data.draw(st.sampled_from([p.id for p in instance.parties]))
    on = data.draw(st.lists(st.sampled_from(list(instance.measure)), min_size=1, unique=True))

    def slacks(g: int) -> dict[tuple[object, ...], Fraction]:
        made = paid(instance, "pay", on, {party: F(g)})
        rows = [r for r in every_row(made, completed(roadmap, made)) if r.party is not None and r.row != "coalition"]
        return {(r.row, r.party, r.toward, r.phase, r.lag, r.found): r.slack for r in rows}

    none, one, three = slacks(0), slacks(1), slacks(3)
    assert none.keys() == one.keys() == three.keys()
    for key, slack in none.items():
        assert one[key] >= slack
        assert one[key] == slack or key[1] == party
        assert three[key] - slack == 3 * (one[key] - slack)


@settings(max_examples=40)
@given(cases(), st.data())
def test_either_side_can_check_a_roadmap_with_supports(case: Case, data: st.DataObject) -> None:
    """The program for the other side agrees with the certificate. Catches one that has an act wait, without a deal, for what is
    paid for it in one."""
    chosen = data.draw(st.lists(st.sampled_from([s.id for s in case.supports]), unique=True))
    made = supported(case, chosen)
    roadmap = data.draw(st.sampled_from(roadmaps(made)))
    broken, wrong, _, _ = check(json.loads(json.dumps(stated(made, roadmap, supports=chosen))))
    assert (wrong, bool(broken)) == ([], not certify(made, roadmap).holds)


def test_a_roadmap_moves_to_another_cut() -> None:
    """From whole to four slices and back: all of it is in force when it was. Catches a slice that enters before its part
    did."""
    case = case_with({"of": ["give-a"], "slices": 4})
    cut = supported(case, ["s0"])
    whole = Roadmap("swap", 2, {"give-a": 1, "give-b": 0})
    assert transferred(whole, cut).entry == {f"give-a/{n}": 1 for n in range(1, 5)} | {"give-b": 0}
    stepped = Roadmap("swap", 2, {"give-a/1": 0, "give-a/2": 0, "give-a/3": 1, "give-a/4": None, "give-b": 0})
    assert transferred(stepped, case.instance).entry == {"give-a": None, "give-b": 0}


@pytest.mark.parametrize("slug", ["us-dprk-2019", "supplier-dispute"])
def test_the_catalogue_at_no_cost_is_never_tighter(slug: str) -> None:
    """The plan of a bundled case, moved into the problem with its whole catalogue at no cost, still holds where all supports
    are monotone. Catches a support that tightens what it should loosen."""
    case = load(slug)
    start = {"us-dprk-2019": "start-small", "supplier-dispute": "in-parts"}[slug]
    from detente.plan.roadmap import roadmap_from_steps

    order = next(o for o in case.orders if o.id == start)
    roadmap = roadmap_from_steps(order.steps, case.instance)
    chosen = [s.id for s in case.supports if monotone(case, s)]
    assert certify(case.instance, roadmap).holds
    made = optimistic(case, chosen)
    assert certify(made, transferred(roadmap, made)).holds
