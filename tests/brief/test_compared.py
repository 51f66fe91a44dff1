"""Speed against safety and what trust makes possible, in the brief and on a page of their own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import smallcases
from briefcases import ARABIC, HOSTILE, harbour, nothing
from detente.base.parts import Table
from detente.brief.brief import Brief
from detente.brief.charts.frontier import Marked, frontier_chart
from detente.brief.charts.possible import possible_chart
from detente.brief.compared import compared_page
from detente.brief.parts.possible import possible
from detente.brief.parts.speed import speed
from detente.case.load import load
from detente.case.naming import Naming
from detente.cli import app
from detente.compare.compare import compare
from detente.compare.result import Comparison

TOY = load("toy-exchange")


@pytest.fixture(scope="module")
def full() -> Brief:
    return harbour()


@pytest.fixture(scope="module")
def toy() -> Comparison:
    return compare(TOY, pictures=True, thorough=False, draws=50)


def test_the_brief_tells_what_was_found(full: Brief) -> None:
    """Catches a sentence or a table that is not the one computed, and orders that are missing from the picture."""
    assert full.comparison is not None
    found = speed(Naming(full.case), full.comparison)
    assert found is not None
    assert found.stated == "25%"
    front = full.comparison.frontier
    assert front is not None
    table = found.table[0]
    assert isinstance(table, Table)
    assert float(table.rows[-1][1].replace(",", "")) == pytest.approx(float(front.points[-1].speed), rel=0.005)
    assert [t.title for t in found.told] == ["The plan", *(o.title for o in full.case.orders)]
    assert [t.holds for t in found.told] == [r.holds for r in full.comparison.roadmaps]
    reach = possible(Naming(full.case), full.comparison)
    levels = full.comparison.trust_levels
    assert reach is not None
    assert levels is not None
    told = [title for r in reach.rises for _, title in r.measures]
    assert len(told) == len(set(told)) == sum(len(r.brings) for r in levels.rises)
    assert set(told) | set(reach.never) == {full.case.measure_title(m) for r in levels.rises for m in r.brings} | {
        full.case.measure_title(m) for m in levels.beyond
    }
    for part in ("the trust of Coastland in the United Isles", "Speed against safety", "What trust makes possible"):
        assert part in full.html


def test_parts_are_absent_without_content() -> None:
    """Catches an empty picture: no roadmap at any level, and a comparison without pictures."""
    found = nothing()
    assert 'id="speed"' not in found.html
    assert 'id="possible"' not in found.html
    bare = compared_page(TOY, compare(TOY, ["two-steps"]))
    assert 'id="expected"' not in bare
    assert 'id="chart-speed"' not in bare
    assert 'id="roadmaps"' in bare


def test_the_page_by_itself(toy: Comparison) -> None:
    """Catches a roadmap, a figure or a reason that does not reach the page, a request; the same bytes twice.

    By hand. Of three steps of 0.5, 0.3 and 0.2 each has 2.5 + 1.2 + 0.64 = 4.34, 3 if it cheats in the first phase, and is
    spared 0.5 + 1 = 1.5 by that if the other stops: odds of 1.5 / 1.34, a trust of 53%. Of two steps, 0.8 and 0.2, going on is
    worth no more than cheating, 4.8, and no trust makes up for what cheating spares in doubt.
    """
    page = compared_page(TOY, toy)
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    for part in (
        "6 roadmaps side by side",
        "Eight tenths first and then the rest",
        "would gain 1 unit more by withholding",
        "Eight tenths first and then the rest : would not hold, however high trust is",
        "Half first, then three tenths, then the rest : would hold down to a trust of 53%",
        "Holds, of 50 draws" if toy.draws else "Trust needed",
    ):
        assert part in text, part
    assert page == compared_page(TOY, toy)
    assert "default-src 'none'" in page
    assert not re.search(r'(?:src|href)="(?!#|data:)', page)
    assert len(page.encode()) < 1_000_000


def test_hostile_titles_stay_text() -> None:
    """Catches a title of a case or the name of a roadmap that becomes an element."""
    data = smallcases.swap(lambda d: d["measures"]["give-a"].update(title=HOSTILE))
    data["measures"]["give-b"]["title"] = ARABIC
    data["title"] = HOSTILE
    case = load(data)
    made = compare(case, {HOSTILE: compare(case).roadmaps[0].roadmap}, pictures=True)
    page = compared_page(case, made)
    assert HOSTILE not in page
    assert "<script" not in page
    assert ARABIC in page


def test_the_command_writes_the_page(tmp_path: Path) -> None:
    """Catches a page that is not written, JSON without the pictures, and a place that cannot be written to."""
    import json

    runner = CliRunner()
    target = tmp_path / "toy.html"
    done = runner.invoke(app, ["compare", "toy-exchange", "three-steps", "--json", "--draws", "0", "--page", str(target)])
    assert done.exit_code == 0
    data = json.loads(done.stdout)
    assert data["frontier"]["reference"] == {"party": "a", "toward": "b", "stated": 0.6}
    assert data["trust_levels"]["rises"][0]["brings"] == ["give-a", "give-b"]
    assert "Half first" in target.read_text(encoding="utf-8")
    small = smallcases.written(smallcases.swap(), tmp_path)
    bad = runner.invoke(app, ["compare", small, "--draws", "0", "--page", str(tmp_path / "no" / "x.html")])
    assert bad.exit_code != 0
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize("width", [680.0, 354.0])
def test_letters_keep_clear_of_each_other(width: float) -> None:
    """Twenty roadmaps of the same speed, half of which do not hold: catches letters on letters, and letters outside."""
    marked = [Marked(chr(65 + n), 5.0, None if n % 2 else 0.1) for n in range(20)]
    drawn = frontier_chart("x", [(5.0, 0.1)], marked, 0.12, width, title="A title", description="A description")
    places = [(float(x), float(y)) for x, y in re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="9" class="letter', drawn)]
    assert len(places) == 20
    for n, (x, y) in enumerate(places):
        assert 0 <= x <= width
        assert all(abs(x - a) >= 18 or abs(y - b) >= 18 for a, b in places[:n])


def test_numbers_keep_clear_of_each_other() -> None:
    """Rises at almost the same level: catches numbers on numbers; and a stated trust beyond the scale stays in the picture."""
    rises = [(0.01 + 0.0001 * n, 3 + n // 3) for n in range(9)]
    drawn = possible_chart("x", rises, rises, 9, (0.01, 0.6), 0.9, 354.0, title="A title", description="A description")
    places = [(float(x), float(y)) for x, y in re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="9"', drawn)]
    assert len(places) == 9
    for n, (x, y) in enumerate(places):
        assert all(abs(x - a) >= 18 or abs(y - b) >= 18 for a, b in places[:n])
    assert "today: 90%" in drawn
