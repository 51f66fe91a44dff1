"""Records that somebody has edited: whatever was changed is named, and nothing is computed from it.

The two lists below are of kinds: damage (what disks, synchronising programs and hands do) and tampering (what somebody does who
wants another answer, and knows the format). Each is tried with every command that reads a record; a command may answer as
before where it does not use what was changed, and must refuse otherwise.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from detente.cli import app
from detente.cli.ending import run
from detente.errors import InputError
from detente.record.check import check
from detente.record.commitments.commit import commit
from detente.record.workspace import Workspace
from eventfiles import GDELT2, add, gdelt_row, table, written

READING = {
    "contents": ["record", "contents"],
    "dyad": ["record", "dyad", "USA", "PRK"],
    "unanswered": ["record", "unanswered", "USA", "PRK"],
    "contacts": ["record", "contacts", "USA", "PRK"],
    "changes": ["record", "changes", "USA", "PRK", "--period", "day"],
    "reciprocity": ["record", "reciprocity", "USA", "PRK", "--period", "day", "--lags", "1"],
    "commitments": ["record", "commitments", "toy-exchange", "--as-of", "2018-12-01", "--json"],
    "trust": ["record", "trust", "toy-exchange", "--as-of", "2018-12-01", "--json"],
    "check": ["record", "check"],
}
COMMITMENTS = {"commitments", "trust"}
"""The commands that use the commitments; all others use the events, and those that list or check use both."""
BOTH = {"contents", "check"}


def events_from(n: int, count: int = 40) -> str:
    """So many events over the days of a month, of both directions, numbered from 1000 n."""
    both = ({}, {"Actor1CountryCode": "USA", "Actor2CountryCode": "PRK"})
    rows = [
        gdelt_row(1000 * n + k, SQLDATE=f"2018{n:02d}{1 + k * k % 27:02d}", **both[k % 3 == 0], QuadClass=1 + k % 4)
        for k in range(count)
    ]
    return table(GDELT2, rows, header=False)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record with two imports and three entries of commitments."""
    folder = tmp_path_factory.mktemp("whole") / "record"
    workspace = Workspace.create(folder)
    for n in (1, 2):
        add(workspace, written(folder.parent / f"{n}.CSV", events_from(n)))
    for state in ("none", "minimal", "full"):
        commit_to(folder, state)
    return folder


def commit_to(folder: Path, state: str) -> None:
    from detente.case.load import load

    commit(load("toy-exchange"), "give-a", state=state, as_of="2018-06-01", by="keeper", workspace=folder)


def part(folder: Path, n: int = 0, table: str = "events") -> Path:
    return Workspace.open(folder).parts(table)[n].path


def edit(path: Path, change: Callable[[bytes], bytes]) -> None:
    path.write_bytes(change(path.read_bytes()))


