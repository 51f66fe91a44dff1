"""How a record is told: which shifts are shown and how weighty an act is drawn, as a named profile, bundled or a file.

No entry has a default in the code, and a file must give every one, with its source or the word assumed. Results name the
profile and its values. How much evidence says for trust is another profile (`detente.record.trust.profile`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from detente.case.profile import Bounds, Judgements, judgements
from detente.errors import RecordError

__all__ = ["ENTRIES", "record_profile"]

ENTRIES: Mapping[str, Bounds] = {
    "shift": Bounds(0.001, 0.5),
    "longest": Bounds(0.01, 1e6),
    "faintest": Bounds(0, 1),
    "unscaled": Bounds(0, 1),
    "months": Bounds(2, 1000, whole=True),
}


def record_profile(given: str | Path | Mapping[str, Any] | Judgements = "plain") -> Judgements:
    """A bundled profile by name, a file by its path, or plain data.

    Raises
    ------
    RecordError
        With every fault at once: no such profile, no YAML, an entry that is missing, unknown or out of range.
    """
    return judgements(given, "detente.record", ENTRIES, RecordError)
