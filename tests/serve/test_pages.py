"""The pages of a case: what was found by the questions people come with, its numbers, its record, its texts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markupsafe import escape
from starlette.testclient import TestClient

from benches import Open
from briefcases import HOSTILE, harbour
from detente.case.library import slugs
from detente.case.load import load
from detente.serve.pages.entries import parsed
from detente.serve.pages.told import PAGES, sections_of, verdict_of

CASE = "toy-exchange"
RECORDED = "us-dprk-2019"


@pytest.fixture
def client(workbench: Open) -> TestClient:
    """A browser in a workbench with two cases."""
    made = workbench.inside()
    for slug in (CASE, RECORDED):
        assert made.post(f"/api/cases/{slug}/begin").status_code == 201
    return made


def test_a_brief_is_taken_apart_without_a_loss() -> None:
    """Catches a section of the page that no question of the workbench tells, or one that is cut short or told twice."""
    html = harbour().page(annexes=True)
    found = sections_of(html)
    anchors = set(re.findall(r'<section aria-labelledby="([\w-]+)"', html.split('<nav class="list"')[0]))
    anchors |= set(re.findall(r'<details class="annex[^>]*>\s*<summary><h2 id="([\w-]+)"', html))
    assert len(anchors) > 12
    assert set(found) == anchors
    assert {a for page in PAGES.values() for a in page} >= anchors
    assert sum(len(page) for page in PAGES.values()) == len({a for page in PAGES.values() for a in page})
    for anchor, text in found.items():
        assert text.count("<div") == text.count("</div>"), anchor
        assert text.count("<details") == text.count("</details>") == text.count("<summary>"), anchor
        assert "<script" not in text, anchor
    words = len(re.sub(r"<[^>]+>", " ", html.split("<main>")[1]).split())
    told = sum(len(re.sub(r"<[^>]+>", " ", text).split()) for text in found.values())
    assert told > 0.85 * words
    assert verdict_of(html)
    assert verdict_of("<p>another page</p>") == ""


def test_links_between_sections_lead_to_the_page_where_they_stand() -> None:
    """Catches a link of the brief that leads nowhere in the workbench."""
    found = sections_of(harbour().page(annexes=True))
    links = {link for text in found.values() for link in re.findall(r'href="([^"]+)"', text) if not link.startswith("http")}
    assert links
    for link in links:
        page, _, anchor = link.partition("#")
        assert page in PAGES, link
        assert any(f'id="{anchor}"' in found[a] for a in PAGES[page] if a in found), link


def test_every_question_shows_what_was_found(workbench: Open, client: TestClient) -> None:
    """Catches a page that is empty though something was found, one that says its title
    twice, and one that hides that the case was changed since."""
    for page in PAGES:
        answer = client.get(f"/cases/{CASE}/{page}")
        assert answer.status_code == 200
        assert "Nothing has been worked out" in answer.text
    html = harbour().page(annexes=True)
    workbench.finished(CASE, "brief", {"case": CASE, "title": "A harbour", "party": None, "html": html})
    found = sections_of(html)
    for page, anchors in PAGES.items():
        text = client.get(f"/cases/{CASE}/{page}").text
        assert "which is the newest" in text
        for anchor in anchors:
            assert (f'aria-labelledby="{anchor}"' in text) == (anchor in found), anchor
        assert text.count("told same") == (page in ("stuck", "roadmap", "wrong")), page  # a title is not said twice
    assert client.get(f"/cases/{CASE}/brief/page").text == html
    head = client.get(f"/api/cases/{CASE}").json()["revision"]
    changed = client.patch(f"/api/cases/{CASE}", json={"entries": {"parties.a.trust.b": 0.5}, "base": head})
    assert changed.status_code == 200
    assert "changed since" in client.get(f"/cases/{CASE}/stuck").text
    assert client.get("/cases/nowhere/stuck").status_code == 404


def test_the_style_of_the_brief_is_shared(client: TestClient) -> None:
    """Catches pages without the brief's style, or a policy that would refuse it."""
    page = client.get(f"/cases/{CASE}/stuck")
    assert 'href="/brief.css"' in page.text
    assert client.get("/brief.css").headers["content-type"].startswith("text/css")
    assert "style=" not in page.text
    assert not re.search(r"<script(?![^>]*\bsrc=)", page.text)


