"""What the planner finds does not depend on how fast the machine is or what else it does: only a time limit that somebody asks
for, and that strikes, may change an answer, and then the answer says so.

The clock is put faster or slower in place of a load: all that the planner knows of the machine is what the clock tells it.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import detente as dt
from detente.diagnose.telling import show_diagnosis
from detente.plan.solve import CUT, STRUCK, plan
from detente.plan.telling import show_plan
from detente.solver import linear
from detente.solver.effort import WORK
from exchange import slices
from gifts import uncertain
from smallcases import Data, parties, swap, you_first

F = Fraction
SPEED = 50.0


@contextmanager
def clock(monkeypatch: pytest.MonkeyPatch, speed: float) -> Iterator[None]:
    """Time runs `speed` times as fast for whoever looks at the clock. The solver has a clock of its own and is told the limit
    in seconds; what is asked of it here ends long before."""
    real, wall = time.monotonic, time.time
    began, at = real(), wall()
    with monkeypatch.context() as patched:
        patched.setattr(time, "monotonic", lambda: began + speed * (real() - began))
        patched.setattr(time, "time", lambda: at + speed * (wall() - at))
        yield


def without_method(found: dict[str, object]) -> str:
    return json.dumps({k: v for k, v in found.items() if k != "method"})


def hard(data: Data) -> None:
    for spec in data["measures"].values():
        spec |= {"irreversible": 0.6, "slices": 2}
    data["supports"] = [{"id": "d", "title": "D", "party": "a", "breakdown": 9, "cost": {"b": 0.1}}]


ASKED: dict[str, Callable[[], dict[str, object]]] = {
    "plan": lambda: dt.plan(dt.load("toy-exchange"), time_limit=3000.0, likely=True).to_dict(),
    "holds": lambda: dt.plan(
        dt.load(swap(uncertain("a", "b"))), holds=0.7, draws=200, time_limit=3000.0, likely=True
    ).to_dict(),
    "diagnose": lambda: dt.diagnose(dt.load(swap(parties(trust=0.01))), time_limit=3000.0).to_dict(),
    "unlock": lambda: dt.unlock(dt.load(swap(hard)), "give-a", time_limit=3000.0).to_dict(),
    "prepare": lambda: dt.prepare(dt.load(swap()), time_limit=3000.0).to_dict(),
}
UNLIMITED: dict[str, Callable[[], dict[str, object]]] = {
    "plan": lambda: dt.plan(dt.load("toy-exchange"), likely=True).to_dict(),
    "recommended": lambda: dt.plan(dt.load(swap(uncertain("a", "b"))), draws=200).to_dict(),
    "holds": lambda: dt.plan(dt.load(swap(uncertain("a", "b"))), holds=0.7, draws=200, likely=True).to_dict(),
    "diagnose": lambda: dt.diagnose(dt.load(swap(parties(trust=0.01)))).to_dict(),
    "concessions": lambda: dt.concessions(dt.load(swap(you_first))).to_dict(),
    "unlock": lambda: dt.unlock(dt.load(swap(hard)), "give-a").to_dict(),
    "prepare": lambda: dt.prepare(dt.load(swap())).to_dict(),
    "compare": lambda: dt.compare(dt.load(swap(you_first)), pictures=True, draws=100).to_dict(),
    "brief": lambda: dt.brief(dt.load(swap(you_first)), draws=100).to_dict(),
}


@pytest.mark.parametrize("what", sorted(ASKED))
def test_the_same_answer_on_a_slower_machine_within_a_time_limit(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a share of the time that steers a search: under load it would end sooner, and elsewhere."""
    ask = ASKED[what]
    usual = ask()
    with clock(monkeypatch, SPEED):
        other = ask()
    assert without_method(other) == without_method(usual)
    assert not dict(other.get("method") or {}).get(STRUCK)  # type: ignore[call-overload]


