"""When the relation of two countries changed: shifts in its cooperation, its conflict, and the difference of the two.

The series are counts of events, or sums of their intensities, by `acts.counts`, both directions together; how a shift is
found, and how often noise alone would make one, stands in `segment`. The first and the last period may be incomplete; they
count like the others.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from detente.base.plain import told
from detente.errors import RecordError
from detente.record.relation.acts import Counts, between, counts
from detente.record.relation.segment import SHORTEST, shifts
from detente.record.workspace import Workspace

__all__ = ["LEAST", "Change", "Changed", "Changes", "changes", "changes_in"]

LEAST = 4 * SHORTEST
WHAT = ("events", "weight")
SERIES = ("cooperation", "conflict", "difference")


@dataclass(frozen=True)
class Change:
    """A shift from the period `date` on: the mean per period before and after, between the neighbouring shifts.

    higher : the probability that a period after it lies above one before it. p : how often chance makes as much of it.
    """

    date: datetime.date
    before: float
    after: float
    higher: float
    p: float

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        before : the mean before, since the last shift
        after : the mean after, until the next
        """
        return told(self, digits=4)


@dataclass(frozen=True)
class Changed:
    """A series and its shifts. `series`: cooperation, conflict or difference; `values` by period."""

    series: str
    values: tuple[float, ...]
    penalty: float
    changes: tuple[Change, ...]

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        series : `cooperation`, `conflict` or `difference`
        penalty : the penalty for a shift, in squared ranks
        """
        return told(self, "series penalty changes", digits=4)


@dataclass(frozen=True)
class Changes:
    """The shifts in the relation of two countries, and what was asked for."""

    a: str
    b: str
    by: str
    what: str
    alpha: float
    seed: int
    scale: str | None
    periods: tuple[datetime.date, ...]
    series: tuple[Changed, ...]

    def __bool__(self) -> bool:
        return any(s.changes for s in self.series)

    def of(self, series: str) -> Changed:
        return next(s for s in self.series if s.series == series)

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        by : the period
        what : `events` or `weight`
        periods : how many
        scale : the scale of the intensities; `null` for counts
        alpha : how often a series without shifts may be split
        """
        first, last = self.periods[0].isoformat(), self.periods[-1].isoformat()
        span = {"periods": len(self.periods), "from": first, "to": last}
        return {**told(self, "a b by what"), **span, **told(self, "scale alpha seed series")}


def changes(
    workspace: Workspace,
    a: str,
    b: str,
    *,
    by: str = "month",
    what: str = "events",
    alpha: float = 0.05,
    seed: int = 0,
    formats: Sequence[str] = (),
) -> Changes:
    """When the relation of two countries, ISO 3166-1 alpha-3 or names, changed.

    Parameters
    ----------
    by : day, week or month.
    what : "events", how many there are, or "weight", the sum of their intensities.
    alpha : how often a series without any shift may be given one, 0 < alpha < 1.
    seed : of the random orders that set the penalty.
    formats : only events of these; empty: of all.

    Raises
    ------
    RecordError
        If the record has no events between the two, or too few periods.
    """
    if not 0 < alpha < 1:
        raise RecordError(f"alpha: got {alpha:g}, wanted a share between 0 and 1 (0.05 is usual)")
    if what not in WHAT:
        raise RecordError(f"what: got {what!r}, wanted {' or '.join(WHAT)}")
    with between(workspace, a, b, formats) as (connection, a, b):
        there, back = counts(connection, a, b, by)
    if len(there.periods) < LEAST:
        message = f"{workspace.path}: has {len(there.periods)} {by}s between {a} and {b}, wanted at least {LEAST}"
        raise RecordError(f"{message} (take shorter periods with --period, or import more)", source=str(workspace.path))
    return changes_in(there, back, a, b, by=by, what=what, alpha=alpha, seed=seed)


def changes_in(there: Counts, back: Counts, a: str, b: str, *, by: str, what: str, alpha: float, seed: int) -> Changes:
    """The same from sums at hand, of at least LEAST periods."""
    cooperation, conflict = ([float(x + y) for x, y in zip(*ways, strict=True)] for ways in _ways(there, back, what))
    difference = [x - y for x, y in zip(cooperation, conflict, strict=True)]
    found = []
    for name, values in zip(SERIES, (cooperation, conflict, difference), strict=True):
        cuts, penalty = shifts(values, alpha=alpha, seed=seed)
        at = tuple(Change(there.periods[s.at], s.before, s.after, s.higher, s.p) for s in cuts)
        found.append(Changed(name, tuple(values), penalty, at))
    return Changes(a, b, by, what, alpha, seed, there.scale if what == "weight" else None, there.periods, tuple(found))


def _ways(there: Counts, back: Counts, what: str) -> tuple[tuple[Sequence[float], Sequence[float]], ...]:
    """Cooperation, then conflict: what the two directions hold of it."""
    if what == "events":
        return (there.cooperative, back.cooperative), (there.hostile, back.hostile)
    return (there.cooperation, back.cooperation), (there.conflict, back.conflict)
