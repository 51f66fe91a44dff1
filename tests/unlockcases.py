"""Small cases with supports, every one of their roadmaps, and whether one of these reaches a target: by trying everything."""

from __future__ import annotations

import itertools
from typing import Any

from hypothesis import strategies as st

from bruteforce import BruteForce
from detente.case.case import Case
from detente.case.instance import Instance
from detente.case.load import load
from detente.plan.roadmap import Roadmap
from detente.plan.unlock.supported import is_paid
from smallcases import SWAP

PHASES = 2


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Two gifts and perhaps a third measure, which its actor may want alone, hard to keep or to dare, with three or four
    supports of any kind; sometimes a third party."""
    tenth = st.integers
    names = draw(st.sampled_from(["ab", "ab", "ab", "abc"]))
    parties = {
        i: {
            **SWAP["parties"]["a"],
            "name": f"Party {i.upper()}",
            "stalemate": draw(st.sampled_from([0, 0, -0.2, 0.1])),
            "breakdown": draw(st.sampled_from([0, 0.5])),
            "trust": {j: draw(st.sampled_from([0.1, 0.5, 0.9])) for j in names if j != i},
            **({"red_line": draw(tenth(1, 6))} if draw(st.integers(0, 4)) == 0 else {}),
        }
        for i in names
    }
    measures: dict[str, Any] = {
        f"give-{i}": {
            **SWAP["measures"][f"give-{i}"],
            "value": {i: -draw(tenth(6, 14)) / 10, j: draw(tenth(8, 22)) / 10}
            | {k: draw(tenth(-3, 6)) / 10 for k in names if k == "c"},
            "irreversible": draw(st.sampled_from([0, 0.25, 0.5, 0.75])),
            "lag": draw(st.integers(1, 3)),
            "signal": draw(st.sampled_from([1, 1, 2])),
        }
        for i, j in ("ab", "ba")
    }
    third = draw(st.booleans())
    if third:
        value = {i: draw(tenth(-5, 8)) / 10 or 0.1 for i in names}
        measures["third"] = {
            "title": "C",
            "by": draw(st.sampled_from(names)),
            "kind": "other",
            "value": value,
            "signal": 1.5,
        }
    opened = third and draw(st.booleans())
    if third and not opened and draw(st.booleans()):
        measures["third"]["in_force"] = True
    kinds = [
        *(["opens"] if opened else []),
        *draw(st.lists(st.sampled_from(["lag", "signal", "slices", "value", "breakdown"]), min_size=2, max_size=3)),
    ]
    on = list(measures)[: 2 if opened else 3]
    supports = [{"id": f"s{n}", "title": f"S{n}", **_support(draw, kind, on, names)} for n, kind in enumerate(kinds)]
    return load(
        {
            **SWAP,
            "phases": {"length": "1 month", "count": PHASES},
            "parties": parties,
            "measures": measures,
            "supports": supports,
        }
    )


def _support(draw: st.DrawFn, kind: str, measures: list[str], names: str) -> dict[str, Any]:
    on = draw(st.lists(st.sampled_from(measures), min_size=1, max_size=2, unique=True))
    cost = {draw(st.sampled_from(names)): draw(st.integers(0, 3)) / 10}
    worth = draw(st.integers(2, 12)) / 10
    party = draw(st.sampled_from(names))
    return {
        "opens": {"opens": ["third"]},
        "lag": {"of": on, "lag": draw(st.integers(1, 2))},
        "signal": {"of": on, "signal": 3},
        "slices": {"of": on[:1], "slices": 2},
        "value": {"of": on, "value": {party: worth}},
        "breakdown": {"party": party, "breakdown": worth * 2},
    }[kind] | {"cost": cost}


def roadmaps(instance: Instance) -> list[Roadmap]:
    """Every schedule of the acts; what is paid enters with the first of what it follows."""
    acts = [m for m in instance.measures if not is_paid(m.id)]
    out = []
    for phases in itertools.product([None, *range(instance.phases)], repeat=len(acts)):
        entry: dict[str, int | None] = dict(zip((m.id for m in acts), phases, strict=True))
        for m in instance.measures:
            if is_paid(m.id):
                followed = [t for q in m.requires for n in q.any if (t := entry[n]) is not None]
                entry[m.id] = -1 if m.in_force else min(followed, default=None)
        out.append(Roadmap(instance.case, instance.phases, entry))
    return out


def reaches(instance: Instance, target: str, by: int) -> bool:
    brute = BruteForce(instance)
    for roadmap in roadmaps(instance):
        entered = [roadmap.entry[m] for m in instance.slices[target]]
        if all(t is not None and t <= by for t in entered) and brute.helps(roadmap) and brute.holds(roadmap):
            return True
    return False
