"""The smallest change of values, and of trust, with which a target can be reached.

Values. Let each party i of some set be paid g[i] >= 0 per phase in step with how much of the target is in force, as by a
support (`supported`): "worth at least g[i] per phase to i while the target is in force". Wanted is the least sum over i of
g[i] / scale[i], where scale[i] is the largest value of any measure to i; first for one party alone, and where no single party
will do, for all together.

For a fixed roadmap which rows there are does not depend on payments: nobody acts in them. Every row of party i but those of
coalitions, and its gain, is affine in g[i] and gets no tighter as it grows, and none knows the g of two parties. So the least
g[i] is the largest root of i's rows, an exact fraction (`least_worth`). The gain counts only where the roadmap touches i, or i
is paid. A coalition that still would stop together, keeping some measures up, is kept from it by that one of its members paid
which it takes least more, in its scale, to have nothing of that choice: again an exact root; and so on, until none would. What
is to be decided is the roadmap:

1. With payments as large as the ceiling (100 times scale[i]) ask whether the target can be reached at all (`reach`). If not, no
   smaller ones would do, unless somebody profits so much from the stand-off that it has to be left untouched.
2. Minimise the sum with g as a column of the rows: its product with x[m,t] is a column w of its own, w <= g, w <= G x,
   w >= g - G (1 - x). First with odds fixed, as a trial, then with all rows. Each schedule found is valued exactly.
3. What is reported is rounded up to three digits, and its roadmap certified with exactly these values; where nobody gains yet,
   one unit of the third digit more. The bound of the last search says below which sum nothing can be found.

Trust. Multiply all odds by one factor f >= 1. For a fixed roadmap the rows of trust and doubt hold from f = its strain on, so
feasibility is monotone in f: the least f is closed in from above by strains of roadmaps found, from below by factors at which
it is proved that there is none, until both are within one per cent.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from detente.base.frozen import Frozen
from detente.case.instance import Instance, Party
from detente.plan.certificate import Certificate, Row, certify, every_row, values
from detente.plan.process import Process
from detente.plan.roadmap import Roadmap
from detente.plan.search.problem import Odds, Problem
from detente.plan.search.relax import MENDS, STRENGTHS, cut_off, relaxed, unbroken
from detente.plan.units import sizes
from detente.plan.unlock.reach import Reach, completed, good_enough
from detente.plan.unlock.supported import paid
from detente.solver.effort import Effort
from detente.solver.linear import Expression, Solution, TimeOverError, total

__all__ = ["TrustChange", "WorthChange", "least_worth", "rounded_up", "smallest_trust", "smallest_worth"]

CEILING = 100
"""Payments are sought up to so many times a party's largest value."""
FACTOR = Fraction(10**6)
"""Odds are raised up to so many times."""
_CLOSE = Fraction(101, 100)
_DIGITS = 3
_NAME = "worth"


@dataclass(frozen=True)
class WorthChange(Frozen):
    """worth : what the target has to be worth more per phase, by party, rounded up. instance, roadmap, certificate : with it.

    bound : no smaller change than this exists, as a share of the change; 1 where it is the smallest up to rounding.
    """

    worth: Mapping[str, Fraction]
    instance: Instance
    roadmap: Roadmap
    certificate: Certificate
    bound: float


@dataclass(frozen=True)
class TrustChange(Frozen):
    """factor : of all odds, rounded up. trust : the probabilities that this makes, by ordered pair. below : no roadmap reaches
    the target with a factor up to this."""

    factor: Fraction
    trust: Mapping[tuple[str, str], Fraction]
    roadmap: Roadmap
    certificate: Certificate
    below: Fraction


def scale_of(instance: Instance, party: str) -> Fraction:
    """The party's size: its largest value per phase, or once, of any measure (module `plan.units`)."""
    return sizes(instance)[party]


def rounded_up(x: Fraction) -> Fraction:
    """The next number with three significant digits."""
    if x <= 0:
        return Fraction(0)
    unit = Fraction(10) ** (math.floor(math.log10(float(x))) + 1 - _DIGITS)
    return math.ceil(x / unit) * unit


# -- values -----------------------------------------------------------------------------------------------------------------


