"""The benchmark measures what it says: the same cases everywhere, rivals that are right, tables and pictures that show it all.

Nothing is timed here. The rivals' own arithmetic is compared with the exact certificate, since a rival that gets a row wrong
would make the planner look better, or worse, than it is.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import pytest

from detente.case.instance import Instance, Party
from detente.plan.certificate import certify
from detente.plan.roadmap import Roadmap
from detente.plan.search.objective import welfare
from detente.plan.solve import plan
from scripts import module_of

F = Fraction
BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

import holds  # noqa: E402
from cases import draw  # noqa: E402
from plain import Plain  # noqa: E402
from report import growth, tables  # noqa: E402

import plan as benchmark  # noqa: E402


def log_product(instance: Instance, roadmap: Roadmap) -> float:
    gaining, value = welfare("nash", certify(instance, roadmap), instance)
    assert gaining == len(instance.touched)
    return value


def test_a_seed_is_a_case() -> None:
    """Catches a case that depends on the order of a set, or on the machine; and profiles or seeds that make no difference."""
    script = "from cases import draw; print(draw(30, 8, 3, 7, 'low'))"
    printed = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=BENCHMARKS,
            env={**os.environ, "PYTHONHASHSEED": salt},
            capture_output=True,
            check=True,
        ).stdout
        for salt in ("1", "2")
    }
    assert printed == {(str(draw(30, 8, 3, 7, "low")) + "\n").encode()}
    assert len({str(draw(30, 8, 3, seed, trust).measures) for seed in (7, 8) for trust in ("low", "moderate")}) == 4


@pytest.mark.parametrize("name", sorted(p.stem for p in BENCHMARKS.glob("*.py")))
def test_a_benchmark_can_be_started(name: str) -> None:
    """Catches a benchmark that takes from a module what it has no more, so that what it claims can be run by nobody."""
    module_of(BENCHMARKS / f"{name}.py")


def test_cases_are_as_announced() -> None:
    """Catches a generator whose cases are easier than the page says: a fat surplus, high trust, few ties, one lag."""
    instance = draw(2000, 10, 3, 1)
    single = [m for m in instance.measures if len(m.actors) == 1]
    surplus = [max(m.value.values()) / -min(m.value.values()) for m in single]
    assert Fraction(105, 100) <= min(surplus) <= max(surplus) <= Fraction(3, 2)
    assert 0.07 < 1 - len(single) / 2000 < 0.13
    assert 0.21 < sum(bool(m.requires) for m in instance.measures) / 2000 < 0.29
    assert 0.12 < sum(m.signal > 1 for m in instance.measures) / 2000 < 0.18
    assert {m.lag for m in instance.measures} == {1, 2, 3}
    assert all(0.3 <= p <= 0.5 for party in instance.parties for p in party.trust.values())
    assert all(p <= 0.3 for party in draw(5, 5, 3, 1, "low").parties for p in party.trust.values())


@pytest.mark.parametrize(("parties", "seed"), [(2, 1), (2, 2), (2, 4), (3, 7), (3, 14)])
def test_the_plain_formulation_and_the_planner_agree(parties: int, seed: int) -> None:
    """Catches a rival that solves another problem, and a planner that misses an optimum. Seed 4 has nothing to recommend."""
    instance = draw(8, 5, parties, seed)
    best = plan(instance, reasons=False)
    solved = Plain(instance).solve(120.0)
    assert bool(best) == (solved.roadmap is not None) == (seed != 4)
    if solved.roadmap is not None:
        assert solved.holds == certify(instance, solved.roadmap).holds is True
        assert solved.value == pytest.approx(log_product(instance, best.roadmap), abs=2e-6)
    assert solved.bound == pytest.approx(solved.value, abs=2e-6)


def test_the_plain_formulation_knows_coalitions() -> None:
    """a and b trade among themselves, 2 a phase to each; each could help c, worth 1 and 0.5 dear, which gives a 0.2 for it.

    Together they would rather leave c out than both help it. If one of them helps, the other gains nothing by leaving with it.
    Catches a row of coalitions that is not written, or forbids more.
    """
    given = {"ab": ("a", "b", 1, 3), "ba": ("b", "a", 1, 3), "ac": ("a", "c", F("0.5"), 1), "bc": ("b", "c", F("0.5"), 1)}
    given["ca"] = ("c", "a", F("0.1"), F("0.2"))
    base = draw(1, 3, 2, 1).measures[0]
    alike = {"requires": (), "irreversible": F(0), "lag": 1, "signal": F(1)}
    measures = tuple(
        replace(base, id=n, whole=n, actors=(i,), value={i: -F(cost), j: F(worth)}, **alike)  # type: ignore[arg-type]
        for n, (i, j, cost, worth) in given.items()
    )
    trust = F("0.99")
    parties = tuple(Party(i, i, F("0.9"), F(0), F(0), {j: trust for j in "abc" if j != i}) for i in "abc")
    instance = Instance("three", 3, parties, measures)
    best, solved = plan(instance, reasons=False), Plain(instance).solve(120.0)
    assert solved.roadmap is not None
    assert certify(instance, solved.roadmap).holds
    assert solved.value == pytest.approx(log_product(instance, best.roadmap), abs=2e-6)
    both = Roadmap("three", 3, dict.fromkeys(given, 0))
    assert {row.row for row in certify(instance, both).broken} == {"coalition"}
    assert log_product(instance, both) > solved.value + 0.1


def result(**changes: object) -> dict[str, object]:
    plain = {"status": "not built", "nonzeros": 9_000_000}
    greedy = {"status": "out of time", "seconds": 108.0, "holds": True, "value": 7.0, "additions": 12}
    planned = {"status": "optimal", "gap": 0.004, "seconds": 60.0, "holds": True, "value": 7.2, "memory": 900}
    planned |= {"certificate_rows": 900, "certificate_seconds": 0.4, "nonzeros": 50_000}
    ratios = {
        "plain": {"seconds": None, "nonzeros": 180.0, "short": None},
        "greedy": {"seconds": 1.8, "nonzeros": None, "short": 0.0952},
    }
    case = {"measures": 600, "phases": 40, "parties": 2, "seed": 1, "trust": "low", "target": "0.5%, 120 s", "met": True}
    return {**case, "plan": planned, "plain": plain, "greedy": greedy, "ratios": ratios, **changes}


def test_a_target_is_met_only_by_a_certified_roadmap_in_time() -> None:
    """Catches a benchmark that calls itself met whatever happens."""
    target = benchmark.TARGETS[600, 40]
    good = {"status": "optimal", "gap": 0.004, "seconds": 60.0, "holds": True, "memory": 900}
    assert target.met(good)
    worse = [{"status": "none"}, {"gap": 0.006}, {"gap": None}, {"seconds": 121.0}, {"holds": False}, {"memory": 5000}]
    assert not any(target.met({**good, **change}) for change in worse)


def test_the_report_hides_nothing() -> None:
    """Catches a table that drops a method, a failure or a run that its limit ended."""
    failed = result(parties=3, met=False, plan={"error": "SolverError: x"}, greedy={"error": "did not stop within 360 s"})
    text = tables({"solver": "HiGHS"}, [result(), failed])
    for part in (
        "| yes |",
        "| no |",
        "SolverError: x",
        "did not stop within 360 s",
        "out of time",
        "9.5%",
        "not built: 9,000,000",
    ):
        assert part in text
    lines = [line for line in text.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in lines[:4]} == {lines[0].count("|")}


def test_the_picture_places_figures_on_logarithmic_axes() -> None:
    """Catches a curve that is drawn upside down, on a plain scale, or without the cross of a run that its limit ended."""
    small = result(measures=60)
    small["plan"] = {**small["plan"], "seconds": 6.0, "nonzeros": 5_000}  # type: ignore[dict-item]
    middle = result(measures=190)  # nearly half-way between 60 and 600
    root = ElementTree.fromstring(growth([small, middle, result()]))
    planner = next(g for g in root.iter("{http://www.w3.org/2000/svg}g") if g.get("class") == "c0")
    x, y = zip(*[(float(c.get("cx", "")), float(c.get("cy", ""))) for c in planner if c.get("cx")], strict=True)
    assert (x[1] - x[0]) / (x[2] - x[0]) == pytest.approx(0.5, abs=0.01)
    assert y[0] > y[1] == y[2]
    assert sum(mark.get("class") == "cross" for mark in root.iter()) == 3  # the three greedy runs


@pytest.mark.parametrize("wrong", [["--sizes", "40"], ["--parties", "1"], ["--trust", "high"], ["--seed", "x"]])
def test_arguments_that_mean_nothing_are_refused(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Catches a misspelt option that quietly runs something else for an hour."""
    with pytest.raises(SystemExit) as stop:
        benchmark.main(wrong)
    assert stop.value.code == 2
    assert "wanted" in capsys.readouterr().err


