"""Where the search in plays begins: roadmaps that are good for other reasons.

    the plan at the likely values, put off to what is asked for and mended
    roadmaps that hold in more and more draws (`plan.draws.climb`): the plan mended until it breaks in at most half of a sample,
        a fifth, a tenth, a twentieth; the ones on the way, too
    the frontier of speed against safety, where the case is small
    the stated orders, as prerequisites delay them

Each is there only if it is certified. Nothing is limited by the clock.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from detente.case.case import Case
from detente.case.draws.draw import uncertainty
from detente.case.instance import Instance
from detente.plan.certificate import certify
from detente.plan.delayed import delayed
from detente.plan.draws.climb import Climb
from detente.plan.roadmap import Roadmap, roadmap_from_steps
from detente.plan.tables.layout import entries
from detente.plan.tables.sums import Sums, sample_that_fits
from detente.plan.tables.tables import roadmap_of
from detente.plan.walk.walk import Climber, Policy

__all__ = ["SHARES", "Rows", "mended", "pool", "surer"]

SHARES = (0.5, 0.8, 0.9, 0.95)
_SAMPLE = 300
_WORK = 8e6  # wishes times measures times phases after which nothing surer is looked for
_SMALL = 400  # measures times phases up to which the frontier costs little beside the plan
_STREAM = 300  # of the draws: others than those of `plan.draws.robust`
_STILL = Policy(steps=0)

Ints = NDArray[np.int64]


class Rows:
    """Whether schedules keep the rows of an instance: as far as floating point can tell, and for certain."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self._climber = Climber(instance)
        self._due = [(n, m.due) for n, m in enumerate(instance.measures) if m.due is not None]

    def keeps(self, entry: Ints) -> bool:
        """Whether it is a process whose rows hold by the tables; rows of coalitions are left to the certificate."""
        if any(entry[n] > due for n, due in self._due):
            return False
        there = self._climber.walk(roadmap_of(self.instance, entry), policy=_STILL)
        return there.holds and not there.roadmap.is_empty

    def certain(self, entry: Ints) -> bool:
        """Whether its certificate holds and it helps."""
        found = certify(self.instance, roadmap_of(self.instance, entry))
        return found.holds and found.helps

    def walked(self, entry: Ints, objective: str) -> Ints:
        """Where a walk from a schedule ends."""
        return entries(self.instance, Climber(self.instance, objective).walk(roadmap_of(self.instance, entry)).roadmap)


def mended(instance: Instance, rows: Rows, roadmap: Roadmap, objective: str) -> Ints | None:
    """A roadmap of the case put off to what an instance of it asks for, and mended, or else one grown from nothing; None:
    neither is certified."""
    late = delayed(instance, roadmap.entry)
    at_once = entries(instance, Roadmap(instance.case, instance.phases, late))
    if rows.certain(at_once):
        return at_once
    for start in (at_once, entries(instance, Roadmap.empty(instance))):
        walked = rows.walked(start, objective)
        if rows.certain(walked):
            return walked
    return None


def pool(case: Case, instance: Instance, rows: Rows, start: Ints, objective: str, seed: int) -> list[Ints]:
    """Certified schedules of an instance of the case, each once, the start first. start : a certified one."""
    found = {start.tobytes(): start}
    for entry in (*surer(case, instance, rows, start, objective, seed), *_frontier(case, instance, start), *_orders(case)):
        if entry.tobytes() not in found and rows.keeps(entry) and rows.certain(entry):
            found[entry.tobytes()] = entry
    return list(found.values())


def surer(case: Case, instance: Instance, rows: Rows, start: Ints, objective: str, seed: int) -> Iterator[Ints]:
    """From a schedule to others that hold in more and more draws."""
    known = uncertainty(case, risks=False)
    if not known.quantities:
        return
    size = sample_that_fits(instance, known.quantities, _SAMPLE)
    likely = np.array([[float(q.likely) for q in known.quantities]])
    values = np.concatenate([likely, known.draw(size, seed, stream=_STREAM).values])
    climb = Climb(Sums(instance, known.quantities, values, certain=1), objective, 1.0, math.inf, rows.certain)
    climb.place(start)
    most = _WORK / max(1, len(instance.measures) * instance.phases)
    for share in SHARES:
        allowed = math.floor((1 - share) * size)
        for entry, _, _ in climb.repair(allowed):
            yield entry
            if climb.wishes > most:
                return
        climb.polish(allowed)
        yield climb.entry.copy()


def _frontier(case: Case, instance: Instance, start: Ints) -> Iterable[Ints]:
    if len(instance.measures) * instance.phases > _SMALL:
        return ()
    from detente.compare.frontier import frontier

    found = frontier(case, known=[roadmap_of(instance, start)], thorough=False)
    return () if found is None else [entries(instance, p.roadmap) for p in found.points]


def _orders(case: Case) -> Iterator[Ints]:
    it = case.instance
    for order in case.orders:
        entry = delayed(it, roadmap_from_steps(order.steps, it).entry)
        yield entries(it, Roadmap(it.case, it.phases, entry))
