"""The demands that block each other: a column a side, an arrow from what is demanded first to what waits for it.

A measure stands in the column of the party that holds it back. Every demand is a numbered capsule between the columns: lines
run into it from what it wants first, arrows out of it to what waits for that. Those of a circle are drawn in the one strong
colour, all else is quiet; an outlined capsule marks the least firm way out of its circle. Prerequisites that close a circle are
dashed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from detente.brief.charts.scale import apart
from detente.brief.charts.svg import chart, lines, path, tag, text_width, wrapped

__all__ = ["Claim", "Node", "deadlock_chart"]

SIZE, LEADING = 13.0, 16.0
LANE = 34.0  # between two capsules of a gutter
HEAD = 15.0


@dataclass(frozen=True)
class Node:
    """A measure in the picture and the place of its column."""

    id: str
    title: str
    column: int


@dataclass(frozen=True)
class Claim:
    """A demand: who wants what first and holds back what until then. `way_out`: the least firm whose relaxing ends a circle."""

    number: int
    party: str
    first: tuple[str, ...]
    before: tuple[str, ...]
    firm: str
    circular: bool
    way_out: bool

    @property
    def label(self) -> str:
        return f"{self.number} · firm: {self.firm}" if self.firm else str(self.number)

    @property
    def measures(self) -> tuple[str, ...]:
        return (*self.first, *self.before)


@dataclass
class _Box:
    node: Node
    texts: list[str]
    x: float
    y: float
    width: float
    ports: dict[tuple[str, str], float] = field(default_factory=dict)

    @property
    def height(self) -> float:
        return LEADING * len(self.texts) + 14

    @property
    def middle(self) -> float:
        return self.y + self.height / 2

    def side(self, x: float) -> float:
        return self.x + self.width if x > self.x + self.width / 2 else self.x


def deadlock_chart(
    id_: str,
    nodes: Sequence[Node],
    claims: Sequence[Claim],
    needs: Sequence[tuple[str, str]],
    heads: Sequence[str],
    width: float,
    *,
    description: str,
) -> Markup:
    """Draw the columns, one under each of `heads`, the demands, and the prerequisites (what is needed, by what)."""
    box, gutter = _widths(len(heads), width)
    names = [wrapped(head, 13, box + 0.8 * gutter if len(heads) > 1 else box, bold=True) for head in heads]
    top = HEAD * max(len(n) for n in names) + 14
    boxes = _boxes(nodes, claims, box, gutter, top)
    spots = _spots(claims, boxes, len(heads), box, gutter, top)
    _spread_ports(claims, needs, boxes, spots)
    bottom = max(max(b.y + b.height for b in boxes.values()), max((y for _, y in spots.values()), default=0) + 14) + 6
    strong = {m for c in claims if c.circular for m in c.measures} | {m for pair in needs for m in pair}
    order = sorted(claims, key=lambda c: c.circular)
    return chart(
        id_,
        width,
        bottom,
        *(
            lines(_under(k, box, gutter, name, width), 13.0, name, leading=HEAD, class_="lane", anchor="middle")
            for k, name in enumerate(names)
        ),
        *(_need(a, b, boxes, width) for a, b in needs),
        *(_arrows(c, boxes, spots[c.number]) for c in order),
        *(_box(b, b.node.id in strong) for b in boxes.values()),
        *(_capsule(c, *spots[c.number]) for c in order),
        title="Who waits for whom",
        description=description,
        class_="deadlock",
    )


def _widths(columns: int, width: float) -> tuple[float, float]:
    """Of a box, and of the gutter between two; a single column has its gutter at the right."""
    if columns == 1:
        return 0.6 * width, 0.4 * width
    gutter = max(126.0, (0.3 if columns == 2 else 0.4) * width / (columns - 1))
    return (width - gutter * (columns - 1)) / columns, gutter


def _under(column: int, box: float, gutter: float, name: Sequence[str], width: float) -> float:
    """The middle of a column's head: over the column, but inside the picture."""
    half = max(text_width(line, 13, bold=True) for line in name) / 2
    return min(max(column * (box + gutter) + box / 2, half), width - half)


def _boxes(nodes: Sequence[Node], claims: Sequence[Claim], width: float, gutter: float, top: float) -> dict[str, _Box]:
    """Boxes by measure. Measures that are tied to the same ones share a row."""
    place = _order(nodes, claims)
    rows: dict[float, list[Node]] = {}
    for node in sorted(nodes, key=lambda n: place[n.id]):
        rows.setdefault(round(place[node.id], 6), []).append(node)
    boxes: dict[str, _Box] = {}
    y = top
    for row in rows.values():
        free: dict[int, float] = {}
        inside = []
        for node in row:
            b = _Box(
                node, wrapped(node.title, SIZE, width - 20), node.column * (width + gutter), free.get(node.column, y), width
            )
            free[node.column] = b.y + b.height + 12
            inside.append(b)
        tallest = max(2 * LANE, max(free.values()) - y - 12)
        for b in inside:
            b.y += (tallest - (free[b.node.column] - y - 12)) / 2
            boxes[b.node.id] = b
        y += tallest + 12
    return boxes


def _order(nodes: Sequence[Node], claims: Sequence[Claim]) -> dict[str, float]:
    """A place from the top for each measure: the mean of those it is tied to; circles come first."""
    place = {n.id: float(k) for k, n in enumerate(nodes)}
    for _ in range(8):
        tied: dict[str, list[float]] = {m: [] for m in place}
        for c in claims:
            mean = sum(place[m] for m in c.measures) / len(c.measures)
            for m in c.measures:
                tied[m].append(mean)
        place = {m: (sum(t) / len(t) if t else place[m]) for m, t in tied.items()}
    first = {m for c in claims if c.circular for m in c.measures}
    return {m: p - (1000 if m in first else 0) for m, p in place.items()}


