"""The roadmap problem of an instance: the rows that hold whatever anybody trusts, and the trust rows, added where they bind.

Leaving trust rows out only loosens the problem, so that bounds stay bounds; what is finally returned satisfies all of them
(module `relax`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.case.instance import Instance
from detente.plan.certificate import PairCourse, Row
from detente.plan.roadmap import Roadmap
from detente.plan.search.rows import Rows
from detente.plan.search.trust_rows import Stake, Trust

__all__ = ["Odds", "Problem", "odds_of"]

Odds = Mapping[tuple[str, str], NDArray[np.float64]]
"""By ordered pair, T + 1 numbers each."""


class Problem(Rows):
    """The programme of an instance.

    Parameters
    ----------
    trust : with trust rows, by ordered pair in `trust`.
    odds : fixed odds in place of levels: the schedule must earn at least these, and the trust rows count no more.
    options : of `Rows`.
    """

    def __init__(
        self, instance: Instance, *, trust: bool = True, red_lines: bool = True, odds: Odds | None = None, **options: Any
    ) -> None:
        super().__init__(instance, red_lines=red_lines, **options)
        self.asks: dict[str, Any] = {"trust": trust, "red_lines": red_lines}
        self.trust: dict[tuple[str, str], Trust] = {}
        for i, j in self.exposures if trust else ():
            surplus = [self.surplus(i, t) for t in range(instance.phases + 1)]
            stake = Stake(self.exposures[i, j], surplus, self.most_surplus(i))
            self.trust[i, j] = Trust(self.schedule, instance.party[i], j, stake, None if odds is None else odds[i, j])
        for kind, i, toward, phase, _ in self.margins:
            if kind == "trust" and toward is not None and (i, toward) in self.trust:
                self.add(i, toward, phase)  # a margin on a row that waits to be broken by more than a tolerance would be none

    @property
    def exact(self) -> bool:
        """Whether no odds are rounded in the rows added so far: then what has no solution here has none."""
        return all(t.exact for t in self.trust.values())

    def point(self, roadmap: Roadmap) -> NDArray[np.float64]:
        """The whole columns of a roadmap (the rest is left zero), to start a search from."""
        out = super().point(roadmap)
        for trust in self.trust.values():
            trust.fill(out)
        return out

    def earned(self, point: NDArray[np.float64], strength: float) -> Odds:
        """The odds that a point earns; `strength` scales the logs of what was earned."""
        phases = range(self.instance.phases + 1)
        return {
            pair: np.array([t.start(s) * math.exp(strength * t.seen[s].at(point)) for s in phases])
            for pair, t in self.trust.items()
        }

    def add(self, party: str, other: str, phase: int) -> None:
        """Add the trust rows of a phase."""
        for lag, row in self.trust[party, other].rows(phase):
            self.hold(("trust", party, other, phase, lag), row)

    def add_broken(self, point: NDArray[np.float64]) -> bool:
        """Add the trust rows that a point breaks; whether there were any."""
        broken = [(pair, t) for pair, trust in self.trust.items() for t in trust.broken_at(point)]
        for pair, t in broken:
            self.add(*pair, t)
        return bool(broken)

    def tighten(self, row: Row) -> bool:
        """Demand a little more of a row that floating point let pass and exact arithmetic did not. False: no such row."""
        pair = row.party or "", row.toward or ""
        if row.row == "trust" and pair in self.trust and row.phase not in self.trust[pair].columns:
            self.add(*pair, row.phase)
        return super().tighten(row)


def odds_of(pairs: Mapping[tuple[str, str], PairCourse]) -> Odds:
    """The odds that a certified schedule earns."""
    return {pair: np.array([float(o) for o in course.odds]) for pair, course in pairs.items()}