def test_the_first_page_says_what_there_is_to_begin_with(workbench: Open) -> None:
    """Catches a first page that leaves a newcomer with a bare slug, offers what is there already, or asks for a file before it
    shows an example."""
    made = workbench.inside()
    empty = made.get("/").text
    for slug in slugs():
        assert f'<option value="{slug}">{escape(load(slug).title)}</option>' in empty
    assert empty.index('action="/begin"') < empty.index('action="/take"')
    assert made.post("/begin", data={"slug": CASE}).headers["location"] == f"/cases/{CASE}"
    begun = made.get("/").text
    assert f'<option value="{CASE}">' not in begun
    assert begun.index(f'href="/cases/{CASE}"') < begun.index('action="/take"') < begun.index('action="/begin"')


def test_each_number_has_a_field(client: TestClient) -> None:
    """Catches a number of the file that has no field, or a field that shows another number."""
    text = client.get(f"/cases/{RECORDED}/entries").text
    case = load(RECORDED)
    for i, party in case.parties.items():
        for j, belief in party.trust.items():
            assert re.search(rf'value="parties\.{i}\.trust\.{j}">.*?name="value" value="{re.escape(belief.text)}"', text, re.S)
    for m, spec in case.measures.items():
        for i in spec.value:
            assert f'value="measures.{m}.value.{i}"' in text
    assert text.count("<details class=") == len(case.parties) + len(case.measures)


def test_a_number_is_saved_in_the_file_with_its_comments(workbench: Open, client: TestClient) -> None:
    """Catches a save that rewrites the file, takes what is no number, or loses what was typed."""
    before = workbench.bench.case(RECORDED).content or ""
    path = "parties.us.trust.dprk"
    wrong = client.post(f"/cases/{RECORDED}/entries", data={"path": path, "value": "[0.1, 0.2, 1.3]", "base": "1"})
    assert wrong.status_code == 422
    assert 'value="[0.1, 0.2, 1.3]"' in wrong.text
    assert "below 1" in wrong.text
    assert workbench.bench.case(RECORDED).content == before
    asked = {"path": path, "value": "[0.1, 0.2, 1.3]"}
    assert "below 1" in client.post(f"/cases/{RECORDED}/entries/try", json=asked).json()["error"]
    assert client.post(f"/cases/{RECORDED}/entries/try", json={**asked, "value": "0.2"}).json() == {"error": ""}
    right = client.post(f"/cases/{RECORDED}/entries", data={"path": path, "value": "[0.1, 0.2, 0.3]", "base": "1"})
    assert right.status_code == 303
    after = (workbench.bench.folder.root / f"{RECORDED}.yaml").read_text(encoding="utf-8")
    assert sum(a != b for a, b in zip(before.splitlines(), after.splitlines(), strict=True)) == 1
    assert float(workbench_case(workbench).parties["us"].trust["dprk"].likely) == 0.2


def test_a_demand_is_changed_and_shown_with_its_reasons(workbench: Open, client: TestClient) -> None:
    """Catches a demand whose evidence or reading is left out, or of which one entry changes another."""
    case = load(RECORDED)
    n, demand = next((n, d) for n, d in enumerate(case.demands) if d.evidence and d.firm == "low")
    shown = client.get(f"/cases/{RECORDED}/entries").text
    for each in case.demands:
        for id_ in each.evidence:
            assert str(escape(case.evidence[id_].says)) in shown
    given = {"path": f"demands[{n}].standing", "value": "false" if demand.standing else "true", "base": "1"}
    assert client.post(f"/cases/{RECORDED}/entries", data=given).status_code == 303
    made = load(str(workbench.bench.folder.root / f"{RECORDED}.yaml")).demands
    assert made[n] == demand.model_copy(update={"standing": not demand.standing})
    assert [d for m, d in enumerate(made) if m != n] == [d for m, d in enumerate(case.demands) if m != n]


