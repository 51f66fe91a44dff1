"""Nothing is asked of another machine: the how-to page on sensitive material promises it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

NO_NETWORK = """
import socket

def refuse(*args, **options):
    raise SystemExit("a connection was tried")

socket.socket.connect = socket.socket.connect_ex = socket.socket.sendto = socket.getaddrinfo = refuse
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment whose Python refuses every connection, with an empty home."""
    (tmp_path / "site").mkdir()
    (tmp_path / "home").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(NO_NETWORK, encoding="utf-8")
    return {"PATH": os.defpath, "PYTHONPATH": str(tmp_path / "site"), "HOME": str(tmp_path / "home"), "LC_ALL": "C.UTF-8"}


def run(code: str, environment: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)


def test_the_refusal_works(environment: dict[str, str], tmp_path: Path) -> None:
    """A refusal that refuses nothing would let the next test pass."""
    done = run("import socket; socket.create_connection(('localhost', 9))", environment, tmp_path)
    assert "a connection was tried" in done.stderr


def test_a_brief_needs_no_network_and_leaves_nothing_behind(environment: dict[str, str], tmp_path: Path) -> None:
    """Catches a look-up, a telemetry call, a log, a cache that holds more than numbers or cannot be turned off."""
    folder = tmp_path / "here"
    folder.mkdir()
    done = run("import detente as dt; dt.brief(dt.load('toy-exchange')).save()", environment, folder)
    assert not done.returncode, done.stderr
    assert [p.name for p in folder.iterdir()] == ["toy-exchange.html"]
    left = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    kept = tmp_path / "home" / ".cache" / "detente"
    assert {path.parent for path in left} <= {kept / name for name in ("schedules", "plans", "pictures", "plays", "indices")}
    said = "".join(path.name + re.sub(r"[\w+/=]{100,}", "", path.read_text(encoding="utf-8")) for path in left)  # but numbers
    assert left
    assert not any(word in said for word in ("toy", "exchange", "give", "Party"))
    assert all(path.stat().st_mode & 0o077 == 0 for path in left)
    shutil.rmtree(tmp_path / "home" / ".cache")
    done = run(
        "import detente as dt; dt.brief(dt.load('toy-exchange')).save()", {**environment, "DETENTE_CACHE": "off"}, folder
    )
    assert not done.returncode, done.stderr
    assert list((tmp_path / "home").iterdir()) == []
