"""Contacts between two countries by level and month.

A contact is an event of CAMEO's root 04 (consult: speak by telephone, visit, host, meet, mediate, negotiate) or of PLOVER's
CONSULT, in either direction. A contact of one day that is recorded several times, once for each side or by several
publishers, would count several times; so days are counted: on how many days of the month there was contact at that level,
beside how many events say so.

The level of a side is read from the words of its actor, as the source gives it; the level of a contact is the lower of the
two, and "not recorded" where one of the two does not say (codes such as USAGOV name a government and no rank):

    leaders     president, prime minister, head of state or of government, king, queen, chancellor, leader
    ministers   minister, secretary of state, of defence and the like, foreign or defence affairs, minister level
    officials   vice or deputy minister, ambassador, envoy, diplomat, official, adviser, delegation, spokesman

Where a source names a person only, the office is that of `codes/people.csv`, whenever it was held. A word for a deputy comes
first: a vice minister is an official, though "minister" is in the name.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from detente.base.database import Database
from detente.base.plain import told
from detente.record.codes.countries import normal, people
from detente.record.relation.acts import BETWEEN, between
from detente.record.workspace import Workspace

__all__ = ["LEVELS", "Contacts", "Month", "contacts", "contacts_within", "level"]

LEVELS = ("leaders", "ministers", "officials", "not recorded")
_SAYS = (
    ("ministers", r"minister[- ]level|ministerial"),
    ("officials", r"(vice|deputy|assistant|under)[- ]?(\w+ )?(foreign |prime )?(minister|secretary|president|chancellor)"),
    ("leaders", r"head of (state|government)|president|prime minister|\bking\b|\bqueen\b|chancellor|\bleaders?\b|\bemir\b"),
    ("ministers", r"minister|secretary of|ministry|\(?foreign affairs|\bcabinet"),
    ("officials", r"ambassador|envoy|diplomat|official|adviser|advisor|delegat|spokes|negotiator|representative|embassy"),
)


_CONTACT = "(ontology = 'cameo' and code like '04%') or (ontology = 'plover' and upper(code) like 'CONSULT%')"


@dataclass(frozen=True)
class Month:
    """A month: `days` on which there was contact and `events` that say so, by level, in the order of LEVELS."""

    month: datetime.date
    days: tuple[int, ...]
    events: tuple[int, ...]

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        days : days with contact, by level
        events : events that say so, by level
        """
        return {
            "period": f"{self.month:%Y-%m}",
            "days": dict(zip(LEVELS, self.days, strict=True)),
            "events": dict(zip(LEVELS, self.events, strict=True)),
        }


@dataclass(frozen=True)
class Contacts:
    """Contacts of two countries by month, without a gap from the first to the last."""

    a: str
    b: str
    months: tuple[Month, ...]

    def total(self, level: str) -> int:
        """Days with contact at a level."""
        return sum(m.days[LEVELS.index(level)] for m in self.months)

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        days : by level (`leaders`, `ministers`, `officials`, `not recorded`), days with contact in all
        """
        return {"a": self.a, "b": self.b, "days": {name: self.total(name) for name in LEVELS}, **told(self, "series=months")}


def contacts(workspace: Workspace, a: str, b: str, *, formats: Sequence[str] = ()) -> Contacts:
    """The contacts of two countries, ISO 3166-1 alpha-3 or names. formats : only events of these; empty: of all.

    Raises
    ------
    RecordError
        If the record has no events between the two. That there were events and no contact is an answer: no months.
    """
    with between(workspace, a, b, formats) as (connection, a, b):
        return contacts_within(connection, a, b)


def contacts_within(connection: Database, a: str, b: str) -> Contacts:
    """The same by a connection to the record."""
    rows = connection.execute(
        f"select date, source, target, count(*) from events where {BETWEEN} and ({_CONTACT}) group by all",
        {"a": a, "b": b},
    ).fetchall()
    if not rows:
        return Contacts(a, b, ())
    days: dict[datetime.date, list[set[datetime.date]]] = {}
    events: dict[datetime.date, list[int]] = {}
    for date, source, target, n in rows:
        month, place = date.replace(day=1), LEVELS.index(level(source, target))
        days.setdefault(month, [set() for _ in LEVELS])[place].add(date)
        events.setdefault(month, [0] * len(LEVELS))[place] += n
    out, month = [], min(days)
    while month <= max(days):
        held, said = days.get(month, [set() for _ in LEVELS]), events.get(month, [0] * len(LEVELS))
        out.append(Month(month, tuple(len(d) for d in held), tuple(said)))
        month = datetime.date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return Contacts(a, b, tuple(out))


def level(source: str | None, target: str | None) -> str:
    """The level of a contact: the lower of its two sides'."""
    return max((_level(source), _level(target)), key=LEVELS.index)


@lru_cache(maxsize=4096)
def _level(actor: str | None) -> str:
    if actor is None:
        return "not recorded"
    said = (actor, _offices().get(normal(actor), ""))
    return next((name for text in said for name, words in _SAYS if re.search(words, text, re.IGNORECASE)), "not recorded")


@cache
def _offices() -> dict[str, str]:
    """The office of people whom sources name without it."""
    return {normal(row["name"]): row["office"] for row in people()}
