"""How sure it is: the section on the page, its picture, and the figure at the top, on shares that are known (`gifts`)."""

from __future__ import annotations

import dataclasses
import re
from xml.etree import ElementTree

import pytest

import detente as dt
from briefcases import placed
from detente.brief.brief import Brief, brief
from detente.brief.charts.sure import index_bar, sure_chart
from detente.brief.context import Context
from detente.brief.parts.method import method
from detente.brief.parts.sure import sure
from detente.errors import CaseError, InputError
from detente.plan.draws.result import Break, DrawsResult
from detente.plan.draws.telling import drawn
from gifts import uncertain
from smallcases import Data, parties, swap

SVG = "{http://www.w3.org/2000/svg}"
BOTH = [["give-a", "give-b"]]


@pytest.fixture(scope="module")
def gifts_brief() -> Brief:
    return placed(dt.load(swap(uncertain("a", "b"))), BOTH)


def context(found: Brief) -> Context:
    return Context(found.case, found.plan, found.diagnosis)


def text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub("</?data[^>]*>", "", page)))


def test_the_page_says_what_was_counted(gifts_brief: Brief) -> None:
    """Catches a share without its interval, seed, shape, number of draws, or who said the shape."""
    held = gifts_brief.plan.holds
    assert held is not None
    assert held.shares.draws == 1000
    said = text(gifts_brief.html)
    share = f"{100 * held.shares.share:.0f}%"
    assert f"All conditions hold in {share} of 1,000 draws (95% interval: " in said
    assert f" {share} of 1,000 draws of all values from their ranges: every condition" in said
    assert (
        "1,000 draws, 2 of 12 quantities varied, each in its range by the triangular distribution (as the case says), seed 0."
        in said
    )
    assert "Where it breaks, it does so first most often in January 2020, when Party " in said
    assert "would gain by stopping" in said
    assert "The two values that decide" in said
    assert "What “B gives” is worth to Party A" in said
    assert "has not been computed" not in said


def test_the_page_tells_the_share_under_wider_ranges(gifts_brief: Brief) -> None:
    """Catches a page that sells a share as if the ranges were sure, or tells the same one twice."""
    held = gifts_brief.plan.holds
    assert held is not None
    wide = held.shares.widened
    assert wide is not None
    assert wide.share < held.shares.share
    said = text(gifts_brief.html)
    told = f"{100 * wide.share:.0f}% if every range is 1.3 times as wide"
    assert re.search(rf"All conditions hold in [^.]*\. {told}", said)
    assert re.search(rf"if the ranges are right\. [^.]*: if every range is 1\.3 times as wide, {100 * wide.share:.0f}%", said)


def test_no_draws_no_section() -> None:
    """Catches an empty heading, and a page that promises what was not computed."""
    case = dt.load(swap(uncertain("a")))
    without = brief(case, draws=0, likely=True)
    assert 'id="draws"' not in without.html
    assert "how often the result holds across the ranges has not been computed" in without.html
    assert without.plan.holds is None
    certain = placed(dt.load(swap()), BOTH)
    assert 'id="draws"' not in certain.html
    assert "there was nothing to draw" in certain.html


def test_draws_and_seed_are_heeded_and_a_plans_own_share_is_kept() -> None:
    """Catches options that lead nowhere, and a second count that contradicts the first."""
    case = dt.load(swap(uncertain("a", "b")))
    one = brief(case, draws=300, seed=7, likely=True).plan.holds
    assert one is not None
    assert (one.shares.draws, one.shares.seed) == (300, 7)
    plan = dt.plan(case, holds=0.9, draws=2000, likely=True)
    asked = brief(case, plan=plan)
    assert asked.plan.holds == plan.holds
    assert "at least 90% of draws was asked for and not found" in text(asked.html)
    sure_enough = brief(case, plan=dt.plan(case, holds=0.7, draws=2000, likely=True))
    assert "It was chosen to hold in at least 70% of draws," in text(sure_enough.html)


@pytest.mark.parametrize("options", [{"draws": -1}, {"draws": 1.5}, {"seed": -2}])
def test_numbers_that_mean_nothing_are_refused(options: dict[str, object]) -> None:
    """Catches a number of draws that is looked at only after the plan was made."""
    with pytest.raises(InputError, match="wanted a whole number"):
        brief(dt.load(swap()), **options)  # type: ignore[arg-type]


