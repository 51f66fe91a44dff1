"""What a roadmap is chosen for: the Nash product of the gains, their sum, or the smallest gain.

gain[i] = V[i,0] - no deal[i] (module `case.alone`), for the parties that some measure touches; the others have no say. Only
roadmaps that help are compared (module `plan.process`): whatever is maximised, nobody pays for it.

    nash   maximise the sum of log gain. A gain of zero is allowed only where nothing else is possible: then as many parties as
           possible gain, and among such roadmaps the product of the positive gains is largest (maximal Nash welfare).
    sum    maximise the sum of the gains, in the case's units.
    min    maximise the smallest gain, in the case's units.

In a programme gains are counted in units of the party (nash) or of all parties (sum, min), so that nothing depends on those of
the case (module `units`).

The logarithm is approached from above by tangents, log g <= log a + (g - a) / a: with enough of them the programme's optimum is
the true one, and every optimum of the programme is a bound.

Nash 1950, The bargaining problem; Caragiannis et al. 2016, The unreasonable fairness of maximum Nash welfare; Kelley 1960.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from detente.case.instance import Instance
from detente.plan.certificate import Certificate
from detente.plan.search.rows import POSITIVE, Rows
from detente.plan.units import common, weights
from detente.solver.linear import Expression, Solution, total

__all__ = ["OBJECTIVES", "Aim", "shortfall", "welfare"]

OBJECTIVES = ("nash", "sum", "min")

_AROUND = (0.7, 0.85, 0.93, 0.97, 1.0, 1.03, 1.07, 1.15, 1.3)  # multiples of the gains of a point that get a tangent too
_CLOSE = 1e-6  # tangents that err by no more are near enough


def welfare(objective: str, certificate: Certificate, instance: Instance) -> tuple[float, ...]:
    """The value of a certified roadmap under an objective, comparable as a tuple: the larger, the better.

    nash: (number of parties that gain, sum of the logs of the positive gains), or (-1, ..) where the roadmap does not help;
    sum, min: one number.
    """
    gains = [certificate.gain[i] for i in instance.touched]
    if objective == "sum":
        return (float(sum(gains, Fraction(0))),)
    if objective == "min":
        return (float(min(gains, default=Fraction(0))),)
    if not certificate.helps:
        return (-1.0, 0.0)
    return (float(sum(g > 0 for g in gains)), math.fsum(_log(g) for g in gains if g > 0))


def _log(x: Fraction) -> float:
    return math.log(x.numerator) - math.log(x.denominator)


def shortfall(objective: str, value: float, bound: float, parties: int) -> float:
    """By how much a better roadmap could at most be better: a share of the geometric mean, the sum or the smallest gain."""
    if not math.isfinite(bound):
        return math.inf
    if objective == "nash":
        return max(0.0, math.expm1((bound - value) / max(parties, 1)))
    missing = max(0.0, bound - value)
    return missing / abs(bound) if missing and bound else missing and math.inf


class Aim:
    """An objective as columns and rows of a programme.

    Parameters
    ----------
    parties : whose gains count; for nash each of them gains.

    Its values are sums of the logs of the gains, each in the party's own size; for sum and min gains in the unit of all.
    """

    def __init__(self, objective: str, rows: Rows, parties: Sequence[str]) -> None:
        self.objective = objective
        self.rows = rows
        self.parties = tuple(parties)
        self.gains: Mapping[str, Expression] = {i: rows.gain(i) for i in rows.instance.touched}
        programme = rows.programme
        self._unit = common(objective, rows.instance, self.parties)
        weight = weights(objective, rows.instance, self.parties)
        if objective == "sum":
            self.expression = total([self.gains[i] * weight[i] for i in self.parties])
        elif objective == "min":
            self.expression = programme.variable(-1e12, 1e12)
            for i in self.parties:
                programme.row(self.gains[i] - self.expression * (1 / weight[i]))
        else:
            self._logs = {i: programme.variable(-60.0, 60.0) for i in self.parties}
            self.expression = total(self._logs.values())
            self._tangents: dict[str, list[float]] = {i: [] for i in self.parties}
            for i in self.parties:
                programme.row(self.gains[i], POSITIVE)
                for exponent in range(-12, 16):
                    self.touch(i, 2.0**exponent)

    @property
    def curved(self) -> bool:
        """Whether tangents stand for a curve (nash) or the objective is linear as it is."""
        return self.objective == "nash"

    def touch(self, party: str, gain: float) -> bool:
        """Add the tangent at a gain, unless there is one at that place already."""
        if gain < POSITIVE or any(abs(gain - g) < 1e-9 * g for g in self._tangents[party]):
            return False
        self._tangents[party].append(gain)
        tangent = self.gains[party] * (1 / gain) + Expression(constant=math.log(gain) - 1)
        self.rows.programme.row(tangent - self._logs[party])
        return True

    def touch_at(self, point: NDArray[np.float64], around: Sequence[float] = (1.0,)) -> bool:
        """Add tangents at the gains of a point, and at multiples of them."""
        added = [self.touch(i, self.gains[i].at(point) * f) for i in self.parties for f in around]
        return any(added)

    def touch_up(self, solution: Solution) -> bool:
        """Add tangents around the optimum of a relaxation, if those that there are err there; whether any were added."""
        if not self.curved or solution.point is None or solution.value - self.value(solution.point) <= _CLOSE:
            return False
        return self.touch_at(solution.point, _AROUND)

    def worth(self, gains: Mapping[str, Fraction]) -> float:
        """The objective of exact gains, in the units of `expression`; -inf where one that must be positive is not."""
        chosen = [gains[i] for i in self.parties]
        if self.objective == "sum":
            return float(sum(chosen, Fraction(0)) / self._unit)
        if self.objective == "min":
            return float(min(chosen) / self._unit)
        if any(g <= 0 for g in chosen):
            return -math.inf
        return math.fsum(_log(gains[i] / self.rows.size[i]) for i in self.parties)

    def told(self, value: float) -> float:
        """A value of `expression` in the units of the case."""
        if not self.curved:
            return value * float(self._unit)
        return value + math.fsum(_log(self.rows.size[i]) for i in self.parties)

    def value(self, point: NDArray[np.float64]) -> float:
        """The objective at a point, the curve itself in place of its tangents."""
        if not self.curved:
            return self.expression.at(point)
        gains = [self.gains[i].at(point) for i in self.parties]
        return math.fsum(math.log(max(g, 1e-300)) for g in gains)
