"""Random conflicts as plain data, and the same as `Conflict`: the brute-force solver reads the one, the library the other."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from itertools import product

from detente.graph.formula import Formula, always, literal, some
from detente.graph.model import Conflict, Option, Party, Ranked

State = tuple[bool, ...]


@dataclass
class Plain:
    """A conflict as plain data: options by owner, directions, infeasible patterns, and by party a ranking of the feasible
    states.

    ranking[i] : tiers of groups of states, best first; between tiers the preference is strong. unknown[i] : unordered pairs.
    """

    owners: list[int]
    directions: list[str]
    infeasible: list[dict[int, bool]]
    parties: int
    ranking: list[list[list[list[State]]]] = field(default_factory=list)
    unknown: list[set[frozenset[State]]] = field(default_factory=list)

    @property
    def states(self) -> list[State]:
        """The feasible states, the first option being the lowest digit."""
        every = (tuple(reversed(x)) for x in product((False, True), repeat=len(self.owners)))
        return [s for s in every if not any(all(s[n] == yes for n, yes in p.items()) for p in self.infeasible)]


def draw(seed: int, *, unknown: bool = False, most_options: int = 7, ties: bool = True) -> Plain:
    """A random conflict of 2 to 4 parties and up to 7 options with at least one feasible state."""
    rng = random.Random(seed)
    while True:
        parties = rng.randint(2, 4)
        count = rng.randint(parties, max(parties, most_options))
        owners = sorted([*range(parties), *(rng.randrange(parties) for _ in range(count - parties))])
        one_way = rng.choice([0.0, 0.3, 0.6])
        directions = [rng.choice(["forward", "back"]) if rng.random() < one_way else "both" for _ in owners]
        infeasible = [
            {n: rng.random() < 0.5 for n in rng.sample(range(count), rng.randint(1, min(3, count)))}
            for _ in range(rng.choice([0, 0, 1, 2, 4]))
        ]
        plain = Plain(owners, directions, infeasible, parties)
        states = plain.states
        if states:
            break
    for _ in range(parties):
        mixed = states[:]
        rng.shuffle(mixed)
        groups: list[list[State]] = []
        for s in mixed:
            if groups and ties and rng.random() < 0.3:
                groups[-1].append(s)
            else:
                groups.append([s])
        tiers: list[list[list[State]]] = [[]]
        for g in groups:
            if tiers[-1] and rng.random() < 0.3:
                tiers.append([])
            tiers[-1].append(g)
        plain.ranking.append(tiers)
        pairs = set[frozenset[State]]()
        if unknown and len(states) > 1:
            for _ in range(rng.choice([0, 1, 4, 12])):
                pairs.add(frozenset(rng.sample(states, 2)))
        plain.unknown.append(pairs)
    return plain


def conflict_of(plain: Plain, *, strong: bool = True) -> Conflict:
    """The same conflict for the library; without `strong` all tiers of a ranking are one."""
    number = {s: n for n, s in enumerate(plain.states, 1)}
    parties = []
    for i in range(plain.parties):
        tiers = tuple(tuple(tuple(number[s] for s in group) for group in tier) for tier in plain.ranking[i])
        if not strong:
            tiers = (tuple(group for tier in tiers for group in tier),)
        options = tuple(n for n, owner in enumerate(plain.owners) if owner == i)
        pairs = tuple((_exactly(a), _exactly(b)) for a, b in map(tuple, plain.unknown[i]))
        parties.append(Party(f"p{i}", f"Party {i}", options, Ranked(tiers), pairs))
    options = tuple(Option(f"o{n}", f"Option {n}", d) for n, d in enumerate(plain.directions))
    infeasible = tuple(always(p) for p in plain.infeasible)
    return Conflict("random", "Random", tuple(parties), options, infeasible)


def _exactly(state: State) -> Formula:
    return always(dict(enumerate(state)))


def random_formula(rng: random.Random, options: int, depth: int = 3) -> Formula:
    """A random statement."""
    if depth == 0 or rng.random() < 0.25:
        return literal(rng.randrange(options), rng.random() < 0.6)
    kind = rng.choice(["not", "and", "or", "if", "iff"])
    if kind == "not":
        return Formula("not", parts=(random_formula(rng, options, depth - 1),))
    parts = tuple(random_formula(rng, options, depth - 1) for _ in range(2))
    return some(parts) if kind == "or" else Formula(kind, parts=parts)
