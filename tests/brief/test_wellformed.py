"""Every page and picture is well-formed whatever the names in it are, and allows its own style and script only."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from itertools import cycle
from typing import Any
from xml.etree import ElementTree

import pytest

from bargains import issue, table
from briefcases import ARABIC, crowded, harbour, nothing, recorded, unsure
from conflictcases import conflict_of, draw
from detente.brief.brief import Brief
from detente.brief.charts.svg import lines, tag, wrapped
from detente.brief.compared import compared_page
from detente.brief.conflictpage import conflict_page
from detente.brief.positionspage import positions_page, positions_picture
from detente.case.case import Case
from detente.graph.solve import graph
from detente.positions.forecast import positions

AWKWARD = (
    "\x1b]0;title\x07 \x1b[2J", "\x9b31m\x85", "nul\0l\x08\x0b", "]]> and <![CDATA[", "--> <!-- --", "\"quotes\" 'and' `ticks`",
    "</svg></title></style></script><script>alert(1)</script>", "\u202eturned\u2069\u2066 round\u2068", "\ufffe\uffff\u2028",
    "half \ud83d pair", "&#27;&#0;&amp;&nbsp;", f"\u2068{ARABIC}\u2069", "{{ 7 * 7 }}{% raw %}", "x\rY",
)  # fmt: skip
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066\u2067\ud800-\udfff\ufffe\uffff]")
VOID = {"meta", "link", "br", "img", "input", "hr", "wbr", "col"}


class Tags(HTMLParser):
    """The tags of a page, that they close in order, and what attributes they have."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: set[str] = set()
        self.scripts = 0
        self.feed(page)
        self.close()

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        self.attributes |= {key for key, _ in attributes}
        self.scripts += name == "script"
        if name not in VOID:
            self.open.append(name)

    def handle_startendtag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.attributes |= {key for key, _ in attributes}

    def handle_endtag(self, name: str) -> None:
        while self.open and self.open[-1] in {"p", "li", "td", "th", "tr"} and self.open[-1] != name:
            self.open.pop()  # HTML lets these end by themselves
        assert self.open, f"</{name}> closes nothing"
        assert self.open.pop() == name


def outermost(page: str) -> Iterator[str]:
    """The pictures of a page; one may hold others."""
    depth, begin = 0, 0
    for found in re.finditer(r"<svg\b|</svg>", page):
        begin = found.start() if depth == 0 else begin
        depth += 1 if found[0] == "<svg" else -1
        if depth == 0:
            yield page[begin : found.end()]


def sound(page: str, *, scripts: int) -> None:
    assert FORBIDDEN.findall(page) == []
    tags = Tags(page)
    assert tags.open == []
    assert tags.scripts == scripts
    assert not {a for a in tags.attributes if a == "style" or a.startswith("on")}
    for picture in outermost(page):
        ElementTree.fromstring(picture)
    policy = html.unescape(re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)[0])
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    for kind, name in (("style-src", "style"), *([("script-src", "script")] if scripts else [])):
        (inside,) = re.findall(rf"<{name}>(.*?)</{name}>", page, re.S)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{kind} 'sha256-{digest}'" in policy


def renamed(case: Case) -> Case:
    """The case with awkward names and titles everywhere, past the reader, which would refuse most of them."""
    names = cycle(AWKWARD)

    def entry(given: Any) -> Any:
        keys = {"name", "title", "says", "at", "author", "publisher", "actor"} & set(type(given).model_fields)
        return given.model_copy(update={k: next(names) for k in sorted(keys) if getattr(given, k) is not None})

    changes: dict[str, Any] = {"title": next(names)}
    for block in ("parties", "measures", "agreements", "sources", "evidence"):
        changes[block] = {k: entry(v) for k, v in getattr(case, block).items()}
    changes |= {block: tuple(map(entry, getattr(case, block))) for block in ("orders", "supports")}
    made = case.model_copy(update=changes)
    made.__dict__.pop("instance", None)
    return made


@pytest.mark.parametrize("make", [harbour, crowded, recorded, unsure, nothing])
def test_a_brief_of_awkward_names(make: Any) -> None:
    """Catches a chart or part that writes a name past the place that escapes, and a style or script that the policy bars."""
    brief: Brief = make()
    page = replace(brief, case=renamed(brief.case)).html
    sound(page, scripts=1)
    assert r"\x1b]0;title\x07" in page


def test_a_comparison_of_awkward_names() -> None:
    """Catches the same on the page of a comparison."""
    brief = harbour()
    assert brief.comparison is not None
    roadmaps = tuple(replace(r, title=n) for r, n in zip(brief.comparison.roadmaps, cycle(AWKWARD)))
    sound(compared_page(renamed(brief.case), replace(brief.comparison, roadmaps=roadmaps)), scripts=0)


def test_a_conflict_of_awkward_names() -> None:
    """Catches the same on the page of a conflict graph."""
    conflict, names = conflict_of(draw(2, most_options=4)), cycle(AWKWARD)
    options = tuple(replace(o, title=next(names)) for o in conflict.options)
    parties = tuple(replace(p, name=next(names)) for p in conflict.parties)
    named = replace(conflict, title=next(names), source=next(names), options=options, parties=parties)
    sound(conflict_page(graph(replace(named, status_quo=int(graph(conflict).states[0])))), scripts=0)


def test_a_bargain_of_awkward_names() -> None:
    """Catches the same on the page of a bargain, and in the picture that stands by itself as an XML file."""
    rows = [(name, float(n % 7), 50.0, 1.0) for n, name in enumerate(AWKWARD)]
    found = positions(table(issue(rows, 0.0, 7.0, id=AWKWARD[0])))
    sound(positions_page(found), scripts=0)
    ElementTree.fromstring(positions_picture(found))


@pytest.mark.parametrize("name", AWKWARD)
def test_any_name_in_a_picture(name: str) -> None:
    """Catches text or an attribute that makes a picture no XML, and a line with half a pair of isolates."""
    cut = wrapped(f"{name} {name}", 12, 60)
    drawn = tag("g", lines(0, 0, cut, leading=10), tag("title", name), data_name=name)
    assert FORBIDDEN.findall(str(drawn)) == []
    assert all(line.count("\u2068") == line.count("\u2069") for line in cut)
    ElementTree.fromstring(str(drawn))


def test_the_notebook_frame_is_sandboxed() -> None:
    """Catches a page that could read the notebook round it."""
    brief = harbour()
    shown = replace(brief, case=brief.case.model_copy(update={"title": AWKWARD[6]}))._repr_html_()
    assert 'sandbox="allow-scripts"' in shown
    assert Tags(f"{shown}").open == []
    assert "<script" not in shown
