"""What a schedule brings in plays: the one place where this room asks the room `assess`.

A schedule is an array of entry phases, -1 in force, T never (`plan.tables.layout.entries`). Play n of a seed has the same luck
for every schedule, so that two schedules are compared play by play.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.assess.compared import frame_of, provisions
from detente.assess.kept import PLAYS, question
from detente.assess.layout import world_of
from detente.assess.process import NEVER
from detente.assess.profile import PlayProfile
from detente.assess.records import Records, played_each
from detente.assess.strategies import Strategy, chosen, names
from detente.assess.tally import carried_out
from detente.base.cache import arrays_once
from detente.case.case import Case
from detente.case.draws.draw import Uncertainty
from detente.compare.reach import open_measures
from detente.plan.roadmap import Roadmap
from detente.plan.tables.tables import roadmap_of

__all__ = ["Plays", "Told", "scheduled", "strategy"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_HELD = 1 << 21  # numbers of draws that are held for the next time


def strategy(name: str, title: str, roadmap: Roadmap, *, by_condition: bool = False) -> Strategy:
    """A roadmap as something that is played."""
    return Strategy(name, "roadmap", title, (), roadmap.entry, by_condition=by_condition)


class Plays:
    """The plays of one seed, on so many threads; the numbers do not depend on how many."""

    def __init__(self, case: Case, profile: PlayProfile, seed: int, uncertain: Uncertainty | None, *, cores: int = 1) -> None:
        self.case, self.profile, self.seed, self.uncertain, self.cores = case, profile, seed, uncertain, cores
        self.spent = 0
        self._kept: dict[tuple[int, int], Floats] = {}
        self._world = world_of(case, profile, quantities=() if uncertain is None else uncertain.quantities)

    def gains(self, entries: Sequence[Ints], first: int, last: int, *, by_condition: bool = False) -> list[Floats]:
        """What each schedule brings every party over no deal in plays first .. last - 1, of shape (last - first, P)."""
        self.spent += len(entries) * (last - first)
        own = [strategy("", "", roadmap_of(self.case.instance, e), by_condition=by_condition) for e in entries]
        return [r.value - r.no_deal for r in self._played(own, first, last)]

    def _played(self, own: Sequence[Strategy], first: int, last: int) -> list[Records]:
        every = [s.script(self.case.instance, self.profile) for s in own]
        if not every:
            return []
        draws = self._drawn(first, last)

        def some(start: int, end: int) -> list[Records]:
            own = None if draws is None else draws[start - first : end - first]
            return played_each(self._world, every, self.seed, start, end - start, own)

        parts = max(1, min(self.cores, last - first))
        ends = [first + (last - first) * n // parts for n in range(parts + 1)]
        if parts == 1:
            return some(first, last)
        with ThreadPoolExecutor(parts) as pool:  # every part plays all of them: a draw is then taken up once for all
            found = list(pool.map(some, ends[:-1], ends[1:]))
        return [Records._make(map(np.concatenate, zip(*of_one, strict=True))) for of_one in zip(*found, strict=True)]

    def _drawn(self, first: int, last: int) -> Floats | None:
        """The draws of some plays, of shape (N, Q); a search asks for the same ones again and again."""
        if self.uncertain is None:
            return None
        known = self._kept.get((first, last))
        if known is None:
            known = self.uncertain.chunk(self.seed, first, last - first)
            if known.size <= _HELD:
                self._kept[first, last] = known
        return known

    def told(
        self,
        roadmaps: Sequence[Roadmap],
        paced: Sequence[bool],
        plan: Roadmap,
        count: int,
        beside: Sequence[Strategy] = (),
        known: int = 0,
    ) -> list[Told]:
        """What is told of roadmaps, on the first plays. paced : whether each is followed by condition. plan : what is promised
        at best, among others; scores are as `assess` has them, with all of its strategies and these roadmaps. beside : what is
        told after them, and promises nothing. known : so many of the roadmaps, the last ones, promise something and are not
        told again."""
        both = zip(roadmaps, paced, strict=True)
        own = [strategy(str(n), "", r, by_condition=c) for n, (r, c) in enumerate(both)]
        every = [*chosen(self.case, names(self.case), plan, self.profile), *own]
        frame = frame_of(self.case, every, self.profile)[1]
        provisions = list(members_of(self.case).values())
        asked = [*own[: len(own) - known], *beside]
        scripts = [s.script(self.case.instance, self.profile) for s in asked]

        def work() -> dict[str, Floats]:
            found = self._played(asked, 0, count)
            return {
                "gain": np.stack([r.value - r.no_deal for r in found]),
                "collapsed": np.stack([(r.ended[:, 0] < NEVER).astype(np.float64) for r in found]),
                "done": np.array([[(carried_out(r, m) < NEVER).mean() for m in provisions] for r in found]),
            }

        def like() -> dict[str, Floats]:
            K, P = len(asked), len(self.case.instance.parties)
            return {"gain": np.zeros((K, count, P)), "collapsed": np.zeros((K, count)), "done": np.zeros((K, len(provisions)))}

        key = question(self.case, self.profile, scripts, self.uncertain, count, "told", self.seed)
        found = arrays_once(PLAYS, key, like, work)
        return [
            Told(gain, frame.score(gain), collapsed, sum(done) / max(1, len(done)))
            for gain, collapsed, done in zip(found["gain"], found["collapsed"], found["done"].tolist(), strict=True)
        ]


class Told(NamedTuple):
    """A roadmap in N plays: what each party gains over no deal, (N, P); its score, and whether it collapsed, (N,); the share of
    provisions that are carried out."""

    gain: Floats
    score: Floats
    collapsed: Floats
    reach: float


def members_of(case: Case) -> dict[str, tuple[int, ...]]:
    """The places of the measures of each provision that names any; of each open measure where there is no such provision."""
    found = {name: members for name, members in provisions(case) if members}
    if found:
        return found
    it = case.instance
    place = {m.id: n for n, m in enumerate(it.measures)}
    return {m: tuple(place[s] for s in it.slices[m]) for m in open_measures(it)}


def scheduled(case: Case, entry: Ints) -> float:
    """The share of these that a schedule carries out."""
    every = members_of(case).values()
    return sum(all(entry[n] < case.instance.phases for n in members) for members in every) / max(1, len(every))
