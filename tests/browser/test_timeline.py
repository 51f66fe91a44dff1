"""The timeline of a roadmap in a real browser, under the policy of the workbench, against an endpoint that the test answers."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from detente.case.case import Case
from detente.case.load import load
from detente.plan.roadmap import Roadmap, roadmap_of_data
from detente.plan.whatif import places
from detente.serve.timeline import PHASE, timeline
from smallcases import Data, swap

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SOURCE = Path(__file__).resolve().parents[2] / "src" / "detente"
STATIC = SOURCE / "serve" / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'self'; base-uri 'none'"
)
COLLECT = """window.broken = [];
addEventListener("securitypolicyviolation", (e) => window.broken.push(e.effectiveDirective), true);"""
SITE = "http://bench.test"


def rules(data: Data) -> None:
    """Eight months; the second gift can only follow the first, and a third one is not in the roadmap."""
    data["phases"]["count"] = 8
    data["measures"]["give-b"] |= {"requires": [{"any": ["give-a"], "after": 1}], "takes": 1}
    data["measures"]["more"] = {"title": "More of it", "by": ["a", "b"], "kind": "contact", "value": {"a": 1, "b": 1}}
    data["measures"]["old"] = {"title": "Held", "by": "a", "kind": "other", "value": {"a": 1}, "in_force": True}


CASE = load(swap(rules))
ROADMAP = roadmap_of_data({"entry": {"give-a": 0, "give-b": 2}}, CASE.instance)
TABLE = {m: [place.in_short(t) for t, place in enumerate(places(CASE, ROADMAP, m))] for m in ("give-a", "give-b", "more")}


class Bench:
    """A page with a timeline. sent : the changes that reached the endpoint; answer : what it says, status and body."""

    def __init__(self, browser: Browser, case: Case, roadmap: Roadmap, width: int = 1280, **options: Any) -> None:
        self.sent: list[Data] = []
        self.tokens: list[str | None] = []
        self.asked: list[str] = []
        self.logged: list[str] = []
        self.answer: tuple[int, str, str] = (200, "application/json", '{"words": "Taken down."}')
        body = timeline(case, roadmap, move="/move", csrf="token-1", **({"places": "/places"} | options))
        head = "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        links = "<link rel=stylesheet href=/brief.css><link rel=stylesheet href=/timeline.css>"
        links += "<script src=/timeline.js defer></script><title>Bench</title>"
        self.html = f"{head}{links}<body><main><h1>Bench</h1><h2>Roadmap</h2>{body}</main></body></html>"
        self.page: Page = browser.new_page(viewport={"width": width, "height": 800})
        self.page.add_init_script(COLLECT)
        self.page.on("console", lambda message: self.logged.append(message.text))
        self.page.on("pageerror", lambda error: self.logged.append(str(error)))
        self.page.route("**/*", self._reply)
        self.page.goto(f"{SITE}/")

    def _reply(self, route: Route) -> None:
        path = route.request.url.removeprefix(SITE)
        files = {
            "/brief.css": SOURCE / "brief" / "templates" / "style.css",
            "/timeline.css": STATIC / "timeline.css",
            "/timeline.js": STATIC / "timeline.js",
        }
        if path == "/":
            route.fulfill(body=self.html, content_type="text/html", headers={"Content-Security-Policy": POLICY})
        elif path in files:
            route.fulfill(path=files[path])
        elif path == "/move":
            self.sent.append(route.request.post_data_json)
            self.tokens.append(route.request.headers.get("x-csrf-token"))
            status, kind, body = self.answer
            route.fulfill(status=status, content_type=kind, body=body)
        elif path.startswith("/places"):
            self.asked.append(path)
            measure = path.partition("measure=")[2]
            route.fulfill(content_type="application/json", body=json.dumps(TABLE[measure]))
        else:
            route.fulfill(status=404)

    def step(self, measure: str) -> Locator:
        return self.page.locator(f'.step[data-measures="{measure}"]')

    def phase(self, measure: str) -> int:
        return int(self.step(measure).get_attribute("aria-valuenow") or -9)

    @property
    def status(self) -> str:
        return self.page.locator(".timeline-status").inner_text()

    def grab(self, measure: str) -> tuple[float, float]:
        """Press the button on a step; where that is."""
        box = self.step(measure).locator(".bar").bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        return x, y

    def judged(self) -> None:
        """Wait until it is known where the step that is taken up cannot be."""
        self.page.locator(".places .impossible").first.wait_for(state="attached")

    def settled(self) -> None:
        self.page.locator("[aria-busy]").wait_for(state="detached")


@pytest.fixture
def bench(browser: Browser) -> Iterator[Bench]:
    made = Bench(browser, CASE, ROADMAP)
    yield made
    assert (made.logged, made.page.evaluate("window.broken")) == ([], [])
    made.page.close()


def test_a_step_is_dragged_and_dropped_once(bench: Bench) -> None:
    """Catches a drag that saves on the way, lands between phases, sends two changes, or leaves the step behind."""
    x, y = bench.grab("give-b")
    for n in range(1, 21):  # two and a bit phases to the right
        bench.page.mouse.move(x + n * PHASE * 0.11, y + n)
        left = bench.step("give-b").get_attribute("transform")
        assert left is not None
        assert float(left.removeprefix("translate(").split()[0]) % PHASE == 0  # snapped
    assert (bench.sent, bench.phase("give-b")) == ([], 4)
    bench.page.mouse.up()
    bench.settled()
    assert bench.sent == [{"measures": ["give-b"], "phase": 4}]
    assert bench.tokens == ["token-1"]
    assert (bench.phase("give-b"), bench.step("give-b").get_attribute("data-phase")) == (4, "4")
    assert "Taken down." in bench.page.locator(".timeline-answer").inner_text()


def test_escape_puts_a_dragged_step_back(bench: Bench) -> None:
    """Catches a drag that cannot be given up: a change that is sent although Escape was pressed."""
    x, y = bench.grab("give-b")
    bench.page.mouse.move(x + 3 * PHASE, y, steps=4)
    assert bench.phase("give-b") == 5
    bench.page.keyboard.press("Escape")
    assert bench.phase("give-b") == 2
    bench.page.mouse.move(x + 4 * PHASE, y)
    bench.page.mouse.up()
    assert (bench.sent, bench.phase("give-b")) == ([], 2)
    assert bench.page.locator(".lifted").count() == 0


def test_an_impossible_place_is_refused_with_its_reason(bench: Bench) -> None:
    """Catches a drop where a prerequisite forbids it that is sent, kept, or refused without the reason."""
    x, y = bench.grab("give-b")
    bench.judged()
    bench.page.mouse.move(x - 2 * PHASE, y, steps=4)
    reason = TABLE["give-b"][0]["words"]
    assert reason
    assert str(reason) in bench.status
    bench.page.mouse.up()
    assert (bench.sent, bench.phase("give-b")) == ([], 2)
    assert str(reason) in bench.status
    assert bench.page.locator(".places .impossible").count() == 0  # marks are gone with the drag


def test_a_click_changes_nothing(bench: Bench) -> None:
    """Catches a step that is moved by a click, or by a hand that is not quite still."""
    x, y = bench.grab("give-b")
    bench.page.mouse.move(x + 2, y + 1)
    bench.page.mouse.up()
    assert (bench.sent, bench.phase("give-b")) == ([], 2)


def test_a_step_is_moved_by_keys_and_announced(bench: Bench) -> None:
    """Catches keys that save before Enter, a place that is not announced, and an Enter that sends twice."""
    bench.step("give-b").focus()
    bench.page.keyboard.press("ArrowRight")
    bench.page.keyboard.press("ArrowRight")
    days = [CASE.phase_date(t).isoformat() for t in range(8)]
    assert (bench.phase("give-b"), bench.sent) == (4, [])
    assert days[4] in bench.status
    assert days[4] in (bench.step("give-b").get_attribute("aria-valuetext") or "")
    bench.page.keyboard.press("Enter")
    bench.settled()
    bench.page.keyboard.press("Enter")
    assert bench.sent == [{"measures": ["give-b"], "phase": 4}]
    assert bench.page.evaluate("document.activeElement.dataset.measures") == "give-b"
    live = bench.page.locator(".timeline-status")
    assert live.get_attribute("role") == "status"
    assert "Moved" in bench.status


def test_keys_refuse_restore_and_reach_never(bench: Bench) -> None:
    """Catches an impossible place that Enter sends, an Escape or a Tab that keeps the preview, and a step that keys cannot take
    out of the roadmap or bring into it."""
    keys = bench.page.keyboard
    bench.step("give-b").focus()
    keys.press("Home")
    bench.judged()
    keys.press("Enter")
    assert (bench.sent, bench.phase("give-b")) == ([], 2)
    keys.press("ArrowRight")
    keys.press("Escape")
    assert bench.phase("give-b") == 2
    keys.press("ArrowRight")
    keys.press("Tab")
    assert (bench.sent, bench.phase("give-b")) == ([], 2)
    bench.step("more").focus()
    assert bench.phase("more") == 8
    keys.press("ArrowLeft")
    keys.press("Enter")
    bench.settled()
    keys.press("End")
    keys.press("ArrowRight")
    keys.press("Enter")
    bench.settled()
    assert bench.sent == [{"measures": ["more"], "phase": 7}, {"measures": ["more"], "phase": None}]


@pytest.mark.parametrize(
    "answer", [(409, "application/json", '{"error": "Somebody else moved it."}'), (500, "text/plain", "x")]
)
def test_a_change_that_is_not_taken_is_put_back(browser: Browser, answer: tuple[int, str, str]) -> None:
    """Catches a step that stays where the server did not put it."""
    bench = Bench(browser, CASE, ROADMAP)
    bench.answer = answer
    bench.step("give-b").focus()
    bench.page.keyboard.press("ArrowRight")
    bench.page.keyboard.press("Enter")
    bench.settled()
    assert (len(bench.sent), bench.phase("give-b")) == (1, 2)
    assert "Not moved" in bench.status
    if answer[0] == 409:
        assert "Somebody else moved it." in bench.page.locator(".timeline-answer").inner_text()
    bench.page.close()


def test_the_answer_shows_the_rows_that_break(bench: Bench) -> None:
    """Catches an answer of the what-if whose broken rows are not told, and one that is run as markup."""
    bench.answer = (
        200,
        "application/json",
        json.dumps({"verdict": "breaks", "broken": [{"words": "<b>B</b> loses 3", "phase": 4}]}),
    )
    bench.step("give-b").focus()
    bench.page.keyboard.press("ArrowRight")
    bench.page.keyboard.press("Enter")
    bench.settled()
    said = bench.page.locator(".timeline-answer")
    assert "<b>B</b> loses 3" in said.inner_text()
    bench.answer = (200, "text/html", "<p id='told'>As <em>HTML</em></p>")
    bench.page.keyboard.press("ArrowRight")
    bench.page.keyboard.press("Enter")
    bench.settled()
    assert said.inner_html() == ""


POINTER = """([measure, kind, id, dx]) => {
  const step = document.querySelector(`.step[data-measures="${measure}"]`);
  const box = step.querySelector(".bar").getBoundingClientRect();
  const at = {clientX: box.x + 5 + dx, clientY: box.y + 5, pointerId: id, pointerType: "touch", button: 0, bubbles: true};
  step.setPointerCapture = () => {};
  step.hasPointerCapture = () => false;
  step.dispatchEvent(new PointerEvent(kind, at));
}"""


def test_a_second_pointer_does_not_disturb_the_first(bench: Bench) -> None:
    """Catches two fingers that move two steps at once, or one that ends the drag of the other."""

    def point(measure: str, kind: str, pointer: int, dx: float = 0) -> None:
        bench.page.evaluate(POINTER, [measure, kind, pointer, dx])

    point("give-b", "pointerdown", 1)
    point("give-b", "pointermove", 1, 2 * PHASE)
    point("more", "pointerdown", 2)
    point("more", "pointermove", 2, -PHASE)
    point("more", "pointerup", 2, -PHASE)
    assert (bench.phase("give-b"), bench.phase("more"), bench.sent) == (4, 8, [])
    point("give-b", "pointercancel", 1)
    assert (bench.phase("give-b"), bench.sent) == (2, [])


def test_a_drag_out_of_the_window_comes_back(bench: Bench) -> None:
    """Catches a step that is lost, or that follows the pointer for ever, when the button is let go outside."""
    x, y = bench.grab("give-b")
    bench.page.mouse.move(x + PHASE, y, steps=2)
    bench.page.mouse.move(x + PHASE, -50, steps=2)
    bench.page.mouse.up()
    bench.settled()
    assert bench.sent == [{"measures": ["give-b"], "phase": 3}]
    bench.page.mouse.move(x + 4 * PHASE, y, steps=2)
    assert bench.phase("give-b") == 3


def test_places_are_asked_for_when_a_step_is_taken_up(browser: Browser) -> None:
    """Catches places that are asked for too often, or whose refusal does not reach the drop."""
    bench = Bench(browser, CASE, ROADMAP, places="/places?of=plan")
    bench.step("give-b").focus()
    bench.page.keyboard.press("ArrowLeft")
    bench.judged()
    bench.page.keyboard.press("Home")
    bench.page.keyboard.press("Enter")
    assert bench.sent == []
    bench.page.keyboard.press("ArrowLeft")
    assert bench.asked == ["/places?of=plan&measure=give-b"]
    bench.page.close()


def real() -> tuple[Case, Roadmap]:
    """The flagship in a roadmap that brings a measure into each phase in turn: as many rows and columns as the real one."""
    case = load("us-dprk-2019")
    free = [m.id for m in case.instance.measures if not m.in_force]
    return case, roadmap_of_data({"entry": {m: n * 5 % 24 for n, m in enumerate(free[:-4])}}, case.instance)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_real_case_fits_a_telephone(browser: Browser, width: int) -> None:
    """Catches a page that scrolls sideways as a whole, names that leave with the columns, a step out of reach, and a drag to
    the edge that does not scroll."""
    bench = Bench(browser, *real(), width=width, places="")
    page = bench.page
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    last = bench.step("sanctions-lifted")
    last.focus()
    page.keyboard.press("Home")  # to phase 0, as a preview
    name, scroll = page.locator(".timeline-name").first, page.locator(".timeline-scroll")
    before = name.bounding_box()
    scroll.evaluate("(x) => { x.scrollLeft = 10000 }")
    after = name.bounding_box()
    assert before is not None
    assert after is not None
    assert (before["x"], before["width"]) == (after["x"], after["width"])
    page.keyboard.press("Escape")
    scroll.evaluate("(x) => { x.scrollLeft = 0; x.scrollTop = 0 }")
    first = next(m for m, t in real()[1].entry.items() if t == 0)
    _, y = bench.grab(first)
    box = scroll.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] - 10, y, steps=5)
    until = time.monotonic() + 20
    while (scroll.evaluate("(x) => x.scrollLeft") < 60 or bench.phase(first) <= 5) and time.monotonic() < until:
        page.wait_for_timeout(20)  # the step follows the columns a frame later
    assert bench.phase(first) > 5
    page.keyboard.press("Escape")
    page.mouse.up()
    assert (bench.sent, bench.phase(first)) == ([], 0)
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_keeps_people_out(browser: Browser, scheme: Any, width: int) -> None:
    """Catches a step without a name or a value, colours that cannot be read, a region that keys cannot scroll: axe, serious."""
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="AXE TEST SKIPPED: pip install axe-playwright-python"
    )
    bench = Bench(browser, CASE, ROADMAP, width=width)
    bench.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    bench.step("give-b").focus()
    bench.page.keyboard.press("Home")
    script = Path(axe.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
    bench.page.evaluate(script)
    found = bench.page.evaluate("axe.run()")
    grave = [
        (v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found["violations"] if v["impact"] in ("serious", "critical")
    ]
    assert grave == []
    assert found["passes"]
    bench.page.close()


def test_without_an_address_nothing_moves(browser: Browser) -> None:
    """Catches handles on a page on which nothing can be changed, and a timeline that needs JavaScript to be read."""
    text = timeline(CASE, ROADMAP)
    assert 'role="slider"' not in text
    assert "data-move" not in text
    page = browser.new_context(java_script_enabled=False).new_page()
    page.set_content(str(text))
    assert [x.inner_text() for x in page.locator(".timeline-name").all()] == ["Held", "1. A gives", "More of it", "2. B gives"]
    page.close()


def test_names_cannot_break_out() -> None:
    """Catches a title that ends an attribute or an element."""
    nasty = load(swap(rules, lambda data: data["measures"]["give-b"].update(title="</script><b onclick='x'>\"&")))
    text = timeline(nasty, ROADMAP, move="/move", places="/places")
    assert "<b onclick" not in text
    assert "</script>" not in text
    assert 'style="' not in text
