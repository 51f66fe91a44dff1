"""What all tests share: the folder of the shared modules on the path, random tests that draw the same cases everywhere, what is
reckoned once, and a warm process that runs commands."""

import functools
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import typer.main
import typer.testing
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))

from forkserver import Commands, commands
from kept import share
from sparing import spare_examples, spare_plays

os.environ.setdefault("DETENTE_CACHE", "off")  # what a search has found is looked for again, but where a test is about that

settings.register_profile("same-everywhere", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("same-everywhere")


@pytest.fixture(scope="session", autouse=True)
def _shared(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What is kept lies beside the folders of the workers, and goes with them."""
    share(tmp_path_factory.getbasetemp().parent / "kept")


@pytest.fixture(scope="session", autouse=True)
def _one_tree() -> Iterator[None]:
    """The tree of commands is built once, and not for each call: that takes a tenth of a second."""
    with pytest.MonkeyPatch.context() as patch:
        tree = functools.cache(typer.main.get_command)
        patch.setattr(typer.main, "get_command", tree)
        patch.setattr(typer.testing, "_get_command", tree)
        yield


@pytest.hookimpl(tryfirst=True)  # before the worker reads who belongs together
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """By day random tests draw a part of their examples. Tests that share what their file makes once run on one worker: each
    worker would make it anew."""
    if "not nightly" in config.option.markexpr:
        spare_examples(items)
    for item in items:
        if not item.get_closest_marker("xdist_group") and _shares_what_its_file_makes(item):
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))


def _shares_what_its_file_makes(item: pytest.Item) -> bool:
    asked: Mapping[str, Sequence[Any]] = getattr(item, "_fixtureinfo").name2fixturedefs  # noqa: B009  # it has no other door
    return any(made[-1].scope == "module" for made in asked.values())


@pytest.fixture(scope="session", autouse=True)
def _few_plays() -> None:
    """Searches in plays are short, but where a test is about them."""
    spare_plays()


@pytest.fixture
def cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of what is kept on the machine, an empty one; else tests keep nothing."""
    monkeypatch.delenv("DETENTE_CACHE", raising=False)
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_, **__: tmp_path / "cache")
    return tmp_path / "cache"


@pytest.fixture
def whole_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """The search in plays as users have it."""
    from detente.recommend import recommend, search

    monkeypatch.setattr(recommend, "plays_for", search.plays_for)


@pytest.fixture(scope="session")
def server() -> Iterator[Commands]:
    """Runs commands of `detente` in forks, in the surroundings of this process; they too search for a short while."""
    with commands(sparing=True) as running:
        yield running
