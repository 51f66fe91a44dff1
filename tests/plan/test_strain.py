"""The command line and the planner at their limits: no time, no room in the numbers, odd options.

A limit may cost an answer. It may never turn into one: "not found out" is not "there is none".
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import detente as dt
from detente.case.edit import changed
from detente.errors import SolverError
from detente.plan.search.possible import helpful
from detente.solver.effort import Effort
from detente.solver.linear import Expression, Programme
from forkserver import Commands, Ended

pytestmark = pytest.mark.xdist_group("forkserver")  # which is one for all

Run = Callable[..., Ended]


@pytest.fixture
def run(server: Commands, tmp_path: Path) -> Run:
    """Runs a command in an empty folder."""
    return lambda *arguments: server.one(*arguments, folder=tmp_path, apart=True)


@pytest.mark.parametrize("case", ["toy-exchange", "supplier-dispute"])
@pytest.mark.parametrize("limit", ["1e-9", "0.001", "0.005", "0.02", "0.05"])
def test_a_limit_is_never_told_as_a_proof(case: str, limit: str, run: Run) -> None:
    """Catches "no roadmap is worth having" said of a case that has one, because the search was cut off."""
    done = run("plan", case, "--likely", "--time-limit", limit, "--json")
    answer: dict[str, Any] = json.loads(done.said)
    if answer["status"] == "none":
        assert (done.code, answer["nothing_because"], answer["gap"]) == (1, "limit", None)
        assert all(t is None or t < 0 for t in answer["entry"].values())
    else:
        assert done.code == 0
        assert answer["certificate"]["holds"] is True
        assert answer["status"] in ("optimal", "feasible")


@pytest.mark.parametrize("limit", ["0.001", "0.02"])
def test_the_limit_is_said_in_words(limit: str, run: Run) -> None:
    """Catches an answer that leaves the reader to guess whether the search ended or was ended."""
    done = run("plan", "supplier-dispute", "--likely", "--time-limit", limit)
    assert done.code == 1
    assert "time limit" in done.said
    assert "--time-limit" in done.said


@pytest.mark.parametrize(
    ("option", "given"),
    [("--time-limit", "0"), ("--time-limit", "-1"), ("--time-limit", "nan"), ("--gap", "-0.1"), ("--gap", "nan")],
)
def test_a_limit_that_is_none_is_refused(option: str, given: str, run: Run) -> None:
    """Catches a limit of nothing, or of no number, that is taken for one."""
    done = run("plan", "toy-exchange", "--likely", option, given)
    assert (done.code, done.said) == (2, "")
    assert f"{option.removeprefix('--').removeprefix('time-')} of {float(given)}" in done.complained
    assert "wanted" in done.complained


@pytest.mark.parametrize(
    "entries",
    [
        {"parties.a.stalemate": -1_000_000},
        {"parties.a.breakdown": 1_000_000_000_000},
        {"measures.give-a.value.b": 1_000_000_000_000},
        {"parties.a.trust.b": 1e-9, "measures.give-b.signal": 1_000_000_000_000},
    ],
    ids=["stalemate", "breakdown", "value", "signal"],
)
def test_numbers_of_very_different_size(entries: dict[str, object]) -> None:
    """Catches an answer that is wrong, or never comes, where the numbers of a case lie far apart."""
    made = dt.plan(changed(dt.load("toy-exchange"), entries), time_limit=30, likely=True)
    assert made.status == "optimal"
    assert made.certificate.holds
    assert not made.roadmap.is_empty


def test_a_discount_beyond_the_solver_is_said() -> None:
    """Catches a false "none" where 1 / (1 - d) is beyond floating point; toy-exchange has roadmaps at any larger discount."""
    case = changed(dt.load("toy-exchange"), {"parties.a.discount": 0.999999999999})
    with pytest.raises(SolverError, match="differ by many orders of magnitude"):
        dt.plan(case, time_limit=10, likely=True)


def test_a_search_without_time_for_any_roadmap_says_so() -> None:
    """Catches a search for any roadmap that goes on for ever, or takes the end of its time for an answer."""
    assert helpful(dt.load("supplier-dispute").instance, Effort.lasting(0.0)) is None


def test_a_coefficient_that_is_no_number_is_refused() -> None:
    """Catches a row that silently loses a term whose coefficient came out as no number."""
    programme = Programme()
    column = programme.columns(1, 0.0, 1.0)
    programme.row(Expression(column, column * float("nan")))
    with pytest.raises(SolverError, match="no finite number"):
        programme.solve(Expression(column, column + 1.0))
