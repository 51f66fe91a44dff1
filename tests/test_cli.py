"""The command line: exit codes, streams, and what a shell does to it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

FARMS = Path(__file__).parent / "case" / "data" / "two-farms.yaml"
DETENTE = [sys.executable, "-c", "from detente.cli import main; main()"]


def run(*args: str, stdin: bytes = b"", **env: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([*DETENTE, *args], input=stdin, capture_output=True, env={**os.environ, **env}, check=False)
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def test_case_as_tables() -> None:
    """Parties, measures, demands, agreements, orders and what was checked: a part that is dropped is missed here."""
    done = run("case", str(FARMS))
    assert (done.returncode, done.stderr) == (0, "")
    for part in ("Two farms at one well", "Parties", "Measures", "Demands", "Agreements", "Stated orders", "Checked:"):
        assert part in done.stdout
    assert "2 (1 to 3)" in done.stdout
    assert "\x1b" not in done.stdout


def test_case_as_json_has_the_keys_that_others_rely_on() -> None:
    """Slices cut, grades resolved, likely values; from standard input as from a file."""
    done = run("case", "-", "--json", stdin=FARMS.read_bytes())
    data = json.loads(done.stdout)
    assert (done.returncode, data["case"], data["phases"]) == (0, "two-farms", 6)
    assert data["parties"]["east"] == {
        "name": "Eastern farm",
        "discount": 0.9,
        "stalemate": -0.1,
        "breakdown": 2.0,
        "trust": {"west": 0.15},
        "red_line": 30.0,
    }
    assert list(data["measures"])[:3] == ["open-gate", "share-water/1", "share-water/2"]
    assert data["measures"]["share-water/1"]["requires"][1] == {"any": ["measure-flow", "meet"], "after": 2}
    assert json.loads(run("case", str(FARMS), "--json").stdout) == data


def test_bad_input_is_two_and_goes_to_stderr(tmp_path: Path) -> None:
    """A caller must be able to tell bad input (2) from a negative answer (1), and output from complaint."""
    bad = tmp_path / "two-farms.yaml"
    bad.write_text(FARMS.read_text().replace("lag: 2", "lag: 0").replace("signal: 4", "signal: 0"))
    done = run("case", str(bad), "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"detente: {bad}: 2 faults in this case\n{bad}:37:10: measures.share-water.lag: got 0" in done.stderr
    assert "Traceback" not in done.stderr
    for args, said in (
        (("case", "no-such-case"), "bundled cases: "),
        (("case", str(tmp_path)), "it is a folder"),
        (("case", "-"), "<stdin>"),
        (("case",), "Missing argument"),
        (("case", str(FARMS), "--jsn"), "--jsn"),
        (("caes",), "caes"),
    ):
        done = run(*args)
        assert (done.returncode, done.stdout) == (2, ""), args
        assert said in done.stderr


def test_cases_lists_every_bundled_case() -> None:
    """Text and JSON name the same cases, each of which can be read by its slug."""
    from detente.case.library import slugs

    listed = json.loads(run("cases", "--json").stdout)
    assert [one["case"] for one in listed] == list(slugs())
    text = run("cases").stdout
    assert all(one["case"] in text and one["counts"]["measures"] > 0 for one in listed)


def test_schema_and_version() -> None:
    """The schema is JSON Schema of the file format; the version is that of the installed package."""
    from importlib.metadata import version

    schema = json.loads(run("schema").stdout)
    assert set(schema["required"]) == {"case", "title", "as_of", "phases", "parties", "measures"}
    assert run("--version").stdout == f"detente {version('detente')}\n"


@pytest.mark.parametrize("command", [(), ("case",), ("cases",), ("schema",)])
def test_every_help_has_an_example(command: tuple[str, ...]) -> None:
    """Help that shows no call leaves the reader to guess."""
    done = run(*command, "--help")
    assert done.returncode == 0
    assert "Example: detente " in done.stdout


def test_a_closed_pipe_is_quiet() -> None:
    """`detente schema | head -1` is no error worth a traceback."""
    process = subprocess.Popen([*DETENTE, "schema"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    with process.stderr as stderr:
        said = stderr.read()
    assert (process.wait(), said) == (141, b"")


def test_output_is_utf8_wherever_it_runs(tmp_path: Path) -> None:
    """Titles in other scripts, on a machine whose locale knows only ASCII."""
    file = tmp_path / "two-farms.yaml"
    file.write_text(FARMS.read_text().replace("Open the gate", "문을 열다"), encoding="utf-8")
    done = run("case", str(file), "--json", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert done.returncode == 0
    assert "문을 열다" in done.stdout


def test_interruption_is_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C while a case is read: the shell's code for it, and no traceback."""
    from detente import cli

    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("detente.case.load.load", interrupted)
    monkeypatch.setattr(sys, "argv", ["detente", "case", "x"])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 130
    assert "Traceback" not in capsys.readouterr().err