@pytest.mark.parametrize("what", sorted(UNLIMITED))
def test_the_clock_decides_nothing_that_nobody_has_asked_it_to(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a time limit that nobody has asked for, here or given to the solver: on a busy machine it strikes, and the answer
    is another one. On the clock of the test an hour goes by in a millisecond."""
    monkeypatch.setattr("detente.recommend.recommend.plays_for", lambda _: 3000)
    given: list[float] = []
    for solver in (linear.Programme, linear.Relaxation):
        monkeypatch.setattr(solver, "solve", _noting(solver.solve, given))
    ask = UNLIMITED[what]
    usual = ask()
    with clock(monkeypatch, 3.6e6):
        other = ask()
    assert json.dumps(other, default=str) == json.dumps(usual, default=str)
    assert given
    assert set(given) == {math.inf}


def _noting(solve: Any, given: list[float]) -> Any:
    def noted(self: Any, goal: Any, *args: Any, **options: Any) -> Any:
        given.append(options.get("seconds", args[0] if args else math.inf))
        return solve(self, goal, *args, **options)

    return noted


def test_the_usual_limit_of_work_ends_a_search_where_it_always_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Little work, twice, on a slow and a fast clock: catches a search that goes on without end, one that ends elsewhere the
    second time, and one that is cut short without a word."""
    case = dt.load("toy-exchange")
    found = list[str]()
    for work in (WORK, 1e7, 1.0):
        monkeypatch.setattr("detente.solver.effort.WORK", work)
        made = plan(case)
        with clock(monkeypatch, 3.6e6):
            again = plan(case)
        assert json.dumps(made.to_dict()) == json.dumps(again.to_dict())
        assert (made.method or {})[CUT] is (work < WORK)
        assert (made.method or {})[STRUCK] is False
        assert ("limit of work" in " ".join(map(str, show_plan(made, case)))) is (work < WORK)
        assert made.status == "optimal" or work < WORK
        found.append(made.status)
    assert found[0] == "optimal"
    assert found[-1] == "none"


def test_a_solve_is_given_all_the_time_there_is_and_its_work_by_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a slice of the time for a trial, for whose gains count, for ties, for one set of supports. Only the first look at
    whole numbers and the search for sets keep a reserve, and say so if it strikes."""
    given: list[tuple[float, int | None]] = []
    solve = linear.Programme.solve

    def noted(self: linear.Programme, *args: object, **options: object) -> linear.Solution:
        given.append((float(options["seconds"]), options.get("nodes")))  # type: ignore[arg-type]
        return solve(self, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(linear.Programme, "solve", noted)
    assert plan(slices(3, 4, lam=F(2), d=F("0.8"), r=F("0.45")), time_limit=1e6, reasons=False)
    by_count = [seconds for seconds, nodes in given if nodes is not None]
    assert len(by_count) > 2
    assert min(by_count) > 0.999e6
    assert min(seconds for seconds, _ in given) > 0.84e6
    given.clear()
    dt.diagnose(dt.load(swap(parties(trust=0.01))), time_limit=1e6)
    by_count = [seconds for seconds, nodes in given if nodes is not None]
    assert len(by_count) > 5
    assert min(by_count) > 0.999e6
    given.clear()
    dt.unlock(dt.load(swap(hard)), "give-a", time_limit=1e6)
    by_count = [seconds for seconds, nodes in given if nodes is not None]
    assert len(by_count) > 2
    assert min(by_count) > 0.59e6


def test_a_time_limit_that_strikes_is_said() -> None:
    """Catches a roadmap that another machine would not have found, told as if it were the answer."""
    case = dt.load("toy-exchange")
    quick = plan(case)
    assert (quick.method or {})[STRUCK] is False
    struck = plan(case, time_limit=1e-3)
    assert (struck.method or {})[STRUCK] is True
    told = [[str(line) for line in show_plan(one, case)] for one in (quick, struck)]
    assert ["time limit" in " ".join(lines) for lines in told] == [False, True]
    assert dt.unlock(dt.load(swap(hard)), "give-a", time_limit=1e-3).method[STRUCK] is True
    found = [dt.diagnose(case, time_limit=limit) for limit in (60.0, 1e-3)]
    assert [d.method[STRUCK] for d in found] == [False, True]
    assert ["time limit ended" in " ".join(map(str, show_diagnosis(d, case))) for d in found] == [False, True]


def test_no_seconds_outside_method() -> None:
    """Catches a result that holds how long it took: two runs would never be the same bytes."""
    for ask in (ASKED["plan"], ASKED["holds"]):
        told = without_method({k: v for k, v in ask().items() if k != "holds"})
        assert not re.search(r'"[a-z_]*(seconds|elapsed|took|cpu|wall)[a-z_]*":', told)


def test_clocks_are_where_they_are_known() -> None:
    """Catches a new look at the clock: each of these is an upper bound that says so when it strikes, or tells progress."""
    root = Path(plan.__code__.co_filename).parents[1]
    looking = {
        str(path.relative_to(root))
        for room in ("solver", "plan", "diagnose", "prepare", "compare")
        for path in (root / room).rglob("*.py")
        if re.search(r"\b(perf_counter|monotonic|process_time|time\.time)\(", path.read_text(encoding="utf-8"))
    }
    assert looking <= {
        "solver/apart.py",
        "plan/explain.py",
        "plan/walk/pairs.py",
        "plan/draws/climb.py",
        "plan/draws/robust.py",
        "solver/linear.py",
        "solver/effort.py",
        "plan/search/rows.py",
        "plan/search/branch.py",
        "plan/solve.py",
        "plan/unlock/reach.py",
        "plan/unlock/unlock.py",
        "prepare/prepare.py",
        "diagnose/concessions.py",
        "diagnose/repair.py",
        "diagnose/verdict.py",
        "compare/compare.py",
        "compare/pool.py",
    }
