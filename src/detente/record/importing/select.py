"""The query that brings the raw rows of a format to the columns of the record.

Nothing is joined: a join with several threads leaves the rows in any order, and the number of a row is what its line is told
from. What is looked up is an expression of one row.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from detente.base.database import Database
from detente.base.dates import VARIABLE, span
from detente.record.codes import cameo, icews_events, looked_up, weis
from detente.record.codes.countries import countries
from detente.record.formats.format import JOINT, OWN, Format, Raw
from detente.record.schema import EVENTS

__all__ = ["Selected", "lookups", "select"]


@dataclass(frozen=True)
class Selected:
    """The query, and the columns that have one value in every row (or none): these are not written, but noted.

    mended : the rows have a column `mended`: whether the code was brought back to what it must have been.
    """

    query: str
    constants: Mapping[str, str | None]
    mended: bool = False


def lookups(connection: Database, actors: Mapping[str, str]) -> None:
    """The tables that the query looks things up in: countries, intensities, the wording of ICEWS.

    actors : code by key, before those of the countries (`detente.record.codes.actors.Actors.keys`).
    """
    _table(connection, "countries", "varchar", {**countries(), **actors})
    _table(connection, "cameo", "float", cameo())
    _table(connection, "weis", "float", weis())
    _table(connection, "wording", "varchar", icews_events())


def select(used: Format, raw: Raw, source: Callable[[Raw], str], own: Sequence[str] = ()) -> Selected:
    """The rows of a source in the columns of the record and in its order; `reason` says why one is to be put aside.

    source : reads the raw columns, once it is known what is asked of them. own : columns of whole numbers that are taken over
    as they are; in `source`, `OWN` stands before their names.
    """
    projection = used.project(raw)
    given = dict(projection.columns)
    conditions = (*projection.faults, *_undatable(projection.columns["date"]))
    faults = " ".join(f"when {condition} then '{reason}'" for condition, reason in conditions)
    inner = [f"{expression} as {name}" for name, expression in given.items()]
    outer = {name: f"p.{name}" if name in given else f"null::{kind}" for name, kind in EVENTS.items()}
    for side, key in (("source", projection.source_key), ("target", projection.target_key)):
        if key:
            inner.append(f"{key} as {side}_key")
            found = looked_up("countries", f"p.{side}_key")
            if projection.stated:
                code = f"p.{side}_key[2:]"
                itself = f"case when starts_with(p.{side}_key, '=') then coalesce({looked_up('countries', code)}, {code}) end"
                found = f"coalesce({found}, {itself})"
            outer[f"{side}_country"] = found
    if projection.intensity_key:
        inner.append(f"{projection.intensity_key} as intensity_key")
        outer["intensity"] = looked_up(used.ontology, "p.intensity_key")
        outer["scale"] = f"case when {outer['intensity']} is null then null else 'goldstein' end"
    constants: dict[str, str | None] = {}
    if "ontology" not in given:
        constants["ontology"] = used.ontology
        del outer["ontology"]
    for name, expression in list(outer.items()):
        constant = raw.constants.get(given.get(name, "")) if expression == f"p.{name}" else None
        if constant is not None or expression.startswith("null::"):
            constants[name] = constant
            del outer[name]
    taken = [f'r."{OWN}{name}"::bigint as {name}' for name in own]
    more = []
    if projection.mended:
        taken.append(f"({projection.mended}) is true as mended")
        more.append("p.mended")
    rows = source(raw)
    if projection.joint:
        rows = projection.joint.pairs(rows, JOINT)
    if projection.times:
        rows = f'(select r.*, unnest(range({projection.times})) as "{OWN}time" from {rows} r)'
    columns = [f"({expression})::{EVENTS[name]} as {name}" for name, expression in outer.items()]
    query = (
        f"select {', '.join([*columns, 'p.reason', *more, *(f'p.{name}' for name in own)])}"
        f" from (select {', '.join([*taken, *inner])}, case {faults} end as reason from {rows} r) p"
    )
    return Selected(query, constants, bool(projection.mended))


def _undatable(date: str) -> Iterator[tuple[str, str]]:
    """The conditions on which a date is none that a record can hold, and why."""
    first, last = span()
    outside = f"{date} not between date '{first.isoformat()}' and date '{last.isoformat()}'"
    yield outside, f"a date that no record can hold, before {first} or after {last}"
    if VARIABLE not in os.environ:
        yield f"{date} = date '1970-01-01'", "the date 1970-01-01, which machines write for none"


def _table(connection: Database, name: str, kind: str, values: Mapping[str, object]) -> None:
    """A table `name` of keys and values, and the function `name_of` that `detente.record.codes.looked_up` calls.

    Not by `in`, nor by a join: both leave the rows in another order. Keys that stand for themselves are most of what is
    looked up, and cheapest so. The others are looked for by an expression before they are turned into members of an
    enumeration: a text that is no member costs as much as a hundred that are.
    """
    connection.execute(f"create table {name} (key varchar, value {kind})")
    connection.execute(f"insert into {name} select unnest(?), unnest(?)", [list(values), list(values.values())])
    themselves = [key for key, value in values.items() if key == value]
    others = {key: value for key, value in values.items() if key != value} or {"": None}
    connection.execute(f"create type {name}_key as enum (select unnest({connection.let(list(others))}))")
    results = connection.let(list(others.values()), f"{kind}[]")
    same = connection.let("|".join(map(re.escape, themselves)) or " ")
    rest = connection.let("|".join(map(re.escape, others)))
    connection.execute(
        f"create macro {name}_of(k) as case when regexp_full_match(k, {same}) then k::{kind}"
        f" when regexp_full_match(k, {rest}) then ({results})[enum_code(try_cast(k as {name}_key)) + 1] end"
    )
