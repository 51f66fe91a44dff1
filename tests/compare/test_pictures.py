"""The pictures of a comparison: a level that cannot be searched costs that level, never the whole."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path

import pytest

from detente.case.case import Case
from detente.case.load import load
from detente.compare import frontier
from detente.compare.compare import compare
from detente.compare.pool import CLOSER
from detente.compare.telling import show_comparison
from detente.compare.trust import scaled
from detente.errors import SolverError
from detente.plan import solve
from detente.plan.certificate import certify

RIVER = """\
case: stream
title: A stream
as_of: 2024-03-01
phases: {length: 1 month, count: 5}
parties:
  upper: {name: Upper, discount: 0.95, stalemate: -0.1, breakdown: 1, trust: {lower: 0.3, board: 0.8}}
  lower: {name: Lower, discount: 0.95, stalemate: -0.2, breakdown: 1, trust: {upper: 0.3, board: 0.8}}
  board: {name: Board, discount: 0.99, stalemate: 0, breakdown: 0, trust: {upper: 0.9, lower: 0.9}}
measures:
  gauges: {title: Gauges, by: [upper, lower], kind: verification, value: {upper: -0.05, lower: 0.2}, signal: 1.3}
  release:
    title: Release
    by: upper
    kind: economic
    value: {upper: -0.2, lower: 0.6}
    once: {upper: -0.1}
    irreversible: 0.1
    lag: 2
    signal: 1.5
    slices: 2
    requires: [gauges]
  power:
    title: Power
    by: lower
    kind: economic
    value: {lower: -0.3, upper: 0.8}
    requires: [{any: [release/1, inspections], after: 2}]
  inspections: {title: Inspections, by: board, kind: verification, value: {board: -0.02, upper: 0.05, lower: 0.05}}
"""


@pytest.fixture
def stream(tmp_path: Path) -> Case:
    (tmp_path / "stream.yaml").write_text(RIVER)
    return load(tmp_path / "stream.yaml")


def test_a_roadmap_that_falls_short_by_less_than_the_tolerance_is_mended(stream: Case) -> None:
    """Just below the trust that the best roadmap needs, another is found: catches a tightened trust row that no trial knows."""
    factor, found = Fraction(3), 0
    while factor > Fraction(1, 50):
        instance = scaled(stream.instance, factor)
        made = solve.plan(instance, reasons=False, time_limit=math.inf)
        assert made.certificate.holds
        needs = made.certificate.strain
        if made.roadmap.is_empty or not needs:
            break
        found += 1
        factor *= needs * CLOSER  # the certificate of the scaled case counts the strain in its own odds
    assert found > 1


def test_a_level_that_fails_costs_that_level(stream: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some searches are made to fail: the rest is still told, what failed is named, and nothing is called complete."""
    whole = compare(stream, pictures=True)
    assert whole.trust_levels is not None
    assert whole.frontier is not None
    assert whole.trust_levels.exact
    assert whole.frontier.complete
    plan, fastest, calls = solve.plan, frontier.fastest, {"plan": 0, "fastest": 0}

    def failing_plan(*args: object, **options: object) -> object:
        calls["plan"] += 1
        if calls["plan"] == 3:
            raise SolverError("no answer")
        return plan(*args, **options)  # type: ignore[arg-type]

    def failing_fastest(*args: object) -> object:
        calls["fastest"] += 1
        if calls["fastest"] == 1:
            raise SolverError("no answer")
        return fastest(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(solve, "plan", failing_plan)
    monkeypatch.setattr(frontier, "fastest", failing_fastest)
    part = compare(stream, pictures=True)
    assert part.trust_levels is not None
    assert part.frontier is not None
    assert len(part.trust_levels.failed) == len(part.frontier.failed) == 1
    assert not part.trust_levels.exact
    assert not part.frontier.complete
    assert part.trust_levels.rises
    assert part.frontier.points
    assert all(certify(stream.instance, p.roadmap).holds for p in part.frontier.points)
    assert sum("search failed" in str(text) for text in show_comparison(part, stream)) == 2
    assert part.to_dict()["trust_levels"]["failed"]  # type: ignore[index]
