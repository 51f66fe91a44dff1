"""The recommended roadmap on the page: every figure is of the roadmap that the text names, and stands once in the JSON."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from briefcases import recommended
from detente.base.words import percent
from detente.brief.brief import Brief, brief
from detente.brief.compared import compared_page
from detente.brief.parts.ahead import ahead
from detente.brief.parts.choice import choice
from detente.brief.parts.figures import figures
from detente.brief.parts.questions import questions
from detente.brief.parts.verdict import verdict
from detente.case.load import load
from detente.plan.result import Plan
from detente.prepare.wording import EVENT
from detente.recommend.compare import compare
from detente.recommend.result import Recommendation


@pytest.fixture(scope="session")
def found() -> Brief:
    return recommended()


@pytest.fixture(scope="session")
def told(found: Brief) -> dict[str, Any]:
    return found.to_dict()


def steps(entry: dict[str, int | None]) -> int:
    """Steps as a reader counts them: what enters of one measure in one phase is one step."""
    return len({(m.partition("/")[0], t) for m, t in entry.items() if t is not None and t >= 0})


def text(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub("</?data[^>]*>", "", page))))


def test_every_part_speaks_of_the_same_roadmap(told: dict[str, Any]) -> None:
    """Catches a part that still tells the plan at the likely values: in the JSON each has the schedule that is recommended."""
    best = told["plan"]["alternatives"]["recommended"]
    assert told["plan"]["which"] == "recommended"
    compared = {r["name"]: r for r in told["comparison"]["roadmaps"]}
    assert told["assessment"]["recommended"] == "recommended"
    assert [best["entry"]] * 3 == [told["plan"]["entry"], told["preparation"]["entry"], compared["recommended"]["entry"]]
    assert set(told["plan"]["alternatives"]) <= set(compared)


def test_every_figure_of_it_on_the_page_is_that_of_the_json(found: Brief, told: dict[str, Any]) -> None:
    """Catches a figure of another roadmap, or of other plays or draws: steps, score, collapse and shares in every place that
    tells them, and the assessment, which is played on the same luck."""
    best, page = told["plan"]["alternatives"]["recommended"], text(found.html)
    score, collapse, holds = percent(best["score"]), percent(best["collapse"]["mean"]), told["plan"]["holds"]
    assert (best["holds"], best["widened"]["holds"]) == (holds["share"], holds["widened"]["holds"])
    played = told["assessment"]["strategies"]["recommended"]
    assert played["score"][0] == pytest.approx(best["score"], abs=1e-9)
    assert played["collapse"][0] == pytest.approx(best["collapse"]["mean"], abs=1e-9)
    part = choice(found._context)
    assert part is not None
    title, *row = part.table.rows[0]
    shares = (percent(holds["share"]), percent(holds["widened"]["holds"]))
    assert row[:5] == [str(steps(best["entry"])), score, collapse, *shares]
    assert f"{steps(best['entry'])} steps" in verdict(found._context)
    assert part.table.heads[4] == f"Holds, of {holds['draws']} draws"
    figure = {f.asked: f for f in figures(found._context)}
    assert figure["How sure is it?"].figure == shares[0]
    assert figure["What is to be expected?"].figure == score
    assert collapse in figure["What is to be expected?"].note
    section = ahead(found._context)
    assert section is not None
    (own,) = (x for x in section.lines if x.title == "The recommended roadmap")
    assert f"collapsed {collapse}" in own.ends
    assert score in section.found
    for said in (part.found, title, own.ends, f"{shares[0]} of {holds['draws']} draws of all values"):
        assert said in page
    assert f"{shares[1]} if every range is {best['widened']['by']:.3g} times as wide" in page


def test_what_the_others_cost_is_told_by_name_and_sign(found: Brief, told: dict[str, Any]) -> None:
    """Catches a price with the wrong sign or of the wrong party, and an alternative that is not on the page."""
    part, alternatives = choice(found._context), told["plan"]["alternatives"]
    assert part is not None
    assert len(part.lines) == len(alternatives) > 1
    for line, row, a in zip(part.lines[1:], part.table.rows[1:], list(alternatives.values())[1:], strict=True):
        assert row[1] == str(steps(a["entry"]))
        for party, x in a["behind"]["gain"].items():
            name = found.case.parties[party].name
            assert abs(x["mean"]) > 1.96 * x["se"]  # else nothing is said of it
            assert ("costs" if x["mean"] < 0 else "brings") in re.split(rf"{name}", line.said)[0]


def test_its_pace_is_said(found: Brief) -> None:
    """Catches a strategy that goes on by condition and is told as if it went by date."""
    best = found.plan.alternatives["recommended"]  # type: ignore[attr-defined]
    part = choice(found._context)
    assert part is not None
    assert best.by_condition is bool(part.pace)
    assert (part.pace in text(found.html)) is True


def test_the_interview_list_names_what_is_empty(found: Brief) -> None:
    """Catches a demand that the roadmap does not meet, or an empty key, that nobody is told to ask about."""
    asked = questions(found._context)
    assert asked is not None
    unmet = found.plan.alternatives["recommended"].given_up  # type: ignore[attr-defined]
    assert len(unmet) == 2
    assert "demands 1 and 2" in asked.asked[0].lower()
    assert any("steps take" in q for q in asked.asked)
    assert all(q in text(found.html) for q in asked.asked[1:])


def test_what_deters_is_told(found: Brief, told: dict[str, Any]) -> None:
    """Catches an answer that is shown as if it deterred, where missing pays or those who give it have to bind themselves."""
    events = told["preparation"]["contingencies"]
    page = text(found.html)
    paying, bound = ([c for c in events if key in c["needs"]] for key in ("deposit", "commitment"))
    assert f"in {len(paying)} of {told['preparation']['misses']} events" in page
    assert sum(page.count(EVENT[c["event"]]) for c in paying) >= len(paying)
    assert ("In " + str(len(bound)) + " the answer deters only if" in page) is bool(bound)


def test_the_likely_plan_on_request(found: Brief) -> None:
    """Catches a search where none was asked for, and a page that calls the plan at the likely values recommended. The one that
    was found on the way is the one that the diagnosis told."""
    plain = brief(load("toy-exchange"), likely=True, draws=0)
    assert type(plain.plan) is Plan
    assert "ecommended" not in text(plain.html)
    assert plain.comparison is not None
    assert plain.comparison.roadmaps[0].name == "plan"
    assert isinstance(found.plan, Recommendation)
    assert found.diagnosis.plan == found.plan.at_likely
    assert plain.plan.roadmap == found.plan.at_likely.roadmap  # type: ignore[union-attr]


def test_the_comparison_says_what_each_costs(found: Brief) -> None:
    """Catches a baseline other than the recommended roadmap, orders that nobody played, and a name that is not understood."""
    assert isinstance(found.plan, Recommendation)
    made = compare(load("toy-exchange"), ["two-steps", "recommended", "surest"], plan=found.plan)
    order, best, surest = (r.expected for r in made.roadmaps)
    assert order is not None
    assert best is not None
    assert surest is not None
    assert [r.source for r in made.roadmaps] == ["order", "plan", "plan"]
    for i in ("a", "b"):
        assert best.gain_behind[i][0] == 0
        for e in (order, surest):
            assert e.gain_behind[i][0] == pytest.approx(e.gain[i][0] - best.gain[i][0], abs=1e-9)
    assert 'id="expected"' in compared_page(load("toy-exchange"), made)
