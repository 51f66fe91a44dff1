"""What each level of trust makes possible: the best roadmap as the trust to start with goes from 1% to 60%.

The trust of the reference pair tells the level, all odds changed alike (module `compare.trust`). The best roadmap of a level is
the best by the planner's objective among those that hold there. As what holds at one level holds at every higher one, its worth
never falls as trust rises. The number of measures in it may: a better roadmap can leave one out.

1. Find roadmaps for the levels of a grid (module `sweep`); in a small case search each level to the end.
2. Each of them holds exactly from the level on that its strain says. So the best one is known at every level in between, and
   the levels at which measures come within reach are those of roadmaps, not those of the grid.
3. Around each of these levels try once more, half way down to the level below (`thorough`).
4. How far from the best: by the bound of the relaxation at the level, or at a higher one, which bounds this one too.

A measure is within reach from the lowest level on at which the best roadmap found brings it into force in full. That it is out
of reach below is proved only where the gap is 0.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from detente.base.frozen import Frozen
from detente.case.case import Case
from detente.case.instance import Instance
from detente.compare.pool import CLOSER, Member, Pool
from detente.compare.reach import Reach, reach, reached
from detente.compare.sweep import MANY, begin, climber_of, sweep
from detente.compare.trust import factor_of, level_of, reference, scaled
from detente.errors import InputError, SolverError
from detente.plan.roadmap import Roadmap
from detente.plan.search.objective import OBJECTIVES, shortfall
from detente.plan.search.possible import bound, is_small
from detente.plan.walk.walk import Climber, Policy, speed

__all__ = ["COARSE", "FINE", "Level", "Rise", "TrustLevels", "filled", "gaps", "grid", "grouped", "read", "trust_levels"]

_FINE = (600, 500, 400, 300, 250, 200, 150, 120, 100, 80, 70, 60, 50, 40, 35, 30, 25, 20, 17, 15, 13, 12, 11, 10)
_COARSE = (600, 300, 150, 100, 70, 50, 40, 30, 25, 20, 15, 12, 10)
FINE, COARSE = (tuple(Fraction(n, 1000) for n in grid) for grid in (_FINE, _COARSE))
_NEAR = 0.01  # a gap that needs no bound of its own
_HOPELESS = {False: 0.015, True: 0.1}  # a gap from which on the relaxation says no more for lower levels
_REFINED = 2  # rounds of step 3


@dataclass(frozen=True)
class Level(Frozen):
    """The best roadmap found for one level of trust.

    level : the trust of the reference pair.
    roadmap : None where none with a new step was found. needs : the level from which on it holds.
    gap : the share by which another could at most exceed it (nash: in the geometric mean of the gains);
        None: not known.
    """

    level: Fraction
    needs: Fraction | None
    roadmap: Roadmap | None = field(repr=False)
    reach: Reach | None
    gain: Mapping[str, Fraction]
    speed: Fraction
    gap: float | None

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        speed : new measures in force, on average over the phases
        """
        return {
            "level": float(self.level),
            "needs": None if self.needs is None else float(self.needs),
            "entry": None if self.roadmap is None else dict(self.roadmap.entry),
            "reach": None if self.reach is None else self.reach.to_dict(),
            "gain": {i: float(x) for i, x in self.gain.items()},
            "speed": float(self.speed),
            "gap": self.gap,
        }


@dataclass(frozen=True)
class Rise:
    """A level from which on the best roadmap has measures that no best one below has; `needs` is at least the lowest level.

    brings : these measures. reach : of the best roadmap there.
    """

    needs: Fraction
    brings: tuple[str, ...]
    reach: Reach
    roadmap: Roadmap = field(repr=False)

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        needs : from this level on the best roadmap found has measures that none below has
        """
        return {
            "needs": float(self.needs),
            "brings": list(self.brings),
            "reach": self.reach.to_dict(),
            "entry": dict(self.roadmap.entry),
        }


@dataclass(frozen=True)
class TrustLevels(Frozen):
    """The answer over all levels, from the highest to the lowest.

    pair : the reference pair (who, in whom); stated : its trust in the case.
    rises : by rising level. steps : (level, measures reached) wherever the best roadmap found changes, by rising level.
    beyond : measures in no best roadmap at any level.
    exact : every level was searched to the end.
    failed : levels at which a search to the end found no answer; what is told of them was found for others.
    """

    case: str
    objective: str
    pair: tuple[str, str]
    stated: Fraction
    levels: tuple[Level, ...]
    rises: tuple[Rise, ...]
    steps: tuple[tuple[Fraction, int], ...]
    beyond: tuple[str, ...]
    of_measures: int
    exact: bool
    failed: tuple[Fraction, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        reference.stated : what the case says that it is
        reference.party, reference.toward : whose trust tells the levels, in whom
        """
        return {
            "objective": self.objective,
            "reference": {"party": self.pair[0], "toward": self.pair[1], "stated": float(self.stated)},
            "exact": self.exact,
            "failed": [float(level) for level in self.failed],
            "levels": [level.to_dict() for level in self.levels],
            "rises": [rise.to_dict() for rise in self.rises],
            "beyond": list(self.beyond),
        }


