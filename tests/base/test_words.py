"""Numbers, dates and names in words: a wrong digit or article here would stand in every sentence of every brief."""

from __future__ import annotations

import datetime
from fractions import Fraction

import pytest

from detente.base.words import (
    Pace,
    amount,
    amounts,
    as_written,
    count,
    figure,
    from_to,
    isolated,
    joined,
    level_percent,
    number,
    percent,
    quoted,
    ranged,
    rounded,
    sentence,
    signed_figure,
    the,
)


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (0, "0"),
        (0.8, "0.8"),
        (12.4, "12"),
        (0.996, "1"),
        (99.6, "100"),
        (1234, "1,200"),
        (-0.0342, "−0.034"),
        (Fraction(1, 3), "0.33"),
        (4e-9, "about 0"),
        (-4e-9, "about 0"),
        (2.5e7, "25,000,000"),
    ],
)
def test_two_significant_digits(x: float, text: str) -> None:
    """Catches rounding that crosses a power of ten, a lost sign, scientific notation."""
    assert number(x) == text


def test_amounts_carry_their_unit() -> None:
    """Catches a bare number, a plural of one, a sign that the sentence says already."""
    assert [amount(x) for x in (1, -0.8, 0, 1e-9)] == ["1 unit", "0.8 units", "0 units", "less than 0.001 units"]


def test_amounts_that_differ_read_differently() -> None:
    """Catches "would risk 15 units; its trust covers 15 units" where the first is larger."""
    assert amounts(15.3, 14.8) == ("15.3 units", "14.8 units")
    assert amounts(15, 20) == ("15 units", "20 units")
    assert amounts(Fraction(15), Fraction(15)) == ("15 units", "15 units")


@pytest.mark.parametrize(
    ("x", "text"),
    [(Fraction(39, 40), "0.975"), (Fraction(-1, 10), "−0.1"), (Fraction(3000), "3,000"), (Fraction(1, 3), "0.3333")],
)
def test_numbers_of_the_case_keep_their_digits(x: Fraction, text: str) -> None:
    """Catches a discount of 0.975 that is shown as 0.98."""
    assert as_written(x) == text


@pytest.mark.parametrize(("x", "text"), [(0, "0%"), (0.004, "under 1%"), (0.15, "15%"), (0.996, "over 99%"), (1, "100%")])
def test_a_share_is_never_rounded_to_none_or_all(x: float, text: str) -> None:
    """Catches certainty that rounding made up."""
    assert percent(x) == text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("United States", "the United States"),
        ("North Korea", "North Korea"),
        ("Republic of the Coast", "the Republic of the Coast"),
        ("Machine manufacturer", "the machine manufacturer"),
        ("The Isles", "the Isles"),
        ("Coastland", "Coastland"),
    ],
)
def test_parties_take_the_article_that_english_gives_them(name: str, said: str) -> None:
    """Catches "in which United States would gain"."""
    assert the(name) == said


def test_text_from_right_to_left_is_kept_apart() -> None:
    """Catches Arabic names that pull the digits after them to their other side; other text stays as it is."""
    assert isolated("سلام") == "\u2068سلام\u2069"
    assert quoted("سلام") == "“\u2068سلام\u2069”"
    assert isolated("Peace 1") == "Peace 1"


