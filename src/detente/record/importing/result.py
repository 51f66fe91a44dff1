"""What became of imported files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from detente.base.frozen import Frozen, FrozenDict
from detente.base.plain import told
from detente.errors import InputError, RecordError
from detente.record.resolve import MOST, Sides

__all__ = ["FileImport", "Imported", "PartlyImportedError"]


@dataclass(frozen=True)
class FileImport(Frozen):
    """What became of one file (or one member of a .zip): `read = added + known + sum of rejected`, counted in records.

    sides : which sides of its events are known; None: not looked at.
    aside : where the rejected records are; empty: none. healed : its part was damaged, and is whole again. notes : what was
    taken for granted in reading it.
    """

    file: str
    format: str
    ontology: str
    read: int
    added: int
    known: int
    rejected: Mapping[str, int]
    aside: str = ""
    healed: bool = False
    sides: Sides | None = None
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it.

        file : its name; of a member of an archive, after the archive's
        format : as which it was read
        ontology : whose codes its events have
        rejected : put aside
        """
        seldom = [name for name in ("sides", "aside", "healed", "notes") if getattr(self, name)]
        return told(self, " ".join(("file format ontology read added known rejected", *seldom)))


@dataclass(frozen=True)
class Imported(Frozen):
    """What became of all files together. False where nothing was added and nothing was known.

    passed_over : why a member of a .zip was not read, by its name.
    """

    files: tuple[FileImport, ...]
    passed_over: Mapping[str, str] = field(default_factory=dict)

    @property
    def read(self) -> int:
        return sum(file.read for file in self.files)

    @property
    def added(self) -> int:
        return sum(file.added for file in self.files)

    @property
    def known(self) -> int:
        return sum(file.known for file in self.files)

    @cached_property
    def rejected(self) -> Mapping[str, int]:
        """Records put aside, by reason."""
        total: dict[str, int] = {}
        for file in self.files:
            for reason, count in file.rejected.items():
                total[reason] = total.get(reason, 0) + count
        return FrozenDict(sorted(total.items(), key=lambda item: (-item[1], item[0])))

    @cached_property
    def sides(self) -> Sides:
        """Which sides are known, of the events of all files."""
        found = [file.sides for file in self.files if file.sides is not None]
        names: dict[str, int] = {}
        for file in found:
            for name, n in file.unknown.items():
                names[name] = names.get(name, 0) + n
        most = sorted(names.items(), key=lambda item: (-item[1], item[0]))[:MOST]
        of = {what: sum(getattr(file, what) for file in found) for what in ("events", "both", "countries", "unnamed")}
        return Sides(**of, names=max((len(names), *(file.names for file in found)), default=0), unknown=dict(most))

    def __bool__(self) -> bool:
        return bool(self.added or self.known)

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        seldom = ["passed_over"] if self.passed_over else []
        return told(self, " ".join(("read added known rejected sides files", *seldom)))


class PartlyImportedError(RecordError):
    """Some files could not be read, or the record could no longer be written to; `done` is what became of the others."""

    def __init__(self, wrong: Sequence[InputError], done: Imported) -> None:
        self.done = done
        counts = f"records added: {done.added:,}; known: {done.known:,}"
        super().__init__("\n".join([*map(str, wrong), f"of the other files, {counts}"]), source=wrong[0].source)
