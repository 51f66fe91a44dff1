"""Every concept agrees with the definitions, written out as sets and loops, on random conflicts.

A single test that fails here means that the analysis says "stable" where the field's definition says "unstable", or the other
way round: the one thing that must not happen.
"""

from __future__ import annotations

from functools import partial
from itertools import combinations

import numpy as np
import pytest

from conflictcases import conflict_of, draw
from conflictforce import EXTENSIONS, Force
from detente.graph.coalition import stability_of
from detente.graph.solve import graph

CONCEPTS = ("nash", "gmr", "smr", "seq", "sim")


@pytest.mark.parametrize("block", range(8))
def test_known_preferences(block: int) -> None:
    """Catches a wrong sanction, a lost sequence, a move through an infeasible state or against a direction, a mistaken tie."""
    for seed in range(250 * block, 250 * (block + 1)):
        plain = draw(seed, most_options=5 if seed % 5 else 7)
        force, found = Force(plain), graph(conflict_of(plain))
        assert found.count == len(force.states)
        for concept in CONCEPTS:
            told = [[force.stable(frozenset([i]), s, concept) for s in force.states] for i in force.parties]
            assert (found.stable[concept] == np.array(told)).all(), (seed, concept)


@pytest.mark.parametrize("block", range(4))
def test_strength_of_preference(block: int) -> None:
    """Catches a strong sanction that is only a weak one, or a strong improvement of the moving party that is overlooked."""
    for seed in range(100 * block, 100 * (block + 1)):
        plain = draw(seed, most_options=5)
        force, found = Force(plain), graph(conflict_of(plain))
        if "strong-gmr" not in found.stable:
            assert all(len(tiers) == 1 for tiers in plain.ranking)
            continue
        for concept in ("gmr", "smr", "seq"):
            told = [[force.stable(frozenset([i]), s, concept, strong=True) for s in force.states] for i in force.parties]
            assert (found.stable[f"strong-{concept}"] == np.array(told)).all(), (seed, concept)
            assert (found.stable[concept] | ~found.stable[f"strong-{concept}"]).all()


@pytest.mark.parametrize("block", range(4))
def test_unknown_preference(block: int) -> None:
    """Catches an extension that mixes up what tempts with what deters, and a party that moves twice running."""
    for seed in range(100 * block, 100 * (block + 1)):
        plain = draw(seed, unknown=True, most_options=5)
        if not any(plain.unknown):
            continue
        force, found = Force(plain), graph(conflict_of(plain), unknown="c")
        for name, (open_to, deterred) in EXTENSIONS.items():
            for concept in CONCEPTS:
                told = [
                    [force.stable(frozenset([i]), s, concept, open_to=open_to, deterred=deterred) for s in force.states]
                    for i in force.parties
                ]
                assert (found.extensions[name][concept] == np.array(told)).all(), (seed, name, concept)
        assert found.stable.keys() == found.extensions["c"].keys()
        assert all((found.stable[k] == found.extensions["c"][k]).all() for k in found.stable)


def test_coalitions() -> None:
    """Catches a coalition that moves only through feasible states, gains for some members only, or is answered by its own."""
    for seed in range(120):
        plain = draw(seed, most_options=5, unknown=seed % 4 == 0)
        conflict = conflict_of(plain)
        force, found = Force(plain), graph(conflict, unknown="b")
        for size in range(1, plain.parties + 1):
            for members in combinations(range(plain.parties), size):
                made = stability_of(conflict, found.states, found.levels, members, extension="b")
                for concept in ("nash", "gmr", "smr", "seq"):
                    told = [force.stable(frozenset(members), s, concept) for s in force.states]
                    assert (made[concept] == np.array(told)).all(), (seed, members, concept)


def test_a_conflict_of_coalitions_is_one_of_their_parties() -> None:
    """A coalition whose members all prefer the same is one party with all their options. Catches coalitions that answer one by
    one, or a gain for one member that counts as a gain for all."""
    from detente.graph.model import Conflict, Party

    for seed in range(60):
        conflict = conflict_of(draw(seed, most_options=5), strong=False)
        first, second, *rest = conflict.parties
        twin = Party(second.id, second.name, second.options, first.preference)
        apart = Conflict(
            "x", "x", (first, twin, *rest), conflict.options, conflict.infeasible,
            coalitions=((0, 1), *((n + 2,) for n in range(len(rest)))),
        )  # fmt: skip
        joint = Party("joint", "joint", (*first.options, *second.options), first.preference)
        together = graph(Conflict("x", "x", (joint, *rest), conflict.options, conflict.infeasible))
        for n, one in enumerate(graph(apart).partition):
            for concept in CONCEPTS:
                assert (one.stable[concept] == together.stable[concept][n]).all(), (seed, n, concept)


@pytest.mark.parametrize("horizon", [1, 2, 3])
def test_limited_moves(horizon: int) -> None:
    """Catches a backward reckoning that lets a party stay where it cannot, or takes the best where it must take the worst."""
    for seed in range(60):
        plain = draw(seed, most_options=4)
        force, found = Force(plain), graph(conflict_of(plain, strong=False), horizon=horizon)
        told = [[force.stays(horizon, i, s) for s in force.states] for i in force.parties]
        assert found.limited is not None
        assert (found.limited == np.array(told)).all(), seed
        if horizon == 1:
            assert (found.limited == found.stable["nash"]).all()


def _gains(force: Force, j: int, state: tuple[bool, ...]) -> frozenset[tuple[bool, ...]]:
    return force.improvements(j, state, False)


def test_a_path_of_improvements_is_one() -> None:
    """Catches a path with a step that is no move, is no gain for who makes it, or is made twice running by one party; and a
    state that is said to be out of reach though improvements lead to it."""
    for seed in range(150):
        plain = draw(seed, most_options=5, unknown=seed % 3 == 0)
        force = Force(plain)
        conflict = conflict_of(plain, strong=False)
        start = seed % len(force.states)
        today = sum(1 << n for n, yes in enumerate(force.states[start]) if yes)
        found = graph(type(conflict)(**{**conflict.__dict__, "status_quo": today})).paths
        assert found is not None
        number = {s: n for n, s in enumerate(force.states, 1)}
        legal = force._legal(force.states[start], frozenset(force.parties), partial(_gains, force))
        assert set(found.reached) == {number[s] for s in legal} | {start + 1}
        for goal in found.reached:
            steps = found.to(goal)
            here, last = force.states[start], -1
            for party, into in steps:
                there = force.states[into - 1]
                assert party != last
                assert there in force.improvements(party, here, False)
                here, last = there, party
            assert number[here] == goal
