"""Cooperation against conflict by month: a strip for every direction, bars up for cooperation, down for conflict.

All strips have one time axis and one scale, so that they can be compared. Strips of plain counts (missiles, visitors) follow,
each on a scale of its own. A dashed line marks a month from which a relation was different.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from detente.base.words import number
from detente.brief.charts.calendar import Calendar, month_after
from detente.brief.charts.frame import Frame
from detente.brief.charts.marks import party_class
from detente.brief.charts.svg import chart, lines, path, tag, text_width, wrapped

__all__ = ["Counted", "Strip", "months_chart"]

RISE = 32.0
LEADING = 15.0
COUNTED = 26.0


@dataclass(frozen=True)
class Strip:
    """A direction: what `place` did, by month; `shift`: the month of a shift, with what to write at it."""

    label: str
    place: int
    months: Sequence[datetime.date]
    up: Sequence[float]
    down: Sequence[float]
    shifts: Sequence[tuple[datetime.date, str]] = ()


@dataclass(frozen=True)
class Counted:
    """A plain count by month."""

    label: str
    months: Sequence[datetime.date]
    values: Sequence[float]


def months_chart(
    id_: str, strips: Sequence[Strip], counted: Sequence[Counted], until: datetime.date, width: float, *, description: str
) -> Markup:
    """Draw the strips, up to the month of `until`."""
    months = [m for held in ([s.months for s in strips], [c.months for c in counted]) for some in held for m in some]
    high = max([v for s in strips for v in (*s.up, *s.down)], default=0.0) or 1.0
    left = text_width(number(high), 11) + 8
    time = Calendar.of(min(months), max([until, *months]), left, width - 4)
    y = 22.0
    body = []
    for strip in strips:
        label = wrapped(strip.label, 12.5, width - left)
        up = RISE * max(strip.up, default=0.0) / high
        down = RISE * max(strip.down, default=0.0) / high
        base = y + LEADING * len(label) + (15 if any(said for _, said in strip.shifts) else 0) + up + 6
        body.append(_strip(strip, label, time, y, base, high, width))
        y = base + down + 14
    for count in counted:
        label = wrapped(count.label, 12.5, width - left)
        base = y + LEADING * len(label) + COUNTED + 8
        body.append(_counted(count, label, time, y, base, width))
        y = base + 14
    return chart(
        id_, width, y - 8, time.axis(11, 17, y - 8), *body,
        title="Cooperation and conflict by month", description=description, class_="months",
    )  # fmt: skip


def _bars(
    months: Sequence[datetime.date], values: Sequence[float], time: Calendar, base: float, scale: float, kind: str
) -> list[Markup]:
    out = []
    for month, value in zip(months, values, strict=True):
        if value:
            a, b = time.x(month), time.x(month_after(month))
            size = abs(scale * value)
            out.append(
                tag(
                    "rect",
                    x=a + 0.12 * (b - a),
                    y=base - size if scale > 0 else base,
                    width=0.76 * (b - a),
                    height=size,
                    class_=kind,
                )
            )
    return out


def _strip(strip: Strip, label: Sequence[str], time: Calendar, y: float, base: float, high: float, width: float) -> Markup:
    scale = RISE / high
    text = y + 12
    after = y + LEADING * len(label) + 12
    below = base + scale * max(strip.down, default=0.0)
    frame = Frame(time.left, width, y, below)
    said = []
    for day, words in strip.shifts:
        x = time.x(day)
        fits = x + 5 + text_width(words, 11) <= width
        said.append(path("M", x, (after if words else text) - 9, "V", below + 4, class_="shift"))
        if words:
            said.append(
                tag("text", words, x=x + 5 if fits else x - 5, y=after, class_="tick halo", text_anchor=None if fits else "end")
            )
    out = [
        *_bars(strip.months, strip.up, time, base, scale, "up"),
        *_bars(strip.months, strip.down, time, base, -scale, "down"),
        frame.line(base, "axis"),
        frame.number(base, "0", 5),
    ]
    for value, at in ((max(strip.up, default=0.0), -1), (max(strip.down, default=0.0), 1)):
        if scale * value > 13:
            out.append(frame.number(base + at * scale * value, number(value), 5))
    name = lines(time.left, text, label, leading=LEADING, class_="label halo")
    return tag("g", *out, *said, name, class_=party_class(strip.place))


def _counted(count: Counted, label: Sequence[str], time: Calendar, y: float, base: float, width: float) -> Markup:
    high = max(count.values, default=0.0) or 1.0
    frame = Frame(time.left, width, base - COUNTED, base)
    return tag(
        "g",
        *_bars(count.months, count.values, time, base, COUNTED / high, "count"),
        frame.line(base, "axis"),
        frame.number(base, "0", 5),
        frame.number(frame.top, number(high), 5),
        lines(time.left, y + 12, label, leading=LEADING, class_="label halo"),
    )
