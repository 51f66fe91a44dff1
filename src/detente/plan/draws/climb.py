"""Climbing among roadmaps that hold in enough draws of a sample: a walk whose rows are those of many draws (`Sums`).

The steps are the closures of wishes (module `plan.walk.moves`), their worth is that of the walk's kernel, and less than its
`MIN_GAIN` is no step.

Score: what the roadmap is chosen for, at the likely values, on a scale on which 0.01 is a hundredth of a gain: nash, the mean
log of the gains; sum, min, the sum or the smallest gain by the size of that of the plan at the likely values. A roadmap by
which somebody loses has none, and one by which nobody gains that of no deal (module `plan.process`).

    repair   while it breaks in too many draws: of all single wishes (a step some phases later, or dropped) take the one that
             saves most draws for what it costs; also the way to the roadmap that holds in the largest share
    polish   take the best single wish (any step to any phase, in or out), or pair of new steps of two parties, that raises the
             score and still breaks in few enough; until none does
    anneal   a fixed number of random wishes, of one to three measures, each taken if it breaks in few enough draws and lowers
             the score by no more than a random amount, which shrinks to nothing (Kirkpatrick, Gelatt and Vecchi 1983)

The work is counted in wishes, not in seconds, so the same seed ends at the same roadmap on every machine; a time limit cuts it
short, and that is said.
"""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from detente.case.instance import Instance
from detente.plan.tables.party_rows import Ints
from detente.plan.tables.sums import Sums
from detente.plan.tables.tables import tables
from detente.plan.units import weights
from detente.plan.walk.moves import Moves
from detente.plan.walk.shortfall import MIN_GAIN, loses, somebody_gains, worth_of
from detente.plan.walk.walk import KINDS

__all__ = ["Climb"]

_DEFERRALS = (1, 2, 4, 8)
_PAIRS = 30_000  # pairs of new steps, each at some phase, that are weighed at once; phases are skipped where they are more
_WARM, _COLD = 0.003, 0.00003  # the random amount at the start and at the end
_CHECK = 64  # wishes between two looks at the clock

Floats = NDArray[np.float64]
Key = tuple[tuple[int, int], ...]


