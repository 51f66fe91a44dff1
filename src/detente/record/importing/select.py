"""The query that brings the raw rows of a format to the columns of the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from detente.record.codes import cameo, icews_digest, icews_events, weis
from detente.record.codes.countries import countries, normal
from detente.record.formats.format import Format, Raw
from detente.record.schema import EVENTS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["lookups", "select"]


def lookups(connection: DuckDBPyConnection, actors: Mapping[str, str]) -> None:
    """The tables that the query looks things up in: countries, intensities, the wording of ICEWS."""
    names = {**countries(), **{normal(name): code for name, code in actors.items()}}
    _table(connection, "countries", "key varchar, country varchar", list(names.items()))
    _table(connection, "cameo", "code varchar, intensity float", list(cameo().items()))
    _table(connection, "weis", "code varchar, intensity float", list(weis().items()))
    _table(connection, "wording", "digest varchar, code varchar", list(icews_events().items()))


def select(used: Format, names: Sequence[str], source: str, *, lined: bool) -> str:
    """The rows of `source` in the columns of the record and in its order; `reason` says why one is to be put aside."""
    raw = Raw(names)
    projection = used.project(raw)
    given = dict(projection.columns)
    given.setdefault("ontology", f"'{used.ontology}'")
    faults = " ".join(f"when {condition} then '{reason}'" for condition, reason in projection.faults)
    inner = [f"{expression} as {name}" for name, expression in given.items()]
    joins, outer = [], {name: f"p.{name}" if name in given else f"null::{kind}" for name, kind in EVENTS.items()}
    for side, key in (("source", projection.source_key), ("target", projection.target_key)):
        if key:
            inner.append(f"{key} as {side}_key")
            joins.append(f"left join countries {side}_c on {side}_c.key = p.{side}_key")
            outer[f"{side}_country"] = f"{side}_c.country"
    if projection.intensity_key:
        inner.append(f"{projection.intensity_key} as intensity_key")
        joins.append(f"left join {used.ontology} i on i.code = p.intensity_key")
        outer["intensity"] = "i.intensity"
        outer["scale"] = "case when i.intensity is null then null else 'goldstein' end"
    wording = f" left join wording w on w.digest = {icews_digest(raw['event'])}" if "w.code" in given.values() else ""
    line = "r.line::bigint as line, " if lined else ""
    columns = ", ".join(f"({expression})::{EVENTS[name]} as {name}" for name, expression in outer.items())
    return (
        f"with p as (select {line}{', '.join(inner)}, case {faults} end as reason from {source} r{wording})"
        f" select {columns}, p.reason{', p.line' if lined else ''} from p {' '.join(joins)}"
    )


def _table(connection: DuckDBPyConnection, name: str, columns: str, rows: list[tuple[str, object]]) -> None:
    connection.execute(f"create table {name} ({columns})")
    keys, values = [row[0] for row in rows], [row[1] for row in rows]
    connection.execute(f"insert into {name} select unnest(?), unnest(?)", [keys, values])
