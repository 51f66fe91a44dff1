"""Every figure of a page that carries a key is the one that stands in the JSON of the brief under that key."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from briefcases import in_parts, recommended
from detente.base.keyed import keyed, unkeyed
from detente.brief.brief import Brief
from detente.brief.paper.document import document
from figures import DATE, NUMBER, shows

WITHOUT = {"toy-exchange": 235, "supplier-dispute": 621}
"""Figures that carry no key, numbers of steps, demands and evidence among them, dates not: may only fall."""


class Figures(HTMLParser):
    """The figures of a page outside pictures: those with a key, and how many stand without one."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.found: list[tuple[str, str]] = []
        self.without: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "link"):
            self.open.append((tag, dict(attrs).get("data-of") or ""))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_data(self, data: str) -> None:
        if any(tag in ("svg", "style", "script", "title") for tag, _ in self.open):
            return
        key = next((key for _, key in self.open if key), "")
        if key:
            self.found.append((key, data))
        else:
            self.without += NUMBER.findall(DATE.sub(" ", data))


def stored(told: Any, key: str) -> float:
    """The number that a key leads to, times what stands before it."""
    times, _, path = key.rpartition("*")
    for step in path.split("."):
        told = told[int(step)] if isinstance(told, list) else told[step]
    assert isinstance(told, int | float), key
    return told * float(times or 1)


@pytest.fixture(scope="module", params=["toy-exchange", "supplier-dispute"])
def made(request: pytest.FixtureRequest) -> tuple[str, Brief]:
    return request.param, recommended() if request.param == "toy-exchange" else in_parts()


def test_every_figure_is_that_of_the_json(made: tuple[str, Brief]) -> None:
    """Catches a figure of another roadmap, of other plays, draws or parties than its key says, and a key that leads nowhere."""
    name, found = made
    told = json.loads(json.dumps(found.to_dict()))
    figures = Figures(found.html)
    wrong = [(key, text, stored(told, key)) for key, text in figures.found if not shows(text, stored(told, key))]
    assert wrong == []
    assert len({key for key, _ in figures.found}) > 25, name


def test_figures_without_a_key_only_fall(made: tuple[str, Brief]) -> None:
    """Catches a new sentence or table whose figures nobody can trace."""
    name, found = made
    assert len(Figures(found.html).without) <= WITHOUT[name]


def test_two_figures_of_one_key_are_equal(made: tuple[str, Brief]) -> None:
    """Catches one thing that is told with two figures on one page."""
    told: dict[str, set[str]] = {}
    for key, text in Figures(made[1].html).found:
        told.setdefault(key, set()).add(text)
    assert {key: texts for key, texts in told.items() if len(texts) > 1} == {}


@pytest.mark.parametrize(
    ("text", "value", "right"),
    [
        *(("82%", 0.815, True), ("82%", 0.83, False), ("under 1%", 0.004, True), ("under 1%", 0.0, False)),
        *(("1,000", 1000, True), ("1,000", 1001, False), ("140", 144.8, True), ("140", 146.0, False)),
        *(("\u22120.7", -0.7, True), ("+4.2", 4.2049, True), ("\u22120.7", 0.7, False), ("about 0", 0.0004, True)),
    ],
)
def test_the_reader_of_figures(text: str, value: float, right: bool) -> None:
    """A reader that takes anything for anything would let every other test of this file pass."""
    assert shows(text, value) is right


def test_keys_are_on_the_page_alone(made: tuple[str, Brief]) -> None:
    """Catches a key, or the marks round it, in a PDF, on a terminal or in a picture."""
    marks = re.compile("[\ufdd0-\ufdd2]|ufdd")
    found = made[1]
    assert marks.search(found.html) is None
    assert marks.search(str(document(found._context, annexes=True))) is None
    assert "data-of" not in str(document(found._context, annexes=True))
    assert unkeyed(f"In {keyed('82%', 'plan.holds.share')} of draws") == "In 82% of draws"
