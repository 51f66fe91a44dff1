"""One word, one meaning: the options of all commands, found by looking at the commands."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.core import TyperCommand
from typer.testing import CliRunner

from detente.cli import app
from detente.cli.app import ROOMS
from detente.cli.ending import run
from detente.cli.renamed import ANOTHER, RENAMED

ROOT = Path(__file__).resolve().parents[2]
GROUP: Any = typer.main.get_command(app)
COMMANDS: dict[str, Any] = {name: command for name, command in GROUP.commands.items() if name not in ROOMS}
UNITS = {"--by": {"PHASE", "DATE"}, "--party": {"NAME", "ID"}}
"""Options that take the same thing by two units: the last moment that counts; a party, which has no id before it has a case."""


def options(name: str) -> list[Any]:
    return [p for p in COMMANDS[name].params if p.param_type_name == "option"]


def test_an_option_takes_the_same_thing_in_every_command() -> None:
    """Catches a word that means a date in one command and a reader in another: what it takes tells most of them apart."""
    taken: dict[str, set[str]] = defaultdict(set)
    for name in COMMANDS:
        for p in options(name):
            for word in p.opts:
                taken[word].add(str(p.metavar))
    assert {word: takes for word, takes in taken.items() if len(takes) > 1} == UNITS
    assert not {"FILE"} ^ taken["--page"]


def test_a_page_is_never_an_output_and_a_picture_never_a_page(tmp_path: Path) -> None:
    """Catches `-o` and `--page` that change places: only `brief`, whose product is a page, writes one with `-o`."""
    both = {name for name in COMMANDS if {"-o", "--page"} <= {word for p in options(name) for word in p.opts}}
    assert both == {"graph", "read"}  # a conflict file, a draft case; and the page beside them
    file = tmp_path / "t.csv"
    file.write_text("actor,position,salience,capability\nA,0,50,1\nB,100,50,1\n")
    done = CliRunner().invoke(app, ["positions", str(file), "--page", str(tmp_path / "p"), "--picture", str(tmp_path / "s")])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "p").read_text().lower().startswith("<!doctype html")
    assert (tmp_path / "s").read_text().startswith("<svg")


@pytest.mark.parametrize(("name", "old"), RENAMED, ids="".join)
def test_an_old_name_answers_with_the_new_one(name: str, old: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Catches an old script that is told nothing or not understood, a new name that there is not, and one that came back."""
    new = RENAMED[name, old]
    words = {word: str(p.metavar) for p in options(name) for word in p.opts}
    option, _, value = new.partition(" ")
    assert old not in words
    assert option in words
    assert not value or value in words[option].split("|")
    for given in ([old, "x"], [f"{old}=x"] if old.startswith("--") else []):
        if given:
            seen: list[list[str]] = []
            with pytest.MonkeyPatch.context() as patched:
                patched.setattr(
                    TyperCommand, "parse_args", lambda _, ctx, args, seen=seen: seen.append(list(args)) or ctx.exit(7)
                )
                code = run(app, [*name.split(), *given])
            assert f"`{new}` now" in " ".join(capsys.readouterr().err.split())
            if new in ANOTHER:
                assert (code, seen) == (2, [])
            else:
                assert (code, seen) == (7, [[given[0].replace(old, option, 1), *given[1:]]])


WRITING = [(name, word) for name in COMMANDS for p in options(name) for word in p.opts if word in ("-o", "--page")]


