"""What the numbers of a case rest on, counted by hand."""

from __future__ import annotations

from math import log
from typing import Any

import pytest

from detente.case.load import load
from detente.case.rough.footing import footing, roughness
from smallcases import measures, parties, swap


def small(**more: Any) -> dict[str, Any]:
    """The swap, of twelve numbers: each party's discount, stalemate, breakdown and trust, and the two values of each gift."""
    return {**swap(), **more}


def test_a_case_in_numbers_assumes_nothing() -> None:
    """Catches a number that is counted twice, left out, or called assumed without a table."""
    found = footing(load(small()))
    assert dict(found.counts) == {"sourced": 0, "unsourced": 12, "word": 0, "class": 0}
    assert (found.table, found.used, found.assumed) == ("", (), 0)
    assert roughness(load(small())) == ""


def test_evidence_makes_a_number_sourced() -> None:
    """Catches the evidence of one block that counts for all, and the list of all evidence that counts for any."""
    data = small(sources={"s": {"title": "Minutes"}}, evidence={"e": {"source": "s", "says": "A wants it."}})
    data["measures"]["give-a"]["evidence"] = ["e"]
    assert dict(footing(load(data)).counts) == {"sourced": 2, "unsourced": 10, "word": 0, "class": 0}


def test_words_and_classes_are_assumed() -> None:
    """Catches an assumption that is told as stated, and an entry of the table that is counted too often."""
    data = swap(measures(**{"class": "works"}), parties(trust="little", breakdown="heavy"))
    data |= {"rough": {"table": "plain", "changes": {"trust_little": 0.2}}, "phases": {"length": "1 month", "count": 20}}
    data["measures"]["give-a"]["lag"] = 2
    data["measures"]["give-b"]["in_force"] = True
    found = footing(load(data))
    # words: trust and breakdown of both; classes: three of give-a, whose lag is stated; share and lag of give-b, in force
    assert dict(found.counts) == {"sourced": 0, "unsourced": 9, "word": 4, "class": 5}
    used = {use.entry: (use.times, use.changed) for use in found.used}
    assert used == {
        "irreversible_works": (2, False), "lag_works": (1, False), "signal_works": (1, False), "takes_works": (1, False),
        "trust_little": (2, True), "breakdown_heavy": (2, False),
    }  # fmt: skip
    assert "9 of its 18 numbers" in roughness(load(data))


def test_what_would_help_most_comes_first() -> None:
    """Catches weights that ignore the width of a range, or what hangs on it.

    Spread 0: only the two ranges count. A's stakes are |-1| + |2| = 3. The gain of 2 (1 to 4) moves 3 / 3 = 1 of them, and
    A counts on half of it; its trust in B moves 0.2, and two thirds of the stakes are about what B gives: 0.1333.
    """
    data = small()
    data["measures"]["give-b"]["value"]["a"] = [1, 2, 4]
    data["parties"]["a"]["trust"]["b"] = [0.4, 0.5, 0.6]
    first, second, *rest = footing(load(data)).numbers
    assert (first.path, second.path) == ("measures.give-b.value.a", "parties.a.trust.b")
    assert (first.weight, second.weight) == (pytest.approx(0.5), pytest.approx(0.2 * 2 / 3))
    assert not any(number.weight for number in rest)


@pytest.mark.parametrize(
    ("block", "key", "given", "weight"),
    [
        ("parties.a", "discount", [0.8, 0.9, 0.95], 0.15 / 0.9),
        ("parties.a", "stalemate", [-0.3, 0, 0.3], 0.6 / 3),
        ("parties.a", "breakdown", [0, 1, 3], 0.2 * 3 / 3),
        ("measures.give-b", "once", {"a": [0, 1, 2]}, 0.2 * 2 / 3),
        ("measures.give-b", "irreversible", [0, 0.1, 0.3], 0.3 * 2 / 3),
        ("measures.give-b", "lag", [1, 2, 4], (1 - 0.8**3) * 2 / 3),
        ("measures.give-b", "takes", [0, 1, 1], (1 - 0.8) * 2 / 3),
        ("measures.give-b", "signal", [1, 2, 4], 0.5 * 0.5 * log(4) * 2 / 3),
    ],
)
def test_each_sort_of_number_is_weighed_by_what_it_moves(block: str, key: str, given: Any, weight: float) -> None:
    """Catches a formula of the module that the code does not keep to.

    A's stakes are 3, of which 2 are about what B gives; its discount is 0.8, its trust in B one half; B's shares are smaller.
    """
    data = small(phases={"length": "1 month", "count": 6})
    place, _, name = block.partition(".")
    data[place][name][key] = given
    path = f"{block}.{key}" + (".a" if isinstance(given, dict) else "")
    assert {n.path: n.weight for n in footing(load(data)).numbers if n.weight} == {path: pytest.approx(weight)}
