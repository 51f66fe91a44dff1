"""Long work: done once for a question, watched, cancelled, and said to be interrupted when it was."""

from __future__ import annotations

import json
import os
import queue
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from benches import Open, opened
from detente.brief.paper import kinds
from detente.case.load import load
from detente.diagnose.verdict import diagnose
from detente.errors import InputError
from detente.serve.jobs.jobs import ENDED, Job, Jobs
from detente.serve.jobs.tasks import TASKS, checked
from detente.serve.store.database import Transaction

TOY = load("toy-exchange").text


def wait(jobs: Jobs, id: str, until: Callable[[Job], bool] = lambda job: job.has_ended, seconds: float = 90) -> Job:
    """The job, once it is so far."""
    ends = time.monotonic() + seconds
    while not until(job := jobs.job(id)):
        assert time.monotonic() < ends, job
        time.sleep(0.02)
    return job


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """A workbench with a worker that is warm after the first test."""
    made = opened(tmp_path_factory.mktemp("work"))
    made.bench.begin("toy-exchange", author="ana")
    made.bench.begin("us-dprk-2019", author="ana")
    yield made
    made.bench.close()


@pytest.fixture
def diagnosed(bench: Open, client: TestClient) -> Job:
    """A diagnosis of the toy case, which was asked for once, whichever test comes first."""
    asked = client.post("/api/jobs", json={"task": "diagnose", "slug": "toy-exchange"}).json()
    return wait(bench.bench.jobs, asked["id"])


@pytest.fixture(scope="module")
def client(bench: Open) -> TestClient:
    """A browser that is in."""
    return bench.inside()


def test_a_job_gives_what_the_command_gives(bench: Open, client: TestClient) -> None:
    """Catches a job whose result is another than that of the library, or that is worked out anew for the same question."""
    asked = {"task": "diagnose", "slug": "toy-exchange"}
    started = client.post("/api/jobs", json=asked)
    assert started.status_code == 202
    assert started.json()["state"] in ("queued", "running")
    done = wait(bench.bench.jobs, started.json()["id"])
    assert done.state == "done"
    wanted = json.loads(json.dumps(diagnose(load("toy-exchange")).to_dict()))
    assert json.loads(json.dumps(done.result)) == wanted
    assert client.post("/api/jobs", json=asked).json()["id"] == done.id
    assert client.get("/api/cases").json()[0]["jobs"]["diagnose"]["result"]["verdict"] == wanted["verdict"]
    assert client.post("/api/jobs", json={**asked, "options": {"objective": "sum"}}).json()["id"] != done.id


def test_a_job_is_watched_to_its_end(bench: Open, client: TestClient) -> None:
    """Catches a stream that misses the end, tells it twice, or never closes; of a job that has ended, too."""
    id = client.post("/api/jobs", json={"task": "diagnose", "slug": "toy-exchange", "options": {"objective": "min"}}).json()[
        "id"
    ]
    for _ in range(2):
        events = client.get(f"/api/jobs/{id}/events").text.strip().split("\n\n")
        names = [event.split("\n")[0] for event in events]
        assert names[-1] == "event: ended"
        assert names.count("event: ended") == 1
        assert json.loads(events[-1].split("data: ")[1])["state"] == "done"
    assert not bench.bench.jobs._watchers


def test_a_disk_that_is_full_ends_a_job_and_not_the_work(
    bench: Open, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Catches a result that cannot be kept and takes the thread with it, so that nothing is worked out until the server is
    begun anew; and a job that is then said to be running for ever."""
    jobs, full = bench.bench.jobs, [True]
    run = Transaction.run

    def ran(at: Transaction, sql: str, *values: object) -> int:
        if full[0] and sql.startswith("update jobs"):
            raise sqlite3.OperationalError("database or disk is full")
        return run(at, sql, *values)

    monkeypatch.setattr(Transaction, "run", ran)
    asked = {"task": "diagnose", "slug": "toy-exchange", "options": {"time_limit": 77.0}}
    id = client.post("/api/jobs", json=asked).json()["id"]
    told = wait(jobs, id)
    assert (told.state, told.result) == ("failed", None)
    assert "disk is full" in str(told.error)
    assert {job["id"]: job["state"] for job in client.get("/api/jobs").json()}[id] == "failed"
    full[0] = False
    again = client.post("/api/jobs", json=asked).json()
    assert again["id"] != id
    assert wait(jobs, again["id"]).state == "done"


@pytest.mark.usefixtures("diagnosed")
def test_a_stale_result_is_said_to_be(bench: Open, client: TestClient) -> None:
    """Catches a verdict of an earlier version that is shown as that of today's."""
    told = client.get("/api/cases").json()[0]
    assert not told["jobs"]["diagnose"]["stale"]
    made = bench.bench.versions.save("toy-exchange.yaml", TOY + "# a comment\n", base=1, author="ana", reason="")
    assert client.get("/api/cases").json()[0]["jobs"]["diagnose"]["stale"]
    bench.bench.versions.undo("toy-exchange.yaml", base=made.revision, author="ana")
    assert not client.get("/api/cases").json()[0]["jobs"]["diagnose"]["stale"]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"task": "delete", "slug": "toy-exchange"}, 422),
        ({"task": "diagnose", "slug": "none"}, 404),
        ({"task": "diagnose", "slug": "../x"}, 404),
        ({"task": "plan", "slug": "toy-exchange", "options": {"profile": "/etc/passwd"}}, 422),
        ({"task": "plan", "slug": "toy-exchange", "options": {"seed": "1"}}, 422),
        ({"task": "plan", "slug": "toy-exchange", "options": {"seed": True}}, 422),
        ({"task": "plan", "slug": "toy-exchange", "options": {"require": [1]}}, 422),
    ],
)
def test_what_cannot_be_asked_is_refused(bench: Open, client: TestClient, asked: dict[str, object], status: int) -> None:
    """Catches an option that reaches the library unchecked, a file's name among them."""
    before = len(bench.bench.jobs.jobs())
    assert client.post("/api/jobs", json=asked).status_code == status
    assert len(bench.bench.jobs.jobs()) == before


