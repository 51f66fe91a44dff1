"""A small stand-off as a case file, whose figures can be worked out in the head, and what a test changes in it.

Each of two parties can give something that costs it 1 a phase and is worth 2 to the other. d = 0.8: held for ever from phase 0
both are worth (2 - 1) / 0.2 = 5 to each. Nothing stays of a gift that is stopped, no deal is worth 0, breakdown costs nothing.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Data = dict[str, Any]

SWAP: Data = {
    "case": "swap",
    "title": "Two gifts",
    "as_of": "2020-01-01",
    "phases": {"length": "1 month", "count": 2},
    "draws": {"spread": 0},
    "parties": {
        "a": {"name": "Party A", "discount": 0.8, "stalemate": 0, "breakdown": 0, "trust": {"b": 0.5}},
        "b": {"name": "Party B", "discount": 0.8, "stalemate": 0, "breakdown": 0, "trust": {"a": 0.5}},
    },
    "measures": {
        "give-a": {"title": "A gives", "by": "a", "kind": "economic", "value": {"a": -1, "b": 2}},
        "give-b": {"title": "B gives", "by": "b", "kind": "economic", "value": {"b": -1, "a": 2}},
    },
}


def swap(*changes: Callable[[Data], object]) -> Data:
    """The case with changes made to a copy of it."""
    data = copy.deepcopy(SWAP)
    for change in changes:
        change(data)
    return data


def parties(**entries: Any) -> Callable[[Data], None]:
    """Set entries of both parties; `trust` is a number that each has in the other."""

    def change(data: Data) -> None:
        for i, spec in data["parties"].items():
            spec |= {k: dict.fromkeys(set("ab") - {i}, x) if k == "trust" else x for k, x in entries.items()}

    return change


def measures(**entries: Any) -> Callable[[Data], None]:
    """Set entries of both measures."""

    def change(data: Data) -> None:
        for spec in data["measures"].values():
            spec |= entries

    return change


def worth(own: float, other: float) -> Callable[[Data], None]:
    """What each gift is worth to its giver and to the other."""

    def change(data: Data) -> None:
        for i, j in ("ab", "ba"):
            data["measures"][f"give-{i}"]["value"] = {i: own, j: other}

    return change


def you_first(data: Data) -> None:
    """Each wants the other's gift first."""
    data["demands"] = [
        {"id": "b-first", "by": "a", "first": ["give-b"], "before": ["give-a"]},
        {"id": "a-first", "by": "b", "first": ["give-a"], "before": ["give-b"]},
    ]
    data["phases"]["count"] = 4


def written(data: Data, folder: Path) -> str:
    """The path of the case as a file: JSON is YAML."""
    path = folder / f"{data['case']}.yaml"
    path.write_text(json.dumps(data), encoding="utf-8")
    return str(path)
