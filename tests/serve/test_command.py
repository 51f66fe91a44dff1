"""The command: its first line, how it ends, what it refuses; in processes of its own, with real sockets on 127.0.0.1."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from detente.cli import app
from detente.serve.folder import Folder
from detente.serve.listening import _MOST
from detente.serve.store.database import Database

COMMAND = [sys.executable, "-c", "from detente.cli import main; main()", "serve"]
HURRIED = "import detente.serve.listening as a, detente.serve.access.guard as b; a._HEAD = b._SLOW = 1.5; "
"""Before the command: heads and bodies are waited for no longer than a test may take."""


class Running:
    """A workbench in a process of its own."""

    def __init__(self, folder: Path, *options: str, before: str = "") -> None:
        command = [*COMMAND[:2], before + COMMAND[2], COMMAND[3]]
        self.process = subprocess.Popen([*command, str(folder), "--port", "0", "--no-open", *options], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)  # fmt: skip
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()
        assert self.address, self.process.stderr.read() if self.process.stderr else ""
        self.origin = self.address.split("/?")[0]

    def client(self) -> httpx.Client:
        """A browser that has opened the address."""
        made = httpx.Client(base_url=self.origin, timeout=30, follow_redirects=True)
        assert made.get(self.address).status_code == 200
        made.headers["x-csrf-token"] = made.get("/api/session").json()["csrf"]
        return made

    def end(self, number: int) -> tuple[int, float]:
        """End it by a signal; its exit code, and the seconds that it took."""
        began = time.monotonic()
        self.process.send_signal(number)
        code = self.process.wait(30)
        return code, time.monotonic() - began


@contextlib.contextmanager
def running(folder: Path, *options: str, before: str = "") -> Iterator[Running]:
    made = Running(folder, *options, before=before)
    try:
        yield made
    finally:
        made.process.kill()
        made.process.communicate()


def children(pid: int) -> set[int]:
    """The processes that a process has begun."""
    found = set()
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError, IndexError):
            if int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1]) == pid:
                found.add(int(entry.name))
    return found


def is_there(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False


def test_it_ends_as_it_was_ended(tmp_path: Path) -> None:
    """Catches an interruption that looks like an end that was asked for, a service manager that is told of a failure, and words
    about it."""
    for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 0)):
        with running(tmp_path) as made:
            assert made.client().get("/").status_code == 200
            assert made.end(number)[0] == code
            assert made.process.stderr is not None
            assert made.process.stderr.read() == ""


def test_a_day_of_the_workbench(tmp_path: Path) -> None:
    """Catches a first line that is no address, an end by SIGTERM that takes long or loses something, a kill that leaves work
    going on, and a restart that has forgotten who is in, what was saved or what was under way."""
    with running(tmp_path) as first:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=[\w-]{40,}", first.address)
        assert httpx.get(f"{first.origin}/healthz").status_code == 200
        assert httpx.get(f"{first.origin}/openapi.json").status_code == 401
        client = first.client()
        assert client.post("/api/cases/us-dprk-2019/begin").status_code == 201
        job = client.post("/api/jobs", json={"task": "plan", "slug": "us-dprk-2019"}).json()
        events: list[str] = []

        def watch() -> None:
            with contextlib.suppress(httpx.HTTPError), client.stream("GET", f"/api/jobs/{job['id']}/events") as stream:
                events.extend(line for line in stream.iter_lines() if line.startswith("event: "))

        watching = threading.Thread(target=watch)
        watching.start()
        while client.get(f"/api/jobs/{job['id']}").json()["progress"].get("text") in ("waiting", "reading the case"):
            time.sleep(0.05)
        worker = children(first.process.pid)
        assert worker
        code, seconds = first.end(signal.SIGTERM)
        assert (code, seconds < 5) == (0, True), seconds
        watching.join(10)
        assert events[-1] == "event: ended"
        assert not any(map(is_there, worker))
        assert first.process.stderr is not None
        assert "Traceback" not in first.process.stderr.read()
    cookie = dict(client.cookies)
    port = first.origin.rsplit(":", 1)[1]
    with running(tmp_path, "--port", port) as second:
        again = httpx.Client(base_url=second.origin, cookies=cookie, headers=dict(client.headers), timeout=30)
        assert again.get(f"/api/jobs/{job['id']}").json()["state"] == "interrupted"
        restarted = again.post("/api/jobs", json={"task": "plan", "slug": "us-dprk-2019"}).json()
        assert (restarted["key"], restarted["id"] != job["id"]) == (job["key"], True)
        saved = again.patch("/api/cases/us-dprk-2019", json={"entries": {"title": "Another"}, "base": 1})
        assert saved.status_code == 200
        while not children(second.process.pid):
            time.sleep(0.05)
        worker = children(second.process.pid)
        second.end(signal.SIGKILL)
        until = time.monotonic() + 15
        while any(map(is_there, worker)):
            assert time.monotonic() < until, "the worker goes on without its server"
            time.sleep(0.05)
    database = Database(Folder(tmp_path).own / "workbench.sqlite")
    assert [row["state"] for row in database.rows("select state from jobs order by at")][:1] == ["interrupted"]
    assert database.row("select max(revision) as n from versions") == {"n": 2}
    database.close()
    assert "title: Another" in (tmp_path / "us-dprk-2019.yaml").read_text()


def answered(connection: socket.socket) -> bytes:
    """What comes on a connection until it is closed; an error if it is not within a while."""
    connection.settimeout(15)
    told = b""
    with contextlib.suppress(ConnectionError):
        while part := connection.recv(65_536):
            told += part
    return told


def trickled(connection: socket.socket, seconds: float = 15) -> bool:
    """Send a byte every now and then; whether the connection was closed meanwhile."""
    until = time.monotonic() + seconds
    with contextlib.suppress(ConnectionError):
        while time.monotonic() < until:
            connection.sendall(b"x")
            time.sleep(0.1)
        return False
    return True


def test_connections_on_which_nothing_comes_keep_nobody_out(tmp_path: Path) -> None:
    """Catches a bound on connections that is none, and one that a stranger fills for good by opening as many and saying
    nothing, or a byte now and then; and a stream of events that is closed with them."""
    with running(tmp_path, before=HURRIED) as made:
        client = made.client()
        place = ("127.0.0.1", int(made.origin.rsplit(":", 1)[1]))
        host = f"Host: {place[0]}:{place[1]}\r\n"
        with contextlib.ExitStack() as held:
            silent = [held.enter_context(socket.create_connection(place)) for _ in range(_MOST)]
            assert httpx.get(f"{made.origin}/healthz").status_code == 503
            assert answered(silent[0]) == b""
            until = time.monotonic() + 15
            while httpx.get(f"{made.origin}/healthz").status_code != 200:
                assert time.monotonic() < until, "those who say nothing keep everybody out"
                time.sleep(0.1)
        for begun in (f"GET / HTTP/1.1\r\n{host}X-A: ", f"POST /api/jobs HTTP/1.1\r\n{host}Content-Length: 9999\r\n\r\n"):
            with socket.create_connection(place) as slow:
                slow.sendall(begun.encode())
                assert trickled(slow), begun
        assert client.post("/api/cases/us-dprk-2019/begin").status_code == 201
        job = client.post("/api/jobs", json={"task": "plan", "slug": "us-dprk-2019"}).json()
        with client.stream("GET", f"/api/jobs/{job['id']}/events") as stream:
            time.sleep(2.5)
            other = httpx.post(f"{made.origin}/api/jobs/{job['id']}/cancel", cookies=client.cookies, headers=client.headers)
            assert other.status_code == 200
            assert [line for line in stream.iter_lines() if line.startswith("event: ")][-1] == "event: ended"


def test_a_body_that_trickles_is_not_waited_for(tmp_path: Path) -> None:
    """Catches a change that somebody never ends sending, which would hold a connection as long as he likes; and a server that
    tells its terminal of what strangers send."""
    with running(tmp_path, before=HURRIED) as made:
        client = made.client()
        place = ("127.0.0.1", int(made.origin.rsplit(":", 1)[1]))
        head = f"Host: {place[0]}:{place[1]}\r\nCookie: {'; '.join(f'{k}={v}' for k, v in client.cookies.items())}\r\n"
        head += f"X-CSRF-Token: {client.headers['x-csrf-token']}\r\nConnection: close\r\n"
        for path, kind in (("/begin", "application/x-www-form-urlencoded"), ("/api/jobs", "application/json")):
            with socket.create_connection(place) as slow:
                slow.sendall(f"POST {path} HTTP/1.1\r\n{head}Content-Type: {kind}\r\nContent-Length: 90\r\n\r\n{{".encode())
                assert answered(slow).startswith(b"HTTP/1.1 408 "), path
        with socket.create_connection(place) as other:
            other.sendall(b"no request\r\n\r\n")
            assert answered(other).startswith(b"HTTP/1.1 400 ")
        assert made.end(signal.SIGTERM)[0] == 0
        assert made.process.stderr is not None
        assert made.process.stderr.read() == ""


def refused(*arguments: str, **surroundings: str) -> str:
    """What the command says when it refuses; it must end with 2 and print nothing else."""
    done = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=120, check=False,
                          env={**os.environ, **surroundings})  # fmt: skip
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_port_and_a_folder_belong_to_one(tmp_path: Path) -> None:
    """Catches a second server on one folder, which would take the other's saves for changes made outside; and a port that is
    taken, told as a fault of ours."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        port = str(taken.getsockname()[1])
        assert port in refused(str(tmp_path), "--no-open", "--port", port)
    with running(tmp_path) as first:
        assert str(first.process.pid) in refused(str(tmp_path), "--no-open", "--port", "0")


