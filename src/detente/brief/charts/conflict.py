"""Who would move where: a state at the top, under it a column for each party that could gain by leaving, with the answers to
it.

A state is a box with a row for each party and a square for each of its options, full where the option is taken; what has just
changed has a ring. Every arrow is a move by which its mover gains, with the mover's sign and the number of its sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from detente.brief.charts.marks import party_class, party_mark
from detente.brief.charts.svg import chart, lines, path, tag, text_width, wrapped

__all__ = ["Move", "Spot", "conflict_chart"]

SQUARE, GAP, ROW = 8.0, 2.5, 13.0
HEAD, ARROW = 17.0, 46.0
SIZE = 12.0


@dataclass(frozen=True)
class Spot:
    """A state: a short name ("today"), the options taken by each party, those that have just changed, and all of it in
    words."""

    name: str
    taken: tuple[tuple[bool, ...], ...]
    changed: tuple[tuple[bool, ...], ...]
    said: str


@dataclass(frozen=True)
class Move:
    """A party's move to a state; `number` is that of its sentence."""

    number: int
    party: int
    to: Spot


def conflict_chart(
    id_: str,
    start: Spot,
    columns: Sequence[Sequence[Move]],
    places: Sequence[int],
    width: float,
    *,
    title: str,
    description: str,
) -> Markup:
    """Draw the start and the columns; `places` : the place of each party of a state's rows."""
    spots = [start, *(m.to for column in columns for m in column)]
    broad = max(len(row) for row in start.taken) * (SQUARE + GAP) + 26
    tall = len(start.taken) * ROW + 10
    lane = width / max(1, len(columns))
    names = {id(s): wrapped(s.name, SIZE, max(lane - 12, broad), bold=True) for s in spots}
    top = (width - broad) / 2
    body = [_spot(start, top, 0.0, broad, tall, names[id(start)], places)]
    foot = HEAD * len(names[id(start)]) + tall
    bottom = foot
    for n, column in enumerate(columns):
        x = lane * n + (lane - broad) / 2
        y, before = foot, (width / 2, foot)
        for k, move in enumerate(column):
            texts = names[id(move.to)]
            box = y + ARROW + HEAD * len(texts)
            end = (x + broad / 2, y + ARROW if texts else box)
            body.append(_arrow(before, end, move, bend=k == 0))
            body.append(_spot(move.to, x, y + ARROW, broad, tall, texts, places))
            y = box + tall
            before = (x + broad / 2, y)
        bottom = max(bottom, y)
    return chart(id_, width, bottom + 2, *body, title=title, description=description, class_="conflict")


def _spot(spot: Spot, x: float, y: float, width: float, height: float, name: Sequence[str], places: Sequence[int]) -> Markup:
    top = y + HEAD * len(name)
    text = [lines(x + width / 2, y + 12, name, leading=HEAD, class_="lane", anchor="middle")] if name else []
    parts = [tag("title", spot.said), *text, tag("rect", x=x, y=top, width=width, height=height, rx=6, class_="state")]
    for n, (row, fresh) in enumerate(zip(spot.taken, spot.changed, strict=True)):
        at = top + 5 + n * ROW
        parts.append(party_mark(places[n], x + 7, at + 1, 5, 10))
        for k, (taken, new) in enumerate(zip(row, fresh, strict=True)):
            left = x + 19 + k * (SQUARE + GAP)
            kind = f"choice {party_class(places[n])}{' taken' if taken else ''}"
            parts.append(tag("rect", x=left, y=at + 2, width=SQUARE, height=SQUARE, class_=kind))
            if new:
                parts.append(tag("rect", x=left - 1.8, y=at + 0.2, width=SQUARE + 3.6, height=SQUARE + 3.6, class_="changed"))
    return tag("g", *parts, class_="spot", tabindex="0")


def _arrow(start: tuple[float, float], end: tuple[float, float], move: Move, *, bend: bool) -> Markup:
    (x1, y1), (x2, y2) = start, end
    y2 -= 4
    middle = (y1 + y2) / 2
    line = path("M", x1, y1 + 2, "C", x1, middle, x2, middle, x2, y2 - 7) if bend else path("M", x1, y1 + 2, "V", y2 - 7)
    head = path("M", x2, y2, "L", x2 - 5, y2 - 9, "H", x2 + 5, "Z", class_="head")
    label = str(move.number)
    w = max(20.0, text_width(label, 11.5, bold=True) + 12)
    at = (x2, middle + (6 if bend else 0))
    number = tag("rect", x=at[0] - w / 2, y=at[1] - 9, width=w, height=18, rx=9) + tag(
        "text", label, x=at[0], y=at[1] + 4, text_anchor="middle", class_="number"
    )
    return tag("g", line, head, tag("g", number, class_="capsule"), class_=f"move {party_class(move.party)}")
