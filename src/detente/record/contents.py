"""What the record holds: one line for everything that was added and counts, and one for everything that was retracted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from detente.base.frozen import Frozen
from detente.base.plain import plain
from detente.record.entries import Retracted
from detente.record.schema import TABLES
from detente.record.workspace import Workspace, taken_back

__all__ = ["Contents", "contents"]


@dataclass(frozen=True)
class Contents(Frozen):
    """additions : by table, what each part says of itself, with its number, in the order in which they were added.

    retracted : what counts no more, and why; retractions that were taken back themselves are left out.
    """

    additions: Mapping[str, tuple[Mapping[str, Any], ...]]
    retracted: tuple[Mapping[str, Any], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {**plain(self.additions), "retracted": plain(self.retracted)}


def contents(workspace: Workspace) -> Contents:
    """What the record holds.

    Raises
    ------
    RecordError
        If it is not as it was written.
    """
    parts = {table: workspace.parts(table) for table in TABLES}
    workspace.sound([part for some in parts.values() for part in some])
    found = {}
    for table, some in parts.items():
        abouts = [{name: value for name, value in part.about.items() if name not in ("constants", "at")} for part in some]
        numbers = [{"number": part.number, "key": part.key, "made": part.made} for part in some]
        found[table] = tuple({**number, **about} for number, about in zip(numbers, abouts, strict=True))
    chain = workspace.chain()
    void, _ = taken_back(chain)
    gone = [entry for entry in chain.entries if isinstance(entry, Retracted) and entry.number not in void]
    return Contents(found, tuple({"number": e.number, "made": e.made, "of": list(e.of), "because": e.because} for e in gone))
