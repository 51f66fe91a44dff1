"""Packed files, unpacked no further than the bounds allow: .gz, .bz2, .xz, and the members of a .zip (which an .xlsx is).

A few bytes can stand for as many as one likes, so that what comes out is counted while it comes out, against a bound on the
whole and, from `FREE` bytes on, against so many times the size of what went in. The directory of a .zip is looked at before
anything is unpacked: how many members it names, how much they say they hold, and whether they share bytes of the archive,
which no honest one does. A packed file inside a packed file is a file like any other, and is not unpacked.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO

from detente.base.bounds import limit, within
from detente.errors import InputError

__all__ = ["DAMAGED", "FREE", "counted", "members", "packed", "unpacked"]

FREE = 10_000_000
"""Bytes that may come out of anything, however small it is."""

DAMAGED = (zipfile.BadZipFile, gzip.BadGzipFile, lzma.LZMAError, zlib.error, EOFError)
"""What Python raises for what is packed and broken or cut off; of .bz2 an OSError or ValueError."""

_CHUNK = 1 << 22
_XZ_MEMORY = 256_000_000
_MARKS = {b"PK\x03\x04": "zip", b"PK\x05\x06": "zip", b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ": "xz"}


def packed(start: bytes) -> str:
    """How a file that begins with these bytes is packed: zip, gzip, bzip2 or xz; empty: not at all."""
    return next((kind for mark, kind in _MARKS.items() if start.startswith(mark)), "")


def unpacked(file: IO[bytes], kind: str, size: int, source: str, *, error: type[InputError] = InputError) -> Iterator[bytes]:
    """What a file holds that is packed as gzip, bzip2 or xz, piece by piece. size : of the file.

    Raises
    ------
    InputError
        Or `error`, if it is more than the bounds allow. What cannot be unpacked raises what Python raises for it.
    """
    if kind == "xz":
        return counted(_xz(file), size, source, error=error)
    opened: IO[bytes] = gzip.GzipFile(fileobj=file) if kind == "gzip" else bz2.BZ2File(file)  # type: ignore[assignment]
    return counted(_pieces(opened.read), size, source, error=error)


def counted(
    pieces: Iterator[bytes], size: int, source: str, done: int = 0, *, error: type[InputError] = InputError
) -> Iterator[bytes]:
    """The same pieces, as long as they are no more than the bounds allow of what is `size` bytes large when packed.

    done : bytes that came out of it before.
    """
    for piece in pieces:
        done += len(piece)
        _bounded(done, size, source, error)
        yield piece


def members(
    archive: zipfile.ZipFile, size: int, source: str, *, name: str = "unpacked-bytes", error: type[InputError] = InputError
) -> list[zipfile.ZipInfo]:
    """The files in an archive of `size` bytes, if they may be unpacked. name : the bound on what they hold together.

    Raises
    ------
    InputError
        Or `error`, if there are too many, if they say that they hold too much, or if two share bytes of the archive.
    """
    found = [info for info in archive.infolist() if not info.is_dir()]
    within("members", len(found), source, error=error)
    whole = sum(info.file_size for info in found)
    within(name, whole, source, error=error)
    _bounded(whole, size, source, error)
    end = 0
    for info in sorted(found, key=lambda info: info.header_offset):
        if info.header_offset < end or info.compress_size > size:
            raise error(f"{source}: cannot be unpacked: its files share bytes of the archive (pack them anew)", source=source)
        end = info.header_offset + info.compress_size
    return found


def _bounded(done: int, size: int, source: str, error: type[InputError]) -> None:
    within("unpacked-bytes", done, source, error=error)
    if done > FREE and done > limit("unpacked-ratio") * size:
        within("unpacked-ratio", -(-done // max(size, 1)), source, error=error)


def _pieces(read: Callable[[int], bytes]) -> Iterator[bytes]:
    while piece := read(_CHUNK):
        yield piece


def _xz(file: IO[bytes]) -> Iterator[bytes]:
    """Stream after stream, with a bound on the memory that one may ask for: `lzma.LZMAFile` has none."""
    waiting = b""
    while True:
        waiting = (waiting or file.read(_CHUNK)).lstrip(b"\0")  # streams may be padded
        if not waiting:
            if not (waiting := file.read(_CHUNK)):
                return
            continue
        stream = lzma.LZMADecompressor(memlimit=_XZ_MEMORY)
        while not stream.eof:
            if stream.needs_input:
                waiting = waiting or file.read(_CHUNK)
                if not waiting:
                    raise EOFError("it ends before its end-of-stream mark")
            piece = stream.decompress(waiting, _CHUNK)
            waiting = b""
            if piece:
                yield piece
        waiting = stream.unused_data
