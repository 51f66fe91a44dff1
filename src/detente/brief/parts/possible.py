"""What each level of trust makes possible: the measures that come within reach as trust rises."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from detente.base.words import isolated, level_percent
from detente.brief.charts.possible import possible_chart
from detente.case.naming import Naming
from detente.compare.levels import Rise, TrustLevels, grouped
from detente.compare.result import Comparison
from detente.compare.telling import settled

__all__ = ["Possible", "Within", "possible"]

WIDE, NARROW = 680.0, 354.0
_LEVELS = ("comparison", "trust_levels")


@dataclass(frozen=True)
class Within:
    """A level from which on measures come within reach, each with its kind and title."""

    level: str
    reached: str
    measures: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Possible:
    """The section. `never`: measures in no best roadmap at any of the levels; `settled`: how far this is known."""

    pair: str
    stated: str
    found: str
    medium: Markup
    narrow: Markup
    rises: tuple[Within, ...]
    never: tuple[str, ...]
    highest: str
    settled: str


def possible(naming: Naming, comparison: Comparison | None) -> Possible | None:
    """The section; None where no step is possible at any level, or nobody depends on another's word."""
    found = None if comparison is None else comparison.trust_levels
    if found is None or not found.rises:
        return None
    rises = grouped(found.rises)
    span = (float(found.levels[-1].level), float(found.levels[0].level))
    said = _found(naming, found)
    medium, narrow = (
        possible_chart(
            f"possible-{name}",
            [(float(level), n) for level, n in found.steps],
            [(float(r.needs), r.reach.measures) for r in rises],
            found.of_measures, span, float(found.stated), width,
            title="Measures reached by the best roadmap, by the trust to start with", description=said,
        )
        for name, width in (("medium", WIDE), ("narrow", NARROW))
    )  # fmt: skip
    return Possible(
        pair=f"the trust of {naming.party(found.pair[0])} in {naming.party(found.pair[1])}",
        stated=naming.of(level_percent(found.stated), *_LEVELS, "reference", "stated"),
        found=said,
        medium=medium,
        narrow=narrow,
        rises=tuple(_within(naming, found, r) for r in rises),
        never=tuple(isolated(naming.title(m)) for m in found.beyond),
        highest=naming.of(level_percent(found.levels[0].level), *_LEVELS, "levels", 0, "level"),
        settled=settled(found),
    )


def _titled(naming: Naming, measure: str) -> tuple[str, str]:
    return naming.case.measures[measure].kind, naming.title(measure)


def _within(naming: Naming, found: TrustLevels, rise: Rise) -> Within:
    reached = f"{_reached(naming, found, rise)} of {rise.reach.of_measures} measures"
    return Within(_needs(naming, found, rise), reached, tuple(_titled(naming, m) for m in rise.brings))


def _needs(naming: Naming, found: TrustLevels, rise: Rise) -> str:
    return naming.of(level_percent(rise.needs), *_LEVELS, "rises", _place(found, rise), "needs")


def _reached(naming: Naming, found: TrustLevels, rise: Rise) -> str:
    return naming.of(str(rise.reach.measures), *_LEVELS, "rises", _place(found, rise), "reach", "measures")


def _place(found: TrustLevels, rise: Rise) -> int:
    """Of a rise, or of several that read alike, among all."""
    return next(n for n, r in enumerate(found.rises) if r.needs == rise.needs)


def _found(naming: Naming, found: TrustLevels) -> str:
    """What less trust than today's would still allow, and what more would add."""
    first, last = found.rises[0], found.rises[-1]
    lowest = found.levels[-1].level
    start = (
        f"Already at a trust of {naming.of(level_percent(lowest), *_LEVELS, 'levels', len(found.levels) - 1, 'level')}"
        if first.needs <= lowest
        else f"No step was found below a trust of {_needs(naming, found, first)}; from there on"
    )
    reached = f"{_reached(naming, found, first)} {'measure' if first.reach.measures == 1 else 'measures'}"
    said = f"{start} the best roadmap found reaches {reached} of {first.reach.of_measures}."
    if last is first:
        return said
    today = f"than the {naming.of(level_percent(found.stated), *_LEVELS, 'reference', 'stated')} there is today"
    side = "more" if last.needs > found.stated else "less"
    return f"{said} The last measures come within reach at {_needs(naming, found, last)}, {side} {today}."
