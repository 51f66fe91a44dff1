"""The certificate: every row of a roadmap recomputed in exact rational arithmetic.

Floating-point feasibility is no proof: with d * benefit / cost > 1 a tolerance of 1e-7 grows exponentially over the phases. So
this module takes the schedule alone, and the decimals of the case, and works every row out again with fractions. It shares
nothing with the solver's rows: those are coefficients per measure and phase, these are sums over groups of measures.

How it stays exact and fast. All values of a party are brought to one common denominator, discounting included, and become
integers (package `plan.exact`); rows are compared as integers, with the odds multiplied out. Fractions are made only of what is
shown: rows that are broken, binding or narrowest, and the courses when they are asked for. The cost is linear in measures and
does not depend on how many rows look at a measure.

The rows (party i, phase t = 0 .. T, T being the steady state; e the entry phase of a measure)
----------------------------------------------------------------------------------------------
`left` is what a measure is worth per phase after a break-off, S(t) what an act is worth that is begun alone in t, and the drift
what the stand-off adds for ever if it is left to itself: all from module `case.alone`. `after` = drift - B.

A measure that takes n phases starts in s = e - n. What it costs its actors (v < 0, k < 0) counts for them from s on, everything
else from e. If all is over in s+1 .. e, the work stops: its costs end, what was paid is gone, and nothing of it is left, unless
the act is one that is taken alone, which goes on.

Continuation   V[t] = v x[t] + k (x[t] - x[t-1]) + d V[t+1];   V[T] = v x[T-1] / (1-d);   v, k < 0 of one's own with x[t+n].
Stepping out   W[t] = left / (1-d) of what is in force before t + S(t) of what is not + after.
Running        run(n): a measure goes on as scheduled to t+n-1, then left; what has not started by then begins alone, S(t+n).
Cheating       own(h, n): the best that i makes of its own measure if it may deviate from t+h on, all being over at t+n:
                 costly (v <= 0, k <= 0)     withheld from t+h on, down to r v, which is best for every entry phase;
                 wanted (v >= 0, k >= 0)     run(n);
                 mixed, v > 0 > k            as wanted, unless it has not entered by t+h and is better stopped then;
                 mixed, v < 0 < k            as costly, unless it enters in t+h .. t+n-1 and one phase of it pays:
                                             k + v (from t+h on) + d r v / (1-d);
                 taken alone                 begun as scheduled, or from t+h on, whichever is earlier.
Deviation      D[t,L] = run(L) of the others' measures + own(max(0, L - lag), L) + d^L after.
Betrayal       X[j,t,M]: j stops in t, i learns it in t+M. left / (1-d) of j's measures in force before t + S(t) of what j takes
               alone + run(M) of all others, i's own too + d^M after.   Exposure E = W - X.
Both           Y[j,t,L,M]: i cheats, to be found out in t+L, while j stops in t; all is over in t+n, n = min(L, M). j's measures
               as in X + own(min(max(0, L - lag), n), n) + run(n) of all others + d^n after.
Odds           odds[i,j,t] = p / (1-p) times the signals of j's measures that entered by t - lag (those in force from the start
               are part of p, unless they are yet unseen: their signal counts from the phase in which they will have been seen).

incentive      V >= W, written as lag 0, and V >= D[t,L], L = 1 .. the largest lag of i's own measures.
trust          E[j,t,M] <= odds (V - W).
doubt          Y[j,t,L,M] - X[j,t,M] <= odds (V - D[t,L]), L = 1 .. the largest lag of i's own measures + M - 1: believing
               with p that j keeps faith, i does not gain by cheating, p D + (1-p) Y <= p V + (1-p) X.
red line       E[j,t,M] <= the cap of party i.
coalition      from three parties on, for every set C of two or three that is not all of them: there are no measures of theirs
               alone that they could keep up among themselves after stepping out together, and each of C would gain.

Rows of i exist if i has something to do in any phase, rows toward j in the phases in which j has something to do that matters
to i, with M the lags of what that is (module `plan.process`). A roadmap that is no process is no deal, and has none of these
rows.

Kydd 2005 (trust and reassurance); Compte and Jehiel 2004 and Watson 2002 (gradualism); Bernheim, Peleg and Whinston 1987
(coalitions, here one step deep: that a coalition would itself be stable is not asked).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from detente.base.frozen import Frozen, FrozenDict
from detente.case.alone import alone
from detente.case.instance import Instance
from detente.plan.exact.coalition import Choices
from detente.plan.exact.figures import Course, View, odds_of
from detente.plan.exact.integers import tables
from detente.plan.process import Process
from detente.plan.roadmap import Roadmap

__all__ = ["Certificate", "Course", "PairCourse", "Row", "certify", "every_row", "values"]

STRUCTURAL = ("prerequisite", "exclusion", "window", "in_force")
LARGEST_COALITION = 3
"""Members of the largest coalitions that are looked at."""

Line = tuple[str, str, int, int | None, int, int, int, int, str | None, int | None]
"""A row in whole numbers: kind, party, phase, lag, left, right, slack, how many make up one unit of value, toward, found."""
Rule = tuple[str, str, int, int, int, int, tuple[str, ...]]
"""A structural row: kind, measure, phase, left, right, the slack in phases, and the measures that it is held against."""
Joint = tuple[Line, tuple[str, ...], tuple[int, ...]]
"""The row of a coalition: its members, and which measures they would keep up."""


@dataclass(frozen=True)
class Row:
    """One row of the certificate. `slack` >= 0 means that it holds.

    row : "incentive", "trust", "doubt", "red_line", "coalition" (in units of the party's value) or "prerequisite", "exclusion",
        "window", "in_force" (in phases).
    party : whose row it is; None for the structural rows.
    toward : the party that is trusted, in trust, doubt and red-line rows.
    lag : phases until the other's stop is known; in an incentive row until the party is found out; 0: openly.
    found : in a doubt row, phases until the party would itself be found out.
    measure : the measure of a structural row. others : what it is held against, in a prerequisite (one would do) and an
        exclusion.
    together, keeping : in a coalition row, who would stop together, and what they would keep up; the sides are those of the
        member that gains least.
    left, right : the two sides. Incentive, coalition: V >= D or W. Trust, doubt, red line: exposure <= allowance or cap.
    """

    row: str
    party: str | None
    phase: int
    lag: int | None
    left: Fraction
    right: Fraction
    slack: Fraction
    toward: str | None = None
    measure: str | None = None
    found: int | None = None
    together: tuple[str, ...] = ()
    keeping: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        phase : 0 to the number of phases, which is the steady state
        left : the left side: *V* in an incentive or coalition row, the exposure in a trust or red-line row, *Y* − *X* in a
            doubt row
        right : the right side: *D* or *W* in an incentive row, what the member would have in a coalition row, what trust or the
            cap allows in the others
        slack : by how much it holds; negative: broken
        """
        return {
            "row": self.row,
            "party": self.party,
            "toward": self.toward,
            "measure": self.measure,
            "phase": self.phase,
            "lag": self.lag,
            **({} if self.found is None else {"found": self.found}),
            **({"together": list(self.together), "keeping": list(self.keeping)} if self.together else {}),
            "left": float(self.left),
            "right": float(self.right),
            "slack": float(self.slack),
        }


@dataclass(frozen=True)
class PairCourse:
    """What party i risks at the hands of party j, each of length T + 1.

    exposure: the largest E[i,j,t,M] over M, 0 where j has nothing to do that matters to i; odds: odds[i,j,t]; allowance: odds
    (V - W); trust: odds / (1 + odds); needed: the smallest odds at which every trust and doubt row of the phase would hold
    (None: there are none). The other fields are the same in whole numbers, of which `unit` make up one unit of value: the
    exposure, V - W, and two numbers whose ratio is what is needed.
    """

    odds: tuple[Fraction, ...]
    unit: int
    risk: tuple[int, ...]
    surplus: tuple[int, ...]
    ratio: tuple[tuple[int, int] | None, ...]

    @cached_property
    def exposure(self) -> tuple[Fraction, ...]:
        return tuple(Fraction(x, self.unit) for x in self.risk)

    @cached_property
    def allowance(self) -> tuple[Fraction, ...]:
        return tuple(o * Fraction(x, self.unit) for o, x in zip(self.odds, self.surplus, strict=True))

    @cached_property
    def needed(self) -> tuple[Fraction | None, ...]:
        return tuple(None if r is None else Fraction(*r) for r in self.ratio)

    @cached_property
    def strain(self) -> Fraction | None:
        """The largest share of the odds in any phase that the rows need; None where no odds would do."""
        most, of = 0, 1
        for ratio, odds in zip(self.ratio, self.odds, strict=True):
            if ratio is None:
                return None
            share, whole = ratio[0] * odds.denominator, ratio[1] * odds.numerator
            if share * of > most * whole:
                most, of = share, whole
        return Fraction(most, of)

    @property
    def trust(self) -> tuple[Fraction, ...]:
        return tuple(o / (1 + o) for o in self.odds)


@dataclass(frozen=True)
class Certificate(Frozen):
    """All rows of a roadmap, checked exactly.

    rows : how many rows were checked.
    broken : the rows that do not hold.
    narrowest : by party, its own row with the least slack.
    binding : rows with slack zero although something is at stake.
    value, no_deal : V[i,0] and the value of no deal, by party.
    helps : whether the roadmap helps (module `plan.process`), held or not.
    courses, pairs : the figures behind the rows, by party and by ordered pair (i, j).
    """

    case: str
    rows: int
    broken: tuple[Row, ...]
    narrowest: Mapping[str, Row]
    binding: tuple[Row, ...]
    value: Mapping[str, Fraction]
    no_deal: Mapping[str, Fraction]
    helps: bool
    courses: Mapping[str, Course] = field(repr=False)
    pairs: Mapping[tuple[str, str], PairCourse] = field(repr=False)

    @property
    def holds(self) -> bool:
        return not self.broken

    @cached_property
    def gain(self) -> Mapping[str, Fraction]:
        """What the roadmap is worth to each party over no deal, in the party's units."""
        return FrozenDict({i: x - self.no_deal[i] for i, x in self.value.items()})

    @property
    def smallest(self) -> Row | None:
        """The row with the least slack over all parties (None: no party, or nothing to check)."""
        return min(self.narrowest.values(), key=lambda r: r.slack, default=None)

    @property
    def peak_exposure(self) -> Mapping[str, Fraction]:
        """The largest exposure of each party in any phase, at the hands of any other; 0 where nobody else can act."""
        peaks: dict[str, Fraction] = dict.fromkeys(self.courses, Fraction(0))
        for (i, _), course in self.pairs.items():
            peaks[i] = max(peaks[i], Fraction(max(course.risk), course.unit))
        return FrozenDict(peaks)

    @property
    def strain(self) -> Fraction | None:
        """The largest share of the odds in any phase that some party's rows need; None where no trust would do."""
        most = Fraction(0)
        for pair in self.pairs.values():
            if pair.strain is None:
                return None
            most = max(most, pair.strain)
        return most

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        holds : whether every row holds
        smallest_slack : the row with the least slack; `null` where there is none
        courses.continuation : *V* by phase, from 0 to the steady state
        courses.deviation : the best of *D* by phase; `null` for a party without measures of its own
        courses.stepping_out : *W* by phase
        pairs.exposure : the largest exposure by phase
        pairs.allowance : what trust allows by phase
        pairs.trust : the probability by phase, as it is earned
        courses, pairs : the figures behind the rows
        """
        smallest = self.smallest
        return {
            "holds": self.holds,
            "rows": self.rows,
            "smallest_slack": None if smallest is None else smallest.to_dict(),
            "narrowest": {i: r.to_dict() for i, r in self.narrowest.items()},
            "binding": [r.to_dict() for r in self.binding],
            "broken": [r.to_dict() for r in self.broken],
            "courses": {
                i: {
                    "continuation": [float(x) for x in c.continuation],
                    "deviation": [None if x is None else float(x) for x in c.deviation],
                    "stepping_out": [float(x) for x in c.stepping_out],
                }
                for i, c in self.courses.items()
            },
            "pairs": [
                {
                    "party": i,
                    "toward": j,
                    "exposure": [float(x) for x in p.exposure],
                    "allowance": [float(x) for x in p.allowance],
                    "trust": [float(x) for x in p.trust],
                }
                for (i, j), p in self.pairs.items()
            ],
        }


def certify(instance: Instance, roadmap: Roadmap, *, trust: bool = True, red_lines: bool = True) -> Certificate:
    """Check a roadmap against every row, exactly.

    Parameters
    ----------
    trust, red_lines : False leaves these rows out, to ask whether a roadmap would be kept if trust were no matter; doubt is a
        matter of trust.

    Returns
    -------
    Certificate
        Also for a roadmap that does not hold: `broken` then names each row.
    """
    checked = _Checked(instance, roadmap)
    structural = list(_structure(instance, roadmap))
    broken = [_structural(row) for row in structural if row[5] < 0]
    binding: list[Line] = []
    narrowest: dict[str, Line] = {}
    left_out = {*(() if trust else ("trust", "doubt")), *(() if red_lines else ("red_line",))}
    lines = [line for line in checked.lines if line[0] not in left_out] if left_out else checked.lines
    for party, its in itertools.groupby(lines, key=lambda line: line[1]):
        least, of = 1, 0  # no slack is as large
        for line in its:
            slack, whole = line[6], line[7]
            if slack * of < least * whole:
                narrowest[party], least, of = line, slack, whole
            if slack < 0:
                broken.append(_row(line))
            elif slack == 0 and line[4] != 0:
                binding.append(line)
    joint = list(checked.coalitions())
    broken += [checked.joint_row(row) for row in joint if row[0][6] < 0]
    value = {i: Fraction(c.on[0], c.unit) for i, c in checked.courses.items()}
    return Certificate(
        case=instance.case,
        rows=len(structural) + len(lines) + len(joint),
        broken=tuple(sorted(broken, key=lambda r: r.phase)),
        narrowest={i: _row(line) for i, line in narrowest.items()},
        binding=tuple(map(_row, binding)),
        value=value,
        no_deal=alone(instance).no_deal,
        helps=checked.process.helps(value),
        courses=checked.courses,
        pairs=checked.pairs,
    )


def values(instance: Instance, roadmap: Roadmap) -> Mapping[str, Fraction]:
    """`Certificate.value`, V[i,0] of each party, exactly, whether the rows hold or not: none of them is worked out."""
    it, entry = tables(instance), [roadmap.entry[m.id] for m in instance.measures]
    exists, phases = Process(instance, roadmap).exists, instance.phases
    starts = {i: View(w, entry, phases).V if exists else View.without_deal(it, w, phases).on for i, w in it.worth.items()}
    return {i: Fraction(v[0], it.worth[i].unit) for i, v in starts.items()}


def every_row(instance: Instance, roadmap: Roadmap, *, coalitions: bool = True) -> tuple[Row, ...]:
    """All rows of a roadmap, those that hold too, in an order that depends on the structure of the problem alone. coalitions :
    theirs, too, which are most of the work where there are many parties."""
    checked = _Checked(instance, roadmap)
    together = map(checked.joint_row, checked.coalitions() if coalitions else ())
    return (*map(_structural, _structure(instance, roadmap)), *map(_row, checked.lines), *together)


def _row(line: Line, together: tuple[str, ...] = (), keeping: tuple[str, ...] = ()) -> Row:
    kind, party, phase, lag, left, right, slack, whole, toward, found = line
    sides = Fraction(left, whole), Fraction(right, whole), Fraction(slack, whole)
    return Row(kind, party, phase, lag, *sides, toward, None, found, together, keeping)


class _Checked:
    """The rows of value of a roadmap, and the figures behind them. lines : those of one party or pair, by party."""

    def __init__(self, instance: Instance, roadmap: Roadmap) -> None:
        self.instance, self.process = instance, Process(instance, roadmap)
        self._entry = [roadmap.entry[m.id] for m in instance.measures]
        self._tables = tables(instance)
        self.lines: list[Line] = []
        self.courses: dict[str, Course] = {}
        self.pairs: dict[tuple[str, str], PairCourse] = {}
        exists, phases = self.process.exists, instance.phases
        self._giving = self.process.giving if exists else frozenset()
        odds = odds_of(self._tables, self._entry, phases)
        for i, worth in self._tables.worth.items():
            view = View(worth, self._entry, phases)
            course = self.courses[i] = view.course() if exists else View.without_deal(self._tables, worth, phases)
            if i in self._giving:
                self.lines += _incentive(view)
            for j in instance.acting:
                if j != i:
                    due = self.process.due(j, i) if i in self._giving else ((),) * (phases + 1)
                    self.pairs[i, j] = self._toward(view, j, course, odds[i, j], due)

    def _toward(
        self, view: View, other: str, course: Course, odds: tuple[Fraction, ...], due: Sequence[Sequence[int]]
    ) -> PairCourse:
        """The course of a party toward another; due : by phase, the lags of what the other has to do that matters."""
        i, unit, cap, add = view.worth.party.id, view.worth.unit, view.worth.cap, self.lines.append
        surplus = tuple(a - b for a, b in zip(course.on, course.out, strict=True))
        risks, needed = list[int](), list[tuple[int, int] | None]()
        stakes = {known: (view.X(other, known), _doubts(view, other, known)) for known in set().union(*due)}
        for t, lags in enumerate(due):
            numerator, denominator = odds[t].numerator, odds[t].denominator
            whole, at_stake, exposures = unit * denominator, list[tuple[int, int]](), list[int]()
            for known in lags:
                betrayed, doubts = stakes[known]
                risk, loyal = course.out[t] - betrayed[t], surplus[t]
                exposures.append(risk)
                at_stake.append((risk, loyal))
                left, right = risk * denominator, loyal * numerator
                add(("trust", i, t, known, left, right, right - left, whole, other, None))
                if cap is not None:
                    add(("red_line", i, t, known, risk, cap, cap - risk, unit, other, None))
                for found, gains, loyalty in doubts:
                    gain, loyal = gains[t], loyalty[t]
                    at_stake.append((gain, loyal))
                    left, right = gain * denominator, loyal * numerator
                    add(("doubt", i, t, known, left, right, right - left, whole, other, found))
            risks.append(max(exposures, default=0))
            needed.append(_needed(at_stake))
        return PairCourse(odds, unit, tuple(risks), surplus, tuple(needed))

    def coalitions(self) -> Iterator[Joint]:
        """For every set of parties and phase the row of the choice of measures that is best for its member that gains least."""
        acting = [i for i in self.instance.acting if i in self._giving]
        for size in range(2, min(LARGEST_COALITION, len(self.instance.parties) - 1) + 1):
            for members in itertools.combinations(acting, size):
                yield from self._coalition(members)

    def joint_row(self, row: Joint) -> Row:
        line, together, keeping = row
        return _row(line, together, tuple(self.instance.measures[n].id for n in keeping))

    def _coalition(self, members: tuple[str, ...]) -> Iterator[Joint]:
        worths = [self._tables.worth[i] for i in members]
        unit = math.lcm(*(w.unit for w in worths))
        ratios = [unit // w.unit for w in worths]
        together = frozenset(members)
        worth = {
            n: tuple(w.kept_up(n) * ratio for w, ratio in zip(worths, ratios, strict=True))
            for n, actors in self._tables.agreed
            if actors <= together
        }
        courses = [self.courses[i] for i in members]
        choices, before = Choices({}, len(members), unit), frozenset[int]()
        for t in range(self.instance.phases + 1):
            standing = {n: x for n, x in worth.items() if (e := self._entry[n]) is not None and e < t}
            if standing.keys() != before:
                choices, before = Choices(standing, len(members), unit), frozenset(standing)
            short = [(c.on[t] - c.out[t]) * ratio for c, ratio in zip(courses, ratios, strict=True)]
            keeping, gains = choices.best(short)
            least = min(range(len(members)), key=gains.__getitem__)
            value, gain = courses[least].on[t] * ratios[least], gains[least]
            yield ("coalition", members[least], t, None, value, value + gain, -gain, unit, None, None), members, keeping


def _incentive(view: View) -> Iterator[Line]:
    others = [view.W, *(view.D(found) for found in range(1, view.worth.longest + 1))]
    i, unit = view.worth.party.id, view.worth.unit
    for t, value in enumerate(view.V):
        for lag, other in enumerate(others):
            yield "incentive", i, t, lag, value, other[t], value - other[t], unit, None, None


def _doubts(view: View, other: str, known: int) -> list[tuple[int, list[int], list[int]]]:
    """By L: what cheating adds to a betrayal that is known after so many phases, and what it takes from keeping faith."""
    found = range(1, view.worth.longest + known)
    return [(n, view.doubt(other, n, known), [a - b for a, b in zip(view.V, view.D(n), strict=True)]) for n in found]


def _needed(at_stake: Iterable[tuple[int, int]]) -> tuple[int, int] | None:
    """The smallest odds o >= 0 with risk <= o surplus for all (risk, surplus), as a ratio; None: there are none."""
    most, of = 0, 1
    for risk, surplus in at_stake:
        if risk > 0:
            if surplus <= 0:
                return None
            if risk * of > most * surplus:
                most, of = risk, surplus
    return most, of


def _structural(row: Rule) -> Row:
    kind, measure, phase, left, right, slack, others = row
    sides = Fraction(left), Fraction(right), Fraction(slack)
    return Row(kind, None, max(phase, 0), None, *sides, measure=measure, others=others)


def _structure(instance: Instance, roadmap: Roadmap) -> Iterator[Rule]:
    """Prerequisites, exclusions, windows, measures in force."""
    never = instance.phases  # a measure that does not enter counts as later than the horizon
    entry = roadmap.entry

    for m in instance.measures:
        t = entry[m.id]
        if m.in_force or t == -1:
            right_so = m.in_force and t == -1
            yield ("in_force", m.id, 0, never if t is None else t, -1 if m.in_force else 0, 0 if right_so else -1, ())
            continue
        if m.due is not None:
            at = never if t is None else t
            yield ("window", m.id, min(at, m.due), at, m.due, m.due - at, ())
        if t is None:
            continue
        if m.not_before > 0 or m.not_after < instance.phases - 1:
            early, late = t - m.not_before, m.not_after - t
            yield ("window", m.id, t, t, m.not_before if early <= late else m.not_after, min(early, late), ())
        for q in m.requires:
            entered = (entry[n] for n in q.any)
            ready = min(e + q.after if e is not None else never + q.after for e in entered)
            yield ("prerequisite", m.id, t, t, ready, t - ready, q.any)
        for n in m.excludes:
            e = entry[n]
            together = 2 if e is not None else 1
            yield ("exclusion", m.id, t if e is None else max(t, e), together, 1, 1 - together, (n,))
