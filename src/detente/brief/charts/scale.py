"""A vertical scale of values, and labels at the end of lines that keep clear of each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from detente.base.words import number
from detente.brief.charts.frame import Frame
from detente.brief.charts.svg import tag, text_width

__all__ = ["Scale", "apart", "ends"]


@dataclass(frozen=True)
class Scale:
    """Values from `low` (at `bottom`) to `high` (at `top`)."""

    low: float
    high: float
    top: float
    bottom: float

    def y(self, value: float) -> float:
        clipped = min(max(value, self.low), self.high)
        return self.bottom - (self.bottom - self.top) * (clipped - self.low) / ((self.high - self.low) or 1.0)

    @property
    def room(self) -> float:
        """How wide the numbers beside the scale are."""
        return max(40.0, *(text_width(number(m), 11) + 9 for m in (self.low, self.high)))

    def axis(self, left: float, right: float) -> Markup:
        """Lines at both ends of the scale and at zero where it is well inside, each with its number."""
        frame = Frame(left, right, self.top, self.bottom)
        marks = [self.low, self.high]
        if self.low < 0 < self.high and min(-self.low, self.high) > 0.2 * (self.high - self.low):
            marks.append(0.0)
        return tag(
            "g",
            *(frame.line(self.y(m)) for m in marks),
            *(frame.number(self.y(m), number(m), 5) for m in marks),
        )


def apart(wanted: Sequence[float], distance: float, top: float, bottom: float) -> list[float]:
    """Positions near the wanted ones, in the same order from the top, at least `distance` from each other, within bounds."""
    order = sorted(range(len(wanted)), key=lambda n: wanted[n])
    placed: list[float] = []
    for n in order:
        placed.append(max(wanted[n], placed[-1] + distance if placed else top))
    floor = bottom
    for k in reversed(range(len(placed))):
        placed[k] = min(placed[k], floor)
        floor = placed[k] - distance
    out = [0.0] * len(wanted)
    for k, n in enumerate(order):
        out[n] = placed[k]
    return out


def ends(labels: Sequence[tuple[str, float, str]], x: float, scale: Scale) -> Markup:
    """Labels (text, value, class) to the right of the ends of their lines."""
    ys = apart([scale.y(value) + 4 for _, value, _ in labels], 13.0, scale.top + 4, scale.bottom + 4)
    return tag("g", *(tag("text", text, x=x, y=y, class_=f"end {c}") for (text, _, c), y in zip(labels, ys, strict=True)))
