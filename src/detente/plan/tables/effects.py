"""The effects of measures on the rows (module `worth`) of one set of values, written out over all waits, party by party."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.case.instance import Instance
from detente.plan.tables.layout import layout
from detente.plan.tables.worth import Figures, begun_worth, constants, worth

__all__ = ["Effects", "Table"]

Table = NDArray[np.float64]
"""Of shape (M, A + T): measure by wait -A .. T-1. What acts taken alone add: of shape (Z, T + 1, 1 + depth), by act, phase and
wait 0 .. depth (depth: or later, or never)."""


class Effects:
    """The tables of an instance, over all waits, with the constants that no measure changes.

    continuation[i], stepping_out[i], deviation[i, L], exposure[i, j, M], doubt[i, j, M, L], seen[i, j]; constant_out[i] etc.
    are the parts that come from the drift and the breakdown loss, begun_out[i] etc. what acts taken alone add. starters : of
    shape (Z,), which these are. figures[i] : which figures there are; deviations longer than `longest` are for doubt alone.
    """

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.longest = max((m.lag for m in instance.measures), default=1)
        self.wait = np.arange(-self.longest, instance.phases)
        self.figures: dict[str, Figures] = {}
        self.continuation: dict[str, Table] = {}
        self.stepping_out: dict[str, Table] = {}
        self.deviation: dict[tuple[str, int], Table] = {}
        self.exposure: dict[tuple[str, str, int], Table] = {}
        self.doubt: dict[tuple[str, str, int, int], Table] = {}
        self.seen: dict[tuple[str, str], Table] = {}
        self.constant_out: dict[str, float] = {}
        self.constant_deviation: dict[tuple[str, int], float] = {}
        self.constant_exposure: dict[tuple[str, str, int], float] = {}
        self.constant_doubt: dict[tuple[str, str, int, int], float] = {}
        self.begun_out: dict[str, Table] = {}
        self.begun_deviation: dict[tuple[str, int], Table] = {}
        self.begun_exposure: dict[tuple[str, str, int], Table] = {}
        self.begun_doubt: dict[tuple[str, str, int, int], Table] = {}
        self.starters = np.zeros(0, dtype=np.int64)
        for party in instance.party:
            self._add(party)

    def index(self, entry: Any, phase: Any) -> Any:
        """The place in a table's second axis for entry phases (-1: in force from the start) seen from phases 0 .. T."""
        return np.maximum(np.asarray(entry) - phase, -self.longest) + self.longest

    def total(self, table: Table, entry: Mapping[str, int | None], phase: int, begun: Table | None = None) -> float:
        """The sum of a table over the measures of a roadmap, seen from a phase, and of what acts taken alone add to it."""
        entered = [entry[m.id] for m in self.instance.measures]
        out = float(sum(table[n, self.index(e, phase)] for n, e in enumerate(entered) if e is not None))
        for z, n in enumerate(self.starters if begun is not None else ()):
            e, latest = entered[n], begun.shape[2] - 1  # type: ignore[union-attr]
            if e is None or e >= phase:
                out += begun[z, phase, latest if e is None else min(e - phase, latest)]  # type: ignore[index]
        return out

    def _add(self, party: str) -> None:
        a = layout(self.instance, party, ())
        d, f, others = a.discount, a.figures, [j for j in self.instance.acting if j != party]
        depth = f.depth + a.work
        few = a.effects[:, np.clip(self.wait, -1, depth - 1) + 1] * (self.wait < depth)[:, None]
        fixed = np.empty(f.size)
        constants(a.stalemate / (1 - d) - a.breakdown, d, f, fixed)
        self.starters, self.figures[party] = a.starters.place, f
        ahead = begun_worth(a.value[self.starters], a.once[self.starters], a.early[self.starters], d)
        begun = a.starters.begun * ahead[:, None, None, None]
        before = self.wait < 0
        late = np.maximum(self.wait, 0)
        self.continuation[party] = np.outer(a.value / (1 - d), d**late) + np.outer(a.once, d**late * ~before)
        for m in np.flatnonzero((a.early > 0) & (np.minimum(a.value, a.once) < 0)):
            v, k = a.value[m], a.once[m]
            self.continuation[party][m] = [
                worth(v, k, v / (1 - d), d, w, max(w, 0) + 1, a.early[m]) for w in self.wait.tolist()
            ]
        self.stepping_out[party], self.constant_out[party], self.begun_out[party] = few[:, :, 0], fixed[0], begun[..., 0]
        for n in range(1, f.deviations + 1):
            key = party, n
            self.deviation[key], self.constant_deviation[key], self.begun_deviation[key] = few[:, :, n], fixed[n], begun[..., n]
        pairs = [(party, others[j], int(lag)) for j, lag in zip(f.toward, f.length, strict=True)]
        for x, pair in enumerate(pairs, 1 + f.deviations):
            self.exposure[pair], self.constant_exposure[pair], self.begun_exposure[pair] = few[:, :, x], fixed[x], begun[..., x]
        for y, (n, found) in enumerate(zip(f.doubted, f.found, strict=True), 1 + f.deviations + len(pairs)):
            both = (*pairs[n], int(found))
            self.doubt[both], self.constant_doubt[both], self.begun_doubt[both] = few[:, :, y], fixed[y], begun[..., y]
        log_signal = np.log([1.0 if m.in_force else float(m.signal) for m in self.instance.measures])
        for n, j in enumerate(others):
            self.seen[party, j] = np.where(a.theirs[n], log_signal, 0.0)[:, None] * (self.wait <= -a.lag[:, None])