def test_what_the_library_refuses_is_told(bench: Open, client: TestClient) -> None:
    """Catches a job that hangs, or ends as done, where the library says what is wrong."""
    asked = {"task": "plan", "slug": "toy-exchange", "options": {"which": "best"}}
    id = client.post("/api/jobs", json=asked).json()["id"]
    failed = wait(bench.bench.jobs, id)
    assert failed.state == "failed"
    assert "which" in (failed.error or "")
    assert "which" in client.get(f"/jobs/{id}").text


def test_a_plan_tells_what_it_has_found(bench: Open, client: TestClient) -> None:
    """Catches a search whose roadmaps stay hidden until it is done, and a last one told of that is not what comes out."""
    asked = {"task": "plan", "slug": "toy-exchange", "options": {"likely": True}}
    seen = list[Job]()
    id = client.post("/api/jobs", json=asked).json()["id"]
    leave = bench.bench.jobs.watch(id, seen.append)
    done = wait(bench.bench.jobs, id)
    leave()
    assert done.result is not None
    assert done.progress["found"]["entry"] == done.result["entry"]
    assert any("found" in job.progress for job in seen if job.state == "running")


def test_a_cancelled_job_ends_with_its_process(bench: Open, client: TestClient) -> None:
    """Catches work that goes on after it was cancelled, and a worker that does nothing afterwards."""
    jobs = bench.bench.jobs
    id = client.post("/api/jobs", json={"task": "plan", "slug": "us-dprk-2019"}).json()["id"]
    waiting = client.post("/api/jobs", json={"task": "plan", "slug": "us-dprk-2019", "options": {"seed": 1}}).json()["id"]
    assert client.post(f"/api/jobs/{waiting}/cancel").json()["state"] == "cancelled"
    wait(jobs, id, lambda job: job.progress.get("text") not in ("waiting", "reading the case"))
    pid = jobs._children[id].pid
    began = time.monotonic()
    assert client.post(f"/api/jobs/{id}/cancel").json()["state"] == "cancelled"
    assert time.monotonic() - began < 4
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert client.post(f"/api/jobs/{id}/cancel").json()["state"] == "cancelled"
    again = client.post("/api/jobs", json={"task": "diagnose", "slug": "toy-exchange", "options": {"time_limit": 50}}).json()
    assert wait(jobs, again["id"]).state == "done"
    assert jobs.job(waiting).state == "cancelled"


def test_a_worker_that_dies_is_told_and_replaced(bench: Open, client: TestClient) -> None:
    """Catches a job that runs for ever because its process is gone (out of memory, for one)."""
    jobs = bench.bench.jobs
    id = client.post("/api/jobs", json={"task": "plan", "slug": "us-dprk-2019", "options": {"seed": 2}}).json()["id"]
    wait(jobs, id, lambda job: job.progress.get("text") not in ("waiting", "reading the case"))
    os.kill(jobs._children[id].pid, signal.SIGKILL)
    failed = wait(jobs, id)
    assert (failed.state, failed.result) == ("failed", None)
    assert failed.error
    again = client.post("/api/jobs", json={"task": "diagnose", "slug": "toy-exchange", "options": {"time_limit": 51}}).json()
    assert wait(jobs, again["id"]).state == "done"


