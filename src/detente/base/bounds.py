"""Bounds on whatever is read, so that a hostile or broken file ends in a message and not in a full memory or an endless run.

Every reader asks this module how much it may take, and reads no further. The bounds are generous: no honest file of the kinds
that are read here comes near them. Whoever has one that does, and trusts it, raises the bound by name in the environment:

    DETENTE_LIMITS=table-bytes=2e9,columns=5000 detente forecast ...
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any, TypeVar

from detente.base.encoding import wide
from detente.errors import Fault, InputError

__all__ = [
    "LIMITS",
    "PATIENCE",
    "BeyondError",
    "absent",
    "decoded",
    "limit",
    "name_of",
    "patiently",
    "read_bytes",
    "read_text",
    "regular",
    "spooled",
    "within",
]

LIMITS: dict[str, tuple[int, str]] = {
    "bytes": (8_000_000, "bytes"),  # of a file that somebody writes: a case, a roadmap, a profile, a mapping
    "table-bytes": (256_000_000, "bytes"),  # of a table that is read into memory
    "list-bytes": (1_000_000_000, "bytes"),  # of a list of published files
    "fetched-bytes": (2_000_000_000, "bytes"),  # of a published file
    "unpacked-bytes": (100_000_000_000, "bytes when unpacked"),  # an archive with all that is in it
    "unpacked-ratio": (250, "times its own size when unpacked"),  # of a member, from 10,000,000 bytes on
    "members": (10_000, "files in the archive"),
    "rows": (5_000_000, "rows"),  # of a table that is read into memory
    "table-rows": (100_000_000, "rows"),  # of one that is read in pieces
    "columns": (2_000, "columns"),
    "cell": (1_000_000, "characters in a cell"),
    "entries": (200_000, "entries"),  # of a YAML or JSON file, aliases written out
    "depth": (40, "levels"),  # of a YAML or JSON file
    "slices": (50_000, "measures, each slice counted"),  # of a case
    "roadmap-rows": (50_000, "rows to check in a roadmap"),  # of a case: parties times parties times phases times lags
}
"""By name: how much, and of what."""

PATIENCE = 1_000
"""After so many faults the rest of a table is not looked at: the first ones are printed, and most come of one cause."""

_VARIABLE = "DETENTE_LIMITS"
_CHUNK = 1 << 20
_NUMBERED = re.compile(r"/(dev|proc/[^/]+)/fd/\d+$")
_WRITER = 5.0  # seconds for somebody to begin writing into a named pipe


T = TypeVar("T")


class BeyondError(Exception):
    """name : of the bound that is passed; place : where, line and column from 1."""

    def __init__(self, name: str, got: int, place: tuple[int, int]) -> None:
        self.name, self.got, self.place = name, got, place
        super().__init__(name)


def limit(name: str) -> int:
    """How much of something may be read.

    Raises
    ------
    InputError
        If the environment raises a bound that there is not, or by what is no number.
    """
    raised = dict(_raised())
    return raised.get(name, LIMITS[name][0])


def within(name: str, got: int, source: str, *, error: type[InputError] = InputError, fault: Fault | None = None) -> None:
    """Refuse what goes beyond a bound. fault : where in the source it does so, if that is known.

    Raises
    ------
    InputError
        Or `error`: what is bounded, by how much, and how to raise it.
    """
    most = limit(name)
    if got <= most:
        return
    message = f"more than {most:,} {LIMITS[name][1]}"
    hint = f"if you trust it, raise the limit: {_VARIABLE}={name}=NUMBER"
    if fault is not None:
        placed = Fault(fault.line, fault.column, fault.key, message, hint)
        raise error(f"{source}: cannot be read", source=source, faults=[placed])
    raise error(f"{source}: {message} ({hint})", source=source)


def patiently(
    rows: Iterable[tuple[int, T]], faults: list[Fault], place: Callable[[int], tuple[int, int, str]] = lambda n: (n, 1, "")
) -> Iterator[tuple[int, T]]:
    """Rows with their numbers, as long as `faults`, which grows meanwhile, is not longer than anybody would read.

    place : the line, column and key of the row at which it ends.
    """
    for n, row in rows:
        if len(faults) > PATIENCE:
            faults.append(Fault(*place(n), "the rest was not looked at", "mend what is above first"))
            return
        yield n, row


def read_bytes(source: str | Path | IO[Any], *, name: str = "bytes", error: type[InputError] = InputError) -> bytes:
    """The content of a file: a path, ``-`` for standard input, or an open file of bytes or text.

    Pipes and devices are read like files, up to the same bound; a named pipe into which nobody writes is an error after some
    seconds, not an endless wait.

    name : the bound that holds, in bytes.

    Raises
    ------
    InputError
        Or `error`, if it cannot be read or is too large.
    """
    called, parts, size = name_of(source), [], 0
    for chunk in _chunks(source, called, error):
        parts.append(chunk)
        size += len(chunk)
        within(name, size, called, error=error)
    return b"".join(parts)


def read_text(
    source: str | Path | IO[Any], *, name: str = "bytes", error: type[InputError] = InputError, what: str = "text"
) -> str:
    """The same as text in UTF-8; what : what errors call it.

    Raises
    ------
    InputError
        Or `error`, if it cannot be read, is too large, or is not UTF-8: then with the line and column of the first byte that
        is not.
    """
    return decoded(read_bytes(source, name=name, error=error), name_of(source), error=error, what=what)


def decoded(content: bytes, source: str, *, error: type[InputError] = InputError, what: str = "text") -> str:
    """Bytes as text in UTF-8, or in UTF-16 or UTF-32 where they begin so; a mark at the beginning is left out.

    Raises
    ------
    InputError
        Or `error`, with the line and column of the first byte that cannot stand there.
    """
    encoding = wide(content)
    try:
        return content.decode(encoding or "utf-8-sig").removeprefix("\ufeff")
    except UnicodeDecodeError as err:
        before = bytes(err.object)[: err.start]
        line, column = before.count(b"\n") + 1, err.start - before.rfind(b"\n")
        message = f"not {(encoding or 'utf-8').upper()}: the byte 0x{err.object[err.start]:02x} cannot stand here"
        fault = Fault(line, column, "", message, "save the file as UTF-8")
        raise error(f"{source}: cannot be read as a {what}", source=source, faults=[fault]) from None


@contextlib.contextmanager
def spooled(source: str | Path, *, error: type[InputError] = InputError) -> Iterator[Path]:
    """A file as one that can be read from anywhere and twice: what is none (``-``, a pipe) is copied for as long as it is used.

    A regular file is left where it is, and is not measured: whoever reads it in pieces needs no bound on the whole.

    Raises
    ------
    InputError
        Or `error`, if it cannot be read or is too large.
    """
    if str(source) != "-" and _kind(Path(source), str(source), error) is None:
        yield Path(source)
        return
    called, size = name_of(source), 0
    folder = Path(tempfile.mkdtemp(prefix="detente-"))
    try:
        target = folder / "input"
        with target.open("wb") as out:
            for chunk in _chunks(source, called, error):
                size += len(chunk)
                within("table-bytes", size, called, error=error)
                out.write(chunk)
        yield target
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def regular(path: str | Path, *, error: type[InputError] = InputError) -> Path:
    """The path of a regular file: for what is read in pieces, or more than once, and so from no pipe and no device.

    Raises
    ------
    InputError
        Or `error`, if there is no such file, or it is something else.
    """
    if kind := _kind(Path(path), str(path), error):
        raise error(f"{path}: cannot be read: it is a {kind} (write what it gives into a file)", source=str(path))
    return Path(path)


def absent(source: str | Path) -> bool:
    """Whether there is no file of a name, which may then be meant for something else."""
    try:
        return str(source) != "-" and not Path(source).stat()
    except FileNotFoundError:
        return True
    except (OSError, ValueError):
        return False


def name_of(source: str | Path | IO[Any]) -> str:
    """What errors call a source: its path, but for what has a number in place of a name: a shell's ``<(...)`` is a pipe."""
    if isinstance(source, str | Path):
        return "<stdin>" if str(source) == "-" else "<pipe>" if _NUMBERED.match(str(source)) else str(source)
    return str(getattr(source, "name", "<file>"))