def workbench_case(workbench: Open) -> object:
    """The case as it stands in the workspace."""
    return load(str(workbench.bench.folder.root / f"{RECORDED}.yaml"))


@pytest.mark.parametrize(
    "text", ["", " ", "{a: 1}", "[1, x]", "!!python/name:os.system", "&a [*a]", "1\n2", "x" * 301, "[.nan]", ".inf"]
)
def test_what_is_no_entry_is_refused(text: str) -> None:
    """Catches a field that takes more than a number, a range or a word: YAML in it must build nothing."""
    from detente.errors import InputError

    with pytest.raises(InputError, match="wanted a number, a range"):
        parsed(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.3", 0.3), ("-2", -2), ("[0.1, 0.3, 0.5]", [0.1, 0.3, 0.5]), ("small", "small"), ("-large", "-large"), ("true", True)],
)
def test_an_entry_is_read_as_the_file_has_it(text: str, value: object) -> None:
    """Catches a number that is kept as text, or rounded."""
    assert parsed(text) == value


def test_the_record_is_begun_with_what_is_bundled(workbench: Open, client: TestClient) -> None:
    """Catches a first entry that hides the record which comes with a case, or an entry that is not kept."""
    folder = workbench.bench.folder.root / "detente-record"
    assert "in the record that comes with the case" in client.get(f"/cases/{RECORDED}/record").text
    assert not folder.exists()
    item = next(iter(load(RECORDED).measures))
    given = {"item": item, "state": "full", "as_of": "2019-01-20", "party": load(RECORDED).measures[item].by[0]}
    before = client.get(f"/cases/{RECORDED}/record").text.count("<tr>")
    done = client.post(f"/cases/{RECORDED}/record/commit", data=given)
    assert (done.status_code, done.headers["location"]) == (303, f"/cases/{RECORDED}/record?added=1&known=0")
    assert folder.is_dir()
    after = client.get(f"/cases/{RECORDED}/record").text
    assert after.count("<tr>") >= before
    assert "local" in after
    wrong = client.post(f"/cases/{RECORDED}/record/commit", data={**given, "state": "ful", "as_of": "2019-02-31"})
    assert wrong.status_code == 422
    assert "did you mean" in wrong.text
    assert "2019-02-31" in wrong.text


def test_a_brief_is_of_the_record_that_it_was_made_from(workbench: Open, client: TestClient) -> None:
    """Catches a brief that is called the newest although something has been entered in the record since."""
    told = {"case": CASE, "title": "T", "party": None, "html": ""}
    for n in (1, 2):
        workbench.finished(CASE, "brief", told, record=workbench.bench.record())
        assert "which is the newest" in client.get(f"/cases/{CASE}/stuck").text
        rows = f"date,source,event,target\n2018-06-0{n},North Korea,Consult,United States\n".encode()
        assert client.post(f"/cases/{CASE}/record/import", files={"file": ("x.csv", rows)}).status_code == 303
        assert "changed since" in client.get(f"/cases/{CASE}/stuck").text


def test_a_file_of_events_is_imported(workbench: Open, client: TestClient) -> None:
    """Catches an upload that is not read, one that is read though it is none, and a name that leaves its folder."""
    rows = b"date,source,event,target\n2018-06-12,North Korea,Consult,United States\n2018-06-31,North Korea,Consult,Japan\n"
    sent = client.post(f"/cases/{CASE}/record/import", files={"file": ("../../etc/x.csv", rows)})
    assert sent.headers["location"] == f"/cases/{CASE}/record?added=1&known=0&aside=1"
    assert "1 added, 0 known already, 1 put aside" in client.get(sent.headers["location"]).text
    wrong = client.post(f"/cases/{CASE}/record/import", files={"file": ("x.csv", b"\x00\x01 no table")})
    assert wrong.status_code == 422
    assert "/tmp/" not in wrong.text
    assert sorted(p.name for p in workbench.bench.folder.root.iterdir() if not p.name.endswith(".yaml")) == [
        ".detente",
        "detente-record",
    ]


