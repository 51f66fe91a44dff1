"""At which value of an assumption two strategies change places, all else as assumed.

For an assumption with range [low, high] let f(x) be the mean over plays of score of the first minus score of the second, with
the assumption at x. Every x meets the same luck (seed and plays), so that f has no noise from trial to trial.

1. f at `GRID` points over the range and at what is assumed (a whole number: at every one, or at `GRID` of them).
2. Where the sign changes between two of these, bisection, `_HALVINGS` times or down to two neighbouring whole numbers.
3. Of several crossings the one nearest to what is assumed; how many there were is said. Without one: no crossing within the
   range.

The crossing is that of the plays made. `spread` says how far it is off: two standard errors of the mean paired difference at
the crossing, divided by the slope of f between the two grid points, cut to the range.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from detente.assess.assumptions import Assumption, setting
from detente.assess.kept import PLAYS, question
from detente.assess.profile import PlayProfile
from detente.assess.records import played_each
from detente.assess.strategies import Strategy
from detente.assess.tally import Frame, Sums
from detente.base.cache import arrays_once
from detente.base.plain import told
from detente.case.case import Case
from detente.case.draws.draw import Uncertainty

__all__ = ["Crossing", "crossed", "difference"]

GRID = 5
_HALVINGS = 7

Trial = Callable[[float], tuple[float, float]]


@dataclass(frozen=True)
class Crossing:
    """Where two strategies change places along one assumption.

    at : the value; None: nowhere within the range. spread : within what it lies, by the error of the plays.
    first_below : whether the first strategy is the better one below it. times : how often the sign changes on the grid.
    ends : the difference of scores at the low end, as assumed, at the high end. error : its standard error as assumed.
    """

    assumption: Assumption
    at: float | None
    spread: tuple[float, float] | None
    first_below: bool | None
    times: int
    ends: tuple[float, float, float]
    error: float
    plays: int

    @property
    def swing(self) -> float:
        """By how much the difference changes over the range."""
        return max(self.ends) - min(self.ends)

    def to_dict(self) -> dict[str, object]:
        """As JSON has it.

        plays : over so many plays
        """
        return {**self.assumption.to_dict(), **told(self, "at spread first_below times ends error plays")}


def difference(
    case: Case,
    profile: PlayProfile,
    two: Sequence[Strategy],
    frame: Frame,
    seed: int,
    plays: int,
    given: Mapping[Assumption, float],
    uncertain: Uncertainty | None = None,
) -> tuple[float, float]:
    """The mean paired difference of scores, first minus second, and its standard error."""
    world, judged, it = setting(case, profile, given, () if uncertain is None else uncertain.quantities)
    draws = None if uncertain is None else uncertain.chunk(seed, 0, plays)
    found = played_each(world, [s.script(it, judged) for s in two], seed, 0, plays, draws)
    scores = [frame.score(r.value - r.no_deal) for r in found]
    gap = scores[0] - scores[1]
    return float(gap.mean()), float(gap.std(ddof=1) / np.sqrt(len(gap))) if plays > 1 else float("nan")


def crossed(
    case: Case,
    profile: PlayProfile,
    inputs: Sequence[Assumption],
    two: Sequence[Strategy],
    frame: Frame,
    seed: int,
    *,
    plays: int,
    grid: int = GRID,
    cores: int = 1,
    uncertain: Uncertainty | None = None,
) -> tuple[Crossing, ...]:
    """The crossing of every assumption; those that move the difference most come first."""

    def work() -> Sums:
        middle = difference(case, profile, two, frame, seed, plays, {}, uncertain)

        def one(a: Assumption) -> list[float]:
            def f(x: float) -> tuple[float, float]:
                return difference(case, profile, two, frame, seed, plays, {a: x}, uncertain)

            return _row(_crossing(a, f, middle, plays, grid))

        with ThreadPoolExecutor(max(1, cores)) as pool:
            return {"crossings": np.array(list(pool.map(one, inputs))).reshape(-1, _ROW)}

    scripts = [s.script(case.instance, profile) for s in two]
    asked = ("crossings", frame.promise.tolist(), frame.provisions, seed, plays, grid, [repr(a) for a in inputs])
    key = question(case, profile, scripts, uncertain, plays * grid * len(inputs), *asked)
    rows = arrays_once(PLAYS, key, lambda: {"crossings": np.zeros((len(inputs), _ROW))}, work)["crossings"]
    found = [_of_row(a, row, plays) for a, row in zip(inputs, rows.tolist(), strict=True)]
    return tuple(sorted(found, key=lambda c: -c.swing))


_ROW = 9  # numbers of a crossing


def _row(c: Crossing) -> list[float]:
    """A crossing as numbers; not a number: None."""
    nothing = math.nan
    below = nothing if c.first_below is None else float(c.first_below)
    return [nothing if c.at is None else c.at, *(c.spread or (nothing, nothing)), below, float(c.times), *c.ends, c.error]


def _of_row(a: Assumption, row: Sequence[float], plays: int) -> Crossing:
    at, low, high, below, times, *ends, error = row
    none = math.isnan(at)
    spread, first_below = (None, None) if none else ((low, high), bool(below))
    return Crossing(a, None if none else at, spread, first_below, int(times), (ends[0], ends[1], ends[2]), error, plays)


def _crossing(a: Assumption, f: Trial, middle: tuple[float, float], plays: int, grid: int) -> Crossing:
    points = _grid(a, grid)
    found = {x: middle if x == a.likely else f(x) for x in points}
    changes = [(x, y) for x, y in pairwise(points) if (found[x][0] >= 0) != (found[y][0] >= 0)]
    at, spread, below = None, None, None
    if changes:
        low, high = min(changes, key=lambda c: min(abs(c[0] - a.likely), abs(c[1] - a.likely)))
        slope, below = (found[high][0] - found[low][0]) / (high - low), found[low][0] >= 0
        error = max(found[low][1], found[high][1])
        for _ in range(_HALVINGS):
            x = (low + high) / 2
            if a.whole:
                x = float(np.floor(x))
                if x in (low, high):
                    break
            value, error = f(x)
            low, high = (x, high) if (value >= 0) == below else (low, x)
        at = (low + high) / 2
        reach = 2 * error / abs(slope)
        spread = (max(a.low, at - reach), min(a.high, at + reach))
    ends = (found[points[0]][0], middle[0], found[points[-1]][0])
    return Crossing(a, at, spread, below, len(changes), ends, middle[1], plays)


def _grid(a: Assumption, count: int) -> list[float]:
    if a.whole:
        every = [float(x) for x in range(int(a.low), int(a.high) + 1)]
        if len(every) <= count:
            return every
        return sorted({float(round(x)) for x in np.linspace(a.low, a.high, count)} | {a.likely})
    return sorted({float(x) for x in np.linspace(a.low, a.high, count)} | {a.likely})
