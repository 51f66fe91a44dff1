"""The brief in a browser: opened from a file, at two widths, in light and dark, and on paper.

Needs Chromium and playwright; without them every test here is skipped with a word on what to install.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from briefcases import crowded, harbour, nothing, one_phase, recorded, unsure
from detente.brief.brief import Brief

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LOOK = (Path(__file__).parent / "look.js").read_text(encoding="utf-8")
MADE: dict[str, Callable[[], Brief]] = {
    "harbour": harbour,
    "crowded": crowded,
    "one-phase": one_phase,
    "unsure": unsure,
    "recorded": recorded,
    "nothing": nothing,
}
CHARTS = {
    "harbour": ["roadmap", "deadlock", "trust", "holding", "exposure", "orders", "speed", "possible", "conflict", "ahead"],
    # nobody risks anything there: whoever stops has the drift of the stand-off back
    "crowded": ["roadmap", "deadlock", "trust", "holding", "orders", "speed", "possible", "conflict", "ahead"],
    "one-phase": ["roadmap", "holding", "exposure", "speed", "possible", "conflict", "ahead"],
    "unsure": [
        *("roadmap", "deadlock", "trust", "holding", "exposure", "sure", "orders", "speed", "possible", "conflict", "ahead")
    ],
    "recorded": [
        "roadmap",
        "deadlock",
        "trust",
        "holding",
        "exposure",
        "orders",
        "speed",
        "possible",
        "conflict",
        "acts",
        "months",
        "earned",
        "ahead",
    ],
    "nothing": [],
}
EVERY = [(name, width, scheme) for name in MADE for width in (1280, 800, 390) for scheme in ("light", "dark")]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> dict[str, Path]:  # noqa: ARG001
    folder = tmp_path_factory.mktemp("briefs")
    return {name: make().save(folder / f"{name}.html") for name, make in MADE.items()}


class Opened:
    """A page with everything that it logged and asked for."""

    def __init__(self, browser: Browser, path: Path, width: int, scheme: Any = "light") -> None:
        self.page: Page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        self.logged: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.logged.append(message.text))
        self.page.on("pageerror", lambda error: self.logged.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(path.as_uri())

    def unfold(self) -> None:
        """Open every annex."""
        self.page.evaluate("for (const annex of document.querySelectorAll('details.annex')) annex.open = true")

    def look(self, what: str) -> Any:
        return self.page.evaluate(f"({LOOK}).{what}()")


@pytest.mark.parametrize(("name", "width", "scheme"), EVERY)
def test_a_reader_sees_everything(browser: Browser, files: dict[str, Path], name: str, width: int, scheme: str) -> None:
    """Catches a request, an error, a chart that is hidden or cut, sideways scrolling, faint or tiny text, labels on labels."""
    opened = Opened(browser, files[name], width, scheme)
    try:
        assert opened.logged == []
        assert [url for url in opened.asked if not url.startswith(("file:", "data:"))] == []
        assert opened.look("wide") <= 0
        opened.unfold()
        charts = opened.look("charts")
        assert [c["id"] for c in charts] == [f"chart-{c}" for c in CHARTS[name]]
        assert [c["id"] for c in charts if not c["parts"] or not c["visible"]] == []
        assert opened.look("wide") <= 0
        for fault in ("overlaps", "outside", "spilled", "small", "faint"):
            assert opened.look(fault) == [], fault
        opened.page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")
        assert opened.look("wide") <= 0  # what is folded within an annex, too
        assert opened.page.title().endswith(": brief")
    finally:
        opened.page.close()


def test_prerequisites_are_drawn_on_hover(browser: Browser, files: dict[str, Path]) -> None:
    """Catches lines that never show, and lines that always do."""
    opened = Opened(browser, files["harbour"], 1280)
    lines = opened.page.locator(".wide .pill .needs")
    assert lines.count() == 3
    assert not lines.first.is_visible()
    pill = opened.page.locator(".wide .pill", has=opened.page.locator(".needs")).first
    pill.locator("rect").hover(position={"x": 6, "y": 4})
    assert pill.locator(".needs").first.is_visible()
    opened.page.close()


def test_a_table_is_sorted_by_its_headings(browser: Browser, files: dict[str, Path]) -> None:
    """Catches text order for numbers."""
    opened = Opened(browser, files["harbour"], 1280)
    opened.unfold()
    table = opened.page.locator("table.worth")
    read = "t => [...t.tBodies[0].rows].map(r => r.cells[1].dataset.key).map(k => k === undefined ? null : Number(k))"
    head = table.locator("thead th").nth(1)
    head.get_by_role("button").click()
    rising = table.evaluate(read)
    assert head.get_attribute("aria-sort") == "ascending"
    head.get_by_role("button").click()
    falling = table.evaluate(read)
    numbers = [x for x in rising if x is not None]
    assert len(numbers) == 8
    assert numbers == sorted(numbers)
    assert [x for x in falling if x is not None] == numbers[::-1]
    assert opened.logged == []
    opened.page.close()


def test_it_is_read_without_script(browser: Browser, files: dict[str, Path]) -> None:
    """Catches a part that only script shows."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(files["harbour"].as_uri())
    assert page.locator("h2").count() == 21
    assert page.locator(".wide svg.roadmap").is_visible()
    assert not page.locator("#chart-holding").is_visible()
    page.locator("summary", has=page.locator("#holding")).click(position={"x": 4, "y": 12})
    assert page.locator("#chart-holding").is_visible()
    context.close()


