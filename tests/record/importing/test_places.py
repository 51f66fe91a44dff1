"""Places that cannot be written to, folders with other things, and records that somebody has damaged."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from detente.errors import InputError, OutputError, RecordError
from detente.record.workspace import Workspace
from eventfiles import add, events, gdelt, written

DETENTE = [sys.executable, "-c", "from detente.cli import main; main()"]


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
@pytest.mark.parametrize("limit", [0, 20_000])
def test_a_full_disk(limit: int, packed: bool, tmp_path: Path) -> None:
    """No file may grow beyond a limit, as on a full disk: exit code 2, said what is wrong, and the record is as it was."""
    import gzip

    content = gdelt(30_000).encode()
    file = written(tmp_path / "x.CSV", gzip.compress(content) if packed else content)
    workspace = Workspace.create(tmp_path / "record")
    add(workspace, written(tmp_path / "first.CSV", gdelt(3)))
    done = subprocess.run(
        [*DETENTE, "record", "import", str(file), "--workspace", str(workspace.path)],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2, done.stdout
    assert done.stderr.startswith("detente: ")
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(events(workspace)) == 3
    assert add(workspace, file).added == 29_997


def test_a_place_that_cannot_be_written_to(tmp_path: Path) -> None:
    """A file where the folder should be, and a folder of the system."""
    written(tmp_path / "file", "x")
    for place in (tmp_path / "file" / "record", tmp_path / "file", Path("/proc/record")):
        with pytest.raises(InputError):
            Workspace.create(place)


def test_a_folder_with_other_things(tmp_path: Path) -> None:
    """Left alone: nothing is written into somebody's folder by a slip of the hand."""
    written(tmp_path / "thesis.docx", "x")
    with pytest.raises(RecordError, match="holds other things and no record"):
        Workspace.create(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_no_record(tmp_path: Path) -> None:
    """A question to a folder without a record is no empty answer, and makes none."""
    for place in (tmp_path, tmp_path / "missing"):
        with pytest.raises(RecordError, match=r"there is no record in this folder \(name its folder with --workspace"):
            Workspace.open(place)
    assert list(tmp_path.iterdir()) == []


def test_what_is_appended_is_appended_once(tmp_path: Path) -> None:
    """Rows of other tables: the very same rows again add nothing, others do; all columns come back."""
    workspace = Workspace.create(tmp_path / "record")
    row = {"recorded": "2019-01-01 10:00:00", "item": "o'clock; drop", "party": "a", "state": "full", "note": 'ä "b"'}
    for rows, added in (([row], 1), ([row], 0), ([row, {**row, "state": "none"}], 2), ([], 0)):
        with workspace.adding():
            assert workspace.append("commitments", rows, {"case": "test"}) == added
    with workspace.connect() as connection:
        found = connection.execute("select item, state, note, due from commitments order by state").fetchall()
    assert found == [("o'clock; drop", state, 'ä "b"', None) for state in ("full", "full", "none")]
    assert len(workspace.parts("commitments")) == 2


def test_a_read_only_record_can_be_read(tmp_path: Path) -> None:
    """Reading writes nothing into the record's folder."""
    workspace = Workspace.create(tmp_path / "record")
    add(workspace, written(tmp_path / "x.CSV", gdelt(3)))
    before = sorted(str(path) for path in workspace.path.rglob("*"))
    assert len(events(workspace)) == 3
    assert sorted(str(path) for path in workspace.path.rglob("*")) == before
    with pytest.raises(OutputError):
        Workspace(tmp_path / "x.CSV").adding().__enter__()


def test_a_file_behind_a_link(tmp_path: Path) -> None:
    """Catches a database that may read the folder in which the link stands, and not the file to which it leads."""
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "a.CSV"
    link.symlink_to(written(tmp_path / "elsewhere" / "f-[1].CSV", gdelt(3)))
    workspace = Workspace.create(tmp_path / "record")
    assert add(workspace, link).added == 3
    assert add(workspace, tmp_path / "elsewhere" / "f-[1].CSV").known == 3


def test_from_a_pipe(tmp_path: Path) -> None:
    """Standard input, a named pipe, and what a shell puts in place of a process; a packed file through a pipe, too."""
    import gzip
    import os
    import threading

    workspace = Workspace.create(tmp_path / "record")
    done = subprocess.run(
        [*DETENTE, "record", "import", "-", "--workspace", str(workspace.path)],
        input=gzip.compress(gdelt(3).encode()),
        capture_output=True,
        check=False,
    )
    assert (done.returncode, len(events(workspace))) == (0, 3)
    os.mkfifo(tmp_path / "pipe")
    writing = threading.Thread(target=(tmp_path / "pipe").write_text, args=(gdelt(5),))
    writing.start()
    assert add(workspace, tmp_path / "pipe").added == 2
    writing.join()
    reading, end = os.pipe()
    os.write(end, gdelt(6).encode())
    os.close(end)
    found = add(workspace, Path(f"/dev/fd/{reading}"))
    os.close(reading)
    assert (found.added, found.files[0].file) == (1, "<pipe>")
    assert {row["file"] for row in events(workspace)} == {"<stdin>", str(tmp_path / "pipe"), "<pipe>"}
