"""Days as event data write them."""

from __future__ import annotations

from datetime import date

import pytest

from detente.base.database import Database
from detente.record.formats.days import day_of

JUNE = date(2018, 6, 12)
SURE = {
    "2018-06-12": JUNE, "2018/6/12": JUNE, "20180612": JUNE, "20180612.0": JUNE, "2018-06-12T23:00:00Z": JUNE,
    "2018-06-12 00:00:00.000": JUNE, "12 June 2018": JUNE, "12-Jun-2018": JUNE, "12-Jun-18": JUNE, "June 12, 2018": JUNE,
    "12.06.2018": JUNE, "12.6.2018": JUNE, "12.06.2018 23:00": JUNE, "12.06.2018 0:00:00": JUNE, "2018.06.12": JUNE,
    "12-Sept-2018": date(2018, 9, 12), "Sept 12, 2018": date(2018, 9, 12),
    "27-Apr-90": date(1990, 4, 27), "1-May-30": date(1930, 5, 1), "1-May-29": date(2029, 5, 1),
}  # fmt: skip
NONE = (
    "infinity", "-infinity", "epoch", "now", "today", "2018-06-12 BC", "2018-06-12 (BC)", "2018-06-12 B.C.", "18-06-12",
    "2018-06-12 BCE", "2018-06-12 B. C.", "2018-06-12 v. Chr.", "2018-06-12 v.u.Z.", "2018-06-12 av. J.-C.", "18.06.12",
    "12-06-18", "44000", "2019-02-29", "2018-06", "2018", "27-Xyz-12", "2018-6-12x", "", "12/06/18/1",
    "12.06.18", "06.13.2018", "31.02.2018", "12.06.2018 v. Chr.", "12.06.2018.1",
)  # fmt: skip
EITHER = {
    # written, day first, month first, where nothing tells
    "12/6/2018": (JUNE, date(2018, 12, 6), None),
    "12-6-2018": (JUNE, date(2018, 12, 6), None),
    "6/12/18 0:00:00": (date(2018, 12, 6), JUNE, None),
    "18/04/2001": (date(2001, 4, 18), None, date(2001, 4, 18)),
    "4/18/2001": (None, date(2001, 4, 18), date(2001, 4, 18)),
    "1/13/90": (None, date(1990, 1, 13), date(1990, 1, 13)),
    "4/4/2018": (date(2018, 4, 4), date(2018, 4, 4), date(2018, 4, 4)),
    "31/31/2018": (None, None, None),
    "1/1/2018 BC": (None, None, None),
}


@pytest.fixture(scope="module")
def base() -> Database:
    return Database()


def read(base: Database, text: str, order: str) -> date | None:
    row = base.execute(f"select {day_of('t', order)} from (select $1::varchar as t)", [text]).fetchone()
    assert row is not None
    found: date | None = row[0]
    return found


@pytest.mark.parametrize("order", ["", "day", "month", "either"])
def test_what_is_surely_a_day_and_what_is_none(base: Database, order: str) -> None:
    """Would catch the year 18 or 12, a word that a database takes for a day, a year before Christ, a guess at 12-06-18."""
    assert {text: read(base, text, order) for text in SURE} == SURE
    assert {text: read(base, text, order) for text in NONE} == dict.fromkeys(NONE)


def test_day_and_month(base: Database) -> None:
    """Would catch day and month exchanged, and a guess where nothing tells them apart."""
    for text, wanted in EITHER.items():
        assert tuple(read(base, text, order) for order in ("day", "month", "either")) == wanted, text
        assert read(base, text, "") is None
