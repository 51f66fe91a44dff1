"""The range that a number without one is given: every kind on its own scale, and what is never varied."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import detente as dt
from detente.case.draws.draw import uncertainty
from detente.case.draws.spread import around, assumed
from detente.errors import CaseError
from smallcases import Data, swap

F = Fraction
S = F(1, 4)


@pytest.mark.parametrize(
    ("kind", "likely", "span"),
    [
        ("value", F(4), (F(3), F(5))),
        ("once", F(-4), (F(-5), F(-3))),
        ("breakdown", F(0), (F(0), F(0))),
        ("trust", F(1, 2), (F(4, 9), F(5, 9))),  # odds 1: 4/5 and 5/4
        ("irreversible", F(1, 5), (F(1, 6), F(5, 21))),  # odds 1/4: 1/5 and 5/16
        ("irreversible", F(1), (F(1), F(1))),
        ("irreversible", F(0), (F(0), F(0))),
        ("signal", F(16), (F(8), F(32))),  # 16^(3/4), 16^(5/4)
        ("signal", F(1), (F(1), F(1))),
        ("discount", F(3, 5), (F(1, 2), F(7, 10))),  # rate 2/5: 1/2 and 3/10
        ("discount", F(1, 10), (F(3, 40), F(13, 40))),  # the rate 9/10 cannot grow by a quarter
        ("lag", F(3), (F(3), F(3))),
    ],
)
def test_every_kind_has_its_scale(kind: str, likely: Fraction, span: tuple[Fraction, Fraction]) -> None:
    """Catches a probability beyond 1, a signal below 1, a cost whose ends are swapped, a lag between two phases."""
    assert around(kind, likely, S) == span
    assert around(kind, likely, F(0)) == (likely, likely)


@given(st.sampled_from(["trust", "discount"]), st.fractions(F(1, 1000), F(999, 1000)), st.fractions(0, F(99, 100)))
def test_probabilities_stay_within_their_bounds(kind: str, likely: Fraction, spread: Fraction) -> None:
    """Catches a spread that draws a trust or a discount of 0 or 1, which has no meaning."""
    low, high = around(kind, likely, spread)
    assert 0 < low <= likely <= high < 1


def stated(data: Data) -> None:
    data["draws"] = {"spread": 0.25}
    data["measures"]["give-a"] |= {"value": {"a": -1, "b": [1, 2, 3]}, "lag": 2, "signal": 2, "slices": 2}
    data["parties"]["a"]["breakdown"] = 3


def test_numbers_without_a_range_are_drawn_and_counted() -> None:
    """Catches a range of the case that is replaced, zeros and lags that are drawn, and a count that leaves out what is not."""
    found = uncertainty(dt.load(swap(stated)))
    named = {q.name: q for q in found.quantities}
    assert (named["measures.give-a.value.b"].low, named["measures.give-a.value.b"].by_spread) == (1, False)
    assert (named["measures.give-a.value.a"].low, named["measures.give-a.value.a"].by_spread) == (F(-5, 4), True)
    assert not {"parties.b.breakdown", "parties.a.stalemate", "measures.give-a.lag", "measures.give-b.signal"} & named.keys()
    varied = found.varied
    # of each party discount, stalemate, breakdown, trust; two values of each measure; lag and signal of one
    assert (varied.quantities, varied.varied, varied.by_spread) == (14, 10, 9)
    assert str(varied) == "10 of 14 quantities varied, 9 of them by the case's spread of 0.25"


def test_what_is_assumed_is_said() -> None:
    """Catches a spread of the profile that passes for the case's own, and one that is not there."""

    def silent(data: Data) -> None:
        del data["draws"]

    found = uncertainty(dt.load(swap(silent))).varied
    assert (found.spread, found.said_by) == (0.2, "profile plain")
    assert "by the assumed spread of 0.2" in str(found)
    assert assumed("spread") == (F(1, 5), "profile plain")
    assert uncertainty(dt.load(swap())).quantities == ()


@pytest.mark.parametrize("spread", [-0.1, 1, 20])
def test_a_spread_is_a_share(spread: float) -> None:
    """Catches per cent for a share, by which values would change their sign."""
    with pytest.raises(CaseError, match=r"draws\.spread: got .*wanted a number of at least 0 and below 1"):
        dt.load(swap(lambda data: data["draws"].update(spread=spread)))
