"""What forecasts take for granted and no table says: a named profile, bundled or a file.

No entry has a default in the code, and a file must give every one, with its source or the word assumed. Every result names the
profile and its values.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from detente.case.profile import Bounds, Judgements, judgements
from detente.errors import ProfileError

__all__ = ["ENTRIES", "forecast_profile", "plain_profile"]

ENTRIES: Mapping[str, Bounds] = {
    "fewest_periods": Bounds(3, 1000, whole=True),
    "fewest_rows": Bounds(10, 20_000, whole=True),
    "training": Bounds(2, 100_000, whole=True),
    "memory": Bounds(0.1, 10_000),
    "outlying": Bounds(1, 1e6),
    "shortest": Bounds(0.1, 10_000),
    "short": Bounds(0.1, 10_000),
    "middle": Bounds(0.1, 10_000),
    "long": Bounds(0.1, 10_000),
    "trees": Bounds(1, 10_000, whole=True),
    "leaf": Bounds(1, 10_000, whole=True),
    "rounds": Bounds(1, 10_000, whole=True),
    "validated": Bounds(1, 1000, whole=True),
    "independent": Bounds(0, 1000),
    "span_week": Bounds(1, 100_000, whole=True),
    "span_month": Bounds(1, 100_000, whole=True),
    "span_quarter": Bounds(1, 100_000, whole=True),
    "span_year": Bounds(1, 100_000, whole=True),
    "windows_before": Bounds(1, 1000, whole=True),
    "fewest_windows": Bounds(1, 1000, whole=True),
}


def forecast_profile(given: str | Path | Mapping[str, Any] | Judgements = "plain") -> Judgements:
    """A bundled profile by name, a file by its path, or plain data.

    Raises
    ------
    ProfileError
        With every fault at once: no such profile, no YAML, an entry that is missing, unknown or out of range.
    """
    return judgements(given, "detente.forecast", ENTRIES, ProfileError)


@cache
def plain_profile() -> Judgements:
    """The bundled one that holds where none is named."""
    return forecast_profile("plain")
