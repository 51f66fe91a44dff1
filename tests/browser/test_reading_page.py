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
