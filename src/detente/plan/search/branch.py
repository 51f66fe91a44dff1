"""The search for the best schedule: a roadmap, and a bound on what any roadmap could reach.

1. Whose gains count (nash): all touched parties if some roadmap lets them all gain, else as many as possible.
2. Relaxation: solve without whole numbers; touch the logarithm where the optimum lies, add the trust rows that it breaks, until
   neither moves it. Its value bounds every roadmap.
3. Trials: the odds that the relaxation earns are fixed, which makes the problem plain, and a schedule is found in it (what
   its relaxation leaves whole stays, the rest is decided). The schedule earns odds of its own, at least those; with them fixed
   the next trial can only be better. This climbs to a good roadmap in a few solves, also where step 4 cannot end. Where trust
   is so scarce that no trial ends in a roadmap, pairs of steps are added greedily (module `plan.walk.pairs`), and where that
   ends far from the bound, walks come down from more trust (module `plan.walk.ladder`).
4. Search with whole numbers from the best trial on, adding what its solutions break, until the bound is met or time is over.
5. Ties: with the objective held, the lower peak exposure; with that held too, the earlier entries.

What each step may take is counted in rounds and nodes, so the answer does not depend on the machine or what else it does. The
time limit is above all that: where it ends something, `struck` says so.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from detente.case.instance import Instance
from detente.plan.certificate import Certificate, PairCourse, Row, certify
from detente.plan.roadmap import Roadmap
from detente.plan.search.objective import Aim, shortfall
from detente.plan.search.possible import add_broken, any_step, gaining, is_large
from detente.plan.search.rows import Rows
from detente.solver.linear import Expression, Progress, Relaxation, Solution, TimeOverError, total

__all__ = ["Found", "Search", "add_broken", "any_step", "gaining", "is_large"]

_ROUNDS = 40  # of tangents and trust rows on a relaxation
_STRENGTHS = (1.0, 0.8, 0.6, 0.3, 0.0)  # of the logs of the odds that the relaxation earns
_TIES = 40  # nodes for each of the two searches among equals
_ASCENTS = 20  # trials one after the other
_TRIAL_NODES = {False: 50, True: 20}  # of a trial: in a case that is not large, and in one that is
_FAR = 0.05  # from the bound: a share from which on walks are worth their time
_AROUND = (0.7, 0.85, 0.93, 0.97, 1.0, 1.03, 1.07, 1.15, 1.3)

Odds = dict[tuple[str, str], NDArray[np.float64]]


@dataclass(frozen=True)
class Found:
    """The best schedule of a search.

    value, bound : of the objective; no schedule exceeds the bound.
    parties : whose gains counted.
    cut_short : the bound was not met.
    """

    roadmap: Roadmap
    value: float
    bound: float
    parties: tuple[str, ...]
    cut_short: bool
    ties_settled: bool = False


def _odds(pairs: Mapping[tuple[str, str], PairCourse]) -> Odds:
    """The odds that a certified schedule earns."""
    return {pair: np.array([float(o) for o in course.odds]) for pair, course in pairs.items()}


class Search:
    """A case with an objective, searched again as often as rows have to be tightened.

    Parameters
    ----------
    deadline : on the clock of `time.monotonic`.
    gap : the share by which a roadmap may fall short of the bound.
    parties : whose gains count (`gaining` says whose, for the Nash product).
    """

    def __init__(
        self,
        instance: Instance,
        objective: str,
        deadline: float,
        gap: float,
        parties: Sequence[str],
        *,
        trust: bool = True,
        red_lines: bool = True,
        progress: Progress | None = None,
    ) -> None:
        self.instance, self.objective, self.deadline, self.gap = instance, objective, deadline, gap
        self.trust, self.red_lines, self.progress = trust, red_lines, progress
        self.large = is_large(instance)
        self._began = time.monotonic()
        self.rows = Rows(instance, trust=trust, red_lines=red_lines, entries=self.large, deadline=deadline)
        self.bound = math.inf
        self.struck = False
        self._start: Roadmap | None = None
        self._gains: dict[str, float] = {}
        self._root: Solution | None = None
        self.aim = Aim(objective, self.rows, parties) if parties else None

    def told(self, value: float) -> float:
        """A value of the objective in the units of the case."""
        return value if self.aim is None else self.aim.told(value)

    def left(self) -> float:
        """Seconds left."""
        return self.deadline - time.monotonic()

    def over(self, reserve: float = 0.0) -> bool:
        """Whether no more time is left than that, which then counts as struck."""
        self.struck |= (over := self.left() <= reserve)
        return over

    def _noted(self, solution: Solution) -> Solution:
        self.struck |= solution.timed
        return solution

    def tighten(self, rows: Sequence[Row]) -> bool:
        """Demand a little more of rows that exact arithmetic found broken; False if one of them is unknown here."""
        self._start = None
        known = [self.rows.tighten(row) for row in rows]
        return all(known)

    def best(self) -> Found | None:
        """The best schedule; None where no schedule satisfies the rows, or nothing can be gained by any."""
        aim = self.aim
        if aim is None:
            return None
        relaxed = self._relax(self.rows, aim)
        if relaxed.status == "infeasible":
            return None
        if relaxed.point is None:
            return self._nothing_yet(aim)
        self.bound = min(self.bound, relaxed.value)
        self._report(-math.inf)
        self._gains = {i: max(aim.gains[i].at(relaxed.point), 1e-6) for i in aim.parties}
        self._root = relaxed
        value = self._climb(relaxed)
        if not self.large or self._start is None:
            value = self._exact(aim, value)
        if self._start is None and self.bound == -math.inf:
            return None
        if self._start is None:
            return self._nothing_yet(aim)
        return Found(self._start, value, self.bound, aim.parties, cut_short=self._short(value) > 0)

    def _nothing_yet(self, aim: Aim) -> Found:
        return Found(Roadmap.empty(self.instance), -math.inf, self.bound, aim.parties, cut_short=True)

    def _report(self, value: float) -> None:
        if self.progress is not None:
            self.progress(time.monotonic() - self._began, value, self.bound)

    def _short(self, value: float) -> float:
        """By how much the bound exceeds a value, beyond what counts as none."""
        assert self.aim is not None
        if self.aim.curved:
            # a tangent row may be missed by the solver's tolerance, so the curved objective is known no better than that
            allowed = max(math.log1p(self.gap) * len(self.aim.parties), 5e-7)
        else:
            allowed = max(self.gap * abs(self.bound), 1e-8 * max(abs(self.bound), 1.0))
        return max(0.0, self.bound - value - allowed)

    # -- 2. relaxation -----------------------------------------------------------------------------------------------------

    def _relax(self, rows: Rows, aim: Aim) -> Solution:
        """The optimum of the relaxation with the trust rows and tangents that it needs."""
        solution: Solution | None = None
        relaxation = Relaxation(rows.programme, interior=self.large)
        for _ in range(_ROUNDS):
            latest = self._noted(relaxation.solve(aim.expression, self.left()))
            if latest.point is None:
                return solution if solution is not None and latest.status == "limit" else latest
            solution = latest
            added = add_broken(rows, latest.point)
            if aim.curved and latest.value - aim.value(latest.point) > 1e-6:
                added |= aim.touch_at(latest.point, _AROUND)
            if not added or self.over():
                break
        assert solution is not None
        return solution

    # -- 3. trials ---------------------------------------------------------------------------------------------------------

    def _climb(self, relaxed: Solution) -> float:
        """Trials, from all, some or none of the odds that the relaxation earns; the best roadmap becomes the start.

        A small case only needs somewhere to start. Where all of the odds lead nowhere, that is what walks find.
        Returns the value of the best roadmap.
        """
        assert relaxed.point is not None
        value = -math.inf
        for strength in _STRENGTHS if self.trust else (1.0,):
            known = Roadmap.empty(self.instance) if strength == 0 else None  # it satisfies the rows of the trial
            value = self._ascend(self._earned(self.rows, relaxed.point, strength), known, value, again=self.large)
            if self._start is None and not self.large and strength == 1.0:
                value = self._grown()
            if self._short(value) == 0 or (self._start is not None and not self.large):
                break
        return value

    def _ascend(self, odds: Odds | None, known: Roadmap | None, value: float, *, again: bool) -> float:
        """A trial, and with `again` one after the other, each with the odds that the last has earned, as long as they rise."""
        reached = -math.inf
        for _ in range(_ASCENTS):
            if odds is None or self.over(0.2):
                break
            try:
                roadmap = self._trial(odds, known)
            except TimeOverError:
                break
            odds = None
            if roadmap is None:
                continue
            certificate = certify(self.instance, roadmap, trust=self.trust, red_lines=self.red_lines)
            worth = self._worth(roadmap)
            if self._lacks(certificate) or worth <= reached + 1e-7 * max(1.0, abs(worth)):
                continue
            reached, known = worth, roadmap
            if reached > value:
                value = self._begin_from(roadmap, certificate)
            if self.trust and self._short(value) > 0 and again:
                odds = _odds(certificate.pairs)
        return value

    def _lacks(self, certificate: Certificate) -> bool:
        """Whether a row is broken by more than the solver's tolerance."""
        return any(row.slack < -1e-6 * self.rows.size.get(row.party or "", 1) for row in certificate.broken)

    def _begin_from(self, roadmap: Roadmap, certificate: Certificate) -> float:
        """Take a roadmap as the best one known. Returns its value."""
        self._start = roadmap
        gains = {i: certificate.value[i] - certificate.no_deal[i] for i in self.instance.touched}
        self._gains = {i: max(float(g / self.rows.size[i]), 1e-6) for i, g in gains.items()}
        value = self._worth(roadmap)
        self._report(value)
        return value

    def _grown(self) -> float:
        """Greedy pair-adding, and walks where that ends far from the bound; then trials from the odds that the better earns.

        Returns the value of what comes out.
        """
        from detente.plan.walk.ladder import descended
        from detente.plan.walk.pairs import grow

        asks = {"trust": self.trust, "red_lines": self.red_lines}
        made = grow(self.instance, self.objective, seconds=self.left(), **asks)
        self.struck |= not made.finished
        start, value = made.roadmap, self._worth(made.roadmap) if made.holds else -math.inf
        if shortfall(self.objective, value, self.bound, len(self.instance.touched)) > _FAR and not self.over():
            walked = descended(self.instance, self.objective, **asks)
            if walked is not None and self._worth(walked) > value:
                start, value = walked, self._worth(walked)
        certificate = certify(self.instance, start, **asks)
        if start.is_empty or value == -math.inf:
            return -math.inf
        value = self._begin_from(start, certificate)
        return self._ascend(_odds(certificate.pairs), start, value, again=True)

    def _earned(self, rows: Rows, point: NDArray[np.float64], strength: float) -> Odds:
        """The odds that a point earns, by ordered pair and phase; `strength` scales the logs of what was earned."""
        phases = range(self.instance.phases + 1)
        return {
            pair: np.array([t.start(s) * math.exp(strength * t.seen[s].at(point)) for s in phases])
            for pair, t in rows.trust.items()
        }

    def _trial(self, odds: Odds, known: Roadmap | None) -> Roadmap | None:
        """A schedule under fixed odds: the relaxation, then whatever it leaves between 0 and 1 decided.

        known : a roadmap that earns at least these odds, to start from.
        """
        assert self.aim is not None
        rows = Rows(
            self.instance,
            trust=self.trust,
            red_lines=self.red_lines,
            odds=odds if self.trust else None,
            entries=self.large,
            margins=self.rows.margins,
            deadline=self.deadline,
        )
        goal = self._straightened(rows)
        relaxation = Relaxation(rows.programme, interior=self.large)
        while True:
            relaxed = self._noted(relaxation.solve(goal, self.left()))
            if relaxed.point is None or self.over():
                return None
            if not add_broken(rows, relaxed.point):
                break
        columns = rows.schedule.columns()
        whole = np.abs(relaxed.point[columns] - np.round(relaxed.point[columns])) < 1e-6
        kept = columns[whole & rows.schedule.settled(relaxed.point)[columns]]
        gap = 1e-4 * (len(self.aim.parties) if self.aim.curved else max(abs(self.bound), 1.0))
        nodes = _TRIAL_NODES[self.large]
        start = None if known is None else rows.point(known)
        fixed: tuple[NDArray[np.int64], NDArray[np.float64]] | None = (kept, np.round(relaxed.point[kept]))
        while True:
            begin = start if fixed is None else None
            found = rows.programme.solve(goal, gap=gap, seconds=self.left(), fixed=fixed, start=begin, nodes=nodes)
            solution = self._noted(found)
            if solution.point is None and fixed is not None and not self.large and self._start is None:
                fixed = None  # what the relaxation left whole cannot stay: decide all of it
            elif solution.point is None or self.over() or not add_broken(rows, solution.point):
                return None if solution.point is None else rows.roadmap(solution.point)

    def _straightened(self, rows: Rows) -> Expression:
        """The objective as a plain sum: the curve replaced by its tangent plane at the best gains known."""
        aim = self.aim
        assert aim is not None
        if not aim.curved:
            return Aim(self.objective, rows, aim.parties).expression
        for i in self.instance.touched:
            rows.programme.row(rows.gain(i))
        return total(rows.gain(i) * (1 / self._gains[i]) for i in aim.parties)

    def _fine(self) -> float:
        """A gap for sub-problems: well below the one asked for, not below the solver's tolerance."""
        assert self.aim is not None
        if self.aim.curved:
            return max(math.log1p(self.gap) * len(self.aim.parties) / 4, 2e-7)
        return max(self.gap / 4 * abs(self.bound), 1e-8 * max(abs(self.bound), 1.0))

    def _worth(self, roadmap: Roadmap) -> float:
        """The objective of a roadmap, from exact values."""
        assert self.aim is not None
        certificate = certify(self.instance, roadmap, trust=False, red_lines=False)
        return self.aim.worth({i: certificate.value[i] - certificate.no_deal[i] for i in self.instance.touched})

    # -- 4. whole numbers --------------------------------------------------------------------------------------------------

    def _exact(self, aim: Aim, value: float) -> float:
        """Solve with whole numbers until nothing is broken and the curve is touched; updates bound and start."""
        rows = self.rows
        rough = True
        for trust in rows.trust.values():
            for t in (
                trust.plain() if trust.columns else ()
            ):  # a pair that runs short of trust: a search for each row costs more
                trust.add(t)
        if aim.curved and self._root is not None and self._root.point is not None:
            self._touch_between(aim, self._root.point)
        while (self._short(value) > 0 or self._start is None) and not self.over():
            start = rows.point(self._start or Roadmap.empty(self.instance))
            # the time may not be over before rows that a first answer breaks have been added
            seconds = 0.85 * self.left() if rough else self.left()
            solution = rows.programme.solve(
                aim.expression,
                gap=self._fine(),
                seconds=seconds,
                start=start,
                progress=self.progress,
                proving=not rough,
            )
            self._noted(solution)
            if solution.status == "infeasible":
                if self._start is None:
                    self.bound = -math.inf
                break
            if all(t.exact for t in rows.trust.values()):
                self.bound = min(self.bound, solution.bound)
            if solution.point is None:
                break
            added = add_broken(rows, solution.point)
            if not added:
                roadmap = rows.roadmap(solution.point)
                worth = self._worth(roadmap)
                if worth > value or self._start is None:
                    value, self._start = worth, roadmap
            else:
                # mend it: with the odds that it earns fixed, a roadmap near it may satisfy every row
                earned = certify(self.instance, rows.roadmap(solution.point)).pairs
                try:
                    mended = self._trial(_odds(earned), None)
                except TimeOverError:
                    break
                if mended is not None and self._worth(mended) > value:
                    value, self._start = self._worth(mended), mended
            touched = aim.curved and aim.touch_at(solution.point)
            if not added and not rough and (not touched or solution.status != "optimal"):
                break
            rough = added and rough
        return value

    def _touch_between(self, aim: Aim, point: NDArray[np.float64]) -> None:
        """Tangents from the gains of the relaxation to those of the start and a little beyond, where the optimum mostly lies.

        They stand so close, 0.001 apart, that a single search may prove its answer: they err by (0.001 / 2) ** 2 / 2 at most.
        """
        for i in aim.parties:
            ends = sorted((aim.gains[i].at(point), self._gains[i]))
            low, high = max(0.96 * ends[0], 0.5 * ends[1]), 1.03 * ends[1]
            for gain in np.exp(np.arange(math.log(low), math.log(high), 1e-3)):
                aim.touch(i, float(gain))

    # -- 5. ties -----------------------------------------------------------------------------------------------------------

    def settle_ties(self, found: Found) -> Found:
        """A schedule as good as the one found, with the lower peak exposure, then earlier."""
        aim, programme = self.aim, self.rows.programme
        if aim is None or found.cut_short or self.large or self.over(0.1):
            return found
        if aim.curved:
            aim.touch_at(self._gains_point(found.roadmap))
        programme.row(aim.expression, found.value - 1e-7 * max(1.0, abs(found.value)))
        point = self.rows.point(found.roadmap)
        exposures = [e for by_pair in self.rows.exposures.values() for e in by_pair.values()]
        goals = [(self.rows.schedule.earliness(), 0.5)]  # a whole number: half a unit is no gap
        if exposures:
            goals.insert(0, (self._peak(exposures), 1e-6))
        settled = self._settled(found.value)
        for goal, gap in goals:
            fixed = (settled, np.round(point[settled]))
            left = self.left()
            solution = programme.solve(goal, gap=gap, seconds=left, start=point, nodes=_TIES, fixed=fixed, proving=True)
            self._noted(solution)
            if solution.point is None or solution.status != "optimal" or add_broken(self.rows, solution.point):
                return found
            point = solution.point
            programme.row(goal, solution.value - 1e-7 * max(1.0, abs(solution.value)))
        return replace(found, roadmap=self.rows.roadmap(point), ties_settled=True)

    def _settled(self, value: float) -> NDArray[np.int64]:
        """Columns of the schedule that are the same in every roadmap as good as `value`: moving one costs the relaxation more
        than it has to spare.
        """
        root, columns = self._root, self.rows.schedule.columns()
        if root is None or root.reduced is None or root.point is None:
            return columns[:0]
        whole = np.abs(root.point[columns] - np.round(root.point[columns])) < 1e-9
        return columns[whole & (root.reduced[columns] > root.value - value + 1e-6)]

    def _gains_point(self, roadmap: Roadmap) -> NDArray[np.float64]:
        """A point with the exact V[i,0] of a roadmap, enough to touch the curve at."""
        certificate = certify(self.instance, roadmap, trust=False, red_lines=False)
        point = np.zeros(self.rows.programme.size)
        for i, columns in self.rows.V.items():
            point[columns[0]] = float(certificate.value[i] / self.rows.size[i])
        return point

    def _peak(self, exposures: Sequence[Expression]) -> Expression:
        """Minus the largest exposure of any party, each in its scaled units."""
        peak = Expression(self.rows.programme.columns(1, 0.0, math.inf), np.ones(1))
        for exposure in exposures:
            self.rows.programme.row(peak - exposure)
        return -peak
