"""What a schedule brings in plays: the one place where this room asks the room `assess`.

A schedule is an array of entry phases, -1 in force, T never (`plan.tables.layout.entries`). Play n of a seed has the same luck
for every schedule, so that two schedules are compared play by play.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from detente.assess.layout import world_of
from detente.assess.profile import PlayProfile
from detente.assess.records import played
from detente.assess.strategies import Strategy
from detente.case.case import Case
from detente.plan.roadmap import Roadmap
from detente.plan.tables.tables import roadmap_of

__all__ = ["Plays", "strategy"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def strategy(name: str, title: str, roadmap: Roadmap) -> Strategy:
    """A roadmap as something that is played."""
    return Strategy(name, "roadmap", title, (), roadmap.entry)


class Plays:
    """The plays of one seed, on so many threads; the numbers do not depend on how many."""

    def __init__(self, case: Case, profile: PlayProfile, seed: int, *, cores: int = 1) -> None:
        self.case, self.profile, self.seed, self.cores = case, profile, seed, cores
        self.spent = 0
        self._world = world_of(case, profile)

    def gains(self, entries: Sequence[Ints], first: int, last: int) -> list[Floats]:
        """What each schedule brings every party over no deal in plays first .. last - 1, of shape (last - first, P)."""
        self.spent += len(entries) * (last - first)
        if self.cores <= 1 or len(entries) <= 1:
            return [self._gain(e, first, last) for e in entries]
        with ThreadPoolExecutor(self.cores) as pool:
            return list(pool.map(lambda e: self._gain(e, first, last), entries))

    def _gain(self, entry: Ints, first: int, last: int) -> Floats:
        instance = self.case.instance
        script = strategy("", "", roadmap_of(instance, entry)).script(instance, self.profile)
        value: Floats = played(self._world, script, self.seed, first, last - first).value
        return value - self._world.no_deal
