"""The query that brings the raw rows of a format to the columns of the record.

Nothing is joined: a join with several threads leaves the rows in any order, and the number of a row is what its line is told
from. Each table in which something is looked up is a map from keys to values, so that a look-up is an expression of one row.
(An enumeration of the keys would be quicker where a key is found, and a hundred times slower where it is not.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from detente.record.codes import cameo, icews_events, looked_up, weis
from detente.record.codes.countries import countries, normal
from detente.record.formats.format import Format, Raw
from detente.record.schema import EVENTS
from detente.record.workspace import quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["OWN", "lookups", "select"]

OWN = "detente:"
"""What stands before the names of columns that are not the file's."""


def lookups(connection: DuckDBPyConnection, actors: Mapping[str, str]) -> None:
    """The tables that the query looks things up in: countries, intensities, the wording of ICEWS."""
    names = {**countries(), **{normal(name): code for name, code in actors.items()}}
    _table(connection, "countries", "varchar", names)
    _table(connection, "cameo", "float", cameo())
    _table(connection, "weis", "float", weis())
    _table(connection, "wording", "varchar", icews_events())


def select(used: Format, names: Sequence[str], source: str, own: Sequence[str] = ()) -> str:
    """The rows of `source` in the columns of the record and in its order; `reason` says why one is to be put aside.

    own : columns of whole numbers that are taken over as they are; in `source`, `OWN` stands before their names.
    """
    raw = Raw(names)
    projection = used.project(raw)
    given = dict(projection.columns)
    given.setdefault("ontology", quoted(used.ontology))
    faults = " ".join(f"when {condition} then '{reason}'" for condition, reason in projection.faults)
    inner = [f"{expression} as {name}" for name, expression in given.items()]
    outer = {name: f"p.{name}" if name in given else f"null::{kind}" for name, kind in EVENTS.items()}
    for side, key in (("source", projection.source_key), ("target", projection.target_key)):
        if key:
            inner.append(f"{key} as {side}_key")
            outer[f"{side}_country"] = looked_up("countries", f"p.{side}_key")
    if projection.intensity_key:
        inner.append(f"{projection.intensity_key} as intensity_key")
        outer["intensity"] = looked_up(used.ontology, "p.intensity_key")
        outer["scale"] = f"case when {outer['intensity']} is null then null else 'goldstein' end"
    taken = [f'r."{OWN}{name}"::bigint as {name}' for name in own]
    columns = ", ".join(f"({expression})::{EVENTS[name]} as {name}" for name, expression in outer.items())
    return (
        f"select {', '.join([columns, 'p.reason', *(f'p.{name}' for name in own)])}"
        f" from (select {', '.join([*taken, *inner])}, case {faults} end as reason from {source} r) p"
    )


def _table(connection: DuckDBPyConnection, name: str, kind: str, values: Mapping[str, object]) -> None:
    """A table `name` of keys and values, with what `detente.record.codes.looked_up` asks for."""
    connection.execute(f"create table {name} (key varchar, value {kind})")
    connection.execute(f"insert into {name} select unnest(?), unnest(?)", [list(values), list(values.values())])
    connection.execute(f"set variable {name} = (select map(list(key), list(value)) from {name})")
