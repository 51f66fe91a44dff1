"""UCDP Georeferenced Event Dataset: organised violence with deaths.

`source` is side A and `target` side B, as UCDP orders them (side A of a state-based conflict is the government); that is no
finding on who began. The code is the type of violence: state-based, non-state or one-sided. Intensity is minus the best
estimate of deaths, on the scale `deaths`: never added to Goldstein's. An event that lasted several days stands at its first.
Columns: UCDP GED Codebook.
"""

from __future__ import annotations

from detente.record.codes.countries import normal_sql
from detente.record.formats.format import Format, Projection, Raw

__all__ = ["UCDP"]

_DATES = "['%m/%d/%Y %H:%M:%S', '%m/%d/%Y %I:%M:%S %p', '%m/%d/%Y']"


def _project(raw: Raw) -> Projection:
    text = raw["date_start"]
    date = f"coalesce(try_cast(left({text}, 10) as date), try_strptime({text}, {_DATES})::date)"
    kind = (
        f"(case {raw['type_of_violence']} when '1' then 'state-based' when '2' then 'non-state' when '3' then 'one-sided' end)"
    )
    best = raw.number("best")
    return Projection(
        columns={
            "date": date,
            "source": raw["side_a"],
            "target": raw["side_b"],
            "code": kind,
            "quad": "4",
            "intensity": f"-{best}",
            "scale": raw.value("deaths"),
            "place": f"nullif(concat_ws(', ', {raw['where_coordinates']}, {raw['country']}), '')",
            "publisher": raw["source_office"],
            "id": raw["id"],
        },
        source_key=_side(raw["side_a"]),
        target_key=_side(raw["side_b"]),
        faults=(
            (f"{date} is null", "no date that can be read"),
            (f"{kind} is null", "no type of violence from 1 to 3"),
            (f"{raw['side_a']} is null or {raw['side_b']} is null", "no side A or no side B"),
            (f"{best} is null or {best} < 0", "no best estimate of deaths"),
        ),
    )


def _side(side: str) -> str:
    """A government's country; other names are looked up as they stand (a group has none)."""
    return normal_sql(rf"regexp_replace(regexp_replace({side}, '^Government of (the )?', ''), '\s*\([^()]*\)\s*$', '')")


UCDP = Format(
    "ucdp",
    "UCDP GED",
    "ucdp",
    _project,
    (("type_of_violence",), ("side_a",), ("side_b",), ("date_start",), ("best",)),
    native=True,
)
