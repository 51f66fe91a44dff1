"""`detente record import`, `dyad` and `contents`: what they print, and with which exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from detente.cli import app
from detente.errors import InputError
from detente.record.workspace import Workspace
from eventfiles import GDELT2, gdelt, gdelt_row, table, written


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, and no record from outside."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DETENTE_RECORD", raising=False)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["record", *arguments])


def answer(*arguments: str, code: int = 0) -> Any:
    done = run(*arguments, "--json")
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


def refused(*arguments: str) -> str:
    """What is said, and that it is bad input (exit code 2 by way of the exception tree)."""
    done = run(*arguments)
    assert isinstance(done.exception, InputError) or done.exit_code == 2, done.output
    return str(done.exception) + done.output


def test_the_keys_that_other_tools_rely_on(folder: Path) -> None:
    """The issue fixes them: what was read, added, known, rejected by reason; and the periods of a series."""
    written(folder / "a.CSV", gdelt(3) + "broken\n")
    first = answer("import", "a.CSV", "--format", "gdelt2")
    assert [first[key] for key in ("read", "added", "known", "rejected")] == [4, 3, 0, {"the wrong number of columns": 1}]
    again = answer("import", "a.CSV")
    assert [again[key] for key in ("read", "added", "known")] == [4, 0, 3]
    series = answer("dyad", "USA", "PRK", "--period", "month")["series"]
    assert series == [{"period": "2018-06", "events": 3, "cooperation": 3, "conflict": 0, "intensity": 1.0}]
    assert list(series[0]) == ["period", "events", "cooperation", "conflict", "intensity"]
    listed = answer("contents")
    assert list(listed) == ["events", "commitments", "indicators", "retracted"]
    assert (listed["events"][0]["file"], listed["events"][0]["rows"], listed["events"][0]["read"]) == ("a.CSV", 3, 4)


def test_exit_codes(folder: Path) -> None:
    """0 where there is an answer, 1 where it is that there is none, 2 where the question makes no sense."""
    written(folder / "good.CSV", gdelt(1))
    written(folder / "bad.CSV", table(GDELT2, [gdelt_row(1, QuadClass=7)], header=False))
    answer("import", "bad.CSV", code=1)
    assert answer("dyad", "USA", "PRK", code=1)["series"] == []
    answer("import", "good.CSV")
    answer("import", "good.CSV")
    answer("dyad", "USA", "PRK", "--directed", code=1)
    answer("dyad", "PRK", "USA", "--directed")
    answer("dyad", "PRK", "USA", "--from", "2018-06-12", "--to", "2018-06-12")
    answer("dyad", "PRK", "USA", "--from", "2018-06-13", code=1)
    for arguments in (("dyad", "XXX", "USA"), ("dyad", "USA"), ("dyad", "USA", "PRK", "--from", "12.06.2018"), ("import",),
                      ("import", "missing.csv"), ("import", "good.CSV", "--format", "excel"),
                      ("import", "good.CSV", "--format", "csv"),
                      ("import", "good.CSV", "--map", "missing.yaml"), ("dyad", "USA", "PRK", "--period", "hour"),
                      ("contents", "--workspace", "elsewhere")):  # fmt: skip
        assert refused(*arguments)


def test_the_workspace_by_option_and_by_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--workspace, DETENTE_RECORD, and detente-record here, in this order."""
    written(folder / "a.CSV", gdelt(2))
    answer("import", "a.CSV", "--workspace", "one")
    monkeypatch.setenv("DETENTE_RECORD", "two")
    answer("import", "a.CSV")
    monkeypatch.delenv("DETENTE_RECORD")
    answer("import", "a.CSV")
    assert {path.name for path in folder.iterdir() if path.is_dir()} == {"one", "two", "detente-record"}
    assert all(answer("dyad", "USA", "PRK", "--workspace", name)["series"] for name in ("one", "two"))


