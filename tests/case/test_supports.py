"""Supports in a case file: what is refused, and where, and what an opened measure is to everything else."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from detente.case.draws.draw import uncertainty
from detente.case.load import load
from detente.diagnose.verdict import diagnose
from detente.errors import CaseError, Fault
from detente.plan.solve import plan
from smallcases import swap

DATA: dict[str, Any] = {
    **swap(),
    "measures": {
        **swap()["measures"],
        "visit": {"title": "Visit", "by": "a", "kind": "contact", "value": {"a": [0, 0.1, 0.2], "b": 1}, "lag": 3, "signal": 2},
        "parts": {"title": "Parts", "by": "b", "kind": "other", "value": {"a": 0.1}, "slices": 2},
    },
    "supports": [{"id": "visa", "title": "Visa", "opens": ["visit"]}],
}


def faults(change: dict[str, Any]) -> tuple[Fault, ...]:
    with pytest.raises(CaseError) as err:
        load({**copy.deepcopy(DATA), **change})
    return err.value.faults


def support(**entries: Any) -> dict[str, Any]:
    return {"supports": [DATA["supports"][0], {"id": "s", "title": "S", **entries}]}


@pytest.mark.parametrize(
    ("change", "key", "said"),
    [
        (support(of=["give-a"]), "supports[1]", "half of a support"),
        (support(value={"a": 1}), "supports[1]", "half of a support"),
        (support(party="a"), "supports[1]", "half of a support"),
        (support(cost={"a": 1}), "supports[1]", "it supports nothing"),
        (support(of=["give-a"], value={"a": 0}), "supports[1]", "it pays nobody"),
        (support(of=["give-a"], value={"a": -1}), "supports[1].value.a", "got -1, wanted at least 0"),
        (support(of=["give-a"], value={"c": 1}), "supports[1].value.c", "got 'c', wanted a party"),
        (support(of=["give-a"], signal=0.5), "supports[1].signal", "wanted a number of at least 1"),
        (support(of=["give-a"], slices=1), "supports[1].slices", "got 1, wanted at least 2"),
        (support(of=["give-a"], slices=101), "supports[1].slices", "got 101, wanted at most 100"),
        (support(of=["parts"], slices=3), "supports[1].slices", "got 3 slices for parts, which has 2; wanted a multiple"),
        (support(of=["parts"], slices=2), "supports[1].slices", "got 2 slices for parts, which has 2; wanted a multiple"),
        (support(of=["parts/1"], slices=4), "supports[1]", "got parts/1, wanted whole measures"),
        (support(opens=["parts/1"]), "supports[1]", "got parts/1, wanted whole measures"),
        (support(opens=["vist"]), "supports[1].opens[0]", "got 'vist', wanted a measure"),
        (support(opens=["give-a", "give-b", "parts"]), "supports", "every measure waits for a support"),
        (
            {"demands": [{"id": "d", "by": "b", "first": ["visit"], "before": ["give-b"]}]},
            "demands[0].first",
            "visit is there only",
        ),
        (
            {"orders": [{"id": "o", "by": "a", "title": "O", "steps": [["give-a"], ["visit"]]}]},
            "orders[0].steps",
            "without supports",
        ),
        ({"comparisons": [{"by": "a", "prefers": "visit", "to": "give-b"}]}, "comparisons[0].prefers", "the support visa"),
        ({"risks": [{"id": "r", "kind": "performance", "of": ["visit"], "fails": 0.1}]}, "risks[0].of", "the support visa"),
        (
            {"risks": [{"id": "r", "kind": "government", "party": "a", "at": 1, "chance": 0.5, "value": {"visit": 1}}]},
            "risks[0].value",
            "the support visa",
        ),
        (
            {
                "agreements": {
                    "p": {"title": "P", "date": "2019-01-01", "provisions": [{"id": "x", "title": "X", "measures": ["visit"]}]}
                }
            },
            "agreements.p.provisions[0].measures",
            "the support visa",
        ),
    ],
)
def test_what_is_refused(change: dict[str, Any], key: str, said: str) -> None:
    """Catches a support that would silently do nothing, and a measure that is named where it cannot be."""
    found = [f for f in faults(change) if f.key == key and said in f.message]
    assert len(found) == 1, faults(change)
    assert found[0].line > 1


def test_a_measure_that_needs_an_opened_one_is_opened_too() -> None:
    """Catches a measure that could never enter without a support, and is said to be there."""
    data = copy.deepcopy(DATA)
    data["measures"]["parts"]["requires"] = ["visit"]
    (fault,) = faults({"measures": data["measures"]})
    assert fault.key == "measures.parts.requires[0]"
    assert "parts requires visit, which is there only with the support visa" in fault.message
    data["measures"]["parts"]["requires"] = [{"any": ["visit", "give-a"]}]
    assert [q.any for q in load(data).instance.measure["parts/1"].requires] == [("give-a",)]


def test_what_is_in_force_needs_no_opening() -> None:
    """Catches a measure of today that a planner would lose."""
    data = copy.deepcopy(DATA)
    data["measures"]["visit"]["in_force"] = True
    (fault,) = faults({"measures": data["measures"]})
    assert (fault.key, fault.hint) == ("supports[0].opens", "take it out")


def test_without_its_support_an_opened_measure_changes_nothing() -> None:
    """Plan, certificate, diagnosis and draws are those of the case without it: catches lags, trust rows or signals of a step
    that nobody can take."""
    bare = copy.deepcopy(DATA)
    del bare["measures"]["visit"]
    del bare["supports"]
    one, other = load(copy.deepcopy(DATA)), load(bare)
    assert one.instance == other.instance
    assert plan(one).to_dict() == plan(other).to_dict()
    assert diagnose(one).to_dict() == diagnose(other).to_dict()
    assert "visit" not in json.dumps(one.to_dict())
    assert uncertainty(one).quantities == uncertainty(other).quantities
