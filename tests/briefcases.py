"""Cases for the brief, with a roadmap placed by hand: small ones that hold every part, and ones that strain the page."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from detente.brief.brief import Brief, brief
from detente.case.case import Case
from detente.case.load import load
from detente.diagnose.verdict import diagnose
from detente.plan.certificate import certify
from detente.plan.explain import explain
from detente.plan.result import Plan
from detente.plan.roadmap import Roadmap, roadmap_from_steps
from kept import kept

HOSTILE = "<script>document.title = 'owned'</script> & \"quoted\" </svg></title>"
LONG = "A measure whose title was agreed by two committees and therefore runs to ninety characters"
ARABIC = "إعادة فتح المعبر الحدودي أمام المدنيين"
UNBROKEN = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"

HARBOUR: dict[str, Any] = {
    "case": "harbour",
    "title": "A harbour and its approaches",
    "as_of": "2020-03-15",
    "phases": {"length": "1 month", "count": 8},
    "parties": {
        "isles": {
            "name": "United Isles",
            "discount": 0.95,
            "stalemate": [-0.2, -0.1, 0],
            "breakdown": [1, 2, 4],
            "trust": {"coast": 0.3},
            "evidence": ["register"],
        },
        "coast": {
            "name": "Coastland",
            "discount": 0.95,
            "stalemate": [-0.3, -0.2, 0],
            "breakdown": [1, 3, 4],
            "trust": {"isles": 0.25},
            "red_line": 20,
        },
    },
    "measures": {
        "hotline": {
            "title": "A line between the harbour masters",
            "by": ["isles", "coast"],
            "kind": "contact",
            "value": {"isles": 0.2, "coast": 0.2},
        },
        "buoys": {
            "title": "Charts of the buoys shared",
            "by": "isles",
            "kind": "verification",
            "value": {"isles": -0.1, "coast": [0.3, 0.6, 0.8]},
            "signal": 2,
            "requires": ["hotline"],
            "evidence": ["register"],
        },
        "patrols": {
            "title": "Patrols drawn back",
            "by": "coast",
            "kind": "military",
            "value": {"coast": -0.3, "isles": 0.8},
            "signal": 2.5,
            "lag": 2,
            "requires": ["hotline"],
        },
        "licences": {
            "title": "Fishing licences issued",
            "by": "isles",
            "kind": "economic",
            "value": {"isles": -0.4, "coast": 1},
            "once": {"isles": -0.2},
            "slices": 2,
            "signal": 1.5,
        },
        "count": {
            "title": "Joint count of the stock",
            "by": ["isles", "coast"],
            "kind": "verification",
            "value": {"isles": 0.1, "coast": 0.1},
            "window": {"not_before": 3},
        },
        "moorings": {
            "title": "Moorings kept open",
            "by": "coast",
            "kind": "humanitarian",
            "value": {"isles": 0.1, "coast": -0.05},
            "in_force": True,
        },
        "fort": {
            "title": "The fort given up",
            "by": "coast",
            "kind": "military",
            "value": {"coast": -9, "isles": 5},
            "irreversible": 0.9,
        },
        "flag": {
            "title": "The flag lowered",
            "by": "coast",
            "kind": "political",
            "value": {"coast": -1, "isles": 0.2},
            "requires": ["fort"],
        },
    },
    "demands": [
        {"id": "patrols-first", "by": "isles", "first": ["patrols"], "before": ["licences"], "firm": "medium"},
        {"id": "licences-first", "by": "coast", "first": ["licences"], "before": ["patrols"], "firm": "high"},
        {"id": "fort-first", "by": "isles", "first": ["fort"], "before": ["count"]},
    ],
    "agreements": {
        "pact": {
            "title": "Pact of the harbour",
            "date": "2018-05-02",
            "provisions": [
                {"id": "waters", "title": "Calm the waters", "measures": ["patrols", "moorings"]},
                {"id": "fish", "title": "Share the fish", "measures": ["licences", "fort"]},
                {"id": "fort", "title": "Settle the fort", "measures": ["fort"]},
                {"id": "song", "title": "Sing together"},
            ],
        }
    },
    "orders": [
        {"id": "isles", "by": "isles", "title": "Fort first", "steps": [["hotline"], ["fort"], ["licences"]]},
        {"id": "slow", "by": ["isles", "coast"], "title": "Slowly", "steps": [["hotline"], ["buoys"], ["patrols"]]},
    ],
    "risks": [{"id": "storm", "kind": "shock", "by": "coast", "chance": 0.1, "ratio": 0.5}],
    "sources": {
        "log": {"title": "Log of the harbour", "author": "The harbour master", "date": "2019", "url": "https://example.org/log"}
    },
    "evidence": {"register": {"source": "log", "at": "page 4", "says": "the buoys were moved twice"}},
}
HARBOUR_STEPS = [["hotline"], ["buoys"], ["patrols"], ["licences/1", "count"], [], ["licences/2"]]


def placed(case: Case, steps: Sequence[Sequence[str]], *, status: str = "optimal") -> Brief:
    """A brief on a roadmap placed by hand, certified and explained like a planned one."""
    plan = plan_of(case, steps, status=status)
    return brief(case, plan=plan, diagnosis=diagnose(case, plan=plan))


def plan_of(case: Case, steps: Sequence[Sequence[str]], *, status: str = "optimal") -> Plan:
    """That roadmap alone."""
    instance = case.instance
    roadmap = roadmap_from_steps(steps, instance) if steps else Roadmap.empty(instance)
    certificate = certify(instance, roadmap)
    return Plan(
        instance=instance,
        objective="nash",
        status=status,
        gap=0.0 if status == "optimal" else None,
        roadmap=roadmap,
        certificate=certificate,
        reasons=explain(instance, roadmap),
        nothing_because="rows" if status == "none" else None,
        method={"solver": "placed by hand"},
    )


@kept
def harbour(**changes: Any) -> Brief:
    """The case that has every part; `changes` replace top-level keys."""
    return placed(load({**HARBOUR, **changes}), HARBOUR_STEPS)


@kept
def recorded() -> Brief:
    """The harbour with a record: the events of the bundled one, and commitments and trust made up."""
    from datetime import date
    from tempfile import TemporaryDirectory

    from detente.record.account import Fulfilment, TrustPath, TrustPoint, account
    from detente.record.library import start

    data = copy.deepcopy(HARBOUR)
    for party, code in zip(data["parties"].values(), ("USA", "PRK"), strict=False):
        party["code"] = code
    case = load(data)
    isles, coast = list(case.parties)[:2]
    with TemporaryDirectory() as folder:
        found = account(case, start("us-dprk-2019", f"{folder}/record").workspace)
    made = tuple(
        Fulfilment(
            LONG if n == 3 else f"Promise {n}", (isles, coast)[n % 2], date(2018, 6 + n, 1), state, low, high, late, False, told
        )
        for n, (state, low, high, late, told) in enumerate(
            (
                ("full", 1.0, 1.0, False, ((isles, "full", UNBROKEN),)),
                ("intermediate", 2 / 3, 2 / 3, True, (("observers", "intermediate", ""),)),
                ("disputed", 1 / 3, 1.0, False, ((isles, "minimal", LONG), (coast, "full", LONG))),
                ("none", 0.0, 0.0, True, ()),
            )
        )
    )
    days = [
        TrustPoint(date(2018, m, 1 + n), 0.1, 0.1 + m / 40 + n / 90, 0.6, f"{LONG}: kept") for m in (2, 5, 8) for n in range(4)
    ]
    paths = (TrustPath(isles, coast, tuple(days)), TrustPath(coast, isles, tuple(days[:2])))
    return replace(
        placed(case, HARBOUR_STEPS), account=replace(found, fulfilments=made, paths=paths, profile="Plain", source="bundled")
    )


@kept
def unsure() -> Brief:
    """The harbour with ranges so wide that its roadmap breaks in many draws, at several dates."""
    data = copy.deepcopy(HARBOUR)
    for spec in data["measures"].values():
        for i, x in spec["value"].items():
            likely = x[1] if isinstance(x, list) else x
            spread = 1.5 * abs(likely)
            spec["value"][i] = [round(likely - spread, 3), likely, round(likely + spread, 3)]
    return placed(load(data), HARBOUR_STEPS)


@kept
def crowded(parties: int = 4, measures: int = 40, phases: int = 12) -> Brief:
    """Many parties, long titles, right-to-left and hostile text, every kind of measure, steps at every date."""
    ids = [f"p{n}" for n in range(parties)]
    names = ["The Northern Confederation of Free Cities", "Coastland", ARABIC, "Isles", "Hills", "Marsh"]
    kinds = ("contact", "humanitarian", "economic", "political", "military", "nuclear", "verification", "other")
    titles = (LONG, HOSTILE, ARABIC, UNBROKEN, "Short", "Two words")
    specs: dict[str, Mapping[str, Any]] = {}
    for n in range(measures):
        by = [ids[n % parties]] if n % 5 else sorted({ids[n % parties], ids[(n // 5) % parties]})
        specs[f"m{n}"] = {
            "title": f"{titles[n % len(titles)]} {n}",
            "by": by,
            "kind": kinds[n % len(kinds)],
            "value": {i: -0.1 if [i] == by else 0.3 for i in ids},
            "signal": 1.2,
            "lag": 1 + n % 2,
            **({"requires": [f"m{n - 7}"]} if n >= 7 else {}),
        }
    data = {
        "case": "crowded",
        "title": HOSTILE,
        "as_of": "2021-01-31",
        "phases": {"length": "2 weeks", "count": phases},
        "parties": {
            i: {
                "name": names[n],
                "discount": 0.97,
                "stalemate": -1,
                "breakdown": 1,
                "trust": {j: 0.7 for j in ids if j != i},
            }
            for n, i in enumerate(ids)
        },
        "measures": specs,
        "demands": [
            {"id": f"d{n}", "by": ids[n], "first": [f"m{n + 1}"], "before": [f"m{n}"] if n else ["m0", "m9"], "firm": "low"}
            for n in range(parties - 1)
        ]
        + [{"id": "back", "by": ids[-1], "first": ["m0"], "before": [f"m{parties - 1}"], "firm": "high"}],
        "orders": [{"id": "o", "by": ids, "title": HOSTILE, "steps": [["m0", "m1", "m2"], [], ["m7"]]}],
        "agreements": {
            "a": {
                "title": HOSTILE,
                "date": "2020-01-01",
                "provisions": [{"id": "x", "title": ARABIC, "measures": ["m0", "m2"]}],
            }
        },
        "sources": {"s": {"title": HOSTILE}},
        "evidence": {"e": {"source": "s", "at": HOSTILE, "says": HOSTILE}},
    }
    steps: list[list[str]] = [[] for _ in range(phases)]
    for n in range(measures):
        steps[min(phases - 1, n * phases // measures)].append(f"m{n}")
    return placed(load(data), steps)


def in_other_units(case: Case, of: str, by: int = 4) -> Case:
    """The same case, with all that is counted in one party's units so many times as large: nothing in it changes but these
    numbers and what is reckoned from them. By a power of two it is the same to the last digit in floating point, too."""
    from ruamel.yaml import YAML

    def times(given: Any) -> Any:
        return [times(x) for x in given] if isinstance(given, list) else float(Fraction(str(given)) * by)

    data = YAML(typ="safe").load(case.text)
    own, risks, supports = data["parties"][of], data.get("risks", ()), data.get("supports", ())
    blocks = [(own, key) for key in ("stalemate", "breakdown", "red_line")]
    blocks += [(m[key], of) for m in data["measures"].values() for key in ("value", "once") if key in m]
    blocks += [(s[key], of) for s in supports for key in ("value", "cost") if key in s]
    blocks += [(s, "breakdown") for s in supports if s.get("party") == of]
    changed = [r["value"] for r in risks if r.get("party") == of and "value" in r]
    changed += [g["value"] for g in [own.get("governments", {})] if "value" in g]
    blocks += [(values, m) for values in changed for m in values]
    for block, key in blocks:
        if key in block:
            block[key] = times(block[key])
    return load(data)


@kept
def one_phase() -> Brief:
    """A single phase, in which everything enters at once; three parties, one of which bears no cost."""
    data = {
        "case": "one-phase",
        "title": "One phase",
        "as_of": "2020-01-01",
        "phases": {"length": "1 year", "count": 1},
        "parties": {
            "a": {"name": "Alder", "discount": 0.9, "stalemate": 0, "breakdown": 1, "trust": {"b": 0.5, "c": 0.5}},
            "b": {"name": "Birch", "discount": 0.9, "stalemate": 0, "breakdown": 1, "trust": {"a": 0.5, "c": 0.5}},
            "c": {"name": "Cedar", "discount": 0.9, "stalemate": 0, "breakdown": 0, "trust": {"a": 0.5, "b": 0.5}},
        },
        "measures": {
            "x": {"title": "Give wood", "by": "a", "kind": "economic", "value": {"a": -0.2, "b": 1}},
            "y": {"title": "Give water", "by": "b", "kind": "economic", "value": {"b": -0.2, "a": 1}},
            "z": {"title": "Build a mill", "by": "c", "kind": "other", "value": {"c": 0.2}},
        },
    }
    return placed(load(data), [["x", "y", "z"]])


@kept
def nothing() -> Brief:
    """Two parties with nothing to agree on: no roadmap at all."""
    data = {
        "case": "nothing",
        "title": "Nothing to agree on",
        "as_of": "2020-01-01",
        "phases": {"length": "1 quarter", "count": 6},
        "parties": {
            "a": {"name": "Alder", "discount": 0.9, "stalemate": 0, "breakdown": 0, "trust": {"b": 0.5}},
            "b": {"name": "Birch", "discount": 0.9, "stalemate": 0, "breakdown": 0, "trust": {"a": 0.5}},
        },
        "measures": {
            "x": {"title": "Give wood", "by": "a", "kind": "economic", "value": {"a": -2, "b": 1}},
            "y": {"title": "Give water", "by": "b", "kind": "economic", "value": {"b": -2, "a": 1}},
        },
    }
    return placed(load(data), [], status="none")


@kept
def recommended() -> Brief:
    """The exchange worked out by hand, as it is told where nothing else is asked for: with its recommended roadmap."""
    return brief(load("toy-exchange"), draws=300)


@kept
def in_parts() -> Brief:
    """The dispute with the stated order that holds as its roadmap, which takes no search."""
    case = load("supplier-dispute")
    (order,) = (o for o in case.orders if o.id == "in-parts")
    plan = plan_of(case, order.steps, status="feasible")
    return brief(case, plan=plan, diagnosis=diagnose(case, plan=plan), draws=200)
