"""Packed files: what comes out is counted, and a directory that lies is not believed."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator

import pytest

from detente.base.packed import FREE, counted, members, packed, unpacked
from detente.errors import InputError

KINDS = {"gzip": gzip.compress, "bzip2": bz2.compress, "xz": lzma.compress}


def out_of(content: bytes, kind: str) -> bytes:
    return b"".join(unpacked(io.BytesIO(content), kind, len(content), "x"))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_honest_comes_out_whole(kind: str) -> None:
    """Would catch a stream behind the first one, or padding, that is lost."""
    one, two = b"first\n" * 100_000, bytes(range(256)) * 5_000
    content = KINDS[kind](one) + KINDS[kind](two)
    assert packed(content) == kind
    assert out_of(content, kind) == one + two
    assert out_of(KINDS[kind](b""), kind) == b""
    if kind == "xz":
        assert out_of(lzma.compress(one) + b"\0" * 8 + lzma.compress(two), kind) == one + two


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_cut_off_is_an_error(kind: str) -> None:
    """Would catch half a file being taken for a whole one."""
    content = KINDS[kind](bytes(range(256)) * 1000)
    with pytest.raises((EOFError, OSError, lzma.LZMAError, zlib.error)):
        out_of(content[:-10], kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_bomb_ends_at_the_ratio(kind: str) -> None:
    """Would catch a small file that fills the disk."""
    content = KINDS[kind](bytes(30_000_000))
    made: list[int] = []
    pieces = unpacked(io.BytesIO(content), kind, len(content), "x")
    with pytest.raises(InputError, match="250 times its own size"):
        made.extend(map(len, pieces))
    assert sum(made) < max(FREE, 250 * len(content)) + (1 << 23)


def test_a_dictionary_of_gigabytes_is_refused() -> None:
    """Would catch a file of a hundred bytes that asks for gigabytes of memory."""
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 30}]
    content = lzma.compress(b"x" * 100, filters=[{**filters[0], "dict_size": 1 << 20}])
    header = bytearray(content)
    at = 12 + 4  # stream header, block header: size, flags, filter id, size of properties, properties
    header[at] = 36  # 2 GiB
    header[12 + 8 : 12 + 12] = struct.pack("<I", zlib.crc32(bytes(header[12 : 12 + 8])))
    with pytest.raises(lzma.LZMAError, match="Memory"):
        out_of(bytes(header), "xz")


def test_the_bytes_before_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """Would catch a bound on each member in place of one on all."""

    def pieces() -> Iterator[bytes]:
        yield bytes(60)

    monkeypatch.setenv("DETENTE_LIMITS", "unpacked-bytes=100")
    assert b"".join(counted(pieces(), 10, "x")) == bytes(60)
    with pytest.raises(InputError, match="more than 100 bytes"):
        list(counted(pieces(), 10, "x", 60))


def archive(names: int, content: bytes = b"text\n") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for n in range(names):
            made.writestr(f"{n}.csv", content)
    return file.getvalue()


def looked_at(content: bytes) -> list[zipfile.ZipInfo]:
    with zipfile.ZipFile(io.BytesIO(content)) as made:
        return members(made, len(content), "x")


def test_members_are_looked_at_before_they_are_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Would catch an archive of a million files, or one whose files hold too much together."""
    assert [info.filename for info in looked_at(archive(3))] == ["0.csv", "1.csv", "2.csv"]
    monkeypatch.setenv("DETENTE_LIMITS", "members=2")
    with pytest.raises(InputError, match="more than 2 files in the archive"):
        looked_at(archive(3))
    monkeypatch.setenv("DETENTE_LIMITS", "unpacked-bytes=1000")
    with pytest.raises(InputError, match="more than 1,000 bytes when unpacked"):
        looked_at(archive(3, bytes(400)))
    monkeypatch.delenv("DETENTE_LIMITS")
    with pytest.raises(InputError, match="250 times its own size"):
        looked_at(archive(3, bytes(20_000_000)))


def test_members_that_share_bytes() -> None:
    """Would catch a bomb of a thousand names for the same bytes, each of an honest size and ratio."""
    content = bytearray(archive(2, bytes(range(256)) * 20))
    second = content.rfind(b"PK\x01\x02")
    content[second + 42 : second + 46] = bytes(4)  # where the second one begins: where the first does
    with pytest.raises(InputError, match="share bytes of the archive"):
        looked_at(bytes(content))
