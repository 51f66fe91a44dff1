"""Two gifts of uncertain worth, for which the share of draws is known in closed form.

Both given at once and for ever (`smallcases`): with a gift worth u to its receiver, going on is worth (u - 1) / 0.2 and one
phase of cheating u, so a party is loyal iff u >= 1.25. Trust is 0.96: at odds of 24 it dares (one unit at risk) nearly always,
and does not cheat for fear of the other's stop, by which it would be spared one unit, iff 24 (4 u - 5) >= 1, u >= 1.25 + 1/96.
u is triangular on [1, 1.5, 2]: P(u < 1 + x) = 2 x^2 up to one half.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import detente as dt
from detente.case.case import Case
from detente.plan.roadmap import Roadmap, roadmap_from_steps
from smallcases import Data, parties, swap

LOYAL, KEEPS = 7 / 8, 1 - 2 * (25 / 96) ** 2


def uncertain(*who: str) -> Callable[[Data], None]:
    """What the other's gift is worth to these parties becomes a range."""

    def change(data: Data) -> None:
        data["draws"] = {"shape": "triangular", "spread": 0}
        parties(trust=0.96)(data)
        for i in who:
            data["measures"][f"give-{'b' if i == 'a' else 'a'}"]["value"][i] = [1, 1.5, 2]

    return change


def gifts(*who: str) -> tuple[Case, Roadmap]:
    """The case, and the roadmap in which both give at once."""
    case = dt.load(swap(uncertain(*who)))
    return case, roadmap_from_steps([["give-a", "give-b"]], case.instance)


def near(found: float, wanted: float, count: float) -> bool:
    """Within 4.5 standard errors of a share counted in so many draws."""
    return abs(found - wanted) < 4.5 * math.sqrt(wanted * (1 - wanted) / count)