def test_contradictory_comparisons_are_refused_with_their_lines() -> None:
    """Catches a brief on values that cannot all be true."""

    def contradict(data: Data) -> None:
        data["comparisons"] = [{"by": "a", "prefers": "give-a", "to": "give-b"}]

    case = dt.load(swap(uncertain("a"), contradict))
    with pytest.raises(CaseError, match=r"comparisons\[0\]"):
        brief(case)
    assert brief(case, draws=0, likely=True).plan


def test_every_kind_of_break_is_told(gifts_brief: Brief) -> None:
    """Catches a row without words, and small first breaks that crowd out the rest."""
    held = gifts_brief.plan.holds
    assert held is not None
    breaks = tuple(
        Break(t, None if row == "window" else "a", row, share, (0.0, 1.0))
        for t, (row, share) in enumerate([("window", 0.4), ("red_line", 0.2), ("trust", 0.1), ("incentive", 0.05)])
    )
    changed = DrawsResult(None, dataclasses.replace(held.shares, breaks=breaks))
    found = sure(dataclasses.replace(context(gifts_brief), plan=dataclasses.replace(gifts_brief.plan, holds=changed)))
    assert found is not None
    assert [("schedule itself" in b, "red line" in b, "trust allows" in b) for b in found.breaks] == [
        (True, False, False),
        (False, True, False),
        (False, False, True),
    ]


def test_a_roadmap_that_always_holds_needs_no_picture() -> None:
    """Catches a flat line that says nothing."""

    def safe(data: Data) -> None:
        data["measures"]["give-b"]["value"]["a"] = [1.6, 1.7, 1.8]

    found = sure(context(placed(dt.load(swap(safe)), BOTH)))
    assert found is not None
    assert found.found.startswith("All conditions hold in 100% of 1,000 draws")
    assert (found.medium, found.breaks, found.deciding) == (None, (), ())
    once = brief(dt.load(swap(safe)), draws=1, likely=True).plan.holds
    assert once is not None
    assert drawn(once).startswith("1 draw, 1 of 12 quantities varied, each")


def test_the_picture_falls_where_draws_fall() -> None:
    """Catches a curve that rises, starts below all, or ends elsewhere than at the share."""
    root = ElementTree.fromstring(str(sure_chart("x", [0.6, 0.6, 0.2], ["1", "2", "3"], 400, title="t", description="d")))
    line = next(p for p in root.iter(f"{SVG}path") if p.get("class") == "line")
    ys = [float(y) for y in re.findall(r"V ([\d.]+)", line.get("d", ""))]
    top = float(line.get("d", "").split()[2])
    assert ys == sorted(ys)
    assert ys[0] > top
    heights = [166.0 - y for y in (top, *ys)]
    assert [h / heights[0] for h in heights] == pytest.approx([1, 0.6, 0.6, 0.2], abs=0.01)
    dot = next(root.iter(f"{SVG}circle"))
    assert float(dot.get("cy", "")) == ys[-1]
    said = [t.text for t in root.iter(f"{SVG}text")]
    assert "20%" in said
    assert "\u221240 points" in said


def test_bars_stay_within_their_track() -> None:
    """Catches an index above 1, which its error allows, that runs out of the page."""
    bar = str(index_bar("x", 1.07, (0.9, 1.2), title="t"))
    assert "107" not in bar
    assert 'x2="100.00%"' in bar


def test_trust_that_is_a_range_is_told_with_it_and_named_where_it_decides() -> None:
    """Catches a page that shows the likely trust alone, or calls what is drawn a loss from collapse."""
    data = swap(parties(trust=0.9))
    data["parties"]["a"]["trust"]["b"] = [0.05, 0.2, 0.4]
    said = text(placed(dt.load(data), BOTH).html)
    assert "20% (5% to 40%) in Party B" in said
    assert "The trust of Party A in Party B" in said


def test_the_method_says_how_much_of_a_case_in_words_is_assumed() -> None:
    """Catches a rough case that is briefed like a studied one, and a studied one that is called rough."""
    in_words = placed(dt.load({**swap(parties(trust="little")), "rough": "plain"}), BOTH)
    assert "2 of its 12 numbers are assumed" in method(context(in_words)).drawn
    assert "assumed" not in method(context(placed(dt.load(swap()), BOTH))).drawn
