"""A lock that waits for a stated time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from detente.base.lock import locked
from detente.errors import OutputError

ADDS = """
import sys, time
from pathlib import Path
from detente.base.lock import locked

file = Path(sys.argv[1]) / "count"
with locked(file.with_name(".lock")):
    seen = int(file.read_text())
    time.sleep(0.02)
    file.write_text(str(seen + 1))
"""
HOLDS = """
import sys, time
from detente.base.lock import locked

with locked(sys.argv[1]):
    print("held", flush=True)
    time.sleep(60)
"""


def holding(path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLDS, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def ended(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def test_ten_at_once_all_land(tmp_path: Path) -> None:
    """Catches a lock that lets two in, by which the addition of one is lost, and one that turns somebody away."""
    (tmp_path / "count").write_text("0")
    processes = [subprocess.Popen([sys.executable, "-c", ADDS, str(tmp_path)]) for _ in range(10)]
    assert [p.wait(30) for p in processes] == [0] * 10
    assert (tmp_path / "count").read_text() == "10"


def test_a_held_lock_ends_in_a_message_within_the_time(tmp_path: Path) -> None:
    """Catches an endless wait, and a message that does not say for how long it was or who is writing."""
    path = tmp_path / ".lock"
    process = holding(path)
    try:
        began = time.monotonic()
        with pytest.raises(OutputError) as err, locked(path, wait=0.3):
            pass
        assert 0.25 < time.monotonic() - began < 3
        assert str(tmp_path) in str(err.value)
        assert "0.3 s" in str(err.value)
        if sys.platform == "linux":
            assert str(process.pid) in str(err.value)
    finally:
        ended(process)


def test_a_killed_process_gives_its_lock_back(tmp_path: Path) -> None:
    """Catches a lock that is a file which somebody has to delete."""
    path = tmp_path / ".lock"
    ended(holding(path))
    with locked(path, wait=1):
        assert path.exists()


def test_an_error_inside_gives_the_lock_back(tmp_path: Path) -> None:
    """Catches a lock that is held until the end of the process by whoever failed once."""
    with pytest.raises(ZeroDivisionError), locked(tmp_path / ".lock"):
        _ = 1 / 0
    with locked(tmp_path / ".lock", wait=0):
        pass


@pytest.mark.skipif(os.name == "nt", reason="sends a signal")
def test_waiting_can_be_interrupted(tmp_path: Path) -> None:
    """Catches a wait that Ctrl-C does not end."""
    path = tmp_path / ".lock"
    process = holding(path)
    script = f"from detente.base.lock import locked\nprint('waits', flush=True)\nwith locked({str(path)!r}): pass"
    try:
        waiting = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert waiting.stdout is not None
        waiting.stdout.readline()
        time.sleep(0.3)
        waiting.send_signal(signal.SIGINT)
        _, said = waiting.communicate(timeout=60)
        assert "KeyboardInterrupt" in said
    finally:
        ended(process)


def test_a_folder_that_is_not_there_and_a_link_are_refused(tmp_path: Path) -> None:
    """Catches a bare OSError, and a lock in a folder from somebody else that opens a file elsewhere for writing."""
    with pytest.raises(OutputError, match="create the folder first"), locked(tmp_path / "no" / ".lock"):
        pass
    other = tmp_path / "other"
    other.write_text("kept")
    (tmp_path / ".lock").symlink_to(other)
    with pytest.raises(OutputError), locked(tmp_path / ".lock", wait=0.2):
        pass
    assert other.read_text() == "kept"
