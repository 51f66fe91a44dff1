"""If it goes wrong: one page to use on the day on which a step is missed or a risk strikes.

A block for each kind of event; in it a line for each party, with its answer under the date of the step. What the page leaves
out (done in part, taken back at the end, risks of single steps) is in the full table of `detente prepare`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from detente.base.words import MINUS, amount, count, joined, percent, sentence
from detente.brief.context import Context
from detente.prepare.contingency import Contingency, Preparation
from detente.prepare.grouped import Entry, grouped
from detente.prepare.wording import EVENT, deterred

__all__ = ["EVENTS", "Block", "Cell", "Contingencies", "Line", "Sheet", "answer_in_words", "contingencies", "left"]

EVENTS = ("late", "not_done", "withdrawn", "shock", "government")
"""The kinds of event that the page tells."""

_ANSWER = {"tolerate": "go on", "repair": "change", "suspend": "suspend", "take_back": "take back", "step_out": "step out"}
_MEANS = {
    "tolerate": "everything else goes on as scheduled",
    "repair": "going on would not hold, but a changed roadmap from that day on does",
    "suspend": "nothing new enters until the step has come and been seen; what the others gave since it was due is paused",
    "take_back": "nothing new enters, and what the others gave since it was due and earlier is paused, until the step has come "
    "and been seen",
    "step_out": "no other answer holds, or none is worth as much to the others",
}
_COLUMNS = 11  # dates side by side: more would not fit a printed page


@dataclass(frozen=True)
class Cell:
    """What to do if the step of a date is missed. `share`: how much of the odds has to be left; empty: nothing is said of it.
    `note`: that it pays to miss the step, or that those who answer have to bind themselves.

    Without an answer nothing is due. `kind`: the answer's name for the style.
    """

    answer: str = ""
    kind: str = ""
    share: str = ""
    note: str = ""


@dataclass(frozen=True)
class Line:
    """A party, or what strikes, with a cell a date. `until`: the last date that can be mended."""

    places: tuple[int, ...]
    what: str
    cells: tuple[Cell, ...]
    until: str


@dataclass(frozen=True)
class Block:
    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Sheet:
    """So many dates as fit side by side. `last`: whether it is the last one, which tells until when each line can be mended."""

    dates: tuple[str, ...]
    blocks: tuple[Block, ...]
    last: bool


@dataclass(frozen=True)
class Paying:
    """An event in which missing on purpose pays. `pays`: by how much; `deposit`: what would be enough for it not to; `support`:
    the cheapest support of the case by which it would not, "" where none was found."""

    what: str
    party: int
    when: str
    pays: str
    deposit: str
    support: str


@dataclass(frozen=True)
class Contingencies:
    """The section. `changes`: what to do if a government changes, a sentence each. `means`: the answers that occur, with what
    they mean. `no_return`: a sentence a party. `guessed`: where no loss of trust was reckoned with. `deterred`: how often
    missing on purpose pays, and how often those who answer have to bind themselves. `paying`: where it pays. `bound`: by party
    that would rather let a miss pass, in how many events, and the largest deposit that binds it.
    """

    sheets: tuple[Sheet, ...]
    changes: tuple[str, ...]
    means: tuple[tuple[str, str], ...]
    no_return: tuple[str, ...]
    guessed: str
    deterred: tuple[str, ...]
    paying: tuple[Paying, ...]
    bound: tuple[tuple[str, str], ...]


def contingencies(context: Context) -> Contingencies | None:
    """The section; None where nothing was prepared."""
    found = context.preparation
    if not found:
        return None
    stepping = {t for t, step in enumerate(found.roadmap.steps) if step}
    told = [c for c in found.contingencies if c.event.event in EVENTS and _told(c, stepping)]
    entries = grouped(told)
    dated = [e for e in entries if e.event != "government"]
    phases = sorted({_phase(c) for e in dated for c in _all(e)})
    if not told:
        return None
    names = {c.answer for c in told}
    return Contingencies(
        sheets=tuple(_sheets(context, dated, phases)),
        changes=tuple(_changes(context, entries)),
        means=tuple((sentence(_ANSWER[n]), text) for n, text in _MEANS.items() if n in names),
        no_return=tuple(_no_return(context)),
        guessed=_guessed(told),
        deterred=tuple(deterred(found)),
        paying=tuple(_paying(context, found)),
        bound=tuple(_bound(context, found)),
    )


def answer_in_words(answer: str, *, short: bool = False) -> str:
    """An answer by its name and, unless it is to be short, what it means."""
    return _ANSWER[answer] if short else f"{_ANSWER[answer]}: {_MEANS[answer]}"


def _paying(context: Context, found: Preparation) -> Iterator[Paying]:
    title = {s.id: s.title for s in context.case.supports}
    for c in found.paying:
        event, ruling = c.event, c.ruling
        if ruling.party is None or ruling.pays is None or ruling.enough is None:
            continue
        yield Paying(
            what=EVENT[event.event],
            party=context.place[ruling.party],
            when="today" if _phase(c) < 0 else context.date(_phase(c)),
            pays=amount(ruling.pays),
            deposit=amount(ruling.enough),
            support="" if ruling.support is None else title[ruling.support],
        )


def _bound(context: Context, found: Preparation) -> Iterator[tuple[str, str]]:
    for i in context.case.parties:
        deposits = [c.ruling.binding[i] for c in found.contingencies if i in c.ruling.binding]
        if deposits:
            yield context.names[context.place[i]], f"in {count(len(deposits), 'event')}, up to {amount(max(deposits))}"


def _told(c: Contingency, stepping: Collection[int]) -> bool:
    """Whether the page has room for it: not for shocks at dates without a step."""
    return c.event.event != "shock" or c.event.phase in stepping


def _all(entry: Entry) -> Iterator[Contingency]:
    for run in entry.runs:
        yield from run.contingencies


def _phase(c: Contingency) -> int:
    return c.event.phase if c.event.entered is None else c.event.entered


def _sheets(context: Context, entries: Sequence[Entry], phases: Sequence[int]) -> Iterator[Sheet]:
    for start in range(0, len(phases), _COLUMNS):
        columns = phases[start : start + _COLUMNS]
        blocks = []
        for event in EVENTS:
            lines = tuple(_line(context, e, columns) for e in entries if e.event == event)
            if any(cell.answer for line in lines for cell in line.cells):
                blocks.append(Block(_heading(context, event), lines))
        dates = tuple("today" if t < 0 else context.ticks(t + 1)[t] for t in columns)
        yield Sheet(dates, tuple(blocks), start + _COLUMNS >= len(phases))


def _heading(context: Context, event: str) -> str:
    return {
        "late": f"A step due then comes {context.pace.span(1)} late",
        "not_done": "A step due then does not come at all",
        "withdrawn": "A step of then, or in force today, is taken back once it has been seen",
        "shock": "An act outside the roadmap costs trust then",
    }[event]


def _line(context: Context, entry: Entry, columns: Sequence[int]) -> Line:
    places = tuple(context.place[i] for i in entry.parties)
    who = joined([context.names[n] for n in places])
    by_phase = {_phase(c): c for c in _all(entry)}
    if entry.event == "shock":
        who = f"{who}, {percent(next(_all(entry)).factor)} of the odds left"
    cells = tuple(_cell(context, by_phase[t]) if t in by_phase else Cell() for t in columns)
    until = "at no date" if entry.until is None else "today" if entry.until < 0 else context.ticks(entry.until + 1)[entry.until]
    return Line(places, who, cells, until)


def left(context: Context, c: Contingency) -> str:
    """The share of the odds that has to be left for an answer to hold; empty where nothing is said of it."""
    share, found = c.break_even, context.preparation
    if share is None or found is None or c.answer == "step_out":
        return ""
    place = next(n for n, x in enumerate(found.contingencies) if x is c)
    return context.of(percent(share), "preparation.contingencies", place, "answers", c.answer, "break_even")


def _cell(context: Context, c: Contingency) -> Cell:
    said = "any" if c.break_even == 0 and c.answer != "step_out" else left(context, c)
    note = "pays to miss" if c.ruling.deters is False else "bound" if c.ruling.binding else ""
    return Cell(_ANSWER[c.answer], c.answer.replace("_", "-"), said, note)


def _changes(context: Context, entries: Sequence[Entry]) -> Iterator[str]:
    for e in entries:
        for c in _all(e) if e.event == "government" else ():
            where, when = context.parties(e.parties), context.when(c.event.phase)
            yield f"Another government in {where} {when}, as the case describes it: {_ANSWER[c.answer]}."


def _no_return(context: Context) -> Iterator[str]:
    found = context.preparation
    assert found is not None
    for i, point in found.no_return.items():
        if point is None:
            continue
        by = "the others" if point.toward is None else context.party(point.toward)
        yield (
            f"{sentence(context.party(i))}: {context.date(point.phase)}. If {by} stopped then, it could secure no more than "
            f"{_signed(point.secured)}; no deal is worth {_signed(point.no_deal)}."
        )
    without = [i for i, point in found.no_return.items() if point is None]
    if without:
        yield f"{sentence(context.parties(without))}: none."


def _signed(x: Fraction) -> str:
    return f"{MINUS if x < 0 else ''}{amount(x)}"


def _guessed(shown: list[Contingency]) -> str:
    unknown = sum(1 for c in shown if c.unknown)
    if not unknown:
        return ""
    return (
        f"For {unknown:,} of these {count(len(shown), 'event')} the case does not say how often such a step fails although "
        "meant, so no loss of trust was reckoned with: there, judge by the share of the odds that must be left."
    )
