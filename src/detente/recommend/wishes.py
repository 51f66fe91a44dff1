"""Changes that a search in plays tries on a schedule: wishes, whose closure over prerequisites is a neighbour.

single    one step to another phase, in or out; two or three at once
together  one step to the phase of another
swap      two steps change places
tail      everything from some phase on, some phases later or earlier; of all parties or of one
block     everything between two phases likewise
split     some of the steps of one phase later
stretch   everything from some phase on slower or faster
end       nothing new from some phase on
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from detente.plan.walk.moves import Moves

__all__ = ["wishes"]

Ints = NDArray[np.int64]
_KINDS = {"single": 7, "together": 1, "swap": 1, "tail": 2, "side": 2, "block": 2, "split": 2, "stretch": 1, "end": 1}
_FAR = 6  # phases by which something is moved at most
_STRETCH = (0.5, 0.75, 1.25, 1.5, 2.0)


def wishes(moves: Moves, actors: NDArray[np.bool_], rng: np.random.Generator, entry: Ints) -> Iterator[Ints]:
    """Neighbours of a schedule, without end; actors : (P, M)."""
    kinds, odds = list(_KINDS), np.array(list(_KINDS.values()), dtype=float)
    order = rng.choice(len(kinds), size=1 << 16, p=odds / odds.sum())
    movable = np.array(moves.movable, dtype=np.int64)
    for kind in order:
        change = moves.settled(entry, _wish(kinds[kind], moves, actors, rng, entry, movable))
        if change is not None:
            out = entry.copy()
            out[list(change)] = list(change.values())
            yield out


def _wish(
    kind: str, moves: Moves, actors: NDArray[np.bool_], rng: np.random.Generator, entry: Ints, movable: Ints
) -> dict[int, int]:
    never, coming = moves.never, movable[entry[movable] < moves.never]
    if kind == "single" or len(coming) < 2:
        count = min(len(movable), 1 + int(rng.integers(6)) // 4 + int(rng.integers(6)) // 5)
        return {int(n): _somewhere(int(entry[n]), never, rng) for n in rng.choice(movable, size=count, replace=False)}
    if kind == "together":
        n, m = int(rng.choice(movable)), int(rng.choice(coming))
        return {n: int(entry[m])}
    if kind == "swap":
        n, m = (int(x) for x in rng.choice(coming, size=2, replace=False))
        return {n: int(entry[m]), m: int(entry[n])}
    start = int(entry[rng.choice(coming)])
    if kind == "end":
        return {int(n): never for n in coming[entry[coming] >= start]}
    if kind == "split":
        chosen = coming[(entry[coming] == start) & (rng.random(len(coming)) < 0.5)]
        by = 1 + int(rng.integers(3))
        return _moved(moves, entry, chosen, by)
    chosen = coming[entry[coming] >= start]
    if kind == "stretch":
        by_factor = float(rng.choice(_STRETCH))
        return {int(n): _within(moves, int(n), start + round((int(entry[n]) - start) * by_factor)) for n in chosen}
    if kind == "side":
        chosen = chosen[actors[int(rng.integers(len(actors)))][chosen]]
    elif kind == "block":
        chosen = chosen[entry[chosen] < start + 1 + int(rng.integers(_FAR))]
    return _moved(moves, entry, chosen, _by(rng))


def _by(rng: np.random.Generator) -> int:
    """Phases, small numbers more often, later or earlier."""
    by = min(_FAR, int(rng.geometric(0.5)))
    return by if rng.random() < 0.5 else -by


def _moved(moves: Moves, entry: Ints, chosen: Ints, by: int) -> dict[int, int]:
    return {int(n): _within(moves, int(n), int(entry[n]) + by) for n in chosen}


def _within(moves: Moves, n: int, phase: int) -> int:
    """A phase in the window of a step; one that would come too late never comes."""
    return moves.never if phase > moves.needs.last[n] else max(0, phase)


def _somewhere(now: int, never: int, rng: np.random.Generator) -> int:
    kind = rng.random()
    if now >= never or kind < 0.25:
        return int(rng.integers(0, never))
    if kind < 0.4:
        return never
    return min(never - 1, max(0, now + _by(rng)))
