"""Every change is a version, nothing is lost: not between two people, not between the database and the disk."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from detente.base.text import read_yaml
from detente.errors import InputError
from detente.serve.folder import Folder
from detente.serve.store.database import Database
from detente.serve.store.versions import ConflictError, OutdatedError, Versions

PATH = "toy.yaml"


def check(path: str, text: str) -> None:
    """What may be saved in these tests: YAML whose `even` is even."""
    data = read_yaml(text, path).data
    if isinstance(data, dict) and data.get("even", 0) % 2:
        raise InputError("even: got an odd number")


def case(**entries: object) -> str:
    return "case: toy\n" + "".join(f"{key}: {value}\n" for key, value in entries.items())


Make = Callable[[], Versions]


@pytest.fixture
def make(address: str, tmp_path: Path) -> Iterator[Make]:
    """A store over one folder, as often as the server begins anew."""
    (tmp_path / "work").mkdir()
    made: list[Versions] = []

    def again() -> Versions:
        made.append(Versions(Database(address), Folder(tmp_path / "work"), check))
        return made[-1]

    yield again
    for versions in made:
        versions.database.close()


def file(versions: Versions) -> Path:
    return versions.folder.root / PATH


def contents(versions: Versions) -> list[str | None]:
    return [versions.at(PATH, v.revision).content for v in versions.history(PATH)]


def test_a_change_is_a_version_and_a_file(make: Make) -> None:
    """Catches a save that reaches the database or the disk alone, or that loses who, when and why."""
    versions = make()
    first = versions.save(PATH, case(a=1), base=0, author="ana", reason="begun", kind="new")
    second = versions.save(PATH, case(a=2), base=1, author="ben", reason="a source")
    assert [first.revision, second.revision] == [1, 2]
    assert file(versions).read_text() == case(a=2)
    told = [(v.author, v.reason, v.kind) for v in versions.history(PATH)]
    assert told == [("ana", "begun", "new"), ("ben", "a source", "edit")]
    assert first.at < second.at
    assert versions.save(PATH, case(a=2), base=2, author="ana", reason="the same").revision == 2  # nothing has changed


def test_what_may_not_be_saved_leaves_everything_as_it_was(make: Make) -> None:
    """Catches a text with faults that replaces a case."""
    versions = make()
    versions.save(PATH, case(even=2), base=0, author="ana", reason="")
    with pytest.raises(InputError):
        versions.save(PATH, case(even=3), base=1, author="ana", reason="")
    with pytest.raises(InputError):
        versions.save(PATH, case(even=4), base=1, author="ana", reason="\x1b[2J")
    with pytest.raises(InputError):
        versions.save(PATH, case(even=4), base=7, author="ana", reason="")
    assert contents(versions) == [case(even=2)]
    assert file(versions).read_text() == case(even=2)


def test_two_tabs_that_touch_different_entries_are_merged(make: Make) -> None:
    """Catches a silent overwrite by the slower of two saves."""
    versions = make()
    versions.save(PATH, case(a=1, b=1), base=0, author="ana", reason="")
    versions.save(PATH, case(a=2, b=1), base=1, author="ana", reason="")
    made = versions.save(PATH, case(a=1, b=2), base=1, author="ben", reason="")
    assert (made.kind, made.content, made.author) == ("merge", case(a=2, b=2), "ben")
    assert file(versions).read_text() == case(a=2, b=2)


def test_a_conflict_keeps_both_and_can_be_settled(make: Make) -> None:
    """Catches a conflict in which the second text is gone, kept twice, or taken without being seen."""
    versions = make()
    versions.save(PATH, case(a=1), base=0, author="ana", reason="")
    versions.save(PATH, case(a=2), base=1, author="ana", reason="")
    for _ in range(2):  # a second click
        with pytest.raises(ConflictError) as told:
            versions.save(PATH, case(a=3), base=1, author="ben", reason="why")
    assert told.value.head.content == case(a=2)
    assert told.value.aside.content == case(a=3)
    assert told.value.aside.at_paths == ("a",)
    assert file(versions).read_text() == case(a=2)
    (kept,) = make().asides(PATH)
    assert (kept.author, kept.base, kept.head, kept.content) == ("ben", 1, 2, case(a=3))
    versions.save(PATH, kept.content, base=2, author="ana", reason="ben is right")
    versions.settle(kept.id, "taken")
    versions.settle(kept.id, "dropped")  # it is settled already
    assert versions.asides(PATH) == []
    assert versions.aside(kept.id).settled == "taken"


def test_changes_that_make_no_case_together_are_a_conflict(make: Make) -> None:
    """Catches a merge of two sound texts into one that may not be saved."""
    versions = make()
    versions.check = lambda path, text: check(path, text.replace("a: 1\nb: 1", "even: 1"))
    versions.save(PATH, case(a=0, b=0), base=0, author="ana", reason="")
    versions.save(PATH, case(a=1, b=0), base=1, author="ana", reason="")
    with pytest.raises(ConflictError):
        versions.save(PATH, case(a=0, b=1), base=1, author="ben", reason="")
    assert file(versions).read_text() == case(a=1, b=0)


def test_many_at_once_lose_nothing(make: Make) -> None:
    """Catches a revision check outside the transaction: of eight who save at once from one revision, each change of an entry of
    its own stands at the end, and of eight changes of one entry one stands and seven are kept aside."""
    versions = make()
    versions.save(PATH, case(**{f"e{n}": 0 for n in range(8)}, x=0), base=0, author="ana", reason="")
    ready, outcomes = threading.Barrier(8), list[str]()

    def person(n: int) -> None:
        mine = Versions(versions.database, versions.folder, check)  # locks of its own: only the database is shared
        entries = {f"e{k}": int(k == n) for k in range(8)}
        ready.wait()
        mine._save(PATH, case(**entries, x=0), base=1, author=f"p{n}", reason="", kind="edit")
        ready.wait()
        try:
            mine._save(PATH, case(**{f"e{k}": 1 for k in range(8)}, x=n + 1), base=9, author=f"p{n}", reason="", kind="edit")
            outcomes.append("stands")
        except ConflictError:
            outcomes.append("aside")

    people = [threading.Thread(target=person, args=(n,)) for n in range(8)]
    for thread in people:
        thread.start()
    for thread in people:
        thread.join()
    ninth = read_yaml(versions.at(PATH, 9).content or "", PATH).data
    assert [ninth[f"e{n}"] for n in range(8)] == [1] * 8
    assert sorted(outcomes) == ["aside"] * 7 + ["stands"]
    assert [v.revision for v in versions.history(PATH)] == list(range(1, 11))
    stands = read_yaml(versions.at(PATH, 10).content or "", PATH).data["x"]
    kept = {read_yaml(a.content or "", PATH).data["x"] for a in versions.asides(PATH)}
    assert kept | {stands} == set(range(1, 9))


@pytest.mark.parametrize("seed", range(3))
def test_undo_and_redo_are_those_of_an_editor(make: Make, seed: int) -> None:
    """Catches an undo that skips, sticks or cannot be redone, against the two stacks that every editor has."""
    rng, versions = random.Random(seed), make()
    versions.save(PATH, case(a=0), base=0, author="ana", reason="")
    now, undone, redone = case(a=0), list[str](), list[str]()
    for n in range(1, 25):
        base = len(versions.history(PATH))
        what = rng.choice(["edit", "undo", "undo", "redo", "restore"])
        if what in ("undo", "redo"):
            taken, other = (undone, redone) if what == "undo" else (redone, undone)
            step = versions.undo if what == "undo" else versions.redo
            if not taken:
                with pytest.raises(InputError):
                    step(PATH, base=base, author="ana")
                continue
            other.append(now)
            now = taken.pop()
            made = step(PATH, base=base, author="ana")
        else:
            undone.append(now)
            redone.clear()
            if what == "edit":
                now = case(a=n)
                made = versions.save(PATH, now, base=base, author="ana", reason="")
            else:
                revision = rng.randint(1, base)
                now = versions.at(PATH, revision).content or ""
                made = versions.restore(PATH, revision, base=base, author="ana")
        assert (made.content, made.revision) == (now, base + 1)
        assert file(versions).read_text() == now


def test_a_step_from_an_old_revision_is_refused(make: Make) -> None:
    """Catches an undo that takes back what the person has not seen."""
    versions = make()
    for n in range(3):
        versions.save(PATH, case(a=n), base=n, author="ana", reason="")
    for step in (versions.undo, versions.redo):
        with pytest.raises(InputError):
            step(PATH, base=2, author="ben")
    with pytest.raises(OutdatedError):
        versions.restore(PATH, 1, base=2, author="ben")
    assert len(versions.history(PATH)) == 3


def test_a_change_outside_becomes_a_version(make: Make) -> None:
    """Catches an editor's or git's change that is not noticed, or overwritten by the next save."""
    versions = make()
    versions.save(PATH, case(a=1, b=1), base=0, author="ana", reason="")
    file(versions).write_text(case(a=1, b=5))
    made = versions.save(PATH, case(a=2, b=1), base=1, author="ana", reason="")
    assert made.content == case(a=2, b=5)
    assert [(v.author, v.kind) for v in versions.history(PATH)] == [("ana", "edit"), ("outside", "outside"), ("ana", "merge")]
    file(versions).write_text("case: toy\n[broken")
    (taken,) = versions.notice()
    assert taken.content == "case: toy\n[broken"
    file(versions).unlink()
    (taken,) = versions.notice()
    assert (taken.kind, taken.content, versions.paths()) == ("delete", None, [])
    versions.restore(PATH, 3, base=5, author="ana")
    assert file(versions).read_text() == case(a=2, b=5)


def test_a_change_outside_that_conflicts_is_kept(make: Make) -> None:
    """Catches a file that is overwritten with what it conflicts with, its own text gone."""
    versions = make()
    versions.save(PATH, case(a=1), base=0, author="ana", reason="")
    with pytest.MonkeyPatch.context() as patch:  # killed before the file was written
        patch.setattr(versions, "_publish", lambda _: None)
        versions.save(PATH, case(a=2), base=1, author="ana", reason="")
    file(versions).write_text(case(a=3))
    again = make()
    again.notice()
    assert file(again).read_text() == case(a=2)
    assert [(a.author, a.content) for a in again.asides(PATH)] == [("outside", case(a=3))]


def test_a_file_that_was_put_there_is_taken_in(make: Make) -> None:
    """Catches a new case that is not seen, and a YAML file that is none but is taken for one."""
    versions = make()
    file(versions).write_text(case(a=1))
    (versions.folder.root / "answers.yaml").write_text("answers: []\n")
    assert [v.path for v in versions.notice()] == [PATH]
    assert versions.paths() == [PATH]
    assert versions.notice() == []


def test_settled_files_are_read_again_when_they_change(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a look that is spared where it is needed: the same size, and the same time put back."""
    import os

    import detente.serve.folder

    monkeypatch.setattr(detente.serve.folder, "_SETTLED", 0)
    versions = make()
    versions.save(PATH, case(a=1), base=0, author="ana", reason="")
    versions.notice()
    assert versions._settled
    before = file(versions).stat()
    file(versions).write_text(case(a=2))
    os.utime(file(versions), ns=(before.st_atime_ns, before.st_mtime_ns))
    assert [v.content for v in versions.notice()] == [case(a=2)]
