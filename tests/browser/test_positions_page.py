"""The page of a forecast of positions in a browser: opened from a file, at two widths, in light and dark."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import detente as dt
from detente.brief.positionspage import positions_page
from detente.case.load import load

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LOOK = (Path(__file__).parent / "look.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("positions") / "positions.html"
    target.write_text(positions_page(dt.positions(load("supplier-dispute"))), encoding="utf-8")
    return target


@pytest.mark.parametrize(("width", "scheme"), [(w, s) for w in (1280, 390) for s in ("light", "dark")])
def test_a_reader_sees_everything(browser: Browser, page: Path, width: int, scheme: Any) -> None:
    """Catches a request, an error, a picture hidden or cut, sideways scrolling, faint or tiny text, letters on letters."""
    opened = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    logged: list[str] = []
    asked: list[str] = []
    opened.on("console", lambda message: logged.append(message.text))
    opened.on("pageerror", lambda error: logged.append(str(error)))
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(page.as_uri())

    def look(what: str) -> Any:
        return opened.evaluate(f"({LOOK}).{what}()")

    assert logged == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert [(c["id"], bool(c["parts"]), c["visible"]) for c in look("charts")] == [("chart-bargain-1", True, True)]
    assert look("wide") <= 0
    for fault in ("overlaps", "outside", "spilled", "small", "faint"):
        assert look(fault) == [], fault
    opened.close()
