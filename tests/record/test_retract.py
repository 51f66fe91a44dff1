"""What is retracted counts in no result, stays on record with its reason, and can count again."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest

from detente.case.load import load
from detente.errors import RecordError
from detente.record.commitments.commit import commit, history
from detente.record.commitments.ledger import commitments
from detente.record.contents import contents
from detente.record.dyad import dyad
from detente.record.retract import retract
from detente.record.workspace import Workspace
from eventfiles import add, aside, gdelt, multiset, written

CASE = load("toy-exchange")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Two files of which the second holds the rows of the first as well."""
    workspace = Workspace.create(tmp_path / "record")
    add(workspace, written(tmp_path / "first.CSV", gdelt(3)))
    add(workspace, written(tmp_path / "both.CSV", gdelt(5)))
    return workspace


def count(workspace: Workspace) -> int:
    return sum(period.events for period in dyad(workspace, "USA", "PRK").series)


def test_an_import_and_back(workspace: Workspace) -> None:
    """Catches a result that counts what was retracted, and a retraction that cannot be taken back."""
    before = multiset(workspace)
    assert (count(workspace), sum(before.values())) == (5, 5)
    done = retract(workspace, ["1"], "another dyad's file")
    assert (done.number, done.of) == (3, ("1",))
    assert count(workspace) == 2
    assert [entry["because"] for entry in contents(workspace).retracted] == ["another dyad's file"]
    assert (workspace.path / "events").exists()
    retract(workspace, ["3"], "it was the right one")
    assert multiset(workspace) == before
    retract(workspace, ["4"], "no, it was not")
    assert count(workspace) == 2


def test_what_another_file_left_out_is_imported_again(workspace: Workspace, tmp_path: Path) -> None:
    """The second file left out three rows as known: once the first is retracted, it is named, and importing it adds them."""
    done = retract(workspace, ["first.CSV"], "withdrawn by its publisher")
    assert done.import_again == ("both.CSV",)
    assert count(workspace) == 2
    assert add(workspace, tmp_path / "both.CSV").added == 3
    assert count(workspace) == 5
    assert add(workspace, tmp_path / "both.CSV").added == 0
    assert add(workspace, tmp_path / "first.CSV").known == 3
    assert count(workspace) == 5


def test_the_same_file_after_a_retraction(workspace: Workspace, tmp_path: Path) -> None:
    """Catches a file that can never be added again, and one that is then there twice."""
    retract(workspace, ["2"], "a draft")
    assert count(workspace) == 3
    assert add(workspace, tmp_path / "both.CSV").added == 2
    assert count(workspace) == 5


def test_one_row(workspace: Workspace) -> None:
    """A row of events by its number in the addition; the others stay, with their lines."""
    retract(workspace, ["1.2"], "a hoax")
    assert count(workspace) == 4
    with workspace.connect() as base:
        lines = base.execute("select line from events_sourced where file = 'first.CSV' order by 1").fetchall()
    assert lines == [(1,), (3,)]


def test_rows_put_aside_keep_their_place(workspace: Workspace, tmp_path: Path) -> None:
    """Catches rows put aside of a second import that take the place of the first one's."""
    file = written(tmp_path / "broken.CSV", gdelt(9) + "broken\n")
    first = add(workspace, file)
    assert len(aside(workspace, first)) == 1
    retract(workspace, ["broken.CSV"], "to be read anew")
    again = add(workspace, file)
    assert len(aside(workspace, again)) == 1
    assert again.files[0].aside != first.files[0].aside


def enter(workspace: Workspace, state: str, **more: object) -> None:
    commit(CASE, "give-a", state=state, as_of="2018-05-01", by="keeper", workspace=workspace.path, **more)


def state(workspace: Workspace) -> str:
    (row,) = commitments(CASE, workspace.path, as_of=datetime.date(2018, 12, 1)).rows
    return row.standing.state


def test_a_correction_counts_whatever_the_clock_says(tmp_path: Path) -> None:
    """The order of entries is that in which they were made: a clock that is behind, or ahead, changes nothing."""
    workspace = Workspace.create(tmp_path / "record")
    enter(workspace, "none", now=datetime.datetime(2026, 1, 1))
    enter(workspace, "full", now=datetime.datetime(2020, 1, 1))
    assert state(workspace) == "full"
    enter(workspace, "minimal", now=datetime.datetime(2020, 1, 1))
    assert state(workspace) == "minimal"
    enter(workspace, "full", now=datetime.datetime(2020, 1, 1))  # the very same entry as before, at the very same time
    assert state(workspace) == "full"


def test_an_entry_of_commitments(tmp_path: Path) -> None:
    """The number that the history shows takes back this entry, and the one before it counts again."""
    workspace = Workspace.create(tmp_path / "record")
    for given in ("none", "full"):
        enter(workspace, given)
    last = history(CASE, workspace.path).entries[-1]
    assert last.to_dict()["number"] == last.number == "2.1"
    retract(workspace, [last.number], "entered for the wrong party")
    assert state(workspace) == "none"
    enter(workspace, "full")
    assert state(workspace) == "full"


@pytest.mark.parametrize(
    ("references", "said"),
    [
        (["9"], "entries 1 to 2"),
        (["0"], "entries 1 to 2"),
        (["1.9"], "rows 1 to 3"),
        (["1.0"], "rows 1 to 3"),
        (["frist.CSV"], "did you mean 'first.CSV'"),
        (["1; drop table events"], "the number of an entry"),
        (["1", "x", "7"], "entries 1 to 2"),
        (["-1"], "the number of an entry"),
        (["²"], "the number of an entry"),
        (["9" * 5000], "entries 1 to 2"),
        (["1." + "9" * 5000], "rows 1 to 3"),
    ],
)
def test_references_that_mean_nothing(references: list[str], said: str, workspace: Workspace) -> None:
    """All at once, and nothing is retracted then."""
    with pytest.raises(RecordError, match="nothing was retracted") as told:
        retract(workspace, references, "why")
    assert said in str(told.value)
    assert len(workspace.chain().entries) == 2
    with pytest.raises(RecordError, match="wanted the reason"):
        retract(workspace, ["1"], " ")


def test_what_was_healed_does_not_come_back(workspace: Workspace) -> None:
    """Catches a damaged part that counts again once the one that took its place is retracted."""
    first, second = workspace.parts("events")

    def write(path: Path) -> dict[str, object]:
        shutil.copy(second.path, path)
        return dict(second.about)

    with workspace.adding():
        healed = workspace.add("events", first.key, write, heals=first)
    assert [part.number for part in workspace.parts("events")] == [2, healed.number]
    retract(workspace, [str(healed.number)], "given up")
    assert [part.number for part in workspace.parts("events")] == [2]


def test_only_what_counts_is_listed(workspace: Workspace) -> None:
    """Catches a reader who takes an import for retracted that counts again."""
    retract(workspace, ["1"], "wrong")
    retract(workspace, ["3"], "right after all")
    assert [list(entry["of"]) for entry in contents(workspace).retracted] == [["3"]]


def test_nothing_is_retracted_twice(workspace: Workspace) -> None:
    """Catches a second entry that says the same, and one that takes back what counts no more."""
    retract(workspace, ["1"], "why")
    with pytest.raises(RecordError, match="counts no more already"):
        retract(workspace, ["1"], "why")
    retract(workspace, ["3"], "why not")
    with pytest.raises(RecordError, match="counts no more already"):
        retract(workspace, ["3"], "why not")
