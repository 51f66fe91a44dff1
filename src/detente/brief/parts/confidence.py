"""How sure it is, in one figure: the share of draws in which every condition holds, in numbers and in words.

A share s is said in the words of the PHIA probability yardstick (UK Professional Head of Intelligence Assessment, 2018).
It leaves gaps between its ranges (0-5, 10-20, 25-35, 40-50, 55-75, 80-90 and 95-100 per cent); a share in a gap takes the word
whose range is nearer.
"""

from __future__ import annotations

from dataclasses import dataclass

from detente.base.words import percent
from detente.brief.context import Context
from detente.brief.parts.ahead import followed_plays
from detente.brief.parts.figures import how_sure
from detente.case.rough.footing import roughness
from detente.plan.draws.telling import times_as_wide

__all__ = ["Confidence", "confidence", "likelihood"]

_YARDSTICK = (
    (0.075, "a remote chance"),
    (0.225, "highly unlikely"),
    (0.375, "unlikely"),
    (0.525, "a realistic possibility"),
    (0.775, "likely"),
    (0.925, "highly likely"),
)


@dataclass(frozen=True)
class Confidence:
    """The section. `of`: what the figure is a share of; `said`: its basis, some sentences each; `drawn`: whether it comes from
    draws, of which an annex tells."""

    figure: str
    of: str
    said: tuple[str, ...]
    drawn: bool


def confidence(context: Context) -> Confidence | None:
    """The section; None without a roadmap. Without draws: of the conditions that hold at the likely values."""
    if not context.plan:
        return None
    held = context.plan.holds
    if held is None or not held.shares.uncertain:
        found = how_sure(context)
        return Confidence(found.figure, found.of, (found.note,) if found.note else (), drawn=False)
    shares, wide = held.shares, held.shares.widened
    whose = "the roadmap" if context.recommended is None else "the recommended roadmap"
    words = likelihood(shares.share)
    told = [f"That is {words}, if the ranges are right."]
    if wide is not None:
        wider = likelihood(wide.share)
        share = context.of(percent(wide.share), "plan.holds.widened.holds")
        still = "still " if wider == words else ""
        told.append(f"Experts give them too narrow: {times_as_wide(wide, context)}, {share}, {still}{wider}.")
    told += [rough] if (rough := roughness(context.case)) else []
    draws = context.of(f"{shares.draws:,}", "plan.holds.draws")
    return Confidence(
        context.of(percent(shares.share), "plan.holds.share"),
        f"of {draws} draws of all values from their ranges: every condition of {whose} holds (nobody gains by stopping or "
        "cheating, or risks more than it dares)",
        (*told, _success(context)),
        drawn=True,
    )


def _success(context: Context) -> str:
    """That a share of draws is no chance of success, and where that one stands."""
    fared = followed_plays(context)
    if fared is None:
        return "This is no chance of success: whether parties mean it and steps succeed is for the plays."
    key = ("assessment.strategies", context.assessment.recommended if context.assessment else "")
    share = context.of(percent(fared.under_way[0]), *key, "under_way", 0)
    stopped = context.of(percent(fared.stopped[0]), *key, "stopped", 0)
    return (
        "This is not the chance of success: in plays the roadmap is under way at the end in "
        f"{share}, and has stopped in {stopped}."
    )


def likelihood(share: float) -> str:
    """A share of 1 in the words of the yardstick."""
    return next((words for most, words in _YARDSTICK if share < most), "almost certain")
