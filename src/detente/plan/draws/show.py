"""How sure a roadmap is, as a paragraph and tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from detente.case.case import Case
from detente.case.show import ruled
from detente.plan.draws.result import Deciding, DrawsResult, Shares

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["show_held"]

_SHOWN = 5
_ROWS = {
    "incentive": "would gain by stopping",
    "trust": "risks more than its trust allows",
    "doubt": "would rather cheat for fear that the other stops",
    "red_line": "crosses its red line",
    "coalition": "would gain by stepping out with others",
}
_KINDS = {
    "value": "worth per phase of",
    "once": "worth on entry of",
    "breakdown": "loss at a collapse",
    "stalemate": "drift of the stand-off",
    "discount": "weight of the next phase",
    "irreversible": "what stays of it after a break-off",
    "lag": "phases until it is noticed",
    "signal": "signal",
}


def show_held(held: DrawsResult, case: Case) -> Iterator[RenderableType]:
    """The share of draws and what was asked for, where it breaks first, which values decide it."""
    from rich.text import Text

    shares = held.shares
    yield Text(_verdict(held), style="bold")
    yield Text(_finding(held))
    if shares.breaks:
        out = ruled("Where it breaks first", "Phase", "From", "For whom and why", "Share of draws", "95 % interval")
        for b in shares.breaks[:_SHOWN]:
            why = f"{case.parties[b.party].name} {_ROWS[b.row]}" if b.party else f"the schedule itself: {b.row}"
            out.add_row(str(b.phase), str(case.phase_date(b.phase)), why, _percent(b.share), _interval(b.interval))
        yield out
    if shares.deciding:
        out = ruled("Which values decide it", "Value", "Index", "95 % interval", "It holds more often where this is")
        for d in shares.deciding[:_SHOWN]:
            out.add_row(
                f"{_named(d, case)}{' (assumed range)' if d.by_spread else ''}",
                f"{d.index:.2f}",
                f"{d.interval[0]:.2f} to {d.interval[1]:.2f}",
                d.leans or "",
            )
        yield out


def _verdict(held: DrawsResult) -> str:
    share = _percent(held.shares.share)
    if held.asked is None:
        return f"Every row holds in {share} of draws of the uncertain values."
    if held.met:
        return f"Every row holds in {share} of draws of the uncertain values; {_percent(held.asked)} was asked for."
    return (
        f"No roadmap was found that holds in at least {_percent(held.asked)} of draws of the uncertain values. The largest "
        f"share found is {share}, by this roadmap."
    )


def _finding(held: DrawsResult) -> str:
    shares = held.shares
    if shares.note:
        return f"{shares.note[:1].upper()}{shares.note[1:]}."
    return f"{_widened(shares)}{_counted(shares)}{_compared(held)}"


def _widened(shares: Shares) -> str:
    wide = shares.widened
    if wide is None:
        return ""
    return f"With every range {wide.by:.3g} times as wide: {_percent(wide.share)} ({_interval(wide.interval)}). "


def _counted(shares: Shares) -> str:
    how = shares.distribution
    said = "as the case says" if how["said_by"] == "case" else "the case does not say how"
    meant = f", ranges of {_percent(float(str(how['confidence'])))}" if "confidence" in how else ""
    meant += f", each {how['widen']:.3g} times as wide" if "widen" in how else ""
    tied = f", {how['tied']} tied by comparisons" if how["tied"] else ""
    turned = (
        f" In {_percent(shares.turned)} some party would do otherwise with an act of its own than at the likely values; it is "
        "taken to do the same."
        if shares.turned
        else ""
    )
    return (
        f"Counted in {shares.draws:,} draws, {shares.varied}{meant}{tied} ({how['shape']}, {said}; seed {shares.seed}); 95 % "
        f"interval {_interval(shares.interval)}.{turned}"
    )


def _compared(held: DrawsResult) -> str:
    if held.likely is None or held.search is None:
        return ""
    cut = " The search on draws was cut short by its time limit." if held.search["cut_short"] else ""
    return (
        f" The search had not seen these draws. The roadmap that is best at the likely values holds in "
        f"{_percent(held.likely.share)}.{cut}"
    )


def _named(d: Deciding, case: Case) -> str:
    if d.party is None:
        return f"{case.measure_title(d.measures[0])}: {_KINDS[d.kind]}"
    if d.kind == "trust":
        return f"{case.parties[d.party].name}: trust in {case.parties[d.quantities[0].rpartition('.')[2]].name}"
    party, measures = case.parties[d.party].name, ", ".join(case.measure_title(m) for m in d.measures)
    return f"{party}: {_KINDS[d.kind]} {measures}".strip()


def _percent(share: float) -> str:
    """One decimal; a share that is not all or none is never shown as that."""
    text = f"{100 * share:.1f}".removesuffix(".0")
    if text in ("0", "100") and share not in (0.0, 1.0):
        text = "under 0.1" if share < 0.5 else "over 99.9"
    return f"{text} %"


def _interval(interval: tuple[float, float]) -> str:
    low, high = (_percent(x).removesuffix(" %") for x in interval)
    return f"{low} to {high} %"
