"""A changed roadmap by local search from the old one: what a large case is repaired with, by counted work and no clock.

Every side of every row is a sum over measures of a table looked up by entry phase (`plan.tables`), so that a change of some
entries is tried by adding a few vectors. A move is

1. one measure to another phase, or to never: what it needs comes before it (as early as it must), what needs it after it;
2. everything from one phase on a phase later, or earlier;
3. two measures of different parties to the same phase, at least one of which does not enter as things are.

A schedule is judged by (what its rows lack, its objective): the sum of what broken rows are short of, each in units of the
party's largest value, comes first. For each measure in turn the best of its moves is made if it improves on what there is,
until a whole round changes nothing; then blocks, then pairs, then again. From several starts; the best that holds is kept. The
end is no proof that nothing is better.

Floats only guide the search. What comes out is certified exactly, and searched again with a margin where that fails.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from detente.case.instance import Instance
from detente.plan.roadmap import Roadmap
from detente.plan.tables.effects import Effects, Table
from detente.plan.units import in_own_units, weights
from detente.prepare.events import delayed

__all__ = ["Climb"]

Floats = NDArray[np.float64]
Entries = dict[str, int | None]
Score = tuple[float, float]

_ROUNDS = 40  # over all measures, from one start
_PAIRS = 400  # pairs tried at a time
_CHUNK = 8  # schedules whose rows are worked out at a time
_CLOSE = 1e-9  # of the party's largest value: what a row may lack and be left to the certificate
_RISE = 1e-9  # less is no gain
_TINY = 1e-9  # what a gain that is not positive counts as, of the party's largest value


class Climb:
    """The search on what is left of a problem.

    Parameters
    ----------
    objective : "nash", "sum" or "min", of the gains of the touched parties.
    margin : by how much more than its model each row has to hold, in units of the party's largest value.
    """

    def __init__(self, instance: Instance, objective: str, margin: float = 0.0) -> None:
        self.instance, self.objective, self._margin = instance, objective, margin
        self._free = [m for m in instance.measures if not m.in_force and m.not_before <= m.not_after]
        self._never = instance.phases
        self._tables()
        self._needed_by: dict[str, list[str]] = {}
        for m in self._free:
            for n in {n for q in m.requires for n in q.any}:
                self._needed_by.setdefault(n, []).append(m.id)

    # -- the rows ----------------------------------------------------------------------------------------------------------

    def _tables(self) -> None:
        instance = in_own_units(self.instance)
        effects = Effects(instance)
        V, W, D, E = effects.continuation, effects.stepping_out, effects.deviation, effects.exposure
        caps = {i: float(p.red_line) for i, p in instance.party.items() if p.red_line is not None}
        capped = [key for key in E if key[0] in caps]
        kept = [
            *((V[i] - W[i], -effects.constant_out[i]) for i in V),
            *((V[i] - D[i, lag], -effects.constant_deviation[i, lag]) for i, lag in D),
            *((-E[key], caps[key[0]] - effects.constant_exposure[key]) for key in capped),
        ]
        exposed = [(E[key], effects.constant_exposure[key]) for key in E]
        surplus = [(V[i] - W[i], -effects.constant_out[i]) for i, _, _ in E]
        seen = [(effects.seen[i, j], 0.0) for i, j, _ in E]
        phases = np.arange(instance.phases + 1)
        entering = np.arange(instance.phases)
        place = {m.id: n for n, m in enumerate(instance.measures)}
        there = [place[m.id] for m in instance.measures if m.in_force]

        def laid(parts: Sequence[tuple[Table, float]]) -> tuple[Floats, Floats]:
            """By free measure and entry phase what is added to each row, and what the rows are without any."""
            rows = len(parts) * len(phases)
            base = np.zeros((len(parts), len(phases)))
            added = np.zeros((len(self._free), instance.phases + 1, len(parts), len(phases)))
            where = effects.index(entering[:, None], phases)
            for n, (table, constant) in enumerate(parts):
                base[n] = constant + table[there][:, effects.index(-1, phases)].sum(axis=0)
                for k, m in enumerate(self._free):
                    added[k, :-1, n] = table[place[m.id]][where]
            return added.reshape(len(self._free), instance.phases + 1, rows), base.ravel()

        groups = [laid(kept), laid(exposed), laid(seen), laid(surplus)]
        odds = np.array([self._stated(i, j) for i, j, _ in E]).ravel() if E else np.zeros(0)
        groups[2] = (groups[2][0], odds)
        gains = [(V[i], -float(instance.party[i].no_deal)) for i in instance.touched]
        worth = np.zeros((len(self._free), instance.phases + 1, len(gains)))
        base = np.zeros(len(gains))
        for n, (table, constant) in enumerate(gains):
            base[n] = constant + table[there][:, effects.index(-1, 0)].sum()
            for k, m in enumerate(self._free):
                worth[k, :-1, n] = table[place[m.id]][effects.index(entering, 0)]
        groups.append((worth, base))
        self._cuts = np.cumsum([g[1].size for g in groups])
        self._added = np.concatenate([g[0] for g in groups], axis=2)
        self._base = np.concatenate([g[1] for g in groups])
        self._places = np.arange(len(self._free))
        self._units = np.array(list(weights(self.objective, self.instance, instance.touched).values()))

    def _stated(self, party: str, other: str) -> list[float]:
        p = float(self.instance.party[party].trust[other])
        coming = [(m.unseen, math.log(m.signal)) for m in self.instance.measures if m.unseen and other in m.actors]
        phases = range(self.instance.phases + 1)
        return [math.log(p / (1 - p)) + sum(g for seen, g in coming if seen <= t) for t in phases]

    def _scores(self, sums: Floats) -> list[Score]:
        """(minus what rows lack, objective) of several schedules given their sums, of shape (schedules, ..)."""
        lacking = self._lacking(sums)
        gains = sums[:, self._cuts[3] :]
        worth = self._worth(gains)
        if self.objective == "nash":
            lacking = lacking + np.where(gains < -_CLOSE, gains, 0.0).sum(axis=1)  # nobody may lose
        return [(float(x), float(y)) for x, y in zip(lacking, worth, strict=True)]

    def _lacking(self, sums: Floats) -> Floats:
        """Minus what broken rows are short of, of shape (schedules)."""
        a, b, c, d, _ = self._cuts
        slack = np.concatenate([sums[:, :a], np.exp(sums[:, b:c]) * sums[:, c:d] - sums[:, a:b]], axis=1) - self._margin
        return np.asarray(np.where(slack < -_CLOSE, slack, 0.0).sum(axis=1))

    def _worth(self, gains: Floats) -> Floats:
        """The objective over the last axis."""
        if self.objective == "sum":
            return np.asarray((gains * self._units).sum(axis=-1))
        if self.objective == "min":
            return np.asarray((gains * self._units).min(axis=-1, initial=math.inf))
        return np.asarray(np.log(np.maximum(gains, _TINY)).sum(axis=-1))

    # -- schedules ---------------------------------------------------------------------------------------------------------

    def _vector(self, entries: Entries) -> NDArray[np.int64]:
        at = (entries[m.id] for m in self._free)
        return np.array([self._never if e is None else e for e in at], dtype=np.int64)

    def _sums(self, entries: Entries) -> Floats:
        total: Floats = self._base + self._added[self._places, self._vector(entries)].sum(axis=0)
        return total

    def _moved(self, entries: Entries, pins: Entries) -> Entries | None:
        """The schedule with some measures in other phases, and what that entails; None: it cannot be."""
        out = entries | pins
        waiting = [m for m, e in pins.items() if e is not None]
        touched = set(pins)
        measure = self.instance.measure
        while waiting:  # what it needs comes before it
            m = waiting.pop()
            at = out[m]
            assert at is not None
            for q in measure[m].requires:
                latest = at - q.after
                if any((e := out[n]) is not None and e <= latest for n in q.any):
                    continue
                chosen = min(q.any, key=lambda n: (out[n] is None, measure[n].not_before))
                first, last = measure[chosen].not_before, measure[chosen].not_after
                if chosen in pins or latest < first or first > last:
                    return None
                out[chosen] = min(latest, last)
                waiting.append(chosen)
                touched.add(chosen)
        later = [m for m in touched if m in self._needed_by]
        while later:  # what needs it comes after it
            for m in self._needed_by[later.pop()]:
                e = out[m]
                if e is None or e < 0 or (at := self._earliest(out, m, e)) == e:
                    continue
                if m in pins:
                    return None
                out[m] = at
                touched.add(m)
                if m in self._needed_by:
                    later.append(m)
        for m in touched:
            if out[m] is not None and any(out[n] is not None for n in measure[m].excludes):
                return None
        return out

    def _earliest(self, entries: Entries, measure: str, wanted: int) -> int | None:
        """The first phase from a wanted one on in which a measure's prerequisites are met; None: outside its window."""
        m = self.instance.measure[measure]
        at = wanted
        for q in m.requires:
            ready = [e + q.after for n in q.any if (e := entries[n]) is not None]
            if not ready:
                return None
            at = max(at, min(ready))
        return at if at <= m.not_after else None

    def seems_to_hold(self, entries: Entries) -> bool:
        """Whether a schedule keeps every row of value, as far as floats can tell."""
        return bool(self._lacking(self._sums(entries)[None])[0] >= -_CLOSE)

    # -- moves -------------------------------------------------------------------------------------------------------------

    def climb(self, start: Entries) -> tuple[Score, Entries]:
        """The best schedule that moves lead to from a start, and its score."""
        now = delayed(self.instance, start)
        sums = self._sums(now)
        score = self._scores(sums[None])[0]
        for _ in range(_ROUNDS):
            before = score
            for k in range(len(self._free)):
                now, sums, score = self._best(now, sums, score, self._singles(now, sums, score, k))
            now, sums, score = self._best(now, sums, score, self._blocks(now))
            if not _better(score, before):
                now, sums, score = self._best(now, sums, score, self._pairs(now, score))
            if not _better(score, before):
                break
        return score, now

    def _best(self, now: Entries, sums: Floats, score: Score, moves: Iterable[Entries]) -> tuple[Entries, Floats, Score]:
        """The best of the moves if it is better than what there is.

        From a schedule that holds, only moves that raise the objective are of use: the rows are worked out for these, the most
        worth first, until one holds.
        """
        tried = [x for pins in moves if (x := self._moved(now, pins)) is not None]
        if not tried:
            return now, sums, score
        new = np.array([self._vector(entries) for entries in tried])
        order = np.arange(len(tried))
        if score[0] >= -_CLOSE:
            worth = self._worth(self._base[self._cuts[3] :] + self._added[self._places, new, self._cuts[3] :].sum(axis=1))
            order = np.argsort(-worth, kind="stable")
            order = order[worth[order] > score[1] + _RISE]
        old = self._vector(now)
        size = _CHUNK if score[0] >= -_CLOSE else len(order)
        for at in range(0, len(order), size):
            chunk = order[at : at + size]
            all_sums = np.empty((len(chunk), len(sums)))
            for n, entries in enumerate(new[chunk]):
                k = np.flatnonzero(entries != old)
                all_sums[n] = sums + self._added[k, entries[k]].sum(axis=0) - self._added[k, old[k]].sum(axis=0)
            scores = self._scores(all_sums)
            best = max(range(len(chunk)), key=lambda n: scores[n])
            if _better(scores[best], score):
                chosen = tried[chunk[best]]
                return chosen, self._sums(chosen), scores[best]
        return now, sums, score

    def _singles(self, now: Entries, sums: Floats, score: Score, k: int) -> Iterator[Entries]:
        """One measure to each other phase. Where the schedule holds and the measure moves alone, only if it is worth it."""
        m, cut = self._free[k], self._cuts[3]
        e = now[m.id]
        here = self._never if e is None else e
        worth = self._worth(sums[cut:] + self._added[k, :, cut:] - self._added[k, here, cut:])
        alone = score[0] >= -_CLOSE and not m.requires and m.id not in self._needed_by
        for t in (*range(m.not_before, m.not_after + 1), self._never):
            if t != here and not (alone and worth[t] <= score[1] + _RISE):
                yield {m.id: None if t == self._never else t}

    def _blocks(self, now: Entries) -> Iterator[Entries]:
        for by in (1, -1):
            for t in range(self.instance.phases):
                moved = {m.id: e + by for m in self._free if (e := now[m.id]) is not None and e >= t}
                fits = all(m.not_before <= moved[m.id] <= m.not_after for m in self._free if m.id in moved)
                if moved and fits:
                    yield dict(moved)

    def _pairs(self, now: Entries, score: Score) -> Iterator[Entries]:
        """Two measures of different parties to one phase, at least one of which does not enter; those worth most first, if the
        schedule holds as it is, by what the two alone add to the objective.
        """
        here = self._vector(now)
        gains = self._base[self._cuts[3] :] + self._added[self._places, here, self._cuts[3] :].sum(axis=0)
        change = self._added[:, :, self._cuts[3] :] - self._added[self._places, here, self._cuts[3] :][:, None]
        out = np.flatnonzero(here == self._never)
        found: list[tuple[float, int, int, int]] = []
        for k in out:
            worth = self._worth(gains + change[k] + change)  # of shape (measures, phases + 1)
            for n, m in enumerate(self._free):
                if set(m.actors) & set(self._free[k].actors) or (here[n] == self._never and n < k):
                    continue
                first = max(m.not_before, self._free[k].not_before)
                last = min(m.not_after, self._free[k].not_after)
                found += [
                    (-float(worth[n, t]), int(k), n, t)
                    for t in range(first, last + 1)
                    if t != here[n] and (score[0] < -_CLOSE or worth[n, t] > score[1] + _RISE)
                ]
        found.sort()
        for _, one, two, t in found[:_PAIRS]:
            yield {self._free[one].id: t, self._free[two].id: t}

    def roadmap(self, entries: Entries) -> Roadmap:
        return Roadmap(self.instance.case, self.instance.phases, dict(entries))


def _better(one: Score, other: Score) -> bool:
    if abs(one[0] - other[0]) > _CLOSE:
        return one[0] > other[0]
    return one[1] > other[1] + _RISE
