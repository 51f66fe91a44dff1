"""A made-up accord between two parties, with as many stipulations as a test wants."""

from __future__ import annotations

from typing import Any

from detente.case.case import Case
from detente.case.load import load

__all__ = ["accord"]


def accord(stipulations: int = 3, **blocks: Any) -> Case:
    """Parties north and south; measures a (north), b (south), c (both); an agreement of so many provisions s1, s2, ..

    s1 is carried out by a and c, s2 by b; the others by nothing that the case names.
    """
    carried = {1: ["a", "c"], 2: ["b"]}
    data: dict[str, Any] = {
        "case": "accord",
        "title": "An accord",
        "as_of": "2020-06-30",
        "phases": {"length": "1 month", "count": 6},
        "parties": {
            "north": {"name": "North", "discount": 0.9, "stalemate": -0.1, "breakdown": 1, "trust": {"south": 0.25}},
            "south": {"name": "South", "discount": 0.9, "stalemate": -0.1, "breakdown": 1, "trust": {"north": 0.5}},
        },
        "measures": {
            "a": {"title": "A", "by": "north", "kind": "other", "value": {"north": -0.1, "south": 0.5}},
            "b": {"title": "B", "by": "south", "kind": "other", "value": {"south": -0.1, "north": 0.5}},
            "c": {"title": "C", "by": ["north", "south"], "kind": "other", "value": {"south": 0.1, "north": 0.1}},
        },
        "agreements": {
            "deal": {
                "title": "The deal",
                "date": "2020-01-01",
                "provisions": [
                    {"id": f"s{n}", "title": f"Stipulation {n}", "measures": carried.get(n, [])}
                    for n in range(1, stipulations + 1)
                ],
            }
        },
    }
    for block, changes in blocks.items():
        for key, change in changes.items():
            data[block][key] = {**data[block].get(key, {}), **change}
    return load(data)
