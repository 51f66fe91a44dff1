"""Stand-offs in words, as somebody writes a first case: `vague_case(seed)`, the same seed the same case.

Two or three parties and six to ten measures of any class but inspection, by the quarter. Whoever acts bears a cost, another
gains, a third may; one worth in eight is `unclear`. Each of some measures needs an earlier one, and two parties insist on
something first. Every word stands for a wide range of the table `plain`. Nothing here was chosen by what came out.
"""

from __future__ import annotations

import random
from typing import Any

__all__ = ["vague_case"]

_CLASSES = (
    *("contact", "pledge", "information", "transfer", "works", "suspension"),
    *("disabling", "dismantling", "recognition", "amnesty", "power"),
)


def vague_case(seed: int) -> dict[str, Any]:
    """The case file as plain data."""
    dice = random.Random(seed)
    names = ["north", "south", "east"][: dice.choice([2, 2, 3])]
    ids = [f"m{n}" for n in range(dice.randint(6, 10))]
    measures = {m: _measure(dice, m, names) for m in ids}
    free = ids[: len(ids) // 2]
    for m in ids[len(free) :]:
        if dice.random() < 0.25:
            measures[m]["requires"] = [dice.choice(free)]
    data: dict[str, Any] = {
        "case": f"vague-{seed}",
        "title": f"A first case in words ({seed})",
        "as_of": "2020-01-01",
        "phases": {"length": "1 quarter", "count": dice.randint(10, 12)},
        "rough": "plain",
        "parties": {i: _party(dice, i, names) for i in names},
        "measures": measures,
    }
    first, second = ([m for m in ids if measures[m]["by"] == i] for i in names[:2])
    if first and second:
        demands = [("north", second, first), ("south", first, second)]
        data["demands"] = [
            {"id": f"d-{by}", "by": by, "first": [dice.choice(theirs)], "before": [dice.choice(own)], "firm": "low"}
            for by, theirs, own in demands
        ]
    return data


def _party(dice: random.Random, name: str, names: list[str]) -> dict[str, Any]:
    return {
        "name": name.title(),
        "discount": dice.choice(["short", "fair", "long"]),
        "stalemate": dice.choice(["-slight", "-small", "unclear"]),
        "breakdown": dice.choice(["light", "heavy"]),
        "trust": {j: dice.choice(["little", "some", "some", "good"]) for j in names if j != name},
    }


def _measure(dice: random.Random, name: str, names: list[str]) -> dict[str, Any]:
    by = dice.choice(names)
    other = dice.choice([i for i in names if i != by])
    value = {by: dice.choice(["-slight", "-small", "-small", "-medium", "unclear"])}
    value[other] = dice.choice(["small", "medium", "medium", "large", "unclear"])
    for i in names:
        if i not in value and dice.random() < 0.5:
            value[i] = dice.choice(["slight", "-slight", "small", "unclear"])
    return {"title": f"Measure {name}", "by": by, "kind": "other", "class": dice.choice(_CLASSES), "value": value}
