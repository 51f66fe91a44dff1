"""The process that works: how it is begun and ended."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import time
from pathlib import Path

__all__ = ["GRACE", "begun", "ended"]

GRACE = 1.5
"""Seconds for a worker to end when it is told to."""

_CHILD = "import sys; sys.path[:] = sys.argv[1:]; from detente.serve.jobs.worker import main; main()"


def begun(folder: Path | None = None) -> subprocess.Popen[bytes]:
    """A worker, which reads from its standard input and answers on its output. A terminal's Ctrl-C does not reach it.

    folder : in which it works; nothing is imported from there.
    """
    paths = [path for path in sys.path if Path(path).is_absolute()]
    command = [sys.executable, "-I", "-c", _CHILD, *paths]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True, cwd=folder)


def ended(*children: subprocess.Popen[bytes]) -> None:
    """End workers: first so that each can end what it has begun, then at once."""
    for child in children:
        with contextlib.suppress(OSError):
            child.send_signal(signal.SIGTERM)
    until = time.monotonic() + GRACE
    for child in children:
        try:
            child.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            with contextlib.suppress(OSError):
                child.kill()
            child.wait()
