"""Speed against safety: how fast a roadmap can be, and how much trust that takes."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from detente.base.parts import Part
from detente.base.words import figure, level_percent
from detente.brief.charts.frontier import Marked, frontier_chart
from detente.case.naming import Naming
from detente.compare.frontier import Frontier, Point
from detente.compare.result import Compared, Comparison
from detente.compare.telling import LETTERS, fast, frontier

__all__ = ["Speed", "Told", "speed"]

WIDE, NARROW = 680.0, 354.0
_FRONTIER = ("comparison", "frontier")


@dataclass(frozen=True)
class Told:
    """A named roadmap: its letter, its title, what is said of it. holds: within the trust that there is."""

    letter: str
    title: str
    said: str
    holds: bool


@dataclass(frozen=True)
class Speed:
    """The section. `table`: roadmaps of the frontier, and how far that is known; `fast`: what is meant by speed."""

    pair: str
    stated: str
    found: str
    medium: Markup
    narrow: Markup
    told: tuple[Told, ...]
    table: tuple[Part, ...]
    fast: str


def speed(naming: Naming, comparison: Comparison | None) -> Speed | None:
    """The section; None where no roadmap with a step was found that holds, or nobody depends on another's word."""
    found = None if comparison is None else comparison.frontier
    if comparison is None or found is None or not found.points:
        return None
    shown = comparison.roadmaps[: len(LETTERS)]
    told = tuple(_told(naming, n, letter, r) for n, (letter, r) in enumerate(zip(LETTERS, shown, strict=False)))
    marked = [
        Marked(letter, float(r.speed), float(r.needs) if r.holds and r.needs is not None else None)
        for letter, r in zip(LETTERS, shown, strict=False)
    ]
    points = [(float(p.speed), float(p.needs)) for p in found.points]
    title = "How fast roadmaps are, and the trust that they need"
    said = _found(naming, found)
    medium, narrow = (
        frontier_chart(f"speed-{name}", points, marked, float(found.stated), width, title=title, description=said)
        for name, width in (("medium", WIDE), ("narrow", NARROW))
    )
    return Speed(
        pair=f"the trust of {naming.party(found.pair[0])} in {naming.party(found.pair[1])}",
        stated=naming.of(level_percent(found.stated), *_FRONTIER, "reference", "stated"),
        found=said,
        medium=medium,
        narrow=narrow,
        told=told,
        table=tuple(frontier(found, naming)),
        fast=fast(naming),
    )


def _found(naming: Naming, found: Frontier) -> str:
    """The fastest, the most cautious, and one between."""
    fast, slow = found.points[-1], found.points[0]
    of = fast.reach.of_measures
    over = naming.pace.span(naming.case.phases.count)
    stated = naming.of(level_percent(found.stated), *_FRONTIER, "reference", "stated")
    said = (
        f"The fastest roadmap found that would hold has {_speed(naming, found, fast)} of {of} measures in force, on average "
        f"over the {over}; it needs a trust of {_needs(naming, found, fast)}, where that of {naming.party(found.pair[0])} in "
        f"{naming.party(found.pair[1])} is {stated} today."
    )
    if len(found.points) == 1:
        return said
    half = [p for p in found.points if p.needs <= fast.needs / 2 and p is not slow]
    between = f"One that needs {_needs(naming, found, half[-1])} has {_speed(naming, found, half[-1])}. " if half else ""
    return f"{said} {between}The one that needs least, {_needs(naming, found, slow)}, has {_speed(naming, found, slow)}."


def _speed(naming: Naming, found: Frontier, p: Point) -> str:
    return naming.of(figure(p.speed), *_FRONTIER, "points", found.points.index(p), "speed")


def _needs(naming: Naming, found: Frontier, p: Point) -> str:
    return naming.of(level_percent(p.needs), *_FRONTIER, "points", found.points.index(p), "needs")


def _told(naming: Naming, place: int, letter: str, r: Compared) -> Told:
    trust = "" if r.needs is None else naming.of(level_percent(r.needs), "comparison.roadmaps", place, "needs")
    if r.holds:
        return Told(letter, r.title, f"would hold down to a trust of {trust}" if r.needs else "puts nothing at risk", True)
    if trust:
        return Told(letter, r.title, f"would not hold; it needs a trust of {trust}", False)
    return Told(letter, r.title, "would not hold, however high trust is", False)