def _raised() -> Iterator[tuple[str, int]]:
    for entry in filter(None, os.environ.get(_VARIABLE, "").replace(" ", "").split(",")):
        name, _, given = entry.partition("=")
        try:
            value = int(float(given))
        except (ValueError, OverflowError):
            value = 0
        if name not in LIMITS or value < 1:
            known = ", ".join(LIMITS)
            raise InputError(
                f"{_VARIABLE}: got {entry[:60]!r}, wanted NAME=NUMBER with one of {known} (for instance columns=5000)",
                source=_VARIABLE,
            )
        yield name, value


def _kind(path: Path, called: str, error: type[InputError]) -> str | None:
    """What stands behind a path: None a regular file, "pipe", or "device"."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise error(f"{called}: there is no such file", source=called) from None
    except OSError as err:
        raise error(f"{called}: cannot be read: {err.strerror or type(err).__name__}", source=called) from None
    except ValueError as err:
        raise error(f"{called:.60}: is not the path of a file: {err}", source=called) from None
    if stat.S_ISDIR(mode):
        raise error(f"{called}: cannot be read: it is a folder", source=called)
    return None if stat.S_ISREG(mode) else "pipe" if stat.S_ISFIFO(mode) else "device"


def _chunks(source: str | Path | IO[Any], called: str, error: type[InputError]) -> Iterator[bytes]:
    """The content, piece by piece."""
    try:
        if not isinstance(source, str | Path):
            yield from _pieces(source)
        elif str(source) == "-":
            yield from _pieces(getattr(sys.stdin, "buffer", sys.stdin))
        elif _kind(Path(source), called, error) == "pipe":
            yield from _piped(Path(source), called, error)
        else:
            with Path(source).open("rb") as file:
                yield from _pieces(file)
    except UnicodeDecodeError as err:
        fault = Fault(0, 0, "", f"not {err.encoding}: {err.reason}", "open it as bytes")
        raise error(f"{called}: cannot be read", source=called, faults=[fault]) from None
    except OSError as err:
        raise error(f"{called}: cannot be read: {err.strerror or type(err).__name__}", source=called) from None


def _pieces(file: IO[Any]) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk.encode("utf-8", errors="surrogatepass") if isinstance(chunk, str) else chunk


def _piped(path: Path, called: str, error: type[InputError]) -> Iterator[bytes]:
    """A named pipe, opened without waiting: where nobody has it open for writing, a read ends at once."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        begun, patience = False, time.monotonic() + _WRITER
        while True:
            try:
                chunk = os.read(handle, _CHUNK)
            except BlockingIOError:  # somebody is about to write
                begun = True
                select.select([handle], [], [])
                continue
            if chunk:
                begun = True
                yield chunk
            elif begun:
                return
            elif time.monotonic() > patience:
                raise error(f"{called}: nobody writes into this pipe (name a file)", source=called)
            else:
                time.sleep(0.05)
    finally:
        os.close(handle)
