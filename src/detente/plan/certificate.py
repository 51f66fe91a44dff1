"""The certificate: every row of a roadmap recomputed in exact rational arithmetic.

Floating-point feasibility is no proof: with d * benefit / cost > 1 a tolerance of 1e-7 grows exponentially over the phases. So
this module takes the schedule alone, and the decimals of the case, and works every row out again with fractions. It shares
nothing with the solver's rows: those are coefficients per measure and phase, these are sums over groups of measures.

How it stays exact and fast. All values are brought to one common denominator and become integers; sums over measures are then
integer sums (numpy int64 where they provably fit, Python integers where not), one pass a group. A discounted sum over phases is
an integer sum, too, over the common denominator q^L (q - p) of d = p / q; only the few figures per party and phase are combined
as fractions. The cost is linear in measures and does not depend on how many rows look at a measure.

The rows (party i, phase t = 0 .. T, T being the steady state; e the entry phase of a measure)
----------------------------------------------------------------------------------------------
`left` is what a measure is worth per phase after a break-off, S(t) what an act is worth that is begun alone in t, and the drift
what the stand-off adds for ever if it is left to itself: all from module `case.alone`. `after` = drift - B.

Continuation   V[t] = v x[t] + k (x[t] - x[t-1]) + d V[t+1];   V[T] = v x[T-1] / (1-d).
Stepping out   W[t] = left / (1-d) of what is in force before t + S(t) of what is not + after.
Running        run(n): a measure goes on as scheduled to t+n-1, then left; what has not entered by then begins alone, S(t+n).
Cheating       own(h, n): the best that i makes of its own measure if it may deviate from t+h on, all being over at t+n:
                 costly (v <= 0, k <= 0)     withheld from t+h on, down to r v, which is best for every entry phase;
                 wanted (v >= 0, k >= 0)     run(n);
                 mixed, v > 0 > k            as wanted, unless it enters in t+h .. t+n-1 and is better not entered: 0;
                 mixed, v < 0 < k            as costly, unless it enters in t+h .. t+n-1 and one phase of it pays:
                                             k + v + d r v / (1-d);
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
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from detente.base.frozen import Frozen, FrozenDict
from detente.case.alone import alone
from detente.case.instance import Instance
from detente.plan.exact.coalition import best_kept
from detente.plan.exact.figures import Course, Ledger, View, odds_of
from detente.plan.process import Process
from detente.plan.roadmap import Roadmap

__all__ = ["Certificate", "Course", "PairCourse", "Row", "certify", "every_row"]

STRUCTURAL = ("prerequisite", "exclusion", "window", "in_force")
LARGEST_COALITION = 3
"""Members of the largest coalitions that are looked at."""


@dataclass(frozen=True)
class Row:
    """One row of the certificate. `slack` >= 0 means that it holds.

    row : "incentive", "trust", "doubt", "red_line", "coalition" (in units of the party's value) or "prerequisite", "exclusion",
        "window", "in_force" (in phases).
    party : whose row it is; None for the structural rows.
    toward : the party that is trusted, in trust, doubt and red-line rows.
    lag : phases until the other's stop is known; in an incentive row until the party is found out, 0 being to step out openly.
    found : in a doubt row, phases until the party would itself be found out.
    measure : the measure of a structural row.
    together, keeping : in a coalition row, who would stop together, and which measures they would keep up among themselves;
        the sides are those of the member that gains least.
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

    def to_dict(self) -> dict[str, object]:
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
    (None: there are none).
    """

    exposure: tuple[Fraction, ...]
    odds: tuple[Fraction, ...]
    allowance: tuple[Fraction, ...]
    needed: tuple[Fraction | None, ...]

    @property
    def trust(self) -> tuple[Fraction, ...]:
        return tuple(o / (1 + o) for o in self.odds)


@dataclass(frozen=True)
class Certificate(Frozen):
    """All rows of a roadmap, checked exactly.

    rows : how many rows were checked.
    broken : the rows that do not hold, by phase.
    narrowest : for each party, its incentive, trust, doubt or red-line row with the least slack.
    binding : the rows whose slack is exactly zero although something is at stake (a side differs from zero).
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

    @property
    def smallest(self) -> Row | None:
        """The row with the least slack over all parties (None: no party, or nothing to check)."""
        return min(self.narrowest.values(), key=lambda r: r.slack, default=None)

    @property
    def peak_exposure(self) -> Mapping[str, Fraction]:
        """The largest exposure of each party in any phase, at the hands of any other; 0 where nobody else can act."""
        peaks: dict[str, Fraction] = dict.fromkeys(self.courses, Fraction(0))
        for (i, _), course in self.pairs.items():
            peaks[i] = max(peaks[i], *course.exposure)
        return FrozenDict(peaks)

    @property
    def strain(self) -> Fraction | None:
        """The largest share of the odds in any phase that some party's rows need; None where no trust would do."""
        most = Fraction(0)
        for pair in self.pairs.values():
            for needed, odds in zip(pair.needed, pair.odds, strict=True):
                if needed is None:
                    return None
                most = max(most, needed / odds)
        return most

    def to_dict(self) -> dict[str, object]:
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
    process = Process(instance, roadmap)
    checked, structural, courses, pairs = _checked(instance, roadmap, process, trust, red_lines)
    substance = [row for row in checked[structural:] if row.row != "coalition"]
    value = {i: c.continuation[0] for i, c in courses.items()}
    narrowest: dict[str, Row] = {}
    for row in substance:
        best = narrowest.get(row.party or "")
        if best is None or row.slack < best.slack:
            narrowest[row.party or ""] = row
    return Certificate(
        case=instance.case,
        rows=len(checked),
        broken=tuple(sorted((r for r in checked if r.slack < 0), key=lambda r: r.phase)),
        narrowest=narrowest,
        binding=tuple(r for r in substance if r.slack == 0 and r.left != 0),
        value=value,
        no_deal=alone(instance).no_deal,
        helps=process.helps(value),
        courses=courses,
        pairs=pairs,
    )


def every_row(instance: Instance, roadmap: Roadmap) -> tuple[Row, ...]:
    """All rows of a roadmap, those that hold too, in an order that depends on the structure of the problem alone."""
    return tuple(_checked(instance, roadmap, Process(instance, roadmap), True, True)[0])


def _checked(
    instance: Instance, roadmap: Roadmap, process: Process, trust: bool, red_lines: bool
) -> tuple[list[Row], int, dict[str, Course], dict[tuple[str, str], PairCourse]]:
    """The rows, how many of them are structural (they come first), and the figures behind the others."""
    checked: list[Row] = list(_structure(instance, roadmap))
    structural = len(checked)
    ledger = Ledger(instance, roadmap)
    courses: dict[str, Course] = {}
    pairs: dict[tuple[str, str], PairCourse] = {}
    giving = process.giving if process.exists else frozenset()
    for party in instance.parties:
        view = View(ledger, party)
        course = courses[party.id] = view.course() if process.exists else view.without_deal()
        if party.id in giving:
            checked += _incentive(view, course)
        for other in instance.acting:
            if other != party.id:
                due = process.due(other, party.id) if party.id in giving else ((),) * len(course.continuation)
                pairs[party.id, other], rows = _toward(view, other, course, due)
                checked += [r for r in rows if (red_lines if r.row == "red_line" else trust)]
    if len(instance.parties) > 2:
        checked += _coalitions(ledger, courses, giving)
    return checked, structural, courses, pairs


def _incentive(view: View, course: Course) -> Iterable[Row]:
    for t, value in enumerate(course.continuation):
        sides = [(0, course.stepping_out[t]), *((n, view.D(t, n)) for n in range(1, view.longest + 1))]
        for lag, other in sides:
            yield Row("incentive", view.party.id, t, lag, value, other, value - other)


def _toward(view: View, other: str, course: Course, due: Sequence[Sequence[int]]) -> tuple[PairCourse, list[Row]]:
    """The rows of a party toward another; due : by phase, the lags of what the other has to do that matters."""
    i, stopped = view.party.id, view.toward(other)
    odds = odds_of(view.ledger, view.party, other, np.flatnonzero(view.ledger.tables.acts[other]).tolist())
    rows: list[Row] = []
    peaks: list[Fraction] = []
    needed: list[Fraction | None] = []
    for t, lags in enumerate(due):
        value, out = course.continuation[t], course.stepping_out[t]
        at_stake: list[tuple[Fraction, Fraction]] = []
        peak: Fraction | None = None
        for known in lags:
            betrayed = stopped.X(t, known)
            exposure, allowance = out - betrayed, odds[t] * (value - out)
            peak = exposure if peak is None else max(peak, exposure)
            at_stake.append((exposure, value - out))
            rows.append(Row("trust", i, t, known, exposure, allowance, allowance - exposure, toward=other))
            if (cap := view.party.red_line) is not None:
                rows.append(Row("red_line", i, t, known, exposure, cap, cap - exposure, toward=other))
            for found in range(1, view.longest + known):
                gain, loyalty = stopped.Y(t, found, known) - betrayed, value - view.D(t, found)
                allowance = odds[t] * loyalty
                at_stake.append((gain, loyalty))
                rows.append(Row("doubt", i, t, known, gain, allowance, allowance - gain, toward=other, found=found))
        peaks.append(peak or Fraction(0))
        needed.append(_needed(at_stake))
    allowances = (o * (v - w) for o, v, w in zip(odds, course.continuation, course.stepping_out, strict=True))
    return PairCourse(tuple(peaks), tuple(odds), tuple(allowances), tuple(needed)), rows


def _needed(at_stake: Iterable[tuple[Fraction, Fraction]]) -> Fraction | None:
    """The smallest odds o >= 0 with risk <= o surplus for all (risk, surplus); None: there are none."""
    most = Fraction(0)
    for risk, surplus in at_stake:
        if risk > 0 and surplus <= 0:
            return None
        most = max(most, risk / surplus) if risk > 0 else most
    return most


# -- coalitions --------------------------------------------------------------------------------------------------------------


def _coalitions(ledger: Ledger, courses: Mapping[str, Course], giving: frozenset[str]) -> Iterable[Row]:
    """For every set of parties and phase the row of the choice of measures that is best for its member that gains least."""
    instance = ledger.instance
    acting = [i for i in instance.acting if i in giving]
    for size in range(2, min(LARGEST_COALITION, len(instance.parties) - 1) + 1):
        for members in itertools.combinations(acting, size):
            among = [n for n, m in enumerate(instance.measures) if m.actors and set(m.actors) <= set(members)]
            theirs = [n for n in among if not ledger.alone.kept[n]]
            worth = {n: _kept_up(instance, n, members) for n in theirs if instance.measures[n].irreversible < 1}
            for t in range(ledger.phases + 1):
                short = tuple(courses[i].continuation[t] - courses[i].stepping_out[t] for i in members)
                keeping, gains = best_kept({n: x for n, x in worth.items() if not ledger.waits(n, t)}, short)
                least = min(range(size), key=lambda k: gains[k])
                i, kept = members[least], tuple(instance.measures[n].id for n in keeping)
                value = courses[i].continuation[t]
                sides = value, value + gains[least], -gains[least]
                yield Row("coalition", i, t, None, *sides, together=members, keeping=kept)


def _kept_up(instance: Instance, n: int, members: Sequence[str]) -> tuple[Fraction, ...]:
    """What each member has of keeping measure n up over letting it fall."""
    m = instance.measures[n]
    shares = ((1 - m.irreversible) * m.value.get(i, Fraction(0)) / (1 - instance.party[i].discount) for i in members)
    return tuple(shares)


def _structure(instance: Instance, roadmap: Roadmap) -> Iterable[Row]:
    """Prerequisites, exclusions, windows, measures in force; slack in phases."""
    never = instance.phases  # a measure that does not enter counts as later than the horizon
    entry = roadmap.entry

    def row(kind: str, m: str, phase: int, left: int, right: int, slack: int) -> Row:
        return Row(kind, None, max(phase, 0), None, Fraction(left), Fraction(right), Fraction(slack), measure=m)

    for m in instance.measures:
        t = entry[m.id]
        if m.in_force or t == -1:
            right_so = m.in_force and t == -1
            yield row("in_force", m.id, 0, never if t is None else t, -1 if m.in_force else 0, 0 if right_so else -1)
            continue
        if m.due is not None:
            at = never if t is None else t
            yield row("window", m.id, min(at, m.due), at, m.due, m.due - at)
        if t is None:
            continue
        if m.not_before > 0 or m.not_after < instance.phases - 1:
            early, late = t - m.not_before, m.not_after - t
            yield row("window", m.id, t, t, m.not_before if early <= late else m.not_after, min(early, late))
        for q in m.requires:
            entered = (entry[n] for n in q.any)
            ready = min(e + q.after if e is not None else never + q.after for e in entered)
            yield row("prerequisite", m.id, t, t, ready, t - ready)
        for n in m.excludes:
            e = entry[n]
            together = 2 if e is not None else 1
            yield row("exclusion", m.id, t if e is None else max(t, e), together, 1, 1 - together)
