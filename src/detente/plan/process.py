"""The process that a roadmap is: who has something to do in it, whom it touches, and whether it helps.

A **process** has at least one new step that its actor would not take alone (module `case.alone`). Any other roadmap is no deal.

Party j **has to**, in phase t,
    perform     m of its own, due in t or later, unless it is taken alone;
    keep up     m of its own, in force before t, unless it is kept anyway or cannot be undone (r = 1);
    refrain     from m, which it would take alone at once and which the roadmap has enter later than that, or never.

Of a measure that takes n phases the work is part of performing it, and owed as that is up to its entry e; to refrain is owed
up to the start of the work, e - n, and as long as it could still start alone.

What is to be performed matters to party i if it is worth anything to i, per phase or once; what is to be kept up, if it is
worth anything per phase; what is to be refrained from, if it harms i. Who has nothing to do cannot break a roadmap: rows toward
j exist only in phases in which j has to do something that matters. And who gives nothing has no rows at all: a party **gives**
if there is any phase in which it has to do something, in what only concerns itself, to perform it or keep it up.

A party is **touched** by the roadmap if something that is worth anything to it is otherwise than it would be alone. A roadmap
**helps** if it is a process, no touched party loses by it, and some party gains, where

    gain   G[i] = V[i,0] - no deal[i]              in the world as it would be: with the drift of the stand-off, s / (1-d)
           H[i] = G[i] + s[i] / (1-d[i])           the drift aside: what the steps themselves are worth (in the midst of a
                                                       roadmap all drift that it suspends, that of the past as well)

Nobody loses: G >= 0, and for who has to do something H >= 0, too. Somebody gains: G > 0 and H > 0. With G alone two acts that
harm both sides would be agreed on, because any process suspends the drift; nobody is asked to act for that.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from detente.case.alone import alone
from detente.case.instance import Instance, Measure
from detente.plan.roadmap import Roadmap

__all__ = ["Process"]


@dataclass(frozen=True)
class _Duty:
    """What measure n obliges its actors to in the phases of `span`; to whom it matters."""

    n: int
    span: range
    matters: frozenset[str]


class Process:
    """What a roadmap of an instance asks of whom."""

    def __init__(self, instance: Instance, roadmap: Roadmap) -> None:
        self.instance, self.roadmap = instance, roadmap
        self._alone = alone(instance)
        self._duties: dict[str, list[_Duty]] = {i: [] for i in instance.acting}
        for n, m in enumerate(instance.measures):
            for duty in self._of(n, m):
                for actor in m.actors:
                    self._duties[actor].append(duty)

    @property
    def exists(self) -> bool:
        """Whether a new step is taken that nobody would take alone, or such a roadmap is under way.

        What nobody acts in, a payment, counts: it comes with the deal only, even where what it pays for does not.
        """
        new = (n for n, m in enumerate(self.instance.measures) if _entered(self.roadmap.entry[m.id]))
        return bool(self.instance.under_way) or any(self._alone.ready[n] is None for n in new)

    @property
    def giving(self) -> frozenset[str]:
        """The parties that have, or in a roadmap under way have had, something to do."""
        found = set(self.instance.under_way)
        for party, duties in self._duties.items():
            if any(duty.span and (self._alone.ready[duty.n] is None or duty.matters - {party}) for duty in duties):
                found.add(party)
        return frozenset(found)

    def due(self, party: str, to: str) -> tuple[tuple[int, ...], ...]:
        """By phase 0 .. T, the lags of what the party has to do that matters to another, rising, each once."""
        out: list[set[int]] = [set() for _ in range(self.instance.phases + 1)]
        for duty in self._duties.get(party, ()):
            if to in duty.matters:
                for t in duty.span:
                    out[t].add(self.instance.measures[duty.n].lag)
        return tuple(tuple(sorted(lags)) for lags in out)

    @property
    def touched(self) -> tuple[str, ...]:
        """The parties to whom something is otherwise than it would be alone, in the order of the case."""
        changed = [m for n, m in enumerate(self.instance.measures) if self._changes(n, m)]
        return tuple(p.id for p in self.instance.parties if any(m.touches(p.id) for m in changed))

    def gains(self, value: Mapping[str, Fraction]) -> Mapping[str, Fraction]:
        """What each touched party gains by V[i,0]: G, or the smaller of G and H where it has to do something."""
        out, giving = {}, self.giving
        for i in self.touched:
            gain = value[i] - self._alone.no_deal[i]
            out[i] = min(gain, gain + self._alone.suspended(i)) if i in giving else gain
        return out

    def helps(self, value: Mapping[str, Fraction]) -> bool:
        """Whether the roadmap helps, by V[i,0] of each party."""
        over = {i: value[i] - self._alone.no_deal[i] for i in self.touched}
        nobody_loses = all(g >= 0 for g in self.gains(value).values())
        return self.exists and nobody_loses and any(g > 0 and g + self._alone.suspended(i) > 0 for i, g in over.items())

    def _changes(self, n: int, m: Measure) -> bool:
        entry, ready = self.roadmap.entry[m.id], self._alone.ready[n]
        if entry == -1:
            return not self._alone.kept[n]
        return entry != ready  # both never, for what is neither taken alone nor in the roadmap

    def _of(self, n: int, m: Measure) -> Iterable[_Duty]:
        entry, ready, after = self.roadmap.entry[m.id], self._alone.ready[n], self.instance.phases + 1
        parties = self.instance.party
        if _entered(entry) and ready is None:
            yield _Duty(n, range((entry or 0) + 1), frozenset(i for i in parties if m.touches(i)))
        if entry is not None and self._alone.lasting[n]:
            yield _Duty(n, range(entry + 1, after), frozenset(i for i in parties if m.value.get(i)))
        if ready is not None:
            harmed = frozenset(i for i in parties if m.harms(i))
            until = after if entry is None else entry - m.takes if entry > ready else 0
            last = self._alone.last[n]
            yield _Duty(n, range(min(until, after if last == math.inf else int(last) + 1 - m.takes)), harmed)


def _entered(entry: int | None) -> bool:
    """Whether a measure enters by the roadmap."""
    return entry is not None and entry >= 0
