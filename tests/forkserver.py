"""Runs commands of `detente` in forks of a process that has imported everything: a start costs milliseconds, so that a command
can be killed at many moments, many can run at once, and each example of the pages runs in a process of its own.

A moment is a time after the command has begun, or the n-th thing that it does to the file system: creating, renaming,
shortening or removing something. At the latter it kills itself, just before.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_STEPS = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.chmod", "shutil.move", "shutil.copytree")


@dataclass(frozen=True)
class Ended:
    """code : of the exit; below 0: the signal that ended it. said : on both streams; with `apart` on standard output, and the
    rest in complained. steps : what it did to the file system.
    """

    code: int
    said: str
    complained: str
    steps: int
    seconds: float


class Commands:
    """A running server. Its answers come in the order of the questions, one at a time."""

    def __init__(self, process: subprocess.Popen[str], sparing: bool) -> None:
        self._process, self._sparing = process, sparing
        self._lock = threading.Lock()

    def run(
        self,
        *commands: Sequence[str | Path],
        folder: Path,
        after: float | None = None,
        step: int | None = None,
        by: signal.Signals = signal.SIGKILL,
        environment: Mapping[str, str] | None = None,
        apart: bool = False,
        sparing: bool = False,
    ) -> list[Ended]:
        """Run commands at once, in a folder. after : seconds to the signal `by`; step : at which each kills itself;
        environment : what is else than in the server's; apart : tell what was said on each stream; sparing : search in
        plays for a short while (`sparing`).
        """
        given = [[str(word) for word in command] for command in commands]
        asked = {"commands": given, "folder": str(folder), "after": after, "step": step, "signal": int(by)}
        asked |= {"environment": dict(environment or {}), "apart": apart, "sparing": sparing or self._sparing}
        with self._lock:
            assert self._process.stdin
            assert self._process.stdout
            self._process.stdin.write(json.dumps(asked) + "\n")
            self._process.stdin.flush()
            return [Ended(**told) for told in json.loads(self._process.stdout.readline())]

    def keep(self, *command: str | Path, folder: Path) -> None:
        """Run `brief` in the server itself: later ones write the page of what it has found, and do not look for it again."""
        with self._lock:
            assert self._process.stdin
            assert self._process.stdout
            given = {"keep": [str(word) for word in command], "folder": str(folder)}
            self._process.stdin.write(json.dumps(given) + "\n")
            self._process.stdin.flush()
            self._process.stdout.readline()

    def one(self, *command: str | Path, folder: Path, **how: Any) -> Ended:
        """Run one command."""
        return self.run(command, folder=folder, **how)[0]


@contextlib.contextmanager
def commands(environment: Mapping[str, str] | None = None, *, sparing: bool = False) -> Iterator[Commands]:
    """A server, for as long as it is used. environment : all of it; None: that of this process; sparing : for all commands."""
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    process = subprocess.Popen([sys.executable, __file__], env=environment, **pipes)
    try:
        yield Commands(process, sparing)
    finally:
        process.stdin and process.stdin.close()
        process.wait(30)


def _serve() -> None:
    """Answer one line after the other. What the first run of a command has imported, the later ones find imported."""
    import typer.main

    import detente.cli
    from detente.cli.ending import run

    tree = typer.main.get_command(detente.cli.app)
    typer.main.get_command = lambda _: tree  # it takes longer than many a command
    for line in sys.stdin:
        asked = json.loads(line)
        if "keep" in asked:
            pages = importlib.import_module("detente.brief.brief")
            pages.brief = _once(pages.brief)
            os.chdir(asked["folder"])
            with contextlib.redirect_stdout(sys.stderr):
                run(detente.cli.app, asked["keep"])
            print("done", flush=True)
            continue
        gc.freeze()  # a collection in a fork would copy all that the two share
        running = [_begin(command, asked) for command in asked["commands"]]
        for child in running:
            os.read(child.ready, 1)
        began = time.monotonic()
        if asked["after"] is not None:
            time.sleep(asked["after"])
            for child in running:
                os.kill(child.pid, asked["signal"])  # it is there until it is waited for
        told = []
        for child in running:
            with os.fdopen(child.report) as report:
                said = json.loads(report.read() or "{}")
            code = os.waitstatus_to_exitcode(os.waitpid(child.pid, 0)[1])
            os.close(child.ready)
            out, err = (path and _taken(path) for path in (child.output, child.errors))
            steps, seconds = said.get("steps", 0), time.monotonic() - began
            told.append({"code": code, "said": out, "complained": err or "", "steps": steps, "seconds": seconds})
            for name in said.get("modules", ()):
                if name not in sys.modules:
                    with contextlib.suppress(Exception):
                        importlib.import_module(name)
        print(json.dumps(told), flush=True)


def _taken(path: Path) -> str:
    """What stands in a file, which is needed no more."""
    text = path.read_text(encoding="utf-8", errors="replace")
    path.unlink()
    return text


def _once(function: Callable[..., object]) -> Callable[..., object]:
    """A function that answers the first time, and then always the same."""
    answers: list[object] = []

    def answer(*given: object, **options: object) -> object:
        if not answers:
            answers.append(function(*given, **options))
        return answers[0]

    return answer


@dataclass(frozen=True)
class _Child:
    pid: int
    ready: int
    report: int
    output: Path
    errors: Path | None


def _begin(command: list[str], asked: Mapping[str, Any]) -> _Child:
    import tempfile

    handle, output = tempfile.mkstemp()
    handles, errors = [handle, handle], None
    if asked["apart"]:
        handles[1], errors = tempfile.mkstemp()
    ready, is_ready = os.pipe()
    report, to_report = os.pipe()
    pid = os.fork()
    if pid:
        for end in (*set(handles), is_ready, to_report):
            os.close(end)
        return _Child(pid, ready, report, Path(output), errors and Path(errors))
    code = 99
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(handles[0], 1)
        os.dup2(handles[1], 2)
        os.environ.update(asked["environment"])
        if asked["sparing"]:
            from sparing import spare_plays

            spare_plays()
        code = _command(command, asked["folder"], asked["step"], is_ready, to_report)
    except KeyboardInterrupt:  # a signal that comes while the report of an ended command is written
        code = 128 + signal.SIGINT
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else code
    finally:
        os._exit(code)


def _command(command: list[str], folder: str, step: int | None, is_ready: int, to_report: int) -> int:
    from detente import cli
    from detente.cli import ending
    from detente.cli.interruption import interrupted

    os.chdir(folder)
    steps, counting = 0, False

    def heard(event: str, given: tuple[Any, ...]) -> None:
        nonlocal steps
        writes = event == "open" and isinstance(given[2], int) and given[2] & (os.O_WRONLY | os.O_RDWR)
        if counting and (writes or event in _STEPS) and (not isinstance(given[0], str) or not given[0].startswith("/dev/")):
            steps += 1
            if steps == step:
                os.kill(os.getpid(), signal.SIGKILL)

    def begin(app: Any, arguments: Sequence[str]) -> int:
        nonlocal counting
        os.write(is_ready, b".")
        os.close(is_ready)
        counting = True
        return ending.run(app, arguments)

    sys.addaudithook(heard)
    cli.run = begin  # type: ignore[attr-defined]
    sys.argv = ["detente", *command]
    try:
        cli.main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except KeyboardInterrupt:  # after the command had ended
        code = interrupted()
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
    counting = False
    os.write(to_report, json.dumps({"steps": steps, "modules": sorted(sys.modules)}).encode())
    return code


if __name__ == "__main__":
    _serve()
