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
        """As JSON has it.

        events[].number, commitments[].number, indicators[].number : of the entry, by which it is retracted
        events[].key : by which the files in the folder `events` begin
        events[].made, events[].imported : when (UTC), by the clock of the machine
        events[].file, events[].sha256, events[].size : the file that was imported, its checksum and its unpacked bytes
        events[].format, events[].ontology : as which it was read, and whose codes it has
        events[].read, events[].added, events[].known, events[].rejected.REASON : its records, as on import
        events[].rows : rows in this part; more than `added` where a record made several
        events[].dates[], events[].ids : the first and last day, the smallest and largest number; `null`: none
        events[].first_line, events[].lines : the line of the first row, and whether each row has its own
        retracted[].number, retracted[].made : of each retraction that counts, its entry and when it was made
        retracted[].of[] : what it takes back: `7`, a whole entry; `7.3`, its third row
        retracted[].because : why
        """
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
