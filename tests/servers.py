"""A real PostgreSQL server for tests: made in a folder of its own, reached by a socket in it, gone afterwards."""

from __future__ import annotations

import contextlib
import getpass
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

_NUMBERS = count(1)


def _program(name: str) -> str | None:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else shutil.which(name)


def _user() -> str | None:
    """Who runs the server: it refuses to be run by root."""
    if os.getuid():
        return getpass.getuser()
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            pwd.getpwnam(name)
            return name
    return None


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """The address of a server's socket, as ``host=...&user=...``; skips where there is none."""
    initdb, postgres, user = _program("initdb"), _program("postgres"), _user()
    if initdb is None or postgres is None or user is None:
        pytest.skip("PostgreSQL is not on this machine: what the workbench keeps in it IS NOT TESTED")
    about = pwd.getpwnam(user)
    folder = tempfile.mkdtemp(prefix="detente-pg-", dir="/tmp")
    os.chown(folder, about.pw_uid, about.pw_gid)
    asked = {"user": user, "group": about.pw_gid, "extra_groups": []} if not os.getuid() else {}
    told = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder, "env": {"PATH": os.environ["PATH"]}}
    try:
        command = [initdb, "-D", f"{folder}/data", "-U", "tester", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"]
        subprocess.run(command, check=True, timeout=300, **asked, **told)
        settings = ["-h", "", "-k", folder, "-c", "fsync=off", "-c", "max_connections=60"]
        server = subprocess.Popen([postgres, "-D", f"{folder}/data", *settings], **asked, **told)
        try:
            where = f"host={folder}&user=tester"
            _wait(where, server)
            yield where
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_database(where: str) -> str:
    """A new database of a server; its address."""
    import psycopg

    name = f"t{os.getpid()}_{next(_NUMBERS)}"
    with psycopg.connect(f"postgresql:///postgres?{where}", autocommit=True) as connection:
        connection.execute(f"create database {name}")
    return f"postgresql:///{name}?{where}"


def _wait(where: str, server: subprocess.Popen[bytes]) -> None:
    import psycopg

    until = time.monotonic() + 120
    while True:
        try:
            psycopg.connect(f"postgresql:///postgres?{where}").close()
            return
        except psycopg.OperationalError:
            assert server.poll() is None, "the server has ended"
            assert time.monotonic() < until, "the server does not answer"
            time.sleep(0.1)
