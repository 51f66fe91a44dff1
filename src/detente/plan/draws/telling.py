"""How sure a roadmap is, as a paragraph and tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from detente.base.parts import Part, Table, strong
from detente.base.words import figure, from_to, percent, rounded
from detente.case.case import Case
from detente.plan.draws.result import Deciding, DrawsResult, Shares

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


def show_held(held: DrawsResult, case: Case) -> Iterator[Part]:
    """The share of draws and what was asked for, where it breaks first, which values decide it."""
    shares = held.shares
    yield strong(_verdict(held))
    yield _finding(held)
    if shares.breaks:
        out = Table("Where it breaks first", "Phase", "From", "For whom and why", "Share of draws", "95% interval")
        for b in shares.breaks[:_SHOWN]:
            why = f"{case.parties[b.party].name} {_ROWS[b.row]}" if b.party else f"the schedule itself: {b.row}"
            out.add(str(b.phase), str(case.phase_date(b.phase)), why, percent(b.share, 1), from_to(*b.interval, 1))
        yield out
    if shares.deciding:
        out = Table("Which values decide it", "Value", "Index", "95% interval", "It holds more often where this is")
        for d in shares.deciding[:_SHOWN]:
            out.add(
                f"{_named(d, case)}{' (assumed range)' if d.by_spread else ''}",
                rounded(d.index, 2),
                f"{rounded(d.interval[0], 2)} to {rounded(d.interval[1], 2)}",
                d.leans or "",
            )
        yield out


def _verdict(held: DrawsResult) -> str:
    share = percent(held.shares.share, 1)
    if held.asked is None:
        return f"Every row holds in {share} of draws of the uncertain values."
    if held.met:
        return f"Every row holds in {share} of draws of the uncertain values; {percent(held.asked, 1)} was asked for."
    return (
        f"No roadmap was found that holds in at least {percent(held.asked, 1)} of draws of the uncertain values. The largest "
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
    return f"With every range {figure(wide.by)} times as wide: {percent(wide.share, 1)} ({from_to(*wide.interval, 1)}). "


def _counted(shares: Shares) -> str:
    how = shares.distribution
    said = "as the case says" if how["said_by"] == "case" else "the case does not say how"
    meant = f", ranges of {percent(float(str(how['confidence'])), 1)}" if "confidence" in how else ""
    meant += f", each {figure(float(str(how['widen'])))} times as wide" if "widen" in how else ""
    tied = f", {how['tied']} tied by comparisons" if how["tied"] else ""
    turned = (
        f" In {percent(shares.turned, 1)} some party would do otherwise with an act of its own than at the likely values; it "
        "is taken to do the same."
        if shares.turned
        else ""
    )
    return (
        f"Counted in {shares.draws:,} draws, {shares.varied}{meant}{tied} ({how['shape']}, {said}; seed {shares.seed}); 95% "
        f"interval {from_to(*shares.interval, 1)}.{turned}"
    )


def _compared(held: DrawsResult) -> str:
    if held.likely is None or held.search is None:
        return ""
    cut = " The search on draws was cut short by its time limit." if held.search["cut_short"] else ""
    return (
        f" The search had not seen these draws. The roadmap that is best at the likely values holds in "
        f"{percent(held.likely.share, 1)}.{cut}"
    )


def _named(d: Deciding, case: Case) -> str:
    if d.party is None:
        return f"{case.measure_title(d.measures[0])}: {_KINDS[d.kind]}"
    if d.kind == "trust":
        return f"{case.parties[d.party].name}: trust in {case.parties[d.quantities[0].rpartition('.')[2]].name}"
    party, measures = case.parties[d.party].name, ", ".join(case.measure_title(m) for m in d.measures)
    return f"{party}: {_KINDS[d.kind]} {measures}".strip()
