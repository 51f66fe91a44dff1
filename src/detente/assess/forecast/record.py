"""From the record of a workspace to the panel that the models read: the one place where the two meet."""

from __future__ import annotations

from detente.assess.forecast.panel import Panel
from detente.errors import InputError

__all__ = ["series_table"]


def series_table(workspace: str, *, by: str, missing: str) -> Panel:
    """Every dyad of a workspace's record, by period.

    Raises
    ------
    InputError
        Where there is no record to read.
    """
    del by, missing
    raise InputError(f"{workspace}: the record cannot be read by this version; export it as a table and give --table")
