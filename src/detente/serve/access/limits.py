"""How often somebody may try to log in.

A password that is wrong counts against the name and against the address it came from. After `TRIES` wrong ones for a name, or
`TRIES_FROM` from an address, within `WINDOW` seconds, no more are looked at until the oldest of them is that long ago. Nothing
is kept over a restart: to guess a password of twelve characters takes more than that.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

__all__ = ["TRIES", "TRIES_FROM", "WINDOW", "Tries"]

TRIES, TRIES_FROM, WINDOW = 5, 30, 300.0
_MOST = 10_000  # names and addresses that are remembered; the oldest are forgotten first


class Tries:
    """Wrong passwords of late. clock : seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._late: dict[str, deque[float]] = {}

    def wait(self, name: str, address: str) -> float:
        """Seconds until this name may be tried from this address again; 0: now."""
        with self._lock:
            return max(self._left(f"name {name}", TRIES), self._left(f"from {address}", TRIES_FROM))

    def failed(self, name: str, address: str) -> None:
        """Count a wrong password."""
        with self._lock:
            for key in (f"name {name}", f"from {address}"):
                late = self._late.pop(key, None) or deque(maxlen=TRIES_FROM)
                late.append(self._clock())
                self._late[key] = late
            while len(self._late) > _MOST:
                del self._late[next(iter(self._late))]

    def _left(self, key: str, most: int) -> float:
        late = self._late.get(key, ())
        return max(0.0, late[-most] + WINDOW - self._clock()) if len(late) >= most else 0.0
