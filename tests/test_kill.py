"""Whatever writes may be killed at any moment: the old state is there or the new one, and the next command works.

Each command is killed before steps that it takes in the file system, and at moments spread over the time that it takes. After
each kill the record is held against its chain, all anew. An import is killed in tests/record/importing as well.
"""

from __future__ import annotations

import json
import random
import shutil
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from detente.case.load import load
from detente.errors import RecordError
from detente.forecast.questions.log import read_log
from detente.record.chain import version
from detente.record.check import check
from detente.record.commitments.commit import commit, history
from detente.record.contents import contents
from detente.record.entries import Added
from detente.record.head import read_head
from detente.record.workspace import Workspace
from eventfiles import add, gdelt, multiset, written
from forkserver import Commands, commands

pytestmark = pytest.mark.xdist_group("forkserver")

CASE = load("toy-exchange")
RECORD = "detente-record"
COMMIT = ("record", "commit", "toy-exchange", "give-a", "--reader", "keeper", "--state")
LASTING = {".lock", ".questions.jsonl.lock"}
"""What stays on purpose: the files of locks, which mean nothing by themselves."""


def started(folder: Path) -> Path:
    """A record with events, some of them put aside, and two entries; a log with a question; a table; an old head and page."""
    record = Workspace.create(folder / RECORD)
    add(record, written(folder / "a.CSV", gdelt(3) + "broken\n"))
    for state in ("none", "full"):
        commit(CASE, "give-a", state=state, as_of="2018-05-01", by="keeper", workspace=record.path)
    written(folder / "b.CSV", "".join(gdelt(9).splitlines(keepends=True)[2:]) + "broken\n")
    written(folder / "c.CSV", gdelt(5))
    written(folder / "many.csv", "item,as_of,state,reader\ngive-a,2018-06-01,full,a\ngive-a,2018-06-02,minimal,a\n")
    written(folder / "t.csv", "date\n" + "".join(f"2018-{month:02}-{day}\n" for month in range(1, 7) for day in (11, 21)))
    written(folder / "page.html", "<html>old</html>\n")
    (folder / "head.json").write_text("{}\n")
    (folder / "log").mkdir()
    question = {"kind": "question", "id": "1", "text": "?", "options": {"yes": "Yes", "no": "No"}, "start": "2018-01-01"}
    text = json.dumps({**question, "close": "2018-02-01", "chance": {"yes": 0.5, "no": 0.5}})
    (folder / "log" / "questions.jsonl").write_text(text + "\n")
    return folder


def recorded(folder: Path) -> object:
    """What a record holds, all of it read anew and held against its chain."""
    record = Workspace.open(folder / RECORD)
    held = check(record)
    said = [(entry.state, str(entry.as_of), entry.reader) for entry in history(CASE, record.path).entries]
    return held.head.entries, sorted(multiset(record).items()), said


def either_version(folder: Path) -> object:
    """The same of a record of version 1 or 2, by what stands in its parts."""
    if version(folder / RECORD) == 1:
        return 1, {p.name: p.read_bytes() for p in sorted((folder / RECORD).glob("*/*")) if p.name[0] != "."}
    return 2, recorded(folder)


def asked(folder: Path) -> object:
    """The questions of the log, with what they came to."""
    return [(q.text, q.outcome) for q in read_log(folder / "log").questions]


def head_of(folder: Path) -> object:
    """The head that was written down; it must be that of the record."""
    text = (folder / "head.json").read_text()
    return text if text == "{}\n" else read_head(str(folder / "head.json")).head


def page_of(folder: Path) -> object:
    """Which page it is: the old one, or a whole one."""
    text = (folder / "page.html").read_text(encoding="utf-8")
    assert text.startswith("<html>old") or (text.startswith("<!") and text.rstrip().endswith("</html>"))
    return text.startswith("<html>old")