def lines(folder: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    edit(folder / "chain.jsonl", lambda content: b"\n".join(change(content.split(b"\n"))))


def mark(folder: Path, **changes: object) -> None:
    path = folder / "record.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def exchange(a: Path, b: Path) -> None:
    one, other = a.read_bytes(), b.read_bytes()
    a.write_bytes(other)
    b.write_bytes(one)


def fifo(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def folder_there(path: Path) -> None:
    path.unlink()
    path.mkdir()


def linked(path: Path) -> None:
    target = path.with_name("elsewhere")
    path.rename(target)
    path.symlink_to(target.name)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "a bit of a part": lambda f: edit(part(f), flipped),
    "a part cut off": lambda f: edit(part(f), lambda c: c[:-20]),
    "a part without content": lambda f: edit(part(f), lambda _: b""),
    "a part of other bytes": lambda f: edit(part(f), lambda c: b"x" * len(c)),
    "a part gone": lambda f: part(f).unlink(),
    "a part that is a folder": lambda f: folder_there(part(f)),
    "a part that is a pipe": lambda f: fifo(part(f)),
    "a part that is a link": lambda f: linked(part(f)),
    "commitments of other bytes": lambda f: edit(part(f, 1, "commitments"), flipped),
    "commitments gone": lambda f: part(f, 1, "commitments").unlink(),
    "a chain cut off": lambda f: edit(f / "chain.jsonl", lambda c: c[:-9]),
    "a chain gone": lambda f: (f / "chain.jsonl").unlink(),
    "a chain of other bytes": lambda f: edit(f / "chain.jsonl", lambda c: b"\xff\0{" * (len(c) // 3)),
    "a mark that is no JSON": lambda f: (f / "record.json").write_text("{"),
    "a mark that is a list": lambda f: (f / "record.json").write_text("[]"),
    "a mark without its keys": lambda f: (f / "record.json").write_text('{"version": 2}'),
    "a mark of a version to come": lambda f: (f / "record.json").write_text('{"version": 9}'),
    "a copy of a part beside it": lambda f: shutil.copy(part(f), part(f).with_name("copy (2).parquet")),
}


def rewritten(folder: Path) -> None:
    """The intensities of a part turned round, by the same program that wrote it."""
    import duckdb

    path = str(part(folder))
    with duckdb.connect() as base:
        base.execute("create table t as select * from read_parquet(?)", [path])
        base.execute("update t set quad = 4, intensity = -10")
        base.execute("copy t to ? (format parquet)", [path])


def in_its_place(folder: Path) -> None:
    """The same length and the same time of change: only the system knows."""
    path = part(folder)
    state = path.stat()
    edit(path, flipped)
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))


def from_another(folder: Path) -> None:
    """An entry and its part out of another record."""
    other = Workspace.create(folder.parent / "other")
    add(other, written(folder.parent / "other.CSV", events_from(9, 7)))
    source = part(other.path)
    shutil.copy(source, folder / "events" / source.name)
    theirs = (other.path / "chain.jsonl").read_bytes().rstrip(b"\n")
    lines(folder, lambda ours: [*ours[:-1], theirs, b""])
    mark(folder, entries=6, bytes=(folder / "chain.jsonl").stat().st_size)


def swapped(ours: list[bytes]) -> list[bytes]:
    return [ours[1], ours[0], *ours[2:]]


TAMPERING: dict[str, Callable[[Path], object]] = {
    "a part rewritten": rewritten,
    "a part edited in its place, its time set back": in_its_place,
    "two parts exchanged": lambda f: exchange(part(f, 0), part(f, 1)),
    "the counts of an entry edited": lambda f: lines(f, lambda x: [x[0].replace(b'"rows":40', b'"rows":41'), *x[1:]]),
    "an entry back-dated": lambda f: lines(f, lambda x: [*x[:2], x[2].replace(b'"made":"2', b'"made":"1'), *x[3:]]),
    "the last entry back-dated": lambda f: lines(f, lambda x: [*x[:4], x[4].replace(b'"made":"2', b'"made":"1'), x[5]]),
    "an entry dropped": lambda f: lines(f, lambda x: [*x[:2], *x[3:]]),
    "the last entry dropped": lambda f: lines(f, lambda x: [*x[:-2], b""]),
    "the last entry dropped, the head set back": lambda f: (
        lines(f, lambda x: [*x[:-2], b""]),
        mark(f, entries=4, bytes=(f / "chain.jsonl").stat().st_size),
    ),
    "two entries exchanged": lambda f: lines(f, swapped),
    "an entry twice": lambda f: lines(f, lambda x: [x[0], *x]),
    "an entry out of another record": from_another,
    "another record's id": lambda f: mark(f, id="0" * 32),
    "another root": lambda f: mark(f, root="0" * 64),
    "commitments exchanged": lambda f: exchange(part(f, 0, "commitments"), part(f, 2, "commitments")),
    "a key that no entry has": lambda f: lines(f, lambda x: [x[0].replace(b'{"number"', b'{"sql":"1","number"'), *x[1:]]),
}


def answer(
    name: str, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> tuple[int, str, str]:
    monkeypatch.setenv("DETENTE_RECORD", str(folder))
    code = run(app, READING[name])
    said = capsys.readouterr()
    return code, said.out.replace(str(folder), "RECORD"), said.err


@pytest.mark.parametrize("name", READING)
def test_damage_and_tampering(
    name: str, whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Catches an edit that goes unnoticed, a traceback, and a place that is not named, for each kind and this command."""
    before = answer(name, whole, capsys, monkeypatch)
    assert before[0] in (0, 1), before  # no shift is an answer, too
    for kind, change in {**DAMAGE, **TAMPERING}.items():
        folder = tmp_path / "record"
        shutil.rmtree(tmp_path)
        tmp_path.mkdir()
        shutil.copytree(whole, folder)
        change(folder)
        begun = time.monotonic()
        code, out, err = answer(name, folder, capsys, monkeypatch)
        assert time.monotonic() - begun < 20, (kind, "it takes its time")
        assert "Traceback" not in err, (kind, err)
        touched = "commitments" if kind.startswith("commitments") else "events" if " part" in kind else "both"
        spared = name not in BOTH and touched != "both" and (touched == "events") == (name in COMMITMENTS)
        if spared and code != 2:
            assert (code, out) == before[:2], kind
        else:
            assert (code, out) == (2, ""), (kind, out, err)
            assert str(folder) in err, (kind, err)


@pytest.mark.parametrize("kind", ["a bit of a part", "a part gone", "a part cut off"])
def test_the_original_heals(kind: str, whole: Path, tmp_path: Path) -> None:
    """Importing the original again makes a damaged part whole, adds nothing twice, and leaves a trace only if it is another."""
    folder = tmp_path / "record"
    shutil.copytree(whole, folder)
    head = check(Workspace.open(folder)).head
    DAMAGE[kind](folder)
    with pytest.raises(InputError):
        check(Workspace.open(folder))
    done = add(Workspace.open(folder), whole.parent / "1.CSV")
    assert (done.added, done.known, done.files[0].healed) == (0, 40, True)
    assert check(Workspace.open(folder)).head == head
    assert not add(Workspace.open(folder), whole.parent / "1.CSV").files[0].healed


def test_both_parts_heal_in_their_order(whole: Path, tmp_path: Path) -> None:
    """Catches two damaged parts that keep each other from being healed."""
    folder = tmp_path / "record"
    shutil.copytree(whole, folder)
    for n in (0, 1):
        edit(part(folder, n), flipped)
    done = add(Workspace.open(folder), whole.parent / "1.CSV", whole.parent / "2.CSV")
    assert [file.healed for file in done.files] == [True, True]
    assert check(Workspace.open(folder))


def test_a_damaged_part_is_not_added_to(whole: Path, tmp_path: Path) -> None:
    """Catches an import that compares its rows with a damaged part, and so takes new ones for known."""
    folder = tmp_path / "record"
    shutil.copytree(whole, folder)
    edit(part(folder), flipped)
    with pytest.raises(InputError, match="is not as entry 1 added it"):
        add(Workspace.open(folder), written(tmp_path / "new.CSV", events_from(1, 50)))
    assert len(Workspace.open(folder).parts("events")) == 2
