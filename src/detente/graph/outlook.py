"""What a conflict comes to, in sentences for who has no time for states: told by what each party does otherwise than today.

1. Who would gain by a step of its own today, and whether an answer by which the others gain would undo that (sequential
   stability).
2. Which outcomes are better than today for everybody, and whether the nearest of them would hold. Nearest: with the fewest
   options otherwise than today; of equals the first. An option that goes one way is not counted back, and who cannot compare
   two states does not hold one of them better.
3. How many outcomes hold by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.base.wording import some
from detente.base.words import sentence
from detente.graph.sentences import improvements, witness
from detente.graph.stability import for_all

if TYPE_CHECKING:
    from detente.graph.result import Graph

__all__ = ["better_for_all", "nearest", "outlook"]

_MOST = 6  # options of a party that are named


def outlook(found: Graph) -> Iterator[str]:
    """The sentences, the most important first."""
    today = found.status_quo
    if today is not None:
        yield from _alone(found, today - 1)
        yield from _together(found, today - 1)
    yield _stable(found)


def better_for_all(found: Graph, state: int) -> NDArray[np.int64]:
    """The states (from 0) that every party surely holds better than one, and that can be reached from it by all together."""
    here, keep = int(found.states[state]), np.ones(found.count, dtype=bool)
    for own in found.levels:
        keep &= own.level > own.level[state]
        if own.has_unknown:
            keep &= ((own.one[state] & own.other) | (own.other[state] & own.one)) == 0
    for n, option in enumerate(found.conflict.options):
        taken, was = (found.states >> n) & 1 == 1, bool(here >> n & 1)
        if option.direction == "forward" and was:
            keep &= taken
        if option.direction == "back" and not was:
            keep &= ~taken
    return np.flatnonzero(keep)


def nearest(found: Graph, state: int, among: NDArray[np.int64]) -> int:
    """Of some states the one with the fewest options otherwise than in another; the first of equals."""
    here = int(found.states[state])
    return int(min(among.tolist(), key=lambda q: ((int(found.states[q]) ^ here).bit_count(), q)))


def _alone(found: Graph, today: int) -> Iterator[str]:
    content = [p.said for n, p in enumerate(found.conflict.parties) if not improvements(found, n, today, False)]
    if len(content) == len(found.conflict.parties):
        yield "Nobody gains by acting alone: today's state holds by itself."
        return
    for n, party in enumerate(found.conflict.parties):
        for move in improvements(found, n, today, False)[:1]:
            step = _change(found, today, move, [n])
            yield f"{sentence(party.said)} would gain by acting alone ({step}){_answer(found, today, n, move)}."
    if content:
        yield f"Acting alone would be no gain for {some(content)}."


def _answer(found: Graph, state: int, party: int, move: int) -> str:
    """What follows a step that pays: an answer by which the others gain and which undoes it, or none."""
    answer = witness(found, state, party, "seq", move)
    if answer is None:
        return ", and no answer by which another gains would undo that"
    movers = list(dict.fromkeys(j for j, _ in answer.steps))
    names = some([found.conflict.parties[j].said for j in movers])
    then = _change(found, move, answer.steps[-1][1], movers)
    return f", but {names} would gain by an answer ({then}) after which nothing would have been won"


def _together(found: Graph, today: int) -> Iterator[str]:
    better = better_for_all(found, today)
    if not len(better):
        yield "No outcome is better than today for everybody: somebody would lose by every change."
        return
    goal = nearest(found, today, better)
    every = range(len(found.conflict.parties))
    many = f"{len(better):,} of {found.count:,} outcomes are" if len(better) > 1 else f"One of {found.count:,} outcomes is"
    yield f"{many} better than today for everybody. The nearest: {_change(found, today, goal, every)}."
    leaving = [(n, q) for n in every for q in improvements(found, n, goal, False)[:1]]
    if not leaving:
        yield "Once there, nobody gains by acting alone: it holds by itself."
    for n, q in leaving:
        name = found.conflict.parties[n].said
        if found.stable["seq"][n, goal]:
            holds = "what the others would do in turn deters it"
        else:
            holds = "no answer by which another gains deters it, so that it takes a guarantee, or smaller steps"
        yield f"Once there, {name} would gain by acting alone ({_change(found, goal, q, [n])}); {holds}."


def _stable(found: Graph) -> str:
    alone, ahead = (int(for_all(found.stable[c]).sum()) for c in ("nash", "seq"))
    hold = (
        f"{alone:,} of {found.count:,} outcomes hold by themselves"
        if alone > 1
        else f"{f'1 of {found.count:,} outcomes' if alone else 'No outcome'} holds by itself"
    )
    return f"{hold}; if each reckons with the others' answers, {ahead:,} of {found.count:,} do{'es' * (ahead == 1)}."


def _change(found: Graph, here: int, there: int, parties: Sequence[int]) -> str:
    """What these parties do otherwise in a state than in another, party by party where there are several."""
    before, after = int(found.states[here]), int(found.states[there])
    out = []
    for n in parties:
        party = found.conflict.parties[n]
        own = [o for o in party.options if (before ^ after) >> o & 1]
        told = [("" if after >> o & 1 else "no longer ") + f"“{found.conflict.options[o].title}”" for o in own[:_MOST]]
        more = [f"{len(own) - _MOST} more"] if len(own) > _MOST else []
        if own:
            who = f"{party.name}: " if len(parties) > 1 else ""
            out.append(who + ", ".join(told + more))
    return "; ".join(out)
