"""Greedy pair-adding: what a mediator does by hand. A start for the search where trust is scarce, and a rival to measure it by.

1. Start with no new step at all.
2. A unit is a measure with whatever it still needs, entered as early as it can from phase t on. A candidate is one unit, or
   two units whose measures have different sole actors, from the same t on.
3. Add the candidate and phase that raise the objective most among those that keep every row. Stop when none raises it.

Adding one measure at a time alone would never start ("you first"), hence the pairs. Two units that lack the same prerequisite
make no pair; the prerequisite can enter with either. The rule ends 2 to 30 % below the best, but where trust is scarce and
three parties or more act it finds a first roadmap long before branching on whole numbers does (benchmarks/plan.py).

Every row is a sum over measures (module `effects`), so a candidate is tried by adding two vectors to what the roadmap has;
units for which no partner would do in some row are put aside first. A party's values are counted in its size (module `units`).
A candidate that some row decides by less than 1e-9 is left to the exact certificate, and so is the roadmap at the end.

For the Nash product a gain that is not positive yet counts as the tiny share 1e-9 of the party's largest value, so that lifting
one party more above no deal is worth more than anything else.
"""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.case.instance import Instance
from detente.case.reach import earliest
from detente.plan.certificate import certify
from detente.plan.roadmap import Roadmap
from detente.plan.tables.effects import Effects
from detente.plan.units import in_own_units, weights

__all__ = ["Greedy", "Grown"]

_CHUNK = 512  # candidates tried at once
_CLOSE = 1e-9  # of a party's largest value: a slack this small is for the certificate to judge
_RISE = 1e-9  # of the objective: less is no gain
_TINY = 1e-9  # of a party's largest value: what a gain that is not positive counts as

Floats = NDArray[np.float64]
Entries = dict[int, int]


@dataclass(frozen=True)
class Grown:
    """Where the greedy rule ended. holds: by the exact certificate; finished: not stopped by the limit."""

    roadmap: Roadmap
    holds: bool
    additions: int
    finished: bool


@dataclass(frozen=True)
class _Sides:
    """The quantities behind the rows, each of shape (.., rows): kept = V - D, V - W and what a red line leaves; exposure, odds
    (log) and surplus V - W of the trust rows.

    gain : V at phase 0 by touched party, of shape (.., parties).
    """

    kept: Floats
    exposure: Floats
    odds: Floats
    surplus: Floats
    gain: Floats

    def __add__(self, other: _Sides) -> _Sides:
        pairs = zip(self.parts(), other.parts(), strict=True)
        return _Sides(*(a + b for a, b in pairs))

    def __getitem__(self, which: NDArray[np.int64] | int) -> _Sides:
        return _Sides(*(a[which] for a in self.parts()))

    def parts(self) -> tuple[Floats, ...]:
        return self.kept, self.exposure, self.odds, self.surplus, self.gain

    def slack(self) -> Floats:
        """The smallest slack of any row, of shape (..)."""
        trust: Floats = np.exp(self.odds) * self.surplus - self.exposure
        least: Floats = np.minimum(self.kept.min(axis=-1), trust.min(axis=-1, initial=math.inf))
        return least

    def padded(self) -> _Sides:
        """With one more at the end that adds nothing."""
        return _Sides(*(np.concatenate([part, np.zeros((1, part.shape[1]))]) for part in self.parts()))

    def most(self) -> _Sides:
        """The most favourable figure of every row over the first axis."""
        least = self.exposure.min(axis=0)
        return _Sides(self.kept.max(axis=0), least, self.odds.max(axis=0), self.surplus.max(axis=0), self.gain.max(axis=0))


@dataclass(frozen=True)
class _Unit:
    """A measure, the entries it brings with it, and the party that acts alone in it (None: a joint measure)."""

    entries: Entries
    actor: str | None


