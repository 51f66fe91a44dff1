"""How far trust has come: a line with its interval through the days on which something was learnt, and a number for each.

Between two days trust stays where it was, hence stairs. The scale is that of trust itself, from 0 to the highest value rounded
up to tenths.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from detente.brief.charts.calendar import Calendar
from detente.brief.charts.frame import Frame
from detente.brief.charts.marks import party_class
from detente.brief.charts.scale import apart
from detente.brief.charts.svg import chart, lines, path, tag, text_width, wrapped

__all__ = ["Reached", "Track", "path_chart"]

RISE = 48.0
LEADING = 15.0


@dataclass(frozen=True)
class Reached:
    """Trust from a day on. `number`: of what moved it there, as the list beside tells it; None: where it began."""

    date: datetime.date
    low: float
    likely: float
    high: float
    number: int | None


@dataclass(frozen=True)
class Track:
    """The trust of a party (its place in the case) in another."""

    label: str
    party: int
    points: Sequence[Reached]


def path_chart(id_: str, rows: Sequence[Track], until: datetime.date, width: float, *, description: str) -> Markup:
    """Draw a panel a row, all on one time axis and one scale."""
    points = [p for row in rows for p in row.points]
    top = max(0.1, math.ceil(10 * max(p.high for p in points) - 1e-9) / 10)
    left = text_width("100%", 11) + 8
    time = Calendar.of(min(p.date for p in points), until, left, width - 8)
    y = 20.0
    body = []
    for row in rows:
        label = wrapped(row.label, 12.5, width - left)
        base = y + LEADING * len(label) + 26 + RISE
        body.append(_row(row, label, time, y, base, top, until))
        y = base + 14
    return chart(
        id_, width, y - 8, time.axis(11, 17, y - 8), *body,
        title="How far trust has come, and by what", description=description, class_="earned",
    )  # fmt: skip


def _row(row: Track, label: Sequence[str], time: Calendar, y: float, base: float, top: float, until: datetime.date) -> Markup:
    def at(value: float) -> float:
        return base - RISE * value / top

    end = time.x(until)
    xs = [time.x(p.date) for p in row.points]
    upper: list[str | float] = ["M", xs[0], at(row.points[0].high)]
    line: list[str | float] = ["M", xs[0], at(row.points[0].likely)]
    lower: list[str | float] = []
    for n, p in enumerate(row.points):
        stop = xs[n + 1] if n + 1 < len(xs) else end
        upper += ["V", at(p.high), "H", stop]
        line += ["V", at(p.likely), "H", stop]
    for n in reversed(range(len(row.points))):
        lower += ["V", at(row.points[n].low), "H", xs[n]]
    band = path(*upper, *lower, "Z", class_="under")
    frame, high = Frame(time.left, end, at(top), base), f"{100 * top:.0f}%"
    marks = [frame.line(base, "rule"), frame.line(at(top)), frame.number(base, "0%", 5), frame.number(at(top), high, 5)]
    told = [(p, x) for p, x in zip(row.points, xs, strict=True) if p.number is not None]
    widest = max((text_width(str(p.number), 11, bold=True) + 9 for p, _ in told), default=0.0)
    places = apart([x for _, x in told], widest, time.left + widest / 2, end)
    above = base - RISE - 14
    heads = []
    for (p, x), place in zip(told, places, strict=True):
        heads.append(path("M", place, above + 7, "L", x, at(p.likely) - 4, class_="guide"))
        heads.append(tag("circle", cx=x, cy=at(p.likely), r=3))
        box = tag("rect", x=place - widest / 2 + 1, y=above - 8, width=widest - 2, height=15, rx=7.5)
        text = tag("text", str(p.number), x=place, y=above + 3.5, text_anchor="middle")
        heads.append(tag("g", box, text, class_="capsule"))
    name = lines(time.left, y + 12, label, leading=LEADING, class_="label halo")
    return tag("g", *marks, band, path(*line, class_="line"), *heads, name, class_=party_class(row.party))
