"""The span of dates that a table or a record can hold."""

from __future__ import annotations

from datetime import date

import pytest

from detente.base.dates import AHEAD, EARLIEST, plausible, span
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
