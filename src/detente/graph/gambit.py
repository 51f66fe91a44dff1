"""Conflicts as games in the files of Gambit, where they are small: a game in normal form (.nfg), or one round of moves (.efg).

Normal form    Each party chooses once, without knowing what the others choose. Its strategies are the combinations of its own
               options that it can reach from today's state, all of them where no state is today's; the outcome is the state in
               which all of that is so. A game in normal form has an outcome for every choice, so a conflict in which some of
               these combinations cannot be has none.
One round      From today's state each party moves once or stays, in the order of the conflict, and sees what was done before
               it. What cannot be is no move. The outcome is the state that is reached. It is not the graph model: there, nobody
               says whose turn it is, and moves may go on for ever.

Payoffs are ranks, 0 for a party's worst states, and rising by one from each group of states that it holds equal to the next.
Only their order means anything: what Gambit finds in pure strategies is about this conflict, what it finds in mixed ones is
not.

McKelvey, McLennan and Turocy, Gambit: software tools for game theory (the file formats stand in its manual).
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from detente.base.atomic import write_atomic
from detente.errors import GraphError
from detente.graph.states import index_of

if TYPE_CHECKING:
    from detente.graph.model import Conflict
    from detente.graph.result import Graph

__all__ = ["ENDINGS", "MOST_OUTCOMES", "extensive", "normal", "write_gambit"]

ENDINGS = (".nfg", ".efg")
MOST_OUTCOMES = 20_000
"""Outcomes of a normal form, or ends of a tree, that are written."""


def write_gambit(found: Graph, path: str | Path) -> list[str]:
    """Write a game by the ending of the name, whole or not at all; returns what the format cannot say, in words.

    Raises
    ------
    GraphError
        If the conflict has no such game, or too large a one.
    OutputError
        If the place cannot be written to.
    """
    text = normal(found) if Path(path).suffix.lower() == ".nfg" else extensive(found)
    write_atomic(path, text)
    lost = []
    if any(levels.has_strength for levels in found.levels):
        lost.append("how strong a preference is")
    if any(levels.has_unknown for levels in found.levels):
        lost.append("that some states stand in no known relation")
    return lost


def normal(found: Graph) -> str:
    """The game in normal form, as the text of an .nfg file. Raises GraphError as `write_gambit`."""
    conflict = found.conflict
    choices = [_choices(conflict, p) for p in range(len(conflict.parties))]
    total = _within(conflict, choices)
    profiles = [sum(choice) for choice in itertools.product(*reversed(choices))]  # the first party's choice runs fastest
    at = [index_of(found.states, state) for state in profiles]
    missing = sum(n < 0 for n in at)
    if missing:
        message = f"{missing:,} of {total:,} combinations of choices cannot be, and a normal form has an outcome for each"
        raise GraphError(f"{conflict.id}: {message} (write .efg, in which they are no moves)")
    names = " ".join(_quoted(p.name) for p in conflict.parties)
    strategies = "\n".join(f"{{ {' '.join(_quoted(_taken(conflict, own)) for own in choice)} }}" for choice in choices)
    outcomes = "\n".join(f"{{ {_label(found, n)} {_ranks(found, n)} }}" for n in at)
    order = " ".join(map(str, range(1, total + 1)))
    return f"NFG 1 R {_quoted(conflict.title)} {{ {names} }}\n\n{{ {strategies} }}\n{_COMMENT}\n\n{{\n{outcomes}\n}}\n{order}\n"


def extensive(found: Graph) -> str:
    """One round of moves from today, as the text of an .efg file. Raises GraphError as `write_gambit`."""
    conflict = found.conflict
    if conflict.status_quo is None:
        raise GraphError(f"{conflict.id}: no state is today's, from which moves could begin (give `status_quo`)")
    names = " ".join(_quoted(p.name) for p in conflict.parties)
    lines = _tree(found, conflict.status_quo)
    return f"EFG 2 R {_quoted(conflict.title)} {{ {names} }}\n{_COMMENT}\n\n" + "".join(f"{line}\n" for line in lines)


_COMMENT = '"Payoffs are ranks of the states: only their order means anything."'


def _tree(found: Graph, today: int) -> Iterator[str]:
    """The nodes, each before what follows it."""
    conflict, ends, nodes = found.conflict, 0, [0] * len(found.conflict.parties)
    stack = [(0, today)]
    while stack:
        party, state = stack.pop()
        if party == len(conflict.parties):
            ends += 1
            if ends > MOST_OUTCOMES:
                raise _too_large(conflict, f"more than {MOST_OUTCOMES:,} ends of its tree")
            n = index_of(found.states, state)
            yield f't "" {n + 1} {_label(found, n)} {{ {_ranks(found, n)} }}'
            continue
        nodes[party] += 1
        moves = list(_moves(found, party, state))
        actions = " ".join(_quoted("stay" if to == state else _changed(conflict, state, to)) for to in moves)
        yield f'p "" {party + 1} {nodes[party]} "" {{ {actions} }} 0'
        stack += [(party + 1, to) for to in reversed(moves)]


def _moves(found: Graph, party: int, state: int) -> Iterator[int]:
    """The states that a party can reach by itself, today's first."""
    conflict = found.conflict
    yield state
    for own in _choices(conflict, party, state):
        to = state & ~conflict.mask(party) | own
        if to != state and index_of(found.states, to) >= 0:
            yield to


def _choices(conflict: Conflict, party: int, state: int | None = None) -> list[int]:
    """The combinations of a party's own options that it can reach from a state, from today's where none is given."""
    state = conflict.status_quo if state is None else state
    bits = []
    for n in conflict.parties[party].options:
        way = conflict.options[n].direction
        stays = state is not None and way == ("forward" if state >> n & 1 else "back")
        bits.append([state & 1 << n] if state is not None and stays else [0, 1 << n])
    _within(conflict, bits)
    return [sum(choice) for choice in itertools.product(*bits)]


def _within(conflict: Conflict, choices: list[list[int]]) -> int:
    """How many combinations there are."""
    total = math.prod(map(len, choices))
    if total > MOST_OUTCOMES:
        raise _too_large(conflict, f"{total:,} combinations of choices, and at most {MOST_OUTCOMES:,} are written")
    return total


def _too_large(conflict: Conflict, what: str) -> GraphError:
    return GraphError(f"{conflict.id}: as a game it has {what} (choose fewer options: --options)")


def _label(found: Graph, n: int) -> str:
    """A state by its number and pattern."""
    return _quoted(f"{n + 1} {found.pattern(n + 1)}")


def _ranks(found: Graph, n: int) -> str:
    """The rank that a state has for each party."""
    return ", ".join(str(int(own.level[n])) for own in found.levels)


def _taken(conflict: Conflict, own: int) -> str:
    """What a choice takes, by ids."""
    return " + ".join(option.id for n, option in enumerate(conflict.options) if own >> n & 1) or "none"


def _changed(conflict: Conflict, state: int, to: int) -> str:
    """What a move changes, by ids: what is taken, and what is given up."""
    changed = ((n, option.id) for n, option in enumerate(conflict.options) if (state ^ to) >> n & 1)
    return " ".join(f"{'+' if to >> n & 1 else '-'}{name}" for n, name in changed)


def _quoted(text: str) -> str:
    return json.dumps(" ".join(text.split()), ensure_ascii=False)
