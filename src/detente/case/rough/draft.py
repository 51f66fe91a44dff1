"""A case in words before it is a file: who is there, what they could do, what it is worth to whom; and the file that it makes.

A draft says everything by name and in words. `written` turns names into ids (small letters, digits and hyphens; one that is
taken gets a number) and writes the file with comments, in an order in which it can be read aloud.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from detente.base.frozen import Frozen
from detente.base.legible import is_blank, steering

__all__ = [
    "FIRMNESS",
    "GRADES",
    "LENGTHS",
    "WORTHS",
    "Draft",
    "DraftDemand",
    "DraftMeasure",
    "DraftParty",
    "ids_of",
    "in_yaml",
    "slug_of",
    "unfit",
    "written",
]

GRADES = ("vital", "large", "medium", "small", "slight")
"""Words for how much a measure is worth, the largest first."""

WORTHS: Mapping[str, str] = {
    **{f"{grade} cost": f"-{grade}" for grade in GRADES},
    "nothing": "",
    **{f"{grade} gain": grade for grade in reversed(GRADES)},
    "unclear": "unclear",
}
"""What a measure may be worth, as it is asked, and the word for it in a case file; "": the party is not named."""

FIRMNESS = ("low", "medium", "high")
LENGTHS = ("1 week", "2 weeks", "1 month", "1 quarter", "1 year")
"""Lengths of a phase that are offered."""

_LONGEST = 40  # characters of an id
_PLAIN = re.compile(r"[a-z][a-z0-9-]*")
_NOT_PLAIN = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}  # what some reader of YAML takes for something else


@dataclass(frozen=True)
class DraftParty(Frozen):
    """A party. foresight, breakdown : words. stalemate : a word of `WORTHS`. trust : by the name of the other, a word."""

    name: str
    foresight: str
    stalemate: str
    breakdown: str
    trust: Mapping[str, str]


@dataclass(frozen=True)
class DraftMeasure(Frozen):
    """A measure. by : names of parties. worth : by the name of a party, a word of `WORTHS`. after : titles of what must come
    before it."""

    title: str
    by: tuple[str, ...]
    sort: str
    worth: Mapping[str, str]
    in_force: bool = False
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class DraftDemand:
    """What a party insists on: that the one comes before the other, both by their titles. firm : low, medium or high; "": not
    known."""

    by: str
    first: str
    before: str
    firm: str


@dataclass(frozen=True)
class Draft:
    """A case in words. as_of : a date, 2024-03-01. length : of a phase. count : how many phases."""

    slug: str
    title: str
    as_of: str
    length: str
    count: int
    parties: tuple[DraftParty, ...]
    measures: tuple[DraftMeasure, ...]
    demands: tuple[DraftDemand, ...] = ()


def unfit(text: str) -> str:
    """Why a text can be no name or title; empty if it can."""
    if is_blank(text):
        return "wanted text that can be seen"
    if found := steering(text):
        return f"got {found}, wanted text without control characters"
    return "wanted one line" if "\n" in text or "\t" in text else ""


def slug_of(name: str, otherwise: str = "case") -> str:
    """The id that a name makes. otherwise : for one of which no letter can be kept."""
    kept = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = "-".join(re.findall(r"[a-z0-9]+", kept))
    short = slug if len(slug) <= _LONGEST else slug[:_LONGEST].rpartition("-")[0] or slug[:_LONGEST]
    return short or otherwise


def ids_of(names: Iterable[str], otherwise: str) -> dict[str, str]:
    """An id for each name, none given twice."""
    out = dict[str, str]()
    taken = set[str]()
    for n, name in enumerate(names, 1):
        slug = slug_of(name, f"{otherwise}-{n}")
        chosen = slug if slug not in taken else next(s for k in range(2, n + 2) if (s := f"{slug}-{k}") not in taken)
        taken.add(chosen)
        out[name] = chosen
    return out


def written(draft: Draft) -> str:
    """The case file that a draft makes."""
    return "\n".join(_lines(draft)) + "\n"


def _lines(draft: Draft) -> Iterator[str]:
    party = ids_of((p.name for p in draft.parties), "party")
    measure = ids_of((m.title for m in draft.measures), "measure")
    slug = in_yaml(draft.slug)
    yield from (
        "# A case in words. What each word stands for, and why: `detente case` with the name of this file. Every such number",
        "# is assumed. Where you know better, put a number or a range [low, likely, high] in place of the word.",
        "",
        f"case: {slug}",
        f"title: {_text(draft.title)}",
        f"as_of: {draft.as_of}  # phase 0 begins on this day",
        f"phases: {{length: {draft.length}, count: {draft.count}}}",
        "rough: plain  # the table that says what the words stand for; one entry otherwise:",
        "# rough: {table: plain, changes: {lag_works: [1, 2, 4]}}",
        "",
        "# Where its name takes an article or is a plural inside a sentence (the Rebels insist): article: the, number: plural",
        "parties:",
    )
    for n, p in enumerate(draft.parties):
        trust = ", ".join(f"{in_yaml(party[j])}: {word}" for j, word in p.trust.items())
        yield f"  {in_yaml(party[p.name])}:"
        bare = p.name.removeprefix("the ")
        yield f"    name: {_text(bare)}"
        if bare != p.name:
            yield "    article: the"
        yield _said(f"    discount: {p.foresight}", "how far it looks ahead: short, fair, long", n)
        yield _said(f"    stalemate: {WORTHS[p.stalemate] or 0}", "what each phase of the stand-off as it is is worth to it", n)
        yield _said(f"    breakdown: {p.breakdown}", "what a collapse would cost it: light, heavy, ruinous", n)
        yield _said(f"    trust: {{{trust}}}", "that the other keeps its word: none, little, some, good, full", n)
    yield from (
        "",
        "# value: per phase while in force, to each party; slight, small, medium, large, vital, or unclear; -: a cost",
    )
    yield "# irreversible, lag, signal and takes follow from the class; any of them can be stated here instead."
    yield "measures:"
    for m in draft.measures:
        yield from _measure(m, party, measure)
    if draft.demands:
        yield from ("", "demands:")
        ids = ids_of((f"{d.by} {n}" for n, d in enumerate(draft.demands, 1)), "demand")
        for d, name in zip(draft.demands, ids.values(), strict=True):
            pair = f"first: [{in_yaml(measure[d.first])}], before: [{in_yaml(measure[d.before])}]"
            firm = f", firm: {d.firm}" if d.firm else ""
            yield f"  - {{id: {in_yaml(name)}, by: {in_yaml(party[d.by])}, {pair}{firm}}}"


def _measure(m: DraftMeasure, party: Mapping[str, str], measure: Mapping[str, str]) -> Iterator[str]:
    by = [in_yaml(party[i]) for i in m.by]
    worth = ", ".join(f"{in_yaml(party[i])}: {word}" for i, phrase in m.worth.items() if (word := WORTHS[phrase]))
    yield f"  {in_yaml(measure[m.title])}:"
    yield f"    title: {_text(m.title)}"
    yield f"    by: {by[0] if len(by) == 1 else '[' + ', '.join(by) + ']'}"
    yield "    kind: other"
    yield f"    class: {m.sort}"
    yield f"    value: {{{worth}}}"
    if m.in_force:
        yield "    in_force: true"
    if m.after:
        yield f"    requires: [{', '.join(in_yaml(measure[other]) for other in m.after)}]"


def _said(line: str, comment: str, n: int) -> str:
    """A line, for the first party with what it means."""
    return f"{line}  # {comment}" if n == 0 else line


def in_yaml(text: str) -> str:
    """An id or text as YAML has it: in quotes where some reader would take it for a number or a truth value."""
    return text if _PLAIN.fullmatch(text) and text not in _NOT_PLAIN else _text(text)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
