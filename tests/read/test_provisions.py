"""The clauses of agreements as real texts number them, and what falls due when."""

from __future__ import annotations

import pytest

from detente.read.dates import dates, deadlines
from detente.read.provisions import provisions
from detente.read.read import read
from detente.read.text import Text

AGREEMENT = """Protocol of the Upper Valley

I. WATER

1.
Each Party shall open its gates by no later than 30 days after signature.
2. The gauges shall be read by both.

The first reading is to be made on 1 March 2021 at the latest.
a) The readings shall be published;
b) The readers shall be paid.

II. ROADS

1. Release of all lorries, provided that clause 2 has been carried out.
2) Ratification of this Protocol by the parliament of each Party.
(signed)
1. This line is below the signatures.
"""


def test_clauses_are_numbered_as_the_text_numbers_them() -> None:
    """Catches headings told as provisions, marks on lines of their own, letters below figures, and what follows the
    signatures.
    """
    found = [(c.clause, " ".join(c.quote.split())[:22]) for c in provisions(Text("given", AGREEMENT), 0)]
    assert found == [
        ("I.1", "Each Party shall open "),
        ("I.2", "The gauges shall be re"),
        ("I.2", "The first reading is t"),
        ("I.2.a", "The readings shall be "),
        ("I.2.b", "The readers shall be p"),
        ("II.1", "Release of all lorries"),
        ("II.2", "Ratification of this P"),
    ]


def test_provisions_know_when_and_upon_what() -> None:
    """Catches a deadline, a precondition or a consent that is lost or put under another clause."""
    by = {(c.clause, c.due): c for c in provisions(Text("given", AGREEMENT), 0)}
    assert ("I.1", "by no later than 30 days after signature") in by
    assert ("I.2", "2021-03-01") in by
    assert by["II.1", None].first == "clause 2 has been carried out"
    assert by["II.2", None].consent is not None


def test_an_article_has_no_provisions() -> None:
    """Catches a numbered list in an article taken for an agreement."""
    assert not list(
        provisions(Text("given", "Three things matter.\n1. Money\n2. Time\nNobody has either, she says. It was late."), 0)
    )


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("on 15 February 2015", "2015-02-15"),
        ("the 15th of February, 2015", "2015-02-15"),
        ("February 15, 2015", "2015-02-15"),
        ("15.02.2015", "2015-02-15"),
        ("2015-02-15", "2015-02-15"),
        ("in February 2015", "2015-02"),
        ("as of Sept. 19", "2014-09-19"),
    ],
)
def test_dates_are_read_as_they_are_written(text: str, day: str) -> None:
    """Catches a way to write a date that is not read, or read as another day."""
    assert [d for _, _, d in dates(text, near="2014-05-01")] == [day]


@pytest.mark.parametrize("text", ["31 February 2015", "on 45 May 2015", "as of 19 Sept", "2015-13-40"])
def test_what_is_no_date_is_none(text: str) -> None:
    """Catches a day that there is not, and a year that was made up."""
    assert not [d for _, _, d in dates(text) if len(d) == 10]


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("to be finalised by the end of 2015", "2015-12-31"),
        ("starting from 00.00 AM (local time) on the 15th of February, 2015", "2015-02-15"),
        ("within 14 days of the ceasefire and under supervision", "within 14 days of the ceasefire"),
        ("finished on day 5 after the withdrawal", "on day 5 after the withdrawal"),
        ("promptly, by no later than ten days after signature", "by no later than ten days after signature"),
    ],
)
def test_deadlines_are_told_as_dates_or_in_the_words(text: str, when: str) -> None:
    """Catches a deadline that is missed, or that runs on into the next part of the sentence."""
    assert deadlines(text, 0, len(text))[0].when == when


TREATY = Text(
    "treaty.txt",
    """Agreement of 3 May 2021

1. Immediate ceasefire on the lake.
2. France shall open the sluice by no later than 30 days after the date of signing of the document a council has seen.
3. No firing over the water.
4. France and Italy shall meet.
5. Italy may not build on the shore.
6. Reform by a law, providing for a council of the towns.
- Italy undertakes to mend the nets.
""",
)


def test_a_ceasefire_is_no_ban_and_a_ban_is_one() -> None:
    """Catches a duty told as a ban since "cease" is in it, and a ban told as a duty."""
    banned = {c.clause for c in read(TREATY).claims if c.type == "provision" and c.negated}
    assert banned == {"3", "5"}


def test_a_provision_names_whom_it_binds_alone() -> None:
    """Catches a duty of two that is put on one, and a duty that is nobody's though it says whose it is."""
    bound = [(c.clause, c.by) for c in read(TREATY).claims if c.type == "provision" and c.by is not None]
    assert bound == [("2", "FRA"), ("5", "ITA"), ("6", "ITA")]


def test_what_stands_in_a_provision_is_told_once() -> None:
    """Catches a bullet that is a provision and a promise besides, and "providing for" taken for a condition."""
    assert {c.type for c in read(TREATY).claims} <= {"provision", "party", "figure"}


def test_a_deadline_ends_where_another_thing_begins() -> None:
    """Catches a deadline that runs into what is to be done by then, and one that ends within a word."""
    dues = [c.due for c in read(TREATY).claims if c.clause == "2"]
    assert dues == ["by no later than 30 days after the date of signing of the document"]
