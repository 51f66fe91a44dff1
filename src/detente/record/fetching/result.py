"""What became of the files that were asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from detente.base.frozen import Frozen
from detente.base.plain import told

__all__ = ["Fetched"]


@dataclass(frozen=True)
class Fetched(Frozen):
    """What became of them. False where some could not be had.

    names : the files that cover the days, in the order of time. sizes : bytes of those that are in the folder now.
    fetched, present : brought now; there before, and right. missing : not published.
    failed : why a file could not be had. unlisted : without a size or checksum in the lists.
    lists : why a list could not be had, by its name.
    url, plain_http, proxy : where from, whether that was without https, and by way of which proxy.
    """

    version: int
    start: date
    end: date
    folder: Path
    names: tuple[str, ...]
    sizes: Mapping[str, int]
    fetched: tuple[str, ...]
    present: tuple[str, ...]
    missing: tuple[str, ...]
    failed: Mapping[str, str]
    unlisted: tuple[str, ...]
    lists: Mapping[str, str]
    url: str
    plain_http: bool
    proxy: str | None

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files that are in the folder now, in the order of time."""
        return tuple(self.folder / name for name in self.names if name in self.sizes)

    def __bool__(self) -> bool:
        return not self.missing and not self.failed

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it.

        version : the edition of GDELT, 1 or 2
        url : the address above the files
        plain_http : whether it is without https, as asked
        proxy : by way of which proxy, without a password; null: none
        folder : where the files are
        bytes : their size now
        fetched : brought now, by name, in the order of time
        present : here before, and right
        files : how many cover the days
        """
        return {
            **told(self, "version from=start to=end url plain_http proxy folder"),
            "files": len(self.names),
            "bytes": sum(self.sizes.values()),
            **told(self, "fetched present missing failed not_listed=unlisted lists"),
        }
