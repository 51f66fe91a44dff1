"""UCDP Georeferenced Event Dataset: organised violence with deaths.

`source` is side A and `target` side B, as UCDP orders them (side A of a state-based conflict is the government); that is no
finding on who began. The code is the type of violence: state-based, non-state or one-sided. Intensity is minus the best
estimate of deaths, on the scale `deaths`: never added to Goldstein's. An event that lasted several days stands at its first.
Where several governments stand on a side, the event stands in the dyad of each with its whole number of deaths. The monthly
candidate events come without a header. Columns: UCDP GED Codebook; the estimates were once called `best_est`.
"""

from __future__ import annotations

from detente.record.codes.countries import normal_sql
from detente.record.formats.format import SIDES, Format, Projection, Raw
from detente.record.formats.sides import Joint

__all__ = ["UCDP"]

_COLUMNS = (
    "id", "relid", "year", "active_year", "code_status", "type_of_violence", "conflict_dset_id", "conflict_new_id",
    "conflict_name", "dyad_dset_id", "dyad_new_id", "dyad_name", "side_a_dset_id", "side_a_new_id", "side_a", "side_b_dset_id",
    "side_b_new_id", "side_b", "number_of_sources", "source_article", "source_office", "source_date", "source_headline",
    "source_original", "where_prec", "where_coordinates", "where_description", "adm_1", "adm_2", "latitude", "longitude",
    "geom_wkt", "priogrid_gid", "country", "country_id", "region", "event_clarity", "date_prec", "date_start", "date_end",
    "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "best", "high", "low", "gwnoa", "gwnob",
)  # fmt: skip


def _project(raw: Raw) -> Projection:
    date = raw.date("date_start")
    kind = (
        f"(case {raw['type_of_violence']} when '1' then 'state-based' when '2' then 'non-state' when '3' then 'one-sided' end)"
    )
    best = f"coalesce({raw.number('best')}, {raw.number('best_est')})"
    return Projection(
        columns={
            "date": date,
            "source": f"{SIDES}.source",
            "target": f"{SIDES}.target",
            "code": kind,
            "quad": "4",
            "intensity": f"-{best}",
            "scale": raw.value("deaths"),
            "place": f"nullif(concat_ws(', ', {raw['where_coordinates']}, {raw['country']}), '')",
            "publisher": raw["source_office"],
            "id": raw["id"],
        },
        source_key=_side(f"{SIDES}.source"),
        target_key=_side(f"{SIDES}.target"),
        faults=(
            (f"{date} is null", "no date that can be read"),
            (f"{kind} is null", "no type of violence from 1 to 3"),
            (f"{raw['side_a']} is null or {raw['side_b']} is null", "no side A or no side B"),
            (f"{best} is null or {best} < 0", "no best estimate of deaths"),
        ),
        joint=Joint(_governments(raw["side_a"]), "null", _governments(raw["side_b"]), "null", r"\x1f"),
    )


def _governments(side: str) -> str:
    """A side with a mark between its governments; anybody else is one actor."""
    return f"regexp_replace({side}, '(?i)[,;] (government of )', chr(31) || '\\1', 'g')"


def _side(side: str) -> str:
    """A government's country; other names are looked up as they stand (a group has none)."""
    return normal_sql(rf"regexp_replace(regexp_replace({side}, '(?i)^government of (the )?', ''), '\s*\([^()]*\)\s*$', '')")


UCDP = Format(
    "ucdp",
    "UCDP GED",
    "ucdp",
    _project,
    (("type_of_violence",), ("side_a",), ("side_b",), ("date_start",), ("best", "best_est")),
    {len(_COLUMNS): _COLUMNS},
    native=True,
    marks={5: "[123]", 38: r"[\d/-]{6,10}( .*)?"},
    dates=("date_start",),
    usual="month",
    several=True,
)
