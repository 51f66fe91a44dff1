"""If it goes wrong: one page to use on the day on which a step is missed or a risk strikes.

A block for each kind of event; in it a line for each party, with its answer under the date of the step. What the page leaves
out (done in part, taken back at the end, risks of single steps) is in the full table of `detente prepare`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from detente.base.parts import Table
from detente.base.words import joined, percent
from detente.brief.context import Context
from detente.prepare.contingency import Contingency
from detente.prepare.grouped import Entry, grouped
from detente.prepare.wording import ANSWER, ODDS_LEFT, deterred, guessed, means, no_return, odds_left, paying

__all__ = ["EVENTS", "Block", "Cell", "Contingencies", "Line", "Sheet", "contingencies"]

EVENTS = ("late", "not_done", "withdrawn", "shock", "government")
"""The kinds of event that the page tells."""

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
class Contingencies:
    """The section. `changes`: what to do if a government changes, a sentence each. `means`: the answers that occur, with what
    they mean. `no_return`: a sentence a party. `guessed`: where no loss of trust was reckoned with. `deterred`: how often
    missing on purpose pays, and how often those who answer have to bind themselves. `paying`: where it pays.
    """

    sheets: tuple[Sheet, ...]
    changes: tuple[str, ...]
    means: tuple[tuple[str, str], ...]
    no_return: tuple[str, ...]
    guessed: str
    deterred: tuple[str, ...]
    paying: tuple[Table, ...]
    bound: bool
    odds_left: str = ODDS_LEFT


def contingencies(context: Context) -> Contingencies | None:
    """The section; None where nothing was prepared."""
    found = context.preparation
    if not found:
        return None
    stepping = {t for t, step in enumerate(found.roadmap.steps) if step}
    told = [c for c in found.contingencies if c.event.event in EVENTS and _told(c, stepping)]
    entries = grouped(told)
    dated = [e for e in entries if e.event != "government"]
    phases = sorted({c.event.since for e in dated for c in _all(e)})
    if not told:
        return None
    names = {c.answer for c in told}
    return Contingencies(
        sheets=tuple(_sheets(context, dated, phases)),
        changes=tuple(_changes(context, entries)),
        means=tuple(means(names)),
        no_return=tuple(no_return(found, context)),
        guessed=guessed(told),
        deterred=tuple(deterred(found, context)),
        paying=tuple(paying(found, context)),
        bound=any(c.ruling.binding for c in found.contingencies),
    )


def _told(c: Contingency, stepping: Collection[int]) -> bool:
    """Whether the page has room for it: not for shocks at dates without a step."""
    return c.event.event != "shock" or c.event.phase in stepping


def _all(entry: Entry) -> Iterator[Contingency]:
    for run in entry.runs:
        yield from run.contingencies


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
    by_phase = {c.event.since: c for c in _all(entry)}
    if entry.event == "shock":
        who = f"{who}, {percent(next(_all(entry)).factor)} of the odds left"
    cells = tuple(_cell(context, by_phase[t]) if t in by_phase else Cell() for t in columns)
    until = "at no date" if entry.until is None else "today" if entry.until < 0 else context.ticks(entry.until + 1)[entry.until]
    return Line(places, who, cells, until)


def _left(context: Context, c: Contingency) -> str:
    """As `odds_left`, with its key."""
    said, found = odds_left(c.answer, c.break_even), context.preparation
    if said in ("", "any") or found is None:
        return said
    place = next(n for n, x in enumerate(found.contingencies) if x is c)
    return context.of(said, "preparation.contingencies", place, "answers", c.answer, "break_even")


def _cell(context: Context, c: Contingency) -> Cell:
    note = "pays to miss" if c.ruling.deters is False else "bound" if c.ruling.binding else ""
    return Cell(ANSWER[c.answer], c.answer.replace("_", "-"), _left(context, c), note)


def _changes(context: Context, entries: Sequence[Entry]) -> Iterator[str]:
    for e in entries:
        for c in _all(e) if e.event == "government" else ():
            where, when = context.parties(e.parties), context.when(c.event.phase)
            yield f"Another government in {where} {when}, as the case describes it: {ANSWER[c.answer]}."
