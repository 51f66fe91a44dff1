"""Conditions on a plan beside its rows: demands that are kept, measures that must come, measures that must not.

    demand kept      for every f in `first` and b in `before`: b enters no earlier than f has been seen, e[b] >= e[f] + lag[f],
                     or does not enter; a prerequisite, then. All of a divisible f has to be seen, and no part of b comes before
                     that. What is in force today is neither waited for nor held back.
    required         all of it is in force by the last phase.
    forbidden        no part of it that is not in force today enters.

They are conditions on the roadmap, not on what parties do without one: what is begun alone stays as it is in the case. So a
roadmap that meets them is one of the case's own roadmaps, and whatever certifies it there certifies it here. Demands that
contradict each other are all kept by a roadmap in which none of what they are about enters.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from detente.case.alone import begun_alone
from detente.case.case import Case
from detente.case.instance import Instance, Measure, Requirement
from detente.case.reach import earliest
from detente.errors import InputError
from detente.plan.unlock.target import Target, with_target

__all__ = ["conditioned", "kept"]


def conditioned(
    case: Case, *, keep_demands: bool | Sequence[str] = False, require: Iterable[str] = (), forbid: Iterable[str] = ()
) -> Instance:
    """The planning problem under conditions.

    Parameters
    ----------
    keep_demands : True: all demands of the case; or the ids of those that are kept.
    require, forbid : measures, slices (ID/2), or provisions (AGREEMENT/PROVISION) that must come, or must not.

    Raises
    ------
    InputError
        On a name that means nothing, and where one thing is required and forbidden.
    """
    instance = case.instance
    if keep_demands:
        instance = kept(case, [d.id for d in case.demands] if keep_demands is True else keep_demands)
    wanted = [Target.of(case, name) for name in require]
    barred = {m for name in forbid for m in Target.of(case, name).measures(case, instance)}
    both = sorted(barred & {m for target in wanted for m in target.measures(case, instance)})
    if both:
        raise InputError(f"{both[0]} is both required and forbidden; take it out of one of the two")
    closed = tuple(_closed(m) if m.id in barred else m for m in instance.measures)
    instance = replace(instance, measures=closed, begun_alone=begun_alone(case.instance))
    for target in wanted:
        instance = with_target(instance, target.measures(case, instance), target.by)
    return instance


def kept(case: Case, demands: Sequence[str]) -> Instance:
    """The planning problem in which these demands, by id, are kept.

    Raises
    ------
    InputError
        If the case has no such demand.
    """
    instance = case.instance
    known = {d.id: d for d in case.demands}
    wrong = [x for x in demands if x not in known]
    if wrong:
        raise InputError(f"{case.case} has no demand {wrong[0]!r}; wanted some of {', '.join(known) or 'none'}")
    added: dict[str, dict[Requirement, None]] = {}
    for demand in map(known.__getitem__, demands):
        first = [_parts(instance, name)[-1] for name in demand.first]
        for name in demand.before:
            waits = added.setdefault(_parts(instance, name)[0], {})
            for f in first:
                if not instance.measure[f].in_force:
                    waits[Requirement((f,), instance.measure[f].lag)] = None
    made = [
        replace(m, requires=tuple(dict.fromkeys([*m.requires, *added.get(m.id, ())]))) if not m.in_force else m
        for m in instance.measures
    ]
    entry = earliest(made)  # what waits for itself in a circle can never enter
    measures = tuple(m if entry[m.id] is not None else _closed(m) for m in made)
    return replace(instance, measures=measures, begun_alone=begun_alone(case.instance))


def _parts(instance: Instance, name: str) -> tuple[str, ...]:
    return (name,) if name in instance.measure else instance.slices[name]


def _closed(m: Measure) -> Measure:
    """The measure without a phase in which it could enter, if it is not in force already."""
    return m if m.in_force else replace(m, not_before=m.not_after + 1, requires=())
