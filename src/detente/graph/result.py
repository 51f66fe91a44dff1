"""What the analysis of a conflict found.

States are told by their number among the feasible ones, from 1, in the order of their bit patterns (first option: lowest bit).
An equilibrium under a concept is a state that is stable under it for every party.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.base.frozen import Frozen
from detente.graph.levels import Levels
from detente.graph.model import Conflict
from detente.graph.moves import Moves
from detente.graph.pairs import CONCEPTS
from detente.graph.stability import Flags, for_all
from detente.graph.states import index_of

if TYPE_CHECKING:
    from detente.graph.coalition import Coalition
    from detente.graph.paths import Paths

__all__ = ["MOST_LISTED", "Graph"]

MOST_LISTED = 4096


@dataclass(frozen=True)
class Graph(Frozen):
    """A conflict with the stability of its states; P parties, N states.

    conflict : what was analysed. states : bit patterns of the feasible states, rising, of shape (N,). levels : what each party
    prefers. moves : who can move where. stable : by concept, of shape (P, N). extensions : where preferences are unknown, the
    same by extension; `unknown` names the one in `stable`. horizon, limited : h and the L(h) stability, of shape (P, N), if it
    was asked for.
    """

    conflict: Conflict
    states: NDArray[np.int64] = field(repr=False)
    levels: tuple[Levels, ...] = field(repr=False)
    moves: Moves = field(repr=False)
    stable: Mapping[str, Flags] = field(repr=False)
    extensions: Mapping[str, Mapping[str, Flags]] = field(default_factory=dict, repr=False)
    unknown: str = "a"
    horizon: int | None = None
    limited: Flags | None = field(default=None, repr=False)
    reached: Mapping[str, NDArray[np.int32]] = field(default_factory=dict, repr=False)

    @property
    def count(self) -> int:
        """How many states are feasible."""
        return len(self.states)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was taken for granted, in words."""
        if self.extensions and any(x.has_strength for x in self.levels):
            return (*self.conflict.notes, "Where some preference is unknown, the strength of the others is left aside.")
        return self.conflict.notes

    @property
    def status_quo(self) -> int | None:
        """The number of today's state, or None."""
        state = self.conflict.status_quo
        return None if state is None else index_of(self.states, state) + 1

    def pattern(self, number: int) -> str:
        """A state by number as Y or N for each option."""
        return self.conflict.pattern(int(self.states[self._state(number)]))

    def number(self, pattern: str) -> int | None:
        """The number of a state written as Y or N for each option; None if it is not feasible."""
        value = sum(1 << n for n, letter in enumerate(pattern) if letter == "Y")
        return index_of(self.states, value) + 1 or None

    def is_stable(self, number: int, party: str, concept: str) -> bool:
        """Whether a state is stable for a party under a concept.

        Raises
        ------
        GraphError
            If there is no such state, party or concept.
        """
        return bool(self.stable[self.known(concept)][self.place(party), self._state(number)])

    def equilibria(self, concept: str = "nash") -> list[int]:
        """The states that are stable for every party, by number."""
        return _numbers(for_all(self.stable[self.known(concept)]))

    def verdict(self, number: int, party: str, concept: str) -> str:
        """Why a state is stable, or is not, for a party, in a sentence."""
        from detente.graph.sentences import verdict

        return verdict(self, self._state(number), self.place(party), self.known(concept))

    def verdicts(self, number: int) -> dict[str, dict[str, str]]:
        """The same for every party and concept."""
        return {p.id: {c: self.verdict(number, p.id, c) for c in self.stable} for p in self.conflict.parties}

    @cached_property
    def paths(self) -> Paths | None:
        """What can be reached from today by improvements; None without a status quo."""
        from detente.graph.paths import paths

        today = self.status_quo
        return None if today is None else paths(self, today - 1)

    @cached_property
    def coalitions(self) -> tuple[Coalition, ...]:
        """The stability of every state for every coalition of two parties and more."""
        from detente.graph.coalition import coalitions

        return coalitions(self.conflict, self.states, self.levels, extension=self.unknown)

    @cached_property
    def partition(self) -> tuple[Coalition, ...]:
        """The same for the coalitions that the conflict itself names, each acting as one; empty where it names none."""
        from detente.graph.coalition import partition

        return partition(self.conflict, self.states, self.levels, extension=self.unknown)

    def coalitional(self, concept: str = "nash") -> list[int]:
        """The states that are stable for every coalition, single parties included."""
        together = for_all(self.stable[self.known(concept)])
        for c in self.coalitions:
            together = together & c.stable[concept]
        return _numbers(together)

    def place(self, party: str) -> int:
        """The place of a party, by id or name."""
        from detente.base.wording import suggestion
        from detente.errors import GraphError

        for n, p in enumerate(self.conflict.parties):
            if party in (p.id, p.name):
                return n
        known = [p.id for p in self.conflict.parties]
        hint = suggestion(party, known) or f"the parties are {', '.join(known)}"
        raise GraphError(f"{self.conflict.id}: got {party!r}, wanted a party of the conflict ({hint})")

    def _state(self, number: int) -> int:
        from detente.errors import GraphError

        if not 1 <= number <= self.count:
            raise GraphError(f"{self.conflict.id}: got state {number}, wanted 1 to {self.count}")
        return number - 1

    def known(self, concept: str) -> str:
        """The concept, if it was analysed.

        Raises
        ------
        GraphError
            If it was not.
        """
        from detente.errors import GraphError

        if concept not in self.stable:
            raise GraphError(f"{self.conflict.id}: got the concept {concept!r}, wanted one of {', '.join(self.stable)}")
        return concept

    def to_dict(self, *, states: bool = False, coalitions: bool = False) -> dict[str, object]:
        """The keys of `detente graph --json`; above 4,096 states counts in place of lists, unless `states` asks for them.

        outlook : in sentences: who could gain alone, what is better for all, whether it would hold
        patterns : with `--states`, every state as `Y` and `N` for each option
        limited.horizon : h
        limited.equilibria : states L(h) stable for every party
        limited.stable : by party
        coalitions.equilibria : by concept, states stable for every coalition, single parties included
        coalitions.stable.members : a coalition
        verdicts : with `--why`, by party and concept, why it is stable or not
        unknown : the extension that the plain lists hold, if preferences are unknown
        extensions.equilibria, extensions.stable : the same for each extension, by its letter
        partition.equilibria, partition.stable : the same for the named coalitions, each acting as one
        partition.stable.members : who acts together
        conflict : its slug or name
        names, titles : of parties and options as they are shown
        parties, options : their ids, in order
        states : how many are feasible
        listed : whether lists are printed; `false`: counts
        status_quo : the number of today's state; `null` where the conflict does not say
        equilibria : by concept (`nash`, `gmr`, `smr`, `seq`, `sim`, and with strong preferences `strong-gmr`, `strong-smr`,
            `strong-seq`), the states that are stable for every party
        stable : the same by party and concept
        levels : by party, the level of every state; 0 is the worst
        limited : with `--horizon`
        paths : where improvements lead from today; absent without a status quo
        coalitions : with `--coalitions`
        coalitions.stable : each coalition
        extensions : by extension
        partition : where the conflict names coalitions
        coalitions.stable[].ID, partition.stable[].ID : by concept, states stable for it
        """
        from detente.graph.outlook import outlook

        listed = states or self.count <= MOST_LISTED

        def told(flags: Flags) -> object:
            return _numbers(flags) if listed else int(flags.sum())

        parties = [p.id for p in self.conflict.parties]

        def table(stable: Mapping[str, Flags]) -> dict[str, object]:
            return {i: {c: told(f[n]) for c, f in stable.items()} for n, i in enumerate(parties)}

        out: dict[str, object] = {
            "conflict": self.conflict.id,
            "title": self.conflict.title,
            "parties": parties,
            "options": [o.id for o in self.conflict.options],
            "names": {p.id: p.name for p in self.conflict.parties},
            "titles": {o.id: o.title for o in self.conflict.options},
            "states": self.count,
            "listed": listed,
            "status_quo": self.status_quo,
            "equilibria": {c: told(for_all(f)) for c, f in self.stable.items()},
            "stable": table(self.stable),
            "outlook": list(outlook(self)),
            "notes": list(self.notes),
        }
        if states:
            out["patterns"] = [self.conflict.pattern(int(s)) for s in self.states]
            out["levels"] = {i: x.level.tolist() for i, x in zip(parties, self.levels, strict=True)}
        if self.extensions:
            out["unknown"] = self.unknown
            out["extensions"] = {
                name: {"equilibria": {c: told(for_all(f)) for c, f in stable.items()}, "stable": table(stable)}
                for name, stable in self.extensions.items()
            }
        if self.limited is not None:
            out["limited"] = {
                "horizon": self.horizon,
                "equilibria": told(for_all(self.limited)),
                "stable": {i: told(self.limited[n]) for n, i in enumerate(parties)},
            }
        if self.paths is not None:
            out["paths"] = self.paths.to_dict(listed=listed)
        if coalitions:
            kept = CONCEPTS[:4]
            out["coalitions"] = {
                "equilibria": {c: told(for_all([*self.stable[c], *(x.stable[c] for x in self.coalitions)])) for c in kept},
                "stable": [
                    {"members": [parties[n] for n in x.members], **{c: told(x.stable[c]) for c in kept}}
                    for x in self.coalitions
                ],
            }
        if self.conflict.coalitions:
            out["partition"] = {
                "equilibria": {c: told(for_all([x.stable[c] for x in self.partition])) for c in CONCEPTS},
                "stable": [
                    {"members": [parties[n] for n in x.members], **{c: told(f) for c, f in x.stable.items()}}
                    for x in self.partition
                ],
            }
        return out

    def _repr_html_(self) -> str:
        from detente.base.parts import notebook
        from detente.graph.telling import show_graph

        return notebook(*show_graph(self, states=True))


def _numbers(flags: Flags) -> list[int]:
    return [int(n) + 1 for n in np.flatnonzero(flags)]
