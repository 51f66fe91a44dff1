"""Accounts in a real browser, over https as a team has it: who is let in, how far, and who is not."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from benches import finished, served
from detente.case.load import load
from detente.serve.access.guard import Site
from detente.serve.app import make_app
from detente.serve.bench import Workbench
from detente.serve.folder import Folder

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

CASE = "toy-exchange"
TITLE = load(CASE).title
WORD = "a long password"


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A workbench for a team: ana may edit, rae may read, pia is of party a, whose brief is made."""
    if shutil.which("openssl") is None:
        pytest.skip("ACCOUNTS IN A BROWSER SKIPPED: no openssl on PATH to make a certificate with")
    folder = tmp_path_factory.mktemp("team")
    key, certificate = str(folder / "key.pem"), str(folder / "certificate.pem")
    made = ["openssl", "req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-days", "2"]
    subprocess.run([*made, "-subj", "/CN=127.0.0.1", "-keyout", key, "-out", certificate], check=True, capture_output=True)
    bench = Workbench(Folder(folder), local=False)
    bench.begin(CASE, author="ana")
    for name, role, scope in (("ana", "edit", ""), ("rae", "read", ""), ("pia", "party", f"{CASE}/a")):
        bench.access.set_account(name, WORD, role, scope)
    for party in ("a", "b"):
        html = f"<!doctype html><title>Brief</title><p>only of {party}</p>"
        finished(bench, CASE, "brief", {"case": CASE, "title": "Own", "party": party, "html": html}, party=party)
    listener = socket.create_server(("127.0.0.1", 0))
    origin = f"https://127.0.0.1:{listener.getsockname()[1]}"
    with served(make_app(bench, Site((origin,))), listener, ssl_certfile=certificate, ssl_keyfile=key):
        yield origin
    bench.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A browser that has not been here before."""
    context = browser.new_context(ignore_https_errors=True)
    made = context.new_page()
    made.set_default_timeout(60_000)
    yield made
    context.close()


def log_in(page: Page, origin: str, name: str, password: str = WORD) -> None:
    page.goto(f"{origin}/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_load_state()


def test_nobody_is_let_in_by_a_wrong_password(page: Page, origin: str) -> None:
    """12. Catches a page of the team that is shown before a login, or after a wrong one; and a door that says which of the two
    was wrong, the name or the password."""
    page.goto(f"{origin}/cases/{CASE}")
    assert page.url == f"{origin}/login"
    said = []
    for name in ("ana", "nobody"):
        log_in(page, origin, name, "another password")
        said.append(page.get_by_role("alert").inner_text())
        assert TITLE not in page.content()
        assert not [cookie for cookie in page.context.cookies() if "detente" in cookie["name"]]
    assert said[0] == said[1]


def test_whoever_has_an_account_is_let_in_and_out(page: Page, origin: str) -> None:
    """12. Catches a login that leads nowhere, a cookie that a script can read or that goes over http, and a session that is
    still good after the way out."""
    log_in(page, origin, "ana")
    page.get_by_role("link", name=TITLE).click()
    page.get_by_role("button", name="Work it out").wait_for()
    (cookie,) = page.context.cookies()
    assert (cookie["httpOnly"], cookie["secure"], cookie["sameSite"]) == (True, True, "Strict")
    assert page.evaluate("document.cookie") == ""
    page.get_by_role("button", name="Log out").click()
    page.get_by_label("Password").wait_for()
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    page.goto(f"{origin}/cases/{CASE}")
    assert page.url == f"{origin}/login"


def test_whoever_may_read_is_offered_no_change(page: Page, origin: str) -> None:
    """12. Catches a button that is shown to somebody for whom it does not work."""
    log_in(page, origin, "rae")
    for place in ("", "/entries", "/texts", "/record", "/brief", "/ask", "/stuck"):
        page.goto(f"{origin}/cases/{CASE}{place}")
        names = {button.inner_text() for button in page.get_by_role("button").all()}
        assert names <= {"Log out"}, place
        assert page.locator("main h1").is_visible()


def test_a_party_sees_its_own_brief_and_nothing_else(page: Page, origin: str) -> None:
    """12. Catches a party that reaches the case, another's brief, or a page without its own."""
    log_in(page, origin, "pia")
    page.get_by_role("link", name="Own").click()
    assert "only of a" in page.content()
    for place in (f"cases/{CASE}", f"cases/{CASE}/brief/page?party=b", "api/cases", f"cases/{CASE}/draft"):
        answer = page.goto(f"{origin}/{place}")
        assert answer is not None
        assert answer.status in (403, 404), place
        assert "only of b" not in page.content()
