"""Walks of a case: `Climber(instance).walk(roadmap, factor)`.

A walk starts anywhere, mends what does not hold and climbs from there (module `kernel`). It is no search for the best: it ends
where no step that its policy offers helps. But it is quick, it needs no relaxation, and it works where trust is so scarce that
the search with whole numbers finds nothing. Its work is limited by steps, not by the clock: the same start gives the same end
on any machine. One from a roadmap that is no process begins with what everybody does alone; one that ends there has found
nothing, and ends without any step. All walks of a climber together have a budget of work, counted in row entries: moves tried
times series times phases.

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
from detente.plan.walk.kernel import Policy, walk
from detente.plan.walk.moves import Moves
from detente.plan.walk.shortfall import MIN, NASH, SPEED, SUM, is_a_process

__all__ = ["CLIMB", "KINDS", "Climber", "Policy", "Walk", "speed"]

CLIMB = Policy()
"""Mend and climb: any step, by worth and shortfall alike."""

KINDS = {"nash": NASH, "sum": SUM, "min": MIN, "speed": SPEED}


@dataclass(frozen=True)
class Walk:
    """Where a walk ended.

    worth : by the objective, in units of the kernel. holds : as far as floating point can tell. short : by how much rows fall
    short. steps : its length.
    """

    roadmap: Roadmap
    worth: float
    holds: bool
    short: float
    steps: int


class Climber:
    """An instance, laid out for walks.

    objective : "nash", "sum", "min" (module `plan.search.objective`) or "speed".
    trust, red_lines : keep these rows, too.
    budget : of work; when it is spent, walks end where they begin.
    """

    def __init__(
        self,
        instance: Instance,
        objective: str = "nash",
        *,
        trust: bool = True,
        red_lines: bool = True,
        budget: float = math.inf,
    ) -> None:
        self.instance = instance
        self.left = budget
        self.kind = KINDS[objective]
        self._tables = tables(instance, red_lines=red_lines)
        if not trust:
            self._tables = self._tables._replace(exposures=0)
        self._actors = np.array(
            [sum(1 << n for n, p in enumerate(instance.parties) if p.id in m.actors) for m in instance.measures]
        )
        self._pace = _pace(instance)
        self._alone = Moves(instance).alone
        self._round = max(1.0, float((len(instance.measures) + 2) * (instance.phases + 1) * self._tables.fixed.size))

    def walk(self, start: Roadmap, factor: float = 1.0, policy: Policy = CLIMB) -> Walk:
        """Mend and climb from a roadmap of this case. factor : of all odds."""
        end = self._walk(start, factor, policy, 1)
        self.left -= end.steps * self._round
        return end

    def walks(self, start: Roadmap, factor: float, policies: Sequence[Policy], cores: int = 2) -> list[Walk]:
        """One walk for each policy; the same on one core or many."""

        def end(policy: Policy) -> Walk:
            return self._walk(start, factor, policy, len(policies))

        if cores == 1 or len(policies) == 1:
            ends = [end(p) for p in policies]
        else:
            with ThreadPoolExecutor(cores) as pool:
                ends = list(pool.map(end, policies))
        self.left -= sum(w.steps for w in ends) * self._round
        return ends

    def _walk(self, start: Roadmap, factor: float, policy: Policy, walks: int) -> Walk:
        """One of so many walks, each with its part of the budget."""
        steps = int(min(policy.steps, self.left / self._round // walks)) if self.left > 0 else 0
        entry = entries(self.instance, start)
        if not is_a_process(self._tables, entry):
            entry = self._alone
        end, worth, short, taken = walk(
            self._tables, self._actors, entry, factor, self.kind, self._pace, policy._replace(steps=steps)
        )
        if not is_a_process(self._tables, end):
            return Walk(Roadmap.empty(self.instance), worth, True, 0.0, taken)
        return Walk(roadmap_of(self.instance, end), worth, short == 0.0, short, taken)


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
