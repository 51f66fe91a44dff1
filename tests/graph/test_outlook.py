"""What a conflict comes to in sentences: better outcomes against the rankings themselves, and textbook conflicts."""

from __future__ import annotations

import re

import pytest

import detente as dt
from conflictcases import Plain, State, conflict_of, draw
from detente.case.load import load
from detente.graph.outlook import better_for_all, nearest, outlook
from detente.graph.solve import graph
from smallcases import Data, swap


def better_by_definition(plain: Plain, here: State, there: State) -> bool:
    """Nobody is in doubt, everybody ranks it higher, and no one-way option is turned back."""
    for ranking, unknown in zip(plain.ranking, plain.unknown, strict=True):
        place = {s: n for n, s in enumerate(s for tier in ranking for s in [tuple(g) for g in tier])}
        rank = {s: n for group, n in place.items() for s in group}
        if frozenset((here, there)) in unknown or not rank[there] < rank[here]:
            return False
    back = {"both": (), "forward": ((True, False),), "back": ((False, True),)}
    return not any((a, b) in back[d] for a, b, d in zip(here, there, plain.directions, strict=True))


@pytest.mark.parametrize("unknown", [False, True])
def test_better_for_all_is_what_the_rankings_say(unknown: bool) -> None:
    """Catches ties taken for better, a party left out, a doubt overlooked, and a one-way option counted back."""
    some = 0
    for seed in range(60):
        plain = draw(seed, unknown=unknown, most_options=5)
        found, states = graph(conflict_of(plain)), plain.states
        for s, here in enumerate(states):
            expected = [q for q, there in enumerate(states) if better_by_definition(plain, here, there)]
            assert better_for_all(found, s).tolist() == expected
            some += bool(expected)
            if expected:
                near = states[nearest(found, s, better_for_all(found, s))]
                steps = [sum(a != b for a, b in zip(here, states[q], strict=True)) for q in expected]
                assert sum(a != b for a, b in zip(here, near, strict=True)) == min(steps)
    assert some > 50  # else nothing was compared


def test_a_prisoners_dilemma() -> None:
    """Nobody gains alone; silence of both is better for both; each would break it, and the other's answer deters that."""
    told = list(outlook(dt.graph("prisoners-dilemma")))
    assert "Nobody gains by acting alone" in told[0]
    assert "One of 4 outcomes is better" in told[1]
    assert all(name in told[1] for name in ("First prisoner", "Second prisoner", "Keep silent"))
    assert sum("deters" in line and "no answer" not in line for line in told) == 2
    assert told[-1] == "1 of 4 outcomes holds by itself; if each reckons with the others' answers, 2 of 4 do."


def test_chicken() -> None:
    """From the crash each driver gains by swerving, and nobody answers that."""
    told = list(outlook(dt.graph("chicken")))
    assert sum("would gain by acting alone (“Swerve”), and no answer" in line for line in told) == 2
    assert any("it holds by itself" in line for line in told)


def test_parties_are_named_as_everywhere_else() -> None:
    """Catches a name without the article that the case gives it, and a party in the plural that is spoken of as it."""

    for who, worth in (("a", -1), ("a", 1), ("b", 1)):

        def rebels(data: Data, who: str = who, worth: float = worth) -> None:
            data["parties"]["a"] |= {"name": "Rebels", "article": "the", "number": "plural"}
            data["measures"][f"give-{who}"]["value"][who] = worth

        found = graph(load(swap(rebels)))
        told = " ".join(outlook(found))
        for concepts in (x for n in range(1, found.count + 1) for x in found.verdicts(n).values()):
            for why in concepts.values():
                assert "Rebels" not in why or "the rebels" in why.lower()
                assert not re.search(r"\b(it|its|has)\b", why)
        assert "the rebels" in told.lower(), "else nothing was compared"
        for sentence in told.split(". "):
            if "Rebels" in sentence and "The nearest:" not in sentence:
                assert "the rebels" in sentence.lower()
                assert " its " not in sentence
