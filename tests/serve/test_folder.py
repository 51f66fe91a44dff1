"""No path leaves the workspace."""

from __future__ import annotations

from pathlib import Path

import pytest

from benches import Open
from detente.errors import InputError, OutputError
from detente.serve import begin
from detente.serve.folder import Folder


@pytest.mark.parametrize(
    "name",
    ["../secret.yaml", "/etc/passwd", "a/b.yaml", ".detente/x.yaml", ".hidden.yaml", "", "a.yml", "A.yaml", "a.yaml\n",
     "a\0.yaml", "..", "con/../../x.yaml", "x" * 101 + ".yaml"],
)  # fmt: skip
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    """Catches a path by which a request reads or writes outside the folder."""
    folder = Folder(tmp_path)
    for asked in (lambda: folder.read(name), lambda: folder.write(name, "x"), lambda: folder.place(name)):
        with pytest.raises(InputError):
            asked()


def test_a_link_is_neither_read_nor_written_through(tmp_path: Path, workbench: Open) -> None:
    """Catches a link by which a file outside becomes a case, or is overwritten by one."""
    outside = tmp_path.parent / f"{tmp_path.name}-outside.yaml"
    outside.write_text("case: toy-exchange\nsecret: 1\n")
    (tmp_path / "toy-exchange.yaml").symlink_to(outside)
    client = workbench.inside()
    assert client.get("/api/cases").json() == []
    assert "secret" not in client.get("/api/cases/toy-exchange").text
    assert client.post("/api/cases/toy-exchange/begin").status_code == 422
    assert outside.read_text() == "case: toy-exchange\nsecret: 1\n"
    page = client.get("/").text
    assert "is a link" in page
    assert "secret" not in page


def test_a_pipe_and_a_folder_are_no_cases(tmp_path: Path, workbench: Open) -> None:
    """Catches a look at the folder that waits for a pipe, or fails at what is no file."""
    import os

    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "latin.yaml").write_bytes(b"case: caf\xe9\n")
    (tmp_path / "Big Name.yml").write_text("case: x\n")
    client = workbench.inside()
    assert client.get("/api/cases").json() == []
    page = client.get("/").text
    for name in ("pipe.yaml", "folder.yaml", "latin.yaml", "Big Name.yml"):
        assert name in page


def test_its_own_folder_is_private_and_no_link(tmp_path: Path) -> None:
    """Catches a database that others on the machine can read, or one that is kept where a link leads."""
    (tmp_path / "a").mkdir()
    own = Folder(tmp_path / "a").own
    assert own.stat().st_mode & 0o777 == 0o700
    assert (own / ".gitignore").read_text() == "*\n"
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / ".detente").symlink_to(own)
    with pytest.raises(OutputError):
        Folder(tmp_path / "b")
    with pytest.raises(InputError):
        Folder(tmp_path / "none")
    (own / "workbench.sqlite").symlink_to(tmp_path / "elsewhere.sqlite")  # as an archive from somebody else may hold it
    with pytest.raises(OutputError):
        Folder(tmp_path / "a")


def test_the_browser_is_opened_by_a_file_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a token among the arguments of a command, which everybody on the machine can see, or in a file all may read."""
    opened_with: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened_with.append)
    folder = Folder(tmp_path)
    begin._open(folder, "http://127.0.0.1:1/?token=secret")
    assert opened_with == [(folder.own / "open.html").as_uri()]
    assert "token=secret" in (folder.own / "open.html").read_text()
    assert (folder.own / "open.html").stat().st_mode & 0o777 == 0o600
