"""The judgements that plays need and a case has not: a named profile, bundled or a file.

No entry has a default in the code, and a file must give every one, with its reason. Every result names the profile and its
values.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from detente.case.profile import Bounds, Judgements, judgements
from detente.errors import ProfileError

__all__ = ["ENTRIES", "PlayProfile", "load_profile"]

PlayProfile = Judgements

ENTRIES: Mapping[str, Bounds] = {
    "spoilers": Bounds(0, 1, ranged=True),
    "strikes": Bounds(0, 1, ranged=True),
    "overlooked": Bounds(0, 0.95, ranged=True),
    "mends": Bounds(0, 1, ranged=True),
    "patience": Bounds(0, 100, whole=True, ranged=True),
    "tolerate": Bounds(0, 100, whole=True, ranged=True),
    "initiatives": Bounds(1, 100, whole=True, ranged=True),
    "odds": Bounds(1, 100, ranged=True),
    "warning": Bounds(1, 1000, whole=True, ranged=True),
}


def load_profile(given: str | Path | Mapping[str, Any] | PlayProfile = "plain") -> PlayProfile:
    """A bundled profile by name, a file by its path, or plain data.

    Raises
    ------
    ProfileError
        With every fault at once: no such profile, no YAML, an entry that is missing, unknown or out of range.
    """
    return judgements(given, "detente.assess", ENTRIES, ProfileError)
