"""Where sentences begin and end.

A sentence ends at . ! ? (with the quotes and brackets that close after it) before a space and a capital, digit, quote or
bullet, unless the full stop belongs to an abbreviation or initial; at a blank line; and before a line that begins with a
number, letter or bullet of a list. A single line end, and a page break, is a space: texts are wrapped. What runs on for more
than `LONGEST` characters without an end (a table, a text without stops) is parted at the last ; : or , of these characters, if
one stands in their second half, else at a space.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

__all__ = ["LONGEST", "sentences", "unended"]

LONGEST = 1000
"""The most characters of a sentence."""

_BREAK = re.compile(
    r"\n[ \t]*(?:\n[ \t]*)+|\n(?=[ \t]*(?:\(?(?:\d{1,3}|[a-z]|[ivxlc]{1,6}|[IVXLC]{1,6})[.)]|[-*\u2022\u00b7\u25aa])[ \t])"
)
_END = re.compile(
    r"""(?<![.!?\u2026])[.!?\u2026]+['")\]]*(?=\s+["'(\[]*[A-Z0-9\u00c0-\u00de*\u2022\u2600-\u27bf\U0001f300-\U0001faff-]|\s*$)"""
    r"""|[.!?]["'](?=[A-Z])|(?<=[a-z][a-z])[.](?=[A-Z][a-z])"""
)
_SHORT = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Lt|Col|Sgt|Sen|Rep|Gov|St|No|Nos|Art|Arts|Sec|Secs|Para|Paras|para|paras|art|cf|vs|ca|approx|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|Inc|Ltd|Co|Corp|Jr|Sr|Amb|Capt|Maj|Adm|i\.e|e\.g|a\.m|p\.m|hrs|min|"
    r"resp|incl|ff|pp|p)|\b[A-Z](?:\.[A-Z])*)$"
)
_CLOSES = re.compile(r"\b(?:Inc|Ltd|Co|Corp|Jr|Sr|a\.m|p\.m|hrs|min|[A-Z](?:\.[A-Z])+)$")
_STARTS = re.compile(
    r"\s+(?:The|In|On|At|It|He|She|They|This|That|These|But|And|However|We|I|As|For|If|No|Its|His|Their|Both|When|After|Before)\b"
)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """The sentences of a text in even typography, as spans without the spaces around them."""
    start = 0
    for found in _BREAK.finditer(text):
        yield from _within(text, start, found.start())
        start = found.end()
    yield from _within(text, start, len(text))


def unended(text: str, spans: Sequence[tuple[int, int]]) -> int:
    """How many of a text's sentences were parted since they run on without an end."""
    return sum(
        b - a > LONGEST // 2 and "\n" not in text[b:c] and text[b - 1] not in ".!?\u2026\"')]"
        for (a, b), (c, _) in pairwise(spans)
    )


def _within(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for found in _END.finditer(text, start, end):
        before = text[max(start, found.start() - 12) : found.start()]
        after = text[found.end() : found.end() + 14]
        if found[0].startswith(".") and _SHORT.search(before) and not (_CLOSES.search(before) and _STARTS.match(after)):
            continue
        yield from _trimmed(text, start, found.end())
        start = found.end()
    yield from _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > LONGEST:
        half = start + LONGEST // 2
        marks = (text.rfind(mark, half, start + LONGEST) for mark in ("; ", ": ", ", "))
        cut = next((at + 1 for at in marks if at > 0), 0) or text.rfind(" ", start + 1, start + LONGEST)
        cut = cut if cut > 0 else start + LONGEST
        yield start, cut
        start = cut + (text[cut] == " ")
    if end > start:
        yield start, end
