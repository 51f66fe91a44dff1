"""The workbench over either database, and a database that goes away for a while."""

from __future__ import annotations

from pathlib import Path

import pytest

from benches import opened
from detente.case.load import load
from detente.serve.store.database import Database, now
from servers import new_database


def test_a_team_works_on_either(address: str, tmp_path: Path) -> None:
    """Catches what works with SQLite only: accounts, sessions, saves, a conflict, the log, and the same after a restart."""
    given = {"local": False, "database": address if "://" in address else None}
    first = opened(tmp_path, **given)
    ana, ben = first.account("ana", "edit"), first.account("ben", "admin")
    assert ana.post("/api/cases/toy-exchange/begin").status_code == 201
    assert ana.patch("/api/cases/toy-exchange", json={"entries": {"title": "A"}, "base": 1}).status_code == 200
    assert ben.patch("/api/cases/toy-exchange", json={"entries": {"title": "B"}, "base": 1}).status_code == 409
    assert ben.patch("/api/cases/toy-exchange", json={"entries": {"as_of": "2019-02-01"}, "base": 1}).json()["kind"] == "merge"
    first.bench.close()
    second = opened(tmp_path, **given)
    ana.app = ana._transport.app = second.app  # type: ignore[attr-defined]
    told = ana.get("/api/cases/toy-exchange").json()
    assert ("title: A" in told["content"], "2019-02-01" in told["content"], len(told["asides"])) == (True, True, 1)
    assert [e["what"] for e in second.bench.audit.newest()][:3] == ["save", "save", "save"]
    assert {a["name"] for a in second.bench.access.accounts()} == {"ana", "ben"}
    second.bench.close()


def test_connections_that_were_cut_are_made_anew(server_of_postgresql: str) -> None:
    """Catches a workbench that has to be started again because its database was."""
    address = new_database(server_of_postgresql)
    database, other = Database(address), Database(address)
    with database.transaction() as at:
        at.run("insert into settings (name, value) values ('x', '1')")
    other.rows(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    )
    assert database.row("select value from settings where name = 'x'") == {"value": "1"}
    with database.transaction() as at:
        at.run("update settings set value = ? where name = 'x'", now())
    database.close()
    other.close()


def test_a_database_that_is_gone_is_said_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a traceback, or a change that is confirmed, where the disk is full or the server is down."""
    import sqlite3

    made = opened(tmp_path)
    client = made.inside()
    client.post("/api/cases/toy-exchange/begin")

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(made.bench.versions, "_put", full)
    answer = client.patch("/api/cases/toy-exchange", json={"entries": {"title": "A"}, "base": 1})
    assert answer.status_code == 503
    assert "disk is full" in answer.json()["error"]
    assert (tmp_path / "toy-exchange.yaml").read_text() == load("toy-exchange").text
    made.bench.close()


def test_a_fault_of_ours_is_answered_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a fault that leaves the person without an answer, or the one who runs the server without a line."""
    made = opened(tmp_path)
    told: list[Exception] = []
    made.app.told = told.append
    client = made.inside()

    def broken() -> None:
        raise RuntimeError("not foreseen")

    monkeypatch.setattr(made.bench, "slugs", broken)
    for path, accept in (("/", "text/html"), ("/api/cases", "application/json")):
        answer = client.get(path, headers={"accept": accept})
        assert answer.status_code == 500
        assert "not foreseen" in answer.text
        assert "Traceback" not in answer.text
    assert [str(err) for err in told] == ["not foreseen"] * 2
    made.bench.close()


def test_jobs_are_found_again_in_either_database(address: str) -> None:
    """Catches a query that only one of the databases understands, and a list that brings the texts of all readings with it."""
    from detente.serve.jobs.jobs import Jobs

    database = Database(address)
    jobs = Jobs(database, 1)
    options = {"name": "a.txt", "content": "We will open the gate."}
    try:
        job = jobs.start("read", "toy", "case: toy", options, author="ana")
        jobs.cancel(job.id)
        found = jobs.newest("read", "toy", options)
        assert found is not None
        assert (found.id, dict(found.options)) == (job.id, options)
        assert jobs.newest("read", "toy", {**options, "name": "b.txt"}) is None
        assert [dict(one.options) for one in jobs.jobs("toy")] == [{}]
    finally:
        jobs.close()
        database.close()
