"""Who moved last: steps, answers and what was left without one, against a brute force written from the definition."""

from __future__ import annotations

import datetime
import json
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import RecordError
from detente.record.library import bundled_record
from detente.record.relation.ledger import Day, ledger, unanswered

sys.path.insert(0, str(Path(__file__).parent))
from made import event, record_of

START = datetime.date(2018, 1, 1)


def test_the_bundled_record_as_counted_by_hand() -> None:
    """Catches a step that is lost, an answer that is taken for none, a wrong last mover: days counted in a calendar."""
    with bundled_record("us-dprk-2019") as workspace:
        found = unanswered(workspace, "USA", "PRK", as_of=datetime.date(2019, 1, 30))
        narrow = unanswered(workspace, "USA", "North Korea", within=60, as_of=datetime.date(2019, 1, 30))
        none = unanswered(workspace, "PRK", "USA", at_least=9.5)
    told = [(f"{m.date:%m-%d}", m.side, m.state, m.days or m.waiting) for m in found.moves]
    assert told == [
        ("05-09", "PRK", "answered", 41),
        ("05-24", "PRK", "answered", 26),
        ("06-19", "USA", "answered", 38),
        ("07-27", "PRK", "answered", 84),
        ("10-19", "USA", "answered", 28),
        ("11-16", "PRK", "open", 75),
    ]
    assert found.last_mover == ("PRK",)
    assert [m.state for m in narrow.moves] == ["answered", "answered", "answered", "unanswered", "answered", "unanswered"]
    assert none.moves == ()
    assert none.last_mover == ()
    json.dumps(found.to_dict())


def test_words_signatures_other_countries_and_small_gestures_are_no_steps(tmp_path: Path) -> None:
    """Catches a warm word, or a deed towards somebody else, that counts as a step; events of one day are one step."""
    workspace = record_of(
        tmp_path,
        [
            event("2018-01-01", "AUT", "BEL", 1, 8.0, code="057"),
            event("2018-01-02", "AUT", "CHE"),
            event("2018-01-03", "AUT", "BEL", 2, 3.0),
            event("2018-01-04", "AUT", "BEL", 2, None),
            event("2018-01-05", "AUT", "BEL", 2, 6.0, title="small"),
            event("2018-01-05", "AUT", "BEL", 2, 9.0, title="great", publisher="paper"),
            event("2018-01-06", "BEL", "AUT", 4, -9.0),
            event("2018-01-09", "CHE", "DEU", 1, 1.0),
        ],
    )
    found = unanswered(workspace, "AUT", "BEL", at_least=5.0)
    assert [(m.title, m.events, m.intensity, m.publisher, m.meanwhile) for m in found.moves] == [("great", 2, 9.0, "paper", 1)]
    assert found.as_of == datetime.date(2018, 1, 9)


def test_what_cannot_be_answered_is_named(tmp_path: Path) -> None:
    """Catches an empty ledger in place of an error: an unknown country, the same twice, no events, days below zero."""
    workspace = record_of(tmp_path, [event("2018-01-01", "AUT", "BEL")])
    for a, b, said in (
        ("AUT", "XX", "not the code or the name of a country"),
        ("AUT", "Austria", "AUT twice"),
        ("AUT", "CHE", "no events between AUT and CHE .it has most of AUT towards BEL"),
    ):
        with pytest.raises(RecordError, match=said):
            unanswered(workspace, a, b)
    with pytest.raises(RecordError, match="within: got -1"):
        unanswered(workspace, "AUT", "BEL", within=-1)
    with pytest.raises(RecordError, match="no events between two countries"):
        unanswered(record_of(tmp_path / "empty", []), "AUT", "BEL")


days = st.lists(
    st.builds(
        lambda n, side, steps, hostile: (n, side, steps, hostile),
        st.integers(0, 40),
        st.sampled_from("AB"),
        st.integers(0, 2),
        st.integers(0, 2),
    ),
    max_size=14,
    unique_by=lambda d: (d[0], d[1]),
)


@given(days, st.none() | st.integers(0, 15), st.integers(0, 40))
def test_against_the_definition(given_days: list[tuple[int, str, int, int]], within: int | None, as_of: int) -> None:
    """Catches an answer of the same day, one that came too late, a deadline off by one, hostility counted on the wrong days."""
    today = START + datetime.timedelta(as_of)
    held = [Day(START + datetime.timedelta(n), s, k, 7.0, None, None, h) for n, s, k, h in sorted(given_days)]
    found = ledger(held, "A", "B", as_of=today, within=within)
    expected = []
    for n, side, k, _ in sorted(given_days):
        if not k or n > as_of:
            continue
        others = [(m, q, h) for m, s, q, h in given_days if s != side and m <= as_of]
        if any(m == n and q for m, q, _ in others):
            expected.append((n, side, "together", None, 0))
            continue
        answers = [m for m, q, _ in others if q and m > n and (within is None or m - n <= within)]
        until = min(answers) if answers else 10**6
        hostile = sum(h for m, _, h in others if n <= m < until)
        state = "answered" if answers else "open" if within is None or as_of - n <= within else "unanswered"
        expected.append((n, side, state, until - n if answers else None, hostile))
    assert [((m.date - START).days, m.side, m.state, m.days, m.meanwhile) for m in found.moves] == expected
    latest = max((n for n, *_ in expected), default=None)
    assert found.last_mover == tuple(sorted({s for n, s, *_ in expected if n == latest}))
