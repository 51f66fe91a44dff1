"""The same case told differently: other names and another order, or other units. What it means must not change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction

from detente.case.instance import Instance, Measure, Party, Requirement
from detente.plan.roadmap import Roadmap


def renamed(instance: Instance, roadmap: Roadmap, new: Callable[[str], str], order: int) -> tuple[Instance, Roadmap]:
    """The same case with other names for parties and measures, in another order."""

    def party(p: Party) -> Party:
        return replace(p, id=new(p.id), trust={new(j): x for j, x in p.trust.items()})

    def measure(m: Measure) -> Measure:
        return replace(
            m,
            id=new(m.id),
            whole=new(m.whole),
            actors=tuple(new(a) for a in reversed(m.actors)),
            value={new(i): x for i, x in reversed(m.value.items())},
            once={new(i): x for i, x in m.once.items()},
            requires=tuple(Requirement(tuple(new(n) for n in q.any), q.after) for q in m.requires),
            excludes=tuple(new(n) for n in m.excludes),
        )

    parties, measures = map(party, instance.parties), map(measure, instance.measures)
    other = replace(
        instance,
        parties=tuple(sorted(parties, key=lambda p: p.id[::-1], reverse=order > 0)),
        measures=tuple(sorted(measures, key=lambda m: m.id[::-1], reverse=order > 0)),
    )
    return other, Roadmap(roadmap.case, roadmap.phases, {new(m): roadmap.entry[m] for m in reversed(list(roadmap.entry))})


def scaled(instance: Instance, factor: Mapping[str, Fraction]) -> Instance:
    """The same case with every party's values counted in another unit."""

    def party(p: Party) -> Party:
        f, line = factor[p.id], p.red_line
        return replace(p, stalemate=p.stalemate * f, breakdown=p.breakdown * f, red_line=None if line is None else line * f)

    def measure(m: Measure) -> Measure:
        value = {i: x * factor[i] for i, x in m.value.items()}
        return replace(m, value=value, once={i: x * factor[i] for i, x in m.once.items()})

    return replace(instance, parties=tuple(map(party, instance.parties)), measures=tuple(map(measure, instance.measures)))
