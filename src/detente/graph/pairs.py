"""Stability where two states may stand in no known relation, and for coalitions: state by state, on lists of moves.

An *actor* is a party, or a coalition whose members change their options together. For actor H and states s, q

    q is an improvement on s     every member holds q better than s          (`open_to`: or does not know)
    r is a sanction at s         some member holds r no better than s        (`deterred`: or does not know)

With unknown preference (Li, Hipel, Kilgour and Fang 2004) the four extensions are

    a   moves to better and to unknown states;  deterred by what is surely no better
    b   moves to better states only;            deterred by what is surely no better
    c   moves to better and to unknown states;  deterred by unknown states too
    d   moves to better states only;            deterred by unknown states too

and the others' improvements in SEQ include moves to states of unknown preference in all four, as in Xu, Hipel, Kilgour and Fang
2018, chapter 5. For coalitions see Kilgour, Hipel, Fang and Peng 2001, Inohara and Hipel 2008: Nash, GMR, SMR and SEQ as in
`stability`, with the actor in the place of the party and all who are not in it moving one by one.

For one state s at a time: mark the sanctions at s, go backwards along the others' moves (or improvements) to all from which a
legal sequence leads to one, and see whether each improvement is among them. Where preference is unknown, improvements are not
transitive, so who moved last counts: led[j, x] says that from x, with j moving first, a sanction can be reached.

The effort grows with states times moves; above 2^26 moves it is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.base.compiled import compiled
from detente.errors import GraphError
from detente.graph.levels import Levels
from detente.graph.moves import Moves
from detente.graph.states import together

__all__ = ["CONCEPTS", "EXTENSIONS", "Steps", "actor_stability", "steps_of"]

EXTENSIONS = {"a": (True, False), "b": (False, False), "c": (True, True), "d": (False, True)}  # open_to, deterred
CONCEPTS = ("nash", "gmr", "smr", "seq", "sim")
_MOST_MOVES = 1 << 26
_MOST_WORK = 1 << 34

Ints = NDArray[np.int64]
Places = NDArray[np.int32]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Steps:
    """All moves of P actors as lists: those of actor j from s are `to[at[j, s] : at[j, s + 1]]`; the moves that lead to s come
    from `source[back_at[j, s] : back_at[j, s + 1]]`. `gains` and `better` are set for the moves, in the one order and in the
    other, that are improvements or of unknown preference."""

    at: Ints
    to: Places
    gains: Flags
    back_at: Ints
    source: Places
    better: Flags

    def of(self, actor: int, state: int) -> Places:
        return self.to[self.at[actor, state] : self.at[actor, state + 1]]


def steps_of(moves: Moves, members: Sequence[Sequence[int]], levels: Sequence[Levels], *, title: str) -> Steps:
    """The moves of all actors as lists. members : of each actor, in the order of `moves`.

    Raises
    ------
    GraphError
        If there are more than 2^26.
    """
    level, one, other = stacked(levels)
    sizes = [_sizes(moves.cell[j], moves.start[j], moves.ahead_at[j], moves.ahead) for j in range(len(members))]
    total = int(sum(s.sum() for s in sizes))
    if total > _MOST_MOVES:
        message = f"{title}: {total:,} moves, wanted at most {_MOST_MOVES:,} for unknown preference and coalitions"
        raise GraphError(f"{message} (leave out options, or say which combinations cannot be)")
    count = moves.cell.shape[1]
    at, back_at = np.zeros((2, len(members), count + 1), dtype=np.int64)
    to, source = np.empty((2, total), np.int32)
    gains, better = np.empty((2, total), np.bool_)
    shift = 0
    for j, group in enumerate(members):
        at[j] = shift + np.concatenate(([0], np.cumsum(sizes[j])))
        _fill(moves.cell[j], moves.order[j], moves.start[j], moves.ahead_at[j], moves.ahead, at[j], to)
        part = slice(shift, shift + int(sizes[j].sum()))
        into = to[part]
        back_at[j] = shift + np.concatenate(([0], np.cumsum(np.bincount(into, minlength=count))))
        by_end = np.argsort(into, kind="stable")
        start = np.repeat(np.arange(count, dtype=np.int32), sizes[j])
        gains[part] = _improves(np.array(group, dtype=np.int64), level, one, other, start, into)
        source[part], better[part] = start[by_end], gains[part][by_end]
        shift = part.stop
    return Steps(at, to, gains, back_at, source, better)


def stacked(levels: Sequence[Levels]) -> tuple[NDArray[np.int32], Ints, Ints]:
    """Levels of shape (P, N) and the masks of unknown pairs, of the same shape."""
    level = np.array([x.level for x in levels])
    empty = np.zeros(level.shape[1], dtype=np.int64)
    one, other = (
        np.array([m if len(m) else empty for m in masks]) for masks in ([x.one for x in levels], [x.other for x in levels])
    )
    return level, one, other


def actor_stability(
    steps: Steps,
    actor: int,
    members: Sequence[int],
    others: Sequence[int],
    levels: Sequence[Levels],
    *,
    states: Ints,
    table: Places,
    open_to: bool = False,
    deterred: bool = False,
    title: str = "",
) -> dict[str, Flags]:
    """Whether each state is Nash, GMR, SMR, SEQ and SIM stable for an actor, of shape (N,) each.

    actor, others : their places in `steps`. members : the parties of the actor, by place in `levels`. table : from
    `states.lookup`.

    Raises
    ------
    GraphError
        If the states times the moves are too many.
    """
    level, one, other = stacked(levels)
    count = level.shape[1]
    if count * len(steps.to) * max(1, len(others)) > _MOST_WORK:
        raise GraphError(
            f"{title}: {count:,} states with {len(steps.to):,} moves are too many for unknown preference and coalitions "
            "(leave out options, or say which combinations cannot be)"
        )
    found = _stable(
        steps.at, steps.to, steps.gains, steps.back_at, steps.source, steps.better, actor, np.array(members, dtype=np.int64),
        np.array(others, dtype=np.int64), level, one, other, states, table, open_to, deterred,
    )  # fmt: skip
    return dict(zip(CONCEPTS, found, strict=True))


@compiled
def _sizes(cell, start, ahead_at, ahead):  # type: ignore[no-untyped-def]
    """To how many states one party can move from each; of shape (N,). cell .. ahead : its part of `Moves`."""
    out = np.empty(len(cell), dtype=np.int64)
    for s in range(len(cell)):
        c = cell[s]
        size = start[c + 1] - start[c] - 1
        for k in range(ahead_at[c], ahead_at[c + 1]):
            size += start[ahead[k] + 1] - start[ahead[k]]
        out[s] = size
    return out


@compiled
def _fill(cell, order, start, ahead_at, ahead, at, to):  # type: ignore[no-untyped-def]
    """Write the states that one party can move to from s into `to`, from at[s] on."""
    for s in range(len(cell)):
        c, size = cell[s], at[s]
        for k in range(ahead_at[c] - 1, ahead_at[c + 1]):
            b = c if k < ahead_at[c] else ahead[k]
            for n in range(start[b], start[b + 1]):
                if order[n] != s:
                    to[size] = order[n]
                    size += 1


@compiled
def _is_better(members, level, one, other, s, q, unknown):  # type: ignore[no-untyped-def]
    """Whether every member holds q better than s; `unknown`: what counts where it does not know."""
    for i in members:
        if (one[i, s] & other[i, q]) | (other[i, s] & one[i, q]):
            if not unknown:
                return False
        elif level[i, q] <= level[i, s]:
            return False
    return True


@compiled
def _improves(members, level, one, other, start, end):  # type: ignore[no-untyped-def]
    """Whether each move from start to end, of shape (moves,), may be better for every member."""
    out = np.empty(len(start), dtype=np.bool_)
    for n in range(len(start)):
        out[n] = _is_better(members, level, one, other, start[n], end[n], True)
    return out


@compiled
def _led(back_at, source, better, others, marked, improving, led, waiting):  # type: ignore[no-untyped-def]
    """led[n, x]: whether from x a legal sequence, with the n-th of the others moving first, reaches a marked state."""
    count, many = led.shape[1], len(others)
    led[:] = False
    size = 0
    for r in range(count):
        if marked[r]:
            for n in range(many):
                for k in range(back_at[others[n], r], back_at[others[n], r + 1]):
                    if (better[k] or not improving) and not led[n, source[k]]:
                        led[n, source[k]] = True
                        waiting[size] = n * count + source[k]
                        size += 1
    while size:
        size -= 1
        last, x = waiting[size] // count, waiting[size] % count
        for n in range(many):
            if n != last:
                for k in range(back_at[others[n], x], back_at[others[n], x + 1]):
                    if (better[k] or not improving) and not led[n, source[k]]:
                        led[n, source[k]] = True
                        waiting[size] = n * count + source[k]
                        size += 1


@compiled
def _met(at, to, gains, others, states, table, sanction, s, q):  # type: ignore[no-untyped-def]
    """Whether an improvement of another from s, made together with the move from s to q, leads to a sanction."""
    for j in others:
        for k in range(at[j, s], at[j, s + 1]):
            if gains[k]:
                r = together(states, table, s, q, to[k])
                if r >= 0 and sanction[r]:
                    return True
    return False


@compiled
def _stable(  # type: ignore[no-untyped-def]
    at, to, gains, back_at, source, better, actor, members, others, level, one, other, states, table, open_to, deterred
):
    """Nash, GMR, SMR, SEQ and SIM, of shape (5, N), for an actor. at, to, gains : its and the others' steps by state, and
    whether they improve; back_at, source, better : the same by where they end. level, one, other : of shape (P, N), from
    `stacked`. open_to, deterred : whether an unknown preference counts for moving and against."""
    count = level.shape[1]
    out = np.ones((5, count), dtype=np.bool_)
    led = np.zeros((len(others), count), dtype=np.bool_)
    waiting = np.empty(len(others) * count + 1, dtype=np.int64)
    sanction, lasting = np.empty(count, dtype=np.bool_), np.empty(count, dtype=np.bool_)
    for s in range(count):
        begin, end = at[actor, s], at[actor, s + 1]
        left = False
        for k in range(begin, end):
            if _is_better(members, level, one, other, s, to[k], open_to):
                left = True
                break
        if not left:
            continue
        if not len(others):  # nobody is left who could answer
            out[:, s] = False
            continue
        out[0, s] = False
        for r in range(count):
            sanction[r] = not _is_better(members, level, one, other, s, r, not deterred)
        for r in range(count):
            lasting[r] = sanction[r]
            if sanction[r]:
                for k in range(at[actor, r], at[actor, r + 1]):
                    if not sanction[to[k]]:
                        lasting[r] = False
                        break
        for concept in range(1, 4):
            _led(back_at, source, better, others, lasting if concept == 2 else sanction, concept == 3, led, waiting)
            for k in range(begin, end):
                q = to[k]
                if _is_better(members, level, one, other, s, q, open_to):
                    met = False
                    for n in range(len(others)):
                        met = met or led[n, q]
                    if not met:
                        out[concept, s] = False
                        break
        for k in range(begin, end):
            if _is_better(members, level, one, other, s, to[k], open_to) and not _met(
                at, to, gains, others, states, table, sanction, s, to[k]
            ):
                out[4, s] = False
                break
    return out
