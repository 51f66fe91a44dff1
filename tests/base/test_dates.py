"""The span of dates that a table or a record can hold."""

from __future__ import annotations

from datetime import date

import pytest

from detente.base.dates import AHEAD, EARLIEST, apart, full_year, plausible, span
from detente.errors import InputError


def test_the_span_has_both_its_ends_and_no_day_beyond() -> None:
    """Would catch a span that is off by a day, or one without an end."""
    first, last = span(date(2026, 5, 1))
    assert (first, last) == (EARLIEST, date(2026 + AHEAD, 12, 31))
    assert all(plausible(day, within=(first, last)) for day in (first, last))
    assert not any(map(plausible, (date(1799, 12, 31), date(9999, 12, 31), date(17, 1, 1))))
    assert plausible(date.today())


def test_a_clock_at_the_end_of_time_is_no_reason_to_fail() -> None:
    """Would catch a year after 9999 being asked for."""
    assert span(date(9998, 1, 1))[1] == date(9999, 12, 31)


def test_another_span_is_stated_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Would catch a stated span, or a half of one, that does not hold."""
    monkeypatch.setenv("DETENTE_DATES", "1492-01-01/1800-12-31")
    assert span() == (date(1492, 1, 1), date(1800, 12, 31))
    monkeypatch.setenv("DETENTE_DATES", "1492-01-01/")
    assert list(map(plausible, (date(1500, 1, 1), date.today(), date(9999, 1, 1)))) == [True, True, False]
    monkeypatch.setenv("DETENTE_DATES", "/9999-12-31")
    assert span() == (EARLIEST, date(9999, 12, 31))


@pytest.mark.parametrize("stated", ["1492", "a/b", "2000-01-01/1999-01-01", "1492-01-01"])
def test_what_states_no_span_is_an_error(stated: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would catch a slip in the environment being taken for the usual span."""
    monkeypatch.setenv("DETENTE_DATES", stated)
    with pytest.raises(InputError, match="FIRST/LAST"):
        span()


def test_two_digits_of_a_year_go_by_one_pivot() -> None:
    """Would catch the year 17, and a pivot that is off by one."""
    assert {two: full_year(two) for two in (17, 29, 30, 90, 99, 0)} == {
        17: 2017, 29: 2029, 30: 1930, 90: 1990, 99: 1999, 0: 2000,
    }  # fmt: skip


MONTHS = [date(year, month, 15) for year in (2010, 2011, 2012) for month in range(1, 13)]


@pytest.mark.parametrize(
    ("days", "found"),
    [
        (MONTHS, []),
        ([*MONTHS, date(1917, 9, 5)], [date(1917, 9, 5)]),
        ([*MONTHS, date(2034, 1, 1)], [date(2034, 1, 1)]),
        ([*MONTHS, date(1900, 1, 1), date(1899, 12, 30)], [date(1899, 12, 30), date(1900, 1, 1)]),  # two slips together
        ([*MONTHS, date(1917, 9, 5), date(2036, 1, 1)], [date(1917, 9, 5), date(2036, 1, 1)]),
        ([*MONTHS, date(2000, 2, 1)], []),  # less than ten years
        ([date(1950 + year, 1, 1) for year in range(40)] + [date(2020, 1, 1)], []),  # a gap shorter than the rest
        ([date(1914, 8, day) for day in range(1, 29)] + [date(1990, 8, day) for day in range(1, 29)], []),  # two eras, no slip
        ([date(1917, 1, 1), date(2017, 1, 1)], []),
        ([date(1917, 1, 1), date(2017, 1, 1), date(2018, 1, 1)], [date(1917, 1, 1)]),
        ([], []),
    ],
)
def test_a_day_far_from_all_others(days: list[date], found: list[date], monkeypatch: pytest.MonkeyPatch) -> None:
    """Would catch a slip that stretches a series to a century, and two honest eras refused."""
    assert list(apart(days)) == found
    monkeypatch.setenv("DETENTE_DATES", "1800-01-01/2040-12-31")
    assert apart(days) == ()  # the span is stated: every day in it is meant
