"""The judgements that asking needs and a case has not: a named profile, bundled or a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from detente.case.profile import Bounds, Judgements, judgements
from detente.errors import ProfileError

__all__ = ["ENTRIES", "AskProfile", "load_profile"]

AskProfile = Judgements

_MINUTES = Bounds(0.01, 1000)
_SHARE = Bounds(0, 1)

ENTRIES: Mapping[str, Bounds] = {
    "minutes_comparison": _MINUTES,
    "minutes_choice": _MINUTES,
    "minutes_number": _MINUTES,
    "right_comparison": Bounds(0.5, 1),
    "right_choice": _SHARE,
    "left_number": _SHARE,
    "least_fall": _SHARE,
    "within": _SHARE,
    "spread": _SHARE,
    "verdict": _SHARE,
    "worlds": Bounds(100, 1_000_000, whole=True),
    "least_worlds": Bounds(10, 1_000_000, whole=True),
    "plays": Bounds(256, 10_000_000, whole=True),
    "played_again": Bounds(256, 10_000_000, whole=True),
    "wider": Bounds(1, 10),
    "most_candidates": Bounds(1, 100, whole=True),
    "first_questions": Bounds(0, 1000),
}


def load_profile(given: str | Path | Mapping[str, Any] | AskProfile = "plain") -> AskProfile:
    """A bundled profile by name, a file by its path, or plain data.

    Raises
    ------
    ProfileError
        With every fault at once: no such profile, no YAML, an entry that is missing, unknown or out of range.
    """
    return judgements(given, "detente.ask", ENTRIES, ProfileError)
