"""The command line: every command parses, calls one function, prints. One module a question, as in the library.

Exit codes: 0 fine, 1 a negative answer, 2 input that cannot be used, 3 a fault of ours, 130 interrupted (`detente.cli.ending`).
"""

from __future__ import annotations

import signal
import sys
import threading


def _stop(number: int, _: object) -> None:
    raise SystemExit(128 + number)


# Whoever interrupts a command while it is still being read in is owed no traceback either.
_before = {}
if threading.current_thread() is threading.main_thread():
    _before = {n: signal.signal(n, _stop) for n in (signal.SIGINT,) if signal.getsignal(n) is signal.default_int_handler}

# isort: off
# in the order in which `detente --help` lists them
from detente.cli import case, read, ask, plan, unlock, diagnose, graph, compare, prepare  # noqa: E402, F401
from detente.cli import assess, forecast, questions, positions, record, brief, serve  # noqa: E402, F401

# isort: on
from detente.cli.app import app  # noqa: E402
from detente.cli.ending import run, settle_complaints  # noqa: E402
from detente.cli.interruption import settle_signals  # noqa: E402
from detente.cli.streams import settle_streams  # noqa: E402

__all__ = ["app", "main"]

for _number, _handler in _before.items():
    signal.signal(_number, _handler)


def main() -> None:
    """Run the command line in a process of its own, to its end."""
    settle_streams()
    settle_complaints()
    settle_signals()
    sys.exit(run(app, sys.argv[1:]))
