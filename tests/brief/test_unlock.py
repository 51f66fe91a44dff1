"""What the brief says would unlock: in words, by title, with who pays; nothing where nothing is quickly seen."""

from __future__ import annotations

from typing import Any

from briefcases import HARBOUR, HARBOUR_STEPS, placed
from detente.brief.brief import Brief
from detente.brief.context import Context
from detente.brief.parts.beyond import beyond
from detente.case.load import load
from detente.plan.unlock.target import most_wanted


def harbour(*supports: dict[str, Any]) -> Brief:
    listed = [{"id": f"s{n}", "title": f"Support {n}", **s} for n, s in enumerate(supports)]
    return placed(load({**HARBOUR, "supports": listed}), HARBOUR_STEPS)


def said(made: Brief) -> str:
    found = beyond(Context(made.case, made.plan, made.diagnosis, unlocked=made.unlocked))
    assert found is not None
    return found.unlock


def test_the_measure_that_is_named_most_is_the_one_that_is_told() -> None:
    """The fort stands in two provisions and a demand, the flag nowhere. Catches a way to what nobody asked for."""
    made = harbour()
    assert most_wanted(made.case, made.plan.roadmap) == "fort"
    assert made.unlocked is None
    assert said(made) == ""


def test_a_way_is_told_with_its_cost() -> None:
    """A payment of 200 a month makes up for the fort and what the red line forbids; the verifier has no part in it. Catches an
    id, a support without need, and a payer who is left out."""
    made = harbour({"of": ["fort"], "value": {"coast": 200}, "cost": {"isles": 0.1}}, {"of": ["patrols"], "lag": 1})
    text = said(made)
    assert "\u201cThe fort given up\u201d" in text
    assert "\u201cSupport 0\u201d" in text
    assert "Support 1" not in text
    assert "the United Isles 0.1 units per month" in text
    assert text in made.html.replace("&#34;", '"')
    assert (
        made.html
        == harbour({"of": ["fort"], "value": {"coast": 200}, "cost": {"isles": 0.1}}, {"of": ["patrols"], "lag": 1}).html
    )


def test_a_catalogue_that_cannot_help_is_said_to_be() -> None:
    """Catches silence where a proof exists, and a promise."""
    made = harbour({"of": ["fort"], "value": {"coast": 0.1}})
    assert "None of the supports" in said(made)
    assert made.unlocked is not None
    assert made.unlocked.hopeless
