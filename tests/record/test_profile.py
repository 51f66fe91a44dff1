"""How a record is told: every judgement stands in the profile, and each is read."""

from __future__ import annotations

import pytest

from detente.brief.parts.happened import happened
from detente.case.load import load
from detente.case.naming import Naming
from detente.errors import RecordError
from detente.record.account import account
from detente.record.profile import ENTRIES, record_profile

KOREA = load("us-dprk-2019")
PLAIN = record_profile()


def test_every_entry_says_what_it_rests_on() -> None:
    """Catches a figure without its source or the word assumed."""
    assert set(PLAIN.values) == set(ENTRIES)
    assert all("Assumed" in entry.because or "19" in entry.because for entry in PLAIN.values.values())


def test_the_bundled_record_says_by_which_judgements_it_is_told() -> None:
    """Catches a profile that is read and not told, and one that is told and not read."""
    told = account(KOREA).to_dict()
    assert told["method"] == PLAIN.to_dict()
    fewer = account(KOREA, profile=PLAIN.changed(shift=0.001))
    shifts = [sum(len(s.changes) for r in a.relations if r.changes for s in r.changes.series) for a in (account(KOREA), fewer)]
    assert shifts[1] < shifts[0]


@pytest.mark.parametrize(
    ("entry", "value"), [("longest", 1), ("faintest", 1), ("unscaled", 0), ("months", 1000), ("shift", 0.2)]
)
def test_the_chapter_reads_them(entry: str, value: float) -> None:
    """Catches an entry that changes nothing of what is drawn or written."""
    plain, other = (happened(Naming(KOREA), account(KOREA, profile=p)) for p in (PLAIN, PLAIN.changed(**{entry: value})))
    assert plain is not None
    assert other is not None
    alike = (plain.acts, plain.months, plain.counts, plain.shifts) == (other.acts, other.months, other.counts, other.shifts)
    assert alike == (entry == "unscaled")  # all intensities of the bundled record are Goldstein's


def test_an_unknown_profile_is_named() -> None:
    """Catches a typing error that is answered with the default."""
    with pytest.raises(RecordError, match="did you mean 'plain'"):
        record_profile("plian")
