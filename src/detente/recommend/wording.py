"""The words of a recommendation, for every face that tells one: terminal, comparison, brief."""

from __future__ import annotations

from detente.recommend.late import LateStep
from detente.recommend.result import Alternative

__all__ = ["BY_CONDITION", "certain", "late_in_words"]

BY_CONDITION = "each as soon as what it waits for has been seen"


def certain(a: Alternative) -> bool:
    """Whether nothing was drawn to count its share of draws: no value is uncertain."""
    return a.interval == (a.holds, a.holds)


def late_in_words(late: LateStep, measure: str, phases: str, party: str, gain: str) -> str:
    """What the single late step costs that costs most. measure, phases, party, gain : as the face says them."""
    ends = f"still gains {gain}" if late.gain >= 0 else f"ends below no deal, by {gain}"
    return f"If one step comes late, {measure} by {phases} costs most: {party} {ends}, if all else goes well."
