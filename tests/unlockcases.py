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
    """Two gifts and perhaps a third measure, hard to keep or to dare, with three or four supports of any kind."""
    tenth = st.integers
    parties = {
        i: {
            **SWAP["parties"][i],
            "stalemate": draw(st.sampled_from([0, 0, -0.2, 0.1])),
            "breakdown": draw(st.sampled_from([0, 0.5])),
            "trust": {j: draw(st.sampled_from([0.1, 0.5, 0.9]))},
            **({"red_line": draw(tenth(1, 6))} if draw(st.integers(0, 4)) == 0 else {}),
        }
        for i, j in ("ab", "ba")
    }
    measures: dict[str, Any] = {
        f"give-{i}": {
            **SWAP["measures"][f"give-{i}"],
            "value": {i: -draw(tenth(6, 14)) / 10, j: draw(tenth(8, 22)) / 10},
            "irreversible": draw(st.sampled_from([0, 0.25, 0.5, 0.75])),
            "lag": draw(st.integers(1, 3)),
            "signal": draw(st.sampled_from([1, 1, 2])),
        }
        for i, j in ("ab", "ba")
    }
    third = draw(st.booleans())
    if third:
        value = {"a": draw(tenth(-5, 8)) / 10 or 0.1, "b": draw(tenth(-5, 8)) / 10}
        measures["third"] = {
            "title": "C",
            "by": draw(st.sampled_from(["a", "b"])),
            "kind": "other",
            "value": value,
            "signal": 1.5,
        }
    kinds = [
        *(["opens"] if third else []),
        *draw(st.lists(st.sampled_from(["lag", "signal", "slices", "value", "breakdown"]), min_size=2, max_size=3)),
    ]
    supports = [{"id": f"s{n}", "title": f"S{n}", **_support(draw, kind)} for n, kind in enumerate(kinds)]
    return load(
        {
            **SWAP,
            "phases": {"length": "1 month", "count": PHASES},
            "parties": parties,
            "measures": measures,
            "supports": supports,
        }
    )


def _support(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    on = draw(st.lists(st.sampled_from(["give-a", "give-b"]), min_size=1, max_size=2, unique=True))
    cost = {draw(st.sampled_from(["a", "b"])): draw(st.integers(0, 3)) / 10}
    worth = draw(st.integers(2, 12)) / 10
    party = draw(st.sampled_from(["a", "b"]))
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
        if (
            all(t is not None and t <= by for t in entered)
            and all(g >= 0 for g in brute.gains(roadmap))
            and brute.holds(roadmap)
        ):
            return True
    return False
