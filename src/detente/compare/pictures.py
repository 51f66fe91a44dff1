"""Both pictures of a case at once: the frontier of speed against safety, and what each level of trust makes possible.

They share what was found: a roadmap that was looked for because it is fast may be the best one where trust is scarce, and the
other way round.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from detente.case.case import Case
from detente.compare import frontier as speed
from detente.compare import levels as trust
from detente.compare.frontier import Frontier
from detente.compare.levels import TrustLevels
from detente.compare.trust import reference
from detente.plan.roadmap import Roadmap

__all__ = ["Pictures", "pictures"]


@dataclass(frozen=True)
class Pictures:
    """Both are None where nobody depends on another party's word; cut_short: the time was over before all was searched."""

    frontier: Frontier | None
    levels: TrustLevels | None
    cut_short: bool = False


def pictures(
    case: Case,
    known: Sequence[Roadmap] = (),
    *,
    objective: str = "nash",
    thorough: bool = False,
    until: float = math.inf,
) -> Pictures:
    """Work both out.

    Parameters
    ----------
    known : roadmaps to begin with; the plan above all.
    objective : what the best roadmap of a level of trust is chosen for.
    thorough : finer grids, more search and more bounds; small cases to the end.
    until : on the clock of `time.monotonic`: what was found by then is the answer. inf: work is counted, not seconds.
    """
    if reference(case.instance) is None:
        return Pictures(None, None)
    best = trust.filled(case, objective, known, thorough, until)
    fast, caps = speed.filled(case, [*known, *(m.roadmap for m in best.members(1))], thorough, like=best)
    for member in fast.members():
        best.add(member.roadmap)
    frontier, levels = speed.read(case, fast, caps, thorough), trust.read(case, best, thorough)
    return Pictures(frontier, levels, best.cut_short or fast.cut_short)
