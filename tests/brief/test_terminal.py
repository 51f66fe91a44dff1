"""The summary for a terminal."""

from __future__ import annotations

import contextlib
import io
import os
from unittest.mock import patch

import pytest
from rich.cells import cell_len

from briefcases import crowded, harbour, nothing
from detente.brief.brief import Brief
from detente.cli.output import print_rich


def printed(found: Brief, width: int, written: str = "here.html") -> list[str]:
    out = io.StringIO()
    with patch.dict(os.environ, {"COLUMNS": str(width)}), contextlib.redirect_stdout(out):
        print_rich(*found.summary(written), widest=80)
    return [line.rstrip() for line in out.getvalue().splitlines()]


def test_the_summary_tells_all_parts_in_order() -> None:
    """Catches a part that is lost between the page and the terminal."""
    text = "\n".join(printed(harbour(), 200))
    parts = (
        "A harbour and its approaches",
        "Under these values the stand-off",
        "Why it is stuck",
        "Who waits for whom",
        "The roadmap",
        "Stated orders, tried as they stand",
        "What is not reached",
        "The whole brief: here.html",
    )
    places = [text.find(p) for p in parts]
    assert places == sorted(places)
    assert -1 not in places


@pytest.mark.parametrize("width", [80, 60])
def test_it_fits_the_terminal(width: int) -> None:
    """Catches a line that breaks the layout, also with hostile and right-to-left titles."""
    for found in (harbour(), crowded(parties=3, measures=12, phases=8)):
        assert max(cell_len(line) for line in printed(found, width)) <= width


def test_wide_terminals_keep_a_readable_measure() -> None:
    """Catches lines of 200 characters that nobody reads."""
    assert max(len(line) for line in printed(harbour(), 200)) <= 80


def test_text_of_the_case_is_no_markup() -> None:
    """Catches a title such as [red] that colours or vanishes."""
    found = harbour(title="[red]Harbour[/red]")
    assert printed(found, 80)[0] == "[red]Harbour[/red]"


def test_without_a_roadmap_it_says_so() -> None:
    """Catches an empty table in place of an answer."""
    text = "\n".join(printed(nothing(), 80))
    assert "there is nothing to agree on" in text
    assert "The roadmap" not in text
