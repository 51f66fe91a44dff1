"""What a party prefers, as two numbers a state and two masks.

    level[s]     0 is the worst; q is better than s iff level[q] > level[s]
    strong[l]    the highest level that is strongly worse than level l, -1 where there is none; never falls as l rises.
                 So q is much worse than s iff level[q] <= strong[level[s]]
    one, other   bit k of `one` is set where s satisfies the first condition of the party's k-th unknown pair, of `other` the
                 second; s and q stand in no known relation iff (one[s] & other[q]) | (other[s] & one[q]) != 0

No pair of states is ever stored. Numbers are exact: weights are brought to whole numbers before they are added.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.base.frozen import Frozen
from detente.errors import GraphError
from detente.graph.model import Conflict, Party, Ranked, Stated, Weighed

__all__ = ["Levels", "levels_of"]

_MOST_PAIRS = 62
_EXACT = 1 << 62

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Levels(Frozen):
    """One party's preference over N states.

    level : of shape (N,). strong : of shape (levels,). one, other : of shape (N,), or empty where everything is known.
    """

    level: NDArray[np.int32]
    strong: NDArray[np.int32]
    one: Ints
    other: Ints

    @property
    def has_strength(self) -> bool:
        return bool((self.strong >= 0).any())

    @property
    def has_unknown(self) -> bool:
        return len(self.one) > 0


def levels_of(conflict: Conflict, party: Party, states: Ints) -> Levels:
    """A party's preference over the feasible states.

    Raises
    ------
    GraphError
        If a ranking does not hold every state once, or weights are too fine to be added exactly.
    """
    chosen = party.preference
    if isinstance(chosen, Stated):
        level, strong = _stated(chosen, states)
    elif isinstance(chosen, Weighed):
        level, strong = _weighed(conflict, party, chosen, states)
    else:
        level, strong = _ranked(conflict, party, chosen, states)
    one = other = np.empty(0, dtype=np.int64)
    if party.unknown:
        if len(party.unknown) > _MOST_PAIRS:
            got = f"got {len(party.unknown)} unknown pairs, wanted at most {_MOST_PAIRS}"
            raise GraphError(f"{conflict.id}: {party.name}: {got} (join pairs with OR)")
        one, other = (
            sum(((pair[k].holds(states)).astype(np.int64) << n for n, pair in enumerate(party.unknown)), np.zeros_like(states))
            for k in (0, 1)
        )
    return Levels(level, strong, one, other)


def _stated(chosen: Stated, states: Ints) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    score = np.zeros(len(states), dtype=np.int64)
    tier = score
    for n, statement in enumerate(chosen.statements, 1):
        score = 2 * score + statement.holds(states)
        if n % 40 == 0:
            score = _dense(score)[0].astype(np.int64)  # only the order counts; this keeps it within 64 bits
        if n == chosen.strong:
            score = _dense(score)[0].astype(np.int64)
            tier = score
    level, first = _dense(score)
    return level, _below(tier[first] if chosen.strong else np.zeros(len(first), dtype=np.int64))


def _weighed(conflict: Conflict, party: Party, chosen: Weighed, states: Ints) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    given = [*(w for _, w in chosen.weights), *([] if chosen.strong is None else [chosen.strong])]
    scale = math.lcm(*(w.denominator for w in given)) if given else 1
    if scale * sum(abs(w) for w in given) >= _EXACT:
        message = f"{conflict.id}: {party.name}: the weights are too fine or too large to be added exactly"
        raise GraphError(f"{message} (round them to the digits that mean something)")
    score = np.zeros(len(states), dtype=np.int64)
    for statement, w in chosen.weights:
        score[statement.holds(states)] += int(w * scale)
    level, first = _dense(score)
    if chosen.strong is None:
        return level, np.full(len(first), -1, dtype=np.int32)
    worth = score[first]
    return level, (np.searchsorted(worth, worth - int(chosen.strong * scale), side="right") - 1).astype(np.int32)


def _ranked(conflict: Conflict, party: Party, chosen: Ranked, states: Ints) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    level = np.full(len(states), -1, dtype=np.int32)
    tiers: list[int] = []
    twice, outside = [], []
    for t, tier in enumerate(reversed(chosen.tiers)):
        for group in reversed(tier):
            for number in group:
                if not 1 <= number <= len(states):
                    outside.append(number)
                elif level[number - 1] >= 0:
                    twice.append(number)
                else:
                    level[number - 1] = len(tiers)
            tiers.append(t)
    missing = (np.flatnonzero(level < 0) + 1).tolist()
    faults = [
        f"{what} {', '.join(map(str, sorted(found)[:20]))}{', ..' if len(found) > 20 else ''}"
        for what, found in (("it lacks", missing), ("it has twice", twice), (f"there are {len(states)} states, not", outside))
        if found
    ]
    if faults:
        message = f"{conflict.id}: the ranking of {party.name} is incomplete or wrong: {'; '.join(faults)}"
        raise GraphError(f"{message} (rank every feasible state once; an inner list holds ties)")
    return level, _below(np.array(tiers, dtype=np.int64))


def _dense(score: Ints) -> tuple[NDArray[np.int32], Ints]:
    """Levels from 0 in the order of the scores, and for each level the place of a state that has it."""
    low, high = int(score.min()), int(score.max())
    if high - low < 4 * len(score) + 1024:
        seen = np.full(high - low + 1, -1, dtype=np.int64)
        seen[score - low] = np.arange(len(score))
        held = seen >= 0
        rank = np.cumsum(held, dtype=np.int64) - 1
        return rank[score - low].astype(np.int32), seen[held]
    _, first, level = np.unique(score, return_index=True, return_inverse=True)
    return level.astype(np.int32), first


def _below(tier: Ints) -> NDArray[np.int32]:
    """For each level the highest level of a lower tier."""
    return (np.searchsorted(tier, tier, side="left") - 1).astype(np.int32)