def trust_levels(
    case: Case,
    *,
    objective: str = "nash",
    known: Sequence[Roadmap] = (),
    thorough: bool = True,
) -> TrustLevels | None:
    """The best roadmap at each level of trust; None where nobody depends on another party's word.

    Parameters
    ----------
    objective : "nash", "sum" or "min", as for planning.
    known : roadmaps found before, to begin with; the plan above all. Where none of them has a step, one is planned.
    thorough : the finer grid, more search and more bounds; small cases to the end.

    Raises
    ------
    InputError
        On an unknown objective.
    """
    if reference(case.instance) is None:
        return None
    pool = filled(case, objective, known, thorough)
    return read(case, pool, gaps(pool, thorough), thorough)


def filled(case: Case, objective: str, known: Sequence[Roadmap], thorough: bool, until: float = math.inf) -> Pool:
    """Steps 1 to 3: roadmaps for every level of a case in which somebody depends on another's word."""
    if objective not in OBJECTIVES:
        raise InputError(f"objective {objective!r} is not known; wanted one of {', '.join(OBJECTIVES)}")
    instance = case.instance
    levels = grid(instance, thorough)
    pool = Pool(instance, objective, until=until)
    begin(pool, known, factor_of(instance, levels[0]))
    if thorough and is_small(instance):
        _search(pool, [factor_of(instance, level) for level in levels])
    elif instance.touched:
        climber = climber_of(instance, objective, thorough)
        factors = [factor_of(instance, level) for level in levels]
        sweep(pool, climber, factors, thorough=thorough)
        for _ in range(_REFINED if thorough else 0):
            _refine(pool, climber, case, factors[-1])
    return pool


def read(case: Case, pool: Pool, shares: Sequence[float | None], thorough: bool) -> TrustLevels:
    """The answer from what is in the pool. shares : its `gaps`."""
    instance = case.instance
    pair = reference(instance)
    assert pair is not None
    levels = grid(instance, thorough)
    top = factor_of(instance, levels[0])
    records = [m for m in pool.records() if m.strain <= top and not m.roadmap.is_empty]
    rises = tuple(_rises(case, records, levels[-1]))
    steps = [(max(levels[-1], level_of(instance, m.strain)), len(reached(instance, m.roadmap))) for m in records]
    everything = {m for rise in rises for m in rise.brings}
    return TrustLevels(
        case=case.case,
        objective=pool.objective,
        pair=pair,
        stated=instance.party[pair[0]].trust[pair[1]],
        levels=tuple(_level(case, pool, level, gap) for level, gap in zip(levels, shares, strict=True)),
        rises=rises,
        steps=tuple(dict(steps).items()),
        beyond=tuple(m for m in instance.slices if m not in everything and not _in_force(instance, m)),
        of_measures=reach(case, Roadmap.empty(instance)).of_measures,
        exact=_exact(pool, thorough),
        failed=tuple(level_of(instance, factor) for factor in pool.failed),
    )


def grouped(rises: Sequence[Rise]) -> tuple[Rise, ...]:
    """Rises that read alike to two significant digits as one, at the higher level."""
    out: list[Rise] = []
    for rise in rises:
        if out and _read(out[-1].needs) == _read(rise.needs):
            out[-1] = replace(rise, brings=(*out[-1].brings, *rise.brings))
        else:
            out.append(rise)
    return tuple(out)


def _read(level: Fraction) -> str:
    return f"{float(level):.1e}"


def grid(instance: Instance, thorough: bool) -> list[Fraction]:
    """The levels from the highest to the lowest, the stated trust among them."""
    return sorted({*(FINE if thorough else COARSE), level_of(instance, Fraction(1))}, reverse=True)


