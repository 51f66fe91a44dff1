"""The steps of a roadmap as a reader counts them: numbered by date, slices that enter together told as one.

A step is one act in one phase. Slices of a divisible measure that enter in the same phase are one step ("parts 1 to 3 of 8");
measures in force already are none. Numbers run from 1, by phase, within a phase in the order of the case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from detente.case.instance import Instance
from detente.case.naming import part_of
from detente.plan.roadmap import Roadmap

__all__ = ["Step", "numbered"]


@dataclass(frozen=True)
class Step:
    """One step.

    number : from 1, by date. phase : 0 .. T-1.
    actors : places of its parties in the case, rising.
    measures : the measures, or slices, that enter.
    needs : numbers of the steps that it must follow or enter together with, rising.
    """

    number: int
    phase: int
    title: str
    kind: str
    actors: tuple[int, ...]
    measures: tuple[str, ...]
    needs: tuple[int, ...] = ()

    def to_dict(self) -> dict[str, object]:
        return {"number": self.number, "phase": self.phase, "title": self.title, "measures": list(self.measures)}


def numbered(instance: Instance, roadmap: Roadmap, titles: Mapping[str, str] | None = None) -> tuple[Step, ...]:
    """The steps of a roadmap. titles : of each id of the case file; None: as the instance has them."""
    if titles is None:
        wholes = ((whole, instance.measure[ids[0]].title, len(ids)) for whole, ids in instance.slices.items())
        titles = {whole: title.removesuffix(f" (1 of {n})") for whole, title, n in wholes}
    place = {p.id: n for n, p in enumerate(instance.parties)}
    groups: dict[tuple[int, str], list[str]] = {}
    for phase, step in enumerate(roadmap.steps):
        entering = set(step)
        for m in instance.measures:
            if m.id in entering:
                groups.setdefault((phase, m.whole), []).append(m.id)
    number_of = {m: n for n, ids in enumerate(groups.values(), start=1) for m in ids}
    out = []
    for n, ((phase, whole), ids) in enumerate(groups.items(), start=1):
        first = instance.measure[ids[0]]
        needed = {number_of[x] for m in ids for x in _relied_on(instance, roadmap, m) if x in number_of} - {n}
        out.append(
            Step(
                number=n,
                phase=phase,
                title=titles[whole] + part_of(ids, instance),
                kind=first.kind,
                actors=tuple(sorted(place[a] for a in first.actors)),
                measures=tuple(ids),
                needs=tuple(sorted(needed)),
            )
        )
    return tuple(out)


def _relied_on(instance: Instance, roadmap: Roadmap, measure: str) -> Iterable[str]:
    """For each prerequisite the measure that fulfils it, the first to enter where several would do."""
    for q in instance.measure[measure].requires:
        entered = [(e, m) for m in q.any if (e := roadmap.entry[m]) is not None]
        if entered:
            yield min(entered, key=lambda pair: pair[0])[1]
