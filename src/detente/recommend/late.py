"""One late step: what is left for everybody if any single step comes some phases late.

For a schedule e, a step m that enters and k = 1 .. K phases, e[m,k] is the earliest schedule that is nowhere before e, has m
in phase e[m] + k, and keeps prerequisites and windows (`plan.delayed`): who waits for the late step waits on, all others keep
their dates. What can then no longer come within its window or the horizon never does. The schedule has a *slack* of K phases
where

    gain of i in e[m,k] >= 0   for every m, k and every party i that e[m,k] touches

with the gain over no deal of `plan.process.Process.gains`, in exact arithmetic. Being late is no breach here: nobody stops.

A search wants to know by how much it falls short: the sum of all losses, each in the party's own size (`plan.units`). A gain is
linear in what each measure is worth by its phase of entry, so tables do; who has something to do is taken from e.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.case.alone import alone
from detente.case.instance import Instance
from detente.plan.certificate import values
from detente.plan.delayed import delayed
from detente.plan.process import Process
from detente.plan.roadmap import Roadmap
from detente.plan.tables.duties import acts_of, is_process
from detente.plan.tables.effects import Effects
from detente.plan.tables.layout import entries
from detente.plan.tables.tables import roadmap_of
from detente.plan.units import sizes

__all__ = ["LateStep", "Slack"]

_TOLERANCE = 1e-9  # of a size, below which a loss by the tables is left to exact arithmetic

Ints = NDArray[np.int64]


class LateStep(NamedTuple):
    """The single late step that costs somebody most: which, by how many phases, whom, and what that party then gains."""

    measure: str
    phases: int
    party: str
    gain: Fraction


class Slack:
    """What a delay of up to so many phases of one step does to schedules of an instance. phases : 0 or more."""

    def __init__(self, instance: Instance, phases: int) -> None:
        self.instance, self.phases = instance, phases
        if phases:
            self._acts, table = acts_of(instance), Effects(instance)
            world, touched = alone(instance), instance.touched
            size = [float(sizes(instance)[i]) for i in touched]
            # of shape (P, M, T + 1): worth by phase of entry -1 .. T - 1, in sizes; the last one: never
            at = table.index(np.arange(-1, instance.phases), 0)
            worth = [table.continuation[i][:, at] / s for i, s in zip(touched, size, strict=True)]
            self._worth = np.pad(np.stack(worth), ((0, 0), (0, 0), (0, 1)))
            self._nothing = np.array([float(world.no_deal[i]) for i in touched]) / size
            self._drift = np.array([float(world.suspended(i)) for i in touched]) / size

    def late(self, entry: Ints) -> Iterator[tuple[int, int, Ints]]:
        """The schedules with one late step: its place, by how many phases, and what then comes when."""
        it, roadmap = self.instance, roadmap_of(self.instance, entry)
        for n, m in enumerate(it.measures):
            for k in range(1, self.phases + 1 if 0 <= entry[n] < it.phases else 0):
                phase = int(entry[n]) + k
                moved = {**roadmap.entry, m.id: phase if phase < it.phases else None}
                yield n, k, entries(it, Roadmap(it.case, it.phases, delayed(it, moved)))

    def short(self, entry: Ints) -> float:
        """The losses of all parties over all single late steps, in their sizes, as far as floating point can tell."""
        moved = [e for _, _, e in self.late(entry) if is_process(self._acts, e, self.instance.phases)]
        if not moved:
            return 0.0
        measure = np.arange(len(self.instance.measures))
        gain = self._worth[:, measure, np.array(moved) + 1].sum(axis=2) - self._nothing[:, None]
        giving = Process(self.instance, roadmap_of(self.instance, entry)).giving
        gain += np.where([i in giving for i in self.instance.touched], np.minimum(self._drift, 0.0), 0.0)[:, None]
        return float(-gain[gain < -_TOLERANCE].sum()) + 0.0

    def worst(self, entry: Ints) -> LateStep | None:
        """The single late step after which somebody gains least, in its size; None: no step, or nothing that anybody gains."""
        size, measures = sizes(self.instance), self.instance.measures
        every = [
            (gain / size[i], LateStep(measures[n].id, k, i, gain))
            for n, k, moved in self.late(entry)
            for i, gain in self._gains(moved).items()
        ]
        return min(every, key=lambda x: x[0])[1] if every else None

    def _gains(self, entry: Ints) -> Mapping[str, Fraction]:
        """What each party gains over no deal, exactly, whether rows hold or not; empty: it is no process."""
        roadmap = roadmap_of(self.instance, entry)
        process = Process(self.instance, roadmap)
        return process.gains(values(self.instance, roadmap)) if process.exists else {}

    def kept(self, entry: Ints) -> bool:
        """Whether nobody ends below no deal after any single late step, exactly."""
        worst = self.worst(entry)
        return worst is None or worst.gain >= 0
