"""The command line: exit codes, streams, and what a shell does to it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

from detente import cli
from detente.cli.app import ROOMS
from detente.cli.ending import run as run_command
from detente.cli.streams import Output

Ended = Callable[..., tuple[int, str, str]]

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


def test_output_is_utf8_wherever_it_runs(tmp_path: Path) -> None:
    """Titles in other scripts, on a machine whose locale knows only ASCII."""
    file = tmp_path / "two-farms.yaml"
    file.write_text(FARMS.read_text().replace("Open the gate", "문을 열다"), encoding="utf-8")
    done = run("case", str(file), "--json", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert done.returncode == 0
    assert "문을 열다" in done.stdout


# -- Every command, and what can go wrong with any


GROUP: Any = typer.main.get_command(cli.app)
COMMANDS = {tuple(name.split()): command for name, command in GROUP.commands.items() if name not in ROOMS}
EVERY = pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
NO_INPUT = {("cases",), ("schema",), ("record", "codes")}


def given(words: tuple[str, ...], value: str) -> list[str]:
    """A call of a command in which every argument and option that it needs has this value, and the folder that is served."""
    needed = [p for p in COMMANDS[words].params if p.required or (words == ("serve",) and p.name == "workspace")]
    options = [x for p in needed if p.param_type_name == "option" for x in (p.opts[0], value)]
    return [*words, *options, *(value for p in needed if p.param_type_name == "argument")]


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ended:
    """Run a command in this process, in an empty folder: its exit code, and what it said on both streams."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DETENTE_DEBUG", raising=False)
    monkeypatch.setattr("typer.main.get_command", lambda _: GROUP)  # which takes most of the time

    def ended(*arguments: str) -> tuple[int, str, str]:
        code = run_command(cli.app, arguments)
        said = capsys.readouterr()
        return code, said.out, said.err

    return ended


def raising(monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], err: BaseException) -> None:
    """From now on the command ends in this error."""

    def fails(*_: object, **__: object) -> None:
        raise err

    monkeypatch.setattr(COMMANDS[words], "callback", fails)


@EVERY
def test_input_that_is_not_there_is_two(words: tuple[str, ...], ended: Ended) -> None:
    """Catches a command that takes what it cannot read for a negative answer, or for a fault of ours."""
    code, out, err = ended(*given(words, "no-such/thing"))
    assert (code, out) == ((0, out) if words in NO_INPUT else (2, "")), err
    assert "a fault of ours" not in err


@EVERY
def test_an_argument_that_is_no_text_is_two(words: tuple[str, ...], ended: Ended) -> None:
    """Catches half a character that is written into an answer, or that stops a command in the midst of it."""
    for arguments in ([*given(words, "no-such"), "caf\udce9"], [*words, "--json=\ud83d"]):
        code, out, err = ended(*arguments)
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert "\\ud" in err


