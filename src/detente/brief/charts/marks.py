"""Signs that need no colour: a shape for each kind of measure, a pattern for each party.

Kinds and parties have colours as well (classes `kind-nuclear`, `party-0`), but none that is needed to tell them apart. A
party's number is its place in the case; from the seventh on the patterns start again.
"""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from detente.brief.charts.svg import path, tag

__all__ = ["KINDS", "PATTERNS", "kind_mark", "party_class", "party_mark"]

KINDS = ("contact", "humanitarian", "economic", "political", "military", "nuclear", "verification", "other")
PATTERNS = ("solid", "striped", "hollow", "dotted", "barred", "crossed")


def kind_mark(kind: str, x: float, y: float, size: float = 11) -> Markup:
    """The sign of a kind, centred on (x, y)."""
    h = size / 2
    q = h * 0.42
    match kind:
        case "contact":
            shape = tag("circle", cx=x, cy=y, r=h)
        case "humanitarian":
            corners = (
                (q, h),
                (q, q),
                (h, q),
                (h, -q),
                (q, -q),
                (q, -h),
                (-q, -h),
                (-q, -q),
                (-h, -q),
                (-h, q),
                (-q, q),
                (-q, h),
            )
            shape = _polygon(x, y, corners)
        case "economic":
            shape = tag("rect", x=x - h * 0.9, y=y - h * 0.9, width=h * 1.8, height=h * 1.8)
        case "political":
            shape = _polygon(x, y, ((0.0, -h), (h * 1.1, h * 0.9), (-h * 1.1, h * 0.9)))
        case "military":
            shape = _polygon(x, y, ((0.0, -h * 1.15), (h * 1.15, 0.0), (0.0, h * 1.15), (-h * 1.15, 0.0)))
        case "nuclear":
            shape = _polygon(x, y, ((h, 0.0), (q * 1.2, h), (-q * 1.2, h), (-h, 0.0), (-q * 1.2, -h), (q * 1.2, -h)))
        case "verification":
            shape = tag("circle", cx=x, cy=y, r=h * 0.85, class_="ring") + tag("circle", cx=x, cy=y, r=h * 0.3)
        case _:
            shape = tag("rect", x=x - h, y=y - h * 0.35, width=h * 2, height=h * 0.7)
    return tag("g", shape, class_=f"mark kind-{kind if kind in KINDS else 'other'}")


def _polygon(x: float, y: float, corners: tuple[tuple[float, float], ...]) -> Markup:
    points = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in corners)
    return tag("polygon", points=points)


def party_class(index: int) -> str:
    """The class that carries a party's colour and dash."""
    return f"party-{index % len(PATTERNS)}"


def party_mark(index: int, x: float, y: float, width: float, height: float) -> Markup:
    """A party's swatch: a box in its colour with its pattern. A tall one stands for its lane."""
    inside: list[Markup] = []
    right, bottom = x + width, y + height
    pattern = PATTERNS[index % len(PATTERNS)]
    if pattern in ("striped", "crossed"):
        inside += _every(y, bottom, 5, lambda s: path("M", x, min(s + 3, bottom), "L", right, s, class_="cut"))
    if pattern == "crossed":
        inside += _every(y, bottom, 5, lambda s: path("M", x, s, "L", right, min(s + 3, bottom), class_="cut"))
    if pattern == "dotted":
        inside += _every(y + 3, bottom - 1, 5, lambda s: tag("circle", cx=x + width / 2, cy=s, r=1.3, class_="spot"))
    if pattern == "barred":
        inside += _every(y + 3, bottom - 1, 5, lambda s: path("M", x, s, "L", right, s, class_="cut"))
    box = tag("rect", x=x, y=y, width=width, height=height, class_="hollow" if pattern == "hollow" else None)
    return tag("g", box, *inside, class_=f"swatch {party_class(index)}")


def _every(start: float, stop: float, step: float, draw: Callable[[float], Markup]) -> list[Markup]:
    return [draw(start + step * n) for n in range(max(0, int((stop - start) / step) + 1))]
