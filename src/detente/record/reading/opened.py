"""A file of events, unpacked: plain files as they are, .gz, .bz2, .xz and the members of .zip into a temporary place.

The content hash is that of the unpacked bytes, so that a file and its packed copy are the same. What comes out of a packed
file is bounded (`detente.base.packed`); a packed file inside it is not unpacked.
"""

from __future__ import annotations

import codecs
import gzip
import hashlib
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from detente.base.bounds import regular
from detente.base.packed import counted, members, packed, unpacked
from detente.errors import InputError, OutputError, RecordError

__all__ = ["Opened", "decoded", "first_lines", "opened", "unwritable"]

_CHUNK = 1 << 22
_SNIFF = 1 << 18
_FIRST = 20
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class Opened:
    """An unpacked file.

    name : the file's, with the member's where it came from a .zip.
    path : where the unpacked bytes are.
    digest : SHA-256 of the bytes, in hexadecimal. size : in bytes. lines : the number of line ends in it.
    plain : UTF-8 throughout, without a byte order mark, NUL or bare carriage return, its last line ended.
    """

    name: str
    path: Path
    digest: str
    size: int
    lines: int
    plain: bool


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
    """Bytes as text: UTF-16 where a mark says so, UTF-8, and where that fails Windows-1252."""
    if content[:2] in _UTF16:
        return content.decode("utf-16", errors="replace")
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as err:
        if err.end >= len(content) - 3 and err.reason == "unexpected end of data":
            return content[: err.start].decode("utf-8")  # cut off within a character
        return content.decode("cp1252", errors="replace")


@contextmanager
def opened(path: Path, spill: Path) -> Iterator[Iterator[Opened]]:
    """What a file holds, one member after the other. spill : a folder for what is unpacked, emptied member by member.

    Raises
    ------
    RecordError
        If it cannot be read or unpacked.
    """
    try:
        yield _unpackable(path, spill)
    except OSError as err:
        raise _unreadable(path, err) from None


def _unpackable(path: Path, spill: Path) -> Iterator[Opened]:
    """The members, as long as they can be unpacked; whatever else goes wrong in between is not its concern."""
    try:
        yield from _members(path, spill)
    except InputError:
        raise
    except (zipfile.BadZipFile, gzip.BadGzipFile, lzma.LZMAError, zlib.error, EOFError) as err:
        message = f"{path}: cannot be unpacked: {err} (is the download complete?)"
        raise RecordError(message, source=str(path)) from None
    except (RuntimeError, ValueError, IndexError, OverflowError, struct.error) as err:
        # an encrypted member, an unknown way of packing, a directory that says what cannot be
        raise RecordError(f"{path}: cannot be unpacked: {err}", source=str(path)) from None


def _unreadable(path: Path, err: OSError) -> RecordError:
    if isinstance(err, FileNotFoundError):
        return RecordError(f"{path}: there is no such file", source=str(path))
    reason = "it is a folder" if isinstance(err, IsADirectoryError) else err.strerror or str(err)
    return RecordError(f"{path}: cannot be read: {reason}", source=str(path))


def unwritable(path: Path, err: OSError) -> OutputError:
    """What to say where there is no room for what is unpacked."""
    message = f"{path}: cannot be written: {err.strerror or err} (free some space, or choose another place)"
    return OutputError(message, source=str(path))


def _members(path: Path, spill: Path) -> Iterator[Opened]:
    size = regular(path, error=RecordError).stat().st_size
    with path.open("rb") as file:
        kind = packed(file.read(8))
        file.seek(0)
        if kind == "zip":
            with zipfile.ZipFile(file) as archive:
                infos = members(archive, size, str(path), error=RecordError)
                done = 0
                for info in infos:
                    with archive.open(info) as member:
                        name = path.name if len(infos) == 1 else f"{path.name}/{info.filename}"
                        for found in _unpacked(counted(_pieces(member), size, str(path), done, error=RecordError), name, spill):
                            done += found.size
                            yield found
        elif kind:
            yield from _unpacked(unpacked(file, kind, size, str(path), error=RecordError), path.name, spill)
        else:
            yield _surveyed(_pieces(file), None, path.name, path)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(_CHUNK):
        yield piece


def _unpacked(pieces: Iterator[bytes], name: str, spill: Path) -> Iterator[Opened]:
    target = spill / "unpacked"
    try:
        try:
            out = target.open("wb")
        except OSError as err:
            raise unwritable(target, err) from None
        with out:
            found = _surveyed(pieces, out, name, target)
        yield found
    finally:
        target.unlink(missing_ok=True)


def _surveyed(pieces: Iterator[bytes], out: IO[bytes] | None, name: str, path: Path) -> Opened:
    """Read it once: hash (by a thread beside), lines, and whether it is plain; a copy to `out`."""
    digest, size, lines, plain, last = hashlib.sha256(), 0, 0, True, b"\n"
    decoder = codecs.getincrementaldecoder("utf-8")()
    with ThreadPoolExecutor(1) as beside:
        hashed = beside.submit(digest.update, b"")
        for chunk in pieces:
            hashed.result()
            hashed = beside.submit(digest.update, chunk)
            if not size and (chunk.startswith(codecs.BOM_UTF8) or chunk[:2] in _UTF16):
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
