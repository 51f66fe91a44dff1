"""What the record holds: one line for everything that was added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from detente.record.workspace import Workspace

__all__ = ["Contents", "contents"]


@dataclass(frozen=True)
class Contents:
    """additions : by table, what each part says of itself, in the order in which they were added."""

    additions: Mapping[str, tuple[Mapping[str, Any], ...]]

    def to_dict(self) -> dict[str, Any]:
        return {table: [dict(about) for about in parts] for table, parts in self.additions.items()}


def contents(workspace: Workspace) -> Contents:
    """What the record holds.

    Raises
    ------
    RecordError
        If a part is missing or cannot be read.
    """
    found = {}
    for table in ("events", "commitments", "indicators"):
        abouts = [
            {"key": part.key, **{key: value for key, value in part.about.items() if key != "constants"}}
            for part in workspace.parts(table)
        ]
        found[table] = tuple(sorted(abouts, key=lambda about: (str(about.get("imported", "")), about["key"])))
    return Contents(found)
