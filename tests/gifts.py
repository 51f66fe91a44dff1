"""Two gifts of uncertain worth, for which the share of draws is known in closed form.

Both given at once and for ever (`smallcases`): with a gift worth u to its receiver, going on is worth (u - 1) / 0.2 and one
phase of cheating u, so a party keeps to it iff u >= 1.25, and dares (odds 1, one unit at risk) iff u >= 1.2. u is triangular on
[1, 1.5, 2]: P(u < 1.25) = 1/8, P(u < 1.2) = 2/25.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import detente as dt
from detente.case.case import Case
from detente.plan.roadmap import Roadmap, roadmap_from_steps
from smallcases import Data, swap

KEEPS, DARES = 7 / 8, 23 / 25


def uncertain(*who: str) -> Callable[[Data], None]:
    """What the other's gift is worth to these parties becomes a range."""

    def change(data: Data) -> None:
        data["draws"] = {"shape": "triangular"}
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
