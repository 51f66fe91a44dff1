"""An instance as integers, for the certificate: what does not depend on the roadmap, worked out once for every roadmap of it.

All values of a party are whole multiples of one part of its unit of value, 1 / `Worth.unit`. With d = p / q, and n phases the
longest that anything is discounted over, that is

    unit = (common denominator of v, k and r v) (of s, B and the red line) (q - p) q^(n + 1)

so that what lasts for ever, v / (1-d) = v q / (q - p), and what lies up to n phases ahead, d^n x, are whole numbers, too: sums
and comparisons are then those of integers, and nothing is lost. Values of different parties are never added, so each has a unit
of its own. How many rows a roadmap of the instance has is known here, too: more than can be checked in bearable time are
refused.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from detente.base.bounds import within
from detente.base.frozen import derived
from detente.case.alone import alone
from detente.case.instance import Instance, Measure, Party

__all__ = ["Members", "Own", "Tables", "Worth", "tables"]

_NOTHING = Fraction(0)


@dataclass(frozen=True, eq=False)
class Members:
    """Some measures, to one party.

    effects : of each that is worth anything to it, the measure, how long before its entry this counts, v, k and what is left of
    it for ever after a break-off; of one that counts from two phases on in part, each part.
    begun : of these, the ones that are taken alone, with S(t) by phase, how long they take and what they are worth in the phase
    of entry once they have started.
    """

    effects: tuple[tuple[int, int, int, int, int], ...]
    begun: tuple[tuple[int, tuple[int, ...], int, int], ...]


@dataclass(frozen=True)
class Mixed:
    """A measure whose flow and one-off have opposite signs. for_ever : v / (1-d); left : the same of what is left of it."""

    n: int
    lag: int
    takes: int
    value: int
    once: int
    for_ever: int
    left: int


@dataclass(frozen=True)
class Wanted:
    """An act that the party takes alone. start, entered : what it is worth at its start and on its entry, for ever. begun : by
    phase, when it enters if there is no deal from then on. only : itself."""

    n: int
    lag: int
    takes: int
    for_ever: int
    start: int
    entered: int
    begun: tuple[int | None, ...]
    only: Members


@dataclass(frozen=True, eq=False)
class Own:
    """Measures in which the party acts, by how it can do better than let them run; what is in none of the three just runs.

    costly : what it withholds at the first chance, whenever it enters, by lag. mixed : some of these and of the rest, where the
    phase of entry matters. wanted : what it takes alone.
    """

    costly: tuple[tuple[int, Members], ...]
    mixed: tuple[Mixed, ...]
    wanted: tuple[Wanted, ...]


class Worth:
    """An instance to one party.

    unit : see the module. span : the last phase for which S(t) is known. longest : the largest lag of its own measures. after :
    what the end of it all adds, drift - B. cap : the red line. everything : all measures. own : its own. theirs : by other
    party, those in which that acts. apart : by the same, its own without those.
    """

    def __init__(self, instance: Instance, party: Party, longest: int, latest: int) -> None:
        self._instance, self.party, self._alone = instance, party, alone(instance)
        self._p, self._q = party.discount.numerator, party.discount.denominator
        self.longest = longest
        self.span = instance.phases + longest + latest
        ready = [0, *(r for r in self._alone.ready if r is not None)]
        reach = max(instance.phases, longest + latest, *ready) + 1 + max((m.takes for m in instance.measures), default=0)
        self._powers: list[tuple[int, int]] = [(self._p**n, self._q**n) for n in range(reach + 1)]
        terms = {x.get(party.id, _NOTHING).denominator for m in instance.measures for x in (m.value, m.once)}
        shares = {m.irreversible.denominator for m in instance.measures}
        line = party.red_line
        stated = math.lcm(party.stalemate.denominator, party.breakdown.denominator, 1 if line is None else line.denominator)
        self.unit: int = math.lcm(*terms) * math.lcm(*shares) * stated * (self._q - self._p) * self._q**reach
        self.drift = self._whole(self._alone.drift(party.id))
        self.after = self.drift - self._whole(party.breakdown)
        self.cap = None if line is None else self._whole(line)
        self._terms = [self._of(n, m) for n, m in enumerate(instance.measures)]
        self._starts = {n: self._start(n) for n, r in enumerate(self._alone.ready) if r is not None}
        acts = {i: frozenset(n for n, m in enumerate(instance.measures) if i in m.actors) for i in instance.acting}
        mine = acts.get(party.id, frozenset())
        self.everything = self._members(range(len(instance.measures)))
        self.own = self._own(mine)
        self.theirs = {j: self._members(sorted(its)) for j, its in acts.items() if j != party.id}
        self.apart = {j: self._own(mine - acts[j]) if mine & acts[j] else self.own for j in self.theirs}

    def later(self, worth: int, phases: int) -> int:
        """What something is worth so many phases before."""
        numerator, denominator = self._powers[phases]
        return worth * numerator // denominator

    def sooner(self, flow: Iterable[int], then: Iterable[int]) -> list[int]:
        """By phase, a flow and what is worth `then` a phase later."""
        p, q = self._p, self._q
        return [now + worth // q * p for now, worth in zip(flow, then, strict=False)]

    def for_ever(self, flow: int) -> int:
        """What a flow is worth that never ends."""
        return flow * self._q // (self._q - self._p)

    def kept_up(self, n: int) -> int:
        """What the party has of keeping up measure n, which is not kept anyway, over letting it fall."""
        value, _, left = self._terms[n]
        return self.for_ever(value) - left

    def _whole(self, x: Fraction) -> int:
        return x.numerator * (self.unit // x.denominator)

    def _of(self, n: int, m: Measure) -> tuple[int, int, int]:
        value, once = (self._whole(x.get(self.party.id, _NOTHING)) for x in (m.value, m.once))
        return value, once, self.for_ever(self._whole(self._alone.left(self.party.id, n)))

    def _effects(self, n: int) -> Iterator[tuple[int, int, int, int, int]]:
        """What a measure adds from its entry on, and what it costs its actor before."""
        m, (value, once, left) = self._instance.measures[n], self._terms[n]
        early = [
            x if m.early(self.party.id, of.get(self.party.id, _NOTHING)) else 0 for x, of in ((value, m.value), (once, m.once))
        ]
        yield n, 0, value - early[0], once - early[1], left
        if any(early):
            yield n, m.takes, early[0], early[1], 0

    def _at_start(self, n: int) -> tuple[int, int]:
        """What an act that is taken alone is worth to the party at its start, and then on its entry."""
        m, (value, once, _) = self._instance.measures[n], self._terms[n]
        early = once if m.early(self.party.id, m.once.get(self.party.id, _NOTHING)) else 0
        return early, once - early + self.for_ever(value)

    def _start(self, n: int) -> tuple[int, ...]:
        (early, entered), takes = self._at_start(n), self._instance.measures[n].takes

        def worth(wait: int) -> int:
            return self.later(entered, wait) + (self.later(early, wait - takes) if early else 0)

        return tuple(0 if u is None else worth(u - t) for t, u in enumerate(self._begun(n)))

    def _begun(self, n: int) -> tuple[int | None, ...]:
        return tuple(self._alone.begun(n, t) for t in range(self.span + 1))

    def _members(self, chosen: Iterable[int]) -> Members:
        felt = [n for n in chosen if self._instance.measures[n].touches(self.party.id)]
        begun = (
            (n, self._starts[n], self._instance.measures[n].takes, self._at_start(n)[1]) for n in felt if n in self._starts
        )
        return Members(tuple(x for n in felt for x in self._effects(n)), tuple(begun))

    def _own(self, chosen: Iterable[int]) -> Own:
        costly: dict[int, list[int]] = {}
        mixed, wanted = [], []
        for n in sorted(chosen):
            value, once, left = self._terms[n]
            lag, takes = self._instance.measures[n].lag, self._instance.measures[n].takes
            if n in self._starts:
                worth = self.for_ever(value), *self._at_start(n)
                wanted.append(Wanted(n, lag, takes, *worth, self._begun(n), self._members([n])))
                continue
            if value < 0 or (value == 0 and once <= 0):
                costly.setdefault(lag, []).append(n)
            if value * once < 0:
                mixed.append(Mixed(n, lag, takes, value, once, self.for_ever(value), left))
        by_lag = tuple((lag, self._members(costly[lag])) for lag in sorted(costly))
        return Own(by_lag, tuple(mixed), tuple(wanted))


class Tables:
    """What does not depend on the roadmap.

    worth : by party. odds : by ordered pair, the stated odds. signals : by acting party, of its measures that say something,
    which, the lag, the phase in which one that is in force will have been seen, and the signal. alone : by measure, the phase
    of entry without any deal, if it is one of the roadmap's. agreed : the measures, with those who act, that fall if these do
    not keep them up.

    Raises
    ------
    InputError
        If a roadmap has more rows than `base.bounds` allows.
    """

    def __init__(self, instance: Instance) -> None:
        world, measures, acting = alone(instance), instance.measures, instance.acting
        lags = {i: instance.lags(i) for i in acting}
        within("roadmap-rows", _rows(lags) * (instance.phases + 1), instance.case)
        latest = max((its[-1] for its in lags.values()), default=0)
        self.worth = {p.id: Worth(instance, p, lags.get(p.id, (0,))[-1], latest) for p in instance.parties}
        trust = {(p.id, j): p.trust[j] for p in instance.parties for j in acting if j != p.id}
        self.odds = {pair: x / (1 - x) for pair, x in trust.items()}
        telling = [(n, m) for n, m in enumerate(measures) if m.signal != 1]
        self.signals = {i: [(n, m.lag, m.unseen, m.signal) for n, m in telling if i in m.actors] for i in acting}
        begun = (-1 if m.in_force else world.begun(n, 0) for n, m in enumerate(measures))
        self.alone = [None if e is None or e >= instance.phases else e for e in begun]
        self.agreed = [(n, frozenset(m.actors)) for n, m in enumerate(measures) if m.actors and world.lasting[n]]


def _rows(lags: Mapping[str, tuple[int, ...]]) -> int:
    """How many rows a phase has at most, coalitions apart, by the lags of each party's own measures."""
    toward = sum(2 + its[-1] + lag - 1 for i, its in lags.items() for j in lags if j != i for lag in lags[j])
    return sum(1 + its[-1] for its in lags.values()) + toward


def tables(instance: Instance) -> Tables:
    """The tables of an instance, kept with it."""
    return derived(instance, Tables)
