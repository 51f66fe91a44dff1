"""`detente plan --holds` and `--draws`: what is printed, and how it ends."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from detente.base.words import percent
from detente.cli import app
from detente.errors import DetenteError
from gifts import uncertain
from smallcases import Data, parties, swap, written


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["plan", *arguments, "--likely"], env={"COLUMNS": "120"})


def contradict(data: Data) -> None:
    data["comparisons"] = [{"by": "a", "prefers": "give-a", "to": "give-b"}]


@pytest.fixture
def case(tmp_path: Path) -> str:
    return written(swap(uncertain("a", "b")), tmp_path)


def test_a_share_that_is_met_ends_with_0(case: str) -> None:
    """Catches an answer without its figure, its interval, its draws or what decides it."""
    done = run(case, "--holds", "0.7")
    assert done.exit_code == 0
    said = " ".join(done.stdout.split())
    assert re.search(r"All conditions hold in \d+% of 10,000 draws \(95% interval: ", said)
    assert "chosen to hold in at least 70% of draws" in said
    assert "2 of 12 quantities varied, each in its range by the triangular distribution (as the case says), seed 0" in said
    assert "Party A would gain by stopping" in said
    assert "What “B gives” is worth to Party A" in said


def test_a_share_that_is_not_met_ends_with_1_and_tells_the_largest(case: str) -> None:
    """Catches a negative answer told as success, or without the roadmap that comes nearest."""
    done = run(case, "--holds", "0.95", "--seed", "2")
    assert done.exit_code == 1
    said = " ".join(done.stdout.split())
    assert "holds in at least 95% of draws was asked for and not found" in said
    assert "the largest share that was found, 74." in said
    told = json.loads(run(case, "--holds", "0.95", "--seed", "2", "--json").stdout)
    assert told["holds"]["met"] is False
    assert told["entry"] == {"give-a": 0, "give-b": 0}
    assert told["certificate"]["holds"] is True
    assert 0.72 < told["holds"]["share"] < 0.77


def test_draws_alone_count_the_plan(case: str) -> None:
    """Catches a share below what nobody asked for that ends with 1."""
    done = run(case, "--draws", "500")
    assert done.exit_code == 0
    assert "% of 500 draws" in done.stdout
    assert "asked for" not in done.stdout


@pytest.mark.parametrize(
    "options",
    [
        ("--holds", "90"),
        ("--holds", "0"),
        ("--holds", "nan"),
        ("--holds", "0.9", "--draws", "0"),
        ("--draws", "-1"),
        ("--holds", "0.9", "--seed", "-1"),
        ("--holds", "0.9", "--widen", "-1"),
        ("--draws", "100", "--widen", "inf"),
    ],
)
def test_bad_input_is_refused_before_anything_is_printed(case: str, options: tuple[str, ...]) -> None:
    """Catches a slip that is found after a long search, or planned around. `main` makes exit code 2 of it."""
    done = run(case, *options)
    assert done.stdout == ""
    assert isinstance(done.exception, DetenteError)
    assert "wanted a" in str(done.exception)


def test_options_that_do_not_go_together_are_refused(case: str, tmp_path: Path) -> None:
    """Catches a share that is asked of a roadmap under way and silently not heeded."""
    (tmp_path / "status.json").write_text('{"case": "swap", "phase": 1}', encoding="utf-8")
    for options in (("--holds", "0.9"), ("--draws", "10")):
        done = run(case, "--status", str(tmp_path / "status.json"), *options)
        assert done.exit_code == 2
        assert "--status cannot be combined" in " ".join(done.output.split())


def test_contradictory_comparisons_are_named_with_their_lines(tmp_path: Path) -> None:
    """Catches a refusal without file and line."""
    path = tmp_path / "swap.yaml"
    path.write_text(json.dumps(swap(uncertain("a"), contradict), indent=1), encoding="utf-8")
    done = run(str(path), "--holds", "0.9")
    assert isinstance(done.exception, DetenteError)
    line = next(n for n, text in enumerate(path.read_text().splitlines(), 1) if '"by": "a",' in text and n > 40)
    assert f"{path}:" in str(done.exception)
    assert "comparisons[0]: this comparison cannot be true together with the others and the ranges" in str(done.exception)
    assert f"line {line - 1}: a prefers give-a to give-b" in str(done.exception)


def test_trust_that_is_a_range_is_named_where_it_decides(tmp_path: Path) -> None:
    """Catches a range of trust that nobody is told of: A keeps to it from a trust of 1/4 on (`test_shares`)."""
    data = swap(parties(trust=0.9))
    data["parties"]["a"]["trust"]["b"] = [0.2, 0.3, 0.4]
    done = run(written(data, tmp_path), "--draws", "1000")
    assert done.exit_code == 0
    said = " ".join(done.stdout.split())
    assert "draws, 1 of 12 quantities varied" in said
    assert "The trust of Party A in Party B" in said


def test_both_shares_are_told_and_ranges_can_be_widened(case: str) -> None:
    """Catches an option that changes nothing, that the search on draws does not hear of, or that nothing would use."""
    given = json.loads(run(case, "--draws", "4000", "--json").stdout)["holds"]
    wide = json.loads(run(case, "--draws", "4000", "--widen", "1.3", "--json").stdout)["holds"]
    assert given["widened"]["by"] == 1.3
    assert given["widened"]["holds"] == wide["share"] < given["share"]
    assert (wide["widened"]["by"], wide["distribution"]["widen"]) == (1.69, 1.3)
    asked = json.loads(run(case, "--holds", "0.5", "--widen", "1.3", "--json").stdout)["holds"]
    assert asked["distribution"]["widen"] == 1.3
    said = " ".join(run(case, "--draws", "4000").stdout.split())
    assert f"{percent(wide['share'])} if every range is 1.3 times as wide" in said


def test_ranges_that_nobody_draws_from_cannot_be_widened(case: str) -> None:
    """Catches a wish that is silently not heeded."""
    done = run(case, "--widen", "1.3")
    assert done.stdout == ""
    assert isinstance(done.exception, DetenteError)
    assert "widen: got 1.3 where nothing is drawn" in str(done.exception)
