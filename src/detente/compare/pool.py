"""Roadmaps of a case that all parties would keep, each with the trust that it needs: what both pictures are drawn from.

A roadmap belongs in the pool if it helps (module `plan.process`) and every row but those of trust and doubt holds, in exact
arithmetic; so does the one without any step, which is no deal. Its strain (module `compare.trust`)
then is the factor of all odds from which on it holds altogether. So one certificate tells at which levels of trust it can be
used, and a larger pool can only raise what is found for any level.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from fractions import Fraction

from detente.case.instance import Instance
from detente.compare.trust import strain
from detente.plan.certificate import Certificate, certify
from detente.plan.roadmap import Roadmap
from detente.plan.search.objective import welfare
from detente.plan.walk.walk import speed

__all__ = ["CLOSER", "Member", "Pool"]

_Key = tuple[int | None, ...]  # the entry phase of every measure
CLOSER = Fraction(999_999, 1_000_000)  # of a strain: what needs less than this share of it needs strictly less


@dataclass(frozen=True)
class Member:
    """A roadmap, its certificate at the stated trust, its strain, and its worth by the objective (the larger, the better)."""

    roadmap: Roadmap
    certificate: Certificate
    strain: Fraction
    worth: tuple[float, ...]

    @property
    def rank(self) -> tuple[tuple[float, ...], bool]:
        """Its worth; of those that are worth the same, no step at all comes last, since the others help somebody."""
        return self.worth, not self.roadmap.is_empty


class Pool:
    """Roadmaps found so far.

    objective : "nash", "sum", "min" or "speed".
    like : a pool of the same instance for another end, whose certificates are used, and which may use these.
    until : on the clock of `time.monotonic`: when whoever fills the pool is to stop; inf: work is counted, not seconds.
    """

    def __init__(self, instance: Instance, objective: str, like: Pool | None = None, *, until: float = math.inf) -> None:
        self.until = until
        self.cut_short = False
        self.instance, self.objective = instance, objective
        self._certified: dict[_Key, tuple[Certificate, Fraction | None]] = {} if like is None else like._certified
        self._found: dict[_Key, Member | None] = {}
        self.failed: list[Fraction] = []  # factors for which a search to the end ended without an answer

    def left(self) -> float:
        """Seconds left. None left: what fills the pool ends, and the pool remembers that it was cut short."""
        left = self.until - time.monotonic()
        self.cut_short |= left <= 0
        return left

    def __len__(self) -> int:
        return sum(m is not None for m in self._found.values())

    def add(self, roadmap: Roadmap) -> Member | None:
        """Take a roadmap in if it belongs here."""
        key = tuple(roadmap.entry[m.id] for m in self.instance.measures)
        if key not in self._found:
            self._found[key] = self._member(roadmap, key)
        return self._found[key]

    def members(self, factor: Fraction | int | None = None) -> list[Member]:
        """Those that hold with all odds multiplied by a factor (None: with whatever trust)."""
        return [m for m in self._found.values() if m is not None and (factor is None or m.strain <= factor)]

    def best(self, factor: Fraction | None = None) -> Member | None:
        """The best of them; among equals the one with the lower strain, then the one found first."""
        return max(self.members(factor), key=lambda m: (m.rank, -m.strain), default=None)

    def records(self) -> list[Member]:
        """By rising strain, those that are better than all that need no more: the best one at every level of trust."""
        out: list[Member] = []
        for m in sorted(self.members(), key=lambda m: (m.strain, [-w for w in m.worth], m.roadmap.is_empty)):
            if not out or m.rank > out[-1].rank:
                out.append(m)
        return out

    def _member(self, roadmap: Roadmap, key: _Key) -> Member | None:
        if key not in self._certified:
            certificate = certify(self.instance, roadmap)
            self._certified[key] = certificate, strain(certificate)
        certificate, needs = self._certified[key]
        if needs is None or any(row.row not in ("trust", "doubt") for row in certificate.broken):
            return None
        if not (certificate.helps or roadmap.is_empty):
            return None
        return Member(roadmap, certificate, needs, self._worth(roadmap, certificate))

    def _worth(self, roadmap: Roadmap, certificate: Certificate) -> tuple[float, ...]:
        if self.objective == "speed":
            return (float(speed(self.instance, roadmap)),)
        return welfare(self.objective, certificate, self.instance)
