"""Fetching from a publisher that fails in every way that is known: what is kept is right, and what is not there is named."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import OutputError
from detente.record.fetching.fetch import fetch
from detente.record.fetching.patience import Patience
from detente.record.fetching.result import Fetched
from publisher import (
    Answering,
    Publisher,
    archive,
    cut,
    elsewhere,
    hang_up,
    page,
    published,
    says,
    serve,
    truncated,
    whole,
    wrong,
)

FIRST, LAST = date(2018, 6, 1), date(2018, 6, 3)
NAMES = [f"2018060{n}.export.CSV.zip" for n in (1, 2, 3)]
CONTENTS = {name: archive(name, noise=3000, first=10 * n) for n, name in enumerate(NAMES, 1)}
MIDDLE = f"/events/{NAMES[1]}"
NOW = datetime(2020, 1, 1, 12, tzinfo=UTC)
SIZE = len(CONTENTS[NAMES[1]])


class Clock:
    """A clock that notes the pauses and makes none."""

    def __init__(self) -> None:
        self.pauses: list[float] = []
        self.now = NOW

    def patience(self, tries: int = 4, pause: float = 2.0) -> Patience:
        return Patience(tries, pause, self.pauses.append, lambda: self.now)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The publisher is on this machine, whatever proxy this machine has."""
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with published() as told:
        told.publish(CONTENTS)
        yield told


@pytest.fixture
def clock() -> Clock:
    return Clock()


def run(publisher: Publisher, folder: Path, clock: Clock, *, tries: int = 4, said: list[str] | None = None) -> Fetched:
    """Fetch three days, and see that nothing that is not right bears the name of a file."""
    say = said.append if said is not None else None
    found = fetch(
        FIRST, LAST, folder, base_url=publisher.url, plain_http=True, patience=clock.patience(tries), timeout=5, say=say
    )
    for name, content in CONTENTS.items():
        assert ((folder / name).exists()) == (name in (*found.fetched, *found.present)) or name in found.failed
        assert not (folder / name).exists() or name in found.failed or (folder / name).read_bytes() == content
    assert sorted([*found.fetched, *found.present, *found.missing, *found.failed]) == sorted(found.names)
    return found


def test_all_is_fetched_once_and_a_second_run_asks_for_no_file(publisher: Publisher, tmp_path: Path, clock: Clock) -> None:
    """Catches a second download of what is here, and parts that are left behind."""
    said: list[str] = []
    found = run(publisher, tmp_path, clock, said=said)
    assert found
    assert list(found.fetched) == NAMES
    assert (found.missing, found.failed, found.unlisted, clock.pauses) == ((), {}, (), [])
    assert found.to_dict()["bytes"] == sum(map(len, CONTENTS.values()))
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([".fetching.lock", *NAMES, "md5sums", "filesizes"])
    total = sum(map(len, CONTENTS.values()))
    announced = f"GDELT 1.0, files to fetch from {publisher.url}/events into {tmp_path}: 3 ({total:,} bytes)"
    assert said.index(announced) < min(i for i, text in enumerate(said) if NAMES[0] in text)
    again = run(publisher, tmp_path, clock, said=said)
    assert again
    assert list(again.present) == NAMES
    assert said[-1].endswith(f"into {tmp_path}: 0 (3 here already)")
    assert [publisher.times(name) for name in NAMES] == [1, 1, 1]
    (agent,) = publisher.agents
    assert agent.startswith("detente/")


