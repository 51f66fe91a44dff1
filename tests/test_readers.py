"""Whatever stands where a file is read, a command ends in a line: a pipe without a writer, a device, a folder, bytes."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from detente.cli import app
from detente.errors import InputError

COMMANDS = {
    "forecast": ["forecast", "--backtest", "--unit", "u", "--table"],
    "ask": ["forecast", "ask", "--by", "2019-06-30", "--table"],
    "question set": ["forecast", "questions", "import", "."],
    "answers": ["forecast", "questions", "score", "log"],
    "graph": ["graph"],
    "positions": ["positions"],
    "profile of positions": ["positions", "supplier-dispute", "--profile"],
    "profile of plays": ["assess", "toy-exchange", "--profile"],
    "roadmap": ["verify", "toy-exchange"],
    "status": ["plan", "toy-exchange", "--status"],
    "mapping": ["record", "import", "e.csv", "--map"],
    "actors": ["record", "import", "e.csv", "--actors"],
    "events": ["record", "import"],
    "entries": ["record", "commit", "us-dprk-2019", "--file"],
    "profile of trust": ["record", "trust", "us-dprk-2019", "--trust-profile"],
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("detente.base.bounds._WRITER", 0.05)
    monkeypatch.setenv("DETENTE_LIMITS", "bytes=100000,table-bytes=100000")
    (tmp_path / "e.csv").write_text("Day,From,To,What\n2018-06-12,PRK,USA,visit\n")
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "questions.jsonl").write_text("")
    (tmp_path / "bytes").write_bytes(bytes(range(256)) * 4)
    (tmp_path / "deep").write_text("[" * 50_000)
    os.mkfifo(tmp_path / "pipe")
    return tmp_path


@pytest.mark.skipif(os.name != "posix", reason="pipes and devices have names on POSIX only")
@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_ends_in_a_line(name: str) -> None:
    """Would catch a wait for ever, a full memory, and an error that is none of ours."""
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("socket")
        for file in ("pipe", "/dev/zero", ".", "socket", "bytes", "deep", "a" * 5000):
            begun, worked = time.monotonic(), time.process_time()
            done = CliRunner().invoke(app, [*COMMANDS[name], file])
            assert isinstance(done.exception, InputError) or done.exit_code == 1, (file, done.exception, done.output)
            assert isinstance(done.exception, InputError | SystemExit), (file, done.exception)
            assert time.process_time() - worked < 5
            assert time.monotonic() - begun < 60
            assert len(str(done.exception)) < 20_000
