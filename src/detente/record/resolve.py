"""Events read with a set of actors: the codes of their two sides as these have them, by name and day.

For an event of day D from actor S, let C be the code that is on record (None where its format knew none) and x what counts for
S on D in the set (`detente.record.codes.actors`). The code of the side is

    x       where x is stated
    C       else, where there is one
    x       else, from a dictionary; or None

and so for the target. Nothing on disk changes: the same record can be read with one set today and with another tomorrow.

`sides` counts for how many events both sides are known, and which names stand most often for nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from detente.base.database import Database, identifier
from detente.base.frozen import Frozen
from detente.base.plain import told
from detente.record.codes.actors import Actors
from detente.record.codes.countries import countries

__all__ = ["MOST", "Sides", "resolve", "sides"]

MOST = 100
"""How many unknown names are counted out."""


@dataclass(frozen=True)
class Sides(Frozen):
    """Of `events`, of how many both sides are known, and of how many both are countries, by code.

    unknown : names without a code, the most frequent first (`MOST` of `names`). unnamed : events in which a side has no name.
    """

    events: int
    both: int
    countries: int
    names: int
    unknown: Mapping[str, int]
    unnamed: int

    @property
    def share(self) -> float:
        """The share in which both sides are known; 0 without any."""
        return self.both / self.events if self.events else 0.0

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it.

        events : added or known (with `--actors` or `--case` only added: what is known keeps its codes)
        both_known : of these, in how many both sides have a code
        countries : in how many both are countries
        names : names without a code (if files share names, at least so many)
        unknown.events : in how many events it stands
        """
        counts = told(self, "events both_known=both countries")
        unknown = [{"name": name, "events": n} for name, n in self.unknown.items()]
        return {**counts, "share": round(self.share, 4), "names": self.names, "unknown": unknown, "unnamed": self.unnamed}


def resolve(base: Database, views: Sequence[str], actors: Actors) -> None:
    """Make views of the same events have the codes of their sides as a set of actors has them; their rows in any order.

    views : names of views of events in the database; the first has every event. The former ones stay as NAME_as_imported.
    """
    if not actors:
        return
    every = identifier(views[0])
    names = (
        f"select source as n from {every} where source is not null union select target from {every} where target is not null"
    )
    found = [(actor, span) for (actor,) in base.execute(f"{names} order by n").fetchall() for span in actors.spans(actor)]
    lists = (
        f"unnest({base.let([actor for actor, _ in found], 'varchar[]')}) as actor,"
        f" unnest({base.let([span.code for _, span in found], 'varchar[]')}) as code,"
        f" unnest({base.let([span.first for _, span in found], 'date[]')}) as first,"
        f" unnest({base.let([span.end for _, span in found], 'date[]')}) as last,"
        f" unnest({base.let([span.stated for _, span in found], 'boolean[]')}) as stated"
    )
    base.execute(f"create table who as select {lists}")
    for view in views:
        new, former = identifier(view), identifier(f"{view}_as_imported")
        base.execute(f"alter view {new} rename to {former}")
        base.execute(f"create view {new} as select e.* replace ({_CODES}) from {former} e{_JOINS}")


_SIDES = (("source", "s"), ("target", "t"))
_CODES = ", ".join(
    f"case when {x}.stated then {x}.code else coalesce(e.{side}_country, {x}.code) end as {side}_country" for side, x in _SIDES
)
_JOINS = "".join(
    f" left join who {x} on {x}.actor = e.{side} and e.date >= {x}.first and e.date < {x}.last" for side, x in _SIDES
)


def sides(base: Database, view: str) -> Sides:
    """How many events of a view have both sides known, and which names stand for nobody."""
    rows = identifier(view)
    known = set(countries().values())
    pairs = base.execute(
        "select source_country, target_country, count(*), count(*) filter (source is null or target is null)"
        f" from {rows} group by all"
    ).fetchall()
    named = (
        f"select source as n from {rows} where source_country is null and source is not null"
        f" union all select target from {rows} where target_country is null and target is not null"
        " and (source is null or source <> target or source_country is not null)"
    )
    query = f"select n, count(*) as c, count(*) over () from ({named}) group by n order by c desc, n limit {MOST}"
    most = base.execute(query).fetchall()
    return Sides(
        events=sum(n for *_, n, _ in pairs),
        both=sum(n for a, b, n, _ in pairs if a is not None and b is not None),
        countries=sum(n for a, b, n, _ in pairs if a in known and b in known),
        names=most[0][2] if most else 0,
        unknown={name: n for name, n, _ in most},
        unnamed=sum(n for *_, n in pairs),
    )
