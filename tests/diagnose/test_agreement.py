"""Diagnosis and plan say the same, and it is so: on random cases, through the commands, against trying everything."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bruteforce import BruteForce
from detente.case.load import read_case
from detente.cli.app import app
from randomcases import random_case
from smallcases import written

WITHOUT_TRUST = ("trust", "doubt", "red_line")


def agrees(seed: int, folder: Path, *, works: bool = False) -> None:
    """One case: every answer of `diagnose` and `plan` against every roadmap there is."""
    data = random_case(seed, phases=3, works=True) if works else random_case(seed)
    path, run = written(data, folder), CliRunner()
    planned = run.invoke(app, ["plan", path, "--likely", "--json"])
    diagnosed = run.invoke(app, ["diagnose", path, "--json"])
    plan, diagnosis = json.loads(planned.stdout), json.loads(diagnosed.stdout)
    instance = read_case(json.dumps(data)).instance
    brute, plain = BruteForce(instance), BruteForce(instance, without=WITHOUT_TRUST)
    possible = [r for r in brute.roadmaps() if not brute.faults(r) and brute.helps(r)]
    kept = any(plain.holds(r) for r in possible)
    dared = any(brute.holds(r) for r in possible)
    answer = {q["id"]: q["answer"] for q in diagnosis["questions"]}
    told = f"seed {seed}: {diagnosis['verdict']}, {plan['status']} {plan['nothing_because']}"
    assert (plan["status"] != "none") == dared, told
    assert planned.exit_code == (0 if dared else 1), told
    assert dared or plan["nothing_because"] == "rows", told
    assert answer["zone"] is True or not possible, told
    assert answer["keep"] == (kept if answer["zone"] else None), told
    assert answer["dare"] == (dared if kept else None), told
    assert diagnosis["verdict"] == ("open" if dared else "distrust" if kept else "commitment" if answer["zone"] else "no-zone")
    if dared:
        assert plan["certificate"]["holds"], told
        mine = next(r for r in possible if dict(r.entry) == plan["entry"])
        welfare, best = brute.welfare(mine, "nash"), brute.best("nash")[0]
        assert brute.holds(mine), told
        assert welfare is not None, told
        assert best is not None, told
        assert (welfare[0], float(welfare[1])) == (best[0], pytest.approx(float(best[1]), rel=1e-5)), told


@pytest.mark.parametrize("seed", range(40))
def test_diagnosis_and_plan_answer_what_is_so(seed: int, tmp_path: Path) -> None:
    """Catches a verdict of one command that the other refutes, a "none" that is none only within some rounding or limit, and a
    roadmap that is not the best there is."""
    agrees(seed, tmp_path)


@pytest.mark.parametrize("seed", range(40))
def test_they_do_where_steps_take_time(seed: int, tmp_path: Path) -> None:
    """Catches a question that is answered as if work cost nothing, or came to nothing, until it is done."""
    agrees(seed, tmp_path, works=True)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(40, 2040))
def test_diagnosis_and_plan_answer_what_is_so_in_two_thousand_cases(seed: int, tmp_path: Path) -> None:
    """The same, often."""
    agrees(seed, tmp_path)