def reading(workbench: Open, name: str, content: str) -> None:
    """What was found in a text, as the task gives it: one claim, and one passage that makes a reading."""
    item = next(iter(load(RECORDED).measures))
    party = load(RECORDED).measures[item].by[0]
    quote = content.split(".")[0] + "."
    at = {"text": 0, "start": 0, "end": len(quote), "quote": quote}
    entry = {
        **{"item": item, "party": party, "due": "", "as_of": "2019-01-21", "state": "full", "reader": name},
        **{"evidence": f"{name}, characters 0 to {len(quote)}", "note": quote},
    }
    claim = {**at, "type": "demand", "by": "dprk", "to": "us", "modality": "wanted", "negated": False, "confidence": 0.9}
    passage = {**at, "item": item, "likeness": 0.9, "said": "done", "told_by": None, "party": party, "date": "2019-01-21"}
    result = {
        **{"texts": [{"source": name, "characters": len(content)}], "claims": [claim], "names": {"dprk": "North Korea"}},
        **{"passages": [{**passage, "entry": entry}], "entries": [entry], "notes": []},
    }
    workbench.finished(RECORDED, "read", result, name=name, content=content)


def test_a_claim_is_accepted_into_the_case_and_a_report_into_the_record(workbench: Open, client: TestClient) -> None:
    """Catches a claim that goes anywhere unaccepted, an evidence without its words, and a text that could write markup."""
    content = f"The northern side wants {HOSTILE} first. Another sentence."
    reading(workbench, "report.txt", content)
    kept = workbench.bench.texts.keep(RECORDED, "report.txt", content, author="ana")
    place = f"/cases/{RECORDED}/texts/{kept.id}"
    shown = client.get(place).text
    assert "<script>document" not in shown
    keys = re.findall(r'name="claim" value="([^"]+)"', shown)
    assert [key.partition("-")[0] for key in keys] == ["passage", "demand"]
    before = workbench.bench.case(RECORDED)
    assert client.post(f"{place}/decide", data={"claim": "demand-1-2", "decision": "accepted"}).status_code == 404
    assert client.post(f"{place}/decide", data={"claim": keys[1], "decision": "maybe"}).status_code == 422
    assert client.post(f"{place}/decide", data={"claim": keys[1], "decision": "struck"}).status_code == 303
    assert workbench.bench.case(RECORDED).revision == before.revision
    for key in keys:
        assert client.post(f"{place}/decide", data={"claim": key, "decision": "accepted"}).status_code == 303
    case = workbench_case(workbench)
    added = [e for name, e in case.evidence.items() if name.startswith("text-")]
    assert [e.says for e in added] == [" ".join(content.split(".")[0].split()) + "."]
    assert case.sources[added[0].source].title == "report.txt"
    assert "report.txt" in client.get(f"/cases/{RECORDED}/record").text
    assert client.post(f"{place}/decide", data={"claim": keys[1], "decision": "accepted"}).status_code == 303
    assert workbench.bench.case(RECORDED).revision == before.revision + 1
    assert workbench.bench.texts.keep(RECORDED, "other.txt", content, author="ben").id == kept.id


def test_what_is_no_text_is_not_taken(workbench: Open, client: TestClient) -> None:
    """Catches an upload that ends in a fault of ours, or shows where on this machine it was put."""
    for name, content in (
        ("a.pdf", b"%PDF-1.4 broken"),
        ("b.docx", b"PK\x03\x04 broken"),
        ("c.txt", b""),
        ("d", b"\xff\xfe\x00"),
    ):
        answer = client.post(f"/cases/{CASE}/texts", files={"file": (name, content)})
        assert answer.status_code == 422, name
        assert "/tmp/" not in answer.text
    assert workbench.bench.texts.of(CASE) == []


