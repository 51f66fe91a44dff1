"""Whether a problem has a roadmap that reaches its target: one question, answered with a roadmap, a proof that there is none,
or not at all.

A roadmap counts if it satisfies every row in exact arithmetic, has each measure in force by its `due` phase, and leaves no
touched party below no deal.

1. Roadmaps found before are tried first: measure by measure, slices in proportion, payments with what they follow; then what
   lies near them, each step a few phases sooner or later.
2. The relaxation without trust rows, then with those that it breaks: if it has no solution, there is no roadmap.
3. Whole numbers without trust rows: if there is no schedule, there is no roadmap; if one satisfies them by chance, it is one.
4. Trials: the odds that the relaxation earns, or a share of them on the log scale, are fixed; with them the rows are linear. A
   schedule is sought that is good for the sum of the gains (first among those that keep what the relaxation leaves whole),
   which leads the search to roadmaps with room in their rows.
5. Whole numbers with all rows, until a roadmap is found, or none is left. A schedule that floating point lets pass and exact
   arithmetic does not is cut off by itself, so that no other is lost with it.

A limit that ends one of these leaves the question open. Limits are nodes of the search tree and, for everything together, work:
so the answer does not depend on the machine. Above them stands one time limit.
"""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from detente.case.instance import Instance
from detente.case.reach import earliest
from detente.plan.certificate import Certificate, certify
from detente.plan.roadmap import Roadmap
from detente.plan.search.possible import add_broken
from detente.plan.search.rows import Rows
from detente.plan.unlock.supported import is_paid
from detente.solver.linear import Expression, Relaxation, Solution, TimeOverError, total

__all__ = [
    "MENDS",
    "NODES",
    "PACE",
    "STRENGTHS",
    "Effort",
    "Meter",
    "Odds",
    "Reach",
    "completed",
    "cut_off",
    "earned",
    "good_enough",
    "transferred",
]

STRENGTHS = (1.0, 0.8, 0.6, 0.3, 0.0)  # of the logs of the odds that the relaxation earns
PACE = 2e7
"""Work (non-zeros times iterations) for each second of the time limit: less than half of what a machine of 2024 does in it."""
NODES = 2000
"""Nodes of the search tree for each programme, of which a question gets a share, if nothing else is said."""
MENDS = 50
"""Schedules cut off before a question is left open."""
Odds = Mapping[tuple[str, str], NDArray[np.float64]]
_NEAR, _WIDTH = 2, 3  # known roadmaps near which another is sought; phases by which their steps may move
_ANY = -1e9  # a value that every schedule reaches


@dataclass
class Meter:
    """The work that is left for everything together."""

    left: float = math.inf


@dataclass(frozen=True)
class Effort:
    """How much may be spent.

    until : on the clock of `time.monotonic`: when all of it ends. meter : of work, shared by all parts. nodes : of the search
    tree, for each programme. whole : every question gets all of them. trials : how many of `STRENGTHS` are tried.
    """

    until: float = math.inf
    nodes: int = NODES
    whole: bool = False
    trials: int = len(STRENGTHS)
    meter: Meter = field(default_factory=Meter)

    def left(self) -> float:
        """Seconds; none where the work is used up."""
        return self.until - time.monotonic() if self.meter.left > 0 else 0.0

    @property
    def struck(self) -> bool:
        """Whether the time was over, rather than the work done."""
        return time.monotonic() >= self.until

    def noted(self, solution: Solution) -> Solution:
        """What was solved, its work taken off the meter."""
        self.meter.left -= solution.work
        return solution

    def part(self, share: float) -> Effort:
        """A share of the nodes, at least one."""
        if self.whole:
            return self
        return replace(self, nodes=max(1, math.ceil(share * self.nodes)))


