"""Every verdict in a sentence, with the moves that decide it.

The analysis itself needs no single move; here they are looked for, for one state at a time: an improvement that nobody answers,
or the answer to the best improvement. Looking ends at the first that is found.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detente.base.words import count, sentence
from detente.graph.pairs import EXTENSIONS

if TYPE_CHECKING:
    from detente.graph.result import Graph

__all__ = ["Countermove", "improvements", "verdict", "witness"]


@dataclass(frozen=True)
class Countermove:
    """How the others answer a move: their steps, as (place of who moves, state it moves to, from 0); the last is the
    sanction."""

    move: int
    steps: tuple[tuple[int, int], ...]


def verdict(found: Graph, state: int, party: int, concept: str) -> str:
    """Why a state (from 0) is stable, or is not, for a party (from 0)."""
    name, here = found.conflict.parties[party].said, state + 1
    open_to, deterred = _attitude(found)
    moves = improvements(found, party, state, open_to)
    unsure = " or cannot be compared" if open_to and found.levels[party].has_unknown else ""
    if not moves:
        return f"No move of {name} leads from state {here} to one that is better{unsure}."
    if concept == "nash":
        return f"{sentence(name)} would leave state {here} for state {moves[0] + 1}, which is better{unsure}."
    for q in moves:
        if witness(found, state, party, concept, q) is None:
            return f"{sentence(name)} would leave state {here} for state {q + 1}, and {_nothing(concept, name, here)}."
    answer = witness(found, state, party, concept, moves[0])
    assert answer is not None
    met = _met(found, answer, name, concept, here, deterred)
    one = f"{sentence(name)} could move from state {here} to state {moves[0] + 1}, but {met}"
    if len(moves) == 1:
        return f"{one}."
    return f"{one}; {count(len(moves) - 1, 'other better move')} can be answered as well."


def _nothing(concept: str, name: str, here: int) -> str:
    much = concept.startswith("strong-")
    worse = f"one that is much worse for {name}" if much else f"one that is no better for {name} than {here}"
    if concept.endswith("sim"):
        return f"no improvement that another makes at the same time leads to {worse}"
    if concept.endswith("seq"):
        return f"no answer by which the others themselves gain leads to {worse}"
    if concept.endswith("smr"):
        return f"no answer of the others leads to {worse} and leaves nothing better to move to"
    return f"no answer of the others leads to {worse}"


def _met(found: Graph, answer: Countermove, name: str, concept: str, here: int, deterred: bool) -> str:
    parties = found.conflict.parties
    end = answer.steps[-1][1] + 1
    unsure = " as far as is known" if deterred and found.extensions else ""
    much = concept.startswith("strong-")
    worse = f"which is much worse for {name}" if much else f"which is no better for {name} than {here}{unsure}"
    if concept.endswith("sim"):
        mover, _ = answer.steps[0]
        return f"if {parties[mover].said} made a better move at the same time, both would end in state {end}, {worse}"
    go = "gain by moving on" if concept.endswith("seq") else "move on"
    steps = " and ".join(f"{parties[j].said} could {go} to state {q + 1}" for j, q in answer.steps)
    back = f", and {name} could get to nothing better from there" if concept.endswith("smr") else ""
    return f"{steps}, {worse}{back}"


def improvements(found: Graph, party: int, state: int, unknown: bool) -> list[int]:
    """The states that a party would move to from a state, the best first; `unknown`: with those it cannot compare."""
    level = found.levels[party].level
    moves = [int(q) for q in found.moves.of(party, state) if better(found, party, state, int(q), unknown)]
    return sorted(moves, key=lambda q: (-int(level[q]), q))


def better(found: Graph, party: int, s: int, q: int, unknown: bool) -> bool:
    """Whether q is better than s for a party; `unknown`: what counts where it does not know."""
    own = found.levels[party]
    if own.has_unknown and (own.one[s] & own.other[q]) | (own.other[s] & own.one[q]):
        return unknown
    return bool(own.level[q] > own.level[s])


def witness(found: Graph, state: int, party: int, concept: str, move: int) -> Countermove | None:
    """The others' shortest answer to a move of the party that deters it, or None."""
    _, deterred = _attitude(found)
    own = found.levels[party]

    def sanction(r: int) -> bool:
        if concept.startswith("strong-"):
            return bool(own.level[r] <= own.strong[own.level[state]])
        return not better(found, party, state, r, not deterred)

    others = [j for j in range(len(found.levels)) if j != party]
    if concept.endswith("sim"):
        return _together(found, state, others, move, sanction)
    if found.reached:  # known from the analysis; a search that finds nothing would visit all that can be reached
        level = int(own.level[state])
        least = int(own.strong[level]) if concept.startswith("strong-") else level
        if found.reached[concept.removeprefix("strong-")][party, move] > least:
            return None
    improving = concept.endswith("seq")
    lasting = concept.endswith("smr")
    seen = set[tuple[int, int]]()
    waiting: deque[tuple[int, int, tuple[tuple[int, int], ...]]] = deque([(move, -1, ())])
    while waiting:
        at, last, steps = waiting.popleft()
        for j in others:
            if j == last:
                continue
            for r in _onward(found, j, at, improving):
                if (r, j) in seen:
                    continue
                seen.add((r, j))
                taken = (*steps, (j, r))
                if sanction(r) and not (lasting and any(not sanction(int(p)) for p in found.moves.of(party, r))):
                    return Countermove(move, taken)
                waiting.append((r, j, taken))
    return None


def _onward(found: Graph, j: int, at: int, improving: bool) -> Iterator[int]:
    for r in found.moves.of(j, at):
        if not improving or better(found, j, at, int(r), True):
            yield int(r)


def _together(found: Graph, state: int, others: list[int], move: int, sanction: object) -> Countermove | None:
    from detente.graph.states import index_of

    assert callable(sanction)
    for j in others:
        for p in improvements(found, j, state, True):
            r = index_of(found.states, int(found.states[move] ^ found.states[p] ^ found.states[state]))
            if r >= 0 and sanction(r):
                return Countermove(move, ((j, r),))
    return None


def _attitude(found: Graph) -> tuple[bool, bool]:
    return EXTENSIONS[found.unknown] if found.extensions else (False, False)