def test_an_upload_must_bring_its_token(workbench: Open) -> None:
    """Catches a form with a file that is taken from another site, or one of ours that is refused without a script."""
    client = workbench.inside()
    client.post(f"/api/cases/{CASE}/begin")
    token = client.headers.pop("x-csrf-token")
    file = {"file": ("x.csv", b"date,source,event,target\n2018-06-12,North Korea,Consult,United States\n")}
    sent = {"origin": workbench.origin}
    place = f"/cases/{CASE}/record/import"
    assert client.post(place, files=file, headers=sent).status_code == 403
    assert client.post(place, files=file, data={"csrf": "x" * 43}, headers=sent).status_code == 403
    assert client.post(place, files=file, data={"other": token}, headers=sent).status_code == 403
    assert client.post(place, files=file, data={"csrf": token}, headers={"origin": "http://evil.example"}).status_code == 403
    assert client.post(place, files=file, data={"csrf": token}, headers=sent).status_code == 303


def test_who_may_only_read_changes_nothing(team: Open) -> None:
    """Catches a page on which a reader could enter, import, accept or save."""
    ana = team.account("ana", "edit")
    assert ana.post(f"/api/cases/{CASE}/begin").status_code == 201
    reader = team.account("rita", "read")
    for page in (*PAGES, "entries", "record", "texts", "brief"):
        shown = reader.get(f"/cases/{CASE}/{page}")
        assert shown.status_code == 200
        assert not re.search(r'<form method="post" action="/cases/[^"]+/(?:jobs|record|texts)', shown.text), page
    for place, data in (
        ("entries", {"path": "parties.a.trust.b", "value": "0.5", "base": "1"}),
        ("record/commit", {"item": "give-a", "state": "full", "as_of": "2018-06-01"}),
    ):
        assert reader.post(f"/cases/{CASE}/{place}", data=data).status_code == 403
    assert reader.post(f"/cases/{CASE}/texts", files={"file": ("x.txt", b"x")}).status_code == 403


def test_a_case_of_ones_own_is_taken(workbench: Open, client: TestClient) -> None:
    """Catches a file that is taken with faults, under another name than its own, or over one that stands there."""
    text = (workbench.bench.case(CASE).content or "").replace(f"case: {CASE}", "case: valley")
    taken = client.post("/take", files={"file": ("C:\\Cases\\Valley.yaml", text.encode())})
    assert taken.headers["location"] == "/cases/valley"
    assert (workbench.bench.folder.root / "valley.yaml").read_text(encoding="utf-8") == text
    again = client.post("/take", files={"file": ("valley.yaml", text.replace("title: ", "title: Another ").encode())})
    assert again.status_code in (409, 422)
    assert (workbench.bench.folder.root / "valley.yaml").read_text(encoding="utf-8") == text
    wrong = client.post("/take", files={"file": ("river.yaml", text.encode())})
    assert wrong.status_code == 422
    assert "case: got" in wrong.text
    for name, content in (("a.yaml", b"\xff\xfe"), ("b.yaml", b"{"), ("c.xlsx", b"PK\x03\x04"), ("d", b"")):
        answer = client.post("/take", files={"file": (name, content)})
        assert answer.status_code == 422, name
        assert "/tmp/" not in answer.text
    assert workbench.bench.slugs() == [CASE, RECORDED, "valley"]
    pytest.importorskip("openpyxl", reason="SPREADSHEET TESTS SKIPPED: pip install 'detente[xlsx]'")
    sheet = client.get("/template.xlsx")
    assert sheet.content.startswith(b"PK")
    assert client.post("/take", files={"file": ("empty.xlsx", sheet.content)}).status_code == 422


