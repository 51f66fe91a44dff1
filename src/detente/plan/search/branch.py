"""The search for the best schedule: a roadmap, and a bound on what any roadmap could reach.

1. Whose gains count (nash): all touched parties if some roadmap lets them all gain, else as many as possible.
2. Relaxation (`relax`): the optimum without whole numbers. Its value bounds every roadmap.
3. Trials: the odds that the relaxation earns are fixed, which makes the problem plain, and a schedule is found in it (what
   its relaxation leaves whole stays, the rest is decided). The schedule earns odds of its own, at least those; with them fixed
   the next trial can only be better. This climbs to a good roadmap in a few solves, also where step 4 cannot end. Where trust
   is so scarce that the first trial ends in none, pairs of steps are added greedily (`plan.walk.pairs`), and where that ends
   far from the bound, walks come down from more trust (`plan.walk.ladder`). Only then is all of the schedule decided in a
   trial, which may take most of the time there is.
4. Search with whole numbers from the best trial on, adding what its solutions break, until the bound is met or time is over.
5. Ties: with the objective held, the lower peak exposure; with that held too, the earlier entries.

What each step may take is counted in rounds and nodes, so the answer does not depend on the machine or what else it does. The
time limit is above all that: where it ends something, the effort says that it struck.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from detente.case.alone import alone
from detente.case.instance import Instance
from detente.plan.certificate import Certificate, certify, values
from detente.plan.process import Process
from detente.plan.roadmap import Roadmap
from detente.plan.search.columns import is_large
from detente.plan.search.objective import Aim, shortfall
from detente.plan.search.problem import Odds, Problem, odds_of
from detente.plan.search.relax import STRENGTHS, relaxed, tighten, trial
from detente.solver.effort import Effort
from detente.solver.linear import Expression, Progress, Solution, TimeOverError, total

__all__ = ["Found", "Search"]

_TIES = 40  # nodes for each of the two searches among equals
_ASCENTS = 20  # trials one after the other
_FAR = 0.05  # from the bound: a share from which on walks are worth their time
_TRIAL_NODES = {False: 50, True: 20}  # of a trial: in a case that is not large, and in one that is


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


Better = Callable[[Found, Certificate], None]
"""Called with each roadmap on the way that is better than those before it, where its certificate holds."""


class Search:
    """A case with an objective, searched again as often as rows have to be tightened.

    Parameters
    ----------
    effort : how much may be spent; its nodes for each search for a first roadmap.
    gap : the share by which a roadmap may fall short of the bound.
    parties : whose gains count (`gaining` says whose, for the Nash product).
    """

    def __init__(
        self,
        instance: Instance,
        objective: str,
        effort: Effort,
        gap: float,
        parties: Sequence[str],
        *,
        trust: bool = True,
        red_lines: bool = True,
        progress: Progress | None = None,
        better: Better | None = None,
    ) -> None:
        self.instance, self.objective, self.effort, self.gap = instance, objective, effort, gap
        self.progress, self.better = progress, better
        self.large = is_large(instance)
        self._began = time.monotonic()
        self.problem = Problem(instance, trust=trust, red_lines=red_lines, helping=True, rounding="up", deadline=effort.until)
        self.asks = self.problem.asks
        self.bound, self._value = math.inf, -math.inf
        self._start: Roadmap | None = None  # the best roadmap known, of that value
        self._gains: dict[str, float] = {}
        self._root: Solution | None = None
        self.parties = tuple(parties)
        if parties:
            self.aim = Aim(objective, self.problem, parties)

    def certificate(self, roadmap: Roadmap) -> Certificate:
        """The certificate of a roadmap by the rows that are asked for."""
        return certify(self.instance, roadmap, **self.asks)

    def tighten(self, certificate: Certificate) -> bool:
        """Demand a little more of rows that exact arithmetic found broken; False if one of them is unknown here."""
        self._start, self._value = None, -math.inf
        return tighten(self.problem, certificate)

    def best(self) -> Found | None:
        """The best schedule; None where no schedule satisfies the rows, or nothing can be gained by any."""
        if not self.parties:
            return None
        root = self._root = relaxed(self.problem, self.aim, self.effort)
        if root.status == "infeasible":
            return None
        if root.point is not None:
            self.bound = min(self.bound, root.value)
            self._report()
            self._gains = {i: max(self.aim.gains[i].at(root.point), 1e-6) for i in self.parties}
            self._climb(root.point)
            if not self.large or self._start is None:
                self._exact(root.point)
            if self._start is None and self.bound == -math.inf:
                return None
        if self._start is None:
            return Found(Roadmap.empty(self.instance), -math.inf, self.bound, self.parties, cut_short=True)
        return Found(self._start, self._value, self.bound, self.parties, cut_short=self._short() > 0)

    def _report(self) -> None:
        if self.progress is not None:
            self.progress(time.monotonic() - self._began, self._value, self.bound)
        if self.better is not None and self._start is not None:
            certificate = self.certificate(self._start)
            if certificate.holds and certificate.helps:
                self.better(Found(self._start, self._value, self.bound, self.parties, cut_short=True), certificate)

    def _short(self) -> float:
        """By how much the bound exceeds the best value, beyond what counts as none."""
        if self.aim.curved:
            # a tangent row may be missed by the solver's tolerance, so the curved objective is known no better than that
            allowed = max(math.log1p(self.gap) * len(self.parties), 5e-7)
        else:
            allowed = max(self.gap * abs(self.bound), 1e-8 * max(abs(self.bound), 1.0))
        return max(0.0, self.bound - self._value - allowed)

    # -- 3. trials ---------------------------------------------------------------------------------------------------------

    def _climb(self, root: NDArray[np.float64]) -> None:
        """Trials, from all, some or none of the odds that the relaxation earns; the best roadmap becomes the start.

        A small case only needs somewhere to start. Where all of the odds lead nowhere, that is what walks find.
        """
        for strength in STRENGTHS if self.problem.trust else (1.0,):
            odds, first = self.problem.earned(root, strength), strength == 1.0
            self._ascend(odds, None, again=self.large, all_else=not first)
            if first and self._start is None and not self.large:
                self._grow()
                if self._short() > 0 and self._is_far(self._value):
                    self._ascend(odds, None, again=False, all_else=True)
            if self._short() == 0 or (self._start is not None and not self.large):
                break

    def _ascend(self, odds: Odds | None, known: Roadmap | None, *, again: bool, all_else: bool = False) -> None:
        """A trial, and with `again` one after the other, each with the odds that the last has earned, as long as they rise."""
        reached = -math.inf
        for _ in range(_ASCENTS):
            if odds is None or self.effort.over(0.2):
                break
            try:
                roadmap = self._trial(odds, known, all_else=all_else and not self.large)
            except TimeOverError:
                break
            odds = None
            if roadmap is None:
                break
            certificate, worth = self.certificate(roadmap), self._worth(roadmap)
            if self._lacks(certificate) or worth <= reached + 1e-7 * max(1.0, abs(worth)):
                break
            reached, known = worth, roadmap
            if reached > self._value:
                self._begin_from(roadmap)
            if self.problem.trust and self._short() > 0 and again:
                odds = odds_of(certificate.pairs)

    def _lacks(self, certificate: Certificate) -> bool:
        """Whether a row is broken by more than the solver's tolerance."""
        return any(row.slack < -1e-6 * self.problem.size.get(row.party or "", 1) for row in certificate.broken)

    def _begin_from(self, roadmap: Roadmap) -> None:
        """Take a roadmap as the best one known."""
        gain, self._value = self._valued(roadmap)
        self._start, size = roadmap, self.problem.size
        self._gains = {i: max(float(gain[i] / size[i]), 1e-6) for i in self.instance.touched}
        self._report()

    def _grow(self) -> None:
        """Greedy pair-adding, walks where that ends far from the bound, then trials from the odds that the better earns."""
        from detente.plan.walk.ladder import descended
        from detente.plan.walk.pairs import grow

        if self.effort.over():
            return
        made = grow(self.instance, self.objective, seconds=self.effort.left(), **self.asks)
        self.effort.meter.struck |= not made.finished
        start, value = made.roadmap, self._worth(made.roadmap) if made.holds else -math.inf
        if self._is_far(value) and not self.effort.over():
            walked = descended(self.instance, self.objective, self.effort, **self.asks)
            if walked is not None and self._worth(walked) > value:
                start, value = walked, self._worth(walked)
        if not start.is_empty and value > -math.inf:
            self._begin_from(start)
            self._ascend(odds_of(self.certificate(start).pairs), start, again=True)

    def _is_far(self, value: float) -> bool:
        return shortfall(self.objective, value, self.bound, len(self.parties)) > _FAR

    def _trial(self, odds: Odds, known: Roadmap | None, *, all_else: bool) -> Roadmap | None:
        """A schedule under fixed odds, good for the plain sum that stands for the objective near the best gains known.

        known : a roadmap that earns at least these odds, to start from. all_else : as of `trial`.
        """
        fixed = odds if self.problem.trust else None
        options = {"margins": self.problem.margins, "deadline": self.effort.until, **self.asks}
        problem = Problem(self.instance, odds=fixed, helping=True, **options)
        gap = 1e-4 * (len(self.parties) if self.aim.curved else max(abs(self.bound), 1.0))
        effort = replace(self.effort, nodes=_TRIAL_NODES[self.large])
        return trial(problem, self._straightened(problem), effort, all_else=all_else, known=known, gap=gap)

    def _straightened(self, problem: Problem) -> Expression:
        """The objective as a plain sum: the curve replaced by its tangent plane at the best gains known."""
        if not self.aim.curved:
            return Aim(self.objective, problem, self.parties).expression
        return total(problem.gain(i) * (1 / self._gains[i]) for i in self.parties)

    def _fine(self) -> float:
        """A gap for sub-problems: well below the one asked for, not below the solver's tolerance."""
        if self.aim.curved:
            return max(math.log1p(self.gap) * len(self.parties) / 4, 2e-7)
        return max(self.gap / 4 * abs(self.bound), 1e-8 * max(abs(self.bound), 1.0))

    def _valued(self, roadmap: Roadmap) -> tuple[dict[str, Fraction], float]:
        """The gains of a roadmap as its certificate has them, exactly, and its objective, -inf where it does not help. The rows
        are not worked out, which are most of a certificate."""
        value, no_deal = values(self.instance, roadmap), alone(self.instance).no_deal
        gain = {i: v - no_deal[i] for i, v in value.items()}
        return gain, self.aim.worth(gain) if Process(self.instance, roadmap).helps(value) else -math.inf

    def _worth(self, roadmap: Roadmap) -> float:
        return self._valued(roadmap)[1]

    # -- 4. whole numbers --------------------------------------------------------------------------------------------------

    def _exact(self, root: NDArray[np.float64]) -> None:
        """Solve with whole numbers until nothing is broken and the curve is touched; updates bound and start."""
        aim, problem, rough = self.aim, self.problem, True
        for pair, trust in problem.trust.items():
            if trust.columns:  # a pair that runs short of trust: a search for each row costs more
                for t in trust.plain():
                    problem.add(*pair, t)
        if aim.curved:
            self._touch_between(root)
        while (self._short() > 0 or self._start is None) and not self.effort.over():
            start = None if self._start is None else problem.point(self._start)
            # the time may not be over before rows that a first answer breaks have been added
            seconds = 0.85 * self.effort.left() if rough else self.effort.left()
            nodes = self.effort.nodes if self._start is None else None
            options = {"gap": self._fine(), "start": start, "progress": self.progress, "proving": not rough}
            solution = self.effort.solve(problem.programme, aim.expression, seconds=seconds, nodes=nodes, **options)
            if solution.status == "infeasible":
                if self._start is None:
                    self.bound = -math.inf
                break
            if problem.exact:
                self.bound = min(self.bound, solution.bound)
            if solution.point is None:
                break
            reached = problem.roadmap(solution.point)
            added = problem.add_broken(solution.point)
            added |= problem.refine(reached)
            roadmap: Roadmap | None = reached
            if added:  # mend it: with the odds that it earns fixed, a roadmap near it may satisfy every row
                try:
                    odds = odds_of(certify(self.instance, reached).pairs)
                    roadmap = self._trial(odds, None, all_else=not self.large and self._start is None)
                except TimeOverError:
                    break
            worth = -math.inf if roadmap is None else self._worth(roadmap)
            if worth > self._value or (not added and self._start is None):
                self._start, self._value = roadmap, worth
                self._report()
            touched = aim.curved and aim.touch_at(solution.point)
            if not added and not rough and (not touched or solution.status != "optimal"):
                break
            rough = added and rough

    def _touch_between(self, root: NDArray[np.float64]) -> None:
        """Tangents from the gains of the relaxation to those of the start and a little beyond, where the optimum mostly lies.

        They stand so close, 0.001 apart, that a single search may prove its answer: they err by (0.001 / 2) ** 2 / 2 at most.
        """
        for i in self.parties:
            ends = sorted((self.aim.gains[i].at(root), self._gains[i]))
            low, high = max(0.96 * ends[0], 0.5 * ends[1]), 1.03 * ends[1]
            for gain in np.exp(np.arange(math.log(low), math.log(high), 1e-3)):
                self.aim.touch(i, float(gain))

    # -- 5. ties -----------------------------------------------------------------------------------------------------------

    def settle_ties(self, found: Found) -> Found:
        """A schedule as good as the one found, with the lower peak exposure, then earlier."""
        aim, problem, programme = self.aim, self.problem, self.problem.programme
        if found.cut_short or self.large or self.effort.over(0.1):
            return found
        if aim.curved:
            for i, gain in self._valued(found.roadmap)[0].items():
                if i in self.parties:
                    aim.touch(i, float(gain / problem.size[i]))
        programme.row(aim.expression, found.value - 1e-7 * max(1.0, abs(found.value)))
        point = problem.point(found.roadmap)
        goals = [(self._least_peak(), 1e-6)] if problem.exposures else []
        goals.append((problem.schedule.earliness(), 0.5))  # a whole number: half a unit is no gap
        settled = self._settled(found.value)
        for goal, gap in goals:
            fixed = (settled, np.round(point[settled]))
            solution = self.effort.solve(programme, goal, gap=gap, start=point, nodes=_TIES, fixed=fixed, proving=True)
            if solution.point is None or solution.status != "optimal" or problem.add_broken(solution.point):
                return found
            point = solution.point
            programme.row(goal, solution.value - 1e-7 * max(1.0, abs(solution.value)))
        return replace(found, roadmap=problem.roadmap(point), ties_settled=True)

    def _settled(self, value: float) -> NDArray[np.int64]:
        """Columns of the schedule that are the same in every roadmap as good as `value`: moving one costs the relaxation more
        than it has to spare.
        """
        root, columns = self._root, self.problem.schedule.columns()
        if root is None or root.reduced is None or root.point is None:
            return columns[:0]
        whole = np.abs(root.point[columns] - np.round(root.point[columns])) < 1e-9
        return columns[whole & (root.reduced[columns] > root.value - value + 1e-6)]

    def _least_peak(self) -> Expression:
        """Minus the largest exposure of any party, each in its scaled units."""
        peak = self.problem.programme.variable(0.0, math.inf)
        for by_pair in self.problem.exposures.values():
            for exposure in by_pair.values():
                self.problem.programme.row(peak - exposure)
        return -peak
