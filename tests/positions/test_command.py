"""`detente positions`, `fit` and `backtest` on the command line: answers, JSON, exit codes, files."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import Result
from typer.testing import CliRunner

import detente as dt
from bargains import INVENTED, as_csv
from detente.cli import app
from detente.errors import PositionsError
from detente.positions.challenge import Variant
from detente.positions.variant import read_variant


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["positions", *map(str, arguments)])


@pytest.fixture
def bargain(tmp_path: Path) -> Path:
    path = tmp_path / "bargain.csv"
    path.write_text(as_csv(INVENTED))
    return path


def test_without_a_profile_the_two_baselines_and_a_word_on_it(bargain: Path) -> None:
    """Would catch a profile that is taken without being named, and a distribution that comes from nowhere."""
    done = run(bargain, "--json")
    assert done.exit_code == 0
    said = json.loads(done.stdout)
    one = said["issues"][0]
    assert one["issue"] == "bargain"
    assert one["range"] == [4, 10]
    assert (one["weighted_median"], round(one["weighted_mean"], 4)) == (10, 7.4474)
    assert one["distribution"] is said["profile"] is one["spread"] is one["challenge"] is None
    assert "two baselines" in said["notes"][0]
    assert "two baselines" in " ".join(run(bargain).stdout.split())


def test_with_a_profile_everything_is_told(bargain: Path) -> None:
    """Would catch a part that the text leaves out, or a baseline that is not shown beside the forecast."""
    done = run(bargain, "--profile", "eu-council", "--position-noise", 5, "--variant", "paper", "--trace")
    assert done.exit_code == 0, done.output
    text = " ".join(done.stdout.split())
    for part in (
        "Median", "Mean", "80% interval", "Weighted mean (baseline)", "Weighted median (baseline)",
        "Challenge model, 8 rounds",
        "Changes by one actor that move the median most", "positions off by 5 hundredths of the range",
        "weighted median after each round",
        "E(i,j)", "Profile eu-council: fitted on 226 issues", "No range is stated",
    ):  # fmt: skip
        assert part in text, part


def test_the_same_answer_twice_and_from_python(bargain: Path) -> None:
    """Would catch an answer that depends on the hour, and a Python face that says something else."""
    first, again = (run(bargain, "--profile", "eu-council", "--json").stdout for _ in range(2))
    assert first == again
    assert json.loads(first) == json.loads(json.dumps(dt.positions(bargain, profile="eu-council").to_dict()))


def test_the_json_of_the_challenge_model(bargain: Path) -> None:
    """Would catch options that are documented and not read."""
    plain = json.loads(run(bargain, "--variant", "paper", "--json").stdout)["issues"][0]["challenge"]
    assert plain["rounds"] is None
    assert plain["forecast"] == plain["medians"][-1]
    assert plain["variant"]["q"] == 1
    file = bargain.with_name("variant.yaml")
    file.write_text("q: 0.5\ndenominator: pair\nvotes: plain\norder: least\nrange: current\nrounds: 3\nsettle: 0.5\n")
    other = json.loads(run(bargain, "--variant", file, "--trace", "--json").stdout)
    found = other["issues"][0]["challenge"]
    assert found["variant"] == {
        "q": 0.5, "denominator": "pair", "votes": "plain", "order": "least", "range": "current", "rounds": 3, "settle": 0.5,
    }  # fmt: skip
    assert set(found["rounds"][0]["offers"][0]) == {"actor", "to", "kind", "position", "gains", "theirs", "taken"}


def test_a_variant_is_read_strictly(tmp_path: Path) -> None:
    """Would catch a choice that is misspelt and quietly the paper's, a file that is none, and all faults but the first."""
    file = tmp_path / "variant.yaml"
    for text, parts in (
        ("q: 2\nvotes: curved\norders: least\nrounds: 0\n", ("q", "votes", "orders", "rounds")),
        ("", ("got nothing",)),
        ("- q\n", ("a list",)),
    ):
        file.write_text(text)
        with pytest.raises(PositionsError) as caught:
            read_variant(file)
        assert all(part in str(caught.value) for part in parts)
    with pytest.raises(PositionsError, match="did you mean 'paper'"):
        read_variant("papre")
    file.write_text("settle: 1\n")
    assert read_variant(file) == Variant(settle=1)
    assert read_variant("paper") == Variant()