def smallest_worth(
    instance: Instance, target: Sequence[str], parties: Sequence[str], reach: Reach, effort: Effort
) -> WorthChange | bool | None:
    """The least that a target must be worth more to some parties; False: no such change is enough; None: not settled.

    Parameters
    ----------
    instance : with the target demanded of it. target : its measures. parties : those that are paid.
    """
    least = _Least(instance, target, {i: scale_of(instance, i) for i in parties}, effort)
    most = paid(instance, _NAME, target, {i: CEILING * s for i, s in least.scale.items()})
    found = reach.roadmap(most, effort.part(0.4))
    if not isinstance(found, Roadmap):
        end = instance.phases - 1  # by which all is paid
        made_up = (
            CEILING * s * instance.party[i].discount ** end >= instance.party[i].stalemate for i, s in least.scale.items()
        )
        return found if all(made_up) else None
    best = least.valued(found)
    if best is None:
        return None
    for known in reach.known:
        if effort.over():
            break
        best = min(best, least.valued(known) or best, key=least.size)
    try:
        best, bound = least.improved(best)
    except TimeOverError:
        bound = 0.0
    worth = {i: g for i, x in best[0].items() if (g := rounded_up(x))}
    for more in (None, *sorted(worth, key=lambda i: worth[i] / least.scale[i])):
        told = {i: _next(g) if i == more else g for i, g in worth.items()}
        made = paid(instance, _NAME, target, told)
        roadmap = completed(best[1], made)
        certificate = good_enough(made, roadmap)
        if certificate is not None:
            reached = least.size((told, roadmap))
            return WorthChange(told, made, roadmap, certificate, min(1.0, max(0.0, bound) / reached) if reached else 1.0)
    return None


Worth = tuple[dict[str, Fraction], Roadmap]
"""What a roadmap needs of each party, and the roadmap."""


def least_worth(instance: Instance, target: Sequence[str], party: str, roadmap: Roadmap) -> Fraction | None:
    """The least g >= 0 with which a party's rows hold, coalitions apart, and it loses nothing; None: none would do."""
    none, one = (paid(instance, _NAME, target, {party: Fraction(x)}) for x in (0, 1))
    at = [(r.slack for r in every_row(i, completed(roadmap, i), coalitions=False) if r.party == party) for i in (none, one)]
    least = _root(zip(*at, strict=True))
    process = Process(one, completed(roadmap, one))
    if least is None or not (least or party in Process(none, completed(roadmap, none)).touched):
        return least
    before, after = (values(i, completed(roadmap, i)) for i in (none, one))
    gain = process.gains(after).get(party)
    at_end = None if gain is None else _root([(gain - (after[party] - before[party]), gain)])
    return None if at_end is None else max(least, at_end)


def _root(slacks: Iterable[tuple[Fraction, Fraction]]) -> Fraction | None:
    """The least g >= 0 with which none is short: those of g = 0 and 1 are given, in between they are affine; None: never."""
    least = Fraction(0)
    for before, after in slacks:
        if before < 0:
            if after <= before:
                return None
            least = max(least, before / (before - after))
    return least


def _next(x: Fraction) -> Fraction:
    """The number with three significant digits after one."""
    return rounded_up(x * (1 + Fraction(1, 10**6)))


