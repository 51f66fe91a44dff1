"""For what a play draws random numbers; how they are made is told in `base.splitmix`."""

from __future__ import annotations

from detente.base.splitmix import key_of, u

__all__ = ["FAILS", "GOVERNMENT", "LATE", "MEND", "NOTICE", "SHOCK", "STRIKE", "TYPE", "key_of", "u"]

TYPE, GOVERNMENT, SHOCK, NOTICE, MEND, STRIKE, FAILS, LATE = range(8)
"""Purposes. (a, b): party, 0 or 1 + government risk; risk; risk, phase; measure, phase; measure, phase; party, phase; risk,
measure; the same."""
