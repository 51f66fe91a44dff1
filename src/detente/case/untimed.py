"""A word on a case in which nothing takes time.

A step without `takes` has its effect in the phase in which it is begun. Where that holds of every step, a plan may lean on what
the world could not deliver as soon, so it is told wherever the case is shown.
"""

from __future__ import annotations

from detente.case.case import Case

__all__ = ["untimed"]


def untimed(case: Case) -> str | None:
    """The sentence to be told; None where a step that is not in force takes time."""
    if any(not spec.takes.is_zero and not spec.in_force for spec in case.measures.values()):
        return None
    return "No step is said to take time: each has its effect in the phase in which it is begun."
