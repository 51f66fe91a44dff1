"""A workbench over an empty folder: of one person on this machine, and of a team with accounts; databases of both kinds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from benches import Open, opened
from servers import new_database, postgresql


@pytest.fixture
def workbench(tmp_path: Path) -> Iterator[Open]:
    """A workbench on this machine alone."""
    made = opened(tmp_path)
    yield made
    made.bench.close()


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Open]:
    """A workbench of a team, with accounts."""
    made = opened(tmp_path, local=False)
    yield made
    made.bench.close()


@pytest.fixture(scope="session")
def server_of_postgresql() -> Iterator[str]:
    """A real server."""
    with postgresql() as where:
        yield where


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new database of either kind."""
    if request.param == "sqlite":
        return str(tmp_path / "kept.sqlite")
    return new_database(request.getfixturevalue("server_of_postgresql"))
