"""What can go wrong with a transfer, and how long to go on.

After the k-th try that failed the pause is max(p 2^(k-1), r) seconds, with p as the caller states it and r what the server asks
for (Retry-After, in seconds or as a date). Nothing about it is random. There is no further try where trying again cannot help
(the file is not there, access is refused), after n tries, or where the server asks for more than ten minutes.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from detente.errors import InputError

__all__ = ["Patience", "TransferError", "asked_pause"]

_LONGEST = 600.0


class TransferError(Exception):
    """A try that failed; never seen by the caller of `fetch`.

    reason : in a few words. again : whether another try may help. absent : the server says that there is no such file.
    unreached : no server answered. wait : seconds that the server asks for.
    """

    def __init__(
        self, reason: str, *, again: bool = True, absent: bool = False, unreached: bool = False, wait: float = 0.0
    ) -> None:
        super().__init__(reason)
        self.reason, self.again, self.absent, self.unreached, self.wait = reason, again, absent, unreached, wait


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Patience:
    """How often to try, and how to wait.

    tries : at most so many for a file. pause : seconds before the second, doubled before each further one.
    sleep, now : the clock.
    """

    tries: int
    pause: float
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)
    now: Callable[[], datetime] = field(default=_now, repr=False)

    def __post_init__(self) -> None:
        faults = []
        if self.tries < 1:
            faults.append(f"--tries {self.tries}: wanted at least 1 (5 is usual)")
        if not 0 <= self.pause <= _LONGEST:
            faults.append(f"--pause {self.pause:g}: wanted seconds from 0 to {_LONGEST:g} (2 is usual)")
        if faults:
            raise InputError("\n".join(faults))

    def persist(self, attempt: Callable[[], None], say: Callable[[str], None]) -> None:
        """Try until it succeeds; the last failure is raised. say : told every failure after which there is another try."""
        for k in range(1, self.tries + 1):
            try:
                return attempt()
            except TransferError as trouble:
                if not trouble.again or k == self.tries:
                    raise
                if trouble.wait > _LONGEST:
                    reason = f"{trouble.reason}, and the server asks to wait for {trouble.wait:,.0f} seconds"
                    raise TransferError(reason, again=False) from None
                wait = min(max(self.pause * 2 ** (k - 1), trouble.wait), _LONGEST)
                say(f"{trouble.reason}; try {k + 1} of {self.tries} in {wait:g} s")
                self.sleep(wait)
        raise AssertionError("at least one try")


def asked_pause(value: str | None, now: datetime) -> float:
    """Seconds that a Retry-After asks for; 0 where it says nothing that can be read."""
    if not value:
        return 0.0
    if value.strip().isdecimal():
        return float(value)
    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return 0.0
    return max(0.0, ((when if when.tzinfo else when.replace(tzinfo=UTC)) - now).total_seconds())