def test_names_that_look_alike_have_answers_of_their_own(team: Open) -> None:
    """Catches two people whose answers are kept in one file, and one who answers in the name of another."""
    from detente.ask.answers import file_of
    from detente.serve.access.person import plain_name

    names = ["ana", "Ana", "Ana.", "ana-", "-ana", "\N{CYRILLIC CAPITAL LETTER A}", "\N{CYRILLIC CAPITAL LETTER BE}", "a" * 100]
    names += ["a" * 99, "../ana", "somebody", "ana\N{RIGHT-TO-LEFT OVERRIDE}", plain_name("Ana."), "", " "]
    assert len({file_of(workbench_folder(team), CASE, plain_name(name)) for name in names}) == len(names)
    ana, ben = team.account("Ana.", "edit"), team.account("ben", "edit")
    assert ana.post(f"/api/cases/{CASE}/begin").status_code == 201
    forged = {"task": "ask", "slug": CASE, "options": {"who": plain_name("Ana."), "undo": True, "turn": "x"}}
    assert ben.post("/api/jobs", json=forged).status_code == 422
    assert ben.post("/api/jobs", json={**forged, "options": {"who": "../../x"}}).status_code == 422
    started = ben.post("/api/jobs", json={**forged, "options": {"turn": "x"}}).json()
    assert started["options"]["who"] == "ben"
    ben.post(f"/api/jobs/{started['id']}/cancel")


def workbench_folder(opened: Open) -> Path:
    """The workspace."""
    return opened.bench.folder.root


def test_a_party_sees_its_brief_and_nothing_else(team: Open) -> None:
    """Catches a page, file, stream or address that tells a party what it must not see, or a page without style."""
    ana = team.account("ana", "edit")
    assert ana.post(f"/api/cases/{CASE}/begin").status_code == 201
    for party in ("a", "b"):
        team.finished(CASE, "brief", {"case": CASE, "title": "T", "party": party, "html": f"only of {party}"}, party=party)
    team.finished(CASE, "brief", {"case": CASE, "title": "T", "party": None, "html": "of all", "plan": {"entry": {}}})
    pia = team.account("pia", "party", f"{CASE}/a")
    assert pia.get("/mine/brief").text == "only of a"
    assert pia.get("/brief.css").status_code == 200
    jobs = [job.id for job in team.bench.jobs.jobs(CASE)]
    places = [f"/cases/{CASE}/{page}" for page in (*PAGES, "entries", "record", "texts", "brief", "draft", "ask", "versions")]
    places += [
        f"/cases/{CASE}",
        f"/cases/{CASE}/brief/page?party=b",
        f"/cases/{CASE}/draft/roadmap.json",
        "/api/cases",
        "/api/jobs",
    ]
    places += [place for id_ in jobs for place in (f"/jobs/{id_}", f"/api/jobs/{id_}", f"/api/jobs/{id_}/events")]
    for place in places:
        assert pia.get(place).status_code == 403, place
        assert pia.post(place, data={}).status_code == 403, place
    assert "of all" not in pia.get("/mine/").text + pia.get("/").text


def test_a_case_that_was_broken_outside_leads_on(workbench: Open, client: TestClient) -> None:
    """Catches a page of a case with faults that fails, or leaves its reader without a way to where it can be mended."""
    workbench.bench.texts.keep(CASE, "a.txt", "We will open the gate.", author="ana")
    text = workbench.bench.texts.of(CASE)[0]["id"]
    (workbench_folder(workbench) / f"{CASE}.yaml").write_text(f"case: {CASE}\nparties: 3\n", encoding="utf-8")
    pages = (*PAGES, "entries", "record", "texts", f"texts/{text}", "brief", "draft", "ask", "versions")
    for page in pages:
        shown = client.get(f"/cases/{CASE}/{page}", headers={"accept": "text/html"})
        assert shown.status_code in (200, 422), page
        assert "a fault of ours" not in shown.text
        assert f'<a href="/cases/{CASE}">' in shown.text.split("</nav>")[-1], page
        assert 'role="alert"' in shown.text, page
    assert client.get(f"/cases/{CASE}").status_code == 200
    assert client.get("/").status_code == 200
    asked = {"accept": "text/html"}
    assert "<h1>The file is no case" in client.get(f"/cases/{CASE}/entries", headers=asked).text
    assert "<h1>The file is no case" not in client.get(f"/cases/{RECORDED}/versions?old=7", headers=asked).text
    assert "/cases/nowhere" not in client.get("/cases/nowhere/entries", headers=asked).text