@pytest.mark.parametrize(
    ("steps", "asked"),
    [
        ([cut(1000)], ["", "bytes=1000-"]),
        ([cut(1000), cut(500)], ["", "bytes=1000-", "bytes=1500-"]),
        ([cut(1000), whole], ["", "bytes=1000-"]),
        ([cut(1000), elsewhere], ["", "bytes=1000-", ""]),
        ([cut(1000), page], ["", "bytes=1000-", "bytes=1000-"]),
        ([cut(1000), hang_up], ["", "bytes=1000-", "bytes=1000-"]),
        ([cut(0)], ["", ""]),
        ([truncated(1000)], ["", "bytes=1000-"]),
        ([wrong], ["", ""]),
        ([page], ["", ""]),
        ([says(503), says(429), says(500)], [""] * 4),
        ([cut(1000), wrong], ["", "bytes=1000-", ""]),
    ],
    ids=[
        *["cut off", "cut off twice", "ranges ignored", "another range", "a page for the rest", "silence for the rest"],
        *["nothing", "truncated at its source", "a wrong byte", "a page", "busy", "a wrong byte after a part"],
    ],
)
def test_what_passes_is_overcome(
    steps: list[object], asked: list[str], publisher: Publisher, tmp_path: Path, clock: Clock
) -> None:
    """Catches a part that is lost or doubled, bytes that are fetched twice, and a wrong file that is kept."""
    publisher.will(MIDDLE, *steps)  # type: ignore[arg-type]
    found = run(publisher, tmp_path, clock)
    assert found, found.failed
    assert list(found.fetched) == NAMES
    assert [range for path, range in publisher.asked if path == MIDDLE] == asked
    assert clock.pauses == [2.0, 4.0, 8.0][: len(asked) - 1]


def test_pauses_grow_and_follow_what_the_server_asks_for(publisher: Publisher, tmp_path: Path, clock: Clock) -> None:
    """Catches a server that is asked again at once, and a date that is read as nothing."""
    later = "Wed, 01 Jan 2020 12:00:30 GMT"
    publisher.will(MIDDLE, says(503, Retry_After="17"), says(503, Retry_After=later), says(503, Retry_After="soon"))
    assert run(publisher, tmp_path, clock)
    assert clock.pauses == [17.0, 30.0, 8.0]


def test_a_server_that_asks_for_an_hour_is_left_alone(publisher: Publisher, tmp_path: Path, clock: Clock) -> None:
    """Catches a run that hangs for as long as a server says, and one that asks again too early."""
    publisher.will(MIDDLE, says(503, Retry_After="3600"))
    found = run(publisher, tmp_path, clock)
    assert found.failed == {
        NAMES[1]: "the server answered 503 Service Unavailable, and the server asks to wait for 3,600 seconds"
    }
    assert (publisher.times(NAMES[1]), clock.pauses) == (1, [])


def test_what_is_not_published_is_missing_and_what_is_listed_has_failed(
    publisher: Publisher, tmp_path: Path, clock: Clock
) -> None:
    """A gap of GDELT is no fault of the transfer; a listed file that the server has not is. Neither is tried twice."""
    publisher.publish({name: CONTENTS[name] for name in NAMES[1:]})
    del publisher.files[f"/events/{NAMES[0]}"], publisher.files[f"/events/{NAMES[2]}"]
    found = run(publisher, tmp_path, clock)
    assert not found
    assert found.missing == (NAMES[0],)
    assert found.failed == {NAMES[2]: "the server has no such file (404), though the list names it"}
    assert found.fetched == (NAMES[1],)
    assert [publisher.times(name) for name in NAMES] == [1, 1, 1]


def test_a_file_that_stays_wrong_is_named_and_the_others_are_kept(publisher: Publisher, tmp_path: Path, clock: Clock) -> None:
    """Catches a wrong file that is accepted in the end, and one bad file that costs the good ones."""
    publisher.will(MIDDLE, *[wrong] * 3)
    found = run(publisher, tmp_path, clock, tries=3)
    assert list(found.fetched) == [NAMES[0], NAMES[2]]
    assert "its checksum is" in found.failed[NAMES[1]]
    assert not list(tmp_path.glob("*.part"))
    assert list(run(publisher, tmp_path, clock).fetched) == [NAMES[1]]


def test_a_damaged_or_older_file_that_is_here_is_replaced_only_by_the_right_one(
    publisher: Publisher, tmp_path: Path, clock: Clock
) -> None:
    """Catches a damaged file that counts as there, and an old one that is lost when the new one cannot be had."""
    (tmp_path / NAMES[1]).write_bytes(b"old")
    publisher.will(MIDDLE, says(403))
    found = run(publisher, tmp_path, clock)
    assert found.failed == {NAMES[1]: "the server answered 403 Forbidden"}
    assert (tmp_path / NAMES[1]).read_bytes() == b"old"
    assert [path.name for path in found.paths] == [NAMES[0], NAMES[2]]
    assert list(run(publisher, tmp_path, clock).fetched) == [NAMES[1]]


