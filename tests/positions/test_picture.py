"""The picture of a bargain: everything inside, no label on another, whatever the table."""

from __future__ import annotations

import re
from itertools import combinations
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings

import detente as dt
from bargains import INVENTED, PROFILE, Rows, issue, rows, table
from detente.brief.charts.positions import positions_chart
from detente.brief.charts.svg import text_width
from detente.positions.result import Forecast

Box = tuple[float, float, float, float]


def drawn(f: Forecast, width: float) -> ElementTree.Element:
    return ElementTree.fromstring(str(positions_chart("p", f, width, title="T", description="D")))


def boxes(root: ElementTree.Element, of: str) -> list[tuple[str, Box]]:
    """Texts of a class with the room that they take."""
    out = []
    for node in root.iter():
        if not node.tag.endswith("}text") or of not in (node.get("class") or "").split():
            continue
        text = "".join(node.itertext())
        wide = text_width(text, 11.5, bold="median" in (node.get("class") or "").split())
        x, y = float(node.get("x", 0)), float(node.get("y", 0))
        left = x - {"end": wide, "middle": wide / 2}.get(node.get("text-anchor") or "", 0)
        out.append((text, (left, y - 9, left + wide, y + 2)))
    return out


def clash(a: Box, b: Box) -> bool:
    return a[0] < b[2] - 0.5 and b[0] < a[2] - 0.5 and a[1] < b[3] - 0.5 and b[1] < a[3] - 0.5


@settings(max_examples=40)
@given(rows(1, 8))
def test_no_label_lies_on_another_or_outside(given_rows: Rows) -> None:
    """Would catch labels that run into each other, or out of a narrow picture."""
    f = dt.positions(table(issue(given_rows, outcome=20.0)), profile=PROFILE).forecasts[0]
    for width in (680.0, 354.0):
        root = drawn(f, width)
        found = boxes(root, "note")
        for (one, a), (other, b) in combinations(found, 2):
            assert not clash(a, b), (one, other)
        for text, box in found:
            assert box[0] >= -1, text
            assert box[2] <= width + 1, text
        height = float(root.get("height", 0))
        assert all(box[3] <= height + 1 for _, box in found)


def test_everything_is_marked_and_labelled() -> None:
    """Would catch a mark that is left out: median, mean, both baselines, the interval, the outcome, every actor."""
    f = dt.positions(table(issue(INVENTED, 4, 10, outcome=8.833)), profile=PROFILE).forecasts[0]
    texts = " | ".join(t for t, _ in boxes(drawn(f, 680.0), "note"))
    for part in (
        "median",
        "mean",
        "weighted mean",
        "weighted median",
        "80%: ",
        "outcome 8.8",
        "East",
        "West",
        "Midland",
    ):
        assert part in texts, part


def test_bars_are_as_long_as_they_weigh() -> None:
    """Would catch a bar that shows the number of actors, or the capability, in place of the weight."""
    f = dt.positions(table(issue(INVENTED, 4, 10)), profile=PROFILE).forecasts[0]
    bars: dict[str, float] = {}
    for node in drawn(f, 680.0).iter():
        if node.get("class") == "weight":
            bars[node.get("x", "")] = bars.get(node.get("x", ""), 0.0) + float(node.get("height", 0)) + 0.8
    weights = {p: sum(h.weight for h in f.holders if h.position == p) for p in (4, 5, 7, 10)}
    lengths = [bars[k] for k in sorted(bars, key=float)]
    assert np.allclose(np.array(lengths) / max(lengths), np.array(list(weights.values())) / max(weights.values()), atol=0.02)


def test_without_a_profile_there_is_no_distribution_to_see() -> None:
    """Would catch a picture that suggests one."""
    f = dt.positions(table(issue(INVENTED, 4, 10))).forecasts[0]
    root = drawn(f, 680.0)
    assert not [n for n in root.iter() if n.get("class") == "bin"]
    assert [t for t, _ in boxes(root, "note") if "80%" in t] == []


def test_three_hundred_actors_fit() -> None:
    """Would catch a picture that grows without end, or bars on top of each other that hide all."""
    rng = np.random.default_rng(0)
    many = [(f"a{k}", float(rng.uniform(0, 100)), 50.0, 1.0) for k in range(300)]
    f = dt.positions(table(issue(many)), profile=PROFILE).forecasts[0]
    text = str(positions_chart("p", f, 354.0, title="T", description="D"))
    assert len(text) < 60_000
    assert not re.search(r"nan|inf", text)


@pytest.mark.parametrize("low", [0.0, -3.0, 1e6])
def test_a_scale_of_one_point_can_be_drawn(low: float) -> None:
    """Would catch a division by the length of the scale."""
    f = dt.positions(table(issue([("a", low, 50.0, 1.0)], low, low)), profile=PROFILE).forecasts[0]
    assert "nan" not in str(positions_chart("p", f, 354.0, title="T", description="D"))