class Greedy:
    """The rule, on an instance whose measures touch at least one party.

    objective : "nash", "sum" or "min", of the gains of the touched parties.
    trust, red_lines : keep these rows, too.
    """

    def __init__(self, instance: Instance, objective: str = "nash", *, trust: bool = True, red_lines: bool = True) -> None:
        self.instance, self.objective = instance, objective
        self.asks = {"trust": trust, "red_lines": red_lines}
        own = in_own_units(instance)
        self.effects = effects = Effects(own)
        self._number = {m.id: n for n, m in enumerate(instance.measures)}
        self._excluded = [{self._number[k] for k in m.excludes} for m in instance.measures]
        early = earliest(instance.measures)
        self._early = [instance.phases if e is None else e for e in map(early.__getitem__, self._number)]
        self._last = 0  # the phase of the latest addition
        self._entry: Entries = {n: -1 for n, m in enumerate(instance.measures) if m.in_force}
        V, W, D, E = effects.continuation, effects.stepping_out, effects.deviation, effects.exposure
        caps = {i: p.red_line for i, p in own.party.items() if red_lines and p.red_line is not None}
        capped = [key for key in E if key[0] in caps]
        trusted = [*E] if trust else []
        self._tables = (
            _stacked([V[i] - W[i] for i in V], [V[i] - D[i, lag] for i, lag in D], [-E[key] for key in capped], like=effects),
            _stacked([E[key] for key in trusted], like=effects),
            _stacked([effects.seen[i, j] for i, j, _ in trusted], like=effects),
            _stacked([V[i] - W[i] for i, _, _ in trusted], like=effects),
            _stacked([V[i] for i in instance.touched], like=effects),
        )
        constants = (
            [
                *(-effects.constant_out[i] for i in V),
                *(-effects.constant_deviation[key] for key in D),
                *(float(caps[key[0]]) - effects.constant_exposure[key] for key in capped),
            ],
            [effects.constant_exposure[key] for key in trusted],
            [-effects.constant_out[i] for i, _, _ in trusted],
        )
        kept, exposure, surplus = (np.repeat(np.array(c, dtype=float), instance.phases + 1) for c in constants)
        odds = np.array([x for i, j, _ in trusted for x in self._stated(i, j)])
        no_deal = np.array([float(own.party[i].no_deal) for i in instance.touched])
        self._empty = _Sides(kept, exposure, odds, surplus, -no_deal)
        self._weight = np.array(list(weights(objective, instance, instance.touched).values()))

    def _stated(self, party: str, other: str) -> list[float]:
        """The log odds of phases 0 .. T without a new step: as stated, and what in force and not yet seen will say."""
        p = float(self.instance.party[party].trust[other])
        coming = [(m.unseen, math.log(m.signal)) for m in self.instance.measures if m.unseen and other in m.actors]
        phases = range(self.instance.phases + 1)
        return [math.log(p / (1 - p)) + sum(g for seen, g in coming if seen <= t) for t in phases]

    def grow(self, seconds: float) -> Grown:
        """Add candidates until none raises the product, or the seconds are over."""
        deadline = time.monotonic() + seconds
        now = self._empty + self._added([self._entry])[0]
        additions = 0
        while (best := self._best(now, deadline)) is not None:
            self._entry |= best
            now = self._empty + self._added([self._entry])[0]
            additions += 1
        roadmap = self._roadmap({})
        holds = certify(self.instance, roadmap, **self.asks).holds
        return Grown(roadmap, holds, additions, time.monotonic() < deadline)

    def _best(self, now: _Sides, deadline: float) -> Entries | None:
        """The entries of the best candidate over all phases; None: none raises the product, or time is over."""
        found, best = None, float(self._worth(now.gain)) + _RISE
        # the phase that was best last time often is again, and a good candidate early on spares most of the others
        for t in sorted(range(self.instance.phases), key=lambda t: (t != self._last, t)):
            units = self._units(t)
            for value, one, two in self._candidates(now, units, best, deadline):
                if self._allowed(now, together := units[one].entries | (units[two].entries if two >= 0 else {})):
                    found, best, self._last = together, value, t
                    break
            if time.monotonic() >= deadline:
                return None
        return found

    def _candidates(
        self, now: _Sides, units: Sequence[_Unit], least: float, deadline: float
    ) -> Iterator[tuple[float, int, int]]:
        """Candidates (value, unit, unit or -1) that beat `least` and that the rows seem to allow, best first."""
        if not units:
            return
        gain = np.concatenate([self._gained([u.entries for u in units]), np.zeros((1, len(now.gain)))])  # the last: no partner
        one, two = _paired(units)
        value = self._worth(now.gain + gain[one] + gain[two])
        better = value > least
        one, two, value = one[better], two[better], value[better]
        if not len(value):
            return
        used, places = np.unique(np.concatenate([one, two[two < len(units)]]), return_inverse=True)
        sides = self._added([units[n].entries for n in used])
        fitting = np.append(_partnered(now, sides), True)
        padded = sides.padded()
        a, b = places[: len(one)], np.full(len(two), len(used))
        b[two < len(units)] = places[len(one) :]
        keep = np.flatnonzero((two == len(units)) | (fitting[a] & fitting[b]))
        keep = keep[np.argsort(-value[keep], kind="stable")]
        for start in range(0, len(keep), _CHUNK):
            if time.monotonic() >= deadline:
                return
            chunk = keep[start : start + _CHUNK]
            fits = (now + padded[a[chunk]] + padded[b[chunk]]).slack() > -_CLOSE
            for n in chunk[fits]:
                pair = int(two[n]) if two[n] < len(units) else -1
                if pair < 0 or not units[one[n]].entries.keys() & units[pair].entries.keys():
                    yield float(value[n]), int(one[n]), pair

    def _allowed(self, now: _Sides, together: Entries) -> bool:
        """Whether a candidate keeps the exclusions and every row."""
        entered = self._entry.keys() | together.keys()
        if any(self._excluded[n] & entered for n in together):
            return False
        slack = float((now + self._added([together])[0]).slack())
        return slack > _CLOSE or (slack > -_CLOSE and certify(self.instance, self._roadmap(together), **self.asks).holds)

    def _units(self, phase: int) -> list[_Unit]:
        """A unit for every measure that is still out and can enter from the phase on."""
        out = []
        for n, m in enumerate(self.instance.measures):
            if n not in self._entry:
                entries = self._placed(self._with_needed(n), phase)
                if entries is not None:
                    out.append(_Unit(entries, m.actors[0] if len(m.actors) == 1 else None))
        return out

    def _with_needed(self, n: int) -> list[int]:
        """A measure and what it still needs: of each alternative the one that can be there first."""
        needed = [n]
        for one in needed:  # grows as it is read
            for q in self.instance.measures[one].requires:
                there = [self._number[k] for k in q.any]
                if not any(k in self._entry or k in needed for k in there):
                    needed.append(min(there, key=lambda k: self._early[k]))
        return needed

    def _placed(self, needed: Sequence[int], phase: int) -> Entries | None:
        """The measures as early as they can enter from a phase on, by raising from below; None: one of them cannot."""
        entries = {n: max(phase, self.instance.measures[n].not_before) for n in needed}
        rising = True
        while rising:
            rising = False
            for n in needed:
                m = self.instance.measures[n]
                at = entries[n]
                for q in m.requires:
                    ready = [self._entry.get(k, entries.get(k)) for k in map(self._number.__getitem__, q.any)]
                    at = max(at, min(e + q.after for e in ready if e is not None))
                if at > m.not_after:
                    return None
                rising |= at > entries[n]
                entries[n] = at
        return entries

    def _added(self, several: Sequence[Entries]) -> _Sides:
        """What each of several sets of entries adds to every row, rows by phase 0 .. T."""
        phases = np.arange(self.instance.phases + 1)
        kept, exposure, odds, surplus = (self._summed(table, several, phases) for table in self._tables[:4])
        return _Sides(kept, exposure, odds, surplus, self._gained(several))

    def _gained(self, several: Sequence[Entries]) -> Floats:
        """What each of several sets of entries adds to V at phase 0, of shape (sets, parties)."""
        return self._summed(self._tables[4], several, np.zeros(1, dtype=np.int64))

    def _summed(self, table: Floats, several: Sequence[Entries], phases: NDArray[np.int64]) -> Floats:
        """The sums of tables over sets of entries, of shape (sets, tables x phases)."""
        out: Floats = np.zeros((len(several), len(table) * len(phases)))
        flat = [(place, n, e) for place, entries in enumerate(several) for n, e in entries.items()]
        if flat:
            place, n, entry = np.array(flat).T
            added = table[:, n[:, None], self.effects.index(entry[:, None], phases)]  # (tables, entries, phases)
            np.add.at(out, place, added.transpose(1, 0, 2).reshape(len(flat), -1))
        return out

    def _worth(self, gain: Floats) -> Floats:
        """The objective over the last axis."""
        if self.objective == "sum":
            return np.asarray((gain * self._weight).sum(axis=-1))
        if self.objective == "min":
            return np.asarray((gain * self._weight).min(axis=-1))
        return np.asarray(np.log(np.maximum(gain, _TINY)).sum(axis=-1))

    def _roadmap(self, more: Entries) -> Roadmap:
        entry = self._entry | more
        placed = {m.id: entry.get(n) for n, m in enumerate(self.instance.measures)}
        return Roadmap(self.instance.case, self.instance.phases, placed)


