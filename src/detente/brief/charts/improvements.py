"""The graph of improvements: states in columns by how many improvements lead to them from today, an arrow for each improvement.

A state is a box with its number, a row for each party and a square for each of its options, full where it is taken. A thick
frame marks a state that nobody would leave (Nash), a thin dark one a state that holds by foresight. Arrows have the colour of
who moves and start at that party's row; those of the state under the pointer are drawn strongly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from detente.brief.charts.marks import party_class, party_mark
from detente.brief.charts.svg import chart, path, tag

__all__ = ["Node", "improvements_chart"]

SQUARE, GAP, ROW = 8.0, 2.5, 13.0
BETWEEN, BELOW = 74.0, 22.0


@dataclass(frozen=True)
class Node:
    """A state. label: its number, and "today". column: from 0. taken: by party and option. held: "nash", "foresight" or "".
    gains: who would move to which other shown states, (party, number). said: all of it in words."""

    number: int
    label: str
    column: int
    taken: tuple[tuple[bool, ...], ...]
    held: str
    gains: tuple[tuple[int, int], ...]
    said: str


def improvements_chart(id_: str, nodes: Sequence[Node], heads: Sequence[str], *, title: str, description: str) -> Markup:
    """Draw the states in their columns, each column under its head."""
    broad = max(len(row) for n in nodes for row in n.taken) * (SQUARE + GAP) + 26
    tall = len(nodes[0].taken) * ROW + 8
    places: dict[int, tuple[float, float]] = {}
    rows: dict[int, int] = {}
    for n in nodes:
        row = rows[n.column] = rows.get(n.column, -1) + 1
        places[n.number] = (n.column * (broad + BETWEEN), 40.0 + row * (tall + 16 + BELOW))
    width = (max(rows) + 1) * (broad + BETWEEN) - BETWEEN + 34
    height = 40.0 + (max(rows.values()) + 1) * (tall + 16 + BELOW)
    body = [tag("text", head, x=k * (broad + BETWEEN), y=12, class_="tick") for k, head in enumerate(heads)]
    body += [_node(n, places, broad, tall) for n in nodes]
    return chart(id_, width, height, *body, title=title, description=description, class_="improvements")


def _node(node: Node, places: Mapping[int, tuple[float, float]], broad: float, tall: float) -> Markup:
    x, y = places[node.number]
    parts = [tag("title", node.said), tag("text", node.label, x=x, y=y - 5, class_="lane")]
    parts.append(tag("rect", x=x, y=y, width=broad, height=tall, rx=6, class_=f"state {node.held}".strip()))
    for n, row in enumerate(node.taken):
        at = y + 4 + n * ROW
        parts.append(party_mark(n, x + 7, at + 1, 5, 10))
        for k, taken in enumerate(row):
            kind = f"choice {party_class(n)}{' taken' if taken else ''}"
            parts.append(tag("rect", x=x + 19 + k * (SQUARE + GAP), y=at + 2, width=SQUARE, height=SQUARE, class_=kind))
    arrows = [_arrow(party, (x, y), places[to], broad) for party, to in node.gains]
    return tag("g", *arrows, *parts, class_="node", tabindex="0")


def _arrow(party: int, start: tuple[float, float], end: tuple[float, float], broad: float) -> Markup:
    x1, y1 = start[0] + broad, start[1] + 4 + party * ROW + 6
    y2 = end[1] + 4 + party * ROW + 6
    if end[0] > start[0]:
        x2 = end[0]
        bend = max(30.0, (x2 - x1) / 2)
        line = path("M", x1, y1, "C", x1 + bend, y1, x2 - bend, y2, x2 - 7, y2)
        head = path("M", x2, y2, "L", x2 - 8, y2 - 4, "V", y2 + 4, "Z", class_="head")
    else:  # within a column, or back: round by the right
        x2 = end[0] + broad
        out = max(x1, x2) + 30
        line = path("M", x1, y1, "C", out, y1, out, y2, x2 + 7, y2)
        head = path("M", x2, y2, "L", x2 + 8, y2 - 4, "V", y2 + 4, "Z", class_="head")
    return tag("g", line, head, class_=f"gain {party_class(party)}")
