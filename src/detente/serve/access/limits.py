"""How often somebody may try to log in.

A try counts when it begins, so that many at once are counted too; one that succeeds is forgiven. Within `WINDOW` seconds there
are at most so many: of a name from one address, from one address whatever the names, and of a name from anywhere. The last is
wide, so that a stranger who tries a name does not lock out whoever has it. Nothing is kept over a restart.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

__all__ = ["WINDOW", "Tries"]

WINDOW = 300.0
OF_A_NAME_FROM, FROM, OF_A_NAME = 5, 30, 50
_MOST = 30_000  # keys that are remembered; the oldest are forgotten first


class Tries:
    """Tries of late. clock : seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._late: dict[tuple[str, ...], deque[float]] = {}

    def begin(self, name: str, address: str) -> float:
        """Count a try, if there may be one: 0; else the seconds until there may be."""
        limits = _limits(name, address)
        with self._lock:
            wait = max(self._left(key, most) for key, most in limits.items())
            if not wait:
                for key in limits:
                    late = self._late.pop(key) if key in self._late else deque(maxlen=OF_A_NAME)
                    late.append(self._clock())
                    self._late[key] = late
                while len(self._late) > _MOST:
                    del self._late[next(iter(self._late))]
            return wait

    def forgive(self, name: str, address: str) -> None:
        """A try that succeeded: it counts no more, nor do the others of this name from there."""
        with self._lock:
            for key in _limits(name, address):
                late = self._late.get(key)
                if late:
                    late.pop()
            self._late.pop((name, address), None)

    def _left(self, key: tuple[str, ...], most: int) -> float:
        late = self._late.get(key, ())
        return max(0.0, late[-most] + WINDOW - self._clock()) if len(late) >= most else 0.0


def _limits(name: str, address: str) -> dict[tuple[str, ...], int]:
    return {(name, address): OF_A_NAME_FROM, ("from", address, ""): FROM, ("of", name, "", ""): OF_A_NAME}