@dataclass
class Reach:
    """Asks the question of many problems of one case, and remembers the roadmaps it found.

    quick : leave it open where neither a relaxation nor a trial answers, in place of searching on.
    """

    known: list[Roadmap] = field(default_factory=list)
    asked: int = 0
    quick: bool = False

    def roadmap(self, instance: Instance, effort: Effort) -> Roadmap | bool | None:
        """A roadmap; False: proved that there is none; None: not settled."""
        self.asked += 1
        early = earliest(instance.measures)
        for m in instance.measures:
            first = early[m.id]
            if m.due is not None and (first is None or first > m.due):
                return False
        for one in self.known:
            if effort.left() <= 0:
                return None
            moved = transferred(one, instance)
            if good_enough(instance, moved):
                return moved
        try:
            found = _near(instance, self.known, effort) or _sought(instance, effort, self.quick)
        except TimeOverError:
            return None
        if isinstance(found, Roadmap):
            self.known.insert(0, found)
        return found


def good_enough(instance: Instance, roadmap: Roadmap) -> Certificate | None:
    """The certificate of a roadmap that holds, reaches what is due and leaves no touched party below no deal; else None."""
    certificate = certify(instance, roadmap)
    kept = certificate.holds and all(certificate.value[i] >= certificate.no_deal[i] for i in instance.touched)
    return certificate if kept else None


def transferred(roadmap: Roadmap, instance: Instance) -> Roadmap:
    """A roadmap of one problem told in the measures of another problem of the same case."""
    wholes: dict[str, list[int | None]] = {}
    for name, t in roadmap.entry.items():
        wholes.setdefault(name.partition("/")[0], []).append(t)
    entry: dict[str, int | None] = {}
    for m in instance.measures:
        before = wholes.get(m.whole)
        if m.in_force or is_paid(m.id) or before is None:
            entry[m.id] = -1 if m.in_force else None
        else:
            ids = instance.slices[m.whole]
            place = (ids.index(m.id) + 1) * len(before) / len(ids)
            entry[m.id] = before[math.ceil(place - 1e-9) - 1]
    return completed(Roadmap(instance.case, instance.phases, entry), instance)


def completed(roadmap: Roadmap, instance: Instance) -> Roadmap:
    """The same steps in a problem that differs in its payments: those that it has follow what they are paid for."""
    entry = {m.id: -1 if m.in_force else roadmap.entry.get(m.id) for m in instance.measures}
    return Roadmap(instance.case, instance.phases, _with_payments(entry, instance))


def _with_payments(entry: Mapping[str, int | None], instance: Instance) -> dict[str, int | None]:
    out = dict(entry)
    for m in instance.measures:
        if is_paid(m.id) and not m.in_force:
            at = [t for q in m.requires for n in q.any if (t := entry[n]) is not None]
            out[m.id] = min(at, default=None)
    return out


def _near(instance: Instance, known: Sequence[Roadmap], effort: Effort) -> Roadmap | None:
    """A roadmap near one that was found for another problem: its steps a few phases sooner or later, its odds, or those a phase
    before."""
    for one, delay in itertools.product(known[:_NEAR], (0, 1)):
        if effort.left() <= 0:
            return None
        moved = transferred(one, instance)
        pairs = certify(instance, moved).pairs
        odds = {p: np.array([float(o) for o in (*c.odds[:1] * delay, *c.odds)[: len(c.odds)]]) for p, c in pairs.items()}
        found = _tried(instance, odds, effort.part(0.05), near=moved)
        if found is not None:
            return found
    return None


def _sought(instance: Instance, effort: Effort, quick: bool) -> Roadmap | bool | None:
    rows = _rows(instance, effort)
    relaxed = _relaxed(rows, effort)
    if relaxed is None or isinstance(relaxed, bool):
        return relaxed
    for share, strength in itertools.product((0.06, 0.2), STRENGTHS[: effort.trials] if rows.trust else ()):
        if share > 0.1 and quick:
            return None
        if share > 0.1 and strength == STRENGTHS[0]:
            plain = _exact(_rows(instance, effort, trust=False), effort.part(0.3), once=True)
            if plain is not None:
                return plain
        found = _tried(instance, earned(rows, relaxed, strength), effort.part(share))
        if found is not None:
            return found
    return _exact(rows, effort)


