"""What is ahead: falling lines, the chance that each strategy is still under way by date, and bars of how plays end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from detente.base.words import percent
from detente.brief.charts.frame import Frame
from detente.brief.charts.scale import apart
from detente.brief.charts.svg import chart, path, share, strip, tag
from detente.brief.charts.timeline import Timeline

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
    frame = Frame(44.0, width - 46.0, TOP, BOTTOM)
    left, right, y = frame.left, frame.right, frame.y
    time = Timeline(dates, left, right)
    grid = frame.grid((y(s), percent(s)) for s in (0.0, 0.5, 1.0))
    lines = []
    for n, c in enumerate(courses):
        steps: list[str | float] = ["M", left, y(1.0)]
        for t, reached in enumerate(c.reached):
            steps += ["L" if t else "V", *((time.start(t), y(reached)) if t else (y(reached),))]
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
    below = [frame.mark(time.start(t)) for t, _ in ticks]
    said = [frame.below(time.start(t), date) for t, date in ticks]
    return chart(id_, width, HEIGHT, *grid, *lines, *marks, *below, *said, title=title, description=description, class_="ahead")


def end_bar(id_: str, going: float, stopped: float, *, title: str) -> Markup:
    """A bar of all plays: still under way, stopped, collapsed. It holds no text; the table says the figures."""
    ends = (("100%", "collapsed"), (share(going + stopped), "stopped"), (share(going), "going"))
    body = [tag("rect", x="0%", y=2, width=width, height=10, class_=kind) for width, kind in ends]
    return strip(id_, _BAR, *body, title=title, class_="ends")
