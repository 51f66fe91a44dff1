"""What is known at an origin: the panel cut off behind it. A model is given nothing else, so nothing later can reach it.

Convention: the origin is the last period whose values are used; horizon h = 1..H is the period h after it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from detente.case.profile import Judgements
from detente.forecast.panel import Panel, Series
from detente.forecast.profile import plain_profile

__all__ = ["Past", "past"]


@dataclass(frozen=True, eq=False)
class Past:
    """N units that exist at origin o, with their values up to it.

    y : of shape (N, o + 1). who : places of the units in the panel. partner : the place here of the reverse dyad, or -1.
    members : for units of two names, numbers of both, of shape (N, 2); for others of shape (N, 0). judged : what is taken for
    granted.
    """

    y: Series = field(repr=False)
    who: NDArray[np.int64] = field(repr=False)
    partner: NDArray[np.int64] = field(repr=False)
    members: NDArray[np.int64] = field(repr=False)
    first: int = 0
    year: int = 12
    judged: Judgements = field(default_factory=plain_profile, repr=False)

    @property
    def origin(self) -> int:
        """The last known period."""
        return int(self.y.shape[1]) - 1

    @property
    def counts(self) -> bool:
        """Whether everything known so far is a whole number of at least 0."""
        known = self.y[np.isfinite(self.y)]
        return bool((known >= 0).all() and (known == np.rint(known)).all())

    @property
    def lowest(self) -> float:
        """0 where nothing known so far is below it, else minus infinity: no forecast goes below."""
        known = self.y[np.isfinite(self.y)]
        return 0.0 if bool((known >= 0).all()) else -np.inf

    def season(self, t: NDArray[np.int64] | int) -> NDArray[np.int64]:
        """The place of a period in its year."""
        return np.asarray(self.first + t, dtype=np.int64) % self.year


def past(panel: Panel, origin: int) -> Past:
    """Cut a panel off behind an origin."""
    who = np.flatnonzero(panel.born <= origin)
    here = np.full(len(panel.units) + 1, -1, dtype=np.int64)
    here[who] = np.arange(len(who))
    names: dict[str, int] = {}
    two = bool(len(who)) and all(len(panel.units[u]) == 2 for u in who)
    members = [[names.setdefault(x, len(names)) for x in panel.units[u]] for u in who] if two else [[] for _ in who]
    return Past(
        panel.y[who, : origin + 1].copy(),
        who,
        here[panel.partners[who]],
        np.array(members, dtype=np.int64).reshape(len(who), 2 if two else 0),
        panel.first,
        panel.year,
        panel.judged,
    )
