"""Unlocking: the cheapest supports with which a roadmap reaches a target, and the smallest change where none do.

1. The target becomes a demand on the problem: each of its measures in force by the phase (`target`).
2. All minimal sets of supports with which some roadmap meets it, the cheapest first (`minimal`); the empty set among them.
3. For the first of them the best roadmap by the objective, with the target demanded (`plan`).
4. Where no set does: the smallest change of values, for one party and else for all together, and the smallest common factor on
   the odds (`change`), without supports; where that is not enough either, with the whole catalogue.

What comes alone in time needs no roadmap. Every roadmap returned has passed the certificate of its own problem, reaches the
target and helps.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from detente.case.case import Case
from detente.case.instance import Instance
from detente.errors import InputError, SolverError
from detente.plan.result import Plan
from detente.plan.roadmap import Roadmap
from detente.plan.search.objective import OBJECTIVES
from detente.plan.solve import CUT, STRUCK, plan
from detente.plan.unlock.change import TrustChange, WorthChange, scale_of, smallest_trust, smallest_worth
from detente.plan.unlock.minimal import Demanded, Sets, Way, minimal_sets
from detente.plan.unlock.reach import NODES, Reach, good_enough
from detente.plan.unlock.result import Changes, Option, Unlocked
from detente.plan.unlock.supported import supported, total_cost
from detente.plan.unlock.target import Target, with_target
from detente.solver.effort import PACE, Effort, Meter

if TYPE_CHECKING:
    from detente.solver.linear import Progress

__all__ = ["unlock"]

MOST = 5
"""Minimal sets that are looked for, if not said otherwise."""
_SECONDS = 120.0  # of work, without a time limit
_SEARCHING = 0.6  # of the work, and of the time, for them


def unlock(
    case: Case | str | Path,
    target: str,
    *,
    by: int | None = None,
    most: int = MOST,
    objective: str = "nash",
    time_limit: float | None = None,
    nodes: int | None = None,
    known: Sequence[Roadmap] = (),
    progress: Progress | None = None,
) -> Unlocked:
    """What would make a roadmap reach a target.

    Parameters
    ----------
    target : a measure, a slice of one (``relief/2``), ``agreement/provision``, or a provision that one agreement alone has.
    by : the phase by which all of it is to be in force; the last one if not given.
    most : minimal sets of supports to look for.
    objective : by which the roadmap of the cheapest set is chosen.
    time_limit : seconds for everything; where it strikes, `method["time_limit_struck"]` says so. The work is counted, so much
        for each of these seconds, and mostly ends it before: then the result does not depend on the machine. None: the work of
        120 seconds, whatever the clock says; `method["work_limit_struck"]` says whether it was over.
    nodes : of the search tree, for each search; None: a share of 2000 for each, and the best roadmap of the cheapest set.
    known : roadmaps of the case made before, to try first.

    Raises
    ------
    InputError
        On a target that the case does not have or that is ambiguous, a phase outside the roadmap, an unknown objective, a limit
        that is not positive.
    """
    from detente.case.load import as_case

    case = as_case(case)
    wanted = Target.of(case, target, by)
    if objective not in OBJECTIVES:
        raise InputError(f"objective {objective!r} is not known; wanted one of {', '.join(OBJECTIVES)}")
    if isinstance(most, bool) or not most >= 1:
        raise InputError(f"{most} sets: wanted at least 1")
    if not (time_limit is None or time_limit > 0):
        raise InputError(f"a limit of {time_limit} seconds: wanted a positive one, or none")
    if nodes is None:
        effort = Effort.lasting(time_limit, Meter(PACE * (time_limit or _SECONDS)), nodes=NODES)
    else:
        effort = Effort.lasting(time_limit, Meter(), nodes=nodes, whole=True)

    def demanded(instance: Instance) -> Instance | None:
        there = wanted.is_there(instance)
        return with_target(instance, wanted.measures(case, instance), wanted.by) if there else None

    reach = Reach(list(known))
    if (there := wanted.in_force(case)) or wanted.comes_alone(case):
        answer = "in_force" if there else "alone"
        return _unlocked(case, wanted, answer, Sets((), (), True, True), None, None, reach, effort, False)
    # the rest is for the roadmap, or for the smallest changes
    over, work = time.monotonic() + _SEARCHING * effort.left(), Meter(_SEARCHING * effort.meter.left)
    searching = replace(effort.part(_SEARCHING), until=over, meter=work)
    sets = minimal_sets(case, demanded, reach, searching, most=most)
    struck, effort.meter.cut = searching.struck, work.cut
    if sets.ways:
        answer = "supports" if sets.ways[0].supports else "without"
        best = _best(sets.ways[0], objective, effort, progress)
        return _unlocked(case, wanted, answer, sets, best, None, reach, effort, struck)
    changes = _changes(case, wanted, demanded, reach, effort)
    settled = sets.complete and changes is not None and changes.no_value and changes.no_trust
    answer = "change" if changes else "none" if settled else "open"
    return _unlocked(case, wanted, answer, sets, None, changes, reach, effort, struck)


def _unlocked(
    case: Case,
    target: Target,
    answer: str,
    sets: Sets,
    best: Plan | None,
    changes: Changes | None,
    reach: Reach,
    effort: Effort,
    struck: bool,
) -> Unlocked:
    from importlib.metadata import version

    costs = [_cost(case, w.supports) for w in sets.ways]
    options = []
    for n, (way, cost) in enumerate(zip(sets.ways, costs, strict=True)):
        roadmap = best.roadmap if best is not None and n == 0 else way.roadmap
        certificate = good_enough(way.instance, roadmap)
        assert certificate is not None
        dominated = any(_less(other, cost) for other in costs)
        measures = target.measures(case, way.instance)
        options.append(Option(way.supports, cost, measures, roadmap, certificate, way.minimal, not dominated))
    first = options[0].total if options else None
    cheapest = (
        first is not None
        and sets.by_cost
        and sets.ways[0].minimal
        and all(sum(_cost(case, s).values(), Fraction(0)) > first for s in sets.open)
    )
    planned = {} if best is None else best.method or {}
    return Unlocked(
        case=case.case,
        phases=case.phases.count,
        target=target,
        answer=answer,
        options=tuple(options),
        plan=best,
        complete=sets.complete,
        open=sets.open,
        cheapest=cheapest,
        changes=changes,
        stated={(p.id, j): x for p in case.instance.parties for j, x in p.trust.items()},
        method={
            "solver": f"HiGHS {version('highspy')}",
            "problems": reach.asked,
            "nodes": effort.nodes,
            STRUCK: struck or effort.struck or bool(planned.get(STRUCK)),
            CUT: effort.meter.cut or bool(planned.get(CUT)),
            "cost": "sum over parties, each in its own units; sets are listed by it",
        },
    )


def _cost(case: Case, chosen: Sequence[str]) -> dict[str, Fraction]:
    return total_cost(s for s in case.supports if s.id in chosen)


def _less(one: dict[str, Fraction], other: dict[str, Fraction]) -> bool:
    parties = {*one, *other}
    zero = Fraction(0)
    pairs = [(one.get(i, zero), other.get(i, zero)) for i in parties]
    return all(a <= b for a, b in pairs) and any(a < b for a, b in pairs)


def _best(way: Way, objective: str, effort: Effort, progress: Progress | None) -> Plan:
    """The best roadmap with the set; where the search ends without one, the roadmap that was found before."""
    found: Plan | None = None
    try:
        if not effort.whole:
            limit = max(effort.left(), 1.0) if math.isfinite(effort.until) else None
            work = Meter(max(effort.meter.left, PACE))  # a second's at least
            found = plan(way.instance, objective=objective, time_limit=limit, work=work, reasons=False, progress=progress)
    except SolverError:
        found = None
    if found is not None and found and good_enough(way.instance, found.roadmap):
        return replace(found, method={**(found.method or {}), "time_limit": None})  # what was left is no figure of the result
    certificate = good_enough(way.instance, way.roadmap)
    assert certificate is not None
    return Plan(
        way.instance, objective, "feasible", None, way.roadmap, certificate, method={"solver": "the search for any roadmap"}
    )


def _changes(case: Case, target: Target, demanded: Demanded, reach: Reach, effort: Effort) -> Changes | None:
    """Without supports; where nothing does, with all of them."""
    every = tuple(s.id for s in case.supports)
    found: Changes | None = None
    for chosen in dict.fromkeys([(), every]):
        instance = demanded(supported(case, chosen))
        if instance is None:
            continue
        found = _of(case, target, chosen, instance, reach, effort.part(0.5) if every and not chosen else effort)
        if found:
            break
    return found


def _of(case: Case, target: Target, chosen: tuple[str, ...], instance: Instance, reach: Reach, effort: Effort) -> Changes:
    measures = target.measures(case, instance)
    values: list[WorthChange] = []
    parties = list(instance.touched)
    together = smallest_worth(instance, measures, parties, reach, effort.part(0.3)) if parties else False
    if together is not False:
        alone = [smallest_worth(instance, measures, [i], reach, effort.part(0.2)) for i in parties]
        values = [v for v in alone if isinstance(v, WorthChange)]
        if not values and isinstance(together, WorthChange):
            values = [together]
    values.sort(key=lambda v: sum((x / scale_of(instance, i) for i, x in v.worth.items()), Fraction(0)))
    trust = smallest_trust(instance, reach, effort)
    return Changes(
        supports=chosen,
        values=tuple(values),
        no_value=together is False,
        trust=trust if isinstance(trust, TrustChange) else None,
        no_trust=trust is False,
    )
