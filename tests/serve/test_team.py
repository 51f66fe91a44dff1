"""A team's workbench: accounts, roles, wrong passwords, and who did what."""

from __future__ import annotations

import time
from hashlib import sha256

import pytest
from argon2 import PasswordHasher

from benches import Open
from detente.errors import InputError
from detente.serve.access.limits import FROM, OF_A_NAME, OF_A_NAME_FROM, WINDOW, Tries
from detente.serve.access.person import ROLES, Person, may

PASSWORD = "a long password"


def log_in(team: Open, name: str, password: str, **headers: str) -> int:
    sent = {"origin": team.origin, **headers}
    return int(team.client().post("/login", data={"name": name, "password": password}, headers=sent).status_code)


def test_a_login_makes_a_secure_session(team: Open) -> None:
    """Catches a cookie that scripts can read, that goes over http or to other sites, or that stands for another account."""
    team.bench.access.set_account("ana", PASSWORD, "edit")
    client = team.client()
    answer = client.post("/login", data={"name": "ana", "password": PASSWORD}, headers={"origin": team.origin})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-")
    for word in ("HttpOnly", "Secure", "SameSite=Strict", "Path=/"):
        assert word in cookie
    assert client.get("/api/session").json()["name"] == "ana"
    assert "strict-transport-security" in client.get("/").headers
    assert "password" not in str(team.bench.access.accounts())
    kept = team.bench.database.rows("select * from accounts") + team.bench.database.rows("select * from sessions")
    assert PASSWORD not in str(kept)
    token = client.cookies["__Host-detente"]
    assert token not in str(kept)
    assert sha256(token.encode()).hexdigest() in str(kept)
    assert "$argon2id$" in str(kept)


def test_who_has_no_account_is_refused_alike(team: Open) -> None:
    """Catches a login that tells whether a name exists, that takes a form from elsewhere, or that a token opens."""
    team.bench.access.set_account("ana", PASSWORD, "edit")
    assert log_in(team, "ana", "wrong") == log_in(team, "nobody", "wrong") == log_in(team, "a\0b", PASSWORD) == 401
    assert log_in(team, "ana", PASSWORD, origin="https://evil.example") == 403
    assert log_in(team, "ana", PASSWORD, origin="null") == 403
    assert team.client().get(f"/?token={team.bench.access.link()}", headers={"accept": "text/html"}).status_code != 200
    assert team.client().get("/login").status_code == 200
    assert log_in(team, "ana", "x" * 100_000) == 413


