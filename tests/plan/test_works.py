"""Steps that take time: figures worked out by hand, and what a case says of them as the planner reads it.

The gifts of `smallcases`: each costs its giver 1 a phase and is worth 2 to the other, d = 0.8, so that held for ever from now
on it is worth -5 to the one and 10 to the other.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from bruteforce import BruteForce
from detente.case.alone import alone
from detente.case.case import Case
from detente.case.load import load
from detente.case.unsaid import unsaid
from detente.errors import CaseError
from detente.plan.certificate import certify
from detente.plan.roadmap import Roadmap, roadmap_from_steps
from detente.plan.solve import plan
from smallcases import Data, parties, swap

F = Fraction


def longer(**entries: object) -> Data:
    """Four phases; entries of the gift of b."""

    def change(data: Data) -> None:
        data["phases"]["count"] = 4
        data["measures"]["give-b"] |= entries

    return swap(change)


def only_b(data: Data, entry: int) -> tuple[object, object]:
    """The courses of a and b if the gift of b alone enters."""
    instance = load(data).instance
    courses = certify(instance, Roadmap("swap", 4, {"give-a": None, "give-b": entry})).courses
    return courses["a"], courses["b"]


def test_who_works_bears_the_cost_from_the_start_and_the_others_have_the_effect_from_the_entry() -> None:
    """Catches a cost that runs from the entry, or an effect that begins with the work."""
    a, b = only_b(longer(takes=2), 2)
    assert a.continuation == (F("6.4"), 8, 10, 10, 10)  # type: ignore[attr-defined]
    assert b.continuation == (-5, -5, -5, -5, -5)  # type: ignore[attr-defined]


def test_of_work_that_is_broken_off_nothing_is_left() -> None:
    """Catches an irreversible share of what has not yet had an effect."""
    a, b = only_b(longer(takes=2, irreversible=0.5), 2)
    assert a.stepping_out == (0, 0, 0, 5, 5)  # type: ignore[attr-defined]
    assert b.stepping_out == (0, 0, 0, F("-2.5"), F("-2.5"))  # type: ignore[attr-defined]


def test_what_is_paid_once_is_paid_at_the_start_and_then_gone() -> None:
    """Catches a one-off cost that is paid on entry, or had back where the work stops."""
    _, b = only_b(longer(takes=2, value={"a": 2}, once={"b": -4}), 3)
    assert b.continuation == (F("-3.2"), -4, 0, 0, 0)  # type: ignore[attr-defined]
    assert b.stepping_out == (0, 0, 0, 0, 0)  # type: ignore[attr-defined]


def test_work_is_withheld_like_any_act() -> None:
    """Catches a cheat that cannot spare itself the rest of the work, or is noticed sooner or later than its lag."""
    _, b = only_b(longer(takes=2, lag=1), 2)
    assert b.deviation == (0, 0, 0, 0, 0)  # type: ignore[attr-defined]
    _, late = only_b(longer(takes=2, lag=2), 2)  # found out after two phases, or after one: then it has to work for one more
    assert late.deviation == (0, 0, 0, 0, 0)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("takes", "ready", "no_deal"), [(0, 0, F(1)), (3, 3, F("0.9") ** 3 * 2 - 1), (8, None, F(0))])
def test_what_takes_long_may_not_be_wanted_any_more(takes: int, ready: int | None, no_deal: Fraction) -> None:
    """Catches an act that is wanted by what it is worth on entry: -1 once, then 0.2 a phase, d = 0.9, is worth 1 at once,
    0.458 after three phases, less than nothing after eight."""

    def change(data: Data) -> None:
        data["phases"]["count"] = 9
        data["parties"]["a"]["discount"] = 0.9
        data["measures"] = {
            "mill": {"title": "M", "by": "a", "kind": "economic", "value": {"a": 0.2}, "once": {"a": -1}, "takes": takes},
            "give-b": data["measures"]["give-b"],
        }

    world = alone(load(swap(change)).instance)
    assert world.ready == (ready, None)
    assert world.no_deal["a"] == no_deal


def test_what_is_taken_alone_goes_on_once_it_has_started() -> None:
    """Catches work that its actor would begin again from the start, or leave, because others stopped. A mill of 4 once and 2 a
    phase takes two phases, d = 0.8; begun in 1, it is worth 8 to its builder in 2, and everybody else has 10 from 3 on."""

    def change(data: Data) -> None:
        data["phases"]["count"] = 5
        mill = {"title": "M", "by": "b", "kind": "economic", "value": {"a": 2, "b": 2}, "once": {"b": -4}, "takes": 2}
        data["measures"]["mill"] = mill

    instance = load(swap(change)).instance
    certificate = certify(instance, Roadmap("swap", 5, {"give-a": 0, "give-b": None, "mill": 3}))
    assert alone(instance).ready == (None, None, 2)
    assert certificate.courses["b"].stepping_out[:4] == (F("2.4"), F("2.4"), 8, 10)
    assert certificate.courses["a"].stepping_out[:4] == (F("6.4"), F("6.4"), 8, 10)


def test_the_case_says_when_it_starts_and_the_instance_when_it_enters() -> None:
    """Catches a prerequisite or a window that is met by the entry, slices that wait for each other's work, work on what is in
    force, and a plan that reckons with less than the most."""

    def change(data: Data) -> None:
        data["phases"]["count"] = 9
        data["measures"]["give-a"] |= {"takes": [1, 2, 4], "slices": 3, "requires": [{"any": ["talk"], "after": 1}]}
        data["measures"]["give-b"] |= {"takes": 5, "in_force": True}
        data["measures"]["talk"] = {"title": "T", "by": ["a", "b"], "kind": "political", "value": {"a": 0.1}, "takes": 1}
        data["measures"]["talk"]["window"] = {"not_before": 3}

    instance = load(swap(change)).instance
    first, second, _ = (instance.measure[f"give-a/{n}"] for n in (1, 2, 3))
    assert (first.takes, first.requires[0].after, first.not_before) == (4, 5, 4)
    assert (second.takes, second.requires[0].after, second.not_before) == (4, 0, 4)
    assert (instance.measure["give-b"].takes, instance.measure["give-b"].not_before) == (0, 0)
    assert (instance.measure["talk"].takes, instance.measure["talk"].not_before) == (1, 3)
    together = roadmap_from_steps([[], [], [], ["talk"], [], [], [], [], ["give-a"]], instance)
    assert not [row for row in certify(instance, together).broken if row.row in ("prerequisite", "window")]
    sooner = {**together.entry, "give-a/1": 7, "give-a/2": 7}
    broken = certify(instance, Roadmap("swap", 9, sooner)).broken
    assert {row.measure for row in broken if row.row == "prerequisite"} == {"give-a/1"}


def test_what_takes_longer_than_the_roadmap_is_a_fault_where_it_stands() -> None:
    """Catches a step that can never enter, told as one of its window."""
    with pytest.raises(CaseError) as raised:
        load(longer(takes=[1, 2, 4]))
    assert [f.key for f in raised.value.faults] == ["measures.give-b.takes"]


@pytest.mark.parametrize("wrong", [-1, 1.5, [0, 1, 1001]])
def test_work_takes_whole_phases(wrong: object) -> None:
    """Catches half a phase, less than none, and more than anybody plans for."""
    with pytest.raises(CaseError) as raised:
        load(longer(takes=wrong))
    assert [f.key for f in raised.value.faults] == ["measures.give-b.takes"]


def shorter(takes: int) -> Callable[[Data], None]:
    """Both gifts in six phases, seen a phase later, that take so long."""

    def change(data: Data) -> None:
        data["phases"]["count"] = 6
        for spec in data["measures"].values():
            spec |= {"takes": takes}

    return change


@pytest.mark.parametrize("takes", [0, 1, 2])
def test_who_only_has_the_effect_sees_no_more_than_a_later_start(takes: int) -> None:
    """Catches work that others feel: to who does not act, `takes` is the same as `after` so much longer and a window that opens
    so much later."""

    def change(data: Data) -> None:
        for m, spec in data["measures"].items():
            spec |= {"takes": 0, "window": {"not_before": takes}}
            spec |= {"requires": [{"any": ["give-b"], "after": 1 + takes}]} if m == "give-a" else {}

    def waits(data: Data) -> None:
        data["measures"]["give-a"]["requires"] = [{"any": ["give-b"], "after": 1}]

    works, plain = load(swap(shorter(takes), waits)).instance, load(swap(shorter(takes), change)).instance
    entry = {"give-b": takes, "give-a": 2 * takes + 1}
    one, other = (certify(x, Roadmap("swap", 6, entry)) for x in (works, plain))
    assert not [row for row in (*one.broken, *other.broken) if row.measure is not None]
    assert [(m.requires, m.not_before) for m in works.measures] == [(m.requires, m.not_before) for m in plain.measures]
    d, cost = F("0.8"), F(-5)
    for i, own, gift in (("a", "give-a", "give-b"), ("b", "give-b", "give-a")):
        assert other.value[i] == d ** entry[gift] * 10 + d ** entry[own] * cost
        assert one.value[i] == d ** entry[gift] * 10 + d ** (entry[own] - takes) * cost


@pytest.mark.parametrize("talk", [0, 1])
@pytest.mark.parametrize("gifts", [(0, 0), (1, 0), (0, 2), (1, 2)])
@pytest.mark.parametrize("after", [0, 1])
def test_the_plan_is_the_best_of_all_in_which_work_starts_when_it_can(talk: int, gifts: tuple[int, int], after: int) -> None:
    """Catches a plan that starts work before the case begins or before what it requires, counted from the keys of the case and
    not from those of the instance; and one that waits for nothing."""

    def change(data: Data) -> None:
        data["phases"]["count"] = 5
        for takes, spec in zip(gifts, data["measures"].values(), strict=True):
            spec["takes"] = takes
        data["measures"]["give-b"]["requires"] = [{"any": ["talk"], "after": after}]
        values = {"value": {"a": -0.1, "b": 0.3}, "takes": talk}
        data["measures"]["talk"] = {"title": "T", "by": "a", "kind": "political", **values}

    instance = load(swap(change, parties(trust=0.9))).instance
    brute, found = BruteForce(instance), plan(instance, reasons=False)
    best, _ = brute.best("nash")
    assert found.status == "optimal"
    assert brute.welfare(found.roadmap, "nash") == best
    starts = {m: e - instance.measure[m].takes for m, e in found.roadmap.entry.items() if e is not None}
    assert min(starts.values()) == 0
    assert starts["give-b"] == talk + after


def test_a_case_in_which_nothing_takes_time_says_so() -> None:
    """Catches a case that is silent on what none of its steps is said to need, or speaks of it though one is."""

    def timeless(case: Case) -> bool:
        return any("long steps take" in line for line in unsaid(case))

    assert timeless(load(longer()))
    assert timeless(load(longer(takes=0)))
    assert not timeless(load(longer(takes=[0, 0, 1])))
    assert timeless(load(longer(takes=2, in_force=True)))
