"""Ranges as their author means them, and wider ones: the ends move away from the likely value m by a factor k, each on the
scale of its quantity. An end x becomes

    value, one-off, stalemate, breakdown, lag     m + k (x - m)
    trust, irreversible share, chance, discount   by odds o = p/(1 - p): o(m) (o(x)/o(m))^k; from m = 0 on k o(x), down from
                                                  m = 1 o(x)/k; ends at 0 and 1 stay
    signal                                        by logs: m (x/m)^k

kept to what the quantity allows: breakdown from 0, lag 1 to 1000, signal from 1; trust and discount stay a millionth off 0 and
1. A discount is a chance like weight: near 1 the log of its odds is that of what a phase takes away, and no factor leads beyond
1.

Confidence c (`ranges.confidence`): a range of the case is the central part of its distribution that holds the probability c.
k >= 1 is the factor at which

    F_k(high) - F_k(low) = c,     F_k: the case's shape on the ends that k makes

For a triangle on a straight scale k = 1/(1 - sqrt(1 - c)): beyond an end lies (1 - 1/k)^2 of the share of its side. Otherwise
the root is found to 1e-12. Where what the quantity allows ends before, that is the range.

Widening multiplies every range by a factor more, after confidence, those that the spread gives too. Experts' ranges are too
narrow: those that were to hold the truth in 80 of 100 cases held it in 68, in the best form of asking. By which factor shares
are told a second time is an entry of the bundled profile `plain`.

Speirs-Bridge et al. 2010, Reducing overconfidence in the interval judgments of experts, Risk Analysis 30.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from detente.case.draws.shape import Shape
from detente.case.draws.spread import around, assumed
from detente.case.value import Value
from detente.errors import InputError

if TYPE_CHECKING:
    from detente.case.case import Case

__all__ = ["Spans", "check_widen", "factor", "stretched", "wider"]

Span = tuple[Fraction, Fraction]

_EDGE = Fraction(1, 10**6)
_MOST = 2.0**40  # by which a range is multiplied, where no factor gives it its confidence
_BY_ODDS = ("trust", "irreversible", "chance", "fails", "undoes", "discount")
_LEAST = {"breakdown": Fraction(0), "lag": Fraction(1), "signal": Fraction(1), "trust": _EDGE, "discount": _EDGE}
_LARGEST = {"lag": Fraction(1000), "trust": 1 - _EDGE, "discount": 1 - _EDGE}


@dataclass(frozen=True)
class Spans:
    """How the numbers of a case become ranges.

    spread : of numbers without one. shape : "pert" or "triangular". confidence : that a number lies within its range; None: it
    never lies beyond. widen : by what every range is multiplied.
    """

    spread: Fraction
    spread_by: str
    shape: str
    shape_by: str
    confidence: Fraction | None
    widen: Fraction

    @classmethod
    def of(cls, case: Case, widen: float = 1.0) -> Spans:
        """As the case says, else as the profiles do."""
        said = case.draws
        spread, by = assumed("spread") if said is None or said.spread is None else (said.spread, "case")
        shape, shape_by = ("pert", "profile pert") if said is None or said.shape is None else (said.shape, "case")
        confidence = None if case.ranges is None else case.ranges.confidence
        return cls(spread, by, shape, shape_by, confidence, check_widen(widen))

    def span(self, kind: str, value: Value) -> Span:
        """Low and high of a number of that kind; both the number itself where it is not varied."""
        m = value.likely
        if not value.is_range:
            low, high = around(kind, m, self.spread)
        elif self.confidence is None:
            low, high = value.low, value.high
        else:
            by = factor(kind, value.low, m, value.high, self.shape, self.confidence)
            low, high = stretched(kind, value.low, m, value.high, by)
        return stretched(kind, low, m, high, self.widen)


def check_widen(widen: float) -> Fraction:
    """The factor, exactly as it is written.

    Raises
    ------
    InputError
        If it is no finite number of at least 0.
    """
    if isinstance(widen, bool) or not isinstance(widen, (int, float, Fraction)) or not 0 <= widen < math.inf:
        raise InputError(f"widen: got {widen!r}, wanted a finite number of at least 0; 1 leaves the ranges as they are given")
    return Fraction(str(widen))


def wider() -> float:
    """By what ranges are multiplied where a share is told a second time."""
    return float(assumed("wider")[0])


def stretched(kind: str, low: Fraction, likely: Fraction, high: Fraction, by: Fraction) -> Span:
    """The ends of a range that is multiplied by a factor."""
    if by == 1 or low == high:
        return low, high
    if by == 0:
        return likely, likely
    move = _by_odds if kind in _BY_ODDS else _by_logs if kind == "signal" else _straight
    least, largest = min(_LEAST.get(kind, move(low, likely, by)), low), max(_LARGEST.get(kind, move(high, likely, by)), high)
    return min(max(move(low, likely, by), least), likely), max(min(move(high, likely, by), largest), likely)


@functools.lru_cache(maxsize=10_000)
def factor(kind: str, low: Fraction, likely: Fraction, high: Fraction, shape: str, confidence: Fraction) -> Fraction:
    """By what a range is multiplied so that it holds its confidence before."""
    from scipy.optimize import brentq

    if low == high:
        return Fraction(1)
    ends = np.array([float(low), float(high)])

    def excess(by: float) -> float:
        a, b = (np.full(2, float(x)) for x in stretched(kind, low, likely, high, Fraction(by)))
        below = Shape.of(shape, a, np.full(2, float(likely)), b).below(ends)
        return float(below[1] - below[0]) - float(confidence)

    by = 1.0
    while excess(2 * by) > 0:
        by *= 2
        if by >= _MOST:
            return Fraction(by)
    return Fraction(by if excess(by) <= 0 else brentq(excess, by, 2 * by, xtol=1e-13, rtol=1e-14))


def _straight(x: Fraction, m: Fraction, by: Fraction) -> Fraction:
    return m + by * (x - m)


def _by_odds(x: Fraction, m: Fraction, by: Fraction) -> Fraction:
    if x in (0, 1, m):
        return x
    if m in (0, 1):
        rest = x if m == 0 else 1 - x
        odds = by * rest / (1 - rest)
        return abs(m - odds / (1 + odds))
    log = _log_odds(m) + float(by) * (_log_odds(x) - _log_odds(m))
    return Fraction(1 / (1 + math.exp(min(700.0, -log))))


def _log_odds(p: Fraction) -> float:
    return math.log(p / (1 - p))


def _by_logs(x: Fraction, m: Fraction, by: Fraction) -> Fraction:
    return Fraction(math.exp(min(700.0, math.log(m) + float(by) * (math.log(x) - math.log(m)))))
