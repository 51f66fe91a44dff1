"""How far a stated order gets: a bar of the phases that it survives, a dot at every step, a cross where it breaks.

All places are percentages, so that the bar takes the width that the page gives it; it holds no text.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from detente.brief.charts.svg import path, share, strip, tag

__all__ = ["order_bar"]

HEIGHT = 26


def order_bar(id_: str, shown: int, steps: Sequence[int], breaks_at: int | None, *, title: str, description: str) -> Markup:
    """Draw the bar over `shown` phases; a break after the last of them stands at its end."""
    survived = shown if breaks_at is None else min(breaks_at, shown)
    body = [tag("rect", x="0%", y=10, width="100%", height=6, class_="track", rx=3)]
    if survived:
        body.append(tag("rect", x="0%", y=8, width=share(survived / shown), height=10, class_="held", rx=3))
    for t in steps:
        reached = breaks_at is None or t < breaks_at
        body.append(tag("circle", cx=share((t + 0.5) / shown), cy=13, r=4, class_="step" if reached else "step lost"))
    if breaks_at is not None:
        cross = path("M", -6, -6, "L", 6, 6, "M", -6, 6, "L", 6, -6, class_="cross")
        body.append(tag("svg", cross, x=share(min(max(survived / shown, 0.01), 0.99)), y=13, overflow="visible"))
    return strip(id_, HEIGHT, *body, title=title, description=description, class_="order")
