"""Answers to single steps: those of the table where a step stands alone, its own where it is one of several."""

from __future__ import annotations

import pytest

from briefcases import HARBOUR, HARBOUR_STEPS
from detente.case.load import load
from detente.plan.roadmap import roadmap_from_steps
from detente.prepare.missed import steps_missed
from detente.prepare.prepare import prepare


@pytest.fixture(scope="module")
def table():  # type: ignore[no-untyped-def]
    case = load(HARBOUR)
    return case, prepare(case, roadmap_from_steps(HARBOUR_STEPS, case.instance))


def test_a_step_that_stands_alone_has_the_answer_of_the_table(table) -> None:  # type: ignore[no-untyped-def]
    """Catches another state, other odds or another choice than those of the table."""
    case, prepared = table
    for late, never in (
        steps_missed(case, prepared, [(("coast",), ("patrols",))]),
        steps_missed(case, prepared, [(("isles",), ("buoys",))]),
    ):
        for c in (late, never):
            (same,) = (x for x in prepared.contingencies if x.event == c.event)
            assert c == same


def test_of_several_steps_only_the_one_is_missing(table) -> None:  # type: ignore[no-untyped-def]
    """Catches that the rest of what a party owes on the date is taken for missed as well."""
    case, prepared = table
    late, never = steps_missed(case, prepared, [(("isles",), ("count",))])
    assert (late.event.measures, never.event.measures) == (("count",), ("count",))
    lot = next(
        c
        for c in prepared.contingencies
        if c.event.event == "not_done" and "count" in c.event.measures and c.event.party == "isles"
    )
    assert set(lot.event.measures) == {"licences/1", "count"}
    going_on, without_both = never.answers["tolerate"].entry, lot.answers["tolerate"].entry
    assert going_on is not None
    assert without_both is not None
    assert going_on["licences/1"] == 3
    assert without_both["licences/1"] is None


def test_each_miss_is_answered_once_and_none_of_a_roadmap_that_does_not_hold(table) -> None:  # type: ignore[no-untyped-def]
    """Catches a step that is told twice, and answers beside a table that already takes each step by itself."""
    case, prepared = table
    assert len(steps_missed(case, prepared, [(("isles",), ("buoys",)), (("isles",), ("buoys",))])) == 2
    broken = prepare(case, roadmap_from_steps([["fort"], ["licences"]], case.instance))
    assert not broken.certificate.holds
    assert steps_missed(case, broken, [(("coast",), ("fort",))]) == ()
