"""KEDS and WEIS tables: date, source, target, code, with or without a header, separated by tabs, commas or blanks.

Dates are written 1979-04-15, 19790415 or 790415 (two digits of the year: 1930 to 2029). Actors are codes whose first three
letters mostly name a country (ISRGOV). Codes are CAMEO's or WEIS's: the two look alike and mean different things, so that the
ontology is stated (`--ontology`), or taken from the codes themselves where only one of the two has nearly all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from detente.base.dates import PIVOT
from detente.record.codes import cameo_quad, weis_quad
from detente.record.formats.format import Format, Projection, Raw

__all__ = ["KEDS", "WEIS"]


def _project(raw: Raw, quad_of: Callable[[str], str], title: str) -> Projection:
    text = raw["date"]
    short = f"(case when left({text}, 2) < '{PIVOT % 100}' then '20' else '19' end || {text})"
    date = f"(case length({text}) when 6 then try_strptime({short}, '%Y%m%d')::date else {raw.date('date')} end)"
    code, source, target = raw["code"], raw["source"], raw["target"]
    quad = quad_of(code)
    return Projection(
        columns={
            "date": date,
            "source": source,
            "target": target,
            "code": code,
            "quad": quad,
            "scale": raw.value("goldstein"),
        },
        source_key=f"left({source}, 3)",
        target_key=f"left({target}, 3)",
        intensity_key=code,
        faults=(
            (f"{date} is null", "no date that can be read"),
            (f"{source} is null or {target} is null", "no source or no target"),
            (f"{code} is null", "no event code"),
            (f"{quad} is null", f"an event code that {title} does not have"),
        ),
    )


_WANTED = (("date",), ("source",), ("target",), ("code",))
_MARKS = {0: r"\d{6}|\d{8}|\d{4}-\d\d-\d\d", 3: r"\d{2,4}"}
_HEADERS = {
    4: ("date", "source", "target", "code"),
    5: ("date", "source", "target", "code", "wording"),
    6: ("date", "source", "target", "code", "wording", "text"),
}
_MORE: dict[str, Any] = {"marks": _MARKS, "dates": ("date",)}
KEDS = Format("keds", "KEDS (CAMEO)", "cameo", lambda raw: _project(raw, cameo_quad, "CAMEO"), _WANTED, _HEADERS, **_MORE)
WEIS = Format("keds", "KEDS (WEIS)", "weis", lambda raw: _project(raw, weis_quad, "WEIS"), _WANTED, _HEADERS, **_MORE)
