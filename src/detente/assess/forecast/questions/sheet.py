"""Small tables of text: a .csv, .csv.gz or .parquet as one mapping a row."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from detente.errors import Fault, InputError

__all__ = ["read_sheet"]


def read_sheet(source: str, wanted: Sequence[str]) -> list[dict[str, str]]:
    """Every row as text, in order; empty cells are empty text.

    Raises
    ------
    InputError
        If there is no such file, no row, or a wanted column is missing.
    """
    if not Path(source).is_file():
        raise InputError(f"{source}: there is no such file", source=source)
    import duckdb

    from detente.case.wording import suggestion

    name = "'" + source.replace("'", "''") + "'"
    reader = (
        f"read_parquet({name})" if source.endswith((".parquet", ".pq")) else f"read_csv({name}, all_varchar=true, header=true)"
    )
    with duckdb.connect(config={"threads": 1}) as base:
        try:
            found = base.execute(f"SELECT * FROM {reader}")
            columns = [str(c[0]) for c in found.description or ()]
            rows = found.fetchall()
        except duckdb.Error as err:
            raise InputError(f"{source}: cannot be read as a table: {str(err).splitlines()[0]}", source=source) from err
    faults = [
        Fault(1, 1, c, "there is no such column", suggestion(c, columns) or f"the columns are {', '.join(columns)}")
        for c in wanted
        if c not in columns
    ]
    if faults:
        raise InputError(f"{source}: columns are missing", source=source, faults=faults)
    if not rows:
        raise InputError(f"{source}: got a table without rows", source=source)
    return [{c: "" if x is None else str(x).strip() for c, x in zip(columns, row, strict=True)} for row in rows]
