"""Trust as one line a pair of parties, on the time axis of the roadmap above it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from detente.brief.charts.marks import party_class
from detente.brief.charts.roadmap import timeline
from detente.brief.charts.svg import chart, lines, path, tag, wrapped
from detente.brief.charts.timeline import Timeline

__all__ = ["TrustLine", "trust_chart"]

LEADING = 15.0
RISE = 30.0


@dataclass(frozen=True)
class TrustLine:
    """Trust of a party (its place in the case) in another, by phase: probabilities, of length n phases + 1 (afterwards)."""

    label: str
    party: int
    trust: Sequence[float]


def trust_chart(
    id_: str, rows: Sequence[TrustLine], parties: int, dates: Sequence[str], width: float, *, description: str
) -> Markup:
    """Draw the lines, all from zero to the same height, which is the largest trust rounded up to tenths."""
    time = timeline(dates, parties, width) if width > 400 else Timeline(dates, 0.0, 0.84 * width)
    top = max(0.1, math.ceil(10 * max(max(r.trust) for r in rows) - 1e-9) / 10)
    y = 24.0
    body = []
    for row in rows:
        label = wrapped(row.label, 12.5, width - time.left)
        y += LEADING * len(label) + RISE + 12
        body.append(_row(row, label, time, y - 6, top, width))
    return chart(
        id_, width, y, time.axis(11, 18, y), *body,
        title="Trust between the parties as steps are seen", description=description, class_="trust",
    )  # fmt: skip


def _row(row: TrustLine, label: Sequence[str], time: Timeline, base: float, top: float, width: float) -> Markup:
    heights = [base - RISE * p / top for p in row.trust]
    steps: list[str | float] = ["M", time.left, heights[0]]
    for t, h in enumerate(heights):
        steps += ["V", h, "H", time.start(t + 1) if t + 1 < len(heights) else width - 4]
    said = lines(time.left, base - RISE - LEADING * (len(label) - 1) - 4, label, leading=LEADING, class_="label halo")
    line = path(*steps, class_="line")
    under = path(*steps, "V", base, "H", time.left, "Z", class_="under")
    floor = path("M", time.left, base, "H", width - 4, class_="rule")
    dot = tag("circle", cx=width - 4, cy=heights[-1], r=3)
    return tag("g", under, floor, said, line, dot, class_=party_class(row.party))
