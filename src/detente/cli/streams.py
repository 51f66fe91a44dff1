"""The streams of a process: text in UTF-8 whatever the locale, and no surprise where one is full or closed.

Standard output that cannot be written to is an error in a line, since the answer is lost; where only nobody reads any more, the
command ends quietly. Standard error that cannot be written to is passed over: an answer does not depend on it.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import Any

from detente.errors import OutputError
from detente.progress import clear

__all__ = ["NOBODY_READS", "Output", "settle_streams"]

NOBODY_READS = 141


def settle_streams() -> None:
    """Give this process its three streams.

    What was closed when it began is opened as one that gives or takes nothing: the next file to be opened would stand in its
    place, and what is said would be written into it.
    """
    for name, flags in (("stdin", os.O_RDONLY), ("stdout", os.O_RDONLY), ("stderr", os.O_WRONLY)):
        if getattr(sys, name) is None:
            mode = "r" if name == "stdin" else "w"
            made = open(os.open(os.devnull, flags), mode, encoding="utf-8", closefd=False)  # noqa: SIM115
            setattr(sys, name, made)
            setattr(sys, f"__{name}__", made)  # holds it until the end
    for name, kind in (("stdout", Output), ("stderr", _Complaints)):
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):
            setattr(sys, name, kind(stream.buffer, line_buffering=stream.line_buffering))


class _Utf8(io.TextIOWrapper):
    """Half a character is no reason to fall silent."""

    def __init__(self, buffer: Any, *, line_buffering: bool = False) -> None:
        super().__init__(buffer, encoding="utf-8", errors="backslashreplace", line_buffering=line_buffering)


class Output(_Utf8):
    """Standard output.

    Raises
    ------
    OutputError
        On writing, if it cannot be written to.
    SystemExit
        If nobody reads it any more.
    """

    def write(self, text: str) -> int:
        clear()
        try:
            return super().write(text)
        except OSError as err:
            raise self._lost(err) from None

    def flush(self) -> None:
        try:
            super().flush()
        except OSError as err:
            raise self._lost(err) from None

    def _lost(self, err: OSError) -> BaseException:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.fileno())  # or what is left of it fails once more when the interpreter ends
        os.close(nowhere)
        if isinstance(err, BrokenPipeError):
            return SystemExit(NOBODY_READS)
        reason = err.strerror or type(err).__name__
        return OutputError(f"standard output: cannot be written: {reason} (send it to another place)", source="standard output")


class _Complaints(_Utf8):
    """Standard error."""

    def write(self, text: str) -> int:
        clear()
        with contextlib.suppress(OSError):
            super().write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            super().flush()
