"""The view of a text: a second string in even typography, with the place in the text of each of its characters.

soft hyphen, zero-width, marks of direction left out
every kind of space, the form feed          one space each; a line end stays one
curly quotes, dashes, ligatures             ' " - and the letters
a letter and the marks that follow it       the one letter of Unicode's composed form (NFC)
a hyphen between small letters, line end    left out, both, and a space between them: a word that was parted
heads and feet of pages                     left out: a line at the top or bottom of a page that stands, digits apart,
                                            on at least half of three pages or more, and a page's number

text[place[i] : place[j]]  is what  view[i:j]  stands for,  0 <= i <= j <= n, place[n] = characters of the text.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Iterator, MutableSequence, Sequence
from dataclasses import dataclass

__all__ = ["View", "viewed"]

_ODD = re.compile("[^\n\x20-\x7e]")
_DROPPED = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_AS = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u00b4`", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb\u2033", '"'),
}
_AS |= {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"),
    "\u2014": " - ",
    "\r": " ",
    "\f": " ",
    "\v": " ",
    "\u2028": "\n",
    "\u2029": "\n",
}
_PARTED = re.compile("(?<=[a-z])[-\u00ad\u2010] ?\r?\n(?=[a-z])")
_NUMBER = re.compile(r"(?:page )?[-\u2013 ]*(?:\d{1,4}|[ivxlc]{1,6})(?: (?:of|/) \d{1,4})?[-\u2013. ]*", re.IGNORECASE)
_EDGE = 2  # lines at the top and bottom of a page that may be its head and foot


@dataclass(frozen=True)
class View:
    """A text in even typography. place : for each character, and for the end, its place in the text."""

    text: str
    place: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the text for one of the view."""
        return self.place[start], self.place[end] if end > start else self.place[start]


def viewed(text: str) -> View:
    """The view of a text."""
    left_out = sorted([*_running(text), *((m.start(), m.end()) for m in _PARTED.finditer(text))])
    if not left_out and not _ODD.search(text):
        return View(text, range(len(text) + 1))
    out, place, at = list[str](), array("l"), 0
    for start, end in [*left_out, (len(text), len(text))]:
        _even(text, at, start, out, place)
        at = max(at, end)
    place.append(len(text))
    return View("".join(out), place)


def _running(text: str) -> Iterator[tuple[int, int]]:
    """The heads and feet of pages, with the blank lines between them and the rest of the page."""
    pages, start = list[list[tuple[int, int, str]]](), 0
    for page in text.split("\f"):
        lines, at = list[tuple[int, int, str]](), start
        for line in page.splitlines(keepends=True):
            if bare := " ".join(line.split()):
                lines.append((at, at + len(line.rstrip()), bare))
            at += len(line)
        pages.append(lines)
        start += len(page) + 1
    if len(pages) < 3:
        return
    edges = [lines if len(lines) <= 2 * _EDGE else lines[:_EDGE] + lines[-_EDGE:] for lines in pages]
    often = Counter(form for lines in edges for form in {_form(bare) for *_, bare in lines})
    start = 0
    for page, lines, outer in zip(text.split("\f"), pages, edges, strict=True):
        end = start + len(page)
        gone = [x for x in outer if often[_form(x[2])] >= max(3, len(pages) / 2) or _NUMBER.fullmatch(x[2])]
        kept = [x for x in lines if x not in gone]
        if gone and kept:
            yield start, kept[0][0]
            yield from ((a, b) for a, b, _ in gone if kept[0][0] < a < kept[-1][1])
            yield kept[-1][1], end
        elif gone:
            yield start, end
        start = end + 1


def _form(line: str) -> str:
    return re.sub(r"\d+", "#", line)


def _even(text: str, at: int, stop: int, out: list[str], place: MutableSequence[int]) -> None:
    """Add what a span of a text stands for, and the place of each of its characters."""
    while at < stop:
        found = _ODD.search(text, at, stop)
        end = found.start() if found else stop
        if found and end > at and unicodedata.combining(found[0]):
            end -= 1  # the letter that the mark belongs to
        if end > at:
            out.append(text[at:end])
            place.extend(range(at, end))
            at = end
        if at < stop and found:
            last = at + 1
            while last < stop and unicodedata.combining(text[last]):
                last += 1
            whole = unicodedata.normalize("NFC", text[at:last])
            if _DROPPED.match(whole) is None:
                evened = _AS.get(whole, " " if whole.isspace() and whole != "\n" else whole)
                if evened == " " and text[at : at + 2] == "\r\n":
                    evened = ""
                out.append(evened)
                place.extend([at] * len(evened))
            at = last
