"""Random stand-offs as case files, small enough to try every roadmap: two or three parties, a few measures, few phases."""

from __future__ import annotations

import random
from typing import Any

__all__ = ["random_case"]

Data = dict[str, Any]


def random_case(seed: int, *, measures: int = 3, phases: int = 2, works: bool = False) -> Data:
    """A case of up to so many measures in up to so many phases; the same seed gives the same case.

    Most measures cost who takes them and are worth more to another; some are wanted, joint, harmful, in force, late to be seen,
    irreversible, or signals; some need or exclude another. The stand-off drifts, and trust is anything from hardly any on. With
    `works` some take a phase or two, as long as they can enter.
    """
    dice = random.Random(seed)
    names = ["a", "b", "c"][: dice.choice([2, 2, 3])]
    count = dice.randint(1, phases)
    ids = [f"m{n}" for n in range(dice.randint(1, measures))]
    data: Data = {
        "case": "random",
        "title": "Random stand-off",
        "as_of": "2020-01-01",
        "phases": {"length": "1 month", "count": count},
        "parties": {i: _party(dice, i, names) for i in names},
        "measures": {m: _measure(dice, n, ids, names) for n, m in enumerate(ids)},
    }
    enters: dict[str, int] = {}  # at the earliest
    for m, spec in data["measures"].items() if works else ():
        start = max([0, *(enters[q["any"][0]] + q["after"] for q in spec.get("requires", ()))])
        enters[m] = -1 if spec.get("in_force") else dice.randint(start, min(start + 2, count - 1))
        spec["takes"] = max(0, enters[m] - start)
    return data


def _party(dice: random.Random, name: str, names: list[str]) -> Data:
    return {
        "name": name.upper(),
        "discount": dice.choice([0.5, 0.8, 0.9]),
        "stalemate": dice.choice([0, 0, -0.1, -1, -5, 0.1]),
        "breakdown": dice.choice([0, 0, 1, 3]),
        "trust": {j: dice.choice([0.02, 0.2, 0.5, 0.8]) for j in names if j != name},
        **({"red_line": dice.choice([0.5, 2, 6])} if dice.random() < 0.15 else {}),
    }


def _measure(dice: random.Random, n: int, ids: list[str], names: list[str]) -> Data:
    by = dice.sample(names, 2 if dice.random() < 0.15 else 1)
    worth = {i: dice.choice([-1, -1, -0.5, -0.1, 0, 1] if i in by else [3, 2, 2, 1, 0, 0, -0.1, -1]) for i in names}
    if not any(worth.values()):
        worth[by[0]] = -1
    spec: Data = {
        "title": f"Measure {n}",
        "by": by,
        "kind": "other",
        "value": {i: x for i, x in worth.items() if x},
        "irreversible": dice.choice([0, 0, 0, 0.3, 1]),
        "lag": dice.choice([1, 1, 1, 2]),
        "signal": dice.choice([1, 1, 1, 2, 5]),
    }
    if dice.random() < 0.2:
        spec["once"] = {dice.choice(names): dice.choice([-2, -0.5, 1, 2])}
    if dice.random() < 0.1:
        spec["in_force"] = True
    elif n and dice.random() < 0.15:
        spec["requires"] = [{"any": [dice.choice(ids[:n])], "after": 0}]
    elif n and dice.random() < 0.1:
        spec["excludes"] = [dice.choice(ids[:n])]
    return spec