def to_version_1(folder: Path) -> None:
    """Make a record of version 1 of it: a description beside each part, and no chain."""
    record = folder / RECORD
    for entry in Workspace.open(record).chain().entries:
        assert isinstance(entry, Added)
        about = entry.about.model_dump(mode="json", exclude_unset=True)
        (record / entry.table / f"{entry.key}.json").write_text(json.dumps(about))
    (record / "chain.jsonl").unlink()
    (record / "record.json").write_text('{"version": 1}\n')


@dataclass(frozen=True)
class Killed:
    """A command that is killed. state : what of a folder must be old or new; between : how many states may lie in the middle,
    where a command does several things; following : a command that works afterwards, and clears away; every : after how many
    kills it is run; steps, times : at how many of them it is killed.
    """

    command: Sequence[str]
    state: Callable[[Path], object]
    following: Sequence[str]
    between: int = 0
    prepared: Callable[[Path], None] = field(default=lambda _: None)
    every: int = 3
    steps: int = 10
    times: int = 5


ASK = ("forecast", "ask", "--table", "t.csv", "--by", "2018-12-01", "--log", "log")
AFTERWARDS = (*COMMIT, "reversed", "--as-of", "2018-09-01")
WAYS = {
    "import": Killed(("record", "import", "b.CSV", "c.CSV", "a.CSV"), recorded, AFTERWARDS, between=1),
    "commit": Killed((*COMMIT, "minimal", "--as-of", "2018-07-01"), recorded, AFTERWARDS, steps=20, times=10),
    "commit file": Killed(("record", "commit", "toy-exchange", "--file", "many.csv"), recorded, AFTERWARDS),
    "retract": Killed(("record", "retract", "1", "--because", "twice"), recorded, AFTERWARDS),
    "migrate": Killed(
        ("record", "migrate", "--workspace", RECORD),
        either_version,
        ("record", "migrate", "--workspace", RECORD),
        prepared=to_version_1,
    ),
    "head": Killed(("record", "head", "-o", "head.json"), head_of, ("record", "head", "-o", "head.json")),
    "ask": Killed(ASK, asked, ("forecast", "resolve", "log", "1", "no"), steps=10, times=20),
    "resolve": Killed(("forecast", "resolve", "log", "1", "yes"), asked, ASK),
    "brief": Killed(
        ("brief", "toy-exchange", "--likely", "-o", "page.html"),
        page_of,
        ("brief", "toy-exchange", "--likely", "-o", "page.html"),
        times=26,
    ),
}


def left_over(folder: Path) -> list[str]:
    """Hidden files and folders, which are temporary if they are not locks."""
    return [str(path.relative_to(folder)) for path in folder.rglob(".*") if path.name not in LASTING]


@pytest.mark.parametrize("name", WAYS)
def test_a_kill_at_any_moment(name: str, server: Commands, tmp_path: Path) -> None:
    """Catches half a file, an entry that counts before its part is there, an answer that was given and is not kept, a record
    that is no longer as its chain says, a command that can no longer be run, and temporary files that pile up.
    """
    if name == "brief":
        with commands() as its_own:
            its_own.keep(*WAYS[name].command, folder=tmp_path)
            killed_at_moments(WAYS[name], its_own, tmp_path)
    else:
        killed_at_moments(WAYS[name], server, tmp_path)


