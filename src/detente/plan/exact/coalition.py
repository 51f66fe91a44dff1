"""What a coalition would keep up among its members after stepping out together, so that each of them gains; in exact
arithmetic.

Measures can be kept up or not, each as a whole, so it is a choice among finitely many; mostly weights show at once that no
choice will do. Whatever weights w > 0 the members are given, they do not all gain if the weighted sum of their gains can be no
more than 0: for all choices at once, since each measure then adds its part if that is positive.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

__all__ = ["best_kept"]

_CHOICES = 20_000


def best_kept(
    worth: Mapping[int, tuple[Fraction, ...]], short: tuple[Fraction, ...]
) -> tuple[tuple[int, ...], tuple[Fraction, ...]]:
    """A choice of measures by which every member gains more than it is short, or, where there is none, the one that leaves the
    member that gains least best off among those tried; and the gains.

    Whatever weights the members are given, nobody is left out if the weighted sum of their gains can be no more than 0. Where
    no weights show that, all choices are gone through, leaving branches that cannot do. More than `_CHOICES` are not: then it
    counts as shown that all would gain, which is on the safe side.
    """
    zero = Fraction(0)
    for_all = [n for n, x in worth.items() if min(x) >= 0]
    open_to_choice = sorted((n for n, x in worth.items() if min(x) < 0 < max(x)), key=lambda n: -sum(worth[n]))
    gains = tuple(sum((worth[n][k] for n in for_all), -short[k]) for k in range(len(short)))
    best: tuple[tuple[int, ...], tuple[Fraction, ...]] = tuple(for_all), gains
    still = [tuple(zero for _ in short)]  # what the measures from here on could add at most, from the last on
    for n in reversed(open_to_choice):
        still.append(tuple(a + max(x, zero) for a, x in zip(still[-1], worth[n], strict=True)))
    still.reverse()
    if min(gains) > 0 or min(a + b for a, b in zip(gains, still[0], strict=True)) <= 0:
        return best
    choices = [worth[n] for n in open_to_choice]
    if (weights := _promising(gains, choices)) and _most(weights, gains, choices) <= 0:
        return best
    stack, tried = [(0, best[0], gains)], 0
    while stack and min(best[1]) <= 0:
        at, chosen, reached = stack.pop()
        tried += 1
        if tried > _CHOICES:
            return (), tuple(a + b for a, b in zip(gains, still[0], strict=True))
        if min(reached) > min(best[1]):
            best = chosen, reached
        if at < len(open_to_choice) and min(a + b for a, b in zip(reached, still[at], strict=True)) > 0:
            n = open_to_choice[at]
            stack.append((at + 1, chosen, reached))
            stack.append((at + 1, (*chosen, n), tuple(a + x for a, x in zip(reached, worth[n], strict=True))))
    return best


def _most(weights: Sequence[Fraction], gains: Sequence[Fraction], worth: Iterable[Sequence[Fraction]]) -> Fraction:
    """The largest weighted sum of gains over all choices."""
    weighted = (sum((a * b for a, b in zip(weights, x, strict=True)), Fraction(0)) for x in worth)
    return sum((a * b for a, b in zip(weights, gains, strict=True)), sum((x for x in weighted if x > 0), Fraction(0)))


def _promising(gains: Sequence[Fraction], worth: Sequence[Sequence[Fraction]]) -> tuple[Fraction, ...]:
    """The weights for which that sum is smallest, as far as floating point can tell: of two members it is so where keeping some
    measure changes nothing; three are weighed alike."""
    if len(gains) > 2:
        return (Fraction(1),) * len(gains)
    plain = [float(x) for x in gains]
    rough = [(float(x), float(y)) for x, y in worth]
    tried = {n: (-y, x) if x > 0 else (y, -x) for n, (x, y) in enumerate(rough)}

    def most(weights: tuple[float, float]) -> float:
        a, b = weights
        return (a * plain[0] + b * plain[1] + sum(max(a * x + b * y, 0.0) for x, y in rough)) / (a + b)

    chosen = min(tried, key=lambda n: most(tried[n]), default=None)
    if chosen is None:
        return ()
    x, y = worth[chosen]
    return (-y, x) if x > 0 else (y, -x)