def test_what_cannot_be_served_is_refused(tmp_path: Path) -> None:
    """Catches an address that others reach without accounts, passwords over http, and a database that is none."""
    runner = CliRunner()
    for arguments in (
        [str(tmp_path / "none")],
        [str(tmp_path), "--host", "0.0.0.0"],
        [str(tmp_path), "--origin", "http://bench.example"],
        [str(tmp_path), "--origin", "https://bench.example/path"],
        [str(tmp_path), "--certificate", "x"],
        [str(tmp_path), "--origin", "https://bench.example", "--certificate", "/none", "--key", "/none"],
        [str(tmp_path), "--origin", "https://bench.example", "--certificate", __file__, "--key", __file__],
        [str(tmp_path), "--port", "70000"],
        [str(tmp_path), "--database", "mysql://x"],
        [str(tmp_path), "--database", "postgresql:///x?host=/nonexistent"],
    ):
        done = runner.invoke(app, ["serve", *arguments, "--no-open"])
        assert done.exit_code != 0, arguments
        assert type(done.exception).__name__ in ("InputError", "OutputError"), (arguments, done.exception)


def test_a_missing_extra_is_told_with_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Catches an ImportError as the answer to a first `detente serve`."""
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "uvicorn" else object())
    done = CliRunner().invoke(app, ["serve", str(tmp_path)])
    assert "pip install 'detente[serve]'" in str(done.exception)


def test_a_database_belongs_to_one_workspace(tmp_path: Path, address: str) -> None:
    """Catches the database of another folder, by which all files of this one would be taken for removed."""
    from detente.errors import InputError
    from detente.serve.store.database import belongs

    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    database = Database(address)
    belongs(database, Folder(tmp_path / "a"))
    belongs(database, Folder(tmp_path / "a"))
    with pytest.raises(InputError):
        belongs(database, Folder(tmp_path / "b"))
    database.close()


def test_accounts_by_the_command_line(tmp_path: Path, address: str) -> None:
    """Catches an account that is not made, changed or removed, in either database, and a password that is shown."""
    given = ["--database", address] if "://" in address else []
    runner = CliRunner()

    def account(*arguments: str, password: str = "") -> tuple[int, str]:
        done = runner.invoke(app, ["serve account", str(tmp_path), *arguments, *given], input=f"{password}\n")
        return done.exit_code, done.stdout

    assert account("--json") == (0, "[]\n")
    assert account("ana", "--role", "edit", password="a long password")[0] == 0
    assert account("envoy", "--role", "party", "--scope", "toy-exchange/a", password="a long password")[0] == 0
    code, told = account("--json")
    assert [(a["name"], a["role"], a["scope"]) for a in json.loads(told)] == [
        ("ana", "edit", ""),
        ("envoy", "party", "toy-exchange/a"),
    ]
    assert "password" not in told
    for wrong in (["ana"], ["ana", "--role", "owner"], ["ana", "--role", "party"], ["--role", "edit"], ["nobody", "--remove"]):
        assert account(*wrong, password="a long password")[0] != 0
    assert account("ana", "--role", "edit", password="short")[0] != 0
    assert account("ana", "--remove")[0] == 0
    assert [a["name"] for a in json.loads(account("--json")[1])] == ["envoy"]
    assert code == 0


def test_it_listens_and_never_connects() -> None:
    """Catches a connection that the workbench opens: its one module that knows sockets is allowed to for this reason."""
    import detente.serve.listening as listening

    source = Path(listening.__file__).read_text(encoding="utf-8")
    assert "connect(" not in source
    assert "create_connection" not in source
