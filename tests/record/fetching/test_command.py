"""`detente record fetch`: what it prints, its exit codes, what it refuses, and the way on into the record."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from detente.cli import app
from detente.errors import DetenteError, InputError, OutputError, RecordError
from eventfiles import data
from publisher import Publisher, archive, cut, published, says

NAMES = [f"2018060{n}.export.CSV.zip" for n in (1, 2)]
CONTENTS: Mapping[str, bytes] = {name: archive(name, first=10 * n) for n, name in enumerate(NAMES, 1)}
SPAN = ("--from", "2018-06-01", "--to", "2018-06-02")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with published() as told:
        told.publish(CONTENTS)
        yield told


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["record", "fetch", *arguments])


def fetched(publisher: Publisher, *more: str) -> Any:
    return run("gdelt", *SPAN, "--plain-http", "--base-url", publisher.url, *more)


def test_json_for_other_tools(publisher: Publisher) -> None:
    """The keys are fixed for other tools. Catches messages in the midst of the JSON."""
    done = fetched(publisher, "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {
        "version": 1,
        "from": "2018-06-01",
        "to": "2018-06-02",
        "url": publisher.url,
        "plain_http": True,
        "proxy": None,
        "folder": "gdelt",
        "files": 2,
        "bytes": sum(map(len, CONTENTS.values())),
        "fetched": NAMES,
        "present": [],
        "missing": [],
        "failed": {},
        "not_listed": [],
        "lists": {},
    }
    assert "into gdelt: 2 (" in done.stderr


def test_what_could_not_be_had_is_named_with_exit_code_1(publisher: Publisher) -> None:
    """Catches a half success that looks like a whole one."""
    publisher.will(f"/events/{NAMES[0]}", says(403))
    publisher.files["/events/md5sums"] = b""
    publisher.files["/events/filesizes"] = b""
    del publisher.files[f"/events/{NAMES[1]}"]
    done = fetched(publisher, "--pause", "0")
    assert done.exit_code == 1
    assert f"{NAMES[0]}: the server answered 403 Forbidden" in done.stdout
    assert f"Not published (gaps of GDELT, or not published yet): {NAMES[1]}" in done.stdout
    assert "0 of 2 files are in gdelt" in done.stdout


def test_import_adds_what_is_here_once(publisher: Publisher) -> None:
    """Catches events that are added twice by a second run, and files that are fetched and not added."""
    first = json.loads(fetched(publisher, "--import", "--workspace", "record", "--json").stdout)["imported"]
    assert (first["read"], first["added"], first["refused"]) == (6, 6, {})
    again = json.loads(fetched(publisher, "--import", "--workspace", "record", "--json").stdout)
    assert again["present"] == NAMES
    assert (again["imported"]["read"], again["imported"]["added"], again["imported"]["known"]) == (6, 0, 6)


def test_a_published_quarter_of_an_hour_comes_through_whole(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of GDELT 2.0 as published, 1,629 events: catches bytes that are changed on the way into the record."""
    quarter = data("gdelt_raw/20190121220000.export.CSV.zip")
    publisher.publish({quarter.name: quarter.read_bytes()}, version=2)
    publisher.will(f"/gdeltv2/{quarter.name}", cut(50_000))
    monkeypatch.setattr("detente.record.fetching.fetch.names", lambda *_: (quarter.name,))
    days = ("--from", "2019-01-21", "--to", "2019-01-21", "--edition", "2")
    done = run("gdelt", *days, "--plain-http", "--base-url", publisher.url, "--pause", "0", "--import", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["fetched"], told["imported"]["added"]) == ([quarter.name], 1_629)


def test_a_file_that_is_no_table_keeps_none_of_the_others_out(publisher: Publisher) -> None:
    """Catches a download of a month that is not added for one file without a line in it."""
    publisher.publish({**CONTENTS, NAMES[0]: archive(NAMES[0], count=0)})
    done = fetched(publisher, "--import", "--json")
    assert done.exit_code == 1
    told = json.loads(done.stdout)["imported"]
    assert told["added"] == 3
    assert list(told["refused"]) == [NAMES[0]]
    assert "has no line in it" in fetched(publisher, "--import").stdout


