"""What each level of trust makes possible: the measures that come within reach as trust rises."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from detente.base.words import count, isolated, level_percent
from detente.brief.charts.possible import possible_chart
from detente.case.naming import Naming
from detente.compare.levels import Rise, TrustLevels, grouped
from detente.compare.result import Comparison
from detente.compare.telling import settled

__all__ = ["Possible", "Within", "possible"]

WIDE, NARROW = 680.0, 354.0


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
    said = _found(found)
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
        stated=level_percent(found.stated),
        found=said,
        medium=medium,
        narrow=narrow,
        rises=tuple(_within(naming, r) for r in rises),
        never=tuple(isolated(naming.title(m)) for m in found.beyond),
        highest=level_percent(found.levels[0].level),
        settled=settled(found),
    )


def _titled(naming: Naming, measure: str) -> tuple[str, str]:
    return naming.case.measures[measure].kind, naming.title(measure)


def _within(naming: Naming, rise: Rise) -> Within:
    reached = f"{rise.reach.measures} of {rise.reach.of_measures} measures"
    return Within(level_percent(rise.needs), reached, tuple(_titled(naming, m) for m in rise.brings))


def _found(found: TrustLevels) -> str:
    """What less trust than today's would still allow, and what more would add."""
    first, last = found.rises[0], found.rises[-1]
    lowest = found.levels[-1].level
    start = (
        f"Already at a trust of {level_percent(lowest)}"
        if first.needs <= lowest
        else f"No step was found below a trust of {level_percent(first.needs)}; from there on"
    )
    said = f"{start} the best roadmap found reaches {count(first.reach.measures, 'measure')} of {first.reach.of_measures}."
    if last is first:
        return said
    today = f"than the {level_percent(found.stated)} there is today"
    side = "more" if last.needs > found.stated else "less"
    return f"{said} The last measures come within reach at {level_percent(last.needs)}, {side} {today}."