def test_a_part_that_is_longer_than_the_file_is_given_up(publisher: Publisher, tmp_path: Path, clock: Clock) -> None:
    """Catches a run that can never end because what is left of an older one does not fit."""
    (tmp_path / f"{NAMES[0]}.part").write_bytes(b"x" * 10_000_000)
    (tmp_path / f"{NAMES[1]}.part").write_bytes(CONTENTS[NAMES[1]])
    assert run(publisher, tmp_path, clock)
    assert [publisher.times(name) for name in NAMES] == [1, 0, 1]


@pytest.mark.parametrize("step", [wrong, truncated(2000), page], ids=["a wrong byte", "truncated", "a page"])
def test_without_an_entry_the_archive_vouches_for_itself(
    step: object, publisher: Publisher, tmp_path: Path, clock: Clock
) -> None:
    """Catches an unlisted file that is taken unseen, and one that is not said to be unlisted."""
    publisher.publish(CONTENTS, listed=[NAMES[0], NAMES[2]])
    publisher.will(MIDDLE, step)  # type: ignore[arg-type]
    found = run(publisher, tmp_path, clock)
    assert found
    assert found.unlisted == (NAMES[1],)
    assert clock.pauses == [2.0]
    publisher.asked.clear()
    assert list(run(publisher, tmp_path, clock).present) == NAMES


def test_redirections_stay_on_the_host(publisher: Publisher, tmp_path: Path, clock: Clock) -> None:
    """Catches a request that goes where nobody sent it, and a range that is lost on the way."""
    publisher.files["/moved/there.zip"] = CONTENTS[NAMES[1]]
    publisher.will(MIDDLE, cut(700), says(302, Location=f"{publisher.url}/moved/there.zip"))
    publisher.will(f"/events/{NAMES[2]}", says(302, Location="http://portal.example.org/login"))
    found = run(publisher, tmp_path, clock)
    assert list(found.fetched) == NAMES[:2]
    assert ("/moved/there.zip", "bytes=700-") in publisher.asked
    assert "redirected to another host, portal.example.org" in found.failed[NAMES[2]]


def test_a_circle_of_redirections_ends(publisher: Publisher, tmp_path: Path, clock: Clock) -> None:
    """Catches a run that goes round for ever."""
    publisher.will(MIDDLE, *[says(302, Location=MIDDLE)] * 20)
    assert list(run(publisher, tmp_path, clock).failed) == [NAMES[1]]


def test_a_list_that_is_cut_off_is_asked_for_again(publisher: Publisher, tmp_path: Path, clock: Clock) -> None:
    """Catches files that count as unlisted because a list broke off once."""
    size = len(publisher.files["/events/md5sums"])
    publisher.will("/events/md5sums", cut(size - 40), truncated(size - 20), page, serve)
    found = run(publisher, tmp_path, clock)
    assert found
    assert (found.unlisted, found.lists, clock.pauses) == ((), {}, [2.0, 4.0, 8.0])


def test_a_list_that_stays_cut_off_serves_for_what_it_has(publisher: Publisher, tmp_path: Path, clock: Clock) -> None:
    """Catches half an entry that is taken for one, and a run that ends for want of a list."""
    size = len(publisher.files["/events/md5sums"])
    publisher.will("/events/md5sums", *[truncated(size - 15)] * 4)
    found = run(publisher, tmp_path, clock)
    assert found
    assert found.unlisted == (NAMES[2],)
    assert found.lists == {"md5sums": "the list ends in the middle of a line"}


def test_without_any_list_the_files_are_fetched_and_said_to_be_unlisted(
    publisher: Publisher, tmp_path: Path, clock: Clock
) -> None:
    """A mirror may have no lists. Catches a run that gives up, and one that does not say so."""
    del publisher.files["/events/md5sums"], publisher.files["/events/filesizes"], publisher.files[f"/events/{NAMES[0]}"]
    found = run(publisher, tmp_path, clock)
    assert list(found.unlisted) == NAMES[1:]
    assert list(found.lists) == ["md5sums", "filesizes"]
    assert found.missing == (NAMES[0],)


