"""Why a measure is not reached that another one excludes: the sentence names the one that is in force, wherever it is told."""

from __future__ import annotations

from typing import Any

import pytest

from briefcases import placed, plan_of
from detente.base.parts import Table
from detente.brief.page import page
from detente.case.case import Case
from detente.case.load import load
from detente.plan.telling import show_plan
from detente.plan.whatif import whatif
from smallcases import swap

RIVALS = {"lot": "Lot by lot", "month": "Month by month", "year": "Year by year"}


@pytest.fixture(scope="module")
def case() -> Case:
    """Three measures of which only one can be in force, the last of which needs a fourth."""

    def rivals(data: dict[str, Any]) -> None:
        for m, title in RIVALS.items():
            others = [n for n in RIVALS if n != m]
            worth = {"a": 0.1, "b": 0.2}
            data["measures"][m] = {"title": title, "by": "a", "kind": "economic", "value": worth, "excludes": others}
        data["measures"]["count"] = {"title": "Count", "by": "b", "kind": "other", "value": {"a": 0.1}, "requires": ["year"]}

    return load(swap(rivals))


@pytest.mark.parametrize("taken", RIVALS)
def test_the_measure_that_excludes_is_named(case: Case, taken: str) -> None:
    """Catches a measure that is said to exclude itself, and one that is named though it is not in force."""
    steps = [["give-a", "give-b", taken], ["count"] if taken == "year" else []]
    plan = plan_of(case, steps)
    reasons = {r.measure: r for r in plan.reasons}
    barred = [m for m in RIVALS if m != taken]
    told = {row[0]: row[1] for t in show_plan(plan, case) if isinstance(t, Table) and len(t.heads) == 2 for row in t.rows}
    seen = page(placed(case, steps)._context)
    for m in barred:
        row = reasons[m].row
        assert row is not None
        assert (reasons[m].because, row.measure, row.others) == ("exclusion", m, (taken,))
        wanted = f"It cannot be in force together with “{RIVALS[taken]}”."
        assert told[RIVALS[m]] == wanted
        assert f'<bdi>{RIVALS[m]}</bdi> <small>Party A</small></td><td class="why">{wanted}' in seen
        change = whatif(case, plan.roadmap, move={m: 1})
        assert change.verdict == "impossible"
        for b in change.reasons:
            assert {RIVALS[x] in b.words for x in (m, taken)} == {True}
            assert not any(RIVALS[x] in b.words for x in barred if x != m)


def test_what_is_needed_and_excluded_is_named_itself(case: Case) -> None:
    """Catches a measure of which it is said that it cannot stand beside what only the one that it needs excludes."""
    plan = plan_of(case, [["give-a", "give-b", "lot"]])
    told = {row[0]: row[1] for t in show_plan(plan, case) if isinstance(t, Table) and len(t.heads) == 2 for row in t.rows}
    assert told["Count"] == "“Year by year” cannot be in force together with “Lot by lot”."