def test_a_folder_that_is_no_record_is_told_before_the_download(publisher: Publisher, tmp_path: Path) -> None:
    """Catches a download of hours that ends in a mistyped folder."""
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.txt").write_text("mine", encoding="utf-8")
    done = fetched(publisher, "--import", "--workspace", "other")
    assert isinstance(done.exception, RecordError)
    assert publisher.asked == []


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        (("gdelt", "--from", "2018-06-02", "--to", "2018-06-01"), RecordError, "lies after --to 2018-06-01"),
        (("gdelt", "--from", "1978-01-01", "--to", "2018-06-01"), RecordError, "begin on 1979-01-01"),
        (("gdelt", "--from", "2018-06-01", "--to", "2999-06-01"), RecordError, "a day to come"),
        (("gdelt", *SPAN, "--edition", "3"), RecordError, "write 1 or 2"),
        (("acled", *SPAN), RecordError, "known: gdelt"),
        (("gdelt", *SPAN, "--tries", "0", "--pause", "-1"), InputError, "--tries 0: wanted at least 1"),
        (("gdelt", *SPAN, "--pause", "nan"), InputError, "--pause nan"),
        (("gdelt", *SPAN, "--timeout", "nan"), InputError, "--timeout nan"),
        (("gdelt", *SPAN, "--file-limit", "0", "--time-limit", "inf"), InputError, "--file-limit 0: wanted seconds above 0"),
        (("gdelt", *SPAN, "--time-limit", "nan"), InputError, "--time-limit nan: wanted"),
        (("gdelt", *SPAN, "--base-url", "http://127.0.0.1"), InputError, "got plain http"),
        (("gdelt", *SPAN, "--base-url", "HTTP://127.0.0.1"), InputError, "got plain http"),
        (("gdelt", *SPAN, "--base-url", "https://x/\x1b[31m"), InputError, "wanted the address of a server"),
        (("gdelt", *SPAN, "--base-url", "file:///etc"), InputError, "wanted the address of a server"),
        (("gdelt", *SPAN, "--base-url", "http://x:99999"), InputError, "wanted the address of a server"),
        (("gdelt", *SPAN, "--base-url", "http://u:p@x"), InputError, "wanted the address of a server"),
        (("gdelt", *SPAN, "--into", "taken"), OutputError, "it is no folder"),
        (("gdelt", *SPAN, "--into", "taken/inside"), OutputError, "it is no folder"),
        (("gdelt", *SPAN, "--into", "/proc/gdelt"), OutputError, "cannot be written"),
    ],
)
def test_bad_input_is_told_before_anything_is_asked(
    arguments: tuple[str, ...], error: type[DetenteError], says: str, publisher: Publisher, tmp_path: Path
) -> None:
    """Catches a request that is made, or a folder begun, for something that cannot be."""
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    more = () if "--base-url" in arguments else ("--plain-http", "--base-url", publisher.url)
    done = run(*arguments, *more)
    assert isinstance(done.exception, error), done.output
    assert says in str(done.exception)
    assert publisher.asked == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["taken"]


def test_a_day_that_is_none_is_told() -> None:
    """Catches a traceback for 31 June."""
    done = run("gdelt", "--from", "2018-06-31", "--to", "2018-07-01")
    assert done.exit_code == 2
    assert "wanted a date such as" in done.output


def test_no_room_is_told_before_the_download(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a disk that fills up after hours."""
    monkeypatch.setattr("detente.record.fetching.fetch.shutil.disk_usage", lambda _: type("Usage", (), {"free": 10}))
    done = fetched(publisher)
    assert isinstance(done.exception, OutputError)
    assert "has room for 10 bytes" in str(done.exception)
    assert publisher.times(NAMES[0]) == 0


def test_a_disk_that_fills_up_meanwhile_is_told(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a full disk that is taken for a fault of the network and tried again."""

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("detente.record.fetching.parts.os.fsync", full)
    done = fetched(publisher)
    assert isinstance(done.exception, OutputError)
    assert "make room, and run it again" in str(done.exception)
