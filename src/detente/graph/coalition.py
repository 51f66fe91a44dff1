"""Coalitions: what becomes of a state when several parties may move together.

A coalition H changes the options of all its members at once, and improves only where every member is strictly better off. A
sanction at s is a state in which some member is no better off than in s. All who are not in H answer one by one, as in
`stability`. For a single party this is the stability of that party (Kilgour, Hipel, Fang and Peng 2001; Inohara and Hipel
2008, whose sequential sanctions may besides be joint improvements of those outside).

Where the conflict itself divides the parties into coalitions (`partition`), every coalition is an actor: it moves, improves and
answers as one. A state is *coalitionally* stable under a concept if it is stable for every coalition, single parties included.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from detente.base.frozen import Frozen
from detente.graph.joint import joint_stability
from detente.graph.levels import Levels
from detente.graph.model import Conflict
from detente.graph.moves import moves_of
from detente.graph.pairs import EXTENSIONS, actor_stability, steps_of
from detente.graph.states import lookup

__all__ = ["Coalition", "coalitions", "partition"]


@dataclass(frozen=True)
class Coalition(Frozen):
    """members : by place. stable : by concept, of shape (N,)."""

    members: tuple[int, ...]
    stable: dict[str, NDArray[np.bool_]]


def coalitions(
    conflict: Conflict,
    states: NDArray[np.int64],
    levels: Sequence[Levels],
    *,
    extension: str = "a",
    least: int = 2,
) -> tuple[Coalition, ...]:
    """The stability of every state for every coalition of at least `least` members.

    Raises
    ------
    GraphError
        If the moves are too many.
    """
    return tuple(
        Coalition(members, stability_of(conflict, states, levels, members, extension=extension))
        for members in _subsets(len(conflict.parties), least)
    )


def partition(
    conflict: Conflict, states: NDArray[np.int64], levels: Sequence[Levels], *, extension: str = "a"
) -> tuple[Coalition, ...]:
    """The stability of every state for each of the conflict's own coalitions, all of which act as one.

    Raises
    ------
    GraphError
        If the moves are too many.
    """
    groups = conflict.coalitions
    return tuple(
        Coalition(g, stability_of(conflict, states, levels, g, rest=[h for h in groups if h != g], extension=extension))
        for g in groups
    )


def stability_of(
    conflict: Conflict,
    states: NDArray[np.int64],
    levels: Sequence[Levels],
    members: Sequence[int],
    *,
    rest: Sequence[Sequence[int]] | None = None,
    extension: str = "a",
) -> dict[str, NDArray[np.bool_]]:
    """The stability of every state for one coalition; rest : how the others act together, one by one if not given.

    SIM is among the concepts only where a preference is unknown or the others act together.
    """
    others = [(p,) for p in range(len(conflict.parties)) if p not in members] if rest is None else rest
    groups = [tuple(members), *map(tuple, others)]
    moves = moves_of(conflict, states, [levels[g[0]].level for g in groups], groups)
    if rest is None and not any(x.has_unknown for x in levels):
        return joint_stability(moves, members, levels, title=conflict.id)
    steps = steps_of(moves, groups, levels, title=conflict.id)
    open_to, deterred = EXTENSIONS[extension]
    return actor_stability(
        steps, 0, members, range(1, len(groups)), levels, states=states, table=lookup(states, len(conflict.options)),
        open_to=open_to, deterred=deterred, title=conflict.id,
    )  # fmt: skip


def _subsets(parties: int, least: int) -> Iterator[tuple[int, ...]]:
    for size in range(least, parties + 1):
        yield from combinations(range(parties), size)
