"""Where a bargain may end: the distribution above the scale, below it the positions as bars that hang, as long as they weigh.

Lines mark the median and the mean of the distribution, the weighted mean and the weighted median, and the outcome where it is
known; a bracket holds 80%. Each bar is cut into the actors that hold its position. Labels keep clear of each other and of the
lines that lead to other labels: above by trying every order, below from left to right.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations, product

from markupsafe import Markup

from detente.base.words import percent
from detente.brief.charts.svg import chart, path, tag, text_width
from detente.positions.result import Distribution, Forecast
from detente.positions.telling import figure

__all__ = ["positions_chart"]

SIDE = 18.0
ROW = 16.0
SIZE = 11.5
PLOT = 116.0
BARS = 56.0
BINS = 20
GAP = 5.0
MOST_LABELS = 12

Place = Callable[[float], float]


@dataclass(frozen=True)
class _Mark:
    """A line above the scale with its label."""

    text: str
    x: float
    kind: str


@dataclass(frozen=True)
class _Held:
    """A position with who holds it, the heaviest first, and its weight."""

    x: float
    names: tuple[str, ...]
    weights: tuple[float, ...]

    @property
    def weight(self) -> float:
        return sum(self.weights)


def positions_chart(id_: str, found: Forecast, width: float, *, title: str, description: str, style: str = "") -> Markup:
    """Draw the picture of one issue. style : of a picture that stands by itself."""
    low, wide = found.low, (found.high - found.low) or 1.0

    def x(value: float) -> float:
        return SIDE + (width - 2 * SIDE) * min(max((value - low) / wide, -0.02), 1.02)

    marks = _marks(found, x)
    top = len(marks) * ROW + 6
    base = top + (PLOT if found.distribution else 18.0)
    axis = base + (34.0 if found.distribution else 0.0)
    hang = axis + 22
    held = _held(found, x)
    names, bottom = _names(held, hang, width)
    body = [
        *([tag("style", Markup(style))] if style else []),
        *(_distribution(found, found.distribution, x, base) if found.distribution else ()),
        *_leads(marks, top, base, axis, width),
        *_axis(found, x, axis, width),
        *_bars(held, hang, width),
        *names,
    ]
    return chart(id_, width, bottom + 6, *body, title=title, description=description, class_="bargain")


def _marks(found: Forecast, x: Place) -> list[_Mark]:
    """The lines, those at one place together."""
    d = found.distribution
    stated = [("median", d.median, "median"), ("mean", d.mean, "mean")] if d else []
    stated += [("weighted mean", found.weighted_mean, "plain"), ("weighted median", found.weighted_median, "middle")]
    stated += [("outcome", found.outcome, "outcome")] if found.outcome is not None else []
    groups: list[list[tuple[str, float, str]]] = []
    for one in stated:
        same = next(
            (g for g in groups if abs(x(g[0][1]) - x(one[1])) < 1.5 and figure(g[0][1], found) == figure(one[1], found)), None
        )
        if same is None:
            groups.append([one])
        else:
            same.append(one)
    return [_Mark(f"{', '.join(name for name, _, _ in g)} {figure(g[0][1], found)}", x(g[0][1]), g[0][2]) for g in groups]


def _leads(marks: Sequence[_Mark], top: float, base: float, axis: float, width: float) -> list[Markup]:
    """Lines from the scale up to their labels, each label in a row of its own."""
    order, lefts = _arranged(marks, width)
    out: list[Markup] = []
    for row, n in enumerate(order):
        mark, left = marks[n], lefts[n]
        y = top - 6 - row * ROW
        beside = not left - 1 < mark.x < left + _wide(mark) + 1
        foot = axis if mark.kind == "outcome" else base
        out.append(path("M", mark.x, y - 9 if beside else y + 4, "V", foot, class_=f"lead {mark.kind}"))
        out.append(tag("text", mark.text, x=left, y=y, class_=f"note {mark.kind}"))
    return out


def _wide(mark: _Mark) -> float:
    return text_width(mark.text, SIZE, bold=mark.kind == "median")


def _arranged(marks: Sequence[_Mark], width: float) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """Which mark has which row, from the lowest, and where its label begins: to the right of its line, to the left, or, where
    neither has the room, on top of it; so that the fewest lines run through labels."""
    choices = []
    for m in marks:
        wide = _wide(m)
        sides = [at for at in (m.x + 5, m.x - 5 - wide) if at >= 0 and at + wide <= width]
        choices.append(sides or [min(max(m.x - wide / 2, 2.0), width - wide - 2.0)])
    best: tuple[float, tuple[int, ...], tuple[float, ...]] | None = None
    for lefts in product(*choices):
        spans = [(left - 3, left + _wide(m) + 3) for left, m in zip(lefts, marks, strict=True)]
        turned = 0.1 * sum(left < m.x for left, m in zip(lefts, marks, strict=True))
        for order in permutations(range(len(marks))):
            above = ((n, m) for row, n in enumerate(order) for m in order[row + 1 :])
            cost = turned + 5 * sum(spans[n][0] <= marks[m].x <= spans[n][1] for n, m in above)
            if best is None or cost < best[0]:
                best = cost, order, lefts
    return (best[1], best[2]) if best else ((), ())


def _distribution(found: Forecast, d: Distribution, x: Place, base: float) -> list[Markup]:
    """Bars of the distribution, in twentieths of the range, and the bracket around 80%."""
    points, count = d.points, len(d.points) - 1
    sums = [0.0] * (BINS + 1)
    for k, p in enumerate(d.probabilities):
        sums[int(k * BINS / count + 0.5)] += p
    high = max(sums)
    step = x(points[-1]) - x(points[0])
    half = step / BINS / 2 - 0.75
    out = []
    for k, p in enumerate(sums):
        at = x(points[0]) + step * k / BINS
        tall = PLOT * 0.94 * p / high
        if tall >= 0.3:
            out.append(tag("rect", x=at - half, y=base - tall, width=2 * half, height=tall, class_="bin"))
    low, upper = (x(v) for v in d.interval)
    y = base + 9
    out.append(path("M", low, y - 4, "V", y + 4, "M", low, y, "H", upper, "M", upper, y - 4, "V", y + 4, class_="bracket"))
    text = f"80%: {' to '.join(figure(v, found) for v in d.interval)}"
    half = text_width(text, SIZE) / 2
    left, right = x(points[0]), x(points[-1])
    middle = min(max((low + upper) / 2, left + half), right - half)
    out.append(tag("text", text, x=middle, y=y + 17, class_="note quiet", text_anchor="middle"))
    return out


def _axis(found: Forecast, x: Place, y: float, width: float) -> list[Markup]:
    """The scale with round numbers and both ends."""
    wide = found.high - found.low
    step = _step(wide)
    first = -(-found.low // step)
    inner = [(first + n) * step for n in range(int(wide / step) + 2)]
    ends = [found.low, found.high] if wide else [found.low]
    out = [path("M", x(found.low), y, "H", max(x(found.high), x(found.low) + 1), class_="axis")]
    taken: list[tuple[float, float]] = []
    for value in [*ends, *(v for v in inner if found.low < v < found.high)]:
        text = figure(value, found)
        half = text_width(text, 11) / 2
        middle = min(max(x(value), half + 2), width - half - 2)
        if any(middle - half < b + 8 and middle + half > a - 8 for a, b in taken):
            continue
        taken.append((middle - half, middle + half))
        out.append(path("M", x(value), y, "V", y + 4, class_="axis"))
        out.append(tag("text", text, x=middle, y=y + 16, class_="tick", text_anchor="middle"))
    return out


def _step(wide: float) -> float:
    if wide <= 0:
        return 1.0
    unit = 1.0
    while unit > wide / 4:
        unit /= 10
    while unit * 10 <= wide / 4:
        unit *= 10
    return next(unit * k for k in (1, 2, 2.5, 5, 10) if wide / (unit * k) <= 5.5)


def _held(found: Forecast, x: Place) -> list[_Held]:
    by: dict[float, list[tuple[float, str]]] = {}
    for h in found.holders:
        by.setdefault(h.position, []).append((h.weight, h.actor))
    out = []
    for position in sorted(by):
        heaviest = sorted(by[position], key=lambda e: (-e[0], e[1]))
        out.append(_Held(x(position), tuple(n for _, n in heaviest), tuple(w for w, _ in heaviest)))
    return out


def _bars(held: Sequence[_Held], top: float, width: float) -> list[Markup]:
    """A bar a position, cut into its actors."""
    most = max(h.weight for h in held) or 1.0
    apart = min((b.x - a.x for a, b in pairwise(held)), default=width)
    thick = min(max(apart - 1.5, 1.2), 14.0)
    out = []
    for h in held:
        y = top
        for w in h.weights:
            tall = BARS * w / most
            out.append(tag("rect", x=h.x - thick / 2, y=y, width=thick, height=max(tall - 0.8, 0.4), class_="weight"))
            y += tall
    return out


def _names(held: Sequence[_Held], top: float, width: float) -> tuple[list[Markup], float]:
    """Who holds what, under the bars, and how far down that reaches."""
    most = max(h.weight for h in held) or 1.0
    shown = sorted(sorted(range(len(held)), key=lambda n: -held[n].weight)[:MOST_LABELS])
    foot = top + BARS
    placed: list[tuple[float, float, int, float]] = []  # from, to, row, line
    lines: list[Markup] = []
    texts: list[Markup] = []
    rows = 0
    for n in shown:
        h = held[n]
        text = _listed(h, width)
        wide = text_width(text, SIZE)
        row, left = _room(h.x, wide, placed, width, [held[m].x for m in shown])
        placed.append((left, left + wide, row, h.x))
        rows = max(rows, row + 1)
        y = foot + 16 + row * ROW
        end = top + BARS * h.weight / most
        lines.append(path("M", h.x, end + 2, "V", y - 11, class_="thin"))
        texts.append(tag("text", text, x=left, y=y, class_="note"))
    return [*lines, *texts], foot + 8 + rows * ROW


def _room(
    x: float, wide: float, placed: Sequence[tuple[float, float, int, float]], width: float, lines: Sequence[float]
) -> tuple[int, float]:
    """The first row, and where in it a label of this width keeps clear of the others and of their lines."""
    choices = [min(max(at, 2.0), width - wide - 2.0) for at in (x - wide / 2, x - 4, x - wide + 4)]
    best: tuple[float, int, float] | None = None
    for row in range(len(placed) + 1):
        for k, left in enumerate(choices):
            right = left + wide
            overlaps = sum(r == row and left < b + 2 * GAP and right > a - 2 * GAP for a, b, r, _ in placed)
            through = sum(r < row and a - 1 <= x <= b + 1 for a, b, r, _ in placed)
            covered = sum(r > row and left - 1 <= line <= right + 1 for _, _, r, line in placed)
            later = sum(left - 1 <= line <= right + 1 for line in lines if line > x + 1)
            cost = 100 * overlaps + 30 * (through + covered) + 4 * later + 3 * row + 0.5 * k
            if best is None or cost < best[0]:
                best = cost, row, left
    assert best is not None
    return best[1], best[2]


def _listed(h: _Held, width: float) -> str:
    """The names that there is room for, how many more, and what they weigh together; a name that stands alone has more room."""
    room, alone = min(200.0, width * 0.45), width * 0.72
    share = percent(h.weight)
    for count in range(len(h.names), 0, -1):
        more = f" +{len(h.names) - count}" if count < len(h.names) else ""
        text = f"{', '.join(h.names[:count])}{more} ({share})"
        if text_width(text, SIZE) <= (room if count > 1 else alone):
            return text
    name = h.names[0]
    more = f" +{len(h.names) - 1}" if len(h.names) > 1 else ""
    while len(name) > 1 and text_width(f"{name}…{more} ({share})", SIZE) > alone:
        name = name[:-1]
    return f"{name}…{more} ({share})"
