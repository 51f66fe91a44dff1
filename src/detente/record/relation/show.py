"""The measures of a relation, for the terminal. Whatever was asked for is printed with the answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from detente.case.show import ruled
from detente.record.relation.changes import Changes
from detente.record.relation.contacts import LEVELS, Contacts
from detente.record.relation.ledger import Ledger, Move
from detente.record.relation.reciprocity import Reciprocity, Response

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["show_changes", "show_contacts", "show_ledger", "show_reciprocity"]

_MOST = 40


def show_reciprocity(found: Reciprocity) -> Iterator[RenderableType]:
    """A table of ratios, and a sentence on each direction."""
    from rich.text import Text

    yield Text(
        f"{found.a} and {found.b} by {found.by}, {found.first} to {found.last}: {found.periods} {found.by}s after "
        f"{found.lags} {'lag' if found.lags == 1 else 'lags'}."
    )
    out = ruled("Does each side answer the other in kind?", "Who", "To", "Kind", "Lag", "Ratio", "95 %", "p")
    for x in found.answers:
        for lag in x.lags:
            first = lag.lag == 1
            out.add_row(
                x.side if first else "", x.to if first else "", x.kind if first else "", str(lag.lag),
                f"{lag.ratio:.2f}", f"{_size(lag.low)} to {_size(lag.high)}", f"{lag.p:.3f}",
            )  # fmt: skip
    yield out
    yield Text("\n".join(_answer(x) for x in found.answers))
    yield Text(
        "Ratio: by how much the expected number of events is multiplied when one plus the other side's number, so many "
        f"{found.by}s before, is doubled; 1 is no answer. What drives both sides looks like an answer too.",
        style="dim",
    )


def _size(x: float) -> str:
    return f"{x:.2f}" if x < 1000 else "over 1000"


def _answer(x: Response) -> str:
    who = f"{x.side} to {x.to}, {x.kind} ({x.events[0]} and {x.events[1]} events)"
    if x.p is None:
        return f"{who}: not estimated: {x.why}."
    total = sum(lag.coefficient for lag in x.lags)
    said = "no answer can be told from chance" if not x else "answers in kind" if total > 0 else "answers with the opposite"
    return f"{who}: {said} (joint test p = {x.p:.3f}; dispersion {x.dispersion:.2f})."


def show_changes(found: Changes) -> Iterator[RenderableType]:
    """A table of shifts."""
    from rich.text import Text

    yield Text(
        f"{found.a} and {found.b}, both directions, by {found.by} from {found.periods[0]} to {found.periods[-1]}"
        f"{f', by weight on the scale {found.scale}' if found.scale else ', by the number of events'}."
    )
    out = ruled("From when on the relation was different", "Series", "From", "Before", "After", "Higher after", "p")
    for series in found.series:
        for c in series.changes:
            out.add_row(
                series.series, c.date.isoformat(), f"{c.before:.2f}", f"{c.after:.2f}", f"{100 * c.higher:.0f} %", f"{c.p:.3f}"
            )
    if found:
        yield out
    without = [s.series for s in found.series if not s.changes]
    if without:
        yield Text(f"No shift in {', '.join(without)}.")
    yield Text(
        f"Before, after: mean per {found.by}. Higher after: the chance that a {found.by} after it lies above one before it. "
        f"A series without any shift is given one in {100 * found.alpha:g} % of cases; in series that drift, more often.",
        style="dim",
    )


def show_ledger(found: Ledger) -> Iterator[RenderableType]:
    """Sums by side, who moved last, and the steps: the latest, and every one without an answer."""
    from rich.text import Text

    within = "however late" if found.within is None else f"within {found.within} days"
    yield Text(
        f"{found.a} and {found.b} up to {found.as_of}. A step: a day with material cooperation of an intensity of "
        f"{found.at_least:g} or more. An answer: a step of the other side on a later day, {within}."
    )
    if not found.moves:
        yield Text("Neither side took a step.")
        return
    sums = ruled("", "Side", "Steps", "Together", "Answered", "Unanswered", "Open")
    for side in (found.a, found.b):
        states = [m.state for m in found.of(side)]
        sums.add_row(side, str(len(states)), *(str(states.count(s)) for s in ("together", "answered", "unanswered", "open")))
    yield sums
    last = found.last_mover
    yield Text(f"Moved last: {' and '.join(last)}, on {found.moves[-1].date}.", style="bold")
    shown = sorted({*found.without_answer[-_MOST:], *found.moves[-_MOST:]}, key=found.moves.index)
    out = ruled("Steps", "Date", "Side", "Step", "What followed", "Meanwhile")
    for m in shown:
        hostile = f"{m.meanwhile} hostile" if m.meanwhile else ""
        out.add_row(m.date.isoformat(), m.side, Text(_what(m)), _followed(m), hostile)
    yield out
    if len(shown) < len(found.moves):
        yield Text(f"{len(found.moves) - len(shown)} earlier steps are not shown; --json has them all.", style="dim")


def _what(m: Move) -> str:
    return m.title or f"{m.events} {'event' if m.events == 1 else 'events'}, intensity {m.intensity:g}"


def _followed(m: Move) -> str:
    if m.state == "together":
        return "taken together"
    if m.answer is not None:
        return f"a step after {_days(m.days)}"
    return f"{'none yet' if m.state == 'open' else 'none'}, {_days(m.waiting)}"


def _days(n: int | None) -> str:
    return "1 day" if n == 1 else f"{n} days"


def show_contacts(found: Contacts) -> Iterator[RenderableType]:
    """A table of months."""
    from rich.text import Text

    if not found.months:
        yield Text(f"No contact between {found.a} and {found.b} is on record.")
        return
    used = [name for name in LEVELS if found.total(name)]
    out = ruled(f"Days with contact between {found.a} and {found.b}", "Month", *used)
    for month in found.months:
        days = dict(zip(LEVELS, month.days, strict=True))
        out.add_row(f"{month.month:%Y-%m}", *(str(days[name] or "") for name in used))
    out.add_row("all", *(str(found.total(name)) for name in used))
    yield out
    if "not recorded" in used:
        yield Text("Not recorded: the record names no rank for one of the two sides.", style="dim")
