"""What was worked out before on this machine, in the cache folder of its user: a folder for each kind of entry, and in it one
file for each question, named by a hash of the whole question.

Nothing depends on it. What is damaged, gone or cannot be written is worked out anew; whoever reads an entry checks it. Files
are the user's own (0600, in a folder 0700), written whole or not at all, and the `MOST` of a kind that were last asked for are
kept. `DETENTE_CACHE=off` in the environment: nothing is read or written. Deleting the folder clears it.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import hashlib
import json
import os
import platform
import zlib
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.base.atomic import write_atomic
from detente.errors import OutputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["MOST", "arrays_once", "key_of", "recall", "remember"]

MOST = 256
"""Entries of a kind, each of at most `LARGEST` bytes."""
LARGEST = 1 << 24

_VARIABLE = "DETENTE_CACHE"
Arrays = dict[str, "NDArray[Any]"]


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


def arrays_once(kind: str, key: str | None, like: Callable[[], Arrays], work: Callable[[], Arrays]) -> Arrays:
    """The arrays that answer a question, by `work` or as they came out of that before.

    key : of the question; None: nothing is kept. like : arrays of the same names, types and shapes. An entry that has not
    these, or whose hash does not fit, is worked out anew.
    """
    if key is None:
        return work()
    entry = recall(kind, key)
    known = None if entry is None else _unpacked(entry, like())
    if known is not None:
        return known
    found = work()
    packed = {name: base64.b64encode(zlib.compress(x.tobytes(), 1)).decode() for name, x in found.items()}
    remember(kind, key, {"arrays": packed, "hash": _hash(packed)})
    return found


def _hash(packed: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(packed, sort_keys=True).encode()).hexdigest()


def _unpacked(entry: Any, form: Arrays) -> Arrays | None:
    """The arrays of an entry; None: they are not those that were packed, or not of this form."""
    import numpy as np

    out = Arrays()
    try:
        if entry["hash"] != _hash(entry["arrays"]) or set(entry["arrays"]) != set(form):
            return None
        for name, x in form.items():  # no further than one byte beyond what it should be, which no shape takes
            raw = zlib.decompressobj().decompress(base64.b64decode(entry["arrays"][name]), x.nbytes + 1)
            out[name] = np.frombuffer(raw, dtype=x.dtype).reshape(x.shape).copy()
    except (KeyError, TypeError, ValueError, zlib.error):
        return None
    return out


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
