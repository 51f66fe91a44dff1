"""A brief in pieces: its sections by their anchors, so that each page of the workbench shows those that answer its question.

The page of the brief is the one telling of what was found. It is taken apart by its anchors (which the documentation names),
and links between its sections are turned to the pages on which they stand here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from html.parser import HTMLParser

from markupsafe import Markup

__all__ = ["PAGES", "sections_of", "verdict_of"]

PAGES: Mapping[str, tuple[str, ...]] = {
    "happened": ("happened", "provisions", "forecast"),
    "stuck": ("stuck", "demands", "orders", "conflict", "positions"),
    "roadmap": ("do", "steps", "choice", "holding", "speed", "possible", "reach", "beyond"),
    "breaks": ("break", "sure", "draws", "ahead", "unknown"),
    "wrong": ("contingencies",),
    "values": ("values", "method"),
}
"""The anchors of the sections that each page tells, in order."""

_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
_LINK = re.compile(r'href="#([\w-]+)"')


@lru_cache(maxsize=8)
def sections_of(page: str) -> Mapping[str, Markup]:
    """The sections of a brief by their anchors, each as it stands there; an annex without the cover that folds it.

    The brief escapes whatever it is given, so that what is taken from it is markup as it stands.
    """
    reader = _Sections(page)
    reader.feed(page)
    reader.close()
    where = {anchor: name for name, anchors in PAGES.items() for anchor in anchors if anchor in reader.found}
    inside = {id_: anchor for anchor, text in reader.found.items() for id_ in re.findall(r'\bid="([\w-]+)"', text)}

    def turned(match: re.Match[str]) -> str:
        anchor = match[1]
        owner = anchor if anchor in where else inside.get(anchor, "")
        return f'href="{where[owner]}#{anchor}"' if owner in where else f'href="brief/page#{anchor}"'

    return {anchor: Markup(_LINK.sub(turned, text)) for anchor, text in reader.found.items()}


def verdict_of(page: str) -> str:
    """The sentence that a brief begins with; empty where it is not found."""
    found = re.search(r'<p class="verdict">(.*?)</p>', page, re.DOTALL)
    return Markup(found[1]).striptags() if found else ""


class _Sections(HTMLParser):
    """Finds `<section aria-labelledby=ANCHOR>` and `<details class="annex">`, whose summary or heading has the anchor."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self.found: dict[str, str] = {}
        self._text = text
        self._starts = [0]
        for line in text.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        self._depth = 0
        self._open: tuple[str, int, int] | None = None  # anchor, depth, where its inside begins

    def _here(self) -> int:
        line, column = self.getpos()
        return self._starts[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in _VOID:
            self._depth += 1
        if self._open is None:
            after = self._here() + len(self.get_starttag_text() or "")
            if tag == "section" and given.get("aria-labelledby"):
                self._open = (given["aria-labelledby"] or "", self._depth, after)
            elif tag == "details" and "annex" in (given.get("class") or "").split():
                self._open = (given.get("id") or "", self._depth, after)
        elif not self._open[0] and given.get("id"):
            self._open = (given["id"] or "", *self._open[1:])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if self._open is not None and self._depth == self._open[1]:
            anchor, _, start = self._open
            inside = self._text[start : self._here()]
            self.found[anchor] = re.sub(r"</?summary[^>]*>", "", inside)
            self._open = None
        self._depth -= 1
