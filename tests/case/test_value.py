"""Values: what is a number, a range, a grade, and what is none."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from detente.case.value import Value, exact

SMALL = Value.of([0.1, 0.3, 0.5])


@pytest.mark.parametrize(
    ("given_", "number"),
    [
        (3, Fraction(3)),
        (0.1, Fraction(1, 10)),
        (Decimal("1e-2"), Fraction(1, 100)),
        (Decimal("0.10"), Fraction(1, 10)),
        (-0.0, Fraction(0)),
        (10**12, Fraction(10**12)),
    ],
)
def test_numbers_are_exact(given_: object, number: Fraction) -> None:
    """A float is taken as it is written, 0.1 as a tenth."""
    assert exact(given_) == number


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        (True, "got true, wanted a number"),
        (None, "got nothing, wanted a number"),
        ("1", "got '1', wanted a number"),
        (float("nan"), "wanted a finite number"),
        (Decimal("inf"), "wanted a finite number"),
        (Decimal("1e400"), "wanted 0 or a size from 1e-12 to 1e12"),
        (Decimal("1e-999999"), "wanted 0 or a size from 1e-12 to 1e12"),
        (Decimal("0.1234567890123456"), "with 16 significant digits, wanted at most 15"),
        (0.1 + 0.2, "with 17 significant digits, wanted at most 15"),
        (12345678901234567, "with 17 significant digits"),
    ],
)
def test_what_is_no_number(given_: object, message: str) -> None:
    """Each would reach the solver as something else than what was written."""
    with pytest.raises(PydanticCustomError, match=message):
        exact(given_)


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        ([1, 2], "got a list of 2, wanted a range of three"),
        ([2, 1, 3], r"out of order.*did you mean|out of order"),
        ([1, "x", 3], "got 'x', wanted a number"),
        ("tiny", "a grade of the case \\(small\\)"),
        ("--small", "a grade of the case"),
        ("smal", "a grade of the case"),
    ],
)
def test_what_is_no_value(given_: object, message: str) -> None:
    """Two numbers are no range, and only the case's own grades count."""
    with pytest.raises(PydanticCustomError, match=message):
        Value.of(given_, {"small": SMALL})


def test_a_range_out_of_order_is_shown_in_order() -> None:
    """The hint is the range that was probably meant."""
    with pytest.raises(PydanticCustomError) as err:
        Value.of([0.5, 0.1, 0.3])
    assert err.value.context == {
        "message": "got the range [0.5, 0.1, 0.3] out of order, wanted [low, likely, high]",
        "hint": "did you mean [0.1, 0.3, 0.5]?",
    }


decimals = st.integers(-(10**9), 10**9).map(lambda n: Decimal(n) / 1000)


@given(st.lists(decimals, min_size=3, max_size=3))
def test_plain_form_is_the_same_value(three: list[Decimal]) -> None:
    """What is written out is read back as the same range, and twice negated is the same again."""
    value = Value.of(sorted(three))
    again = Value.of(value.to_plain())
    assert (again.low, again.likely, again.high) == (value.low, value.likely, value.high)
    twice = Value.__neg__(-value)
    assert (twice.low, twice.likely, twice.high) == (value.low, value.likely, value.high)
    assert value.is_range == (value.low != value.high)


def test_a_negated_number_is_written_as_one() -> None:
    """A text such as -[1, 2, 3] or --1 could not be read again."""
    for given_ in (3, -3, [1, 2, 3], 0):
        negative = -Value.of(given_)
        assert Value.of(negative.to_plain()).likely == -Value.of(given_).likely
        assert not negative.text.startswith(("--", "-["))
