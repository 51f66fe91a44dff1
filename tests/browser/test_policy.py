"""The policy of the pages in a browser: nothing of a page breaks it, and what gets into a page cannot run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import detente as dt
from briefcases import crowded, harbour, recorded
from conflictcases import conflict_of, draw
from detente.brief.compared import compared_page
from detente.brief.conflictpage import conflict_page
from detente.brief.positionspage import positions_page
from detente.case.load import load
from detente.graph.solve import graph

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

INJECTED = (
    "<script>document.title = 'owned'</script><img src='data:,' onerror=\"document.title = 'owned'\">"
    "<a id='trap' href=\"javascript:document.title = 'owned'\">x</a><p id='painted' style='color: rgb(1, 2, 3)'>x</p>"
    "<style>body { color: rgb(1, 2, 3) !important }</style>"
)
COLLECT = """window.broken = [];
addEventListener("securitypolicyviolation", (e) => window.broken.push(e.effectiveDirective), true);"""


def compared() -> str:
    made = harbour()
    assert made.comparison is not None
    return compared_page(made.case, made.comparison)


PAGES: dict[str, Callable[[], str]] = {
    "harbour": lambda: harbour().html,
    "crowded": lambda: crowded().html,
    "recorded": lambda: recorded().html,
    "compared": compared,
    "conflict": lambda: conflict_page(graph(conflict_of(draw(2, most_options=4)))),
    "positions": lambda: positions_page(dt.positions(load("supplier-dispute"))),
}


def opened(browser: Browser, folder: Path, page: str) -> tuple[Page, list[str], list[Any]]:
    """The page opened from a file, what the console said, and the directives that were broken."""
    file = folder / "page.html"
    file.write_text(page, encoding="utf-8")
    logged: list[str] = []
    tab = browser.new_page()
    tab.add_init_script(COLLECT)
    tab.on("console", lambda message: logged.append(message.text))
    tab.on("pageerror", lambda error: logged.append(str(error)))
    tab.goto(file.as_uri())
    return tab, logged, tab.evaluate("window.broken")


@pytest.mark.parametrize("name", PAGES)
def test_no_page_breaks_its_own_policy(browser: Browser, tmp_path: Path, name: str) -> None:
    """Catches a style, script or picture that the hashes of the policy do not cover: it would be missing in silence."""
    tab, logged, broken = opened(browser, tmp_path, PAGES[name]())
    assert (logged, broken) == ([], [])
    assert tab.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") != "none"
    tab.close()


@pytest.mark.parametrize("name", ["harbour", "conflict"])
def test_what_is_put_into_a_page_does_not_run(browser: Browser, tmp_path: Path, name: str) -> None:
    """Catches a policy that lets any inline script, handler or style through, in a page that somebody passed on."""
    page = PAGES[name]().replace("</main>", f"{INJECTED}</main>")
    tab, _, broken = opened(browser, tmp_path, page)
    tab.locator("#trap").click()
    tab.wait_for_timeout(100)
    assert "owned" not in tab.title()
    assert {"script-src-elem", "style-src-attr", "style-src-elem"} <= set(broken)
    assert "script-src-attr" in tab.evaluate("window.broken")
    for place in ("#painted", "body"):
        assert tab.evaluate(f"getComputedStyle(document.querySelector('{place}')).color") != "rgb(1, 2, 3)"
    tab.close()


def test_the_frame_of_a_notebook_works_and_holds(browser: Browser, tmp_path: Path) -> None:
    """Catches a sandbox in which tables cannot be sorted, and one from which the page could reach the notebook."""
    shown = (
        harbour()._repr_html_().replace("&lt;/main&gt;", "&lt;script&gt;parent.document.title = 1&lt;/script&gt;&lt;/main&gt;")
    )
    tab, _, _ = opened(browser, tmp_path, f"<!doctype html><title>notebook</title>{shown}")
    frame = tab.frame_locator("iframe")
    frame.locator("summary", has=frame.locator("#values")).click(position={"x": 4, "y": 12})
    head = frame.locator("table.sortable thead th").nth(1)
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert tab.title() == "notebook"
    inner = tab.frames[1]
    assert inner.evaluate("(() => { try { return parent.document.title } catch (e) { return e.name } })()") == "SecurityError"
    tab.close()
