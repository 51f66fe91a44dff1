"""How a commitment stands on a day: everybody's latest reading of it, and what follows from them.

For one item and party, on day D. Of the entries for days up to D, each reader's reading is its latest: the largest as_of, and
among entries for the same day the one made last. Then

    due         as the latest entry that names a date has it; none was set if no entry does
    versions    the readings that place it on the scale, that is all but `disputed`
    state       the one that all readers give; `disputed` where they differ, or where a reader says so
    low, high   the lowest and the highest score among the versions; 0 and 1 where it is said to be disputed and fewer than two
                different versions are on record
    since       of a reading: the first day of the unbroken run of entries with this state by this reader
    overdue     due < D, and by some version it is not full
    late        by some version it is full, and has been so only since a day after it was due

A commitment without a date is never overdue. Nobody's silence is read as anything: an item without an entry is unread, not
`none`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from detente.base.plain import told
from detente.record.commitments.entry import Entry, Key
from detente.record.commitments.scale import DISPUTED, score_of

__all__ = ["Reading", "Standing", "by_commitment", "standing"]

ZERO, ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class Reading:
    """A reader's latest reading. `since`: from which day on it has read it so, without a break. `entry`: as it was entered."""

    reader: str
    state: str
    since: datetime.date
    entry: Entry

    @property
    def score(self) -> Fraction | None:
        """0 to 1; None where it only says that there is a dispute."""
        return score_of(self.state)

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        reader : the latest reading of each reader: whose it is
        state : how far done
        since : since which day the reader has read it so
        file : the file that it was entered from, or `null`
        """
        entry = "evidence=entry.evidence note=entry.note file=entry.file line=entry.line"
        return told(self, f"reader state score as_of=entry.as_of since {entry}")


@dataclass(frozen=True)
class Standing:
    """How one commitment stands on a day. `readings`: everybody's latest, in the order in which readers first spoke.

    first : the day of the first reading on record.
    """

    item: str
    party: str
    as_of: datetime.date
    due: datetime.date | None
    readings: tuple[Reading, ...]
    first: datetime.date

    @property
    def versions(self) -> tuple[Reading, ...]:
        """The readings that place it on the scale."""
        return tuple(r for r in self.readings if r.state != DISPUTED)

    @property
    def state(self) -> str:
        states = {r.state for r in self.readings}
        return states.pop() if len(states) == 1 else DISPUTED

    @property
    def low(self) -> Fraction:
        return ZERO if self.is_open else min(r.score or ZERO for r in self.versions)

    @property
    def high(self) -> Fraction:
        return ONE if self.is_open else max(r.score or ZERO for r in self.versions)

    @property
    def score(self) -> tuple[Fraction, Fraction]:
        return self.low, self.high

    @property
    def is_open(self) -> bool:
        """Whether a dispute is on record and not what about."""
        return len({r.state for r in self.versions}) < 2 and any(r.state == DISPUTED for r in self.readings)

    @property
    def overdue(self) -> bool:
        return self.due is not None and self.due < self.as_of and self.low < 1

    @property
    def late(self) -> bool:
        return self.due is not None and any(r.score == 1 and r.since > self.due for r in self.versions)

    def due_within(self, days: int) -> bool:
        """Whether it is due today or in so many days, and not full by every version."""
        if self.due is None or self.low == 1:
            return False
        return 0 <= (self.due - self.as_of).days <= days


def by_commitment(entries: Iterable[Entry]) -> Mapping[Key, tuple[Entry, ...]]:
    """The entries of each item and party, in the order of their days and, within a day, of when they were made."""
    out: dict[Key, list[Entry]] = {}
    for entry in entries:
        out.setdefault(entry.key, []).append(entry)
    return {key: tuple(sorted(found, key=lambda e: e.as_of)) for key, found in out.items()}


def standing(entries: Sequence[Entry], as_of: datetime.date) -> Standing | None:
    """How a commitment stands on a day, from its entries in the order of `by_commitment`; None if none is known by then."""
    known = [e for e in entries if e.as_of <= as_of]
    if not known:
        return None
    runs: dict[str, Reading] = {}
    latest: dict[str, dict[datetime.date, Entry]] = {}
    for entry in known:  # a correction takes the place of the same reader's entry for the same day
        latest.setdefault(entry.reader, {})[entry.as_of] = entry
    for reader, days in latest.items():
        for day, entry in days.items():
            before = runs.get(reader)
            since = before.since if before is not None and before.state == entry.state else day
            runs[reader] = Reading(reader, entry.state, since, entry)
    dues = [e.due for e in known if e.due is not None]
    return Standing(*known[0].key, as_of, dues[-1] if dues else None, tuple(runs.values()), known[0].as_of)
