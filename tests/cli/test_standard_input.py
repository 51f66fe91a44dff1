"""`-` is standard input wherever a command reads a file, and a pipe that a shell names by a number is called a pipe."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from detente.cli import app
from detente.cli.app import ROOMS

GROUP: Any = typer.main.get_command(app)
READ = re.compile("FILE|CASE|TABLE|ROADMAP|TEXT|HEAD|KEY")
OTHER = {
    ("read", "entries"), ("record key", "file"), ("record start", "case"), ("serve", "certificate"), ("serve", "key"),
    ("serve account", "scope"), ("ask", "answer"),
}  # fmt: skip
"""What only looks as if it were read: two are written, two are names, two are for who serves https; the last is read after a
long search (tests/ask)."""
CALLS = {
    "read": "text.txt",
    "case template": "toy-exchange -o t.xlsx",
    "case diff": "toy-exchange toy-exchange",
    "unlock": "toy-exchange --target give-a",
    "verify": "toy-exchange roadmap.json",
    "compare": "toy-exchange roadmap.json",
    "prepare": "toy-exchange roadmap.json",
    "forecast": "--workspace kept --of USA,PRK --horizon 1",
    "forecast ask": "--table t.csv --by 2030-01-01",
    "forecast questions import": "log t.csv",
    "forecast questions score": "log t.csv",
    "positions fit": "t.csv -o profile.json",
    "record import": "t.csv --workspace new",
    "record check": "--workspace kept",
    "record head": "--workspace kept",
    "record dyad": "USA PRK --workspace kept",
    "record unanswered": "USA PRK --workspace kept",
    "record contacts": "USA PRK --workspace kept",
    "record changes": "USA PRK --workspace kept",
    "record reciprocity": "USA PRK --workspace kept",
    "record commit": "toy-exchange give-a --state full --as-of 2018-12-01 --reader x",
    "record trust": "us-dprk-2019",
    "positions": "supplier-dispute",
    "positions backtest": "p.csv",
}
"""A call of each command that needs more, or another first argument, than a case."""
WITH = {"--reviewed": "-o draft.yaml", "--key": "--against x", "--proof": "--against x"}
"""What an option goes with."""


def inputs() -> list[tuple[str, Any]]:
    """Every argument and option of every command that names what is read."""
    written = ("output", "page", "picture", "export")
    return [
        (name, p)
        for name, command in GROUP.commands.items()
        for p in command.params
        if name not in ROOMS
        and READ.search(str(p.metavar))
        and p.metavar != "TEXT"
        and p.name not in written
        and (name, p.name) not in OTHER
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the calls name beside standard input."""
    place = tmp_path_factory.mktemp("inputs")
    (place / "text.txt").write_text("Harland demands that Merrow leave.")
    (place / "t.csv").write_text(
        "date,source,event,target\n" + "".join(f"2018-{m:02}-02,USA,Consult,PRK\n" for m in range(1, 13))
    )
    (place / "p.csv").write_text("actor,position,salience,capability,outcome\nA,0,50,1,20\nB,100,50,1,20\n")
    (place / "roadmap.json").write_text('{"entry": {}}')
    (place / "log").mkdir()
    (place / "log" / "questions.jsonl").write_text("")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        assert CliRunner().invoke(app, ["record", "import", "t.csv", "--workspace", "kept"]).exit_code == 0
        head = CliRunner().invoke(app, ["record", "head", "--workspace", "kept", "-o", "x"])
        assert head.exit_code == 0, head.output
    return place


@pytest.mark.parametrize(("name", "p"), [pytest.param(n, p, id=f"{n} {p.opts[0]}") for n, p in inputs()])
def test_a_file_can_be_standard_input(name: str, p: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a place that looks for a file of the name `-`: what comes in cannot be used, and is called <stdin>."""
    monkeypatch.chdir(folder)
    words = CALLS.get(name, "toy-exchange" if any(q.param_type_name == "argument" for q in GROUP.commands[name].params) else "")
    given = words.split()
    if p.opts[0] == "--trust-profile" and name != "record trust":
        given = ["us-dprk-2019", "--trust", "record"]
    if (name, p.name) in (("record commit", "file"), ("read", "sentences")):
        given = given[:1] if name == "record commit" else []
    if name == "forecast" and p.name in ("table", "profile"):
        table = ["--table", "t.csv"] if p.name == "profile" else []
        given = ["--unit", "source", "--of", "USA", "--horizon", "1", *table]
    if p.param_type_name == "option":
        if p.required:
            given[given.index(p.opts[0]) + 1] = "-"
        else:
            given += [*WITH.get(p.opts[0], "").split(), p.opts[0], "-"]
    else:
        places = [q.name for q in GROUP.commands[name].params if q.param_type_name == "argument"]
        given[places.index(p.name)] = "-"
    done = CliRunner().invoke(app, [*name.split(), *given], input=b"\xff\xfe\x00nothing that anybody reads")
    said = f"{done.output}{done.exception}"
    assert done.exit_code != 0
    assert "<stdin>" in said
    assert "no such file" not in said


@pytest.mark.parametrize("call", ["positions {}", "graph {} --json", "read {}", "case {}"])
def test_a_pipe_with_a_number_is_called_a_pipe(call: str, tmp_path: Path) -> None:
    """Catches a table or conflict by the name 63, which is what the shell calls `<(...)`."""
    import os

    texts = {
        "positions": "actor,position,salience,capability\nA,0,50,1\nB,100,50,1\n",
        "graph": '{"decisionMakers": [{"name": "A", "options": [{"id": 0}]}], "options": [{"id": 0, "name": "x"}]}',
        "read": "Harland demands that Merrow leave.",
        "case": "case: [",
    }
    file = tmp_path / "given"
    file.write_text(texts[call.split()[0]])
    with file.open() as opened:
        number = os.dup(opened.fileno())
    try:
        done = CliRunner().invoke(app, call.format(f"/dev/fd/{number}").split())
    finally:
        os.close(number)
    said = f"{done.output}{done.exception or ''}"
    assert f"/dev/fd/{number}" not in said
    assert not re.search(rf"\b{number}\b: ", said)
    assert "pipe" in said
