"""Both pictures of a case at once: the frontier of speed against safety, and what each level of trust makes possible.

They share what was found: roadmaps for the levels of trust are tried for the frontier too, where they hold at the stated trust.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from detente.case.case import Case
from detente.compare.frontier import Frontier, frontier
from detente.compare.levels import TrustLevels, trust_levels
from detente.compare.pool import Pool
from detente.plan.roadmap import Roadmap

__all__ = ["Pictures", "pictures"]


@dataclass(frozen=True)
class Pictures:
    """Both are None where nobody depends on another party's word."""

    frontier: Frontier | None
    levels: TrustLevels | None


def pictures(case: Case, known: Sequence[Roadmap] = (), *, objective: str = "nash", thorough: bool = False) -> Pictures:
    """Work both out; `known`: roadmaps to begin with, the plan above all."""
    pool = Pool(case.instance, objective)
    levels = trust_levels(case, objective=objective, known=known, thorough=thorough, pool=pool)
    found = [m.roadmap for m in pool.members() if m.strain <= 1]
    return Pictures(frontier(case, known=[*known, *found], thorough=thorough), levels)
