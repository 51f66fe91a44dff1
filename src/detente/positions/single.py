"""One issue again and again, with some of its inputs changed: what `influence` and `noise` have in common.

Every change is a row of V: positions, saliences and capabilities of the issue's n entries, and who abstains. Weights change as
`weights` says: a, b and t with the entry's own values, rel with its S here (the actor's other issues stay as they are); los
comes from other issues and stays. Without a profile the weights are capability times salience, and the answer the weighted
mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from detente.positions.mixture import GRID, distribution
from detente.positions.panel import Panel
from detente.positions.profile import PositionsProfile
from detente.positions.scores import median
from detente.positions.weights import FLOOR, Features, log_weights, normalised

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from detente.positions.panel import Floats

__all__ = ["Answers", "Single"]


@dataclass(frozen=True)
class Answers:
    """For each row of changes, in hundredths of the range, each of shape (V,); median and mean None without a profile."""

    median: Floats | None
    mean: Floats | None
    weighted_mean: Floats

    @property
    def main(self) -> Floats:
        """The median; without a profile the weighted mean."""
        return self.weighted_mean if self.median is None else self.median


class Single:
    """An issue of a panel, ready to be asked again. x, s, c : ndarray(float, ndim=1) of shape (n,): as it stands."""

    def __init__(self, panel: Panel, number: int, found: Features, profile: PositionsProfile | None) -> None:
        at = panel.issue == number
        self.x, self.s, self.c, self.share = panel.x[at], panel.s[at], panel.c[at], panel.share[at]
        self.profile = profile
        self._usual, self._held = found.usual[at], found.held[at]
        self._logs = None if profile is None else log_weights(panel, found, profile)[at]

    @property
    def size(self) -> int:
        """n."""
        return len(self.x)

    def ask(self, x: Floats, s: Floats, c: Floats, absent: NDArray[np.bool_] | None = None) -> Answers:
        """The answers under changes of shape (V, n); in `absent`, True for who abstains."""
        V, n = x.shape
        here = np.ones((V, n), dtype=bool) if absent is None else ~absent
        plain = np.where(here, c * self.share * s, 0.0)
        nobody = plain.sum(axis=1, keepdims=True) <= 0
        plain = np.where(nobody, np.where(here, c * self.share, 0.0), plain)
        total = plain.sum(axis=1)
        mean = np.where(total > 0, (plain * x).sum(axis=1) / np.where(total > 0, total, 1.0), np.nan)
        if self.profile is None or self._logs is None:
            return Answers(None, None, mean)
        of = _flat(x, here)
        w = normalised(of, self._weights(s, c, here)[here])
        P = distribution(of, w, self.profile)
        return Answers(median(GRID, P), P @ GRID, mean)

    def _weights(self, s: Floats, c: Floats, here: NDArray[np.bool_]) -> Floats:
        """log w under the changes, from log w as it stands."""
        assert self.profile is not None
        assert self._logs is not None
        theta = self.profile.weights
        before, after = np.maximum(self.s, FLOOR), np.maximum(s, FLOOR)
        grown = np.log(after / before)
        richer = np.log(np.where(c > 0, c, 1.0) / np.where(self.c > 0, self.c, 1.0))
        mean_S = self._usual + self.share * (after - before) / self._held
        relative = np.where(np.isnan(self._usual), 0.0, grown - np.log(mean_S / self._usual))
        was_top = self.s >= self.s.max() - 1e-9
        is_top = s >= np.where(here, s, -np.inf).max(axis=1, keepdims=True) - 1e-9
        logs: Floats = (
            self._logs
            + theta["capability"] * richer
            + theta["salience"] * grown
            + theta["relative"] * relative
            + theta["top"] * (is_top.astype(float) - was_top)
        )
        return logs


def _flat(x: Floats, here: NDArray[np.bool_]) -> Panel:
    """The changed issues as a panel, those who abstain left out."""
    V = len(x)
    counts = here.sum(axis=1)
    of = np.repeat(np.arange(V), counts)
    ones = np.ones(len(of))
    zeros = np.zeros(V, dtype=np.int64)
    start = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64)
    unknown = np.zeros(len(of), dtype=bool)
    nan = np.full(V, np.nan)
    return Panel(nan, nan, nan, zeros, zeros, start, of, of, x[here], ones, ones, ones, unknown, ("",), ("",), ())
