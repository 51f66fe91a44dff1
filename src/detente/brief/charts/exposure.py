"""What a party risks at the hands of another against what its trust allows, phase by phase, with its red line if it has one.

The scale ends a little above the largest bar, so that bars can be read; an allowance beyond it runs along the upper edge.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from detente.base.words import number
from detente.brief.charts.marks import party_class
from detente.brief.charts.scale import Scale, apart
from detente.brief.charts.svg import chart, path, tag
from detente.brief.charts.timeline import Timeline

__all__ = ["exposure_chart"]

WIDTH = 340.0
RIGHT = 252.0
TOP, BOTTOM, HEIGHT = 14.0, 112.0, 136.0


def exposure_chart(
    id_: str,
    exposure: Sequence[float],
    allowance: Sequence[float],
    red_line: float | None,
    dates: Sequence[str],
    party: int,
    *,
    title: str,
    description: str,
) -> Markup:
    """Draw bars and line; one value a phase shown, in the party's units."""
    risk = [max(0.0, e) for e in exposure]
    peak = max(risk)
    high = max(peak * 1.25, min(max(allowance), peak * 2)) or 1.0
    if red_line is not None and red_line <= 2.5 * peak:
        high = max(high, red_line * 1.1)
    scale = Scale(0.0, high, TOP, BOTTOM)
    left = scale.room
    time = Timeline(dates, left, RIGHT)
    bar = max(1.5, min(16.0, 0.7 * time.step))
    bars = [
        tag("rect", x=time.middle(t) - bar / 2, y=scale.y(e), width=bar, height=BOTTOM - scale.y(e), class_="bar")
        for t, e in enumerate(risk)
        if e > 0
    ]
    steps: list[str | float] = ["M", left, scale.y(allowance[0])]
    for t, a in enumerate(allowance):
        steps += ["V", scale.y(a), "H", time.start(t + 1)]
    labels = [("trust allows", scale.y(allowance[-1]), "on"), ("at risk", scale.y(risk[-1]), "off")]
    body = []
    if red_line is not None:
        if red_line <= high:
            body.append(path("M", left, scale.y(red_line), "H", RIGHT, class_="line red"))
            labels.append(("red line", scale.y(red_line), "red"))
        else:
            body.append(
                tag("text", f"red line: {number(red_line)}", x=WIDTH - 2, y=HEIGHT - 6, class_="note red", text_anchor="end")
            )
    ys = apart([y + 4 for _, y, _ in labels], 13.0, TOP + 4, BOTTOM + 4)
    ends = [tag("text", text, x=RIGHT + 6, y=y, class_=f"end {c}") for (text, _, c), y in zip(labels, ys, strict=True)]
    first, last = dates[0], dates[-1]
    days = [tag("text", first, x=left, y=HEIGHT - 6, class_="tick")]
    if len(dates) > 1:
        days.append(tag("text", last, x=RIGHT, y=HEIGHT - 6, class_="tick", text_anchor="end"))
    return chart(
        id_, WIDTH, HEIGHT, scale.axis(left, RIGHT), *bars, path(*steps, class_="line on"), *body, *ends, *days,
        title=title, description=description, class_=f"exposure {party_class(party)}",
    )  # fmt: skip
