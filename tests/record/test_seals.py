"""Hashes that are kept spare a large record from being read each time, and never hide a change."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from detente.record import seals
from detente.record.seals import digests


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("DETENTE_CACHE")
    path = tmp_path / "record" / "part"
    path.parent.mkdir()
    path.write_bytes(bytes(200_000))
    return path


def reads(path: Path, monkeypatch: pytest.MonkeyPatch, **how: bool) -> tuple[str, int]:
    """The hash, and how often the file was read for it."""
    count = 0
    real = seals.digest

    def counting(file: Path) -> str:
        nonlocal count
        count += 1
        return real(file)

    with monkeypatch.context() as patched:
        patched.setattr(seals, "digest", counting)
        return digests(path.parent, [path], **how)[path], count


def test_read_once(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a cache that is never asked, and a check that asks it."""
    first = reads(large, monkeypatch)
    assert first[1] == 1
    assert reads(large, monkeypatch) == (first[0], 0)
    assert reads(large, monkeypatch, anew=True) == (first[0], 1)


def test_every_change_is_seen(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same length, the time of change set back, the file replaced by another: each is another hash."""
    before, _ = reads(large, monkeypatch)
    state = large.stat()
    with large.open("r+b") as file:
        file.write(b"x")
    os.utime(large, ns=(state.st_atime_ns, state.st_mtime_ns))
    edited, _ = reads(large, monkeypatch)
    assert edited != before
    other = large.with_name("other")
    other.write_bytes(bytes(200_000))
    os.utime(other, ns=(state.st_atime_ns, state.st_mtime_ns))
    other.replace(large)
    assert reads(large, monkeypatch) == (before, 1)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"a": 1}', b"\xff" * 99])
def test_a_broken_cache_is_no_cache(content: bytes, large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a traceback, or a hash that is believed without its file."""
    before, _ = reads(large, monkeypatch)
    (kept,) = (large.parents[1] / "cache").rglob("records/*.json")
    entry = json.loads(kept.read_bytes())
    assert all(len(name) == 64 for name in entry), "names of files stand in it"
    kept.write_bytes(content)
    assert reads(large, monkeypatch) == (before, 1)


def test_without_a_place_to_keep_them(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a record that cannot be read where nothing can be kept."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(large))  # a file, where a folder is wanted
    first = reads(large, monkeypatch)
    assert reads(large, monkeypatch) == first
    assert first[1] == 1


def test_nothing_is_kept_where_nothing_is_to_be(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a trace on the disk of somebody who has said that there is to be none."""
    monkeypatch.setenv("DETENTE_CACHE", "off")
    assert reads(large, monkeypatch) == reads(large, monkeypatch)
    assert not (large.parents[1] / "cache").exists()


def test_what_is_no_file_has_no_hash(large: Path) -> None:
    """A pipe would be waited for without end."""
    pipe = large.with_name("pipe")
    os.mkfifo(pipe)
    link = large.with_name("link")
    link.symlink_to(large)
    assert set(digests(large.parent, [large, pipe, link, large.parent, large.with_name("none")])) == {large}
