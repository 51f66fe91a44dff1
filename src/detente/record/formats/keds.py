"""KEDS and WEIS tables: date, source, target, code, with or without a header, separated by tabs, commas or blanks.

**Whose codes the actors have.** Tables from before CAMEO, and some that were recoded to it, name countries as the KEDS project
then did, after the abbreviations of the Correlates of War: FRN, GER, BOS, SER, CRO. Some of these mean another country today:
MAC is Macedonia there and Macau in ISO 3166, AUS Austria, SWZ Switzerland, KOS South Korea. Tables in CAMEO's manner have the
codes of ISO (FRA, DEU, BIH). A table has one of the two lists. Let o be how often a code stands in it that only the old list
has, n how often one that only the new list has, of the countries of the old. It has the old list where o > n; where o = n, if
its events are of WEIS. `codes/keds.csv` is the old list, each code with its source.

Dates are written 1979-04-15, 19790415 or 790415 (two digits of the year: 1930 to 2029). Actors are codes whose first three
letters mostly name a country (ISRGOV). Codes are CAMEO's or WEIS's: the two look alike and mean different things, so that the
ontology is stated (`--ontology`), or taken from the codes themselves where only one of the two has nearly all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from detente.record.codes import cameo_quad, coded, weis_quad
from detente.record.codes.countries import countries
from detente.record.formats.days import pivoted
from detente.record.formats.format import Format, Projection, Raw

__all__ = ["KEDS", "KEDS_BEFORE", "WEIS", "WEIS_BEFORE", "former", "older"]


@cache
def former() -> dict[str, str]:
    """Alpha-3 code by the KEDS project's former code, where the two differ."""
    return {row["code"]: row["country"] for row in coded("keds.csv")}


def older(actors: Mapping[str, int], ontology: str) -> bool:
    """Whether a table has the former codes. actors : how often each code of three letters stands in it."""
    old, known = former(), countries()
    only_old = sum(n for code, n in actors.items() if code in old and code not in known)
    only_new = sum(n for code, n in actors.items() if code in set(old.values()) - set(old))
    return only_old > only_new or (only_old == only_new and ontology == "weis")


def _project(raw: Raw, quad_of: Callable[[str], str], title: str, past: bool) -> Projection:
    text = raw["date"]
    short = pivoted(f"try_strptime({text}, '%y%m%d')::date")
    date = f"(case length({text}) when 6 then {short} else {raw.date('date')} end)"
    code, source, target = raw["code"], raw["source"], raw["target"]
    quad = quad_of(code)
    keys = [f"left({actor}, 3)" for actor in (source, target)]
    if past:
        keys = [f"coalesce({raw.looked_up(key, former(), 'varchar')}, {key})" for key in keys]
    return Projection(
        columns={
            "date": date,
            "source": source,
            "target": target,
            "code": code,
            "quad": quad,
            "scale": raw.value("goldstein"),
        },
        source_key=keys[0],
        target_key=keys[1],
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
_LISTS = {"cameo": (cameo_quad, "CAMEO"), "weis": (weis_quad, "WEIS")}
_MORE: dict[str, Any] = {"marks": _MARKS, "dates": ("date",)}


def _format(ontology: str, past: bool) -> Format:
    quad_of, title = _LISTS[ontology]

    def project(raw: Raw) -> Projection:
        return _project(raw, quad_of, title, past)

    return Format("keds", f"KEDS ({title})", ontology, project, _WANTED, _HEADERS, **_MORE)


KEDS, WEIS = _format("cameo", False), _format("weis", False)
KEDS_BEFORE, WEIS_BEFORE = _format("cameo", True), _format("weis", True)
