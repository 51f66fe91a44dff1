"""The whole of a record read anew: every entry against the chain, every file against its entry, nothing taken from memory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from detente.base.plain import told
from detente.errors import RecordError
from detente.record.chain import Head, real
from detente.record.entries import Added
from detente.record.head import continues
from detente.record.schema import TABLES
from detente.record.seals import digests
from detente.record.sensible import sensible
from detente.record.workspace import Workspace, counted, database, live_parts, whole

__all__ = ["Checked", "check"]


@dataclass(frozen=True)
class Checked:
    """A record that is as it was written. against : the earlier head it was held against.

    broken : why it does not continue that head; empty where it does, or was not asked.
    """

    workspace: str
    head: Head
    files: int
    bytes: int
    against: Head | None = None
    broken: str = ""

    def __bool__(self) -> bool:
        return not self.broken

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        files : how many files were read
        bytes : how many bytes
        continues : whether the record continues that head; `null`: it was not asked
        because : why it does not (exit code 1); otherwise empty
        against : the earlier head; `null` without `--against`
        """
        continues = None if self.against is None else not self.broken
        return {**told(self, "workspace head files bytes against"), "continues": continues, "because": self.broken}


def check(workspace: Workspace, against: Head | None = None) -> Checked:
    """Read the whole record.

    against : a head that was written down before.

    Raises
    ------
    RecordError
        With everything that is not as it was written, each with its place; what counts no more is not looked at.
    """
    for table in TABLES:
        real(workspace.path / table)
    there = [path for table in TABLES for path in sorted((workspace.path / table).glob("*")) if not path.name.startswith(".")]
    chain = workspace.chain()  # after the files: what is added meanwhile is no stranger
    faults: list[str] = []
    named: dict[Path, tuple[str, int]] = {}
    for entry in chain.entries:
        if isinstance(entry, Added):
            part = workspace.path / entry.table / f"{entry.file}.parquet"
            named[part] = (entry.sha256, entry.number)
            if entry.aside:
                named[part.with_suffix(".rejected.csv")] = (entry.aside, entry.number)
    counting = {part.number for part in live_parts(chain)}
    found = digests(workspace.path, named, anew=True)
    for path, (sha256, number) in named.items():
        if number not in counting:
            continue  # it may have been given up for being damaged
        if path not in found:
            faults.append(f"{path}: is missing or no file, though entry {number} names it (restore it from a copy)")
        elif found[path] != sha256:
            faults.append(f"{path}: is not as entry {number} added it (restore it from a copy, or import its source again)")
    for entry in chain.behind:
        part = workspace.path / entry.table / f"{entry.file}.parquet"
        named.update(dict.fromkeys((part, part.with_suffix(".rejected.csv")), ("", entry.number)))
    faults += [
        f"{path}: no entry of this record names this file (move it out of the folder)"
        for path in there
        if path not in named and path.exists() and not (path.suffix == ".json" and path.with_suffix(".parquet") in named)
    ]
    if faults:
        message = f"{workspace.path}: is not as it was written"
        raise RecordError("\n".join([message, *faults]), source=str(workspace.path))
    parts = live_parts(chain)
    with database(workspace.path) as base, whole(parts):
        counted(base, parts)
        for table in TABLES:
            sensible(base, table, [part for part in parts if part.table == table])
    sizes = sum(path.stat().st_size for path in found)
    broken = continues(chain, against) if against else ""
    return Checked(str(workspace.path), chain.head, len(found), sizes, against, broken)
