"""Time limits hold in large cases: what is asked for ends in the time, and says what it did not find out.

Time is that of the processor, of this process and of those it started, since other work may hold up the wall clock.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from detente.case.case import Case
from detente.case.load import load
from detente.diagnose.verdict import diagnose
from detente.errors import CaseError, InputError
from detente.plan.certificate import certify
from detente.plan.roadmap import Roadmap
from detente.plan.search.rows import Rows
from detente.plan.solve import plan
from detente.plan.unlock.unlock import unlock
from detente.plan.walk.ladder import descended
from detente.prepare.prepare import prepare
from detente.solver import apart, linear
from detente.solver.effort import Effort
from detente.solver.linear import Expression, Programme, TimeOverError

LIMIT = 2.0
LEAST = 1.5  # seconds beyond it: the fifth, and what a busy machine adds


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    """What an installation compiles once, the walks above all, is compiled before anything is timed."""
    descended(load("toy-exchange").instance, "nash", Effort())


def text(measures: int, *, slices: int = 1, parties: int = 2) -> str:
    """Parties in a ring, each giving the next what costs it less than it is worth."""
    names = [f"p{n}" for n in range(parties)]
    lines = ["case: large", "title: Large", "as_of: 2019-01-01", "phases: {length: 1 month, count: 12}", "parties:"]
    for i in names:
        trust = ", ".join(f"{j}: 0.3" for j in names if j != i)
        lines.append(f"  {i}: {{name: Party {i}, discount: 0.9, stalemate: 0, breakdown: 1, trust: {{{trust}}}}}")
    lines.append("measures:")
    for n in range(measures):
        i, j = names[n % parties], names[(n + 1) % parties]
        worth = f"value: {{{i}: -{1 + n % 3}, {j}: {3 + n % 3}}}"
        lines.append(f"  m{n}: {{title: Step {n}, by: {i}, kind: other, slices: {slices}, {worth}}}")
    return "\n".join(lines) + "\n"


def case_of(folder: Path, **size: int) -> Case:
    (folder / "large.yaml").write_text(text(**size))
    return load(folder / "large.yaml")


@contextmanager
def ends_in(seconds: float) -> Iterator[None]:
    """Fails if more time of the processor than that, and a margin, goes by."""
    before = os.times()
    yield
    after = os.times()
    spent = sum(after[:4]) - sum(before[:4])
    assert spent < 1.2 * seconds + LEAST, f"{spent:.1f} s of the processor for a limit of {seconds:g} s"


def test_a_plan_ends_in_its_time(tmp_path: Path) -> None:
    """Many measures: catches a solver that does not look at the clock, and reasons that are sought without end."""
    case = case_of(tmp_path, measures=1200)
    with ends_in(LIMIT):
        made = plan(case, time_limit=LIMIT)
    assert made.certificate.holds
    assert made or made.nothing_because == "limit"


def test_many_parties_end_in_time(tmp_path: Path) -> None:
    """A certificate alone takes a share of the time: catches one for every trial, and none kept back for the last."""
    case = case_of(tmp_path, measures=60, parties=24)
    with ends_in(LIMIT):
        made = plan(case, time_limit=LIMIT)
    assert made or made.nothing_because == "limit"
    with ends_in(LIMIT):
        found = diagnose(case, time_limit=LIMIT)
    assert found.verdict in ("unsettled", "open")
    with ends_in(LIMIT):
        opened = unlock(case, "m7", time_limit=LIMIT)
    assert opened or opened.answer in ("open", "change")


def test_what_was_not_answered_is_counted() -> None:
    """Preparing for a roadmap under a limit too short for all events: catches one that is left out without a word."""
    case = load("toy-exchange")
    made = plan(case)
    whole = prepare(case, made)
    part = prepare(case, made, time_limit=1e-6)
    assert whole.left_out == 0
    assert part.left_out == len(whole.contingencies) > 0
    assert part.to_dict()["left_out"] == part.left_out


def test_a_question_that_was_not_settled_is_not_answered_no(tmp_path: Path) -> None:
    """No time at all: catches a verdict of no roadmap where nobody has looked."""
    found = diagnose(case_of(tmp_path, measures=1200), time_limit=0.05)
    assert found.verdict == "unsettled"
    assert [q.answer for q in found.questions][-2:] == [None, None]
    assert found.plan is not None
    assert found.plan.nothing_because == "limit"


def test_what_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By measures with their slices, and by rows; the limit is named and can be raised: catches a run without end."""
    monkeypatch.setenv("DETENTE_LIMITS", "slices=500")
    case = case_of(tmp_path, measures=6, slices=100)
    with pytest.raises(CaseError, match="DETENTE_LIMITS=slices"):
        _ = case.instance
    monkeypatch.setenv("DETENTE_LIMITS", "slices=600,roadmap-rows=129")
    assert len(case.instance.measures) == 600
    with pytest.raises(InputError, match="DETENTE_LIMITS=roadmap-rows"):
        certify(case.instance, Roadmap.empty(case.instance))
    monkeypatch.setenv("DETENTE_LIMITS", "slices=600,roadmap-rows=130")
    everything = Roadmap(case.case, case.instance.phases, dict.fromkeys(case.instance.measure, 0))
    assert certify(case.instance, everything).rows >= 104  # two parties, 13 phases: W, D, trust and doubt of one lag


