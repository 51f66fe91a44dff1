"""Adding fetched files to the record, each for itself: one that cannot be read keeps none of the others out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detente.base.frozen import Frozen
from detente.errors import RecordError
from detente.record.fetching.result import Fetched
from detente.record.importing.importing import import_files
from detente.record.importing.result import FileImport, Imported, PartlyImportedError
from detente.record.workspace import Workspace

__all__ = ["Added", "add_fetched"]


@dataclass(frozen=True)
class Added(Frozen):
    """What became of them. refused : why a file could not be read, by its name. False where one was refused."""

    imported: Imported
    refused: dict[str, str]

    def __bool__(self) -> bool:
        return not self.refused

    def to_dict(self) -> dict[str, Any]:
        return {**self.imported.to_dict(), "refused": dict(self.refused)}


def add_fetched(workspace: Workspace, found: Fetched, say: Callable[[str], None] | None = None) -> Added:
    """Add all files of a span of days that are in the folder. What the record has already is not added again.

    Raises
    ------
    OutputError
        If the record cannot be written to.
    """
    files: list[FileImport] = []
    refused: dict[str, str] = {}
    for path in found.paths:
        try:
            files += import_files(workspace, [path], format=f"gdelt{found.version}", progress=say).files
        except PartlyImportedError as err:
            files += err.done.files
            refused[Path(path).name] = str(err)
        except RecordError as err:
            refused[Path(path).name] = str(err)
    return Added(Imported(tuple(files)), refused)
