"""How far the answer spreads when the inputs are inexact. How inexact they are is stated by whoever asks; there is no default.

    position      a normal error with the stated standard deviation, in hundredths of the range. Those who hold the same
                  position move together: it is the position that was placed, not the actor. Positions at the ends of the
                  range stay: they are what the ends mean. An actor with a stated range of positions is drawn from it instead
                  (`case.draws.shape`, PERT), equal ranges together.
    salience      a normal error in hundredths of its scale, one an actor, cut off at the scale's ends
    capability    factors e^z with z normal with the stated standard deviation (0.1: about 10%), one an actor

Each draw is answered as if it were the truth. What is reported is where 80% of the answers lie. This is the spread of the
answer, not of the outcome: the distribution says that, and is wider.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from detente.base.plain import told
from detente.case.draws.shape import Shape
from detente.errors import PositionsError
from detente.positions.single import Single

if TYPE_CHECKING:
    from detente.positions.panel import Floats

__all__ = ["Noise", "Spread", "spread"]

LEVELS = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class Noise:
    """Standard deviations of the inputs, as the module says; 0: exact."""

    position: float = 0.0
    salience: float = 0.0
    capability: float = 0.0
    draws: int = 1000
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("position", "salience", "capability"):
            value = getattr(self, name)
            if not 0 <= value < float("inf"):
                raise PositionsError(f"got {value:g} as the noise of {name}, wanted a standard deviation of at least 0")
        if self.draws < 1:
            raise PositionsError(f"got {self.draws} draws, wanted at least 1")

    def to_dict(self) -> dict[str, object]:
        """As JSON says it.

        position, salience, capability : the noise that was stated of each
        draws : how many draws
        """
        return told(self)


@dataclass(frozen=True)
class Spread:
    """10%, 50% and 90% points of the answers over the draws, in the issue's units; median and mean None without profile."""

    noise: Noise
    median: tuple[float, ...] | None
    mean: tuple[float, ...] | None
    weighted_mean: tuple[float, ...]

    def to_dict(self) -> dict[str, object]:
        """As JSON says it.

        noise : what was stated
        median : its 10%, 50% and 90% points over the draws
        mean : of the mean; both `null` without a profile
        weighted_mean : of the weighted mean
        """
        return told(self)


def spread(single: Single, noise: Noise, ranges: Floats, low: float, width: float) -> Spread:
    """Draw the inputs again and again. ranges : (n, 2), lowest and highest position in hundredths; NaN where none is stated."""
    rng = np.random.default_rng(noise.seed)
    V, n = noise.draws, single.size
    held, number = np.unique(single.x, return_inverse=True)
    moved = rng.normal(0.0, 1.0, (V, len(held)))[:, number] * noise.position
    at_end = (single.x <= 1e-6) | (single.x >= 100 - 1e-6)
    x = np.clip(single.x + np.where(at_end, 0.0, moved), 0.0, 100.0)
    stated = ~np.isnan(ranges).any(axis=1)
    if stated.any():
        triples = np.column_stack([ranges[:, 0], single.x, ranges[:, 1]])[stated]
        which, of = np.unique(triples, axis=0, return_inverse=True)
        drawn = [Shape.of("pert", *row[:, None]).draw(rng, V) if np.ptp(row) else np.tile(row[1:2], (V, 1)) for row in which]
        x[:, stated] = np.hstack(drawn)[:, np.ravel(of)]
    s = np.clip(single.s + rng.normal(0.0, 1.0, (V, n)) * noise.salience, 0.0, 100.0)
    c = single.c * np.exp(rng.normal(0.0, 1.0, (V, n)) * noise.capability)
    found = single.ask(x, s, c)

    def points(values: Floats | None) -> tuple[float, ...] | None:
        return None if values is None else tuple(float(v) for v in low + width * np.quantile(values, LEVELS) / 100)

    weighted = points(found.weighted_mean)
    assert weighted is not None
    return Spread(noise, points(found.median), points(found.mean), weighted)
