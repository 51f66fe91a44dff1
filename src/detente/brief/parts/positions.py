"""Where a bargain may end: what the forecast says of one question, in words and as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from detente.base.words import as_written, count, isolated, joined, percent
from detente.brief.charts.positions import positions_chart
from detente.brief.context import Context
from detente.positions.influence import Influence
from detente.positions.result import NO_PROFILE, Forecast, Holder
from detente.positions.show import amount, figure

__all__ = ["Bargain", "Bargains", "bargain", "bargains"]

WIDE, NARROW = 680.0, 354.0
MOST_INFLUENCES = 5


@dataclass(frozen=True)
class Bargain:
    """One question. `changes` : (who, what it does, the answer then, by how much it moved); `holders` : a row an actor."""

    title: str
    said: str
    beside: str
    medium: Markup
    narrow: Markup
    answer: str
    changes: tuple[tuple[str, str, str, str], ...]
    spread: str
    holders: tuple[tuple[str, str, str, str, str], ...]
    sources: tuple[int, ...] = ()


@dataclass(frozen=True)
class Bargains:
    """The section of the brief. notes : what the forecasts rest on."""

    bargains: tuple[Bargain, ...]
    notes: tuple[str, ...]


def bargains(context: Context) -> Bargains | None:
    """The section; None without questions of positions."""
    found = context.positions
    if found is None:
        return None
    number = {e: n for n, e in enumerate(context.case.evidence, start=1)}
    asked = {q.id: q for q in context.case.positions}
    told = []
    for n, f in enumerate(found.forecasts, 1):
        q = asked[f.issue]
        named = {e: number[e] for e in (*q.evidence, *(e for h in q.actors for e in h.evidence))}
        told.append(bargain(n, f, sorted(named.values())))
    notes = []
    if found.profile:
        p = found.profile
        notes.append(f"Coefficients: {p['profile']}, from {p['source']}. {p['about']}".rstrip())
    if any(h.unknown for f in found.forecasts for h in f.holders):
        notes.append("* not known, and taken to be the mean of the question.")
    notes += [n for n in found.notes if n != NO_PROFILE]
    return Bargains(tuple(told), tuple(notes))


def bargain(number: int, found: Forecast, sources: Sequence[int] = ()) -> Bargain:
    """What is said about a question; `number` makes the names of its pictures unique on the page."""
    title = found.title or found.issue
    said, beside = _said(found), _beside(found)
    medium, narrow = (
        positions_chart(f"bargain-{number}-{name}", found, width, title=title, description=f"{said} {beside}")
        for name, width in (("medium", WIDE), ("narrow", NARROW))
    )
    some = [i for i in found.influence or () if abs(i.moves) > 1e-9 * ((found.high - found.low) or 1)][:MOST_INFLUENCES]
    return Bargain(
        title=title,
        said=said,
        beside=beside,
        medium=medium,
        narrow=narrow,
        answer="median" if found.distribution else "weighted mean",
        changes=tuple(_change(i, found) for i in some),
        spread=_spread(found),
        holders=tuple(
            (isolated(h.actor), _position(h, found), f"{as_written(h.salience)}{' *' if h.unknown else ''}",
             as_written(h.capability), percent(h.weight))
            for h in sorted(found.holders, key=lambda h: (h.position, -h.weight))
        ),
        sources=tuple(sources),
    )  # fmt: skip


def _position(h: Holder, found: Forecast) -> str:
    text = figure(h.position, found)
    return text if h.within is None else f"{text} ({figure(h.within[0], found)} to {figure(h.within[1], found)})"


def _said(found: Forecast) -> str:
    scale = f"{count(len(found.holders), 'actor')} on a scale from {figure(found.low, found)} to {figure(found.high, found)}."
    d = found.distribution
    if d is None:
        return f"{scale} No coefficients are named for this question, so that there is no distribution."
    low, high = (figure(x, found) for x in d.interval)
    return (
        f"{scale} The median of the forecast is {figure(d.median, found)}, its mean {figure(d.mean, found)}; with a chance of "
        f"80% the bargain ends between {low} and {high}, if the coefficients fit this kind of bargain."
    )


def _beside(found: Forecast) -> str:
    plain = (
        f"The mean weighted by salience and capability is {figure(found.weighted_mean, found)}, the median so weighted "
        f"{figure(found.weighted_median, found)}."
    )
    return plain if found.outcome is None else f"{plain} What came of it: {figure(found.outcome, found)}."


def _change(i: Influence, found: Forecast) -> tuple[str, str, str, str]:
    if i.to is None:
        change = "takes no part"
    elif i.change == "position":
        change = f"moves to {figure(i.to, found)}"
    else:
        change = f"has a salience of {i.to:g}"
    sign = "+" if i.moves > 0 else ""
    return isolated(i.actor), change, figure(i.answer, found), f"{sign}{amount(i.moves, found)}"


def _spread(found: Forecast) -> str:
    if found.spread is None:
        return ""
    n = found.spread.noise
    stated = ["the stated ranges of positions"] if any(h.within for h in found.holders) else []
    if n.position:
        stated.append(f"an error of {n.position:g} hundredths of the range in positions")
    if n.salience:
        stated.append(f"of {n.salience:g} in saliences")
    if n.capability:
        stated.append(f"of {100 * n.capability:g}% in capabilities")
    points = found.spread.median or found.spread.weighted_mean
    what = "median" if found.spread.median else "weighted mean"
    return (
        f"Under {joined(stated)}, the {what} lies between {figure(points[0], found)} and {figure(points[2], found)} in 80% of "
        f"{n.draws:,} draws."
    )
