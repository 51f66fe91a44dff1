"""Is there anything to agree on? The set of measures that does best for the party that gains least.

    maximise  the smallest over touched parties i of gain[i] / scale[i],
    gain[i] = sum over m in the set of (v[i,m] / (1 - d[i]) + k[i,m]) - stalemate[i] / (1 - d[i])

over sets with at least one new measure that keep prerequisites and exclusions; whatever is in force today belongs to the set
(its one-off is past). Time plays no part: the question is whether an agreement would be worth having if it could simply be
signed. A bargaining zone exists if the optimum is positive (Fearon 1995). scale[i] is the party's largest value, so that the
answer does not depend on units.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from detente.base.frozen import Frozen
from detente.case.instance import Instance
from detente.case.reach import earliest
from detente.solver.linear import Expression, Programme, column, total

__all__ = ["Zone", "bargaining_zone"]


@dataclass(frozen=True)
class Zone(Frozen):
    """The package that is best for the party that gains least.

    exists : whether every touched party gains; None: no such package was found in the time, and no proof that there is none.
    package : its new measures. gains : by touched party, in its own units, exact.
    """

    exists: bool | None
    package: tuple[str, ...]
    gains: Mapping[str, Fraction]


def bargaining_zone(instance: Instance, seconds: float = math.inf) -> Zone:
    """Find the package within so many seconds; without any measure that could enter, it is empty and no zone exists."""
    early = earliest(instance.measures)
    possible = [m for m in instance.measures if m.in_force or early[m.id] is not None]
    new = [m.id for m in possible if not m.in_force]
    if not new or not instance.touched:
        return Zone(False, (), {i: _gain(instance, i, ()) for i in instance.touched})
    programme = Programme()
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
    programme.row(total(taken[n] for n in new), 1.0)
    least = programme.variable(-1e12, 1e12)
    for i in instance.touched:
        scale = max(abs(float(x)) for m in possible for x in (m.value.get(i, 0), m.once.get(i, 0))) or 1.0
        worth = np.array([float(_worth(instance, i, m.id)) for m in possible]) / scale
        no_deal = float(instance.party[i].no_deal) / scale
        programme.row(Expression(columns, worth, -no_deal) - least)
    solution = programme.solve(least, seconds=max(seconds, 1.0))
    if solution.point is None:
        return Zone(
            False if solution.status == "infeasible" else None, (), {i: _gain(instance, i, ()) for i in instance.touched}
        )
    chosen = tuple(n for n in new if taken[n].at(solution.point) > 0.5)
    gains = {i: _gain(instance, i, chosen) for i in instance.touched}
    gained = all(g > 0 for g in gains.values())
    return Zone(gained or (False if solution.status == "optimal" else None), chosen, gains)


def _worth(instance: Instance, party: str, measure: str) -> Fraction:
    m, d = instance.measure[measure], instance.party[party].discount
    once = Fraction(0) if m.in_force else m.once.get(party, Fraction(0))
    return m.value.get(party, Fraction(0)) / (1 - d) + once


def _gain(instance: Instance, party: str, chosen: tuple[str, ...]) -> Fraction:
    held = [*chosen, *(m.id for m in instance.measures if m.in_force)]
    return sum((_worth(instance, party, m) for m in held), Fraction(0)) - instance.party[party].no_deal
