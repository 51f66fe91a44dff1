"""`detente brief` as a command: what it writes, what it prints, how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from briefcases import nothing, unsure
from detente.case.load import save
from forkserver import Commands, Ended

pytestmark = pytest.mark.xdist_group("forkserver")  # which is one for all

Brief = Callable[..., Ended]


@pytest.fixture
def detente(server: Commands, tmp_path: Path) -> Brief:
    """The command, run in an empty folder."""
    return lambda *arguments: server.one("brief", *arguments, folder=tmp_path, apart=True)


def test_it_prints_a_summary_and_writes_the_page(detente: Brief, tmp_path: Path) -> None:
    """Catches a page under another name, and a summary that does not say where it went."""
    done = detente("toy-exchange")
    assert (done.code, done.complained) == (0, "")
    assert [p.name for p in tmp_path.iterdir()] == ["toy-exchange.html"]
    assert (tmp_path / "toy-exchange.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert done.said.rstrip().endswith("The whole brief: toy-exchange.html")
    assert "Under these values" in done.said


def test_json_in_place_of_the_summary_and_another_file(detente: Brief, tmp_path: Path) -> None:
    """Catches text mixed into JSON, and an output option that is not heeded."""
    done = detente("toy-exchange", "--likely", "--json", "-o", "other.html", "--objective", "sum")
    assert done.code == 0
    data = json.loads(done.said)
    assert list(data) == [
        *("case", "diagnosis", "plan", "preparation", "comparison", "positions", "record", "assessment", "forecasts", "misses")
    ]
    assert data["plan"]["objective"] == "sum"
    assert data["plan"]["certificate"]["holds"] is True
    assert [p.name for p in tmp_path.iterdir()] == ["other.html"]


def test_the_end_of_the_name_says_which_file_it_is(detente: Brief, tmp_path: Path) -> None:
    """Catches a page under the name of a PDF, and a summary that calls two pages the whole brief."""
    two = detente("toy-exchange", "--likely", "--draws", "0", "-o", "x.pdf")
    all_ = detente("toy-exchange", "--likely", "--draws", "0", "-o", "x.docx", "--annexes")
    assert (two.code, two.complained, all_.code, all_.complained) == (0, "", 0, "")
    assert two.said.rstrip().endswith("The two pages of the brief: x.pdf")
    assert all_.said.rstrip().endswith("The whole brief: x.docx")
    assert (tmp_path / "x.pdf").read_bytes().startswith(b"%PDF-")
    assert (tmp_path / "x.docx").read_bytes().startswith(b"PK")


def test_the_same_case_gives_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    """Catches what differs from process to process: hash order, the clock."""
    program = "from sparing import spare_plays; spare_plays(); from detente.cli import main; main()"
    for seed in ("1", "2"):
        command = [sys.executable, "-c", program, "brief", "toy-exchange", "-o", f"{seed}.html", "--draws", "200"]
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, env=environment)
    assert (tmp_path / "1.html").read_bytes() == (tmp_path / "2.html").read_bytes()


def test_without_a_roadmap_it_ends_with_1_and_still_writes(detente: Brief, tmp_path: Path) -> None:
    """Catches a negative answer told as success, or one that leaves the reader without a page."""
    save(nothing().case, tmp_path / "nothing.yaml")
    done = detente("nothing.yaml")
    assert (done.code, done.complained) == (1, "")
    assert "there is nothing to agree on" in done.said
    assert "No roadmap is offered." in (tmp_path / "nothing.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("missing/x.html", "detente: missing/x.html: cannot be written"),
        (".", "Error: Invalid value for '--output' / '-o': got .,"),
    ],
)
def test_an_unwritable_place_is_one_message_and_2(detente: Brief, tmp_path: Path, place: str, said: str) -> None:
    """Catches a traceback, half a file, and a summary that promises a page that is not there."""
    done = detente("toy-exchange", "--likely", "-o", place)
    assert done.code == 2
    assert done.said == ""
    assert done.complained.splitlines()[-1].startswith(said)
    assert done.complained.count("cannot be written") + done.complained.count("Error:") == 1
    assert list(tmp_path.iterdir()) == []


def test_unknown_objectives_and_cases_are_refused(detente: Brief, tmp_path: Path) -> None:
    """Catches a silent default in place of what was asked for."""
    done = detente("toy-exchange", "--objective", "max")
    assert done.code == 2
    assert "nash, sum, min" in done.complained
    assert detente("no-such-case").code == 2
    assert list(tmp_path.iterdir()) == []


def test_a_party_that_there_is_not_is_refused_before_the_search(detente: Brief, tmp_path: Path) -> None:
    """Catches a page for nobody, and minutes of search before it is said."""
    done = detente("us-dprk-2019", "--party", "nobody")
    assert (done.code, done.said) == (2, "")
    assert "party: got 'nobody', wanted one of us, " in done.complained
    assert list(tmp_path.iterdir()) == []


def test_draws_are_said_and_0_leaves_them_out(detente: Brief, tmp_path: Path) -> None:
    """Catches draws and a seed that the command does not hand on."""
    save(unsure().case, tmp_path / "harbour.yaml")
    data = json.loads(detente("harbour.yaml", "--likely", "--draws", "200", "--seed", "3", "--json").said)
    held = data["plan"]["holds"]
    assert (held["draws"], held["seed"], held["asked"]) == (200, 3, None)
    assert "200 draws, " in (tmp_path / "harbour.html").read_text(encoding="utf-8")
    assert json.loads(detente("harbour.yaml", "--likely", "--draws", "0", "--json").said)["plan"]["holds"] is None
    assert 'id="draws"' not in (tmp_path / "harbour.html").read_text(encoding="utf-8")
    refused = detente("harbour.yaml", "--draws", "-2")
    assert (refused.code, refused.said) == (2, "")
    assert "draws: got -2, wanted a whole number" in refused.complained
