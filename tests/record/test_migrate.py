"""From version 1 to version 2: everything is there as before, a copy is made first, and nothing hostile is believed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from detente.case.load import load
from detente.errors import InputError, OutputError, RecordError
from detente.record.check import check
from detente.record.commitments.commit import commit, history
from detente.record.contents import contents
from detente.record.entries import Added
from detente.record.migrate import migrate
from detente.record.workspace import Workspace
from eventfiles import add, gdelt, icews_row, multiset, table, written

CASE = load("toy-exchange")


def version_1(folder: Path) -> None:
    """Make a record of version 1 out of one of version 2: a description beside each part, and no chain."""
    for entry in Workspace.open(folder).chain().entries:
        assert isinstance(entry, Added)
        about = entry.about.model_dump(mode="json", exclude_unset=True)
        (folder / entry.table / f"{entry.key}.json").write_text(json.dumps(about))
    (folder / "chain.jsonl").unlink()
    (folder / "record.json").write_text('{"version": 1}\n')


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    workspace = Workspace.create(tmp_path / "record")
    add(workspace, written(tmp_path / "a.CSV", gdelt(3) + "broken\n"))
    for state in ("none", "full"):
        commit(CASE, "give-a", state=state, as_of="2018-05-01", by="keeper", workspace=workspace.path)
    return workspace.path


def test_all_is_there_as_before(folder: Path) -> None:
    """Events, entries and their order, rows put aside; and the folder as it was beside it."""
    events, entries = multiset(Workspace.open(folder)), [e.content for e in history(CASE, folder).entries]
    version_1(folder)
    with pytest.raises(RecordError, match="detente record migrate"):
        Workspace.open(folder)
    before = {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file() and p.name != ".lock"}
    done = migrate(folder)
    assert (done.parts, done.retracted) == (3, 0)
    assert check(Workspace.open(folder)).files == 4
    assert multiset(Workspace.open(folder)) == events
    assert [e.content for e in history(CASE, folder).entries] == entries
    copy = Path(str(done.copy))
    assert {p.relative_to(copy): p.read_bytes() for p in copy.rglob("*") if p.is_file()} == before
    assert migrate(folder).copy is None


def test_a_killed_migration_is_run_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was written of the chain counts for nothing before the head: the record is still of version 1, and whole."""
    from detente.record.chain import Chain

    events = multiset(Workspace.open(folder))
    version_1(folder)
    with monkeypatch.context() as patched:
        patched.setattr(Chain, "commit", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            migrate(folder)
    assert json.loads((folder / "record.json").read_text()) == {"version": 1}
    copy = folder.with_name(f"{folder.name}-version-1")
    other = copy / "other"
    other.write_text("of somebody else")
    with pytest.raises(OutputError, match="is there already"):
        migrate(folder)
    other.unlink()
    assert migrate(folder).copy == str(copy)
    assert multiset(Workspace.open(folder)) == events


def test_dates_that_no_record_can_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One event at the end of time made a record of version 1 unusable for ever: migrated, it is retracted and named."""
    rows = [icews_row(**{"Event Date": day}) for day in ("2018-03-08", "9999-12-31")]
    file = written(tmp_path / "x.tab", table(list(rows[0]), rows))
    with monkeypatch.context() as patched:
        patched.setenv("DETENTE_DATES", "1800-01-01/9999-12-31")
        add(Workspace.create(tmp_path / "record"), file)
        version_1(tmp_path / "record")
    assert migrate(tmp_path / "record").retracted == 1
    with Workspace.open(tmp_path / "record").connect() as base:
        assert base.execute("select max(date)::varchar from events").fetchone() == ("2018-03-08",)
    assert contents(Workspace.open(tmp_path / "record")).retracted[0]["of"] == ("1.2",)


HOSTILE: dict[str, dict[str, object]] = {
    "a query for a line": {"first_line": "1)) p(a) on true; copy (select 1) to 'x'; select (1"},
    "a query for a number of rows": {"rows": "1; copy (select 1) to 'x'"},
    "a query for a column": {"constants": {"title\" from x; copy (select 1) to 'x": "y"}},
    "an unknown key": {"sql": "select 1"},
    "a day that is none": {"dates": ["2018-01-01'; select 1", "2019-01-01"]},
    "a number beyond all": {"rows": 10**30},
    "a negative number": {"rows": -1},
    "a text without end": {"file": "x" * 10_000},
    "numbers for a text": {"format": 3},
    "lists in lists": {"rejected": [[[[[]]]]]},
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_description(kind: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Named with its file; nothing is changed, copied or run."""
    version_1(folder)
    monkeypatch.chdir(folder.parent)
    description = next((folder / "events").glob("*.json"))
    description.write_text(json.dumps({**json.loads(description.read_text()), **HOSTILE[kind]}))
    before = sorted(folder.parent.rglob("*"))
    with pytest.raises(InputError, match="nothing was changed") as told:
        migrate(folder)
    assert description.name in str(told.value)
    assert [p for p in sorted(folder.parent.rglob("*")) if p.name != ".lock"] == [p for p in before if p.name != ".lock"]


def test_a_part_whose_maker_is_no_text(folder: Path) -> None:
    """A part can be read and its footer not: it is named, and no error of the database gets through."""
    version_1(folder)
    part = next((folder / "events").glob("*.parquet"))
    content = part.read_bytes()
    assert content.count(b"DuckDB version") == 1
    part.write_bytes(content.replace(b"DuckDB version", b"\xffuckDB version"))
    with pytest.raises(RecordError, match=part.name):
        migrate(folder)


def test_texts_of_a_description_are_texts(folder: Path) -> None:
    """A file name or a constant full of SQL is shown as it is, and is no part of a query."""
    version_1(folder)
    description = next((folder / "events").glob("*.json"))
    nasty = "x') union all select 'a'; --\"; drop table events; $1 ?"
    about = json.loads(description.read_text())
    description.write_text(json.dumps({**about, "file": nasty, "constants": {**about["constants"], "title": nasty}}))
    migrate(folder)
    with Workspace.open(folder).connect() as base:
        found = base.execute("select distinct file, title from events_sourced").fetchall()
    assert found == [(nasty, nasty)]


def test_a_link_in_a_record(folder: Path, tmp_path: Path) -> None:
    """Catches a migration, or a reader, that follows a link out of the record."""
    secret = written(tmp_path / "secret", "secret")
    for name in ("record.json", "chain.jsonl", "events"):
        copy = tmp_path / f"with-{name}"
        shutil.copytree(folder, copy)
        (shutil.rmtree if name == "events" else Path.unlink)(copy / name)
        (copy / name).symlink_to(secret if name != "events" else tmp_path)
        with pytest.raises(RecordError, match="is a link"):
            contents(Workspace.open(copy))
    assert secret.read_text() == "secret"


@pytest.mark.parametrize("place", ["nowhere", "."])
def test_no_record_to_migrate(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a folder that becomes a record by being migrated."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RecordError, match="there is no record in this folder"):
        migrate(place)
    assert list(tmp_path.iterdir()) == []
