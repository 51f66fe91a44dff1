"""A reliability diagram: how often a forecast chance came true. On the diagonal every chance means what it says.

A dot a tenth of the forecasts, as large as the root of how many they were, with their number.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from detente.base.words import percent
from detente.brief.charts.frame import Frame
from detente.brief.charts.svg import chart, path, tag

__all__ = ["reliability_chart"]

SIZE = 270.0
LEFT, TOP, SIDE = 44.0, 12.0, 200.0
_FRAME = Frame(LEFT, LEFT + SIDE, TOP, TOP + SIDE)


def reliability_chart(id_: str, dots: Sequence[tuple[float, float, int]], *, title: str, description: str) -> Markup:
    """Draw it; `dots`: mean forecast, share that came true, number."""
    grid = []
    for s in (0.0, 0.5, 1.0):
        under = tag("text", percent(s), x=_FRAME.x(s), y=_FRAME.bottom + 16, class_="tick", text_anchor="middle")
        grid += [_FRAME.line(_FRAME.y(s)), _FRAME.number(_FRAME.y(s), percent(s)), under]
    most = max((n for _, _, n in dots), default=1)
    marks = [
        tag(
            "circle",
            tag("title", f"forecast {percent(p)}, came true {percent(f)} of {n:,}"),
            cx=_FRAME.x(p),
            cy=_FRAME.y(f),
            r=3 + 6 * (n / most) ** 0.5,
            class_="dot",
        )
        for p, f, n in dots
    ]
    names = [
        tag("text", "forecast chance", x=_FRAME.x(0.5), y=TOP + SIDE + 33, class_="tick", text_anchor="middle"),
        tag("text", "came true", x=LEFT + 6, y=TOP + 12, class_="tick"),
    ]
    line = path("M", _FRAME.left, _FRAME.bottom, "L", _FRAME.right, _FRAME.top, class_="diagonal")
    return chart(id_, SIZE, TOP + SIDE + 42, *grid, line, *marks, *names, title=title, description=description, class_="fan")
