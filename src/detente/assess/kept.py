"""What plays come to, worked out once on a machine: the same case, profile, strategies and program give the same.

What is kept (`base.cache.arrays_once`) is arrays of numbers under fixed words; a file is named by a hash of the whole question.
Of a case from standard input or a pipe nothing is kept, nor of so few plays that they would not be worth a file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from detente.assess.layout import Script
from detente.assess.profile import PlayProfile
from detente.case.case import Case

if TYPE_CHECKING:
    from detente.case.draws.draw import Uncertainty

__all__ = ["PLAYS", "question"]

PLAYS = "plays"
_WORTH = 20_000  # plays of a strategy, times strategies, from which on they are kept


def question(
    case: Case, profile: PlayProfile, scripts: Sequence[Script], uncertain: Uncertainty | None, runs: int, *asked: object
) -> str | None:
    """The hash of all that plays depend on; None: nothing of it is kept. asked : plain data, besides."""
    if runs * len(scripts) < _WORTH:
        return None
    judged = {k: repr(e) for k, e in profile.values.items()}
    played = [[x.tolist() if isinstance(x, np.ndarray) else x for x in script] for script in scripts]
    drawn = None if uncertain is None else str(uncertain.spans.widen)
    return case.key(judged, played, drawn, runs, *asked)
