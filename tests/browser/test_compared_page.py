"""The page of a comparison in a browser: opened from a file, at two widths, in light and dark."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from detente.brief.compared import compared_page
from detente.case.load import load
from detente.compare.compare import compare

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LOOK = (Path(__file__).parent / "look.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Path:  # noqa: ARG001
    case = load("supplier-dispute")
    target = tmp_path_factory.mktemp("compared") / "compared.html"
    target.write_text(compared_page(case, compare(case, pictures=True, thorough=False, draws=20)), encoding="utf-8")
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
    assert [(c["id"], bool(c["parts"]), c["visible"]) for c in look("charts")] == [
        ("chart-speed", True, True),
        ("chart-possible", True, True),
    ]
    assert look("wide") <= 0
    for fault in ("overlaps", "outside", "spilled", "small", "faint"):
        assert look(fault) == [], fault
    opened.close()
