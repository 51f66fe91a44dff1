"""How sure it is: the share of draws of the values in which the roadmap holds, where it breaks first, what decides it."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from detente.base.words import percent
from detente.brief.charts.sure import index_bar, sure_chart
from detente.brief.context import Context
from detente.plan.draws.result import DrawsResult
from detente.plan.draws.telling import breaks, chosen, decides, drawn, found, times_as_wide

__all__ = ["Decided", "Sure", "first_break", "how_much", "share_held", "sure"]

WIDE, NARROW = 680.0, 340.0
_DECIDING = 2
_BREAKS = 3


@dataclass(frozen=True)
class Decided:
    """A value, or set of values, that decides. `what`: it in words; `said`: how much depends on it, and which way."""

    what: str
    said: str
    picture: Markup


@dataclass(frozen=True)
class Sure:
    """The section. `found`: the share; `chosen`: what was asked for; `breaks`: where it breaks first; `drawn`: how."""

    found: str
    chosen: str
    breaks: tuple[str, ...]
    medium: Markup | None
    narrow: Markup | None
    deciding: tuple[Decided, ...]
    tied: bool
    drawn: str


def sure(context: Context) -> Sure | None:
    """The section; None where no draws were made, or no value of the case is uncertain."""
    held = _held(context)
    if held is None:
        return None
    deciding = held.shares.deciding[:_DECIDING]
    medium = narrow = None
    if held.shares.share < 1:
        medium, narrow = (_picture(context, held, name, width) for name, width in (("medium", WIDE), ("narrow", NARROW)))
    return Sure(
        found=found(held, context),
        chosen=chosen(held),
        breaks=tuple(breaks(held, context, _BREAKS)),
        medium=medium,
        narrow=narrow,
        deciding=tuple(
            Decided(*decides(n, d, context), index_bar(f"deciding-{n}", d.index, d.interval, title=_share_of_doubt(d.index)))
            for n, d in enumerate(deciding)
        ),
        tied=any(len(d.quantities) > 1 for d in deciding),
        drawn=drawn(held),
    )


def _share_of_doubt(index: float) -> str:
    return f"Share of the doubt: {percent(min(1.0, index))}"


def share_held(context: Context) -> float | None:
    """The share of draws in which the roadmap holds; None as for `sure`."""
    held = _held(context)
    return None if held is None else held.shares.share


def how_much(context: Context) -> str:
    """How much of the case was varied, and the share under wider ranges, in sentences; empty as for `sure`."""
    held = _held(context)
    if held is None:
        return ""
    wide = held.shares.widened
    return (
        f"{held.shares.varied}."
        if wide is None
        else f"{percent(wide.share)} {times_as_wide(wide, context)}. {held.shares.varied}."
    )


def first_break(context: Context) -> str:
    """Where the roadmap breaks first most often, in a sentence; empty where it always holds."""
    held = _held(context)
    return next(breaks(held, context, 1), "") if held is not None else ""


def _held(context: Context) -> DrawsResult | None:
    held = context.plan.holds
    return held if context.plan and held is not None and held.shares.uncertain else None


def _picture(context: Context, held: DrawsResult, name: str, width: float) -> Markup:
    shown = min(context.settled + 1, len(held.shares.by_phase))
    by_phase = list(held.shares.by_phase[:shown])
    by_phase[-1] = held.shares.share  # what breaks after the last date shown breaks in it at the latest
    return sure_chart(
        f"sure-{name}", by_phase, context.ticks(shown), width,
        title="The share of draws in which the roadmap still holds",
        description=" ".join([found(held, context), *breaks(held, context, _BREAKS)]),
    )  # fmt: skip
