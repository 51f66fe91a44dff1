"""What each level of trust makes possible: stairs of the number of measures that the best roadmap reaches, over the trust to
start with, on a scale on which each doubling is equally far. Numbers stand where measures come within reach.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from markupsafe import Markup

from detente.base.words import level_percent
from detente.brief.charts.frame import Frame
from detente.brief.charts.svg import chart, path, tag, text_width

__all__ = ["possible_chart"]

TOP, BOTTOM, HEIGHT = 30.0, 240.0, 288.0
R = 9.0
_TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9, 0.99)

Place = Callable[[float], float]


def possible_chart(
    id_: str,
    steps: Sequence[tuple[float, int]],
    rises: Sequence[tuple[float, int]],
    of: int,
    span: tuple[float, float],
    stated: float,
    width: float,
    *,
    title: str,
    description: str,
) -> Markup:
    """Draw the stairs.

    Parameters
    ----------
    steps : (level, measures reached) wherever the best roadmap changes. rises : the numbered ones, in order.
    of : how many measures there are to reach. span : the lowest and the highest level. stated : the trust that there is.
    """
    frame = Frame(40.0, width - 14.0, TOP, BOTTOM)
    left, right = frame.left, frame.right
    low, high = (math.log(s) for s in span)

    def x(level: float) -> float:
        return left + (right - left) * (math.log(level) - low) / (high - low)

    def y(count: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * count / max(of, 1)

    stairs: list[str | float] = ["M", left, y(0)]
    for level, count in steps:
        stairs += ["H", x(level), "V", y(count)]
    stairs += ["H", right]
    today = x(min(max(stated, span[0]), span[1]))
    said = f"today: {level_percent(stated)}"
    before = today + text_width(said, 11.5) + 8 > right
    body = [
        *_counts(of, frame, y),
        *_ticks(span, x, frame),
        path(*stairs, "V", BOTTOM, "H", left, "Z", class_="under"),
        path("M", today, TOP - 8, "V", BOTTOM, class_="today"),
        path(*stairs, class_="line"),
        *_numbers(rises, x, y, left),
        tag("text", said, x=today + (-6 if before else 6), y=TOP - 12, class_="note", text_anchor="end" if before else None),
        tag("text", "trust to start with", x=right, y=HEIGHT - 8, class_="note", text_anchor="end"),
    ]
    return chart(id_, width, HEIGHT, *body, title=title, description=description, class_="possible")


def _counts(of: int, frame: Frame, y: Place) -> list[Markup]:
    shown = sorted({0, of, *([round(of / 2)] if of > 3 else [])})
    return frame.grid((y(n), str(n)) for n in shown)


def _ticks(span: tuple[float, float], x: Place, frame: Frame) -> list[Markup]:
    out: list[Markup] = []
    end = -math.inf
    for level in _TICKS:
        if not span[0] <= level <= span[1]:
            continue
        at, text = x(level), level_percent(level)
        half = text_width(text, 11) / 2
        if at - half < end + 6:
            continue
        last = at + half > frame.right
        end = at if last else at + half
        out += [frame.mark(at), frame.below(at, text, "end" if last else "middle")]
    return out


def _numbers(rises: Sequence[tuple[float, int]], x: Place, y: Place, left: float) -> list[Markup]:
    """A number at the corner of each rise; one that would touch another moves right along the stairs."""
    out: list[Markup] = []
    taken: list[tuple[float, float]] = []
    for n, (level, count) in enumerate(rises, 1):
        px, py = max(x(level), left + R + 2), y(count)
        while any(abs(px - a) < 2 * R + 2 and abs(py - b) < 2 * R + 2 for a, b in taken):
            px += 2 * R + 2
        taken.append((px, py))
        out.append(tag("circle", cx=px, cy=py, r=R, class_="letter kept"))
        out.append(tag("text", str(n), x=px, y=py + 4, class_="name kept", text_anchor="middle"))
    return out
