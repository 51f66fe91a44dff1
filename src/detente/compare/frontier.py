"""Speed against safety: the certified roadmaps of a case than which none found is both faster and safer.

    speed    how many new measures are in force, on average over the phases of the roadmap (module `plan.walk.walk`): a
             measure that never comes counts nothing, one that comes late counts little
    safety   the strain (module `compare.trust`): the share of today's odds that the roadmap needs. It is told as the level of
             trust below which the roadmap would no longer hold

Only roadmaps that hold at the stated trust and that help (module `plan.process`) are counted. A point is on the frontier if no
other is at least as fast and needs no more, with one of the two strictly better.

For a ladder of caps on the strain, 1 and below, fast roadmaps are looked for (module `sweep`); what was found for other ends
(the plan, the levels of trust) counts too. For each cap the relaxation says how fast any roadmap could be. In a small case the
frontier is complete: the fastest roadmap is found by search to the end, then the fastest with a strictly lower strain, and so
on (strains closer than one millionth are not told apart).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from detente.base.frozen import Frozen
from detente.case.case import Case
from detente.compare.pool import CLOSER, Member, Pool
from detente.compare.reach import Reach, reach
from detente.compare.sweep import MANY, begin, climber_of, sweep
from detente.compare.trust import level_of, reference, scaled
from detente.errors import SolverError
from detente.plan.certificate import Certificate
from detente.plan.draws.result import Widened
from detente.plan.roadmap import Roadmap
from detente.plan.search.possible import bound, fastest, is_small
from detente.plan.walk.walk import speed

__all__ = ["Cap", "Frontier", "Point", "filled", "frontier", "read", "spread"]

_FINE = tuple(Fraction(n, 100) for n in (100, 90, 80, 70, 60, 50, 42, 35, 30, 25, 20, 17, 14, 12, 10, 8))
_COARSE = tuple(Fraction(n, 100) for n in (100, 75, 50, 35, 25, 17, 12, 8))


@dataclass(frozen=True)
class Point(Frozen):
    """A certified roadmap on the frontier; needs: the level of trust below which it would no longer hold.

    held, interval, widened : as in `Compared`.
    """

    roadmap: Roadmap = field(repr=False)
    certificate: Certificate = field(repr=False)
    speed: Fraction
    strain: Fraction
    needs: Fraction
    reach: Reach
    gain: Mapping[str, Fraction]
    held: float | None = None
    interval: tuple[float, float] | None = None
    widened: Widened | None = None

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        holds : always true
        speed : new measures in force, on average over the phases
        strain : the largest share of the odds that any trust or doubt row needs
        needs : the level of trust below which it would not hold
        held, interval, widened : as for roadmaps
        """
        smallest = self.certificate.smallest
        return {
            "entry": dict(self.roadmap.entry),
            "holds": self.certificate.holds,
            "speed": float(self.speed),
            "strain": float(self.strain),
            "needs": float(self.needs),
            "reach": self.reach.to_dict(),
            "gain": {i: float(x) for i, x in self.gain.items()},
            "smallest_slack": None if smallest is None else smallest.to_dict(),
            "held": self.held,
            "interval": None if self.interval is None else list(self.interval),
            "widened": None if self.widened is None else self.widened.to_dict(),
        }


@dataclass(frozen=True)
class Cap:
    """No roadmap that needs at most this level of trust has more than `at_most` measures in force on average."""

    needs: Fraction
    at_most: float

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        needs : no roadmap that needs at most this level of trust
        at_most : has a greater speed than this
        """
        return {"needs": float(self.needs), "at_most": self.at_most}


@dataclass(frozen=True)
class Frontier(Frozen):
    """The points by rising speed, which is by rising need of trust.

    caps : bounds, by falling need. complete : nothing is missing (small cases).
    failed : levels at which a search to the end found no answer.
    """

    case: str
    pair: tuple[str, str]
    stated: Fraction
    points: tuple[Point, ...]
    caps: tuple[Cap, ...]
    complete: bool
    failed: tuple[Fraction, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        reference.stated : what the case says that it is
        reference.party, reference.toward : whose trust tells the levels, in whom
        """
        return {
            "reference": {"party": self.pair[0], "toward": self.pair[1], "stated": float(self.stated)},
            "complete": self.complete,
            "failed": [float(level) for level in self.failed],
            "points": [p.to_dict() for p in self.points],
            "caps": [c.to_dict() for c in self.caps],
        }