def test_a_link_opens_the_annex_that_it_leads_to(browser: Browser, files: dict[str, Path]) -> None:
    """Catches a link that ends at a folded heading, or that does so in a page opened at an anchor."""
    opened = Opened(browser, files["harbour"], 1280)
    assert not opened.page.locator("#chart-ahead").is_visible()
    opened.page.locator("#break ~ p a").click()
    assert opened.page.locator("details.annex:has(#contingencies) table").first.is_visible()
    assert not opened.page.locator("#chart-ahead").is_visible()
    opened.page.close()


@pytest.fixture(scope="module")
def whole(files: dict[str, Path]) -> dict[str, Path]:
    """The same with their annexes on paper."""
    return {name: MADE[name]().save(file.with_suffix(".whole.html"), annexes=True) for name, file in files.items()}


@pytest.mark.parametrize(
    ("size", "name", "least", "most"),
    [("A4", "harbour", 9, 17), ("Letter", "harbour", 9, 17), ("A4", "crowded", 16, 35), ("A4", "nothing", 2, 4)],
)
def test_it_prints(
    browser: Browser, files: dict[str, Path], whole: dict[str, Path], size: str, name: str, least: int, most: int
) -> None:
    """Catches a printout of blank or countless pages, one that is whole though nobody asked, and one that drinks the ink."""
    for made, low, high in ((files, 1, 3 if name != "crowded" else 6), (whole, least, most)):
        opened = Opened(browser, made[name], 1280, "dark")
        pages = len(re.findall(rb"/Type\s*/Page\b", opened.page.pdf(format=size)))
        assert low <= pages <= high, made[name]
        opened.page.emulate_media(media="print", color_scheme="dark")
        assert opened.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        opened.page.close()


@pytest.mark.parametrize("height", [1000, 930])
def test_no_chart_is_taller_than_a_sheet(browser: Browser, whole: dict[str, Path], height: int) -> None:
    """Catches a picture that is cut between two sheets (1,000 pixels: A4 within its margins, 930: Letter)."""
    opened = Opened(browser, whole["crowded"], 680)
    opened.unfold()
    opened.page.emulate_media(media="print")
    measure = "e => e.filter(x => x.checkVisibility()).map(x => x.getBoundingClientRect().height)"
    heights = opened.page.locator("svg.picture").evaluate_all(measure)
    assert len(heights) >= 9
    assert max(heights) <= height
    opened.page.close()
