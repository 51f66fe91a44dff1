"""The page: what stands in it, what is absent, and that nothing of a case can break out of its place."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from briefcases import ARABIC, HARBOUR, HARBOUR_STEPS, HOSTILE, crowded, harbour, nothing, one_phase, placed
from detente.brief.brief import Brief, brief
from detente.case.load import load
from detente.errors import InputError, OutputError

VOID = {"meta", "link", "br", "hr", "img", "input"}


class Reader(HTMLParser):
    """Collects ids, links, scripts and text, and checks that tags close in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.scripts = 0
        self.text: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for key, value in attrs:
            if key == "id":
                self.ids.append(value or "")
            if key in ("href", "src"):
                self.links.append((tag, value or ""))
            assert not key.startswith("on"), f"a handler in the page: {key}"
        self.scripts += tag == "script"
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("script", "style"):
            self.text.append(data)


@pytest.fixture(scope="module")
def full() -> Brief:
    return harbour()


@pytest.fixture(scope="module")
def strained() -> Brief:
    return crowded()


def sections(page: str) -> list[str]:
    return re.findall(r'<h2 id="([a-z]+)"', page)


def words(page: str) -> str:
    return re.sub(r"\s+", " ", " ".join(Reader(re.sub("</?data[^>]*>", "", page)).text))


FRONT = ["do", "sure", "stuck", "break", "unknown", "reach", "annexes"]


def test_the_parts_come_in_the_order_of_a_brief(full: Brief) -> None:
    """Catches a part that is lost or moved."""
    assert sections(full.html) == [
        *FRONT,
        "steps",
        "demands",
        "holding",
        "draws",
        "orders",
        "speed",
        "possible",
        "conflict",
        "beyond",
        "provisions",
        "ahead",
        "contingencies",
        "values",
        "method",
    ]


def test_parts_without_content_are_absent() -> None:
    """Catches an empty heading: a case without orders, agreements, demands and evidence has none of these parts."""
    bare = harbour(orders=[], agreements={}, demands=[])
    assert sections(bare.html) == [
        *FRONT,
        "steps",
        "demands",
        "holding",
        "draws",
        "speed",
        "possible",
        "conflict",
        "beyond",
        "ahead",
        "contingencies",
        "values",
        "method",
    ]
    assert 'id="chart-deadlock"' not in bare.html
    assert "None" not in words(bare.html).replace("None of them", "")


def test_without_a_roadmap_the_page_says_why() -> None:
    """Catches a brief that fails or falls silent on a negative answer."""
    found = nothing()
    assert sections(found.html) == ["stuck", "unknown", "reach", "annexes", "demands", "beyond", "values", "method"]
    text = words(found.html)
    assert "there is nothing to agree on: no set of the measures makes somebody better off and nobody worse off" in text
    assert "No roadmap is offered." in text
    assert "Alder would still be 10 units short of no deal" in text


def test_every_step_measure_order_and_provision_is_told(full: Brief) -> None:
    """Catches anything of the case that does not reach the reader."""
    text = words(full.html)
    titles = [m.title for m in full.case.measures.values()]
    titles += [o.title for o in full.case.orders] + [p.title for p in full.case.agreements["pact"].provisions]
    assert [t for t in titles if t not in text] == []
    for part in (
        "Fishing licences issued, part 1 of 2",
        "In force already: Moorings kept open.",
        "Carried out in full by mid-May 2020.",
        "Carried out in part.",
        "Not reached.",
        "No measure of the case carries it out.",
        "The buoys were moved twice",
        "Log of the harbour, The harbour master, 2019",
        "The case names 1 risk",
    ):
        assert part in text, part


def test_figures_agree_with_the_findings(full: Brief) -> None:
    """Catches a headline figure that is not the one computed."""
    text = words(full.html)
    rows = full.plan.certificate.rows
    assert f"{rows} conditions were recomputed" in text
    assert "every one holds" in text
    assert "5 of 7 measures are carried out" in text
    assert "Of 3 signed provisions, 1 would be carried out in full" in text
    # 2 x 2 + 2 terms, 2 x 1 trust, discount, 1 red line; 16 values, 1 once; 1 irreversible, 1 lag, 3 signals
    assert "31 judged values" in text


