"""Issues as flat arrays: one entry an actor and issue, sorted by issue.

Conventions
-----------
Positions are in hundredths of the issue's range: 0 at its low end, 100 at its high end (an issue whose ends are equal has all
of its actors at 0). An actor's capability is that of the whole actor on the issue, the sum over its parts (`name/1`, `name/2`);
`share` is the part's share of it, 1 for an actor without parts. A salience that is not known is the mean of the issue's known
ones, each actor counting once; where none is known all count alike, at half the scale. Saliences are in hundredths of their
scale.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from detente.positions.table import Issue

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

__all__ = ["Panel", "panel", "sums_by"]

DIGITS = 9  # of a position: a change of unit must not tear equal positions apart


@dataclass(frozen=True)
class Panel:
    """M issues with N entries.

    low, width : ndarray(float, ndim=1) of shape (M,): an issue's low end, and the length of its range
    outcome : (M,), in hundredths of the range; NaN where it is not known
    proposal, group : ndarray(int, ndim=1) of shape (M,)
    start : (M,): where each issue's entries begin
    issue, actor : (N,): numbers of the issue and of the whole actor
    x, s, c, share : (N,): position, salience, capability, share
    unknown : (N,): whether the salience was filled in
    names, groups : of the whole actors and the groups, by number
    others : the remaining columns of each entry
    """

    low: Floats
    width: Floats
    outcome: Floats
    proposal: Ints
    group: Ints
    start: Ints
    issue: Ints
    actor: Ints
    x: Floats
    s: Floats
    c: Floats
    share: Floats
    unknown: NDArray[np.bool_]
    names: tuple[str, ...]
    groups: tuple[str, ...]
    others: tuple[Mapping[str, str], ...]

    @property
    def count(self) -> int:
        """M."""
        return len(self.low)

    def sums(self, values: Floats) -> Floats:
        """The sum over each issue's entries."""
        return sums_by(self.issue, values, self.count)

    def tops(self, values: Floats) -> Floats:
        """The largest over each issue's entries."""
        return np.maximum.reduceat(values, self.start)

    def bottoms(self, values: Floats) -> Floats:
        """The smallest over each issue's entries."""
        return np.minimum.reduceat(values, self.start)


def panel(issues: Sequence[Issue], *, salience_max: float = 100.0) -> Panel:
    """The arrays of some issues, in their order."""
    rows = [row for issue in issues for row in issue.rows]
    counts = np.array([len(issue.rows) for issue in issues], dtype=np.int64)
    of = np.repeat(np.arange(len(issues)), counts)
    low = np.array([i.low for i in issues], dtype=float)
    width = np.array([i.high - i.low for i in issues], dtype=float)
    scale = np.where(width > 0, width, 1.0)
    outcome = np.array([np.nan if i.outcome is None else i.outcome for i in issues], dtype=float)
    actor, names = _numbered([row.whole for row in rows])
    group, groups = _numbered([i.group for i in issues])
    proposal, _ = _numbered([i.proposal for i in issues])
    own = np.array([row.capability for row in rows], dtype=float)
    _, pair = np.unique(of * max(len(names), 1) + actor, return_inverse=True)
    whole, parts = sums_by(pair, own)[pair], np.bincount(pair)[pair]
    share = np.asarray(np.where(whole > 0, own / np.where(whole > 0, whole, 1.0), 1.0 / parts), dtype=float)
    given = np.array([np.nan if row.salience is None else row.salience for row in rows], dtype=float) * 100.0 / salience_max
    unknown = np.isnan(given)
    known = sums_by(of, np.where(unknown, 0.0, share), len(issues))
    total = sums_by(of, np.where(unknown, 0.0, share * np.nan_to_num(given)), len(issues))
    mean = np.where(known > 0, total / np.where(known > 0, known, 1.0), 50.0)
    x = np.array([row.position for row in rows], dtype=float)
    return Panel(
        low,
        width,
        np.round(100.0 * (outcome - low) / scale, DIGITS),
        proposal,
        group,
        np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64),
        of,
        actor,
        np.round(100.0 * (x - low[of]) / scale[of], DIGITS),
        np.where(unknown, mean[of], given),
        whole,
        share,
        unknown,
        names,
        groups,
        tuple(row.other for row in rows),
    )


def sums_by(of: Ints, values: Floats, count: int = 0) -> Floats:
    """The sum of the values of each number."""
    return np.asarray(np.bincount(of, weights=values, minlength=count), dtype=float)


def _numbered(names: Sequence[str]) -> tuple[Ints, tuple[str, ...]]:
    known: dict[str, int] = {}
    numbers = np.array([known.setdefault(name, len(known)) for name in names], dtype=np.int64)
    return numbers, tuple(known)
