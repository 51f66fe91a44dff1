"""Which rows of a staged file the record has already.

Let c(h) be how often an event h is in the record, and k the how-manieth occurrence of h in the new file a row is. With numbered
events (h the number) a row is known if c(h) > 0 or k > 1; otherwise (h the whole content) if k <= c(h). So the record has each
event as often as the file that has it most often. Rows of one record, which are the pairs of its actors, are one occurrence of
its number. A row without a number in a format that numbers its events goes by its content. The countries do not count as
content: they are told from the actors, by tables that may be completed.

Numbers are compared within a format only (the two of GDELT count as one): two publishers may use the same number.
"""

from __future__ import annotations

from collections.abc import Sequence

from detente.base.database import Database
from detente.record.formats.format import Format
from detente.record.schema import EVENTS
from detente.record.views import rows_of
from detente.record.workspace import Part, Workspace, counted, whole

__all__ = ["find_known"]

_DERIVED = ("source_country", "target_country")


def find_known(connection: Database, workspace: Workspace, used: Format, heals: Part | None = None) -> int:
    """Make a table `known` of the rows of the view `staged` that the record has already; how many they are.

    heals : the part that the rows are to take the place of; what was added after it does not count.
    """
    held = [p for p in workspace.parts("events") if p.about["rows"] and (heals is None or p.number < heals.number)]
    others = _numbered(connection, held, used) if used.native else _alike(connection, held)
    if not others and not (used.native and _repeated(connection)):
        return 0
    cells = [f"trim({name})" if kind == "VARCHAR" else name for name, kind in EVENTS.items() if name not in _DERIVED]
    content = f"hash({', '.join(cells)})::varchar"
    h = f"coalesce('#' || trim(id), {content})" if used.native else content
    numbered = "id is not null" if used.native else "false"
    occurrence = (
        f"dense_rank() over (partition by {h} order by record)"
        if used.several and used.native
        else (f"row_number() over (partition by {h} order by row)")
    )
    workspace.sound(others)
    stored = (
        f"select {h} as h, count(*) as c from ({rows_of(connection, EVENTS, others)}) group by 1"
        if others
        else "select null::varchar as h, 0 as c where false"
    )
    with whole(others):
        counted(connection, others)
        connection.execute(
            f"create table known as with n as (select {h} as h, {numbered} as numbered, row,"
            f" {occurrence} as k from staged where reason is null), s as ({stored})"
            " select n.row from n left join s on s.h = n.h"
            " where case when numbered then n.k > 1 or coalesce(s.c, 0) > 0 else n.k <= coalesce(s.c, 0) end"
        )
    row = connection.execute("select count(*) from known").fetchone()
    return int(row[0]) if row else 0


def _numbered(connection: Database, held: Sequence[Part], used: Format) -> list[Part]:
    """The parts of the same format that may have numbers of the file."""
    parts = [part for part in held if _family(part.about.get("format", "")) == _family(used.name)]
    if not parts:
        return []
    numbers = "min(try_cast(id as bigint)), max(try_cast(id as bigint)), count(*) = count(try_cast(id as bigint))"
    lowest, highest, all_numbers = connection.execute(f"select {numbers} from staged where reason is null").fetchone() or ()

    def apart(ids: Sequence[int] | None) -> bool:
        return bool(all_numbers and ids and lowest is not None and (ids[1] < lowest or highest < ids[0]))

    return [part for part in parts if not apart(part.about.get("ids"))]


def _alike(connection: Database, held: Sequence[Part]) -> list[Part]:
    """The parts of the same ontology that have days of the file."""
    span = "min(date)::varchar, max(date)::varchar, any_value(ontology)"
    first, last, ontology = connection.execute(f"select {span} from staged where reason is null").fetchone() or ()
    if not first:
        return []
    found = []
    for part in held:
        earliest, latest = part.about.get("dates") or (None, None)
        meet = earliest is None or latest is None or (earliest <= last and first <= latest)
        if meet and part.about.get("ontology") == ontology:
            found.append(part)
    return found


def _family(format: str) -> str:
    return "gdelt" if format in ("gdelt1", "gdelt2") else format


def _repeated(connection: Database) -> bool:
    """Whether a number comes twice in the file. Mostly they grow from row to row, seen at once; else they are sorted."""
    import numpy as np

    rows = "from staged where reason is null and id is not null"
    numbers = f"select n, lag(n) over () as before from (select try_cast(id as bigint) as n {rows})"
    growing = f"select count(n) = count(*) and coalesce(bool_and(n > before), true) from ({numbers})"
    if connection.execute(growing).fetchone() == (True,):
        return False
    hashes = np.sort(connection.execute(f"select hash(id) as h {rows}").fetchnumpy()["h"])
    return bool((hashes[1:] == hashes[:-1]).any())
