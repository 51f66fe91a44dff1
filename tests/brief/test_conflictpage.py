"""The page of a conflict graph: whole, escaped, with every improvement between the states that it shows."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from briefcases import HOSTILE
from conflictcases import conflict_of, draw
from detente.brief.conflictpage import conflict_page
from detente.cli import app
from detente.graph.solve import graph


@pytest.mark.parametrize("seed", [2, 5, 11, 17])
def test_every_improvement_between_shown_states_has_its_arrow(seed: int) -> None:
    """Catches an arrow that is missing, or drawn for a move that its party does not gain by."""
    conflict = conflict_of(draw(seed, most_options=4), strong=False)
    found = graph(replace(conflict, status_quo=int(graph(conflict).states[0])))
    page = conflict_page(found)
    shown = [int(n) for n in re.findall(r"<title>State (\d+):", page)]
    assert len(shown) == len(set(shown)) > 0
    gains = sum(
        int(q) + 1 in shown and found.levels[i].level[q] > found.levels[i].level[s - 1]
        for s in shown
        for i in range(len(found.levels))
        for q in found.moves.of(i, s - 1)
    )
    assert page.count('<g class="gain') == gains
    assert page.count('tabindex="0"') == len(shown)
    assert found.paths is not None
    assert set(found.paths.reached) <= set(shown)
    assert page == conflict_page(found)


def test_nothing_breaks_out_and_nothing_is_asked_for() -> None:
    """Titles are escaped; the page has no script and no address."""
    conflict = conflict_of(draw(2, most_options=4))
    options = tuple(replace(o, title=HOSTILE) for o in conflict.options)
    page = conflict_page(graph(replace(conflict, title=HOSTILE, options=options)))
    assert "<script" not in page
    assert not re.search(r"""(?:src|href)=["'](?!data:|#)""", page)


def test_the_command_writes_it(tmp_path: Path) -> None:
    """Catches an option that says it has written and has not; a conflict without a status quo has a page too."""
    file = tmp_path / "toy.html"
    assert CliRunner().invoke(app, ["graph", "toy-exchange", "--page", str(file)]).exit_code == 0
    text = file.read_text(encoding="utf-8")
    assert "Who would move where" in text
    assert "What holds today" in text
    assert "What holds today" not in conflict_page(graph(conflict_of(draw(3, most_options=4))))
