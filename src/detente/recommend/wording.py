"""The words of a recommendation, for every face that tells one: terminal, comparison, brief."""

from __future__ import annotations

from detente.recommend.result import Alternative

__all__ = ["BY_CONDITION", "certain"]

BY_CONDITION = "each as soon as what it waits for has been seen"


def certain(a: Alternative) -> bool:
    """Whether nothing was drawn to count its share of draws: no value is uncertain."""
    return a.interval == (a.holds, a.holds)
