"""Long lists come a page at a time, with a limit that holds."""

from __future__ import annotations

import re
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from benches import Open
from detente.serve.api.listed import MOST, SHOWN, USUAL
from detente.serve.store.database import now

CASE = "toy-exchange"
MANY = 450  # more than two pages of the usual length


@pytest.fixture
def client(workbench: Open) -> TestClient:
    """A browser over many versions, jobs and entries of the log; three of each were made in the same moment."""
    bench = workbench.bench
    bench.begin(CASE, author="ana")
    moment = now()
    with bench.database.transaction() as at:
        at.run("delete from audit where who <> ''")
        for n in range(1, MANY + 1):
            when = f"{moment}{n // 3:04}"
            at.insert("audit", id=f"{n:04}", at=when, who="", what="save", about=str(n), address="")
            at.insert(
                "asides", id=f"{n:04}", path=f"{CASE}.yaml", base=1, head=2, author="bo", at=when, reason="", content="x",
                at_paths="[]", settled=None,
            )  # fmt: skip
            at.insert("texts", id=f"{n:04}", slug=CASE, name=f"note {n}", digest="", content="x" * n, author="bo", at=when)
            at.insert(
                "jobs", id=f"{n:04}", task="plan", slug=CASE, key="k", input="", options="{}", state="done", author="ana",
                at=when, ended=when, progress="{}", result=None, error=None,
            )  # fmt: skip
            if n > 1:
                at.insert(
                    "versions", path=f"{CASE}.yaml", revision=n, kind="edit", shown=None, author="ana", at=when, reason="",
                    digest="x", content="x",
                )  # fmt: skip
    return workbench.inside()


def everything(client: TestClient, path: str) -> list[list[dict[str, Any]]]:
    """The pages of a list, one after the other."""
    pages = []
    while path:
        answer = client.get(path)
        assert answer.status_code == 200
        pages.append(answer.json())
        path = answer.links.get("next", {}).get("url", "")
        assert len(pages) < 1000
    return pages


@pytest.mark.parametrize(
    ("path", "key", "wanted"),
    [(f"/api/cases/{CASE}/versions", "revision", list(range(MANY, 0, -1))),
     (f"/api/jobs?slug={CASE}", "id", [f"{n:04}" for n in range(MANY, 0, -1)]),
     ("/api/jobs", "id", [f"{n:04}" for n in range(MANY, 0, -1)]),
     (f"/api/cases/{CASE}/asides", "id", [f"{n:04}" for n in range(MANY, 0, -1)])],
)  # fmt: skip
def test_pages_hold_every_entry_once(client: TestClient, path: str, key: str, wanted: list[object]) -> None:
    """Catches a list without end, and one of which a page leaves out or repeats what was made in the same moment."""
    pages = everything(client, path)
    assert [len(page) for page in pages] == [USUAL, USUAL, MANY - 2 * USUAL]
    assert [entry[key] for page in pages for entry in page] == wanted
    between = "&" if "?" in path else "?"
    small = everything(client, f"{path}{between}count=100")
    assert [len(page) for page in small] == [100, 100, 100, 100, 50]
    assert list(chain(*small)) == list(chain(*pages))


def test_the_log_comes_in_pages(client: TestClient) -> None:
    """Catches a log of which only the newest entries can be read; opening the address has added one."""
    pages = everything(client, "/api/admin/audit")
    told = [entry["about"] for page in pages for entry in page if entry["what"] == "save"]
    assert told == [str(n) for n in range(MANY, 0, -1)]
    assert [len(page) for page in pages] == [USUAL, USUAL, MANY + 1 - 2 * USUAL]


def test_the_guide_has_the_figures() -> None:
    """Catches a guide that promises pages of another length than those that come."""
    guide = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "workbench.md"
    said = " ".join(guide.read_text(encoding="utf-8").split())
    assert f"give the newest {USUAL:,}; `count` asks for up to {MOST:,}" in said


@pytest.mark.parametrize(
    "path", [f"/api/cases/{CASE}/{part}" for part in ("versions", "asides")] + ["/api/jobs", "/api/admin/audit"]
)
def test_a_page_has_its_limits(client: TestClient, path: str) -> None:
    """Catches a count that is taken as it comes, and an empty page where `before` names nothing."""
    assert len(client.get(f"{path}?count={MOST}").json()) >= MANY
    assert "link" not in client.get(f"{path}?count={MOST}").headers
    for count in ("0", "-1", str(MOST + 1), "x", ""):
        assert client.get(f"{path}?count={count}").status_code == 422
    assert client.get(f"{path}?before=none").status_code in (404, 422)


def test_the_page_of_a_case_lists_so_many_and_leads_on(client: TestClient) -> None:
    """Catches a page that grows with every save."""
    first = client.get(f"/cases/{CASE}").text
    assert first.count('name="revision"') == SHOWN - 1  # the newest cannot be restored
    older = MANY - SHOWN + 1
    assert f"/cases/{CASE}?before={older}#versions" in first
    last = client.get(f"/cases/{CASE}?before={SHOWN}").text
    assert last.count('name="revision"') == SHOWN - 1
    assert "?before=" not in last


@pytest.mark.parametrize(("page", "entry"), [("", r'action="/cases/[^"]*/asides/(\d+)"'), ("/texts", r'/texts/(\d+)"')])
def test_what_is_kept_for_a_case_comes_in_pages(client: TestClient, page: str, entry: str) -> None:
    """Catches a page with every conflict or every text of a year on it, and one that leads past some of them."""
    path, found = f"/cases/{CASE}{page}", []
    while path:
        shown = client.get(path).text
        ids = re.findall(entry, shown)
        assert 0 < len(ids) <= SHOWN
        found += ids
        on = re.search(r'href="([^"]*\?(?:aside|before)=\d+(?:#asides)?)">Older (?:conflicts|texts)<', shown)
        path = on[1].split("#")[0] if on else ""
    assert found == [f"{n:04}" for n in range(MANY, 0, -1)]
    assert client.get(f"/cases/{CASE}{page}?{'before' if page else 'aside'}=none").status_code == 404


def test_a_list_of_cases_counts_conflicts(client: TestClient) -> None:
    """Catches a count that stops where a page does; the case itself brings the newest, the oldest of them first."""
    assert [case["asides"] for case in client.get("/api/cases").json()] == [MANY]
    assert f"{MANY} changes in conflict" in client.get("/").text
    brought = [aside["id"] for aside in client.get(f"/api/cases/{CASE}").json()["asides"]]
    assert brought == [f"{n:04}" for n in range(MANY - USUAL + 1, MANY + 1)]


def test_undo_knows_a_version_that_is_on_no_page(workbench: Open) -> None:
    """Catches an undo that looks only as far back as a list does."""
    bench = workbench.bench
    bench.begin(CASE, author="ana")
    moment = now()
    with bench.database.transaction() as at:
        for n in range(2, MANY):
            at.insert(
                "versions", path=f"{CASE}.yaml", revision=n, kind="undo" if n > MANY // 2 else "edit",
                shown=MANY - n if n > MANY // 2 else None, author="ana", at=moment, reason="", digest="x", content="x",
            )  # fmt: skip
    undo, redo = bench.versions.steps(f"{CASE}.yaml")
    assert (undo, redo) == (None, 2)
