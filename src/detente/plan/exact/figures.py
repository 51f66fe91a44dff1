"""What a roadmap is worth to a party in exact arithmetic, when all keep to it, stop, cheat, or are betrayed.

The formulas are those of the certificate, whose work this is (module `plan.certificate`): V, W, D, X and Y stand here under
their own names. All values are brought to one common denominator and become integers (module `integers`); a discounted sum over
phases is an integer sum, too, over the common denominator q^L (q - p) of d = p / q. Only the few figures per party and phase
are combined as fractions.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.case.alone import alone
from detente.case.instance import Instance, Party
from detente.plan.exact.integers import tables
from detente.plan.roadmap import Roadmap

__all__ = ["Course", "Ledger", "Toward", "View", "odds_of"]


@dataclass(frozen=True)
class Course:
    """A party's way through the roadmap, each of length T + 1 (phase T: the steady state), in the party's units of value.

    continuation V[t]; deviation: the best of D[t,L] over L (None for a party without measures of its own); stepping_out W[t].
    """

    continuation: tuple[Fraction, ...]
    deviation: tuple[Fraction | None, ...]
    stepping_out: tuple[Fraction, ...]


class Ledger:
    """A roadmap against the tables: exact sums over groups of measures, by phase: index s + 1 holds phase s = -1 .. T-1."""

    def __init__(self, instance: Instance, roadmap: Roadmap) -> None:
        self.instance = instance
        self.alone = alone(instance)
        self.tables = tables(instance)
        self.phases = instance.phases
        self.entry = [roadmap.entry[m.id] for m in instance.measures]
        self.at = np.array([-1 if e is None else e + 1 for e in self.entry], dtype=np.int64)

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

    def waits(self, n: int, phase: int) -> bool:
        """Whether measure n has not entered before a phase."""
        entry = self.entry[n]
        return entry is None or entry >= phase


class _Flow:
    """What a group of measures is worth to a party: by phase while in force, on entry, and after it has fallen.

    members : by measure, whether it belongs to the group. All in units of 1 / scale, which makes them integers.
    """

    def __init__(self, ledger: Ledger, party: Party, members: NDArray[np.bool_]) -> None:
        worth = ledger.tables.worth[party.id]
        chosen = np.flatnonzero(members & worth.touched & (ledger.at >= 0))
        self.scale, self._d = ledger.tables.scale, party.discount
        value, once = ledger.level(chosen, worth.value), ledger.once(chosen, worth.once)
        self._last = value[-1]
        self._flow = [a + b for a, b in zip(value[1:], once[1:], strict=True)]
        self._fallen = ledger.level(chosen, worth.left)
        self._runs: dict[int, list[Fraction]] = {}

    def at(self, phase: int) -> int:
        """v x[s] + k (x[s] - x[s-1]); from T on the last level."""
        return self._flow[phase] if phase < len(self._flow) else self._last

    def _left(self, phase: int) -> int:
        """What remains per phase for ever when all of it stops at the level of `phase` (-1 .. )."""
        return self._fallen[min(phase + 1, len(self._fallen) - 1)]

    def runs(self, length: int) -> list[Fraction]:
        """By phase t = 0 .. T, what the group is worth that runs in t .. t+length-1 and then falls for ever."""
        if length not in self._runs:
            weights, for_ever, whole = _weights(self._d, length)
            out = []
            for t in range(len(self._flow) + 1):
                worth = for_ever * self._left(t + length - 1)
                for s, weight in enumerate(weights):
                    worth += weight * self.at(t + s)
                out.append(Fraction(worth, whole * self.scale))
            self._runs[length] = out
        return self._runs[length]


@cache
def _weights(d: Fraction, length: int) -> tuple[tuple[int, ...], int, int]:
    """d^0 .. d^(length-1), and d^length / (1 - d), as integers over their common denominator, which comes last."""
    p, q = d.numerator, d.denominator
    return tuple(p**s * q ** (length - s) * (q - p) for s in range(length)), p**length * q, q**length * (q - p)


class _Group:
    """Some measures, to one party: what they come to if they run on, or are withheld as suits it; each worked out once."""

    def __init__(self, view: View, members: NDArray[np.bool_]) -> None:
        ledger, worth, lag = view.ledger, view.worth, view.ledger.tables.lag
        self._view, self._ledger, self._d = view, ledger, view.d
        self._flow = _Flow(ledger, view.party, members)
        self._begun = [n for n in ledger.tables.begun if members[n]]
        self._known: dict[tuple[int, int], Fraction] = {}
        costly = members & worth.own & worth.costly
        self._costly = [(late, costly & (lag == late)) for late in np.unique(lag[costly]).tolist()]
        self._kept_up = members & ~worth.costly & ~worth.begun
        self._mixed = [n for n in worth.mixed if members[n]]
        self._wanted = np.flatnonzero(worth.begun & members).tolist()

    def run(self, t: int, length: int) -> Fraction:
        """run(length) from t on; length 0: what is left of them, and what begins alone."""
        if (t, length) not in self._known:
            end = t + length
            begun = [self._view.start(n, end) for n in self._begun if self._ledger.waits(n, end)]
            worth = self._flow.runs(length)[t]
            self._known[t, length] = worth + self._d**length * sum(begun, Fraction(0)) if begun else worth
        return self._known[t, length]

    def own(self, t: int, found: int, length: int) -> Fraction:
        """The best that the party makes of them, its own, if it is to be found out after `found` phases, and all is over after
        `length`, no more."""
        total = self._view.group(self._kept_up).run(t, length)
        for late, withheld in self._costly:
            total += self._view.group(withheld).run(t, min(max(0, found - late), length))
        for n in self._mixed:
            total += self._better_otherwise(n, t, found, length)
        for n in self._wanted:
            total += self._begun_early(n, t, min(max(0, found - int(self._ledger.tables.lag[n])), length), length)
        return total

    def _better_otherwise(self, n: int, t: int, found: int, length: int) -> Fraction:
        """What the other choice adds for a measure whose flow and one-off have opposite signs, where that is better."""
        m, entry, d, i = self._ledger.instance.measures[n], self._ledger.entry[n], self._d, self._view.party.id
        if entry is None or not min(max(0, found - m.lag), length) <= entry - t < length:
            return Fraction(0)
        value, once = m.value[i], m.once[i]
        rest = length - (entry - t)  # phases from entry until all is over
        if value > 0:
            gain = -(once + value * (1 - d**rest) / (1 - d) + d**rest * self._ledger.alone.left(i, n) / (1 - d))
        else:
            gain = once + value + d * m.irreversible * value / (1 - d)
        return d ** (entry - t) * max(gain, Fraction(0))

    def _begun_early(self, n: int, t: int, free: int, length: int) -> Fraction:
        """An act that the party takes alone: as scheduled, or begun as soon as that goes unnoticed, from t + free on."""
        m, entry, d, i = self._ledger.instance.measures[n], self._ledger.entry[n], self._d, self._view.party.id
        value, once = m.value.get(i, Fraction(0)), m.once.get(i, Fraction(0))
        if entry is not None and entry < t:
            return value / (1 - d)
        scheduled = entry if entry is not None and entry < t + length else None
        early = None if scheduled is not None and scheduled < t + free else self._ledger.alone.begun(n, t + free)
        begins = min((e for e in (scheduled, early) if e is not None), default=None)
        return Fraction(0) if begins is None else d ** (begins - t) * (once + value / (1 - d))


class View:
    """One party's figures in a roadmap, under the names of the model."""

    def __init__(self, ledger: Ledger, party: Party) -> None:
        self.ledger, self.party, self.d = ledger, party, party.discount
        self.worth = ledger.tables.worth[party.id]
        self.longest = max(ledger.tables.lags.get(party.id, ()), default=0)
        self._lost = ledger.alone.drift(party.id) - party.breakdown
        self._groups: dict[bytes, _Group] = {}
        self._starts: dict[tuple[int, int], Fraction] = {}
        self._deviations: dict[tuple[int, int], Fraction] = {}
        own = self.worth.own
        self._all, self._own, self._others = self.group(np.ones_like(own)), self.group(own), self.group(~own)

    def group(self, members: NDArray[np.bool_]) -> _Group:
        """Some measures by a mask."""
        key = members.tobytes()
        if key not in self._groups:
            self._groups[key] = _Group(self, members)
        return self._groups[key]

    def start(self, n: int, t: int) -> Fraction:
        """S(t) of an act that is taken alone."""
        if (n, t) not in self._starts:
            self._starts[n, t] = self.ledger.alone.start(self.party.id, n, t)
        return self._starts[n, t]

    def after(self, length: int) -> Fraction:
        """What the end of it all adds, so many phases on."""
        return self.d**length * self._lost

    # -- the figures -------------------------------------------------------------------------------------------------------

    def course(self) -> Course:
        everything = _Flow(self.ledger, self.party, np.ones_like(self.worth.own))
        horizon, scale, d = self.ledger.phases, self.ledger.tables.scale, self.d
        continuation = [Fraction(everything.at(horizon), scale) / (1 - d)]
        for t in reversed(range(horizon)):
            continuation.insert(0, Fraction(everything.at(t), scale) + d * continuation[0])
        phases = range(horizon + 1)
        deviations = [[self.D(t, length) for length in range(1, self.longest + 1)] for t in phases]
        best = tuple(max(found) if found else None for found in deviations)
        return Course(tuple(continuation), best, tuple(self.W(t) for t in phases))

    def without_deal(self) -> Course:
        """The course of a party where there is no process: what it has alone, from which there is nothing to step out."""
        world, d, i = self.ledger.alone, self.d, self.party.id
        left = sum((world.left(i, n) for n, m in enumerate(self.ledger.instance.measures) if m.in_force), Fraction(0))
        out = []
        for t in range(self.ledger.phases + 1):
            total = world.drift(i) + left / (1 - d)
            for n in self.ledger.tables.begun:
                begins = world.begun(n, 0)
                if begins is not None and begins < t:
                    total += self.ledger.instance.measures[n].value.get(i, Fraction(0)) / (1 - d)
                else:
                    total += self.start(n, t)
            out.append(total)
        return Course(tuple(out), (None,) * len(out), tuple(out))

    def W(self, t: int) -> Fraction:  # noqa: N802
        return self._all.run(t, 0) + self._lost

    def D(self, t: int, found: int) -> Fraction:  # noqa: N802
        if (t, found) not in self._deviations:
            cheated = self._others.run(t, found) + self._own.own(t, found, found)
            self._deviations[t, found] = cheated + self.after(found)
        return self._deviations[t, found]

    def toward(self, other: str) -> Toward:
        return Toward(self, self.ledger.tables.acts[other])


class Toward:
    """A party's figures if another stops. theirs : by measure, whether the other acts in it."""

    def __init__(self, view: View, theirs: NDArray[np.bool_]) -> None:
        own = view.worth.own & ~theirs
        self._view, self._theirs, self._rest = view, view.group(theirs), view.group(~theirs)
        self._own, self._others = view.group(own), view.group(~theirs & ~own)

    def X(self, t: int, known: int) -> Fraction:  # noqa: N802
        return self._theirs.run(t, 0) + self._rest.run(t, known) + self._view.after(known)

    def Y(self, t: int, found: int, known: int) -> Fraction:  # noqa: N802
        length = min(found, known)
        rest = self._others.run(t, length) + self._own.own(t, found, length)
        return self._theirs.run(t, 0) + rest + self._view.after(length)


def odds_of(ledger: Ledger, party: Party, other: str, theirs: list[int]) -> list[Fraction]:
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
