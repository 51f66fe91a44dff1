"""A brief in pieces: its sections by their anchors, so that each page of the workbench shows those that answer its question.

The page of the brief is the one telling of what was found. It is taken apart by its anchors (which the documentation names),
and links between its sections are turned to the pages on which they stand here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from xml.etree import ElementTree

from markupsafe import Markup, escape

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

_SVG = ' xmlns="http://www.w3.org/2000/svg"'  # which pictures in a page do without


@lru_cache(maxsize=8)
def sections_of(page: str) -> Mapping[str, Markup]:
    """The sections of a brief by their anchors, each as it stands there; an annex without the cover that folds it.

    The brief is well-formed, as its forms on paper need it, and escapes whatever it is given: what is taken from it is markup.
    """
    start, end = page.find("<main>"), page.rfind("</main>")
    if start < 0:
        return {}
    main = ElementTree.fromstring(page[start:end].replace(_SVG, "") + "</main>")
    found = {e.get("aria-labelledby", ""): e for e in main.iter("section") if e.get("aria-labelledby")}
    for e in [e for e in main.iter("details") if "annex" in e.get("class", "").split()]:
        e[:1] = e[0]  # what stands in the summary, in its place
        found[e[0].get("id", "")] = e
    told = {anchor: name for name, anchors in PAGES.items() for anchor in anchors if anchor in found}
    where = {inner.get("id", ""): told[anchor] for anchor, e in found.items() if anchor in told for inner in e.iter()}
    for e in found.values():
        for link in e.iter("a"):
            if (to := link.get("href", "")).startswith("#"):
                link.set("href", f"{where.get(to[1:], 'brief/page')}{to}")
    return {anchor: _inside(e) for anchor, e in found.items()}


def _inside(e: ElementTree.Element) -> Markup:
    return escape(e.text or "") + Markup("").join(Markup(ElementTree.tostring(x, "unicode", "html")) for x in e)


def verdict_of(page: str) -> str:
    """The sentence that a brief begins with; empty where it is not found."""
    found = re.search(r'<p class="verdict">(.*?)</p>', page, re.DOTALL)
    return Markup(found[1]).striptags() if found else ""
