"""The rectangle in which a chart draws, with its axes: lines across with a number at their left, marks below with a text.

x(share)    from the left edge (0) to the right (1)
y(share)    from the lower edge (0) to the upper (1)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from detente.brief.charts.svg import path, tag

__all__ = ["Frame"]


@dataclass(frozen=True)
class Frame:
    """Its edges, in pixels."""

    left: float
    right: float
    top: float
    bottom: float

    def x(self, share: float) -> float:
        return self.left + (self.right - self.left) * share

    def y(self, share: float) -> float:
        return self.bottom - (self.bottom - self.top) * share

    def line(self, y: float, class_: str = "grid") -> Markup:
        """A line across at a height."""
        return path("M", self.left, y, "H", self.right, class_=class_)

    def number(self, y: float, text: str, gap: float = 6) -> Markup:
        """What stands at the left of a height."""
        return tag("text", text, x=self.left - gap, y=y + 4, class_="tick", text_anchor="end")

    def grid(self, levels: Iterable[tuple[float, str]]) -> list[Markup]:
        """Lines with their numbers, from heights and texts."""
        return [tag("g", self.line(y), self.number(y, text)) for y, text in levels]

    def mark(self, x: float) -> Markup:
        """A short mark under the lower edge."""
        return path("M", x, self.bottom, "V", self.bottom + 5, class_="axis")

    def below(self, x: float, text: str, anchor: str | None = None) -> Markup:
        """What stands under a mark."""
        return tag("text", text, x=x, y=self.bottom + 18, class_="tick", text_anchor=anchor)
