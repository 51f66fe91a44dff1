"""Workbenches for tests, and browsers for them: in this process, without a socket; or served to real ones."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from starlette.routing import BaseRoute, Mount
from starlette.testclient import TestClient

from detente.serve.access.guard import Guard
from detente.serve.app import make_app
from detente.serve.begin import site_of
from detente.serve.bench import Workbench
from detente.serve.folder import Folder, digest_of
from detente.serve.jobs.jobs import Job, key_of
from detente.serve.store.database import now

HOME = "http://127.0.0.1:8321"


@dataclass
class Open:
    """A workbench and its application."""

    bench: Workbench
    app: Guard
    origin: str = HOME
    clients: list[TestClient] = field(default_factory=list)

    def client(self, **headers: str) -> TestClient:
        """A browser that has not come in."""
        made = TestClient(self.app, base_url=self.origin, headers=headers, follow_redirects=False)
        self.clients.append(made)
        return made

    def inside(self) -> TestClient:
        """A browser that has opened the address, and sends its token with every change."""
        made = self.client()
        assert made.get(f"/?token={self.bench.access.link()}").status_code == 303
        return with_token(made)

    def running(self, slug: str, task: str, **options: object) -> Job:
        """A job on which nobody works."""
        return running(self.bench, slug, task, **options)

    def finished(self, slug: str, task: str, result: dict[str, object], **options: object) -> Job:
        """A job that is done, without its work."""
        return finished(self.bench, slug, task, result, **options)

    def account(self, name: str, role: str, scope: str = "") -> TestClient:
        """A browser in which somebody with this role has logged in."""
        self.bench.access.set_account(name, "a long password", role, scope)
        made = self.client()
        answer = made.post("/login", data={"name": name, "password": "a long password"}, headers={"origin": self.origin})
        assert answer.status_code == 303, answer.text
        return with_token(made)


@contextmanager
def served(app: Guard, listener: socket.socket, **certified: str) -> Iterator[None]:
    """An application served to real browsers by a thread. certified : `ssl_certfile` and `ssl_keyfile`, for https."""
    import uvicorn

    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", ws="none", **certified))  # type: ignore[arg-type]
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(10)


def running(bench: Workbench, slug: str, task: str, **options: object) -> Job:
    """A job on which nobody works."""
    text = bench.case(slug).content or ""
    key = key_of(task, text, options)
    about = (f"{task}-{key[:8]}", task, slug, key, digest_of(text), options, "running", "ana", now())
    job = Job(*about, ended=None, progress={"text": ""}, result=None, error=None)  # type: ignore[arg-type]
    bench.jobs._insert(job)
    bench.jobs._live[job.id] = job
    return job


def finished(bench: Workbench, slug: str, task: str, result: dict[str, object], **options: object) -> Job:
    """A job that is done, without its work."""
    job = running(bench, slug, task, **options)
    bench.jobs._end(job, "done", result=result)
    return bench.jobs.job(job.id)


def with_token(client: TestClient) -> TestClient:
    """A browser that sends the token of its session with every change."""
    client.headers["x-csrf-token"] = client.get("/api/session").json()["csrf"]
    return client


def opened(folder: Path, **given: Any) -> Open:
    """A workbench over a folder; it has to be closed."""
    bench = Workbench(Folder(folder), **given)
    bench.access.hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)  # the real ones take a while each
    local = given.get("local", True)
    site = site_of("127.0.0.1", 8321, None if local else "https://bench.example")
    return Open(bench, make_app(bench, site), site.origins[0])


def routes(found: list[BaseRoute], before: str = "", id: str = "0") -> Iterator[tuple[str, str]]:
    """Every method and path of an application, its parameters filled in; id : of a job, or of a text."""
    for route in found:
        included = getattr(route, "original_router", None)  # how newer versions of FastAPI keep a router
        inner = included.routes if included else None
        path = before + getattr(route, "path", "")
        if isinstance(route, Mount):
            yield "GET", f"{path}/style.css"
        elif inner:
            yield from routes(inner, path, id)
        else:
            filled = path.replace("{slug}", "toy-exchange").replace("{revision}", "1")
            filled = filled.replace("{id}", id).replace("{name}", "ana").replace("{aside}", "0").replace("{ending}", ".csv")
            assert "{" not in filled, f"give the parameter of {path} a value here"
            for method in sorted(getattr(route, "methods", None) or {"GET"}):
                yield method, filled