def test_a_session_ends(team: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a session that outlives its logout, its account, its password or its time."""
    import detente.serve.access.access as access

    ana, again = team.account("ana", "edit"), team.account("ben", "admin")
    assert ana.post("/logout").status_code == 303
    assert ana.get("/api/cases").status_code == 401
    ana = team.account("ana", "edit")
    assert again.put("/api/admin/accounts/ana", json={"password": "another password", "role": "edit"}).status_code == 200
    assert ana.get("/api/cases").status_code == 401
    ana = team.account("ana", "edit")
    assert again.delete("/api/admin/accounts/ana").status_code == 200
    assert ana.get("/api/cases").status_code == 401
    monkeypatch.setattr(access, "now", lambda: "2999-01-01T00:00:00.000000+00:00")
    assert again.get("/api/cases").status_code == 401


@pytest.mark.parametrize("role", ROLES)
def test_a_role_reaches_what_it_is_for(team: Open, role: str) -> None:
    """Catches a reader who changes something, an editor who makes accounts, a party that sees the others."""
    team.bench.begin("toy-exchange", author="ana")
    client = team.account("ana", role, "toy-exchange/a" if role == "party" else "")
    reads, edits, rules = (
        client.get("/api/cases/toy-exchange").status_code,
        client.post("/api/cases/toy-exchange/undo", json={"base": 1}).status_code,
        client.get("/api/admin/audit").status_code,
    )
    wanted = {"read": (200, 403, 403), "edit": (200, 409, 403), "admin": (200, 409, 200), "party": (403, 403, 403)}
    assert (reads, edits, rules) == wanted[role]
    assert client.get("/mine/").status_code == 200


def test_a_party_sees_its_own_brief_and_nothing_else(team: Open) -> None:
    """Catches a party's account that reaches another party's brief, the case, a job or the log."""
    team.bench.begin("toy-exchange", author="ana")
    for number, party in enumerate(("a", "b", None)):
        team.bench.database.rows(
            "insert into jobs (id, task, slug, key, input, options, state, author, at, ended, progress, result)"
            " values (?, 'brief', 'toy-exchange', ?, '', ?, 'done', 'ana', '', ?, '{}', ?) returning id",
            f"job{number}",
            f"key{number}",
            f'{{"party": "{party}"}}' if party else "{}",
            f"2026-01-0{number + 1}",
            f'{{"title": "T", "html": "<p>the brief of {party}</p>"}}',
        )
    party = team.account("envoy", "party", "toy-exchange/a")
    assert "the brief of a" in party.get("/mine/brief").text
    assert "sandbox" in party.get("/mine/brief").headers["content-security-policy"]
    assert party.get("/").headers["location"] == "/mine/"
    paths = ["/cases/toy-exchange", "/jobs/job1", "/api/jobs/job1", "/api/jobs", "/api/cases", "/openapi.json", "/admin/"]
    for path in (*paths, "/mine/../jobs/job1", "/api/jobs/job1/events", "/MINE/brief", "//mine/brief"):
        answer = party.get(path)
        assert answer.status_code in (403, 404), path
        assert "the brief" not in answer.text
    other = team.account("delegate", "party", "toy-exchange/c")
    assert other.get("/mine/brief").status_code == 404


@pytest.mark.parametrize("path", ["/api/admin/audit", "/api/admin", "/admin", "/admin/x", "/api/admin/accounts/x"])
def test_only_an_admin_reaches_what_is_an_admins(path: str) -> None:
    """Catches a way of writing a path that the guard and the router read differently; by the table of roles alone."""
    for method in ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"):
        assert [may(Person("x", role), method, path) for role in ROLES] == [False, False, True, False]


@pytest.mark.parametrize(
    ("name", "password", "role", "scope"),
    [("", PASSWORD, "edit", ""), ("a\nb", PASSWORD, "edit", ""), ("outside", PASSWORD, "edit", ""), ("a", "short", "edit", ""),
     ("a", "x" * 2000, "edit", ""), ("a", PASSWORD, "owner", ""), ("a", PASSWORD, "party", ""), ("a", PASSWORD, "edit", "x/y"),
     ("a", PASSWORD, "party", "../x")],
)  # fmt: skip
def test_an_account_that_means_nothing_is_refused(team: Open, name: str, password: str, role: str, scope: str) -> None:
    """Catches an account by a name that stands for something else, with a weak password, or a party of no case."""
    with pytest.raises(InputError):
        team.bench.access.set_account(name, password, role, scope)
    assert team.bench.access.accounts() == []


def test_wrong_passwords_are_counted(team: Open) -> None:
    """Catches a login that can be tried without end, and one that locks out whoever knows the password."""
    team.bench.access.set_account("ana", PASSWORD, "edit")
    codes = [log_in(team, "ana", f"wrong{n}") for n in range(OF_A_NAME_FROM + 1)]
    assert codes == [401] * OF_A_NAME_FROM + [429]
    assert log_in(team, "ana", PASSWORD) == 429
    refused = [e for e in team.bench.audit.newest() if e["what"] == "refused"]
    assert len(refused) == OF_A_NAME_FROM


def test_the_limits_hold_by_the_clock() -> None:
    """Catches a limit that never ends, that counts what succeeded, or that one address can get round by other names."""
    clock = [0.0]
    tries = Tries(lambda: clock[0])
    for _ in range(3 * OF_A_NAME_FROM):
        assert tries.begin("ana", "1") == 0
        tries.forgive("ana", "1")
    assert [tries.begin("ana", "1") > 0 for _ in range(OF_A_NAME_FROM + 2)] == [False] * OF_A_NAME_FROM + [True, True]
    assert tries.begin("ben", "1") == 0
    clock[0] = WINDOW - 1
    assert tries.begin("ana", "1") == pytest.approx(1)
    clock[0] = WINDOW
    assert tries.begin("ana", "1") == 0
    tries = Tries(lambda: clock[0])
    assert sum(tries.begin(f"n{n}", "1") == 0 for n in range(100)) == FROM
    assert sum(tries.begin("ana", f"from {n}") == 0 for n in range(100)) == OF_A_NAME


def test_it_is_written_down_who_did_what(team: Open) -> None:
    """Catches a change or a refusal that leaves no trace."""
    ana = team.account("ana", "edit")
    assert ana.post("/api/cases/toy-exchange/begin").status_code == 201
    assert ana.get("/api/admin/audit").status_code == 403
    log_in(team, "ana", "wrong")
    assert {entry["address"] for entry in team.bench.audit.newest()} == {"testclient"}
    told = [(entry["who"], entry["what"]) for entry in team.bench.audit.newest()]
    assert told == [("ana", "refused"), ("ana", "refused"), ("ana", "save"), ("ana", "login")]


def test_a_login_takes_as_long_without_an_account(team: Open) -> None:
    """Catches a login that tells by its time whether a name exists: half as long would be seen."""
    team.bench.access.hasher = PasswordHasher()
    team.bench.access.set_account("ana", PASSWORD, "edit")
    team.bench.access.login("nobody", "wrong")  # makes the hash that nobody has

    def least(name: str) -> float:
        times = []
        for _ in range(2):
            began = time.process_time()
            assert team.bench.access.login(name, "wrong") is None
            times.append(time.process_time() - began)
        return min(times)

    assert least("nobody") > 0.5 * least("ana")
