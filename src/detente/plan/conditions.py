"""Conditions on a plan beside its rows: demands that are kept, measures that must come, measures that must not.

    demand kept      for every f in `first` and b in `before`: b enters no earlier than f has been seen, e[b] >= e[f] + lag[f],
                     or does not enter; a prerequisite, then. All of a divisible f has to be seen, and no part of b comes before
                     that. What is in force today is neither waited for nor held back.
    required         all of it is in force by the last phase.
    forbidden        no part of it that is not in force today enters.
    pinned           it enters in one phase and no other.

In the midst of a roadmap (module `prepare.state`) they count from there on: what is done by now is in force today, and waited
for until it has been seen; what was broken off is waited for again.

They are conditions on the roadmap, not on what parties do without one: what is begun alone stays as it is in the case. So a
roadmap that meets them is one of the case's own roadmaps, and whatever certifies it there certifies it here. Demands that
contradict each other are all kept by a roadmap in which none of what they are about enters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from detente.case.alone import begun_alone
from detente.case.case import Case
from detente.case.instance import Instance, Measure, Requirement
from detente.case.reach import earliest
from detente.errors import InputError
from detente.plan.delayed import delayed
from detente.plan.roadmap import Phase, Roadmap, moved
from detente.plan.unlock.target import Target, with_target

__all__ = ["as_asked", "conditioned", "given_up", "kept", "meets"]


def conditioned(
    case: Case,
    instance: Instance | None = None,
    *,
    keep_demands: bool | Sequence[str] = False,
    require: Iterable[str] = (),
    forbid: Iterable[str] = (),
    pin: Mapping[str, Phase] | None = None,
) -> Instance:
    """The planning problem under conditions.

    Parameters
    ----------
    instance : the problem of the case, or what is left of it; None: the case's own.
    keep_demands : True: all demands of the case; or the ids of those that are kept.
    require, forbid : measures, slices (ID/2), or provisions (AGREEMENT/PROVISION) that must come, or must not.
    pin : by measure or slice, the phase, a number or a date, in which it has to enter.

    Raises
    ------
    InputError
        On a name that means nothing, where one thing is required or pinned and forbidden, and on a pin where its window or what
        it needs is against it.
    """
    instance = instance or case.instance
    begun = begun_alone(instance)
    if keep_demands:
        instance = kept(case, [d.id for d in case.demands] if keep_demands is True else keep_demands, instance)
    wanted = [Target.of(case, name) for name in require]
    barred = {m for name in forbid for m in Target.of(case, name).measures(case, instance)}
    pins = _pinned(case, instance, pin or {})
    both = sorted(barred & {*pins, *(m for target in wanted for m in target.measures(case, instance))})
    if both:
        raise InputError(f"{both[0]} is both required and forbidden; take it out of one of the two")
    _check(instance, pins)
    closed = tuple(_closed(m) if m.id in barred else _held(m, pins.get(m.id)) for m in instance.measures)
    instance = replace(instance, measures=closed, begun_alone=begun)
    for target in wanted:
        measures = [m for m in target.measures(case, instance) if m not in pins]
        instance = with_target(instance, measures, instance.phases - 1)
    return instance


def as_asked(
    case: Case,
    *,
    keep_demands: bool | Sequence[str] = False,
    require: Iterable[str] = (),
    forbid: Iterable[str] = (),
    pin: Mapping[str, Phase] | None = None,
) -> dict[str, object]:
    """The conditions of a plan as plain data: demands by id, pins by measure and phase. Raises as `conditioned`."""
    demands = [d.id for d in case.demands] if keep_demands is True else list(keep_demands or ())
    pins = {"pin": _pinned(case, case.instance, pin)} if pin else {}
    return {"demands": demands, "require": list(require), "forbid": list(forbid), **pins}


def _pinned(case: Case, instance: Instance, pin: Mapping[str, Phase]) -> dict[str, int]:
    """Pins by measure. Raises InputError on a name, a phase or a date that means nothing, and on what is in force today."""
    entry = moved(Roadmap.empty(instance), instance, pin, source="<pins>", days=case.phase_dates).entry
    ids = [m for name in pin for m in instance.slices.get(name, (name,))]
    pins = dict[str, int]()
    for m in ids:
        t = entry[m]
        if instance.measure[m].in_force:
            raise InputError(f"the pin of {m}: it is in force today; take the pin out")
        if t is None or t < 0:
            raise InputError(
                f"the pin of {m}: wanted a phase from 0 to {instance.phases - 1} or a date (to keep it out: forbid)"
            )
        pins[m] = t
    return pins


def _check(instance: Instance, pins: Mapping[str, int]) -> None:
    """See that each pin can be met for itself."""
    first = earliest(instance.measures)
    against = []
    for m, t in pins.items():
        measure, soonest = instance.measure[m], first[m]
        if not measure.not_before <= t <= measure.not_after:
            against.append(f"{m} to phase {t}, and its window is phase {measure.not_before} to phase {measure.not_after}")
        elif soonest is None or soonest > t:
            when = "never" if soonest is None else f"in phase {soonest} at the earliest"
            against.append(f"{m} to phase {t}, and what it needs lets it come {when}")
    if against:
        raise InputError(f"no roadmap can meet these pins (move or take them out): {'; '.join(against)}")


def _held(m: Measure, phase: int | None) -> Measure:
    """The measure with one phase in which it has to enter."""
    return m if phase is None else replace(m, not_before=phase, not_after=phase, due=phase)


def kept(case: Case, demands: Sequence[str], instance: Instance | None = None) -> Instance:
    """The planning problem in which these demands, by id, are kept. instance : as of `conditioned`.

    Raises
    ------
    InputError
        If the case has no such demand.
    """
    instance = instance or case.instance
    known = {d.id: d for d in case.demands}
    wrong = [x for x in demands if x not in known]
    if wrong:
        raise InputError(f"{case.case} has no demand {wrong[0]!r}; wanted some of {', '.join(known) or 'none'}")
    added: dict[str, dict[Requirement, None]] = {}
    seen: dict[str, int] = {}  # from when on all that is in force today has been
    for demand in map(known.__getitem__, demands):
        first = [_parts(instance, name) for name in demand.first]
        missing = [instance.measure[f] for parts in first for f in _heads(instance, parts[::-1])]
        unseen = max((instance.measure[f].unseen for parts in first for f in parts), default=0)
        for b in (b for name in demand.before for b in _heads(instance, _parts(instance, name))):
            added.setdefault(b, {}).update(dict.fromkeys(Requirement((f.id,), f.lag) for f in missing))
            seen[b] = max(seen.get(b, 0), unseen)
    made = [m if m.in_force else _waiting(m, added.get(m.id, ()), seen.get(m.id, 0)) for m in instance.measures]
    entry = earliest(made)  # what waits for itself in a circle can never enter
    measures = tuple(m if entry[m.id] is not None else _closed(m) for m in made)
    return replace(instance, measures=measures, begun_alone=begun_alone(instance))


def given_up(case: Case, roadmap: Roadmap, demands: Sequence[str] | None = None) -> tuple[str, ...]:
    """The demands, of these or of all, that a roadmap does not meet: something that one holds back comes too early for it."""
    asked = [d.id for d in case.demands] if demands is None else demands
    return tuple(d for d in asked if not meets(kept(case, [d]), roadmap))


def meets(demanding: Instance, roadmap: Roadmap) -> bool:
    """Whether a roadmap meets the demands of a problem in which they are kept: nothing of it has to wait for them."""
    return delayed(demanding, roadmap.entry) == dict(roadmap.entry)


def _parts(instance: Instance, name: str) -> tuple[str, ...]:
    return (name,) if name in instance.measure else instance.slices[name]


def _heads(instance: Instance, parts: Sequence[str]) -> Iterator[str]:
    """Of parts that follow each other, those not in force with nothing before them that is not: where they begin, or go on."""
    before = True
    for part in parts:
        there = instance.measure[part].in_force
        if before and not there:
            yield part
        before = there


def _waiting(m: Measure, waits: Iterable[Requirement], seen: int) -> Measure:
    """The measure as it waits for these and for what will have been seen by a phase."""
    return replace(m, requires=tuple(dict.fromkeys([*m.requires, *waits])), not_before=max(m.not_before, seen))


def _closed(m: Measure) -> Measure:
    """The measure without a phase in which it could enter, if it is not in force already."""
    return m if m.in_force else replace(m, not_before=m.not_after + 1, requires=())
