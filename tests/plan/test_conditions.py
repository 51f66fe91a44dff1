"""Plans under conditions, against every roadmap of small cases, looked at one by one from the definition."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detente as dt
from bruteforce import BruteForce
from detente.case.alone import alone
from detente.case.case import Case
from detente.case.edit import changed
from detente.case.load import load
from detente.errors import InputError
from detente.plan.conditions import conditioned
from detente.plan.roadmap import Roadmap
from smallcases import Data, swap
from unlockcases import cases, roadmaps


@st.composite
def demanding(draw: st.DrawFn) -> Case:
    """A small case with one to three demands."""
    case = draw(cases())
    opened = {m for s in case.supports for m in s.opens or ()}
    names = [m for m in case.measures if m not in opened]
    pairs = st.sampled_from(list(itertools.permutations(names, 2)))
    demands = [
        {"id": f"d{n}", "by": "a", "first": [first], "before": [before]}
        for n, (first, before) in enumerate(draw(st.lists(pairs, min_size=1, max_size=3)))
    ]
    return changed(case, {"demands": demands, "supports": []})


def keeps(case: Case, roadmap: Roadmap, demands: list[str]) -> bool:
    """Whether all of `first` has been seen when anything of `before` enters: by the words of the definition."""
    instance = case.instance
    for demand in (d for d in case.demands if d.id in demands):
        for b in (m for name in demand.before for m in instance.slices[name]):
            if roadmap.entry[b] is None:
                continue
            for f in (m for name in demand.first for m in instance.slices[name]):
                seen = None if roadmap.entry[f] is None else roadmap.entry[f] + instance.measure[f].lag
                if seen is None or seen > roadmap.entry[b]:
                    return False
    return True


@settings(max_examples=40, deadline=None)
@given(demanding(), st.data())
def test_the_best_roadmap_under_conditions_is_the_best_of_all(case: Case, data: st.DataObject) -> None:
    """Catches a demand that is kept too strictly, or given up; a required measure that is left out; a forbidden one that
    enters; a condition that changes what parties do without a deal; and a plan that calls another roadmap the best."""
    names = list(case.instance.slices)
    demands = data.draw(st.lists(st.sampled_from([d.id for d in case.demands]), unique=True))
    require = data.draw(st.lists(st.sampled_from(names), max_size=1))
    forbid = [m for m in data.draw(st.lists(st.sampled_from(names), max_size=1)) if m not in require]
    brute = BruteForce(case.instance)
    fit = [
        r
        for r in roadmaps(case.instance)
        if keeps(case, r, demands)
        and all(r.entry[m] is not None for m in require)
        and all(r.entry[m] is None for m in forbid)
        and brute.helps(r)
        and brute.holds(r)
    ]
    best = max((min(brute.gains(r)) for r in fit), default=-math.inf)
    found = dt.plan(case, objective="min", keep_demands=demands, require=require, forbid=forbid, reasons=False, likely=True)
    if found:
        assert found.roadmap in fit
        gains = [float(found.value[i] - found.no_deal[i]) for i in case.instance.touched]
        assert min(gains) == pytest.approx(float(best), abs=1e-9)
        assert dt.verify(case, found).holds
    else:
        assert not fit


def test_demands_that_contradict_each_other() -> None:
    """Each wants the other's gift first: kept, neither comes, and nothing is left of the swap."""

    def you_first(d: Data) -> None:
        d["demands"] = [
            {"id": "b-first", "by": "a", "first": ["give-b"], "before": ["give-a"]},
            {"id": "a-first", "by": "b", "first": ["give-a"], "before": ["give-b"]},
        ]

    case = load(swap(you_first))
    assert not dt.plan(case, keep_demands=True, likely=True)
    assert dt.plan(case, likely=True)
    for kept, order in (("a-first", ("give-a", "give-b")), ("b-first", ("give-b", "give-a"))):
        instance = conditioned(case, keep_demands=[kept])
        first, then = order
        assert [q.any for q in instance.measure[then].requires] == [(first,)]
        assert instance.measure[first].requires == ()


def test_conditions_do_not_reach_what_is_done_without_a_deal() -> None:
    """A wants to give, at a loss to B. That it must not, or only after B, is a condition on the roadmap: without one it gives
    at once all the same. Catches a no deal that gets better by what is forbidden in a deal."""

    def wanted(d: Data) -> None:
        d["measures"]["give-a"]["value"] = {"a": 1, "b": -1}
        d["demands"] = [{"id": "a-last", "by": "b", "first": ["give-b"], "before": ["give-a"]}]

    case = load(swap(wanted))
    for under in (conditioned(case, forbid=["give-a"]), conditioned(case, keep_demands=True)):
        assert alone(under).ready == alone(case.instance).ready == (0, None)
        assert alone(under).no_deal == {"a": 5, "b": -5}


def test_us_dprk_without_giving_way() -> None:
    """23 steps, each party with 70 to 86 per cent of its gain: the disputed steps are left out."""
    case = load("us-dprk-2019")
    likely, kept = dt.plan(case, reasons=False, likely=True), dt.plan(case, keep_demands=True, reasons=False, likely=True)
    assert sum(map(len, kept.roadmap.steps)) == 23
    gain = {i: (kept.value[i] - kept.no_deal[i]) / (likely.value[i] - likely.no_deal[i]) for i in kept.value}
    assert all(0.695 <= x <= 0.865 for x in gain.values()), gain
    disputed = {m for d in case.demands for m in (*d.first, *d.before)} - {"diplomatic-relations"}
    assert all(kept.roadmap.entry[s] is None for m in disputed for s in case.instance.slices[m])
    assert (kept.method or {})["conditions"] == {
        "demands": tuple(d.id for d in case.demands),
        "require": (),
        "forbid": (),
    }


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"require": ["giveb"]}, "did you mean"),
        ({"forbid": ["nothing/2"]}, "wanted a measure or a provision"),
        ({"require": ["give-b"], "forbid": ["give-b"]}, "both required and forbidden"),
        ({"keep_demands": ["mine"]}, "no demand 'mine'"),
        ({"keep_demands": True, "holds": 0.5}, "leave out the draws"),
    ],
)
def test_conditions_that_mean_nothing(asked: dict[str, object], said: str) -> None:
    """Catches a condition that is passed over."""
    with pytest.raises(InputError, match=said):
        dt.plan(load(swap()), **asked, likely=True)


def test_what_is_required_and_cannot_be_had() -> None:
    """A gift alone is kept by nobody. Catches a roadmap without it, and a wrong reason for none."""
    found = dt.plan(load(swap()), require=["give-a"], forbid=["give-b"], likely=True)
    assert (found.status, found.nothing_because) == ("none", "required")
