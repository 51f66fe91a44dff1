"""How a command ends: its exit code, and at most a line on standard error; a traceback only for who asks for it.

0    fine
1    a negative answer, and nothing else
2    input that cannot be used, a place that cannot be written to, a machine too small, a search that was cut short
3    a fault of ours: anything that was not foreseen
130  interrupted (143: told to end; 141: nobody reads the output any more)
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
import threading
import warnings
from collections.abc import Iterator, Sequence
from itertools import dropwhile
from typing import Any

import typer

from detente.cli.interruption import interrupted, interrupted_again
from detente.errors import DetenteError, InputError, printable
from detente.progress import watched

__all__ = ["debug", "quiet_workers", "run", "settle_complaints"]

BAD_INPUT, FAULT, INTERRUPTED = 2, 3, 130
_DEBUG = "DETENTE_DEBUG"

_SURROUNDINGS = {
    errno.EACCES, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOSPC, errno.EPERM, errno.EROFS
}  # fmt: skip
"""What the machine refuses, and no program can mend."""


def run(app: typer.Typer, arguments: Sequence[str]) -> int:
    """Run a command to its end; its exit code."""
    command: Any = None
    try:
        command = typer.main.get_command(app)
        _refuse_half_characters(arguments)
        typed = "-" in arguments and sys.stdin.isatty()
        with watched(typed=typed), command.make_context("detente", list(arguments)) as context:
            command.invoke(context)
        sys.stdout.flush()
        code = 0
    except typer.Exit as end:
        code = end.exit_code
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else FAULT
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BaseException as err:
        code = interrupted() or _report(err, _name(command, arguments))
    return interrupted() or code


def settle_complaints() -> None:
    """No traceback from anywhere else: not from threads, finalisers or the end of the interpreter. Warnings take a line."""
    threading.excepthook = lambda told: _fault(told.exc_value or told.exc_type(), "in a thread")
    sys.excepthook = lambda _kind, err, _trace: _fault(err, "")
    sys.unraisablehook = _lost
    warnings.showwarning = lambda message, *_, **__: _say(_first_line(message))


def debug() -> None:
    """Show tracebacks from now on."""
    os.environ[_DEBUG] = "1"


@contextlib.contextmanager
def quiet_workers() -> Iterator[None]:
    """The processes of a dask cluster that are begun in here say nothing: a terminal interrupts them, too, and each would
    complain. They are this process's to end."""
    if _is_debugging():
        yield
        return
    os.environ.setdefault("DASK_LOGGING__DISTRIBUTED", "critical")
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _report(err: BaseException, name: str) -> int:
    """Say what has happened; the exit code for it."""
    if isinstance(err, DetenteError):
        _say(str(err))
        return BAD_INPUT
    if hasattr(err, "show") and hasattr(err, "exit_code"):  # typer's own, whose module depends on its version
        said = io.StringIO()
        err.show(file=said)
        print(printable(said.getvalue()).rstrip("\n"), file=sys.stderr, flush=True)
        return int(err.exit_code)
    if isinstance(err, MemoryError) or type(err).__name__ == "OutOfMemoryException":
        _traced(err)
        _say(f"{name}: more than the memory of this machine holds (give it less at a time, or a larger machine)")
        return BAD_INPUT
    if isinstance(err, FileNotFoundError) and not _has_folder():
        _traced(err)
        _say(f"{name}: the folder in which this was called is no longer there (change to one that is)")
        return BAD_INPUT
    if isinstance(err, OSError) and (err.errno in _SURROUNDINGS or "temporary directory" in str(err)):
        _traced(err)
        where = f"{err.filename}: " if err.filename else ""
        reason = err.strerror or _first_line(err)
        _say(f"{name}: {where}{reason} (make room or choose another place; for temporary files: TMPDIR)")
        return BAD_INPUT
    _fault(err, name)
    return FAULT


def _has_folder() -> bool:
    try:
        return bool(os.getcwd())  # noqa: PTH109
    except OSError:
        return False


def _fault(err: BaseException, name: str) -> None:
    if isinstance(err, KeyboardInterrupt):
        return
    _traced(err)
    said = _first_line(err)
    _say(
        f"{name}{': ' if name else ''}a fault of ours: {type(err).__name__}{': ' if said else ''}{said}"
        " (please report this line and the command; `detente --debug COMMAND ...` shows where it was)"
    )


def _lost(told: Any) -> None:
    """An error that nobody can catch, in a finaliser for instance: the answer does not depend on it."""
    if isinstance(told.exc_value, KeyboardInterrupt):
        interrupted_again()
    elif told.exc_value is not None:
        _traced(told.exc_value)


def _is_debugging() -> bool:
    return os.environ.get(_DEBUG, "0") not in ("", "0")


def _traced(err: BaseException) -> None:
    if not _is_debugging():
        return
    import traceback

    with contextlib.suppress(OSError, ValueError, AttributeError):
        print(printable("".join(traceback.format_exception(err))), end="", file=sys.stderr, flush=True)


def _first_line(err: object) -> str:
    lines = str(err).strip().splitlines()
    return printable(lines[0][:300]) if lines else ""


def _say(text: str) -> None:
    with contextlib.suppress(OSError, ValueError, AttributeError):  # there may be no standard error, or no more of it
        print(f"detente: {printable(text)}", file=sys.stderr, flush=True)


def _name(command: Any, arguments: Sequence[str]) -> str:
    """The command that was called, without what it was given."""
    known = getattr(command, "commands", {})
    words = list(dropwhile(lambda word: word.startswith("-"), arguments))
    return next((name for n in (3, 2, 1) if (name := " ".join(words[:n])) in known), "detente")


def _refuse_half_characters(arguments: Sequence[str]) -> None:
    """Bytes that are no text reach an argument as halves of characters, which no file can be written with.

    Raises
    ------
    InputError
        With the first such argument.
    """
    given = [(f"argument {n}", text) for n, text in enumerate(arguments, 1)]
    given += [(name, text) for name, text in os.environ.items() if name.startswith("DETENTE_")]
    for where, text in given:
        if any("\ud800" <= character <= "\udfff" for character in text):
            encoding = sys.getfilesystemencoding()
            raise InputError(
                f"{where}: got '{text:.200}', wanted text in {encoding} (type it anew; a file with such a name: rename it)"
            )