def test_a_text_is_read_once_and_again_only_when_asked(workbench: Open, client: TestClient) -> None:
    """Catches a page that begins work by being looked at: a reading that fails would be begun anew without end."""
    kept = workbench.bench.texts.keep(CASE, "a.txt", "We will open the gate.", author="ana")
    place = f"/cases/{CASE}/texts/{kept.id}"
    assert "Read it again" in client.get(place).text
    assert workbench.bench.jobs.jobs(CASE) == []
    assert client.post(f"{place}/read").status_code == 303
    job = workbench.bench.jobs.jobs(CASE)[0]
    workbench.bench.jobs.cancel(job.id)
    for _ in range(2):
        assert "cancelled" in client.get(place).text
    assert len(workbench.bench.jobs.jobs(CASE)) == 1
    assert "content" not in workbench.bench.jobs.job(job.id).to_dict(result=False)["options"]  # type: ignore[operator]


def test_two_reports_in_the_same_words_are_decided_apart(workbench: Open, client: TestClient) -> None:
    """Catches an acceptance that is taken for another measure of the same sentence, and one that an undo has taken back."""
    content = "The gate was opened on 21 January 2019. Another sentence."
    reading(workbench, "report.txt", content)
    job = workbench.bench.jobs.latest("read", RECORDED)
    assert job is not None
    told = job.to_dict()["result"]
    other = list(load(RECORDED).measures)[1]
    passages = [*told["passages"], {**told["passages"][0], "item": other, "entry": None}]  # type: ignore[index]
    workbench.finished(RECORDED, "read", {**told, "passages": passages}, name="two.txt", content=content)  # type: ignore[dict-item]
    kept = workbench.bench.texts.keep(RECORDED, "two.txt", content, author="ana")
    place = f"/cases/{RECORDED}/texts/{kept.id}"
    keys = re.findall(r'name="claim" value="([^"]+)"', client.get(place).text)
    assert len(keys) == len(set(keys)) == 3
    demand = next(key for key in keys if key.startswith("demand"))
    assert client.post(f"{place}/decide", data={"claim": demand, "decision": "accepted"}).status_code == 303
    head = workbench.bench.case(RECORDED).revision
    assert client.post(f"/cases/{RECORDED}/step", data={"kind": "undo", "base": str(head)}).status_code == 303
    assert "taken out of the case since" in client.get(place).text
    assert client.post(f"{place}/decide", data={"claim": demand, "decision": "accepted"}).status_code == 303
    assert "taken out of the case since" not in client.get(place).text


