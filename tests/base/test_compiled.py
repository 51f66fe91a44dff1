"""Compiled functions work with a place to keep them and without."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from detente.base import compiled as module
from detente.base.compiled import compiled

SOURCE = """
from detente.base.compiled import compiled

@compiled
def twice(x):
    return x * 2

print(twice(21))
"""


KEPT = SOURCE.replace("import compiled", "import compiled, is_kept").replace("twice(21)", "is_kept(twice), twice(21)")


def run(folder: Path, source_text: str = SOURCE, **env: str) -> subprocess.CompletedProcess[str]:
    """A function of a module of its own, called in a process of its own, which stands in `folder`."""
    source = folder / "source" / "kernel.py"
    source.parent.mkdir(exist_ok=True)
    source.write_text(source_text)
    return subprocess.run(
        [sys.executable, str(source)], capture_output=True, text=True, cwd=folder, env={**os.environ, **env}, check=False
    )


def test_it_is_kept_and_read_again_even_where_it_is_damaged(tmp_path: Path) -> None:
    """Catches a cache that is never written, and one that was cut short (by a full disk) and stops every later run."""
    place = tmp_path / "cache"
    for _ in range(2):
        done = run(tmp_path, NUMBA_CACHE_DIR=str(place))
        assert (done.stdout, done.stderr, done.returncode) == ("42\n", "", 0)
        kept = [file for file in place.rglob("*") if file.suffix in (".nbi", ".nbc")]
        assert len(kept) == 2
        for file in kept:
            file.write_bytes(file.read_bytes()[:20])


def test_nothing_is_read_from_the_current_folder(tmp_path: Path) -> None:
    """Catches code that is run from a folder that somebody else made, because a place is named relative to it."""
    run(tmp_path, NUMBA_CACHE_DIR=str(tmp_path / "kept"))
    for file in (tmp_path / "kept").rglob("*.nb[ic]"):
        file.write_bytes(pickle.dumps(Bomb()))
    done = run(tmp_path, NUMBA_CACHE_DIR=str(tmp_path / "kept"))
    assert "BOMB" in done.stdout  # the trap works where the cache is the user's own
    done = run(tmp_path, NUMBA_CACHE_DIR="kept")
    assert (done.stdout, done.returncode) == ("42\n", 0)
    assert done.stderr.count("NUMBA_CACHE_DIR") >= 1
    yaml = pytest.importorskip("yaml", reason="NO YAML READER: numba reads no file of settings then")
    (tmp_path / ".numba_config.yaml").write_text(yaml.safe_dump({"cache_dir": str(tmp_path / "kept")}))
    done = run(tmp_path)
    assert (done.stdout, done.stderr, done.returncode) == ("42\n", "", 0)


def test_whether_it_is_kept_is_known_before_it_is_called(tmp_path: Path) -> None:
    """Catches plays that are compiled beside the plan every time, or never."""
    place = str(tmp_path / "cache")
    assert [run(tmp_path, KEPT, NUMBA_CACHE_DIR=place).stdout for _ in range(2)] == ["False 42\n", "True 42\n"]
    assert run(tmp_path, KEPT.replace("x * 2", "2 * x"), NUMBA_CACHE_DIR=place).stdout == "False 42\n"


class Bomb:
    def __reduce__(self) -> tuple[object, ...]:
        return print, ("BOMB",)


def test_without_a_place_it_works_and_says_so_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches the compiler's own error where nothing is writable, and a line for every function."""

    def nowhere(_: object) -> None:
        raise RuntimeError("cannot cache function: no locator available")

    monkeypatch.setattr("numba.core.caching.FunctionCache.__init__", lambda *_: nowhere(None))
    module._warn_once.cache_clear()
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        functions = [compiled(lambda x: x + 1) for _ in range(3)]
    assert functions[2](1) == 2
    assert len(said) == 1
    module._warn_once.cache_clear()
