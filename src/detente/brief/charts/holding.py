"""Why a party keeps going: what it expects by going on against the best that it could get by stopping, phase by phase.

Above, the two lines with the gap between them shaded; below, the gap by itself, as bars from zero, since a gap that is small
against both lines is still what keeps the party in. The narrowest phase is marked in both.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from detente.base.words import number
from detente.brief.charts.frame import Frame
from detente.brief.charts.marks import party_class
from detente.brief.charts.scale import Scale, ends
from detente.brief.charts.svg import chart, path, tag, text_width
from detente.brief.charts.timeline import Timeline

__all__ = ["holding_chart"]

WIDTH = 340.0
HEIGHT = 232.0


def holding_chart(
    id_: str,
    going_on: Sequence[float],
    stopping: Sequence[float],
    dates: Sequence[str],
    party: int,
    *,
    title: str,
    description: str,
) -> Markup:
    """Draw both lines and the gap; one value a phase shown, in the party's units."""
    labels = [
        (f"going on: {number(going_on[-1])}", going_on[-1], "on"),
        (f"stopping: {number(stopping[-1])}", stopping[-1], "off"),
    ]
    right = WIDTH - 8 - max(text_width(text, 11.5, bold=True) for text, _, _ in labels)
    gaps = [v - d for v, d in zip(going_on, stopping, strict=True)]
    narrowest = min(range(len(gaps)), key=lambda t: gaps[t])
    low, high = min(*going_on, *stopping), max(*going_on, *stopping)
    upper = Scale(low, high if high > low else low + 1, 12, 112)
    left = upper.room
    time = Timeline(dates, left, right)
    lower = Scale(min(0.0, *gaps), max(*gaps, 0.0) or 1.0, 150, 202)
    xs = [time.middle(t) for t in range(len(gaps))]
    shade = path(
        *_line(xs, [upper.y(v) for v in going_on]),
        *_line(xs[::-1], [upper.y(d) for d in stopping[::-1]], "L"), "Z", class_="gap",
    )  # fmt: skip
    marked = path("M", xs[narrowest], upper.top - 4, "V", 205, class_="here")
    bar = max(1.5, min(14.0, 0.7 * time.step))
    zero, frame = lower.y(0), Frame(left, right, lower.top, lower.bottom)
    bars = [
        tag(
            "rect", x=x - bar / 2, y=min(zero, lower.y(g)), width=bar, height=max(0.8, abs(zero - lower.y(g))),
            class_="bar narrowest" if t == narrowest else "bar",
        )
        for t, (x, g) in enumerate(zip(xs, gaps, strict=True))
    ]  # fmt: skip
    said = f"narrowest: {number(gaps[narrowest])}"
    room = text_width(said, 11.0)
    x = min(max(xs[narrowest] - room / 2, left), WIDTH - room)
    return chart(
        id_, WIDTH, HEIGHT,
        upper.axis(left, right), marked, shade,
        path(*_line(xs, [upper.y(d) for d in stopping]), class_="line off"),
        path(*_line(xs, [upper.y(v) for v in going_on]), class_="line on"),
        ends(labels, right + 6, upper),
        tag("text", "the gap", x=right + 6, y=(lower.top + lower.bottom) / 2 + 4, class_="end off"),
        frame.line(zero, "axis"),
        frame.number(zero, "0", 5),
        *bars,
        tag("text", said, x=x, y=139, class_="note halo"),
        _dates(time, HEIGHT - 8),
        title=title, description=description, class_=f"holding {party_class(party)}",
    )  # fmt: skip


def _line(xs: Sequence[float], ys: Sequence[float], first: str = "M") -> list[str | float]:
    """Through the middles of the phases; a single phase is drawn as a short level line."""
    if len(xs) == 1:
        return (
            [first, xs[0] - 20, ys[0], "L", xs[0] + 20, ys[0]]
            if first == "M"
            else [first, xs[0] + 20, ys[0], "L", xs[0] - 20, ys[0]]
        )
    out: list[str | float] = []
    for n, (x, y) in enumerate(zip(xs, ys, strict=True)):
        out += [first if n == 0 else "L", x, y]
    return out


def _dates(time: Timeline, y: float) -> Markup:
    """The first date at the left, the last at the right."""
    last = len(time.dates) - 1
    out = [tag("text", time.dates[0], x=time.left, y=y, class_="tick")]
    if last > 0:
        out.append(tag("text", time.dates[last], x=time.right, y=y, class_="tick", text_anchor="end"))
    return tag("g", *out)
