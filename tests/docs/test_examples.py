"""Every example of the README and the pages runs, and prints what the page says it prints.

A page is one session in an empty folder, from top to bottom:

    <!-- file: NAME -->     the block that follows is written to the file NAME
    <!-- rest of: NAME -->  the block that follows takes the place of the file NAME from the block's first line on
    ```console              `$ detente ...` runs; the lines under it are its output, `...` standing for anything;
                            `$ echo $?` shows the exit code of the command before it, which is 0 where nothing is said
    ```python               runs, in one namespace a page
    <!-- output -->         the block that follows is what the Python block before it prints

Blocks of other languages (```sh: for a machine that this test must not change) are not run. A command is run in a fork of a
process that has imported everything, which saves two thirds of a second each; what needs a shell has one, and a process anew.
All pages have one folder of what was found before (`base.cache`), so that a search that several of them show is done for the
first. Short searches have another one than whole ones: how long a search may be is no part of what is asked.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from forkserver import Commands
from forkserver import commands as server_of_commands

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted(p for p in (ROOT / "docs").rglob("*.md") if "_build" not in p.parts)]
PAGES.append(ROOT / "tests" / "docs" / "faults.md")
BLOCK = re.compile(
    r"^(?:<!-- (?P<mark>file|rest of|output)(?:: (?P<file>\S+))? -->\n)?```(?P<language>\w*)\n(?P<body>.*?)^```$", re.M | re.S
)
ENVIRONMENT = {
    "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
    "COLUMNS": "100",
    "NO_COLOR": "1",
    "LC_ALL": "C.UTF-8",
}
SPARING = {"README"}
"""The pages that show no figure of a search in plays: on them it ends after a while (module `sparing`)."""
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@dataclass(frozen=True)
class Block:
    """A fenced block: where it begins, what it is, and what the comment above it says."""

    line: int
    language: str
    body: str
    mark: str = ""
    file: str = ""

    @property
    def runs(self) -> bool:
        return bool(self.mark) or self.language in ("console", "python")


def blocks(text: str) -> list[Block]:
    """The fenced blocks of a page, in order."""
    return [
        Block(text.count("\n", 0, m.start("body")) + 1, m["language"], m["body"], m["mark"] or "", m["file"] or "")
        for m in BLOCK.finditer(text)
    ]


def commands(body: str) -> list[tuple[str, str]]:
    """The commands of a console block, each with the output shown under it; `> ` continues a command."""
    found: list[tuple[str, str]] = []
    for line in body.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], ""))
        elif line.startswith("> ") and found and not found[-1][1]:
            found[-1] = (f"{found[-1][0]}\n{line[2:]}", "")
        else:
            assert found, f"a console block begins with a command, not with {line!r}"
            found[-1] = (found[-1][0], f"{found[-1][1]}{line}\n")
    return found


def matches(shown: str, printed: str) -> bool:
    """Whether a page's output fits what was printed; white space counts as one space."""
    return doctest.OutputChecker().check_output(shown, printed, FLAGS)


class Session:
    """A page's examples, run one after the other."""

    def __init__(self, page: Path, folder: Path, server: Commands, known: Path) -> None:
        self.page, self.folder, self.server = page, folder, server
        self.sparing = page.stem in SPARING
        self.home = {"HOME": str(folder), "XDG_CACHE_HOME": str(known / ("sparing" if self.sparing else "whole"))}
        self.names: dict[str, Any] = {"__name__": "__page__"}
        self.printed = ""

    def run(self, block: Block) -> None:
        where = f"{self.page.relative_to(ROOT)}:{block.line}"
        if block.mark == "output":
            assert matches(block.body, self.printed), f"{where}: the page shows\n{block.body}\nbut it prints\n{self.printed}"
        elif block.mark:
            file = self.folder / block.file
            kept = (
                file.read_text(encoding="utf-8").split(block.body.partition("\n")[0] + "\n")[0]
                if block.mark == "rest of"
                else ""
            )
            file.write_text(kept + block.body, encoding="utf-8")
        elif block.language == "console":
            self.console(block.body, where)
        elif block.language == "python":
            with contextlib.redirect_stdout(io.StringIO()) as printed:
                exec(compile("\n" * (block.line - 1) + block.body, str(self.page), "exec"), self.names)
            self.printed = printed.getvalue()

    def console(self, body: str, where: str) -> None:
        code = 0
        for command, shown in commands(body):
            if command == "echo $?":
                assert shown.strip() == str(code), f"{where}: the exit code is {code}, the page says {shown}"
                code = 0
                continue
            assert not code, f"{where}: before `{command}` a command ended with exit code {code}, and the page does not say so"
            assert command.startswith(("detente ", "cat ")), f"{where}: only detente and cat are run here, not {command}"
            code, printed = self.ended(command)
            assert not shown or matches(shown, printed), f"{where}: `{command}` prints\n{printed}\nthe page shows\n{shown}"
            assert not code or shown, f"{where}: `{command}` ends with exit code {code}\n{printed}"
        assert not code, f"{where}: the last command ends with exit code {code}, and the page does not say so"

    def ended(self, command: str) -> tuple[int, str]:
        """The exit code of a command, and all that it printed."""
        if words := plain_words(command):
            done = self.server.one(*words[1:], folder=self.folder, environment=self.home, sparing=self.sparing)
            return done.code, done.said
        pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        shell = subprocess.run(["sh", "-c", command], cwd=self.folder, env={**ENVIRONMENT, **self.home}, check=False, **pipes)
        return shell.returncode, shell.stdout


