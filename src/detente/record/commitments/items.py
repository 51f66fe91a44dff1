"""What can be owed in a case: its measures, and the provisions of its agreements as AGREEMENT/PROVISION."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from detente.case.case import Case

__all__ = ["Item", "items"]


@dataclass(frozen=True)
class Item:
    """A measure or a provision.

    kind : "measure" or "provision".
    parties : who can owe it: the actors of a measure; of a provision every party of the case.
    measures : of a provision, what carries it out. provisions : of a measure, what it helps to carry out.
    signed : of a provision, the day on which it was agreed.
    """

    id: str
    title: str
    kind: str
    parties: tuple[str, ...]
    measures: tuple[str, ...] = ()
    provisions: tuple[str, ...] = ()
    signed: datetime.date | None = None


def items(case: Case) -> Mapping[str, Item]:
    """Every item of a case: provisions in the order of their agreements, then measures."""
    out: dict[str, Item] = {}
    serves: dict[str, list[str]] = {}
    for name, agreement in case.agreements.items():
        for p in agreement.provisions:
            ref = f"{name}/{p.id}"
            measures = tuple(dict.fromkeys(m.partition("/")[0] for m in p.measures))
            out[ref] = Item(ref, p.title, "provision", tuple(case.parties), measures, signed=agreement.date)
            for m in measures:
                serves.setdefault(m, []).append(ref)
    for m, spec in case.measures.items():
        out[m] = Item(m, spec.title, "measure", spec.by, provisions=tuple(serves.get(m, ())))
    return out
