"""The effects of measures on the rows (module `worth`) of one set of values, written out over all waits, party by party."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.case.instance import Instance
from detente.plan.tables.layout import layout
from detente.plan.tables.worth import constants

__all__ = ["Effects", "Table"]

Table = NDArray[np.float64]
"""Of shape (M, A + T): measure by wait -A .. T-1."""


class Effects:
    """The tables of an instance, over all waits, with the constants that no measure changes.

    continuation[i], stepping_out[i], deviation[i, L], exposure[i, j, L], seen[i, j]; constant_out[i] etc. are the parts that
    come from the breakdown loss.
    """

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.longest = max((m.lag for m in instance.measures), default=1)
        self.wait = np.arange(-self.longest, instance.phases)
        self.continuation: dict[str, Table] = {}
        self.stepping_out: dict[str, Table] = {}
        self.deviation: dict[tuple[str, int], Table] = {}
        self.exposure: dict[tuple[str, str, int], Table] = {}
        self.seen: dict[tuple[str, str], Table] = {}
        self.constant_out: dict[str, float] = {}
        self.constant_deviation: dict[tuple[str, int], float] = {}
        self.constant_exposure: dict[tuple[str, str, int], float] = {}
        for party in instance.party:
            self._add(party)

    def index(self, entry: Any, phase: Any) -> Any:
        """The place in a table's second axis for entry phases (-1: in force from the start) seen from phases 0 .. T."""
        return np.maximum(np.asarray(entry) - phase, -self.longest) + self.longest

    def total(self, table: Table, entry: Mapping[str, int | None], phase: int) -> float:
        """The sum of a table over the measures of a roadmap, seen from a phase."""
        entered = [(n, entry[m.id]) for n, m in enumerate(self.instance.measures)]
        return float(sum(table[n, self.index(e, phase)] for n, e in entered if e is not None))

    def _add(self, party: str) -> None:
        a = layout(self.instance, party, ())
        d, others = a.discount, [j for j in self.instance.acting if j != party]
        depth = a.figures.depth
        few = a.effects[:, np.clip(self.wait, -1, depth - 1) + 1] * (self.wait < depth)[:, None]
        fixed = np.empty(a.figures.size)
        constants(a.breakdown, d, a.figures, fixed)
        before = self.wait < 0
        late = np.maximum(self.wait, 0)
        self.continuation[party] = np.outer(a.value / (1 - d), d**late) + np.outer(a.once, d**late * ~before)
        self.stepping_out[party], self.constant_out[party] = few[:, :, 0], fixed[0]
        for length in range(1, a.figures.longest + 1):
            self.deviation[party, length], self.constant_deviation[party, length] = few[:, :, length], fixed[length]
        for x, (n, length) in enumerate(zip(a.figures.toward, a.figures.length, strict=True), 1 + a.figures.longest):
            key = (party, others[n], int(length))
            self.exposure[key], self.constant_exposure[key] = few[:, :, x], fixed[x]
        log_signal = np.log([1.0 if m.in_force else float(m.signal) for m in self.instance.measures])
        for n, j in enumerate(others):
            self.seen[party, j] = np.where(a.theirs[n], log_signal, 0.0)[:, None] * (self.wait <= -a.lag[:, None])