def test_odd_uploads_end_in_words(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a name or content of a file that ends in a fault of ours, or that fills the disk or, unpacked, the memory."""
    import io
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("word/document.xml", "w") as out:
        for _ in range(20):
            out.write(b" " * 1_000_000)
    for place in (f"/cases/{CASE}/texts", f"/cases/{CASE}/record/import", "/take"):
        for name, content in (
            ("b.docx", packed.getvalue()),
            ("\U00020000" * 120 + ".csv", b"\xff"),
            ("..", b"\xff"),
            ("CON", b"\xff"),
        ):
            answer = client.post(place, files={"file": (name, content)}, headers={"accept": "text/html"})
            assert answer.status_code == 422, (place, name)
            assert "/tmp/" not in answer.text
        missing = client.post(place, data={"file": "none"})
        assert "choose a file" in missing.json()["error"]
        with monkeypatch.context() as bounds:
            bounds.setenv("DETENTE_LIMITS", "table-bytes=20")
            long = client.post(place, files={"file": ("long.csv", b"x" * 21)})
        assert long.status_code == 422
        assert "long.csv: more than 20 bytes" in long.text


def test_an_entry_that_is_not_on_the_page_is_refused_in_sight(client: TestClient) -> None:
    """Catches a save that fails without a word on the page."""
    for path in ("nowhere.x", "parties", "x" * 400, "demands[0].firm"):
        wrong = client.post(f"/cases/{CASE}/entries", data={"path": path, "value": "<b>never</b>", "base": "1"})
        assert wrong.status_code == 422
        alert = wrong.text.split('role="alert">')[1].split("</pre>")[0]
        assert "&lt;b&gt;never" in alert
        assert path in alert


@pytest.mark.parametrize(
    ("typed", "fine"),
    [
        ({"low": "1", "high": "2", "best": "1,5", "sure": "80 %"}, True),
        ({"low": "1", "high": "2", "best": "1.5", "sure": "0.8"}, False),  # 0.8 % or 80 %
        ({"low": "1", "high": "2", "best": "1.5", "sure": "1"}, False),
        ({"low": "1", "high": "2000", "best": "1,500", "sure": "80"}, False),  # one and a half, or 1500
        ({"low": "nan", "high": "2", "best": "1.5", "sure": "80"}, False),
        ({"low": "1e999", "high": "2", "best": "1.5", "sure": "80"}, False),
        ({"low": "", "high": "2", "best": "1.5", "sure": "80"}, False),
    ],
)
def test_a_number_that_can_be_read_in_two_ways_is_refused(client: TestClient, typed: dict[str, str], fine: bool) -> None:
    """Catches an answer that is kept as another number than was meant, and one that is lost when it is refused."""
    answer = client.post(f"/cases/{CASE}/ask/answer", data={"id": "x", "turn": "", "because": "my reason", **typed})
    assert answer.status_code == (303 if fine else 422)


def test_a_job_is_started_again_as_it_was(workbench: Open, client: TestClient) -> None:
    """Catches the brief of a party that becomes the brief of all when it is started again."""
    asked = {"task": "brief", "party": "a"}
    place = client.post(f"/cases/{CASE}/jobs", data=asked).headers["location"]
    client.post(f"{place}/cancel")
    assert "Start again" in client.get(place).text
    again = client.post(f"{place}/again").headers["location"]
    job = workbench.bench.jobs.job(again.removeprefix("/jobs/"))
    assert job.options["party"] == "a"
    client.post(f"{again}/cancel")


def test_names_write_no_markup(workbench: Open, client: TestClient) -> None:
    """Catches a name that becomes markup, a template or part of another attribute on any page of a case."""
    bad = "x\" onclick=y 'z</title></mark><script>alert(1)</script>{{ 7 * 7 }} \N{HEBREW LETTER ALEF}" + "w" * 120
    text = load(CASE).text
    written = bad.replace("'", "''")
    for old in (load(CASE).title, "Party A", "A gives"):
        assert f": {old}\n" in text
        text = text.replace(f": {old}\n", f": '{written}'\n")
    saved = client.put(f"/api/cases/{CASE}", json={"content": text, "base": 1})
    assert saved.status_code == 200, saved.text
    entry = {m.id: 0 for m in load(CASE).instance.measures}
    workbench.bench.drafts.save(CASE, entry, base=0, author=bad, reason=bad)
    workbench.bench.texts.keep(CASE, bad, bad, author=bad)
    text_id = workbench.bench.texts.of(CASE)[0]["id"]
    pages = (*PAGES, "entries", "record", "texts", f"texts/{text_id}", "brief", "draft", "ask", "versions")
    for page in ["/", f"/cases/{CASE}", *(f"/cases/{CASE}/{page}" for page in pages)]:
        shown = client.get(page)
        assert shown.status_code == 200, page
        assert "<script>alert" not in shown.text, page
        assert not re.search(r'="x" onclick', shown.text), page
        assert "49" not in re.findall(r"</script>(.*?)w{9}", shown.text), page
        assert shown.text.count("</title>") == len(re.findall("<title[ >]", shown.text)), page