def test_a_small_run_from_end_to_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Catches a run whose processes, files and exit code do not fit together."""
    assert benchmark.main(["--sizes", "6x4", "--parties", "2", "--out", str(tmp_path)]) == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["growth.svg", "plan.json", "plan.md"]
    printed = capsys.readouterr().out
    assert (tmp_path / "plan.md").read_text(encoding="utf-8") == printed
    assert "error" not in (tmp_path / "plan.json").read_text(encoding="utf-8")


def test_draws_are_checked_by_both_ways_and_the_ratio_is_theirs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Catches a benchmark of a kernel that gives other answers than the certificate, or of a roadmap without steps."""
    assert holds.main(["--draws", "400", "--plain", "25", "--out", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert (tmp_path / "holds.md").read_text(encoding="utf-8") == printed
    assert "agree (25)" in printed
    found = holds.measure(300, 1, 20, (10, 6))
    assert found["agree"]
    assert found["steps"] > 0
    assert 0 < found["share"] < 1
    assert found["ratio"] == pytest.approx(found["plain_seconds_a_draw"] * 300 / found["seconds"])


def test_the_speed_of_draws_is_met_only_at_its_size_and_where_both_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a target that is always met: with a certificate that says no to everything it must not be."""
    monkeypatch.setattr(holds, "certify", lambda *_: type("No", (), {"holds": False})())
    found = holds.measure(50, 1, 20, (10, 6))
    assert not found["agree"]
    assert not found["met"]
    assert "DISAGREE" in holds.table(found)


def test_the_size_that_is_claimed_is_the_size_that_is_run() -> None:
    """Catches a claim about 30 x 24 in 10,000 draws that is measured on something smaller."""
    assert (holds.MEASURES, holds.PHASES, holds.DRAWS, holds.SECONDS) == (30, 24, 10_000, 2.0)
    assert holds._options([]).draws == holds.DRAWS
