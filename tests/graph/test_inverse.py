"""The inverse question against all rankings of tiny conflicts, each tried by the definitions."""

from __future__ import annotations

from itertools import combinations, permutations

import pytest

from conflictcases import Plain, conflict_of, draw
from conflictforce import Force
from detente.errors import GraphError
from detente.graph.inverse import inverse
from detente.graph.solve import graph

CONCEPTS = ("nash", "gmr", "smr", "seq", "sim")


def tiny(seed: int) -> Plain:
    """A conflict of at most five states, so that all its rankings can be tried."""
    while True:
        plain = draw(seed, most_options=4)
        if 3 <= len(plain.states) <= 5:
            return plain
        seed += 1000


@pytest.mark.parametrize("concept", CONCEPTS)
def test_the_conditions_are_those_of_all_rankings(concept: str) -> None:
    """Catches a condition that is too strict or too loose: for every ranking of the party, the definitions decide."""
    for seed in range(14):
        plain = tiny(seed)
        states = plain.states
        found = graph(conflict_of(plain, strong=False))
        state = seed % len(states)
        for one in inverse(found, state + 1, concept):
            i = [p.id for p in found.conflict.parties].index(one.party)
            for ranking in permutations(states):
                tried = Plain(plain.owners, plain.directions, plain.infeasible, plain.parties, [*plain.ranking], plain.unknown)
                tried.ranking[i] = [[[s] for s in ranking]]
                no_better = frozenset(states.index(s) + 1 for s in ranking[ranking.index(states[state]) :])
                told = Force(tried).stable(frozenset([i]), states[state], concept)
                assert one.allows(no_better) == told, (seed, concept, ranking)


@pytest.mark.parametrize("concept", CONCEPTS)
def test_the_fewest_changes_are_fewest(concept: str) -> None:
    """Catches a change that does not do, and a smaller one, or an equal one, that is missed."""
    for seed in range(60):
        plain = draw(seed, most_options=4)
        found = graph(conflict_of(plain, strong=False))
        state = seed % found.count + 1
        for i, one in enumerate(inverse(found, state, concept)):
            level = found.levels[i].level
            held = frozenset(n + 1 for n in range(found.count) if level[n] <= level[state - 1])
            assert one.stable == one.allows(held) == found.is_stable(state, one.party, concept)
            better = [n for n in range(1, found.count + 1) if n not in held]
            for size in range(len(better) + 1):
                sets = [c for c in combinations(better, size) if one.allows(held | frozenset(c))]
                if sets:
                    break
            assert one.complete
            assert one.changes == (() if one.stable else tuple(sorted(sets))), (seed, concept)


def test_one_party_and_refusals() -> None:
    """Catches an answer for the wrong party, and a question that cannot be answered but is."""
    found = graph(conflict_of(draw(3, most_options=4), strong=False))
    assert [one.party for one in inverse(found, 1, party="p1")] == ["p1"]
    for asked, said in (
        ((found, 0), "wanted 1 to"),
        ((found, 1, "strong-gmr"), "wanted nash"),
        ((found, 10**6), "wanted 1 to"),
    ):
        with pytest.raises(GraphError, match=said):
            inverse(*asked)
    with pytest.raises(GraphError, match="wanted a party"):
        inverse(found, 1, party="nobody")
    unknown = next(p for p in (draw(s, unknown=True, most_options=4) for s in range(50)) if any(p.unknown))
    with pytest.raises(GraphError, match="all known"):
        inverse(graph(conflict_of(unknown)), 1)
