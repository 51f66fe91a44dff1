"""`detente case new`, `template` and `from`: what is written, and that nothing is written otherwise."""

from __future__ import annotations

import io
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from detente.case.load import load
from detente.cli import app
from detente.cli.ending import run as run_command

ANSWERS = """\
Two towns and a spring
2024-03-01
1 month
24
Hilltown
Valleytown

Open the weir in summer
hill
transfer
-small
large gain
Mend the mountain road
2
works
medium gain
small c
Joint water board
hill, valley
cont
slight
slight gain

none
Open
Joint
no more
fair
-slight
heavy
little
short

light
some
Mend
Open
high

Open
Mend
medium

"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def new(monkeypatch: pytest.MonkeyPatch, answers: str, *arguments: str) -> int:
    """The exit code of `detente case new` with piped answers."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(answers))
    return run_command(app, ["case", "new", *arguments])


def test_piped_answers_make_a_case_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches an answer that lands under another key, and a question that wants a number it need not have."""
    assert new(monkeypatch, ANSWERS) == 0
    case = load("two-towns-and-a-spring.yaml")
    assert (case.as_of.isoformat(), case.phases.length, case.phases.count) == ("2024-03-01", "1 month", 24)
    weir, road, board = case.measures.values()
    assert (weir.by, road.by, board.by) == (("hilltown",), ("valleytown",), ("hilltown", "valleytown"))
    assert [m.class_ for m in (weir, road, board)] == ["transfer", "works", "contact"]
    assert {i: v.text for i, v in road.value.items()} == {"hilltown": "medium", "valleytown": "-small"}
    assert weir.requires[0].any == ("joint-water-board",)
    assert case.parties["hilltown"].trust["valleytown"].text == "little"
    assert [d.firm for d in case.demands] == ["high", "medium"]
    numbers = [line for line in ANSWERS.splitlines() if re.fullmatch(r"[0-9.]+", line)]
    assert numbers == ["24", "2"]  # the horizon, and a place in a list
    assert load("two-towns-and-a-spring.yaml").text.count("irreversible") == 1  # a comment; nothing that follows is written


def test_what_is_there_is_not_written_over(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Catches an hour's work that is lost to a second run, and a refusal that comes only after the last answer."""
    Path("river.yaml").write_text("mine", encoding="utf-8")
    for arguments in (["case", "new", "-o", "river.yaml"], ["case", "template", "-o", "river.yaml"]):
        assert run_command(app, arguments) == 2
        assert Path("river.yaml").read_text(encoding="utf-8") == "mine"
    assert "?" not in capsys.readouterr().err
    assert new(monkeypatch, ANSWERS, "-o", "river.yaml", "--overwrite") == 0
    assert load("river.yaml").case == "river"


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (ANSWERS.replace("transfer", "transport"), "answer 10"),
        (ANSWERS.replace("2024-03-01", "1 March"), "answer 2"),
        (ANSWERS.replace("\n24\n", "\n0\n"), "answer 4"),
        (ANSWERS.replace("Mend the mountain road\n2\n", "open the WEIR in summer\n2\n"), "answer 13"),
        (ANSWERS.replace("-small\nlarge gain", "\n"), "answer 12"),
        (ANSWERS.replace("\n24\n", "\n6\n"), "answer 17"),  # works take up to 8 months
        (ANSWERS[:300], "ended before"),
        ("", "ended before"),
    ],
)
def test_nothing_is_written_after_an_answer_that_cannot_be_used(
    answers: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Catches half a file, and an answer that is passed over so that all that follow answer other questions."""
    assert new(monkeypatch, answers) == 2
    assert said in capsys.readouterr().err
    assert list(Path().iterdir()) == []


def typed(process: subprocess.Popen[bytes], terminal: int, wanted: str, patience: float = 20) -> str:
    """What a terminal shows up to what is wanted."""
    shown, end = "", time.monotonic() + patience
    while wanted not in shown and time.monotonic() < end and process.poll() is None:
        if select.select([terminal], [], [], 0.2)[0]:
            shown += os.read(terminal, 4096).decode()
    assert wanted in shown, shown
    return shown


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    ends = pty.openpty()
    yield ends
    for end in ends:
        os.close(end)


def test_ctrl_c_leaves_no_file_and_gives_the_answers_back(terminal: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches answers that are lost, a wrong one that is kept, and a file of which half is there."""
    ours, theirs = terminal
    command = [sys.executable, "-c", "from detente.cli import main; main()", "case", "new"]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
    typed(process, ours, "title")
    for answer, then in (("Two towns", "day"), ("tomorrow", "day"), ("2024-03-01", "phase"), ("1 month", "How many")):
        os.write(ours, f"{answer}\n".encode())
        typed(process, ours, then)
    process.send_signal(signal.SIGINT)
    shown = typed(process, ours, "1 month\r\n")
    assert process.wait(20) == 130
    assert "--answers" in shown
    assert "tomorrow" not in shown
    assert list(Path().iterdir()) == []

    kept = Path("kept.txt")
    kept.write_text("\n".join(ANSWERS.splitlines()[:3]) + "\n", encoding="utf-8")
    assert new(monkeypatch, "\n".join(ANSWERS.splitlines()[3:]) + "\n", "--answers", "kept.txt") == 0
    assert load("two-towns-and-a-spring.yaml").phases.count == 24


def test_a_file_called_new_is_still_a_case(capsys: pytest.CaptureFixture[str]) -> None:
    """Catches a sub-command that shuts out a file of its name."""
    assert run_command(app, ["case", "template", "-o", "from.yaml"]) == 0
    Path("from").write_text(load("from.yaml").text, encoding="utf-8")
    capsys.readouterr()
    assert run_command(app, ["case", "./from", "--json"]) == 0
    assert '"case": "from"' in capsys.readouterr().out
    assert run_command(app, ["case", "toy-exchange", "--json"]) == 0


def test_a_workbook_there_and_back(capsys: pytest.CaptureFixture[str]) -> None:
    """Catches a template that cannot be read back, a fault without its cell, a file written in spite of one, a workbook that
    its own case is written over, and names of parties that land nowhere."""
    pytest.importorskip("openpyxl", reason="XLSX TESTS SKIPPED: pip install 'detente[xlsx]'")
    assert run_command(app, ["case", "template", "-o", "m.xlsx", "--party", "Hilltown", "--party", "Valleytown"]) == 0
    assert run_command(app, ["case", "from", "m.xlsx", "-o", "m.yaml"]) == 2
    assert "m.xlsx: Case!B1: " in capsys.readouterr().err
    assert not Path("m.yaml").exists()
    kept = Path("m.xlsx").read_bytes()
    assert run_command(app, ["case", "from", "m.xlsx", "-o", "m.xlsx", "--overwrite"]) == 2
    assert "such as m.yaml" in capsys.readouterr().err
    assert Path("m.xlsx").read_bytes() == kept
    assert run_command(app, ["case", "template", "-o", "m.ods"]) == 2
    assert run_command(app, ["case", "template", "-o", "n.yaml", "--party", "North"]) == 2
    assert not Path("n.yaml").exists()
    for names in (["North", "north "], ["=1+1"], ["a\x1b[2J"], [" "]):
        given = [word for name in names for word in ("--party", name)]
        assert run_command(app, ["case", "template", "-o", "n.xlsx", *given]) == 2
    assert not Path("n.xlsx").exists()


def test_a_case_in_words_tells_what_is_assumed(capsys: pytest.CaptureFixture[str]) -> None:
    """Catches an assumption that is not told: in the tables, for tools, and in the brief's sentence."""
    assert run_command(app, ["case", "template", "-o", "own.yaml"]) == 0
    capsys.readouterr()
    assert run_command(app, ["case", "own.yaml"]) == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in ("trust_little", "worth_large", "foresight_fair", "breakdown_heavy", "transfer"))
    assert run_command(app, ["case", "own.yaml", "--json"]) == 0
    assert '"assumed": 26' in capsys.readouterr().out
    assert run_command(app, ["case", "toy-exchange", "--json"]) == 0
    assert '"rough"' not in capsys.readouterr().out
