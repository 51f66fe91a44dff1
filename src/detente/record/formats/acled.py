"""ACLED: political violence and protest, and what it calls strategic developments.

Actor 1 is `source` and actor 2 `target`; ACLED itself gives the order no meaning in battles. The code is the sub-event type
(or the event type, where there is none). Quad class: protests, riots, battles, explosions, remote violence and violence against
civilians are material conflict; of the strategic developments, agreements are verbal cooperation and a peaceful transfer of
territory (until 2017 an event type of its own) is material cooperation; all others have no class. Intensity is minus the number
of deaths, on the scale `deaths`. Until 2017 the day came first in dates (18/04/2001). Columns: ACLED Codebook.
"""

from __future__ import annotations

from detente.record.codes.countries import normal_sql
from detente.record.formats.format import Format, Projection, Raw

__all__ = ["ACLED"]

_FORCES = r"^(?:Military|Police|Government)?\s*(?:Forces|Government) of (?:the )?([^(]*?)\s*(?:\(|$)"

_CONFLICT = "(?i)^(battle|explosion|remote violence|violence against|protest|riot)"


def _project(raw: Raw) -> Projection:
    date = raw.date("event_date")
    kind, sub = raw["event_type"], raw["sub_event_type"]
    quad = (
        f"(case when {sub} = 'Agreement' then 1 when coalesce({sub}, {kind}) ilike 'Non-violent transfer of territory' then 2"
        f" when regexp_matches({kind}, '{_CONFLICT}') then 4 end)::utinyint"
    )
    deaths = raw.number("fatalities")
    return Projection(
        columns={
            "date": date,
            "source": raw["actor1"],
            "target": raw["actor2"],
            "code": f"coalesce({sub}, {kind})",
            "quad": quad,
            "intensity": f"-{deaths}",
            "scale": raw.value("deaths"),
            "place": f"nullif(concat_ws(', ', {raw['location']}, {raw['country']}), '')",
            "publisher": raw["source"],
            "id": f"coalesce({raw['event_id_cnty']}, {raw['data_id']})",
        },
        source_key=_actor(raw["actor1"]),
        target_key=_actor(raw["actor2"]),
        faults=(
            (f"{date} is null", "no date that can be read"),
            (f"coalesce({sub}, {kind}) is null", "no event type"),
            (f"{raw['actor1']} is null", "no actor 1"),
            (f"{raw['fatalities']} is not null and ({deaths} is null or {deaths} < 0)", "no number of deaths"),
        ),
    )


def _actor(actor: str) -> str:
    """The country whose forces they are, or the one in brackets ("Protesters (India)")."""
    forces = rf"nullif(regexp_extract({actor}, '{_FORCES}', 1), '')"
    found = rf"coalesce({forces}, nullif(regexp_extract({actor}, '\(([^()]*)\)', 1), ''))"
    return normal_sql(found)


ACLED = Format(
    "acled",
    "ACLED",
    "acled",
    _project,
    (("event_date",), ("event_type",), ("actor1",), ("actor2",)),
    native=True,
    dates=("event_date",),
    usual="day",
)
