"""The benchmark of the record does what it says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[1] / "benchmarks" / "record.py"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(SCRIPT), *arguments], capture_output=True, text=True, check=False)


def test_it_compares_and_judges(tmp_path: Path) -> None:
    """Catches a script that no longer runs, leaves its files behind, or judges without a figure. Its times are not tested."""
    done = run("--events", "3000", "--rounds", "1", "--folder", str(tmp_path))
    assert done.returncode in (0, 1), done.stderr
    assert "3,000 events" in done.stdout
    for line in (
        "of duckdb's speed (wanted: 0.7 or more)",
        "a dyad by month in",
        "times the query alone (wanted: 1.2 or less)",
        "MB (wanted: under 2,048 MB)",
    ):
        assert line in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_it_refuses_what_means_nothing() -> None:
    """Catches a ratio of nothing."""
    done = run("--events", "0")
    assert done.returncode == 2
    assert "at least one event" in done.stderr