def test_lists_counts_and_sentences() -> None:
    """Catches "1 steps", a missing "and"."""
    assert [joined(list("abc")[:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert joined(["a", "b"], "or") == "a or b"
    assert [count(n, "step") for n in (1, 0, 1200)] == ["1 step", "0 steps", "1,200 steps"]
    assert sentence("in late March") == "In late March"


def test_dates_are_as_fine_as_the_phases() -> None:
    """Catches a month named for a phase that begins at its end, and days that a plan by quarters does not have."""
    late, first = datetime.date(2019, 1, 30), datetime.date(2019, 1, 1)
    month, week, year = Pace.of("1 month"), Pace.of("2 weeks"), Pace.of("1 year")
    assert [month.date(late), month.date(first), month.when(late)] == [
        "late January 2019",
        "January 2019",
        "in late January 2019",
    ]
    assert [month.date(datetime.date(2019, 5, d)) for d in (10, 11, 21)] == ["early May 2019", "mid-May 2019", "late May 2019"]
    assert [week.date(late), week.when(late), week.tick(late)] == ["30 January 2019", "on 30 January 2019", "30 Jan 2019"]
    assert [year.date(first), year.tick(first), month.tick(first)] == ["2019", "2019", "Jan 2019"]
    assert [month.per, week.per, month.span(1), week.span(3)] == ["per month", "per 2 weeks", "1 month", "6 weeks"]


def test_an_unknown_length_is_refused() -> None:
    """Catches a phase length that would be told as something else."""
    with pytest.raises(ValueError, match="'1 fortnight'"):
        Pace.of("1 fortnight")


@pytest.mark.parametrize(
    ("x", "digits", "said"),
    [
        (0, 3, "0"), (1.5, 3, "1.5"), (1234567, 3, "1,230,000"), (150, 2, "150"), (-0.000123456, 3, "\u22120.000123"),
        (0.0996, 2, "0.1"), (-99.95, 3, "\u2212100"), (float("inf"), 3, "\u221e"), (float("-inf"), 3, "\u2212\u221e"),
        (float("nan"), 3, "not known"), (Fraction(2, 3), 3, "0.667"),
    ],
)  # fmt: skip
def test_a_figure_has_no_exponent_and_a_true_minus(x: float, digits: int, said: str) -> None:
    """Catches 1.5e+02, 1e-07, -0 and a hyphen for a minus in a table."""
    assert figure(x, digits) == said


def test_signs() -> None:
    """Catches +0, and a loss that looks like nothing."""
    assert [signed_figure(x) for x in (0, 150.4, -0.25)] == ["0", "+150", "\u22120.25"]
    assert [rounded(x, 2) for x in (-0.001, 0.005, -1.5, 1234)] == ["0.00", "0.01", "\u22121.50", "1,234.00"]
    assert [rounded(x, 1, sign=True) for x in (-0.04, 0.04, 2, -2)] == ["0.0", "0.0", "+2.0", "\u22122.0"]


def test_shares_with_decimals() -> None:
    """Catches a share that is shown as all or none where it is not, and a minus before nothing."""
    shares = [0, 0.0004, 0.001, 0.342, 0.9996, 1, -0.0004, -0.25, 1.5]
    assert [percent(x, 1) for x in shares] == [
        "0%", "under 0.1%", "0.1%", "34.2%", "over 99.9%", "100%", "0%", "\u221225%", "150%",
    ]  # fmt: skip
    assert from_to(0.278, 0.408, 1) == "27.8 to 40.8%"
    assert from_to(0.0004, 1, 1) == "under 0.1 to 100%"
    assert [level_percent(x) for x in (0.996, 0.9949, 1)] == ["over 99%", "99%", "100%"]


def test_what_somebody_wrote_keeps_its_digits() -> None:
    """Catches a number of the case that is rounded, and one too small that becomes nothing."""
    written = [0.975, -0.1, 1200000.0, 1e-7, Fraction(1, 3), 30.0]
    assert [as_written(x) for x in written] == ["0.975", "\u22120.1", "1,200,000", "0.0000001", "0.3333", "30"]


@pytest.mark.parametrize(
    ("numbers", "said"),
    [([], ""), ([4], "4"), ([4, 5], "4 and 5"), ([1, 3, 4, 5, 9], "1, 3 to 5 and 9"), ([7, 8, 10, 11], "7, 8, 10 and 11")],
)
def test_numbers_in_a_row_are_told_as_one(numbers: list[int], said: str) -> None:
    """Catches a number that is lost at the end of a row, and one that stands in a row to which it does not belong."""
    assert ranged(numbers) == said