def test_rows_are_given_up_when_the_time_is_over(tmp_path: Path) -> None:
    """Catches a programme that is written to its end however late it is."""
    instance = case_of(tmp_path, measures=40).instance
    with pytest.raises(TimeOverError):
        Rows(instance, deadline=time.monotonic())


def knapsack() -> tuple[Programme, Expression]:
    """Twenty things in four sacks that none of them fills well: something to search."""
    programme, random = Programme(), np.random.default_rng(1)
    columns = programme.columns(20, 0.0, 1.0, whole=True)
    weights = random.integers(10, 60, size=(4, 20)).astype(float)
    for row in weights:
        programme.row(Expression(columns, row), -np.inf, float(row.sum() // 2))
    return programme, Expression(columns, weights.mean(axis=0).round() + 3)


def test_a_programme_solved_apart_has_the_same_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a process of its own or here: catches what is lost on the way, an error among it."""
    programme, goal = knapsack()
    here = programme.solve(goal, seconds=30)
    monkeypatch.setattr(apart, "LARGE", 1)
    there = programme.solve(goal, seconds=30)
    assert (there.status, there.value, there.bound) == (here.status, here.value, here.bound)
    assert there.point is not None
    assert goal.at(there.point) == pytest.approx(here.value)
    bad = Expression(np.array([0]), np.array([np.nan]))
    programme.row(bad)
    with pytest.raises(linear.SolverError, match="no finite number"):
        programme.solve(goal, seconds=30)


def test_what_was_told_before_the_time_was_over_is_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process tells a point and a bound and then works on for ever: catches a wait without end, and what is thrown away."""
    tells = "import pickle, sys, time; out = sys.stdout.buffer; "
    tells += "[pickle.dump(x, out) for x in (('found', (3.0, [1.0])), ('bound', (3.0, 4.0)))]; out.flush(); time.sleep(60)"
    monkeypatch.setattr(apart, "LARGE", 1)
    monkeypatch.setattr(apart, "_CHILD", tells)
    told: list[tuple[float, float, float]] = []
    programme, goal = knapsack()
    began = time.monotonic()
    found = programme.solve(goal, seconds=1.0, progress=lambda *what: told.append(what))
    assert time.monotonic() - began < 10
    assert (found.status, found.value, found.bound, found.point) == ("feasible", 3.0, 4.0, [1.0])
    assert [what[1:] for what in told] == [(3.0, 4.0)]


def test_an_interrupt_ends_what_is_solved_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """While the process works: catches one that outlives the interrupt, and one that is waited for."""
    import _thread

    monkeypatch.setattr(apart, "LARGE", 1)
    monkeypatch.setattr(apart, "_CHILD", "import time; time.sleep(60)")
    timer = threading.Timer(0.3, _thread.interrupt_main)
    began = time.monotonic()
    programme, goal = knapsack()
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        programme.solve(goal, seconds=30)
    assert time.monotonic() - began < 10
