"""What can go wrong with a transfer, and how long to go on.

After the k-th try that failed the pause is max(p 2^(k-1), r) seconds, with p as the caller states it and r what the server asks
for (Retry-After, in seconds or as a date). Nothing about it is random. There is no further try where trying again cannot help
(the file is not there, access is refused), after n tries, or where the server asks for more than ten minutes.

Two deadlines hold whatever a server does: one for each file or list, with all its tries and pauses, and one for all of them
together. A server that gives a byte a second is never silent; it ends here.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from detente.base.bounds import LIMITS, limit
from detente.errors import InputError, printable

__all__ = ["Deadline", "Patience", "TransferError", "asked_pause", "beyond"]

_LONGEST = 600.0
_MOST_SECONDS = 10_000_000.0
_MOST_TEXT = 300


class TransferError(Exception):
    """A try that failed; never seen by the caller of `fetch`.

    reason : in a few words, on one line and safe to print, whatever of it a server wrote. again : whether another try may help.
    absent : the server says that there is no such file. unreached : no server answered, or not in time. wait : seconds that
    the server asks for.
    """

    def __init__(
        self, reason: str, *, again: bool = True, absent: bool = False, unreached: bool = False, wait: float = 0.0
    ) -> None:
        self.reason = printable(" ".join(reason.split()))
        if len(self.reason) > _MOST_TEXT:
            self.reason = f"{self.reason[:_MOST_TEXT]} ..."
        super().__init__(self.reason)
        self.again, self.absent, self.unreached, self.wait = again, absent, unreached, wait


def beyond(name: str) -> TransferError:
    """What goes beyond a bound of `base.bounds`."""
    hint = f"if you trust it, raise the limit: DETENTE_LIMITS={name}=NUMBER"
    return TransferError(f"more than {limit(name):,} {LIMITS[name][1]} ({hint})", again=False)


@dataclass(frozen=True)
class Deadline:
    """Until when something may take. at : on the clock. reason : what is said once it is over."""

    at: float
    reason: str
    clock: Callable[[], float] = field(repr=False)

    def left(self) -> float:
        """Seconds until then.

        Raises
        ------
        TransferError
            If there are none.
        """
        seconds = self.at - self.clock()
        if seconds <= 0:
            raise self.over()
        return seconds

    def over(self) -> TransferError:
        """That it is over."""
        return TransferError(self.reason, again=False, unreached=True)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Patience:
    """How often to try, and how long to wait.

    tries : at most so many for a file. pause : seconds before the second, doubled before each further one.
    sleep, now, clock : the time. file_limit : seconds for a file or list with all its tries. time_limit : for all of them.
    """

    tries: int
    pause: float
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)
    now: Callable[[], datetime] = field(default=_now, repr=False)
    file_limit: float = 1_800.0
    time_limit: float = 86_400.0
    clock: Callable[[], float] = field(default=time.monotonic, repr=False)

    def __post_init__(self) -> None:
        faults = []
        if self.tries < 1:
            faults.append(f"--tries {self.tries}: wanted at least 1 (5 is usual)")
        if not 0 <= self.pause <= _LONGEST:
            faults.append(f"--pause {self.pause:g}: wanted seconds from 0 to {_LONGEST:g} (2 is usual)")
        for option, given, usual in (("file-limit", self.file_limit, 1_800), ("time-limit", self.time_limit, 86_400)):
            if not 0 < given <= _MOST_SECONDS:
                faults.append(f"--{option} {given:g}: wanted seconds above 0, at most {_MOST_SECONDS:,.0f} ({usual} is usual)")
        if faults:
            raise InputError("\n".join(faults))

    def for_all(self) -> Deadline:
        """The deadline for all files and lists, from now on."""
        reason = f"the {self.time_limit:,g} seconds for all files together are over (--time-limit)"
        return Deadline(self.clock() + self.time_limit, reason, self.clock)

    def for_one(self, whole: Deadline) -> Deadline:
        """The deadline for one of them, from now on, never after that for all."""
        at = self.clock() + self.file_limit
        reason = f"it was not here after {self.file_limit:,g} seconds (--file-limit)"
        return whole if whole.at <= at else Deadline(at, reason, self.clock)

    def persist(self, attempt: Callable[[], None], say: Callable[[str], None], deadline: Deadline) -> None:
        """Try until it succeeds; the last failure is raised. say : told every failure after which there is another try."""
        for k in range(1, self.tries + 1):
            try:
                deadline.left()
                return attempt()
            except TransferError as trouble:
                if not trouble.again or k == self.tries:
                    raise
                if trouble.wait > _LONGEST:
                    reason = f"{trouble.reason}, and the server asks to wait for {trouble.wait:,.0f} seconds"
                    raise TransferError(reason, again=False) from None
                wait = min(max(self.pause * 2 ** (k - 1), trouble.wait), _LONGEST)
                if wait >= deadline.left():
                    raise TransferError(f"{trouble.reason}; {deadline.reason}", again=False, unreached=True) from None
                say(f"{trouble.reason}; try {k + 1} of {self.tries} in {wait:g} s")
                self.sleep(wait)
        raise AssertionError("at least one try")


def asked_pause(value: str | None, now: datetime) -> float:
    """Seconds that a Retry-After asks for; 0 where it says nothing that can be read."""
    told = (value or "").strip()[:100]
    if re.fullmatch(r"[0-9]{1,18}", told):
        return float(told)
    try:
        when = parsedate_to_datetime(told)
    except (ValueError, TypeError, IndexError, OverflowError):
        return 0.0
    return max(0.0, ((when if when.tzinfo else when.replace(tzinfo=UTC)) - now).total_seconds())
