"""Walks of a case: `Climber(instance).walk(roadmap, factor)`.

A walk starts anywhere, mends what does not hold and climbs from there (module `kernel`). It is no search for the best: it ends
where no single move helps. But it is quick, it needs no relaxation, and it works where trust is so scarce that the search with
whole numbers finds nothing. Its work is limited by steps, not by the clock: the same start gives the same end on any machine.
All walks of a climber together have a budget of work, counted in row entries: moves tried times series times phases.

Speed. For `objective="speed"` a roadmap is worth the number of new measures in force, on average over the T phases: a measure
that enters in phase e adds (T - e) / T, a slice of a divisible one its share of that.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from detente.case.instance import Instance
from detente.plan.roadmap import Roadmap
from detente.plan.tables.party_rows import entries
from detente.plan.tables.tables import Floats, roadmap_of, tables
from detente.plan.walk.kernel import MIN, NASH, SPEED, SUM, walk

__all__ = ["Climber", "Walk", "speed"]

_KINDS = {"nash": NASH, "sum": SUM, "min": MIN, "speed": SPEED}
_STEPS, _BUMPS = 25, 8
_MARGIN = -1e-9  # of a party's largest value: a row that exact arithmetic calls binding may seem broken by so much


@dataclass(frozen=True)
class Walk:
    """Where a walk ended. holds: as far as floating point can tell; short: by how much rows fall short; steps: its length."""

    roadmap: Roadmap
    holds: bool
    short: float
    steps: int


class Climber:
    """An instance, laid out for walks.

    objective : "nash", "sum", "min" (module `plan.search.objective`) or "speed".
    red_lines : keep these rows, too.
    budget : of work; when it is spent, walks end where they begin.
    """

    def __init__(
        self, instance: Instance, objective: str = "nash", *, red_lines: bool = True, budget: float = math.inf
    ) -> None:
        self.instance = instance
        self.left = budget
        self.kind = _KINDS[objective]
        self._tables = tables(instance, red_lines=red_lines)
        self._pace = _pace(instance)
        self._round = max(1.0, float((len(instance.measures) + 2) * (instance.phases + 1) * self._tables.fixed.size))

    def walk(
        self,
        start: Roadmap,
        factor: float = 1.0,
        *,
        weigh: float = 1.0,
        steps: int = _STEPS,
        bumps: int = _BUMPS,
        leaving: bool = False,
        margin: float = _MARGIN,
    ) -> Walk:
        """Mend and climb from a roadmap of this case.

        Parameters
        ----------
        factor : of all odds.
        weigh : what worth counts against shortfall while rows are mended.
        steps : how often to go through the measures. bumps : how often rows that no move mends are given more weight.
        leaving : measures may only leave.
        margin : the slack that rows must have, as a share of a party's largest value.
        """
        found = self._walk(start, factor, weigh, self._allowed(steps, 1), bumps, leaving, margin)
        self.left -= found.steps * self._round
        return found

    def _allowed(self, steps: int, walks: int) -> int:
        """How many of the steps the budget allows each of so many walks."""
        return int(min(steps, self.left / self._round // walks)) if self.left > 0 else 0

    def _walk(self, start: Roadmap, factor: float, weigh: float, steps: int, bumps: int, leaving: bool, margin: float) -> Walk:
        end, _, short, taken = walk(
            self._tables, entries(self.instance, start), factor, self.kind, self._pace, weigh, margin, steps, bumps, leaving
        )
        return Walk(roadmap_of(self.instance, end), short == 0.0, short, taken)

    def walks(self, start: Roadmap, factor: float, weighs: Sequence[float], cores: int = 2) -> list[Walk]:
        """One walk for each weight; the same on one core or many."""
        steps = self._allowed(_STEPS, len(weighs))

        def one(weigh: float) -> Walk:
            return self._walk(start, factor, weigh, steps, _BUMPS, False, _MARGIN)

        if cores == 1 or len(weighs) == 1:
            found = [one(w) for w in weighs]
        else:
            with ThreadPoolExecutor(cores) as pool:
                found = list(pool.map(one, weighs))
        self.left -= sum(w.steps for w in found) * self._round
        return found


def speed(instance: Instance, roadmap: Roadmap) -> Fraction:
    """How many new measures are in force, on average over the phases; a divisible one counts by its slices."""
    total = Fraction(0)
    for m in instance.measures:
        entry = roadmap.entry[m.id]
        if entry is not None and entry >= 0:
            total += Fraction(instance.phases - entry, instance.phases * len(instance.slices[m.whole]))
    return total


def _pace(instance: Instance) -> Floats:
    """What a measure adds to the worth of speed, by entry phase + 1, of shape (M, T + 2); one for all that could be had."""
    T = instance.phases
    pace = np.zeros((len(instance.measures), T + 2))
    for n, m in enumerate(instance.measures):
        if not m.in_force:
            pace[n, 1:-1] = (T - np.arange(T)) / T / len(instance.slices[m.whole])
    return pace / max(len(instance.slices), 1)
