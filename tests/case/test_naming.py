"""Which parts of a measure are meant, in words."""

from __future__ import annotations

from itertools import combinations

import pytest

import smallcases
from detente.case.load import load
from detente.case.naming import part_of

SLICED = load(smallcases.swap(smallcases.measures(slices=5)))


def meant(said: str) -> set[int]:
    """The numbers that a reader takes from ", parts 1, 3 and 4 of 5"."""
    numbers = said.removeprefix(", part").removeprefix("s").removesuffix(" of 5").replace(" and ", ", ")
    ranges = [list(map(int, one.split(" to "))) for one in numbers.split(", ")]
    return {n for ends in ranges for n in range(ends[0], ends[-1] + 1)}


@pytest.mark.parametrize("many", range(1, 5))
def test_the_parts_that_are_named_are_those_that_are_meant(many: int) -> None:
    """Catches "parts 1 to 3" of parts 1 and 3, and an order of the ids that changes what is said."""
    instance = SLICED.instance
    ids = instance.slices["give-a"]
    for chosen in combinations(range(5), many):
        said = part_of([ids[n] for n in chosen], instance)
        assert meant(said) == {n + 1 for n in chosen}
        assert part_of([ids[n] for n in reversed(chosen)], instance) == said


def test_a_whole_measure_has_no_parts_to_name() -> None:
    """Catches "parts 1 to 5 of 5" after the title of a measure that is meant as a whole."""
    instance = SLICED.instance
    assert part_of(instance.slices["give-a"], instance) == ""
