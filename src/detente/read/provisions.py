"""The provisions of an agreement: its clauses as it numbers them, what falls due when, what each waits for.

A clause begins with a mark at the beginning of a line: 1. 1) (1) 1.2 Article 1 I. a) (iv) or a bullet; the mark may stand on a
line of its own. A mark counts if it begins a row (1, a, i) or goes on with one (n + 1; up to three may be missing, since real
texts skip and repeat), else it is part of the text, like an initial among signatures. Rows nest: what begins after a clause of
another style is below it, until that style goes on. Capitals, and a mark of the highest style without a sentence, are headings:
they give their number to what is below, and are no provision. A clause ends where a table begins; of that and of what
follows, what obliges is a provision without a number. A paragraph that goes on with a clause and obliges to something is a
provision of its own under the same number, and so is a sentence above the first mark that sets a day for them. The clauses end
where signatures begin.

A text counts as an agreement if a row of at least three clauses stands in it of which a third oblige ("shall", "undertake", an
act in the imperative or as a noun: "Release of", "Withdrawal of"), or if at least three sentences say "shall".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from detente.read.claim import Claim, quoted
from detente.read.dates import Deadline, dates, deadlines
from detente.read.sentences import sentences
from detente.read.text import Text

__all__ = ["OBLIGES", "provisions"]

_MARK = re.compile(
    r"(?m)^[ \t]*(?:(?P<word>Article|Section|Paragraph|Clause|Point|Annex|Chapter|Part|ARTICLE|SECTION|CHAPTER|ANNEX|PART|"
    r"\u00a7) ?)?"
    r"(?:\((?P<in>\d{1,3}|[a-z]{1,4}|[A-Z]|[IVX]{1,5})\)|(?P<no>\d{1,3}(?:\.\d{1,3}){0,3}|[a-z]|[ivx]{2,5}|[IVXLC]{1,6}|"
    r"[A-H])(?P<end>[.):\]]|(?=[ \t]*$)|(?= [-:] )|(?=\t))|"
    r"(?P<bullet>[-*\u2022\u00b7\u25aa\u25cf\u25cb\u25e6\u25a0\u2023\u25ba\uf0a7\uf0b7\uf02d]))(?:[ \t]+|(?=[ \t]*$)|"
    r"(?<=[.)])(?=[A-Z]))"
)
_SIGNED = re.compile(
    r"(?im)^[ \t\u2022*-]*(?:participants of the\b.*:|signed\b|done (?:at|in|and|on)\b|in witness|for the (?:government|"
    r"republic|state|kingdom)[^.;]*:?$"
    r"|signatures?\b|witness(?:ed|es)?\b(?! of)|.*\(signed\)|made in \w+|signatories).*$"
)
OBLIGES = re.compile(
    r"\b(?:shall|must|undertakes?|commits? (?:itself|themselves|to)|agrees? (?:to|that|on|upon)|pledges?|obliged|"
    r"obligation|is to be|are to be|is to|are to|will|"
    r"should|may not|ban on|re-?affirms?|re-?asserts?|underlines?|calls? (?:on|upon|for)|recogni[sz]es?|guarantees?|forbid|"
    r"forbidden|prohibited)\b",
    re.IGNORECASE,
)
_ACT = re.compile(
    r"\s*(?:(?:immediate|full|early|effective|mutual|bilateral|gradual|complete)(?:,? (?:and )?\w+)? )?(?:ensure|adopt|"
    r"enact|implement|conduct|remove|release|provide|launch|withdraw|establish|"
    r"create|define|carry|hold|refrain|cease|stop|begin|complete|resume|restore|open|close|lift|grant|submit|exchange|ban|return|allow|facilitate|appoint|take|"
    r"end|recogni[sz]e|respect|maintain|notify|publish|dismantle|disarm|demobili[sz]e|re-?\w+ate|\w+tion|\w+ment|\w+al|\w+ance|\w+sion|\w+ing|use|"
    r"ceasefire|amnesty|disarmament|exchange|security|programme|program)\b",
    re.IGNORECASE,
)
_WAITS = re.compile(
    r"\b(?:provided that|on condition that|subject to|conditional (?:on|upon)|contingent (?:on|upon)|only after|after|"
    r"(?<!agreed )(?<!based )(?<!call )(?<!calls )upon|"
    r"following|once|pending|as soon as|"
    r"in return for|in exchange for|if and only (?:if|when)|if|when|until|unless|before)\b\s+(?P<what>[^.;:]{3,160})",
    re.IGNORECASE,
)
_STRONG = re.compile(
    r"provided that|on condition|subject to|condition|contingent|only|pending|until|unless|in return|in exchange|once|as soon",
    re.IGNORECASE,
)
_FORBIDS = re.compile(
    r"\A\W*(?:(?!by\b|for\b)\w+ ){0,2}(?:ban on|prohibit\w*|refrain\w*|forbid\w*|"
    r"refusal of|cessation of|no(?! later\b| more\b| less\b))\b|"
    r"\b(?:shall|must|may|will) not\b|\bshall be no\b|\bno\b.{0,20}\bshall\b|\b(?:is|are|be) (?:prohibited|forbidden)\b|"
    r"\bshall (?:\w+ )?(?:refrain|cease)\b",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"\b(?:parliament\w*|referend\w+|plebiscite|ratifi\w+|Congress\w*|Senate|Supreme Court|constitutional court|court|"
    r"Knesset|Majlis|Verkhovna Rada|Rada|"
    r"legislat(?:ure|ive)|national assembly|cabinet|security council|approv(?:al|ed) by|consent of|upon agreement by)\b",
    re.IGNORECASE,
)
_SETS = re.compile(r"\b(?:by|from|until|starting|effective|later than|within|enactment)\b[^.;]{0,40}$")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


@dataclass(frozen=True)
class _Mark:
    start: int
    content: int
    label: str
    style: str


def provisions(text: Text, number: int) -> Iterator[Claim]:
    """The provisions of a text, in their order; none of a text that is no agreement."""
    view = text.view.text
    signed = _signature(view)
    marks = list(_rows(view, signed))
    spans = list(_clauses(text, marks, signed))
    obliging = sum(bool(OBLIGES.search(view, a, b) or _ACT.match(view, a, b)) for _, a, b in spans)
    listed = [m for m in marks if m.style != "bullet"]
    if not (len(spans) >= 3 and obliging >= len(spans) / 3 and (len(listed) >= 3 or _titled(view))):
        if len(re.findall(r"\bshall\b", view)) < 3:
            return
        spans = [("", a, b) for a, b in sentences(view) if re.search(r"\bshall\b", view[a:b])]
    elif listed:
        opening = sentences(view[: listed[0].start])
        spans = [("", a, b) for a, b in opening if any(_SETS.search(view[a : d.start]) for d in deadlines(view, a, b))] + spans
    near = next((day for _, _, day in dates(view)), None)
    for clause, start, end in spans:
        yield from _told(text, number, clause, start, end, near)


def _titled(view: str) -> bool:
    return (
        re.search(
            r"(?i)\b(?:agreement|protocol|memorandum|statement|declaration|accord|treaty|measures|communique|decision|plan)\b",
            view[:300],
        )
        is not None
    )


def _signature(view: str) -> int:
    """Where the signatures begin; the end of the text if there are none."""
    found = [m.start() for m in _SIGNED.finditer(view, len(view) // 3)]
    return found[0] if found else len(view)


def _rows(view: str, stop: int) -> Iterator[_Mark]:
    """The marks that begin a row or go on with one."""
    last: dict[str, int] = {}
    above: list[str] = []
    for found in _MARK.finditer(view, 0, stop):
        if found["bullet"]:
            if found.end() < stop and view[found.end() : found.end() + 2].strip():
                yield _Mark(found.start(), found.end(), "", "bullet")
            continue
        label = found["in"] or found["no"]
        if found["in"] is None and not found["end"] and not found["word"] and not label[0].isdigit():
            continue
        if (
            found["no"]
            and not found["end"]
            and not found["word"]
            and view[found.end() : found.end() + 1] not in ("\n", "", "\t", "-")
        ):
            continue
        mark = _continued(found, label, last, above)
        if mark is not None:
            yield mark


def _continued(found: re.Match[str], label: str, last: dict[str, int], above: list[str]) -> _Mark | None:
    """A mark as what it can be: of the row that it goes on with, else of one that it begins."""
    form = (found["word"] or "").lower() or ("in" if found["in"] else "")
    options = [(f"{form}{style}", value) for style, value in _readings(label)]
    going_on = [(s, v) for s, v in options if s in last and 0 < v - last[s] <= 3]
    beginning = [(s, v) for s, v in options if v == 1 or ("." in label and s.startswith(f"{form}d"))]
    again = [(s, v) for s, v in options if s in last and v == last[s] and s.endswith("dec")]
    for style, value in (*going_on, *beginning, *again):
        if style in above:
            del above[above.index(style) + 1 :]
        else:
            above.append(style)
        for other in list(last):
            if other not in above:
                del last[other]
        last[style] = value
        return _Mark(found.start(), found.end(), label, style)
    return None


def _readings(label: str) -> Iterator[tuple[str, int]]:
    if label[0].isdigit():
        parts = label.split(".")
        yield f"dec{len(parts)}" if len(parts) > 1 else "dec", int(parts[-1])
        return
    case = "up" if label.isupper() else "low"
    roman = _roman(label.lower())
    if roman:
        yield f"{case}rom", roman
    if len(label) == 1:
        yield f"{case}let", ord(label.lower()) - 96
        if label == "I":  # a small L, as scanners read it
            yield "lowlet", 12


def _roman(label: str) -> int:
    if set(label) - set(_ROMAN):
        return 0
    values = [_ROMAN[c] for c in label]
    return sum(-v if any(v < w for w in values[n + 1 : n + 2]) else v for n, v in enumerate(values))


def _clauses(text: Text, marks: Sequence[_Mark], stop: int) -> Iterator[tuple[str, int, int]]:
    """Each provision with its number: clauses without headings, and the paragraphs of a clause that oblige by themselves."""
    view = text.view.text
    path: list[tuple[str, str]] = []
    for n, mark in enumerate(marks):
        end = marks[n + 1].start if n + 1 < len(marks) else stop
        styles = [style for style, _ in path]
        if mark.style in styles:
            del path[styles.index(mark.style) :]
        if mark.style != "bullet":
            path.append((mark.style, mark.label))
        content = view[mark.content : end]
        below = n + 1 < len(marks) and marks[n + 1].style not in {s for s, _ in path} and marks[n + 1].style != "bullet"
        if not content.strip() or _heading(content, below):
            continue
        label = ".".join(label for _, label in path)
        first, *more = list(_paragraphs(view, mark.content, end)) or [(mark.content, end)]
        a, b = first
        place = text.view.place  # a tab is a space in the view
        rows = (k for k, (start, stop_) in enumerate(more) if "\t" in text.text[place[start] : place[stop_] + 1])
        table = next(rows, len(more))
        for start, stop_ in more[:table]:
            if OBLIGES.search(view, start, stop_) and view[start].isupper():
                yield label, a, b
                a, b = start, stop_
            else:
                b = stop_
        yield label, a, b
        yield from (("", a, b) for a, b in more[table:] if OBLIGES.search(view, a, b))  # rows of a table, what follows it
    if not marks or all(m.style == "bullet" for m in marks):
        yield from _unmarked(view, stop)


def _heading(content: str, below: bool) -> bool:
    lines = [line for line in content.strip().splitlines() if line.strip()]
    letters = [c for c in content if c.isalpha()]
    capitals = sum(c.isupper() for c in letters) > 0.8 * len(letters) if letters else True
    short = len(content.split()) <= 12 and content.strip()[-1] not in ".;:,"
    return len(lines) <= 2 and ((capitals and len(content.split()) <= 20) or (short and below))


def _unmarked(view: str, stop: int) -> Iterator[tuple[str, int, int]]:
    """Clauses that only layout sets apart: paragraphs in small letters after one that ends in a colon."""
    listing = False
    for a, b in _paragraphs(view, 0, stop):
        if listing and view[a].islower() and (view[b - 1] in ";.," or len(view[a:b].split()) > 4):
            yield "", a, b
        elif view[b - 1] == ":":
            listing = True


def _paragraphs(view: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for found in re.finditer(r"\S(?:[^\n]|\n(?![ \t]*\n))*", view[start:end]):
        piece = found[0].rstrip()
        yield start + found.start(), start + found.start() + len(piece)


def _told(text: Text, number: int, clause: str, start: int, end: int, near: str | None) -> Iterator[Claim]:
    """A provision, and each later sentence of it that has a deadline of its own."""
    view = text.view.text
    parts = list(sentences(view[start:end])) or [(0, end - start)]
    dues = [deadlines(view, start + a, start + b, near=near) for a, b in parts]
    yield _one(text, number, clause, start, end, dues[0], near)
    for (a, b), found in list(zip(parts, dues, strict=True))[1:]:
        if found:
            yield _one(text, number, clause, start + a, start + b, found, near)
    for later in dues[0][1:]:
        if later.exact or re.match(r"(?i)within|no|not|by", later.when):
            yield _one(text, number, clause, start + parts[0][0], start + parts[0][1], [later], near)


def _one(text: Text, number: int, clause: str, start: int, end: int, found: Sequence[Deadline], near: str | None) -> Claim:
    view = text.view.text
    due = found[0].when if found else None
    day = next((d for _, _, d in dates(view, start, end, near=near)), None)
    waits = list(_WAITS.finditer(view, start, end))
    waits.sort(key=lambda w: _STRONG.match(w[0]) is None)
    first = next(
        (
            " ".join(w["what"].split())
            for w in waits
            if not re.match(
                r"(?:the )?(?:date|moment|end|beginning|close|day|\d|January|February|March|April|May|June|July)", w["what"]
            )
        ),
        None,
    )
    consent = _CONSENT.search(view, start, end)
    piece = view[start:end]
    obliged = "possible" if re.search(r"\bmay\b(?! not)", piece) and not re.search(r"\bshall\b", piece) else "obliged"
    negated = _FORBIDS.search(piece) is not None
    return quoted(
        text, number, start, end, "provision", modality=obliged, negated=negated, confidence=0.9 if clause else 0.7, due=due,
        date=day, first=first, clause=clause or None, consent=consent[0].lower() if consent else None,
    )  # fmt: skip
