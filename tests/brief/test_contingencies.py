"""If it goes wrong: the page for the day on which a step is missed, against the table that it is made from."""

from __future__ import annotations

import html
import re

import pytest

from briefcases import harbour, nothing
from detente.brief.brief import Brief
from detente.brief.context import Context
from detente.brief.parts.contingencies import EVENTS, contingencies


@pytest.fixture(scope="module")
def full() -> Brief:
    return harbour()


def part(brief: Brief) -> str:
    found = re.search(r'<h2 id="contingencies">.*?</details>', brief.html, re.S)
    assert found
    return html.unescape(found[0])


def test_every_answer_stands_under_the_date_of_its_step(full: Brief) -> None:
    """Catches a cell in the wrong column, an answer that is lost, and one that the table does not have."""
    context = Context(full.case, full.plan, full.diagnosis, full.preparation)
    told = contingencies(context)
    assert told is not None
    assert full.preparation is not None
    (sheet,) = told.sheets
    words = {"tolerate": "go on", "repair": "change", "suspend": "suspend", "take_back": "suspend more", "step_out": "step out"}
    cells = {
        (block.heading[:24], line.what, date): cell.answer
        for block in sheet.blocks
        for line in block.lines
        for date, cell in zip(sheet.dates, line.cells, strict=True)
        if cell.answer
    }
    missed = [c for c in full.preparation.contingencies if c.event.event in ("late", "not_done") and not c.event.risk]
    assert missed
    for c in missed:
        heading = {"late": "A step due then comes 1 month late", "not_done": "A step due then does not come at all"}
        name = full.case.parties[c.event.party or ""].name
        date = context.ticks(c.event.phase + 1)[c.event.phase]
        assert cells[heading[c.event.event][:24], name, date] == words[c.answer]


def test_the_page_tells_only_what_it_prepared(full: Brief) -> None:
    """Catches a brief that works out more than it shows, which would be slow, or shows what it did not work out."""
    assert full.preparation is not None
    assert {c.event.event for c in full.preparation.contingencies} <= set(EVENTS)
    assert full.preparation.roadmap == full.plan.roadmap


def test_points_of_no_return_are_told_for_every_party(full: Brief) -> None:
    """Catches a party that is left out: each is named, with its date or with none."""
    text = part(full).partition("Points of no return")[2]
    assert all(spec.name in text for spec in full.case.parties.values())


def test_without_a_roadmap_the_part_is_absent() -> None:
    """Catches an empty table."""
    assert 'id="contingencies"' not in nothing().html
    assert nothing().to_dict()["preparation"] is None


def test_many_dates_are_told_in_sheets(full: Brief, monkeypatch: pytest.MonkeyPatch) -> None:
    """More dates than fit side by side go below each other, each once. Catches a page that runs off the paper."""
    context = Context(full.case, full.plan, full.diagnosis, full.preparation)
    whole = contingencies(context)
    monkeypatch.setattr("detente.brief.parts.contingencies._COLUMNS", 2)
    cut = contingencies(context)
    assert whole is not None
    assert cut is not None
    assert len(cut.sheets) > 1
    assert [d for s in cut.sheets for d in s.dates] == list(whole.sheets[0].dates)
    assert [s.last for s in cut.sheets] == [False] * (len(cut.sheets) - 1) + [True]