def test_a_brief_is_made_again_once_its_files_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a brief without its PDF or Word file, made before their writers were installed, that is given for ever after."""
    made = opened(tmp_path)
    try:
        made.bench.begin("toy-exchange", author="ana")
        started = list[str]()
        for missing in ({"typst", "docx"}, {"docx"}, set[str]()):
            monkeypatch.setattr(kinds, "find_spec", lambda name, missing=missing: None if name in missing else name)
            started.append(made.bench.start("brief", "toy-exchange", {}, author="ana").id)
            assert made.bench.start("brief", "toy-exchange", {}, author="ana").id == started[-1]
        assert len(set(started)) == 3
    finally:
        made.bench.close()


def test_what_was_under_way_is_interrupted_and_starts_again(tmp_path: Path) -> None:
    """Catches a job that is said to run after the server that ran it has ended, or that cannot be asked for again."""
    first = opened(tmp_path)
    first.bench.begin("us-dprk-2019", author="ana")
    running = first.bench.start("plan", "us-dprk-2019", {}, author="ana")
    waiting = first.bench.start("plan", "us-dprk-2019", {"seed": 3}, author="ana")
    wait(first.bench.jobs, running.id, lambda job: job.state == "running")
    told: list[Job] = []
    first.bench.jobs.watch(running.id, told.append)
    began = time.monotonic()
    first.bench.close()
    assert time.monotonic() - began < 4
    assert told[-1].state == "interrupted"
    second = opened(tmp_path)
    try:
        states = {job.id: job.state for job in second.bench.jobs.jobs()}
        assert states == {running.id: "interrupted", waiting.id: "interrupted"}
        again = second.bench.start("plan", "us-dprk-2019", {}, author="ana")
        assert (again.id != running.id, again.key) == (True, running.key)
    finally:
        second.bench.close()


def test_a_killed_server_leaves_jobs_that_are_said_to_be_interrupted(address: str, tmp_path: Path) -> None:
    """Catches a restart on either database that takes a job of a killed server for one under way."""
    made = opened(tmp_path, database=address if "://" in address else None)
    database = made.bench.database
    with database.transaction() as at:
        at.run(
            "insert into jobs (id, task, slug, key, input, options, state, author, at, progress)"
            " values ('x', 'plan', 'toy-exchange', 'k', '', '{}', 'running', 'ana', '', '{}')"
        )
    again = Jobs(database, 1)
    assert again.job("x").state == "interrupted"
    again.close()
    made.bench.close()


def test_every_task_says_what_it_takes() -> None:
    """Catches an option of a task that the library's function does not have."""
    import inspect

    from detente.brief.brief import brief
    from detente.recommend.plan import plan

    functions = {"brief": brief, "diagnose": diagnose, "plan": plan}
    assert set(functions) <= set(TASKS)
    for name, function in functions.items():
        known = set(inspect.signature(function).parameters)
        assert set(TASKS[name].options) - known <= ({"party", "record"} if name == "brief" else set())
    assert "running" not in ENDED
    with pytest.raises(InputError):
        opened(Path("/nonexistent"))


def test_an_answer_is_signed_by_whoever_gives_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches an answer that a program hands in under the name of another, and one that ends in a fault of ours."""
    from types import SimpleNamespace

    monkeypatch.chdir(tmp_path)
    taken = []

    def session(*_: object, **__: object) -> SimpleNamespace:
        return SimpleNamespace(answer=taken.append, undo=None, state=stop)

    def stop() -> None:
        raise InputError("stop")

    monkeypatch.setattr("detente.ask.session.Session", session)
    said = json.dumps({"id": "q", "answer": None, "by": "ben"})
    with pytest.raises(InputError, match="stop"):
        TASKS["ask"].run(load("toy-exchange"), {"who": "ana", "answer": said}, lambda _: None)
    assert [answer.by for answer in taken] == ["ana"]
    for wrong in ("{", "[1]", "3", '{"id": "q"}'):
        with pytest.raises(InputError):
            TASKS["ask"].run(load("toy-exchange"), {"who": "ana", "answer": wrong}, lambda _: None)
    with pytest.raises(InputError, match="content"):
        checked("read", {"name": "x"})


def test_so_many_may_wait_and_no_more(workbench: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a queue that somebody fills without end; a place that becomes free can be taken."""
    monkeypatch.setattr("detente.serve.jobs.jobs.MOST_WAITING", 2)
    monkeypatch.setattr(workbench.bench.jobs, "_waiting", queue.SimpleQueue())  # taken by nobody
    workbench.bench.begin("toy-exchange", author="ana")
    client = workbench.inside()
    asked = [{"task": "plan", "slug": "toy-exchange", "options": {"seed": 900 + n}} for n in range(3)]
    first, second, third = (client.post("/api/jobs", json=one) for one in asked)
    assert (first.status_code, second.status_code, third.status_code) == (202, 202, 422)
    assert client.post("/api/jobs", json=asked[1]).json()["id"] == second.json()["id"]  # the same question is no new one
    client.post(f"/api/jobs/{first.json()['id']}/cancel")
    assert client.post("/api/jobs", json=asked[2]).status_code == 202