@EVERY
def test_interrupted_is_130_and_a_fault_of_ours_is_three(
    words: tuple[str, ...], ended: Ended, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Catches a traceback, a second line, a missing name of the command, and what a broken pipe or file makes of the code."""
    call = given(words, "0")
    with monkeypatch.context() as patched:
        raising(patched, words, KeyboardInterrupt())
        assert ended(*call) == (130, "", "")
    for err in (ZeroDivisionError("by\x1b[31m\nzero"), EOFError(), BrokenPipeError(32, "Broken pipe"), RecursionError("deep")):
        with monkeypatch.context() as patched:
            raising(patched, words, err)
            code, out, said = ended(*call)
        assert (code, out, said.count("\n"), "\x1b" in said) == (3, "", 1, False)
        assert said.startswith(f"detente: {' '.join(words)}: ")
        assert type(err).__name__ in said
    for err in (MemoryError(), OSError(28, "No space left on device", "/x")):
        with monkeypatch.context() as patched:
            raising(patched, words, err)
            code, out, said = ended(*call)
        assert (code, out, said.count("\n")) == (2, "", 1)


@EVERY
def test_a_full_disk_is_two_and_a_closed_pipe_is_quiet(
    words: tuple[str, ...], ended: Ended, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Catches 1 (a negative answer) where the answer was lost, and a complaint where nobody reads on."""
    full = Path("/dev/full")
    calls = [[*words, "--help"], *([given(words, "")] if words in NO_INPUT else [])]
    for call in calls:
        if full.exists():
            monkeypatch.setattr(sys, "stdout", Output(full.open("wb")))
            code, _, err = ended(*call)
            assert (code, err.count("\n"), "Traceback" in err) == (2, 1, False)
        reading, writing = os.pipe()
        os.close(reading)
        monkeypatch.setattr(sys, "stdout", Output(os.fdopen(writing, "wb")))
        assert ended(*call) == (141, "", "")


def test_what_was_not_foreseen_is_told_as_the_page_says(ended: Ended, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a fault of ours, a machine that is too small or a broken argument that ends otherwise than the page promises."""
    page = (Path(__file__).parents[1] / "docs" / "reference" / "errors.md").read_text(encoding="utf-8")
    assert "| 3 | a fault of ours, in one line. `detente --debug COMMAND` shows where" in page
    for words, err, code, said in (
        (("plan",), ZeroDivisionError("division by zero"), 3, "`detente --debug COMMAND ...` shows where it was"),
        (("brief",), MemoryError(), 2, "more than the memory of this machine holds"),
        (("record", "dyad"), OSError(28, "No space left on device"), 2, "make room or choose another place"),
    ):
        raising(monkeypatch, words, err)
        found = ended(*given(words, "0"))
        assert (found[0], found[2].count("\n")) == (code, 1)
        assert said in found[2]


def test_the_traceback_is_for_who_asks(ended: Ended, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a fault that cannot be found any more: by the option, which goes before the command, and by the environment."""
    raising(monkeypatch, ("cases",), ZeroDivisionError("zero"))
    monkeypatch.setenv("DETENTE_DEBUG", "0")  # and is put back in the end
    assert "Traceback" not in ended("cases")[2]
    code, _, err = ended("--debug", "cases")
    assert (code, "Traceback" in err) == (3, True)
    monkeypatch.setenv("DETENTE_DEBUG", "1")
    assert "Traceback" in ended("cases")[2]


def test_control_characters_in_a_wrong_call_are_escaped(ended: Ended) -> None:
    """Catches an option or a command that reaches the terminal as it was given."""
    for call in (["\x1b[31mx"], ["cases", "--\x1b[31m"], ["case", "\x1b[31m"]):
        code, _, err = ended(*call)
        assert (code, "\x1b" in err, "\\x1b" in err) == (2, False, True), call


# -- A process of its own


def spawned(script: str, *arguments: str, **more: Any) -> subprocess.Popen[bytes]:
    """A command line before which a script has run."""
    code = f"{script}\nfrom detente.cli import main; main()"
    return subprocess.Popen([sys.executable, "-c", code, *arguments], stderr=subprocess.PIPE, **more)


@pytest.mark.parametrize("arguments", [["cases"], ["case", str(FARMS)], ["schema"], ["--version"], ["--help"]], ids=" ".join)
def test_a_full_standard_output_is_a_line(arguments: list[str]) -> None:
    """Text, tables, JSON, help: catches an answer that is lost without a word, and what the interpreter adds at its end."""
    if not Path("/dev/full").exists():
        pytest.skip("NO FULL DISK TO WRITE TO")
    with Path("/dev/full").open("wb") as full:
        process = spawned("", *arguments, stdout=full)
        _, err = process.communicate(timeout=20)
    assert (process.returncode, err.count(b"\n")) == (2, 1)
    assert err.startswith(b"detente: standard output: cannot be written: ")


def test_a_closed_pipe_is_quiet() -> None:
    """`detente schema | head -1` is no error worth a traceback."""
    process = spawned("", "schema", stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    with process.stderr as stderr:
        said = stderr.read()
    assert (process.wait(), said) == (141, b"")


@pytest.mark.skipif(os.name == "nt", reason="asks a shell")
@pytest.mark.parametrize(
    ("closing", "arguments", "code"),
    [
        (">&-", "schema", 2),
        (">/dev/null 2>&-", "schema", 0),
        ("2>&-", "case no-such-case", 2),
        ("2>/dev/full", "case no-such-case", 2),
        ("<&- >&- 2>&-", "case -", 2),
    ],
)
def test_streams_may_be_closed(closing: str, arguments: str, code: int) -> None:
    """Catches a crash for want of a stream, and an answer that went nowhere and was called fine."""
    line = f'"$0" -c "from detente.cli import main; main()" {arguments} {closing}'
    done = subprocess.run(["/bin/sh", "-c", line, sys.executable], capture_output=True, check=False)
    assert done.returncode == code
    assert b"Traceback" not in done.stderr


LONG = {
    "python": "while True: pass",
    "compiled": """
from detente.base.compiled import compiled
@compiled
def spin(n):
    x = 0.0
    for i in range(n):
        x = (x * 1.000001 + i) % 7.0
    return x
spin(1); print('ready', flush=True); spin(10**13)""",
    "pool": """
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(2) as pool:
    list(pool.map(time.sleep, [60] * 8))""",
    "database": """
from detente.base.database import Database
with Database() as database:
    database.execute("select count(*) from range(3000000) a, range(3000000) b where a.range * b.range % 7 = 3")""",
    "swallowed": """
try:
    time.sleep(60)
except BaseException as err:
    raise ValueError("what the interruption was made into") from err""",
}


@pytest.mark.skipif(os.name == "nt", reason="sends signals")
@pytest.mark.parametrize(
    ("where", "number"),
    [
        ("python", signal.SIGINT),
        ("python", signal.SIGTERM),
        ("compiled", signal.SIGTERM),
        ("pool", signal.SIGINT),
        ("database", signal.SIGINT),
        ("swallowed", signal.SIGTERM),
    ],
)
def test_a_signal_ends_it_wherever_it_is(where: str, number: signal.Signals) -> None:
    """Catches a run that no signal ends, or ends with another code than 128 + its number, and any complaint about it."""
    body = LONG[where].replace("\n", "\n    ")
    script = "import detente.case.library, detente.cli.interruption, time, warnings\nwarnings.simplefilter('ignore')\n"
    script += f"detente.cli.interruption._PATIENCE = 0.5\ndef long():\n    print('ready', flush=True)\n    {body}\n"
    process = spawned(f"{script}detente.case.library.slugs = long", "cases", stdout=subprocess.PIPE)
    assert process.stdout is not None
    for _ in range(2 if where == "compiled" else 1):
        assert process.stdout.readline() == b"ready\n"
    time.sleep(0.1)
    began = time.monotonic()
    process.send_signal(number)
    _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (128 + number, b"")
    assert time.monotonic() - began < 6


def test_nothing_complains_in_the_background() -> None:
    """Catches the traceback of a thread, of a finaliser and of what runs at the end, none of which reaches the command."""
    script = """
import atexit, threading
class Bad:
    def __del__(self): raise ValueError("finaliser")
def fail(): raise ValueError("thread")
import detente.case.library as library
before = library.slugs
def slugs():
    thread = threading.Thread(target=fail); thread.start(); thread.join()
    Bad(); atexit.register(fail)
    return before()
library.slugs = slugs
"""
    process = spawned(script, "cases", "--json", stdout=subprocess.DEVNULL)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 0
    said = set(err.splitlines())
    assert [line.startswith(b"detente: in a thread: ") for line in said] == [True], err
