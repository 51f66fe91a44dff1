"""The feasible states: every combination of options that satisfies no infeasible pattern, in rising order.

The options are decided from the last to the first. A pattern (mask, value) is tested as soon as its lowest option is decided,
and the whole branch is dropped if it is met; so the effort follows the feasible states and not 2^options.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detente.base.compiled import compiled
from detente.errors import GraphError
from detente.graph.formula import FormulaError, patterns
from detente.graph.model import MOST_OPTIONS, Conflict

__all__ = ["MOST_STATES", "feasible_states", "index_of", "lookup", "together"]

MOST_STATES = 1 << 22
_MOST_BRANCHES = 1 << 28
_TABLE_BITS = 24

Ints = NDArray[np.int64]


def feasible_states(conflict: Conflict) -> Ints:
    """The feasible states as bit patterns, rising.

    Raises
    ------
    GraphError
        If there is none, or more than 4,194,304.
    """
    count = len(conflict.options)
    if count > MOST_OPTIONS:
        raise GraphError(f"{conflict.id}: got {count} options, wanted at most {MOST_OPTIONS} (leave out what changes nothing)")
    try:
        found = sorted({p for f in conflict.infeasible for p in patterns(f)}, key=lambda p: p[0] & -p[0])
    except FormulaError as err:
        raise GraphError(f"{conflict.id}: what is infeasible is too involved: {err.message} ({err.hint})") from None
    if any(mask == 0 for mask, _ in found):
        raise _none(conflict)
    if not found:
        if 1 << count > MOST_STATES:
            raise _many(conflict)
        return np.arange(1 << count, dtype=np.int64)
    first = np.zeros(count + 1, dtype=np.int64)
    for mask, _ in found:
        first[(mask & -mask).bit_length()] += 1
    masks, values = (np.array([p[k] for p in found], dtype=np.int64) for k in (0, 1))
    states: Ints
    states, ended = _enumerate(count, masks, values, np.cumsum(first), MOST_STATES, _MOST_BRANCHES)
    if ended:
        raise _many(conflict)
    if not len(states):
        raise _none(conflict)
    return states


def _none(conflict: Conflict) -> GraphError:
    return GraphError(f"{conflict.id}: no state is feasible: the infeasible patterns leave nothing over (take one of them out)")


def _many(conflict: Conflict) -> GraphError:
    message = f"{conflict.id}: more than {MOST_STATES:,} feasible states, which is the most that is analysed"
    return GraphError(f"{message} (leave out options, or say which combinations cannot be)")


def lookup(states: Ints, options: int) -> NDArray[np.int32]:
    """A table from bit pattern to place among the states, -1 where there is none; empty where it would be too large."""
    if options > _TABLE_BITS:
        return np.empty(0, dtype=np.int32)
    table = np.full(1 << options, -1, dtype=np.int32)
    table[states] = np.arange(len(states), dtype=np.int32)
    return table


def index_of(states: Ints, state: int) -> int:
    """The place of a state among the feasible ones, from 0, or -1."""
    n = int(np.searchsorted(states, state))
    return n if n < len(states) and states[n] == state else -1


@compiled
def together(states, table, s, q, p):  # type: ignore[no-untyped-def]
    """The place where two moves from s, to q and to p, end that are made at the same time; -1 where that is not feasible.
    table : from `lookup`, or empty."""
    both = states[q] ^ states[p] ^ states[s]
    if len(table):
        return np.int64(table[both])
    r = np.int64(np.searchsorted(states, both))
    return r if r < len(states) and states[r] == both else np.int64(-1)


@compiled
def _enumerate(count, masks, values, first, most, most_branches):  # type: ignore[no-untyped-def]
    """The feasible states, rising, and whether there were too many. count : options, 1 to 62. masks, values, first : the
    patterns p = first[bit] .. first[bit + 1] - 1 that can be decided at a bit, each infeasible where state & masks[p] ==
    values[p]. most, most_branches : where to stop."""
    out = np.empty(1024, dtype=np.int64)
    size, branches = 0, 0
    bit = count - 1  # the option that is decided next
    state = np.int64(0)
    tried = np.zeros(count + 1, dtype=np.int64)  # 0: nothing yet, 1: not taken was tried, 2: both were
    while True:
        if tried[bit] == 2:
            tried[bit] = 0
            state &= ~(np.int64(1) << bit)
            bit += 1
            if bit == count:
                return out[:size], False
            continue
        if tried[bit] == 1:
            state |= np.int64(1) << bit
        tried[bit] += 1
        branches += 1
        if branches > most_branches:
            return out[:size], True
        met = False
        for p in range(first[bit], first[bit + 1]):
            if state & masks[p] == values[p]:
                met = True
                break
        if met:
            continue
        if bit > 0:
            bit -= 1
            continue
        if size == most:
            return out[:size], True
        if size == len(out):
            longer = np.empty(2 * size, dtype=np.int64)
            longer[:size] = out
            out = longer
        out[size] = state
        size += 1
