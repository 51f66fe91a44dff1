"""The roadmap problem of an instance: rows that hold whatever anybody trusts, and those of trust and doubt where they bind.

Leaving rows out only loosens the problem, so that bounds stay bounds; what is finally returned satisfies all of them
(module `relax`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from detente.case.instance import Instance
from detente.plan.certificate import PairCourse, Row, certify
from detente.plan.roadmap import Roadmap
from detente.plan.search.rows import Key, Rows
from detente.plan.search.trust_rows import Place, Trust

__all__ = ["Odds", "Problem", "odds_of"]

Odds = Mapping[tuple[str, str], NDArray[np.float64]]
"""By ordered pair, T + 1 numbers each."""


class Problem(Rows):
    """The programme of an instance.

    Parameters
    ----------
    trust : with trust and doubt rows, by ordered pair in `trust`.
    odds : fixed odds in place of levels: the schedule must earn at least these, and the rows count no more.
    rounding : where odds are too many to be told apart, "down" or "up" (module `odds_levels`).
    options : of `Rows`.
    """

    def __init__(
        self,
        instance: Instance,
        *,
        trust: bool = True,
        red_lines: bool = True,
        odds: Odds | None = None,
        rounding: Literal["down", "up"] = "down",
        **options: Any,
    ) -> None:
        super().__init__(instance, red_lines=red_lines, **options)
        self.asks: dict[str, Any] = {"trust": trust, "red_lines": red_lines}
        self.trust: dict[tuple[str, str], Trust] = {}
        for i in self.own if trust else ():
            for j in instance.acting:
                if i != j:  # a pair without a row anywhere need have no odds
                    one = Trust(self, i, j, None if odds is None else odds.get((i, j)), up=rounding == "up")
                    if any(one.places.values()):
                        self.trust[i, j] = one
        for key in self.margins:
            if (place := self._place(key)) is not None:
                self._make(*place)  # a margin on a row that waits to be broken by more than a tolerance would be none

    @property
    def exact(self) -> bool:
        """Whether no odds are rounded down in the rows added so far: then what has no solution here has none."""
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
        trust = self.trust[party, other]
        for place in trust.places[phase]:
            if not place.found and place not in trust.made:
                self._make(trust, place)

    def add_broken(self, point: NDArray[np.float64]) -> bool:
        """Add the trust and doubt rows that a point breaks; whether there were any."""
        broken = [(trust, place) for trust in self.trust.values() for place in trust.broken_at(point)]
        for trust, place in broken:
            self._make(trust, place)
        return bool(broken)

    def refine(self, roadmap: Roadmap) -> bool:
        """Where odds that were rounded up let a roadmap pass, judge its odds as they are; whether there were any such."""
        certificate, refined = certify(self.instance, roadmap, **self.asks), False
        for row in certificate.broken:
            pair = row.party or "", row.toward or ""
            if row.row in ("trust", "doubt") and pair in self.trust:
                again = self.trust[pair].refine(row.phase, float(certificate.pairs[pair].odds[row.phase]))
                self.programme.drop(self.index[self.trust[pair].key(place)] for place in again)
                for place in again:
                    self._make(self.trust[pair], place)
                refined |= bool(again)
        return refined

    def tighten(self, row: Row) -> bool:
        """Demand a little more of a row that floating point let pass and exact arithmetic did not. False: no such row."""
        place = self._place(Key(row.row, row.party or "", row.toward, row.phase, row.lag or 0, row.found or 0))
        if place is not None:
            self._make(*place)
        return super().tighten(row)

    def _place(self, key: Key) -> tuple[Trust, Place] | None:
        """Whose row of trust or doubt a key names, and where, if it is not made yet."""
        trust = self.trust.get((key.party, key.toward or "")) if key.row in ("trust", "doubt") else None
        place = Place(key.phase, key.lag, key.found)
        return None if trust is None or place in trust.made or place not in trust.places[key.phase] else (trust, place)

    def _make(self, trust: Trust, place: Place) -> None:
        self.hold(trust.key(place), trust.row(place))


def odds_of(pairs: Mapping[tuple[str, str], PairCourse]) -> Odds:
    """The odds that a certified schedule earns."""
    return {pair: np.array([float(o) for o in course.odds]) for pair, course in pairs.items()}
