"""kill -9 at any moment: what was said to be saved is there, file and versions agree, and nothing half-written is left."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from detente.serve.folder import Folder
from detente.serve.store.database import Database
from detente.serve.store.versions import Versions

PATH = "toy.yaml"


def text(n: int) -> str:
    return f"case: toy\na: {n}\n" + "# a line\n" * 2000


def begin(folder: Path) -> Versions:
    place = Folder(folder)
    made = Versions(Database(place.own / "kept.sqlite"), place, lambda *_: None)
    made.notice()
    return made


def child(work: Callable[[int], None]) -> tuple[int, int]:
    """A process that works and is to be killed; its id, and where it tells what was saved."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        try:
            work(writing)
        finally:
            os._exit(0)
    os.close(writing)
    return pid, reading


def saved(reading: int) -> list[int]:
    with os.fdopen(reading, "rb") as pipe:
        return list(map(int, pipe.read().split()))


def sound(folder: Path, told: list[int]) -> None:
    """That everything told is there in order, and the file is the newest version."""
    versions = begin(folder)
    try:
        history = versions.history(PATH)
        numbers = [int((versions.at(PATH, v.revision).content or "").split("a: ")[1].split("\n")[0]) for v in history]
        assert set(told) <= set(numbers)
        assert numbers == sorted(set(numbers))
        assert [v.author for v in history] == ["ana"] * len(history)  # nothing was taken for a change made outside
        assert versions.asides(PATH) == []
        if history:
            assert (folder / PATH).read_text() == text(numbers[-1])
        left = [p.name for p in folder.iterdir() if p.name not in (PATH, ".detente")]
        versions.save(PATH, text(10**6), base=len(history), author="ana", reason="")
        assert not [name for name in left if (folder / name).exists()]  # the next save clears what is left
        versions.undo(PATH, base=len(history) + 1, author="ana") if history else None
    finally:
        versions.database.close()


def test_killed_at_moments_spread_over_saving(tmp_path: Path) -> None:
    """Catches a save that was confirmed and is gone, a file that is half-written, or a version that only the disk has."""
    rng = random.Random(1)
    confirmed = 0
    for loop in range(12):
        folder = tmp_path / str(loop)
        folder.mkdir()
        begin(folder).database.close()

        def work(writing: int, folder: Path = folder) -> None:
            versions = begin(folder)
            for n in range(1, 10_000):
                versions.save(PATH, text(n), base=n - 1, author="ana", reason="")
                os.write(writing, f"{n} ".encode())

        pid, reading = child(work)
        time.sleep(rng.uniform(0.02, 0.25))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        told = saved(reading)
        confirmed += len(told)
        sound(folder, told)
    assert confirmed > 10  # or nothing was tried


@pytest.mark.parametrize("where", ["before the file", "amid the file", "after the file"])
def test_killed_between_the_database_and_the_file(tmp_path: Path, where: str) -> None:
    """Catches each of the three moments between a version and its file, one by one."""
    begin(tmp_path).database.close()

    def work(_: int) -> None:
        versions = begin(tmp_path)
        versions.save(PATH, text(1), base=0, author="ana", reason="")

        def dies(*_: object, **__: object) -> None:
            os.kill(os.getpid(), signal.SIGKILL)

        if where == "before the file":
            versions.folder.write = dies  # type: ignore[method-assign]
        elif where == "amid the file":
            Path.replace = dies  # type: ignore[assignment, method-assign]
        else:
            versions._written = dies  # type: ignore[method-assign]
        versions.save(PATH, text(2), base=1, author="ana", reason="")

    pid, reading = child(work)
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status)
    os.close(reading)
    sound(tmp_path, [1, 2])  # the second stood in the database


def test_a_change_outside_after_a_kill_is_not_lost(tmp_path: Path) -> None:
    """Catches a recovery that writes the newest version over what somebody has typed meanwhile."""
    begin(tmp_path).database.close()

    def work(_: int) -> None:
        versions = begin(tmp_path)
        versions.save(PATH, "case: toy\na: 1\nb: 1\n", base=0, author="ana", reason="")
        versions.folder.write = lambda *_: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[method-assign]
        versions.save(PATH, "case: toy\na: 2\nb: 1\n", base=1, author="ana", reason="")

    pid, reading = child(work)
    os.waitpid(pid, 0)
    os.close(reading)
    (tmp_path / PATH).write_text("case: toy\na: 1\nb: 2\n")
    versions = begin(tmp_path)
    assert (tmp_path / PATH).read_text() == "case: toy\na: 2\nb: 2\n"
    assert [v.author for v in versions.history(PATH)] == ["ana", "ana", "outside"]
    versions.database.close()
