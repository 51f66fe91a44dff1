"""The line on a terminal that says what a command is at, and for how long: from half a second on, twice a second.

It stands on standard error where that is a terminal, and nowhere else. It goes before anything is printed (`clear`), and comes
back only with the next step (`base.steps`): none stands under a question that waits for its answer.
"""

from __future__ import annotations

import contextlib
import math
import os
import sys
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from detente.base.steps import watching
from detente.base.words import figure

if TYPE_CHECKING:
    from detente.solver.linear import Progress

__all__ = ["clear", "progress_line", "watched"]

_EVERY = 0.5  # seconds

_line: _Line | None = None


@contextlib.contextmanager
def watched(*, typed: bool = False) -> Iterator[None]:
    """Show the line for as long as a command runs in here. typed : it begins with what somebody types in: not before a step."""
    global _line
    if _line is not None or not sys.stderr.isatty():
        yield
        return
    _line = _Line(quiet=typed)
    with watching(_line.begin):
        threading.Thread(target=_line.run, daemon=True).start()
        try:
            yield
        finally:
            _line.end()
            _line = None


def clear() -> None:
    """Make room for what is to be printed."""
    if _line is not None:
        _line.clear()


def progress_line() -> Progress | None:
    """A callback for searches, which tells their best value and bound; None where nobody watches."""
    line = _line
    if line is None:
        return None

    def report(_seconds: float, value: float, bound: float) -> None:
        best = "no roadmap yet" if not math.isfinite(value) else f"best {figure(value, 4)}"
        limit = "" if not math.isfinite(bound) else f", none above {figure(bound, 4)}"
        line.more = f": {best}{limit}"

    return report


class _Line:
    """The line of one command. more : what stands behind the seconds."""

    def __init__(self, *, quiet: bool) -> None:
        self.more = ""
        self._what, self._began = "working", time.monotonic()
        self._lock, self._over = threading.Lock(), threading.Event()
        self._quiet, self._shown = quiet, False

    def run(self) -> None:
        """Show it now and then, until the end."""
        while not self._over.wait(_EVERY):
            with self._lock:
                if not self._quiet:
                    self._write(f"\r\x1b[K{f'{self._what}, {time.monotonic() - self._began:.0f} s{self.more}'[: _width()]}")
                    self._shown = True

    def begin(self, what: str) -> None:
        """A step begins."""
        with self._lock:
            self._what, self.more, self._quiet = what, "", self._over.is_set()

    def clear(self) -> None:
        """Take it away, until the next step."""
        with self._lock:
            if self._shown:
                self._write("\r\x1b[K")
            self._quiet, self._shown = True, False

    def end(self) -> None:
        """Take it away for good."""
        self._over.set()
        self.clear()

    @staticmethod
    def _write(text: str) -> None:
        with contextlib.suppress(OSError, ValueError):
            os.write(sys.stderr.fileno(), text.encode(errors="replace"))


def _width() -> int:
    """The characters that a line has room for."""
    columns = 0  # what a terminal says that does not know
    with contextlib.suppress(OSError, ValueError):
        columns = os.get_terminal_size(sys.stderr.fileno()).columns
    return (columns or 80) - 1
