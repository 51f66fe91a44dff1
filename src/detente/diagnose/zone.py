"""Is there anything to agree on? The package that does best for the party that gains least.

    maximise  the smallest over touched parties i of gain[i] / scale[i],
    gain[i] = sum over m in the package of (v[i,m] / (1 - d[i]) + k[i,m]) - no deal[i]

over sets with a new measure that its actor would not take alone (module `case.alone`), that keep prerequisites and exclusions;
whatever is in force today belongs to the set (its one-off is past). Time plays no part: the question is whether an agreement
would be worth having if it could simply be signed: it is the roadmap problem in one phase, without its rows. A bargaining zone
exists if a package *helps* (module `plan.process`): no touched party loses, who has to do something not even with the drift of
the stand-off aside, and somebody gains (Fearon 1995). Among packages that help where the party that gains least gains nothing
(a mediator, say, to whom the rest is worth nothing) the one with the largest sum of gain[i] / scale[i] is taken. scale[i] is
the party's largest value, so that the answer does not depend on units.

Some packages help only in a certain order: what one side gives soon and the other late. So where no package helps at once, the
schedules of the roadmap problem are asked, without any row but prerequisites, windows and exclusions.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from fractions import Fraction

from detente.base.frozen import Frozen
from detente.case.alone import alone, begun_alone
from detente.case.instance import Instance, Measure, Requirement
from detente.case.reach import earliest
from detente.plan.certificate import values
from detente.plan.process import Process
from detente.plan.roadmap import Roadmap
from detente.plan.search.possible import in_some_order
from detente.plan.search.rows import Rows
from detente.solver.effort import Effort
from detente.solver.linear import Expression, total

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


def bargaining_zone(instance: Instance, effort: Effort | None = None) -> Zone:
    """Find the package; without any measure that could enter, it is empty and no zone exists. effort : None: no limit."""
    effort = effort or Effort()
    early = earliest(instance.measures)
    possible = {m.id for m in instance.measures if m.in_force or early[m.id] is not None}
    none = Zone(False, (), dict.fromkeys(instance.touched, Fraction(0)))
    if not instance.touched or all(m.in_force for m in instance.measures if m.id in possible):
        return none
    signed, proved = _signed(instance, possible, effort)
    if signed is not None and signed.exists:
        return signed
    ordered = in_some_order(instance, replace(effort, nodes=_NODES))
    if isinstance(ordered, Roadmap):
        return zone_of(instance, ordered)
    return replace(signed or none, exists=False if proved and ordered is False else None)


def zone_of(instance: Instance, roadmap: Roadmap) -> Zone:
    """What a roadmap is worth to the parties if all keep to it."""
    value, process, no_deal = values(instance, roadmap), Process(instance, roadmap), alone(instance).no_deal
    gains = {i: value[i] - no_deal[i] for i in instance.touched}
    new = tuple(m for m, e in roadmap.entry.items() if e is not None and e >= 0)
    return Zone(process.helps(value), new, gains | dict(process.gains(value)))


def _signed(instance: Instance, possible: Set[str], effort: Effort) -> tuple[Zone | None, bool]:
    """The best package if all could be signed at once, and whether it was proved the best."""
    at_once = _at_once(instance, possible)
    rows = Rows(at_once, red_lines=False, incentives=False)
    programme = rows.programme
    rows.demand_process()
    least, gains = programme.variable(-1e12, 1e12), list[Expression]()
    for i in instance.touched:
        felt = [x for m in instance.measures if m.id in possible for x in (m.value.get(i), m.once.get(i)) if x]
        gains.append(rows.least_gain(i) * float(rows.size[i] / max(map(abs, felt), default=Fraction(1))))
        programme.row(gains[-1] - least)
    solution = effort.solve(programme, least)
    if solution.point is None:
        return None, solution.status == "infeasible"
    nearest, proved = zone_of(at_once, rows.roadmap(solution.point)), solution.status == "optimal"
    if not nearest.exists and float(solution.value or 0.0) >= -_POSITIVE:  # nobody need lose: who could gain?
        programme.row(least, -_POSITIVE)
        solution = effort.solve(programme, total(gains))
        proved &= solution.status == "optimal"
        if solution.point is not None and (found := zone_of(at_once, rows.roadmap(solution.point))).exists:
            return found, proved
    return nearest, proved


def _at_once(instance: Instance, possible: Set[str]) -> Instance:
    """The problem in one phase, in which all can enter that could at some time; what is done alone stays as it is."""

    def signed(m: Measure) -> Measure:
        requires = tuple(Requirement(tuple(n for n in q.any if n in possible), 0) for q in m.requires)
        last = 0 if m.id in possible else -1
        return replace(m, requires=requires if last == 0 else (), not_before=0, not_after=last, takes=0)

    return replace(instance, phases=1, measures=tuple(map(signed, instance.measures)), begun_alone=begun_alone(instance))
