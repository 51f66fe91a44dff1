"""The range of a number that the case gives without one: v lies around it, as far as the case's spread s says, 0 <= s < 1.

    value, one-off, stalemate, breakdown    v (1 - s) .. v .. v (1 + s)
    trust, irreversible share, chance       on the scale of odds: odds / (1 + s) .. odds .. odds (1 + s); 0 and 1 stay
    signal                                  on the scale of logs: g^(1 - s) .. g .. g^(1 + s)
    discount                                by what a phase takes away: 1 - (1 - d)(1 + s) .. d .. 1 - (1 - d)(1 - s), never
                                            below d (1 - s)
    lag                                     stays the number it is

0 stays 0, and what the case does not state (a signal of 1, a lag of 1) stays as it is. s is what the case says under
`draws.spread`; where the case is silent it is that of the bundled profile `plain`, which is an assumption and is told as such
wherever a share is. With s = 0 only what has a range is drawn.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from detente.base.frozen import Frozen
from detente.base.words import figure
from detente.case.profile import Bounds, Judgements, judgements
from detente.errors import CaseError

__all__ = ["Varied", "around", "assumed"]

Span = tuple[Fraction, Fraction]
ONE = Fraction(1)


@dataclass(frozen=True)
class Varied(Frozen):
    """How much of a case was varied.

    varied : quantities that were drawn. quantities : all that the case states. by_spread : those of `varied` that have no range
    of their own. spread : by which they were varied. said_by : "case", or the profile where the case is silent.
    """

    varied: int
    quantities: int
    by_spread: int
    spread: float
    said_by: str

    def __str__(self) -> str:
        which = "the case's" if self.said_by == "case" else "the assumed"
        spread = f", {self.by_spread} of them by {which} spread of {figure(self.spread)}" if self.by_spread else ""
        return f"{self.varied} of {self.quantities} quantities varied{spread}"

    def to_dict(self) -> dict[str, object]:
        return {
            "varied": self.varied,
            "quantities": self.quantities,
            "by_spread": self.by_spread,
            "spread": self.spread,
            "spread_by": self.said_by,
        }


@functools.cache
def assumed(key: str) -> tuple[Fraction, str]:
    """A judgement about draws that no case states, and the name of the profile that does."""
    wanted = {"spread": Bounds(0, 0.99), "wider": Bounds(1, 10)}
    found: Judgements = judgements("plain", "detente.case.draws", wanted, CaseError)
    return Fraction(str(found[key])), f"profile {found.name}"


def around(kind: str, likely: Fraction, spread: Fraction) -> Span:
    """Low and high of a number of that kind that the case gives alone; the number itself where it is not varied."""
    return _SCALES.get(kind, _by_share)(likely, spread) if spread else (likely, likely)


def _by_share(v: Fraction, s: Fraction) -> Span:
    off = abs(v) * s
    return v - off, v + off


def _by_odds(p: Fraction, s: Fraction) -> Span:
    if p in (0, 1):
        return p, p
    odds = p / (1 - p)
    low, high = odds / (1 + s), odds * (1 + s)
    return low / (1 + low), high / (1 + high)


def _by_log(g: Fraction, s: Fraction) -> Span:
    low, high = (Fraction(float(g) ** float(power)) for power in (ONE - s, ONE + s))
    return min(low, g), max(high, g)


def _by_rate(d: Fraction, s: Fraction) -> Span:
    return max(1 - (1 - d) * (1 + s), d * (1 - s)), 1 - (1 - d) * (1 - s)


def _not(x: Fraction, _: Fraction) -> Span:
    return x, x


_SCALES: Mapping[str, Callable[[Fraction, Fraction], Span]] = {
    "trust": _by_odds,
    "irreversible": _by_odds,
    "chance": _by_odds,
    "fails": _by_odds,
    "undoes": _by_odds,
    "signal": _by_log,
    "discount": _by_rate,
    "lag": _not,
}
