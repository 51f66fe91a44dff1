"""What is reckoned once for all tests, and for all workers that run them: results are frozen, so that all may have the same.

A test of sameness must not ask for what is kept: it would be handed the first answer twice. It calls what lies below, or
``function.__wrapped__``.
"""

from __future__ import annotations

import functools
import hashlib
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

from filelock import FileLock

__all__ = ["kept", "share"]

P = ParamSpec("P")
T = TypeVar("T")

_folder: Path | None = None


def share(folder: Path) -> None:
    """Name the folder through which the workers of one run share; a run of a single process needs none."""
    global _folder
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder.mkdir(exist_ok=True)
        _folder = folder


def kept(function: Callable[P, T]) -> Callable[P, T]:
    """Call a function once for each set of arguments, which `repr` must tell apart; a decorator."""
    answers: dict[str, T] = {}

    @functools.wraps(function)
    def answer(*given: P.args, **named: P.kwargs) -> T:
        asked = f"{function.__module__}.{function.__qualname__} {given!r} {sorted(named.items())!r}"
        if asked not in answers:
            made = functools.partial(function, *given, **named)
            answers[asked] = _by_one_worker(hashlib.sha256(asked.encode()).hexdigest(), made) if _folder else made()
        return answers[asked]

    return answer


def _by_one_worker(key: str, make: Callable[[], T]) -> T:
    """The answer of whichever worker asks first; the others wait for it."""
    assert _folder
    file = _folder / f"{key}.pickle"
    with FileLock(_folder / f"{key}.lock"):
        if file.exists():
            found: T = pickle.loads(file.read_bytes())
            return found
        found = make()
        file.write_bytes(pickle.dumps(found))
        return found
