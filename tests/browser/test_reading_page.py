"""The page to review: every decision by keyboard, undone and done again, exported and imported."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from detente.read.page import page
from detente.read.read import read
from detente.read.text import Text

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

TEXT = Text(
    "hostile </script><b>.txt",
    "France \U0001f54a\ufe0f demands that Italy leave the island before the talks begin. Italy proposed "
    "</script><script>document.title='x'</script> a meeting. "
    "France proposed another meeting of 40 delegates.",
)


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The page in a browser."""
    (tmp_path / "claims.html").write_text(page(read(TEXT)), encoding="utf-8")
    shown = browser.new_page()
    faults: list[Any] = []
    shown.on("pageerror", lambda err: faults.append(err))
    shown.on("request", lambda r: None if r.url.startswith(("file:", "data:")) else faults.append(r.url))
    shown.goto((tmp_path / "claims.html").as_uri())
    yield shown
    assert not faults
    shown.close()


def decisions(shown: Page) -> list[str]:
    """What is decided of each claim."""
    return list(shown.evaluate("decisions"))


@pytest.mark.browser
def test_the_page_by_keyboard(opened: Page) -> None:
    """Catches a key without effect, an undo that undoes another thing, and an export that does not come back."""
    kinds = opened.evaluate("claims.map(c => c.type)")
    assert set(decisions(opened)) == {"undecided"}
    opened.keyboard.press("a")
    opened.keyboard.press("s")
    assert decisions(opened)[:2] == ["accepted", "struck"]
    opened.keyboard.press("u")
    assert decisions(opened)[:2] == ["accepted", "undecided"]
    opened.keyboard.press("r")
    assert decisions(opened)[:2] == ["accepted", "struck"]
    opened.evaluate(f"now = {kinds.index('proposal')}; show()")
    opened.keyboard.press("A")
    assert [d for d, k in zip(decisions(opened), kinds, strict=True) if k == "proposal" and d == "undecided"] == []
    held = opened.evaluate("exported()")
    before = decisions(opened)
    for _ in range(9):
        opened.keyboard.press("u")
    assert set(decisions(opened)) == {"undecided"}
    opened.evaluate("text => take(text)", held)
    assert decisions(opened) == before
    assert {c["decision"] for c in json.loads(held)["claims"]} <= {"accepted", "struck", "undecided"}


@pytest.mark.browser
def test_the_page_shows_each_claim_at_its_place(opened: Page) -> None:
    """Catches places counted in another unit than the page's (a character beyond the first plane counts once), and
    markup that runs.
    """
    assert opened.title() == "Claims to review"
    whole = opened.evaluate("pieces.filter(([, here]) => here.includes(0)).map(([piece]) => piece.textContent).join('')")
    assert whole == opened.evaluate("claims[0].quote")


@pytest.mark.browser
def test_what_is_decided_is_not_told_by_colour_alone(opened: Page) -> None:
    """Catches a page on which a reader who sees no red or green cannot tell what was accepted."""
    opened.keyboard.press("a")
    opened.keyboard.press("s")
    mark = "n => getComputedStyle(rows[n].querySelector('b'), '::before').content"
    marks = [opened.evaluate(mark, n) for n in range(3)]
    assert len(set(marks)) == 3


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_is_legible_in_both_schemes(opened: Page, scheme: str, width: int) -> None:
    """Catches dark letters on dark ground, and a page that is wider than its window."""
    opened.set_viewport_size({"width": width, "height": 800})
    opened.emulate_media(color_scheme=scheme)
    ink, paper = opened.evaluate(
        "[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor].map("
        "c => c.match(/[\\d.]+/g).slice(0, 3).reduce((a, b) => a + Number(b), 0) / 3)"
    )
    assert (ink < 60 and paper > 240) if scheme == "light" else (ink > 200 and paper < 40)
    assert opened.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
def test_a_decision_that_is_not_exported_is_not_lost_unasked(opened: Page) -> None:
    """Catches an hour of review that a closed window takes away."""
    assert opened.evaluate("saved")
    opened.keyboard.press("a")
    assert not opened.evaluate("saved")
    with opened.expect_download():
        opened.keyboard.press("e")
    assert opened.evaluate("saved")
