"""The line that says what a command is at: on a terminal soon and always, elsewhere never, and gone where the answer stands."""

from __future__ import annotations

import itertools
import json
import os
import pty
import re
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from detente.base.steps import step, watching
from smallcases import parties, swap

COMMANDS = {
    "plan": ["plan", "swap.yaml"],
    "brief": ["brief", "swap.yaml", "--draws", "50"],
    "compare": ["compare", "swap.yaml"],
    "assess": ["assess", "swap.yaml", "--runs", "100"],
    "prepare": ["prepare", "swap.yaml"],
    "ask": ["ask", "swap.yaml", "--questions", "3"],
}
# a search that takes as long as on a large case, and else as little work as will do
SLOW = """
import time
import detente.recommend.recommend as room
search = room.Search.best
room.plays_for = lambda _: 2000
room.Search.best = lambda self, *asked: (time.sleep(4), search(self, *asked))[1]
from detente.cli import main
main()
"""
LINE = re.compile("\r\x1b\\[K[^\r\n]*, [0-9]+ s")


@dataclass
class Watched:
    """A command on a terminal: what it wrote, and when (seconds from the start)."""

    written: list[tuple[float, str]] = field(default_factory=list)
    code: int = -1

    @property
    def text(self) -> str:
        return "".join(x for _, x in self.written)


def on_a_terminal(command: list[str], folder: Path) -> Watched:
    """Run a slow command with all its streams on one terminal."""
    ours, theirs = pty.openpty()
    out, began = Watched(), time.monotonic()
    environment = {**os.environ, "COLUMNS": "100", "TERM": "xterm", "DETENTE_CACHE": "off"}
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, *command], cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, env=environment
    )
    os.close(theirs)
    try:
        while read := os.read(ours, 65_536):
            out.written.append((time.monotonic() - began, read.decode(errors="replace")))
    except OSError:  # the other end is closed: it has ended
        pass
    finally:
        os.close(ours)
        out.code = process.wait(60)
    return out


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("watched")
    (out / "swap.yaml").write_text(json.dumps(swap(parties(trust=0.8))), encoding="utf-8")
    return out


@pytest.fixture(scope="module")
def watched(folder: Path) -> dict[str, Watched]:
    """Every command, side by side: most of their time is waiting."""
    found: dict[str, Watched] = {}

    def run(name: str) -> None:
        found[name] = on_a_terminal(COMMANDS[name], folder)

    threads = [threading.Thread(target=run, args=(name,)) for name in COMMANDS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.parametrize("name", list(COMMANDS))
def test_a_terminal_is_never_left_in_silence(name: str, watched: dict[str, Watched]) -> None:
    """Catches a command that takes long and says nothing on a terminal: first, or for five seconds in the middle. The line is
    there a second after the program has been read in, whatever the machine is busy with besides."""
    it = watched[name]
    assert it.code == 0, it.text
    assert it.written[-1][0] > 3  # else there was nothing to be said
    times = [when for when, text in it.written if LINE.search(text)]
    assert times, it.text
    ends = [*times, it.written[-1][0]]
    assert max(b - a for a, b in itertools.pairwise(ends)) < 5


@pytest.mark.parametrize("name", list(COMMANDS))
def test_nothing_of_it_stays(name: str, watched: dict[str, Watched]) -> None:
    """Catches a line that is left in front of the answer, or comes back into it."""
    text = watched[name].text
    shown = list(LINE.finditer(text))
    rest = text[shown[-1].end() :]
    assert "\r\x1b[K" in rest  # it is cleared
    answer = rest.partition("\r\x1b[K")[2]
    assert len(answer) > 20
    assert "\x1b[K" not in answer


def test_elsewhere_there_is_none(folder: Path) -> None:
    """Catches a progress line in what a pipe or a file is given."""
    ended = subprocess.run(
        [sys.executable, "-c", SLOW, *COMMANDS["plan"]],
        cwd=folder, capture_output=True, check=True, env={**os.environ, "DETENTE_CACHE": "off"},
    )  # fmt: skip
    assert ended.stderr == b""
    assert b"\x1b" not in ended.stdout


def test_steps_are_told_to_who_watches_alone() -> None:
    """Catches a watcher that hears of steps after it has stopped watching, or misses one."""
    heard: list[str] = []
    step("before")
    with watching(heard.append):
        step("now")
        step("and now")
    step("after")
    assert heard == ["now", "and now"]
