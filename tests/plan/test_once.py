"""The plan without giving way is kept on the machine beside the one at the likely values."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from detente.case.case import Case
from detente.case.load import load
from detente.diagnose import verdict
from detente.plan.once import found_once
from detente.plan.result import Plan
from detente.plan.solve import plan
from smallcases import measures, parties, swap


def demanding(order: int = 1) -> Case:
    """A swap in which a may give nothing before b's gift has been seen; order -1: the other way round."""
    data = swap(parties(trust=0.8), measures(irreversible=0.2))
    first, before = ["give-b", "give-a"][::order]
    data["demands"] = [{"id": "first", "by": "a", "first": [first], "before": [before]}]
    return load(data)


def asked(case: Case, keep_demands: bool, solved: list[bool]) -> Plan:
    def solve() -> Plan:
        solved.append(keep_demands)
        return plan(case, reasons=False, keep_demands=keep_demands)

    return found_once(case, "nash", 0.0, None, solve, keep_demands=keep_demands)


@pytest.mark.usefixtures("cache_folder")
def test_a_plan_that_keeps_demands_is_another_question() -> None:
    """Catches the plan with demands given for the one without, the other way round, or that of other demands; and one that
    comes back with anything lost, its conditions above all."""
    solved: list[bool] = []
    for case in (demanding(), demanding(-1)):
        ask = partial(asked, case, solved=solved)
        free, keeping = ask(False), ask(True)
        assert keeping == plan(case, reasons=False, keep_demands=True)
        assert keeping.roadmap != free.roadmap
        assert ask(False) == free
        assert ask(True) == keeping
    assert solved == [False, True] * 2


@pytest.mark.usefixtures("cache_folder")
def test_a_diagnosis_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a diagnosis that proves it again, and one whose words change when it does not."""
    data = swap(parties(trust=0.8), measures(irreversible=0.2))
    for giver, other in ("ab", "ba"):  # beside what they wait for in a circle, something that nobody demands
        data["measures"][f"more-{giver}"] = data["measures"][f"give-{giver}"] | {"title": f"More from {giver}"}
        ids = {"id": f"{other}-first", "by": giver, "first": [f"give-{other}"], "before": [f"give-{giver}"]}
        data.setdefault("demands", []).append(ids)
    begun: list[bool] = []

    def counted(case: Case, *, keep_demands: bool = False, **options: Any) -> Plan:
        begun.append(keep_demands)
        return plan(case, keep_demands=keep_demands, **options)

    monkeypatch.setattr(verdict, "make_plan", counted)
    case = load(data)
    first = verdict.diagnose(case)
    assert first.kept is not None
    assert begun == [False, True]
    assert verdict.diagnose(case) == first
    assert begun == [False, True, False]
