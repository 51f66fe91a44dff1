"""What was worked out before on this machine, in the cache folder of its user: a folder for each kind of entry, and in it one
file for each question, named by a hash of the whole question.

Nothing depends on it. What is damaged, gone or cannot be written is worked out anew; whoever reads an entry checks it. Files
are the user's own (0600, in a folder 0700), written whole or not at all, and the `MOST` of a kind that were last asked for are
kept. `DETENTE_CACHE=off` in the environment: nothing is read or written. Deleting the folder clears it.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from detente.base.atomic import write_atomic
from detente.errors import OutputError

__all__ = ["MOST", "key_of", "recall", "remember"]

MOST = 256
"""Entries of a kind, each of at most `LARGEST` bytes."""
LARGEST = 1 << 24

_VARIABLE = "DETENTE_CACHE"


def key_of(question: Sequence[object]) -> str:
    """A hash of a question and of all that answers it: this package, to the byte of its source, and what it reckons with.

    question : plain data, and what `repr` tells apart.
    """
    told = json.dumps([*_program(), *question], sort_keys=True, default=repr, ensure_ascii=True)
    return hashlib.sha256(told.encode()).hexdigest()


def recall(kind: str, key: str) -> object:
    """The entry of a question; None: there is none that can be read."""
    folder = _folder(kind)
    if folder is None:
        return None
    with contextlib.suppress(OSError, ValueError, RecursionError):
        file = folder / f"{key}.json"
        if file.stat().st_size <= LARGEST:
            found: object = json.loads(file.read_bytes())
            os.utime(file)  # asked for now
            return found
    return None


def remember(kind: str, key: str, entry: object) -> None:
    """Keep an entry, plain data; the ones that nobody has asked for for longest go."""
    folder, text = _folder(kind), json.dumps(entry)
    if folder is None or len(text) > LARGEST:
        return
    with contextlib.suppress(OSError, OutputError):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_atomic(folder / f"{key}.json", text, mode=0o600)
        kept = sorted(folder.glob("*.json"), key=lambda file: file.stat().st_mtime_ns)
        for file in kept[:-MOST]:
            file.unlink()


def _folder(kind: str) -> Path | None:
    if os.environ.get(_VARIABLE, "").strip().lower() == "off":
        return None
    from platformdirs import user_cache_path

    with contextlib.suppress(RuntimeError):  # there is no home
        return user_cache_path("detente", appauthor=False) / kind
    return None


@functools.cache
def _program() -> tuple[str, ...]:
    """The version and the source of this package, and of what it reckons with."""
    root, digest = Path(__file__).resolve().parents[1], hashlib.sha256()
    for file in sorted(p for p in root.rglob("*") if p.suffix in (".py", ".yaml")):
        digest.update(f"{file.relative_to(root).as_posix()}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    made_with = (f"{name} {version(name)}" for name in ("detente", "numpy", "numba", "scipy", "highspy"))
    return (digest.hexdigest(), platform.python_version(), platform.machine(), *made_with)