def test_no_id_of_the_case_stands_in_the_text(full: Brief) -> None:
    """Catches an id where a name belongs."""
    said = words(full.html)
    assert not re.search(r"patrols-first|licences/1|not_before|red_line|\bpact\b", said)


def test_hostile_text_stays_text(strained: Brief) -> None:
    """Catches a title that becomes an element, in the page or in a picture."""
    page = Reader(strained.html)
    assert page.open == []
    assert page.scripts == 1
    assert HOSTILE not in strained.html
    assert html.escape(HOSTILE, quote=False)[:20] in strained.html
    assert ARABIC in strained.html


def test_tags_close_and_ids_are_unique(full: Brief, strained: Brief) -> None:
    """Catches markup that browsers repair in different ways, links into nowhere, and pictures that share a name."""
    for found in (full, strained, one_phase(), nothing()):
        page = Reader(found.html)
        assert page.open == []
        assert len(page.ids) == len(set(page.ids))
        targets = {link[1:] for tag, link in page.links if link.startswith("#")}
        assert targets <= set(page.ids)


def test_nothing_is_fetched(full: Brief) -> None:
    """Catches a font, a picture or a script from elsewhere; links that a reader may follow are no fetch."""
    page = Reader(full.html)
    assert [link for tag, link in page.links if tag != "a"] == ["data:,"]
    assert "@import" not in full.html
    assert "url(" not in full.html
    assert "default-src 'none'" in full.html


def test_every_picture_has_a_name_and_a_description(full: Brief) -> None:
    """Catches a picture that is silent to those who cannot see it."""
    pictures = re.findall(r'<svg [^>]*class="picture[^>]*>', full.html)
    assert len(pictures) >= 10
    for picture in pictures:
        names = re.search(r'role="img"', picture) and re.search(r'aria-labelledby="([^"]+)"', picture)
        assert names, picture
        for name in names[1].split():
            assert re.search(rf'id="{name}">[^<]{{10,}}<', full.html), name


def test_the_same_case_gives_the_same_bytes(full: Brief) -> None:
    """Catches the date of today, the order of a set, an address in memory."""
    again = placed(load(HARBOUR), HARBOUR_STEPS)
    assert again.html == full.html
    assert again.to_dict() == full.to_dict()


def test_a_large_case_stays_under_a_megabyte(strained: Brief) -> None:
    """Catches pictures whose size grows with the square of the case."""
    assert len(strained.html.encode()) < 1_000_000


def test_no_exclamation_and_no_unfinished_sentence(full: Brief) -> None:
    """Catches a tone that is not that of a brief, and doubled or missing full stops."""
    text = words(full.html)
    assert "!" not in text
    assert not re.search(r"\.\.|\s\.|None\.|\bNone\b(?! of)", text)


def test_json_gives_everything(full: Brief) -> None:
    """Catches a part that only the page knows."""
    data = full.to_dict()
    assert list(data) == [
        *("case", "diagnosis", "plan", "preparation", "comparison", "positions", "record", "assessment", "forecasts", "misses")
    ]
    assert data["case"] == full.case.to_dict()
    assert data["plan"] == full.plan.to_dict()
    assert data["diagnosis"] == full.diagnosis.to_dict()


def test_it_is_saved_whole_or_not_at_all(full: Brief, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches another name than the slug's, half a file, and an unwritable place without a message."""
    monkeypatch.chdir(tmp_path)
    assert full.save() == Path("harbour.html")
    assert Path("harbour.html").read_text(encoding="utf-8") == full.html
    with pytest.raises(OutputError, match="cannot be written"):
        full.save(tmp_path / "nowhere" / "x.html")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["harbour.html"]


def test_findings_about_another_case_are_refused(full: Brief) -> None:
    """Catches a brief that mixes two cases; also where the other plan is an empty one."""
    other = nothing()
    with pytest.raises(InputError, match=r"the plan is about case 'nothing', not 'harbour'"):
        brief(full.case, plan=other.plan)
    with pytest.raises(InputError, match="the diagnosis is about case 'nothing'"):
        brief(full.case, diagnosis=other.diagnosis)


def test_a_notebook_shows_the_page_in_a_frame(full: Brief) -> None:
    """Catches a page whose style would spill into the notebook."""
    shown = full._repr_html_()
    assert shown.startswith("<iframe srcdoc=")
    assert html.unescape(shown.split('"')[1]) == full.html
