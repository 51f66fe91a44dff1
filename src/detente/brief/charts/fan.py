"""The fan of a forecast after the series it comes from, and bars of the past scores that stand beside it.

The fan shows the middle half, the middle 80% and the middle 95% of the distribution, period by period, and its middle. It
starts from the last known value. Where a value is not known the line of the series is broken. Bars: mean CRPS of each model
in the backtest, shorter is better.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from markupsafe import Markup

from detente.base.words import number
from detente.brief.charts.frame import Frame
from detente.brief.charts.scale import Scale
from detente.brief.charts.svg import chart, path, tag, text_width

__all__ = ["fan_chart", "score_bars"]

HEIGHT = 250.0
TOP, BOTTOM = 26.0, 212.0
_BANDS = (("0.025", "0.975"), ("0.1", "0.9"), ("0.25", "0.75"))
_ROW = 24.0

Place = Callable[[int], float]
Ahead = Sequence[tuple[str, dict[str, float]]]


def fan_chart(
    id_: str,
    history: Sequence[tuple[str, float | None]],
    ahead: Ahead,
    width: float,
    *,
    title: str,
    description: str,
    threshold: float | None = None,
) -> Markup:
    """Draw the fan.

    history : periods with their values. ahead : periods with quantiles by level. threshold : of a crisis.
    """
    values = [x for _, x in history if x is not None] + [x for _, q in ahead for x in q.values()]
    if threshold is not None:
        values.append(threshold)
    low, high = min(values), max(values)
    ticks = _round_ticks(low, high)
    scale = Scale(ticks[0], ticks[-1], TOP, BOTTOM)
    room = max(text_width(_said(t), 11) for t in ticks) + 10
    frame = Frame(room, width - 6.0, TOP, BOTTOM)
    left, right = frame.left, frame.right
    count = len(history) + len(ahead)
    step = (right - left) / max(count - 1, 1)

    def x(k: int) -> float:
        return left + k * step

    lines = [*(frame.line(scale.y(t)) for t in ticks), *(frame.number(scale.y(t), _said(t)) for t in ticks)]
    now = len(history) - 1
    start = history[-1][1]
    bands = [_band(a, b, ahead, start, now, x, scale, n) for n, (a, b) in enumerate(_BANDS)]
    middle = _line([(now, start), *((now + 1 + k, q["0.5"]) for k, (_, q) in enumerate(ahead))], x, scale, "middle")
    seen = _line([(k, v) for k, (_, v) in enumerate(history)], x, scale, "line")
    mark = [path("M", x(now), TOP - 6, "V", BOTTOM, class_="rule")]
    label = f"known to {history[-1][0]}"
    anchor = "end" if x(now) - left > text_width(label, 11) + 8 else "start"
    mark.append(tag("text", label, x=x(now) + (-6 if anchor == "end" else 6), y=TOP - 12, class_="tick", text_anchor=anchor))
    if threshold is not None:
        mark.append(frame.line(scale.y(threshold), "threshold"))
        under = scale.y(threshold) + 14
        place = under if under < BOTTOM else scale.y(threshold) - 5
        mark.append(tag("text", "crisis", x=x(now) + 6, y=place, class_="note halo"))
    return chart(
        id_, width, HEIGHT, *lines, *bands, seen, middle, *mark, _dates([p for p, _ in (*history, *ahead)], x, frame),
        title=title, description=description, class_="fan",
    )  # fmt: skip


def score_bars(id_: str, rows: Sequence[tuple[str, float, bool]], width: float, *, title: str, description: str) -> Markup:
    """Draw bars; `rows`: what, mean CRPS, and whether it is the model that forecasts."""
    size = 11.5
    left = max(text_width(name, size, bold=mine) for name, _, mine in rows) + 10
    room = max(text_width(number(value), size) for _, value, _ in rows) + 10
    longest = max((value for _, value, _ in rows), default=1.0) or 1.0
    body = []
    for k, (name, value, mine) in enumerate(rows):
        y = 4 + k * _ROW
        long = max(1.0, (width - left - room) * value / longest)
        body.append(tag("text", name, x=left - 8, y=y + 14, class_="end mine" if mine else "end", text_anchor="end"))
        body.append(tag("rect", x=left, y=y + 3, width=long, height=14, rx=2, class_="bar mine" if mine else "bar"))
        body.append(tag("text", number(value), x=left + long + 6, y=y + 14, class_="end"))
    return chart(id_, width, 8 + _ROW * len(rows), *body, title=title, description=description, class_="fan")


def _band(low: str, high: str, ahead: Ahead, start: float | None, now: int, x: Place, scale: Scale, n: int) -> Markup:
    first = [] if start is None else [(now, start)]
    up = [*first, *((now + 1 + k, q[high]) for k, (_, q) in enumerate(ahead))]
    down = [*first, *((now + 1 + k, q[low]) for k, (_, q) in enumerate(ahead))]
    steps: list[str | float] = []
    for k, (at, value) in enumerate([*up, *reversed(down)]):
        steps += ["M" if k == 0 else "L", x(at), scale.y(value)]
    return path(*steps, "Z", class_=f"band b{n}")


def _line(points: Sequence[tuple[int, float | None]], x: Place, scale: Scale, class_: str) -> Markup:
    steps: list[str | float] = []
    broken = True
    for at, value in points:
        if value is None:
            broken = True
            continue
        steps += ["M" if broken else "L", x(at), scale.y(value)]
        broken = False
    return path(*steps, class_=class_) if steps else Markup("")


def _dates(labels: Sequence[str], x: Place, frame: Frame) -> Markup:
    widest = max(text_width(t, 11) for t in labels) + 14
    every = max(1, math.ceil(widest / max(x(1) - x(0), 1e-9))) if len(labels) > 1 else 1
    out = []
    for k in range(0, len(labels), every):
        if x(k) + text_width(labels[k], 11) <= frame.right + 4:
            out += [frame.mark(x(k)), frame.below(x(k), labels[k])]
    return tag("g", *out)


def _said(value: float) -> str:
    text = f"{abs(value):,.6g}"
    return f"\u2212{text}" if value < 0 else text


def _round_ticks(low: float, high: float) -> list[float]:
    """Three to six round numbers around a range."""
    if high <= low:
        high = low + 1.0
    rough = (high - low) / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= rough)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [k * step for k in range(first, last + 1)]
