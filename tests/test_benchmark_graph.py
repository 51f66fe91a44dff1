"""The benchmark of the conflict graph measures what it says. Nothing is timed here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from detente.graph.states import feasible_states

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

from conflicts import draw  # noqa: E402

from graph import growth, main, tables  # noqa: E402


def test_a_seed_is_a_conflict_of_the_size_it_says() -> None:
    """Catches a conflict that depends on the order of a set, and one that is smaller, or freer, than the page says."""
    script = "from conflicts import draw; print(draw('bound', 8, 4, 3))"
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
    assert printed == {(str(draw("bound", 8, 4, 3)) + "\n").encode()}
    assert len(feasible_states(draw("free", 10, 4, 1))) == 1024
    bound = draw("bound", 10, 4, 1)
    assert 1024 <= len(feasible_states(bound)) < 1300
    assert 0.1 < sum(o.direction != "both" for o in bound.options) / len(bound.options) < 0.6


def test_a_small_run_from_end_to_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Catches a run whose processes, files and exit code do not fit together; sizes without a target count as neither."""
    assert main(["--free", "6,8", "--bound", "6", "--out", str(tmp_path)]) == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["graph.json", "graph.md", "graph.svg"]
    printed = capsys.readouterr().out
    assert (tmp_path / "graph.md").read_text(encoding="utf-8") == printed
    assert "| free | 6 | 64 |" in printed
    root = ElementTree.fromstring((tmp_path / "graph.svg").read_text(encoding="utf-8"))
    assert "2^8" in "".join(root.itertext())


def test_the_report_hides_nothing() -> None:
    """Catches a table that drops a failure, or calls a missed target met."""
    figures = {"seconds": 20.0, "cpu_seconds": 19.0, "memory": 900, "states": 1 << 20, "options": 20}
    slow = {"shape": "free", "bits": 20, **figures, "target": (15.0, 2048.0), "met": False}
    slow["equilibria"] = dict.fromkeys(("nash", "gmr", "smr", "seq", "sim"), 1)
    failed = {"shape": "bound", "bits": 16, "met": False, "error": "MemoryError"}
    text = tables({"numba": "1"}, [slow, failed])
    assert "| no |" in text
    assert "MemoryError" in text
    assert growth([slow, failed]).startswith("<svg")


@pytest.mark.parametrize("wrong", [["--free", "40"], ["--bound", "x"], ["--parties", "1"]])
def test_arguments_that_mean_nothing_are_refused(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Catches a misspelt size that quietly runs something else."""
    with pytest.raises(SystemExit) as stop:
        main(wrong)
    assert stop.value.code == 2
    assert capsys.readouterr().err
