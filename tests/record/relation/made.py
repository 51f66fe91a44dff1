"""Records made for tests: a few events, by country, day and quad class."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from detente.record.workspace import Workspace

ABOUT: dict[str, Any] = {
    "format": "csv",
    "ontology": "cameo",
    "dates": ["2018-01-01", "2018-12-31"],
    "file": "made.csv",
    "first_line": 2,
}
ABOUT |= {"ids": None, "read": 0, "rejected": {}}


def event(date: str, side: str, other: str, quad: int | None = 2, intensity: float | None = 7.0, **more: Any) -> dict[str, Any]:
    """One event."""
    scale = None if intensity is None else "goldstein"
    rated = {"quad": quad, "intensity": intensity, "scale": scale, "ontology": "cameo"}
    return {"date": date, "source_country": side, "target_country": other, **rated, **more}


def record_of(folder: Path, rows: Iterable[Mapping[str, Any]]) -> Workspace:
    """A workspace that holds them."""
    workspace = Workspace.create(folder / "record")
    with workspace.adding():
        workspace.append("events", list(rows), ABOUT)
    return workspace
