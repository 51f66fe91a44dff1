"""What a schedule brings in plays: the one place where this room asks the room `assess`.

A schedule is an array of entry phases, -1 in force, T never (`plan.tables.layout.entries`). Play n of a seed has the same luck
for every schedule, so that two schedules are compared play by play.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.assess.compared import frame_of, provisions
from detente.assess.layout import world_of
from detente.assess.profile import PlayProfile
from detente.assess.records import played
from detente.assess.run import run
from detente.assess.strategies import Strategy, chosen, names
from detente.assess.tally import spread_of
from detente.case.case import Case
from detente.case.draws.draw import Uncertainty
from detente.compare.reach import open_measures
from detente.plan.roadmap import Roadmap
from detente.plan.tables.tables import roadmap_of

__all__ = ["Plays", "Scores", "scheduled", "scores", "strategy"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def strategy(name: str, title: str, roadmap: Roadmap, *, by_condition: bool = False) -> Strategy:
    """A roadmap as something that is played."""
    return Strategy(name, "roadmap", title, (), roadmap.entry, by_condition=by_condition)


class Plays:
    """The plays of one seed, on so many threads; the numbers do not depend on how many."""

    def __init__(self, case: Case, profile: PlayProfile, seed: int, uncertain: Uncertainty | None, *, cores: int = 1) -> None:
        self.case, self.profile, self.seed, self.uncertain, self.cores = case, profile, seed, uncertain, cores
        self.spent = 0
        self._world = world_of(case, profile, quantities=() if uncertain is None else uncertain.quantities)

    def gains(self, entries: Sequence[Ints], first: int, last: int, *, by_condition: bool = False) -> list[Floats]:
        """What each schedule brings every party over no deal in plays first .. last - 1, of shape (last - first, P)."""
        self.spent += len(entries) * (last - first)
        draws = None if self.uncertain is None or not entries else self.uncertain.chunk(self.seed, first, last - first)

        def gain(entry: Ints) -> Floats:
            found = strategy("", "", roadmap_of(self.case.instance, entry), by_condition=by_condition)
            script = found.script(self.case.instance, self.profile)
            r = played(self._world, script, self.seed, first, last - first, draws)
            return r.value - r.no_deal

        if self.cores <= 1 or len(entries) <= 1:
            return [gain(e) for e in entries]
        with ThreadPoolExecutor(self.cores) as pool:
            return list(pool.map(gain, entries))


class Scores(NamedTuple):
    """Of several roadmaps on the same luck: the score of each, what each is behind the first, how often it collapses, and the
    share of provisions that are carried out."""

    score: list[tuple[float, float]]
    behind: list[tuple[float, float]]
    collapse: list[tuple[float, float]]
    reach: list[float]


def scores(
    case: Case,
    profile: PlayProfile,
    roadmaps: Sequence[Roadmap],
    plan: Roadmap,
    runs: int,
    seed: int,
    uncertain: Uncertainty | None,
    *,
    paced: Sequence[bool],
    cores: int = 1,
) -> Scores:
    """Scores as `assess` has them, with all of its strategies and these roadmaps. plan : what is promised at best, among
    others. paced : whether each is followed by condition."""
    it, world = case.instance, world_of(case, profile, quantities=() if uncertain is None else uncertain.quantities)
    own = [strategy(str(n), "", r, by_condition=c) for n, (r, c) in enumerate(zip(roadmaps, paced, strict=True))]
    _, frame = frame_of(case, [*chosen(case, names(case), plan, profile), *own], profile)
    frame = replace(frame, provisions=tuple(members_of(case).values()))
    sums = run(world, [s.script(it, profile) for s in own], frame, runs, seed, uncertain=uncertain, cores=cores)
    total, cross = sums["score"], sums["score_cross"]

    def mean(total: float, squares: float) -> tuple[float, float]:
        return float(total) / runs, float(spread_of(np.asarray(total), np.asarray(squares), runs))

    every = range(len(own))
    return Scores(
        [mean(total[n], cross[n, n]) for n in every],
        [mean(total[n] - total[0], cross[n, n] + cross[0, 0] - 2 * cross[n, 0]) for n in every],
        [mean(x := sums["collapse"][n].sum(), x) for n in every],
        [float(sums["reach"][n].mean() / runs) if len(frame.provisions) else 0.0 for n in every],
    )


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