def spread(points: Sequence[Point], most: int) -> list[Point]:
    """At most so many of the points, at about even distances of speed, the slowest and the fastest among them."""
    if len(points) <= most:
        return list(points)
    low, high = points[0].speed, points[-1].speed
    wanted = [low + (high - low) * n / (most - 1) for n in range(most)]
    places = (min(range(len(points)), key=lambda k: abs(points[k].speed - w)) for w in wanted)
    return [points[k] for k in sorted(set(places))]


def frontier(case: Case, *, known: Sequence[Roadmap] = (), thorough: bool = True) -> Frontier | None:
    """Speed against safety; None where nobody depends on another party's word.

    Parameters
    ----------
    known : roadmaps found before; those that hold count. Where none of them has a step, one is planned.
    thorough : more caps, more search and more bounds.
    """
    if reference(case.instance) is None:
        return None
    pool, caps = filled(case, known, thorough)
    return read(case, pool, caps, thorough)


def filled(case: Case, known: Sequence[Roadmap], thorough: bool, *, like: Pool | None = None) -> tuple[Pool, tuple[Cap, ...]]:
    """Fast roadmaps of a case in which somebody depends on another's word, and how fast any could be."""
    instance = case.instance
    pool = Pool(instance, "speed", like, until=math.inf if like is None else like.until)
    begin(pool, known, Fraction(1), look=like is None)
    caps: tuple[Cap, ...] = ()
    if thorough and is_small(instance):
        _every(pool)
    elif instance.touched:
        ladder = _FINE if thorough else _COARSE
        sweep(pool, climber_of(instance, "speed", thorough), ladder, thorough=thorough)
        few = len(instance.measures) * instance.phases > MANY
        caps = () if few else tuple(_caps(pool, ladder[::4] if thorough else ladder[:1]))
    return pool, caps


def read(case: Case, pool: Pool, caps: tuple[Cap, ...], thorough: bool) -> Frontier:
    """The frontier of what is in the pool."""
    instance = case.instance
    pair = reference(instance)
    assert pair is not None
    points = [m for m in pool.records() if m.strain <= 1 and not m.roadmap.is_empty]
    return Frontier(
        case=case.case,
        pair=pair,
        stated=instance.party[pair[0]].trust[pair[1]],
        points=tuple(_point(case, m) for m in points),
        caps=caps,
        complete=thorough and is_small(instance) and not pool.failed and not pool.cut_short,
        failed=tuple(level_of(instance, factor) for factor in pool.failed),
    )


def _every(pool: Pool) -> None:
    """The fastest roadmap, then the fastest with less strain, to the end; where a search fails, on from the next cap."""
    cap: Fraction | None = Fraction(1)
    while cap is not None and cap > 0 and pool.left() > 0:
        try:
            roadmap = fastest(scaled(pool.instance, cap), pool.until)
        except SolverError:
            pool.failed.append(cap)
            cap = next((c for c in _FINE if c < cap), None)
            continue
        member = None if roadmap is None else pool.add(roadmap)
        cap = None if member is None else member.strain * CLOSER


def _caps(pool: Pool, ladder: Sequence[Fraction]) -> list[Cap]:
    """Bounds for some of the factors, as long as there is time."""
    out = []
    for factor in ladder:
        if pool.left() <= 0:
            break
        most = bound(scaled(pool.instance, factor), "speed", pool.until)
        # minus infinity: no roadmap with a step has rows that hold, and without a step the speed is 0
        out += [Cap(level_of(pool.instance, factor), max(0.0, most))] if most < math.inf else []
    return out


def _point(case: Case, member: Member) -> Point:
    certificate = member.certificate
    return Point(
        roadmap=member.roadmap,
        certificate=certificate,
        speed=speed(case.instance, member.roadmap),
        strain=member.strain,
        needs=level_of(case.instance, member.strain),
        reach=reach(case, member.roadmap),
        gain=certificate.gain,
    )
