"""Texts read and changed in another process come out as if they had been here."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from detente.case.load import load
from detente.errors import CaseError
from detente.serve.jobs.desk import Desk
from detente.serve.store import editing

TOY = load("toy-exchange").text
PATH = "toy-exchange.yaml"


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    made.close()


def test_it_answers_as_the_functions_do(desk: Desk) -> None:
    """Catches a text that is changed on its way, or a result of another kind."""
    first, second = TOY.replace("title:", "title: A\nwas:", 1), TOY + "# \u2019\n"
    assert desk.check(PATH, TOY) == load("toy-exchange").title
    assert desk.change(PATH, TOY, {"title": "\u00c9"}) == editing.change(PATH, TOY, {"title": "\u00c9"})
    for ours, theirs in ((first, second), (None, second), (first, TOY.replace("title:", "title: B\nwas:", 1))):
        assert desk.merge(TOY, ours, theirs, PATH) == editing.merge(TOY, ours, theirs, PATH)


def test_what_is_refused_is_refused_alike(desk: Desk) -> None:
    """Catches a fault that loses its line, its hint, or its words."""
    for text in (TOY.replace("parties:", "parteis:", 1), "", "case: [", TOY.replace("case: toy", "case: other-toy")):
        with pytest.raises(CaseError) as there:
            desk.check(PATH, text)
        with pytest.raises(CaseError) as here:
            editing.check(PATH, text)
        assert (str(there.value), there.value.faults, there.value.source) == (
            str(here.value), here.value.faults, here.value.source,
        )  # fmt: skip


def test_it_outlives_its_process(desk: Desk) -> None:
    """Catches a workbench that saves nothing any more because a process has died."""
    desk.check(PATH, TOY)
    assert desk._child is not None
    os.kill(desk._child.pid, signal.SIGKILL)
    assert desk.check(PATH, TOY) == desk.check(PATH, TOY) == load("toy-exchange").title
    assert desk.change(PATH, TOY, {"title": "A"})
    with pytest.raises(CaseError):
        desk.change(PATH, TOY, {"no.such.place": object()})  # what JSON does not know is done here
