"""Stand-offs on which the product was once wrong, through the commands: the verdict, the plan and the check say the same, and
it is right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from detente.cli.app import app

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases-to-mend" / "verdicts"


def case(name: str) -> str:
    """A case of those that lie beside the project, or a loud skip."""
    path = CASES / name
    if not path.exists():
        pytest.skip(f"CASES TO MEND ABSENT: {name} is not in shared/cases-to-mend/verdicts beside the clone")
    return str(path)


def told(*arguments: str) -> tuple[int, dict[str, Any]]:
    done = CliRunner().invoke(app, [*arguments, "--json"])
    return done.exit_code, json.loads(done.stdout)


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("bystander/bystander.yaml", "open"),  # C, who does nothing, had a row of stepping out
        ("bystander.yaml", "open"),  # a party untouched by the plan was asked what it gains
        ("bystander-blocks.yaml", "open"),
        ("mediator/mediator.yaml", "open"),  # a mediator with no stake of its own
        ("mediator/river.yaml", "open"),
        ("false-none/grid.yaml", "distrust"),  # was told without a proof; under doubt it is so
        ("ownwish/ownwish.yaml", "no-zone"),  # A was asked to pay for what it can do alone
        ("winwin/winwin.yaml", "no-zone"),  # B was taken to drop what it wants itself
        ("flip0.yaml", "commitment"),  # a worthless joint measure turned the verdict
        ("stalemate.yaml", "no-zone"),  # harmful measures only, and no deal at -5
    ],
)
def test_the_verdict_is_right_and_the_plan_says_the_same(name: str, verdict: str) -> None:
    """Catches each of the faults named."""
    path = case(name)
    found, plan = told("diagnose", path), told("plan", path, "--likely")
    assert found[1]["verdict"] == verdict
    assert (found[0], plan[0]) == ((0, 0) if verdict == "open" else (1, 1))
    assert (plan[1]["status"] == "optimal") == (verdict == "open")
    if verdict == "open":
        assert plan[1]["certificate"]["holds"]
    else:
        assert plan[1]["nothing_because"] == "rows"
        assert plan[1]["value"] == plan[1]["no_deal"]


@pytest.mark.parametrize(
    ("name", "roadmap", "holds"),
    [
        ("bystander/bystander.yaml", "bystander/r.json", True),
        ("bystander-blocks.yaml", "bb.json", True),
        ("ownwish/ownwish.yaml", "ownwish/r.json", False),
        ("winwin/winwin.yaml", "winwin/r.json", False),
        ("false-none/grid.yaml", "false-none/hand.json", False),
    ],
)
def test_the_check_of_a_written_roadmap_is_right(name: str, roadmap: str, holds: bool) -> None:
    """Catches a bystander's veto, a price for one's own wish, a punishment that nobody would carry out; and, in the last, a
    roadmap that only holds if cheating is judged in the certainty that the other keeps faith."""
    code, found = told("verify", case(name), case(roadmap))
    assert (code, found["holds"]) == ((0, True) if holds else (1, False))


def test_what_the_check_of_each_says() -> None:
    """The figures by hand. winwin: withholding brings A 3 / (1 - 0.9) = 30 against 20. The roadmap that was planned for the
    exchange at a trust of 0.6: V = D = 4.8, and a cheat is spared 2.4 if the other stops: 0 does not cover that."""
    _, found = told("verify", case("winwin/winwin.yaml"), case("winwin/r.json"))
    row = next(r for r in found["broken"] if (r["party"], r["phase"], r["lag"]) == ("a", 0, 1))
    assert (row["left"], row["right"]) == (20, 30)
    code, exchange = told("diagnose", "toy-exchange")
    order = next(o for o in exchange["orders"] if o["id"] == "two-steps")
    assert (code, order["holds"], order["breaks_at"]["row"], order["breaks_at"]["phase"]) == (0, False, "doubt", 0)
    assert (order["breaks_at"]["left"], order["breaks_at"]["right"]) == (pytest.approx(2.4), 0)
