"""What a command is at, step by step, told by whoever takes the step to whoever watches. Mostly nobody does.

with watching(print):
    step("searching in plays")
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

__all__ = ["step", "watching"]

_watchers: list[Callable[[str], None]] = []


def step(what: str) -> None:
    """Something begins that may take a while. what : in words, without a full stop."""
    for tell in _watchers:
        tell(what)


@contextlib.contextmanager
def watching(tell: Callable[[str], None]) -> Iterator[None]:
    """Be told of every step that is taken in here."""
    _watchers.append(tell)
    try:
        yield
    finally:
        _watchers.remove(tell)
