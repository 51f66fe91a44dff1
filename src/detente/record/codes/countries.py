"""Country codes: from the codes and names that event data use for actors to ISO 3166-1 alpha-3.

The list of countries, with their common and official names, is that of pycountry. `aliases.csv` adds the names and the codes
that event data use besides (CAMEO's ROM for Romania, UCDP's "DR Congo"), `people.csv` holders of office who stand for their
country where a source names them without it. A name is compared without accents, case and punctuation. Regions, organisations
and groups have no country, and get none.

One table answers both: codes stand in it in capital letters (`USA`), names in small ones (`united states`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from detente.record.codes import coded

__all__ = ["countries", "country", "normal", "normal_sql", "people", "unaccented"]


@cache
def countries() -> dict[str, str]:
    """Alpha-3 code by code and by normal name, the people among the names."""
    import pycountry

    table: dict[str, str] = {}
    for entry in pycountry.countries:
        table[entry.alpha_3] = table[entry.alpha_2] = entry.alpha_3
        for name in ("name", "common_name", "official_name"):
            if hasattr(entry, name):
                table.setdefault(normal(getattr(entry, name)), entry.alpha_3)
    for former in pycountry.historic_countries:
        table.setdefault(former.alpha_3, former.alpha_3)
    for row in coded("aliases.csv"):
        table[row["name"] if row["kind"] == "code" else normal(row["name"])] = row["country"]
    for row in coded("people.csv"):
        table[normal(row["name"])] = row["country"]
    return table


def country(text: str, more: Mapping[str, str] | None = None) -> str | None:
    """The alpha-3 code for a code or a name, or None. more : further names, normal, with their country."""
    table = countries()
    return table.get(text.strip().upper()) or (more or {}).get(normal(text)) or table.get(normal(text))


def normal(name: str) -> str:
    """A name as it is compared: letters and hyphens without accents and case, single spaces."""
    return re.sub(r"[^a-z-]+", " ", unaccented(name).lower()).strip()


def unaccented(name: str) -> str:
    """A name without the accents of its letters."""
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))


def normal_sql(name: str) -> str:
    """The same as an SQL expression."""
    return f"trim(regexp_replace(lower(strip_accents({name})), '[^a-z-]+', ' ', 'g'))"


def people() -> list[dict[str, str]]:
    """Holders of office: `name`, `country`, `office`."""
    return coded("people.csv")