def test_what_is_printed(folder: Path) -> None:
    """A table of files, what was put aside and where; a table of periods, gaps drawn together; several sources named."""
    written(
        folder / "a.CSV",
        table(GDELT2, [gdelt_row(1), gdelt_row(2, SQLDATE="20181001"), gdelt_row(3, SQLDATE="x")], header=False),
    )
    printed = run("import", "a.CSV").output
    assert "a.CSV gdelt2 (cameo) 3 2 0 1" in " ".join(printed.split())
    assert "1 with no date that can be read" in printed
    place = printed.split("They are in ")[1].strip().rstrip(".")
    assert (folder / "".join(place.split())).read_text().splitlines()[1].startswith("3,no date that can be read,")
    printed = run("dyad", "USA", "PRK").output
    assert "USA and PRK, both directions, by month" in printed
    assert "... 3 without" in " ".join(printed.split())
    assert "several sources" not in printed
    written(folder / "b.csv", "date,source,event,target\n2018-06-12,North Korea,Consult,United States\n")
    assert "several sources" in run("import", "b.csv").output + run("dyad", "USA", "PRK").output
    assert "several sources" not in run("dyad", "USA", "PRK", "--format", "icews").output
    assert "b.csv" in run("contents").output
    assert "no event between USA and DEU" in run("dyad", "USA", "DEU").output


def test_tables_of_actors(folder: Path) -> None:
    """With and without a header; every fault of one at once, with its line."""
    written(folder / "e.csv", "date,source,event,target\n2018-06-12,Front X,Consult,Front Y\n")
    written(folder / "actors.csv", "name,country\nFront X,YEM\n\nfront y,SAU\n")
    answer("import", "e.csv", "--actors", "actors.csv")
    assert answer("dyad", "YEM", "SAU", "--directed")["series"][0]["events"] == 1
    written(folder / "bad.csv", "Front X,Yemen\nFront Y\n,YEM\n")
    said = refused("import", "e.csv", "--actors", "bad.csv")
    assert "bad.csv:1:1: Front X: got 'Yemen', wanted a code" in said
    assert "bad.csv:2:1:" in said
    assert "bad.csv:3:1:" in said
    written(folder / "bytes.csv", b"\x80\xfe")
    assert "bytes.csv:1:1: not UTF-8" in refused("import", "e.csv", "--actors", "bytes.csv")


def test_nothing_but_the_answer_on_standard_output(folder: Path) -> None:
    """A progress bar or a message among the JSON would break whoever reads it. In a process of its own, with several files."""
    for name in ("a", "b"):
        written(folder / f"{name}.CSV", gdelt(40_000 if name == "a" else 2))
    command = [sys.executable, "-c", "from detente.cli import main; main()", "record", "import", "a.CSV", "b.CSV"]
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["added"] == 40_000
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.split()) == (0, ["a.CSV", "...", "b.CSV", "..."])


def test_a_mapping_that_is_used_with_the_wrong_format(folder: Path) -> None:
    """--map goes with --format csv only."""
    written(folder / "a.CSV", gdelt(2))
    written(folder / "m.yaml", "ontology: own\ncolumns: {date: D, source: S, target: T, code: C}\n")
    assert "a mapping file is for --format csv" in refused("import", "a.CSV", "--format", "icews", "--map", "m.yaml")
    assert "a KEDS table has codes of cameo or weis" in refused("import", "a.CSV", "--ontology", "plover")


def test_a_name_without_latin_letters_stands_for_nobody_else(tmp_path: Path) -> None:
    """Catches a table of actors whose one such name gives its country to every other that has no Latin letter."""
    from detente.record.codes.actors import read_actors
    from detente.record.importing.importing import import_files

    table, file = tmp_path / "actors.csv", tmp_path / "events.csv"
    table.write_text("name,country\n北の代表,PRK\n", encoding="utf-8")
    rows = "2018-01-01,南の代表,Consult,France\n2018-01-01,北の代表,Consult,France\n"
    file.write_text(f"date,source,event,target\n{rows}", encoding="utf-8")
    workspace = Workspace.create(tmp_path / "record")
    assert import_files(workspace, [file], actors=read_actors(str(table))).added == 2
    with workspace.connect() as connection:
        query = "select source_country, target_country from events order by source"
        assert connection.execute(query).fetchall() == [("PRK", "FRA"), (None, "FRA")]
