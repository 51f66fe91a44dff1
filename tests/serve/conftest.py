"""A workbench over an empty folder: of one person on this machine, and of a team with accounts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from benches import Open, opened


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
