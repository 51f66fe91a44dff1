"""The words of a table of contingencies, for every face that tells one: the command and the brief."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from detente.base.parts import Table
from detente.base.words import MINUS, amount, count, figure, isolated, joined, percent, quoted, sentence
from detente.case.naming import Naming

if TYPE_CHECKING:
    from detente.prepare.contingency import Contingency, Preparation

__all__ = ["ANSWER", "EVENT", "ODDS_LEFT", "cause_of", "deterred", "guessed", "means", "no_return", "odds_left", "paying"]

EVENT = {
    "late": "1 phase late",
    "part": "done in part",
    "not_done": "not done",
    "withdrawn": "taken back once seen",
    "withdrawn_late": "taken back at the end",
    "shock": "shock",
    "government": "new government",
    "fails": "fails though meant",
    "delayed": "late though meant",
}
"""What happens to a step, by kind of event."""

ANSWER = {"tolerate": "go on", "repair": "change", "suspend": "suspend", "take_back": "suspend more", "step_out": "step out"}
"""What the others do then."""

_MEANS = {
    "tolerate": "everything else goes on as scheduled",
    "repair": "going on would not hold, but a changed roadmap from that day on does",
    "suspend": "until the step has come and been seen, or for longer where that would not deter, nothing new enters, and what "
    "the others gave since it was due is suspended",
    "take_back": "the same, and what the others gave earlier is suspended, too",
    "step_out": "no other answer holds, or none is worth as much to the others",
}

ODDS_LEFT = (
    "the answer holds if at least this share of the earlier odds that the party keeps its word is left; any: however little "
    "is left"
)
"""What `odds_left` is."""


def cause_of(risk: str, naming: Naming) -> str:
    """What strikes, as the case names it: the id of a risk, whose consent to what; empty where party and date say it."""
    measure, asked, consent = risk.partition("/needs/")
    if asked:
        by = next(c.by for c in naming.case.measures[measure].needs if c.id == consent)
        return f"consent of {isolated(by)} to {quoted(naming.title(measure))}"
    return "" if "/governments/" in risk else risk


def means(given: Collection[str]) -> Iterator[tuple[str, str]]:
    """Of some answers, what each is called and means."""
    return ((sentence(ANSWER[n]), text) for n, text in _MEANS.items() if n in given)


def odds_left(answer: str, share: Fraction | None) -> str:
    """The share of the odds that has to be left for an answer to hold; "any": with however little; empty: not told."""
    return "" if share is None or answer == "step_out" else percent(share) if share else "any"


def deterred(found: Preparation, naming: Naming) -> Iterator[str]:
    """How often missing on purpose pays, how often an answer has to be bound to, and by how much, a sentence each."""
    bound = sum(bool(c.ruling.binding) for c in found.contingencies)
    if found.misses:
        yield f"Missing a step on purpose pays in {len(found.paying)} of {count(found.misses, 'event')}."
    if not bound:
        return
    yield (
        f"In {count(bound, 'event')} the answer deters only if those who give it bind themselves beforehand: on the day "
        "they would rather let the miss pass."
    )
    told = []
    for n, i in enumerate(naming.case.parties):
        deposits = [c.ruling.binding[i] for c in found.contingencies if i in c.ruling.binding]
        if deposits:
            told.append(f"{naming.names[n]} in {count(len(deposits), 'event')}, up to {amount(max(deposits))}")
    yield (
        "By an automatic snapback in the hands of a third party, or by a deposit that is lost if the miss is let pass: "
        f"{'; '.join(told)}."
    )


def paying(found: Preparation, naming: Naming) -> Iterator[Table]:
    """The events in which missing on purpose pays, and what would be enough for it not to; no table where there are none."""
    title = {s.id: s.title for s in naming.case.supports}
    out = Table(
        "Where it pays, in units of the party",
        *("A step of", "Due", "That is", "Brings it", "Deposit that is enough", "Cheapest support that is"),
    )
    for c in found.paying:
        ruling, phase = c.ruling, c.event.since
        if ruling.party is None or ruling.pays is None or ruling.enough is None:
            continue
        what = EVENT[c.event.event]
        out.add(
            naming.names[naming.place[ruling.party]],
            "today" if phase < 0 else naming.date(phase),
            what if c.event.step is None else f"{what}: {naming.title(c.event.step)}",
            figure(ruling.pays),
            figure(ruling.enough),
            "none of the case" if ruling.support is None else title[ruling.support],
        )
    if out.rows:
        yield out


def no_return(found: Preparation, naming: Naming) -> Iterator[str]:
    """From when on a party whose counterpart stops ends worse off than without any deal, a sentence a party."""
    for i, point in found.no_return.items():
        if point is None:
            continue
        by = "the others" if point.toward is None else naming.party(point.toward)
        yield (
            f"{sentence(naming.party(i))}: {naming.date(point.phase)}. If {by} stopped then, it could secure no more than "
            f"{_signed(point.secured)}; no deal is worth {_signed(point.no_deal)}."
        )
    without = [naming.party(i) for i, point in found.no_return.items() if point is None]
    if without:
        yield f"{sentence(joined(without))}: none."


def _signed(x: Fraction) -> str:
    return f"{MINUS if x < 0 else ''}{amount(x)}"


def guessed(shown: list[Contingency]) -> str:
    """For how many of some events no loss of trust is counted; empty where there is none."""
    unknown = sum(1 for c in shown if c.unknown)
    if not unknown:
        return ""
    return (
        f"For {unknown:,} of these {count(len(shown), 'event')} the case does not say how often such a step fails although "
        "meant, so no loss of trust is counted there: judge these by the share of the odds that must be left."
    )
