"""The measures of a relation, for the terminal. Whatever was asked for is printed with the answer."""

from __future__ import annotations

from collections.abc import Iterator

from detente.base.parts import Part, Table, quiet, strong
from detente.base.words import as_written, count, level_percent, percent, rounded
from detente.record.relation.changes import Changes
from detente.record.relation.contacts import LEVELS, Contacts
from detente.record.relation.ledger import Ledger, Move
from detente.record.relation.reciprocity import Reciprocity, Response

__all__ = ["show_changes", "show_contacts", "show_ledger", "show_reciprocity"]

_MOST = 40


def show_reciprocity(found: Reciprocity) -> Iterator[Part]:
    """A table of ratios, and a sentence on each direction."""
    yield (
        f"{found.a} and {found.b} by {found.by}, {found.first} to {found.last}: {found.periods} {found.by}s after "
        f"{found.lags} {'lag' if found.lags == 1 else 'lags'}."
    )
    out = Table("Does each side answer the other in kind?", "Who", "To", "Kind", "Lag", "Ratio", "95%", "p")
    for x in found.answers:
        for lag in x.lags:
            first = lag.lag == 1
            out.add(
                x.side if first else "", x.to if first else "", x.kind if first else "", str(lag.lag),
                rounded(lag.ratio, 2), f"{_size(lag.low)} to {_size(lag.high)}", rounded(lag.p, 3),
            )  # fmt: skip
    yield out
    yield "\n".join(_answer(x) for x in found.answers)
    yield quiet(
        "Ratio: by how much the expected number of events is multiplied when one plus the other side's number, so many "
        f"{found.by}s before, is doubled; 1 is no answer. What drives both sides looks like an answer too."
    )


def _size(x: float) -> str:
    return rounded(x, 2) if x < 1000 else "over 1000"


def _answer(x: Response) -> str:
    who = f"{x.side} to {x.to}, {x.kind} ({x.events[0]} and {x.events[1]} events)"
    if x.p is None:
        return f"{who}: not estimated: {x.why}."
    total = sum(lag.coefficient for lag in x.lags)
    said = "no answer can be told from chance" if not x else "answers in kind" if total > 0 else "answers with the opposite"
    return f"{who}: {said} (joint test p = {rounded(x.p, 3)}; dispersion {rounded(x.dispersion or 0.0, 2)})."


def show_changes(found: Changes) -> Iterator[Part]:
    """A table of shifts."""
    yield (
        f"{found.a} and {found.b}, both directions, by {found.by} from {found.periods[0]} to {found.periods[-1]}"
        f"{f', by weight on the scale {found.scale}' if found.scale else ', by the number of events'}."
    )
    out = Table("When the relation shifted", "Series", "From", "Before", "After", "Higher after", "p")
    for series in found.series:
        for c in series.changes:
            out.add(
                series.series, c.date.isoformat(), rounded(c.before, 2), rounded(c.after, 2), percent(c.higher), rounded(c.p, 3)
            )
    if found:
        yield out
    without = [s.series for s in found.series if not s.changes]
    if without:
        yield f"No shift in {', '.join(without)}."
    yield quiet(
        f"Before, after: mean per {found.by}. Higher after: the chance that a {found.by} after it lies above one before it. "
        f"A series without any shift is given one in {level_percent(found.alpha)} of cases; in series that drift, more often."
    )


def show_ledger(found: Ledger) -> Iterator[Part]:
    """Sums by side, who moved last, and the steps: the latest, and every one without an answer."""
    within = "however late" if found.within is None else f"within {found.within} days"
    yield (
        f"{found.a} and {found.b} up to {found.as_of}. A step: a day with material cooperation of an intensity of "
        f"{as_written(found.at_least)} or more. An answer: a step of the other side on a later day, {within}."
    )
    if not found.moves:
        yield "Neither side took a step."
        return
    sums = Table("", "Side", "Steps", "Together", "Answered", "Unanswered", "Open")
    for side in (found.a, found.b):
        states = [m.state for m in found.of(side)]
        sums.add(side, str(len(states)), *(str(states.count(s)) for s in ("together", "answered", "unanswered", "open")))
    yield sums
    last = found.last_mover
    yield strong(f"Moved last: {' and '.join(last)}, on {found.moves[-1].date}.")
    shown = sorted({*found.without_answer[-_MOST:], *found.moves[-_MOST:]}, key=found.moves.index)
    out = Table("Steps", "Date", "Side", "Step", "What followed", "Meanwhile")
    for m in shown:
        hostile = f"{m.meanwhile} hostile" if m.meanwhile else ""
        out.add(m.date.isoformat(), m.side, _what(m), _followed(m), hostile)
    yield out
    if len(shown) < len(found.moves):
        yield quiet(f"{len(found.moves) - len(shown)} earlier steps are not shown; --json has them all.")


def _what(m: Move) -> str:
    return m.title or f"{count(m.events, 'event')}, intensity {as_written(m.intensity)}"


def _followed(m: Move) -> str:
    if m.state == "together":
        return "taken together"
    if m.answer is not None:
        return f"a step after {count(m.days or 0, 'day')}"
    return f"{'none yet' if m.state == 'open' else 'none'}, {count(m.waiting or 0, 'day')}"


def show_contacts(found: Contacts) -> Iterator[Part]:
    """A table of months."""
    if not found.months:
        yield f"No contact between {found.a} and {found.b} is on record."
        return
    used = [name for name in LEVELS if found.total(name)]
    out = Table(f"Days with contact between {found.a} and {found.b}", "Month", *used)
    for month in found.months:
        days = dict(zip(LEVELS, month.days, strict=True))
        out.add(f"{month.month:%Y-%m}", *(str(days[name] or "") for name in used))
    out.add("all", *(str(found.total(name)) for name in used))
    yield out
    if "not recorded" in used:
        yield quiet("Not recorded: the record names no rank for one of the two sides.")
