"""What the planner finds does not depend on how fast the machine is or what else it does: only a time limit that strikes may
change an answer, and then the answer says so.

The clock is put faster or slower in place of a load: all that the planner knows of the machine is what the clock tells it.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import pytest

import detente as dt
from detente.diagnose.telling import show_diagnosis
from detente.plan.solve import STRUCK, plan
from detente.plan.telling import show_plan
from detente.solver import linear
from exchange import slices
from gifts import uncertain
from smallcases import Data, parties, swap

F = Fraction
SPEEDS = (50.0, 1 / 50)


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


@pytest.mark.parametrize("what", sorted(ASKED))
def test_the_same_answer_on_a_faster_and_a_slower_machine(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a share of the time that steers a search: under load it would end sooner, and elsewhere."""
    ask = ASKED[what]
    usual = ask()
    for speed in SPEEDS:
        with clock(monkeypatch, speed):
            other = ask()
        assert without_method(other) == without_method(usual)
        assert not dict(other.get("method") or {}).get(STRUCK)  # type: ignore[call-overload]


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
