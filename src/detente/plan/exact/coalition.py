"""What a coalition would keep up among its members after stepping out together, so that each of them gains; in exact
arithmetic.

Measures can be kept up or not, each as a whole, so it is a choice among finitely many; mostly weights show at once that no
choice will do. Whatever weights w > 0 the members are given, they do not all gain if the weighted sum of their gains can be no
more than 0: for all choices at once, since each measure then adds its part if that is positive. What a member falls short of by
stepping out changes from phase to phase; what can be kept up only where something enters: the choices are made once for all
phases in between.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

__all__ = ["Choices"]

_CHOICES = 20_000

Gains = tuple[int, ...]


class Choices:
    """Which of some measures to keep up. worth : by measure, what each member has of it, in one whole unit for all members, of
    which `unit` make up one unit of value."""

    def __init__(self, worth: Mapping[int, Gains], members: int, unit: int) -> None:
        self._unit = unit
        self._for_all = tuple(n for n, x in worth.items() if min(x) >= 0)
        self._agreed = tuple(sum(worth[n][k] for n in self._for_all) for k in range(members))
        disputed = [n for n, x in worth.items() if min(x) < 0 < max(x)]
        self._disputed = sorted(disputed, key=lambda n: -sum(worth[n]))
        self._worth = [worth[n] for n in self._disputed]
        still = [(0,) * members]  # what the measures from here on could add at most, from the last on
        for x in reversed(self._worth):
            still.append(tuple(a + max(b, 0) for a, b in zip(still[-1], x, strict=True)))
        self._still = still[::-1]
        self._most: dict[Gains, int] = {}

    def best(self, short: Sequence[int]) -> tuple[tuple[int, ...], Gains]:
        """A choice of measures by which every member gains more than it is short, or, where there is none, the one that leaves
        the member that gains least best off among those tried; and the gains.

        Whatever weights the members are given, nobody is left out if the weighted sum of their gains can be no more than 0.
        Where no weights show that, all choices are gone through, leaving branches that cannot do. More than `_CHOICES` are not:
        then it counts as shown that all would gain, which is on the safe side.
        """
        gains = tuple(a - b for a, b in zip(self._agreed, short, strict=True))
        best = self._for_all, gains
        most = tuple(a + b for a, b in zip(gains, self._still[0], strict=True))
        if min(gains) > 0 or min(most) <= 0:
            return best
        weights = self._promising(gains)
        if sum(a * b for a, b in zip(weights, gains, strict=True)) + self._add(weights) <= 0:
            return best
        stack, tried = [(0, *best)], 0
        while stack and min(best[1]) <= 0:
            at, chosen, reached = stack.pop()
            tried += 1
            if tried > _CHOICES:
                return (), most
            if min(reached) > min(best[1]):
                best = chosen, reached
            if at < len(self._worth) and min(a + b for a, b in zip(reached, self._still[at], strict=True)) > 0:
                stack.append((at + 1, chosen, reached))
                more = tuple(a + x for a, x in zip(reached, self._worth[at], strict=True))
                stack.append((at + 1, (*chosen, self._disputed[at]), more))
        return best

    def _add(self, weights: Gains) -> int:
        """The most that measures can add to the weighted sum of gains."""
        if weights not in self._most:
            weighted = (sum(a * b for a, b in zip(weights, x, strict=True)) for x in self._worth)
            self._most[weights] = sum(x for x in weighted if x > 0)
        return self._most[weights]

    def _promising(self, gains: Gains) -> Gains:
        """The weights for which that sum is smallest, as far as floating point can tell: of two members it is so where keeping
        some measure changes nothing; three are weighed alike."""
        if len(gains) > 2:
            return (1,) * len(gains)
        one, other = (x / self._unit for x in gains)
        tried = ((a * one + b * other + add) / (a + b) for a, b, add in self._tried)
        x, y = min(zip(tried, self._worth, strict=True), key=lambda pair: pair[0])[1]
        return (-y, x) if x > 0 else (y, -x)

    @cached_property
    def _tried(self) -> list[tuple[float, float, float]]:
        """The weights of two members by which one of the measures changes nothing, and what the measures add by them."""
        rough = [(x / self._unit, y / self._unit) for x, y in self._worth]
        weights = [(-y, x) if x > 0 else (y, -x) for x, y in rough]
        return [(a, b, _positive(a * x + b * y for x, y in rough)) for a, b in weights]


def _positive(terms: Iterable[float]) -> float:
    return sum(max(x, 0.0) for x in terms)
