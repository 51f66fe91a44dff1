"""What somebody answers is that person's own until it is taken into the case: no route tells it to anybody else."""

from __future__ import annotations

import json
import queue
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from benches import Open, routes
from detente.serve.jobs.jobs import Job

SECRET = "we would give up the reactor"  # said by ana, in confidence
CASE = "toy-exchange"
STATES = ("queued", "done", "failed")


@pytest.fixture
def asked(team: Open, monkeypatch: pytest.MonkeyPatch) -> tuple[TestClient, dict[str, Job]]:
    """ana, and jobs with her answers, one under way with news of it, one done, one failed; nothing is worked on."""
    jobs = team.bench.jobs
    monkeypatch.setattr(jobs, "_waiting", queue.SimpleQueue())
    team.bench.begin(CASE, author="ana")
    ana, made = team.account("ana", "edit"), {}
    for state in STATES:
        said = json.dumps({"id": state, "answer": None, "because": SECRET})
        answer = ana.post("/api/jobs", json={"task": "ask", "slug": CASE, "options": {"answer": said}})
        assert answer.status_code == 202
        made[state] = jobs.job(answer.json()["id"])
    jobs._news(replace(made["queued"], state="running", progress={"text": SECRET}))
    text = f"# {SECRET}\n{team.bench.case(CASE).content}"
    jobs._end(made["done"], "done", result={"written": text, "answers": [{"because": SECRET}]})
    jobs._end(made["failed"], "failed", error=f"got {SECRET}")
    return ana, made


@pytest.mark.parametrize("role", ["read", "edit", "admin"])
def test_no_route_tells_what_another_has_answered(team: Open, asked: tuple[TestClient, dict[str, Job]], role: str) -> None:
    """Catches a page, a list, a stream or an answer to a change with another's words, or with the key that betrays them: it is
    a digest of them, and an answer of a few words can be guessed."""
    _, made = asked
    ben = team.account("ben", role)
    for job in made.values():
        told = [ben.get(f"/api/jobs/{job.id}")]
        for method, path in routes(team.app.app.routes, id=job.id):  # type: ignore[attr-defined]
            if method == "GET" and not (path.endswith("/events") and job.id == made["queued"].id):  # which would not end
                told.append(ben.get(path, headers={"accept": "text/html, application/json"}))
        told.append(ben.get(f"/api/jobs?slug={CASE}"))
        told.append(ben.post(f"/jobs/{job.id}/again"))
        if role != "read":
            told.append(ben.post(f"/api/jobs/{job.id}/cancel"))  # last: it ends the one under way
        assert sum(answer.status_code == 200 for answer in told) > 10
        for answer in told:
            assert SECRET not in answer.text, answer.url
            assert job.key not in answer.text, answer.url
    shown = ben.get(f"/api/jobs/{made['done'].id}").json()
    assert (shown["id"], shown["author"], shown["state"], shown["withheld"]) == (made["done"].id, "ana", "done", True)
    assert (shown["options"], shown["result"], shown["error"]) == ({}, None, None)


def test_a_stream_tells_nothing_of_another_s_answers(team: Open, asked: tuple[TestClient, dict[str, Job]]) -> None:
    """Catches news of a job under way that are sent as they come, whoever listens."""
    ana, made = asked
    ben = team.account("ben", "read")
    for client, sees in ((ana, True), (ben, False)):
        told = client.get(f"/api/jobs/{made['done'].id}/events").text
        assert "event: ended" in told
        assert (SECRET in told) == sees


def test_whose_answers_they_are_sees_them(asked: tuple[TestClient, dict[str, Job]]) -> None:
    """Catches a rule that keeps people from what they said themselves."""
    ana, made = asked
    for state, key in (("queued", "progress"), ("done", "result"), ("failed", "error")):
        told = ana.get(f"/api/jobs/{made[state].id}").json()
        assert SECRET in str(told[key]), state
        assert SECRET in told["options"]["answer"]
        assert "withheld" not in told
    listed = {job["id"]: job for job in ana.get("/api/jobs").json()}
    assert all(SECRET in listed[job.id]["options"]["answer"] for job in made.values())


def test_answers_come_into_the_case_by_whoever_gave_them(team: Open, asked: tuple[TestClient, dict[str, Job]]) -> None:
    """Catches an editor, or an admin, who takes another's answers into the case, and reads them there."""
    ana, made = asked
    take = {"data": {"job": made["done"].id}}
    for name, role in (("ben", "edit"), ("eve", "admin")):
        client = team.account(name, role)
        assert client.post(f"/cases/{CASE}/ask/take", **take).status_code == 422
        assert client.get(f"/api/cases/{CASE}").json()["revision"] == 1
    assert ana.post(f"/cases/{CASE}/ask/take", **take).status_code == 303
    assert SECRET in team.account("cy", "read").get(f"/api/cases/{CASE}").json()["content"]


def test_what_is_worked_out_about_the_case_is_everybodys(team: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a rule that hides what a reader is there to read, and a party that sees any of it."""
    monkeypatch.setattr(team.bench.jobs, "_waiting", queue.SimpleQueue())
    team.bench.begin(CASE, author="ana")
    job = team.bench.start("plan", CASE, {"seed": 3}, author="ana")
    told = team.account("ben", "read").get(f"/api/jobs/{job.id}").json()
    assert (told["options"], told["key"], "withheld" in told) == ({"seed": 3}, job.key, False)
    party = team.account("us", "party", f"{CASE}/a")
    assert {party.get(path).status_code for path in ("/api/jobs", f"/api/jobs/{job.id}", f"/jobs/{job.id}")} == {403}
