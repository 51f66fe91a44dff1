"""Ctrl-C and the like: the command ends with 128 + the number of the signal, quietly, wherever it is.

A signal becomes a KeyboardInterrupt, so that what is open is closed and temporary files are removed on the way out. What the
signal interrupts may make something else of it (a database its own error, a pool of threads a long wait), so that the number is
kept here and decides in the end. Compiled code and solvers look at no signal while they run: a thread that the system wakes by
a pipe waits for a moment, and then ends the process.
"""

from __future__ import annotations

import _thread
import os
import signal
import threading
import time
from types import FrameType

__all__ = ["interrupted", "interrupted_again", "settle_signals"]

_PATIENCE = 2.0  # seconds from the signal to the end, at most
_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
_FRESH = (signal.SIG_DFL, signal.default_int_handler)  # a signal that the parent has told us to ignore stays ignored

_number = 0


def settle_signals() -> None:
    """From now on signals end this process as this module says."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in _SIGNALS:
        if signal.getsignal(number) in _FRESH:
            signal.signal(number, _interrupt)
    if os.name == "posix":
        reading, writing = os.pipe()
        os.set_blocking(writing, False)
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        threading.Thread(target=_watch, args=(reading,), daemon=True).start()


def interrupted() -> int:
    """The exit code if a signal has come; 0: none has."""
    return 128 + _number if _number else 0


def interrupted_again() -> None:
    """Interrupt once more: the interruption was lost in a place that no error leaves, such as a finaliser."""
    if _number:
        _thread.interrupt_main(signal.Signals(_number))


def _interrupt(number: int, _: FrameType | None) -> None:
    global _number
    _number = number
    raise KeyboardInterrupt


def _watch(reading: int) -> None:
    number = 0
    while number not in _SIGNALS:
        number = os.read(reading, 1)[0]
    time.sleep(_PATIENCE)
    os._exit(128 + number)
