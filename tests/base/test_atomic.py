"""What a killed process leaves beside a file that it was writing."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from detente.base.atomic import write_atomic


def test_what_nobody_holds_is_removed_and_nothing_else(tmp_path: Path) -> None:
    """Catches temporary files that pile up, one that is taken away from who is at it, and other people's files that go with
    them: of another name, hidden ones of another kind, and what a link leads to.
    """
    target, other = tmp_path / "page.html", tmp_path / "other"
    other.write_text("other")
    dead, held, link = (tmp_path / f".page.html.{name}.detente.tmp" for name in ("dead", "held", "link"))
    dead.touch()
    link.symlink_to(other)
    (tmp_path / ".page.html.swp").touch()
    (tmp_path / ".page.htm.dead.detente.tmp").touch()
    with held.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        write_atomic(target, "new")
        assert target.read_text() == "new"
        there = {path.name for path in tmp_path.iterdir()}
        kept = {held.name, link.name, ".page.html.swp", ".page.htm.dead.detente.tmp"}
        assert there == {"page.html", "other", *kept}
    write_atomic(target, "newer")
    assert not held.exists()
    assert other.read_text() == "other"


def test_a_name_as_long_as_names_may_be(tmp_path: Path) -> None:
    """Catches a temporary name that is too long, counted in bytes, for a file whose own name is not."""
    target = tmp_path / ("\u9752" * 84)
    write_atomic(target, "text")
    assert target.read_text() == "text"
    assert os.listdir(tmp_path) == [target.name]  # noqa: PTH208