@pytest.mark.parametrize(("name", "word"), WRITING, ids=" ".join)
def test_a_name_that_no_file_can_have_is_refused_first(
    name: str, word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Catches a long search whose answer has no place to go, a fault of ours, a file called -, a message without the name."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    places = sum(p.param_type_name == "argument" for p in COMMANDS[name].params)
    for given in (".", "", "-", "folder", "folder/", "missing/"):
        assert run(app, [*name.split(), *["toy-exchange"] * min(1, places), word, given]) == 2
        said = " ".join(capsys.readouterr().err.split())
        assert "a fault of ours" not in said
        assert f"got {given or repr('')}, " in said.replace("│ ", ""), said
    assert [p.name for p in tmp_path.iterdir()] == ["folder"]


def inputs(name: str) -> tuple[list[Any], int]:
    """The options of a command that name a file which it reads, and how many arguments it has."""
    read = re.compile("FILE|CASE")
    files = [p for p in options(name) if read.search(str(p.metavar)) and p.name not in ("output", "page", "picture", "export")]
    return files, sum(p.param_type_name == "argument" for p in COMMANDS[name].params)


@pytest.mark.parametrize("name", [name for name in COMMANDS if len(inputs(name)[0]) + inputs(name)[1] > 1])
def test_standard_input_is_read_once(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Catches two inputs that both are `-`, of which the second would be empty."""
    files, places = inputs(name)
    needed = [p for p in options(name) if p.required and p not in files]
    words = [x for p in needed for x in (p.opts[0], "1")] + [x for p in files for x in (p.opts[0], "-")] + ["-"] * places
    assert run(app, [*name.split(), *words]) == 2
    assert "standard input can be read once" in " ".join(capsys.readouterr().err.split())


def test_a_name_of_several_words(capsys: pytest.CaptureFixture[str]) -> None:
    """Catches a room that does not list what is in it, a command that hides those after it, and a wrong word without a hint."""
    for room in ("record", "forecast questions", "positions", "case"):
        assert run(app, [*room.split(), "--help"]) == 0
        said = capsys.readouterr().out
        assert all(f"  {name} " in said for name in COMMANDS if name.startswith(f"{room} "))
    assert run(app, ["record"]) == 2
    assert run(app, ["record", "dyda", "USA"]) == 2
    assert "'record dyad'" in capsys.readouterr().err
    assert run(app, ["case", "new.yaml"]) == 2
    assert "new.yaml" in capsys.readouterr().err
    assert run(app, ["--help"]) == 0
    said = capsys.readouterr().out
    assert all(f"  {name} " in said for name in COMMANDS if not name.startswith(tuple(f"{room} " for room in ROOMS)))


def test_the_folder_of_the_record_is_the_same_everywhere() -> None:
    """Catches a command that looks for the record in another place, or does not heed DETENTE_RECORD."""
    found = [(name, p) for name in COMMANDS for p in options(name) if "--workspace" in p.opts]
    assert {p.envvar for _, p in found} == {"DETENTE_RECORD"}
    assert {p.default for _, p in found} == {None, "detente-record"}
    assert {name for name in COMMANDS if name.startswith("record ")} - {name for name, _ in found} == {
        "record codes",
        "record key",
    }


def test_every_option_that_is_named_somewhere_exists() -> None:
    """Catches a page, a message or a comment that sends its reader to an option by a name that it no longer has."""
    known = {name: {"--help", "-h", *(word for p in options(name) for word in p.opts)} for name in COMMANDS}
    wrong, seen = [], 0
    for place in (
        ROOT / "README.md",
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "src").rglob("*.py"),
        *(ROOT / "src").rglob("*.yaml"),
    ):
        for call in re.findall(r"\bdetente ([a-z][^`\"\n|>]*)", place.read_text(encoding="utf-8")):
            words = call.split()
            name = next((n for k in (3, 2, 1) if (n := " ".join(words[:k])) in known), None)
            for word in words if name is not None else ():
                if option := re.match(r"--[a-z][a-z-]*|-o\b", word):
                    seen += 1
                    wrong += [f"{place.name}: {name} {option[0]}"] if option[0] not in known[str(name)] else []
    assert wrong == []
    assert seen > 200


def test_python_runs_the_package_as_the_command() -> None:
    """Catches an installation whose scripts are not on the path, and that then has no command at all."""
    asked = subprocess.run([sys.executable, "-m", "detente", "--version"], capture_output=True, text=True, check=True)
    assert asked.stdout.startswith("detente ")
