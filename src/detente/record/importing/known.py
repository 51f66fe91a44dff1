"""Which rows of a staged file the record has already.

Let c(h) be how often an event h is in the record, and k the how-manieth occurrence of h in the new file a row is. With numbered
events (h the number) a row is known if c(h) > 0 or k > 1; otherwise (h the whole content) if k <= c(h). So the record has each
event as often as the file that has it most often.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.record.formats.format import Format
from detente.record.schema import EVENTS
from detente.record.workspace import Workspace, quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["find_known"]


def find_known(connection: DuckDBPyConnection, workspace: Workspace, used: Format) -> int:
    """Make a table `known` of the rows of the view `staged` that the record has already; how many they are."""
    h = "id" if used.native else f"hash({', '.join(EVENTS)})"
    span = connection.execute("select min(date)::varchar, max(date)::varchar from staged where reason is null").fetchone()
    others = []
    for part in workspace.parts("events"):
        about = part.about
        same = about["ontology"] == used.ontology and about["rows"]
        if same and span and span[0] and about["dates"][0] <= span[1] and span[0] <= about["dates"][1]:
            others.append(quoted(part.path))
    if used.native and not _repeated(connection) and not others:
        return 0
    if not used.native and not others:
        return 0
    stored = (
        f"select {h} as h, count(*) as c from read_parquet([{', '.join(others)}]) group by 1"
        if others
        else "select null::varchar as h, 0 as c where false"
    )
    rule = "n.k > 1 or coalesce(s.c, 0) > 0" if used.native else "n.k <= coalesce(s.c, 0)"
    connection.execute(
        f"create table known as with n as (select {h} as h, row, row_number() over (partition by {h} order by row) as k"
        f" from staged where reason is null), s as ({stored})"
        f" select n.row from n left join s on s.h = n.h where {rule}"
    )
    row = connection.execute("select count(*) from known").fetchone()
    return int(row[0]) if row else 0


def _repeated(connection: DuckDBPyConnection) -> bool:
    """Whether a number comes twice in the file."""
    row = connection.execute("select count(id), count(distinct hash(id)) from staged where reason is null").fetchone()
    return bool(row and row[0] != row[1])
