"""Whether a problem has a roadmap that reaches its target: one question, answered with a roadmap, a proof that there is none,
or not at all.

A roadmap counts if it satisfies every row in exact arithmetic, has each measure in force by its `due` phase, and helps (module
`plan.process`).

1. Roadmaps found before are tried first: measure by measure, slices in proportion, payments with what they follow; then what
   lies near them, each step a few phases sooner or later.
2. The relaxation without trust rows, then with those that it breaks: if it has no solution, there is no roadmap.
3. Whole numbers without trust rows: if there is no schedule, there is no roadmap; if one satisfies them by chance, it is one.
4. Trials: the odds that the relaxation earns, or a share of them on the log scale, are fixed; with them the rows are linear. A
   schedule is sought that is good for the sum of the gains (first among those that keep what the relaxation leaves whole),
   which leads the search to roadmaps with room in their rows.
5. Whole numbers with all rows, until a roadmap is found, or none is left. A schedule that floating point lets pass and exact
   arithmetic does not is cut off by itself, so that no other is lost with it. Rows of coalitions are demanded once they
   are broken.

That there is none is a proof: odds that have to be rounded are rounded up, and made exact where that lets a schedule pass.

A limit that ends one of these leaves the question open. Limits are nodes of the search tree and, for everything together, work:
so the answer does not depend on the machine. Above them stands one time limit.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from detente.case.instance import Instance
from detente.case.reach import earliest
from detente.plan.certificate import Certificate, certify
from detente.plan.roadmap import Roadmap
from detente.plan.search.problem import Odds, Problem
from detente.plan.search.relax import MENDS, STRENGTHS, Fixed, certified, relaxed, trial
from detente.plan.unlock.supported import is_paid
from detente.solver.effort import Effort
from detente.solver.linear import Expression, TimeOverError, total

__all__ = ["NODES", "Reach", "completed", "good_enough", "transferred"]

NODES = 2000
"""Nodes of the search tree for each programme, of which a question gets a share, if nothing else is said."""
_NEAR, _WIDTH = 2, 3  # known roadmaps near which another is sought; phases by which their steps may move
_ANY = -1e9  # a value that every schedule reaches


@dataclass
class Reach:
    """Asks the question of many problems of one case, and remembers the roadmaps it found.

    quick : leave it open where neither a relaxation nor a trial answers, in place of searching on.
    """

    known: list[Roadmap] = field(default_factory=list)
    asked: int = 0
    quick: bool = False

    def roadmap(self, instance: Instance, effort: Effort, *, coalitions: bool = True) -> Roadmap | bool | None:
        """A roadmap; False: proved that there is none; None: not settled. coalitions : it satisfies their rows, too."""
        self.asked += 1
        early = earliest(instance.measures)
        for m in instance.measures:
            first = early[m.id]
            if m.due is not None and (first is None or first > m.due):
                return False
        for one in self.known:
            if effort.over():
                return None
            moved = transferred(one, instance)
            if good_enough(instance, moved, coalitions=coalitions):
                return moved
        question = _Question(instance, coalitions)
        try:
            found = question.near(self.known, effort) or question.sought(effort, self.quick)
        except TimeOverError:
            return None
        if isinstance(found, Roadmap):
            self.known.insert(0, found)
        return found


def good_enough(instance: Instance, roadmap: Roadmap, *, coalitions: bool = True) -> Certificate | None:
    """The certificate of a roadmap that helps, holds and reaches what is due; else None. coalitions : their rows count, too."""
    certificate = certify(instance, roadmap)
    broken = any(coalitions or row.row != "coalition" for row in certificate.broken)
    return certificate if certificate.helps and not broken else None


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


@dataclass(frozen=True)
class _Question:
    """Whether a problem has such a roadmap. coalitions : whether their rows count."""

    instance: Instance
    coalitions: bool

    def near(self, known: Sequence[Roadmap], effort: Effort) -> Roadmap | None:
        """A roadmap near one that was found for another problem: its steps a few phases sooner or later, its odds, or those a
        phase before."""
        for one, delay in itertools.islice(itertools.product(known[:_NEAR], (0, 1)), effort.trials):
            if effort.over():
                return None
            moved = transferred(one, self.instance)
            pairs = certify(self.instance, moved).pairs
            odds = {p: np.array([float(o) for o in (*c.odds[:1] * delay, *c.odds)[: len(c.odds)]]) for p, c in pairs.items()}
            found = self._tried(odds, effort.part(0.05), near=moved)
            if found is not None:
                return found
        return None

    def sought(self, effort: Effort, quick: bool) -> Roadmap | bool | None:
        """Steps 2 to 5."""
        if effort.over():
            return None
        problem = self._problem(effort)
        root = relaxed(problem, _goal(problem), effort)
        if root.status == "infeasible":
            return False
        if root.status != "optimal" or root.point is None or effort.over():
            return None
        for share, strength in itertools.product((0.06, 0.2), STRENGTHS[: effort.trials] if problem.trust else ()):
            if (share > 0.1 and quick) or effort.over():
                return None
            if share > 0.1 and strength == STRENGTHS[0]:
                plain = self._exact(self._problem(effort, trust=False), effort.part(0.3), most=1)
                if plain is not None:
                    return plain
            found = self._tried(problem.earned(root.point, strength), effort.part(share))
            if found is not None:
                return found
        return self._exact(problem, effort)

    def _problem(self, effort: Effort, odds: Odds | None = None, *, trust: bool = True) -> Problem:
        limits: dict[str, Any] = {"entries": False, "deadline": effort.until}
        return Problem(self.instance, odds=odds, trust=trust, helping=True, rounding="up", **limits)

    def _tried(self, odds: Odds, effort: Effort, near: Roadmap | None = None) -> Roadmap | None:
        """A roadmap among those that earn at least these odds, if the effort is enough; `near` another one, if given."""
        problem = self._problem(effort, odds)
        fixed: Fixed | None = None if near is None else problem.schedule.around(near, _WIDTH)
        found = trial(problem, _goal(problem), effort, near=fixed, first=effort.part(0.3), stop_at=_ANY)
        return found if found is not None and good_enough(self.instance, found, coalitions=self.coalitions) else None

    def _exact(self, problem: Problem, effort: Effort, *, most: int = MENDS) -> Roadmap | bool | None:
        """Decide by whole numbers; `most`: look at so many schedules only."""
        goal, demanded = _goal(problem), set()

        def sound(roadmap: Roadmap) -> bool:
            if good_enough(self.instance, roadmap, coalitions=self.coalitions):
                return True
            problem.refine(roadmap)
            for row in certify(self.instance, roadmap).broken if self.coalitions else ():
                key = row.together, row.keeping, row.phase
                if row.row == "coalition" and key not in demanded:  # once: more would cut off others
                    demanded.add(key)
                    problem.tighten(row)
            return False

        return certified(problem, lambda: effort.solve(problem.programme, goal, stop_at=_ANY), effort, sound=sound, most=most)


def _goal(problem: Problem) -> Expression:
    return total([problem.gain(i) for i in problem.instance.touched])
