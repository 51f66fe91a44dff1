"""What belongs to a result stays as it is, and equals its copies."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from detente.base.frozen import Frozen, FrozenDict, frozen, thawed


@dataclass(frozen=True)
class Result(Frozen):
    """A result with something of every kind."""

    figures: Mapping[str, Any]
    table: Any = None
    seconds: float = field(default=0.0, compare=False)


def made(seconds: float = 0.0) -> Result:
    inner = {"list": [1, {"deep": [2]}], "array": np.arange(3), "set": {1}, "proxy": MappingProxyType({"x": 1})}
    return Result({"nan": float("nan"), "inner": inner}, np.eye(2), seconds)


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.__setitem__("a", 5),
        lambda d: d.__delitem__("a"),
        lambda d: d.__ior__({"a": 5}),
        lambda d: d.update(a=5),
        lambda d: d.setdefault("b", 5),
        lambda d: d.pop("a"),
        lambda d: d.popitem(),
        lambda d: d.clear(),
    ],
)
def test_no_way_into_a_frozen_mapping(change: Callable[[Any], Any]) -> None:
    """Catches a method of dictionaries that was forgotten."""
    kept = FrozenDict({"a": 1})
    with pytest.raises(TypeError):
        change(kept)
    assert kept == {"a": 1}


def test_a_frozen_mapping_reads_as_any_other() -> None:
    """Catches one that prints, copies, merges or compares in a way of its own, so that code that took a dictionary fails."""
    plain = {"a": 1, "b": None}
    kept = FrozenDict(plain)
    assert kept == plain
    assert plain == kept
    assert repr(kept) == repr(plain)
    assert json.dumps(kept) == json.dumps(plain)
    assert list(kept) == ["a", "b"]
    assert {**kept, "c": 2} == plain | {"c": 2}
    assert type(kept | {"c": 2}) is dict
    assert hash(kept) == hash(FrozenDict({"b": None, "a": 1}))
    for twin in (copy.copy(kept), copy.deepcopy(kept), pickle.loads(pickle.dumps(kept))):
        assert type(twin) is FrozenDict
        assert twin == kept


def test_freezing_goes_all_the_way_down_and_leaves_what_was_given() -> None:
    """Catches a list, an array or a mapping that is left open within another, or the caller's own that is closed."""
    given = {"list": [1, {"deep": [2]}], "set": {1}, "proxy": MappingProxyType({"x": [1]})}
    kept = frozen(given)
    assert kept == {"list": (1, {"deep": (2,)}), "set": frozenset({1}), "proxy": {"x": (1,)}}
    assert {type(x) for x in (kept, kept["list"][1], kept["proxy"])} == {FrozenDict}
    given["list"].append(3)  # type: ignore[attr-defined]
    assert len(kept["list"]) == 2
    assert thawed(kept) == {"list": [1, {"deep": [2]}], "set": frozenset({1}), "proxy": {"x": [1]}}
    assert type(thawed(kept)) is dict
    assert type(thawed(kept)["list"][1]) is dict


def test_a_view_of_a_table_cannot_be_written_through() -> None:
    """Catches a column that is closed while the table under it stays open."""
    table = np.zeros((2, 2))
    column = frozen(table[:, 0])
    table[0, 0] = 5.0
    assert column.tolist() == [0.0, 0.0]
    with pytest.raises(ValueError, match="read-only"):
        column[0] = 1.0


def test_a_result_equals_its_copies_and_hashes_with_them() -> None:
    """Catches arrays and what is not a number, which are not equal to themselves, in equality; and copies that open again."""
    one = made()
    others = [copy.copy(one), copy.deepcopy(one), pickle.loads(pickle.dumps(one)), made(seconds=3.0)]
    assert len({one, *others}) == 1
    for twin in others:
        assert twin == one
        for array in (twin.table, twin.figures["inner"]["array"]):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 7
    assert one != Result(one.figures, np.ones((2, 2)))
    assert one != Result({}, one.table)
    assert one != "another thing"
