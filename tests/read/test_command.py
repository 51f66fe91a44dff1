"""`detente read` as its user runs it: the two JSON forms, exit codes, and nothing half-written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from detente.cli.app import app
from detente.cli.ending import run
from detente.read.claim import KINDS, MODALITIES

TEXT = "France demands that Italy leave the café before the talks begin. In May 2019 Italy promised 40 delegates an answer."
ALWAYS = {"type", "text", "start", "end", "quote", "modality", "negated", "confidence"}


def printed(*arguments: str) -> str:
    """What a command that ends well prints."""
    done = CliRunner().invoke(app, ["read", *arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_claims_as_other_tools_read_them(tmp_path: Path) -> None:
    """Catches a form that other tools cannot read, and places that are not those of the file."""
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    found = json.loads(printed(str(tmp_path / "a.txt"), "--json"))
    assert found["texts"] == [{"source": str(tmp_path / "a.txt"), "characters": len(TEXT)}]
    assert {c["type"] for c in found["claims"]} >= {"demand", "promise", "figure", "party"}
    for c in found["claims"]:
        assert c["quote"] == TEXT[c["start"] : c["end"]]
        assert set(c) >= ALWAYS
        assert c["type"] in KINDS
        assert c["modality"] in MODALITIES
        assert 0 < c["confidence"] <= 1


def test_the_same_text_gives_the_same_bytes(tmp_path: Path) -> None:
    """Catches an order of claims that hangs on a set or on the clock."""
    (tmp_path / "a.txt").write_text(TEXT)
    assert printed(str(tmp_path / "a.txt"), "--json") == printed(str(tmp_path / "a.txt"), "--json")


def test_sentences_in_their_order(tmp_path: Path) -> None:
    """Catches another form, or rows that are left out."""
    (tmp_path / "a.tsv").write_text(
        "sentence\tsource\ttarget\nPeru accused Chile.\tPeru\tChile\nPeru met Chile.\tPeru\tChile\n"
    )
    found = json.loads(printed("--sentences", str(tmp_path / "a.tsv"), "--json"))
    assert [set(row) for row in found] == [{"root", "penta", "source_found", "target_found"}] * 2
    assert [row["root"] for row in found] == ["ACCUSE", "CONSULT"]


def test_a_draft_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """Catches a file that is left where no draft can be made, and a name that no case can have."""
    (tmp_path / "a.txt").write_text("It was raining in the valley, and nobody said a word about the old road.")
    for name in ("x.yaml", "Not A Slug.yaml"):
        assert run(app, ["read", str(tmp_path / "a.txt"), "-o", str(tmp_path / name)]) == 2
        assert not (tmp_path / name).exists()


def test_no_table_is_written_without_an_entry(tmp_path: Path) -> None:
    """Catches a table without a row, which `record commit` refuses, told as something to commit."""
    (tmp_path / "a.txt").write_text(TEXT)
    done = CliRunner().invoke(
        app, ["read", str(tmp_path / "a.txt"), "--case", "us-dprk-2019", "--entries", str(tmp_path / "e.csv")]
    )
    assert done.exit_code == 0
    assert "e.csv: not written" in done.stderr
    assert not (tmp_path / "e.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("", "name at least one text"),
        ("--entries e.csv -", "goes with --case"),
        ("--reviewed r.json -", "goes with -o"),
        ("--model m -", "goes with --llm"),
        ("--sentences a.tsv b.txt", "no texts and no option"),
        ("--sentences a.tsv --case us-dprk-2019", "no texts and no option"),
        ("gone.txt", "gone.txt"),
    ],
)
def test_what_cannot_be_asked_ends_with_2(arguments: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Catches an option that is passed over where it has no effect, and a fault told as a success."""
    assert run(app, ["read", *arguments.split()]) == 2
    assert said in capsys.readouterr().err
