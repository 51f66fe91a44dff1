"""Firm demands as prerequisites: which of them a recommended roadmap meets, and which one it goes on without.

A demand with `firm: high` is kept (`plan.conditions`): what it holds back waits until what it wants first has been seen. Where
such demands run in a circle they cannot all be met by a roadmap that brings what they are about, so one minimal relaxation
(`diagnose.demands`) is given up: the one with which the mended plan does best in plays. Where nothing certified meets them
without a circle, none of them is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator

from detente.case.case import Case
from detente.diagnose.demands import deadlocks, relaxations

__all__ = ["choices"]

_MOST = 6  # minimal relaxations that are tried, the smallest first


def choices(case: Case) -> Iterator[tuple[str, ...]]:
    """Sets of firm demands to be met."""
    firm = [d for d in case.demands if d.firm == "high"]
    locked, _ = deadlocks(firm, case.instance)
    ways = relaxations(locked)[0][:_MOST] if locked else ((),)
    for way in ways:
        yield tuple(d.id for d in firm if d.id not in way)
