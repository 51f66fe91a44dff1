"""Every file that a command writes, on a disk that is full: one line, and exit code 2."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from detente.cli import app
from detente.cli.ending import run
from smallcases import swap, you_first

FULL = Path("/dev/full")
GROUP: Any = typer.main.get_command(app)
CASE = f"{swap()['case']}.yaml"
FORECAST = "forecast --table t.csv --unit source --of USA --horizon 1"
CALLS = {
    ("case", "--output"): f"case {CASE} --migrate",
    ("read", "--output"): "read text.txt",
    ("read", "--page"): "read text.txt",
    ("read", "--entries"): None,
    ("plan", "--output"): f"plan {CASE} --likely",
    ("verify", "--output"): f"verify {CASE} roadmap.json",
    ("verify", "--export"): "verify",
    ("graph", "--output"): "graph toy-exchange",
    ("graph", "--page"): "graph toy-exchange",
    ("compare", "--page"): f"compare {CASE} --likely --draws 0",
    ("forecast", "--page"): FORECAST,
    ("positions", "--page"): "positions p.csv",
    ("positions", "--picture"): "positions p.csv",
    ("positions fit", "--output"): "positions fit issues.csv",
    ("record head", "--output"): "record head --workspace kept",
    ("brief", "--output"): f"brief {CASE} --likely --draws 0",
    # /dev/full is there already, or has not the name that such a file must have: refused before anything is written
    ("case new", "--output"): "case new",
    ("case template", "--output"): "case template",
    ("case from", "--output"): "case from m.xlsx",
    ("ask", "--output"): None,
}
"""By command and option: a call to which the option is added. None: written by the same function after a search (tests/ask), or
only where a passage makes an entry (tests/read)."""


def outputs() -> set[tuple[str, str]]:
    """Every option that names a file which is written."""
    written = ("output", "page", "picture", "export", "entries")
    found = {(name, p) for name, command in GROUP.commands.items() for p in command.params if p.name in written}
    return {(name, p.opts[0]) for name, p in found if p.param_type_name == "option"}


def test_every_output_is_tried() -> None:
    """Catches a new file that a command writes and nobody tried on a full disk."""
    assert outputs() == set(CALLS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("full")
    (place / CASE).write_text(json.dumps(swap(you_first)), encoding="utf-8")
    (place / "roadmap.json").write_text('{"entry": {}}')
    (place / "text.txt").write_text(
        "The United States demands that North Korea leave first. North Korea demands that the United States leave."
    )
    (place / "p.csv").write_text("actor,position,salience,capability\nA,0,50,1\nB,100,50,1\n")
    held = (("a", 0, 50), ("b", 40, 20), ("c", 100, 90))
    rows = [f"i{n},{10 * (n % 5)},{a},{x},{s},1" for n in range(12) for a, x, s in held]
    (place / "issues.csv").write_text("issue,outcome,actor,position,salience,capability\n" + "\n".join(rows) + "\n")
    (place / "t.csv").write_text(
        "date,source,event,target\n" + "".join(f"2018-{m:02}-02,USA,Consult,PRK\n" * (m % 3 + 1) for m in range(1, 13))
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        assert CliRunner().invoke(app, ["record", "import", "t.csv", "--workspace", "kept"]).exit_code == 0
    return place


@pytest.mark.skipif(not FULL.exists(), reason="NO FULL DISK TO WRITE TO")
@pytest.mark.parametrize(("name", "option"), [key for key, call in CALLS.items() if call is not None], ids=lambda x: x)
def test_a_full_disk_is_a_line(
    name: str, option: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Catches a page that is lost without a word, a traceback, and a file of half the answer left beside it."""
    monkeypatch.chdir(folder)
    before = set(folder.iterdir())
    assert run(app, [*str(CALLS[name, option]).split(), option, str(FULL)]) == 2
    err = capsys.readouterr().err
    assert [line.startswith("detente: ") for line in err.splitlines() if "/dev/full" in line] == [True], err
    assert set(folder.iterdir()) == before
