"""Rows and reasons as sentences: who, when, how much, by what."""

from __future__ import annotations

from fractions import Fraction

import pytest

from briefcases import harbour, one_phase
from detente.brief.brief import Brief
from detente.brief.context import Context
from detente.brief.parts.figures import margin
from detente.brief.parts.verdict import verdict
from detente.diagnose.telling import ways_out
from detente.plan.certificate import Row, certify
from detente.plan.result import Reason
from detente.plan.roadmap import roadmap_from_steps
from detente.plan.sentences import row_sentence, withheld


@pytest.fixture(scope="module")
def found() -> Brief:
    return harbour()


@pytest.fixture(scope="module")
def context(found: Brief) -> Context:
    return Context(found.case, found.plan, found.diagnosis)


def incentive(slack: Fraction, lag: int) -> Row:
    return Row("incentive", "coast", 2, lag, slack, Fraction(0), slack)


@pytest.mark.parametrize(
    ("slack", "lag", "said"),
    [
        (
            "-4/5",
            2,
            "In mid-May 2020, Coastland would gain 0.8 units more by withholding “Patrols drawn back” and “Moorings kept open” "
            "than by going on; it would be found out 2 months later.",
        ),
        ("0", 0, "In mid-May 2020, Coastland would neither gain nor lose by stepping out openly."),
        ("3", 0, "In mid-May 2020, Coastland would lose 3 units by stepping out openly."),
    ],
)
def test_an_incentive_row(context: Context, slack: str, lag: int, said: str) -> None:
    """Catches a gain told as a loss, and measures that are not the party's own or not in force."""
    assert row_sentence(incentive(Fraction(slack), lag), context, context.plan.roadmap) == said


def test_both_parties_are_told_in_the_same_words(context: Context) -> None:
    """Catches a grammar that takes a side: exchange the names and the sentence is the same."""
    rows = [
        Row("trust", i, 1, None, Fraction(2), Fraction(1), Fraction(-1), toward=j)
        for i, j in (("isles", "coast"), ("coast", "isles"))
    ]
    first, second = (row_sentence(r, context, context.plan.roadmap, trust=Fraction(3, 10)) for r in rows)
    start = "In mid-April 2020, the United Isles would put 2 units at risk at the hands of Coastland"
    assert first == f"{start}; its trust of 30% covers 1 unit."
    swapped = first.replace("the United Isles", "X").replace("Coastland", "the United Isles").replace("X", "Coastland")
    assert second == swapped


def test_a_red_line_and_an_allowance_of_nothing(context: Context) -> None:
    """Catches "covers −3 units"."""
    row = Row("trust", "isles", 1, None, Fraction(2), Fraction(-3), Fraction(-5), toward="coast")
    assert row_sentence(row, context, context.plan.roadmap).endswith("; its trust covers nothing.")
    row = Row("red_line", "coast", 1, None, Fraction(21), Fraction(20), Fraction(-1), toward="isles")
    assert row_sentence(row, context, context.plan.roadmap).endswith("Isles, more than its red line of 20 units.")


def test_structural_rows_name_what_is_missing(context: Context) -> None:
    """Catches a prerequisite that is said to be another, from rows that the certificate itself found broken."""
    instance = context.instance
    broken = {r.row: r for r in certify(instance, roadmap_from_steps([["buoys", "count"], ["hotline"]], instance)).broken}
    roadmap = roadmap_from_steps([["buoys", "count"], ["hotline"]], instance)
    said = {k: row_sentence(r, context, roadmap) for k, r in broken.items() if k in ("prerequisite", "window")}
    assert said == {
        "prerequisite": "“Charts of the buoys shared” needs “A line between the harbour masters” (step 1), 1 month before.",
        "window": "“Joint count of the stock” is not possible before mid-June 2020.",
    }


def test_withheld_measures_are_the_partys_own_costly_ones_in_force(context: Context) -> None:
    """Catches naming a measure of the other side, one not yet in force, or one that the party would keep anyway."""
    assert withheld(incentive(Fraction(-1), 2), context, context.plan.roadmap) == ("patrols", "moorings")
    early = Row("incentive", "coast", 0, 1, Fraction(0), Fraction(1), Fraction(-1))
    assert withheld(early, context, context.plan.roadmap) == ("moorings",)


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (Reason("hotline", 0, None, "first"), "Among the first steps."),
        (Reason("flag", None, None, "missing", waits_for=("fort",)), "It needs “The fort given up”, which is not reached."),
        (
            Reason("patrols", 2, 1, "objective"),
            "It could come sooner and still hold, but the roadmap as a whole would be worth less.",
        ),
    ],
)
def test_reasons(context: Context, reason: Reason, said: str) -> None:
    """Catches a reason that is told as another."""
    assert context.why(reason) == said


def test_every_reason_of_a_real_plan_is_told(context: Context) -> None:
    """Catches a reason without words: an empty cell in the table."""
    told = [context.why(r) for r in context.plan.reasons]
    assert len(told) == 8
    assert all(t.endswith(".") and len(t) > 15 for t in told)


def test_the_verdict_is_conditional_and_names_what_is_left_out(context: Context) -> None:
    """Catches a verdict that claims more than the values give, or hides what is not reached."""
    assert verdict(context) == (
        "Under these values the stand-off is a deadlock of order, not of interests: a roadmap of 6 steps over 6 months "
        "exists in which neither party would gain by stopping or cheating; “The fort given up” and “The flag lowered” are "
        "not in it."
    )


def test_slices_of_one_measure_are_told_together(context: Context) -> None:
    """Catches "X (1 of 10), X (2 of 10) and 7 others", and a part told as the whole."""
    assert context.titles(["licences/2", "licences/1", "fort"]) == "“Fishing licences issued” and “The fort given up”"
    assert context.titles(["licences/2"]) == "“Fishing licences issued, part 2 of 2”"
    assert (
        context.titles(["fort", "flag", "hotline", "count", "buoys"], 2)
        == "“The fort given up”, “The flag lowered” and 3 others"
    )


def test_the_narrowest_margin_is_one_that_can_be_lost() -> None:
    """Catches a party that bears no cost named as the weak point, and a margin that is not the smallest."""
    found = one_phase()
    row, share = margin(Context(found.case, found.plan, found.diagnosis)) or (None, None)
    assert row is not None
    assert row.party in ("a", "b")
    course = found.plan.certificate.courses["c"]
    assert course.continuation[1] == course.stepping_out[1]  # nothing to lose by stopping, and nothing to gain: no weak point
    gain = found.plan.certificate.gain[row.party]
    assert share == row.slack / gain


def test_ways_out_of_separate_circles_are_told_apart() -> None:
    """Catches a list of all combinations where each circle has its own way out, and a lost way out of a shared one."""
    pairs = [("a", "b"), ("c", "d")]
    assert ways_out(pairs, [("a", "c"), ("a", "d"), ("b", "c"), ("b", "d")]) == [[("a",), ("b",)], [("c",), ("d",)]]
    assert ways_out([("a", "b"), ("b", "c")], [("b",), ("a", "c")]) == [[("b",), ("a", "c")]]
    assert ways_out([], []) == []
