"""The JSON of the workbench: what it promises in its OpenAPI, and that nothing sent to it ends in a fault of ours."""

from __future__ import annotations

import itertools
import json
import queue
import random
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from benches import Open
from detente.case.load import load
from detente.serve.api import answers

TEXTS = [
    "",
    "x",
    "toy-exchange",
    "\0",
    "\ud800",
    "a" * 20_000,
    "../x",
    "%2e%2e%2f",
    "'; drop table versions; --",
    "\u202e",
    "{{ 1 }}",
]
NUMBERS = [-1, 0, 1, 2**31 - 1, 2**31, 10**30, 1.5, True, None, "1", "x", [], {}]
OBJECTS: list[Any] = [
    *({}, {"": 1}, {"a": 1}, {"title": "New"}, {"title": "\0"}, {"phases.count": 10**30}, {"parties[99999999999999999999]": 1}),
    *({"measures": {"x": []}}, {"x.y.z": None}, {"case": "other"}, [], None, "x", 1),
]
PATHS = ["toy-exchange", "none", "..", "%00", "%ff", "a" * 300, "1", "0", "-1", "99999999999999999999", "%F0%9F%98%80", "a%2Fb"]


def values(schema: dict[str, Any], whole: dict[str, Any]) -> list[Any]:
    """What may be sent for a schema: values of its kind at their ends, and values of others."""
    if "$ref" in schema:
        return bodies(whole["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], whole)
    kind = schema.get("type")
    return {"string": TEXTS, "integer": NUMBERS, "object": OBJECTS}.get(kind, [*TEXTS, *NUMBERS, *OBJECTS])  # type: ignore[arg-type]


def bodies(schema: dict[str, Any], whole: dict[str, Any]) -> list[Any]:
    """Objects of a schema: each key at each of its ends with the others as they should be, one left out, one too many."""
    sound = {"string": "toy-exchange", "integer": 1, "object": {}}
    keys = schema.get("properties", {})
    usual = {key: sound.get(inner.get("type", ""), "x") for key, inner in keys.items()}
    made: list[Any] = [usual, {**usual, "extra": 1}, [], None, "x"]
    for key, inner in keys.items():
        made += [{k: v for k, v in usual.items() if k != key}, *({**usual, key: value} for value in values(inner, whole))]
    return made


def requests(whole: dict[str, Any]) -> Iterator[tuple[str, str, str, Any]]:
    """Requests for every operation that the OpenAPI tells of: method, path as it stands there, path, and body."""
    for path, operations in whole["paths"].items():
        names = [name.split("}")[0] for name in path.split("{")[1:]]
        for method, about in operations.items():
            content = about.get("requestBody", {}).get("content", {}).get("application/json")
            sent = bodies({**content["schema"], **_resolved(content["schema"], whole)}, whole) if content else [None]
            usual = path.replace("{slug}", "toy-exchange").replace("{revision}", "1")
            for body in sent:
                yield method, path, usual.replace("{id}", "x").replace("{aside}", "x").replace("{name}", "ana"), body
            for name, value in itertools.product(names, PATHS):
                filled = path.replace(f"{{{name}}}", value)
                yield (
                    method,
                    path,
                    filled.replace("{slug}", "toy-exchange").replace("{revision}", "1").replace("{aside}", "x"),
                    sent[0],
                )
            for parameter in about.get("parameters", ()):
                if parameter["in"] == "query":
                    for value in ("", "x", "-1", "0", "99999999999999999999", "%00", "1.5"):
                        yield method, path, f"{usual}?{parameter['name']}={value}", sent[0]


def _resolved(schema: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    return dict(whole["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]) if "$ref" in schema else {}


@pytest.fixture
def client(workbench: Open, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """A browser that is in, over a workspace with a case; jobs are taken but not worked on."""
    monkeypatch.setattr(workbench.bench.jobs, "_waiting", queue.SimpleQueue())
    workbench.bench.begin("toy-exchange", author="ana")
    return workbench.inside()


def hold(answer: httpx.Response, about: dict[str, Any], asked: object) -> None:
    """That an answer is one that the OpenAPI tells of: its status, its kind, and every key of it."""
    told = about["responses"].get(str(answer.status_code))
    assert told is not None, (asked, answer.status_code, "is not told of")
    kind = answer.headers["content-type"].split(";")[0]
    assert kind in told["content"], (asked, kind)
    schema = told["content"][kind]["schema"]
    name = (schema.get("items") or schema)["$ref"].rsplit("/", 1)[1]
    for one in answer.json() if "items" in schema else [answer.json()]:
        getattr(answers, name).model_validate(one, strict=True)


def test_nothing_that_is_sent_ends_in_a_fault_of_ours(client: TestClient, workbench: Open) -> None:
    """Catches a value that a route passes on unchecked, and an answer that the OpenAPI does not tell of; the case must still
    be there and sound at the end, or its removal be a version like any other."""
    whole = client.get("/openapi.json").json()
    asked = list(requests(whole))
    assert len(whole["paths"]) > 15
    rng = random.Random(7)
    rng.shuffle(asked)
    statuses, held = set[int](), 0
    for method, template, path, body in asked[:700]:
        if path.endswith("/events"):
            continue
        headers = {"content-type": "application/json"}
        answer = client.request(method, path, content=json.dumps(body), headers=headers)
        statuses.add(answer.status_code)
        assert answer.status_code < 500, (method, path, body, answer.text)
        if answer.status_code == 422:
            assert answer.json()["error"], (method, path, body)
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), answer.request.url.path):  # else it is another's by now
            hold(answer, whole["paths"][template][method], (method, path, body))
            held += 1
    assert {200, 404, 409, 422} <= statuses
    assert held > 500
    history = workbench.bench.versions.history("toy-exchange.yaml")
    assert [v.revision for v in history] == list(range(1, len(history) + 1))


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b"", "application/json"), (b"{", "application/json"), (b"\xff\xfe", "application/json"),
     (b"[" * 100_000, "application/json"), (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "application/json"),
     (b"a=1", "application/x-www-form-urlencoded"),
     (b"x", "multipart/form-data; boundary=y"), (b"x", "multipart/form-data"), (b"{}", "text/plain"), (b"{}", "")],
)  # fmt: skip
def test_a_body_that_is_none_is_refused(client: TestClient, content: bytes, kind: str) -> None:
    """Catches a body that brings the reader down, or that is read as what it does not say it is."""
    for method, path in (
        ("PUT", "/api/cases/toy-exchange"),
        ("POST", "/api/jobs"),
        ("POST", "/begin"),
        ("POST", "/cases/toy-exchange"),
    ):
        answer = client.request(method, path, content=content, headers={"content-type": kind})
        assert 400 <= answer.status_code < 500, (path, answer.status_code)


def test_a_body_that_is_too_large_is_refused(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches an upload that fills the memory, with a length that is told and with one that is not."""
    monkeypatch.setenv("DETENTE_LIMITS", "bytes=20000")
    body = json.dumps({"content": "x" * 30_000, "base": 1}).encode()
    told = client.put("/api/cases/toy-exchange", content=body, headers={"content-type": "application/json"})
    untold = client.put("/api/cases/toy-exchange", content=iter([body]), headers={"content-type": "application/json"})
    form = client.post("/cases/toy-exchange", data={"content": "x" * 30_000, "base": "1"})
    early = client.put(
        "/api/cases/toy-exchange", content=b"{", headers={"content-type": "application/json", "content-length": "9" * 30}
    )
    assert [told.status_code, untold.status_code, form.status_code, early.status_code] == [413, 413, 413, 413]


def test_faults_stand_beside_their_lines(client: TestClient) -> None:
    """Catches a fault without its place, a faulty text that is saved, and a page that loses what was typed."""
    text = load("toy-exchange").text
    broken = text.replace("\nparties:", "\nparteis:", 1)
    line = broken[: broken.index("parteis")].count("\n") + 1
    checked = client.post("/api/cases/toy-exchange/check", json={"content": broken}).json()
    assert line in [fault["line"] for fault in checked["faults"]]
    assert client.put("/api/cases/toy-exchange", json={"content": broken, "base": 1}).status_code == 422
    page = client.post("/cases/toy-exchange", data={"content": broken, "base": "1"})
    assert page.status_code == 422
    assert "parteis:" in page.text
    assert f'data-line="{line}"' in page.text
    assert client.get("/api/cases/toy-exchange").json()["content"] == text


def test_an_entry_is_changed_in_the_file_itself(client: TestClient, workbench: Open) -> None:
    """Catches a change of a value that rewrites the file, or that wins over what another has changed."""
    text = load("toy-exchange").text
    title = client.patch("/api/cases/toy-exchange", json={"entries": {"title": "Another"}, "base": 1, "reason": "clearer"})
    assert title.status_code == 200
    after = client.get("/api/cases/toy-exchange").json()["content"]
    assert len(set(text.splitlines()) ^ set(after.splitlines())) == 2
    assert (workbench.bench.folder.root / "toy-exchange.yaml").read_text() == after
    late = client.patch("/api/cases/toy-exchange", json={"entries": {"title": "A third"}, "base": 1})
    assert late.status_code == 409
    told = late.json()
    assert told["head"]["content"] == after
    assert "A third" in told["aside"]["content"]
    assert "A third" in client.get("/cases/toy-exchange").text
    aside = told["aside"]["id"]
    taken = client.post(f"/api/cases/toy-exchange/asides/{aside}/take", json={"base": 2})
    assert taken.json()["revision"] == 3
    assert client.get("/api/cases/toy-exchange").json()["asides"] == []
    assert client.post("/api/cases/toy-exchange/undo", json={"base": 3}).json()["shown"] == 2
    assert client.post("/api/cases/toy-exchange/redo", json={"base": 4}).json()["shown"] == 3


def test_a_conflict_is_settled_on_its_page(client: TestClient) -> None:
    """Catches a conflict that can be seen and not settled, and a version that cannot be restored, without a script."""
    for title in ("B", "C", "D"):
        client.patch("/api/cases/toy-exchange", json={"entries": {"title": title}, "base": 1})
    first, second = client.get("/api/cases/toy-exchange").json()["asides"]
    page = client.get("/cases/toy-exchange").text
    assert f"/asides/{first['id']}" in page
    assert client.post(f"/cases/toy-exchange/asides/{first['id']}", data={"how": "take", "base": "2"}).status_code == 303
    assert client.post(f"/cases/toy-exchange/asides/{second['id']}", data={"how": "drop", "base": "3"}).status_code == 303
    told = client.get("/api/cases/toy-exchange").json()
    assert (told["asides"], told["content"]) == ([], first["content"])
    assert client.post("/cases/toy-exchange/restore", data={"revision": "1", "base": "3"}).status_code == 303
    assert client.get("/api/cases/toy-exchange").json()["content"] == load("toy-exchange").text
    assert client.post("/cases/none/restore", data={"revision": "1", "base": "3"}).status_code == 404


def test_a_case_is_removed_and_comes_back(client: TestClient, workbench: Open) -> None:
    """Catches a removal that cannot be undone, or a case that is gone from one place only."""
    place = workbench.bench.folder.root / "toy-exchange.yaml"
    assert client.delete("/api/cases/toy-exchange?base=1").status_code == 200
    assert not place.exists()
    assert client.get("/cases/toy-exchange").status_code == 404
    assert client.get("/api/cases").json() == []
    assert "Bring back" in client.get("/").text
    assert client.post("/cases/toy-exchange/restore", data={"base": "2", "revision": "1"}).status_code == 303
    assert "Bring back" not in client.get("/").text
    assert place.read_text() == load("toy-exchange").text
    assert [v["kind"] for v in client.get("/api/cases/toy-exchange/versions").json()] == ["restore", "delete", "new"]


def test_line_ends_of_a_form_are_not_a_change(client: TestClient, workbench: Open) -> None:
    """Catches a save from a browser, whose forms end lines in their own way, that changes every line."""
    text = load("toy-exchange").text
    answer = client.post("/cases/toy-exchange", data={"content": text.replace("\n", "\r\n"), "base": "1"})
    assert answer.status_code == 303
    assert len(workbench.bench.versions.history("toy-exchange.yaml")) == 1
    (workbench.bench.folder.root / "toy-exchange.yaml").write_bytes(text.replace("\n", "\r\n").encode())
    assert client.put("/api/cases/toy-exchange", json={"content": text + "# more\n", "base": 2}).status_code == 200
    assert (workbench.bench.folder.root / "toy-exchange.yaml").read_bytes() == (text + "# more\n").replace(
        "\n", "\r\n"
    ).encode()


def test_what_somebody_wrote_is_text_on_a_page(client: TestClient) -> None:
    """Catches a title, a reason or a name that becomes part of the page."""
    text = load("toy-exchange").text.replace("title:", 'title: "<script>alert(1)</script>"\nwas:', 1)
    client.put("/api/cases/toy-exchange", json={"content": text, "base": 1})
    reason = '"><img src=x onerror=alert(1)>'
    changed = {"entries": {"title": "<script>alert(2)</script>"}, "base": 1, "reason": reason}
    assert client.patch("/api/cases/toy-exchange", json=changed).status_code == 200
    for path in ("/", "/cases/toy-exchange"):
        page = client.get(path).text
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "alert(2)" in page


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [("DELETE", "/api/admin/accounts/nobody", None, 404), ("POST", "/api/cases/none/undo", {"base": 1}, 404),
     ("GET", "/api/cases/toy-exchange/versions/9", None, 404), ("GET", "/api/jobs/none", None, 404),
     ("POST", "/api/cases/toy-exchange/asides/none/drop", None, 404), ("POST", "/api/cases/toy-exchange/begin", None, 409),
     ("POST", "/api/cases/toy-exchange/undo", {"base": 1}, 409), ("DELETE", "/api/jobs", None, 405),
     ("POST", "/api/cases/toy-exchange/undo", {"base": 2**31 - 1}, 422)],
)  # fmt: skip
def test_a_status_says_what_is_wrong(client: TestClient, method: str, path: str, body: object, status: int) -> None:
    """Catches "your data are wrong" where a thing is not there or stands otherwise, and a wrong method told no other."""
    answer = client.request(method, path, json=body) if body else client.request(method, path)
    assert answer.status_code == status, answer.text
    assert answer.json()["error"]
    assert answer.headers.get("allow") == ("GET, POST" if status == 405 else None)
