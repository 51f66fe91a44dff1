"""Small random stand-offs with every kind of risk, as case data: two or three parties, joint and divisible measures, acts that
a party would do alone, red tape; and, if wanted, with every key that says why a step is not carried out."""

from __future__ import annotations

import random
from typing import Any

from detente.case.case import Case
from detente.case.load import load
from detente.errors import CaseError

__all__ = ["risky_case"]


def risky_case(n: int, *, causes: bool = False) -> Case:
    """The first of a family of drawn cases that contradicts itself nowhere. causes : with the keys of `case.causes`, drawn
    apart, so that the case without them stays what it is."""
    for k in range(1000):
        try:
            data = _data(1000 * n + k)
            return load(_with_causes(data, random.Random(f"causes {n} {k}")) if causes else data)
        except CaseError:
            continue
    raise AssertionError("none in a thousand is a case")


def _data(n: int) -> dict[str, Any]:
    r = random.Random(n)
    T = r.randint(2, 7)
    ps = ["a", "b", "c"][: r.choice([2, 2, 3])]
    trust = lambda: round(r.uniform(0.1, 0.95), 2)  # noqa: E731
    ids = [f"m{k}" for k in range(r.randint(3, 6))]
    measures: dict[str, Any] = {}
    for k, m in enumerate(ids):
        by = r.sample(ps, 2) if r.random() < 0.2 else [ps[k % len(ps)]]
        value = {i: round(r.uniform(-1, 0.05) if i in by else r.uniform(-0.1, 2), 2) for i in ps if r.random() < 0.95}
        value.setdefault(by[0], -0.5)
        spec: dict[str, Any] = {
            "title": m,
            "by": by if len(by) > 1 else by[0],
            "kind": r.choice(["economic", "military"]),
            "value": value,
        }
        if r.random() < 0.3:
            spec["once"] = {by[0]: round(-r.random(), 2)} if value[by[0]] < 0 else {}
        spec |= {"irreversible": r.choice([0, 0, 0.3, 0.7, 1]), "lag": r.randint(1, 3), "signal": r.choice([1, 1.2, 2])}
        if n % 2:
            spec["lag"] = [spec["lag"], spec["lag"], spec["lag"] + 1]
        if r.random() < 0.15:
            spec["slices"] = 2
        if k and r.random() < 0.3:
            spec["requires"] = [{"any": r.sample(ids[:k], 1), "after": r.randint(0, 2)}]
        elif k and r.random() < 0.1 and not any(measures[ids[k - 1]].get(x) for x in ("excludes", "in_force")):
            spec["excludes"] = [ids[k - 1]]
        if r.random() < 0.2:
            spec["window"] = {"not_before": r.randint(0, 1), "not_after": r.randint(1, T - 1)}
        if r.random() < 0.15 and not spec.get("requires") and not spec.get("excludes") and not spec.get("slices"):
            spec["in_force"] = True
        if len(by) == 1 and r.random() < 0.25:  # what its actor would do for its own sake, and mostly harms somebody
            value = {i: round(r.uniform(0, 0.6) if i in by else r.uniform(-1, 0.3), 2) for i in ps}
            spec |= {"value": value, "once": {by[0]: round(r.uniform(-1, 0.2), 2)}}
        measures[m] = spec
    acting = {i for s in measures.values() for i in ([s["by"]] if isinstance(s["by"], str) else s["by"])}
    risks: list[dict[str, Any]] = []
    if r.random() < 0.5:
        m = r.choice(ids)
        vote: dict[str, Any] = {"id": "vote", "kind": "government", "party": "a", "at": r.randint(0, T - 1), "chance": 0.5}
        vote |= {"value": {m: round(r.uniform(-2, 0.5), 2)}, "trust": {"b": trust()} if "b" in acting else {}}
        risks.append(vote)
    for n in range(r.randint(0, 2)):
        shock = {"id": f"s{n}", "kind": "shock", "by": r.choice(sorted(acting)), "chance": 0.1, "ratio": r.choice([0.3, 0.7])}
        risks.append(shock)
    for n in range(r.randint(0, 2)):
        on, fails = r.sample(ids, min(2, len(ids))), r.choice([0, 0.2, 0.5])
        risks.append({"id": f"q{n}", "kind": "performance", "of": on, "fails": fails, "late": [0, 1, r.randint(1, 4)]})
    return {
        "case": f"random-{n}",
        "title": "Random",
        "as_of": "2020-01-01",
        "phases": {"length": "1 month", "count": T},
        "parties": {
            i: {
                "name": i,
                "discount": r.choice([0.8, 0.9, 0.95]),
                "stalemate": r.choice([0, -0.2, 0.1]),
                "breakdown": r.choice([0, 0.5, 2]),
                "trust": {j: trust() for j in ps if j != i and j in acting},
            }
            for i in ps
        },
        "measures": measures,
        "risks": risks,
    }


