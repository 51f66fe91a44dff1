"""What is ahead, in the brief: figures that agree with the assessment, conditions said, absent where nothing was played."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest

from briefcases import harbour
from detente.base.words import percent
from detente.brief.brief import Brief
from detente.brief.charts.ahead import Curve, ahead_chart, end_bar
from detente.brief.parts.ahead import ahead


@pytest.fixture(scope="module")
def told() -> Brief:
    return harbour()


def test_the_section_agrees_with_the_assessment(told: Brief) -> None:
    """Catches a figure of another strategy, an id in the text, and a claim without its condition."""
    section, found = ahead(told._context), told.assessment
    assert section is not None
    assert found is not None
    assert "Under these values and this profile" in section.found
    assert percent(max(0.0, found.fared[found.best].score[0])) in section.found
    assert section.lines[0].title == found.fared[found.best].strategy.title
    plan = found.fared["plan"]
    ranked = plan.weakest_wholes(found.instance.slices)
    assert [x for _, x, _ in ranked] == sorted((x for _, x, _ in ranked), reverse=True)
    assert sum(x for _, x, _ in ranked) == pytest.approx(sum(x for x, _ in plan.first_failure.values()))
    assert all(percent(x) in said for (_, x, _), said in zip(ranked, section.weakest, strict=False))
    (line,) = (x for x in section.lines if x.title == "The roadmap")
    assert f"under way {percent(plan.under_way[0])}" in line.ends
    assert len(section.profile) == len(found.profile.values)
    everything = " ".join([section.found, section.sincere, section.warning, *section.weakest, *section.deciding])
    assert "score" not in everything


def test_without_plays_there_is_no_section(told: Brief) -> None:
    """Catches an empty heading."""
    without = replace(told, assessment=None)
    assert ahead(without._context) is None
    assert 'id="ahead"' not in without.html


def test_lines_fall_and_letters_keep_apart() -> None:
    """Catches letters on top of each other where lines end together, and a bar that runs out of its track."""
    courses = [Curve("A", [1.0, 0.5, 0.0], True), Curve("B", [1.0, 0.4, 0.0], False), Curve("C", [1.0, 0.9, 0.01], False)]
    drawn = str(ahead_chart("x", courses, ["a", "b", "c"], 400.0, title="t", description="d"))
    heights = sorted(float(y) for y in re.findall(r'<circle cx="[\d.]+" cy="([\d.]+)"', drawn))
    assert len(heights) == 3
    assert all(b - a >= 17 for a, b in pairwise(heights))
    widths = [float(x) for x in re.findall(r'width="([\d.]+)%"', str(end_bar("b", 0.9, 0.2, title="t")))]
    assert all(0 <= x <= 100 for x in widths)