def _stacked(*parts: Sequence[Floats], like: Effects) -> Floats:
    """Tables one above the other, of shape (tables, M, waits); none of them makes an array of that shape, too."""
    shape = (len(like.instance.measures), len(like.wait))
    return np.array([table for part in parts for table in part], dtype=float).reshape(-1, *shape)


def _paired(units: Sequence[_Unit]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All candidates as two arrays of units; for a unit by itself the second is len(units)."""
    alone = len(units)
    by_actor: dict[str, list[int]] = {}
    for n, unit in enumerate(units):
        if unit.actor is not None:
            by_actor.setdefault(unit.actor, []).append(n)
    first, second = [np.arange(alone)], [np.full(alone, alone)]
    for mine, theirs in itertools.combinations(by_actor.values(), 2):
        a, b = np.meshgrid(mine, theirs, indexing="ij")
        first.append(a.ravel())
        second.append(b.ravel())
    return np.concatenate(first), np.concatenate(second)


def _partnered(now: _Sides, sides: _Sides) -> NDArray[np.bool_]:
    """By unit: whether the most favourable partner, row by row, would do. Repeated among those that are left."""
    left = np.arange(len(sides.gain))
    while len(left):
        fits = (now + sides[left] + sides[left].most()).slack() > -_CLOSE
        if fits.all():
            break
        left = left[fits]
    return np.isin(np.arange(len(sides.gain)), left)
