"""Is there anything to agree on? The package that does best for the party that gains least.

    maximise  the smallest over touched parties i of gain[i] / scale[i],
    gain[i] = sum over m in the package of (v[i,m] / (1 - d[i]) + k[i,m]) - no deal[i]

over sets with a new measure that its actor would not take alone (module `case.alone`), that keep prerequisites and exclusions;
whatever is in force today belongs to the set (its one-off is past). Time plays no part: the question is whether an agreement
would be worth having if it could simply be signed. A bargaining zone exists if a package *helps* (module `plan.process`): no
touched party loses, who has to do something not even with the drift of the stand-off aside, and somebody gains (Fearon 1995).
Among packages that help where the party that gains least gains nothing (a mediator, say, to whom the rest is worth nothing) the
one with the largest sum of gain[i] / scale[i] is taken. scale[i] is the party's largest value, so that the answer does not
depend on units.

Some packages help only in a certain order: what one side gives soon and the other late. So where no package helps at once, the
schedules of the roadmap problem are asked, without any row but prerequisites, windows and exclusions.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from detente.base.frozen import Frozen
from detente.case.alone import alone
from detente.case.instance import Instance, Measure
from detente.case.reach import earliest
from detente.plan.process import Process
from detente.plan.roadmap import Roadmap
from detente.plan.search.possible import in_some_order
from detente.solver.effort import Effort
from detente.solver.linear import Expression, Programme, column, total

__all__ = ["Zone", "bargaining_zone", "zone_of"]

_NODES = 20_000
_POSITIVE = 1e-7  # of a party's largest value: a smaller gain is none


@dataclass(frozen=True)
class Zone(Frozen):
    """The package that is best for the party that gains least.

    exists : whether a package helps; None: none that does was found in the time, and no proof of none.
    package : its new measures. gains : by touched party, in its own units, exact: G, or the smaller of G and H where it has to
    do something.
    """

    exists: bool | None
    package: tuple[str, ...]
    gains: Mapping[str, Fraction]


def bargaining_zone(instance: Instance, seconds: float = math.inf) -> Zone:
    """Find the package within so many seconds; without any measure that could enter, it is empty and no zone exists."""
    early = earliest(instance.measures)
    possible = [m for m in instance.measures if m.in_force or early[m.id] is not None]
    if not instance.touched or all(m.in_force for m in possible):
        return Zone(False, (), dict.fromkeys(instance.touched, Fraction(0)))
    signed, proved = _signed(instance, possible, max(seconds, 1.0))
    if signed is not None and signed.exists:
        return signed
    ordered = in_some_order(instance, Effort.lasting(max(seconds, 1.0), nodes=_NODES))
    if isinstance(ordered, Roadmap):
        return zone_of(instance, ordered)
    nearest = signed or Zone(False, (), dict.fromkeys(instance.touched, Fraction(0)))
    return Zone(False if proved and ordered is False else None, nearest.package, nearest.gains)


def _signed(instance: Instance, possible: list[Measure], seconds: float) -> tuple[Zone | None, bool]:
    """The best package if all could be signed at once, and whether it was proved the best."""
    programme, world = Programme(), alone(instance)
    place = {m.id: n for n, m in enumerate(instance.measures)}
    columns = programme.columns(len(possible), 0.0, 1.0, whole=True)
    taken = {m.id: column(c) for m, c in zip(possible, columns, strict=True)}
    for m in possible:
        if m.in_force:
            programme.row(taken[m.id], 1.0)
            continue
        for q in m.requires:
            programme.row(total(taken[n] for n in q.any if n in taken) - taken[m.id])
        for n in m.excludes:
            if n in taken:
                programme.row(taken[m.id] + taken[n], 0.0, 1.0)
    steps = [m for m in possible if not m.in_force and world.ready[place[m.id]] is None]
    programme.row(total(taken[m.id] for m in steps), 1.0)
    least, worth = programme.variable(-1e12, 1e12), list[Expression]()
    for i in instance.touched:
        scale = max(abs(float(x)) for m in possible for x in (m.value.get(i, 0), m.once.get(i, 0))) or 1.0
        shares = np.array([float(_worth(instance, i, m.id)) for m in possible]) / scale
        gain = Expression(columns, shares, -float(world.no_deal[i]) / scale)
        drift = float(world.drift(i)) / scale
        if drift:  # to the bad, it is left aside for who has to do something; to the good, its end is a loss to who is touched
            counts = _gives if drift < 0 else _is_touched
            at_work = programme.variable(0.0, 1.0)
            for reason in counts(instance, taken, i):
                programme.row(at_work - reason)
            gain = gain + (at_work * drift if drift < 0 else Expression(constant=drift) - at_work * drift)
        worth.append(gain)
        programme.row(gain - least)
    solution = programme.solve(least, seconds=seconds)
    if solution.point is None:
        return None, solution.status == "infeasible"

    def package(point: NDArray[np.float64]) -> Zone:
        chosen = {m.id for m in possible if taken[m.id].at(point) > 0.5}
        entry = {m.id: -1 if m.in_force else 0 if m.id in chosen else None for m in instance.measures}
        roadmap = Roadmap(instance.case, instance.phases, entry)
        return _told(instance, roadmap, _worth_of(instance, roadmap, signed=True))

    nearest, proved = package(solution.point), solution.status == "optimal"
    if not nearest.exists and float(solution.value or 0.0) >= -_POSITIVE:  # nobody need lose: who could gain?
        programme.row(least, -_POSITIVE)
        solution = programme.solve(total(worth), seconds=seconds)
        proved &= solution.status == "optimal"
        if solution.point is not None and (found := package(solution.point)).exists:
            return found, proved
    return nearest, proved


def _gives(instance: Instance, taken: Mapping[str, Expression], party: str) -> Iterator[Expression]:
    """Numbers of which one is 1 where the party has to do something (module `plan.process`)."""
    world = alone(instance)
    for n, m in enumerate(instance.measures):
        if party not in m.actors:
            continue
        if m.in_force:
            if not world.kept[n] and m.irreversible < 1 and any(m.value.values()):
                yield Expression(constant=1.0)
        elif world.ready[n] is None:
            yield from (taken[m.id],) if m.id in taken else ()
        elif any(x < 0 for worth in (m.value, m.once) for i, x in worth.items() if i != party):
            yield Expression(constant=1.0) - taken[m.id]


def _is_touched(instance: Instance, taken: Mapping[str, Expression], party: str) -> Iterator[Expression]:
    """Numbers of which one is 1 where something is otherwise for the party than it would be alone."""
    world = alone(instance)
    for m, n in ((m, n) for n, m in enumerate(instance.measures) if m.touches(party)):
        if m.in_force:
            yield from () if world.kept[n] else (Expression(constant=1.0),)
        elif world.ready[n] is None:
            yield from (taken[m.id],) if m.id in taken else ()
        else:
            yield Expression(constant=1.0) - (taken[m.id] if world.ready[n] == 0 else Expression())


def zone_of(instance: Instance, roadmap: Roadmap) -> Zone:
    """What a roadmap is worth to the parties if all keep to it."""
    return _told(instance, roadmap, _worth_of(instance, roadmap))


def _told(instance: Instance, roadmap: Roadmap, value: Mapping[str, Fraction]) -> Zone:
    process, world = Process(instance, roadmap), alone(instance)
    gains = {i: value[i] - world.no_deal[i] for i in instance.touched} | dict(process.gains(value))
    new = tuple(m for m, e in roadmap.entry.items() if e is not None and e >= 0)
    return Zone(process.helps(value), new, gains)


def _worth_of(instance: Instance, roadmap: Roadmap, *, signed: bool = False) -> dict[str, Fraction]:
    """V[i,0] by party; `signed`: as if all stood from the first phase on."""
    out = dict.fromkeys(instance.party, Fraction(0))
    for m, e in roadmap.entry.items():
        for i in out if e is not None else ():
            wait = 0 if signed or e is None or e < 0 else e
            out[i] += instance.party[i].discount ** wait * _worth(instance, i, m)
    return out


def _worth(instance: Instance, party: str, measure: str) -> Fraction:
    m, d = instance.measure[measure], instance.party[party].discount
    once = Fraction(0) if m.in_force else m.once.get(party, Fraction(0))
    return m.value.get(party, Fraction(0)) / (1 - d) + once
