"""What is ahead: falling lines, the chance that each strategy is still under way by date, and bars of how plays end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from detente.brief.charts.scale import apart
from detente.brief.charts.svg import chart, path, tag
from detente.brief.charts.timeline import Timeline
from detente.brief.words import percent

__all__ = ["Curve", "ahead_chart", "end_bar"]

HEIGHT = 250.0
TOP, BOTTOM = 14.0, 218.0
_RADIUS = 8.5
_BAR = 14


@dataclass(frozen=True)
class Curve:
    """A strategy's letter and the chance that it is under way at the start of each phase; `main`: drawn strong."""

    letter: str
    reached: Sequence[float]
    main: bool


def ahead_chart(
    id_: str, courses: Sequence[Curve], dates: Sequence[str], width: float, *, title: str, description: str
) -> Markup:
    """Draw the lines; each ends in its letter."""
    left, right = 44.0, width - 46.0
    time = Timeline(dates, left, right)

    def y(share: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * share

    grid = [
        tag(
            "g",
            path("M", left, y(s), "H", right, class_="grid"),
            tag("text", percent(s), x=left - 6, y=y(s) + 4, class_="tick", text_anchor="end"),
        )
        for s in (0.0, 0.5, 1.0)
    ]
    lines = []
    for n, c in enumerate(courses):
        steps: list[str | float] = ["M", left, y(1.0)]
        for t, share in enumerate(c.reached):
            steps += ["L" if t else "V", *((time.start(t), y(share)) if t else (y(share),))]
        steps += ["L", right, y(c.reached[-1])]
        lines.append(path(*steps, class_=f"line {'main' if c.main else f'other-{n % 4}'}"))
    heights = apart([y(c.reached[-1]) for c in courses], 2 * _RADIUS + 1, TOP, BOTTOM)
    marks = []
    for c, at in zip(courses, heights, strict=True):
        lead = path("M", right, y(c.reached[-1]), "L", right + 14, at, class_="lead")
        circle = tag("circle", cx=right + 14 + _RADIUS, cy=at, r=_RADIUS, class_="letter")
        marks.append(
            lead + circle + tag("text", c.letter, x=right + 14 + _RADIUS, y=at + 4, class_="end on", text_anchor="middle")
        )
    ticks = list(time.ticks())
    below = [path("M", time.start(t), BOTTOM, "V", BOTTOM + 5, class_="axis") for t, _ in ticks]
    said = [tag("text", date, x=time.start(t), y=BOTTOM + 18, class_="tick") for t, date in ticks]
    return chart(id_, width, HEIGHT, *grid, *lines, *marks, *below, *said, title=title, description=description, class_="ahead")


def end_bar(id_: str, going: float, stopped: float, *, title: str) -> Markup:
    """A bar of all plays: still under way, stopped, collapsed. It holds no text; the table says the figures."""
    first, second = (f"{100 * min(max(x, 0.0), 1.0):.2f}%" for x in (going, going + stopped))
    body = [
        tag("rect", x="0%", y=2, width="100%", height=10, class_="collapsed"),
        tag("rect", x="0%", y=2, width=second, height=10, class_="stopped"),
        tag("rect", x="0%", y=2, width=first, height=10, class_="going"),
    ]
    return tag(
        "svg", tag("title", title, id=f"{id_}-title"), *body,
        xmlns="http://www.w3.org/2000/svg", width="100%", height=_BAR, class_="picture ends",
        role="img", aria_labelledby=f"{id_}-title",
    )  # fmt: skip