def _spots(
    claims: Sequence[Claim], boxes: Mapping[str, _Box], columns: int, box: float, gutter: float, top: float
) -> dict[int, tuple[float, float]]:
    """The middle of each demand's capsule: in the gutter beside what waits, and nearer to it than to what is wanted first."""
    wanted: dict[int, list[tuple[Claim, float, int]]] = {}
    for c in claims:
        a = sum(boxes[m].node.column for m in c.first) / len(c.first)
        z = sum(boxes[m].node.column for m in c.before) / len(c.before)
        between = int(z) if a > z else int(z + 0.99) - 1 if a < z else min(int(z), columns - 2)
        middle = sum(boxes[m].middle for m in c.measures) / len(c.measures)
        wanted.setdefault(max(0, min(between, columns - 2)), []).append((c, middle, (a < z) - (a > z)))
    out = {}
    for between, entries in wanted.items():
        ys = apart([y for _, y, _ in entries], LANE, top + 12, 1e9)
        lift = sum(y - w for y, (_, w, _) in zip(ys, entries, strict=True)) / len(ys)
        lift = max(0.0, min(lift, min(ys) - top - 12))
        for (c, _, way), y in zip(entries, ys, strict=True):
            shift = max(0.0, min(0.2 * gutter, (gutter - _capsule_width(c)) / 2 - 16))
            out[c.number] = ((between + 1) * box + (between + 0.5) * gutter + way * shift, y - lift)
    return out


def _spread_ports(
    claims: Sequence[Claim],
    needs: Sequence[tuple[str, str]],
    boxes: Mapping[str, _Box],
    spots: Mapping[int, tuple[float, float]],
) -> None:
    """Give each line its own place on the side of its box, in the order of where it comes from."""
    ends_at: dict[tuple[str, float], list[tuple[float, tuple[str, str]]]] = {}
    for c in claims:
        x, y = spots[c.number]
        for role, members in (("out", c.first), ("in", c.before)):
            for m in members:
                ends_at.setdefault((m, boxes[m].side(x)), []).append((y, (role, str(c.number))))
    for a, b in needs:
        for role, m, other in (("need-out", a, b), ("need-in", b, a)):
            side = boxes[m].side(boxes[other].x) if boxes[m].x != boxes[other].x else -boxes[m].x
            ends_at.setdefault((m, side), []).append((boxes[other].middle, (role, other)))
    for (m, _), ends in ends_at.items():
        box = boxes[m]
        for k, (_, key) in enumerate(sorted(ends)):
            box.ports[key] = box.y + box.height * (k + 1) / (len(ends) + 1)


def _box(box: _Box, strong: bool) -> Markup:
    shape = tag("rect", x=box.x, y=box.y, width=box.width, height=box.height, rx=6)
    text = lines(box.x + box.width / 2, box.y + 7 + LEADING * 0.78, box.texts, leading=LEADING, class_="label", anchor="middle")
    return tag("g", shape, text, class_="box strong" if strong else "box")


def _arrows(claim: Claim, boxes: Mapping[str, _Box], spot: tuple[float, float]) -> Markup:
    x, y = spot
    out = [_curve(boxes[m].side(x), boxes[m].ports["out", str(claim.number)], x, y) for m in claim.first]
    for m in claim.before:
        out += _arrow(x, y, boxes[m].side(x), boxes[m].ports["in", str(claim.number)])
    return tag("g", *out, class_="demand strong" if claim.circular else "demand")


def _need(a: str, b: str, boxes: Mapping[str, _Box], width: float) -> Markup:
    one, two = boxes[a], boxes[b]
    y1, y2 = one.ports["need-out", b], two.ports["need-in", a]
    if one.x != two.x:
        return tag("g", *_arrow(one.side(two.x), y1, two.side(one.x), y2), class_="need")
    outer, way = (one.x + one.width, 1) if one.x + one.width < width - 30 and one.x == 0 else (one.x, -1)
    bend = outer + 26 * way
    curve = path("M", outer, y1, "C", bend, y1, bend, y2, outer + 7 * way, y2)
    return tag("g", curve, _point(outer, y2, -way), class_="need")


def _arrow(x1: float, y1: float, x2: float, y2: float) -> Iterator[Markup]:
    way = 1 if x2 > x1 else -1
    yield _curve(x1, y1, x2 - 7 * way, y2)
    yield _point(x2, y2, way)


def _curve(x1: float, y1: float, x2: float, y2: float) -> Markup:
    middle = (x1 + x2) / 2
    return path("M", x1, y1, "C", middle, y1, middle, y2, x2, y2)


def _point(x: float, y: float, way: int) -> Markup:
    return path("M", x, y, "L", x - 9 * way, y - 5, "V", y + 5, "Z", class_="head")


def _capsule_width(claim: Claim) -> float:
    return max(26.0, text_width(claim.label, 11.5, bold=True) + 16)


def _capsule(claim: Claim, x: float, y: float) -> Markup:
    w = _capsule_width(claim)
    ring = [tag("rect", x=x - w / 2 - 4, y=y - 14.5, width=w + 8, height=29, rx=14, class_="ring")] if claim.way_out else []
    shape = tag("rect", x=x - w / 2, y=y - 11, width=w, height=22, rx=11)
    said = tag("text", claim.label, x=x, y=y + 4, text_anchor="middle", class_="number")
    return tag("g", *ring, shape, said, class_="capsule strong" if claim.circular else "capsule")
