"""What must not matter to any verdict: a measure that is good for nobody, a party without a part, one to whom all is one."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from detente.case.load import read_case
from detente.diagnose.result import Diagnosis
from detente.diagnose.verdict import diagnose
from randomcases import random_case

Data = dict[str, Any]


def a_measure_good_for_nobody(data: Data) -> None:
    """Joint talks that cost everybody a little, seen late, required by nothing."""
    names = list(data["parties"])
    data["measures"]["talks"] = {
        "title": "Talks about talks", "by": names[:2], "kind": "contact", "lag": 4, "value": dict.fromkeys(names, -0.01),
    }  # fmt: skip


def an_idle_party(data: Data) -> None:
    """It has no act and no stake, and no deal is worth something to it."""
    trust = dict.fromkeys(data["parties"], 0.01)
    data["parties"]["idle"] = {"name": "Idle", "discount": 0.9, "stalemate": -1, "breakdown": 2, "trust": trust}


def a_costless_third_party(data: Data) -> None:
    """It reports what it sees, which costs it nothing and is worth a little to another; nobody trusts it."""
    names = list(data["parties"])
    for spec in data["parties"].values():
        spec["trust"]["observer"] = 0.01
    trust = dict.fromkeys(names, 0.01)
    data["parties"]["observer"] = {"name": "Observer", "discount": 0.9, "stalemate": 0, "breakdown": 0, "trust": trust}
    data["measures"]["reports"] = {"title": "Reports", "by": "observer", "kind": "other", "value": {names[0]: 0.25}, "lag": 3}


def diagnosed(data: Data) -> Diagnosis:
    return diagnose(read_case(json.dumps(data)))


def answer(found: Diagnosis, parties: list[str]) -> tuple[object, ...]:
    assert found.plan is not None
    gains = [float(found.plan.value[i] - found.plan.no_deal[i]) for i in parties]
    return found.verdict, [q.answer for q in found.questions], found.plan.status, [round(g, 5) for g in gains]


@pytest.mark.parametrize("change", [a_measure_good_for_nobody, an_idle_party, a_costless_third_party])
@pytest.mark.parametrize("seed", range(15))
def test_it_changes_no_verdict(seed: int, change: Callable[[Data], None]) -> None:
    """Catches a threat or a veto that somebody has by being in the file, and a process that is one in name only."""
    data = random_case(seed)
    parties = list(data["parties"])
    before = answer(diagnosed(data), parties)
    change(data)
    assert answer(diagnosed(data), parties) == before
