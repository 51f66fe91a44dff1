"""Records that somebody made hostile, with every hash right: what they cannot mean is refused, and names its place.

Edited records are the business of `tests/record/test_tampering.py`: there the hashes are wrong. Here the other side has written
the whole of it, as it may.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from detente.cli import app
from detente.cli.ending import run
from detente.errors import InputError
from detente.record.check import check
from detente.record.contents import contents
from detente.record.dyad import dyad
from detente.record.library import start
from detente.record.merkle import leaf_hash, root
from detente.record.workspace import Workspace

Entries = list[dict[str, Any]]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record with 111 events (entry 1), commitments (2) and indicators (3)."""
    folder = tmp_path_factory.mktemp("whole") / "record"
    start("us-dprk-2019", folder)
    return folder


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "record"))


def entries_of(folder: Path) -> Entries:
    return [json.loads(line) for line in (folder / "chain.jsonl").read_bytes().splitlines()]


def sealed(folder: Path, entries: Entries) -> Workspace:
    """The record with these entries: every file hashed, every entry tied to the one before it, and the head made anew."""
    record, lines, leaves = "0" * 32, b"", list[bytes]()
    previous = hashlib.sha256(f"detente record {record}".encode()).hexdigest()
    for number, entry in enumerate(entries, 1):
        held = {"made": "2024-01-01T00:00:00+00:00", **entry, "number": number, "previous": previous}
        file = folder / f"{held.get('table')}/{held.get('file')}.parquet"
        if file.is_file():
            held |= {"sha256": hashlib.sha256(file.read_bytes()).hexdigest(), "bytes": file.stat().st_size}
        line = json.dumps(held).encode()
        leaves.append(leaf_hash(line))
        previous, lines = leaves[-1].hex(), lines + line + b"\n"
    head = {"version": 2, "id": record, "entries": len(entries), "bytes": len(lines), "root": root(leaves).hex()}
    (folder / "chain.jsonl").write_bytes(lines)
    (folder / "record.json").write_text(json.dumps(head))
    return Workspace.open(folder)


def rewritten(folder: Path, change: str, table: int = 0, about: dict[str, Any] | None = None) -> Workspace:
    """The record whose part of a table was changed by a statement."""
    entries = entries_of(folder)
    entry = entries[table]
    path = str(folder / entry["table"] / f"{entry['file']}.parquet")
    with duckdb.connect() as base:
        base.execute("create table t as select * from read_parquet(?)", [path])
        base.execute(change)
        base.execute("copy t to ? (format parquet)", [path])
    entry["about"].update(about or {})
    return sealed(folder, entries)


def refused(workspace: Workspace, said: str) -> None:
    """Neither counted nor found whole, and each says what is wrong."""
    for ask in (lambda: dyad(workspace, "USA", "PRK"), lambda: check(workspace)):
        with pytest.raises(InputError) as told:
            ask()
        assert said in str(told.value)


def test_the_record_is_whole_when_it_is_sealed_anew(folder: Path) -> None:
    """Would catch tests below that pass for another reason than theirs."""
    workspace = sealed(folder, entries_of(folder))
    assert check(workspace)
    assert dyad(workspace, "USA", "PRK")


ROWS = {
    "a day at the end of time": ("update t set date = '9999-12-31' where quad = 1", "9999-12-31"),
    "a day without end": ("update t set date = 'infinity' where quad = 1", "infinity"),
    "a day beyond any calendar": ("update t set date = '290000-01-01' where quad = 1", "290000-01-01"),
    "a day before our time": ("update t set date = '0044-03-15 (BC)' where quad = 1", "0044-03-15"),
    "no day": ("update t set date = null where quad = 1", "no date"),
    "a quad class that there is not": ("update t set quad = 9 where quad = 4", "quad class 9"),
    "a quad class of nought": ("update t set quad = 0 where quad = 4", "quad class 0"),
    "an intensity that is no number": ("update t set intensity = 'nan' where quad = 4", "intensity nan"),
    "an intensity without end": ("update t set intensity = '-inf' where quad = 4", "intensity -inf"),
    "a tone without end": ("update t set tone = 'inf' where quad = 4", "tone inf"),
}


@pytest.mark.parametrize("about", [{}, {"dates": None}], ids=["dates that lie", "no dates"])
@pytest.mark.parametrize("kind", ROWS)
def test_rows_that_no_record_can_hold(folder: Path, kind: str, about: dict[str, Any]) -> None:
    """Would catch a received record whose one event stretches a series over thousands of years, or makes a mean of NaN."""
    change, said = ROWS[kind]
    refused(rewritten(folder, change, about=about), said)


def test_an_indicator_that_is_no_number(folder: Path) -> None:
    """Would catch NaN in the tables and charts of a page."""
    refused(rewritten(folder, "update t set value = 'nan'", table=2), "value nan")


def test_what_is_retracted_is_not_held_against_it(folder: Path) -> None:
    """Would catch a record that stays unusable after its owner gave up the row that no record can hold."""
    rewritten(folder, "update t set date = '9999-12-31' where rowid = 4")
    workspace = sealed(folder, [*entries_of(folder), {"kind": "retracted", "of": ["1.5"], "because": "no such day"}])
    assert check(workspace)
    assert dyad(workspace, "USA", "PRK")


