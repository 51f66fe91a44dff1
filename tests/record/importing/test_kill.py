"""An import that is killed at any moment leaves the record as it was; run again, it ends as an undisturbed one."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from detente.errors import InputError
from detente.record.check import check
from detente.record.importing.importing import import_files
from detente.record.workspace import Workspace
from eventfiles import add, events, gdelt, multiset, written
from forkserver import Commands

pytestmark = pytest.mark.xdist_group("forkserver")  # which is one for all

CODE = """
import sys, time
import duckdb, pycountry
from detente.record.importing.importing import import_files
from detente.record.workspace import Workspace
print("ready", flush=True)
import_files(Workspace.create(sys.argv[1]), sys.argv[2:])
print("done", flush=True)
"""


def start(workspace: Path, files: list[Path]) -> subprocess.Popen[str]:
    """A process that imports, as soon as it says that it is ready."""
    command = [sys.executable, "-c", CODE, str(workspace), *map(str, files)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Five files that overlap: clean, broken, packed, and one that the others have already."""
    folder = tmp_path_factory.mktemp("files")
    content = gdelt(6_000)
    lines = content.splitlines(keepends=True)
    icews = "date,source,event,target\n" + "".join(f"2018-06-12,Iran {n},Consult,Iraq\n" for n in range(9_000))
    return [
        written(folder / "a.CSV", "".join(lines[:4_000])),
        written(folder / "b.CSV", "".join([*lines[2_000:], "broken\n", lines[0]])),
        written(folder / "c.csv", icews),
        written(folder / "d.csv", icews.replace("Iran 7,", '"Iran 7",') + '"stray\n'),
        written(folder / "e.CSV", "".join(lines[1_000:5_000])),
    ]


def test_a_kill_at_thirty_moments(files: list[Path], server: Commands, tmp_path: Path) -> None:
    """Catches a part that is seen before it is whole, a lock that outlives its process, and rows lost or doubled.

    The moments are spread by chance over the measured duration of an undisturbed import; after every fifth kill the import is
    run again to its end, after the others it is started anew on what the last one left.
    """
    moments = random.Random(20180612)
    killed, at = 0, 0
    for name in ("first", "undisturbed"):  # the first imports the modules
        ended = server.one("record", "import", *files, "--workspace", name, folder=tmp_path)
        assert ended.code == 0, ended.said
    wanted = multiset(Workspace.open(tmp_path / "undisturbed"))
    assert sum(wanted.values()) == 6_000 + 9_000
    for trial in range(30):
        workspace = tmp_path / f"record-{at}"
        moment = moments.random() * ended.seconds
        code = server.one("record", "import", *files, "--workspace", workspace, folder=tmp_path, after=moment).code
        assert code in (0, -signal.SIGKILL)
        killed += code != 0
        if (workspace / "record.json").exists():
            record = Workspace.open(workspace)
            left = multiset(record)
            assert left <= wanted, "an event is doubled, or one that no file has"
            assert {row["part"] for row in events(record, "distinct part", " ")} <= {p.key for p in record.parts("events")}
            assert check(record)
        if trial % 5 == 4:
            done = import_files(Workspace.create(workspace), files)
            assert done.read == done.added + done.known + sum(done.rejected.values())
            assert multiset(Workspace.open(workspace)) == wanted
            assert [path.name for path in workspace.rglob(".*") if path.name != ".lock"] == []
            at += 1
    assert killed >= 10


def test_two_at_once(files: list[Path], tmp_path: Path) -> None:
    """While one adds, another waits and then adds, and a third reads; who waits too long is told so and adds nothing."""
    workspace = Workspace.create(tmp_path / "record")
    add(workspace, files[2])
    with workspace.adding():
        before = multiset(workspace)
        process = start(workspace.path, [files[0]])
        time.sleep(0.5)
        assert process.poll() is None, "it did not wait"
        with pytest.raises(InputError, match="another process"), workspace.adding(wait=0.1):
            pass
        assert multiset(workspace) == before
    assert process.communicate()[0] == "done\n"
    assert len(multiset(workspace)) > len(before)
    assert add(workspace, files[0]).known == 4_000


def test_reading_while_importing(files: list[Path], tmp_path: Path) -> None:
    """A reader sees whole files or nothing of them. Catches a part that is listed before it is there."""
    sizes = {0, 4_000, 6_000, 15_000}
    process = start(tmp_path / "record", files)
    seen = set()
    while process.poll() is None:
        if (tmp_path / "record" / "record.json").exists():
            seen.add(len(events(Workspace.open(tmp_path / "record"), "1", " ")))
    process.communicate()
    seen.add(len(events(Workspace.open(tmp_path / "record"), "1", " ")))
    assert seen <= sizes
    assert 15_000 in seen
