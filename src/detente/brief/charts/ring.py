"""A circle of demands for a narrow screen: boxes under each other, an arrow from each to the next, and back to the first."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from detente.brief.charts.svg import chart, lines, path, tag, wrapped

__all__ = ["ring_chart"]

SIZE, LEADING = 13.0, 16.0
SMALL = 11.5


def ring_chart(id_: str, ring: Sequence[tuple[str, str]], width: float, *, description: str) -> Markup:
    """Draw pairs (what is wanted first, who wants it so before the next box)."""
    box, y = width - 30, 2.0
    body: list[Markup] = []
    first = 0.0
    for n, (title, said) in enumerate(ring):
        texts = wrapped(title, SIZE, box - 20)
        height = LEADING * len(texts) + 14
        shape = tag("rect", x=1.0, y=y, width=box, height=height, rx=6)
        text = lines(11.0, y + 7 + LEADING * 0.78, texts, leading=LEADING, class_="label")
        body.append(tag("g", shape, text, class_="box strong"))
        first = first or y + height / 2
        y += height
        told = wrapped(said, SMALL, box - 44)
        room = 14.0 * len(told) + 18
        body.append(lines(36.0, y + 19, told, leading=14, class_="note"))
        if n + 1 < len(ring):
            arrow = path("M", 20, y, "V", y + room - 7) + _head(20, y + room)
        else:
            right = width - 8
            back = path("M", 20, y, "V", y + room - 6, "H", right, "V", first, "H", box + 9)
            arrow = back + path("M", box + 2, first, "L", box + 11, first - 5, "V", first + 5, "Z", class_="head")
        body.append(tag("g", arrow, class_="demand strong"))
        y += room
    return chart(id_, width, y + 2, *body, title="A circle of demands", description=description, class_="deadlock")


def _head(x: float, y: float) -> Markup:
    return path("M", x, y, "L", x - 5, y - 9, "H", x + 5, "Z", class_="head")