def retracting(*of: str) -> Callable[[Entries], Entries]:
    return lambda entries: [*entries, {"kind": "retracted", "of": list(of), "because": "so"}]


def replacing(n: int, by: int) -> Callable[[Entries], Entries]:
    return lambda entries: [{**e, "replaces": n} if k == by else e for k, e in enumerate(entries, 1)]


CHAINS: dict[str, Callable[[Entries], Entries]] = {
    "a retraction of what is to come": lambda e: [{"kind": "retracted", "of": ["2"], "because": "so"}, *e],
    "a retraction of itself": retracting("4"),
    "a retraction of an entry that there is not": retracting("1", "999999999"),
    "a retraction of a row that there is not": retracting("1.112"),
    "a retraction of a row of a retraction": lambda e: retracting("4.1")(retracting("1.1")(e)),
    "an addition that replaces itself": replacing(1, by=1),
    "an addition that replaces a later one": replacing(3, by=1),
    "an addition that replaces one to another table": replacing(1, by=2),
    "a file that is added twice": lambda e: [*e, e[0]],
    "more lines than rows": lambda e: [{**e[0], "about": {**e[0]["about"], "at": [1] * 112}}, *e[1:]],
    "fewer lines than rows": lambda e: [{**e[0], "about": {**e[0]["about"], "at": []}}, *e[1:]],
    "a time that is none": lambda e: [{**e[0], "made": "\x1b[31mnow"}, *e[1:]],
    "an endless line": lambda e: [*e, {"kind": "retracted", "of": ["1.1"] * 1_200_000, "because": "so"}],
}


@pytest.mark.parametrize("kind", CHAINS)
def test_entries_that_mean_nothing(folder: Path, kind: str) -> None:
    """Would catch rows that count twice, or not at all, by the word of an entry that no command can have made."""
    workspace = sealed(folder, CHAINS[kind](entries_of(folder)))
    for ask in (workspace.chain, lambda: contents(workspace), lambda: check(workspace)):
        with pytest.raises(InputError):
            ask()


@pytest.mark.parametrize("change", ["as_of = 'infinity'", "as_of = '9999-12-31'", "due = 'infinity'"])
def test_commitments_of_days_that_never_come(folder: Path, change: str) -> None:
    """Would catch readings that nobody can have made, left out in silence as if they were for later."""
    rewritten(folder, f"update t set {change}", table=1)
    for ask in ("commitments", "trust"):
        assert run(app, ["record", ask, "us-dprk-2019", "--workspace", str(folder)]) == 2


def test_more_commitments_than_anybody_enters(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would catch a few kilobytes of parquet that become gigabytes of entries."""
    monkeypatch.setenv("DETENTE_LIMITS", "entries=80")
    assert run(app, ["record", "commitments", "us-dprk-2019", "--workspace", str(folder)]) == 2


def test_a_description_may_leave_out_what_it_need_not_say(folder: Path) -> None:
    """Would catch a traceback on importing into a received record whose parts say no more than their rows."""
    entries = entries_of(folder)
    sealed(folder, [{**entry, "about": {"rows": entry["about"]["rows"]}} for entry in entries])
    assert contents(Workspace.open(folder)).to_dict()["events"]
    assert run(app, ["record", "contents", "--workspace", str(folder)]) == 0
    assert run(app, ["record", "check", "--workspace", str(folder)]) == 0


def test_a_reason_cannot_pass_for_another_entry(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Would catch a reason with line ends in it, that shows entries that there are not."""
    forged = {"kind": "retracted", "of": ["1.1"], "because": "so\nRetracted by entry 9: 2, because of the other side"}
    sealed(folder, [*entries_of(folder), forged])
    assert run(app, ["record", "contents", "--workspace", str(folder)]) == 0
    assert [line for line in capsys.readouterr().out.splitlines() if line.startswith("Retracted by entry 9")] == []


@pytest.mark.parametrize("link", [".lock", ".spill", ".spill/entries", "events", "commitments"])
def test_nothing_is_written_where_a_link_leads(folder: Path, tmp_path: Path, link: str) -> None:
    """Would catch a record that makes its reader write, or empty, a file outside it."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("kept")
    place = folder / link
    if place.is_dir():
        shutil.move(place, tmp_path / "moved")
    place.unlink(missing_ok=True)
    place.parent.mkdir(exist_ok=True)
    place.symlink_to(outside / "kept" if link == ".lock" else outside)
    entry = ["record", "commit", "us-dprk-2019", "tourism", "--state", "none", "--as-of", "2019-01-20", "--reader", "analyst"]
    for ask in (entry, ["record", "check"], ["record", "dyad", "USA", "PRK"]):
        assert run(app, [*ask, "--workspace", str(folder)]) in (0, 2)
    assert [(path.name, path.read_text()) for path in outside.iterdir()] == [("kept", "kept")]


def test_another_engine_leaves_no_retracted_row_in(folder: Path) -> None:
    """Would catch counts by Spark in which a row that was taken back still counts."""
    workspace = sealed(folder, retracting("1.1")(entries_of(folder)))
    with pytest.raises(InputError, match="duckdb"):
        workspace.events()