def test_where_no_server_answers_nothing_is_tried_for_long(tmp_path: Path, clock: Clock) -> None:
    """Catches a month of files that are tried five times each while the network is down."""
    with published() as gone:
        gone.publish(CONTENTS)
    found = run(gone, tmp_path, clock)
    assert set(found.failed.values()) == {"not tried: the connection was refused"}
    assert clock.pauses == [2.0, 4.0, 8.0]


def test_a_server_that_falls_silent_is_left_alone(publisher: Publisher, tmp_path: Path, clock: Clock) -> None:
    """Catches the same in the midst of a run; what was fetched before stays."""
    names = [f"201806{n:02}.export.CSV.zip" for n in range(1, 8)]
    publisher.publish(dict.fromkeys(names, CONTENTS[NAMES[0]]))
    for name in names[1:]:
        publisher.will(f"/events/{name}", *[hang_up] * 2)
    options = {"base_url": publisher.url, "plain_http": True, "patience": clock.patience(2)}
    found = fetch(FIRST, date(2018, 6, 7), tmp_path, **options)  # type: ignore[arg-type]
    assert found.fetched == (names[0],)
    assert [reason.startswith("not tried") for reason in found.failed.values()] == [False] * 3 + [True] * 3
    assert publisher.times(names[6]) == 0


def test_two_runs_do_not_write_the_same_parts(
    publisher: Publisher, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Catches two processes whose bytes mix in one part."""
    monkeypatch.setattr("detente.record.fetching.fetch._WAIT", 0.1)
    refused: list[str] = []

    def second(to: Answering) -> None:
        try:
            fetch(FIRST, LAST, tmp_path, base_url=publisher.url, plain_http=True, patience=clock.patience())
        except OutputError as err:
            refused.append(str(err))
        serve(to)

    publisher.will(MIDDLE, second)
    assert run(publisher, tmp_path, clock)
    (reason,) = refused
    assert reason.startswith(f"{tmp_path}: another process")


STEPS = {
    "serve": serve,
    "whole": whole,
    "wrong": wrong,
    "page": page,
    "elsewhere": elsewhere,
    "busy": says(503),
    "hang up": hang_up,
    **{f"cut {n}": cut(n) for n in (0, 1, 3, 60, 700, SIZE - 1)},
    **{f"truncated {n}": truncated(n) for n in (0, 2, 63, 900, SIZE - 1)},
}


@settings(max_examples=40)
@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=7), st.booleans())
def test_whatever_happens_what_is_kept_is_right_and_the_next_run_has_all(steps: list[str], listed: bool) -> None:
    """Any order of faults: catches a wrong file under a right name, and a part with which no later run can go on."""
    clock = Clock()
    with published() as told, TemporaryDirectory() as folder:
        told.publish(CONTENTS, listed=None if listed else [NAMES[0], NAMES[2]])
        told.will(MIDDLE, *(STEPS[step] for step in steps))
        first = run(told, Path(folder), clock)
        assert set(first.failed) <= {NAMES[1]}
        told.script.clear()
        assert run(told, Path(folder), clock), steps
        assert (Path(folder) / NAMES[1]).read_bytes() == CONTENTS[NAMES[1]]
        assert not list(Path(folder).glob("*.part"))


def test_a_killed_run_is_continued(publisher: Publisher, tmp_path: Path, clock: Clock) -> None:
    """kill -9 in the midst of a file. Catches what was written but not kept, and a lock that outlives its process."""
    go_on = threading.Event()

    def stop_midway(to: Answering) -> None:
        content = to.content or b""
        to.head(200, Content_Length=len(content))
        to.wfile.write(content[:900])
        to.wfile.flush()
        go_on.wait(20)

    publisher.will(MIDDLE, stop_midway)
    script = (
        "import sys; from datetime import date; from detente.record.fetching.fetch import fetch;"
        "fetch(date(2018, 6, 1), date(2018, 6, 3), sys.argv[1], base_url=sys.argv[2], plain_http=True)"
    )
    child = subprocess.Popen([sys.executable, "-c", script, str(tmp_path), publisher.url])
    try:
        part = tmp_path / f"{NAMES[1]}.part"
        for _ in range(2000):
            if part.exists():
                break
            time.sleep(0.01)
        assert part.exists()
    finally:
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        go_on.set()
    found = run(publisher, tmp_path, clock)
    assert (found.present, found.fetched) == ((NAMES[0],), tuple(NAMES[1:]))
