"""Speed against safety: roadmaps as dots, faster to the right, safer below; the stairs join those that none found beats.

Across: how many new measures are in force on average. Up: the trust that a roadmap needs; the upper line is the trust that
there is. Above it, in a band, what would not hold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from detente.base.words import level_percent
from detente.brief.charts.frame import Frame
from detente.brief.charts.svg import chart, path, tag, text_width

__all__ = ["Marked", "frontier_chart"]

TOP, BAND, BOTTOM, HEIGHT = 24.0, 46.0, 270.0, 318.0
R = 9.0
APART = 2 * R + 2
_ASIDE = ((-1.0, 0.0), (1.0, 0.0))
_AWAY = ((-1.0, -0.5), (-1.0, 0.0), (-1.0, 0.6), (0.0, -1.0))

Place = Callable[[float], float]


@dataclass(frozen=True)
class Marked:
    """A roadmap that is named in the picture: its letter, its speed, the trust that it needs; None: it would not hold."""

    letter: str
    speed: float
    needs: float | None


def frontier_chart(
    id_: str,
    points: Sequence[tuple[float, float]],
    marked: Sequence[Marked],
    stated: float,
    width: float,
    *,
    title: str,
    description: str,
) -> Markup:
    """Draw the stairs; `points`: (speed, trust needed), rising; `stated`: the trust there is."""
    frame = Frame(46.0, width - 14.0, BAND, BOTTOM)
    left, right = frame.left, frame.right
    high = 1.03 * max([1.0, *(v for v, _ in points), *(m.speed for m in marked)])

    def x(speed: float) -> float:
        return left + (right - left) * speed / high

    def y(needs: float) -> float:
        return BOTTOM - (BOTTOM - BAND) * needs / stated

    steps: list[str | float] = ["M", left, y(points[0][1])]
    for speed, needs in points:
        steps += ["V", y(needs), "H", x(speed)]
    body = [
        tag("rect", x=left, y=TOP, width=right - left, height=BAND - TOP, class_="beyond"),
        *_levels(stated, frame, y),
        *_speeds(high, x, frame),
        frame.line(BAND, "today"),
        path(*steps, class_="line"),
        *(tag("circle", cx=x(v), cy=y(n), r=3.2, class_="dot") for v, n in points),
        *_marks(marked, x, y, left, right),
        tag("text", "would not hold", x=left + 6, y=TOP - 7, class_="tick"),
        tag("text", "measures in force, on average", x=right, y=HEIGHT - 8, class_="note", text_anchor="end"),
    ]
    return chart(id_, width, HEIGHT, *body, title=title, description=description, class_="frontier")


def _levels(stated: float, frame: Frame, y: Place) -> list[Markup]:
    out = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        at = y(share * stated)
        if share < 1:
            out.append(frame.line(at))
        out.append(frame.number(at, level_percent(share * stated)))
    return out


def _speeds(high: float, x: Place, frame: Frame) -> list[Markup]:
    step = next(s for s in (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1e9) if high / s <= 6)
    out = []
    for n in range(int(high / step + 1e-9) + 1):
        at = x(n * step)
        text = f"{n * step:g}"
        anchor = "end" if at + text_width(text, 11) / 2 > frame.right else "middle"
        out += [frame.mark(at), frame.below(at, text, anchor)]
    return out


def _marks(marked: Sequence[Marked], x: Place, y: Place, left: float, right: float) -> list[Markup]:
    """A letter for each roadmap, kept clear of the others; from a dot a line leads to it."""
    out: list[Markup] = []
    taken: list[tuple[float, float]] = []
    for m in marked:
        at = (x(m.speed), (TOP + BAND) / 2 if m.needs is None else y(m.needs))
        ways = _ASIDE if m.needs is None else _AWAY
        tried = [(at[0] + k * a * APART, at[1] + k * b * APART) for k in range(1, 12) for a, b in ways]
        places = [at, *tried] if m.needs is None else tried
        place = next((p for p in places if _free(p, taken, m.needs is None, left, right)), at)
        taken.append(place)
        if m.needs is not None:
            out.append(path("M", *at, "L", *place, class_="lead"))
            out.append(tag("circle", cx=at[0], cy=at[1], r=4.5, class_="ring"))
        kind = "lost" if m.needs is None else "kept"
        out.append(tag("circle", cx=place[0], cy=place[1], r=R, class_=f"letter {kind}"))
        out.append(tag("text", m.letter, x=place[0], y=place[1] + 4, class_=f"name {kind}", text_anchor="middle"))
    return out


def _free(place: tuple[float, float], taken: Sequence[tuple[float, float]], band: bool, left: float, right: float) -> bool:
    inside = left + R <= place[0] <= right and (band or BAND + R + 2 <= place[1] <= BOTTOM - R)
    return inside and all(abs(place[0] - a) >= APART or abs(place[1] - b) >= APART for a, b in taken)
