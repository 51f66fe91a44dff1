"""What would have to change: the least guarantee that would make a roadmap keepable, the trust from which on one would begin.

Least guarantee. Each party's breakdown loss B[i] is raised by b[i] >= 0, so that cheating and stepping out cost more; minimise
the sum of b[i] (each in units of the party's largest value) over the roadmaps that help and satisfy the incentive rows. It is
linear, and its optimum also names the row that cannot be met as things are: the one that its roadmap breaks by most.

It is a guarantee against each party by itself: what several could do together (coalitions) is not asked.

Threshold of trust. Raising p only loosens the trust rows, so the smallest p that opens the way, all stated trust below it
lifted to p, is found by halving. Likewise the smallest ratio by which the odds in a party would have to rise.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from detente.base.frozen import Frozen
from detente.case.instance import Instance, Party
from detente.diagnose.result import Opening
from detente.errors import SolverError
from detente.plan.certificate import Row, certify
from detente.plan.roadmap import Roadmap
from detente.plan.search.possible import STEP_NODES, helpful
from detente.plan.search.rows import Rows
from detente.solver.effort import Effort
from detente.solver.linear import total

__all__ = ["RATIOS", "Guarantee", "least_guarantee", "openings", "trust_threshold"]

RATIOS = tuple(Fraction(x) for x in ("1", "1.1", "1.2", "1.5", "2", "3", "5", "10", "20", "50", "100"))
"""Likelihood ratios that are tried for a signal, from saying nothing to saying almost everything."""


@dataclass(frozen=True)
class Guarantee(Frozen):
    """The least rise of breakdown losses that makes a first step keepable.

    extra : by party, in its own units (0 left out). roadmap : what would then be kept. row : the row of it that is broken as
    things are, by the largest share of the party's largest value.
    """

    extra: Mapping[str, float]
    roadmap: Roadmap
    row: Row | None


def least_guarantee(instance: Instance, effort: Effort | None = None) -> Guarantee | None:
    """None if no guarantee, however large, would have any roadmap that helps kept.

    effort : what may be spent; None: as much as it takes.

    Raises
    ------
    SolverError
        If the nodes, or the effort, are over before that is known.
    """
    effort = replace(effort or Effort(), nodes=STEP_NODES)
    rows = Rows(instance, red_lines=False, extra_loss=True, helping=True, deadline=effort.until)
    cost = total(rows.extra_loss.values())
    solution = effort.solve(rows.programme, -cost, gap=1e-4)
    if solution.status in ("limit", "feasible"):  # a guarantee that may not be the least is no answer
        raise SolverError(f"{instance.case}: the least guarantee was not found within the limits")
    if solution.point is None:
        return None
    extra = {i: c.at(solution.point) * rows.scale[i] for i, c in rows.extra_loss.items()}
    roadmap = rows.roadmap(solution.point)
    broken = certify(instance, roadmap, trust=False, red_lines=False).broken
    worst = min(broken, key=lambda r: float(r.slack) / rows.scale.get(r.party or "", 1.0), default=None)
    return Guarantee({i: x for i, x in extra.items() if x > 1e-9 * rows.scale[i]}, roadmap, worst)


def _step(instance: Instance, effort: Effort) -> bool:
    found = helpful(instance, effort)
    if found is None:
        raise SolverError(f"{instance.case}: whether any roadmap that helps is possible was not found out within the limits")
    return bool(found)


def trust_threshold(instance: Instance, effort: Effort | None = None) -> float | None:
    """The smallest p, to two digits, such that a step is possible if nobody trusts anybody less; None: not even at 0.99.

    effort : what may be spent; None: as much as it takes.

    Raises
    ------
    SolverError
        If the nodes, or the effort, are over before that is known.
    """

    def lifted(percent: int) -> bool:
        floor = Fraction(percent, 100)
        trusting = [replace(p, trust={j: max(x, floor) for j, x in p.trust.items()}) for p in instance.parties]
        return _step(replace(instance, parties=tuple(trusting)), effort or Effort())

    at = _smallest(1, 99, lifted)
    return None if at is None else at / 100


def _smallest(low: int, high: int, opens: Callable[[int], bool]) -> int | None:
    """The smallest whole number in low .. high for which a monotone question is answered yes."""
    if not opens(high):
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if opens(middle) else (middle + 1, high)
    return low


def openings(instance: Instance, effort: Effort | None = None) -> tuple[tuple[Opening, ...], bool]:
    """Costly acts that, taken beforehand and seen, would open the way, and the likelihood ratio each would need.

    An act counts as costly if it costs one of its own actors something; of a divisible one its first slice is tried. The ratio
    needed is the first of RATIOS that would do.

    effort : what may be spent; None: as much as it takes. The second of what is returned: whether every
    act was settled within it.
    """
    out, every = list[Opening](), True
    spent = effort or Effort()
    for m in instance.measures:
        costly = any(m.value.get(a, 0) < 0 or m.once.get(a, 0) < 0 for a in m.actors)
        if m.in_force or not costly or m.id != instance.slices[m.whole][0]:
            continue

        def opens(at: int, measure: str = m.id, actors: tuple[str, ...] = m.actors) -> bool:
            return _step(_after(instance, measure, actors, RATIOS[at]), spent)

        try:
            at = _smallest(0, len(RATIOS) - 1, opens)
        except SolverError:
            every = False
            if spent.over():
                break
            continue
        if at is not None:
            out.append(Opening(m.id, float(m.signal), float(RATIOS[at])))
    return tuple(sorted(out, key=lambda o: math.inf if o.needed is None else o.needed)), every


def _after(instance: Instance, measure: str, actors: Collection[str], ratio: Fraction) -> Instance:
    """The instance once the measure has been carried out and the others' odds in its actors have risen by the ratio."""

    def wiser(p: Party) -> Party:
        trust = {j: _raised(x, ratio) if j in actors else x for j, x in p.trust.items()}
        return replace(p, trust=trust)

    measures = tuple(replace(m, in_force=True) if m.id == measure else m for m in instance.measures)
    return replace(instance, parties=tuple(wiser(p) for p in instance.parties), measures=measures)


def _raised(trust: Fraction, ratio: Fraction) -> Fraction:
    odds = trust / (1 - trust) * ratio
    return odds / (1 + odds)
