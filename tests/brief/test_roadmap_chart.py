"""The timeline of a roadmap: where a step is drawn is when it begins."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from briefcases import crowded, harbour
from detente.brief.brief import Brief
from detente.brief.charts.roadmap import roadmap_chart, timeline


@pytest.mark.parametrize("made", [harbour, crowded])
@pytest.mark.parametrize("width", [680.0, 940.0, 1040.0])
def test_no_step_is_drawn_before_its_date(made: Callable[[], Brief], width: float) -> None:
    """Catches a pill that reaches back before the date of its step, that leaves its column or the picture, or whose sign is
    anywhere but at its beginning: near the right edge as elsewhere."""
    context = made()._context
    dates = context.ticks(min(context.settled, context.instance.phases))
    time = timeline(dates, len(context.names), width)
    picture = roadmap_chart("chart", context.steps, context.names, dates, width, description="What is drawn")
    drawn = ElementTree.fromstring(picture.replace(' xmlns="http://www.w3.org/2000/svg"', ""))
    pills = [g for g in drawn.iter("g") if (g.get("class") or "").startswith("pill")]
    assert len(pills) == len(context.steps)
    for pill in pills:
        tip, box, sign = pill.find("title"), pill.find("rect"), pill.find("g")
        assert tip is not None
        assert box is not None
        assert sign is not None
        (step,) = (s for s in context.steps if (tip.text or "").startswith(f"{s.number}. "))
        x, own = (float(box.get(key) or "nan") for key in ("x", "width"))
        column = time.start(step.phase), time.start(step.phase + 1)
        assert column[0] - 0.1 <= x < column[1]
        assert x + own <= width + 0.1
        assert min(across(sign)) >= x
        assert max(across(sign)) <= x + 20


def across(drawn: ElementTree.Element) -> list[float]:
    """The places of a sign's outline from left to right."""
    out = []
    for shape in drawn.iter():
        if "points" in shape.attrib:
            out += [float(point.split(",")[0]) for point in shape.attrib["points"].split()]
        elif "cx" in shape.attrib:
            out += [float(shape.attrib["cx"]) + sign * float(shape.attrib["r"]) for sign in (-1, 1)]
        elif "width" in shape.attrib:
            out += [float(shape.attrib["x"]), float(shape.attrib["x"]) + float(shape.attrib["width"])]
    return out
