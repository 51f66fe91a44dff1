"""A file of events, unpacked: plain files as they are, .gz, .bz2, .xz and the members of .zip into a temporary place.

The content hash is that of the unpacked bytes, so that a file and its packed copy are the same. What comes out of a packed
file is bounded (`detente.base.packed`); a packed file inside it is not unpacked. Of an .xlsx file the first sheet is written as
CSV. What in a .zip is no file of events (what the Finder of a Mac leaves, documents) is passed over, and said so; a member that
cannot be unpacked takes none of the others with it.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import re
import struct
import zipfile
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from detente.base.bounds import read_bytes, regular
from detente.base.encoding import wide
from detente.base.packed import DAMAGED, counted, members, packed, unpacked
from detente.base.workbook import is_workbook, read_workbook
from detente.errors import InputError, OutputError, RecordError

__all__ = ["Opened", "PassedOver", "decoded", "first_lines", "opened", "unwritable"]

_CHUNK = 1 << 22
_SNIFF = 1 << 18
_FIRST = 20


@dataclass(frozen=True)
class Opened:
    """An unpacked file.

    name : the file's, with the member's where it came from a .zip.
    path : where the unpacked bytes are.
    digest : SHA-256 of the bytes, in hexadecimal. size : in bytes. lines : the number of line ends in it.
    plain : UTF-8 throughout, without a byte order mark, NUL or bare carriage return, its last line ended.
    among : it came from a .zip with others. notes : what was left of the file it came from.
    """

    name: str
    path: Path
    digest: str
    size: int
    lines: int
    plain: bool
    among: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class PassedOver:
    """A member of a .zip that is no file of events, or (`broken`) cannot be unpacked."""

    name: str
    reason: str
    broken: bool = False


def first_lines(path: Path) -> list[str] | None:
    """The first lines of a plain file that are not blank, without their ends; None where it is packed.

    Raises
    ------
    RecordError
        If it cannot be read.
    """
    try:
        with regular(path, error=RecordError).open("rb") as file:
            start = file.read(_SNIFF)
    except OSError as err:
        raise _unreadable(path, err) from None
    if packed(start):
        return None
    lines = re.split("\r\n|\r|\n", decoded(start))
    if len(start) == _SNIFF and len(lines) > 1:
        lines.pop()  # cut off
    return [line for line in lines if line.strip()][:_FIRST]


def decoded(content: bytes) -> str:
    """Bytes as text: UTF-16 or UTF-32 where it begins so, UTF-8, and where that fails Windows-1252."""
    if encoding := wide(content):
        return content.decode(encoding, errors="replace")
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as err:
        if err.end >= len(content) - 3 and err.reason == "unexpected end of data":
            return content[: err.start].decode("utf-8")  # cut off within a character
        return content.decode("cp1252", errors="replace")


@contextmanager
def opened(path: Path, spill: Path, name: str = "") -> Iterator[Iterator[Opened | PassedOver]]:
    """What a file holds, one member after the other. spill : a folder for what is unpacked, emptied member by member.
    name : what it is called; left out: as the path.

    Raises
    ------
    RecordError
        If it cannot be read or unpacked.
    """
    found = _unpackable(path, spill, name or path.name)
    try:
        yield found
    except OSError as err:
        raise _unreadable(path, err) from None
    finally:
        found.close()  # now: left to the garbage collector, it would take away what the next file was unpacked to


def _unpackable(path: Path, spill: Path, called: str) -> Generator[Opened | PassedOver]:
    """The members, as long as they can be unpacked; whatever else goes wrong in between is not its concern."""
    try:
        yield from _members(path, spill, called)
    except InputError:
        raise
    except (*DAMAGED, *_STRANGE) as err:
        source = str(path) if path.name == called else called
        raise RecordError(f"{source}: {_not_unpacked(err)}", source=source) from None


_STRANGE = (RuntimeError, ValueError, IndexError, OverflowError, struct.error)
"""An encrypted member, an unknown way of packing, a directory that says what cannot be."""


def _not_unpacked(err: Exception) -> str:
    return f"cannot be unpacked: {err}" + (" (is the download complete?)" if isinstance(err, DAMAGED) else "")


def _unreadable(path: Path, err: OSError) -> RecordError:
    if isinstance(err, FileNotFoundError):
        return RecordError(f"{path}: there is no such file", source=str(path))
    reason = "it is a folder" if isinstance(err, IsADirectoryError) else err.strerror or str(err)
    return RecordError(f"{path}: cannot be read: {reason}", source=str(path))


def unwritable(path: Path, err: OSError) -> OutputError:
    """What to say where there is no room for what is unpacked."""
    message = f"{path}: cannot be written: {err.strerror or err} (free some space, or choose another place)"
    return OutputError(message, source=str(path))


def _members(path: Path, spill: Path, called: str) -> Iterator[Opened | PassedOver]:
    size = regular(path, error=RecordError).stat().st_size
    target = spill / "unpacked"
    with path.open("rb") as file:
        kind = packed(file.read(8))
        file.seek(0)
        try:
            if kind == "zip":
                with zipfile.ZipFile(file) as archive:
                    if is_workbook(archive):
                        yield _sheet(path, called, target)
                    else:
                        yield from _archived(archive, size, str(path), called, target)
            elif kind:
                yield _unpacked(unpacked(file, kind, size, str(path), error=RecordError), called, target)
            else:
                yield _surveyed(_pieces(file), None, called, path)
        finally:
            target.unlink(missing_ok=True)


def _archived(archive: zipfile.ZipFile, size: int, source: str, called: str, target: Path) -> Iterator[Opened | PassedOver]:
    infos = members(archive, size, source, error=RecordError)
    among = len(infos) > 1
    done = 0
    for info in infos:
        name = f"{called}/{info.filename}" if among else called
        if among and (reason := _no_events(info.filename)):
            yield PassedOver(name, reason)
            continue
        try:
            with archive.open(info) as member:
                found = _unpacked(counted(_pieces(member), size, source, done, error=RecordError), name, target)
        except (*DAMAGED, *_STRANGE) as err:
            if not among:
                raise
            yield PassedOver(name, _not_unpacked(err), broken=True)
            continue
        done += found.size
        yield replace(found, among=among)


_DOCUMENTS = (".pdf", ".doc", ".docx", ".md", ".html", ".htm", ".rtf", ".odt", ".png", ".jpg")


def _no_events(name: str) -> str:
    """Why a member of an archive is no file of events, by its name; empty: it may be one."""
    parts = name.split("/")
    if "__MACOSX" in parts or parts[-1].startswith("."):
        return "left by the system that packed it"
    return "a document" if name.lower().endswith(_DOCUMENTS) else ""


def _sheet(path: Path, called: str, target: Path) -> Opened:
    """The first sheet of an .xlsx file as CSV."""
    book = read_workbook(read_bytes(path, name="table-bytes", error=RecordError), str(path), error=RecordError)
    widest = max((len(cells) for _, cells in book.rows), default=0)
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([*cells, *[""] * (widest - len(cells))] for _, cells in book.rows)
    notes = (f"of its {book.more + 1} sheets the first, {book.title}, was read",) if book.more else ()
    return replace(_unpacked(iter([text.getvalue().encode("utf-8", errors="replace")]), called, target), notes=notes)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(_CHUNK):
        yield piece


def _unpacked(pieces: Iterator[bytes], name: str, target: Path) -> Opened:
    try:
        out = target.open("wb")
    except OSError as err:
        raise unwritable(target, err) from None
    with out:
        return _surveyed(pieces, out, name, target)


def _surveyed(pieces: Iterator[bytes], out: IO[bytes] | None, name: str, path: Path) -> Opened:
    """Read it once: hash (by a thread beside), lines, and whether it is plain; a copy to `out`."""
    digest, size, lines, plain, last = hashlib.sha256(), 0, 0, True, b"\n"
    decoder = codecs.getincrementaldecoder("utf-8")()
    with ThreadPoolExecutor(1) as beside:
        hashed = beside.submit(digest.update, b"")
        for chunk in pieces:
            hashed.result()
            hashed = beside.submit(digest.update, chunk)
            if not size and (chunk.startswith(codecs.BOM_UTF8) or wide(chunk)):
                plain = False
            size += len(chunk)
            lines += chunk.count(b"\n")
            last = chunk[-1:]
            if plain:
                plain = b"\0" not in chunk and (b"\r" not in chunk or chunk.count(b"\r") == chunk.count(b"\r\n"))
                if not chunk.isascii() or decoder.getstate()[0]:  # else it is UTF-8 for sure
                    try:
                        decoder.decode(chunk)
                    except UnicodeDecodeError:
                        plain = False
            if out:
                try:
                    out.write(chunk)
                    out.flush()
                except OSError as err:
                    raise unwritable(path, err) from None
        hashed.result()
    return Opened(name, path, digest.hexdigest(), size, lines, plain and last == b"\n")
