"""Event codes and country names: what they mean, brought to one quad class, one scale, one country code.

**CAMEO** (Schrodt 2012). A code of two digits (root), three or four; the root decides the quad class, as GDELT and ICEWS have
it: 01-05 verbal cooperation, 06-09 material cooperation, 10-14 verbal conflict, 15-20 material conflict. The intensity is
that of Goldstein 1992, carried over to CAMEO (`cameo.csv`: 311 codes with the values that GDELT publishes with its events,
and five more, 0357, 1213 and 1641-1643, with Schrodt's of 2007; the two lists differ for six codes, 016, 022, 124, 163, 165,
166). A code that is not in the list has no intensity; its quad class is that of its root.

**WEIS** (McClelland 1976), with Goldstein's original values (`weis.csv`, 109 codes). Roots 02-05 and 08-10 are verbal
cooperation (comment, consult, approve, promise, agree, request, propose), 01, 06 and 07 material (yield, grant, reward), 11-17
verbal conflict (reject to threaten), 18-22 material (demonstrate to force).

**PLOVER** (Open Event Data Alliance). The names of 2021 and those of 2016 that they replaced. Events carry no intensity
unless the record states one (POLECAT does).

**ICEWS** events without codes, as in research extracts, carry the publisher's wording in place of a code. The wording is the
publisher's, so that the table holds a digest of it, by which it is recognised (`icews` in `cameo.csv`; letters only, lower
case).

References: Goldstein 1992, A Conflict-Cooperation Scale for WEIS Events Data, J. Conflict Resolution 36. McClelland 1976, WEIS
Codebook, ICPSR 5211. Schrodt 2012, CAMEO Conflict and Mediation Event Observations, Event and Actor Codebook 1.1b3.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

__all__ = [
    "PLOVER",
    "ROOTS",
    "cameo",
    "cameo_quad",
    "coded",
    "icews_digest",
    "icews_events",
    "led",
    "looked_up",
    "no_decimals",
    "weis",
    "weis_quad",
]

_QUADS = {
    1: "AGREE CONSULT SUPPORT CONCEDE",
    2: "COOPERATE AID RETREAT YIELD INVESTIGATE",
    3: "REQUEST DEMAND ACCUSE DISAPPROVE REJECT THREATEN",
    4: "PROTEST SANCTION REDUCE MOBILIZE CRIME COERCE ASSAULT FIGHT",
}
PLOVER = {event: quad for quad, events in _QUADS.items() for event in events.split()}
"""Quad class by event name."""

ROOTS = {
    "cameo": (("01", "05", 1), ("06", "09", 2), ("10", "14", 3), ("15", "20", 4)),
    "weis": (("01", "01", 2), ("02", "05", 1), ("06", "07", 2), ("08", "10", 1), ("11", "17", 3), ("18", "22", 4)),
}
"""By ontology, the roots of each quad class, as first and last root with the class."""


@cache
def cameo() -> dict[str, float]:
    """Goldstein's intensity by CAMEO code."""
    return {row["code"]: float(row["goldstein"]) for row in coded("cameo.csv")}


@cache
def weis() -> dict[str, float]:
    """Goldstein's intensity by WEIS code."""
    return {row["code"]: float(row["goldstein"]) for row in coded("weis.csv")}


@cache
def icews_events() -> dict[str, str]:
    """CAMEO code by digest of the wording."""
    return {digest: row["code"] for row in coded("cameo.csv") for digest in row["icews"].split("|") if digest}


def cameo_quad(code: str) -> str:
    """The SQL expression of the quad class of a CAMEO code."""
    return _by_root(code, ROOTS["cameo"])


def weis_quad(code: str) -> str:
    """The SQL expression of the quad class of a WEIS code."""
    return _by_root(code, ROOTS["weis"])


def led(code: str) -> str:
    """The SQL expression of a code with the zero that may have stood before it."""
    return f"('0' || {code})"


def no_decimals(cell: str) -> str:
    """The SQL expression of a whole number that a tool has written with decimals."""
    return f"regexp_replace({cell}, '[.]0+$', '')"


def icews_digest(wording: str) -> str:
    """The SQL expression of the digest of an event's wording."""
    return f"left(sha256(regexp_replace(lower({wording}), '[^a-z]', '', 'g')), 10)"


def looked_up(table: str, key: str) -> str:
    """The SQL expression of what a table of `detente.record.importing.select.lookups` has for a key; NULL where it has none."""
    return f"{table}_of({key})"


def _by_root(code: str, ranges: tuple[tuple[str, str, int], ...]) -> str:
    whens = " ".join(f"when {code} between '{low}' and '{high}99' then {quad}" for low, high, quad in ranges)
    return f"case when not regexp_full_match({code}, '[0-9]{{2,4}}') then null {whens} end"


def coded(name: str) -> list[dict[str, str]]:
    """The rows of a table that comes with this part, column by column."""
    text = (files("detente.record.codes") / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
