"""The growth of a run from small cases to large ones, as an SVG of its own: panels with both axes logarithmic.

For the planner (module `report`):

    left    seconds against measures: the planner, the certificate, the plain formulation, greedy pair-adding
    right   non-zeros against measures: the planner's programme, the plain formulation's (counted where it was not built)

Two parties are drawn as full lines with dots, three as broken lines with rings. A run that its time limit ended has a cross.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

__all__ = ["Curve", "Panel", "picture"]

_WIDTH, _HEIGHT = 430, 330  # of a panel, in pixels
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 112, 40, 46

_STYLE = """
svg { color-scheme: light dark; font: 12px system-ui, sans-serif; background: #fff }
text { fill: #222 } .quiet { fill: #666 } .grid { stroke: #ddd }
.c0 { --c: #0b5cad } .c1 { --c: #6b6b6b } .c2 { --c: #b3470f } .c3 { --c: #2f7d32 }
path, .dot, .cross { stroke: var(--c); fill: none; stroke-width: 2 } .full { fill: var(--c) } .name { fill: var(--c) }
@media (prefers-color-scheme: dark) {
  svg { background: #161616 } text { fill: #eee } .quiet { fill: #aaa } .grid { stroke: #333 }
  .c0 { --c: #74b0f0 } .c1 { --c: #b5b5b5 } .c2 { --c: #f0945f } .c3 { --c: #7fcf83 } .name { fill: var(--c) }
}
"""


@dataclass(frozen=True)
class Curve:
    """Points (size, figure, whether a limit ended the run); `colour` 0 .. 3; `broken`: a broken line."""

    name: str
    colour: int
    broken: bool
    points: tuple[tuple[int, float, bool], ...]


@dataclass(frozen=True)
class Panel:
    """Curves over a size. `unit` stands at the vertical axis, `across` under the other; `names`: how sizes are written."""

    title: str
    unit: str
    curves: tuple[Curve, ...]
    across: str = "measures"
    names: Mapping[int, str] = field(default_factory=dict)


KEY = "full line: two parties; broken: three; cross: ended by its time limit"


def picture(title: str, panels: Sequence[Panel], key: str = KEY) -> str:
    """The panels side by side; those without any point are left out."""
    drawn = [p for p in panels if any(c.points for c in p.curves)]
    body = "".join(f'<g transform="translate({n * _WIDTH} 24)">{_panel(p)}</g>' for n, p in enumerate(drawn))
    width, height = max(len(drawn), 1) * _WIDTH, _HEIGHT + 44
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style>"
        f'<text x="12" y="20" font-weight="600">{escape(title)}</text>{body}'
        f'<text class="quiet" x="12" y="{height - 8}">{key}</text></svg>\n'
    )


def _panel(panel: Panel) -> str:
    points = [p for c in panel.curves for p in c.points]
    across = _Axis([p[0] for p in points], _LEFT + 10, _WIDTH - _RIGHT)
    up = _Axis([p[1] for p in points], _HEIGHT - _BOTTOM, _TOP)
    out = [f'<text x="{_LEFT}" y="{_TOP - 16}">{escape(panel.title)} <tspan class="quiet">{escape(panel.unit)}</tspan></text>']
    for y in up.decades():
        at = up.at(y)
        out.append(f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{at:.1f}" y2="{at:.1f}"/>')
        out.append(f'<text class="quiet" x="{_LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{_short(y)}</text>')
    below = [(across.at(x), 18.0, panel.names.get(x, str(x))) for x in sorted({p[0] for p in points})]
    for at, down, text in [*below, ((_LEFT + _WIDTH - _RIGHT) / 2, 36.0, panel.across)]:
        y = _HEIGHT - _BOTTOM + down
        out.append(f'<text class="quiet" x="{at:.1f}" y="{y}" text-anchor="middle">{text}</text>')
    out += [_curve(c, across, up) for c in panel.curves if c.points]
    return "".join([*out, *_names(panel.curves, across, up)])


class _Axis:
    """A logarithmic axis from `start` to `end` in pixels; an upright one (end above start) runs over whole decades."""

    def __init__(self, values: Iterable[float], start: float, end: float) -> None:
        logs = [math.log10(v) for v in values]
        self._low, self._high = min(logs), max(logs)
        if end < start:
            self._low, self._high = math.floor(self._low), math.ceil(self._high + 1e-9)
        if self._high - self._low < 1e-9:
            self._low, self._high = self._low - 0.5, self._high + 0.5
        self._start, self._end = start, end

    def at(self, value: float) -> float:
        share = (math.log10(value) - self._low) / (self._high - self._low)
        return self._start + share * (self._end - self._start)

    def decades(self) -> list[float]:
        return [10.0**n for n in range(math.ceil(self._low), math.floor(self._high) + 1)]


def _curve(curve: Curve, across: _Axis, up: _Axis) -> str:
    places = [(across.at(x), up.at(y), ended) for x, y, ended in sorted(curve.points)]
    line = " ".join(f"{'L' if n else 'M'}{x:.1f} {y:.1f}" for n, (x, y, _) in enumerate(places))
    dashes = ' stroke-dasharray="5 4"' if curve.broken else ""
    marks = "".join(
        f'<path class="cross" d="M{x - 4:.1f} {y - 4:.1f}l8 8m0 -8l-8 8"/>'
        if ended
        else f'<circle class="dot{"" if curve.broken else " full"}" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>'
        for x, y, ended in places
    )
    return f'<g class="c{curve.colour}"><path d="{line}"{dashes}/>{marks}</g>'


def _names(curves: Sequence[Curve], across: _Axis, up: _Axis) -> list[str]:
    """One name a colour at the end of its first curve: to the right at the edge of the panel, else above; kept apart."""
    ends: dict[int, tuple[float, float, str]] = {}
    for c in curves:
        if c.points:
            measures, figure, _ = max(c.points)
            ends.setdefault(c.colour, (across.at(measures), up.at(figure), c.name))
    edge = max((x for x, _, _ in ends.values()), default=0.0)
    out, last = [], -math.inf
    for colour, (x, y, name) in sorted(ends.items(), key=lambda e: e[1][1]):
        place = f'x="{x + 8:.1f}" y="{y - 12:.1f}" text-anchor="end"'
        if x == edge:
            last = max(y + 4, last + 14)
            place = f'x="{x + 10:.1f}" y="{last:.1f}"'
        out.append(f'<text class="c{colour} name" {place}>{escape(name)}</text>')
    return out


def _short(value: float) -> str:
    if value < 1:
        return f"{value:g}"
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g} {letter}"
    return f"{value:g}"