def plain_words(command: str) -> list[str]:
    """The words of a command of `detente`; none if it is another one, or asks a shell for more than its words."""
    reader = shlex.shlex(command, posix=True, punctuation_chars=True)
    reader.whitespace_split = True
    words = list(reader)
    asks = any(not set(word) - set("();<>|&") for word in words) or any(sign in command for sign in "$`*?[~\\")
    return words if words[0] == "detente" and not asks else []


@pytest.fixture(scope="module")
def server() -> Iterator[Commands]:
    with server_of_commands({**ENVIRONMENT, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}) as running:
        yield running


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the pages have found."""
    return tmp_path_factory.mktemp("known")


def test_the_runner_can_fail(tmp_path: Path, server: Commands, known: Path) -> None:
    """A runner that runs nothing, or compares nothing, would let every page pass."""
    text = "<!-- file: a.txt -->\n```text\nhello\n```\n\n```console\n$ cat a.txt\nhel...\n```\n```python\nprint(1)\n```\n"
    found = blocks(text)
    assert [b.language for b in found] == ["text", "console", "python"]
    session = Session(ROOT / "README.md", tmp_path, server, known)
    for block in found:
        session.run(block)
    assert session.printed == "1\n"
    wrong = [
        Block(1, "console", "$ cat a.txt\ngoodbye\n"),
        Block(1, "console", "$ detente cases\ngoodbye\n"),
        Block(1, "console", "$ detente case missing.yaml\n"),
        Block(1, "console", "$ detente case missing.yaml > b.txt\n"),
        Block(1, "console", "$ cat missing.txt\n"),
        Block(1, "console", "$ cat a.txt\n$ echo $?\n1\n"),
        Block(1, "text", "2\n", "output"),
    ]
    for block in wrong:
        with pytest.raises(AssertionError):
            session.run(block)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("detente case a.yaml", ["detente", "case", "a.yaml"]),
        ("detente forecast --crisis '>=20' --of \"a b\"", ["detente", "forecast", "--crisis", ">=20", "--of", "a b"]),
        ("detente plan x --json > y.json", []),
        ("detente plan x | detente verify x -", []),
        ("detente plan $X", []),
        ("cat a.txt", []),
    ],
)
def test_only_plain_words_need_no_shell(command: str, words: list[str]) -> None:
    """Catches a redirection that is handed to the command as if it were a word."""
    assert plain_words(command) == words


@pytest.mark.parametrize(
    "page", [p for p in PAGES if any(b.runs for b in blocks(p.read_text(encoding="utf-8")))], ids=lambda p: p.stem
)
def test_the_examples_of_a_page_run(
    page: Path, tmp_path: Path, server: Commands, known: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """Catches an example that no longer works, or prints something else than the page says."""
    monkeypatch.chdir(tmp_path)
    if page.stem not in SPARING:
        request.getfixturevalue("whole_search")
    session = Session(page, tmp_path, server, known)
    monkeypatch.delenv("DETENTE_CACHE", raising=False)  # of what runs in this process
    monkeypatch.setenv("XDG_CACHE_HOME", session.home["XDG_CACHE_HOME"])
    for block in blocks(page.read_text(encoding="utf-8")):
        session.run(block)
