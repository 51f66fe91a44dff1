"""What is too much for the memory goes to the disk, and away from there."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from detente.record.workspace import Workspace, database


def test_a_query_that_is_too_large_for_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a folder for it that cannot be made, since the one above is not there, and one that stays."""
    monkeypatch.setattr("detente.record.workspace._MEMORY", "80MB")
    record = Workspace.create(tmp_path / "record")
    with database(record.path) as base, database(record.path) as another:
        for one in (base, another):
            one.execute("create table t as select i, i || 'abcdefghijklmnop' as s from range(2_000_000) t(i) order by hash(i)")
        assert base.execute("select count(*), max(i) from t").fetchone() == (2_000_000, 1_999_999)
        assert len(list(record.path.glob(".spill-*"))) == 2
    assert list(record.path.glob(".spill-*")) == []


def test_what_killed_processes_have_left(tmp_path: Path) -> None:
    """Catches what stays for ever, and what is taken away from a process that runs, here or on another machine."""
    record = Workspace.create(tmp_path / "record")
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    machine = platform.node()
    places = [f".spill-{machine}-{ended.pid}-0", f".spill-{machine}-{os.getpid()}-7", f".spill-other-{ended.pid}-0", ".spill-x"]
    for name in (".spill", *places):
        (record.path / name).mkdir()
        (record.path / name / "file").touch()
    with record.adding():
        pass
    assert {path.name for path in record.path.glob(".spill*")} == set(places[1:])
