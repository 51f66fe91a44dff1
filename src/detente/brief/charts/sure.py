"""How sure: the share of draws in which the roadmap still holds, falling phase by phase, and bars for the values that decide.

The share starts at all draws; a draw leaves at the first phase in which some condition breaks. The fall in the first phase is
drawn too. Its largest falls are marked with their size.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from detente.base.words import percent, rounded
from detente.brief.charts.frame import Frame
from detente.brief.charts.svg import chart, path, share, strip, tag, text_width
from detente.brief.charts.timeline import Timeline

__all__ = ["index_bar", "sure_chart"]

HEIGHT = 196.0
TOP, BOTTOM = 16.0, 166.0
_MARKED = 2
_LEAST = 0.03  # a fall smaller than this gets no mark
_BAR = 14
_END = "hold to the end"


def sure_chart(id_: str, held: Sequence[float], dates: Sequence[str], width: float, *, title: str, description: str) -> Markup:
    """Draw the fall; `held`: the share that holds up to each phase shown, `dates` as many."""
    frame = Frame(44.0, width - 12.0 - text_width(_END, 11.5), TOP, BOTTOM)
    left, right, y = frame.left, frame.right, frame.y
    time = Timeline(dates, left, right)
    steps: list[str | float] = ["M", left, y(1.0)]
    for t, holding in enumerate(held):
        steps += ["H", time.start(t), "V", y(holding)]
    steps += ["H", right]
    grid = frame.grid((y(s), percent(s)) for s in (0.0, 0.5, 1.0))
    said = [tag("text", text, x=right + 8, y=y(held[-1]) + dy, class_=f"end {c}") for text, dy, c in _ends(held[-1])]
    return chart(
        id_, width, HEIGHT, *grid,
        path(*steps, "V", BOTTOM, "H", left, "Z", class_="under"), path(*steps, class_="line"),
        *_marks(held, time, frame), tag("circle", cx=right, cy=y(held[-1]), r=3.5), *said, _dates(time, frame),
        title=title, description=description, class_="sure",
    )  # fmt: skip


def _ends(held: float) -> tuple[tuple[str, float, str], ...]:
    if held < 0.12:  # keep clear of the axis
        return ((percent(held), -10.0, "on"), (_END, 4.0, "off"))
    return ((percent(held), 4.0, "on"), (_END, 18.0, "off"))


def _marks(held: Sequence[float], time: Timeline, frame: Frame) -> list[Markup]:
    """The largest falls, each with its size beside the drop, where there is room."""
    before = [1.0, *held[:-1]]
    falls = sorted(((b - h, t) for t, (b, h) in enumerate(zip(before, held, strict=True))), key=lambda f: (-f[0], f[1]))
    out: list[Markup] = []
    taken: list[tuple[float, float]] = []
    for fall, t in falls[:_MARKED]:
        text = f"{rounded(-100 * fall, 0)} points"
        x, end = time.start(t) + 6, time.start(t) + 6 + text_width(text, 11.5)
        if fall < _LEAST or end > frame.right or any(x < b and a < end for a, b in taken):
            continue
        taken.append((x, end))
        middle = frame.y(before[t] - fall / 2) if fall > 0.15 else frame.y(before[t]) - 5
        out.append(tag("text", text, x=x, y=middle + (4 if fall > 0.15 else 0), class_="note halo"))
    return out


def _dates(time: Timeline, frame: Frame) -> Markup:
    ticks = list(time.ticks())
    return tag("g", *(frame.mark(time.start(t)) for t, _ in ticks), *(frame.below(time.start(t), date) for t, date in ticks))


def index_bar(id_: str, index: float, interval: tuple[float, float], *, title: str) -> Markup:
    """A bar of a share of 1 with its interval as a line, as wide as the page lets it be; it holds no text."""
    low, high = map(share, interval)
    body = [
        tag("rect", x="0%", y=4, width="100%", height=6, class_="track", rx=3),
        tag("rect", x="0%", y=2, width=share(index), height=10, class_="held", rx=2),
        tag("line", x1=low, x2=high, y1=7, y2=7, class_="spread"),
    ]
    return strip(id_, _BAR, *body, title=title, class_="index")
