"""The search in plays: from several starts to neighbours that do better on the same luck.

1. A neighbour is the closure of a wish (module `wishes`) that keeps every row as far as floating point can tell, and whatever
   else is asked for; its rows cost far less than its plays.
2. Neighbours are raced in batches: all of them on few plays, the better ones on more (successive halving, Karnin, Koren and
   Somekh 2013; the same luck for all, Glasserman and Yao 1992). Who is behind the schedule at hand, on the same plays, by more
   than one standard error, is out. The best one is taken as soon as it is ahead by `CLEAR` standard errors, or ahead at all
   on all plays, and the exact certificate holds.
3. Where no neighbour is left that was not tried, all of them are tried once more, each on all plays.
4. All starts are searched for a while, the better half of them for as long again, until one is left, which has half of the
   work.

Work is counted in plays, of which a case has so many by its size: the same answer on any machine, on one core or several.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from detente.case.instance import Instance
from detente.plan.walk.moves import Moves
from detente.recommend.aim import Aim, Rank, error
from detente.recommend.plays import Plays
from detente.recommend.wishes import wishes

__all__ = ["RUNGS", "Found", "Search", "plays_for"]

RUNGS = (128, 512, 2048, 8192)
"""Plays of a race; the last: all plays of the search."""
CLEAR = 2.0
"""Standard errors by which one of a batch is taken for better without all plays."""
_BATCH = 32
_STARTS = 4
_BARREN = 4  # batches without a single new neighbour after which there are taken to be none
_WISHES = 6 * _BATCH  # tried for one batch
_LAST = RUNGS[-1]
_RACE = tuple(zip(RUNGS, (_BATCH, 8, 3, 1), (0.5, 0.0, -0.5, 0.0), strict=True))
"""Plays, how many of a batch go that far, and by how many standard errors one may then be behind (below 0: must be ahead)."""
_TO_THE_END = ((_LAST, _BATCH, 0.0),)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def plays_for(instance: Instance) -> int:
    """The plays that a search may use: more for larger cases, but not more work than on 100 measures in 60 phases."""
    size = max(1, len(instance.measures) * instance.phases)
    return int(min(200_000 + 600 * size, 1.25e9 / size))


@dataclass(frozen=True)
class Found:
    """A schedule with what it brings in the first N plays of the search, of shape (N, P).

    short : by how much something that is wanted above all falls short, 0: it does not.
    """

    entry: Ints
    gains: Floats
    rank: Rank
    short: float

    @property
    def key(self) -> tuple[float, Rank]:
        return -self.short, self.rank


class Search:
    """A search of one case.

    keeps : whether a schedule keeps every row as far as floating point can tell, and what else is asked for. certain : whether
    its certificate holds. short : see `Found`.
    """

    def __init__(
        self,
        instance: Instance,
        plays: Plays,
        aim: Aim,
        seed: int,
        *,
        keeps: Callable[[Ints], bool],
        certain: Callable[[Ints], bool],
        short: Callable[[Ints], float],
    ) -> None:
        self.plays, self.aim = plays, aim
        self.keeps, self.certain, self.short = keeps, certain, short
        self.tried = self.taken = 0
        self._moves = Moves(instance)
        self._actors = np.array([[p.id in m.actors for m in instance.measures] for p in instance.parties], dtype=bool)
        self._seed = seed
        self._seen: set[bytes] = set()

    def judged(self, entries: Sequence[Ints], plays: int = _LAST) -> list[Found]:
        """Schedules on so many plays of the search, the best first; each once."""
        own = {e.tobytes(): e for e in entries}.values()
        nothing = np.zeros((0, len(self._actors)))
        return self._known([Found(e, nothing, (0.0, 0.0), self.short(e)) for e in own], plays)

    def best(self, starts: Sequence[Ints], budget: int) -> list[Found]:
        """Where the search ended from its best starts, and the best start, the best first; budget : of plays."""
        found = self.judged(starts, RUNGS[-2])[:_STARTS]
        ended, stream, whole = found[:1], 0, float(budget)
        self._seen |= {f.entry.tobytes() for f in found}
        while found:
            whole, last = whole / 2, len(found) == 1
            for n, one in enumerate(found):
                share = budget if last else min(budget, whole / len(found))
                before = self.plays.spent
                found[n] = self._climbed(one, share, np.random.default_rng([self._seed, stream]))
                budget, stream = budget - (self.plays.spent - before), stream + 1
            found = self._known(found, _LAST)
            half = 0 if last else (len(found) + 1) // 2
            ended, found = ended + found[half:], found[:half]
        return self._known(ended, _LAST)

    def _known(self, found: Sequence[Found], plays: int) -> list[Found]:
        """The same on so many plays at least, the best first."""
        known_on = {len(f.gains) for f in found}
        return sorted(self._further(found, plays, known_on), key=lambda f: f.key, reverse=True)

    def _further(self, found: Sequence[Found], plays: int, known_on: Iterable[int]) -> list[Found]:
        """The same on so many plays at least. known_on : the numbers of plays that they are known on, in the order wanted."""
        out = []
        for known in known_on:
            same = [f for f in found if len(f.gains) == known]
            fresh = self.plays.gains([f.entry for f in same], known, plays) if known < plays else [f.gains[:0] for f in same]
            for f, gains in zip(same, fresh, strict=True):
                whole = np.concatenate([f.gains, gains])
                out.append(Found(f.entry, whole, self.aim.rank(whole), f.short))
        return out

    def _climbed(self, here: Found, budget: float, rng: np.random.Generator) -> Found:
        """From one schedule on until the plays are used up, or no neighbour is better on all plays."""
        until, barren, race = self.plays.spent + budget, 0, _RACE
        while self.plays.spent < until:
            batch = self._neighbours(here.entry, rng)
            barren = 0 if batch else barren + 1
            if barren < _BARREN:
                here = self._raced(here, batch, race)
            elif race is _RACE:  # all have been tried, most of them on few plays
                self._seen, barren, race = {here.entry.tobytes()}, 0, _TO_THE_END
            else:
                break
        return here

    def _neighbours(self, entry: Ints, rng: np.random.Generator) -> list[Ints]:
        out: list[Ints] = []
        for other in islice(wishes(self._moves, self._actors, rng, entry), _WISHES):
            key = other.tobytes()
            if key not in self._seen:
                self._seen.add(key)
                if self.keeps(other):
                    out.append(other)
                    if len(out) == _BATCH:
                        break
        self.tried += len(out)
        return out

    def _raced(self, here: Found, batch: Sequence[Ints], race: Sequence[tuple[int, int, float]]) -> Found:
        """The best of a batch, where it is better than the schedule at hand; else that one, as far as it is known by now."""
        racing = self.judged(batch, 0)
        racing = [r for r in racing if r.short <= here.short]
        for plays, keep, behind in race:
            both = [here, *racing[:keep]]
            here, *racing = self._further(both, plays, dict.fromkeys(len(f.gains) for f in both))  # a draw is taken up once
            racing.sort(key=lambda f: f.key, reverse=True)
            for one in racing:
                if not self._ahead(one, here, plays, CLEAR if plays < _LAST else 0.0):
                    break
                if self.certain(one.entry):
                    self.taken += 1
                    return one
            racing = [r for r in racing if not self._ahead(here, r, plays, behind)]
            if not racing:
                break
        return here

    def _ahead(self, one: Found, other: Found, plays: int, by: float) -> bool:
        """Whether a schedule is better than another on the same plays, by more than so many standard errors."""
        a, b = one.gains[:plays], other.gains[:plays]
        ranks = self.aim.rank(a), self.aim.rank(b)
        if one.short != other.short or ranks[0][0] != ranks[1][0]:
            return (-one.short, ranks[0]) > (-other.short, ranks[1])
        margin = by * error(self.aim.z(a) - self.aim.z(b)) if by else 0.0
        return ranks[0][1] - ranks[1][1] > margin
