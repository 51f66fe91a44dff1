"""Which files cover which days, against the publisher's codebooks and file index."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import RecordError
from detente.record.fetching.published import check_days, edition, is_between, names

NOW = datetime(2020, 1, 1, 12, 7, tzinfo=UTC)
DAYS = st.dates(date(1979, 1, 1), date(2019, 12, 31))


@pytest.mark.parametrize(
    ("start", "end", "wanted"),
    [
        (date(1979, 1, 1), date(1980, 12, 31), ["1979.zip", "1980.zip"]),
        (date(2005, 12, 31), date(2006, 2, 1), ["2005.zip", "200601.zip", "200602.zip"]),
        (date(2013, 3, 31), date(2013, 4, 2), ["201303.zip", "20130401.export.CSV.zip", "20130402.export.CSV.zip"]),
        (date(2018, 6, 1), date(2018, 6, 1), ["20180601.export.CSV.zip"]),
    ],
)
def test_years_months_and_days_of_the_first_edition(start: date, end: date, wanted: list[str]) -> None:
    """GDELT 1.0: years to 2005, months from January 2006 to March 2013, days from 1 April 2013."""
    assert list(names(edition(1), start, end, NOW)) == wanted


def test_a_day_of_the_second_edition_has_96_files() -> None:
    """From 00:00 to 23:45; the first file of all is that of 18 February 2015, 23:00."""
    found = names(edition(2), date(2018, 6, 12), date(2018, 6, 12), NOW)
    assert (len(found), found[0], found[-1]) == (96, "20180612000000.export.CSV.zip", "20180612234500.export.CSV.zip")
    first = names(edition(2), date(2015, 2, 18), date(2015, 2, 18), NOW)
    assert [name[8:14] for name in first] == ["230000", "231500", "233000", "234500"]
    today = names(edition(2), NOW.date(), NOW.date(), NOW)
    assert today[-1] == "20200101120000.export.CSV.zip"


@settings(max_examples=40)
@given(DAYS, st.integers(0, 800))
def test_every_day_is_covered_once(start: date, more: int) -> None:
    """Catches a day that no file covers at a turn of the year or of the edition, and a file that is named twice."""
    end = min(start + timedelta(more), NOW.date())
    found = names(edition(1), start, end, NOW)
    assert len(found) == len(set(found))
    stems = {name.partition(".")[0] for name in found}
    used = set()
    for n in range((end - start).days + 1):
        day = f"{start + timedelta(n):%Y%m%d}"
        (stem,) = stems & {day, day[:6], day[:4]}
        used.add(stem)
    assert used == stems


def test_every_fault_of_the_days_is_told_at_once() -> None:
    """Catches a message that names the first mistake only."""
    with pytest.raises(RecordError) as told:
        check_days(edition(2), date(2021, 1, 1), date(2014, 1, 1), NOW.date())
    assert str(told.value).splitlines() == [
        "--from 2021-01-01: lies after --to 2014-01-01 (exchange the two)",
        "--from 2021-01-01: is a day to come; today is 2020-01-01 in UTC (choose a day that has been)",
        "--to 2014-01-01: the files of GDELT 2.0 begin on 2015-02-18 (choose a later day, or --edition 1)",
    ]
    check_days(edition(1), date(1979, 1, 1), NOW.date(), NOW.date())
    with pytest.raises(RecordError, match="begin on 1979-01-01"):
        check_days(edition(1), date(1978, 12, 31), NOW.date(), NOW.date())
    with pytest.raises(RecordError, match="no such edition"):
        edition(3)


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("20180612000000.export.CSV.zip", True),
        ("20180612001700.export.CSV.zip", True),
        ("20180613000000.export.CSV.zip", False),
        ("20180612000000.mentions.CSV.zip", False),
        ("20180612.export.CSV.zip", False),
        ("../20180612000000.export.CSV.zip", False),
    ],
)
def test_names_of_other_kinds_are_not_taken(name: str, inside: bool) -> None:
    """Catches mentions and graphs of 2.0 taken for events, and a name that leads out of the folder."""
    assert is_between(name, date(2018, 6, 12), date(2018, 6, 12)) == inside
