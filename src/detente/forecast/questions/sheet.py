"""Small tables of text: a .csv, .csv.gz or .parquet as one mapping a row."""

from __future__ import annotations

from collections.abc import Sequence

from detente.base.bounds import limit, name_of, within
from detente.errors import InputError
from detente.forecast.given import given_table, missing_columns

__all__ = ["read_sheet"]


def read_sheet(source: str, wanted: Sequence[str]) -> list[dict[str, str]]:
    """Every row as text, in order; empty cells are empty text. source : a path, or ``-`` for standard input.

    Raises
    ------
    InputError
        If there is no such file, no row, or a wanted column is missing.
    """
    called = name_of(source)
    with given_table(source) as (base, columns):
        faults = missing_columns(wanted, columns)
        if faults:
            raise InputError(f"{called}: columns are missing", source=called, faults=faults)
        rows = base.execute("select * from given limit ?", [limit("rows") + 1]).fetchall()
    within("rows", len(rows), called)
    if not rows:
        raise InputError(f"{called}: got a table without rows", source=called)
    return [{c: "" if x is None else str(x).strip() for c, x in zip(columns, row, strict=True)} for row in rows]