class Climb:
    """A roadmap on its way.

    sums : the sample; the likely values are its certain draw. unit : for sum and min, what the score is measured by.
    deadline : on the clock of `time.monotonic`. exact : whether a roadmap
    holds at the likely values by its certificate; asked where rounding could decide, and where coalitions could, whose rows are
    no sums: there of every roadmap on the way but those that annealing only passes through.
    """

    def __init__(self, sums: Sums, objective: str, unit: float, deadline: float, exact: Callable[[Ints], bool]) -> None:
        self.sums, self.objective, self.unit, self.deadline, self.exact = sums, objective, unit or 1.0, deadline, exact
        self.instance: Instance = sums.instance
        self.moves = Moves(self.instance)
        self.never = self.instance.phases
        self._coalitions = len(self.instance.parties) > 2
        self.cut_short = False
        self.wishes = 0
        laid_out = tables(self.instance)
        self._laid_out, self._gains, self._no_gain = laid_out, laid_out.gain, laid_out.no_gain
        self._weight = np.array(list(weights(objective, self.instance, self.instance.touched).values()))
        self._no_pace = np.zeros((0, 0))
        self.place(sums.entry)

    def place(self, entry: Ints) -> None:
        """Start from a roadmap."""
        self.sums.place(entry)
        self._weigh()

    def _weigh(self) -> None:
        entry = self.entry
        every = np.arange(len(entry))
        self._gain = self._gains[:, every, entry + 1].sum(axis=1) + self._no_gain
        self.score = self._score(self._gain, entry)

    @property
    def entry(self) -> Ints:
        return self.sums.entry

    @property
    def over(self) -> bool:
        if time.monotonic() > self.deadline:
            self.cut_short = True
        return self.cut_short

    def _score(self, gain: Floats, entry: Ints) -> float:
        if loses(self._laid_out, entry, gain):
            return -math.inf
        gained = somebody_gains(self._laid_out, entry, gain)
        worth = float(worth_of(KINDS[self.objective], gain, self._weight, self._no_pace, entry, gained))
        if self.objective != "nash":
            return worth / self.unit
        return worth / max(len(gain), 1)

    def _after(self, change: Mapping[int, int]) -> float:
        n, new = list(change), np.array(list(change.values()))
        gain = self._gain + (self._gains[:, n, new + 1] - self._gains[:, n, self.entry[n] + 1]).sum(axis=1)
        entry = self.entry.copy()
        entry[n] = new
        return self._score(gain, entry)

    def _take(self, change: Mapping[int, int], *, passing: bool = False) -> bool:
        back = {n: int(self.entry[n]) for n in change}
        self.sums.take(change)
        unsure = (self._coalitions and not passing) or self.sums.is_tight()
        if unsure and not self.exact(self.entry):
            self.sums.take(back)
            return False
        self._weigh()
        return True

    # -- repair ------------------------------------------------------------------------------------------------------------

    def repair(self, allowed: int) -> Iterator[tuple[Ints, int, float]]:
        """Until it breaks in at most `allowed` draws or nothing saves any; yields each roadmap on the way with its breaks."""
        broken = self.sums.broken()
        yield self.entry.copy(), broken, self.score
        while broken > allowed and not self.over:
            left = self._cheapest(broken)
            if left is None:
                return
            broken = left
            yield self.entry.copy(), broken, self.score

    def _cheapest(self, broken: int) -> int | None:
        options = []
        seen: set[Key] = set()
        for n in self.moves.movable:
            at = int(self.entry[n])
            if at >= self.never:
                continue
            for phase in (*(at + k for k in _DEFERRALS if at + k < self.never), self.never):
                change = self.moves.settled(self.entry, {n: phase})
                if change is None or (key := tuple(sorted(change.items()))) in seen:
                    continue
                seen.add(key)
                self.wishes += 1
                left = self.sums.breaks(change, broken - 1)
                if left < broken:
                    cost = max(self.score - self._after(change), 1e-9)
                    options.append((-(broken - left) / cost, left, key))
            if self.over:
                return None
        for _, left, key in sorted(options):
            if self._take(dict(key)):
                return left
        return None

    # -- polish ------------------------------------------------------------------------------------------------------------

    def polish(self, allowed: int) -> None:
        """Single wishes and pairs of new steps, best first, until none raises the score."""
        while not self.over and (self._first_of(self._singles(), allowed) or self._first_of(self._pairs(), allowed)):
            pass

    def _singles(self) -> dict[Key, float]:
        """Every single wish with the score that it leads to."""
        options: dict[Key, float] = {}
        for n in self.moves.movable:
            for phase in range(self.never + 1):
                change = self.moves.settled(self.entry, {n: phase}) if phase != self.entry[n] else None
                if change is not None:
                    options[tuple(sorted(change.items()))] = self._after(change)
        return options

    def _pairs(self) -> dict[Key, float]:
        """Pairs of new steps of two parties, from the same phase on, likewise."""
        options: dict[Key, float] = {}
        out = [n for n in self.moves.movable if self.entry[n] >= self.never]
        actors = [set(m.actors) for m in self.instance.measures]
        pairs = [(a, b) for a, b in itertools.combinations(out, 2) if not actors[a] & actors[b]]
        every = max(1, len(pairs) * self.never // _PAIRS)
        for a, b in pairs:
            if self.over:
                break
            for phase in range(0, self.never, every):
                change = self.moves.settled(self.entry, {a: phase, b: phase})
                if change is not None:
                    options[tuple(sorted(change.items()))] = self._after(change)
        return options

    def _first_of(self, options: Mapping[Key, float], allowed: int) -> bool:
        for key, score in sorted(options.items(), key=lambda o: (-o[1], o[0])):
            if score <= self.score + MIN_GAIN or self.over:
                return False
            self.wishes += 1
            if self.sums.breaks(dict(key), allowed) <= allowed and self._take(dict(key)):
                return True
        return False

    # -- the surest --------------------------------------------------------------------------------------------------------

    def surest(self) -> tuple[Ints, int] | None:
        """From what everybody does alone: the step, or pair of steps of two parties, that raises the score and breaks in the
        fewest draws, the higher score where equal; with its breaks. None: none raises it and holds at the likely values.
        """
        start, least, score = self.entry.copy(), self.sums.count - self.sums.certain, -math.inf
        surest: tuple[Ints, int] | None = None
        for options in (self._singles(), self._pairs()):
            for key, worth in sorted(options.items(), key=lambda o: (-o[1], o[0])):
                if worth <= self.score + MIN_GAIN or self.over:
                    break
                self.wishes += 1
                broken = self.sums.breaks(dict(key), least)
                if broken > least or (broken == least and worth <= score):
                    continue
                if self._take(dict(key)):
                    surest, least, score = (self.entry.copy(), broken), broken, worth
                    self.place(start)
        return surest

    # -- anneal ------------------------------------------------------------------------------------------------------------

    def anneal(self, allowed: int, wishes: int, rng: np.random.Generator) -> None:
        """A number of random wishes; ends at the best roadmap on the way."""
        best, at = self.score, self.entry.copy()
        movable = np.array(self.moves.movable)
        for step in range(wishes):
            if step % _CHECK == 0 and self.over:
                break
            chosen = rng.choice(movable, size=min(len(movable), 1 + int(rng.integers(3))), replace=False)
            wish = {int(n): self._somewhere(int(n), rng) for n in chosen}
            worse = -math.log(1.0 - rng.random()) * _WARM * (_COLD / _WARM) ** (step / wishes)
            change = self.moves.settled(self.entry, wish)
            self.wishes += 1
            if change is None or self._after(change) < self.score - worse:
                continue
            if self.sums.breaks(change, allowed) > allowed or not self._take(change, passing=True):
                continue
            if self.score > best + MIN_GAIN and (not self._coalitions or self.exact(self.entry)):
                best, at = self.score, self.entry.copy()
        self.place(at)

    def _somewhere(self, n: int, rng: np.random.Generator) -> int:
        now = int(self.entry[n])
        kind = rng.random()
        if now >= self.never or kind < 0.2:
            return int(rng.integers(0, self.never))
        if kind < 0.3:
            return self.never
        return max(0, now + int(rng.choice([-3, -2, -1, 1, 2, 3])))
