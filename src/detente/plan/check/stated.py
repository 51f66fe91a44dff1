"""A certificate as a file that explains itself: the numbers, the roadmap, every row with its two sides, and who may see them.

`checker()` is a program that works all of it out again and shares nothing with this package (`check.py` beside this module).
A file is a roadmap as well: it has `case` and `entry`, so that `verify` and a status read it.

For all, or for one party
-------------------------
Made for one party, a file holds that party's numbers and rows. Of the others it states nothing but facts that the rows need:
`kept` and `ready` of each measure (module `case.alone`) and `giving`, who has something to do (module `plan.process`). Rows of
a coalition compare the values of several parties, so no file for one party has them; the program names them. Where supports of
the case are in place, `ready` is a fact for all: it is that of the case, without what comes with the deal alone.

The fingerprint is one of what all files of a roadmap share, those facts included. There is none of the values: they are few and
round, and whoever has a fingerprint of them could guess them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from importlib.resources import files
from typing import Any

from detente.case.alone import alone
from detente.case.instance import Instance, Measure, Party
from detente.errors import RoadmapError
from detente.plan.certificate import STRUCTURAL, Row, certify, every_row
from detente.plan.process import Process
from detente.plan.roadmap import Roadmap

__all__ = ["DEFINITIONS", "checker", "stated"]

DEFINITIONS = 1
"""Raised when a row comes to mean something else."""


def checker() -> str:
    """The text of the program that checks such a file."""
    return files("detente.plan.check").joinpath("check.py").read_text(encoding="utf-8")


def stated(instance: Instance, roadmap: Roadmap, *, party: str | None = None, supports: Sequence[str] = ()) -> dict[str, Any]:
    """The certificate of a roadmap as plain data.

    Parameters
    ----------
    party : whose file it is; None: everybody's. supports : those of the case that the instance has in place.

    Raises
    ------
    RoadmapError
        If there is no such party.
    """
    if party is not None and party not in instance.party:
        raise RoadmapError(f"no party {party!r}: the case has {', '.join(instance.party)}")
    process, world, seen = Process(instance, roadmap), alone(instance), list(instance.party) if party is None else [party]
    rows = [row for row in every_row(instance, roadmap) if _concerns(row, party)]
    giving, under_way = ([i for i in instance.party if i in found] for found in (process.giving, instance.under_way))
    measures = [_measure(m, seen) for m in instance.measures]
    facts = [{"kept": kept, "ready": ready} for kept, ready in zip(world.kept, world.ready, strict=True)]
    known = [[*fact.values(), roadmap.entry[m.id]] for m, fact in zip(instance.measures, facts, strict=True)]
    facts_stated = party is not None or bool(supports)
    shared = [{key: x for key, x in m.items() if key not in ("value", "once")} for m in measures]
    whole = [DEFINITIONS, instance.case, instance.phases, list(instance.party), shared, known, giving, under_way]
    return {
        "case": instance.case,
        "phases": instance.phases,
        "entry": dict(roadmap.entry),
        **({"supports": list(supports)} if supports else {}),
        "definitions": DEFINITIONS,
        "party": party,
        "fingerprint": hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest(),
        "holds": all(row.slack >= 0 for row in rows),
        "helps": certify(instance, roadmap).helps if party is None else None,
        "parties": {i: _terms(p) if i in seen else {} for i, p in instance.party.items()},
        "measures": [{**m, "facts": fact} if facts_stated else m for m, fact in zip(measures, facts, strict=True)],
        "giving": giving,
        "under_way": under_way,
        "rows": [_row(row) for row in rows],
    }


def _concerns(row: Row, party: str | None) -> bool:
    return party is None or row.row in STRUCTURAL or (row.party == party and row.row != "coalition")


def _terms(party: Party) -> dict[str, Any]:
    return {
        "discount": str(party.discount),
        "stalemate": str(party.stalemate),
        "breakdown": str(party.breakdown),
        "red_line": None if party.red_line is None else str(party.red_line),
        "trust": _texts(party.trust),
    }


def _measure(m: Measure, seen: list[str]) -> dict[str, Any]:
    return {
        "id": m.id,
        "actors": list(m.actors),
        "value": _texts({i: x for i, x in m.value.items() if i in seen}),
        "once": _texts({i: x for i, x in m.once.items() if i in seen}),
        "irreversible": str(m.irreversible),
        "lag": m.lag,
        "signal": str(m.signal),
        "requires": [{"any": list(q.any), "after": q.after} for q in m.requires],
        "excludes": list(m.excludes),
        "not_before": m.not_before,
        "not_after": m.not_after,
        "in_force": m.in_force,
        "unseen": m.unseen,
        "due": m.due,
        **({"takes": m.takes} if m.takes else {}),
    }


def _row(row: Row) -> dict[str, Any]:
    named: dict[str, Any] = {"row": row.row, "party": row.party, "toward": row.toward, "phase": row.phase}
    named |= {"lag": row.lag, "found": row.found}
    if row.measure is not None:
        named["measure"] = row.measure
    if row.together:
        named |= {"together": list(row.together), "keeping": list(row.keeping)}
    return {**named, "left": str(row.left), "right": str(row.right), "slack": str(row.slack)}


def _texts(numbers: Mapping[str, Fraction]) -> dict[str, str]:
    return {i: str(x) for i, x in numbers.items()}