def killed_at_moments(way: Killed, server: Commands, tmp_path: Path) -> None:
    """Kill a command at moments, and look after each what it has left."""
    begin = started(tmp_path / "begin")
    way.prepared(begin)
    for name in ("first", "whole"):
        shutil.copytree(begin, tmp_path / name)
    assert server.one(*way.command, folder=tmp_path / "first").code == 0
    undisturbed = server.one(*way.command, folder=tmp_path / "whole")
    assert undisturbed.code == 0, undisturbed.said
    old, new = way.state(begin), way.state(tmp_path / "whole")
    assert old != new
    steps = sorted({1 + n * undisturbed.steps // way.steps for n in range(way.steps)} & set(range(1, undisturbed.steps + 1)))
    times = spread(undisturbed.seconds, way.times)
    others: list[object] = []
    killed = 0
    moments: list[dict[str, float]] = [*({"step": step} for step in steps), *({"after": time} for time in times)]
    for n, moment in enumerate(moments):
        folder = tmp_path / f"{n}"
        shutil.copytree(begin, folder)
        ended = server.one(*way.command, folder=folder, **moment)
        assert ended.code in (0, -signal.SIGKILL), ended.said
        killed += ended.code != 0
        state = way.state(folder)
        if ended.code == 0:
            assert state == new, "an answer was given, and what it said is not there"
        elif state not in (old, new, *others):
            others.append(state)
        if n % way.every == 0:
            after = server.one(*way.following, folder=folder)
            assert after.code == 0, after.said
            assert left_over(folder) == []
        shutil.rmtree(folder)
    assert killed > len(steps) > 1
    assert len(others) <= way.between


def spread(seconds: float, parts: int) -> list[float]:
    """Moments spread over a time, one in each of so many parts of it, the same in each run."""
    chance = random.Random(20180612)
    return [(n + chance.random()) / parts * seconds for n in range(parts)]


@pytest.mark.parametrize("name", ["import", "commit", "ask", "brief"])
def test_a_command_that_is_told_to_end(name: str, server: Commands, tmp_path: Path) -> None:
    """Catches a signal that ends a command with another code than 128 and its number, and one that leaves something half."""
    way = WAYS[name]
    begin = started(tmp_path / "begin")
    shutil.copytree(begin, tmp_path / "first")
    server.one(*way.command, folder=tmp_path / "first")
    shutil.copytree(begin, tmp_path / "whole")
    undisturbed = server.one(*way.command, folder=tmp_path / "whole")
    states = [way.state(begin), way.state(tmp_path / "whole")]
    interrupted = 0
    for n, time in enumerate(spread(undisturbed.seconds * 0.9, 2 if name == "brief" else 4)):
        folder = tmp_path / f"{n}"
        shutil.copytree(begin, folder)
        number = (signal.SIGTERM, signal.SIGINT)[n % 2]
        ended = server.one(*way.command, folder=folder, after=time, by=number)
        assert ended.code in (0, 128 + number), ended.said
        assert "Traceback" not in ended.said
        interrupted += ended.code != 0
        state = way.state(folder)
        if ended.code == 0:
            assert state == states[1]
        elif state not in states:
            states.append(state)
        if name != "brief":
            assert server.one(*way.following, folder=folder).code == 0
            assert left_over(folder) == []
    assert interrupted
    assert len(states) <= 2 + way.between


AT_ONCE = {
    "commit": [(*COMMIT, "minimal", "--as-of", f"2018-07-{n:02}") for n in range(1, 11)],
    "begin": [(*COMMIT, "minimal", "--as-of", f"2018-07-{n:02}", "--workspace", "new") for n in range(1, 11)],
    "import": [("record", "import", f"{n}.CSV", "--workspace", "new") for n in range(1, 11)],
    "retract": [("record", "retract", f"{n}", "--because", "twice") for n in range(1, 11)],
    "ask": [(*ASK, "--id", f"number {n}") for n in range(1, 11)],
}


@pytest.mark.parametrize("name", AT_ONCE)
def test_ten_at_once(name: str, server: Commands, tmp_path: Path) -> None:
    """Catches an addition that overwrites another, and a reader that takes what is being added, or begun, for damage."""
    folder = started(tmp_path / "begin")
    for n in range(1, 11):
        commit(CASE, "give-a", state="full", as_of=f"2018-06-{n:02}", by="b", workspace=folder / RECORD)
        written(folder / f"{n}.CSV", "".join(gdelt(10 * n).splitlines(keepends=True)[10 * n - 10 :]))
    place = folder / ("new" if name in ("begin", "import") else RECORD)
    before = len(Workspace.open(place).chain().entries) if place.exists() else 0
    ended: list[int] = []
    writers = threading.Thread(target=lambda: ended.extend(one.code for one in server.run(*AT_ONCE[name], folder=folder)))
    writers.start()
    looked = watched(writers, place)
    assert ended == [0] * 10
    assert looked
    record = Workspace.open(place)
    assert check(record).head.entries == before + (10 if name != "ask" else 0)
    if name in ("commit", "begin"):
        days = [entry.as_of.day for entry in history(CASE, place).entries if entry.as_of.month == 7]
        assert sorted(days) == list(range(1, 11))
    elif name == "import":
        assert sum(multiset(record).values()) == 100
    elif name == "retract":
        assert not multiset(record)
    else:
        assert {f"number {n}" for n in range(1, 11)} < {q.id for q in read_log(folder / "log").questions}


def test_readers_while_writers_are_killed(server: Commands, tmp_path: Path) -> None:
    """Catches a reader that takes for a stranger what a killed process has left, while the next one clears it away."""
    folder = started(tmp_path / "begin")
    before = len(Workspace.open(folder / RECORD).chain().entries)
    steps = range(8, 21)

    codes: set[int] = set()

    def write() -> None:
        for n, step in enumerate(steps, 1):
            codes.add(server.one(*COMMIT, "full", "--as-of", f"2017-01-{n % 28 + 1:02}", folder=folder, step=step).code)

    writers = threading.Thread(target=write)
    writers.start()
    assert watched(writers, folder / RECORD) > len(steps)
    assert -signal.SIGKILL in codes
    assert codes <= {0, -signal.SIGKILL}
    assert server.one(*AFTERWARDS, folder=folder).code == 0
    assert left_over(folder) == []
    assert check(Workspace.open(folder / RECORD)).head.entries > before


def watched(writers: threading.Thread, place: Path) -> int:
    """Read a record in every way, again and again while others write; how often. Of all that is seen, nothing is lost again."""
    seen, looked = 0, 0
    try:
        while writers.is_alive():
            if (place / "record.json").exists():
                record = Workspace.open(place)
                looked += 1
                if looked % 8 == 0:
                    contents(record)
                    check(record)
                    with record.connect() as base:
                        base.execute("select count(*) from events_sourced, commitments").fetchall()
                for table in ("events", "commitments"):
                    record.sound(record.parts(table))
                entries = len(record.chain().entries)
                assert entries >= seen
                seen = entries
    finally:
        writers.join()
    return looked


def test_two_migrations_of_one_record(server: Commands, tmp_path: Path) -> None:
    """Catches the second, which waits for the first and then makes a record without entries of what is no longer old."""
    folder = started(tmp_path / "begin")
    wanted = recorded(folder)
    to_version_1(folder)
    both = [("record", "migrate", "--workspace", RECORD, "--copy", name) for name in ("copy-1", "copy-2")]
    assert [one.code for one in server.run(*both, folder=folder)] == [0, 0]
    assert recorded(folder) == wanted


def test_strangers_are_told_still(tmp_path: Path) -> None:
    """Catches looking twice, and leaving out what is being added, so far that a part which nobody added is read or passed."""
    folder = started(tmp_path / "begin")
    part = next((folder / RECORD / "events").glob("*.parquet"))
    for suffix in (".parquet", ".json", ".rejected.csv"):
        strange = part.with_name("ab" * 20 + suffix)
        strange.write_bytes(part.read_bytes())
        with pytest.raises(RecordError, match="no entry of this record names"):
            check(Workspace.open(folder / RECORD))
        if suffix == ".parquet":
            with pytest.raises(RecordError, match="no entry of this record names"):
                Workspace.open(folder / RECORD).parts("events")
        strange.unlink()
    assert recorded(folder)
