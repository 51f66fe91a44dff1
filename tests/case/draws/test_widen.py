"""Ranges of a stated confidence, and ranges that are widened: against closed forms and against scipy's distributions."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import detente as dt
from detente.case.draws.draw import uncertainty
from detente.case.draws.quantities import Quantity
from detente.case.draws.widen import factor, stretched, wider
from detente.errors import InputError
from smallcases import Data, swap

F = Fraction
ONE_AND_A_HALF = F(3, 2)


def law(shape: str, low: float, likely: float, high: float) -> Any:
    """The distribution, by the textbook."""
    share = (likely - low) / (high - low)
    if shape == "triangular":
        return stats.triang(share, low, high - low)
    return stats.beta(1 + 4 * share, 5 - 4 * share, low, high - low)


def held(shape: str, kind: str, low: Fraction, likely: Fraction, high: Fraction, confidence: Fraction) -> float:
    """The probability of the stated range under the one that its confidence makes of it."""
    ends = stretched(kind, low, likely, high, factor(kind, low, likely, high, shape, confidence))
    cdf = law(shape, float(ends[0]), float(likely), float(ends[1])).cdf
    return float(cdf(float(high)) - cdf(float(low)))


@given(st.integers(0, 20), st.integers(1, 99))
def test_a_triangle_has_a_closed_form(share: int, percent: int) -> None:
    """Catches a factor for one side only, or one that depends on where the likely value lies: it is 1/(1 - sqrt(1 - c))."""
    found = factor("value", F(0), F(share, 20), F(1), "triangular", F(percent, 100))
    assert float(found) == pytest.approx(1 / (1 - math.sqrt(1 - percent / 100)), rel=1e-9)


@settings(max_examples=60)
@given(
    st.sampled_from(["pert", "triangular"]),
    st.sampled_from(["value", "trust", "discount", "signal"]),
    st.integers(1, 30),
    st.integers(0, 30),
    st.integers(0, 30),
    st.sampled_from([F(1, 2), F(4, 5), F(19, 20)]),
)
def test_a_stated_range_holds_its_confidence(shape: str, kind: str, low: int, up: int, more: int, confidence: Fraction) -> None:
    """Catches a factor of another shape or scale: by scipy's distribution the stated range has the stated probability, to
    1e-9."""
    a, m, b = (F(x, 100) + (1 if kind == "signal" else 0) for x in (low, low + up, low + up + more + 1))
    if kind == "signal":
        a += 1  # far enough from 1 that no end is kept there
        m, b = m + 1, b + 1
    found = held(shape, kind, a, m, b, confidence)
    ends = stretched(kind, a, m, b, factor(kind, a, m, b, shape, confidence))
    if min(ends) > (1 if kind == "signal" else F(1, 10**6) if kind in ("trust", "discount") else -math.inf):
        assert found == pytest.approx(float(confidence), abs=1e-9)


@pytest.mark.parametrize("shape", ["pert", "triangular"])
def test_an_end_that_cannot_move_leaves_the_rest_to_the_other(shape: str) -> None:
    """Catches a loss at a collapse below 0, and one whose range then holds more than was said."""
    span = F(0), F(1), F(3)
    by = factor("breakdown", *span, shape, F(4, 5))
    low, high = stretched("breakdown", *span, by)
    assert low == 0
    assert held(shape, "breakdown", *span, F(4, 5)) == pytest.approx(0.8, abs=1e-9)
    assert high > 3


@pytest.mark.parametrize(
    ("kind", "span", "wanted"),
    [
        ("value", (F(-2), F(0), F(4)), (F(-3), F(6))),
        ("value", (F(2), F(2), F(4)), (F(2), F(5))),
        ("breakdown", (F(1), F(4), F(5)), (F(0), F(11, 2))),
        ("lag", (F(1), F(2), F(4)), (F(1), F(5))),
        ("trust", (F(1, 5), F(1, 2), F(1, 2)), (F(1, 9), F(1, 2))),  # odds 1/4 of odds 1: (1/4)^(3/2) = 1/8
        ("trust", (F(1, 2), F(1, 2), F(4, 5)), (F(1, 2), F(8, 9))),
        ("discount", (F(1, 2), F(1, 2), F(4, 5)), (F(1, 2), F(8, 9))),
        ("irreversible", (F(0), F(1, 2), F(1)), (F(0), F(1))),
        ("irreversible", (F(0), F(0), F(1, 5)), (F(0), F(3, 11))),  # odds 1/4: 3/8
        ("fails", (F(4, 5), F(1), F(1)), (F(8, 11), F(1))),
        ("signal", (F(4), F(4), F(16)), (F(4), F(32))),
        ("signal", (F(1), F(2), F(2)), (F(1), F(2))),  # 2^(-1/2) is no signal
    ],
)
def test_every_kind_is_stretched_on_its_scale(
    kind: str, span: tuple[Fraction, Fraction, Fraction], wanted: tuple[Fraction, Fraction]
) -> None:
    """Catches the wrong scale, an end that moves although it is the likely value, and ends beyond what is allowed."""
    low, high = stretched(kind, *span, ONE_AND_A_HALF)
    assert (float(low), float(high)) == pytest.approx((float(wanted[0]), float(wanted[1])), rel=1e-12)
    assert stretched(kind, *span, F(1)) == (span[0], span[2])
    assert stretched(kind, *span, F(0)) == (span[1], span[1])


@given(
    st.sampled_from(["trust", "discount", "irreversible", "chance"]),
    st.lists(st.fractions(F(1, 1000), F(999, 1000), max_denominator=1000), min_size=3, max_size=3),
    st.floats(0, 1e9),
)
def test_chances_stay_chances(kind: str, ends: list[Fraction], by: float) -> None:
    """Catches a trust of 1, which has no odds, a discount of 1, for which nothing has a worth, and ends that cross."""
    low, likely, high = sorted(ends)
    a, b = stretched(kind, low, likely, high, F(by))
    assert 0 <= a <= likely <= b <= 1
    if kind in ("trust", "discount"):
        assert a > 0
        assert b < 1


def ranged(data: Data) -> None:
    data["measures"]["give-a"] |= {"value": {"a": [-2, -1, -0.5], "b": 2}, "signal": [1.5, 2, 3], "lag": [1, 1, 3]}
    data["parties"]["a"]["trust"]["b"] = [0.3, 0.5, 0.9]
    data["parties"]["b"]["discount"] = [0.8, 0.9, 0.95]


def saying(**keys: Any) -> Callable[[Data], object]:
    return lambda data: data.update(keys)


def named(case: dt.Case, widen: float = 1.0) -> dict[str, Quantity]:
    return {q.name: q for q in uncertainty(case, widen).quantities}


def test_confidence_is_of_stated_ranges_and_widening_of_all() -> None:
    """Catches a spread that is taken for a range of the author, a widening that comes first, and one that is left out."""
    sure = dt.load(swap(ranged, saying(ranges={"confidence": 0.8}, draws={"shape": "triangular", "spread": 0.5})))
    plain = dt.load(swap(ranged, saying(draws={"shape": "triangular", "spread": 0.5})))
    k = 1 / (1 - math.sqrt(0.2))
    stated, assumed = "measures.give-a.value.a", "measures.give-a.value.b"
    for case, by, widen in ((plain, 1.0, 1.0), (sure, k, 1.0), (plain, 1.3, 1.3), (sure, 1.3 * k, 1.3)):
        q = named(case, widen)
        assert float(q[stated].low or 0) == pytest.approx(-1 - by)
        assert float(q[stated].high or 0) == pytest.approx(-1 + by / 2)
        assert float(q[assumed].high or 0) == pytest.approx(2 + widen)
        assert q[assumed].by_spread


@pytest.mark.parametrize("confidence", [None, 1])
def test_ranges_without_a_confidence_have_hard_ends(confidence: float | None) -> None:
    """Catches draws that change where nothing is said, or where all is within the range."""
    said = dt.load(swap(ranged, saying(ranges={"confidence": confidence})))
    plain = dt.load(swap(ranged))
    assert uncertainty(said).quantities == uncertainty(plain).quantities
    assert uncertainty(said).draw(600).values.tobytes() == uncertainty(plain).draw(600).values.tobytes()
    assert uncertainty(said).chunk(0, 0, 600).tobytes() == uncertainty(plain).chunk(0, 0, 600).tobytes()


@pytest.mark.parametrize("shape", ["pert", "triangular"])
@pytest.mark.parametrize("by_number", [False, True])
def test_wider_draws_are_the_same_quantiles(shape: str, by_number: bool) -> None:
    """Catches wider draws that are fresh luck: for every draw the share below it is that below the one of the given ranges,
    as far as straight lines in a table of 2048 steps can tell."""
    case = dt.load(swap(ranged, saying(draws={"shape": shape, "spread": 0})))
    both = [uncertainty(case, x) for x in (1, 1.3)]
    drawn = [k.chunk(4, 0, 3000) if by_number else k.draw(3000, seed=4, stream=2).values for k in both]
    for n, q in enumerate(both[0].quantities):
        if q.kind == "lag":
            assert (drawn[1][:, n] >= drawn[0][:, n]).all()
            continue
        shares = []
        for k, values in zip(both, drawn, strict=True):
            own = k.quantities[n]
            shares.append(law(shape, float(own.low or 0), float(own.likely), float(own.high or 0)).cdf(values[:, n]))
        assert abs(shares[0] - shares[1]).max() < 5e-4
        assert drawn[1][:, n].std() > 1.1 * drawn[0][:, n].std()


@pytest.mark.parametrize("widen", [0.5, 3])
def test_ties_hold_however_wide_the_ranges_are(widen: float) -> None:
    """Catches a comparison that wider ranges make true no longer by themselves, and one that narrower ones do."""

    def change(data: Data) -> None:
        data["measures"]["give-a"]["value"]["b"] = [1.5, 3, 4]
        data["measures"]["more"] = {"title": "M", "by": "a", "kind": "other", "value": {"b": [0, 1, 1.75]}}
        data["comparisons"] = [{"by": "b", "prefers": "give-a", "to": "more"}]

    known = uncertainty(dt.load(swap(change)), widen)
    assert len(known.sets) == (0 if widen < 1 else 1)
    for values in (known.draw(2000).values, known.chunk(0, 0, 2000)):
        assert (values[:, 0] >= values[:, 1]).all()
        assert np.isfinite(values).all()
        assert len(np.unique(values[:, 1])) > 1500


def test_a_factor_of_none_leaves_the_likely_values() -> None:
    """Catches a division by a width of 0: nothing is drawn any more."""
    known = uncertainty(dt.load(swap(ranged)), 0)
    assert known.quantities == ()
    assert known.varied.varied == 0


@pytest.mark.parametrize("widen", [-1, math.inf, math.nan, True, "2"])
def test_a_factor_that_means_nothing_is_refused(widen: Any) -> None:
    """Catches ranges that are turned round, or have no end."""
    with pytest.raises(InputError, match=r"widen: got .*, wanted a finite number of at least 0"):
        uncertainty(dt.load(swap(ranged)), widen)


def test_the_second_share_is_by_the_source() -> None:
    """Catches a factor that does not follow from 68 of 100 for 80 of 100: by the normal distribution, 1.29."""
    normal = stats.norm.ppf
    assert wider() == pytest.approx(normal(0.9) / normal(0.84), abs=0.05)
