"""How much a search may spend: work, which is counted, and above it one time limit.

Work is nodes of the search tree for each programme, and non-zeros times iterations for all of them together: the same on every
machine, whatever else it does. A time limit is an upper bound to that. Where it decided something, `struck` says so; where it
did not, the answer does not depend on the machine.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field, replace
from typing import Any

from detente.solver.linear import Expression, Programme, Solution

__all__ = ["PACE", "Effort", "Meter"]

PACE = 2e7
"""Work (non-zeros times iterations) for each second of a time limit: less than half of what a machine of 2024 does in it."""


@dataclass
class Meter:
    """The work that is left for everything together, and whether the time was over before it was used up."""

    left: float = math.inf
    struck: bool = False


@dataclass(frozen=True)
class Effort:
    """How much may be spent.

    until : on the clock of `time.monotonic`: when all of it ends. nodes : of the search tree, for each programme; None: no
    limit. whole : every question gets all of them. trials : how many trials of odds (`relax.STRENGTHS`); None: all. meter : of
    work, shared by all parts.
    """

    until: float = math.inf
    nodes: int | None = None
    whole: bool = False
    trials: int | None = None
    meter: Meter = field(default_factory=Meter)

    @classmethod
    def lasting(cls, seconds: float, **limits: Any) -> Effort:
        """One that ends so many seconds from now."""
        return cls(time.monotonic() + seconds, **limits)

    def left(self) -> float:
        """Seconds; none where the work is used up."""
        return self.until - time.monotonic() if self.meter.left > 0 else 0.0

    def over(self, reserve: float = 0.0) -> bool:
        """Whether the work is used up, or no more than so many seconds are left, which then counts as struck."""
        self.meter.struck |= self.until - time.monotonic() <= reserve
        return self.left() <= reserve

    @property
    def struck(self) -> bool:
        """Whether the time was over, rather than the work done."""
        return self.meter.struck or time.monotonic() >= self.until

    def noted(self, solution: Solution) -> Solution:
        """What was solved, its work taken off the meter."""
        self.meter.left -= solution.work
        self.meter.struck |= solution.timed
        return solution

    def solve(self, programme: Programme, goal: Expression, **options: Any) -> Solution:
        """`Programme.solve` within what is left, and noted; the options may ask for less."""
        return self.noted(programme.solve(goal, **{"seconds": self.left(), "nodes": self.nodes, **options}))

    def part(self, share: float) -> Effort:
        """A share of the nodes, at least one."""
        if self.whole or self.nodes is None:
            return self
        return replace(self, nodes=max(1, math.ceil(share * self.nodes)))