def earned(rows: Rows, point: NDArray[np.float64], strength: float) -> Odds:
    """The odds that a point earns, by ordered pair and phase; `strength` scales the logs of what was earned."""
    phases = range(rows.instance.phases + 1)
    return {
        pair: np.array([t.start(s) * math.exp(strength * t.seen[s].at(point)) for s in phases])
        for pair, t in rows.trust.items()
    }


def _rows(instance: Instance, effort: Effort, odds: Odds | None = None, *, trust: bool = True) -> Rows:
    rows = Rows(instance, odds=None if odds is None else dict(odds), trust=trust, deadline=effort.until)
    for i in instance.touched:
        rows.programme.row(rows.gain(i))
    return rows


def _goal(rows: Rows) -> Expression:
    return total([rows.gain(i) for i in rows.instance.touched])


def _relaxed(rows: Rows, effort: Effort) -> NDArray[np.float64] | bool | None:
    """The optimum of the relaxation with the trust rows that it needs; False: there is none; None: out of time."""
    relaxation, goal = Relaxation(rows.programme), _goal(rows)
    while True:
        solution = effort.noted(relaxation.solve(goal, effort.left()))
        if solution.point is None:
            return False if solution.status == "infeasible" else None
        if effort.left() <= 0:
            return None
        if not add_broken(rows, solution.point):
            return solution.point


def _tried(instance: Instance, odds: Odds, effort: Effort, near: Roadmap | None = None) -> Roadmap | None:
    """A roadmap among those that earn at least these odds, if one is found within the effort; `near` another one, if given."""
    rows = _rows(instance, effort, odds)
    relaxed = _relaxed(rows, effort)
    if relaxed is None or isinstance(relaxed, bool):
        return None
    columns = rows.schedule.columns()
    kept = columns[rows.schedule.settled(relaxed)[columns]]
    fixed: tuple[NDArray[np.int64], NDArray[np.float64]] | None = (kept, np.round(relaxed[kept]))
    if near is not None:
        fixed = rows.schedule.around(near, _WIDTH)
    goal = _goal(rows)
    while effort.left() > 0:
        nodes = (effort.part(0.3) if fixed is not None else effort).nodes
        solution = effort.noted(rows.programme.solve(goal, seconds=effort.left(), nodes=nodes, stop_at=_ANY, fixed=fixed))
        if solution.point is None and fixed is not None and near is None:
            fixed = None  # what the relaxation left whole cannot all stay
        elif solution.point is None:
            return None
        elif not add_broken(rows, solution.point):
            roadmap = rows.roadmap(solution.point)
            return roadmap if good_enough(instance, roadmap) else None
    return None


def _exact(rows: Rows, effort: Effort, *, once: bool = False) -> Roadmap | bool | None:
    """Decide by whole numbers; `once`: look at one schedule only."""
    goal, mended = _goal(rows), 0
    while effort.left() > 0 and mended < (1 if once else MENDS):
        solution = effort.noted(rows.programme.solve(goal, seconds=effort.left(), nodes=effort.nodes, stop_at=_ANY))
        if solution.point is None:
            # odds that were rounded down to a grid may hide a roadmap
            return False if solution.status == "infeasible" and all(t.exact for t in rows.trust.values()) else None
        if add_broken(rows, solution.point):
            continue
        roadmap = rows.roadmap(solution.point)
        if good_enough(rows.instance, roadmap):
            return roadmap
        cut_off(rows, solution.point)
        mended += 1
    return None


def cut_off(rows: Rows, point: NDArray[np.float64]) -> None:
    """Exclude the schedule of a point, and no other."""
    columns = rows.schedule.columns()
    taken = point[columns] > 0.5
    weights = np.where(taken, -1.0, 1.0)
    rows.programme.row(Expression(columns, weights), 1.0 - float(taken.sum()))
