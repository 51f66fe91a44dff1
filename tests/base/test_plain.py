"""What becomes of each kind of value in JSON, held against the plain form written out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from detente.base.frozen import Frozen
from detente.base.plain import plain, told


@dataclass(frozen=True)
class Inner:
    day: date | None

    def to_dict(self) -> dict[str, object]:
        return told(self)


@dataclass(frozen=True)
class Outer(Frozen):
    share: Fraction
    place: Path
    inner: tuple[Inner, ...]
    numbers: dict[str, float]

    @property
    def whole(self) -> int:
        return 7


FOUND = Outer(Fraction(1, 4), Path("a") / "b", (Inner(date(2019, 1, 30)), Inner(None)), {"x": 0.123456789, "y": 2.0})


def test_a_result_is_told_by_its_fields() -> None:
    """Catches a value that JSON cannot hold, and a mapping or tuple that stays the frozen one."""
    found = told(FOUND)
    assert found == {
        "share": 0.25,
        "place": str(Path("a") / "b"),
        "inner": [{"day": "2019-01-30"}, {"day": None}],
        "numbers": {"x": 0.123456789, "y": 2.0},
    }
    assert type(found["numbers"]) is dict
    assert json.loads(json.dumps(found)) == found


def test_names_choose_order_and_rename() -> None:
    """Catches an attribute under the wrong key, and a property or a field further in that cannot be told."""
    found = told(FOUND, "whole to=place first=inner day=share.numerator")
    assert list(found) == ["whole", "to", "first", "day"]
    assert (found["whole"], found["day"]) == (7, 1)


@pytest.mark.parametrize(
    ("value", "how", "wanted"),
    [
        (0.126, {"digits": 2}, 0.13),
        ([0.126, 3, True, None, "0.126"], {"digits": 2}, [0.13, 3, True, None, "0.126"]),
        ({"a": (1234567.8,)}, {"figures": 6}, {"a": [1234570.0]}),
        (datetime(2019, 1, 30, 12), {}, "2019-01-30T12:00:00"),
    ],
)
def test_floats_are_rounded_and_nothing_else(value: object, how: dict[str, int], wanted: object) -> None:
    """Catches whole numbers and truths that are rounded, and floats further in that are not."""
    assert plain(value, **how) == wanted