def _in_force(instance: Instance, whole: str) -> bool:
    return all(instance.measure[s].in_force for s in instance.slices[whole])


def _search(pool: Pool, factors: Sequence[Fraction]) -> None:
    """Search to the end, from the largest factor down: the best roadmap, then the best that needs strictly less, and so on.

    Where a search fails, the next one is for the next of the factors, given from the largest to the smallest.
    """
    from detente.plan.solve import plan

    factor = factors[0]
    while factor >= factors[-1] and pool.left() > 0:
        try:
            found = plan(scaled(pool.instance, factor), objective=pool.objective, reasons=False, time_limit=pool.left())
        except SolverError:
            pool.failed.append(factor)
            below = next((f for f in factors if f < factor), None)
            if below is None:
                return
            factor = below
            continue
        member = pool.add(found.roadmap)
        if member is None or member.strain >= factor:
            return
        factor = min(member.strain, factor) * CLOSER


def _refine(pool: Pool, climber: Climber, case: Case, least: Fraction) -> None:
    """Half way (on the odds) below each level at which measures come within reach, try again."""
    seen: set[str] = set()
    below = least
    for m in [m for m in pool.records() if m.strain >= least]:
        if pool.left() <= 0:
            return
        new = set(reached(case.instance, m.roadmap)) - seen
        if new and m.strain > below * Fraction(102, 100):
            middle = Fraction(math.sqrt(float(m.strain * below))).limit_denominator(10**6)
            for walk in climber.walks(m.roadmap, float(middle), (Policy(), Policy(weigh=0.1))):
                if walk.holds:
                    pool.add(walk.roadmap)
        seen |= new
        below = m.strain


def _exact(pool: Pool, thorough: bool) -> bool:
    return thorough and is_small(pool.instance) and not pool.failed and not pool.cut_short


def gaps(pool: Pool, thorough: bool) -> list[float | None]:
    """Step 4: by which share a better roadmap could exceed the best one found, by level of the grid; None: not known."""
    instance, objective, exact = pool.instance, pool.objective, _exact(pool, thorough)
    most, out, look = math.inf, list[float | None](), True
    affordable = len(instance.measures) * instance.phases <= MANY
    for level in grid(instance, thorough):
        factor = factor_of(instance, level)
        best = pool.best(factor)
        if exact:
            out.append(0.0)
            continue
        value = _value(objective, best, instance)
        gap = shortfall(objective, value, most, len(instance.touched))
        if look and affordable and pool.left() > 0 and not gap <= (0.0 if thorough else _NEAR):
            most = min(most, bound(scaled(instance, factor), objective, pool.until))
            gap = shortfall(objective, value, most, len(instance.touched))
            look = gap <= _HOPELESS[thorough]
        out.append(gap if math.isfinite(gap) else None)
    return out


def _value(objective: str, best: Member | None, instance: Instance) -> float:
    """The worth as the bound counts it; -inf where the two cannot be set against each other."""
    if best is None or (objective == "nash" and best.worth[0] < len(instance.touched)):
        return -math.inf
    return best.worth[-1]


def _level(case: Case, pool: Pool, level: Fraction, gap: float | None) -> Level:
    best = pool.best(factor_of(case.instance, level))
    if best is None or best.roadmap.is_empty:
        return Level(level, None, None, None, {}, Fraction(0), gap)
    certificate = best.certificate
    return Level(
        level=level,
        needs=level_of(case.instance, best.strain),
        roadmap=best.roadmap,
        reach=reach(case, best.roadmap),
        gain=certificate.gain,
        speed=speed(case.instance, best.roadmap),
        gap=gap,
    )


def _rises(case: Case, records: Sequence[Member], lowest: Fraction) -> list[Rise]:
    """Where the best roadmap has measures that none below it had; what is there at the lowest level already stands together."""
    seen: set[str] = set()
    out: list[Rise] = []
    least = factor_of(case.instance, lowest)
    below = [m for m in records if m.strain <= least]
    for m in [*below[-1:], *(m for m in records if m.strain > least)]:
        has = reached(case.instance, m.roadmap)
        new = tuple(x for x in has if x not in seen)
        if new:
            out.append(Rise(max(lowest, level_of(case.instance, m.strain)), new, reach(case, m.roadmap), m.roadmap))
            seen |= set(new)
    return out
