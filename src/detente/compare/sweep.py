"""Roadmaps for a range of trust: walks from one level to the next (module `plan.walk`), all of them kept in a pool.

1. Down. From the best roadmap known, level after level with less trust: mend it there with as little loss as possible, by
   several weights of worth against shortfall, and climb. What holds there is where the next level starts. Where nothing mends
   it, go half way first; where that does not help either, let measures leave until it holds.
2. Afresh. Where going down has ended, greedy pair-adding (module `plan.walk.pairs`) finds a roadmap without the measures that
   need more; from there down again.
3. Up. What holds at one level holds at every higher one: climb on from it there.
4. In (`thorough`). At each level, from the lowest on, bring in each measure that the best roadmap there leaves out and a best
   one at another level has, mend and climb; as long as that finds a better one.

No step looks at the clock, unless whoever asks sets a limit (`Pool.until`). Walks have a budget of work (`climber_of`); in a
case too large for it little more than the climb from what is known is left. Steps 2 and 4 are for cases of at most `MANY`
measures times phases.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from detente.case.instance import Instance
from detente.compare.pool import Member, Pool
from detente.compare.trust import scaled
from detente.plan.roadmap import Roadmap
from detente.plan.solve import plan
from detente.plan.walk.pairs import grow
from detente.plan.walk.walk import Climber, Policy, Walk
from detente.solver.effort import WORK, Meter

__all__ = ["MANY", "begin", "climber_of", "sweep"]

MANY = 3_000  # measures times phases

_POLICIES = {n: tuple(Policy(weigh=w) for w in weighs) for n, weighs in ((False, (1.0, 0.3)), (True, (1.0, 0.3, 0.1, 0.03)))}
_MARGIN = 1e-7  # slack to ask for where rounding decided
_HALVES = 3  # times that a way is halved
_CLOSE = Fraction(103, 100)  # factors so near to each other are not halved
_BUDGET = {False: 1.5e9, True: 4e10}  # of a sweep
_PLANNING = 10.0  # seconds, or seconds of work, for a plan where nothing is known and greedy adding finds nothing
_ROUNDS = 3  # of bringing measures in, at one level
_AFRESH = {False: 2, True: 4}  # levels at which greedy adding begins anew


def begin(pool: Pool, known: Sequence[Roadmap], most: Fraction, *, look: bool = True) -> None:
    """Put in what is known, and no step at all. If that is all, `look`: add greedily for the largest factor, or else plan."""
    for roadmap in (*known, Roadmap.empty(pool.instance)):
        pool.add(roadmap)
    if look and all(m.roadmap.is_empty for m in pool.members()):
        objective = pool.objective if pool.objective != "speed" else "nash"
        at = scaled(pool.instance, most)
        grown = pool.add(grow(at, objective, seconds=pool.left()).roadmap) if at.touched else None
        if grown is None or grown.roadmap.is_empty:
            limit = None if math.isinf(pool.until) else min(_PLANNING, max(pool.left(), 0.1))
            work = Meter(_PLANNING * WORK / 60)
            pool.add(plan(at, objective=objective, reasons=False, time_limit=limit, work=work).roadmap)


def climber_of(instance: Instance, objective: str, thorough: bool) -> Climber:
    """A climber with the budget of a sweep."""
    return Climber(instance, objective, budget=_BUDGET[thorough])


def sweep(pool: Pool, climber: Climber, factors: Sequence[Fraction], *, thorough: bool = False, cores: int = 2) -> None:
    """Fill a pool with roadmaps for factors of all odds, given from the largest to the smallest.

    thorough : more weights, more new beginnings, and step 4.
    """
    policies = _POLICIES[thorough]
    last = _down(pool, climber, factors, policies, cores)
    missed = factors[last:]
    if len(pool.instance.measures) * pool.instance.phases > MANY:
        missed, thorough = (), False
    anew = missed[:: max(1, math.ceil(len(missed) / (_AFRESH[thorough] - 1)))]
    for f in (*anew, *(missed[-1:] if missed[-1:] != anew[-1:] else ())):
        if pool.left() <= 0:
            return
        _afresh(pool, climber, f)
        _down(pool, climber, [g for g in missed if g <= f], policies, cores)
    for f in reversed(factors):
        if pool.left() <= 0:
            return
        if (best := pool.best(f)) is not None:
            _keep(pool, climber, climber.walk(best.roadmap, float(f)), f)
    if thorough:
        for f in reversed(factors):
            _bring_in(pool, climber, f)


def _keep(pool: Pool, climber: Climber, walk: Walk, factor: Fraction) -> None:
    """Take in where a walk ended. If exact arithmetic refuses what seemed to hold, ask for a little more and walk again."""
    if walk.holds:
        member = pool.add(walk.roadmap)
        if member is None or member.strain > factor:
            pool.add(climber.walk(walk.roadmap, float(factor), Policy(margin=_MARGIN)).roadmap)


def _down(pool: Pool, climber: Climber, factors: Sequence[Fraction], policies: Sequence[Policy], cores: int) -> int:
    """Step 1; returns at how many of the factors a roadmap with new steps was found before it ended."""
    start = pool.best(factors[0] if factors else None) or pool.best()
    for n, f in enumerate(factors):
        if start is None or start.roadmap.is_empty or pool.left() <= 0:
            return n
        if start.strain <= f:
            _keep(pool, climber, climber.walk(start.roadmap, float(f)), f)
        else:
            _lower(pool, climber, start, f, policies, cores)
        start = pool.best(f)
        if start is None or start.roadmap.is_empty:
            return n
    return len(factors)


def _lower(pool: Pool, climber: Climber, start: Member, factor: Fraction, policies: Sequence[Policy], cores: int) -> None:
    """From a roadmap to one that needs less, half way first where the whole way is too far; if need be, with less in it."""
    known = pool.best(factor)
    stands = known is not None and not known.roadmap.is_empty
    if stands:
        policies = policies[:1]  # one try from above will do
    for _ in range(_HALVES):
        if pool.left() <= 0:
            return
        for walk in climber.walks(start.roadmap, float(factor), policies, cores):
            _keep(pool, climber, walk, factor)
        if pool.best(factor) is not known or stands or start.strain < factor * _CLOSE:
            break
        middle = Fraction(math.sqrt(float(start.strain * factor))).limit_denominator(10**9)
        for walk in climber.walks(start.roadmap, float(middle), policies, cores):
            _keep(pool, climber, walk, middle)
        nearer = pool.best(middle)
        if nearer is None or nearer.roadmap.is_empty or nearer is start:
            break
        start = nearer
    if pool.best(factor) is known and not stands:
        left = climber.walk(start.roadmap, float(factor), Policy(weigh=0.1, only=-1))
        _keep(pool, climber, climber.walk(left.roadmap, float(factor)), factor)


def _afresh(pool: Pool, climber: Climber, factor: Fraction) -> None:
    objective = pool.objective if pool.objective != "speed" else "nash"
    grown = grow(scaled(pool.instance, factor), objective, seconds=pool.left()).roadmap
    pool.add(grown)
    _keep(pool, climber, climber.walk(grown, float(factor)), factor)


def _bring_in(pool: Pool, climber: Climber, factor: Fraction) -> None:
    T = pool.instance.phases
    for _ in range(_ROUNDS):
        best = pool.best(factor)
        if best is None:
            return
        wanted = {m for r in pool.records() for m, e in r.roadmap.entry.items() if e is not None}
        for m in pool.instance.measures:
            if pool.left() <= 0:
                return
            if best.roadmap.entry[m.id] is not None or m.id not in wanted:
                continue
            for t in sorted({max(m.not_before, phase) for phase in (0, T // 3, 2 * T // 3)}):
                if t <= m.not_after:
                    with_it = Roadmap(best.roadmap.case, T, {**best.roadmap.entry, m.id: t})
                    _keep(pool, climber, climber.walk(with_it, float(factor), Policy(steps=10, bumps=3)), factor)
        if pool.best(factor) is best:
            return