CLASSES = ("contact", "works", "transfer", "power")


def _with_causes(data: dict[str, Any], r: random.Random) -> dict[str, Any]:
    ps, ids = list(data["parties"]), list(data["measures"])
    by = {m: [b] if isinstance(b := s["by"], str) else b for m, s in data["measures"].items()}
    for spec in data["measures"].values():
        if not spec.get("in_force"):
            if r.random() < 0.3:
                spec["takes"] = sorted(r.randint(0, 3) for _ in range(3))
            if r.random() < 0.4:
                spec["class"] = r.choice(CLASSES)
        if r.random() < 0.35:
            names = ("court", "senate")[: r.randint(1, 2)]
            spec["needs"] = [{"id": c, "by": c, "chance": r.choice([0.3, 0.5, 0.8])} for c in names]
            for need in spec["needs"]:
                need |= {"again": r.randint(1, 3)} if r.random() < 0.6 else {}
    for i in ps:
        if r.random() < 0.5:
            other = r.choice([j for j in ps if j != i])
            new = {
                "every": r.randint(1, 3),
                "first": r.randint(0, 2),
                "chance": r.choice([0.3, 0.6]),
                "undoes": r.choice([0.3, 0.9]),
            }
            new["value"] = {m: round(r.uniform(-2, 0.2), 2) for m in r.sample(ids, r.randint(0, 2))}
            if r.random() < 0.5 and other in {j for x in by.values() for j in x}:
                new["trust"] = {other: round(r.uniform(0.1, 0.9), 2)}
            data["parties"][i]["governments"] = new
    demands: list[dict[str, Any]] = []
    for k in range(r.randint(0, 3)):
        i = r.choice([j for j in ps if any(j in x for x in by.values())])
        own, others = [m for m in ids if i in by[m]], [m for m in ids if i not in by[m]]
        if not others:
            continue
        d: dict[str, Any] = {
            "id": f"d{k}",
            "by": i,
            "first": r.sample(others, r.randint(1, min(2, len(others)))),
            "before": [r.choice(own)],
        }
        d |= {"firm": r.choice(["low", "medium", "high"])} if r.random() < 0.8 else {}
        d |= {"standing": True} if r.random() < 0.7 else {}
        if r.random() < 0.6:
            readers = r.sample(ps, r.randint(1, len(ps)))
            d["reading"] = {j: r.sample(others, r.randint(1, min(2, len(others)))) for j in readers}
        demands.append(d)
    answers = []
    for _ in range(r.randint(0, 3)):
        m = r.choice(ids)
        fit = [i for i in ps if i not in by[m] and any(i in x for x in by.values())]
        if fit:
            i = r.choice(fit)
            held = r.sample(own := [n for n in ids if i in by[n]], r.randint(1, min(2, len(own))))
            answers.append({"if": m, "by": i, "holds": held, "chance": r.choice([0.5, 1])})
    return data | {"demands": demands, "answers": answers}