@pytest.mark.parametrize(
    ("options", "part"),
    [
        (["--q", 1], "`--variant FILE` now"),
        (["--trace"], "--variant"),
    ],
)
def test_options_without_their_model_are_refused(bargain: Path, options: list[object], part: str) -> None:
    """Would catch an option that is quietly ignored."""
    done = run(bargain, *options)
    assert done.exit_code == 2
    assert part in done.output


def test_what_cannot_be_used_is_a_message_and_exit_code_2(tmp_path: Path) -> None:
    """Would catch a traceback, or a fault without its place, in the real program."""
    bad = tmp_path / "bad.csv"
    bad.write_text("actor,position,salience,capability\nA,ten,50,1\n")
    for arguments, part in (
        ([bad], "bad.csv:2:2: position: got 'ten', wanted a number"),
        ([tmp_path / "none.csv"], "there is no such file"),
        ([bad, "--profile", "eu"], "is no"),
        (["us-dprk-2019"], "has no question of positions"),
    ):
        script = "from detente.cli import main; main()"
        done = subprocess.run(
            [sys.executable, "-c", script, "positions", *map(str, arguments)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
        assert part in done.stderr or "bad.csv" in done.stderr


def test_one_issue_of_several_in_detail(tmp_path: Path, bargain: Path) -> None:
    """Would catch an issue that is told without its proposal, and a name that is not there."""
    lines = as_csv(INVENTED).splitlines()
    path = tmp_path / "two.csv"
    path.write_text("\n".join(["issue," + lines[0], *(f"x,{r}" for r in lines[1:]), *(f"y,{r}" for r in lines[1:])]))
    said = json.loads(run(path, "--issue", "y", "--json").stdout)
    assert [f["issue"] for f in said["issues"]] == ["y"]
    assert said["issues"][0]["influence"]
    both = run(path, "--profile", "eu-council")
    assert both.stdout.count("4 to 10") >= 2
    with pytest.raises(PositionsError, match="has no issue z"):
        dt.positions(path, issue="z")
    with pytest.raises(PositionsError, match="wanted one to draw"):
        CliRunner().invoke(app, ["positions", str(path), "--picture", str(tmp_path / "p.svg")], catch_exceptions=False)
    assert not (tmp_path / "p.svg").exists()
    assert bargain.exists()


def test_pictures_and_pages_are_files_of_their_own(bargain: Path, tmp_path: Path) -> None:
    """Would catch a picture that is no XML or depends on a style elsewhere, and a page that asks for anything."""
    svg, page = tmp_path / "p.svg", tmp_path / "p.html"
    done = run(bargain, "--profile", "eu-council", "--picture", svg, "--page", page)
    assert done.exit_code == 0, done.output
    root = ElementTree.parse(svg).getroot()
    assert root.tag.endswith("svg")
    text = svg.read_text()
    assert "--paper:" in text
    assert "prefers-color-scheme" in text
    assert "weighted mean 7.4" in text
    html = page.read_text()
    assert "http://" not in html.replace("http://www.w3.org/2000/svg", "")
    assert "<script" not in html
    assert html.count("<svg") == 2


def test_fit_and_backtest_have_commands_of_their_own(tmp_path: Path) -> None:
    """Would catch `positions fit` that is read as a table of the name fit, and help that lists them nowhere."""
    text = CliRunner().invoke(app, ["--help"]).stdout
    assert "positions fit" in text
    assert "positions backtest" in text
    for command in ("fit", "backtest"):
        done = CliRunner().invoke(app, ["positions", command, "--help"])
        assert done.exit_code == 0
        assert f"positions {command}" in done.stdout
    done = run("fit", tmp_path / "none.csv", "-o", tmp_path / "p.json", "--effects", "perhaps")
    assert done.exit_code == 2
    assert not (tmp_path / "p.json").exists()


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    """Would catch a name that becomes markup on the page."""
    path = tmp_path / "t.csv"
    name = "<script>alert(1)</script>"
    path.write_text(f'actor,position,salience,capability\n"{name}",0,50,1\nB,5,50,1\n', encoding="utf-8")
    page = tmp_path / "p.html"
    assert run(path, "--profile", "eu-council", "--page", page).exit_code == 0
    html = page.read_text()
    assert "<script" not in html
    assert "&lt;script&gt;" in html
