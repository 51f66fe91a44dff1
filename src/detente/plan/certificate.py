"""The certificate: every row of a roadmap recomputed in exact rational arithmetic.

Floating-point feasibility is no proof: with d * benefit / cost > 1 a tolerance of 1e-7 grows exponentially over the phases. So
this module takes the schedule alone, and the decimals of the case, and works every row out again with fractions. It shares
nothing with the solver's rows: those are coefficients per measure and phase, these are sums over groups of measures.

How it stays exact and fast. All values are brought to one common denominator and become integers; sums over measures are then
integer sums (numpy int64 where they provably fit, Python integers where not), one pass a group. A discounted sum over phases is
an integer sum, too, over the common denominator q^L (q - p) of d = p / q; only the few figures per party and phase are combined
as fractions. The cost is linear in measures and does not depend on how many rows look at a measure.

The rows (party i, phase t = 0 .. T, T being the steady state; Sum over s = t .. t+L-1 weighted by d^(s-t))
-----------------------------------------------------------------------------------------------------------
Continuation   V[t] = v x[t] + k (x[t] - x[t-1]) + d V[t+1];   V[T] = v x[T-1] / (1-d).
Deviation      D[t,L], found out at t+L: the others' measures run to t+L-1, then fall to their share r. An own measure may be
               withheld from any s in s0 .. t+L, s0 = t + max(0, L - lag), and falls to its share then:
                 costly (v <= 0, k <= 0)      withheld from s0 on, which is best for every entry phase;
                 wanted (v >= 0, k >= 0)      run to t+L-1; then kept if i alone acts, else down to its share r;
                 mixed, v > 0 > k             as wanted, unless it enters at e in s0 .. t+L-1 and is better not entered: 0;
                 mixed, v < 0 < k             as costly, unless it enters at e in s0 .. t+L-1 and one phase of it pays:
                                              k + v + d r v / (1-d).
               Then minus d^L B.
Stepping out   W[t]: every measure at its level of t-1 falls to its share, own ones worth having are kept, minus B.
Incentive      V[t] >= D[t,L] for L = 1 .. the largest lag of i's own measures; V[t] >= W[t], written as lag 0.
Exposure       E[i,j,t,L] = W[t] - X, X = j's measures at t-1 fallen to their share from t on, everything else run to t+L-1 and
               then fallen as in W, minus d^L B.
Trust          E[i,j,t,L] <= odds[i,j,t] (V[t] - W[t]) for every lag L of j's measures, with odds[i,j,t] = p / (1-p) times the
               signals of j's measures that entered by t - lag (those in force from the start are part of p, unless they are
               yet unseen: their signal counts from the phase in which they will have been seen).
Red line       E[i,j,t,L] <= the cap of party i.

Kydd 2005 (trust and reassurance); Compte and Jehiel 2004 and Watson 2002 (gradualism).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.base.frozen import Frozen, FrozenDict
from detente.case.alone import alone
from detente.case.instance import Instance, Measure, Party
from detente.plan.integers import tables
from detente.plan.roadmap import Roadmap

__all__ = ["Certificate", "Course", "PairCourse", "Row", "certify", "every_row"]

STRUCTURAL = ("prerequisite", "exclusion", "window", "in_force")


@dataclass(frozen=True)
class Row:
    """One row of the certificate. `slack` >= 0 means that it holds.

    row : "incentive", "trust", "red_line" (in units of the party's value) or "prerequisite", "exclusion", "window",
        "in_force" (in phases).
    party : whose row it is; None for the structural rows.
    toward : the party that is trusted, in trust and red-line rows.
    lag : phases until found out; 0 in an incentive row means stepping out openly.
    measure : the measure of a structural row.
    left, right : the two sides. Incentive: V >= D or W. Trust, red line: E <= allowance or cap.
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

    def to_dict(self) -> dict[str, object]:
        return {
            "row": self.row,
            "party": self.party,
            "toward": self.toward,
            "measure": self.measure,
            "phase": self.phase,
            "lag": self.lag,
            "left": float(self.left),
            "right": float(self.right),
            "slack": float(self.slack),
        }


@dataclass(frozen=True)
class Course:
    """A party's way through the roadmap, each of length T + 1 (phase T: the steady state), in the party's units of value.

    continuation V[t]; deviation: the best of D[t,L] over L (None for a party without measures of its own); stepping_out W[t].
    """

    continuation: tuple[Fraction, ...]
    deviation: tuple[Fraction | None, ...]
    stepping_out: tuple[Fraction, ...]


@dataclass(frozen=True)
class PairCourse:
    """What party i risks at the hands of party j, each of length T + 1.

    exposure: the largest E[i,j,t,L] over L; odds: odds[i,j,t]; allowance: odds (V - W); trust: odds / (1 + odds).
    """

    exposure: tuple[Fraction, ...]
    odds: tuple[Fraction, ...]
    allowance: tuple[Fraction, ...]

    @property
    def trust(self) -> tuple[Fraction, ...]:
        return tuple(o / (1 + o) for o in self.odds)


@dataclass(frozen=True)
class Certificate(Frozen):
    """All rows of a roadmap, checked exactly.

    rows : how many rows were checked.
    broken : the rows that do not hold, by phase.
    narrowest : for each party, its incentive, trust or red-line row with the least slack.
    binding : the rows whose slack is exactly zero although something is at stake (a side differs from zero).
    value, no_deal : V[i,0] and the value of no deal, by party.
    courses, pairs : the figures behind the rows, by party and by ordered pair (i, j).
    """

    case: str
    rows: int
    broken: tuple[Row, ...]
    narrowest: Mapping[str, Row]
    binding: tuple[Row, ...]
    value: Mapping[str, Fraction]
    no_deal: Mapping[str, Fraction]
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
        """The largest share of its allowance that any party puts at risk in any phase; None where no trust would do."""
        most = Fraction(0)
        for pair in self.pairs.values():
            for risk, allowed in zip(pair.exposure, pair.allowance, strict=True):
                if risk > 0 and allowed <= 0:
                    return None
                most = max(most, risk / allowed) if risk > 0 else most
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
    trust, red_lines : False leaves these rows out, to ask whether a roadmap would be kept if trust were no matter.

    Returns
    -------
    Certificate
        Also for a roadmap that does not hold: `broken` then names each row.
    """
    checked, structural, courses, pairs = _checked(instance, roadmap, trust, red_lines)
    substance = checked[structural:]
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
        value={i: c.continuation[0] for i, c in courses.items()},
        no_deal=alone(instance).no_deal,
        courses=courses,
        pairs=pairs,
    )


def every_row(instance: Instance, roadmap: Roadmap) -> tuple[Row, ...]:
    """All rows of a roadmap, those that hold too, in an order that depends on the structure of the problem alone."""
    return tuple(_checked(instance, roadmap, True, True)[0])


def _checked(
    instance: Instance, roadmap: Roadmap, trust: bool, red_lines: bool
) -> tuple[list[Row], int, dict[str, Course], dict[tuple[str, str], PairCourse]]:
    """The rows, how many of them are structural (they come first), and the figures behind the others."""
    ledger = _Ledger(instance, roadmap)
    checked: list[Row] = list(_structure(instance, roadmap))
    structural = len(checked)
    courses: dict[str, Course] = {}
    pairs: dict[tuple[str, str], PairCourse] = {}
    for party in instance.parties:
        course, rows = _incentive(ledger, party)
        courses[party.id] = course
        checked += rows
        for other in instance.acting:
            if other != party.id:
                pairs[party.id, other], rows = _trust(ledger, party, other, course)
                checked += [r for r in rows if (trust if r.row == "trust" else red_lines)]
    return checked, structural, courses, pairs


class _Ledger:
    """A roadmap against the tables: exact sums over groups of measures, by phase: index s + 1 holds phase s = -1 .. T-1."""

    def __init__(self, instance: Instance, roadmap: Roadmap) -> None:
        self.instance = instance
        self.tables = tables(instance)
        self.phases = instance.phases
        self.entry = [roadmap.entry[m.id] for m in instance.measures]
        self.at = np.array([-1 if e is None else e + 1 for e in self.entry], dtype=np.int64)
        self.runs: dict[tuple[str, bytes, int], list[Fraction]] = {}

    def level(self, group: NDArray[np.int64], weights: NDArray[Any]) -> list[int]:
        """Sum of a coefficient over the measures in force, by phase: c x[s], s = -1 .. T-1, in units of 1 / scale."""
        return [int(x) for x in np.cumsum(self._entering(group, weights)).tolist()]

    def once(self, group: NDArray[np.int64], weights: NDArray[Any]) -> list[int]:
        """Sum of a coefficient over the measures that enter, by phase: c (x[s] - x[s-1]); 0 for phase -1."""
        entering = self._entering(group, weights)
        entering[0] = 0
        return [int(x) for x in entering.tolist()]

    def _entering(self, group: NDArray[np.int64], weights: NDArray[Any]) -> NDArray[Any]:
        out = np.zeros(self.phases + 1, dtype=weights.dtype)
        np.add.at(out, self.at[group], weights[group])
        return out


class _Flow:
    """What a group of measures is worth to a party: by phase while in force, on entry, and after it has fallen.

    members : by measure, whether it belongs to the group. kept : whether what is stepped out of remains, or what is broken off.
    All in units of 1 / scale, which makes them integers.
    """

    def __init__(self, ledger: _Ledger, party: str, members: NDArray[np.bool_], *, kept: bool) -> None:
        worth = ledger.tables.worth[party]
        chosen = np.flatnonzero(members & worth.touched & (ledger.at >= 0))
        self.scale = ledger.tables.scale
        value, once = ledger.level(chosen, worth.value), ledger.once(chosen, worth.once)
        self._last = value[-1]
        self._flow = [a + b for a, b in zip(value[1:], once[1:], strict=True)]
        self._fallen = ledger.level(chosen, worth.kept if kept else worth.share)

    def at(self, phase: int) -> int:
        """v x[s] + k (x[s] - x[s-1]); from T on the last level."""
        return self._flow[phase] if phase < len(self._flow) else self._last

    def fallen(self, phase: int) -> int:
        """What remains per phase for ever when all of it stops at the level of `phase` (-1 .. )."""
        return self._fallen[min(phase + 1, len(self._fallen) - 1)]

    def fallen_for_ever(self, phase: int, d: Fraction) -> Fraction:
        """The same, worth for ever, no longer in units of 1 / scale."""
        return Fraction(self.fallen(phase) * d.denominator, self.scale * (d.denominator - d.numerator))


def _incentive(ledger: _Ledger, party: Party) -> tuple[Course, list[Row]]:
    instance, horizon, d = ledger.instance, ledger.phases, party.discount
    everything = np.ones(len(instance.measures), dtype=bool)
    flow = _Flow(ledger, party.id, everything, kept=True)
    continuation = [Fraction(flow.at(horizon), flow.scale) / (1 - d)]
    for t in reversed(range(horizon)):
        continuation.insert(0, Fraction(flow.at(t), flow.scale) + d * continuation[0])
    stepping_out = [flow.fallen_for_ever(t - 1, d) - party.breakdown for t in range(horizon + 1)]
    best = _deviations(ledger, party)
    rows = []
    for t in range(horizon + 1):
        sides = [(0, stepping_out[t]), *((lag + 1, x) for lag, x in enumerate(best[t]))]
        rows += [Row("incentive", party.id, t, lag, continuation[t], x, continuation[t] - x) for lag, x in sides]
    deviation = tuple(max(xs) if xs else None for xs in best)
    return Course(tuple(continuation), deviation, tuple(stepping_out)), rows


def _deviations(ledger: _Ledger, party: Party) -> list[list[Fraction]]:
    """D[t,L] for t = 0 .. T (outer) and L = 1 .. the largest lag of the party's own measures (inner)."""
    instance, i, d = ledger.instance, party.id, party.discount
    tables, worth = ledger.tables, ledger.tables.worth[party.id]
    longest = max(tables.lags.get(i, ()), default=0)
    runs_on = _Flow(ledger, i, ~worth.costly, kept=True)
    lags = np.unique(tables.lag[worth.costly]).tolist()
    withheld = {lag: _Flow(ledger, i, worth.costly & (tables.lag == lag), kept=False) for lag in lags}
    out = [[Fraction(0)] * longest for _ in range(ledger.phases + 1)]
    for t in range(ledger.phases + 1):
        for length in range(1, longest + 1):
            total = _run_then_fall(runs_on, t, length, d)
            for lag, flow in withheld.items():
                total += _run_then_fall(flow, t, max(0, length - lag), d)
            out[t][length - 1] = total - d**length * party.breakdown
    for n in worth.mixed:
        for t, length, gain in _better_otherwise(instance.measures[n], ledger.entry[n], i, d, longest, ledger.phases):
            out[t][length - 1] += gain
    return out


def _run_then_fall(flow: _Flow, start: int, length: int, d: Fraction) -> Fraction:
    """Worth of a group that runs in start .. start+length-1 and then falls for ever."""
    weights, for_ever, whole = _weights(d, length)
    worth = for_ever * flow.fallen(start + length - 1)
    for s, weight in enumerate(weights):
        worth += weight * flow.at(start + s)
    return Fraction(worth, whole * flow.scale)


@cache
def _weights(d: Fraction, length: int) -> tuple[tuple[int, ...], int, int]:
    """d^0 .. d^(length-1), and d^length / (1 - d), as integers over their common denominator, which comes last."""
    p, q = d.numerator, d.denominator
    return tuple(p**s * q ** (length - s) * (q - p) for s in range(length)), p**length * q, q**length * (q - p)


def _better_otherwise(
    m: Measure, entry: int | None, party: str, d: Fraction, longest: int, horizon: int
) -> Iterable[tuple[int, int, Fraction]]:
    """Corrections (t, L, gain) for a measure whose flow and one-off have opposite signs, where the other choice is better."""
    value, once = m.value.get(party, Fraction(0)), m.once.get(party, Fraction(0))
    if value * once >= 0 or entry is None or entry < 0:
        return
    for length in range(1, longest + 1):
        for rest in range(1, length + 1):  # phases from entry until found out
            t = entry + rest - length
            if not 0 <= t <= horizon or max(0, length - m.lag) > entry - t:
                continue  # outside the horizon, or withholding it would be noticed too early
            if value > 0:
                remains = value if m.actors == (party,) else m.irreversible * value
                worth = once + value * (1 - d**rest) / (1 - d) + d**rest * remains / (1 - d)
                gain = -worth
            else:
                gain = once + value + d * m.irreversible * value / (1 - d)
            if gain > 0:
                yield t, length, d ** (entry - t) * gain


def _trust(ledger: _Ledger, party: Party, other: str, course: Course) -> tuple[PairCourse, list[Row]]:
    i, d = party.id, party.discount
    theirs = ledger.tables.acts[other]
    at_stake = theirs & ledger.tables.worth[i].touched
    broken_off = _Flow(ledger, i, at_stake, kept=False)
    odds = _odds(ledger, party, other, np.flatnonzero(theirs).tolist())
    lost = {lag: d**lag * party.breakdown for lag in ledger.tables.lags[other]}
    left = {lag: _runs(ledger, party, at_stake, lag) for lag in lost}
    rows: list[Row] = []
    peaks, allowances = [], []
    for t in range(ledger.phases + 1):
        out = course.stepping_out[t]
        allowance = odds[t] * (course.continuation[t] - out)
        gone = broken_off.fallen_for_ever(t - 1, d)
        exposures = []
        for lag in lost:
            betrayed = gone + left[lag][t] - lost[lag]
            exposure = out - betrayed
            exposures.append(exposure)
            rows.append(Row("trust", i, t, lag, exposure, allowance, allowance - exposure, toward=other))
            if party.red_line is not None:
                rows.append(Row("red_line", i, t, lag, exposure, party.red_line, party.red_line - exposure, toward=other))
        peaks.append(max(exposures))
        allowances.append(allowance)
    return PairCourse(tuple(peaks), tuple(odds), tuple(allowances)), rows


def _runs(ledger: _Ledger, party: Party, without: NDArray[np.bool_], length: int) -> list[Fraction]:
    """By phase 0 .. T, what all measures but some are worth that run so many phases and then fall; the same for many pairs."""
    key = (party.id, without.tobytes(), length)
    if key not in ledger.runs:
        flow = _Flow(ledger, party.id, ~without, kept=True)
        phases = range(ledger.phases + 1)
        ledger.runs[key] = [_run_then_fall(flow, t, length, party.discount) for t in phases]
    return ledger.runs[key]


def _odds(ledger: _Ledger, party: Party, other: str, theirs: list[int]) -> list[Fraction]:
    """odds[i,j,t] for t = 0 .. T: the stated odds times the signals seen by t."""
    seen = [Fraction(1)] * (ledger.phases + 1)
    for n in theirs:
        m, entry = ledger.instance.measures[n], ledger.entry[n]
        if entry is None:
            continue
        known = entry + m.lag if entry >= 0 else m.unseen
        if 0 < known <= ledger.phases:
            seen[known] *= m.signal
    trust = party.trust[other]
    odds = [trust / (1 - trust) * seen[0]]
    for factor in seen[1:]:
        odds.append(odds[-1] * factor)
    return odds


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
