"""A time axis of phases: where a phase stands, and the dates that fit under each other without touching."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from detente.brief.charts.svg import path, tag, text_width

__all__ = ["Timeline"]

TICK_SIZE = 11.0


@dataclass(frozen=True)
class Timeline:
    """Phases 0 .. n-1 as columns between `left` and `right`.

    dates : the short date of each phase, of length n.
    """

    dates: Sequence[str]
    left: float
    right: float

    @property
    def step(self) -> float:
        return (self.right - self.left) / max(1, len(self.dates))

    def start(self, phase: float) -> float:
        """The left edge of a phase's column."""
        return self.left + phase * self.step

    def middle(self, phase: int) -> float:
        return self.start(phase + 0.5)

    def ticks(self) -> Iterator[tuple[int, str]]:
        """Phases whose dates are shown, evenly spaced."""
        widest = max((text_width(d, TICK_SIZE) for d in self.dates), default=0.0) + 12
        every = max(1, -int(-widest // self.step))
        ticks = ((t, self.dates[t]) for t in range(0, len(self.dates), every))
        return ((t, d) for t, d in ticks if t == 0 or self.start(t) + text_width(d, TICK_SIZE) < self.right)

    def axis(self, y: float, top: float, bottom: float) -> Markup:
        """Dates on the baseline `y`, each with a thin line from `top` to `bottom` at the start of its phase."""
        out = []
        for t, date in self.ticks():
            x = self.start(t)
            out.append(path("M", x, top, "V", bottom, class_="grid"))
            out.append(tag("text", date, x=x, y=y, class_="tick"))
        return tag("g", *out)
