"""Numbers, dates and names in words: a wrong digit or article here would stand in every sentence of every brief."""

from __future__ import annotations

import datetime
from fractions import Fraction

import pytest

from detente.brief.words import (
    Pace,
    amount,
    amounts,
    as_written,
    count,
    isolated,
    joined,
    number,
    percent,
    quoted,
    sentence,
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
