"""The rows of a record's parts, as queries of a locked-down database.

What a description says (paths, names, values that stand for a whole column) is a variable of the connection, never a piece of
the query; every column is cast to the type of its table, so that a part of another make is an error and not another answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from detente.base.database import Database, literal_path
from detente.record.schema import EVENTS

if TYPE_CHECKING:
    from detente.record.workspace import Part

__all__ = ["columns_of", "rows_of"]


def columns_of(database: Database, constants: Mapping[str, str | None], columns: Mapping[str, str] = EVENTS) -> str:
    """The columns of a table in their order, those that are not written for having one value in every row (or none) put in."""
    found = []
    for name, kind in columns.items():
        if name not in constants:
            found.append(f"{name}::{kind} as {name}")
        elif constants[name] is None:
            found.append(f"null::{kind} as {name}")
        else:
            found.append(f"{database.let(constants[name], kind)} as {name}")
    return ", ".join(found)


def rows_of(database: Database, columns: Mapping[str, str], parts: Sequence[Part], origin: bool = False) -> str:
    """The query that reads the rows of some parts, but for those that are retracted.

    origin : with where each row is from: `part` (the key), `format`, `file` and `line` (1-based).
    """
    alike: dict[tuple[bool, bool, str], list[Part]] = {}
    for part in parts:
        constants = json.dumps(part.about.get("constants", {}), sort_keys=True)
        alike.setdefault((bool(part.without), origin and bool(part.about.get("lines")), constants), []).append(part)
    pieces = [] if parts else [_none(columns, origin)]
    for (thinned, lined, given), group in alike.items():
        names = columns_of(database, json.loads(given), columns)
        together = [[part] for part in group] if thinned else [group]  # rows are left out by their number in one part
        pieces += [_piece(database, names, some, lined, origin) for some in together]
    return " union all ".join(pieces)


def _piece(database: Database, names: str, parts: Sequence[Part], lined: bool, origin: bool) -> str:
    paths = database.let([literal_path(part.path) for part in parts])
    left_out = sorted(parts[0].without)
    where = f" where file_row_number not in (select unnest({database.let([n - 1 for n in left_out])}))" if left_out else ""
    if not origin:
        numbered = ", file_row_number = true" if left_out else ""
        return f"select {names} from read_parquet({paths}{numbered}){where}"
    facts = {
        "path": ([str(part.path.absolute()) for part in parts], "varchar"),
        "part": ([part.key for part in parts], "varchar"),
        "format": ([part.about.get("format") or "" for part in parts], "varchar"),
        "file": ([part.about.get("file") or "" for part in parts], "varchar"),
        "first_line": ([part.about.get("first_line") for part in parts], "bigint"),
    }
    lists = ", ".join(f"unnest({database.let(values, f'{kind}[]')}) as {name}" for name, (values, kind) in facts.items())
    line = "e.line" if lined else "e.file_row_number + p.first_line"
    return (
        f"select {names}, p.part, p.format, p.file, {line} as line"
        f" from read_parquet({paths}, file_row_number = true, filename = true) e"
        f" join (select {lists}) p on p.path = e.filename{where}"
    )


def _none(columns: Mapping[str, str], origin: bool) -> str:
    empty = ", ".join(f"null::{kind} as {name}" for name, kind in columns.items())
    nowhere = ", null::varchar as part, null::varchar as format, null::varchar as file, null::bigint as line"
    return f"select {empty}{nowhere if origin else ''} where false"
