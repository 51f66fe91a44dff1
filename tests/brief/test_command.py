"""`detente brief` as a command: what it writes, what it prints, how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from briefcases import nothing, unsure
from detente.case.load import save


def detente(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from detente.cli import main; main()", "brief", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, encoding="utf-8")


def test_it_prints_a_summary_and_writes_the_page(tmp_path: Path) -> None:
    """Catches a page under another name, and a summary that does not say where it went."""
    done = detente("toy-exchange", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert [p.name for p in tmp_path.iterdir()] == ["toy-exchange.html"]
    assert (tmp_path / "toy-exchange.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert done.stdout.rstrip().endswith("The whole brief: toy-exchange.html")
    assert "Under these values" in done.stdout


def test_json_in_place_of_the_summary_and_another_file(tmp_path: Path) -> None:
    """Catches text mixed into JSON, and an output option that is not heeded."""
    done = detente("toy-exchange", "--json", "-o", "other.html", "--objective", "sum", cwd=tmp_path)
    assert done.returncode == 0
    data = json.loads(done.stdout)
    assert list(data) == [
        *("case", "diagnosis", "plan", "preparation", "comparison", "positions", "record", "assessment", "forecasts")
    ]
    assert data["plan"]["objective"] == "sum"
    assert data["plan"]["certificate"]["holds"] is True
    assert [p.name for p in tmp_path.iterdir()] == ["other.html"]


def test_the_same_case_gives_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    """Catches what differs from process to process: hash order, the clock."""
    pages = []
    for name in ("a.html", "b.html"):
        assert detente("toy-exchange", "-o", name, cwd=tmp_path).returncode == 0
        pages.append((tmp_path / name).read_bytes())
    assert pages[0] == pages[1]


def test_without_a_roadmap_it_ends_with_1_and_still_writes(tmp_path: Path) -> None:
    """Catches a negative answer told as success, or one that leaves the reader without a page."""
    save(nothing().case, tmp_path / "nothing.yaml")
    done = detente("nothing.yaml", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert "there is nothing to agree on" in done.stdout
    assert "No roadmap is offered." in (tmp_path / "nothing.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("place", ["missing/x.html", "."])
def test_an_unwritable_place_is_one_message_and_2(tmp_path: Path, place: str) -> None:
    """Catches a traceback, half a file, and a summary that promises a page that is not there."""
    done = detente("toy-exchange", "-o", place, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"detente: {place}: cannot be written")
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_unknown_objectives_and_cases_are_refused(tmp_path: Path) -> None:
    """Catches a silent default in place of what was asked for."""
    done = detente("toy-exchange", "--objective", "max", cwd=tmp_path)
    assert done.returncode == 2
    assert "nash, sum, min" in done.stderr
    assert detente("no-such-case", cwd=tmp_path).returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_draws_are_said_and_0_leaves_them_out(tmp_path: Path) -> None:
    """Catches draws and a seed that the command does not hand on."""
    save(unsure().case, tmp_path / "harbour.yaml")
    data = json.loads(detente("harbour.yaml", "--draws", "200", "--seed", "3", "--json", cwd=tmp_path).stdout)
    held = data["plan"]["holds"]
    assert (held["draws"], held["seed"], held["asked"]) == (200, 3, None)
    assert "200 draws of" in (tmp_path / "harbour.html").read_text(encoding="utf-8")
    assert json.loads(detente("harbour.yaml", "--draws", "0", "--json", cwd=tmp_path).stdout)["plan"]["holds"] is None
    assert 'id="sure"' not in (tmp_path / "harbour.html").read_text(encoding="utf-8")
    refused = detente("harbour.yaml", "--draws", "-2", cwd=tmp_path)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "draws: got -2, wanted a whole number" in refused.stderr
