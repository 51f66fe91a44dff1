"""How much a search may spend: work, which is counted, or the time that somebody asks for.

Work is nodes of the search tree for each programme, and non-zeros times iterations for all of them together: the same on every
machine, whatever else it does. Nothing looks at the clock unless a time limit is asked for; then it stands above the work.
What ended something is said: `Meter.cut` for work, `struck` for time. Where time did not, the answer does not depend on the
machine.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field, replace
from typing import Any

from detente.solver.linear import Expression, Programme, Relaxation, Solution

__all__ = ["PACE", "WORK", "Effort", "Meter"]

PACE = 2e7
"""Work (non-zeros times iterations) for each second of a time limit: less than half of what a machine of 2024 does in it."""
WORK = 200 * PACE
"""For a plan without a time limit: 60 to 90 seconds of such a machine."""


@dataclass
class Meter:
    """The work that is left for everything together.

    cut : its end decided something. struck : the time was over before.
    """

    left: float = math.inf
    cut: bool = False
    struck: bool = False


@dataclass(frozen=True)
class Effort:
    """How much may be spent.

    until : on the clock of `time.monotonic`: when all of it ends; inf: nobody asks. nodes : of the search tree, for each
    programme; None: no limit. whole : every question gets all of them. trials : how many trials of odds (`relax.STRENGTHS`);
    None: all. meter : of work, shared by all parts.
    """

    until: float = math.inf
    nodes: int | None = None
    whole: bool = False
    trials: int | None = None
    meter: Meter = field(default_factory=Meter)

    @classmethod
    def lasting(cls, seconds: float | None, meter: Meter | None = None, *, began: float | None = None, **limits: Any) -> Effort:
        """One that ends so many seconds after it began, on the clock of `time.monotonic`, or from now; None: when the work of a
        meter, or else `WORK`, is done."""
        until = math.inf if seconds is None else (time.monotonic() if began is None else began) + seconds
        return cls(until, meter=meter or Meter(WORK if seconds is None else math.inf), **limits)

    def left(self) -> float:
        """Seconds; none where the work is used up."""
        if self.meter.left > 0:
            return self.until - time.monotonic()
        self.meter.cut = True
        return 0.0

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
        self.meter.cut |= solution.cut
        return solution

    def solve(self, programme: Programme, goal: Expression, **options: Any) -> Solution:
        """`Programme.solve` within what is left, and noted; the options may ask for less."""
        seconds = self.left()
        if self.meter.left <= 0:
            return Solution("limit", None, -math.inf, math.inf, cut=True)
        given = {"seconds": seconds, "work": self.meter.left, "nodes": self.nodes}
        return self.noted(programme.solve(goal, **{**given, **options}))

    def relaxed(self, relaxation: Relaxation, goal: Expression) -> Solution:
        """`Relaxation.solve` likewise."""
        return self.noted(relaxation.solve(goal, self.left(), max(self.meter.left, 0.0)))

    def part(self, share: float) -> Effort:
        """A share of the nodes, at least one."""
        if self.whole or self.nodes is None:
            return self
        return replace(self, nodes=max(1, math.ceil(share * self.nodes)))
