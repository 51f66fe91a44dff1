"""For what a play draws random numbers; how they are made is told in `base.splitmix`."""

from __future__ import annotations

from detente.base.splitmix import key_of, u

__all__ = [
    "ANSWER",
    "CLASS",
    "CONSENT",
    "DEMAND",
    "FAILS",
    "FALL",
    "GOVERNMENT",
    "LATE",
    "MEND",
    "NOTICE",
    "OPPOSE",
    "READING",
    "SHOCK",
    "STRIKE",
    "TYPE",
    "WORK",
    "key_of",
    "u",
]

TYPE, GOVERNMENT, SHOCK, NOTICE, MEND, STRIKE, FAILS, LATE = range(8)
WORK, CLASS, CONSENT, DEMAND, READING, OPPOSE, FALL, ANSWER = range(8, 16)
"""Purposes. (a, b): party, 0 or 1 + government risk or 1 + these + phase; risk; risk, phase; measure, phase; measure, phase;
party, phase; risk, measure; the same. Measure of the case file; the same; consent, phase; demand; demand; party, phase; measure
+ M (0: lapse, 1 + party: undone, 1 + P + demand), phase; answer of the case, or these + P measure + party, and phase."""