@dataclass(frozen=True)
class _Least:
    """The search for the least sum. scale : by party that is paid."""

    instance: Instance
    target: Sequence[str]
    scale: Mapping[str, Fraction]
    effort: Effort

    def size(self, worth: Worth) -> float:
        """The sum of what is paid, each in its party's scale."""
        return float(sum((x / self.scale[i] for i, x in worth[0].items()), Fraction(0)))

    def valued(self, roadmap: Roadmap) -> Worth | None:
        """What a roadmap needs of each party; None if it breaks a row that no payment mends, or the effort is over."""
        plain = completed(roadmap, self.instance)
        broken = certify(self.instance, plain).broken
        if any(r.row != "coalition" and r.party not in self.scale for r in broken):
            return None
        needed: dict[str, Fraction] = {}
        for i in self.scale:
            least = None if self.effort.over() else least_worth(self.instance, self.target, i, plain)
            if least is None:
                return None
            needed[i] = least
        apart = self.apart(needed, plain)
        if apart is None:
            return None
        made = paid(self.instance, _NAME, self.target, apart)
        process, value = Process(made, completed(plain, made)), values(made, completed(plain, made))
        return (apart, plain) if process.exists and all(g >= 0 for g in process.gains(value).values()) else None

    def apart(self, needed: Mapping[str, Fraction], roadmap: Roadmap) -> dict[str, Fraction] | None:
        """The payments, raised until no coalition would stop together; None: that does not come about."""
        raised = dict(needed)
        while not self.effort.over():
            made = paid(self.instance, _NAME, self.target, raised)
            certificate = certify(made, completed(roadmap, made))
            if certificate.holds:
                return raised
            row = certificate.broken[0]
            steps = {i: g for i in row.together if i in self.scale and (g := self._short(made, certificate, row, i, roadmap))}
            if not steps:
                return None
            least = min(steps, key=lambda i: steps[i] / self.scale[i])
            raised[least] += steps[least]
        return None

    def _short(self, made: Instance, certificate: Certificate, row: Row, party: str, roadmap: Roadmap) -> Fraction | None:
        """How much more a party must be paid to gain nothing by what a coalition would keep up; None: no payment does that."""
        course, d = certificate.courses[party], made.party[party].discount
        kept = (made.measure[m] for m in row.keeping)
        gain = course.stepping_out[row.phase] - course.continuation[row.phase]
        gain += sum(((1 - m.irreversible) * m.value.get(party, Fraction(0)) / (1 - d) for m in kept), Fraction(0))
        more = paid(self.instance, _NAME, self.target, {party: Fraction(1)})
        pair = (certify(i, completed(roadmap, i)).courses[party].continuation[row.phase] for i in (self.instance, more))
        none, one = pair
        return gain / (one - none) if gain > 0 and one > none else None

    def improved(self, best: Worth) -> tuple[Worth, float]:
        """The best roadmap for the sum, and a bound below which none exists."""
        ceiling = self.size(best)
        problem = self.problem(ceiling)
        root = relaxed(problem, _goal(problem), self.effort)
        for strength in STRENGTHS if problem.trust and root.point is not None else ():
            assert root.point is not None
            if self.effort.over():
                break
            best, _ = self.descended(self.problem(ceiling, problem.earned(root.point, strength)), best, 0.15)
        best, proved = self.descended(problem, best)
        return best, max(proved, 0.0 if root.point is None else -root.bound)

    def problem(self, ceiling: float, odds: Odds | None = None) -> Problem:
        """The problem with payments up to a ceiling as columns."""
        whole = {m: self.instance.measure[m].whole for m in self.target}
        count = Counter(whole.values())
        return Problem(
            self.instance,
            odds=odds,
            helping=True,
            rounding="up",
            entries=False,
            extra_worth={i: max(ceiling, 1e-6) for i in self.scale},
            paid_for={m: 1 / (len(count) * count[w]) for m, w in whole.items()},
            deadline=self.effort.until,
        )

    def descended(self, problem: Problem, best: Worth, share: float = 1.0) -> tuple[Worth, float]:
        """Minimise, value what comes out exactly, cut it off, until nothing smaller can be there or the effort is over.

        Returns the best and a bound that holds for the problem given.
        """
        proved, goal, effort = 0.0, _goal(problem), self.effort.part(share)
        for _ in range(MENDS):
            reached = self.size(best)
            if effort.over() or reached - proved <= 1e-6 * max(1.0, reached):
                break

            def solve(known: Roadmap = best[1]) -> Solution:
                return effort.solve(problem.programme, goal, start=problem.point(known))

            solution = unbroken(problem, solve, effort)
            if solution.status == "infeasible":
                return best, reached
            proved = max(proved, min(-solution.bound, reached))
            if solution.point is None:
                break
            best = min(best, self.valued(problem.roadmap(solution.point)) or best, key=self.size)
            if solution.status != "optimal":
                break
            problem.refine(problem.roadmap(solution.point))
            cut_off(problem, solution)
        return best, proved


def _goal(problem: Problem) -> Expression:
    return -total(problem.extra_worth.values())


# -- trust ------------------------------------------------------------------------------------------------------------------


def smallest_trust(instance: Instance, reach: Reach, effort: Effort) -> TrustChange | bool | None:
    """The least common factor on all odds; False: no trust would do; None: not settled.

    instance : with the target demanded of it.
    """
    found = reach.roadmap(_raised(instance, FACTOR), effort.part(0.4))
    if not isinstance(found, Roadmap):
        return found
    best, above, below = found, _strain(instance, found), Fraction(1)
    for known in reach.known:
        moved = completed(known, instance)
        if good_enough(_raised(instance, FACTOR), moved) and _strain(instance, moved) < above:
            best, above = moved, _strain(instance, moved)
    while above > below * _CLOSE and not effort.over():
        middle = Fraction(math.sqrt(float(above * below))).limit_denominator(10**6)
        found = reach.roadmap(_raised(instance, middle), effort.part(0.4))
        if isinstance(found, Roadmap):
            best, above = found, min(middle, _strain(instance, found))
        elif found is False:
            below = middle
        else:
            break
    factor = max(Fraction(1), rounded_up(above))
    made = _raised(instance, factor)
    certificate = good_enough(made, best)
    if certificate is None:
        return None
    trust = {(p.id, j): x for p in made.parties for j, x in p.trust.items() if j in made.acting}
    return TrustChange(factor, trust, best, certificate, min(below, factor))


def _strain(instance: Instance, roadmap: Roadmap) -> Fraction:
    strain = certify(instance, roadmap).strain
    return FACTOR if strain is None else max(Fraction(1), strain)


def _raised(instance: Instance, factor: Fraction) -> Instance:
    def trusting(p: Party) -> Party:
        odds = {j: x / (1 - x) * factor for j, x in p.trust.items()}
        return replace(p, trust={j: o / (1 + o) for j, o in odds.items()})

    return replace(instance, parties=tuple(map(trusting, instance.parties)))
