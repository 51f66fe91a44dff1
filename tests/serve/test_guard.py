"""Nobody gets in who should not be: every route, every method, every way of asking."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from benches import HOME, Open, routes


def all_routes(workbench: Open) -> list[tuple[str, str]]:
    found = list(routes(workbench.app.app.routes))  # type: ignore[attr-defined]
    assert len(found) > 20
    assert ("GET", "/openapi.json") in found
    return found


@pytest.mark.parametrize("kind", ["workbench", "team"])
def test_no_route_is_reached_without_a_session(kind: str, request: pytest.FixtureRequest) -> None:
    """Catches a route, a file or a stream that is looked up before it is asked who comes."""
    bench: Open = request.getfixturevalue(kind)
    bench.bench.begin("toy-exchange", author="a")
    asked = bench.client()
    for method, path in all_routes(bench):
        for accept in ("text/html", "application/json", "text/event-stream"):
            answer = asked.request(method, path, headers={"accept": accept})
            assert answer.status_code in (401, 303), (method, path, answer.status_code)
            assert "toy-exchange" not in answer.text
            if answer.status_code == 303:
                assert answer.headers["location"] == "/login"
    assert asked.get("/no/such/path").status_code == 401


def test_health_is_open_and_nothing_else_of_it(workbench: Open) -> None:
    """Catches a health check that needs a login, or that lets something else through."""
    client = workbench.client()
    assert client.get("/healthz").status_code == 200
    assert client.post("/healthz").status_code == 401
    assert client.get("/healthz/").status_code == 401


def test_the_address_is_opened_once(workbench: Open) -> None:
    """Catches a token that lets in a second browser, or a redirect that keeps it in the address."""
    token = workbench.bench.access.link()
    first, second = workbench.client(), workbench.client()
    answer = first.get(f"/?token={token}")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert first.get("/").status_code == 200
    assert second.get(f"/?token={token}").status_code == 401
    assert second.get("/").status_code == 401
    assert first.get(f"/?token={token}").status_code == 303  # a reload by whoever is in


def test_the_address_can_be_opened_from_elsewhere(workbench: Open) -> None:
    """Catches a redirect that a mail or a file has begun, on which a browser does not send the cookie it was just given."""
    client = workbench.client()
    led = client.get(
        f"/?token={workbench.bench.access.link()}", headers={"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    )
    assert led.status_code == 200
    assert led.headers["refresh"] == "0; url=/"
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("token", ["", "x", "\u00e9", "0" * 10_000])
def test_a_wrong_token_lets_nobody_in(workbench: Open, token: str) -> None:
    """Catches a token that is compared in part, or that makes the guard fail."""
    workbench.bench.access.link()
    assert workbench.client().get("/", params={"token": token}).status_code == 401


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8321", "127.0.0.1:9", "127.0.0.1", "", "127.0.0.1:8321.evil.example"]
)
def test_another_name_for_this_machine_is_refused(workbench: Open, host: str) -> None:
    """Catches DNS rebinding: a site's own name that is made to point to 127.0.0.1."""
    client = workbench.inside()
    assert client.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("headers", [{"origin": "http://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"},
                                     {"sec-fetch-site": "same-site"}])  # fmt: skip
def test_a_request_that_another_site_has_caused_is_refused(workbench: Open, headers: dict[str, str]) -> None:
    """Catches a forged request from a page elsewhere, or from another port of this machine."""
    client = workbench.inside()
    assert client.post("/api/cases/toy-exchange/begin", headers=headers).status_code == 403
    assert client.get("/api/cases", headers=headers).status_code == 403
    assert client.get("/api/cases").json() == []


@pytest.mark.parametrize("name", ["host", "origin", "sec-fetch-site", "x-csrf-token"])
def test_a_header_that_is_sent_twice_is_not_believed(workbench: Open, name: str) -> None:
    """Catches a guard that looks at the first of two values, or at the last, where another program takes the other."""
    client = workbench.inside()
    sound = {"host": HOME.removeprefix("http://"), "origin": HOME, "sec-fetch-site": "same-origin"}
    sound["x-csrf-token"] = client.headers.pop("x-csrf-token")
    path = "/api/cases/toy-exchange/begin"
    for first, last in ((sound[name], "evil.example"), ("evil.example", sound[name]), (sound[name], sound[name])):
        twice = [*((key, value) for key, value in sound.items() if key != name), (name, first), (name, last)]
        assert client.post(path, headers=twice).status_code in (403, 421), (first, last)
    assert client.post(path, headers=sound).status_code == 201


def test_a_form_with_a_file_has_its_token_first(workbench: Open) -> None:
    """Catches a token that is looked for in the whole body, where a file that somebody else wrote could bring one."""
    client = workbench.inside()
    token = client.headers.pop("x-csrf-token")
    head = '--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    file = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.yaml"\r\n\r\n%s\r\n'
    sent = {"content-type": "multipart/form-data; boundary=x"}
    for parts in (file % "case: a", file % f"a\r\n{head % ('csrf', token)}", file % "a" + head % ("csrf", token),
                  head % ("other", token), head % ("csrf", "0" * 64), f"{token}\r\n{head % ('csrf', token)}"):  # fmt: skip
        assert client.post("/take", content=f"{parts}--x--\r\n".encode(), headers=sent).status_code == 403, parts
    sound = f"{head % ('csrf', token)}{file % 'case: ['}--x--\r\n"
    assert client.post("/take", content=sound.encode(), headers=sent).status_code == 422  # let in, and told that it is no case


def test_a_change_brings_the_token_of_its_session(workbench: Open) -> None:
    """Catches a change without a token, with that of another session, or with one in the wrong place."""
    client, other = workbench.inside(), workbench.inside()
    mine = client.headers.pop("x-csrf-token")
    theirs = other.headers["x-csrf-token"]
    assert mine != theirs
    path = "/api/cases/toy-exchange/begin"
    for headers in ({}, {"x-csrf-token": theirs}, {"x-csrf-token": ""}, {"x-csrf-token": f"{mine}, {mine}"}):
        assert client.post(path, headers=headers).status_code == 403
    assert client.post(f"{path}?csrf={mine}").status_code == 403
    assert client.post("/begin", data={"slug": "toy-exchange"}).status_code == 403
    assert client.get("/api/cases").json() == []
    assert client.post("/begin", data={"slug": "toy-exchange", "csrf": mine}).status_code == 303
    assert [case["slug"] for case in client.get("/api/cases").json()] == ["toy-exchange"]


def test_every_answer_carries_the_policy(workbench: Open) -> None:
    """Catches a page that could load from elsewhere, run an inline script or be framed by another site."""
    inside, outside = workbench.inside(), workbench.client()
    answers = [inside.get("/"), inside.get("/static/bench.js"), inside.get("/api/cases"), inside.get("/none"), outside.get("/")]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors" in policy
        assert "unsafe" not in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
    assert HOME.startswith("http://127.0.0.1")


def test_a_web_socket_is_closed_without_a_session(workbench: Open) -> None:
    """Catches a guard that only knows http."""
    from starlette.websockets import WebSocketDisconnect

    client: TestClient = workbench.client()
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/anything"):
        pass
